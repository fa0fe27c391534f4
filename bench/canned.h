/*
 * A server of one canned reply on loopback, in a process of its own, for measuring clients: what it
 * costs is not charged to them. Keep-alive, any number of connections, one reply for each request
 * without a body.
 */
#ifndef INE_BENCH_CANNED_H
#define INE_BENCH_CANNED_H

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"

typedef struct canned {
    pid_t pid;
    int port;
} canned;

/* Answers as many requests as ended in what was read: clients here send them one at a time. */
static inline void canned_answer(int fd, const char *reply, size_t len)
{
    char bytes[16384];
    const ssize_t got = recv(fd, bytes, sizeof bytes, 0);
    if (got <= 0) {
        close(fd);
        return;
    }
    for (ssize_t i = 0; i + 3 < got; i++) {
        if (memcmp(bytes + i, "\r\n\r\n", 4) == 0 &&
            send(fd, reply, len, MSG_NOSIGNAL) != (ssize_t)len)
            close(fd);
    }
}

static inline void canned_serve(int listening, const char *reply, size_t len)
{
    struct epoll_event events[64], one = {.events = EPOLLIN, .data.fd = listening};
    const int epoll = epoll_create1(0), yes = 1;
    epoll_ctl(epoll, EPOLL_CTL_ADD, listening, &one);
    for (;;) {
        const int count = epoll_wait(epoll, events, 64, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd != listening) {
                canned_answer(events[i].data.fd, reply, len);
                continue;
            }
            one.data.fd = accept(listening, NULL, NULL);
            setsockopt(one.data.fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
            epoll_ctl(epoll, EPOLL_CTL_ADD, one.data.fd, &one);
        }
    }
}

static inline canned canned_start(const char *reply, size_t len)
{
    canned out = {0};
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    const int listening = socket(AF_INET, SOCK_STREAM, 0);
    bench_expect(bind(listening, (struct sockaddr *)&at, size) == 0 && listen(listening, 1024) == 0,
                 "no port");
    getsockname(listening, (struct sockaddr *)&at, &size);
    out.port = ntohs(at.sin_port);
    out.pid = fork();
    bench_expect(out.pid >= 0, "no process");
    if (out.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        canned_serve(listening, reply, len);
    }
    close(listening);
    return out;
}

#endif
