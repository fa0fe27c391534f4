/* Faults of the application (F53-F63): replies that are HTTP, and not what they should be. */
#include "faults.h"

#define BIG_BYTES  (10u * 1024 * 1024)
#define DEEP       100000
#define OTHER_UUID "7f000000-0000-4000-8000-000000000054"

static bool is(const ine_sandbox_fault *fault, int32_t number, const char *variant)
{
    return fault && fault->number == number && strcmp(ine__sb_variant(fault), variant) == 0;
}

/* --- In the endpoint's place --------------------------------------------------------------------
 */

static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
static const char *const long_days[] = {"Thursday", "Friday",  "Saturday", "Sunday",
                                        "Monday",   "Tuesday", "Wednesday"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static void two(ine__buf *out, int64_t number)
{
    ine__buf_char(out, (char)('0' + number / 10 % 10));
    ine__buf_char(out, (char)('0' + number % 10));
}

/* [RFC 9110 section 5.6.7]: Sun, 06 Nov 1994 08:49:37 GMT; Sunday, 06-Nov-94 08:49:37 GMT. */
static ine_str http_date(ine__sb_call *call, int64_t ms, bool rfc850)
{
    ine__buf out;
    const int64_t day = ms / 86400000, second = ms / 1000 % 86400;
    const ine__date date = ine__date_from_days(day);
    const char mark = rfc850 ? '-' : ' ';
    ine__buf_init(&out, 64);
    ine__buf_text(&out, (rfc850 ? long_days : days)[day % 7]);
    ine__buf_text(&out, ", ");
    two(&out, date.day);
    ine__buf_char(&out, mark);
    ine__buf_text(&out, months[date.month - 1]);
    ine__buf_char(&out, mark);
    if (!rfc850)
        two(&out, date.year / 100);
    two(&out, date.year);
    ine__buf_char(&out, ' ');
    two(&out, second / 3600);
    ine__buf_char(&out, ':');
    two(&out, second / 60 % 60);
    ine__buf_char(&out, ':');
    two(&out, second % 60);
    ine__buf_text(&out, " GMT");
    const ine_str text = ine__sb_arena_copy(&call->sandbox->arena, ine__buf_view(&out));
    ine__buf_free(&out);
    return text;
}

static void answer_429(ine__sb_call *call, int32_t variant)
{
    /* in the order of F55's variants */
    const ine_str values[] = {
        INE__STR("2"),
        http_date(call, call->wall + 2000, false),
        http_date(call, call->wall + 2000, true),
        http_date(call, call->wall - 86400000, false),
        INE__STR("-5"),
        INE__STR("abc"),
        INE__STR("1.5"),
        INE__STR("99999999999999999999"),
        INE__STR("2"),
    };
    ine__sb_fail_as(call, 429, 1101, "Too many requests");
    if ((size_t)variant < sizeof values / sizeof *values)
        ine__sb_header(call->sandbox, INE__STR("Retry-After"), values[variant]);
    if (variant == 8)
        ine__sb_header(call->sandbox, INE__STR("Retry-After"), INE__STR("3"));
}

static void answer_5xx(ine__sb_call *call, int32_t variant)
{
    static const int32_t status[] = {500, 502, 503, 504, 503};
    ine__sb_fail_as(call, status[variant], 1101, "Something went wrong");
    if (variant == 4)
        ine__sb_header(call->sandbox, INE__STR("Retry-After"), INE__STR("1"));
}

static void answer_4xx(ine__sb_call *call, int32_t variant)
{
    ine__writer w;
    switch (variant) {
    case 0:
        ine__sb_fail(call, 1803);
        break;
    case 2: /* C-18 */
        w = ine__sb_begin(call, 400);
        ine__write_raw(&w, INE__STR("{\"status\":\"fail\",\"code\":1101,\"message\":\"Validation "
                                    "failed\"}"));
        break;
    case 3:
        ine__sb_not_found(call);
        break;
    case 4:
        ine__sb_fail(call, 1304);
        break;
    default:
        ine__sb_fail(call, 1101);
    }
}

bool ine__sb_fault_instead(ine__sb_call *call)
{
    const ine_sandbox_fault *fault = call->fault;
    if (!fault)
        return false;
    if (fault->number == 55)
        answer_429(call, fault->variant);
    else if (fault->number == 56)
        answer_5xx(call, fault->variant);
    else if (fault->number == 57)
        answer_4xx(call, fault->variant);
    else if (is(fault, 60, "404"))
        ine__sb_not_found(call);
    else if (is(fault, 62, "conflict") || is(fault, 63, "conflict"))
        ine__sb_fail(call, 1304);
    else if (is(fault, 62, "limit"))
        ine__sb_fail_as(call, 400, 1104, "Too many images of this context.");
    else
        return false;
    return true;
}

/* --- Another body -------------------------------------------------------------------------------
 */

static void set_body(ine__buf *body, const char *text, size_t len)
{
    ine__buf_clear(body);
    ine__buf_add(body, text, len);
}

/* F54: each mention of the session's id becomes another one. */
static void rename_session(ine__sb_call *call)
{
    ine__buf *body = &call->sandbox->body;
    const size_t n = sizeof OTHER_UUID - 1;
    for (size_t i = 0; call->session.id.len == n && i + n <= body->len; i++) {
        if (memcmp(body->ptr + i, call->session.id.ptr, n) == 0)
            memcpy(body->ptr + i, OTHER_UUID, n);
    }
}

static void repeat(ine__buf *body, char c, size_t times)
{
    char *room = ine__buf_room(body, times);
    if (room) {
        memset(room, c, times);
        body->len += times;
    }
}

static void something_else(ine__buf *body, int32_t variant)
{
    static const char utf16[] = "{\0}";
    static const struct {
        const char *text;
        size_t len;
    } texts[] = {
        {"<html><body>Bad gateway</body></html>", 37}, {"", 0}, {"null", 4}, {"[]", 2}, {"{}", 2},
    };
    if ((size_t)variant < sizeof texts / sizeof *texts) {
        set_body(body, texts[variant].text, texts[variant].len);
    } else if (variant == 5) { /* the right document behind a byte order mark */
        repeat(body, ' ', 3);
        if (!body->failed) {
            memmove(body->ptr + 3, body->ptr, body->len - 3);
            memcpy(body->ptr, "\xef\xbb\xbf", 3);
        }
    } else {
        set_body(body, utf16, 4);
    }
}

/* What stands between the document's last brace and what was there before it. */
static void add_member(ine__buf *body, const char *text)
{
    if (body->len && body->ptr[body->len - 1] == '}')
        body->len--;
    ine__buf_text(body, text);
}

static void not_to_be_taken(ine__buf *body, int32_t variant)
{
    static const char *const members[] = {
        [2] = ",\"status\":\"success\"}",
        [3] = ",\"status2\":\"\\ud800\"}",
        [5] = ",\"status2\":1e400}",
    };
    if (variant == 0) {
        add_member(body, ",\"big\":\"");
        repeat(body, 'x', BIG_BYTES);
        ine__buf_text(body, "\"}");
    } else if (variant == 1) {
        add_member(body, ",\"deep\":");
        repeat(body, '[', DEEP);
        repeat(body, ']', DEEP);
        ine__buf_text(body, "}");
    } else if (variant == 4) {
        add_member(body, ",\"nul\":\"");
        ine__buf_add(body, "\0", 1);
        ine__buf_text(body, "\"}");
    } else {
        add_member(body, members[variant]);
    }
}

/* F61 */
static void from_the_future(ine__sb_call *call, int32_t variant)
{
    ine__writer w = ine__sb_begin(call, 200);
    ine__write_object(&w);
    ine__sb_text_member(&w, "status", INE__STR("success"));
    ine__write_key(&w, "verification");
    ine__write_object(&w);
    ine__sb_text_member(&w, "id", call->session.id);
    ine__sb_text_member(&w, "status", variant ? INE__STR("declined") : INE__STR("under_the_moon"));
    ine__write_key(&w, "code");
    ine__write_int(&w, variant ? 9102 : 9999);
    if (!variant) {
        ine__write_key(&w, "registryValidations");
        ine__write_raw(&w, INE__STR("{\"MX_INE\":{\"status\":\"perhaps\",\"validations\":{"
                                    "\"aura_match\":{\"result\":\"success\",\"reason\":null}}}}"));
    }
    ine__write_end_object(&w);
    ine__write_end_object(&w);
}

void ine__sb_fault_body(ine__sb_call *call)
{
    const ine_sandbox_fault *fault = call->fault;
    ine_sandbox *sandbox = call->sandbox;
    const int32_t status = sandbox->reply.status;
    if (!fault || status < 200 || status > 299)
        return;
    if (fault->number == 54)
        rename_session(call);
    else if (fault->number == 58)
        something_else(&sandbox->body, fault->variant);
    else if (fault->number == 59)
        not_to_be_taken(&sandbox->body, fault->variant);
    else if (is(fault, 60, "pending"))
        set_body(&sandbox->body, "{\"status\":\"success\",\"verification\":null}", 40);
    else if (fault->number == 61)
        from_the_future(call, fault->variant);
}

/* --- Another signature --------------------------------------------------------------------------
 */

static ine_str wrong_signature(ine__sb_call *call, int32_t variant, char text[66])
{
    ine_sandbox *sandbox = call->sandbox;
    const ine_str body = sandbox->reply.body;
    memcpy(text, sandbox->signature, 64);
    switch (variant) {
    case 1:
        return ine__str(text, 0);
    case 2:
        return ine__str(text, 63);
    case 3:
        text[64] = '0';
        return ine__str(text, 65);
    case 4:
        text[10] = 'g';
        break;
    case 5:
        text[0] = text[0] == '0' ? '1' : '0';
        break;
    case 6:
        ine__sb_sign(INE__STR("a secret that nobody was given"), body, text);
        break;
    case 7:
        ine__sb_sign(call->who->secret, call->session.id.ptr ? call->session.id : call->id, text);
        break;
    case 8: {
        char *copy = ine__sb_arena_take(&sandbox->arena, body.len + 1);
        if (!copy)
            break;
        memcpy(copy, body.ptr, body.len);
        copy[body.len] = '\n';
        ine__sb_sign(call->who->secret, ine__str(copy, body.len + 1), text);
        break;
    }
    default:
        break;
    }
    return ine__str(text, 64);
}

void ine__sb_fault_signature(ine__sb_call *call)
{
    const ine_sandbox_fault *fault = call->fault;
    ine_sandbox *sandbox = call->sandbox;
    if (!fault || fault->number != 53)
        return;
    char *text = ine__sb_arena_take(&sandbox->arena, 66);
    size_t kept = 0;
    for (size_t i = 0; text && i < sandbox->reply.header_count; i++) {
        ine_sandbox_header *h = &sandbox->headers[i];
        const bool is_signature =
            ine__str_is(h->name, "X-HMAC-SIGNATURE") || ine__str_is(h->name, "VRF-HMAC-SIGNATURE");
        if (is_signature && fault->variant == 0)
            continue;
        if (is_signature)
            h->value = wrong_signature(call, fault->variant, text);
        sandbox->headers[kept++] = *h;
    }
    sandbox->reply.header_count = text ? kept : sandbox->reply.header_count;
    if (text && fault->variant == 9) {
        memcpy(text, sandbox->signature, 64);
        ine__sb_header(sandbox, INE__STR("X-HMAC-SIGNATURE"), ine__str(text, 64));
    }
}
