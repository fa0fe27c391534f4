#include "support.h"

#include "json/reader.h"

static const char *const payloads[] = {"decision_approved_all_checks",
                                       "decision_selfie_mismatch",
                                       "decision_lost_or_stolen",
                                       "decision_person_not_found",
                                       "decision_consent_declined",
                                       "decision_registry_unavailable",
                                       "decision_approved_optional_not_provided",
                                       "request_create_session"};

static void nothing_personal_is_left_and_the_meaning_stays(void **state)
{
    (void)state;
    static const char *const personal[] = {"JUAN",      "GARCIA",     "GARJ000000HMCRLP00",
                                           "000000000", "12345678\"", "a1b2c35d-e8f7",
                                           "127.0.0.1"};
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
        size_t len;
        char *body = test_payload(payloads[i], &len);
        ine_text *text;
        ine__json_fault fault;
        assert_int_equal(ine_redact(&text, body, len, NULL), INE_OK);
        const ine_str out = ine_text_view(text);
        assert_int_equal(ine__json_read(NULL, out, NULL, 0, &fault), INE_OK);
        for (size_t k = 0; k < sizeof personal / sizeof personal[0]; k++)
            assert_false(ine__str_contains(out, personal[k]));
        ine_decision *before, *after;
        assert_int_equal(ine_decision_read(&before, body, len, 0, NULL), INE_OK);
        assert_int_equal(ine_decision_read(&after, out.ptr, out.len, 0, NULL), INE_OK);
        static const int32_t kept[] = {
            INE_D_SESSION_ID,       INE_D_SESSION_STATUS,   INE_D_REASON,
            INE_D_DECISION_TIME,    INE_D_INE_STATUS,       INE_D_INE_ERROR_MESSAGE,
            INE_D_CHECK_RESULT + 3, INE_D_CHECK_REASON + 3, INE_D_DOCUMENT_TYPE};
        for (size_t k = 0; k < sizeof kept / sizeof kept[0]; k++) {
            ine_str a, b;
            assert_int_equal(ine_decision_field(before, kept[k], &a, NULL),
                             ine_decision_field(after, kept[k], &b, NULL));
            assert_true(ine__str_eq(a, b));
        }
        ine_decision_free(before);
        ine_decision_free(after);
        ine_text_free(text);
        free(body);
    }
}

static void what_is_unknown_goes(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"{}", "{}"},
        {" \n{\"a\":1,\"b\":null,\"c\":[1],\"d\":{\"id\":\"x\"}}",
         "{\"a\":\"[redacted]\",\"b\":null,\"c\":\"[redacted]\",\"d\":\"[redacted]\"}"},
        {"{\"verification\":{\"id\":[1],\"code\":9001,\"person\":{\"x\":{\"y\":\"z\"},\"n\":null}}"
         "}",
         "{\"verification\":{\"id\":\"[redacted]\",\"code\":9001,"
         "\"person\":{\"x\":\"[redacted]\",\"n\":null}}}"},
        {"{\"verification\":\"JUAN\",\"st\\u0061tus\":\"JUAN\"}",
         "{\"verification\":\"[redacted]\",\"[redacted]\":\"[redacted]\"}"},
        {"{\"verification\":{\"registryValidations\":{\"XX\":{\"status\":\"s\",\"data\":\"JUAN\","
         "\"validations\":{\"new\":{\"result\":\"success\",\"value\":\"JUAN\"}}}}}}",
         "{\"verification\":{\"registryValidations\":{\"XX\":{\"status\":\"s\","
         "\"data\":\"[redacted]\",\"validations\":{\"new\":{\"result\":\"success\","
         "\"value\":\"[redacted]\"}}}}}}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ine_text *text;
        assert_int_equal(ine_redact(&text, cases[i].in, strlen(cases[i].in), NULL), INE_OK);
        assert_true(ine__str_is(ine_text_view(text), cases[i].out));
        ine_text_free(text);
    }
}

static void what_is_no_body_is_refused(void **state)
{
    (void)state;
    ine_text *text;
    ine_error *err = NULL;
    assert_int_equal(ine_redact(&text, "[1]", 3, &err), INE_E_FORM);
    assert_null(text);
    ine_error_free(err);
    assert_int_equal(ine_redact(&text, "{", 1, NULL), INE_E_JSON);
    assert_int_equal(ine_redact(&text, NULL, 0, NULL), INE_E_JSON);
    assert_int_equal(ine_redact(NULL, "{}", 2, NULL), INE_E_ARGUMENT);
    assert_null(ine_text_view(NULL).ptr);
}

static bool scenario(void *argument)
{
    ine_text *text;
    (void)argument;
    const int32_t code = ine_redact(&text, "{\"status\":\"x\",\"y\":1}", 20, NULL);
    ine_text_free(text);
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
        cmocka_unit_test(nothing_personal_is_left_and_the_meaning_stays),
        cmocka_unit_test(what_is_unknown_goes), cmocka_unit_test(what_is_no_body_is_refused),
        cmocka_unit_test(each_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
