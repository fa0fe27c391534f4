/* GET /sandbox/log: the newest requests, without what is secret and without images. In memory; the
 * host may hand each line on to a file. */
#include "faults.h"

#include "crypto/hex.h"

#define KEPT     2000
#define BODY_MAX 4096

struct ine__sb_log {
    ine_str lines[KEPT]; /* JSON objects, a ring: line n is at n % KEPT */
    int64_t count, removed;
    void (*give)(void *to, ine_str line);
    void *to;
};

static bool is_secret(ine_str name)
{
    static const char *const names[] = {
        "x-auth-client", "x-hmac-signature", "vrf-auth-client", "vrf-hmac-signature",
        "x-signature",   "authorization",    "cookie"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (ine__str_ieq(name, ine__str_of(names[i])))
            return true;
    }
    return false;
}

/* Enough to tell two apart, too little to use. */
static void write_cut(ine__writer *w, ine_str value)
{
    char text[12];
    const size_t n = value.len < 8 ? value.len : 8;
    memcpy(text, value.ptr ? value.ptr : "", value.len ? n : 0);
    memcpy(text + n, "...", 3);
    ine__write_str(w, ine__str(text, n + 3));
}

static void write_headers(ine__writer *w, const ine_sandbox_request *request)
{
    ine__write_key(w, "headers");
    ine__write_array(w);
    for (size_t i = 0; i < request->header_count; i++) {
        const ine_sandbox_header *h = &request->headers[i];
        ine__write_array(w);
        ine__write_str(w, ine__is_printable(h->name) ? h->name : INE__NONE);
        if (is_secret(h->name) && ine__is_printable(h->value))
            write_cut(w, h->value);
        else
            ine__write_str(w, ine__is_printable(h->value) ? h->value : INE__NONE);
        ine__write_end_array(w);
    }
    ine__write_end_array(w);
}

static void write_body(ine__writer *w, const ine_sandbox_request *request, const char *route)
{
    unsigned char digest[INE__SHA256_SIZE];
    char hex[2 * INE__SHA256_SIZE];
    ine__sha256 hash;
    ine__sha256_begin(&hash);
    ine__sha256_add(&hash, request->body.ptr, request->body.len);
    ine__sha256_end(&hash, digest);
    ine__hex_encode(hex, digest, sizeof digest);
    ine__write_key(w, "size");
    ine__write_int(w, (int64_t)request->body.len);
    ine__sb_text_member(w, "sha256", ine__str(hex, sizeof hex));
    if (strcmp(route, "media") == 0)
        ine__sb_text_member(w, "body", INE__STR("(an image)"));
    else if (request->body.len && request->body.len <= BODY_MAX && ine__is_utf8(request->body) &&
             !ine__has_nul(request->body))
        ine__sb_text_member(w, "body", request->body);
}

static void write_line(ine__buf *out, ine_sandbox *sandbox, const ine_sandbox_request *request,
                       int64_t now_ms, int32_t status, const ine_sandbox_fault *fault, bool handled)
{
    char time[24], name[3];
    ine_str id;
    ine__writer w;
    const char *route = ine__sb_route_name(request->method, request->target, &id);
    ine__write_init(&w, out);
    ine__write_object(&w);
    ine__write_key(&w, "n");
    ine__write_int(&w, sandbox->log->count + 1);
    ine__sb_time(now_ms, time);
    ine__sb_text_member(&w, "time", ine__str(time, sizeof time));
    ine__sb_text_member(&w, "method",
                        ine__is_printable(request->method) ? request->method : INE__NONE);
    ine__sb_text_member(&w, "target",
                        ine__is_printable(request->target) ? request->target : INE__NONE);
    ine__sb_text_member(&w, "route", route[0] ? ine__str_of(route) : INE__NONE);
    ine__sb_text_member(&w, "id", id);
    write_headers(&w, request);
    write_body(&w, request, route);
    ine__write_key(&w, "handled");
    ine__write_bool(&w, handled);
    ine__write_key(&w, "status");
    if (status)
        ine__write_int(&w, status);
    else
        ine__write_null(&w);
    const bool faulty = fault && fault->number;
    if (faulty) {
        name[0] = 'F';
        name[1] = (char)('0' + fault->number / 10);
        name[2] = (char)('0' + fault->number % 10);
    }
    ine__sb_text_member(&w, "fault", faulty ? ine__str(name, sizeof name) : INE__NONE);
    const char *variant = faulty ? ine__sb_variant(fault) : "";
    ine__sb_text_member(&w, "variant", variant[0] ? ine__str_of(variant) : INE__NONE);
    ine__write_end_object(&w);
}

void ine__sb_log_request(ine_sandbox *sandbox, const ine_sandbox_request *request, int64_t now_ms,
                         int32_t status, const ine_sandbox_fault *fault, bool handled)
{
    struct ine__sb_log *log = sandbox->log;
    ine__buf line;
    if (!log || ine__str_starts(request->target, "/sandbox/") ||
        ine__str_starts(request->target, "/portal"))
        return;
    ine__buf_init(&line, 1024 * 1024);
    write_line(&line, sandbox, request, now_ms, status, fault, handled);
    if (!line.failed) {
        ine_str *slot = &log->lines[log->count % KEPT];
        if (log->give)
            log->give(log->to, ine__buf_view(&line));
        ine__text_free(slot);
        if (ine__text_copy(slot, ine__buf_view(&line)))
            log->count++;
    }
    ine__buf_free(&line);
}

bool ine_sandbox_log(ine_sandbox *sandbox, void (*give)(void *to, ine_str line), void *to)
{
    if (!sandbox->log)
        sandbox->log = ine__alloc(sizeof *sandbox->log);
    if (!sandbox->log)
        return false;
    sandbox->log->give = give;
    sandbox->log->to = to;
    return true;
}

void ine_sandbox_unanswered(ine_sandbox *sandbox, const ine_sandbox_request *request,
                            int64_t now_ms, int32_t status, const ine_sandbox_fault *fault)
{
    ine__sb_log_request(sandbox, request, now_ms, status, fault, false);
}

void ine__sb_log_free(ine_sandbox *sandbox)
{
    for (size_t i = 0; sandbox->log && i < KEPT; i++)
        ine__text_free(&sandbox->log->lines[i]);
    ine__free(sandbox->log);
    sandbox->log = NULL;
}

static void list_lines(ine__sb_call *call)
{
    const struct ine__sb_log *log = call->sandbox->log;
    ine__buf *out = &call->sandbox->body;
    int64_t since = log->count > KEPT ? log->count - KEPT : 0, asked;
    if (ine__parse_uint(ine__sb_query_value(call->query, "since"), INT64_MAX, &asked) &&
        asked > since)
        since = asked;
    if (log->removed > since)
        since = log->removed;
    ine__sb_begin(call, 200);
    ine__buf_text(out, "{\"count\":");
    ine__buf_int(out, log->count - log->removed);
    ine__buf_text(out, ",\"requests\":[");
    for (int64_t n = since; n < log->count; n++) {
        if (n > since)
            ine__buf_char(out, ',');
        ine__buf_str(out, log->lines[n % KEPT]);
    }
    ine__buf_text(out, "]}");
}

/* GET, since a number; DELETE forgets. */
void ine__sb_admin_log(ine__sb_call *call)
{
    struct ine__sb_log *log = call->sandbox->log;
    const ine_str method = call->request->method;
    if (!log) {
        ine__sb_fail_as(call, 404, 1101, "No log is kept here.");
        return;
    }
    if (ine__str_is(method, "DELETE")) {
        for (size_t i = 0; i < KEPT; i++)
            ine__text_free(&log->lines[i]);
        log->removed = log->count;
    }
    if (ine__str_is(method, "GET") || ine__str_is(method, "DELETE"))
        list_lines(call);
    else
        ine__sb_not_found(call);
}
