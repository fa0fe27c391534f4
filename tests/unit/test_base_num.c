#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/num.h"

static void dates_round_trip(void **state)
{
    (void)state;
    for (int64_t days = -200000; days < 200000; days++) {
        const ine__date date = ine__date_from_days(days);
        assert_true(ine__date_valid(date));
        assert_int_equal(ine__date_days(date), days);
    }
    ine__date date;
    assert_true(ine__date_parse(INE__STR("2000-02-29"), &date));
    assert_false(ine__date_parse(INE__STR("1900-02-29"), &date));
    assert_false(ine__date_parse(INE__STR("2020-1-1"), &date));
    assert_int_equal(ine__date_days((ine__date){1970, 1, 1}), 0);
}

static void integers(void **state)
{
    (void)state;
    int64_t number;
    char digits[INE__INT_DIGITS];
    assert_true(ine__parse_uint(INE__STR("9223372036854775807"), INT64_MAX, &number));
    assert_false(ine__parse_uint(INE__STR("9223372036854775808"), INT64_MAX, &number));
    assert_false(ine__parse_uint(INE__STR(""), 9, &number));
    assert_false(ine__parse_uint(INE__STR("-1"), 9, &number));
    assert_int_equal(ine__format_int(digits, INT64_MIN), 20);
    assert_memory_equal(digits, "-9223372036854775808", 20);
}

static void times(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ok;
        int64_t ns;
    } cases[] = {
        {"1970-01-01T00:00:00Z", true, 0},
        {"1970-01-01T00:00:01.5Z", true, 1500000000},
        {"1970-01-01T00:00:01.500000Z", true, 1500000000},
        {"1970-01-01T01:00:00.000000001+01:00", true, 1},
        {"1969-12-31T23:00:00-01:00", true, 0},
        {"1970-01-01T00:00:00", false, 0},
        {"1970-01-01T00:00:00.Z", false, 0},
        {"1970-01-01T00:00:00.0000000001Z", false, 0},
        {"1970-02-30T00:00:00Z", false, 0},
        {"1970-01-01 00:00:00Z", false, 0},
        {"1970-01-01T24:00:00Z", false, 0},
        {"1970-01-01T00:00:00+1:00", false, 0},
        {"", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t ns;
        assert_int_equal(ine__time_parse(ine__str_of(cases[i].text), &ns), cases[i].ok);
        assert_int_equal(ns, cases[i].ns);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(dates_round_trip),
                                       cmocka_unit_test(integers), cmocka_unit_test(times)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
