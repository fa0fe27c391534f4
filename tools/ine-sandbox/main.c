/* ine-sandbox: hosts the sandbox on a socket until it is told to stop. */
#include "courier.h"
#include "options.h"
#include "people_csv.h"
#include "server.h"
#include "store_sqlite.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_USAGE 2
#define EXIT_RUN   4

typedef struct host {
    options options;
    struct event_base *base;
    ine_sandbox_store store;
    ine_sandbox *sandbox;
    server *server;
    courier *courier;
    char base_url[128];
    ine_str api_key, secret;
    FILE *log;
    struct event *events[5];
    size_t event_count;
} host;

static int fail(int code, const char *what, const char *detail)
{
    fprintf(stderr, "ine-sandbox: %s%s%s\n", what, detail ? ": " : "", detail ? detail : "");
    return code;
}

/* --- What is printed when ready
 * ------------------------------------------------------------------- */

static void print_json_text(ine_str text)
{
    putchar('"');
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];
        if (c < 0x20)
            printf("\\u%04x", c);
        else if (c == '"' || c == '\\')
            printf("\\%c", c);
        else
            putchar(c);
    }
    putchar('"');
}

static void print_json(const host *h)
{
    fputs("{\"base_url\":", stdout);
    print_json_text((ine_str){h->base_url, strlen(h->base_url)});
    fputs(",\"api_key\":", stdout);
    print_json_text(h->api_key);
    fputs(",\"secret\":", stdout);
    print_json_text(h->secret);
    printf(",\"port\":%d,\"pid\":%ld}\n", server_port(h->server), (long)getpid());
}

static void print_text(const host *h)
{
    ine_str name, cic, about;
    printf("The sandbox is ready. It answers like the vendor's API; nothing leaves this machine.\n"
           "\n"
           "  export INE_BASE_URL=%s\n"
           "  export INE_API_KEY=%.*s\n"
           "  export INE_SECRET='%.*s'\n"
           "\n"
           "A first request:\n"
           "\n"
           "  curl -s $INE_BASE_URL/v1/sessions -H \"X-AUTH-CLIENT: $INE_API_KEY\" \\\n"
           "    -H 'Content-Type: application/json' -d '{\"verification\":{\"document\":\n"
           "    {\"number\":\"900100001\",\"country\":\"MX\",\"type\":\"ID_CARD\"},\n"
           "    \"consents\":[{\"type\":\"ine\",\"approved\":true}]}}'\n"
           "\n"
           "The CIC picks the outcome:\n"
           "\n",
           h->base_url, (int)h->api_key.len, h->api_key.ptr, (int)h->secret.len, h->secret.ptr);
    for (size_t i = 0; ine_sandbox_scenario(i, &name, &cic, &about); i++)
        printf("  %.*s  %-31.*s %.*s\n", (int)cic.len, cic.ptr, (int)name.len, name.ptr,
               (int)about.len, about.ptr);
    printf("  any other  %-30s %s\n\nCtrl-C stops it.\n", "",
           ine_sandbox_get(h->sandbox, INE_SANDBOX_UNLISTED)
               ? "A person for whom everything matches."
               : "The registry does not know the CIC.");
}

/* --- Events
 * ---------------------------------------------------------------------------------------- */

static void on_stop(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    event_base_loopbreak(((host *)context)->base);
}

static void on_stdin(evutil_socket_t fd, short what, void *context)
{
    char waste[512];
    (void)what;
    if (read(fd, waste, sizeof waste) <= 0)
        event_base_loopbreak(((host *)context)->base);
}

static void on_parent(evutil_socket_t fd, short what, void *context)
{
    host *h = context;
    (void)fd, (void)what;
    if (kill((pid_t)h->options.parent_pid, 0) != 0)
        event_base_loopbreak(h->base);
}

static void on_flush(evutil_socket_t fd, short what, void *context)
{
    const host *h = context;
    (void)fd, (void)what;
    if (!sqlite_store_flush(&h->store))
        fail(EXIT_RUN, "the database can not be written; it will be tried again", h->options.db);
}

static bool watch(host *h, int fd, short what, event_callback_fn call, long every_ms)
{
    const struct timeval every = {every_ms / 1000, every_ms % 1000 * 1000};
    struct event *event = event_new(h->base, fd, what, call, h);
    if (!event || event_add(event, every_ms ? &every : NULL) != 0) {
        if (event)
            event_free(event);
        return false;
    }
    h->events[h->event_count++] = event;
    return true;
}

/* What can not be waited for, as a file or /dev/null, has ended already. */
static bool watch_stdin(host *h)
{
    const struct timeval now = {0, 0};
    return watch(h, STDIN_FILENO, EV_READ | EV_PERSIST, on_stdin, 0) ||
           event_base_loopexit(h->base, &now) == 0;
}

static bool watch_all(host *h)
{
    const options *o = &h->options;
    return watch(h, SIGTERM, EV_SIGNAL | EV_PERSIST, on_stop, 0) &&
           watch(h, SIGINT, EV_SIGNAL | EV_PERSIST, on_stop, 0) &&
           watch(h, -1, EV_PERSIST, on_flush, 50) && (!o->exit_with_stdin || watch_stdin(h)) &&
           (!o->parent_pid || watch(h, -1, EV_PERSIST, on_parent, 250));
}

/* --- Life
 * ------------------------------------------------------------------------------------------ */

static bool read_secret(const char *path, char *out, size_t size, size_t *len)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    *len = 0;
    if (fd < 0)
        return false;
    ssize_t got = 1;
    while (*len < size && got > 0) {
        got = read(fd, out + *len, size - *len);
        *len += got > 0 ? (size_t)got : 0;
    }
    close(fd);
    if (*len && out[*len - 1] == '\n')
        --*len;
    return got == 0 && *len > 0;
}

static int32_t product_of(const char *name)
{
    for (int32_t i = 0; i < INE_SANDBOX_PRODUCTS; i++) {
        const ine_str known = ine_sandbox_product_name(i);
        if (strlen(name) == known.len && memcmp(name, known.ptr, known.len) == 0)
            return i;
    }
    return -1;
}

/* The integration that is shown: the caller's, or the one that the sandbox mints. */
static int set_integration(host *h)
{
    const options *o = &h->options;
    const int32_t product = product_of(o->product);
    static char secret[1026];
    size_t len;
    if (product < 0)
        return fail(EXIT_USAGE, "--product is mx_ine, ine_biometric or ine_registry", o->product);
    if (!o->api_key)
        return ine_sandbox_integration(h->sandbox, product, &h->api_key, &h->secret)
                   ? 0
                   : fail(EXIT_RUN, "out of memory", NULL);
    if (!read_secret(o->secret_file, secret, sizeof secret, &len))
        return fail(EXIT_USAGE, "--secret-file can not be read, is empty or too long",
                    o->secret_file);
    h->api_key = (ine_str){o->api_key, strlen(o->api_key)};
    h->secret = (ine_str){secret, len};
    if (!ine_sandbox_integration_add(h->sandbox, product, h->api_key, h->secret))
        return fail(EXIT_USAGE,
                    "--api-key is a UUID that begins with " INE_SANDBOX_KEY_PREFIX
                    ", --secret-file 1 to 1024 bytes of UTF-8",
                    NULL);
    return 0;
}

static int import_people(host *h)
{
    const char *why;
    long line;
    const long added = people_csv_import(h->sandbox, h->options.people, &line, &why);
    if (added < 0) {
        fprintf(stderr, "ine-sandbox: %s, line %ld: %s\n", h->options.people, line, why);
        return EXIT_USAGE;
    }
    if (h->options.import)
        printf("%ld people\n", added);
    return 0;
}

static int set_urls(host *h)
{
    const options *o = &h->options;
    const struct {
        const char *kind, *url;
    } urls[] = {{"decision", o->decision_url}, {"event", o->event_url}, {"ine", o->ine_url}};
    char key[36];
    if (h->api_key.len != sizeof key)
        return fail(EXIT_USAGE, "--api-key is a UUID", NULL);
    memcpy(key, h->api_key.ptr, sizeof key);
    for (size_t i = 0; i < 3; i++) {
        if (urls[i].url &&
            !ine_sandbox_webhook_url(h->sandbox, (ine_str){key, sizeof key}, urls[i].kind,
                                     (ine_str){urls[i].url, strlen(urls[i].url)}))
            return fail(EXIT_RUN, "the database can not be written", o->db);
    }
    /* Setting one makes the integration anew: the texts that were handed out are gone. */
    if (!o->api_key)
        ine_sandbox_integration(h->sandbox, product_of(o->product), &h->api_key, &h->secret);
    return 0;
}

static int open_sandbox(host *h)
{
    const options *o = &h->options;
    const char *why = "out of memory";
    const bool memory = strcmp(o->db, ":memory:") == 0;
    if (memory ? !ine_sandbox_memory_store(&h->store) : !sqlite_store_open(o->db, &h->store, &why))
        return fail(EXIT_RUN, why, o->db);
    h->sandbox = ine_sandbox_new(&h->store, (uint64_t)o->seed);
    if (!h->sandbox)
        return fail(EXIT_RUN, "the database can not be used", o->db);
    ine_sandbox_set(h->sandbox, INE_SANDBOX_DECISION_DELAY_MS, o->decision_delay_ms);
    ine_sandbox_set(h->sandbox, INE_SANDBOX_KEEP_BYTES, o->keep_mb * 1024 * 1024);
    ine_sandbox_set(h->sandbox, INE_SANDBOX_UNLISTED, !o->unlisted_not_found);
    int code = o->people ? import_people(h) : 0;
    if (code == 0)
        code = set_integration(h);
    return code ? code : set_urls(h);
}

static void log_line(void *to, ine_str line)
{
    fwrite(line.ptr, 1, line.len, to);
    fputc('\n', to);
    fflush(to);
}

static int open_server(host *h)
{
    const options *o = &h->options;
    const char *why;
    const bool v6 = strchr(o->listen, ':') != NULL;
    h->base = event_base_new();
    if (!h->base)
        return fail(EXIT_RUN, "out of memory", NULL);
    h->server = server_new(h->base, h->sandbox, o->listen, (int)o->port, &why);
    if (!h->server)
        return fail(EXIT_RUN, why, o->listen);
    if (o->tls) {
        const tls_fault fault = tls_fault_of(o->tls_fault);
        if (fault == TLS_FAULTS)
            return fail(EXIT_USAGE, "--tls-fault has no such name", o->tls_fault);
        SSL_CTX *ctx = tls_server(fault, o->listen, o->ca_file, &why);
        if (!ctx)
            return fail(EXIT_RUN, why, o->ca_file);
        if (fault >= TLS_PLAIN) { /* the certificate was made for --ca-file only */
            SSL_CTX_free(ctx);
            ctx = NULL;
        }
        server_tls(h->server, ctx, fault);
    }
    ine_sandbox_host_faults(h->sandbox);
    if (o->log && !(h->log = fopen(o->log, "ae")))
        return fail(EXIT_RUN, "the log can not be written", o->log);
    if (!ine_sandbox_log(h->sandbox, h->log ? log_line : NULL, h->log))
        return fail(EXIT_RUN, "out of memory", NULL);
    snprintf(h->base_url, sizeof h->base_url, "%s://%s%s%s:%d", o->tls ? "https" : "http",
             v6 ? "[" : "", o->listen, v6 ? "]" : "", server_port(h->server));
    h->courier = courier_new(h->base, h->sandbox, o->allow_remote, o->webhook_ca);
    if (!h->courier ||
        !ine_sandbox_base_url(h->sandbox, (ine_str){h->base_url, strlen(h->base_url)}) ||
        !watch_all(h))
        return fail(EXIT_RUN, "out of memory", NULL);
    return 0;
}

static void close_all(host *h)
{
    for (size_t i = 0; i < h->event_count; i++)
        event_free(h->events[i]);
    courier_free(h->courier);
    server_free(h->server);
    if (h->log)
        fclose(h->log);
    ine_sandbox_free(h->sandbox); /* and its store, with what is pending */
    if (h->base) {
        event_base_free(h->base);
        libevent_global_shutdown(); /* crashes when there was never a base */
    }
}

int main(int argc, char **argv)
{
    static host h;
    const int read = options_read(argc, argv, &h.options);
    if (read)
        return read == 1 ? 0 : EXIT_USAGE;
    signal(SIGPIPE, SIG_IGN);
    int code = open_sandbox(&h);
    if (code == 0 && !h.options.import)
        code = open_server(&h);
    if (code == 0 && !h.options.import) {
        if (h.options.json)
            print_json(&h);
        else
            print_text(&h);
        if (fflush(stdout) != 0)
            code = fail(EXIT_RUN, "standard output is closed", NULL);
        else
            event_base_dispatch(h.base);
    }
    close_all(&h);
    return code;
}
