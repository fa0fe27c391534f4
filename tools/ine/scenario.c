/* The scenarios of a sandbox of our own: one plain request to the loopback address. */
#include "sandbox.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define REPLY_MAX (256u * 1024)
#define SCENARIOS 100

/* A text value without its quotes. Texts of the sandbox hold no escapes but those of quotes. */
static bool text_at(const ine_decision *from, const char *pointer, char *out, size_t size)
{
    ine_str slice = {NULL, 0};
    size_t len = 0;
    if (ine_decision_find(from, pointer, strlen(pointer), &slice, NULL) != INE_OK ||
        slice.len < 2 || slice.ptr[0] != '"')
        return false;
    for (size_t i = 1; i + 1 < slice.len; i++) {
        const char c = slice.ptr[i];
        const char next = slice.ptr[i + 1];
        if (len + 1 >= size || (c == '\\' && next != '"' && next != '\\' && next != '/'))
            return false;
        out[len++] = c == '\\' ? slice.ptr[++i] : c;
    }
    out[len] = '\0';
    return true;
}

bool cli_sandbox_ready_text(const cli_sandbox *sandbox, const char *pointer, char *out, size_t size)
{
    return text_at(sandbox->ready, pointer, out, size);
}

bool cli_sandbox_scenario_text(const cli_sandbox *sandbox, const char *member, char *out,
                               size_t size)
{
    char pointer[96];
    snprintf(pointer, sizeof pointer, "%s%s", sandbox->path, member);
    return text_at(sandbox->scenarios, pointer, out, size);
}

static int port_of(const cli_sandbox *sandbox)
{
    ine_str slice = {NULL, 0};
    char digits[8] = "";
    ine_decision_find(sandbox->ready, "/port", 5, &slice, NULL);
    if (!slice.ptr || slice.len >= sizeof digits)
        return 0;
    memcpy(digits, slice.ptr, slice.len);
    return (int)strtol(digits, NULL, 10);
}

static int connect_to(int port)
{
    const struct timeval limit = {5, 0};
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons((uint16_t)port),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

/* The body of a 200; NULL for anything else. The reply ends with the connection. */
static const char *exchange(int fd, char *reply, size_t size)
{
    static const char request[] = "GET /sandbox/scenarios HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                  "Connection: close\r\n\r\n";
    size_t len = 0;
    if (send(fd, request, sizeof request - 1, MSG_NOSIGNAL) != (ssize_t)sizeof request - 1)
        return NULL;
    for (ssize_t got = 1; got > 0 && len + 1 < size; len += got > 0 ? (size_t)got : 0)
        got = recv(fd, reply + len, size - 1 - len, 0);
    reply[len] = '\0';
    char *body = strstr(reply, "\r\n\r\n");
    return body && strncmp(reply, "HTTP/1.1 200", 12) == 0 ? body + 4 : NULL;
}

static const char *fetch(cli_sandbox *sandbox)
{
    char *reply = malloc(REPLY_MAX);
    const int fd = reply ? connect_to(port_of(sandbox)) : -1;
    const char *body = fd >= 0 ? exchange(fd, reply, REPLY_MAX) : NULL;
    const bool read = body && ine_decision_read(&sandbox->scenarios, body, strlen(body),
                                                INE_READ_COPY, NULL) == INE_OK;
    if (fd >= 0)
        close(fd);
    free(reply);
    return read ? NULL : "the sandbox did not list its scenarios";
}

const char *cli_sandbox_choose(cli_sandbox *sandbox, const char *name)
{
    char found[64];
    const char *wrong = fetch(sandbox);
    if (wrong)
        return wrong;
    size_t len = (size_t)snprintf(sandbox->names, sizeof sandbox->names,
                                  "no scenario has this name; there are");
    for (int i = 0; i < SCENARIOS; i++) {
        snprintf(sandbox->path, sizeof sandbox->path, "/%d", i);
        if (!cli_sandbox_scenario_text(sandbox, "/name", found, sizeof found))
            break;
        if (strcmp(found, name) == 0)
            return NULL;
        if (len < sizeof sandbox->names)
            len += (size_t)snprintf(sandbox->names + len, sizeof sandbox->names - len, "%s %s",
                                    i ? "," : "", found);
    }
    return sandbox->names;
}
