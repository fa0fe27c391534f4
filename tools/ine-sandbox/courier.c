#include "courier.h"

#include "options.h"
#include "tls.h"

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/http.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>

#define AT_ONCE         8
#define LOOK_EVERY_US   20000
#define TIMEOUT_SECONDS 5

typedef struct errand errand;
struct courier {
    struct event_base *base;
    ine_sandbox *sandbox;
    struct event *timer;
    bool allow_remote;
    const char *ca_file;
    SSL_CTX *tls; /* once it was needed */
    size_t on_the_way;
    LIST_HEAD(, errand) errands;
};

struct errand {
    courier *courier;
    struct evhttp_connection *connection;
    int64_t number;
    bool done;
    LIST_ENTRY(errand) entry;
};

/* Its connection goes later: libevent is still at work with it, and frees none that failed. */
static void finish(errand *e)
{
    e->courier->on_the_way -= !e->done;
    e->done = true;
}

static void drop(errand *e)
{
    evhttp_connection_free(e->connection); /* calls on_answer() when nothing had come */
    LIST_REMOVE(e, entry);
    free(e);
}

static void sweep(courier *c)
{
    errand *next;
    for (errand *e = LIST_FIRST(&c->errands); e; e = next) {
        next = LIST_NEXT(e, entry);
        if (e->done)
            drop(e);
    }
}

static void on_answer(struct evhttp_request *request, void *context)
{
    errand *e = context;
    const int status = request ? evhttp_request_get_response_code(request) : 0;
    struct evbuffer *body = status ? evhttp_request_get_input_buffer(request) : NULL;
    const size_t len = body ? evbuffer_get_length(body) : 0;
    const char *bytes = len ? (const char *)evbuffer_pullup(body, -1) : NULL;
    ine_sandbox_answered(e->courier->sandbox, e->number, status,
                         (ine_str){bytes ? bytes : "", bytes ? len : 0});
    finish(e);
}

static bool add_headers(struct evhttp_request *request, const ine_sandbox_webhook *hook)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    for (size_t i = 0; i < hook->header_count; i++) {
        const ine_sandbox_header *h = &hook->headers[i];
        char name[64], value[128];
        snprintf(name, sizeof name, "%.*s", (int)h->name.len, h->name.ptr);
        snprintf(value, sizeof value, "%.*s", (int)h->value.len, h->value.ptr);
        if (evhttp_add_header(headers, name, value) != 0)
            return false;
    }
    return evhttp_add_header(headers, "Connection", "close") == 0 &&
           evbuffer_add(evhttp_request_get_output_buffer(request), hook->body.ptr,
                        hook->body.len) == 0;
}

static bool is_https(const struct evhttp_uri *uri)
{
    const char *scheme = evhttp_uri_get_scheme(uri);
    return scheme && strcmp(scheme, "https") == 0;
}

/* A TLS stream that accepts a certificate for `host` only. */
static struct bufferevent *tls_stream(courier *c, const char *host)
{
    if (!c->tls)
        c->tls = tls_client(c->ca_file);
    SSL *ssl = c->tls ? SSL_new(c->tls) : NULL;
    if (!ssl)
        return NULL;
    X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
    if (X509_VERIFY_PARAM_set1_ip_asc(param, host) != 1)
        SSL_set1_host(ssl, host);
    char name[256]; /* the macro takes no const */
    snprintf(name, sizeof name, "%s", host);
    SSL_set_tlsext_host_name(ssl, name);
    struct bufferevent *bev = bufferevent_openssl_socket_new(
        c->base, -1, ssl, BUFFEREVENT_SSL_CONNECTING, BEV_OPT_CLOSE_ON_FREE);
    if (bev)
        bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
    else
        SSL_free(ssl);
    return bev;
}

/* The numeric address to go to; NULL where webhooks may not go. */
static const char *address_of(const courier *c, const struct evhttp_uri *uri)
{
    const char *scheme = evhttp_uri_get_scheme(uri), *host = evhttp_uri_get_host(uri);
    if (!scheme || (strcmp(scheme, "http") != 0 && !is_https(uri)) || !host || !*host)
        return NULL;
    if (strcmp(host, "localhost") == 0)
        return "127.0.0.1";
    return is_loopback(host) || c->allow_remote ? host : NULL;
}

static bool set_out(courier *c, const ine_sandbox_webhook *hook, const struct evhttp_uri *uri)
{
    const char *address = address_of(c, uri), *host = evhttp_uri_get_host(uri);
    const char *path = evhttp_uri_get_path(uri), *query = evhttp_uri_get_query(uri);
    const bool https = is_https(uri);
    const int port = evhttp_uri_get_port(uri) > 0 ? evhttp_uri_get_port(uri) : https ? 443 : 80;
    char target[2048], where[300];
    errand *e = address ? calloc(1, sizeof *e) : NULL;
    if (!e)
        return false;
    e->courier = c;
    e->number = hook->number;
    struct bufferevent *bev = https ? tls_stream(c, host) : NULL;
    if (bev || !https)
        e->connection = evhttp_connection_base_bufferevent_new(c->base, NULL, bev, address,
                                                               (unsigned short)port);
    struct evhttp_request *request = e->connection ? evhttp_request_new(on_answer, e) : NULL;
    if (!request) {
        if (e->connection)
            evhttp_connection_free(e->connection);
        free(e);
        return false;
    }
    snprintf(target, sizeof target, "%s%s%s", path && *path ? path : "/", query ? "?" : "",
             query ? query : "");
    snprintf(where, sizeof where, "%s:%d", host, port);
    evhttp_connection_set_timeout(e->connection, TIMEOUT_SECONDS);
    LIST_INSERT_HEAD(&c->errands, e, entry);
    c->on_the_way++;
    evhttp_add_header(evhttp_request_get_output_headers(request), "Host", where);
    add_headers(request, hook);
    /* A failure calls on_answer() itself, now or later. */
    if (evhttp_make_request(e->connection, request, EVHTTP_REQ_POST, target) != 0) {
        finish(e);
        return false;
    }
    return true;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void on_look(evutil_socket_t fd, short what, void *context)
{
    courier *c = context;
    ine_sandbox_webhook hook;
    (void)fd, (void)what;
    sweep(c);
    while (c->on_the_way < AT_ONCE && ine_sandbox_due(c->sandbox, now_ms(), &hook)) {
        char url[1001];
        snprintf(url, sizeof url, "%.*s", (int)hook.url.len, hook.url.ptr);
        struct evhttp_uri *uri = evhttp_uri_parse(url);
        if (!uri || !set_out(c, &hook, uri))
            ine_sandbox_delivered(c->sandbox, hook.number, 0);
        if (uri)
            evhttp_uri_free(uri);
    }
}

courier *courier_new(struct event_base *base, ine_sandbox *sandbox, bool allow_remote,
                     const char *ca_file)
{
    const struct timeval every = {0, LOOK_EVERY_US};
    courier *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->base = base;
    c->sandbox = sandbox;
    c->allow_remote = allow_remote;
    c->ca_file = ca_file;
    LIST_INIT(&c->errands);
    c->timer = event_new(base, -1, EV_PERSIST, on_look, c);
    if (c->timer && event_add(c->timer, &every) == 0)
        return c;
    if (c->timer)
        event_free(c->timer);
    free(c);
    return NULL;
}

void courier_free(courier *c)
{
    if (!c)
        return;
    event_free(c->timer);
    while (!LIST_EMPTY(&c->errands))
        drop(LIST_FIRST(&c->errands));
    SSL_CTX_free(c->tls);
    free(c);
}
