#include "support.h"

#include "identity/verification.h"

#include <pthread.h>

static void items_and_json(void **state)
{
    (void)state;
    ine_report *report = ine__report_new();
    assert_non_null(report);
    assert_true(ine__report_add(report, INE_IN_CIC, INE_PROBLEM_LENGTH, true, "a \"hint\""));
    assert_true(ine__report_add_field(report, "latitude", INE_PROBLEM_REQUIRED, false, "b"));
    assert_int_equal(ine_report_count(report), 2);
    assert_int_equal(ine_report_errors(report), 1);
    assert_true(
        ine__str_is(ine_report_json(report),
                    "{\"ok\":false,\"problems\":["
                    "{\"field\":\"document.number\",\"code\":\"LENGTH\",\"severity\":\"error\","
                    "\"hint\":\"a \\\"hint\\\"\"},"
                    "{\"field\":\"latitude\",\"code\":\"REQUIRED\",\"severity\":\"warning\","
                    "\"hint\":\"b\"}]}"));
    assert_ptr_equal(ine_report_json(report).ptr, ine_report_json(report).ptr);
    int32_t input = 9, problem = 9, is_error = 9;
    ine_str path = INE__STR("x"), hint = INE__STR("x");
    assert_int_equal(ine_report_item(report, 0, &input, &path, &problem, &is_error, &hint), INE_OK);
    assert_int_equal(input, INE_IN_CIC);
    assert_int_equal(problem, INE_PROBLEM_LENGTH);
    assert_int_equal(is_error, 1);
    assert_int_equal(ine_report_item(report, 0, NULL, NULL, NULL, NULL, NULL), INE_OK);
    assert_int_equal(ine_report_item(report, 2, &input, &path, &problem, &is_error, &hint),
                     INE_E_ARGUMENT);
    assert_true(input == 0 && problem == 0 && is_error == 0 && !path.ptr && !hint.ptr);
    ine_report_free(report);
}

static void null_report(void **state)
{
    (void)state;
    ine_error *err;
    assert_int_equal(ine_report_count(NULL), 0);
    assert_int_equal(ine_report_errors(NULL), 0);
    assert_null(ine_report_json(NULL).ptr);
    assert_int_equal(ine_report_item(NULL, 0, NULL, NULL, NULL, NULL, NULL), INE_E_ARGUMENT);
    ine_report_free(NULL);
    assert_int_equal(ine__report_fail(&err, NULL), INE_E_MEMORY);
    ine_error_free(err);
}

/* The error names the first problem that is an error, and carries them all. */
static void as_error(void **state)
{
    (void)state;
    ine_error *err;
    ine_report *report = ine__report_new();
    assert_true(ine__report_add(report, INE_IN_CURP, INE_PROBLEM_DATE, false, "warning"));
    assert_true(ine__report_add(report, INE_IN_CIC, INE_PROBLEM_LENGTH, true, "first"));
    assert_true(ine__report_add(report, INE_IN_CALLBACK, INE_PROBLEM_URL, true, "second"));
    assert_int_equal(ine__report_fail(&err, report), INE_E_INPUT);
    assert_true(ine__str_is(ine_error_str(err, INE_DETAIL_FIELD), "document.number"));
    assert_true(ine__str_is(ine_error_str(err, INE_DETAIL_HINT), "first"));
    assert_int_equal(ine_error_number(err, INE_DETAIL_STEP), INE_STEP_CHECK);
    assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_NO);
    assert_int_equal(ine_report_count(ine_error_report(err)), 3);
    ine_error_free(err);
    assert_int_equal(ine__report_fail(NULL, ine__report_new()), INE_E_INPUT);
}

static void *ask(void *argument)
{
    const ine_report *report = argument;
    return ine_report_json(report).ptr ? argument : NULL;
}

/* A report is shareable: threads that ask at once get one text. */
static void shared(void **state)
{
    (void)state;
    for (int round = 0; round < 50; round++) {
        pthread_t threads[4];
        ine_report *report = ine__report_new();
        assert_true(ine__report_add(report, INE_IN_CIC, INE_PROBLEM_LENGTH, true, "hint"));
        for (int i = 0; i < 4; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, ask, report), 0);
        for (int i = 0; i < 4; i++) {
            void *result;
            assert_int_equal(pthread_join(threads[i], &result), 0);
            assert_ptr_equal(result, report);
        }
        ine_report_free(report);
    }
}

static void image_problems(void **state)
{
    (void)state;
    ine_report *report = ine__report_new();
    assert_true(
        ine__report_image(report, INE_MEDIA_FACE, INE__STR("%PDF-1.4 etc."), 20000000, NULL));
    int32_t problem;
    assert_int_equal(ine_report_errors(report), 2);
    assert_int_equal(ine_report_item(report, 0, NULL, NULL, &problem, NULL, NULL), INE_OK);
    assert_int_equal(problem, INE_PROBLEM_TOO_LARGE);
    assert_int_equal(ine_report_item(report, 1, NULL, NULL, &problem, NULL, NULL), INE_OK);
    assert_int_equal(problem, INE_PROBLEM_PDF);
    ine_report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(items_and_json),
                                       cmocka_unit_test(null_report), cmocka_unit_test(as_error),
                                       cmocka_unit_test(shared), cmocka_unit_test(image_problems)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
