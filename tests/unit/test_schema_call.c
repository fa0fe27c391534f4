/* The table of calls, against the vendor's rules written out again [facts: veriff-api.md 1.3]. */
#include "support.h"

#include "schema/call.h"

static void test_a4_table(void **state)
{
    (void)state;
    static const struct {
        int32_t call;
        const char *method, *path;
        int32_t id;
    } wanted[] = {
        {INE_CALL_CREATE_SESSION, "POST", "/v1/sessions", 0},
        {INE_CALL_UPLOAD_MEDIA, "POST", "/v1/sessions/{id}/media", INE_IN_SESSION_ID},
        {INE_CALL_SUBMIT, "PATCH", "/v1/sessions/{id}", INE_IN_SESSION_ID},
        {INE_CALL_DECISION, "GET", "/v1/sessions/{id}/decision", INE_IN_SESSION_ID},
        {INE_CALL_INE_REGISTRY, "GET", "/v1/sessions/{id}/decision/ine-registry",
         INE_IN_SESSION_ID},
        {INE_CALL_MEDIA_LIST, "GET", "/v1/sessions/{id}/media", INE_IN_SESSION_ID},
        {INE_CALL_ATTEMPTS, "GET", "/v1/sessions/{id}/attempts", INE_IN_SESSION_ID},
        {INE_CALL_COLLECTED_DATA, "POST", "/v1/sessions/{id}/collected-data", INE_IN_SESSION_ID},
        {INE_CALL_DELETE_SESSION, "DELETE", "/v1/sessions/{id}", INE_IN_SESSION_ID},
        {INE_CALL_DOWNLOAD_MEDIA, "GET", "/v1/media/{id}", INE_IN_MEDIA_ID},
        {INE_CALL_ATTEMPT_MEDIA, "GET", "/v1/attempts/{id}/media", INE_IN_ATTEMPT_ID},
        {INE_CALL_PERSON, "GET", "/v1/sessions/{id}/person", INE_IN_SESSION_ID},
        {INE_CALL_CURP_REGISTRY, "GET", "/v1/sessions/{id}/decision/curp-registry",
         INE_IN_SESSION_ID},
        {INE_CALL_INE_CURP_REGISTRY, "GET", "/v1/sessions/{id}/decision/combined-ine-curp-registry",
         INE_IN_SESSION_ID},
        {INE_CALL_WATCHLIST, "GET", "/v1/sessions/{id}/watchlist-screening", INE_IN_SESSION_ID},
        {INE_CALL_RAW_GET, "GET", NULL, INE_IN_SESSION_ID},
        {INE_CALL_RAW_POST, "POST", NULL, INE_IN_SESSION_ID},
        {INE_CALL_RAW_PATCH, "PATCH", NULL, INE_IN_SESSION_ID},
        {INE_CALL_RAW_DELETE, "DELETE", NULL, INE_IN_SESSION_ID},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        const ine__call *call = ine__call_find(wanted[i].call);
        assert_non_null(call);
        assert_int_equal(wanted[i].call, i + 1);
        assert_string_equal(call->method, wanted[i].method);
        assert_true(wanted[i].path ? call->path && strcmp(call->path, wanted[i].path) == 0
                                   : !call->path);
        assert_int_equal(call->id_input, wanted[i].id);
        const bool body = call->method[0] == 'P';
        assert_int_equal(call->signs, body ? INE__SIGNS_BODY : INE__SIGNS_ID);
        /* C-19: only a POST's reply may be unsigned */
        assert_int_equal(call->reply_signed, strcmp(call->method, "POST") != 0);
        assert_int_equal(call->has_version, call->path && strstr(call->path, "-registry"));
        assert_int_equal(call->idempotent, call->method[0] == 'G' || call->call == INE_CALL_SUBMIT);
        assert_int_equal(call->echoes_session, call->call == INE_CALL_SUBMIT ||
                                                   call->call == INE_CALL_DECISION ||
                                                   call->call == INE_CALL_DELETE_SESSION);
    }
    assert_null(ine__call_find(0));
    assert_null(ine__call_find(20));
    assert_null(ine__call_find(-1));
}

static void test_classify(void **state)
{
    (void)state;
    static const struct {
        int32_t status;
        int64_t api_code;
        int32_t code;
    } cases[] = {
        {200, -1, INE_OK},           {201, 1101, INE_OK},
        {204, -1, INE_OK},           {301, -1, INE_E_REDIRECT},
        {302, -1, INE_E_REDIRECT},   {307, -1, INE_E_REDIRECT},
        {400, -1, INE_E_REJECTED},   {400, 1101, INE_E_REJECTED},
        {400, 1304, INE_E_CONFLICT}, {400, 1305, INE_E_CONFLICT},
        {400, 1306, INE_E_CONFLICT}, {400, 1303, INE_E_REJECTED},
        {401, 1304, INE_E_AUTH},     {401, 1803, INE_E_AUTH},
        {403, -1, INE_E_AUTH},       {404, 1101, INE_E_NOT_FOUND},
        {409, -1, INE_E_CONFLICT},   {413, -1, INE_E_REJECTED},
        {422, 1304, INE_E_REJECTED}, {429, -1, INE_E_RATE_LIMIT},
        {500, 1101, INE_E_SERVER},   {502, -1, INE_E_SERVER},
        {599, -1, INE_E_SERVER},     {100, -1, INE_E_PROTOCOL},
        {0, -1, INE_E_PROTOCOL},     {600, -1, INE_E_PROTOCOL},
        {-1, -1, INE_E_PROTOCOL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (ine__classify(cases[i].status, cases[i].api_code) != cases[i].code)
            fail_msg("%d, %d", cases[i].status, (int)cases[i].api_code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a4_table),
        cmocka_unit_test(test_classify),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
