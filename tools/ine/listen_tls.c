#include "listen.h"

#include <event2/bufferevent_ssl.h>
#include <event2/http.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

/* A password would be asked for on the terminal. */
static int no_password(char *buffer, int size, int writing, void *context)
{
    (void)buffer, (void)size, (void)writing, (void)context;
    return -1;
}

const char *cli_tls_open(SSL_CTX **out, const char *certificate, const char *key)
{
    const char *wrong = NULL;
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    *out = NULL;
    if (!tls || SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) != 1)
        wrong = "TLS can not be set up";
    if (tls)
        SSL_CTX_set_default_passwd_cb(tls, no_password);
    if (!wrong && SSL_CTX_use_certificate_chain_file(tls, certificate) != 1)
        wrong = "--tls-cert is no readable PEM certificate";
    else if (!wrong && SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) != 1)
        wrong = "--tls-key is no readable PEM key without a password, or is another "
                "certificate's key";
    ERR_clear_error();
    if (wrong)
        SSL_CTX_free(tls);
    else
        *out = tls;
    return wrong;
}

static struct bufferevent *encrypted(struct event_base *base, void *context)
{
    SSL *ssl = SSL_new(context);
    struct bufferevent *event =
        ssl ? bufferevent_openssl_socket_new(base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING,
                                             BEV_OPT_CLOSE_ON_FREE)
            : NULL;
    if (event)
        bufferevent_openssl_set_allow_dirty_shutdown(event, 1);
    return event;
}

void cli_tls_use(struct evhttp *http, SSL_CTX *tls)
{
    evhttp_set_bevcb(http, encrypted, tls);
}
