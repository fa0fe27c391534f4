/*
 * A server of scripted bytes on loopback, in a thread of the test: one step a request, in the order
 * in which they come, whatever the connection. It counts what it was sent; the client's own count
 * is never trusted (B2).
 */
#ifndef INE_TESTS_RAWSERVER_H
#define INE_TESTS_RAWSERVER_H

#include "support.h"

#include "crypto/credentials.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#define RAW_STEPS   32
#define RAW_REQUEST 65536

/* What a step does; KEEP leaves the connection open for the next request. */
enum { RAW_KEEP = 0, RAW_FIN, RAW_RST, RAW_HANG };
/* When: after the whole request, after its head, before anything is read, or when something has
 * arrived that is left unread. */
enum { RAW_WHOLE = 0, RAW_HEAD, RAW_NOTHING, RAW_ARRIVED };

typedef struct raw_step {
    char *reply; /* owned */
    size_t len;
    size_t cut;   /* send only so many bytes; SIZE_MAX: all */
    size_t slice; /* at most so many bytes a write; 0: all at once */
    int pause_ms; /* after each write */
    int then, when;
} raw_step;

typedef struct raw_server {
    int listening, stop[2];
    int port;
    pthread_t thread;
    raw_step step[RAW_STEPS];
    size_t steps;
    bool sweep;     /* answer the n-th request with the first n bytes of the first step */
    bool again;     /* answer every request with the first step */
    uint32_t mixed; /* not 0, a seed: answer each request with any step */
    raw_step swept;
    atomic_uint requests, connections, closed;
    atomic_ullong received; /* bytes of all requests */
    pthread_mutex_t lock;
    char last[RAW_REQUEST]; /* the last request's beginning */
    size_t last_len;
} raw_server;

static inline void raw_add(raw_server *server, const void *reply, size_t len, int then)
{
    assert_true(server->steps < RAW_STEPS);
    raw_step *step = &server->step[server->steps++];
    *step = (raw_step){.len = len, .cut = SIZE_MAX, .then = then};
    step->reply = malloc(len + 1);
    assert_non_null(step->reply);
    memcpy(step->reply, reply, len);
    step->reply[len] = 0;
}

static inline raw_step *raw_text(raw_server *server, const char *reply, int then)
{
    raw_add(server, reply, strlen(reply), then);
    return &server->step[server->steps - 1];
}

/* A whole reply with the signature of its body. */
static inline raw_step *raw_signed(raw_server *server, const ine_credentials *credentials,
                                   const char *status, const char *body, int then)
{
    char signature[65] = {0};
    const size_t size = strlen(body) + 512;
    char *text = malloc(size);
    assert_int_equal(ine__credentials_sign(credentials, ine__str_of(body), signature, NULL), 0);
    snprintf(text, size,
             "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
             "X-HMAC-SIGNATURE: %s\r\n\r\n%s",
             status, strlen(body), signature, body);
    raw_step *step = raw_text(server, text, then);
    free(text);
    return step;
}

/* Waits for `fd` or the stop signal; false: stop. */
static inline bool raw_wait(const raw_server *server, int fd, short events)
{
    struct pollfd fds[2] = {{.fd = server->stop[0], .events = POLLIN},
                            {.fd = fd, .events = events}};
    while (poll(fds, 2, -1) < 0 && errno == EINTR)
        continue;
    return !fds[0].revents;
}

static inline bool raw_send(const raw_server *server, int fd, const raw_step *step)
{
    const size_t all = step->cut < step->len ? step->cut : step->len;
    for (size_t done = 0; done < all;) {
        size_t n = all - done;
        if (step->slice && n > step->slice)
            n = step->slice;
        if (!raw_wait(server, fd, POLLOUT))
            return false;
        const ssize_t sent = send(fd, step->reply + done, n, MSG_NOSIGNAL);
        if (sent < 0)
            return errno == EAGAIN || errno == EINTR;
        done += (size_t)sent;
        struct pollfd stop = {.fd = server->stop[0], .events = POLLIN};
        if (step->pause_ms && poll(&stop, 1, step->pause_ms) > 0)
            return false;
    }
    return true;
}

/* Length of the body that the head in `text` announces. */
static inline size_t raw_body_length(const char *text)
{
    const char *at = strcasestr(text, "\r\nContent-Length:");
    return at ? strtoull(at + 17, NULL, 10) : 0;
}

/* Reads one request as far as `when` says. False: the connection or the test has ended. */
static inline bool raw_receive(raw_server *server, int fd, int when)
{
    char *head = calloc(1, RAW_REQUEST);
    char sink[16384];
    size_t len = 0, wanted = 0;
    bool ok = false;
    while (when < RAW_NOTHING && raw_wait(server, fd, POLLIN)) {
        const bool to_head = len < RAW_REQUEST - 1;
        char *into = to_head ? head + len : sink;
        const ssize_t n = recv(fd, into, to_head ? RAW_REQUEST - 1 - len : sizeof sink, 0);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (n <= 0)
            break;
        len += (size_t)n;
        atomic_fetch_add(&server->received, (unsigned long long)n);
        if (!wanted) {
            const char *end = strstr(head, "\r\n\r\n");
            if (end)
                wanted = (size_t)(end - head) + 4 + (when == RAW_HEAD ? 0 : raw_body_length(head));
        }
        if (wanted && len >= wanted) {
            ok = true;
            break;
        }
    }
    if (ok) {
        pthread_mutex_lock(&server->lock);
        memcpy(server->last, head, RAW_REQUEST);
        server->last_len = len < RAW_REQUEST ? len : RAW_REQUEST;
        pthread_mutex_unlock(&server->lock);
    }
    free(head);
    return ok || when >= RAW_NOTHING;
}

static inline void raw_close(int fd, int then)
{
    const struct linger reset = {.l_onoff = 1, .l_linger = 0};
    if (then == RAW_RST)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(fd);
}

/* The next step; past the last one everything is refused with FIN. */
static inline const raw_step *raw_next(raw_server *server)
{
    static const raw_step none = {.then = RAW_FIN};
    const unsigned n = atomic_fetch_add(&server->requests, 1);
    if (server->sweep) {
        server->swept = server->step[0];
        server->swept.cut = n;
        return &server->swept;
    }
    if (server->again)
        return &server->step[0];
    if (server->mixed)
        return &server->step[((n + server->mixed) * 2654435761u >> 8) % server->steps];
    return n < server->steps ? &server->step[n] : &none;
}

static inline int raw_peek_when(raw_server *server)
{
    const unsigned n = atomic_load(&server->requests);
    return !server->sweep && !server->again && !server->mixed && n < server->steps
               ? server->step[n].when
               : RAW_WHOLE;
}

/* One connection, until it ends. False: stop. */
static inline bool raw_serve(raw_server *server, int fd)
{
    for (bool served = false;; served = true) {
        struct pollfd fds[3] = {{.fd = server->stop[0], .events = POLLIN},
                                {.fd = fd, .events = POLLIN},
                                {.fd = server->listening, .events = POLLIN}};
        const int when = raw_peek_when(server);
        while (when != RAW_NOTHING && poll(fds, served ? 3 : 2, -1) < 0 && errno == EINTR)
            continue;
        if (fds[0].revents)
            break;
        /* A new connection while this one is idle: the client has given this one up, or wants
         * another beside it, which has to wait for its end. */
        if (served && when != RAW_NOTHING && !fds[1].revents && fds[2].revents) {
            close(fd);
            return true;
        }
        if (!raw_receive(server, fd, when)) {
            close(fd);
            return true;
        }
        const raw_step *step = raw_next(server);
        const bool sent = raw_send(server, fd, step);
        if (step->then == RAW_HANG) {
            raw_wait(server, -1, 0);
            break;
        }
        if (!sent || step->then != RAW_KEEP) {
            if (step->then == RAW_FIN)
                shutdown(fd, SHUT_WR);
            raw_close(fd, step->then);
            return true;
        }
    }
    close(fd);
    return false;
}

static inline void *raw_run(void *argument)
{
    raw_server *server = argument;
    while (raw_wait(server, server->listening, POLLIN)) {
        const int fd = accept4(server->listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        const int on = 1;
        if (fd < 0)
            continue;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        atomic_fetch_add(&server->connections, 1);
        const bool more = raw_serve(server, fd);
        atomic_fetch_add(&server->closed, 1);
        if (!more)
            break;
    }
    return NULL;
}

/* Begins to listen; steps may still be added until raw_go(). */
static inline raw_server *raw_new(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof address;
    raw_server *server = calloc(1, sizeof *server);
    assert_non_null(server);
    pthread_mutex_init(&server->lock, NULL);
    assert_int_equal(pipe(server->stop), 0);
    server->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_true(server->listening >= 0);
    assert_int_equal(bind(server->listening, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server->listening, 64), 0);
    assert_int_equal(getsockname(server->listening, (struct sockaddr *)&address, &len), 0);
    server->port = ntohs(address.sin_port);
    return server;
}

static inline void raw_go(raw_server *server)
{
    assert_int_equal(pthread_create(&server->thread, NULL, raw_run, server), 0);
}

static inline void raw_free(raw_server *server)
{
    assert_int_equal(write(server->stop[1], "", 1), 1);
    pthread_join(server->thread, NULL);
    for (size_t i = 0; i < server->steps; i++)
        free(server->step[i].reply);
    close(server->listening);
    close(server->stop[0]);
    close(server->stop[1]);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

/* Waits until a counter has come so far. */
static inline void raw_until(atomic_uint *counter, unsigned value)
{
    for (int i = 0; atomic_load(counter) < value && i < 100000000; i++)
        sched_yield();
    assert_true(atomic_load(counter) >= value);
}

/* Does the last request hold this text? */
static inline bool raw_saw(raw_server *server, const char *text)
{
    pthread_mutex_lock(&server->lock);
    const bool found = strcasestr(server->last, text) != NULL;
    pthread_mutex_unlock(&server->lock);
    return found;
}

#endif
