/* A receiver of webhooks over HTTP/1.1, plain or TLS, in one thread. */
#ifndef INE_CLI_LISTEN_H
#define INE_CLI_LISTEN_H

#include "ledger.h"
#include "problems.h"

#include <openssl/types.h>

struct event_base;
struct evhttp;

typedef struct cli_listener {
    cli *run;
    ine_webhooks *receiver;
    cli_ledger *ledger;
    int bodies; /* a directory, or -1 */
    int64_t require;
    const char *path;
    struct event_base *base;
    struct evhttp *http;
    SSL_CTX *tls; /* NULL: plain */
    bool unheard; /* standard output is gone */
} cli_listener;

/* listen_tls.c: NULL when it went well, otherwise a literal. */
const char *cli_tls_open(SSL_CTX **out, const char *certificate, const char *key);
void cli_tls_use(struct evhttp *http, SSL_CTX *tls);

/* listen_take.c: one delivery; returns the HTTP status to answer with. */
int32_t cli_listen_take(cli_listener *listener, const ine_str *names, const ine_str *values,
                        size_t headers, ine_str body);

#endif
