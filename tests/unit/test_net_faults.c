/* The fault list of docs/security.md against a server that plays each fault; F numbers in the
 * names. */
#include "netclient.h"

/* What a GET and a POST come to. A lost reply to a GET is a broken connection; to a POST it may
 * have happened. Exactly one request is sent in any case. */
typedef struct fault {
    const char *name, *reply;
    int then;
    int32_t get, post;
} fault;

#define HEAD200     "HTTP/1.1 200 OK\r\n"
#define SIGNED_BODY "{\"a\":1}"

static const fault faults[] = {
    {"F06 nothing, FIN", "", RAW_FIN, INE_E_TRANSPORT, INE_E_OUTCOME_UNKNOWN},
    {"F07 nothing, RST", "", RAW_RST, INE_E_TRANSPORT, INE_E_OUTCOME_UNKNOWN},
    {"F16 half a status line", "HTTP/1.1 2", RAW_FIN, INE_E_TRANSPORT, INE_E_OUTCOME_UNKNOWN},
    {"F17 FIN inside the headers", HEAD200 "Content-Type: application/json\r\n", RAW_FIN,
     INE_E_PROTOCOL, INE_E_OUTCOME_UNKNOWN},
    {"F18 FIN inside the body", HEAD200 "Content-Length: 100\r\n\r\n{", RAW_FIN, INE_E_TRANSPORT,
     INE_E_OUTCOME_UNKNOWN},
    {"F19 RST inside the body", HEAD200 "Content-Length: 100\r\n\r\n{", RAW_RST, INE_E_TRANSPORT,
     INE_E_OUTCOME_UNKNOWN},
    {"F22 no length, unsigned", HEAD200 "\r\n" SIGNED_BODY, RAW_FIN, INE_E_UNSIGNED, 0},
    {"F23 negative length", HEAD200 "Content-Length: -5\r\n\r\n", RAW_FIN, INE_E_PROTOCOL,
     INE_E_OUTCOME_UNKNOWN},
    {"F23 length that no number holds", HEAD200 "Content-Length: 99999999999999999999\r\n\r\n{}",
     RAW_FIN, INE_E_PROTOCOL, INE_E_OUTCOME_UNKNOWN},
    {"F24 two lengths", HEAD200 "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", RAW_FIN,
     INE_E_PROTOCOL, INE_E_OUTCOME_UNKNOWN},
    {"F25 length and chunks",
     HEAD200 "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", RAW_FIN,
     INE_E_PROTOCOL, INE_E_OUTCOME_UNKNOWN},
    {"F26 no last chunk", HEAD200 "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", RAW_FIN,
     INE_E_TRANSPORT, INE_E_OUTCOME_UNKNOWN},
    {"F27 chunk size that is no number", HEAD200 "Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n",
     RAW_FIN, INE_E_PROTOCOL, INE_E_OUTCOME_UNKNOWN},
    {"F27 chunk size too wide",
     HEAD200 "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffffffff\r\n{}\r\n", RAW_FIN,
     INE_E_PROTOCOL, INE_E_OUTCOME_UNKNOWN},
    {"F28 garbage", "this is not HTTP at all\r\n\r\n", RAW_FIN, INE_E_PROTOCOL,
     INE_E_OUTCOME_UNKNOWN},
    {"F28 HTTP/0.9", "{\"status\":\"success\"}", RAW_FIN, INE_E_PROTOCOL, INE_E_OUTCOME_UNKNOWN},
    {"F28 status of two digits", "HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\n{}", RAW_FIN,
     INE_E_PROTOCOL, INE_E_OUTCOME_UNKNOWN},
    {"F29 status 600", "HTTP/1.1 600 Odd\r\nContent-Length: 2\r\n\r\n{}", RAW_FIN, INE_E_PROTOCOL,
     INE_E_OUTCOME_UNKNOWN},
    {"F29 status 999", "HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\n{}", RAW_FIN, INE_E_PROTOCOL,
     INE_E_OUTCOME_UNKNOWN},
    {"F29 switching protocols", "HTTP/1.1 101 Up\r\nUpgrade: h2c\r\n\r\n", RAW_FIN, INE_E_PROTOCOL,
     INE_E_OUTCOME_UNKNOWN},
    {"F35 204", "HTTP/1.1 204 No Content\r\n\r\n", RAW_FIN, INE_E_PROTOCOL, INE_E_OUTCOME_UNKNOWN},
    {"F35 304", "HTTP/1.1 304 Not Modified\r\n\r\n", RAW_FIN, INE_E_PROTOCOL,
     INE_E_OUTCOME_UNKNOWN},
    {"F36 redirect", "HTTP/1.1 302 Found\r\nLocation: /v1/other\r\nContent-Length: 0\r\n\r\n",
     RAW_FIN, INE_E_REDIRECT, INE_E_REDIRECT},
    {"F36 redirect with the method kept",
     "HTTP/1.1 307 Temporary\r\nLocation: http://localhost:1/\r\nContent-Length: 0\r\n\r\n",
     RAW_FIN, INE_E_REDIRECT, INE_E_REDIRECT},
    {"F37 gzip announced", HEAD200 "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", RAW_FIN,
     INE_E_PROTOCOL, INE_E_OUTCOME_UNKNOWN},
    {"F40 unknown encoding", HEAD200 "Content-Encoding: odd\r\nContent-Length: 2\r\n\r\n{}",
     RAW_FIN, INE_E_PROTOCOL, INE_E_OUTCOME_UNKNOWN},
    {"folded header", HEAD200 "X-Thing: a\r\n b\r\nContent-Length: 2\r\n\r\n{}", RAW_FIN,
     INE_E_PROTOCOL, INE_E_OUTCOME_UNKNOWN},
    {"header without a colon", HEAD200 "X-Thing a\r\nContent-Length: 2\r\n\r\n{}", RAW_FIN,
     INE_E_PROTOCOL, INE_E_OUTCOME_UNKNOWN},
    {"gzip as transfer encoding",
     HEAD200 "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", RAW_FIN,
     INE_E_PROTOCOL, INE_E_OUTCOME_UNKNOWN},
};

static void damaged_replies(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        for (int post = 0; post < 2; post++) {
            const int32_t wanted = post ? faults[i].post : faults[i].get;
            net n = net_new();
            raw_text(n.server, faults[i].reply, faults[i].then);
            net_go(&n);
            const int32_t code = net_call(&n, post ? net_post() : net_get(), NULL, NULL);
            if (code != wanted || atomic_load(&n.server->requests) != 1)
                print_error("%s, %s: %d, not %d, after %u requests\n", faults[i].name,
                            post ? "POST" : "GET", code, wanted, atomic_load(&n.server->requests));
            assert_int_equal(code, wanted);
            assert_int_equal(atomic_load(&n.server->requests), 1);
            net_free(&n);
        }
    }
}

/* F30: libcurl itself refuses a NUL in a header. */
static void f30_nul_in_a_header(void **state)
{
    static const char reply[] = HEAD200 "X-Thing: a\0b\r\nContent-Length: 2\r\n\r\n{}";
    (void)state;
    net n = net_new();
    raw_add(n.server, reply, sizeof reply - 1, RAW_FIN);
    net_go(&n);
    assert_int_equal(net_call(&n, net_get(), NULL, NULL), INE_E_PROTOCOL);
    net_free(&n);
}

/* Findings 2 and 3: of all the places where a reply can be cut, only its end is a success. */
static void b3_f16_f17_f18_f19_every_cut_is_an_error(void **state)
{
    (void)state;
    for (int then = RAW_FIN; then <= RAW_RST; then++) {
        net n = net_new();
        const size_t len = raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, then)->len;
        n.server->sweep = true;
        net_go(&n);
        for (size_t cut = 0; cut < len; cut++) {
            const int32_t code = net_call(&n, net_get(), NULL, NULL);
            if (code != INE_E_TRANSPORT && code != INE_E_PROTOCOL)
                print_error("cut after %zu bytes: %d\n", cut, code);
            assert_true(code == INE_E_TRANSPORT || code == INE_E_PROTOCOL);
        }
        assert_int_equal(atomic_load(&n.server->requests), len);
        assert_int_equal(net_call(&n, net_get(), NULL, NULL), INE_OK);
        net_free(&n);
    }
}

/* T3: however the bytes are cut up, the result is the same. */
static void slices(void **state)
{
    static const size_t sizes[] = {1, 2, 3, 7, 0};
    (void)state;
    net n = net_new();
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_KEEP)->slice = sizes[i];
    net_go(&n);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        int32_t kind;
        assert_int_equal(net_call(&n, net_get(), NULL, &kind), INE_OK);
        assert_int_equal(kind, INE_KIND_DECISION);
    }
    assert_int_equal(atomic_load(&n.server->connections), 1);
    net_free(&n);
}

/* Finding 1, B2, F08: the connection of an earlier call is kept; the second request is read, then
 * the server goes away. libcurl would send it again on a new connection. */
static void b2_f08_a_lost_reply_on_a_kept_connection(void **state)
{
    (void)state;
    for (int then = RAW_FIN; then <= RAW_RST; then++) {
        for (int post = 0; post < 2; post++) {
            net n = net_new();
            raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_KEEP);
            raw_text(n.server, "", then);
            /* What a repeat would get. */
            raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_KEEP);
            net_go(&n);
            assert_int_equal(net_call(&n, net_get(), NULL, NULL), INE_OK);
            const int32_t code = net_call(&n, post ? net_post() : net_get(), NULL, NULL);
            assert_int_equal(code, post ? INE_E_OUTCOME_UNKNOWN : INE_E_TRANSPORT);
            assert_int_equal(atomic_load(&n.server->requests), 2);
            net_free(&n);
        }
    }
}

/* F09: closed between two calls: a new connection, and each request once. */
static void f09_closed_while_idle(void **state)
{
    (void)state;
    net n = net_new();
    raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_FIN);
    raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_FIN);
    net_go(&n);
    assert_int_equal(net_call(&n, net_get(), NULL, NULL), INE_OK);
    raw_until(&n.server->closed, 1);
    assert_int_equal(net_call(&n, net_post(), NULL, NULL), INE_OK);
    assert_int_equal(atomic_load(&n.server->requests), 2);
    assert_int_equal(atomic_load(&n.server->connections), 2);
    net_free(&n);
}

/* F34: whatever 1xx blocks and trailers say does not count. */
static void f34_only_the_final_block_counts(void **state)
{
    char text[1024], signature[65] = {0};
    (void)state;
    net n = net_new();
    assert_int_equal(ine__credentials_sign(n.credentials, INE__STR(NET_DECISION), signature, NULL),
                     INE_OK);
    snprintf(text, sizeof text,
             "HTTP/1.1 100 Continue\r\nX-HMAC-SIGNATURE: %064d\r\n\r\n"
             "HTTP/1.1 103 Early Hints\r\nX-HMAC-SIGNATURE: %064d\r\n\r\n" HEAD200
             "Content-Length: %zu\r\nX-HMAC-SIGNATURE: %s\r\n\r\n%s",
             0, 0, strlen(NET_DECISION), signature, NET_DECISION);
    raw_text(n.server, text, RAW_KEEP);
    /* The right signature in a 103 or in a trailer, none in the reply. */
    snprintf(text, sizeof text,
             "HTTP/1.1 103 Early Hints\r\nX-HMAC-SIGNATURE: %s\r\n\r\n" HEAD200
             "Content-Length: %zu\r\n\r\n%s",
             signature, strlen(NET_DECISION), NET_DECISION);
    raw_text(n.server, text, RAW_KEEP);
    snprintf(text, sizeof text,
             HEAD200 "Transfer-Encoding: chunked\r\n\r\n%zx\r\n%s\r\n0\r\nX-HMAC-SIGNATURE: %s\r\n"
                     "\r\n",
             strlen(NET_DECISION), NET_DECISION, signature);
    raw_text(n.server, text, RAW_KEEP);
    net_go(&n);
    assert_int_equal(net_call(&n, net_get(), NULL, NULL), INE_OK);
    assert_int_equal(net_call(&n, net_get(), NULL, NULL), INE_E_UNSIGNED);
    assert_int_equal(net_call(&n, net_get(), NULL, NULL), INE_E_UNSIGNED);
    net_free(&n);
}

static char *many_headers(size_t count, size_t value)
{
    const size_t each = value + 32;
    char *text = malloc(count * each + 128), *at = text;
    at += sprintf(at, HEAD200);
    for (size_t i = 0; i < count; i++)
        at += sprintf(at, "X-%zu: %0*d\r\n", i, (int)value, 0);
    sprintf(at, "Content-Length: 2\r\n\r\n{}");
    return text;
}

/* B11, F31, F32: headers without end, one without end, a body without end. */
static void b11_too_much(void **state)
{
    char *texts[] = {many_headers(6000, 4), many_headers(1, 400000), many_headers(90, 1000)};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        net n = net_new();
        raw_text(n.server, texts[i], RAW_FIN);
        net_go(&n);
        assert_int_equal(net_call(&n, net_get(), NULL, NULL), INE_E_LIMIT);
        net_free(&n);
        free(texts[i]);
    }
    for (int chunked = 0; chunked < 2; chunked++) {
        const size_t size = 300000;
        char *text = malloc(size + 128);
        const int head = snprintf(text, 128, HEAD200 "%s\r\n",
                                  chunked ? "Transfer-Encoding: chunked\r\n\r\n493e0"
                                          : "Content-Length: 300000\r\n");
        memset(text + head, ' ', size);
        net n = net_new();
        raw_add(n.server, text, (size_t)head + size, RAW_FIN);
        net_number(&n, INE_OPT_MAX_REPLY, 65536);
        net_go(&n);
        assert_int_equal(net_call(&n, net_get(), NULL, NULL), INE_E_LIMIT);
        net_free(&n);
        free(text);
    }
}

/* F12, F51: a server that does not answer. */
static void f12_silence(void **state)
{
    (void)state;
    static const char *const beginnings[] = {"", HEAD200, HEAD200 "Content-Length: 9\r\n\r\n{"};
    for (size_t i = 0; i < 3; i++) {
        net n = net_new();
        ine_error *err;
        raw_text(n.server, beginnings[i], RAW_HANG);
        net_number(&n, INE_OPT_CALL_TIMEOUT_MS, 150);
        net_go(&n);
        assert_int_equal(net_call(&n, net_get(), &err, NULL), INE_E_TIMEOUT);
        assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_UNKNOWN);
        assert_int_equal(ine_error_number(err, INE_DETAIL_TRANSPORT_CODE), 28);
        ine_error_free(err);
        net_free(&n);
    }
}

/* F33: 1xx without end is a time-out like any other silence. */
static void f33_endless_1xx(void **state)
{
    (void)state;
    static char text[64 * 400];
    for (size_t i = 0; i < 400; i++)
        strcat(text + i * 25, "HTTP/1.1 100 Continue\r\n\r\n");
    net n = net_new();
    raw_text(n.server, text, RAW_HANG);
    net_number(&n, INE_OPT_CALL_TIMEOUT_MS, 200);
    net_go(&n);
    assert_int_equal(net_call(&n, net_get(), NULL, NULL), INE_E_TIMEOUT);
    net_free(&n);
}

/* F03: nobody listens. Nothing was sent, and the call may be made again. */
static void f03_refused(void **state)
{
    (void)state;
    net n = net_new();
    ine_error *err;
    net_go(&n);
    shutdown(n.server->listening, SHUT_RDWR);
    assert_int_equal(net_call(&n, net_post(), &err, NULL), INE_E_CONNECT);
    assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_NO);
    assert_int_equal(ine_error_number(err, INE_DETAIL_RETRYABLE), 1);
    assert_int_equal(ine_error_number(err, INE_DETAIL_TRANSPORT_CODE),
                     7 /* CURLE_COULDNT_CONNECT */);
    ine_error_free(err);
    net_free(&n);
}

/* F01: ".invalid" never resolves [RFC 6761]. */
static void f01_no_such_name(void **state)
{
    static const char url[] = "https://veriff.invalid";
    (void)state;
    net n = net_new();
    ine_error *err;
    assert_int_equal(ine_options_set_text(n.options, INE_OPT_BASE_URL, url, sizeof url - 1, NULL),
                     INE_OK);
    net_go(&n);
    assert_int_equal(net_call(&n, net_get(), &err, NULL), INE_E_RESOLVE);
    assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_NO);
    ine_error_free(err);
    net_free(&n);
}

/* F11, F15: an answer before the body has been read is the answer. */
static void f15_early_answer(void **state)
{
    (void)state;
    net n = net_new();
    raw_text(n.server, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
             RAW_FIN)
        ->when = RAW_HEAD;
    net_go(&n);
    assert_int_equal(net_call(&n, net_post(), NULL, NULL), INE_E_REJECTED);
    assert_int_equal(atomic_load(&n.server->requests), 1);
    net_free(&n);
}

/* Retries are the exchange's alone: 503 twice, then the answer; and the pause is kept short by the
 * jitter's seed. */
static void a_get_is_repeated_by_us_only(void **state)
{
    int32_t kind;
    (void)state;
    net n = net_new();
    raw_text(n.server, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", RAW_KEEP);
    raw_text(n.server, "", RAW_FIN);
    raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_KEEP);
    net_number(&n, INE_OPT_RETRIES, 2);
    net_number(&n, INE_OPT_PROGRESS, 1);
    net_go(&n);
    assert_int_equal(net_call(&n, net_get(), NULL, &kind), INE_OK);
    assert_int_equal(kind, INE_KIND_DECISION);
    assert_int_equal(atomic_load(&n.server->requests), 3);
    net_free(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_replies),
        cmocka_unit_test(f30_nul_in_a_header),
        cmocka_unit_test(b3_f16_f17_f18_f19_every_cut_is_an_error),
        cmocka_unit_test(slices),
        cmocka_unit_test(b2_f08_a_lost_reply_on_a_kept_connection),
        cmocka_unit_test(f09_closed_while_idle),
        cmocka_unit_test(f34_only_the_final_block_counts),
        cmocka_unit_test(b11_too_much),
        cmocka_unit_test(f12_silence),
        cmocka_unit_test(f33_endless_1xx),
        cmocka_unit_test(f03_refused),
        cmocka_unit_test(f01_no_such_name),
        cmocka_unit_test(f15_early_answer),
        cmocka_unit_test(a_get_is_repeated_by_us_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
