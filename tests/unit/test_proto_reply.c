/* What comes back: every cell of the signature policy, every kind of damage, every cut. */
#include "test_proto_world.h"

#include "proto/judge.h"
#include "proto/retry.h"

static ine_credentials *credentials;

static int set_up(void **state)
{
    (void)state;
    credentials = world_credentials();
    return credentials ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    ine_credentials_free(credentials);
    return 0;
}

#define DECISION                                                                  \
    "{\"status\":\"success\",\"verification\":{\"id\":\"" WORLD_SESSION           \
    "\",\"attemptId\":\"" WORLD_OTHER "\",\"status\":\"declined\",\"code\":9102," \
    "\"reason\":null,\"reasonCode\":102,\"decisionTime\":\"2026-04-01T10:01:05.916Z\"}}"
#define CREATED                                                            \
    "{\"status\":\"success\",\"verification\":{\"id\":\"" WORLD_SESSION    \
    "\",\"url\":\"https://flow.test/v/t\",\"host\":\"https://flow.test\"," \
    "\"status\":\"created\",\"sessionToken\":\"t\"}}"
#define MEDIA                                                  \
    "{\"status\":\"success\",\"image\":{\"id\":\"" WORLD_OTHER \
    "\",\"context\":\"face\",\"size\":12,\"mimetype\":\"image/jpeg\"}}"
#define COLLECTED \
    "{\"status\":\"success\",\"sessionId\":\"" WORLD_SESSION "\",\"attemptId\":\"" WORLD_OTHER "\"}"
#define REGISTRY "{\"active\":true,\"documentState\":\"x\"}"
#define DELETED  "{\"status\":\"success\",\"verification\":{\"id\":\"" WORLD_SESSION "\"}}"
#define FAILED   "{\"status\":\"fail\",\"code\":\"1304\",\"message\":\"secret text\"}"

typedef struct header {
    const char *name, *value;
} header;

static ine__judgement judge_bytes(int32_t call, int32_t status, ine_str body, const header *headers,
                                  int64_t policy)
{
    ine__reply reply;
    ine__judgement judged;
    const ine__expected expected = {
        .call = ine__call_find(call),
        .id = INE__STR(WORLD_SESSION),
        .credentials = credentials,
        .policy = policy,
        .wall = 1790000000,
    };
    ine__reply_init(&reply, 1 << 20);
    ine__reply_status(&reply, status);
    for (; headers && headers->name; headers++)
        assert_true(
            ine__reply_header(&reply, ine__str_of(headers->name), ine__str_of(headers->value)));
    assert_true(ine__reply_body(&reply, body));
    ine__judge(&judged, &reply, &expected);
    ine__reply_free(&reply);
    ine_decision_free(judged.decision);
    return judged;
}

static ine__judgement judge(int32_t call, int32_t status, const char *body, const header *headers)
{
    return judge_bytes(call, status, ine__str_of(body), headers, INE_REPLY_SIGNATURES_DEFAULT);
}

/* ---- the policy ----------------------------------------------------------------------------- */

static const struct {
    int32_t call;
    const char *body;
    bool must; /* a 2xx reply must be signed */
} calls[] = {
    {INE_CALL_CREATE_SESSION, CREATED, false},
    {INE_CALL_UPLOAD_MEDIA, MEDIA, false},
    {INE_CALL_SUBMIT, CREATED, true},
    {INE_CALL_DECISION, DECISION, true},
    {INE_CALL_INE_REGISTRY, REGISTRY, true},
    {INE_CALL_CURP_REGISTRY, "{}", true},
    {INE_CALL_INE_CURP_REGISTRY, "{}", true},
    {INE_CALL_DELETE_SESSION, DELETED, true},
    {INE_CALL_DOWNLOAD_MEDIA, "\xff\xd8 bytes", true},
    {INE_CALL_COLLECTED_DATA, COLLECTED, false},
};

enum { NONE, RIGHT, RIGHT_VRF, BOTH, UPPER, SPACED, WRONG, OF_ID, LEGACY, FORMS };

static size_t make_headers(header *out, int form, const char *body, size_t len)
{
    static char right[65], upper[65], spaced[70], wrong[65], of_id[65];
    size_t n = 0;
    world_sign(right, body, len);
    world_sign(of_id, WORLD_SESSION, 36);
    memcpy(upper, right, sizeof upper);
    for (size_t i = 0; i < 64; i++)
        upper[i] = (char)(right[i] >= 'a' ? right[i] - 32 : right[i]);
    snprintf(spaced, sizeof spaced, " \t%s ", right);
    memcpy(wrong, right, sizeof wrong);
    wrong[63] = wrong[63] == '0' ? '1' : '0';
    const char *x = form == UPPER    ? upper
                    : form == SPACED ? spaced
                    : form == WRONG  ? wrong
                    : form == OF_ID  ? of_id
                                     : right;
    if (form != NONE && form != RIGHT_VRF && form != LEGACY)
        out[n++] = (header){"x-HMAC-signature", x};
    if (form == RIGHT_VRF || form == BOTH)
        out[n++] = (header){"VRF-HMAC-SIGNATURE", right};
    if (form == LEGACY)
        out[n++] = (header){"X-SIGNATURE", right};
    out[n++] = (header){"X-Auth-Client", WORLD_KEY};
    out[n] = (header){NULL, NULL};
    return n;
}

static int32_t wanted_code(size_t i, int form, int64_t policy, int32_t status)
{
    const bool present = form != NONE && form != LEGACY;
    const bool good = present && form != WRONG && form != OF_ID;
    const bool success = status < 300;
    if (policy == INE_REPLY_SIGNATURES_OFF || good)
        goto believed;
    if (present)
        return INE_E_SIGNATURE;
    if (success && (calls[i].must || policy == INE_REPLY_SIGNATURES_REQUIRE))
        return INE_E_UNSIGNED;
    if (!success && policy == INE_REPLY_SIGNATURES_REQUIRE && status != 401 && status != 429 &&
        status < 500)
        return INE_E_UNSIGNED;
believed:
    if (success)
        return INE_OK;
    if (status == 400) /* 1304 counts only when it is signed */
        return good && policy != INE_REPLY_SIGNATURES_OFF ? INE_E_CONFLICT : INE_E_REJECTED;
    return status == 401   ? INE_E_AUTH
           : status == 404 ? INE_E_NOT_FOUND
           : status == 429 ? INE_E_RATE_LIMIT
                           : INE_E_SERVER;
}

static void test_a8_every_cell_of_the_signature_policy(void **state)
{
    static const int32_t statuses[] = {200, 201, 400, 401, 404, 429, 500, 503};
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        for (size_t s = 0; s < sizeof statuses / sizeof statuses[0]; s++) {
            for (int form = 0; form < FORMS; form++) {
                for (int64_t policy = 0; policy <= INE_REPLY_SIGNATURES_OFF; policy++) {
                    header headers[6];
                    const char *body = statuses[s] < 300 ? calls[i].body : FAILED;
                    make_headers(headers, form, body, strlen(body));
                    const ine__judgement got =
                        judge_bytes(calls[i].call, statuses[s], ine__str_of(body), headers, policy);
                    const int32_t want = wanted_code(i, form, policy, statuses[s]);
                    if (got.code != want)
                        fail_msg("call %d, status %d, form %d, policy %d: %d, wanted %d",
                                 calls[i].call, statuses[s], form, (int)policy, got.code, want);
                    assert_int_equal(got.decision != NULL,
                                     want != INE_E_UNSIGNED && want != INE_E_SIGNATURE);
                }
            }
        }
    }
}

/* A2, A7, F53: forms of a signature that must never be right. `digits` of the right one, between
 * `before` and `after`. */
static void test_f53_signatures_that_are_no_signatures(void **state)
{
    static const struct {
        const char *before;
        int digits;
        const char *after;
    } forms[] = {{"", 0, ""},     {"", 63, ""},        {"", 64, "0"},
                 {"0x", 64, ""},  {"sha256=", 64, ""}, {"", 60, "zzzz"},
                 {"v1,", 64, ""}, {"\"", 64, "\""},    {"v1,", 0, ""}};
    char right[65], other[65], value[200];
    (void)state;
    world_sign(right, DECISION, strlen(DECISION));
    world_sign(other, DECISION "\n", strlen(DECISION) + 1);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        snprintf(value, sizeof value, "%s%.*s%s", forms[i].before, forms[i].digits, right,
                 forms[i].after);
        const header headers[] = {{"X-HMAC-SIGNATURE", value}, {NULL, NULL}};
        const ine__judgement got = judge(INE_CALL_DECISION, 200, DECISION, headers);
        assert_int_equal(got.code, INE_E_SIGNATURE);
        assert_null(got.decision);
    }
    snprintf(value, sizeof value, "%s,%s", right, right);
    const header joined[] = {{"X-HMAC-SIGNATURE", value}, {NULL, NULL}};
    assert_int_equal(judge(INE_CALL_DECISION, 200, DECISION, joined).code, INE_E_SIGNATURE);
    const header newline[] = {{"X-HMAC-SIGNATURE", other}, {NULL, NULL}};
    assert_int_equal(judge(INE_CALL_DECISION, 200, DECISION, newline).code, INE_E_SIGNATURE);
    assert_int_equal(judge(INE_CALL_DECISION, 200, DECISION "\n", newline).code, INE_OK);
}

static void test_a7_several_signatures_are_refused(void **state)
{
    char right[65], wrong[65];
    (void)state;
    world_sign(right, DECISION, strlen(DECISION));
    world_sign(wrong, "x", 1);
    const header twice[] = {{"X-HMAC-SIGNATURE", right}, {"x-hmac-signature", right}, {NULL, NULL}};
    const header late[] = {{"X-HMAC-SIGNATURE", right}, {"x-hmac-signature", wrong}, {NULL, NULL}};
    const header vrf_twice[] = {
        {"VRF-HMAC-SIGNATURE", right}, {"VRF-HMAC-SIGNATURE", right}, {NULL, NULL}};
    const header conflict[] = {
        {"X-HMAC-SIGNATURE", right}, {"vrf-hmac-signature", wrong}, {NULL, NULL}};
    const header reverse[] = {
        {"X-HMAC-SIGNATURE", wrong}, {"vrf-hmac-signature", right}, {NULL, NULL}};
    const header empty[] = {{"X-HMAC-SIGNATURE", ""}, {"vrf-hmac-signature", right}, {NULL, NULL}};
    const header *const all[] = {twice, late, vrf_twice, conflict, reverse, empty};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        assert_int_equal(judge(INE_CALL_DECISION, 200, DECISION, all[i]).code, INE_E_SIGNATURE);
}

static void test_client_header(void **state)
{
    char right[65];
    (void)state;
    world_sign(right, DECISION, strlen(DECISION));
    const header none[] = {{"X-HMAC-SIGNATURE", right}, {NULL, NULL}};
    const header upper[] = {{"X-HMAC-SIGNATURE", right},
                            {"X-AUTH-CLIENT", "F8B4C4A2-0F5E-4C7A-9A3F-2F0F3DDC7E10"},
                            {NULL, NULL}};
    const header theirs[] = {
        {"X-HMAC-SIGNATURE", right}, {"X-AUTH-CLIENT", WORLD_OTHER}, {NULL, NULL}};
    const header vrf[] = {{"X-HMAC-SIGNATURE", right},
                          {"X-AUTH-CLIENT", WORLD_KEY},
                          {"vrf-auth-client", WORLD_OTHER},
                          {NULL, NULL}};
    const header both[] = {{"X-HMAC-SIGNATURE", right},
                           {"X-AUTH-CLIENT", WORLD_KEY},
                           {"X-AUTH-CLIENT", WORLD_OTHER},
                           {NULL, NULL}};
    const header empty[] = {{"X-HMAC-SIGNATURE", right}, {"X-AUTH-CLIENT", ""}, {NULL, NULL}};
    assert_int_equal(judge(INE_CALL_DECISION, 200, DECISION, none).code, INE_OK);
    assert_int_equal(judge(INE_CALL_DECISION, 200, DECISION, upper).code, INE_OK);
    assert_int_equal(judge(INE_CALL_DECISION, 200, DECISION, theirs).code, INE_E_MISMATCH);
    assert_int_equal(judge(INE_CALL_DECISION, 200, DECISION, vrf).code, INE_E_MISMATCH);
    assert_int_equal(judge(INE_CALL_DECISION, 200, DECISION, both).code, INE_E_MISMATCH);
    assert_int_equal(judge(INE_CALL_DECISION, 200, DECISION, empty).code, INE_E_MISMATCH);
    assert_int_equal(judge(INE_CALL_DECISION, 401, FAILED, theirs).code, INE_E_MISMATCH);
}

/* ---- content -------------------------------------------------------------------------------- */

static ine__judgement judge_signed(int32_t call, int32_t status, const char *body, size_t len)
{
    header headers[6];
    make_headers(headers, RIGHT, body, len);
    return judge_bytes(call, status, ine__str(body, len), headers, INE_REPLY_SIGNATURES_DEFAULT);
}

/* A9, F54: a genuine reply for another session. */
static void test_a9_reply_of_another_session(void **state)
{
    static const char other[] = "{\"status\":\"success\",\"verification\":{\"id\":\"" WORLD_OTHER
                                "\",\"status\":\"approved\",\"code\":9001}}";
    static const char upper[] = "{\"status\":\"success\",\"verification\":{\"id\":"
                                "\"12DF6045-3846-3E45-946A-14FA6136D78B\","
                                "\"status\":\"approved\",\"code\":9001}}";
    static const char nameless[] =
        "{\"status\":\"success\",\"verification\":{\"status\":\"approved\",\"code\":9001}}";
    static const char pending[] = "{\"status\":\"success\",\"verification\":null}";
    static const int32_t ids[] = {INE_CALL_DECISION, INE_CALL_SUBMIT, INE_CALL_DELETE_SESSION};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(judge_signed(ids[i], 200, other, strlen(other)).code, INE_E_MISMATCH);
        assert_int_equal(judge_signed(ids[i], 200, upper, strlen(upper)).code, INE_OK);
    }
    assert_int_equal(judge_signed(INE_CALL_DECISION, 200, nameless, strlen(nameless)).code,
                     INE_E_MISMATCH);
    assert_int_equal(judge_signed(INE_CALL_DECISION, 200, pending, strlen(pending)).code, INE_OK);
    assert_int_equal(judge_signed(INE_CALL_SUBMIT, 200, pending, strlen(pending)).code, INE_E_FORM);
}

/* F58, F59: signed, complete, and still not what the API answers. */
static void test_f58_bodies_that_are_not_the_documented_form(void **state)
{
    static const struct {
        const char *body;
        int32_t code;
    } cases[] = {
        {"", INE_E_JSON},
        {"<html></html>", INE_E_JSON},
        {"null", INE_E_FORM},
        {"[]", INE_E_FORM},
        {"{}", INE_E_FORM},
        {"\xef\xbb\xbf{}", INE_E_JSON},
        {"{\"status\":\"fail\",\"code\":1101,\"message\":\"x\"}", INE_E_FORM},
        {"{\"status\":\"success\",\"status\":\"success\",\"verification\":null}", INE_E_FORM},
        {"{\"status\":\"success\",\"verification\":null} x", INE_E_JSON},
        {"{\"status\":\"\\ud800\",\"verification\":null}", INE_E_JSON},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const ine__judgement got =
            judge_signed(INE_CALL_DECISION, 200, cases[i].body, strlen(cases[i].body));
        if (got.code != cases[i].code && !(got.code == INE_E_JSON || got.code == INE_E_FORM))
            fail_msg("case %zu: %d", i, got.code);
        assert_null(got.decision);
    }
}

static void test_created_session_must_have_an_id(void **state)
{
    static const char *const bodies[] = {
        "{\"status\":\"success\",\"verification\":{\"url\":\"https://a.test/v/t\"}}",
        "{\"status\":\"success\",\"verification\":{\"id\":\"../../x\",\"url\":\"https://a.test\"}}",
        "{\"status\":\"success\",\"verification\":null}",
    };
    (void)state;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(judge(INE_CALL_CREATE_SESSION, 201, bodies[i], NULL).code, INE_E_FORM);
    assert_int_equal(judge(INE_CALL_CREATE_SESSION, 201, CREATED, NULL).code, INE_OK);
}

/* B3, F16-F22: every cut of every reply, as a connection that ended cleanly. */
static void test_b3_every_cut_of_every_reply(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        const size_t len = strlen(calls[i].body);
        header headers[6];
        make_headers(headers, RIGHT, calls[i].body, len);
        for (size_t cut = 0; cut <= len; cut++) {
            const ine_str body = ine__str(calls[i].body, cut);
            const ine__judgement is_signed =
                judge_bytes(calls[i].call, 200, body, headers, INE_REPLY_SIGNATURES_DEFAULT);
            assert_int_equal(is_signed.code, cut == len ? INE_OK : INE_E_SIGNATURE);
            const ine__judgement plain =
                judge_bytes(calls[i].call, 200, body, NULL, INE_REPLY_SIGNATURES_DEFAULT);
            assert_int_equal(plain.code == INE_OK, cut == len && !calls[i].must);
        }
    }
}

/* ---- the header block ----------------------------------------------------------------------- */

static void test_damaged_headers(void **state)
{
    static const header cases[][3] = {
        {{"Content-Length", "3"}, {NULL, NULL}},
        {{"Content-Length", "-5"}, {NULL, NULL}},
        {{"Content-Length", "99999999999999999999"}, {NULL, NULL}},
        {{"Content-Length", "x"}, {NULL, NULL}},
        {{"Content-Length", ""}, {NULL, NULL}},
        {{"Content-Length", "178"}, {"content-length", "3"}, {NULL, NULL}},
        {{"Content-Length", "178"}, {"Transfer-Encoding", "chunked"}, {NULL, NULL}},
        {{"Content-Encoding", "gzip"}, {NULL, NULL}},
        {{"Content-Encoding", "identity, gzip"}, {NULL, NULL}},
        {{"Content-Encoding", "identity"}, {"Content-Encoding", "br"}, {NULL, NULL}},
        {{"Content-Encoding", ""}, {NULL, NULL}},
    };
    static const int32_t statuses[] = {0, 100, 199, 204, 304, 600, 999, -1, 42};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(judge(INE_CALL_CREATE_SESSION, 201, CREATED, cases[i]).code,
                         INE_E_PROTOCOL);
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
        assert_int_equal(judge(INE_CALL_CREATE_SESSION, statuses[i], CREATED, NULL).code,
                         INE_E_PROTOCOL);
    char length[24];
    snprintf(length, sizeof length, "%zu", strlen(CREATED));
    const header right[] = {
        {"Content-Length", length}, {"Content-Encoding", "Identity"}, {NULL, NULL}};
    assert_int_equal(judge(INE_CALL_CREATE_SESSION, 201, CREATED, right).code, INE_OK);
}

/* F34: headers of a 1xx block, and of a trailer, do not count. */
static void test_f34_only_the_final_block_counts(void **state)
{
    char right[65];
    ine__reply reply;
    (void)state;
    world_sign(right, DECISION, strlen(DECISION));
    ine__reply_init(&reply, 4096);
    for (int32_t status = 100; status < 104; status++) {
        ine__reply_status(&reply, status);
        assert_true(ine__reply_header(&reply, INE__STR("X-HMAC-SIGNATURE"), ine__str_of(right)));
    }
    ine__reply_status(&reply, 200);
    assert_int_equal(reply.value[INE__H_SIGNATURE].count, 0);
    assert_true(ine__reply_header(&reply, INE__STR("Date"), INE__STR("x")));
    assert_true(ine__reply_body(&reply, INE__STR("{")));
    assert_true(ine__reply_header(&reply, INE__STR("X-HMAC-SIGNATURE"), ine__str_of(right)));
    assert_int_equal(reply.value[INE__H_SIGNATURE].count, 0);
    assert_int_equal(reply.value[INE__H_DATE].count, 1);
    ine__reply_free(&reply);
}

/* B11, F31, F32 */
static void test_b11_caps(void **state)
{
    static char big[INE__REPLY_HEADER_BYTES];
    ine__reply reply;
    (void)state;
    memset(big, 'a', sizeof big);
    ine__reply_init(&reply, 1024);
    ine__reply_status(&reply, 200);
    for (size_t i = 0; i < INE__REPLY_HEADERS; i++)
        assert_true(ine__reply_header(&reply, INE__STR("a"), INE__STR("b")));
    assert_false(ine__reply_header(&reply, INE__STR("a"), INE__STR("b")));
    ine__reply_status(&reply, 200);
    assert_false(reply.too_many_headers);
    assert_false(ine__reply_header(&reply, INE__STR("a"), ine__str(big, sizeof big)));
    assert_true(reply.too_many_headers);
    ine__reply_status(&reply, 200);
    assert_true(ine__reply_header(&reply, INE__STR("a"), ine__str(big, sizeof big - 1)));
    for (size_t i = 0; i < 1024; i++)
        assert_true(ine__reply_body(&reply, INE__STR("x")));
    assert_false(ine__reply_body(&reply, INE__STR("x")));
    assert_true(reply.body.too_long);
    ine__reply_free(&reply);
}

/* D3: a reply's text is nowhere in what a caller can print. */
static void test_d3_errors_hold_no_text_of_a_reply(void **state)
{
    (void)state;
    const ine__judgement got = judge(INE_CALL_DECISION, 401, FAILED, NULL);
    assert_int_equal(got.code, INE_E_AUTH);
    assert_int_equal(got.api_code, 1304); /* a number may be shown, and decides nothing */
    assert_null(strstr(got.text, "secret"));
}

static void test_columns(void **state)
{
    static const struct {
        int32_t status, column;
    } cases[] = {{429, INE__COL_THROTTLED},   {500, INE__COL_UNAVAILABLE},
                 {502, INE__COL_UNAVAILABLE}, {503, INE__COL_UNAVAILABLE},
                 {504, INE__COL_UNAVAILABLE}, {501, INE__COL_FINAL},
                 {505, INE__COL_FINAL},       {599, INE__COL_FINAL},
                 {400, INE__COL_FINAL},       {408, INE__COL_FINAL}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(judge(INE_CALL_DECISION, cases[i].status, FAILED, NULL).column,
                         cases[i].column);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a8_every_cell_of_the_signature_policy),
        cmocka_unit_test(test_f53_signatures_that_are_no_signatures),
        cmocka_unit_test(test_a7_several_signatures_are_refused),
        cmocka_unit_test(test_client_header),
        cmocka_unit_test(test_a9_reply_of_another_session),
        cmocka_unit_test(test_f58_bodies_that_are_not_the_documented_form),
        cmocka_unit_test(test_created_session_must_have_an_id),
        cmocka_unit_test(test_b3_every_cut_of_every_reply),
        cmocka_unit_test(test_damaged_headers),
        cmocka_unit_test(test_f34_only_the_final_block_counts),
        cmocka_unit_test(test_b11_caps),
        cmocka_unit_test(test_d3_errors_hold_no_text_of_a_reply),
        cmocka_unit_test(test_columns),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
