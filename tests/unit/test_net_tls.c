/* TLS: B4, B5, F47 to F51. */
#include "tlsserver.h"

#include <signal.h>
#include <sys/stat.h>

#define DAY  86400L
#define HERE "IP:127.0.0.1,DNS:localhost"

static char key_log[] = "/tmp/ine-test-keys-XXXXXX";
static char signed_reply[1024];

static const char *reply(const ine_credentials *credentials)
{
    char signature[65] = {0};
    assert_int_equal(ine__credentials_sign(credentials, INE__STR(NET_DECISION), signature, NULL),
                     INE_OK);
    snprintf(signed_reply, sizeof signed_reply,
             "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nX-HMAC-SIGNATURE: %s\r\n"
             "Connection: close\r\n\r\n%s",
             strlen(NET_DECISION), signature, NET_DECISION);
    return signed_reply;
}

/* To `port` by https, trusting `pem` (NULL: the system's authorities). */
static void point(const net *n, int port, const char *pem, size_t len)
{
    char url[64];
    snprintf(url, sizeof url, "https://127.0.0.1:%d", port);
    assert_int_equal(ine_options_set_text(n->options, INE_OPT_BASE_URL, url, strlen(url), NULL),
                     INE_OK);
    assert_int_equal(ine_options_set_text(n->options, INE_OPT_CA_PEM, pem, pem ? len : 0, NULL),
                     INE_OK);
}

/* Both a GET and a POST fail with `code`, nothing is repeated, no request reaches the server. */
static void refuses(tls_server *server, const char *pem, size_t pem_len, int32_t code)
{
    net n = net_new();
    point(&n, server->port, pem, pem_len);
    net_number(&n, INE_OPT_RETRIES, 2);
    tls_go(server, reply(n.credentials));
    net_go(&n);
    for (int post = 0; post < 2; post++) {
        ine_error *err;
        assert_int_equal(net_call(&n, post ? net_post() : net_get(), &err, NULL), code);
        assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_NO);
        assert_int_equal(ine_error_number(err, INE_DETAIL_ATTEMPTS), 1);
        assert_int_equal(ine_error_number(err, INE_DETAIL_RETRYABLE), 0);
        ine_error_free(err);
    }
    assert_int_equal(atomic_load(&server->requests), 0);
    net_free(&n);
    tls_free(server);
}

/* The same server is fine when everything is right: so the refusals below are for their reasons. */
static void B4_a_right_certificate_is_taken(void **state)
{
    (void)state;
    tls_server *server = tls_new(HERE, -DAY, DAY);
    net n = net_new();
    int32_t kind;
    point(&n, server->port, server->pem, server->pem_len);
    tls_go(server, reply(n.credentials));
    net_go(&n);
    assert_int_equal(net_call(&n, net_get(), NULL, &kind), INE_OK);
    assert_int_equal(kind, INE_KIND_DECISION);
    assert_int_equal(atomic_load(&server->requests), 1);
    net_free(&n);
    tls_free(server);
}

static void B4_F47_an_unknown_authority_is_refused(void **state)
{
    (void)state;
    tls_server *other = tls_new(HERE, -DAY, DAY);
    refuses(tls_new(HERE, -DAY, DAY), NULL, 0, INE_E_TLS);
    refuses(tls_new(HERE, -DAY, DAY), other->pem, other->pem_len, INE_E_TLS);
    tls_go(other, "");
    tls_free(other);
}

static void B4_F48_another_host_or_another_time_is_refused(void **state)
{
    static const struct {
        const char *names;
        long from, to;
    } wrong[] = {
        {"DNS:other.example", -DAY, DAY},
        {"IP:127.0.0.2,DNS:127.0.0.1", -DAY, DAY},
        {HERE, -2 * DAY, -DAY},
        {HERE, DAY, 2 * DAY},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        tls_server *server = tls_new(wrong[i].names, wrong[i].from, wrong[i].to);
        char pem[8192];
        memcpy(pem, server->pem, server->pem_len);
        refuses(server, pem, server->pem_len, INE_E_TLS);
    }
}

static void B4_F49_old_versions_are_refused(void **state)
{
    static const int versions[] = {TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION};
    (void)state;
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        tls_server *server = tls_new(HERE, -DAY, DAY);
        assert_int_equal(SSL_CTX_set_min_proto_version(server->context, TLS1_VERSION), 1);
        assert_int_equal(SSL_CTX_set_max_proto_version(server->context, versions[i]), 1);
        assert_int_equal(SSL_CTX_set_cipher_list(server->context, "DEFAULT@SECLEVEL=0"), 1);
        if (versions[i] < TLS1_2_VERSION) {
            refuses(server, server->pem, server->pem_len, INE_E_TLS);
            continue;
        }
        net n = net_new();
        point(&n, server->port, server->pem, server->pem_len);
        tls_go(server, reply(n.credentials));
        net_go(&n);
        assert_int_equal(net_call(&n, net_get(), NULL, NULL), INE_OK);
        net_free(&n);
        tls_free(server);
    }
}

/* No setting of ours turns verification off: every option, at its ends, against a wrong host. */
static void B4_no_option_switches_it_off(void **state)
{
    (void)state;
    static const int32_t numbers[] = {INE_OPT_REPLY_SIGNATURES, INE_OPT_SIGN_SESSIONS,
                                      INE_OPT_STRICT, INE_OPT_LOCAL_CHECKS, INE_OPT_SEED};
    tls_server *server = tls_new("DNS:other.example", -DAY, DAY);
    net n = net_new();
    point(&n, server->port, server->pem, server->pem_len);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        net_number(&n, numbers[i], numbers[i] == INE_OPT_REPLY_SIGNATURES ? 2 : 0);
    tls_go(server, reply(n.credentials));
    net_go(&n);
    assert_int_equal(net_call(&n, net_get(), NULL, NULL), INE_E_TLS);
    assert_int_equal(atomic_load(&server->requests), 0);
    net_free(&n);
    tls_free(server);
}

/* SSLKEYLOGFILE was set before anything else happened: libcurl may make the file, and no more. */
static void B5_no_key_is_logged(void **state)
{
    struct stat about;
    (void)state;
    assert_string_equal(getenv("SSLKEYLOGFILE"), key_log);
    B4_a_right_certificate_is_taken(state);
    assert_true(stat(key_log, &about) != 0 || about.st_size == 0);
}

static atomic_uint offers, offers_of_http_2;

static int look_at_offer(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                         const unsigned char *in, unsigned in_len, void *unused)
{
    (void)ssl, (void)out, (void)out_len, (void)unused;
    atomic_fetch_add(&offers, 1);
    if (memmem(in, in_len, "\x02h2", 3))
        atomic_fetch_add(&offers_of_http_2, 1);
    return SSL_TLSEXT_ERR_NOACK;
}

/* The faults of HTTP/2, GOAWAY to HPACK, can not happen to who does not speak it. */
static void F41_F42_F43_F44_F45_F46_http_2_is_never_offered(void **state)
{
    (void)state;
    tls_server *server = tls_new(HERE, -DAY, DAY);
    SSL_CTX_set_alpn_select_cb(server->context, look_at_offer, NULL);
    net n = net_new();
    point(&n, server->port, server->pem, server->pem_len);
    tls_go(server, reply(n.credentials));
    net_go(&n);
    assert_int_equal(net_call(&n, net_get(), NULL, NULL), INE_OK);
    net_free(&n);
    tls_free(server);
    assert_int_equal(atomic_load(&offers), 1);
    assert_int_equal(atomic_load(&offers_of_http_2), 0);
}

static void F50_plain_http_or_nothing_on_the_port(void **state)
{
    static const struct {
        const char *reply;
        int then, when;
        int32_t code;
        unsigned attempts;
    } cases[] = {
        {"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", RAW_FIN, RAW_ARRIVED, INE_E_TLS,
         1},
        {"", RAW_FIN, RAW_ARRIVED, INE_E_CONNECT, 2},
        {"", RAW_RST, RAW_ARRIVED, INE_E_CONNECT, 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ine_error *err;
        net n = net_new();
        for (int k = 0; k < 2; k++)
            raw_text(n.server, cases[i].reply, cases[i].then)->when = cases[i].when;
        point(&n, n.server->port, NULL, 0);
        net_number(&n, INE_OPT_RETRIES, 1);
        net_go(&n);
        assert_int_equal(net_call(&n, net_post(), &err, NULL), cases[i].code);
        assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_NO);
        assert_int_equal(ine_error_number(err, INE_DETAIL_ATTEMPTS), cases[i].attempts);
        ine_error_free(err);
        net_free(&n);
    }
}

static void F51_a_handshake_that_hangs(void **state)
{
    ine_error *err;
    (void)state;
    net n = net_new();
    raw_text(n.server, "", RAW_HANG)->when = RAW_ARRIVED;
    point(&n, n.server->port, NULL, 0);
    net_number(&n, INE_OPT_CONNECT_TIMEOUT_MS, 150);
    net_go(&n);
    assert_int_equal(net_call(&n, net_post(), &err, NULL), INE_E_TIMEOUT);
    assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_NO);
    ine_error_free(err);
    net_free(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(B4_a_right_certificate_is_taken),
        cmocka_unit_test(B4_F47_an_unknown_authority_is_refused),
        cmocka_unit_test(B4_F48_another_host_or_another_time_is_refused),
        cmocka_unit_test(B4_F49_old_versions_are_refused),
        cmocka_unit_test(B4_no_option_switches_it_off),
        cmocka_unit_test(B5_no_key_is_logged),
        cmocka_unit_test(F41_F42_F43_F44_F45_F46_http_2_is_never_offered),
        cmocka_unit_test(F50_plain_http_or_nothing_on_the_port),
        cmocka_unit_test(F51_a_handshake_that_hangs),
    };
    const int fd = mkstemp(key_log);
    close(fd);
    unlink(key_log);
    setenv("SSLKEYLOGFILE", key_log, 1);
    signal(SIGPIPE, SIG_IGN); /* for the server's sake: OpenSSL writes without MSG_NOSIGNAL */
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(key_log);
    return failed;
}
