/* TLS: who is trusted, what is never retried, and that no session key leaves the process. The
 * server is OpenSSL's s_server, which sends a file of ours as the reply. */
#include "netclient.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char folder[] = "/tmp/ine-tls-XXXXXX";
static char key_log[64];

typedef struct tls_server {
    pid_t pid;
    int output, port;
    char cert[64], key[64];
} tls_server;

/* A certificate that signs itself, for one name, valid from yesterday until `days` from now. */
static void write_certificate(const tls_server *server, const char *name, long days)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    assert_true(key && cert);
    X509_set_version(cert, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -86400L * 30);
    X509_gmtime_adj(X509_getm_notAfter(cert), 86400L * days);
    X509_set_pubkey(cert, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC,
                               (const unsigned char *)"libine test", -1, -1, 0);
    X509_set_issuer_name(cert, X509_get_subject_name(cert));
    X509_EXTENSION *names = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, name);
    X509_EXTENSION *ca = X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints, "CA:TRUE");
    assert_true(names && ca && X509_add_ext(cert, names, -1) && X509_add_ext(cert, ca, -1));
    assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
    FILE *file = fopen(server->cert, "w");
    assert_true(file && PEM_write_X509(file, cert));
    fclose(file);
    file = fopen(server->key, "w");
    assert_true(file && PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL));
    fclose(file);
    X509_EXTENSION_free(names);
    X509_EXTENSION_free(ca);
    X509_free(cert);
    EVP_PKEY_free(key);
}

/* The reply to GET /v1/sessions/{id}/decision, where s_server -HTTP looks for it. */
static void write_reply(void)
{
    char path[256], signature[65] = {0};
    static const char *const parts[] = {"v1", "v1/sessions", ("v1/sessions/" NET_SESSION)};
    ine_credentials *credentials = net_credentials();
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, parts[i]);
        mkdir(path, 0700);
    }
    snprintf(path, sizeof path, "%s/%s/decision", folder, parts[2]);
    assert_int_equal(ine__credentials_sign(credentials, INE__STR(NET_DECISION), signature, NULL),
                     INE_OK);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nX-HMAC-SIGNATURE: %s\r\n\r\n%s",
            strlen(NET_DECISION), signature, NET_DECISION);
    fclose(file);
    ine_credentials_free(credentials);
}

/* Reads s_server's "ACCEPT 127.0.0.1:port". */
static int read_port(int fd)
{
    char text[1024];
    size_t len = 0;
    while (len < sizeof text - 1) {
        const ssize_t n = read(fd, text + len, 1);
        if (n <= 0)
            return 0;
        len += (size_t)n;
        text[len] = 0;
        int port;
        const char *at = strstr(text, "ACCEPT 127.0.0.1:");
        if (at && text[len - 1] == '\n' && sscanf(at + 17, "%d", &port) == 1)
            return port;
    }
    return 0;
}

static tls_server tls_start(const char *name, long days, const char *option, const char *value)
{
    int output[2];
    tls_server server = {0};
    snprintf(server.cert, sizeof server.cert, "%s/cert.pem", folder);
    snprintf(server.key, sizeof server.key, "%s/key.pem", folder);
    write_certificate(&server, name, days);
    assert_int_equal(pipe(output), 0);
    server.pid = fork();
    if (server.pid == 0) {
        dup2(output[1], 1);
        dup2(output[1], 2);
        if (chdir(folder) != 0)
            _exit(126);
        /* The log of the server's own keys is none of this test's. */
        unsetenv("SSLKEYLOGFILE");
        execlp("openssl", "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", server.cert,
               "-key", server.key, "-HTTP", option, value, (char *)NULL);
        _exit(127);
    }
    close(output[1]);
    server.output = output[0];
    server.port = read_port(output[0]);
    return server;
}

static void tls_stop(tls_server *server)
{
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    close(server->output);
}

static void trust(ine_options *options, const char *path)
{
    assert_int_equal(
        ine_options_set_text(options, INE_OPT_CA_FILE, path, path ? strlen(path) : 0, NULL),
        INE_OK);
}

static int32_t call(ine_options *options, const char *host, int port, ine_error **err)
{
    char url[96];
    int32_t kind;
    net n = {.credentials = net_credentials(), .options = options};
    snprintf(url, sizeof url, "https://%s:%d", host, port);
    assert_int_equal(ine_options_set_text(options, INE_OPT_BASE_URL, url, strlen(url), NULL),
                     INE_OK);
    assert_int_equal(ine_queue_new(&n.queue, NULL), INE_OK);
    assert_int_equal(ine_client_new(&n.client, n.credentials, n.options, NULL), INE_OK);
    const int32_t code = net_call(&n, net_get(), err, &kind);
    assert_int_equal(ine_client_close(n.client, n.queue, 0, NULL), INE_OK);
    ine_event_free(net_event(&n));
    ine_client_free(n.client);
    ine_queue_free(n.queue);
    ine_credentials_free(n.credentials);
    return code;
}

static ine_options *options_with_retries(void)
{
    ine_options *options = net_options(1);
    assert_int_equal(ine_options_set_number(options, INE_OPT_RETRIES, 2, NULL), INE_OK);
    return options;
}

static bool has_openssl(void)
{
    if (system("openssl version >/dev/null 2>&1") == 0)
        return true;
    print_message("skipped: the openssl command is not here\n");
    return false;
}

/* B5: with SSLKEYLOGFILE set no key is written. */
static void b5_trusted_and_no_keys_logged(void **state)
{
    struct stat info;
    ine_error *err;
    (void)state;
    if (!has_openssl())
        skip();
    write_reply();
    ine_options *options = options_with_retries();
    tls_server server = tls_start("IP:127.0.0.1", 30, NULL, NULL);
    trust(options, server.cert);
    assert_int_equal(call(options, "127.0.0.1", server.port, &err), INE_OK);
    trust(options, NULL);
    size_t len;
    char *pem = test_read(server.cert, &len);
    assert_int_equal(ine_options_set_text(options, INE_OPT_CA_PEM, pem, len, NULL), INE_OK);
    free(pem);
    assert_int_equal(call(options, "127.0.0.1", server.port, &err), INE_OK);
    assert_true(stat(key_log, &info) != 0 || info.st_size == 0);
    tls_stop(&server);
    ine_options_free(options);
}

static void refused(ine_options *options, const char *host, int port)
{
    ine_error *err;
    assert_int_equal(call(options, host, port, &err), INE_E_TLS);
    assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_NO);
    assert_int_equal(ine_error_number(err, INE_DETAIL_ATTEMPTS), 1);
    assert_int_equal(ine_error_number(err, INE_DETAIL_RETRYABLE), 0);
    ine_error_free(err);
}

/* F47, F48, F49: never retried, nothing sent. */
static void f47_untrusted(void **state)
{
    (void)state;
    if (!has_openssl())
        skip();
    write_reply();
    ine_options *options = options_with_retries();
    tls_server server = tls_start("IP:127.0.0.1", 30, NULL, NULL);
    refused(options, "127.0.0.1", server.port);
    trust(options, server.cert);
    refused(options, "localhost", server.port);
    tls_stop(&server);
    server = tls_start("IP:127.0.0.1", -1, NULL, NULL);
    refused(options, "127.0.0.1", server.port);
    tls_stop(&server);
    server = tls_start("IP:127.0.0.1", 30, "-tls1_1", NULL);
    refused(options, "127.0.0.1", server.port);
    tls_stop(&server);
    ine_options_free(options);
}

/* F50: plain HTTP where TLS is spoken is not trusted; a server that goes away has refused. */
static void f50_no_tls_at_all(void **state)
{
    static const struct {
        const char *bytes;
        int then;
        int32_t code;
    } cases[] = {{"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", RAW_FIN, INE_E_TLS},
                 {"", RAW_FIN, INE_E_CONNECT},
                 {"", RAW_RST, INE_E_CONNECT}};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        ine_error *err;
        raw_server *server = raw_new();
        raw_text(server, cases[i].bytes, cases[i].then)->when = RAW_NOTHING;
        raw_go(server);
        ine_options *options = net_options(1);
        assert_int_equal(call(options, "127.0.0.1", server->port, &err), cases[i].code);
        assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_NO);
        ine_error_free(err);
        ine_options_free(options);
        raw_free(server);
    }
}

/* F51: a handshake that hangs is a time-out before anything was sent. */
static void f51_handshake_hangs(void **state)
{
    ine_error *err;
    (void)state;
    raw_server *server = raw_new();
    raw_text(server, "", RAW_HANG)->when = RAW_NOTHING;
    raw_go(server);
    ine_options *options = net_options(1);
    assert_int_equal(ine_options_set_number(options, INE_OPT_CONNECT_TIMEOUT_MS, 150, NULL),
                     INE_OK);
    assert_int_equal(call(options, "127.0.0.1", server->port, &err), INE_E_TIMEOUT);
    assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_NO);
    ine_error_free(err);
    ine_options_free(options);
    raw_free(server);
}

static int clean_up(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(b5_trusted_and_no_keys_logged),
        cmocka_unit_test(f47_untrusted),
        cmocka_unit_test(f50_no_tls_at_all),
        cmocka_unit_test(f51_handshake_hangs),
    };
    if (!mkdtemp(folder))
        return 1;
    /* libcurl looks at it once, when it is initialised. */
    snprintf(key_log, sizeof key_log, "%s/keys.log", folder);
    setenv("SSLKEYLOGFILE", key_log, 1);
    return cmocka_run_group_tests(tests, NULL, clean_up);
}
