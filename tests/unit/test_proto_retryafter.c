#include "proto/retry.h"
#include "proto/retryafter.h"
#include "support.h"

#include <jansson.h>

#define WALL INT64_C(1790000000) /* September 2026 */

static int64_t after(const char *value, const char *date)
{
    return ine__retry_after_ms(ine__str_of(value), ine__str_of(date), WALL);
}

static void test_seconds(void **state)
{
    (void)state;
    assert_int_equal(after("2", NULL), 2000);
    assert_int_equal(after("0", NULL), 0);
    assert_int_equal(after("000120", NULL), 120000);
}

/* F55: what libcurl makes 0, 1, 7 or a negative number of counts as absent. */
static void test_unusable_values_count_as_absent(void **state)
{
    static const char *const bad[] = {"",
                                      "-5",
                                      "abc",
                                      "1.5",
                                      "99999999999999999999",
                                      "7, 9",
                                      "7 9",
                                      "+7",
                                      " 7",
                                      "0x10",
                                      "1e3",
                                      "7s",
                                      "Sun, 06 Nov 1994",
                                      "Sun, 06 Nov 1994 08:49:37 UTC",
                                      "Sun, 6 Nov 1994 08:49:37 GMT",
                                      "Sun, 31 Feb 2027 08:49:37 GMT",
                                      "Sun, 06 Nov 1994 24:49:37 GMT",
                                      "Sun, 06 Nov 1994 08:60:37 GMT",
                                      "Sun, 06 Nov 1994 08:49:61 GMT",
                                      "sun, 06 nov 1994 08:49:37 gmt",
                                      "Sun, 06 Nov 1994 08:49:37 GMT "};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(after(bad[i], NULL), -1);
    assert_int_equal(ine__retry_after_ms(INE__NONE, INE__NONE, WALL), -1);
}

static void test_three_date_forms(void **state)
{
    static const char *const forms[] = {"Sun, 06 Nov 1994 08:49:37 GMT",
                                        "Sunday, 06-Nov-94 08:49:37 GMT",
                                        "Sun Nov  6 08:49:37 1994"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        int64_t epoch;
        assert_true(ine__http_date(ine__str_of(forms[i]), WALL, &epoch));
        assert_int_equal(epoch, 784111777);
        assert_int_equal(after(forms[i], NULL), 0); /* past */
        assert_int_equal(ine__retry_after_ms(ine__str_of(forms[i]), INE__NONE, 784111770), 7000);
    }
}

static void test_years_of_two_digits_lie_at_most_50_years_ahead(void **state)
{
    int64_t epoch;
    (void)state;
    assert_true(ine__http_date(INE__STR("Friday, 01-Jan-27 00:00:00 GMT"), WALL, &epoch));
    assert_int_equal(epoch, 1798761600);
    assert_true(ine__http_date(INE__STR("Friday, 01-Jan-77 00:00:00 GMT"), WALL, &epoch));
    assert_int_equal(epoch, 220924800);
}

/* A13: the clock of this machine does not matter when the reply says what time it is. */
static void test_a13_date_header_is_the_clock(void **state)
{
    (void)state;
    assert_int_equal(after("Sun, 06 Nov 1994 08:49:47 GMT", "Sun, 06 Nov 1994 08:49:37 GMT"),
                     10000);
    assert_int_equal(after("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:47 GMT"), 0);
    assert_int_equal(after("Sun, 06 Nov 1994 08:49:47 GMT", "yesterday"), 0);
}

/* curl's table: its first three rows must be accepted, its -1 rows refused. One row is -1 there for
 * a time_t of 32 bits only: it is a right date that lies behind 2038. */
static void test_vectors(void **state)
{
    (void)state;
    test_needs_shared("vectors/http-dates/curl-lib517.json");
    json_t *rows = json_load_file(INE_SHARED "/vectors/http-dates/curl-lib517.json", 0, NULL);
    assert_non_null(rows);
    size_t refused = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *input = json_string_value(json_object_get(row, "input"));
        json_int_t epoch = json_integer_value(json_object_get(row, "epoch"));
        int64_t got;
        if (strcmp(input, "Sun, 06 Nov 2044 08:49:37 GMT") == 0)
            epoch = 2362034977;
        const bool ok = ine__http_date(ine__str_of(input), WALL, &got);
        if (i < 3)
            assert_true(ok);
        if (ok)
            assert_int_equal(got, epoch);
        if (epoch == -1) {
            assert_false(ok);
            refused++;
        }
    }
    assert_true(refused > 10);
    json_decref(rows);
}

static void test_delay_is_full_jitter(void **state)
{
    static const int64_t bounds[] = {500, 1000, 2000, 4000, 8000, 8000, 8000};
    ine__rng rng;
    (void)state;
    ine__rng_init(&rng, 3);
    for (int64_t repeat = 1; repeat <= 7; repeat++) {
        int64_t least = INT64_MAX, most = 0;
        for (int i = 0; i < 3000; i++) {
            const int64_t delay = ine__retry_delay(&rng, repeat, -1);
            least = delay < least ? delay : least;
            most = delay > most ? delay : most;
        }
        assert_in_range(least, 0, bounds[repeat - 1] / 50);
        assert_in_range(most, bounds[repeat - 1] * 98 / 100, bounds[repeat - 1]);
    }
}

static void test_delay_is_never_below_what_was_asked(void **state)
{
    ine__rng rng;
    (void)state;
    ine__rng_init(&rng, 4);
    for (int i = 0; i < 3000; i++)
        assert_in_range(ine__retry_delay(&rng, 1, 20000), 20000, 22000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seconds),
        cmocka_unit_test(test_unusable_values_count_as_absent),
        cmocka_unit_test(test_three_date_forms),
        cmocka_unit_test(test_years_of_two_digits_lie_at_most_50_years_ahead),
        cmocka_unit_test(test_a13_date_header_is_the_clock),
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_delay_is_full_jitter),
        cmocka_unit_test(test_delay_is_never_below_what_was_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
