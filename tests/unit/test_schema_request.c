/* The bodies that are sent. */
#include "support.h"

#include "schema/call.h"

#include <jansson.h>

static void set(ine_verification *v, int32_t input, const char *text)
{
    assert_int_equal(ine_verification_set_text(v, input, text, strlen(text), NULL), INE_OK);
}

static ine_verification *new_verification(int32_t product)
{
    ine_verification *v;
    assert_int_equal(ine_verification_new(&v, product, NULL), INE_OK);
    return v;
}

static void clear_defaults(ine_verification *v)
{
    ine_verification_set_text(v, INE_IN_DOCUMENT_COUNTRY, NULL, 0, NULL);
    ine_verification_set_text(v, INE_IN_DOCUMENT_TYPE, NULL, 0, NULL);
}

static ine_verification *vendor_sample(void)
{
    ine_verification *v = new_verification(INE_PRODUCT_MX_INE);
    set(v, INE_IN_CALLBACK, "https://veriff.com");
    set(v, INE_IN_VENDOR_DATA, "12345678");
    set(v, INE_IN_END_USER_ID, "a1b2c35d-e8f7-6d5e-3cd2-a1b2c35db3d4");
    set(v, INE_IN_CURP, "GARJ000000HMCRLP00");
    set(v, INE_IN_FIRST_NAME, "JUAN");
    set(v, INE_IN_LAST_NAME, "GARCIA");
    set(v, INE_IN_SECOND_LAST_NAME, "LOPEZ");
    set(v, INE_IN_DOCUMENT_TYPE, "ID_CARD");
    set(v, INE_IN_CIC, "000000000");
    set(v, INE_IN_DOCUMENT_COUNTRY, "MX");
    set(v, INE_IN_VALID_FROM, "2020-03-10");
    set(v, INE_IN_FIRST_ISSUE, "2018-06-15");
    assert_int_equal(ine_verification_set_number(v, INE_IN_CONSENT, 1, NULL), INE_OK);
    return v;
}

static void assert_session(const ine_verification *v, const char *wanted)
{
    ine__buf buf;
    ine__buf_init(&buf, 1 << 16);
    assert_int_equal(ine__write_session(&buf, v, NULL), INE_OK);
    if (!ine__str_is(ine__buf_view(&buf), wanted))
        fail_msg("%.*s", (int)buf.len, buf.ptr);
    ine__buf_free(&buf);
}

/* The vendor's own sample, member by member in its order. */
static void test_vendor_sample(void **state)
{
    (void)state;
    size_t len;
    char *payload = test_payload("request_create_session", &len);
    json_t *tree = json_loadb(payload, len, 0, NULL);
    char *wanted = json_dumps(tree, JSON_COMPACT);
    ine_verification *v = vendor_sample();
    assert_session(v, wanted);
    ine_verification_free(v);
    free(wanted);
    json_decref(tree);
    free(payload);
}

static void test_only_what_is_set(void **state)
{
    (void)state;
    ine_verification *v = new_verification(INE_PRODUCT_MX_INE);
    clear_defaults(v);
    assert_session(v, "{\"verification\":{}}");
    set(v, INE_IN_LAST_NAME,
        "PE\xc3\x91"
        "A \"X\"");
    set(v, INE_IN_CONSENT_CHANNEL, "web");
    set(v, INE_IN_CONSENT_TEXT_VERSION, "3");
    set(v, INE_IN_DATE_OF_BIRTH, "1990-01-02");
    set(v, INE_IN_GENDER, "F");
    assert_session(v, "{\"verification\":{\"person\":{\"lastName\":\"PE\xc3\x91"
                      "A \\\"X\\\"\"}}}");
    assert_int_equal(ine_verification_set_number(v, INE_IN_CONSENT, 0, NULL), INE_OK);
    assert_session(v, "{\"verification\":{\"person\":{\"lastName\":\"PE\xc3\x91"
                      "A \\\"X\\\"\"},\"consents\":[{\"type\":\"ine\",\"approved\":false}]}}");
    ine_verification_free(v);
    v = new_verification(INE_PRODUCT_INE_BIOMETRIC);
    clear_defaults(v);
    set(v, INE_IN_DATE_OF_BIRTH, "1990-01-02");
    set(v, INE_IN_GENDER, "F");
    assert_session(
        v, "{\"verification\":{\"person\":{\"gender\":\"F\",\"dateOfBirth\":\"1990-01-02\"}}}");
    ine_verification_free(v);
}

static void test_submit_body(void **state)
{
    (void)state;
    assert_true(ine__str_is(ine__submit_body(), "{\"verification\":{\"status\":\"submitted\"}}"));
}

static void test_media(void **state)
{
    (void)state;
    ine__buf buf;
    ine__buf_init(&buf, 4096);
    assert_int_equal(ine__write_media_head(&buf, INE__STR("face"), INE__STR("image/jpeg"), NULL),
                     INE_OK);
    ine__buf_text(&buf, "...");
    assert_int_equal(ine__write_media_tail(&buf, INE__STR("2026-04-01T10:00:00.000Z"), NULL),
                     INE_OK);
    size_t len;
    char *payload = test_payload("request_upload_selfie", &len);
    json_t *tree = json_loadb(payload, len, 0, NULL);
    char *wanted = json_dumps(tree, JSON_COMPACT);
    assert_true(ine__str_is(ine__buf_view(&buf), wanted));
    free(wanted);
    json_decref(tree);
    free(payload);
    ine__buf_clear(&buf);
    assert_int_equal(ine__write_media_head(&buf, INE__STR("a\"b"), INE__STR("image/png"), NULL),
                     INE_OK);
    assert_int_equal(ine__write_media_tail(&buf, INE__NONE, NULL), INE_OK);
    assert_true(ine__str_is(ine__buf_view(&buf), "{\"image\":{\"context\":\"a\\\"b\",\"content\":"
                                                 "\"data:image/png;base64,\"}}"));
    ine__buf_free(&buf);
}

static void test_c3_bad_text(void **state)
{
    (void)state;
    ine__buf buf;
    ine_error *err;
    ine__buf_init(&buf, 4096);
    assert_int_equal(ine__write_media_head(&buf, INE__STR("a\0b"), INE__STR("image/png"), &err),
                     INE_E_INPUT);
    assert_true(ine__str_eq(ine_error_str(err, INE_DETAIL_FIELD),
                            ine_name(INE_NAMES_INPUT, INE_IN_MEDIA_CONTEXT)));
    ine_error_free(err);
    assert_int_equal(ine__write_media_tail(&buf, INE__STR("\xff"), NULL), INE_E_INPUT);
    ine_verification v = {.product = INE_PRODUCT_MX_INE};
    v.text[INE_IN_FIRST_NAME] = INE__STR("\xed\xa0\x80");
    assert_int_equal(ine__write_session(&buf, &v, &err), INE_E_INPUT);
    assert_true(ine__str_is(ine_error_str(err, INE_DETAIL_FIELD), "person.firstName"));
    ine_error_free(err);
    assert_int_equal(buf.len, 0);
    ine__buf_free(&buf);
}

static void test_ceiling(void **state)
{
    (void)state;
    ine_verification *v = vendor_sample();
    ine__buf buf;
    ine__buf_init(&buf, 100);
    assert_int_equal(ine__write_session(&buf, v, NULL), INE_E_LIMIT);
    ine__buf_free(&buf);
    ine__buf_init(&buf, 10);
    assert_int_equal(ine__write_media_head(&buf, INE__STR("face"), INE__STR("image/png"), NULL),
                     INE_E_LIMIT);
    ine__buf_free(&buf);
    ine_verification_free(v);
}

static bool write_all(void *argument)
{
    ine__buf buf;
    ine_error *err;
    ine__buf_init(&buf, 1 << 16);
    int32_t code = ine__write_session(&buf, argument, &err);
    ine_error_free(err);
    if (code == INE_OK) {
        ine__buf_free(&buf);
        code = ine__write_media_head(&buf, INE__STR("face"), INE__STR("image/jpeg"), &err);
        ine_error_free(err);
    }
    if (code == INE_OK) {
        ine__buf_free(&buf);
        code = ine__write_media_tail(&buf, INE__STR("2026-04-01T10:00:00.000Z"), &err);
        ine_error_free(err);
    }
    assert_true(code == INE_OK || code == INE_E_MEMORY);
    ine__buf_free(&buf);
    return code == INE_OK;
}

static void test_allocation_failures(void **state)
{
    (void)state;
    ine_verification *v = vendor_sample();
    test_each_allocation(write_all, v);
    ine_verification_free(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vendor_sample),       cmocka_unit_test(test_only_what_is_set),
        cmocka_unit_test(test_submit_body),         cmocka_unit_test(test_media),
        cmocka_unit_test(test_c3_bad_text),         cmocka_unit_test(test_ceiling),
        cmocka_unit_test(test_allocation_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
