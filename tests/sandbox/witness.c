/*
 * Two witnesses: what was meant, worked out here from the vendor's cascade; what the sandbox wrote;
 * and what the library understood of it. 10 000 random people, then every scenario by product and
 * casing. Prints the counts.
 */
#include "sandbox.h"

#include <inttypes.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1775037600000)

static ine_sandbox *sandbox;
static char key[37], secret[37], session[37];
static int64_t now = NOW;
static long failures;

static ine_str text(const char *t)
{
    return (ine_str){t, strlen(t)};
}

static void need(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "witness: %s\n", what);
    exit(1);
}

static const ine_sandbox_reply *call(const char *method, const char *target, const char *body)
{
    char signature[65];
    unsigned char digest[32];
    unsigned int size = 0;
    const char *what = body ? body : session;
    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)what, strlen(what),
         digest, &size);
    for (int i = 0; i < 32; i++)
        snprintf(signature + 2 * i, 3, "%02x", digest[i]);
    const ine_sandbox_header headers[] = {{{"X-AUTH-CLIENT", 13}, text(key)},
                                          {{"X-HMAC-SIGNATURE", 16}, text(signature)},
                                          {{"Content-Type", 12}, {"application/json", 16}}};
    const ine_sandbox_request request = {text(method), text(target), headers, 3,
                                         text(body ? body : "")};
    return ine_sandbox_handle(sandbox, &request, now);
}

/* What the library understands of a body: the verdict's JSON. */
static bool understood(ine_str body, char *json, size_t size)
{
    ine_decision *decision;
    ine_verdict *verdict = NULL;
    bool ok = ine_decision_read(&decision, body.ptr, body.len, INE_READ_COPY, NULL) == INE_OK &&
              ine_verdict_new(&verdict, decision, 0, 0, NULL) == INE_OK;
    if (ok) {
        const ine_str made = ine_verdict_json(verdict);
        ok = made.len < size;
        if (ok)
            snprintf(json, size, "%.*s", (int)made.len, made.ptr);
    }
    ine_verdict_free(verdict);
    ine_decision_free(decision);
    return ok;
}

/* A whole session; its decision, or its ine-registry reply. */
static ine_str run_session(const char *create, const char *selfie, bool registry)
{
    char target[128];
    const ine_sandbox_reply *reply = call("POST", "/v1/sessions", create);
    need(reply->status == 201, "a session was not created");
    char head[256];
    snprintf(head, sizeof head, "%.*s", (int)(reply->body.len < 255 ? reply->body.len : 255),
             reply->body.ptr);
    const char *id = strstr(head, "\"id\":\"");
    need(id != NULL, "a session has no id");
    snprintf(session, sizeof session, "%.36s", id ? id + 6 : "");
    snprintf(target, sizeof target, "/v1/sessions/%s/media", session);
    need(call("POST", target, selfie)->status == 200, "a selfie was not taken");
    snprintf(target, sizeof target, "/v1/sessions/%s", session);
    need(call("PATCH", target, "{\"verification\":{\"status\":\"submitted\"}}")->status == 200,
         "a session was not submitted");
    now += 1000;
    snprintf(target, sizeof target, "/v1/sessions/%s/decision%s", session,
             registry ? "/ine-registry?version=1.0.0" : "");
    reply = call("GET", target, NULL);
    need(reply->status == 200, "there is no decision");
    return reply->body;
}

static void compare(const char *json, const char *outcome, const char *root, const char *failed,
                    const char *what)
{
    char wanted[3][400];
    snprintf(wanted[0], sizeof wanted[0], "\"outcome\":\"%s\"", outcome);
    snprintf(wanted[1], sizeof wanted[1], root ? "\"root_cause\":\"%s\"" : "\"root_cause\":null",
             root ? root : "");
    snprintf(wanted[2], sizeof wanted[2], "\"failed\":[%s]", failed ? failed : "");
    for (int i = 0; i < (failed ? 3 : 2); i++) {
        if (strstr(json, wanted[i]))
            continue;
        if (failures++ < 10)
            fprintf(stderr, "witness: %s: meant %s, understood %s\n", what, wanted[i], json);
        return;
    }
}

/* --- Random people
 * --------------------------------------------------------------------------------- */

static uint64_t state = 4;

static int64_t draw(int64_t below)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)(state >> 33) % below;
}

static const char *const optional[6] = {"first_name_match",        "father_last_name_match",
                                        "mother_last_name_match",  "personal_number_match",
                                        "registration_year_match", "issue_year_match"};
static const char *const members[6] = {"firstName", "lastName",   "secondLastName",
                                       "idNumber",  "firstIssue", "validFrom"};
static const char *const columns[7] = {"cic",  "first_name",        "last_name", "second_last_name",
                                       "curp", "registration_year", "issue_year"};

enum { NOT_SENT, SAME, OTHER };

static void person(int64_t n, long counts[7])
{
    char cic[24], values[6][32], sent[2][400] = {"", ""}, create[1400], json[8192],
                                 failed[300] = "";
    int what[6];
    snprintf(cic, sizeof cic, "5%08" PRId64, n);
    snprintf(values[0], sizeof values[0], "NAME%" PRId64, draw(1000));
    snprintf(values[1], sizeof values[1], "FATHER \xc3\x91%" PRId64, draw(1000));
    snprintf(values[2], sizeof values[2], "MOTHER\xc3\xa9%" PRId64, draw(1000));
    snprintf(values[3], sizeof values[3], "AAAA%06" PRId64 "HAAAAA%s%d", draw(1000000),
             draw(2) ? "A" : "0", (int)draw(10));
    snprintf(values[4], sizeof values[4], "%" PRId64, 1990 + draw(30));
    snprintf(values[5], sizeof values[5], "%" PRId64, 1990 + draw(30));
    const bool found = draw(10) > 0, lost = draw(10) == 0, consent = draw(10) > 0;
    const bool same_face = draw(8) > 0, malformed = draw(12) == 0;
    if (found) {
        ine_str names[8], given[8];
        for (int i = 0; i < 7; i++) {
            names[i] = text(columns[i]);
            given[i] = text(i ? values[i - 1] : cic);
        }
        names[7] = text("lost");
        given[7] = text(lost ? "1" : "");
        need(ine_sandbox_person(sandbox, names, given, 8), "a person was not added");
    }
    for (int i = 0; i < 6; i++) {
        char member[80];
        const int64_t kind = draw(8);
        what[i] = kind == 0 ? OTHER : kind < 3 ? NOT_SENT : SAME;
        if (i == 3 && malformed)
            what[i] = OTHER;
        if (what[i] == NOT_SENT)
            continue;
        const char *value = what[i] == SAME ? values[i]
                            : i < 3         ? "OTHER"
                            : i > 3         ? "1950"
                            : malformed     ? "AAAA"
                                            : "BBBB000000HAAAAA00";
        snprintf(member, sizeof member, ",\"%s\":\"%s%s\"", members[i], value,
                 i > 3 ? "-02-03" : "");
        strncat(sent[i > 3], member, sizeof sent[0] - strlen(sent[i > 3]) - 1);
    }
    snprintf(create, sizeof create,
             "{\"verification\":{\"person\":{%s},\"document\":{\"type\":\"ID_CARD\",\"number\":"
             "\"%s\",\"country\":\"MX\"%s},\"consents\":[{\"type\":\"ine\",\"approved\":%s}]}}",
             sent[0][0] ? sent[0] + 1 : "", cic, sent[1], consent ? "true" : "false");
    /* "\xff\xd8\xffine-sandbox-score=9" and "=90" in base64 */
    const ine_str body = run_session(
        create,
        same_face
            ? "{\"image\":{\"context\":\"face\",\"content\":\"/9j/aW5lLXNhbmRib3gtc2NvcmU9OTA=\"}}"
            : "{\"image\":{\"context\":\"face\",\"content\":\"/9j/aW5lLXNhbmRib3gtc2NvcmU9OQ==\"}}",
        false);
    need(understood(body, json, sizeof json), "the library can not read a decision");
    for (int i = 0; i < 6; i++) {
        if (what[i] != OTHER)
            continue;
        const size_t len = strlen(failed);
        snprintf(failed + len, sizeof failed - len, "%s\"%s\"", len ? "," : "", optional[i]);
    }
    int leaf;
    if (!consent) {
        compare(json, "CONSENT_MISSING", "consent_obtained", "\"consent_obtained\"", cic);
        leaf = 0;
    } else if (malformed) {
        compare(json, "INPUT_ERROR", "person_registered", "\"person_registered\"", cic);
        leaf = 1;
    } else if (!found) {
        compare(json, "NOT_VERIFIED", "person_registered", "\"person_registered\"", cic);
        leaf = 2;
    } else if (!same_face) {
        compare(json, "NOT_VERIFIED", "selfie_registry_match", "\"selfie_registry_match\"", cic);
        leaf = 3;
    } else if (lost) {
        compare(json, "NOT_VERIFIED", "not_reported_lost_or_stolen",
                "\"not_reported_lost_or_stolen\"", cic);
        leaf = 4;
    } else if (failed[0]) {
        char root[40];
        snprintf(root, sizeof root, "%.*s", (int)strcspn(failed + 1, "\""), failed + 1);
        compare(json, "NOT_VERIFIED", root, failed, cic);
        leaf = 5;
    } else {
        compare(json, "VERIFIED", NULL, "", cic);
        leaf = 6;
    }
    counts[leaf]++;
}

/* --- Scenario by product and casing
 * ------------------------------------------------------------------ */

/* Outcome and root cause; the older products see less: a face, or whether the card is active. */
static const struct {
    const char *name, *outcome, *root, *biometric, *registry;
} meant[] = {
    {"approved", "VERIFIED", NULL, "VERIFIED", "CARD_ACTIVE"},
    {"approved_optional_not_provided", "VERIFIED", NULL, "VERIFIED", "CARD_ACTIVE"},
    {"consent_declined", "CONSENT_MISSING", "consent_obtained", "NOT_VERIFIED", "CARD_NOT_ACTIVE"},
    {"person_not_found", "NOT_VERIFIED", "person_registered", "NOT_VERIFIED", "CARD_NOT_ACTIVE"},
    {"selfie_mismatch", "NOT_VERIFIED", "selfie_registry_match", "NOT_VERIFIED", "CARD_ACTIVE"},
    {"lost_or_stolen", "NOT_VERIFIED", "not_reported_lost_or_stolen", "VERIFIED",
     "CARD_NOT_ACTIVE"},
    {"registry_unavailable", "RETRY_LATER", "registry", "RETRY_LATER", "CARD_NOT_ACTIVE"},
    {"technical_issues", "RETRY_LATER", "registry", "RETRY_LATER", "CARD_NOT_ACTIVE"},
    {"malformed_curp", "INPUT_ERROR", "person_registered", "NOT_VERIFIED", "CARD_NOT_ACTIVE"},
    {"first_name_mismatch", "NOT_VERIFIED", "first_name_match", "VERIFIED", "CARD_ACTIVE"},
    {"father_last_name_mismatch", "NOT_VERIFIED", "father_last_name_match", "VERIFIED",
     "CARD_ACTIVE"},
    {"mother_last_name_mismatch", "NOT_VERIFIED", "mother_last_name_match", "VERIFIED",
     "CARD_ACTIVE"},
    {"personal_number_mismatch", "NOT_VERIFIED", "personal_number_match", "VERIFIED",
     "CARD_ACTIVE"},
    {"registration_year_mismatch", "NOT_VERIFIED", "registration_year_match", "VERIFIED",
     "CARD_ACTIVE"},
    {"issue_year_mismatch", "NOT_VERIFIED", "issue_year_match", "VERIFIED", "CARD_ACTIVE"},
};

static void use_product(int32_t product)
{
    ine_str k, s;
    need(ine_sandbox_integration(sandbox, product, &k, &s), "no integration");
    snprintf(key, sizeof key, "%.*s", (int)k.len, k.ptr);
    snprintf(secret, sizeof secret, "%.*s", (int)s.len, s.ptr);
}

/* Casings that were understood as meant, for each scenario and product. */
static int right[sizeof meant / sizeof *meant][INE_SANDBOX_PRODUCTS];

static void print_matrix(void)
{
    printf("%-30s", "scenario");
    for (int32_t product = 0; product < INE_SANDBOX_PRODUCTS; product++)
        printf(" %-24s", ine_sandbox_product_name(product).ptr);
    printf("\n");
    for (size_t i = 0; i < sizeof meant / sizeof *meant; i++) {
        const char *outcomes[] = {meant[i].outcome, meant[i].biometric, meant[i].registry};
        printf("%-30s", meant[i].name);
        for (int32_t product = 0; product < INE_SANDBOX_PRODUCTS; product++)
            printf(" %d of 3 %-17s", right[i][product], outcomes[product]);
        printf("\n");
    }
}

static long matrix(void)
{
    static const char *const casings[3] = {"lower", "upper", "mixed"};
    long cells = 0;
    for (int32_t product = 0; product < INE_SANDBOX_PRODUCTS; product++) {
        use_product(product);
        for (int c = 0; c < 3; c++) {
            char target[80], change[40];
            snprintf(target, sizeof target, "/sandbox/integrations/%s", key);
            snprintf(change, sizeof change, "{\"casing\":\"%s\"}", casings[c]);
            need(call("PATCH", target, change)->status == 200, "a casing was not set");
            ine_str name, cic, about;
            for (size_t i = 0; ine_sandbox_scenario(i, &name, &cic, &about); i++, cells++) {
                char create[512], json[8192], what[120];
                need(i < sizeof meant / sizeof *meant && name.len == strlen(meant[i].name) &&
                         memcmp(name.ptr, meant[i].name, name.len) == 0,
                     "a scenario is not in the table");
                snprintf(create, sizeof create,
                         "{\"verification\":{\"person\":{\"firstName\":\"JUAN\"},\"document\":{"
                         "\"type\":\"ID_CARD\",\"number\":\"%.*s\",\"country\":\"MX\"},"
                         "\"consents\":[{\"type\":\"ine\",\"approved\":true}]}}",
                         (int)cic.len, cic.ptr);
                snprintf(what, sizeof what, "%s, product %d, %s", meant[i].name, (int)product,
                         casings[c]);
                const ine_str body = run_session(
                    create, "{\"image\":{\"context\":\"face\",\"content\":\"/9j/4AAQ\"}}",
                    product == INE_SANDBOX_INE_REGISTRY);
                need(understood(body, json, sizeof json), "the library can not read a decision");
                const long before = failures;
                if (product == INE_SANDBOX_MX_INE) {
                    compare(json, meant[i].outcome, meant[i].root, NULL, what);
                    right[i][product] += failures == before;
                    continue;
                }
                char wanted[80];
                snprintf(wanted, sizeof wanted, "\"outcome\":\"%s\"",
                         product == INE_SANDBOX_INE_BIOMETRIC ? meant[i].biometric
                                                              : meant[i].registry);
                right[i][product] += strstr(json, wanted) != NULL;
                if (!strstr(json, wanted) && failures++ < 10)
                    fprintf(stderr, "witness: %s: meant %s, understood %s\n", what, wanted, json);
            }
        }
    }
    return cells;
}

int main(int argc, char **argv)
{
    ine_sandbox_store store;
    long counts[7] = {0};
    const long people = argc > 1 ? strtol(argv[1], NULL, 10) : 10000;
    need(ine_sandbox_memory_store(&store) && (sandbox = ine_sandbox_new(&store, 3)) != NULL,
         "no sandbox");
    use_product(INE_SANDBOX_MX_INE);
    ine_sandbox_set(sandbox, INE_SANDBOX_UNLISTED, 0);
    for (long n = 0; n < people; n++)
        person(n, counts);
    printf("random people: %ld; no consent %ld, malformed %ld, not found %ld, other face %ld, lost "
           "%ld, mismatch %ld, verified %ld\n",
           people, counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6]);
    for (int i = 0; i < 7; i++)
        need(counts[i] > 0, "a leaf of the cascade was not reached");
    ine_sandbox_set(sandbox, INE_SANDBOX_UNLISTED, 1);
    printf("scenario x product x casing: %ld cells\n", matrix());
    print_matrix();
    ine_sandbox_free(sandbox);
    printf("%ld misunderstood\n", failures);
    return failures ? 1 : 0;
}
