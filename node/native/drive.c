/* The steps of exchanges and flows: the transport is in TypeScript, what is sent and what a reply
 * is worth is the library's. */
#include "addon.h"

#include <stdlib.h>
#include <string.h>

enum { N_A = 0, N_B, N_WANT, PARTS = 3 };
enum { HEADERS = 24, REQUEST_TEXTS = PARTS + 2 * HEADERS };

/* flowNew(mode, verification or null, session id or null, credentials, options, now) */
static napi_value flow_new(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_text session;
    ine_flow *flow = NULL;
    ine_error *err = NULL;
    int64_t mode, now;
    bool fine;
    if (!ine_node_begin(&call, env, info, 6) || !ine_node_int(&call, 0, &mode) ||
        !ine_node_int(&call, 5, &now))
        return NULL;
    const ine_verification *verification =
        ine_node_optional(&call, 1, INE_NODE_VERIFICATION, &fine);
    const ine_credentials *credentials =
        fine ? ine_node_unwrap(&call, 3, INE_NODE_CREDENTIALS) : NULL;
    const ine_options *options = credentials ? ine_node_unwrap(&call, 4, INE_NODE_OPTIONS) : NULL;
    if (!options || !ine_node_text_in(env, call.arg[2], &session))
        return NULL;
    const int32_t code = ine_flow_new(&flow, (int32_t)mode, verification, session.text.ptr,
                                      session.text.len, credentials, options, now, &err);
    ine_node_text_free(&session);
    return code == INE_OK ? ine_node_lend(&call, INE_NODE_FLOW, flow)
                          : ine_node_throw(&call, code, err);
}

/* request(drive): method, url, template and the headers as joined texts; how many headers; the
 * sizes beside them. */
static napi_value request(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_drive drive;
    ine_str texts[REQUEST_TEXTS];
    size_t count = 0;
    if (!ine_node_begin(&call, env, info, 1) || !ine_node_unwrap_drive(&call, 0, &drive))
        return NULL;
    const ine_exchange *x = drive.exchange;
    texts[0] = ine_exchange_get(x, INE_X_METHOD);
    texts[1] = ine_exchange_get(x, INE_X_URL);
    texts[2] = ine_exchange_get(x, INE_X_TEMPLATE);
    while (count < HEADERS && ine_exchange_header(x, count, &texts[PARTS + 2 * count],
                                                  &texts[PARTS + 2 * count + 1]) == INE_OK)
        count++;
    double *out = call.state->number;
    out[0] = (double)count;
    out[1] = (double)ine_exchange_body_size(x);
    out[2] = (double)ine_exchange_attempt_timeout(x);
    out[3] = out[1] > 0 && ine_exchange_get(x, INE_X_BODY).ptr == NULL; /* media */
    return ine_node_join(&call, texts, PARTS + 2 * count);
}

/* A part of an image that is at hand: `bytes` begin at `from`. */
typedef struct window {
    ine_str bytes;
    int64_t from;
} window;

/* Two arguments: bytes (or nothing) and where they begin. */
static bool window_in(const ine_node_call *call, size_t arg, window *out)
{
    *out = (window){{"", 0}, 0};
    if (ine_node_is_nothing(call->env, call->arg[arg]))
        return true;
    return ine_node_bytes_in(call->env, call->arg[arg], &out->bytes) &&
           ine_node_int(call, arg + 1, &out->from);
}

/* What of the window is wanted; false: none of it is. */
static bool within(const window *w, int64_t offset, int64_t most, ine_str *out)
{
    const int64_t len = (int64_t)w->bytes.len;
    if (offset < w->from || offset >= w->from + len)
        return false;
    const int64_t at = offset - w->from, left = len - at;
    *out = (ine_str){w->bytes.ptr + at, (size_t)(most < left ? most : left)};
    return true;
}

static int32_t drive_next(const ine_node_drive *drive, int64_t now, int32_t *want, int64_t *a,
                          int64_t *b, ine_error **err)
{
    return drive->flow ? ine_flow_next(drive->flow, now, want, a, b, err)
                       : ine_exchange_next(drive->exchange, now, want, a, b, err);
}

static int32_t drive_feed(const ine_node_drive *drive, ine_str data, ine_error **err)
{
    return drive->flow ? ine_flow_feed_media(drive->flow, data.ptr, data.len, err)
                       : ine_exchange_feed_media(drive->exchange, data.ptr, data.len, err);
}

/* next(drive, now, bytes, from, parts): what is wanted, its numbers beside it. Images are fed from
 * the window as long as they are asked for, at most so many parts of them. */
static napi_value next(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_drive drive;
    window w = {{"", 0}, 0};
    ine_error *err = NULL;
    ine_str data;
    int32_t want = 0;
    int64_t now, a = 0, b = 0, parts = 0;
    if (!ine_node_begin(&call, env, info, 2) || !ine_node_int(&call, 1, &now) ||
        !ine_node_unwrap_drive(&call, 0, &drive) ||
        (call.count >= 5 && (!window_in(&call, 2, &w) || !ine_node_int(&call, 4, &parts))))
        return NULL;
    int32_t code = drive_next(&drive, now, &want, &a, &b, &err);
    while (code == INE_OK && want == INE_WANT_MEDIA && parts-- > 0 && within(&w, a, b, &data)) {
        code = drive_feed(&drive, data, &err);
        if (code == INE_OK)
            code = drive_next(&drive, now, &want, &a, &b, &err);
    }
    if (code != INE_OK)
        return ine_node_throw(&call, code, err);
    call.state->number[N_A] = (double)a;
    call.state->number[N_B] = (double)b;
    return ine_node_integer(env, want);
}

/* ended(drive, sending): the image ends where it was asked for, before its size. */
static napi_value ended(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_drive drive;
    ine_error *err = NULL;
    bool sending = false;
    const ine_str nothing = {"", 0};
    if (!ine_node_begin(&call, env, info, 2) || !ine_node_unwrap_drive(&call, 0, &drive) ||
        napi_get_value_bool(env, call.arg[1], &sending) != napi_ok)
        return NULL;
    const int32_t code = sending ? ine_exchange_feed_media(drive.exchange, "", 0, &err)
                                 : drive_feed(&drive, nothing, &err);
    return code == INE_OK ? ine_node_undefined(env) : ine_node_throw(&call, code, err);
}

/* read(drive, room, at, bytes, from): how far the room is filled; what is wanted then, and its
 * numbers, beside it. The image is taken from the window as long as it is there. */
static napi_value read_body(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_drive drive;
    window w = {{"", 0}, 0};
    ine_error *err = NULL;
    ine_str room, data;
    int32_t want = INE_WANT_SEND, code = INE_OK;
    int64_t at, a = 0, b = 0;
    if (!ine_node_begin(&call, env, info, 3) || !ine_node_unwrap_drive(&call, 0, &drive) ||
        !ine_node_bytes_in(env, call.arg[1], &room) || !ine_node_int(&call, 2, &at) ||
        (call.count >= 5 && !window_in(&call, 3, &w)))
        return NULL;
    size_t filled = at < 0 || (size_t)at > room.len ? room.len : (size_t)at;
    char *out = (char *)(uintptr_t)room.ptr;
    while (code == INE_OK && want != INE_WANT_RECV && filled < room.len) {
        size_t written = 0;
        code = ine_exchange_read(drive.exchange, out + filled, room.len - filled, &written, &want,
                                 &a, &b, &err);
        filled += written;
        if (code != INE_OK || want != INE_WANT_MEDIA)
            continue;
        if (!within(&w, a, b, &data))
            break;
        code = ine_exchange_feed_media(drive.exchange, data.ptr, data.len, &err);
    }
    if (code != INE_OK)
        return ine_node_throw(&call, code, err);
    call.state->number[N_A] = (double)a;
    call.state->number[N_B] = (double)b;
    call.state->number[N_WANT] = (double)want;
    return ine_node_integer(env, (int64_t)filled);
}

/* Which image is asked for: INE_MEDIA_*, 0 for the one of a single upload. */
static napi_value media_of(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_drive drive;
    if (!ine_node_begin(&call, env, info, 1) || !ine_node_unwrap_drive(&call, 0, &drive))
        return NULL;
    return ine_node_integer(env, drive.flow ? ine_flow_media(drive.flow) : 0);
}

static int32_t feed_lines(ine_exchange *exchange, const char *text, size_t len)
{
    int32_t code = INE_OK;
    while (code == INE_OK && len > 0) {
        const char *end = memchr(text, '\n', len);
        const size_t name_len = end ? (size_t)(end - text) : len;
        const char *value = text + name_len + (end ? 1 : 0);
        const size_t left = len - (size_t)(value - text);
        end = memchr(value, '\n', left);
        const size_t value_len = end ? (size_t)(end - value) : left;
        code = ine_exchange_feed_header(exchange, text, name_len, value, value_len, NULL);
        text = value + value_len + (end ? 1 : 0);
        len = left - value_len - (end ? 1 : 0);
    }
    return code;
}

/* The lines of argument 2 as headers. False with an exception. */
static bool feed_head_of(const ine_node_call *call, ine_exchange *exchange, int64_t status,
                         int32_t *code)
{
    napi_env env = call->env;
    char room[2048], *text = room;
    size_t len = 0;
    if (napi_get_value_string_latin1(env, call->arg[2], room, sizeof room, &len) != napi_ok) {
        ine_node_type_error(env, "libine: headers are a string here");
        return false;
    }
    if (len + 1 >= sizeof room) {
        napi_get_value_string_latin1(env, call->arg[2], NULL, 0, &len);
        text = malloc(len + 1);
        if (!text) {
            napi_throw_error(env, NULL, "libine: out of memory");
            return false;
        }
        napi_get_value_string_latin1(env, call->arg[2], text, len + 1, &len);
    }
    *code = ine_exchange_feed_status(exchange, (int32_t)status, NULL);
    if (*code == INE_OK)
        *code = feed_lines(exchange, text, len);
    if (text != room)
        free(text);
    return true;
}

/* feedHead(drive, status, "name\nvalue\n..." as Latin-1): an INE_E_* code. */
static napi_value feed_head(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_drive drive;
    int32_t code = INE_OK;
    int64_t status;
    if (!ine_node_begin(&call, env, info, 3) || !ine_node_unwrap_drive(&call, 0, &drive) ||
        !ine_node_int(&call, 1, &status) || !feed_head_of(&call, drive.exchange, status, &code))
        return NULL;
    return ine_node_integer(env, code);
}

/* feedReply(drive, status, lines, body or undefined, now): a reply that came whole. An INE_E_*
 * code; when it is not 0 the reply was not ended. */
static napi_value feed_reply(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_drive drive;
    ine_error *err = NULL;
    ine_str body = {"", 0};
    int32_t code = INE_OK;
    int64_t status, now;
    if (!ine_node_begin(&call, env, info, 5) || !ine_node_unwrap_drive(&call, 0, &drive) ||
        !ine_node_int(&call, 1, &status) || !ine_node_int(&call, 4, &now) ||
        (!ine_node_is_nothing(env, call.arg[3]) && !ine_node_bytes_in(env, call.arg[3], &body)) ||
        !feed_head_of(&call, drive.exchange, status, &code))
        return NULL;
    if (code == INE_OK)
        code = ine_exchange_feed_body(drive.exchange, body.ptr, body.len, NULL);
    if (code != INE_OK)
        return ine_node_integer(env, code);
    code = ine_exchange_feed_end(drive.exchange, now, &err);
    return code == INE_OK ? ine_node_integer(env, 0) : ine_node_throw(&call, code, err);
}

/* feedBody(drive, bytes): an INE_E_* code. */
static napi_value feed_body(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_drive drive;
    ine_str data;
    if (!ine_node_begin(&call, env, info, 2) || !ine_node_unwrap_drive(&call, 0, &drive) ||
        !ine_node_bytes_in(env, call.arg[1], &data))
        return NULL;
    return ine_node_integer(env, ine_exchange_feed_body(drive.exchange, data.ptr, data.len, NULL));
}

/* feedEnd(drive, now) */
static napi_value feed_end(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_drive drive;
    ine_error *err = NULL;
    int64_t now;
    if (!ine_node_begin(&call, env, info, 2) || !ine_node_unwrap_drive(&call, 0, &drive) ||
        !ine_node_int(&call, 1, &now))
        return NULL;
    const int32_t code = ine_exchange_feed_end(drive.exchange, now, &err);
    return code == INE_OK ? ine_node_undefined(env) : ine_node_throw(&call, code, err);
}

/* feedFailure(drive, INE_FAIL_*, the transport's own code, now) */
static napi_value feed_failure(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_drive drive;
    ine_error *err = NULL;
    int64_t failure, own, now;
    if (!ine_node_begin(&call, env, info, 4) || !ine_node_unwrap_drive(&call, 0, &drive) ||
        !ine_node_int(&call, 1, &failure) || !ine_node_int(&call, 2, &own) ||
        !ine_node_int(&call, 3, &now))
        return NULL;
    const int32_t code =
        ine_exchange_feed_failure(drive.exchange, (int32_t)failure, own, now, &err);
    return code == INE_OK ? ine_node_undefined(env) : ine_node_throw(&call, code, err);
}

/* feedDecision(flow, body): whether the flow took it and is waiting: it is to be asked what is
 * next. */
static napi_value feed_decision(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    napi_value out = NULL;
    if (!ine_node_begin(&call, env, info, 2))
        return NULL;
    ine_str body;
    ine_decision *decision = NULL;
    ine_error *err = NULL;
    ine_flow *flow = ine_node_unwrap(&call, 0, INE_NODE_FLOW);
    if (!flow || !ine_node_bytes_in(env, call.arg[1], &body))
        return NULL;
    /* Not borrowed: the flow keeps it until it waits; the caller's memory may be gone then. */
    int32_t code = ine_decision_read(&decision, body.ptr, body.len, 0, &err);
    if (code != INE_OK)
        return ine_node_throw(&call, code, err);
    code = ine_flow_feed_decision(flow, decision, NULL);
    ine_decision_free(decision);
    napi_get_boolean(env, code == INE_OK && ine_flow_step(flow) == INE_STEP_WAIT, &out);
    return out;
}

static napi_value cancel(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_drive drive;
    if (!ine_node_begin(&call, env, info, 1) || !ine_node_unwrap_drive(&call, 0, &drive))
        return NULL;
    if (drive.flow)
        ine_flow_cancel(drive.flow, NULL);
    else
        ine_exchange_cancel(drive.exchange, NULL);
    return ine_node_undefined(env);
}

/* [step, session id, session url] of a flow: the url is a bearer link. */
static napi_value flow_state(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    if (!ine_node_begin(&call, env, info, 1))
        return NULL;
    const ine_flow *flow = ine_node_unwrap(&call, 0, INE_NODE_FLOW);
    if (!flow)
        return NULL;
    napi_value out = ine_node_array(env, 3);
    ine_node_put(env, out, 0, ine_node_integer(env, ine_flow_step(flow)));
    ine_node_put(env, out, 1, ine_node_string(env, ine_flow_session_id(flow)));
    ine_node_put(env, out, 2, ine_node_string(env, ine_flow_session_url(flow)));
    return out;
}

/* A body in the pool: its length; a large one: a Buffer. */
static napi_value body_out(const ine_node_call *call, const ine_decision *decision)
{
    const ine_str bytes = ine_decision_bytes(decision);
    return ine_node_keep(call, bytes) ? ine_node_integer(call->env, (int64_t)bytes.len)
                                      : ine_node_buffer(call->env, bytes);
}

/* take(exchange): the reply's body (its length when it is in the pool), its kind beside it. */
static napi_value take(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_decision *decision = NULL;
    ine_error *err = NULL;
    if (!ine_node_begin(&call, env, info, 1))
        return NULL;
    ine_exchange *exchange = ine_node_unwrap(&call, 0, INE_NODE_EXCHANGE);
    if (!exchange)
        return NULL;
    const int32_t code = ine_exchange_take(exchange, &decision, &err);
    if (code != INE_OK)
        return ine_node_throw(&call, code, err);
    napi_value out = body_out(&call, decision);
    call.state->number[N_A] = (double)ine_decision_kind(decision);
    ine_decision_free(decision);
    return out;
}

/* takeFlow(flow): [the session's id, the verdict's JSON, the decision's body]; the verdict's
 * numbers beside them. */
static napi_value take_flow(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_verdict *verdict = NULL;
    ine_decision *decision = NULL;
    ine_error *err = NULL;
    if (!ine_node_begin(&call, env, info, 1))
        return NULL;
    ine_flow *flow = ine_node_unwrap(&call, 0, INE_NODE_FLOW);
    if (!flow)
        return NULL;
    const int32_t code = ine_flow_take(flow, &verdict, &decision, &err);
    if (code != INE_OK)
        return ine_node_throw(&call, code, err);
    napi_value out = NULL;
    if (ine_node_verdict(&call, verdict)) {
        out = ine_node_array(env, 3);
        ine_node_put(env, out, 0, ine_node_string(env, ine_node_session(verdict)));
        ine_node_put(env, out, 1, ine_node_string(env, ine_verdict_json(verdict)));
        ine_node_put(env, out, 2, body_out(&call, decision));
    }
    ine_verdict_free(verdict);
    ine_decision_free(decision);
    return out;
}

const ine_node_method ine_node_drive_methods[] = {
    {"flowNew", flow_new},
    {"next", next},
    {"request", request},
    {"read", read_body},
    {"ended", ended},
    {"mediaOf", media_of},
    {"feedHead", feed_head},
    {"feedReply", feed_reply},
    {"feedBody", feed_body},
    {"feedEnd", feed_end},
    {"feedFailure", feed_failure},
    {"feedDecision", feed_decision},
    {"cancel", cancel},
    {"flowState", flow_state},
    {"take", take},
    {"takeFlow", take_flow},
    {NULL, NULL},
};
