/* listen: receives webhooks. */
#include "bodies.h"
#include "delivery.h"
#include "listen.h"
#include "received.h"
#include "settings.h"
#include "signals.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#define HEADERS_MAX  (64 * 1024)
#define IDLE_SECONDS 30

typedef struct spot {
    const char *address, *path, *certificate, *key;
    uint16_t port;
    bool loopback;
} spot;

/* ---- What was asked for */

static bool read_port(const char *text, uint16_t *port)
{
    const size_t len = strlen(text);
    if (len == 0 || len > 5 || strspn(text, "0123456789") < len || atol(text) > 65535)
        return false;
    *port = (uint16_t)atol(text);
    return true;
}

static bool read_address(const char *text, bool *loopback)
{
    struct in_addr v4;
    struct in6_addr v6;
    *loopback = false;
    if (inet_pton(AF_INET, text, &v4) == 1)
        *loopback = ntohl(v4.s_addr) >> 24 == 127;
    else if (inet_pton(AF_INET6, text, &v6) == 1)
        *loopback = IN6_IS_ADDR_LOOPBACK(&v6);
    else
        return false;
    return true;
}

/* As a URL has it, without query and without what a proxy or evhttp would take apart. */
static bool is_path(const char *path)
{
    size_t i = 0;
    for (; path[i] > ' ' && path[i] < 0x7f && !strchr("?#%\\\"<>", path[i]); i++)
        ;
    return path[0] == '/' && path[i] == '\0';
}

static void read_place(cli *run, spot *place, cli_problems *problems)
{
    const char *const *value = run->args.value;
    *place = (spot){
        .address = value[OPT_ADDRESS] ? value[OPT_ADDRESS] : "127.0.0.1",
        .path = value[OPT_PATH] ? value[OPT_PATH] : "/webhooks/veriff",
        .certificate = value[OPT_TLS_CERT],
        .key = value[OPT_TLS_KEY],
    };
    if (value[OPT_PORT] && !read_port(value[OPT_PORT], &place->port))
        cli_problem_add(problems, "--port", "VALUE", "a number from 0 to 65535");
    if (!read_address(place->address, &place->loopback))
        cli_problem_add(problems, "--address", "VALUE", "a numeric address as 127.0.0.1 or ::1");
    else if (!place->loopback && !value[OPT_ALLOW_REMOTE])
        cli_problem_add(problems, "--address", "VALUE",
                        "others can reach this address: add --allow-remote if that is wanted");
    if (!is_path(place->path))
        cli_problem_add(problems, "--path", "VALUE", "as in /webhooks/veriff");
    if (!place->certificate != !place->key)
        cli_problem_add(problems, place->key ? "--tls-cert" : "--tls-key", "REQUIRED",
                        "--tls-cert and --tls-key belong together");
}

static void open_stores(cli *run, cli_listener *listener, const spot *place, cli_problems *problems)
{
    const char *db = run->args.value[OPT_DB], *bodies = run->args.value[OPT_KEEP_BODIES];
    const char *wrong = cli_ledger_open(&listener->ledger, db);
    if (wrong)
        cli_problem_add(problems, "--db", "UNREADABLE", wrong);
    wrong = bodies ? cli_bodies_open(&listener->bodies, bodies) : NULL;
    if (wrong)
        cli_problem_add(problems, "--keep-bodies", "UNREADABLE", wrong);
    wrong = place->certificate && place->key
                ? cli_tls_open(&listener->tls, place->certificate, place->key)
                : NULL;
    if (wrong)
        cli_problem_add(problems, "TLS", "UNREADABLE", wrong);
}

/* ---- Requests */

static void answer(struct evhttp_request *request, int status)
{
    const char *reason = status == 200   ? "OK"
                         : status == 401 ? "Unauthorized"
                         : status == 404 ? "Not Found"
                         : status == 405 ? "Method Not Allowed"
                                         : "Internal Server Error";
    if (status == 405)
        evhttp_add_header(evhttp_request_get_output_headers(request), "Allow", "POST");
    evhttp_send_reply(request, status, reason, NULL);
}

static bool is_our_path(const cli_listener *listener, struct evhttp_request *request)
{
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
    const char *path = uri ? evhttp_uri_get_path(uri) : NULL;
    return path && strcmp(path, listener->path) == 0;
}

/* Headers beyond the last place could hide a second signature: -1. */
static int32_t read_headers(struct evhttp_request *request, ine_str *names, ine_str *values)
{
    int32_t count = 0;
    const struct evkeyval *header;
    TAILQ_FOREACH(header, evhttp_request_get_input_headers(request), next)
    {
        if (count == CLI_HEADERS)
            return -1;
        names[count] = (ine_str){header->key, strlen(header->key)};
        values[count++] = (ine_str){header->value, strlen(header->value)};
    }
    return count;
}

static void on_request(struct evhttp_request *request, void *context)
{
    cli_listener *listener = context;
    ine_str names[CLI_HEADERS], values[CLI_HEADERS];
    struct evbuffer *in = evhttp_request_get_input_buffer(request);
    const size_t len = evbuffer_get_length(in);
    if (!is_our_path(listener, request)) {
        answer(request, 404);
        return;
    }
    if (evhttp_request_get_command(request) != EVHTTP_REQ_POST) {
        answer(request, 405);
        return;
    }
    const char *bytes = len ? (const char *)evbuffer_pullup(in, -1) : "";
    const int32_t headers = read_headers(request, names, values);
    if (!bytes || headers < 0)
        answer(request, bytes ? 401 : 500);
    else
        answer(request,
               cli_listen_take(listener, names, values, (size_t)headers, (ine_str){bytes, len}));
    if (listener->unheard)
        event_base_loopexit(listener->base, &(const struct timeval){0, 200000});
}

/* ---- Up and down */

static void on_signal(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    event_base_loopbreak(context);
}

static void quiet(int severity, const char *text)
{
    (void)severity, (void)text;
}

static int bound_port(struct evhttp_bound_socket *socket)
{
    struct sockaddr_storage where;
    socklen_t len = sizeof where;
    if (getsockname(evhttp_bound_socket_get_fd(socket), (struct sockaddr *)&where, &len) != 0)
        return 0;
    return ntohs(where.ss_family == AF_INET6
                     ? ((const struct sockaddr_in6 *)(const void *)&where)->sin6_port
                     : ((const struct sockaddr_in *)(const void *)&where)->sin_port);
}

/* False when nobody can read it. */
static bool announce(cli *run, const spot *place, int port)
{
    FILE *file = run->out.file;
    const bool v6 = strchr(place->address, ':') != NULL;
    fputs(run->json ? "{\"result\":\"listening\",\"url\":\""
                    : cli_say(run, "escuchando en ", "listening on "),
          file);
    fprintf(file, "%s://%s%s%s:%d%s", place->certificate ? "https" : "http", v6 ? "[" : "",
            place->address, v6 ? "]" : "", port, place->path);
    if (run->json)
        fprintf(file, "\",\"port\":%d}", port);
    putc('\n', file);
    if (!place->loopback && !place->certificate && !run->json) {
        cli_put(&run->err, cli_say(run,
                                   "ine listen: sin TLS, los datos personales viajan en claro; "
                                   "ponga delante un proxy con TLS, o dé --tls-cert y --tls-key\n",
                                   "ine listen: without TLS personal data travel in the clear; "
                                   "put a proxy with TLS in front, or give --tls-cert and "
                                   "--tls-key\n"));
    }
    return fflush(file) == 0 && !ferror(file);
}

static struct evhttp_bound_socket *open_server(cli_listener *listener, const spot *place)
{
    listener->base = event_base_new();
    listener->http = listener->base ? evhttp_new(listener->base) : NULL;
    if (!listener->http)
        return NULL;
    if (listener->tls)
        cli_tls_use(listener->http, listener->tls);
    evhttp_set_allowed_methods(listener->http, EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD |
                                                   EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE |
                                                   EVHTTP_REQ_OPTIONS | EVHTTP_REQ_PATCH);
    evhttp_set_max_headers_size(listener->http, HEADERS_MAX);
    evhttp_set_max_body_size(listener->http, (ev_ssize_t)CLI_WEBHOOK_BODY);
    evhttp_set_timeout(listener->http, IDLE_SECONDS);
    evhttp_set_gencb(listener->http, on_request, listener);
    return evhttp_bind_socket_with_handle(listener->http, place->address, place->port);
}

static int32_t serve(cli_listener *listener, const spot *place)
{
    cli *run = listener->run;
    cli_problems problems = {.count = 0};
    event_set_log_callback(quiet);
    signal(SIGPIPE, SIG_IGN);
    struct evhttp_bound_socket *socket = open_server(listener, place);
    struct event *stop = listener->base ? event_new(listener->base, cli_signals_fd(),
                                                    EV_READ | EV_PERSIST, on_signal, listener->base)
                                        : NULL;
    if (!socket || !stop || event_add(stop, NULL) != 0) {
        cli_problem_add(&problems, "--port", "VALUE",
                        "can not listen there: the port is taken or not allowed, or the address "
                        "is not this machine's");
        cli_refuse(run, &problems);
    } else {
        listener->unheard = !announce(run, place, bound_port(socket));
        if (!cli_stopped() && !listener->unheard)
            event_base_dispatch(listener->base);
    }
    if (stop)
        event_free(stop);
    return problems.errors ? CLI_REFUSED : listener->unheard ? CLI_TROUBLE : CLI_OK;
}

static void close_listener(cli_listener *listener)
{
    if (listener->http)
        evhttp_free(listener->http);
    if (listener->base)
        event_base_free(listener->base);
    SSL_CTX_free(listener->tls);
    cli_ledger_close(listener->ledger);
    if (listener->bodies >= 0)
        close(listener->bodies);
    ine_webhooks_free(listener->receiver);
}

int32_t cli_cmd_listen(cli *run)
{
    cli_problems problems = {.count = 0};
    cli_settings settings;
    cli_listener listener = {.run = run, .bodies = -1};
    spot place;
    ine_error *error = NULL;
    int32_t exit;
    cli_signals_open();
    cli_settings_read(run, &settings, &problems, CLI_NEEDS_CREDENTIALS);
    cli_old_secret(run, settings.credentials, &problems);
    cli_require(run, &listener.require, &problems);
    read_place(run, &place, &problems);
    listener.path = place.path;
    if (!problems.errors)
        open_stores(run, &listener, &place, &problems);
    if (problems.errors)
        exit = cli_refuse(run, &problems);
    else if (cli_receiver(&listener.receiver, settings.credentials, &error) != INE_OK)
        exit = cli_fail(run, error);
    else
        exit = serve(&listener, &place);
    close_listener(&listener);
    cli_settings_free(&settings);
    return exit;
}
