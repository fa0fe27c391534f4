/* The sandbox on a socket. */
#ifndef INE_SANDBOX_SERVER_H
#define INE_SANDBOX_SERVER_H

#include "sandbox.h"

#include "tls.h"

#include <event2/event.h>

typedef struct server server;

/* Listens on a numeric address, port 0 for a free one. NULL with a text in *why. Borrows both. */
server *server_new(struct event_base *base, ine_sandbox *sandbox, const char *address, int port,
                   const char **why);
/* From now on https, with `ctx`, which it takes over; or what `fault` has in its place. */
void server_tls(server *s, SSL_CTX *ctx, tls_fault fault);
void server_free(server *s);
int server_port(const server *s);

#endif
