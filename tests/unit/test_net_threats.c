/* Threats to a client on the network and the faults behind them that need a setting of their own:
 * where keys go, what a server can make grow or last, what is sent twice. */
#include "netclient.h"

#include <sys/resource.h>

#define OK200 "HTTP/1.1 200 OK\r\n"

/* ---- B1: redirects ---- */

/* F36: nothing goes to where a redirect points, whatever its kind, on another port or host. */
static void B1_F36_no_redirect_is_followed(void **state)
{
    static const int kinds[] = {301, 302, 303, 307, 308};
    static const char *const places[] = {"http://127.0.0.1", "http://localhost", "//127.0.0.1"};
    (void)state;
    net other = net_new();
    raw_signed(other.server, other.credentials, "200 OK", NET_DECISION, RAW_KEEP);
    other.server->again = true;
    net_go(&other);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        for (size_t p = 0; p < sizeof places / sizeof places[0]; p++) {
            char place[64], reply[256];
            snprintf(place, sizeof place, "%s:%d/elsewhere", places[p], other.server->port);
            snprintf(reply, sizeof reply,
                     "HTTP/1.1 %d Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", kinds[i],
                     place);
            for (int post = 0; post < 2; post++) {
                ine_error *err;
                net n = net_new();
                raw_text(n.server, reply, RAW_KEEP);
                net_go(&n);
                assert_int_equal(net_call(&n, post ? net_post() : net_get(), &err, NULL),
                                 INE_E_REDIRECT);
                assert_int_equal(ine_error_number(err, INE_DETAIL_HTTP_STATUS), kinds[i]);
                assert_false(ine__str_contains(ine_error_json(err), "elsewhere"));
                assert_int_equal(atomic_load(&n.server->requests), 1);
                ine_error_free(err);
                net_free(&n);
            }
        }
    }
    assert_int_equal(atomic_load(&other.server->connections), 0);
    net_free(&other);
}

/* ---- B9: header injection ---- */

/* No byte that could end a header or hide in one gets into anything that becomes a header. */
static void B9_no_byte_can_end_a_header(void **state)
{
    static const int32_t texts[] = {INE_OPT_BASE_URL, INE_OPT_INTEGRATION_ID, INE_OPT_PROXY,
                                    INE_OPT_USER_AGENT_SUFFIX};
    static const char *const beginnings[] = {"https://api.example/", "INTEGRATION",
                                             "http://proxy.example", "program/1"};
    ine_options *options;
    (void)state;
    assert_int_equal(ine_options_new(&options, NULL), INE_OK);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char text[64];
        const int len = snprintf(text, sizeof text, "%s", beginnings[i]);
        assert_int_equal(ine_options_set_text(options, texts[i], text, (size_t)len, NULL), INE_OK);
        for (int byte = 0; byte < 256; byte++) {
            if (byte >= 32 && byte < 127)
                continue;
            for (int at_end = 0; at_end < 2; at_end++) {
                text[len] = (char)byte;
                text[len + 1] = 'x';
                const size_t whole = (size_t)len + 2 - (size_t)at_end;
                ine_error *err;
                assert_int_not_equal(ine_options_set_text(options, texts[i], text, whole, &err),
                                     INE_OK);
                assert_false(ine__str_contains(ine_error_json(err), beginnings[i]));
                ine_error_free(err);
            }
        }
    }
    ine_options_free(options);
    for (int byte = 0; byte < 256; byte++) {
        char key[37] = NET_KEY;
        ine_credentials *credentials;
        const bool hex = (byte >= '0' && byte <= '9') || ((byte | 32) >= 'a' && (byte | 32) <= 'f');
        key[20] = (char)byte;
        const int32_t code = ine_credentials_new(&credentials, NULL, 0, key, 36, NULL);
        assert_int_equal(code == INE_OK, hex);
        ine_credentials_free(credentials);
    }
}

/* ---- B10: compression ---- */

typedef struct bits {
    unsigned char *out;
    size_t len;
    unsigned hold, count;
} bits;

static void put(bits *b, unsigned value, unsigned count)
{
    for (; count--; value >>= 1) {
        b->hold |= (value & 1) << b->count;
        if (++b->count == 8) {
            b->out[b->len++] = (unsigned char)b->hold;
            b->hold = b->count = 0;
        }
    }
}

/* The head of a gzip stream of spaces: 13 bits for each 258 of them. */
static size_t bomb(unsigned char *out, size_t size)
{
    static const unsigned char head[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
    bits b = {.out = out};
    memcpy(out, head, sizeof head);
    b.len = sizeof head;
    put(&b, 1, 1);    /* last block */
    put(&b, 1, 2);    /* fixed codes */
    put(&b, 0x0a, 8); /* a space: 0x50, most significant bit first */
    while (b.len < size - 2) {
        put(&b, 0xa3, 8); /* length 258: 11000101, most significant bit first */
        put(&b, 0, 5);    /* distance 1 */
    }
    put(&b, 0, 8);
    return b.len;
}

/* F38, F39, F40: what says that it is compressed is refused, and nothing is unpacked to see. */
static void B10_F38_F39_F40_nothing_is_unpacked(void **state)
{
    static const char *const encodings[] = {
        "gzip",     "deflate", "br", "GZIP", "gzip, gzip", "gzip,gzip,gzip,gzip,gzip,gzip",
        "x-unknown"};
    const size_t size = 204000;
    unsigned char *packed = malloc(size);
    const size_t packed_len = bomb(packed, size);
    struct rusage before, after;
    (void)state;
    getrusage(RUSAGE_SELF, &before);
    for (size_t i = 0; i < sizeof encodings / sizeof encodings[0]; i++) {
        for (int cut = 0; cut < 2; cut++) {
            const size_t len = cut ? 30 : packed_len;
            char *reply = malloc(len + 256);
            const int head =
                snprintf(reply, 256, OK200 "Content-Encoding: %s\r\nContent-Length: %zu\r\n\r\n",
                         encodings[i], len);
            memcpy(reply + head, packed, len);
            net n = net_new();
            raw_add(n.server, reply, (size_t)head + len, RAW_KEEP);
            net_go(&n);
            assert_int_equal(net_call(&n, net_get(), NULL, NULL), INE_E_PROTOCOL);
            net_free(&n);
            free(reply);
        }
    }
    getrusage(RUSAGE_SELF, &after);
    /* Unpacked, one of them would be 32 MB. */
    assert_true(after.ru_maxrss - before.ru_maxrss < 16 * 1024);
    free(packed);
}

/* ---- B12: slow peers ---- */

/* F13: a byte now and then keeps no call alive beyond its time. */
static void B12_F13_a_byte_now_and_then(void **state)
{
    static const char *const beginnings[] = {
        "HTTP/1.1 200 OK", OK200 "X-Thing: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        OK200 "Content-Length: 100\r\n\r\n                                           "};
    (void)state;
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        ine_error *err;
        net n = net_new();
        raw_step *step = raw_text(n.server, beginnings[i], RAW_HANG);
        step->slice = 1;
        step->pause_ms = 40;
        net_number(&n, INE_OPT_CALL_TIMEOUT_MS, 250);
        net_go(&n);
        assert_int_equal(net_call(&n, net_get(), &err, NULL), INE_E_TIMEOUT);
        assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_UNKNOWN);
        ine_error_free(err);
        net_free(&n);
    }
}

/* A large image; the request borrows it. */
static ine_request *upload(void)
{
    enum { SIZE = 16 << 20 };
    static char image[SIZE];
    static const char jpeg[] = "\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0";
    ine_request *request;
    memset(image, 'x', sizeof image);
    memcpy(image, jpeg, sizeof jpeg - 1);
    assert_int_equal(ine_request_new(&request, INE_CALL_UPLOAD_MEDIA, NULL), INE_OK);
    assert_int_equal(ine_request_set_text(request, INE_IN_SESSION_ID, NET_SESSION, 36, NULL),
                     INE_OK);
    assert_int_equal(ine_request_set_media(request, INE_MEDIA_FACE, image, sizeof image, NULL),
                     INE_OK);
    return request;
}

/* F14: nobody reads what is sent. It was not sent completely, so it was not processed. */
static void B12_F14_an_upload_that_nobody_reads(void **state)
{
    ine_error *err;
    (void)state;
    net n = net_new();
    raw_text(n.server, "", RAW_HANG)->when = RAW_ARRIVED;
    net_number(&n, INE_OPT_DEADLINE_MS, 700);
    net_go(&n);
    const int32_t code = net_call(&n, upload(), &err, NULL);
    assert_true(code == INE_E_TIMEOUT || code == INE_E_DEADLINE);
    assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_NO);
    ine_error_free(err);
    net_free(&n);
}

/* F10: the connection ends in the middle of an upload. */
static void B16_F10_an_upload_that_is_cut(void **state)
{
    (void)state;
    for (int then = RAW_FIN; then <= RAW_RST; then++) {
        net n = net_new();
        raw_text(n.server, "", then)->when = RAW_HEAD;
        raw_text(n.server, "", then)->when = RAW_HEAD;
        net_number(&n, INE_OPT_RETRIES, 2);
        net_go(&n);
        assert_int_equal(net_call(&n, upload(), NULL, NULL), INE_E_OUTCOME_UNKNOWN);
        assert_int_equal(atomic_load(&n.server->requests), 1);
        net_free(&n);
    }
}

/* F05: reset before the request has been read; a client can not tell. */
static void B2_F05_reset_before_it_was_read(void **state)
{
    (void)state;
    for (int post = 0; post < 2; post++) {
        net n = net_new();
        for (int i = 0; i < 3; i++)
            raw_text(n.server, "", RAW_RST)->when = RAW_ARRIVED;
        net_number(&n, INE_OPT_RETRIES, post ? 2 : 1);
        net_go(&n);
        assert_int_equal(net_call(&n, post ? net_post() : net_get(), NULL, NULL),
                         post ? INE_E_OUTCOME_UNKNOWN : INE_E_TRANSPORT);
        assert_int_equal(atomic_load(&n.server->requests), post ? 1 : 2);
        net_free(&n);
    }
}

/* ---- B3: lengths that lie ---- */

/* F20, F21: a length too large, and one too small, of a body with a right signature. */
static void B3_F20_F21_lengths_that_lie(void **state)
{
    char text[1024], signature[65] = {0};
    (void)state;
    for (int less = 0; less < 2; less++) {
        net n = net_new();
        const size_t len = strlen(NET_DECISION);
        assert_int_equal(
            ine__credentials_sign(n.credentials, INE__STR(NET_DECISION), signature, NULL), INE_OK);
        snprintf(text, sizeof text,
                 OK200 "Content-Length: %zu\r\nX-HMAC-SIGNATURE: %s\r\n\r\n" NET_DECISION,
                 less ? len - 50 : len + 100, signature);
        raw_text(n.server, text, RAW_FIN);
        net_go(&n);
        assert_int_equal(net_call(&n, net_get(), NULL, NULL),
                         less ? INE_E_SIGNATURE : INE_E_TRANSPORT);
        net_free(&n);
    }
}

/* ---- F56, F57, F59, F61: what a server says ---- */

/* F56: each kind of overload once: asked again when that is safe. */
static void B14_F56_overload(void **state)
{
    static const int statuses[] = {500, 502, 503, 504};
    (void)state;
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        for (int post = 0; post < 2; post++) {
            char reply[128];
            snprintf(reply, sizeof reply, "HTTP/1.1 %d Busy\r\nContent-Length: 0\r\n\r\n",
                     statuses[i]);
            net n = net_new();
            raw_text(n.server, reply, RAW_KEEP);
            raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_KEEP);
            net_number(&n, INE_OPT_RETRIES, 1);
            net_go(&n);
            const int32_t code = net_call(&n, post ? net_post() : net_get(), NULL, NULL);
            assert_int_equal(code == INE_OK, !post);
            assert_int_equal(atomic_load(&n.server->requests), post ? 1 : 2);
            net_free(&n);
        }
    }
}

/* F57: refusals, with their code as text and as a number; never asked again. */
static void B14_F57_refusals_are_final(void **state)
{
    static const struct {
        const char *status;
        int32_t code;
    } refusals[] = {{"400 Bad Request", INE_E_REJECTED},
                    {"401 Unauthorized", INE_E_AUTH},
                    {"404 Not Found", INE_E_NOT_FOUND},
                    {"409 Conflict", INE_E_CONFLICT}};
    static const char *const bodies[] = {
        "{\"status\":\"fail\",\"code\":\"1101\",\"message\":\"x\"}",
        "{\"status\":\"fail\",\"code\":1101,\"message\":\"x\"}"};
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        for (size_t k = 0; k < 2; k++) {
            ine_error *err;
            net n = net_new();
            raw_signed(n.server, n.credentials, refusals[i].status, bodies[k], RAW_KEEP);
            net_number(&n, INE_OPT_RETRIES, 2);
            net_go(&n);
            assert_int_equal(net_call(&n, net_get(), &err, NULL), refusals[i].code);
            assert_int_equal(ine_error_number(err, INE_DETAIL_API_CODE), 1101);
            assert_int_equal(ine_error_number(err, INE_DETAIL_ATTEMPTS), 1);
            assert_int_equal(atomic_load(&n.server->requests), 1);
            ine_error_free(err);
            net_free(&n);
        }
    }
}

/* F59: genuine signatures over bodies that no reader should swallow. */
static void C1_C2_C3_C4_C5_F59_genuine_but_hostile_bodies(void **state)
{
    static const struct {
        const char *body;
        bool taken; /* the damage is in what nobody reads as a number */
    } hostile[] = {
        {"{\"status\":\"success\",\"verification\":{\"id\":\"" NET_SESSION
         "\",\"status\":\"approved\",\"status\":\"declined\"}}",
         false},
        {"{\"status\":\"success\",\"verification\":{\"id\":\"" NET_SESSION
         "\",\"reason\":\"\\ud800\"}}",
         false},
        {"{\"status\":\"success\",\"verification\":{\"id\":\"" NET_SESSION
         "\",\"reason\":\"a\\u0000b\"}}",
         false},
        {"{\"status\":\"success\",\"verification\":{\"id\":\"" NET_SESSION
         "\",\"reason\":\"\xc0\xaf\"}}",
         false},
        {"{\"status\":\"success\",\"verification\":{\"id\":\"" NET_SESSION "\",\"code\":1e400}}",
         true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        net n = net_new();
        raw_signed(n.server, n.credentials, "200 OK", hostile[i].body, RAW_KEEP);
        net_go(&n);
        const int32_t code = net_call(&n, net_get(), NULL, NULL);
        if ((code == INE_OK) != hostile[i].taken)
            print_error("%s: %d\n", hostile[i].body, code);
        assert_int_equal(code == INE_OK, hostile[i].taken);
        net_free(&n);
    }
    char *deep = malloc(200001), *large = malloc((10u << 20) + 1);
    memset(deep, '[', 100000);
    memset(deep + 100000, ']', 100000);
    deep[200000] = 0;
    memset(large, ' ', 10u << 20);
    large[10u << 20] = 0;
    large[0] = '{';
    large[1] = '}';
    const char *const big[] = {deep, large};
    for (size_t i = 0; i < 2; i++) {
        net n = net_new();
        raw_signed(n.server, n.credentials, "200 OK", big[i], RAW_KEEP);
        net_go(&n);
        const int32_t code = net_call(&n, net_get(), NULL, NULL);
        assert_true(code == INE_E_LIMIT || (i == 0 && code == INE_E_JSON));
        net_free(&n);
    }
    free(deep);
    free(large);
}

/* F61: words and numbers of tomorrow are no errors. */
static void C6_F61_what_is_unknown_is_no_error(void **state)
{
    static const char *const bodies[] = {
        "{\"status\":\"success\",\"verification\":{\"id\":\"" NET_SESSION
        "\",\"status\":\"new_status\",\"code\":9999,\"reasonCode\":7777,\"registryValidations\":{"
        "\"MX_INE\":{\"status\":\"new\",\"validations\":{\"new_check\":{\"result\":\"new\"}}}}}}",
        "{\"status\":\"success\",\"verification\":{\"id\":\"" NET_SESSION
        "\",\"status\":\"declined\"}}",
        "{\"status\":\"new\",\"verification\":null,\"more\":[1,{\"a\":[]}]}"};
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        int32_t kind;
        net n = net_new();
        raw_signed(n.server, n.credentials, "200 OK", bodies[i], RAW_KEEP);
        net_go(&n);
        assert_int_equal(net_call(&n, net_get(), NULL, &kind), INE_OK);
        assert_int_equal(kind, INE_KIND_DECISION);
        net_free(&n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(B1_F36_no_redirect_is_followed),
        cmocka_unit_test(B9_no_byte_can_end_a_header),
        cmocka_unit_test(B10_F38_F39_F40_nothing_is_unpacked),
        cmocka_unit_test(B12_F13_a_byte_now_and_then),
        cmocka_unit_test(B12_F14_an_upload_that_nobody_reads),
        cmocka_unit_test(B16_F10_an_upload_that_is_cut),
        cmocka_unit_test(B2_F05_reset_before_it_was_read),
        cmocka_unit_test(B3_F20_F21_lengths_that_lie),
        cmocka_unit_test(B14_F56_overload),
        cmocka_unit_test(B14_F57_refusals_are_final),
        cmocka_unit_test(C1_C2_C3_C4_C5_F59_genuine_but_hostile_bodies),
        cmocka_unit_test(C6_F61_what_is_unknown_is_no_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
