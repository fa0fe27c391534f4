/* Verdicts as handles: fields, required and unchecked, JSON, texts, memory, threads. */
#include "test_cascade_support.h"

#include <jansson.h>
#include <pthread.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const test_case selfie = {"selfie",      "\"declined\"", "9102", "581",
                                 "\"failure\"", "PPFSS",        "null", NULL};
static const test_case good = {"good",        "\"approved\"", "9001", "null",
                               "\"success\"", "PPPPPN",       "null", NULL};
static const test_case older = {"older",
                                "\"approved\"",
                                "9001",
                                NULL,
                                NULL,
                                NULL,
                                NULL,
                                "{\"faceMatch\":true,\"faceMatchPercentage\":89,"
                                "\"responseStatus\":\"success\"}"};

/* ---- arguments ---- */

static void wrong_arguments(void **state)
{
    ine_decision *decision = read_body("{}", 2);
    ine_verdict *verdict = NULL;
    ine_error *err = NULL;
    (void)state;
    assert_int_equal(ine_verdict_new(NULL, decision, 0, 0, &err), INE_E_ARGUMENT);
    ine_error_free(err);
    assert_int_equal(ine_verdict_new(&verdict, NULL, 0, 0, &err), INE_E_ARGUMENT);
    ine_error_free(err);
    const int64_t wrong[] = {1, 1 << 11, -1, INT64_MIN, (int64_t)1 << 40};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_int_equal(ine_verdict_new(&verdict, decision, wrong[i], 0, NULL), INE_E_ARGUMENT);
        assert_null(verdict);
    }
    assert_int_equal(ine_verdict_new(&verdict, decision, 0x7fe, -1, &err), INE_OK);
    assert_null(err);
    assert_int_equal(ine_verdict_fields(verdict, NULL, 1, NULL, NULL, NULL), INE_E_ARGUMENT);
    ine_verdict_free(verdict);
    ine_decision_free(decision);
    ine_verdict_free(NULL);
    assert_null(ine_verdict_json(NULL).ptr);
    assert_null(ine_verdict_text(NULL, INE_TEXT_AGENT, INE_LANG_EN).ptr);
    assert_int_equal(ine_verdict_field(NULL, INE_V_OUTCOME, NULL, NULL), INE_FIELD_ABSENT);
}

/* ---- fields ---- */

static void fields(void **state)
{
    ine_verdict *verdict = verdict_of_case(&selfie, 0, 0);
    (void)state;
    assert_true(ine__str_is(text_of(verdict, INE_V_OUTCOME), "NOT_VERIFIED"));
    assert_true(ine__str_is(text_of(verdict, INE_V_ADVICE), "NEW_SELFIE"));
    assert_true(ine__str_is(text_of(verdict, INE_V_ROOT_CAUSE), "selfie_registry_match"));
    assert_int_equal(number_of(verdict, INE_V_FAILED), 1 << 3);
    assert_int_equal(number_of(verdict, INE_V_UNMET), 1 << 3 | 1 << 4);
    assert_int_equal(number_of(verdict, INE_V_REQUIRED), 0x1e);
    assert_true(ine__str_is(text_of(verdict, INE_V_REGISTRY_STATUS), "failure"));
    assert_int_equal(ine_verdict_field(verdict, INE_V_REGISTRY_ERROR, NULL, NULL),
                     INE_FIELD_ABSENT);
    assert_true(ine__str_is(text_of(verdict, INE_V_SESSION_STATUS), "declined"));
    assert_int_equal(number_of(verdict, INE_V_SESSION_CODE), 9102);
    assert_int_equal(number_of(verdict, INE_V_REASON_CODE), 581);
    assert_true(ine__str_is(text_of(verdict, INE_V_CHECK_STATE + 5), "SKIPPED"));
    assert_true(ine__str_is(text_of(verdict, INE_V_CHECK_REASON + 5), "SELFIE_MISMATCH"));
    assert_int_equal(ine_verdict_field(verdict, 999, NULL, NULL), INE_FIELD_ABSENT);
    assert_int_equal(ine_verdict_field(verdict, INE_V_CHECK_STATE, NULL, NULL), INE_FIELD_ABSENT);
    assert_int_equal(ine_verdict_field(verdict, INE_V_CHECK_STATE + 11, NULL, NULL),
                     INE_FIELD_ABSENT);
    ine_verdict_free(verdict);
    verdict = verdict_of_case(&good, 0, 0);
    assert_int_equal(ine_verdict_field(verdict, INE_V_ROOT_CAUSE, NULL, NULL), INE_FIELD_NULL);
    assert_int_equal(ine_verdict_field(verdict, INE_V_REASON_CODE, NULL, NULL), INE_FIELD_ABSENT);
    ine_verdict_free(verdict);
}

static void many_fields(void **state)
{
    const int32_t ids[] = {INE_V_VERIFIED, INE_V_OUTCOME, 999, INE_V_REASON_CODE,
                           INE_V_CHECK_REASON + 3};
    ine_str text[5];
    int64_t number[5];
    int32_t found[5];
    ine_verdict *verdict = verdict_of_case(&selfie, 0, 0);
    (void)state;
    assert_int_equal(ine_verdict_fields(verdict, ids, 5, text, number, found), INE_OK);
    for (size_t i = 0; i < 5; i++) {
        ine_str one;
        int64_t value;
        assert_int_equal(ine_verdict_field(verdict, ids[i], &one, &value), found[i]);
        assert_true(ine__str_eq(one, text[i]) && !one.ptr == !text[i].ptr);
        assert_int_equal(value, number[i]);
    }
    assert_int_equal(ine_verdict_fields(verdict, ids, 5, NULL, NULL, NULL), INE_OK);
    ine_verdict_free(verdict);
}

/* ---- required, unchecked, no result ---- */

static void required_checks(void **state)
{
    static const struct {
        const test_case *c;
        int64_t require, required, unmet;
    } rows[] = {
        {&good, 0, 0x1e, 0},
        {&good, 1 << 5, 1 << 5, 0},
        {&good, 1 << 6, 1 << 6, 1 << 6}, /* NO_INPUT is not PASSED */
        {&good, 0x7fe, 0x7fe, 0x7c0},
        {&older, 0, 1 << 3, 0},
        {&older, 0x1e, 0x1e, 0x16},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        ine_verdict *verdict = verdict_of_case(rows[i].c, rows[i].require, 0);
        assert_int_equal(number_of(verdict, INE_V_OUTCOME), INE_OUTCOME_VERIFIED);
        assert_int_equal(number_of(verdict, INE_V_REQUIRED), rows[i].required);
        assert_int_equal(number_of(verdict, INE_V_UNMET), rows[i].unmet);
        assert_int_equal(number_of(verdict, INE_V_VERIFIED), rows[i].unmet == 0);
        ine_verdict_free(verdict);
    }
}

static void unchecked_inputs(void **state)
{
    const int64_t names = 1 << INE_IN_FIRST_NAME | 1 << INE_IN_LAST_NAME;
    const int64_t sent = names | 1 << INE_IN_CURP | 1 << INE_IN_VALID_FROM | 1 << INE_IN_CIC;
    static const char echoed[] =
        "{\"verification\":{\"status\":\"approved\",\"person\":{\"firstName\":\"A\",\"lastName\":"
        "null,\"idNumber\":\"B\"},\"registryValidations\":{\"MX_INE\":{\"status\":\"success\","
        "\"validations\":{\"first_name_match\":{\"result\":\"success\"}}}}}}";
    test_case c = good; /* checks 5 and 6 are there */
    (void)state;
    ine_verdict *verdict = verdict_of_case(&c, 0, sent);
    assert_int_equal(number_of(verdict, INE_V_UNCHECKED),
                     1 << INE_IN_CURP | 1 << INE_IN_VALID_FROM);
    ine_verdict_free(verdict);
    /* the registry was not reached, or not asked */
    c.ine = "\"error\"";
    verdict = verdict_of_case(&c, 0, sent);
    assert_int_equal(number_of(verdict, INE_V_UNCHECKED), 0);
    ine_verdict_free(verdict);
    c.ine = "\"failure\"";
    c.checks = "F---";
    verdict = verdict_of_case(&c, 0, sent);
    assert_int_equal(number_of(verdict, INE_V_UNCHECKED), 0);
    ine_verdict_free(verdict);
    verdict = verdict_of(echoed, sizeof echoed - 1, 0, 0);
    assert_int_equal(number_of(verdict, INE_V_UNCHECKED), 1 << INE_IN_CURP);
    ine_verdict_free(verdict);
}

static void inputs_to_correct(void **state)
{
    test_case c = selfie;
    (void)state;
    c.checks = "PPPPFFFFFF";
    ine_verdict *verdict = verdict_of_case(&c, 0, 0);
    assert_int_equal(number_of(verdict, INE_V_INPUTS), 0xfc);
    ine_verdict_free(verdict);
    c.checks = "PISS";
    verdict = verdict_of_case(&c, 0, 0);
    assert_int_equal(number_of(verdict, INE_V_INPUTS), 1 << INE_IN_CIC | 1 << INE_IN_CURP);
    ine_verdict_free(verdict);
    c.checks = "PFSSF"; /* row 7: the root cause alone */
    verdict = verdict_of_case(&c, 0, 0);
    assert_int_equal(number_of(verdict, INE_V_INPUTS), 1 << INE_IN_CIC);
    ine_verdict_free(verdict);
    c.checks = "PPFFF";
    verdict = verdict_of_case(&c, 0, 0);
    assert_int_equal(number_of(verdict, INE_V_INPUTS), 0);
    ine_verdict_free(verdict);
}

static void approved_without_a_result(void **state)
{
    const test_case c = {.name = "no result", .status = "\"approved\"", .code = "9001"};
    ine_verdict *verdict = verdict_of_case(&c, 0, 0);
    (void)state;
    assert_int_equal(number_of(verdict, INE_V_NO_INE_RESULT), 1);
    assert_true(ine__str_contains(ine_verdict_text(verdict, INE_TEXT_AGENT, INE_LANG_EN),
                                  "Is the INE step configured"));
    assert_true(ine__str_contains(ine_verdict_text(verdict, INE_TEXT_LOG, INE_LANG_ES_MX),
                                  "¿está configurado el paso del INE"));
    ine_verdict_free(verdict);
    verdict = verdict_of_case(&good, 0, 0);
    assert_int_equal(number_of(verdict, INE_V_NO_INE_RESULT), 0);
    ine_verdict_free(verdict);
}

/* ---- JSON ---- */

static void json_as_designed(void **state)
{
    static const char wanted[] =
        "{\"verified\":false,\"outcome\":\"NOT_VERIFIED\",\"root_cause\":\"selfie_registry_match\","
        "\"advice\":\"NEW_SELFIE\",\"inputs\":[],\"failed\":[\"selfie_registry_match\"],\"unmet\":["
        "\"selfie_registry_match\",\"not_reported_lost_or_stolen\"],\"unchecked\":[],\"checks\":{"
        "\"consent_obtained\":{\"state\":\"PASSED\",\"reason\":null,\"blocked_by\":null},";
    static const char skipped[] =
        "\"not_reported_lost_or_stolen\":{\"state\":\"SKIPPED\",\"reason\":\"SELFIE_MISMATCH\","
        "\"blocked_by\":\"selfie_registry_match\"},";
    static const char rest[] =
        "\"issue_year_match\":{\"state\":\"ABSENT\",\"reason\":null,\"blocked_by\":null}},"
        "\"unknown_checks\":{},\"anomalies\":[],\"registry\":{\"status\":\"failure\",\"error\":"
        "null,"
        "\"timestamp\":null},\"session\":{\"id\":null,\"status\":\"declined\",\"code\":9102,"
        "\"reason_code\":581},\"legacy\":null,\"text\":{\"citizen\":{\"es-MX\":\"";
    ine_verdict *verdict = verdict_of_case(&selfie, 0, 0);
    const ine_str json = ine_verdict_json(verdict);
    (void)state;
    assert_true(ine__str_starts(json, wanted));
    assert_true(ine__str_contains(json, skipped));
    assert_true(ine__str_contains(json, rest));
    assert_ptr_equal(ine_verdict_json(verdict).ptr, json.ptr);
    ine_verdict_free(verdict);
}

static json_t *json_of(const char *body)
{
    ine_verdict *verdict = verdict_of(body, strlen(body), 0, 0);
    const ine_str text = ine_verdict_json(verdict);
    json_t *json = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    ine_verdict_free(verdict);
    return json;
}

static void json_of_older_forms(void **state)
{
    (void)state;
    json_t *json = json_of("{\"verification\":{\"status\":\"declined\",\"additionalVerifiedData\":{"
                           "\"ineBiometricRegistryValidation\":{\"faceMatch\":null}}}}");
    json_t *legacy = json_object_get(json, "legacy");
    assert_int_equal(json_object_size(legacy), 3);
    assert_true(json_is_null(json_object_get(legacy, "face_match")));
    assert_string_equal(json_string_value(json_object_get(json, "root_cause")), "registry");
    json_decref(json);
    json = json_of("{\"active\":false,\"documentState\":\"No se obtuvieron datos\"}");
    legacy = json_object_get(json, "legacy");
    assert_true(json_is_false(json_object_get(legacy, "active")));
    assert_string_equal(json_string_value(json_object_get(legacy, "document_state")),
                        "No se obtuvieron datos");
    json_decref(json);
}

/* Unknown checks are the vendor's text: they are shown, cut, and not without end. */
static void unknown_checks_in_json(void **state)
{
    ine__buf body;
    (void)state;
    ine__buf_init(&body, 1 << 20);
    ine__buf_text(&body, "{\"verification\":{\"status\":\"approved\",\"registryValidations\":{"
                         "\"MX_INE\":{\"validations\":{\"person_registered\":{\"result\":"
                         "\"failure\"},\"a\\u0000b\":{\"result\":\"success\"},\"");
    for (int i = 0; i < 199; i++)
        ine__buf_char(&body, 'n');
    ine__buf_text(&body, "\\u00e9x\":{\"result\":\"not_applicable\",\"reason\":\"");
    for (int i = 0; i < 150; i++)
        ine__buf_text(&body, "é");
    ine__buf_text(&body, "\"}");
    for (int i = 0; i < 40; i++) {
        char entry[64];
        snprintf(entry, sizeof entry, ",\"check_%d\":null,\"check_%d\":{}", i, i);
        ine__buf_text(&body, entry);
    }
    ine__buf_add(&body, "}}}}}", 6); /* with its zero */
    json_t *json = json_of(body.ptr);
    json_t *unknown = json_object_get(json, "unknown_checks");
    char name[200];
    memset(name, 'n', 199);
    name[199] = 0;
    json_t *cut = json_object_get(unknown, name);
    assert_int_equal(json_object_size(unknown), 32);
    assert_string_equal(json_string_value(json_object_get(cut, "state")), "SKIPPED");
    assert_string_equal(json_string_value(json_object_get(cut, "blocked_by")), "person_registered");
    assert_int_equal(json_string_length(json_object_get(cut, "reason")), 200);
    assert_non_null(json_object_get(unknown, "a"));
    assert_true(json_is_null(json_object_get(json_object_get(unknown, "check_3"), "reason")));
    json_decref(json);
    ine__buf_free(&body);
}

/* A verdict outlives its decision, whatever the way in which it was read. */
static void outlives_the_decision(void **state)
{
    static const char text[] =
        "{\"verification\":{\"id\":\"a\\u0062c\",\"status\":\"declined\",\"reasonCode\":581,"
        "\"registryValidations\":{\"MX_INE\":{\"status\":\"failure\",\"timestamp\":\"\","
        "\"validations\":{\"selfie_registry_match\":{\"result\":\"f\\u0061ilure\",\"reason\":"
        "\"SELFIE\\u005fMISMATCH\"},\"w\\u0068at\":{\"reason\":\"\\ud83d\\ude00\"}}}}}}";
    (void)state;
    for (int32_t flags = INE_READ_COPY; flags <= INE_READ_BORROW; flags++) {
        ine_decision *decision;
        ine_verdict *verdict;
        char *body = malloc(sizeof text - 1);
        assert_non_null(body);
        memcpy(body, text, sizeof text - 1);
        assert_int_equal(ine_decision_read(&decision, body, sizeof text - 1, flags, NULL), INE_OK);
        assert_int_equal(ine_verdict_new(&verdict, decision, 0, 0, NULL), INE_OK);
        ine_decision_free(decision);
        free(body);
        assert_true(ine__str_is(text_of(verdict, INE_V_SESSION_ID), "abc"));
        assert_true(ine__str_is(text_of(verdict, INE_V_CHECK_REASON + 3), "SELFIE_MISMATCH"));
        assert_int_equal(number_of(verdict, INE_V_ROOT_CAUSE), 3);
        const ine_str stamp = text_of(verdict, INE_V_REGISTRY_TIMESTAMP);
        assert_true(stamp.ptr && stamp.len == 0);
        assert_true(ine__str_contains(ine_verdict_json(verdict),
                                      "\"unknown_checks\":{\"what\":{\"state\":\"UNRECOGNISED\","
                                      "\"reason\":\"\xf0\x9f\x98\x80\""));
        ine_verdict_free(verdict);
    }
}

/* ---- memory and threads ---- */

static bool without_memory(void *argument)
{
    const ine__buf *const body = argument;
    ine_decision *decision = NULL;
    ine_verdict *verdict = NULL;
    ine_error *err = NULL;
    bool ok = ine_decision_read(&decision, body->ptr, body->len, INE_READ_BORROW, NULL) == INE_OK;
    if (ok) {
        const int32_t code = ine_verdict_new(&verdict, decision, 0, 0, &err);
        ok = code == INE_OK;
        assert_true(ok ? verdict && !err : !verdict && code == INE_E_MEMORY);
    }
    if (ok) {
        /* absent without memory, and whole when there is some again */
        ok = ine_verdict_json(verdict).ptr != NULL;
        assert_non_null(ine_verdict_text(verdict, INE_TEXT_CITIZEN, INE_LANG_EN).ptr);
    }
    ine_error_free(err);
    ine_verdict_free(verdict);
    ine_decision_free(decision);
    return ok;
}

static void allocation_failures(void **state)
{
    const test_case escaped = {.name = "escaped",
                               .status = "\"declined\"",
                               .ine = "\"f\\u0061il\"",
                               .checks = "eePF      ez"};
    ine__buf plain = write_case(&selfie), with_escapes = write_case(&escaped);
    (void)state;
    test_each_allocation(without_memory, &plain);
    test_each_allocation(without_memory, &with_escapes);
    ine__buf_free(&plain);
    ine__buf_free(&with_escapes);
}

static void one_allocation(void **state)
{
    test_failing failing = {.fail_at = SIZE_MAX};
    ine__buf body = write_case(&selfie);
    ine_decision *decision = read_body(body.ptr, body.len);
    ine_verdict *verdict = NULL;
    ine__meaning meaning;
    (void)state;
    ine__alloc_hook(test_failing_hook, &failing);
    ine__interpret(&meaning, decision, 0, 0);
    assert_int_equal(failing.count, 0);
    assert_int_equal(ine_verdict_new(&verdict, decision, 0, 0, NULL), INE_OK);
    assert_int_equal(failing.count, 1);
    ine__alloc_hook(NULL, NULL);
    assert_int_equal(meaning.outcome, INE_OUTCOME_NOT_VERIFIED);
    ine_verdict_free(verdict);
    ine_decision_free(decision);
    ine__buf_free(&body);
}

static void *ask_for_json(void *argument)
{
    union {
        const char *text;
        void *out;
    } json = {ine_verdict_json(argument).ptr};
    return json.out;
}

static void json_from_many_threads(void **state)
{
    enum { THREADS = 8, ROUNDS = 50 };
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        ine_verdict *verdict = verdict_of_case(&selfie, 0, 0);
        pthread_t threads[THREADS];
        void *json;
        for (int i = 0; i < THREADS; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, ask_for_json, verdict), 0);
        for (int i = 0; i < THREADS; i++) {
            assert_int_equal(pthread_join(threads[i], &json), 0);
            assert_ptr_equal(json, ine_verdict_json(verdict).ptr);
        }
        ine_verdict_free(verdict);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_arguments),
        cmocka_unit_test(fields),
        cmocka_unit_test(many_fields),
        cmocka_unit_test(required_checks),
        cmocka_unit_test(unchecked_inputs),
        cmocka_unit_test(inputs_to_correct),
        cmocka_unit_test(approved_without_a_result),
        cmocka_unit_test(json_as_designed),
        cmocka_unit_test(json_of_older_forms),
        cmocka_unit_test(unknown_checks_in_json),
        cmocka_unit_test(outlives_the_decision),
        cmocka_unit_test(allocation_failures),
        cmocka_unit_test(one_allocation),
        cmocka_unit_test(json_from_many_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
