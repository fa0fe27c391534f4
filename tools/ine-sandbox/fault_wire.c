#include "fault_wire.h"

#include "gzip.h"
#include "wire.h"

#include <stdio.h>
#include <string.h>

static bool is(const ine_sandbox_fault *fault, const char *variant)
{
    return strcmp(ine_sandbox_fault_variant(fault), variant) == 0;
}

bool fault_is_early(const ine_sandbox_fault *fault)
{
    switch (fault->number) {
    case 5:
    case 10:
    case 11:
    case 14:
    case 15:
        return true;
    default:
        return fault->number == 12 && is(fault, "request");
    }
}

bool fault_is_of_the_wire(const ine_sandbox_fault *fault)
{
    return (fault->number >= 5 && fault->number <= 40) ||
           ((fault->number == 62 || fault->number == 63) && is(fault, "lost"));
}

size_t fault_body_limit(const ine_sandbox_fault *fault, size_t length)
{
    if (fault->number != 10 && fault->number != 11)
        return 0;
    const size_t at = fault->at >= 0 ? (size_t)fault->at : length / 2;
    return at < length ? at : length;
}

fault_plan fault_write_early(struct evbuffer *out, const ine_sandbox_fault *fault)
{
    static const char body[] = "{\"status\":\"fail\",\"code\":\"1101\",\"message\":\"Too soon\"}";
    const bool too_large = fault->number == 11;
    if (too_large || fault->number == 15)
        evbuffer_add_printf(out,
                            "HTTP/1.1 %s\r\nContent-Type: application/json\r\n"
                            "X-Ine-Sandbox: 1\r\nContent-Length: %zu\r\n\r\n%s",
                            too_large ? "413 Content Too Large" : "400 Bad Request",
                            sizeof body - 1, body);
    switch (fault->number) {
    case 5:
    case 11:
        return (fault_plan){END_RST, 0};
    case 10:
        return (fault_plan){is(fault, "fin") ? END_FIN : END_RST, 0};
    case 15:
        return (fault_plan){END_FIN, 0};
    default:
        return (fault_plan){END_HANG, 0};
    }
}

/* --- The parts of a reply -----------------------------------------------------------------------
 */

/* Without the header that ends the head. */
static void write_head(struct evbuffer *out, const ine_sandbox_reply *reply, int status,
                       const char *date)
{
    evbuffer_add_printf(out, "HTTP/1.1 %d %s\r\n", status, wire_reason(status));
    for (size_t i = 0; i < reply->header_count; i++) {
        const ine_sandbox_header *h = &reply->headers[i];
        evbuffer_add_printf(out, "%.*s: %.*s\r\n", (int)h->name.len, h->name.ptr, (int)h->value.len,
                            h->value.ptr);
    }
    evbuffer_add_printf(out, "%s", date);
}

static void write_whole(struct evbuffer *out, const ine_sandbox_reply *reply, int status,
                        const char *date, const char *more, long long length)
{
    write_head(out, reply, status, date);
    evbuffer_add_printf(out, "%sContent-Length: %lld\r\n\r\n", more, length);
    evbuffer_add(out, reply->body.ptr, reply->body.len);
}

/* Only the first `len` bytes. */
static void cut(struct evbuffer *out, size_t len)
{
    const size_t whole = evbuffer_get_length(out);
    struct evbuffer *first = len < whole ? evbuffer_new() : NULL;
    if (!first)
        return;
    evbuffer_remove_buffer(out, first, len);
    evbuffer_drain(out, evbuffer_get_length(out));
    evbuffer_add_buffer(out, first);
    evbuffer_free(first);
}

static size_t size_of(const ine_sandbox_fault *fault, size_t least, size_t most)
{
    if (fault->at >= 0)
        return (size_t)fault->at;
    return most <= least ? least : least + (size_t)(fault->seed % (most - least));
}

/* --- Faults by number ---------------------------------------------------------------------------
 */

static fault_plan cut_short(struct evbuffer *out, const ine_sandbox_reply *reply, const char *date,
                            const ine_sandbox_fault *fault)
{
    write_whole(out, reply, reply->status, date, "", (long long)reply->body.len);
    const size_t whole = evbuffer_get_length(out), head = whole - reply->body.len;
    switch (fault->number) {
    case 16:
        cut(out, size_of(fault, 0, 16));
        return (fault_plan){END_FIN, 0};
    case 17:
        cut(out, size_of(fault, 20, head - 2));
        return (fault_plan){END_FIN, 0};
    case 18:
        cut(out, head + size_of(fault, 0, reply->body.len));
        return (fault_plan){END_FIN, 0};
    case 19:
        cut(out, size_of(fault, 1, whole));
        return (fault_plan){END_RST, 0};
    default: /* 12 */
        cut(out, is(fault, "headers") ? head : head + reply->body.len / 2);
        return (fault_plan){END_HANG, 0};
    }
}

static void write_chunked(struct evbuffer *out, const ine_sandbox_reply *reply, const char *size,
                          bool last)
{
    char digits[20];
    snprintf(digits, sizeof digits, "%zx", reply->body.len);
    evbuffer_add_printf(out, "Transfer-Encoding: chunked\r\n\r\n%s\r\n", size ? size : digits);
    evbuffer_add(out, reply->body.ptr, reply->body.len);
    evbuffer_add_printf(out, "\r\n%s", last ? "0\r\n\r\n" : "");
}

static void wrong_length(struct evbuffer *out, const ine_sandbox_reply *reply, const char *date,
                         const ine_sandbox_fault *fault)
{
    const long long len = (long long)reply->body.len;
    write_head(out, reply, reply->status, date);
    switch (fault->number) {
    case 20:
        evbuffer_add_printf(out, "Content-Length: %lld\r\n\r\n", len + 100);
        break;
    case 21:
        evbuffer_add_printf(out, "Content-Length: %lld\r\n\r\n", len > 50 ? len - 50 : 0);
        break;
    case 22:
        evbuffer_add_printf(out, "\r\n");
        evbuffer_add(out, reply->body.ptr, reply->body.len - reply->body.len / 3);
        return;
    case 23:
        evbuffer_add_printf(out, "Content-Length: %s\r\n\r\n",
                            is(fault, "huge") ? "99999999999999999999" : "-5");
        break;
    case 24:
        evbuffer_add_printf(out, "Content-Length: %lld\r\nContent-Length: %lld\r\n\r\n", len + 1,
                            len);
        break;
    case 25:
        evbuffer_add_printf(out, "Content-Length: %lld\r\n", len);
        write_chunked(out, reply, NULL, true);
        return;
    case 26:
        write_chunked(out, reply, NULL, false);
        return;
    default: /* 27 */
        write_chunked(out, reply, is(fault, "wide") ? "fffffffffffffffff" : "zz", true);
        return;
    }
    evbuffer_add(out, reply->body.ptr, reply->body.len);
}

static void odd_status(struct evbuffer *out, const ine_sandbox_reply *reply, const char *date,
                       const ine_sandbox_fault *fault)
{
    static const int statuses[] = {600, 999, 199};
    const long long len = (long long)reply->body.len;
    if (fault->number == 29) {
        write_whole(out, reply, statuses[fault->variant], date, "", len);
    } else if (fault->number == 35) {
        write_whole(out, reply, fault->variant ? 304 : 204, date, "", len);
    } else if (is(fault, "garbage")) {
        evbuffer_add_printf(out, "\x16\x03\x01 this is no HTTP\r\n\r\n");
    } else if (is(fault, "http09")) {
        evbuffer_add(out, reply->body.ptr, reply->body.len);
    } else {
        evbuffer_add_printf(out, "HTTP/1.1 20 OK\r\nContent-Length: %lld\r\n\r\n", len);
        evbuffer_add(out, reply->body.ptr, reply->body.len);
    }
}

static void odd_headers(struct evbuffer *out, const ine_sandbox_reply *reply, const char *date,
                        const ine_sandbox_fault *fault)
{
    static const char nul[] = "X-Odd: a\0b\r\n";
    write_head(out, reply, reply->status, date);
    if (fault->number == 30)
        evbuffer_add(out, nul, sizeof nul - 1);
    for (int i = 0; fault->number == 31 && i < 6000; i++)
        evbuffer_add_printf(out, "X-Odd-%d: %d\r\n", i, i);
    if (fault->number == 32) {
        char filler[1000];
        memset(filler, 'x', sizeof filler);
        evbuffer_add_printf(out, "X-Odd: ");
        for (int i = 0; i < 400; i++)
            evbuffer_add(out, filler, sizeof filler);
        evbuffer_add_printf(out, "\r\n");
    }
    evbuffer_add_printf(out, "Content-Length: %zu\r\n\r\n", reply->body.len);
    evbuffer_add(out, reply->body.ptr, reply->body.len);
}

static void forged_before(struct evbuffer *out, const ine_sandbox_reply *reply, const char *date)
{
    static const char forged[] =
        "X-HMAC-SIGNATURE: "
        "0000000000000000000000000000000000000000000000000000000000000000\r\n\r\n";
    evbuffer_add_printf(out,
                        "HTTP/1.1 100 Continue\r\n%sHTTP/1.1 102 Processing\r\n%s"
                        "HTTP/1.1 103 Early Hints\r\n%s",
                        forged, forged, forged);
    write_whole(out, reply, reply->status, date, "", (long long)reply->body.len);
}

/* To somewhere on this machine: a client that follows would be seen. */
static void redirect(struct evbuffer *out, const char *date, const ine_sandbox_fault *fault)
{
    static const char *const where[] = {"/v1/sessions", "http://127.0.0.1:1/v1/sessions",
                                        "http://localhost/v1/sessions", "http://127.0.0.1/"};
    static const int status[] = {302, 307, 308, 301};
    evbuffer_add_printf(out,
                        "HTTP/1.1 %d Found\r\nLocation: %s\r\nX-Ine-Sandbox: 1\r\n%s"
                        "Content-Length: 0\r\n\r\n",
                        status[fault->variant], where[fault->variant], date);
}

static void coded(struct evbuffer *out, const ine_sandbox_reply *reply, const char *date,
                  const ine_sandbox_fault *fault)
{
    struct evbuffer *body = evbuffer_new();
    const char *coding = "gzip";
    if (!body)
        return;
    if (fault->number == 38)
        gzip_cut_short(body, reply->body);
    else if (fault->number == 39)
        gzip_bomb(body);
    else
        evbuffer_add(body, reply->body.ptr, reply->body.len);
    if (fault->number == 40)
        coding = is(fault, "unknown") ? "sandbox" : "gzip, gzip, gzip, gzip, gzip, gzip";
    write_head(out, reply, reply->status, date);
    evbuffer_add_printf(out, "Content-Encoding: %s\r\nContent-Length: %zu\r\n\r\n", coding,
                        evbuffer_get_length(body));
    evbuffer_add_buffer(out, body);
    evbuffer_free(body);
}

static void write_1xx(struct evbuffer *out, const ine_sandbox_fault *fault)
{
    evbuffer_add_printf(out, is(fault, "103")
                                 ? "HTTP/1.1 103 Early Hints\r\nLink: </portal>\r\n\r\n"
                                 : "HTTP/1.1 100 Continue\r\n\r\n");
}

fault_plan fault_write(struct evbuffer *out, const ine_sandbox_reply *reply, const char *date,
                       const ine_sandbox_fault *fault)
{
    const long long len = (long long)reply->body.len;
    fault_plan plan = {END_FIN, 0};
    switch (fault->number) {
    case 6:
    case 62:
    case 63:
        return plan;
    case 7:
        return (fault_plan){END_RST, 0};
    case 8:
        return (fault_plan){is(fault, "rst") ? END_RST : END_FIN, 0};
    case 9:
        write_whole(out, reply, reply->status, date, "", len);
        return plan;
    case 12:
    case 16:
    case 17:
    case 18:
    case 19:
        return cut_short(out, reply, date, fault);
    case 13:
        write_whole(out, reply, reply->status, date, "", len);
        return (fault_plan){END_DRIP, fault->at > 0 ? (int)fault->at : 100};
    case 28:
    case 29:
    case 35:
        odd_status(out, reply, date, fault);
        return plan;
    case 30:
    case 31:
    case 32:
        odd_headers(out, reply, date, fault);
        return plan;
    case 33:
        write_1xx(out, fault);
        return (fault_plan){END_REPEAT, fault->at > 0 ? (int)fault->at : 10};
    case 34:
        forged_before(out, reply, date);
        return (fault_plan){END_NORMAL, 0};
    case 36:
        redirect(out, date, fault);
        return (fault_plan){END_NORMAL, 0};
    case 37:
    case 38:
    case 39:
    case 40:
        coded(out, reply, date, fault);
        return plan;
    default:
        wrong_length(out, reply, date, fault);
        return plan;
    }
}
