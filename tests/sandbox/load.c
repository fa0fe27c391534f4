/*
 * How fast and how small: load PORT PID API_KEY SECRET SESSIONS READS
 * creates SESSIONS sessions, each with a selfie and submitted, reads READS decisions, all signed,
 * over 16 connections, and prints requests per second of the sandbox's own processor time and its
 * resident memory, as JSON.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS 16

static int sockets[CONNECTIONS];
static const char *api_key, *secret;
static char (*ids)[37];

static void die(const char *why)
{
    fprintf(stderr, "load: %s\n", why);
    exit(1);
}

static void sign(const char *text, size_t len, char out[65])
{
    unsigned char digest[32];
    unsigned int size = 0;
    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)text, len, digest,
         &size);
    for (int i = 0; i < 32; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

static void send_request(int fd, const char *method, const char *target, const char *body,
                         const char *id)
{
    char bytes[2048], signature[65];
    const char *text = body ? body : id;
    sign(text, strlen(text), signature);
    const int len =
        snprintf(bytes, sizeof bytes,
                 "%s %s HTTP/1.1\r\nHost: x\r\nX-AUTH-CLIENT: %s\r\nX-HMAC-SIGNATURE: "
                 "%s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                 method, target, api_key, signature, body ? strlen(body) : 0, body ? body : "");
    if (len < 0 || (size_t)len >= sizeof bytes || write(fd, bytes, (size_t)len) != len)
        die("can not send");
}

static void read_reply(int fd, char *reply, size_t size, int status)
{
    size_t len = 0;
    for (;;) {
        const ssize_t got = read(fd, reply + len, size - 1 - len);
        if (got <= 0)
            die("no reply");
        len += (size_t)got;
        reply[len] = 0;
        const char *end = strstr(reply, "\r\n\r\n"), *length = strstr(reply, "Content-Length: ");
        if (end && length &&
            len == (size_t)(end + 4 - reply) + (size_t)strtoul(length + 16, NULL, 10))
            break;
    }
    if (atoi(reply + 9) != status)
        die(reply);
}

static double processor_seconds(const char *pid)
{
    char path[64], text[1024];
    unsigned long user = 0, system = 0;
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *file = fopen(path, "r");
    if (!file || !fgets(text, sizeof text, file))
        die("no such process");
    fclose(file);
    const char *p = strrchr(text, ')');
    if (!p ||
        sscanf(p, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2)
        die("no times");
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static double megabytes(const char *pid)
{
    char path[64], text[256];
    double kilobytes = 0;
    snprintf(path, sizeof path, "/proc/%s/status", pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(text, sizeof text, file)) {
        if (sscanf(text, "VmRSS: %lf kB", &kilobytes) == 1)
            break;
    }
    if (file)
        fclose(file);
    return kilobytes / 1024;
}

enum { CREATE, UPLOAD, SUBMIT, READ };

static void step(int what, size_t at, int fd)
{
    static const char create[] =
        "{\"verification\":{\"vendorData\":\"12345678\",\"person\":{\"idNumber\":"
        "\"GARJ000000HMCRLP00\",\"firstName\":\"JUAN\",\"lastName\":\"GARCIA\",\"secondLastName\":"
        "\"LOPEZ\"},\"document\":{\"type\":\"ID_CARD\",\"number\":\"000000000\",\"country\":\"MX\"}"
        ","
        "\"consents\":[{\"type\":\"ine\",\"approved\":true}]}}";
    static const char upload[] = "{\"image\":{\"context\":\"face\",\"content\":\"data:image/"
                                 "jpeg;base64,/9j/4AAQSkZJRgAB\"}}";
    char target[128];
    if (what == CREATE) {
        send_request(fd, "POST", "/v1/sessions", create, NULL);
    } else if (what == UPLOAD) {
        snprintf(target, sizeof target, "/v1/sessions/%s/media", ids[at]);
        send_request(fd, "POST", target, upload, NULL);
    } else if (what == SUBMIT) {
        snprintf(target, sizeof target, "/v1/sessions/%s", ids[at]);
        send_request(fd, "PATCH", target, "{\"verification\":{\"status\":\"submitted\"}}", NULL);
    } else {
        snprintf(target, sizeof target, "/v1/sessions/%s/decision", ids[at]);
        send_request(fd, "GET", target, NULL, ids[at]);
    }
}

static void run(const char *name, int what, size_t count, size_t sessions, const char *pid)
{
    static char reply[65536];
    struct timespec start, end;
    const double before = processor_seconds(pid);
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (size_t i = 0; i < count; i += CONNECTIONS) {
        for (size_t n = 0; n < CONNECTIONS && i + n < count; n++)
            step(what, (i + n) % sessions, sockets[n]);
        for (size_t n = 0; n < CONNECTIONS && i + n < count; n++) {
            read_reply(sockets[n], reply, sizeof reply, what == CREATE ? 201 : 200);
            const char *id = strstr(reply, "\"id\":\"");
            if (what == CREATE && id)
                snprintf(ids[i + n], sizeof ids[0], "%.36s", id + 6);
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    const double wall =
        (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
    const double used = processor_seconds(pid) - before;
    printf("{\"step\":\"%s\",\"requests\":%zu,\"per_second\":%.0f,\"per_core_second\":%.0f,"
           "\"megabytes\":%.0f}\n",
           name, count, (double)count / wall, (double)count / (used > 0 ? used : 1e-9),
           megabytes(pid));
    fflush(stdout);
}

int main(int argc, char **argv)
{
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int on = 1;
    if (argc != 7)
        die("usage: load PORT PID API_KEY SECRET SESSIONS READS");
    where.sin_port = htons((uint16_t)atoi(argv[1]));
    api_key = argv[3];
    secret = argv[4];
    const size_t sessions = strtoul(argv[5], NULL, 10), reads = strtoul(argv[6], NULL, 10);
    ids = calloc(sessions ? sessions : 1, sizeof *ids);
    if (!ids || !sessions)
        die("no sessions");
    for (int i = 0; i < CONNECTIONS; i++) {
        sockets[i] = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(sockets[i], (struct sockaddr *)&where, sizeof where) != 0)
            die("can not connect");
        setsockopt(sockets[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    run("create", CREATE, sessions, sessions, argv[2]);
    run("upload", UPLOAD, sessions, sessions, argv[2]);
    run("submit", SUBMIT, sessions, sessions, argv[2]);
    run("decision", READ, reads, sessions, argv[2]);
    free(ids);
    return 0;
}
