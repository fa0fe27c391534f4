/* What is refused before a URL or a body is made of it. */
#include "test_proto_world.h"

#include "proto/request.h"

/* Opens an exchange for a call with these texts; says the code and the first field refused. */
typedef struct text {
    int32_t input;
    const char *value;
} text;

static int32_t try_call(int32_t call, const text *texts, size_t count, char *field, size_t cap)
{
    ine_exchange *x = NULL;
    ine_error *err = NULL;
    ine_options *options = world_options();
    ine_credentials *credentials = world_credentials();
    ine_request *request = NULL;
    assert_int_equal(ine_request_new(&request, call, NULL), INE_OK);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(ine_request_set_text(request, texts[i].input, texts[i].value,
                                              strlen(texts[i].value), NULL),
                         INE_OK);
    const int32_t code = ine_exchange_new(&x, request, credentials, options, 0, &err);
    world_copy(field, cap, ine_error_str(err, INE_DETAIL_FIELD));
    if (code == INE_E_INPUT) {
        assert_null(x);
        assert_true(ine_report_errors(ine_error_report(err)) >= 1);
        assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_NO);
    }
    ine_error_free(err);
    ine_exchange_free(x);
    ine_request_free(request);
    ine_credentials_free(credentials);
    ine_options_free(options);
    return code;
}

/* B8 */
static void test_b8_ids_are_uuids_only(void **state)
{
    static const char *const bad[] = {
        "",
        "../../admin/decision",
        "12df6045-3846-3e45-946a-14fa6136d78",
        "12df6045-3846-3e45-946a-14fa6136d78b ",
        " 12df6045-3846-3e45-946a-14fa6136d78b",
        "12df6045-3846-3e45-946a-14fa6136d78b?x",
        "12df6045-3846-3e45-946a-14fa6136d78b/..",
        "12df6045x3846-3e45-946a-14fa6136d78b",
        "12df6045-3846-3e45-946a-14fa6136d7/b",
        "12df6045384-63e45-946a-14fa6136d78ba",
        "{12df6045-3846-3e45-946a-14fa6136d78b}",
        "urn:uuid:12df6045-3846-3e45-946a-14fa",
        "12df6045-3846-3e45-946a-14fa6136d78\r\nX",
        "\xef\xbc\x91zdf6045-3846-3e45-946a-14fa6136d7",
    };
    static const struct {
        int32_t call, input;
    } ids[] = {
        {INE_CALL_DECISION, INE_IN_SESSION_ID},       {INE_CALL_SUBMIT, INE_IN_SESSION_ID},
        {INE_CALL_DELETE_SESSION, INE_IN_SESSION_ID}, {INE_CALL_DOWNLOAD_MEDIA, INE_IN_MEDIA_ID},
        {INE_CALL_ATTEMPT_MEDIA, INE_IN_ATTEMPT_ID},  {INE_CALL_INE_REGISTRY, INE_IN_SESSION_ID},
    };
    char field[64];
    (void)state;
    for (size_t c = 0; c < sizeof ids / sizeof ids[0]; c++) {
        assert_int_equal(try_call(ids[c].call, NULL, 0, field, sizeof field), INE_E_INPUT);
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
            const text id = {ids[c].input, bad[i]};
            assert_int_equal(try_call(ids[c].call, &id, 1, field, sizeof field), INE_E_INPUT);
            assert_true(ine__str_eq(ine__str_of(field), ine_name(INE_NAMES_INPUT, ids[c].input)));
        }
        const text good = {ids[c].input, "12DF6045-3846-3e45-946a-14fa6136d78b"};
        assert_int_equal(try_call(ids[c].call, &good, 1, field, sizeof field), INE_OK);
    }
}

static void test_raw_paths(void **state)
{
    static const struct {
        const char *path;
        bool ok;
    } paths[] = {
        {"/v1/sessions/{id}/person", true},
        {"/v1/x-y_z.~/{id}", true},
        {"/v1/{id}", true},
        {"", false},
        {"/v1/", false},
        {"/v1", false},
        {"v1/{id}", false},
        {"/v2/{id}", false},
        {"/v1/../{id}", false},
        {"/v1/./{id}", false},
        {"/v1/{id}/..", false},
        {"/v1//{id}", false},
        {"/v1/{id}/", false},
        {"/v1/{id}?a=b", false},
        {"/v1/{id}#a", false},
        {"/v1/{id}/%2e%2e/a", false},
        {"/v1/{id}/a b", false},
        {"/v1/{id}/a\r\nX: y", false},
        {"/v1/{id}/\xc3\xa1", false},
        {"/v1/{id}/{id}", false},
        {"/v1/a{id}", false},
        {"/v1/{ID}", false},
        {"/v1/a/@evil.test", false},
        {"/v1/nothing", false}, /* a GET signs its id */
    };
    char field[64];
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        const text texts[] = {{INE_IN_PATH, paths[i].path}, {INE_IN_SESSION_ID, WORLD_SESSION}};
        const int32_t code = try_call(INE_CALL_RAW_GET, texts, 2, field, sizeof field);
        if (code != (paths[i].ok ? INE_OK : INE_E_INPUT))
            fail_msg("path %zu: %d", i, code);
    }
    const text no_id[] = {{INE_IN_PATH, "/v1/nothing"}, {INE_IN_BODY, "{}"}};
    assert_int_equal(try_call(INE_CALL_RAW_POST, no_id, 2, field, sizeof field), INE_OK);
    const text wants_id[] = {{INE_IN_PATH, "/v1/{id}"}, {INE_IN_BODY, "{}"}};
    assert_int_equal(try_call(INE_CALL_RAW_PATCH, wants_id, 2, field, sizeof field), INE_E_INPUT);
    assert_string_equal(field, "sessionId");
    assert_int_equal(try_call(INE_CALL_RAW_GET, NULL, 0, field, sizeof field), INE_E_INPUT);
    assert_string_equal(field, "path");
    size_t ids;
    const char nul[] = "/v1/a\0b";
    assert_false(ine__path_valid(ine__str(nul, sizeof nul - 1), &ids));
}

static void test_raw_queries_and_versions(void **state)
{
    static const char *const good[] = {"", "a=b&c=d", "version=1.0.0", "a=%20", "t=10:00,11:00"};
    static const char *const bad[] = {"?a=b",       "a b",     "a#b",   "a\r\nb",
                                      "a=\xc3\xa1", "a=\"b\"", "a/../b"};
    static const char *const versions[] = {"1.0.0", "v1", "1"};
    static const char *const bad_versions[] = {
        "", "1 0", "1&a=b", "1/../x", "a\nb", "1234567890123456789012345678901234"};
    char field[64];
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        const text t[] = {
            {INE_IN_PATH, "/v1/{id}"}, {INE_IN_SESSION_ID, WORLD_SESSION}, {INE_IN_QUERY, good[i]}};
        assert_int_equal(try_call(INE_CALL_RAW_DELETE, t, 3, field, sizeof field), INE_OK);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const text t[] = {
            {INE_IN_PATH, "/v1/{id}"}, {INE_IN_SESSION_ID, WORLD_SESSION}, {INE_IN_QUERY, bad[i]}};
        assert_int_equal(try_call(INE_CALL_RAW_GET, t, 3, field, sizeof field), INE_E_INPUT);
        assert_string_equal(field, "query");
    }
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        const text t[] = {{INE_IN_SESSION_ID, WORLD_SESSION}, {INE_IN_VERSION, versions[i]}};
        assert_int_equal(try_call(INE_CALL_INE_REGISTRY, t, 2, field, sizeof field), INE_OK);
    }
    for (size_t i = 0; i < sizeof bad_versions / sizeof bad_versions[0]; i++) {
        const text t[] = {{INE_IN_SESSION_ID, WORLD_SESSION}, {INE_IN_VERSION, bad_versions[i]}};
        assert_int_equal(try_call(INE_CALL_CURP_REGISTRY, t, 2, field, sizeof field), INE_E_INPUT);
        assert_string_equal(field, "version");
    }
}

/* C-1 */
static void test_c1_targets_with_versions_and_queries(void **state)
{
    static const struct {
        int32_t call;
        text extra;
        const char *target, *template;
    } cases[] = {
        {INE_CALL_INE_REGISTRY,
         {0, NULL},
         "/base/v1/sessions/" WORLD_SESSION "/decision/ine-registry?version=1.0.0",
         "/v1/sessions/{id}/decision/ine-registry"},
        {INE_CALL_INE_REGISTRY,
         {INE_IN_VERSION, "v1"},
         "/base/v1/sessions/" WORLD_SESSION "/decision/ine-registry?version=v1",
         "/v1/sessions/{id}/decision/ine-registry"},
        {INE_CALL_INE_CURP_REGISTRY,
         {0, NULL},
         "/base/v1/sessions/" WORLD_SESSION "/decision/combined-ine-curp-registry?version=1.0.0",
         "/v1/sessions/{id}/decision/combined-ine-curp-registry"},
        {INE_CALL_ATTEMPTS,
         {0, NULL},
         "/base/v1/sessions/" WORLD_SESSION "/attempts",
         "/v1/sessions/{id}/attempts"},
        {INE_CALL_WATCHLIST,
         {0, NULL},
         "/base/v1/sessions/" WORLD_SESSION "/watchlist-screening",
         "/v1/sessions/{id}/watchlist-screening"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ine_exchange *x = NULL;
        char signature[65];
        ine_str name, value = INE__NONE;
        ine_options *options = world_options();
        ine_credentials *credentials = world_credentials();
        ine_request *request = world_request_for(cases[i].call, WORLD_SESSION);
        if (cases[i].extra.value)
            ine_request_set_text(request, cases[i].extra.input, cases[i].extra.value,
                                 strlen(cases[i].extra.value), NULL);
        assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, NULL), INE_OK);
        assert_true(ine__str_is(ine_exchange_get(x, INE_X_TARGET), cases[i].target));
        assert_true(ine__str_is(ine_exchange_get(x, INE_X_TEMPLATE), cases[i].template));
        /* the query is not part of what is signed */
        world_sign(signature, WORLD_SESSION, 36);
        for (size_t n = 0; ine_exchange_header(x, n, &name, &value) == INE_OK; n++) {
            if (ine__str_is(name, "X-HMAC-SIGNATURE"))
                assert_true(ine__str_is(value, signature));
        }
        ine_exchange_free(x);
        ine_request_free(request);
        ine_credentials_free(credentials);
        ine_options_free(options);
    }
}

/* A5: no free bytes are signed. */
static void test_a5_bodies_are_json_objects_and_sent_as_they_are(void **state)
{
    static const char *const bad[] = {
        "",     "x",          "[]",          "\"a\"",           "1", "null", "{",
        "{}{}", "{\"a\":1,}", WORLD_SESSION, "{\"a\":\"\xff\"}"};
    static const char odd[] = " {\"b\" : 1,\n\"a\":[1.50, \"\\u00e1\"]}\n";
    static const int32_t calls[] = {INE_CALL_RAW_POST, INE_CALL_RAW_PATCH, INE_CALL_COLLECTED_DATA};
    char field[64];
    (void)state;
    for (size_t c = 0; c < 3; c++) {
        const bool raw = calls[c] != INE_CALL_COLLECTED_DATA;
        text t[] = {{INE_IN_SESSION_ID, WORLD_SESSION},
                    {INE_IN_BODY, NULL},
                    {INE_IN_PATH, "/v1/sessions/{id}/x"}};
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
            t[1].value = bad[i];
            assert_int_equal(try_call(calls[c], t, raw ? 3 : 2, field, sizeof field), INE_E_INPUT);
            assert_string_equal(field, "body");
        }
        t[1] = t[2];
        assert_int_equal(try_call(calls[c], t, raw ? 2 : 1, field, sizeof field), INE_E_INPUT);
    }
    ine_exchange *x = NULL;
    ine_options *options = world_options();
    ine_credentials *credentials = world_credentials();
    ine_request *request = world_request_for(INE_CALL_COLLECTED_DATA, WORLD_SESSION);
    ine_request_set_text(request, INE_IN_BODY, odd, strlen(odd), NULL);
    assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, NULL), INE_OK);
    assert_true(ine__str_is(ine_exchange_get(x, INE_X_BODY), odd));
    assert_int_equal(ine_exchange_body_size(x), strlen(odd));
    ine_exchange_free(x);
    ine_request_free(request);
    ine_credentials_free(credentials);
    ine_options_free(options);
}

static void test_uploads(void **state)
{
    static const unsigned char jpeg[] = {0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1};
    static const struct {
        int32_t context;
        const char *name, *timestamp;
        bool media, ok;
    } cases[] = {
        {INE_MEDIA_FACE, NULL, NULL, true, true},
        {0, "document-and-face", NULL, true, true},
        {0, NULL, NULL, true, false},
        {0, "a\"b", NULL, true, false},
        {0, "", NULL, true, false},
        {INE_MEDIA_FACE, NULL, "2026-04-01T10:00:00Z", true, true},
        {INE_MEDIA_FACE, NULL, "2026-04-01T10:00:00.000+01:00", true, true},
        {INE_MEDIA_FACE, NULL, "2026-04-01", true, false},
        {INE_MEDIA_FACE, NULL, "2026-04-01T10:00:00", true, false},
        {INE_MEDIA_FACE, NULL, "2026-04-01T10:00:00Z\"", true, false},
        {INE_MEDIA_FACE, NULL, NULL, false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ine_exchange *x = NULL;
        ine_options *options = world_options();
        ine_credentials *credentials = world_credentials();
        ine_request *request = world_request_for(INE_CALL_UPLOAD_MEDIA, WORLD_SESSION);
        if (cases[i].media)
            assert_int_equal(
                ine_request_set_media(request, cases[i].context, jpeg, sizeof jpeg, NULL), INE_OK);
        if (cases[i].name)
            ine_request_set_text(request, INE_IN_MEDIA_CONTEXT, cases[i].name,
                                 strlen(cases[i].name), NULL);
        if (cases[i].timestamp)
            ine_request_set_text(request, INE_IN_MEDIA_TIMESTAMP, cases[i].timestamp,
                                 strlen(cases[i].timestamp), NULL);
        const int32_t code = ine_exchange_new(&x, request, credentials, options, 0, NULL);
        if (code != (cases[i].ok ? INE_OK : INE_E_INPUT))
            fail_msg("case %zu: %d", i, code);
        ine_exchange_free(x);
        ine_request_free(request);
        ine_credentials_free(credentials);
        ine_options_free(options);
    }
}

/* A session is checked before it is created, but for the media, which are not known yet. */
static void test_sessions_are_checked(void **state)
{
    ine_options *options = world_options();
    ine_credentials *credentials = world_credentials();
    ine_request *request = NULL;
    ine_exchange *x = NULL;
    ine_error *err = NULL;
    (void)state;
    assert_int_equal(ine_request_new(&request, INE_CALL_CREATE_SESSION, NULL), INE_OK);
    assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, NULL), INE_E_INPUT);
    ine_request_set_text(request, INE_IN_CIC, "12345678901", 11, NULL);
    ine_request_set_text(request, INE_IN_VENDOR_DATA, "v", 1, NULL);
    assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, &err), INE_E_INPUT);
    assert_int_equal(ine_report_errors(ine_error_report(err)), 2); /* CIC, consent */
    ine_error_free(err);
    ine_request_set_text(request, INE_IN_CIC, "123456789", 9, NULL);
    ine_request_set_number(request, INE_IN_CONSENT, 1, NULL);
    assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, NULL), INE_OK);
    assert_non_null(memmem(ine_exchange_get(x, INE_X_BODY).ptr, ine_exchange_get(x, INE_X_BODY).len,
                           "\"123456789\"", 11));
    ine_exchange_free(x);
    ine_request_set_text(request, INE_IN_CIC, "1", 1, NULL);
    assert_int_equal(ine_options_set_number(options, INE_OPT_LOCAL_CHECKS, 0, NULL), INE_OK);
    assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, NULL), INE_OK);
    ine_exchange_free(x);
    ine_request_free(request);
    ine_credentials_free(credentials);
    ine_options_free(options);
}

static void test_arguments(void **state)
{
    ine_request *request = NULL;
    ine_verification *v = NULL;
    (void)state;
    assert_int_equal(ine_request_new(NULL, INE_CALL_SUBMIT, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_request_new(&request, 0, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_request_new(&request, 20, NULL), INE_E_ARGUMENT);
    assert_null(request);
    assert_int_equal(ine_request_new(&request, INE_CALL_SUBMIT, NULL), INE_OK);
    assert_int_equal(ine_request_set_text(NULL, INE_IN_SESSION_ID, "a", 1, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_request_set_text(request, INE_IN_SESSION_ID, NULL, 1, NULL),
                     INE_E_ARGUMENT);
    assert_int_equal(ine_request_set_text(request, INE_IN_BODY, "{}", 2, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_request_set_text(request, INE_IN_PATH, "/v1/a", 5, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_request_set_text(request, -1, "a", 1, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_request_set_text(request, 1000, "a", 1, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_request_set_number(request, INE_IN_CONSENT, 1, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_request_set_media(request, 1, "a", 1, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_verification_new(&v, INE_PRODUCT_MX_INE, NULL), INE_OK);
    assert_int_equal(ine_request_set_verification(request, v, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_request_set_verification(NULL, v, NULL), INE_E_ARGUMENT);
    /* NULL takes a text away again */
    assert_int_equal(ine_request_set_text(request, INE_IN_SESSION_ID, "a", 1, NULL), INE_OK);
    assert_int_equal(ine_request_set_text(request, INE_IN_SESSION_ID, NULL, 0, NULL), INE_OK);
    assert_null(request->text[INE_IN_SESSION_ID].ptr);
    ine_request_free(request);
    assert_int_equal(ine_request_new(&request, INE_CALL_UPLOAD_MEDIA, NULL), INE_OK);
    assert_int_equal(ine_request_set_media(request, 4, "a", 1, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_request_set_media(request, 1, NULL, 1, NULL), INE_E_ARGUMENT);
    ine_request_free(request);
    ine_request_free(NULL);
    ine_verification_free(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_b8_ids_are_uuids_only),
        cmocka_unit_test(test_raw_paths),
        cmocka_unit_test(test_raw_queries_and_versions),
        cmocka_unit_test(test_c1_targets_with_versions_and_queries),
        cmocka_unit_test(test_a5_bodies_are_json_objects_and_sent_as_they_are),
        cmocka_unit_test(test_uploads),
        cmocka_unit_test(test_sessions_are_checked),
        cmocka_unit_test(test_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
