/* The documented decisions, through the ABI and in every dress, come out as docs/verdict.md says.
 */
#include "test_cascade_support.h"

#include <jansson.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct sample {
    const char *name;
    int32_t outcome, root, advice;
    const char *states;
    int64_t inputs, anomalies;
    int32_t blocked_by; /* of the checks that are SKIPPED */
    int64_t unmet;
} samples[] = {
    {"decision_approved_all_checks", INE_OUTCOME_VERIFIED, -1, INE_ADVICE_NONE, "PPPPPPPPPP", 0, 0,
     0, 0},
    {"decision_approved_optional_not_provided", INE_OUTCOME_VERIFIED, -1, INE_ADVICE_NONE,
     "PPPPPNANAA", 0, 1 << INE_ANOMALY_MIXED_CASE, 0, 0},
    {"decision_consent_declined", INE_OUTCOME_CONSENT_MISSING, 1, INE_ADVICE_ASK_CONSENT,
     "FSSSAAAAAA", 0, 0, 1, 0x1e},
    {"decision_person_not_found", INE_OUTCOME_NOT_VERIFIED, 2, INE_ADVICE_CORRECT_INPUT,
     "PFSSSSSSSS", 1 << INE_IN_CIC, 0, 2, 0x1c},
    {"decision_selfie_mismatch", INE_OUTCOME_NOT_VERIFIED, 3, INE_ADVICE_NEW_SELFIE, "PPFSSSSSSS",
     0, 0, 3, 0x18},
    {"decision_lost_or_stolen", INE_OUTCOME_NOT_VERIFIED, 4, INE_ADVICE_REFUSE_CARD, "PPIFSSSSSS",
     0, 1 << INE_ANOMALY_NA_WITHOUT_UPSTREAM_FAILURE, 4, 0x18},
    {"decision_registry_unavailable", INE_OUTCOME_RETRY_LATER, 0, INE_ADVICE_RETRY_NEW_SESSION,
     "AAAAAAAAAA", 0, 0, 0, 0x1e},
    {"mx_ine_all_fields_excerpt", INE_OUTCOME_UNKNOWN, -1, INE_ADVICE_MANUAL_REVIEW, "PPPPPPPPPP",
     0, 0, 0, 0},
    {"decision_legacy_biometric_excerpt", INE_OUTCOME_UNKNOWN, -1, INE_ADVICE_MANUAL_REVIEW,
     "AAPAAAAAAA", 0, 0, 0, 0},
};

/* Holds one body against its row; `anomalies` are those that the dress adds or takes away. */
static void hold(const struct sample *s, const char *dress, const char *body, size_t len,
                 int64_t added, int64_t removed)
{
    ine_verdict *verdict = verdict_of(body, len, 0, 0);
    char states[11];
    const ine_str json = ine_verdict_json(verdict);
    states_of(verdict, states);
    if (strcmp(states, s->states) != 0 || number_of(verdict, INE_V_OUTCOME) != s->outcome ||
        number_of(verdict, INE_V_ROOT_CAUSE) != s->root ||
        number_of(verdict, INE_V_ADVICE) != s->advice ||
        number_of(verdict, INE_V_INPUTS) != s->inputs ||
        number_of(verdict, INE_V_UNMET) != s->unmet || number_of(verdict, INE_V_UNCHECKED) != 0 ||
        number_of(verdict, INE_V_ANOMALIES) != ((s->anomalies | added) & ~removed))
        fail_msg("%s, %s: %.*s", s->name, dress, (int)json.len, json.ptr);
    assert_int_equal(number_of(verdict, INE_V_VERIFIED), s->outcome == INE_OUTCOME_VERIFIED);
    for (int32_t i = 0; i < 10; i++) {
        const int64_t blocked_by = number_of(verdict, INE_V_CHECK_BLOCKED_BY + 1 + i);
        assert_int_equal(blocked_by, states[i] == 'S' ? s->blocked_by : 0);
        assert_int_equal(number_of(verdict, INE_V_FAILED) >> (i + 1) & 1, states[i] == 'F');
    }
    ine_verdict_free(verdict);
}

static void as_documented(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(samples); i++) {
        size_t len;
        char *body = test_payload(samples[i].name, &len);
        hold(&samples[i], "as documented", body, len, 0, 0);
        free(body);
    }
}

/* ---- other dresses ---- */

/* A copy with the words of the vendor in upper or lower case, and members in the order of `shuffle`
 * (0: as they are; 1: last first). */
static json_t *dressed(const json_t *value, int (*letter)(int), int shuffle)
{
    static const char *const words[] = {"status", "result", "reason", "responseStatus"};
    json_t *copy = NULL;
    const char *key;
    json_t *member;
    if (!json_is_object(value))
        return json_deep_copy(value);
    copy = json_object();
    const size_t count = json_object_size(value);
    json_t **members = calloc(count + 1, sizeof *members);
    const char **keys = calloc(count + 1, sizeof *keys);
    size_t n = 0;
    assert_non_null(members);
    assert_non_null(keys);
    for (void *iter = json_object_iter((json_t *)(uintptr_t)value); iter;
         iter = json_object_iter_next((json_t *)(uintptr_t)value, iter)) {
        keys[n] = json_object_iter_key(iter);
        members[n++] = json_object_iter_value(iter);
    }
    for (size_t i = 0; i < n; i++) {
        const size_t at = shuffle ? n - 1 - i : i;
        key = keys[at];
        member = dressed(members[at], letter, shuffle);
        for (size_t w = 0; letter && w < COUNT(words); w++) {
            if (strcmp(key, words[w]) != 0 || !json_is_string(member))
                continue;
            char *text = strdup(json_string_value(member));
            assert_non_null(text);
            for (char *p = text; *p; p++)
                *p = (char)letter((unsigned char)*p);
            json_string_set(member, text);
            free(text);
        }
        json_object_set_new(copy, key, member);
    }
    free(members);
    free(keys);
    return copy;
}

static int to_upper(int c)
{
    return c >= 'a' && c <= 'z' ? c - 32 : c;
}

static int to_lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static json_t *payload(const char *name)
{
    size_t len;
    char *body = test_payload(name, &len);
    json_t *json = json_loadb(body, len, 0, NULL);
    assert_non_null(json);
    free(body);
    return json;
}

static void hold_json(const struct sample *s, const char *dress, const json_t *json, size_t flags,
                      int64_t added, int64_t removed)
{
    char *text = json_dumps(json, flags);
    assert_non_null(text);
    hold(s, dress, text, strlen(text), added, removed);
    free(text);
}

static void other_spacing_and_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(samples); i++) {
        json_t *json = payload(samples[i].name);
        json_t *turned = dressed(json, NULL, 1);
        hold_json(&samples[i], "minified", json, JSON_COMPACT, 0, 0);
        hold_json(&samples[i], "pretty", json, JSON_INDENT(8), 0, 0);
        hold_json(&samples[i], "sorted", json, JSON_SORT_KEYS, 0, 0);
        hold_json(&samples[i], "turned round", turned, JSON_COMPACT, 0, 0);
        json_decref(turned);
        json_decref(json);
    }
}

static void other_case(void **state)
{
    const int64_t mixed = 1 << INE_ANOMALY_MIXED_CASE;
    (void)state;
    for (size_t i = 0; i < COUNT(samples); i++) {
        json_t *json = payload(samples[i].name);
        json_t *upper = dressed(json, to_upper, 0);
        json_t *lower = dressed(json, to_lower, 0);
        /* in lower case only a known reason is out of place */
        const bool has_reasons = strchr(samples[i].states, 'F') || strchr(samples[i].states, 'N');
        hold_json(&samples[i], "upper", upper, JSON_COMPACT, mixed, 0);
        hold_json(&samples[i], "lower", lower, JSON_COMPACT, has_reasons ? mixed : 0, 0);
        json_decref(upper);
        json_decref(lower);
        json_decref(json);
    }
}

static json_t *at(json_t *json, const char *const path[])
{
    for (size_t i = 0; json && path[i]; i++)
        json = json_object_get(json, path[i]);
    return json;
}

static const char *const to_verification[] = {"verification", NULL};
static const char *const to_checks[] = {"verification", "registryValidations", "MX_INE",
                                        "validations", NULL};

static void with_an_unknown_check(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(samples); i++) {
        json_t *json = payload(samples[i].name);
        json_t *checks = at(json, to_checks);
        if (json_is_object(checks)) {
            json_object_set_new(checks, "liveness",
                                json_pack("{s:s,s:n}", "result", "success", "reason"));
            const bool after_failure = strpbrk(samples[i].states, "F") != NULL;
            const int64_t late = after_failure ? 1 << INE_ANOMALY_SUCCESS_AFTER_FAILURE : 0;
            hold_json(&samples[i], "unknown check", json, JSON_COMPACT,
                      1 << INE_ANOMALY_UNKNOWN_CHECK | late, 0);
        }
        json_decref(json);
    }
}

static void with_unknown_members(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(samples); i++) {
        json_t *json = payload(samples[i].name);
        json_t *places[] = {
            json, at(json, to_verification),
            at(json, (const char *const[]){"verification", "registryValidations", "MX_INE", NULL}),
            at(json, (const char *const[]){"verification", "registryValidations", "MX_INE",
                                           "validations", "person_registered", NULL})};
        for (size_t k = 0; k < COUNT(places); k++) {
            if (json_is_object(places[k]))
                json_object_set_new(places[k], "new_member",
                                    json_pack("{s:s,s:[i,n]}", "result", "failure", "x", 1));
        }
        /* another registry changes nothing */
        json_t *registries =
            at(json, (const char *const[]){"verification", "registryValidations", NULL});
        if (registries)
            json_object_set_new(registries, "MX_CURP", json_pack("{s:s}", "status", "failure"));
        hold_json(&samples[i], "unknown members", json, JSON_COMPACT, 0, 0);
        json_decref(json);
    }
}

/* What says nothing may be null or absent, and changes nothing [V-2026-06 "Note about object and
 * field visibility"]. */
static void with_null_and_absent_members(void **state)
{
    static const char *const silent[] = {
        "attemptId",      "vendorData",     "endUserId", "reason", "decisionTime",
        "acceptanceTime", "submissionTime", "document",  "code",   "person"};
    (void)state;
    for (size_t i = 0; i < COUNT(samples); i++) {
        json_t *json = payload(samples[i].name);
        json_t *verification = at(json, to_verification);
        for (size_t k = 0; k < COUNT(silent); k++) {
            if (json_object_get(verification, silent[k]))
                json_object_set_new(verification, silent[k], json_null());
        }
        hold_json(&samples[i], "null members", json, JSON_COMPACT, 0, 0);
        for (size_t k = 0; k < COUNT(silent); k++)
            json_object_del(verification, silent[k]);
        json_object_del(json, "status");
        json_object_del(json, "technicalData");
        hold_json(&samples[i], "absent members", json, JSON_COMPACT, 0, 0);
        json_decref(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_documented),        cmocka_unit_test(other_spacing_and_order),
        cmocka_unit_test(other_case),           cmocka_unit_test(with_an_unknown_check),
        cmocka_unit_test(with_unknown_members), cmocka_unit_test(with_null_and_absent_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
