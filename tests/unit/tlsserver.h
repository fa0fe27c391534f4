/*
 * A TLS server on loopback, in a thread of the test, with a certificate that is made for the
 * occasion: right, for another host, out of date, or of another authority.
 */
#ifndef INE_TESTS_TLSSERVER_H
#define INE_TESTS_TLSSERVER_H

#include "netclient.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

typedef struct tls_server {
    int listening, stop[2];
    int port;
    pthread_t thread;
    SSL_CTX *context;
    char pem[8192]; /* the certificate, which is its own authority */
    size_t pem_len;
    const char *reply;
    atomic_uint handshakes, requests;
} tls_server;

static inline void tls_extension(X509 *cert, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    assert_non_null(extension);
    assert_int_equal(X509_add_ext(cert, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

/* Valid from `from` to `to`, in seconds from now, for the names in `names`. */
static inline void tls_certificate(tls_server *server, const char *names, long from, long to)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    assert_non_null(key);
    assert_non_null(cert);
    assert_int_equal(X509_set_version(cert, 2), 1);
    assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(cert), 1), 1);
    assert_non_null(X509_gmtime_adj(X509_getm_notBefore(cert), from));
    assert_non_null(X509_gmtime_adj(X509_getm_notAfter(cert), to));
    assert_int_equal(X509_set_pubkey(cert, key), 1);
    X509_NAME *name = X509_get_subject_name(cert);
    assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                                (const unsigned char *)"test", -1, -1, 0),
                     1);
    assert_int_equal(X509_set_issuer_name(cert, name), 1);
    tls_extension(cert, NID_basic_constraints, "critical,CA:TRUE");
    tls_extension(cert, NID_subject_alt_name, names);
    assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
    assert_int_equal(SSL_CTX_use_certificate(server->context, cert), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(server->context, key), 1);
    BIO *bio = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_X509(bio, cert), 1);
    const int len = BIO_read(bio, server->pem, sizeof server->pem);
    assert_true(len > 0);
    server->pem_len = (size_t)len;
    BIO_free(bio);
    X509_free(cert);
    EVP_PKEY_free(key);
}

static inline bool tls_wait(const tls_server *server, int fd)
{
    struct pollfd fds[2] = {{.fd = server->stop[0], .events = POLLIN},
                            {.fd = fd, .events = POLLIN}};
    while (poll(fds, 2, -1) < 0 && errno == EINTR)
        continue;
    return !fds[0].revents;
}

/* One connection, one request without a body, one reply. */
static inline void tls_serve(tls_server *server, int fd)
{
    char head[8192] = "";
    size_t len = 0;
    SSL *ssl = SSL_new(server->context);
    SSL_set_fd(ssl, fd);
    if (SSL_accept(ssl) == 1) {
        atomic_fetch_add(&server->handshakes, 1);
        while (len < sizeof head - 1 && !strstr(head, "\r\n\r\n")) {
            const int n = SSL_read(ssl, head + len, (int)(sizeof head - 1 - len));
            if (n <= 0)
                break;
            len += (size_t)n;
        }
        if (strstr(head, "\r\n\r\n")) {
            atomic_fetch_add(&server->requests, 1);
            SSL_write(ssl, server->reply, (int)strlen(server->reply));
        }
        SSL_shutdown(ssl);
    }
    SSL_free(ssl);
    close(fd);
}

static inline void *tls_run(void *argument)
{
    tls_server *server = argument;
    while (tls_wait(server, server->listening)) {
        const int fd = accept4(server->listening, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0)
            tls_serve(server, fd);
    }
    return NULL;
}

static inline tls_server *tls_new(const char *names, long from, long to)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof address;
    tls_server *server = calloc(1, sizeof *server);
    assert_non_null(server);
    server->context = SSL_CTX_new(TLS_server_method());
    assert_non_null(server->context);
    tls_certificate(server, names, from, to);
    assert_int_equal(pipe(server->stop), 0);
    server->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(server->listening >= 0);
    assert_int_equal(bind(server->listening, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server->listening, 16), 0);
    assert_int_equal(getsockname(server->listening, (struct sockaddr *)&address, &len), 0);
    server->port = ntohs(address.sin_port);
    return server;
}

static inline void tls_go(tls_server *server, const char *reply)
{
    server->reply = reply;
    assert_int_equal(pthread_create(&server->thread, NULL, tls_run, server), 0);
}

static inline void tls_free(tls_server *server)
{
    assert_int_equal(write(server->stop[1], "", 1), 1);
    pthread_join(server->thread, NULL);
    SSL_CTX_free(server->context);
    close(server->listening);
    close(server->stop[0]);
    close(server->stop[1]);
    free(server);
}

#endif
