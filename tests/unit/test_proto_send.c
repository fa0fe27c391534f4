/* One call: what is sent, cancelling, calls out of turn, memory. */
#include "test_proto_calls.h"

#include "proto/exchange.h"

/* ---- cancelling ----------------------------------------------------------------------------- */

static void test_cancel_at_every_point(void **state)
{
    static const struct {
        int32_t call;
        bool sent;
        int32_t code;
    } cases[] = {
        {INE_CALL_CREATE_SESSION, false, INE_E_CANCELLED},
        {INE_CALL_CREATE_SESSION, true, INE_E_OUTCOME_UNKNOWN},
        {INE_CALL_SUBMIT, true, INE_E_CANCELLED},
        {INE_CALL_DECISION, true, INE_E_CANCELLED},
        {INE_CALL_UPLOAD_MEDIA, true, INE_E_CANCELLED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int32_t want;
        ine_error *err = NULL;
        ine_options *options = world_options();
        ine_exchange *x = open_exchange(cases[i].call, options, 0);
        if (cases[i].sent)
            assert_int_equal(ine_exchange_next(x, 0, &want, NULL, NULL, NULL), INE_OK);
        assert_int_equal(ine_exchange_cancel(x, NULL), INE_OK);
        assert_int_equal(ine_exchange_cancel(x, NULL), INE_OK);
        assert_int_equal(ine_exchange_next(x, 0, &want, NULL, NULL, NULL), INE_OK);
        assert_int_equal(want, INE_WANT_DONE);
        /* the transport's own end comes later and changes nothing */
        assert_int_equal(ine_exchange_feed_failure(x, INE_FAIL_BROKEN, 1, 0, NULL), INE_OK);
        assert_int_equal(ine_exchange_take(x, NULL, &err), cases[i].code);
        assert_int_equal(ine_error_number(err, INE_DETAIL_SENT),
                         cases[i].sent ? INE_SENT_UNKNOWN : INE_SENT_NO);
        ine_error_free(err);
        ine_exchange_free(x);
        ine_options_free(options);
    }
}

static void test_cancel_while_waiting(void **state)
{
    int32_t want;
    int64_t a, b;
    ine_options *options = world_options();
    ine_exchange *x = open_exchange(INE_CALL_CREATE_SESSION, options, 0);
    (void)state;
    assert_int_equal(ine_exchange_next(x, 0, &want, &a, &b, NULL), INE_OK);
    assert_int_equal(ine_exchange_feed_failure(x, INE_FAIL_CONNECT, 7, 0, NULL), INE_OK);
    assert_int_equal(ine_exchange_next(x, 0, &want, &a, &b, NULL), INE_OK);
    assert_int_equal(want, INE_WANT_WAIT);
    assert_int_equal(ine_exchange_cancel(x, NULL), INE_OK);
    assert_int_equal(ine_exchange_take(x, NULL, NULL), INE_E_CANCELLED);
    assert_int_equal(ine_exchange_take(x, NULL, NULL), INE_E_STATE);
    ine_exchange_free(x);
    ine_options_free(options);
}

/* ---- what is sent --------------------------------------------------------------------------- */

static void assert_header(const ine_exchange *x, const char *wanted, const char *text)
{
    ine_str name, value;
    size_t found = 0;
    for (size_t i = 0; ine_exchange_header(x, i, &name, &value) == INE_OK; i++) {
        if (!ine__str_ieq(name, ine__str_of(wanted)))
            continue;
        found++;
        if (text)
            assert_true(ine__str_is(value, text));
    }
    assert_int_equal(found, text ? 1 : 0);
    assert_int_equal(ine_exchange_header(x, 100, &name, &value), INE_E_ARGUMENT);
    assert_null(name.ptr);
}

/* A4: what is signed depends on the call alone. */
static void test_a4_what_is_signed(void **state)
{
    static const int32_t calls[] = {
        INE_CALL_CREATE_SESSION, INE_CALL_UPLOAD_MEDIA,   INE_CALL_SUBMIT,  INE_CALL_DECISION,
        INE_CALL_DELETE_SESSION, INE_CALL_COLLECTED_DATA, INE_CALL_RAW_GET, INE_CALL_RAW_POST,
        INE_CALL_RAW_PATCH,      INE_CALL_RAW_DELETE};
    (void)state;
    for (size_t row = 0; row < sizeof calls / sizeof calls[0]; row++) {
        char signature[65];
        int32_t want;
        ine_options *options = world_options();
        ine_exchange *x = open_exchange(calls[row], options, 0);
        world w = {.now = 0};
        assert_int_equal(ine_exchange_next(x, 0, &want, NULL, NULL, NULL), INE_OK);
        assert_int_equal(world_read(&w, x), INE_OK);
        assert_int_equal(w.last.body_len, ine_exchange_body_size(x));
        const ine_str method = ine_exchange_get(x, INE_X_METHOD);
        const bool by_id = ine__str_is(method, "GET") || ine__str_is(method, "DELETE");
        if (by_id)
            world_sign(signature, WORLD_SESSION, strlen(WORLD_SESSION));
        else
            world_sign(signature, w.last.body, w.last.body_len);
        assert_header(x, "X-HMAC-SIGNATURE", signature);
        assert_header(x, "X-AUTH-CLIENT", WORLD_KEY);
        assert_header(x, "Accept-Encoding", "identity");
        assert_header(x, "Accept", "application/json");
        assert_header(x, "Content-Type", by_id ? NULL : "application/json");
        assert_header(x, "User-Agent", "libine/0.1.0");
        assert_header(x, "VRF-INTEGRATION-ID", NULL);
        world_forget(&w);
        ine_exchange_free(x);
        ine_options_free(options);
    }
}

/* C-21 */
static void test_c21_sessions_unsigned_when_switched_off(void **state)
{
    ine_options *options = world_options();
    (void)state;
    assert_int_equal(ine_options_set_number(options, INE_OPT_SIGN_SESSIONS, 0, NULL), INE_OK);
    ine_exchange *x = open_exchange(INE_CALL_CREATE_SESSION, options, 0);
    assert_header(x, "X-HMAC-SIGNATURE", NULL);
    ine_exchange_free(x);
    char signature[65];
    world_sign(signature, "{\"verification\":{\"status\":\"submitted\"}}", 39);
    x = open_exchange(INE_CALL_SUBMIT, options, 0);
    assert_header(x, "X-HMAC-SIGNATURE", signature);
    ine_exchange_free(x);
    ine_options_free(options);
}

static void test_integration_id_and_agent(void **state)
{
    ine_options *options = world_options();
    (void)state;
    assert_int_equal(ine_options_set_text(options, INE_OPT_INTEGRATION_ID, "int-1", 5, NULL), 0);
    assert_int_equal(ine_options_set_text(options, INE_OPT_USER_AGENT_SUFFIX, "app/2", 5, NULL), 0);
    ine_exchange *x = open_exchange(INE_CALL_DECISION, options, 0);
    assert_header(x, "VRF-INTEGRATION-ID", "int-1");
    assert_header(x, "User-Agent", "libine/0.1.0 app/2");
    ine_exchange_free(x);
    ine_options_free(options);
}

static void test_urls(void **state)
{
    static const struct {
        const char *base, *url, *target;
    } cases[] = {
        {"https://api.test", "https://api.test/v1/sessions", "/v1/sessions"},
        {"https://api.test/", "https://api.test/v1/sessions", "/v1/sessions"},
        {"https://api.test:8443/a/b/", "https://api.test:8443/a/b/v1/sessions", "/a/b/v1/sessions"},
        {"http://127.0.0.1:80", "http://127.0.0.1:80/v1/sessions", "/v1/sessions"},
        {"http://[::1]:80", "http://[::1]:80/v1/sessions", "/v1/sessions"},
        {"http://localhost", "http://localhost/v1/sessions", "/v1/sessions"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ine_options *options = world_options();
        assert_int_equal(ine_options_set_text(options, INE_OPT_BASE_URL, cases[i].base,
                                              strlen(cases[i].base), NULL),
                         INE_OK);
        ine_exchange *x = open_exchange(INE_CALL_CREATE_SESSION, options, 0);
        assert_true(ine__str_is(ine_exchange_get(x, INE_X_URL), cases[i].url));
        assert_true(ine__str_is(ine_exchange_get(x, INE_X_TARGET), cases[i].target));
        assert_true(ine__str_is(ine_exchange_get(x, INE_X_TEMPLATE), "/v1/sessions"));
        ine_exchange_free(x);
        ine_options_free(options);
    }
}

/* B7 */
static void test_b7_plain_http_needs_a_sandbox_key(void **state)
{
    static const char sandbox_key[] = "5a4db0c5-0f5e-4c7a-9a3f-2f0f3ddc7e10";
    static const char *const bases[] = {"http://api.test", "http://10.0.0.1",
                                        "http://127.evil.test"};
    ine_request *request = request_for(INE_CALL_DECISION);
    ine_credentials *credentials = world_credentials(), *sandbox = NULL;
    (void)state;
    assert_int_equal(ine_credentials_new(&sandbox, NULL, 0, sandbox_key, 36, NULL), INE_OK);
    assert_int_equal(ine_credentials_add_secret(sandbox, NULL, 0, "s", 1, NULL), INE_OK);
    for (size_t i = 0; i < 2; i++) {
        ine_exchange *x = NULL;
        ine_options *options = world_options();
        assert_int_equal(
            ine_options_set_text(options, INE_OPT_BASE_URL, bases[i], strlen(bases[i]), NULL), 0);
        assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, NULL),
                         INE_E_CONFIG);
        assert_null(x);
        assert_int_equal(ine_exchange_new(&x, request, sandbox, options, 0, NULL), INE_OK);
        ine_exchange_free(x);
        ine_options_free(options);
    }
    ine_exchange *x = NULL;
    assert_int_equal(ine_exchange_new(&x, request, credentials, NULL, 0, NULL), INE_E_CONFIG);
    ine_options *options = world_options();
    assert_int_equal(
        ine_options_set_number(options, INE_OPT_REPLY_SIGNATURES, INE_REPLY_SIGNATURES_OFF, NULL),
        INE_OK);
    assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, NULL), INE_E_CONFIG);
    assert_int_equal(ine_exchange_new(&x, request, sandbox, options, 0, NULL), INE_OK);
    ine_exchange_free(x);
    ine_options_free(options);
    ine_credentials_free(sandbox);
    ine_credentials_free(credentials);
    ine_request_free(request);
}

/* A download is larger than any JSON; a limit that was set counts for it too (B11). */
static void test_limits_of_replies(void **state)
{
    enum { SIZE = 2 << 20 };
    char *bytes = calloc(1, SIZE);
    world_answer image = {.status = 200, .body = bytes, .body_len = SIZE, .sign = WORLD_SIGNED};
    script s = {.answers = {image}, .count = 1};
    (void)state;
    for (int limited = 0; limited < 2; limited++) {
        world w = {.answer = play, .context = &s};
        ine_options *options = world_options();
        ine_credentials *credentials = world_credentials();
        ine_request *request = NULL;
        ine_exchange *x = NULL;
        ine_decision *decision = NULL;
        assert_int_equal(ine_request_new(&request, INE_CALL_DOWNLOAD_MEDIA, NULL), INE_OK);
        ine_request_set_text(request, INE_IN_MEDIA_ID, WORLD_OTHER, 36, NULL);
        if (limited)
            ine_options_set_number(options, INE_OPT_MAX_REPLY, SIZE - 1, NULL);
        assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, NULL), INE_OK);
        assert_header(x, "Accept", "*/*");
        assert_int_equal(world_run(&w, x, &decision, NULL), limited ? INE_E_LIMIT : INE_OK);
        assert_int_equal(ine_decision_kind(decision), limited ? 0 : INE_KIND_BINARY);
        if (!limited)
            assert_int_equal(ine_decision_bytes(decision).len, SIZE);
        ine_decision_free(decision);
        ine_exchange_free(x);
        ine_request_free(request);
        ine_credentials_free(credentials);
        ine_options_free(options);
        world_forget(&w);
    }
    free(bytes);
}

static void test_credentials_without_a_secret(void **state)
{
    ine_credentials *bare = NULL;
    ine_exchange *x = NULL;
    ine_options *options = world_options();
    ine_request *request = request_for(INE_CALL_DECISION),
                *media = request_for(INE_CALL_UPLOAD_MEDIA);
    (void)state;
    assert_int_equal(ine_credentials_new(&bare, NULL, 0, WORLD_KEY, 36, NULL), INE_OK);
    assert_int_equal(ine_exchange_new(&x, request, bare, options, 0, NULL), INE_E_STATE);
    assert_int_equal(ine_exchange_new(&x, media, bare, options, 0, NULL), INE_E_STATE);
    ine_request_free(request);
    ine_request_free(media);
    ine_credentials_free(bare);
    ine_options_free(options);
}

static void test_arguments(void **state)
{
    ine_exchange *x = NULL;
    size_t written;
    int32_t want;
    int64_t a, b;
    char byte;
    ine_str name;
    (void)state;
    assert_int_equal(ine_exchange_new(NULL, NULL, NULL, NULL, 0, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_new(&x, NULL, NULL, NULL, 0, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_next(NULL, 0, &want, NULL, NULL, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_read(NULL, &byte, 1, &written, &want, &a, &b, NULL),
                     INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_feed_media(NULL, &byte, 1, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_feed_status(NULL, 200, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_feed_header(NULL, "a", 1, "b", 1, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_feed_body(NULL, &byte, 1, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_feed_end(NULL, 0, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_feed_failure(NULL, 1, 0, 0, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_cancel(NULL, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_take(NULL, NULL, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_header(NULL, 0, &name, NULL), INE_E_ARGUMENT);
    assert_null(ine_exchange_get(NULL, INE_X_URL).ptr);
    assert_int_equal(ine_exchange_body_size(NULL), 0);
    assert_int_equal(ine_exchange_attempt_timeout(NULL), 0);
    ine_exchange_free(NULL);
}

static void test_feeds_out_of_turn_are_refused(void **state)
{
    int32_t want;
    size_t written;
    int64_t a, b;
    char bytes[4];
    ine_options *options = world_options();
    ine_exchange *x = open_exchange(INE_CALL_DECISION, options, 0);
    (void)state;
    assert_int_equal(ine_exchange_feed_status(x, 200, NULL), INE_E_STATE);
    assert_int_equal(ine_exchange_feed_end(x, 0, NULL), INE_E_STATE);
    assert_int_equal(ine_exchange_feed_failure(x, INE_FAIL_BROKEN, 0, 0, NULL), INE_E_STATE);
    assert_int_equal(ine_exchange_take(x, NULL, NULL), INE_E_STATE);
    assert_int_equal(ine_exchange_next(x, 0, &want, &a, &b, NULL), INE_OK);
    assert_int_equal(want, INE_WANT_SEND);
    assert_int_equal(ine_exchange_next(x, 0, &want, &a, &b, NULL), INE_OK);
    assert_int_equal(want, INE_WANT_RECV);
    assert_int_equal(ine_exchange_read(x, bytes, 4, &written, &want, &a, &b, NULL), INE_OK);
    assert_int_equal(written, 0);
    assert_int_equal(want, INE_WANT_RECV);
    assert_int_equal(ine_exchange_feed_header(x, "a", 1, "b", 1, NULL), INE_E_STATE);
    assert_int_equal(ine_exchange_feed_body(x, "a", 1, NULL), INE_E_STATE);
    assert_int_equal(ine_exchange_feed_media(x, "a", 1, NULL), INE_E_STATE);
    assert_int_equal(ine_exchange_feed_failure(x, 0, 0, 0, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_feed_failure(x, 10, 0, 0, NULL), INE_E_ARGUMENT);
    ine_exchange_free(x);
    ine_options_free(options);
}

/* ---- memory --------------------------------------------------------------------------------- */

static bool whole_exchange(void *argument)
{
    const int32_t call = *(const int32_t *)argument;
    script s = {.answers = {status(429), ok(good_body(call))}, .count = 2};
    world w = {.answer = play, .context = &s};
    bool good = false;
    ine_exchange *x = NULL;
    ine_decision *decision = NULL;
    ine_error *err = NULL;
    ine_options *options = world_options();
    ine_credentials *credentials = world_credentials();
    ine_request *request = world_request_for(call, WORLD_SESSION);
    if (request && call == INE_CALL_UPLOAD_MEDIA)
        ine_request_set_media_source(request, INE_MEDIA_FACE, sizeof face, NULL);
    w.media = face;
    w.media_len = sizeof face;
    if (options && credentials && request &&
        ine_exchange_new(&x, request, credentials, options, 0, &err) == INE_OK)
        good = world_run(&w, x, &decision, &err) == INE_OK && decision;
    if (!good && err)
        assert_true(ine_error_code(err) == INE_E_MEMORY || ine_error_code(err) == INE_E_STATE ||
                    ine_error_code(err) == INE_E_UNSIGNED ||
                    ine_error_code(err) == INE_E_OUTCOME_UNKNOWN);
    ine_error_free(err);
    ine_decision_free(decision);
    ine_exchange_free(x);
    ine_request_free(request);
    ine_credentials_free(credentials);
    ine_options_free(options);
    world_forget(&w);
    return good;
}

static void test_d4_each_allocation(void **state)
{
    int32_t calls[] = {INE_CALL_DECISION, INE_CALL_SUBMIT, INE_CALL_UPLOAD_MEDIA};
    (void)state;
    for (size_t i = 0; i < 3; i++)
        test_each_allocation(whole_exchange, &calls[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cancel_at_every_point),
        cmocka_unit_test(test_cancel_while_waiting),
        cmocka_unit_test(test_a4_what_is_signed),
        cmocka_unit_test(test_c21_sessions_unsigned_when_switched_off),
        cmocka_unit_test(test_integration_id_and_agent),
        cmocka_unit_test(test_urls),
        cmocka_unit_test(test_b7_plain_http_needs_a_sandbox_key),
        cmocka_unit_test(test_limits_of_replies),
        cmocka_unit_test(test_credentials_without_a_secret),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_feeds_out_of_turn_are_refused),
        cmocka_unit_test(test_d4_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
