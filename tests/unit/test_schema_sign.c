/* ine_sign(): the call decides what is signed (A4, A5). */
#include "support.h"

#include "crypto/credentials.h"
#include "schema/call.h"

#define KEY "12345678-0000-4000-8000-000000000001"
#define ID  "fd5c1563-1d23-4b1a-ae46-7ba429927ed8"

static ine_credentials *new_credentials(void)
{
    ine_credentials *credentials;
    assert_int_equal(ine_credentials_new(&credentials, NULL, 0, KEY, 36, NULL), INE_OK);
    assert_int_equal(ine_credentials_add_secret(credentials, NULL, 0,
                                                "abcdef12-abcd-abcd-abcd-abcdef012345", 36, NULL),
                     INE_OK);
    return credentials;
}

static int32_t sign(const ine_credentials *credentials, int32_t call, const char *text,
                    char out[64])
{
    return ine_sign(credentials, call, text, strlen(text), out, NULL);
}

static void signs_what_the_call_signs(void **state)
{
    char out[64];
    (void)state;
    ine_credentials *credentials = new_credentials();
    assert_int_equal(
        sign(credentials, INE_CALL_SUBMIT, "{\"verification\":{\"status\":\"submitted\"}}", out),
        INE_OK);
    assert_memory_equal(out, "431804d39503a5600eb3a57c1bb6403cba06b3b243593e2619868e17eb22b277",
                        64);
    assert_int_equal(sign(credentials, INE_CALL_DECISION, ID, out), INE_OK);
    assert_memory_equal(out, "45d91008bb78bf2cf33de34ac81a3350b69f746ad788136a142a9510d204cfb4",
                        64);
    /* The exact bytes: white space around an object is signed as it is. */
    char other[64];
    assert_int_equal(sign(credentials, INE_CALL_SUBMIT,
                          " \r\n\t{\"verification\":{\"status\":\"submitted\"}}", other),
                     INE_OK);
    assert_memory_not_equal(other,
                            "431804d39503a5600eb3a57c1bb6403cba06b3b243593e2619868e17eb22b277", 64);
    ine_credentials_free(credentials);
}

/* A5: no call signs what another call would accept. */
static void a5_no_free_bytes(void **state)
{
    static const char zero[64];
    (void)state;
    ine_credentials *credentials = new_credentials();
    for (int32_t call = INE_CALL_CREATE_SESSION; call <= INE_CALL_RAW_DELETE; call++) {
        char out[64];
        const ine__call *row = ine__call_find(call);
        const bool body = row->signs == INE__SIGNS_BODY;
        assert_int_equal(body, row->method[0] == 'P');
        assert_int_equal(sign(credentials, call, body ? "{}" : ID, out), INE_OK);
        assert_int_equal(sign(credentials, call, body ? ID : "{}", out),
                         body ? INE_E_JSON : INE_E_INPUT);
        assert_memory_equal(out, zero, 64);
        static const char *const never[] = {
            "",       "[]",         "null",  ("\"" ID "\""),  (ID "\n"),
            (" " ID), "{\"a\":1,}", "{} {}", "\xef\xbb\xbf{}"};
        for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
            memset(out, 7, sizeof out);
            assert_true(sign(credentials, call, never[i], out) < 0);
            assert_memory_equal(out, zero, 64);
        }
    }
    ine_credentials_free(credentials);
}

static void what_can_not_be_signed(void **state)
{
    char out[64];
    ine_error *err;
    ine_credentials *empty;
    (void)state;
    ine_credentials *credentials = new_credentials();
    assert_int_equal(ine_credentials_new(&empty, NULL, 0, KEY, 36, NULL), INE_OK);
    assert_int_equal(sign(NULL, INE_CALL_DECISION, ID, out), INE_E_ARGUMENT);
    assert_int_equal(sign(credentials, 0, ID, out), INE_E_ARGUMENT);
    assert_int_equal(sign(credentials, 99, ID, out), INE_E_ARGUMENT);
    assert_int_equal(ine_sign(credentials, INE_CALL_DECISION, ID, 36, NULL, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_sign(credentials, INE_CALL_DECISION, NULL, 36, out, NULL), INE_E_ARGUMENT);
    assert_int_equal(sign(empty, INE_CALL_DECISION, ID, out), INE_E_STATE);
    assert_int_equal(ine_sign(credentials, INE_CALL_SUBMIT, "{\"a\":}", 6, out, &err), INE_E_JSON);
    assert_int_equal(ine_error_number(err, INE_DETAIL_OFFSET), 5);
    ine_error_free(err);
    assert_int_equal(ine_sign(credentials, INE_CALL_DECISION, "x", 1, out, &err), INE_E_INPUT);
    assert_true(ine_error_str(err, INE_DETAIL_HINT).len > 0);
    ine_error_free(err);
    ine_credentials_free(empty);
    ine_credentials_free(credentials);
}

static bool sign_once(void *argument)
{
    char out[64];
    ine_error *err = NULL;
    const int32_t code = ine_sign(argument, INE_CALL_SUBMIT, "[]", 2, out, &err);
    assert_true(code == INE_E_FORM || code == INE_E_MEMORY);
    /* Without memory for the error itself, the error says that there is no memory. */
    const bool whole = ine_error_code(err) == INE_E_FORM;
    ine_error_free(err);
    return whole;
}

static void without_memory(void **state)
{
    (void)state;
    ine_credentials *credentials = new_credentials();
    test_each_allocation(sign_once, credentials);
    ine_credentials_free(credentials);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_what_the_call_signs),
        cmocka_unit_test(a5_no_free_bytes),
        cmocka_unit_test(what_can_not_be_signed),
        cmocka_unit_test(without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
