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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(dates_round_trip),
                                       cmocka_unit_test(integers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
