/* What goes out and comes in during an attempt: body, media, reply, failure. */
#include "proto/exchange.h"

#include <time.h>

/* A deadline that cut an attempt short is met within this. */
#define DEADLINE_SLACK_MS 20

static int32_t state_error(const ine_exchange *x, ine_error **err)
{
    return x ? ine__fail(err, INE_E_STATE, "the exchange does not want this now")
             : ine__fail(err, INE_E_ARGUMENT, "no exchange");
}

static int32_t read_media(ine_exchange *x, char *out, size_t cap, size_t *written, int32_t *want,
                          int64_t *a, int64_t *b, ine_error **err)
{
    uint64_t offset;
    size_t most;
    switch (ine__stream_read(x->media, out, cap, written)) {
    case INE__STREAM_END:
        *want = INE_WANT_RECV;
        return INE_OK;
    case INE__STREAM_FEED:
        ine__stream_want(x->media, &offset, &most);
        *want = INE_WANT_MEDIA;
        *a = (int64_t)offset;
        *b = (int64_t)most;
        return INE_OK;
    case INE__STREAM_CHANGED:
        *written = 0;
        ine__exchange_end_with(x, INE_E_MEDIA_CHANGED, INE_SENT_NO,
                               "the media changed between signing and sending");
        return ine__fail(err, INE_E_MEDIA_CHANGED, "the media changed between signing and sending");
    default:
        *want = INE_WANT_SEND;
        return INE_OK;
    }
}

int32_t ine_exchange_read(ine_exchange *x, void *buffer, size_t cap, size_t *written, int32_t *want,
                          int64_t *a, int64_t *b, ine_error **err)
{
    int64_t unused[2];
    ine__error_clear(err);
    a = a ? a : &unused[0];
    b = b ? b : &unused[1];
    *a = *b = 0;
    if (written)
        *written = 0;
    if (want)
        *want = INE_WANT_DONE;
    if (!x || x->state != INE__X_SENDING)
        return state_error(x, err);
    if (!written || !want || (cap && !buffer))
        return ine__fail(err, INE_E_ARGUMENT, "no buffer, or no place for what was read");
    if (x->media && cap == 0)
        return ine__fail(err, INE_E_ARGUMENT, "no room in the buffer");
    if (x->media)
        return read_media(x, buffer, cap, written, want, a, b, err);
    const size_t left = x->body.len - x->body_at;
    const size_t n = left < cap ? left : cap;
    if (n)
        memcpy(buffer, x->body.ptr + x->body_at, n);
    x->body_at += n;
    *written = n;
    *want = x->body_at == x->body.len ? INE_WANT_RECV : INE_WANT_SEND;
    return INE_OK;
}

static int32_t look(ine_exchange *x, const void *data, size_t len, ine_error **err)
{
    uint64_t offset;
    size_t most;
    ine__inspect *inspect = &x->media->inspect;
    if (!ine__inspect_want(inspect, &offset, &most) || len > most)
        return ine__fail(err, INE_E_ARGUMENT, "more media than was wanted");
    ine__inspect_feed(inspect, data, len);
    if (inspect->early)
        ine__exchange_end_with(x, INE_E_MEDIA_READ, INE_SENT_NO,
                               "the media ended before their size");
    else if (!ine__inspect_want(inspect, &offset, &most) &&
             ine__exchange_frame(x, &x->error) != INE_OK)
        x->state = INE__X_DONE;
    return INE_OK;
}

int32_t ine_exchange_feed_media(ine_exchange *x, const void *data, size_t data_len, ine_error **err)
{
    ine__error_clear(err);
    if (!x || !x->media || x->state > INE__X_SENDING || x->state == INE__X_READY)
        return state_error(x, err);
    if (!data && data_len)
        return ine__fail(err, INE_E_ARGUMENT, "no media");
    if (x->state == INE__X_LOOK)
        return look(x, data, data_len, err);
    if (!ine__stream_feed(x->media, data, data_len))
        return ine__fail(err, INE_E_ARGUMENT, "more media than was wanted");
    if (x->state == INE__X_SIGN)
        ine__exchange_sign(x);
    return INE_OK;
}

int32_t ine_exchange_feed_status(ine_exchange *x, int32_t status, ine_error **err)
{
    ine__error_clear(err);
    if (!x || x->state != INE__X_SENDING)
        return state_error(x, err);
    ine__reply_status(&x->reply, status);
    x->replied = true;
    return INE_OK;
}

int32_t ine_exchange_feed_header(ine_exchange *x, const char *name, size_t name_len,
                                 const char *value, size_t value_len, ine_error **err)
{
    ine__error_clear(err);
    if (!x || x->state != INE__X_SENDING || !x->replied)
        return state_error(x, err);
    if ((!name && name_len) || (!value && value_len))
        return ine__fail(err, INE_E_ARGUMENT, "no header");
    if (!ine__reply_header(&x->reply, ine__str(name, name_len), ine__str(value, value_len)))
        return ine__fail(err, INE_E_LIMIT, "the reply has too many headers");
    return INE_OK;
}

int32_t ine_exchange_feed_body(ine_exchange *x, const void *data, size_t data_len, ine_error **err)
{
    ine__error_clear(err);
    if (!x || x->state != INE__X_SENDING || !x->replied)
        return state_error(x, err);
    if (!data && data_len)
        return ine__fail(err, INE_E_ARGUMENT, "no data");
    if (ine__reply_body(&x->reply, ine__str(data, data_len)))
        return INE_OK;
    if (x->reply.body.too_long)
        return ine__fail(err, INE_E_LIMIT, "the reply is larger than allowed");
    ine__exchange_end_with(x, INE_E_MEMORY, INE_SENT_UNKNOWN, "out of memory");
    return ine__fail_memory(err);
}

/* "Already submitted" after an attempt whose reply was lost is that attempt's success (F63). Only
 * what can be relied on says so: the status 409 of a body in the API's form, or a signed code. */
static bool is_settled(const ine_exchange *x, const ine__judgement *judged)
{
    return x->row == INE__ROW_SUBMIT && (x->perhaps || x->settled_twice_is_right) &&
           judged->code == INE_E_CONFLICT && judged->decision &&
           ine_decision_kind(judged->decision) == INE_KIND_ERROR &&
           (judged->api_code != 1305 && judged->api_code != 1306);
}

int32_t ine_exchange_feed_end(ine_exchange *x, int64_t now_ms, ine_error **err)
{
    ine__judgement judged;
    ine__error_clear(err);
    if (!x || x->state != INE__X_SENDING)
        return state_error(x, err);
    if (x->reply.too_many_headers || x->reply.body.too_long)
        return ine_exchange_feed_failure(x, INE_FAIL_LIMIT, -1, now_ms, err);
    const ine__expected expected = {
        .call = x->call,
        .id = x->id,
        .credentials = x->credentials,
        .policy = ine__option(x->options, INE_OPT_REPLY_SIGNATURES),
        .wall = (int64_t)time(NULL),
    };
    ine__judge(&judged, &x->reply, &expected);
    if (judged.code == INE_OK || is_settled(x, &judged)) {
        ine__exchange_succeed(x, judged.decision);
        return INE_OK;
    }
    ine_decision_free(judged.decision);
    const ine__failure failure = {
        .code = judged.code,
        .column = judged.column,
        .text = judged.text,
        .sent = INE_SENT_YES,
        .http_status = x->reply.status ? x->reply.status : -1,
        .api_code = judged.api_code,
        .retry_after_ms = judged.retry_after_ms,
        .transport_code = -1,
        .offset = judged.offset,
    };
    ine__exchange_failed(x, &failure, now_ms);
    return INE_OK;
}

static const struct {
    int32_t code, column, sent;
    const char *text;
} failures[] = {
    [INE_FAIL_RESOLVE] = {INE_E_RESOLVE, INE__COL_NOT_SENT, INE_SENT_NO,
                          "the server's name could not be resolved"},
    [INE_FAIL_CONNECT] = {INE_E_CONNECT, INE__COL_NOT_SENT, INE_SENT_NO,
                          "no connection to the server"},
    [INE_FAIL_TLS] = {INE_E_TLS, INE__COL_FINAL, INE_SENT_NO,
                      "no trusted TLS connection to the server"},
    [INE_FAIL_BROKEN] = {INE_E_TRANSPORT, INE__COL_UNKNOWN, INE_SENT_UNKNOWN,
                         "the connection broke before the reply was complete"},
    [INE_FAIL_TIMEOUT] = {INE_E_TIMEOUT, INE__COL_UNKNOWN, INE_SENT_UNKNOWN,
                          "the reply did not come in time"},
    [INE_FAIL_TIMEOUT_NOT_SENT] = {INE_E_TIMEOUT, INE__COL_NOT_SENT, INE_SENT_NO,
                                   "no connection within the time for it"},
    [INE_FAIL_PROTOCOL] = {INE_E_PROTOCOL, INE__COL_UNKNOWN, INE_SENT_UNKNOWN,
                           "the reply is not HTTP as the API speaks it"},
    [INE_FAIL_LIMIT] = {INE_E_LIMIT, INE__COL_UNKNOWN, INE_SENT_UNKNOWN,
                        "the reply is larger than allowed"},
    [INE_FAIL_MEDIA] = {INE_E_MEDIA_READ, INE__COL_FINAL, INE_SENT_NO,
                        "the media could not be read"},
};

int32_t ine_exchange_feed_failure(ine_exchange *x, int32_t failure, int64_t transport_code,
                                  int64_t now_ms, ine_error **err)
{
    ine__error_clear(err);
    if (!x)
        return state_error(x, err);
    if (failure < 1 || (size_t)failure >= sizeof failures / sizeof failures[0])
        return ine__fail(err, INE_E_ARGUMENT, "no such failure in this version");
    if (x->state == INE__X_DONE) /* what follows from our own refusal */
        return INE_OK;
    if (x->state != INE__X_SENDING && failure != INE_FAIL_MEDIA)
        return state_error(x, err);
    ine__failure f = {
        INE__FAILURE_UNKNOWN,
        .code = failures[failure].code,
        .column = failures[failure].column,
        .text = failures[failure].text,
        .sent = failures[failure].sent,
    };
    f.http_status = x->reply.status ? x->reply.status : -1;
    f.transport_code = transport_code;
    if (f.code == INE_E_TIMEOUT && now_ms >= x->deadline - DEADLINE_SLACK_MS) {
        f.code = INE_E_DEADLINE;
        f.text = "the deadline has passed";
    }
    ine__exchange_failed(x, &f, now_ms);
    return INE_OK;
}
