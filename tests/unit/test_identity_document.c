#include "support.h"

/* Lines of facts about no one: computed, all digits right. */
#define LINES                          \
    "IDMEX1234567897<<0001000000001\n" \
    "9001011H3012316MEX<00<<00001<5\n" \
    "PEREZ<LOPEZ<<JUAN<<<<<<<<<<<<<\n"
/* The specimen that INE publishes: its check digits are decorative. */
#define SPECIMEN                       \
    "IDMEX1836577170<<0747116375842\n" \
    "8007057M1812315MEX<02<<12345<7\n" \
    "GOMEZ<VELAZQUEZ<<MARGARITA<<<<\n"

static ine_options *on(int64_t today)
{
    ine_options *options;
    assert_int_equal(ine_options_new(&options, NULL), INE_OK);
    assert_int_equal(ine_options_set_number(options, INE_OPT_TODAY, today, NULL), INE_OK);
    return options;
}

static bool has(const ine_report *report, int32_t wanted)
{
    for (size_t i = 0; i < ine_report_count(report); i++) {
        int32_t problem;
        assert_int_equal(ine_report_item(report, i, NULL, NULL, &problem, NULL, NULL), INE_OK);
        if (problem == wanted)
            return true;
    }
    return false;
}

static void assert_text(const ine_mrz *mrz, int32_t field, const char *wanted)
{
    ine_str text;
    assert_int_equal(ine_mrz_field(mrz, field, &text, NULL), INE_FIELD_PRESENT);
    assert_true(ine__str_is(text, wanted));
}

static void the_back_of_a_card(void **state)
{
    (void)state;
    ine_options *options = on(20261120);
    ine_mrz *mrz;
    int64_t number;
    assert_int_equal(ine_mrz_read(&mrz, LINES, strlen(LINES), options, NULL), INE_OK);
    assert_int_equal(ine_report_count(ine_mrz_report(mrz)), 0);
    assert_text(mrz, INE_MRZ_CIC, "123456789");
    assert_text(mrz, INE_MRZ_NUMBER, "0001000000001");
    assert_text(mrz, INE_MRZ_CITIZEN_ID, "000000001");
    assert_text(mrz, INE_MRZ_EMISSION, "00");
    assert_text(mrz, INE_MRZ_SEX, "H");
    assert_text(mrz, INE_MRZ_SURNAMES, "PEREZ<LOPEZ");
    assert_text(mrz, INE_MRZ_GIVEN, "JUAN");
    assert_int_equal(ine_mrz_field(mrz, INE_MRZ_BIRTH, NULL, &number), INE_FIELD_PRESENT);
    assert_int_equal(number, 19900101);
    assert_int_equal(ine_mrz_field(mrz, INE_MRZ_EXPIRY, NULL, &number), INE_FIELD_PRESENT);
    assert_int_equal(number, 20301231);
    assert_int_equal(ine_mrz_field(mrz, 99, NULL, &number), INE_FIELD_ABSENT);
    ine_mrz_free(mrz);
    assert_int_equal(ine_mrz_read(&mrz, LINES, 30, options, NULL), INE_OK);
    assert_text(mrz, INE_MRZ_CIC, "123456789");
    assert_int_equal(ine_mrz_field(mrz, INE_MRZ_BIRTH, NULL, NULL), INE_FIELD_ABSENT);
    ine_mrz_free(mrz);
    ine_options_free(options);
}

static void what_is_wrong_with_it(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int32_t problem;
    } cases[] = {
        {SPECIMEN, INE_PROBLEM_CHECK_DIGIT},
        {SPECIMEN, INE_PROBLEM_EXPIRED},
        {"IDMEX123456789", INE_PROBLEM_LENGTH},
        {"", INE_PROBLEM_LENGTH},
        {"idmex1234567897<<0001000000001", INE_PROBLEM_CHARACTERS},
        {"IDUSA1234567897<<0001000000001", INE_PROBLEM_VALUE},
        {"IDMEX12345678X7<<0001000000001", INE_PROBLEM_FORMAT},
    };
    ine_options *options = on(20261120);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ine_mrz *mrz;
        assert_int_equal(ine_mrz_read(&mrz, cases[i].text, strlen(cases[i].text), options, NULL),
                         INE_OK);
        assert_true(has(ine_mrz_report(mrz), cases[i].problem));
        assert_false(ine__str_contains(ine_report_json(ine_mrz_report(mrz)), "GOMEZ"));
        ine_mrz_free(mrz);
    }
    ine_options_free(options);
    assert_int_equal(ine_mrz_read(NULL, "", 0, NULL, NULL), INE_E_ARGUMENT);
    assert_null(ine_mrz_report(NULL));
    ine_mrz_free(NULL);
}

static void a_curp_by_itself(void **state)
{
    (void)state;
    static const struct {
        const char *curp;
        int32_t birth, sex, problem;
        size_t errors;
    } cases[] = {
        {"HEGG560427MVZRRL04", 19560427, 'M', 0, 0},
        {"PEPL000909HNLRDSA1", 20000909, 'H', 0, 0},
        {"GARJ000000HMCRLP00", 0, 'H', INE_PROBLEM_DATE, 0},
        {"", 0, 0, INE_PROBLEM_REQUIRED, 1},
        {"HEGG560427MVZRRL0", 0, 0, INE_PROBLEM_LENGTH, 1},
        {"\xff", 0, 0, INE_PROBLEM_ENCODING, 1},
        {"TOMA880125HMNRRNO2", 20880125, 'H', INE_PROBLEM_FUTURE, 0},
    };
    ine_options *options = on(20261120);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ine_report *report;
        int32_t birth, sex;
        assert_int_equal(ine_curp_check(&report, cases[i].curp, strlen(cases[i].curp), options,
                                        &birth, &sex, NULL),
                         INE_OK);
        assert_int_equal(birth, cases[i].birth);
        assert_int_equal(sex, cases[i].sex);
        assert_int_equal(ine_report_errors(report), cases[i].errors);
        assert_true(cases[i].problem == 0 || has(report, cases[i].problem));
        ine_report_free(report);
    }
    assert_int_equal(ine_curp_check(NULL, "", 0, NULL, NULL, NULL, NULL), INE_E_ARGUMENT);
    ine_options_free(options);
}

static void a_registration_record(void **state)
{
    (void)state;
    ine_report *report;
    int32_t input = -1;
    ine_str path;
    assert_int_equal(ine_registration_check(&report, "{}", 2, NULL), INE_OK);
    assert_int_equal(ine_report_errors(report), 9);
    assert_int_equal(ine_report_item(report, 0, &input, &path, NULL, NULL, NULL), INE_OK);
    assert_int_equal(input, 0);
    assert_true(path.len > 0);
    ine_report_free(report);
    assert_int_equal(ine_registration_check(&report, "[]", 2, NULL), INE_E_FORM);
    assert_null(report);
    assert_int_equal(ine_registration_check(&report, NULL, 0, NULL), INE_E_JSON);
    assert_int_equal(ine_registration_check(NULL, "{}", 2, NULL), INE_E_ARGUMENT);
}

static bool scenario(void *argument)
{
    ine_mrz *mrz;
    ine_report *report;
    (void)argument;
    const int32_t first = ine_mrz_read(&mrz, SPECIMEN, strlen(SPECIMEN), NULL, NULL);
    const int32_t second = ine_curp_check(&report, "X", 1, NULL, NULL, NULL, NULL);
    ine_mrz_free(mrz);
    ine_report_free(report);
    assert_true(first == INE_OK || first == INE_E_MEMORY);
    assert_true(second == INE_OK || second == INE_E_MEMORY);
    return first == INE_OK && second == INE_OK;
}

static void each_allocation_may_fail(void **state)
{
    (void)state;
    test_each_allocation(scenario, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_back_of_a_card), cmocka_unit_test(what_is_wrong_with_it),
        cmocka_unit_test(a_curp_by_itself), cmocka_unit_test(a_registration_record),
        cmocka_unit_test(each_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
