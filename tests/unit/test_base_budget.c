#include "support.h"

#include "base/budget.h"

static void B14_repeats_are_bounded_by_successes(void **state)
{
    (void)state;
    ine__budget budget;
    ine__budget_init(&budget);
    int repeats = 0;
    while (ine__budget_spend(&budget, INE__BUDGET_ONE))
        repeats++;
    assert_int_equal(repeats, 10);
    for (int i = 0; i < 9; i++)
        ine__budget_earn(&budget);
    assert_false(ine__budget_spend(&budget, INE__BUDGET_ONE));
    ine__budget_earn(&budget);
    assert_true(ine__budget_spend(&budget, INE__BUDGET_ONE));
    for (int i = 0; i < 5000; i++)
        ine__budget_earn(&budget);
    for (repeats = 0; ine__budget_spend(&budget, 2 * INE__BUDGET_ONE); repeats++)
        assert_true(repeats < 50);
    assert_int_equal(repeats, 50);
}

static void the_breaker_opens_and_lets_one_try(void **state)
{
    (void)state;
    ine__budget budget;
    int64_t left;
    ine__budget_init(&budget);
    for (int i = 0; i < 4; i++)
        ine__breaker_count(&budget, 5, 100, 7);
    assert_true(ine__breaker_admits(&budget, 100, &left));
    ine__breaker_count(&budget, 5, 100, 7);
    assert_false(ine__breaker_admits(&budget, 200, &left));
    assert_int_equal(left, 100 + INE__BREAKER_MS + 7 - 200);
    assert_true(ine__breaker_admits(&budget, 100 + INE__BREAKER_MS + 7, &left)); /* the probe */
    assert_false(ine__breaker_admits(&budget, 100 + INE__BREAKER_MS + 8, &left));
    ine__breaker_close(&budget);
    assert_true(ine__breaker_admits(&budget, 100 + INE__BREAKER_MS + 9, &left));
    for (int i = 0; i < 100; i++) /* off */
        ine__breaker_count(&budget, 0, 100, 0);
    assert_true(ine__breaker_admits(&budget, 101, &left));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(B14_repeats_are_bounded_by_successes),
                                       cmocka_unit_test(the_breaker_opens_and_lets_one_try)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
