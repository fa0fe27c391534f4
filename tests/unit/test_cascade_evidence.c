#include "support.h"

#include "json/reader.h"

typedef struct record {
    char *body;
    size_t len;
    ine_text *text;
} record;

static const char hash[] = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";

static int32_t make(record *out, const char *payload)
{
    ine_decision *decision = NULL;
    ine_verdict *verdict = NULL;
    ine_evidence *evidence = NULL;
    out->body = test_payload(payload, &out->len);
    out->text = NULL;
    int32_t code = ine_decision_read(&decision, out->body, out->len, 0, NULL);
    if (code == INE_OK)
        code = ine_verdict_new(&verdict, decision, 0, 0, NULL);
    if (code == INE_OK)
        code = ine_evidence_new(&evidence, decision, verdict, NULL);
    if (code == INE_OK)
        code = ine_evidence_set_text(evidence, INE_EVIDENCE_SOURCE, "webhook", 7, NULL);
    if (code == INE_OK)
        code = ine_evidence_set_text(evidence, INE_EVIDENCE_SELFIE_SENT, hash, 64, NULL);
    if (code == INE_OK)
        code = ine_evidence_set_number(evidence, INE_EVIDENCE_CONSENT_TIME, 1775037665000, NULL);
    if (code == INE_OK)
        code = ine_evidence_json(&out->text, evidence, NULL);
    ine_decision_free(decision);
    ine_verdict_free(verdict);
    ine_evidence_free(evidence);
    return code;
}

/* A record keeps nothing of a body that was only lent. */
static void a_lent_body(void **state)
{
    (void)state;
    ine_decision *decision = NULL;
    ine_verdict *verdict = NULL;
    ine_evidence *evidence = NULL;
    ine_text *text = NULL;
    size_t len;
    char *body = test_payload("decision_selfie_mismatch", &len);
    assert_int_equal(ine_decision_read(&decision, body, len, INE_READ_BORROW, NULL), INE_OK);
    assert_int_equal(ine_verdict_new(&verdict, decision, 0, 0, NULL), INE_OK);
    assert_int_equal(ine_evidence_new(&evidence, decision, verdict, NULL), INE_OK);
    ine_verdict_free(verdict);
    ine_decision_free(decision);
    memset(body, 'x', len);
    free(body);
    assert_int_equal(ine_evidence_json(&text, evidence, NULL), INE_OK);
    assert_true(ine__str_contains(ine_text_view(text), "\"outcome\":\"NOT_VERIFIED\""));
    ine_text_free(text);
    ine_evidence_free(evidence);
}

static void drop(record *r)
{
    free(r->body);
    ine_text_free(r->text);
}

static void a_record_fits_its_body_and_no_other(void **state)
{
    (void)state;
    static const char *const payloads[] = {
        "decision_approved_all_checks", "decision_selfie_mismatch", "decision_registry_unavailable",
        "ine_registry_active", "mx_ine_all_fields_excerpt"};
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
        record r;
        ine__json_fault fault;
        assert_int_equal(make(&r, payloads[i]), INE_OK);
        const ine_str text = ine_text_view(r.text);
        assert_int_equal(ine__json_read(NULL, text, NULL, 0, &fault), INE_OK);
        assert_false(ine__str_contains(text, "JUAN"));
        assert_false(ine__str_contains(text, "000000000\""));
        assert_false(ine__str_contains(text, "GARJ"));
        assert_true(ine__str_contains(text, "\"source\":\"webhook\""));
        assert_true(ine__str_contains(text, "\"time_ms\":1775037665000"));
        assert_int_equal(ine_evidence_check(text.ptr, text.len, r.body, r.len, NULL), INE_OK);
        r.body[r.len / 2] ^= 1;
        assert_int_equal(ine_evidence_check(text.ptr, text.len, r.body, r.len, NULL),
                         INE_E_MISMATCH);
        drop(&r);
    }
}

/* Each of these lies in a record is found out. */
static void a_verdict_that_does_not_follow_is_found_out(void **state)
{
    (void)state;
    static const struct {
        const char *was, *is;
    } lies[] = {
        {"\"verified\":false", "\"verified\":true "},
        {"\"outcome\":\"NOT_VERIFIED\"", "\"outcome\":\"VERIFIED\"    "},
        {"\"root_cause\":\"selfie_registry_match\"", "\"root_cause\":null                   "}};
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        record r;
        assert_int_equal(make(&r, "decision_selfie_mismatch"), INE_OK);
        const ine_str text = ine_text_view(r.text);
        char *copy = malloc(text.len + 1);
        memcpy(copy, text.ptr, text.len);
        copy[text.len] = 0;
        char *place = strstr(copy, lies[i].was);
        assert_non_null(place);
        memcpy(place, lies[i].is,
               strlen(lies[i].was) < strlen(lies[i].is) ? strlen(lies[i].was) : strlen(lies[i].is));
        const int32_t code = ine_evidence_check(copy, text.len, r.body, r.len, NULL);
        assert_int_equal(code, INE_E_MISMATCH);
        free(copy);
        drop(&r);
    }
}

static void what_is_no_record_is_refused(void **state)
{
    (void)state;
    ine_error *err = NULL;
    assert_int_equal(ine_evidence_check("{}", 2, "{}", 2, &err), INE_E_FORM);
    ine_error_free(err);
    assert_int_equal(ine_evidence_check("{", 1, "{}", 2, NULL), INE_E_JSON);
    assert_int_equal(ine_evidence_check(NULL, 0, "{}", 2, NULL), INE_E_ARGUMENT);
}

static void items_are_checked(void **state)
{
    (void)state;
    size_t len;
    char *body = test_payload("decision_selfie_mismatch", &len);
    ine_decision *decision;
    ine_verdict *verdict;
    ine_evidence *evidence;
    assert_int_equal(ine_decision_read(&decision, body, len, 0, NULL), INE_OK);
    assert_int_equal(ine_verdict_new(&verdict, decision, 0, 0, NULL), INE_OK);
    assert_int_equal(ine_evidence_new(&evidence, NULL, verdict, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_evidence_new(&evidence, decision, verdict, NULL), INE_OK);
    assert_int_equal(ine_evidence_set_text(evidence, INE_EVIDENCE_SELFIE_GIVEN, hash, 63, NULL),
                     INE_E_ARGUMENT);
    assert_int_equal(ine_evidence_set_text(evidence, INE_EVIDENCE_RECEIVED_AT, "1", 1, NULL),
                     INE_E_ARGUMENT);
    assert_int_equal(ine_evidence_set_text(evidence, INE_EVIDENCE_SOURCE, "\xff", 1, NULL),
                     INE_E_ARGUMENT);
    assert_int_equal(ine_evidence_set_number(evidence, INE_EVIDENCE_SOURCE, 1, NULL),
                     INE_E_ARGUMENT);
    assert_int_equal(ine_evidence_set_number(evidence, 99, 1, NULL), INE_E_ARGUMENT);
    ine_evidence_free(evidence);
    ine_evidence_free(NULL);
    ine_decision_free(decision);
    ine_verdict_free(verdict);
    free(body);
}

static bool scenario(void *argument)
{
    record r;
    (void)argument;
    const int32_t code = make(&r, "decision_selfie_mismatch");
    drop(&r);
    assert_true(code == INE_OK || code == INE_E_MEMORY);
    return code == INE_OK;
}

static void each_allocation_may_fail(void **state)
{
    (void)state;
    test_each_allocation(scenario, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lent_body),
        cmocka_unit_test(a_record_fits_its_body_and_no_other),
        cmocka_unit_test(a_verdict_that_does_not_follow_is_found_out),
        cmocka_unit_test(what_is_no_record_is_refused),
        cmocka_unit_test(items_are_checked),
        cmocka_unit_test(each_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
