#include "server.h"

#include "events.h"
#include "fault_wire.h"
#include "wire.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>

#define IDLE_SECONDS  120
#define DRAIN_SECONDS 2
#define READ_AT_ONCE  (512 * 1024)

typedef struct connection connection;
struct server {
    struct event_base *base;
    ine_sandbox *sandbox;
    struct evconnlistener *listener;
    events *events;
    SSL_CTX *tls;
    tls_fault tls_fault;
    int port;
    LIST_HEAD(, connection) connections;
};

typedef enum { HEAD, BODY, CHUNK_SIZE, CHUNK, CHUNK_END, TRAILER, STREAMING, DRAINING } state;

struct connection {
    server *server;
    struct bufferevent *bev;
    state state;
    char *head_bytes; /* the views in `head` point into it */
    wire_head head;
    struct evbuffer *body; /* of a chunked request */
    size_t chunk;
    bool close_after, peer_closed;
    event_seat *seat; /* while STREAMING */
    ine_sandbox_fault fault;
    fault_plan plan;
    struct event *timer;   /* of the plan */
    struct evbuffer *drip; /* what is sent bit by bit, or again and again */
    LIST_ENTRY(connection) entry;
};

static void drop(connection *c)
{
    LIST_REMOVE(c, entry);
    events_leave(c->seat);
    if (c->timer)
        event_free(c->timer);
    if (c->drip)
        evbuffer_free(c->drip);
    bufferevent_free(c->bev);
    evbuffer_free(c->body);
    free(c->head_bytes);
    free(c);
}

/* --- Replies
 * --------------------------------------------------------------------------------------- */

static void write_date(char *text, size_t size)
{
    struct tm tm;
    const time_t now = time(NULL);
    gmtime_r(&now, &tm);
    if (!strftime(text, size, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &tm))
        text[0] = 0;
}

static void send_head(connection *c, const ine_sandbox_reply *reply)
{
    char date[64];
    struct evbuffer *out = bufferevent_get_output(c->bev);
    evbuffer_add_printf(out, "HTTP/1.1 %d %s\r\n", reply->status, wire_reason(reply->status));
    for (size_t i = 0; i < reply->header_count; i++) {
        const ine_sandbox_header *h = &reply->headers[i];
        evbuffer_add(out, h->name.ptr, h->name.len);
        evbuffer_add(out, ": ", 2);
        evbuffer_add(out, h->value.ptr, h->value.len);
        evbuffer_add(out, "\r\n", 2);
    }
    write_date(date, sizeof date);
    evbuffer_add(out, date, strlen(date));
}

static void send_reply(connection *c, const ine_sandbox_reply *reply, bool keep, bool with_body)
{
    struct evbuffer *out = bufferevent_get_output(c->bev);
    send_head(c, reply);
    evbuffer_add_printf(out, "Content-Length: %zu\r\n%s\r\n", reply->body.len,
                        keep ? "" : "Connection: close\r\n");
    if (with_body)
        evbuffer_add(out, reply->body.ptr, reply->body.len);
    if (!keep)
        c->close_after = true;
}

/* What is not HTTP as we speak it: an error without a caller, so without a signature. */
static void refuse(connection *c, int status)
{
    static const char text[] =
        "{\"status\":\"fail\",\"code\":\"1101\",\"message\":\"The request is not valid HTTP/1.1 as "
        "the sandbox speaks it.\"}";
    const ine_sandbox_header headers[2] = {
        {{"Content-Type", 12}, {"application/json", 16}},
        {{INE_SANDBOX_HEADER, sizeof INE_SANDBOX_HEADER - 1}, {"1", 1}},
    };
    const ine_sandbox_reply reply = {status, headers, 2, {text, sizeof text - 1}};
    send_reply(c, &reply, false, true);
    c->state = DRAINING;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_stream(const ine_sandbox_reply *reply)
{
    const ine_str type = reply->header_count ? reply->headers[0].value : (ine_str){"", 0};
    return reply->status == 200 && type.len == sizeof INE_SANDBOX_EVENT_STREAM - 1 &&
           memcmp(type.ptr, INE_SANDBOX_EVENT_STREAM, type.len) == 0;
}

/* The reply begins a stream of events, which ends with the connection. */
static void begin_stream(connection *c, const ine_sandbox_reply *reply)
{
    static const struct timeval write_only = {IDLE_SECONDS, 0};
    const ine_sandbox_reply busy = {503, reply->headers, reply->header_count, {"", 0}};
    struct evbuffer *out = bufferevent_get_output(c->bev);
    c->seat = events_join(c->server->events, c->bev);
    if (!c->seat) {
        send_reply(c, &busy, false, true);
        c->state = DRAINING;
        return;
    }
    send_head(c, reply);
    evbuffer_add_printf(out, "Connection: close\r\n\r\n");
    evbuffer_add(out, reply->body.ptr, reply->body.len);
    bufferevent_set_timeouts(c->bev, NULL, &write_only);
    c->state = STREAMING;
}

/* --- Faults of the wire
 * --------------------------------------------------------------------------- */

static void reset(connection *c)
{
    const struct linger now = {1, 0};
    setsockopt(bufferevent_getfd(c->bev), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    drop(c);
}

static void say_goodbye(connection *c)
{
    const struct timeval linger = {DRAIN_SECONDS, 0};
    shutdown(bufferevent_getfd(c->bev), SHUT_WR);
    bufferevent_set_timeouts(c->bev, &linger, NULL);
}

static void on_plan(evutil_socket_t fd, short what, void *context)
{
    connection *c = context;
    struct evbuffer *out = bufferevent_get_output(c->bev);
    (void)fd, (void)what;
    if (c->plan.end == END_REPEAT) {
        evbuffer_add_buffer_reference(out, c->drip);
        return;
    }
    if (c->plan.end == END_DRIP && evbuffer_get_length(c->drip)) {
        evbuffer_remove_buffer(c->drip, out, 1);
        return;
    }
    if (evbuffer_get_length(out) > 0)
        return;
    event_del(c->timer);
    if (c->plan.end == END_RST)
        reset(c);
    else
        say_goodbye(c);
}

/* Ends the connection as the plan says. Bytes that were written get a moment to arrive before a
 * reset that would take them with it. */
static void follow_plan(connection *c)
{
    const int ms = c->plan.drip_ms ? c->plan.drip_ms : 20;
    const struct timeval every = {ms / 1000, ms % 1000 * 1000};
    c->state = DRAINING;
    if (c->plan.end == END_HANG)
        return;
    if (!c->timer)
        c->timer = event_new(c->server->base, -1, EV_PERSIST, on_plan, c);
    if (c->timer)
        event_add(c->timer, &every);
}

static void begin_plan(connection *c, struct evbuffer *bytes, fault_plan plan)
{
    struct evbuffer *out = bufferevent_get_output(c->bev);
    c->plan = plan;
    if (plan.end == END_REPEAT || plan.end == END_DRIP) {
        c->drip = bytes;
    } else {
        evbuffer_add_buffer(out, bytes);
        evbuffer_free(bytes);
    }
    if (plan.end == END_NORMAL && c->head.keep_alive) {
        c->state = HEAD;
        return;
    }
    if (plan.end == END_NORMAL)
        c->plan.end = END_FIN;
    follow_plan(c);
}

static ine_sandbox_request request_of(const connection *c, ine_str body)
{
    return (ine_sandbox_request){c->head.method, c->head.target, c->head.headers,
                                 c->head.header_count, body};
}

/* Before the body, or in the middle of it. */
static void fail_early(connection *c)
{
    const ine_sandbox_request request = request_of(c, (ine_str){"", 0});
    const int status = c->fault.number == 11 ? 413 : c->fault.number == 15 ? 400 : 0;
    const int small = 4096;
    struct evbuffer *bytes = evbuffer_new();
    ine_sandbox_unanswered(c->server->sandbox, &request, now_ms(), status, &c->fault);
    if (!bytes)
        return;
    if (c->fault.number == 14) {
        setsockopt(bufferevent_getfd(c->bev), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        bufferevent_disable(c->bev, EV_READ);
    }
    const fault_plan plan = fault_write_early(bytes, &c->fault);
    begin_plan(c, bytes, plan);
}

static bool fail_reply(connection *c, const ine_sandbox_reply *reply)
{
    struct evbuffer *bytes = fault_is_of_the_wire(&c->fault) ? evbuffer_new() : NULL;
    char date[64];
    if (!bytes)
        return false;
    write_date(date, sizeof date);
    const fault_plan plan = fault_write(bytes, reply, date, &c->fault);
    begin_plan(c, bytes, plan);
    return true;
}

static void answer(connection *c, ine_str body)
{
    const ine_sandbox_request request = request_of(c, body);
    const bool is_head = c->head.method.len == 4 && memcmp(c->head.method.ptr, "HEAD", 4) == 0;
    const ine_sandbox_reply *reply =
        ine_sandbox_handle_with(c->server->sandbox, &request, now_ms(), &c->fault);
    if (fail_reply(c, reply)) {
        free(c->head_bytes);
        c->head_bytes = NULL;
        return;
    }
    if (!is_head && is_stream(reply)) {
        begin_stream(c, reply);
    } else {
        send_reply(c, reply, c->head.keep_alive, !is_head);
        c->state = c->head.keep_alive ? HEAD : DRAINING;
    }
    free(c->head_bytes);
    c->head_bytes = NULL;
}

/* --- Requests
 * -------------------------------------------------------------------------------------- */

/* Each step returns false when it needs more bytes. */
static bool read_head(connection *c, struct evbuffer *in)
{
    const unsigned char *first = evbuffer_pullup(in, 1);
    if (first && (*first < 'A' || *first > 'z')) { /* a ClientHello, say: do not wait for its end */
        refuse(c, 400);
        return false;
    }
    const struct evbuffer_ptr end = evbuffer_search(in, "\r\n\r\n", 4, NULL);
    if (end.pos < 0) {
        if (evbuffer_get_length(in) > WIRE_HEAD_MAX)
            refuse(c, 431);
        return false;
    }
    const size_t len = (size_t)end.pos + 4;
    c->head_bytes = len <= WIRE_HEAD_MAX ? malloc(len) : NULL;
    if (!c->head_bytes || evbuffer_remove(in, c->head_bytes, len) != (int)len) {
        refuse(c, len <= WIRE_HEAD_MAX ? 500 : 431);
        return false;
    }
    const int refused = wire_read_head((ine_str){c->head_bytes, len}, &c->head);
    if (refused) {
        refuse(c, refused);
        return false;
    }
    c->state = c->head.chunked ? CHUNK_SIZE : BODY;
    ine_sandbox_fault_for(c->server->sandbox, c->head.method, c->head.target, &c->fault);
    const bool more = c->head.chunked || evbuffer_get_length(in) < c->head.length;
    if (c->head.expect_continue && more)
        evbuffer_add_printf(bufferevent_get_output(c->bev), "HTTP/1.1 100 Continue\r\n\r\n");
    return true;
}

static bool read_body(connection *c, struct evbuffer *in)
{
    const bool early = fault_is_early(&c->fault);
    const size_t len = early ? fault_body_limit(&c->fault, c->head.length) : c->head.length;
    if (evbuffer_get_length(in) < len) {
        bufferevent_setwatermark(c->bev, EV_READ, len, 0);
        return false;
    }
    if (early) {
        fail_early(c);
        return false;
    }
    bufferevent_setwatermark(c->bev, EV_READ, 0, 0);
    const char *bytes = len ? (const char *)evbuffer_pullup(in, (ev_ssize_t)len) : "";
    if (!bytes) {
        refuse(c, 500);
        return false;
    }
    answer(c, (ine_str){bytes, len});
    evbuffer_drain(in, len);
    return true;
}

static bool read_chunk_line(connection *c, struct evbuffer *in)
{
    size_t len;
    char *line = evbuffer_readln(in, &len, EVBUFFER_EOL_CRLF_STRICT);
    if (!line) {
        if (evbuffer_get_length(in) > 8192)
            refuse(c, 400);
        return false;
    }
    bool ok = true;
    if (c->state == CHUNK_SIZE) {
        ok = wire_chunk_size((ine_str){line, len}, &c->chunk);
        c->state = c->chunk ? CHUNK : TRAILER;
    } else if (c->state == CHUNK_END) {
        ok = len == 0;
        c->state = CHUNK_SIZE;
    } else if (len == 0) { /* the end of the trailer, whose fields nobody reads */
        const size_t size = evbuffer_get_length(c->body);
        const char *bytes = size ? (const char *)evbuffer_pullup(c->body, -1) : "";
        answer(c, (ine_str){bytes, bytes ? size : 0});
        evbuffer_drain(c->body, size);
    }
    free(line);
    if (!ok)
        refuse(c, 400);
    return ok;
}

static bool read_chunk(connection *c, struct evbuffer *in)
{
    const int moved = evbuffer_remove_buffer(in, c->body, c->chunk);
    if (moved <= 0)
        return false;
    c->chunk -= (size_t)moved;
    if (evbuffer_get_length(c->body) > INE_SANDBOX_BODY_MAX) {
        refuse(c, 413);
        return false;
    }
    if (c->chunk)
        return false;
    c->state = CHUNK_END;
    return true;
}

static void on_read(struct bufferevent *bev, void *context)
{
    connection *c = context;
    struct evbuffer *in = bufferevent_get_input(bev);
    bool more = true;
    while (more) {
        switch (c->state) {
        case HEAD:
            more = evbuffer_get_length(in) > 0 && read_head(c, in);
            break;
        case BODY:
            more = read_body(c, in);
            break;
        case CHUNK:
            more = read_chunk(c, in);
            break;
        case STREAMING:
        case DRAINING:
            evbuffer_drain(in, evbuffer_get_length(in));
            more = false;
            break;
        default:
            more = read_chunk_line(c, in);
        }
    }
    if (c->state == DRAINING) {
        bufferevent_setwatermark(bev, EV_READ, 0, 0);
        evbuffer_drain(in, evbuffer_get_length(in));
    }
}

/* Closes our side and reads on for a moment: closing with unread bytes would send a RST that takes
 * the reply with it (F11). */
static void on_written(struct bufferevent *bev, void *context)
{
    connection *c = context;
    if (evbuffer_get_length(bufferevent_get_output(bev)) > 0)
        return;
    if (c->plan.end == END_FIN || c->plan.end == END_RST) {
        follow_plan(c);
        return;
    }
    if (c->peer_closed) {
        drop(c);
        return;
    }
    if (!c->close_after)
        return;
    if (c->server->tls)
        SSL_shutdown(bufferevent_openssl_get_ssl(bev));
    say_goodbye(c);
}

/* A peer that has closed its side still gets what it asked for. */
static void on_event(struct bufferevent *bev, short what, void *context)
{
    connection *c = context;
    const bool pending = evbuffer_get_length(bufferevent_get_output(bev)) > 0;
    if ((what & BEV_EVENT_EOF) && pending && !c->peer_closed && c->plan.end == END_NORMAL) {
        c->peer_closed = true;
        bufferevent_disable(bev, EV_READ);
        return;
    }
    if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT))
        drop(c);
}

/* F50, F51: what comes to a ClientHello. */
static void on_hello(struct bufferevent *bev, void *context)
{
    connection *c = context;
    struct evbuffer *in = bufferevent_get_input(bev);
    evbuffer_drain(in, evbuffer_get_length(in));
    if (c->server->tls_fault == TLS_RESET)
        reset(c);
    else if (c->server->tls_fault == TLS_CLOSE)
        drop(c);
}

static struct bufferevent *new_stream(server *s, evutil_socket_t fd)
{
    SSL *ssl = s->tls ? SSL_new(s->tls) : NULL;
    if (!s->tls)
        return bufferevent_socket_new(s->base, fd, BEV_OPT_CLOSE_ON_FREE);
    struct bufferevent *bev =
        ssl ? bufferevent_openssl_socket_new(s->base, fd, ssl, BUFFEREVENT_SSL_ACCEPTING,
                                             BEV_OPT_CLOSE_ON_FREE)
            : NULL;
    if (bev)
        bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
    else
        SSL_free(ssl);
    return bev;
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *from,
                      int from_len, void *context)
{
    server *s = context;
    const int on = 1;
    const struct timeval idle = {IDLE_SECONDS, 0};
    (void)listener, (void)from, (void)from_len;
    connection *c = calloc(1, sizeof *c);
    struct evbuffer *body = evbuffer_new();
    struct bufferevent *bev = new_stream(s, fd);
    if (!c || !body || !bev) {
        free(c);
        if (body)
            evbuffer_free(body);
        if (bev)
            bufferevent_free(bev);
        else
            evutil_closesocket(fd);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    c->server = s;
    c->bev = bev;
    c->body = body;
    LIST_INSERT_HEAD(&s->connections, c, entry);
    bufferevent_set_max_single_read(bev, READ_AT_ONCE);
    const bool silent = s->tls_fault > TLS_PLAIN;
    bufferevent_setcb(bev, silent ? on_hello : on_read, on_written, on_event, c);
    bufferevent_set_timeouts(bev, &idle, &idle);
    bufferevent_enable(bev, EV_READ | EV_WRITE);
}

server *server_new(struct event_base *base, ine_sandbox *sandbox, const char *address, int port,
                   const char **why)
{
    struct sockaddr_storage where = {0};
    struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)&where;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)&where;
    socklen_t len = sizeof where;
    server *s = calloc(1, sizeof *s);
    *why = "out of memory";
    if (!s)
        return NULL;
    if (evutil_inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)port);
        len = sizeof *v4;
    } else if (evutil_inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)port);
        len = sizeof *v6;
    } else {
        *why = "not a numeric address";
        free(s);
        return NULL;
    }
    s->base = base;
    s->sandbox = sandbox;
    s->events = events_new(base, sandbox);
    if (!s->events) {
        free(s);
        return NULL;
    }
    LIST_INIT(&s->connections);
    s->listener =
        evconnlistener_new_bind(base, on_accept, s, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE, 1024,
                                (struct sockaddr *)&where, (int)len);
    if (!s->listener) {
        *why = "can not listen there: the port is taken, or not allowed";
        events_free(s->events);
        free(s);
        return NULL;
    }
    len = sizeof where;
    getsockname(evconnlistener_get_fd(s->listener), (struct sockaddr *)&where, &len);
    s->port = ntohs(where.ss_family == AF_INET ? v4->sin_port : v6->sin6_port);
    return s;
}

void server_tls(server *s, SSL_CTX *ctx, tls_fault fault)
{
    s->tls = ctx;
    s->tls_fault = fault;
}

int server_port(const server *s)
{
    return s->port;
}

void server_free(server *s)
{
    if (!s)
        return;
    while (!LIST_EMPTY(&s->connections))
        drop(LIST_FIRST(&s->connections));
    evconnlistener_free(s->listener);
    events_free(s->events);
    SSL_CTX_free(s->tls);
    free(s);
}
