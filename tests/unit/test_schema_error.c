/* An error as JSON. */
#include "support.h"

#include "base/error.h"
#include "identity/verification.h"

#include <jansson.h>
#include <pthread.h>

#define SESSION "12df6045-3846-3e45-946a-14fa6136d78b"

static ine_error *sample(void)
{
    ine_error *err;
    ine__fail(&err, INE_E_CONFLICT, "a text");
    ine__error_set(err, INE_DETAIL_HTTP_STATUS, 409);
    ine__error_set(err, INE_DETAIL_API_CODE, 1304);
    ine__error_set(err, INE_DETAIL_RETRY_AFTER_MS, 1500);
    ine__error_set(err, INE_DETAIL_STEP, INE_STEP_SUBMIT);
    ine__error_set(err, INE_DETAIL_SENT, INE_SENT_YES);
    ine__error_set(err, INE_DETAIL_RETRYABLE, 1);
    ine__error_session(err, INE__STR(SESSION));
    ine__error_field(err, INE__STR("verification.status"), INE__STR("look at the \"decision\""));
    return err;
}

static void test_all_members(void **state)
{
    (void)state;
    ine_error *err = sample();
    const ine_str json = ine_error_json(err);
    char wanted[1024];
    snprintf(
        wanted, sizeof wanted,
        "{\"error\":{\"code\":\"CONFLICT\",\"field\":\"verification.status\",\"http_status\":409,"
        "\"retryable\":true,\"sent\":\"yes\",\"session\":\"" SESSION "\",\"class\":\"%s\","
        "\"message\":\"a text\",\"hint\":\"look at the \\\"decision\\\"\",\"api_code\":1304,"
        "\"retry_after_ms\":1500,\"step\":\"%s\"}}",
        ine_name(INE_NAMES_CLASS, INE_CLASS_CONFLICT).ptr,
        ine_name(INE_NAMES_STEP, INE_STEP_SUBMIT).ptr);
    if (!ine__str_is(json, wanted))
        fail_msg("%.*s", (int)json.len, json.ptr);
    assert_ptr_equal(ine_error_json(err).ptr, json.ptr);
    ine_error_free(err);
}

static void test_nothing_known(void **state)
{
    (void)state;
    ine_error *err;
    ine__fail(&err, INE_E_ARGUMENT, "t");
    const ine_str json = ine_error_json(err);
    json_t *tree = json_loadb(json.ptr, json.len, JSON_REJECT_DUPLICATES, NULL);
    const json_t *object = json_object_get(tree, "error");
    static const char *const nulls[] = {"field",    "http_status",    "session", "hint",
                                        "api_code", "retry_after_ms", "step"};
    for (size_t i = 0; i < sizeof nulls / sizeof nulls[0]; i++)
        assert_true(json_is_null(json_object_get(object, nulls[i])));
    assert_string_equal(json_string_value(json_object_get(object, "sent")), "no");
    assert_true(json_is_false(json_object_get(object, "retryable")));
    assert_null(json_object_get(object, "problems"));
    json_decref(tree);
    ine_error_free(err);
    assert_null(ine_error_json(NULL).ptr);
}

static void test_problems(void **state)
{
    (void)state;
    ine_report *report = ine__report_new();
    assert_non_null(report);
    assert_true(ine__report_add(report, INE_IN_CIC, INE_PROBLEM_LOOKS_LIKE_OCR, true, "a hint"));
    assert_true(ine__report_add(report, INE_IN_CURP, INE_PROBLEM_DATE, false, "another"));
    ine_error *err;
    assert_int_equal(ine__report_fail(&err, report), INE_E_INPUT);
    const ine_str json = ine_error_json(err);
    json_t *tree = json_loadb(json.ptr, json.len, JSON_REJECT_DUPLICATES, NULL);
    const json_t *problems = json_object_get(json_object_get(tree, "error"), "problems");
    assert_int_equal(json_array_size(problems), 2);
    const json_t *first = json_array_get(problems, 0), *second = json_array_get(problems, 1);
    assert_string_equal(json_string_value(json_object_get(first, "field")), "document.number");
    assert_string_equal(json_string_value(json_object_get(first, "code")),
                        ine_name(INE_NAMES_PROBLEM, INE_PROBLEM_LOOKS_LIKE_OCR).ptr);
    assert_string_equal(json_string_value(json_object_get(first, "severity")), "error");
    assert_string_equal(json_string_value(json_object_get(first, "hint")), "a hint");
    assert_string_equal(json_string_value(json_object_get(second, "severity")), "warning");
    json_decref(tree);
    ine_error_free(err);
}

static bool count_only(void *context, size_t size)
{
    (void)size;
    (*(size_t *)context)++;
    return true;
}

/* The static error's JSON is static too, and in the form of all others. */
static void test_no_memory(void **state)
{
    (void)state;
    ine_error *err;
    size_t allocations = 0;
    ine__fail_memory(&err);
    ine__alloc_hook(count_only, &allocations);
    const ine_str json = ine_error_json(err);
    ine__alloc_hook(NULL, NULL);
    assert_int_equal(allocations, 0);
    json_t *tree = json_loadb(json.ptr, json.len, JSON_REJECT_DUPLICATES, NULL);
    const json_t *object = json_object_get(tree, "error");
    assert_int_equal(json_object_size(object), 12);
    assert_string_equal(json_string_value(json_object_get(object, "code")),
                        ine_error_str(err, INE_DETAIL_CODE).ptr);
    assert_string_equal(json_string_value(json_object_get(object, "class")),
                        ine_error_str(err, INE_DETAIL_CLASS).ptr);
    assert_string_equal(json_string_value(json_object_get(object, "message")),
                        ine_error_text(err).ptr);
    assert_string_equal(json_string_value(json_object_get(object, "sent")),
                        ine_error_str(err, INE_DETAIL_SENT).ptr);
    json_decref(tree);
    ine_error_free(err);
}

static bool make_json(void *argument)
{
    (void)argument;
    ine_error *err = sample();
    const bool ok = ine_error_code(err) == INE_E_CONFLICT;
    const ine_str json = ine_error_json(err);
    assert_true(ine__str_starts(json, "{\"error\":{"));
    const bool made = ok && ine__str_contains(json, "CONFLICT");
    ine_error_free(err);
    return made;
}

static void test_allocation_failures(void **state)
{
    (void)state;
    test_each_allocation(make_json, NULL);
}

static void *ask(void *argument)
{
    return (void *)(uintptr_t)ine_error_json(argument).ptr;
}

/* Errors are shareable: all threads get the same text. */
static void test_threads(void **state)
{
    (void)state;
    for (int round = 0; round < 50; round++) {
        ine_error *err = sample();
        pthread_t threads[4];
        void *found[4];
        for (int i = 0; i < 4; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, ask, err), 0);
        for (int i = 0; i < 4; i++)
            pthread_join(threads[i], &found[i]);
        for (int i = 1; i < 4; i++)
            assert_ptr_equal(found[i], found[0]);
        ine_error_free(err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_members),
        cmocka_unit_test(test_nothing_known),
        cmocka_unit_test(test_problems),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_allocation_failures),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
