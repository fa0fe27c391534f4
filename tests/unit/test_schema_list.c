/* Lists inside a body. */
#include "support.h"

#include "schema/decision.h"

static ine_decision *read_text(const char *body)
{
    ine_decision *decision;
    if (ine_decision_read(&decision, body, strlen(body), INE_READ_COPY, NULL) != INE_OK)
        fail_msg("%s", body);
    return decision;
}

/* `wanted` NULL: the state alone. */
static void assert_cell(const ine_decision *d, int32_t list, size_t index, int32_t column,
                        int32_t wanted_state, const char *wanted)
{
    ine_str text = INE__STR("left over");
    int64_t number = 9;
    const int32_t state = ine_decision_item(d, list, index, column, &text, &number);
    if (state != wanted_state || (wanted && !ine__str_is(text, wanted)))
        fail_msg("list %d item %zu column %d: state %d, %.*s", list, index, column, state,
                 (int)text.len, text.ptr ? text.ptr : "");
    if (state != INE_FIELD_PRESENT) {
        assert_null(text.ptr);
        assert_int_equal(number, 0);
    }
}

static void test_unknown_checks(void **state)
{
    (void)state;
    ine_decision *d = read_text(
        "{\"verification\":{\"registryValidations\":{\"AU_TICA\":{\"status\":\"success\"},\"MX_"
        "INE\":{"
        "\"status\":\"failure\",\"validations\":{\"new_one\":{\"reason\":\"WHY\",\"result\":"
        "\"failure\"},"
        "\"consent_obtained\":{\"result\":\"success\"},\"second\":\"text\",\"first_n\\u0061me_"
        "match\":{},"
        "\"third\":{\"result\":5,\"reason\":null},\"nul\\u0000\":{}}},\"MX_CURP\":null}}}");
    assert_int_equal(ine_decision_count(d, INE_LIST_UNKNOWN_CHECKS), 4);
    const int32_t list = INE_LIST_UNKNOWN_CHECKS;
    assert_cell(d, list, 0, INE_ITEM_NAME, INE_FIELD_PRESENT, "new_one");
    assert_cell(d, list, 0, INE_ITEM_RESULT, INE_FIELD_PRESENT, "failure");
    assert_cell(d, list, 0, INE_ITEM_REASON, INE_FIELD_PRESENT, "WHY");
    assert_cell(d, list, 0, INE_ITEM_ENTRY, INE_FIELD_PRESENT, NULL);
    assert_cell(d, list, 0, INE_ITEM_STATUS, INE_FIELD_ABSENT, NULL);
    assert_cell(d, list, 1, INE_ITEM_NAME, INE_FIELD_PRESENT, "second");
    assert_cell(d, list, 1, INE_ITEM_ENTRY, INE_FIELD_UNKNOWN, NULL);
    assert_cell(d, list, 1, INE_ITEM_RESULT, INE_FIELD_ABSENT, NULL);
    assert_cell(d, list, 2, INE_ITEM_RESULT, INE_FIELD_UNKNOWN, NULL);
    assert_cell(d, list, 2, INE_ITEM_REASON, INE_FIELD_NULL, NULL);
    assert_cell(d, list, 3, INE_ITEM_NAME, INE_FIELD_UNKNOWN, NULL);
    assert_cell(d, list, 4, INE_ITEM_NAME, INE_FIELD_ABSENT, NULL);
    assert_cell(d, list, SIZE_MAX, INE_ITEM_NAME, INE_FIELD_ABSENT, NULL);

    assert_int_equal(ine__decision_slot(d, INE__SLOT_OTHER_CHECKS).len, 4);
    assert_int_equal(ine__decision_slot(d, INE__SLOT_OTHER_REGISTRIES).len, 2);
    assert_int_equal(ine_decision_count(d, INE_LIST_REGISTRIES), 3);
    assert_cell(d, INE_LIST_REGISTRIES, 0, INE_ITEM_NAME, INE_FIELD_PRESENT, "AU_TICA");
    assert_cell(d, INE_LIST_REGISTRIES, 0, INE_ITEM_STATUS, INE_FIELD_PRESENT, "success");
    assert_cell(d, INE_LIST_REGISTRIES, 1, INE_ITEM_NAME, INE_FIELD_PRESENT, "MX_INE");
    assert_cell(d, INE_LIST_REGISTRIES, 1, INE_ITEM_STATUS, INE_FIELD_PRESENT, "failure");
    assert_cell(d, INE_LIST_REGISTRIES, 2, INE_ITEM_NAME, INE_FIELD_PRESENT, "MX_CURP");
    assert_cell(d, INE_LIST_REGISTRIES, 2, INE_ITEM_ENTRY, INE_FIELD_NULL, NULL);
    assert_cell(d, INE_LIST_REGISTRIES, 2, INE_ITEM_STATUS, INE_FIELD_ABSENT, NULL);
    ine_decision_free(d);
}

static void test_media(void **state)
{
    (void)state;
    ine_decision *d = read_text(
        "{\"status\":\"success\",\"images\":[{\"id\":\"1\",\"name\":\"face\",\"context\":\"face\","
        "\"timestamp\":null,\"size\":77,\"mimetype\":\"image\\/png\",\"url\":\"https:\\/\\/h\\/"
        "1\"},"
        "{\"size\":\"big\"},7],\"videos\":[{\"id\":\"v\",\"duration\":3}]}");
    assert_int_equal(ine_decision_count(d, INE_LIST_IMAGES), 3);
    assert_int_equal(ine_decision_count(d, INE_LIST_VIDEOS), 1);
    assert_cell(d, INE_LIST_IMAGES, 0, INE_ITEM_ID, INE_FIELD_PRESENT, "1");
    assert_cell(d, INE_LIST_IMAGES, 0, INE_ITEM_NAME, INE_FIELD_PRESENT, "face");
    assert_cell(d, INE_LIST_IMAGES, 0, INE_ITEM_CONTEXT, INE_FIELD_PRESENT, "face");
    assert_cell(d, INE_LIST_IMAGES, 0, INE_ITEM_MIMETYPE, INE_FIELD_PRESENT, "image/png");
    assert_cell(d, INE_LIST_IMAGES, 0, INE_ITEM_URL, INE_FIELD_PRESENT, "https://h/1");
    int64_t size;
    assert_int_equal(ine_decision_item(d, INE_LIST_IMAGES, 0, INE_ITEM_SIZE, NULL, &size),
                     INE_FIELD_PRESENT);
    assert_int_equal(size, 77);
    assert_cell(d, INE_LIST_IMAGES, 1, INE_ITEM_SIZE, INE_FIELD_UNKNOWN, NULL);
    assert_cell(d, INE_LIST_IMAGES, 1, INE_ITEM_ID, INE_FIELD_ABSENT, NULL);
    assert_cell(d, INE_LIST_IMAGES, 2, INE_ITEM_ENTRY, INE_FIELD_UNKNOWN, NULL);
    assert_cell(d, INE_LIST_IMAGES, 2, INE_ITEM_ID, INE_FIELD_ABSENT, NULL);
    assert_cell(d, INE_LIST_VIDEOS, 0, INE_ITEM_ID, INE_FIELD_PRESENT, "v");
    ine_decision_free(d);
}

static void test_attempts(void **state)
{
    (void)state;
    ine_decision *d = read_text(
        "{\"status\":\"success\",\"verifications\":[{\"id\":\"a\",\"status\":\"submitted\","
        "\"createdTime\":\"2026-04-01T10:00:27.000Z\",\"userDefinedData\":[]},{\"id\":\"b\"}]}");
    assert_int_equal(ine_decision_count(d, INE_LIST_ATTEMPTS), 2);
    assert_cell(d, INE_LIST_ATTEMPTS, 0, INE_ITEM_ID, INE_FIELD_PRESENT, "a");
    assert_cell(d, INE_LIST_ATTEMPTS, 0, INE_ITEM_STATUS, INE_FIELD_PRESENT, "submitted");
    assert_cell(d, INE_LIST_ATTEMPTS, 0, INE_ITEM_TIME, INE_FIELD_PRESENT,
                "2026-04-01T10:00:27.000Z");
    assert_cell(d, INE_LIST_ATTEMPTS, 1, INE_ITEM_ID, INE_FIELD_PRESENT, "b");
    ine_decision_free(d);
}

static void test_nothing_there(void **state)
{
    (void)state;
    ine_decision *d =
        read_text("{\"images\":{},\"verification\":{\"code\":1,\"registryValidations\":[],"
                  "\"comments\":[]}}");
    for (int32_t list = -1; list < 8; list++) {
        assert_int_equal(ine_decision_count(d, list), 0);
        assert_cell(d, list, 0, INE_ITEM_NAME, INE_FIELD_ABSENT, NULL);
    }
    ine_decision_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unknown_checks),
        cmocka_unit_test(test_media),
        cmocka_unit_test(test_attempts),
        cmocka_unit_test(test_nothing_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
