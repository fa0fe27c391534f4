/* What a decision costs and owns: allocations, their failures, texts with escapes, threads. */
#include "support.h"

#include "schema/decision.h"

#include <pthread.h>

static ine_decision *read_flags(const char *body, int32_t flags)
{
    ine_decision *decision;
    ine_error *err;
    if (ine_decision_read(&decision, body, strlen(body), flags, &err) != INE_OK)
        fail_msg("%.*s at %d", (int)ine_error_text(err).len, ine_error_text(err).ptr,
                 (int)ine_error_number(err, INE_DETAIL_OFFSET));
    assert_null(err);
    return decision;
}

static void assert_text(const ine_decision *decision, int32_t field, const char *wanted)
{
    ine_str text;
    int64_t number;
    const int32_t state = ine_decision_field(decision, field, &text, &number);
    if (state != INE_FIELD_PRESENT || !ine__str_is(text, wanted))
        fail_msg("field %d: state %d, %.*s", field, state, (int)text.len, text.ptr ? text.ptr : "");
    assert_int_equal(number, 0);
}

static void assert_state(const ine_decision *decision, int32_t field, int32_t wanted)
{
    ine_str text = INE__STR("left over");
    int64_t number = 99;
    const int32_t state = ine_decision_field(decision, field, &text, &number);
    if (state != wanted)
        fail_msg("field %d: state %d, not %d", field, state, wanted);
    if (state != INE_FIELD_PRESENT) {
        assert_null(text.ptr);
        assert_int_equal(number, 0);
    }
}

static const char escaped_body[] = "{\"verification\":{\"id\":\"plain\",\"code\":9001,"
                                   "\"vendorData\":\"a\\/b\\u00e9\",\"reason\":\"\\\"\","
                                   "\"registryValidations\":{\"XX_\\u00d1\":{\"status\":"
                                   "\"su\\u0063cess\"},\"MX_INE\":{\"validations\":{"
                                   "\"first_name_match\":{\"result\":\"succ\\u0065ss\"},\"new_"
                                   "\\u0063heck\":{\"result\":\"\\u0061\","
                                   "\"reason\":null}}}}}}";

static void assert_escaped(const ine_decision *d)
{
    ine_str text;
    assert_text(d, INE_D_SESSION_ID, "plain");
    assert_text(d, INE_D_VENDOR_DATA, "a/b\xc3\xa9");
    assert_text(d, INE_D_REASON, "\"");
    assert_text(d, INE_D_CHECK_RESULT + INE_CHECK_FIRST_NAME_MATCH, "success");
    assert_int_equal(ine_decision_item(d, INE_LIST_UNKNOWN_CHECKS, 0, INE_ITEM_NAME, &text, NULL),
                     INE_FIELD_PRESENT);
    assert_true(ine__str_is(text, "new_check"));
    assert_int_equal(ine_decision_item(d, INE_LIST_UNKNOWN_CHECKS, 0, INE_ITEM_RESULT, &text, NULL),
                     INE_FIELD_PRESENT);
    assert_true(ine__str_is(text, "a"));
    assert_int_equal(ine_decision_item(d, INE_LIST_REGISTRIES, 0, INE_ITEM_NAME, &text, NULL),
                     INE_FIELD_PRESENT);
    assert_true(ine__str_is(text, "XX_\xc3\x91"));
    assert_int_equal(ine_decision_item(d, INE_LIST_REGISTRIES, 0, INE_ITEM_STATUS, &text, NULL),
                     INE_FIELD_PRESENT);
    assert_true(ine__str_is(text, "success"));
    assert_true(ine__str_is(ine_decision_bytes(d), escaped_body));
}

/* The texts with escapes may stand in any order. */
static void test_escapes_anywhere(void **state)
{
    (void)state;
    for (int32_t flags = INE_READ_COPY; flags <= INE_READ_BORROW; flags++) {
        ine_decision *d = read_flags("{\"technicalData\":{\"ip\":\"\\u0031\"},\"verification\":{"
                                     "\"reason\":\"\\t\",\"code\":1,\"id\":\"\\n\"},"
                                     "\"status\":\"\\u0041\"}",
                                     flags);
        assert_text(d, INE_D_REASON, "\t");
        assert_text(d, INE_D_SESSION_ID, "\n");
        assert_text(d, INE_D_STATUS, "A");
        assert_text(d, INE_D_IP, "1");
        ine_decision_free(d);
    }
}

static bool count_only(void *context, size_t size)
{
    (void)size;
    (*(size_t *)context)++;
    return true;
}

static size_t counted;

static void start_counting(void)
{
    counted = 0;
    ine__alloc_hook(count_only, &counted);
}

static size_t stop_counting(void)
{
    ine__alloc_hook(NULL, NULL);
    return counted;
}

/* Design rule 10: one allocation that owns everything; none when bytes are borrowed, and one when a
 * text with escapes is read for the first time. */
static void test_allocations_made(void **state)
{
    (void)state;
    const size_t len = sizeof escaped_body - 1;
    ine_decision *d;
    start_counting();
    assert_int_equal(ine_decision_read(&d, escaped_body, len, INE_READ_COPY, NULL), INE_OK);
    assert_escaped(d);
    assert_int_equal(stop_counting(), 1);
    assert_ptr_not_equal(ine_decision_bytes(d).ptr, escaped_body);

    start_counting();
    assert_int_equal(ine_decision_reread(d, escaped_body, len, INE_READ_BORROW, NULL), INE_OK);
    assert_ptr_equal(ine_decision_bytes(d).ptr, escaped_body);
    assert_text(d, INE_D_SESSION_ID, "plain");
    assert_int_equal(counted, 0);
    assert_escaped(d);
    assert_escaped(d);
    assert_int_equal(stop_counting(), 1);

    start_counting();
    assert_int_equal(ine_decision_reread(d, escaped_body, len, INE_READ_COPY, NULL), INE_OK);
    assert_escaped(d);
    assert_int_equal(stop_counting(), 1);
    ine_decision_free(d);

    size_t payload_len;
    char *payload = test_payload("decision_approved_all_checks", &payload_len);
    start_counting();
    assert_int_equal(ine_decision_read(&d, payload, payload_len, INE_READ_BORROW, NULL), INE_OK);
    assert_int_equal(counted, 1);
    assert_int_equal(ine_decision_reread(d, payload, payload_len, INE_READ_BORROW, NULL), INE_OK);
    assert_text(d, INE_D_SESSION_STATUS, "approved");
    assert_int_equal(stop_counting(), 1);
    ine_decision_free(d);
    free(payload);
}

static bool read_and_look(void *argument)
{
    const int32_t flags = *(const int32_t *)argument;
    const size_t len = sizeof escaped_body - 1;
    ine_decision *d;
    ine_error *err;
    ine_str text;
    int32_t code = ine_decision_read(&d, escaped_body, len, flags, &err);
    if (code != INE_OK) {
        assert_null(d);
        assert_int_equal(code, INE_E_MEMORY);
        assert_int_equal(ine_error_code(err), INE_E_MEMORY);
        ine_error_free(err);
        return false;
    }
    const int32_t found = ine_decision_field(d, INE_D_VENDOR_DATA, &text, NULL);
    if (found != INE_FIELD_PRESENT) {
        assert_int_equal(found, INE_FIELD_UNKNOWN);
        assert_null(text.ptr);
    } else {
        assert_true(ine__str_is(text, "a/b\xc3\xa9"));
    }
    code = ine_decision_reread(d, escaped_body, len, INE_READ_COPY, &err);
    if (code != INE_OK) {
        assert_int_equal(ine_decision_kind(d), INE_KIND_UNKNOWN);
        assert_state(d, INE_D_SESSION_ID, INE_FIELD_ABSENT);
        assert_null(ine_decision_bytes(d).ptr);
        ine_error_free(err);
    }
    ine_decision_free(d);
    return code == INE_OK && found == INE_FIELD_PRESENT;
}

static void test_allocation_failures(void **state)
{
    (void)state;
    int32_t flags[] = {INE_READ_COPY, INE_READ_BORROW};
    test_each_allocation(read_and_look, &flags[0]);
    test_each_allocation(read_and_look, &flags[1]);
}

static void *look_at_texts(void *argument)
{
    assert_escaped(argument);
    return NULL;
}

/* Decisions are shareable: the texts with escapes are decoded once, whoever comes first. */
static void test_threads(void **state)
{
    (void)state;
    for (int round = 0; round < 50; round++) {
        ine_decision *d = read_flags(escaped_body, INE_READ_BORROW);
        pthread_t threads[4];
        for (int i = 0; i < 4; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, look_at_texts, d), 0);
        for (int i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
        ine_decision_free(d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes_anywhere),
        cmocka_unit_test(test_allocations_made),
        cmocka_unit_test(test_allocation_failures),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
