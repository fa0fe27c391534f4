/* The vendor's samples that no other test reads member by member: error bodies, the older registry,
 * all ten checks, the requests. */
#include "support.h"

#include "schema/decision.h"

static ine_decision *read_payload(const char *name)
{
    size_t len;
    char *body = test_payload(name, &len);
    ine_decision *decision;
    assert_int_equal(ine_decision_read(&decision, body, len, INE_READ_COPY, NULL), INE_OK);
    free(body);
    return decision;
}

static void assert_text(const ine_decision *decision, int32_t field, const char *wanted)
{
    ine_str text;
    assert_int_equal(ine_decision_field(decision, field, &text, NULL), INE_FIELD_PRESENT);
    assert_int_equal(text.len, strlen(wanted));
    assert_memory_equal(text.ptr, wanted, text.len);
}

static void error_bodies(void **state)
{
    static const struct {
        const char *name, *message;
    } errors[] = {
        {"error_400", "Validation failed"},
        {"error_401",
         "Mandatory X-AUTH-CLIENT header containing the API key is missing from the request."},
        {"error_404", "Resource not found"},
        {"error_500", "Something went wrong"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        int64_t code = 0;
        ine_decision *d = read_payload(errors[i].name);
        assert_int_equal(ine_decision_kind(d), INE_KIND_ERROR);
        assert_text(d, INE_D_STATUS, "fail");
        assert_text(d, INE_D_API_MESSAGE, errors[i].message);
        assert_int_equal(ine_decision_field(d, INE_D_API_CODE, NULL, &code), INE_FIELD_PRESENT);
        assert_int_equal(code, 1101);
        ine_decision_free(d);
    }
}

static void the_older_registry(void **state)
{
    static const struct {
        const char *name, *text;
        int64_t active;
    } replies[] = {
        {"ine_registry_active", "La credencial esta vigente", 1},
        {"ine_registry_not_found",
         "No se obtuvieron datos de la consulta con los par\xc3\xa1metros seleccionados", 0},
    };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        int64_t active = 7;
        ine_decision *d = read_payload(replies[i].name);
        assert_int_equal(ine_decision_kind(d), INE_KIND_INE_REGISTRY);
        assert_text(d, INE_D_DOCUMENT_STATE_TEXT, replies[i].text);
        assert_int_equal(ine_decision_field(d, INE_D_ACTIVE, NULL, &active), INE_FIELD_PRESENT);
        assert_int_equal(active, replies[i].active);
        ine_decision_free(d);
    }
}

/* Each check by its number: its result, its reason, its name. */
static void ten_checks(void **state)
{
    static const char *const names[] = {"consent_obtained",        "person_registered",
                                        "selfie_registry_match",   "not_reported_lost_or_stolen",
                                        "first_name_match",        "father_last_name_match",
                                        "mother_last_name_match",  "personal_number_match",
                                        "registration_year_match", "issue_year_match"};
    (void)state;
    ine_decision *good = read_payload("decision_approved_all_checks");
    ine_decision *bad = read_payload("decision_person_not_found");
    for (int32_t check = 1; check <= 10; check++) {
        ine_str text;
        assert_true(ine__str_is(ine_name(INE_NAMES_CHECK, check), names[check - 1]));
        assert_text(good, INE_D_CHECK_RESULT + check, "success");
        assert_int_equal(ine_decision_field(good, INE_D_CHECK_REASON + check, &text, NULL),
                         INE_FIELD_NULL);
        assert_text(bad, INE_D_CHECK_RESULT + check,
                    check == 1   ? "success"
                    : check == 2 ? "failure"
                                 : "not_applicable");
        if (check > 1)
            assert_text(bad, INE_D_CHECK_REASON + check, "PERSON_NOT_FOUND");
    }
    ine_decision_free(good);
    ine_decision_free(bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_bodies),
        cmocka_unit_test(the_older_registry),
        cmocka_unit_test(ten_checks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
