/* The course of an exchange: what is wanted next, what a failure leads to, and the result. */
#include "proto/exchange.h"

#define MEDIA_TIMEOUT_MS INT64_C(30000)
#define MEDIA_MS_EACH    INT64_C(1000)
#define MEDIA_BYTES_EACH UINT64_C(262144)

/* Calls of which a lost reply must not be answered with a second request. */
static bool must_not_repeat(int32_t row)
{
    return row == INE__ROW_CREATE || row == INE__ROW_MEDIA || row == INE__ROW_WRITE;
}

/* A lost or damaged reply: it may have happened. What the signature says stays what it is. */
static bool is_outcome_unknown(const ine_exchange *x, const ine__failure *failure)
{
    if (x->row == INE__ROW_CREATE && failure->code == INE_E_FORM)
        return true; /* the server took it, and what it made of it can not be read */
    return failure->column == INE__COL_UNKNOWN && must_not_repeat(x->row) &&
           failure->code != INE_E_SIGNATURE && failure->code != INE_E_UNSIGNED;
}

static int32_t sent_of(const ine_exchange *x, const ine__failure *failure, bool unknown)
{
    return unknown || (x->perhaps && failure->sent == INE_SENT_NO) ? INE_SENT_UNKNOWN
                                                                   : failure->sent;
}

void ine__exchange_end(ine_exchange *x, const ine__failure *failure)
{
    const bool unknown = is_outcome_unknown(x, failure);
    ine_error *error =
        unknown ? ine__error_new(INE_E_OUTCOME_UNKNOWN,
                                 "the reply is lost: the request may or may not have happened")
                : ine__error_new(failure->code, failure->text);
    ine__error_set(error, INE_DETAIL_HTTP_STATUS, failure->http_status);
    ine__error_set(error, INE_DETAIL_API_CODE, failure->api_code);
    ine__error_set(error, INE_DETAIL_RETRY_AFTER_MS, failure->retry_after_ms);
    ine__error_set(error, INE_DETAIL_TRANSPORT_CODE, failure->transport_code);
    ine__error_set(error, INE_DETAIL_OFFSET, failure->offset);
    ine__error_set(error, INE_DETAIL_STEP, x->step);
    ine__error_set(error, INE_DETAIL_SENT, sent_of(x, failure, unknown));
    ine__error_set(error, INE_DETAIL_RETRYABLE, ine__retry_safe(x->row, failure->column));
    ine__error_set(error, INE_DETAIL_ATTEMPTS, x->attempts);
    if (unknown && x->row == INE__ROW_CREATE)
        ine__error_field(
            error, INE__NONE,
            INE__STR("look for a session with this vendorData before creating another"));
    if (x->call->id_input == INE_IN_SESSION_ID)
        ine__error_session(error, x->id);
    ine_error_free(x->error);
    x->error = error;
    x->state = INE__X_DONE;
}

void ine__exchange_end_with(ine_exchange *x, int32_t code, int32_t sent, const char *text)
{
    const ine__failure failure = {INE__FAILURE_UNKNOWN, .code = code, .column = INE__COL_FINAL,
                                  .text = text, .sent = sent};
    ine__exchange_end(x, &failure);
}

void ine__exchange_succeed(ine_exchange *x, ine_decision *decision)
{
    ine__budget *budget = ine__credentials_budget(x->credentials);
    ine__budget_earn(budget);
    ine__breaker_close(budget);
    x->decision = decision;
    x->state = INE__X_DONE;
}

/* A pause that ends with enough time for another attempt, or -1. */
static int64_t pause_before_repeat(ine_exchange *x, const ine__failure *failure, int64_t now)
{
    int64_t end;
    if (!ine__retry_allowed(x->row, failure->column) ||
        x->attempts > ine__option(x->options, INE_OPT_RETRIES) ||
        failure->retry_after_ms > INE__RETRY_AFTER_MAX_MS)
        return -1;
    const int64_t delay = ine__retry_delay(&x->rng, x->attempts, failure->retry_after_ms);
    const bool heavy =
        failure->column == INE__COL_THROTTLED || failure->code == INE_E_TIMEOUT; /* cost double */
    if (__builtin_add_overflow(now, delay + INE__ATTEMPT_MIN_MS, &end) || end > x->deadline ||
        !ine__budget_spend(ine__credentials_budget(x->credentials),
                           INE__BUDGET_ONE * (heavy ? 2 : 1)))
        return -1;
    return delay;
}

/* A server that answers is there, whatever it says; what never reached it says nothing of it. */
static void tell_breaker(ine_exchange *x, const ine__failure *failure, int64_t now)
{
    ine__budget *budget = ine__credentials_budget(x->credentials);
    const bool answered = failure->http_status > 0 && failure->http_status < 500;
    if (answered)
        ine__breaker_close(budget);
    else if (failure->column != INE__COL_FINAL)
        ine__breaker_count(budget, ine__option(x->options, INE_OPT_BREAKER), now,
                           ine__rng_upto(&x->rng, INE__BREAKER_MS / 10));
}

void ine__exchange_failed(ine_exchange *x, const ine__failure *failure, int64_t now)
{
    now = now > x->now ? now : x->now;
    x->now = now;
    x->throttled = x->throttled || failure->column == INE__COL_THROTTLED;
    x->perhaps = x->perhaps || failure->column == INE__COL_UNKNOWN ||
                 failure->column == INE__COL_UNAVAILABLE;
    tell_breaker(x, failure, now);
    const int64_t pause = pause_before_repeat(x, failure, now);
    if (pause < 0) {
        ine__exchange_end(x, failure);
        return;
    }
    ine__reply_reset(&x->reply);
    x->until = now + pause;
    x->state = INE__X_WAITING;
}

static void end_at_deadline(ine_exchange *x)
{
    ine__exchange_end_with(x, INE_E_DEADLINE, INE_SENT_NO, "the deadline has passed");
}

static int64_t timeout_of(const ine_exchange *x, int64_t now)
{
    int64_t limit = ine__option(x->options, INE_OPT_CALL_TIMEOUT_MS);
    if (x->media)
        limit = MEDIA_TIMEOUT_MS + (int64_t)(x->media->total / MEDIA_BYTES_EACH) * MEDIA_MS_EACH;
    const int64_t left = x->deadline - now;
    return limit < left ? limit : left;
}

/* The breaker is open: fails at once, so that a server that is down is left alone (B14). */
static void end_by_breaker(ine_exchange *x, int64_t left)
{
    ine__failure failure = {
        INE__FAILURE_UNKNOWN,
        .code = INE_E_CONNECT,
        .column = INE__COL_NOT_SENT,
        .text = "too many calls in a row have failed: nothing is sent for some seconds",
        .sent = INE_SENT_NO,
    };
    failure.retry_after_ms = left;
    ine__exchange_end(x, &failure);
}

static int32_t begin_attempt(ine_exchange *x, int64_t now, ine_error **err)
{
    int64_t left;
    if (x->deadline - now < INE__ATTEMPT_MIN_MS) {
        end_at_deadline(x);
        return INE_OK;
    }
    if (ine__option(x->options, INE_OPT_BREAKER) &&
        !ine__breaker_admits(ine__credentials_budget(x->credentials), now, &left)) {
        end_by_breaker(x, left);
        return INE_OK;
    }
    const int32_t code = x->media ? ine__stream_begin(x->media, err) : INE_OK;
    if (code)
        return code;
    ine__reply_reset(&x->reply);
    x->replied = false;
    x->announced = false;
    x->body_at = 0;
    x->attempts++;
    x->attempt_timeout = timeout_of(x, now);
    x->state = INE__X_SENDING;
    return INE_OK;
}

static void want_media(const ine_exchange *x, int32_t *want, int64_t *a, int64_t *b)
{
    uint64_t offset;
    size_t most;
    if (x->state == INE__X_LOOK)
        ine__inspect_want(&x->media->inspect, &offset, &most);
    else
        ine__stream_want(x->media, &offset, &most);
    *want = INE_WANT_MEDIA;
    *a = (int64_t)offset;
    *b = (int64_t)most;
}

/* Once an attempt has been announced the host reads the body; its reads say when media are due. */
static void want_of_attempt(ine_exchange *x, int32_t *want)
{
    *want = x->announced ? INE_WANT_RECV : INE_WANT_SEND;
    x->announced = true;
}

int32_t ine_exchange_next(ine_exchange *x, int64_t now_ms, int32_t *want, int64_t *a, int64_t *b,
                          ine_error **err)
{
    int32_t code = INE_OK;
    int64_t unused[2];
    ine__error_clear(err);
    a = a ? a : &unused[0];
    b = b ? b : &unused[1];
    *a = *b = 0;
    if (want)
        *want = INE_WANT_DONE;
    if (!x || !want)
        return ine__fail(err, INE_E_ARGUMENT, "no exchange, or no place for what it wants");
    const int64_t now = now_ms > x->now ? now_ms : x->now;
    x->now = now;
    if (x->state <= INE__X_SIGN && x->deadline - now < INE__ATTEMPT_MIN_MS)
        end_at_deadline(x);
    if (x->state == INE__X_WAITING && now >= x->until)
        x->state = INE__X_READY;
    if (x->state == INE__X_READY)
        code = begin_attempt(x, now, err);
    if (code)
        return code;
    if (x->state <= INE__X_SIGN) {
        want_media(x, want, a, b);
    } else if (x->state == INE__X_WAITING) {
        *want = INE_WANT_WAIT;
        *a = x->until - now;
    } else if (x->state == INE__X_SENDING) {
        want_of_attempt(x, want);
    }
    return INE_OK;
}

int32_t ine_exchange_cancel(ine_exchange *x, ine_error **err)
{
    ine__error_clear(err);
    if (!x)
        return ine__fail(err, INE_E_ARGUMENT, "no exchange");
    if (x->state == INE__X_DONE)
        return INE_OK;
    const bool sending = x->state == INE__X_SENDING;
    const bool created = sending && x->row == INE__ROW_CREATE; /* perhaps */
    const ine__failure failure = {
        INE__FAILURE_UNKNOWN,
        .code = INE_E_CANCELLED,
        .column = created ? INE__COL_UNKNOWN : INE__COL_FINAL,
        .text = "the caller cancelled",
        .sent = sending ? INE_SENT_UNKNOWN : INE_SENT_NO,
    };
    ine__exchange_end(x, &failure);
    return INE_OK;
}

int32_t ine_exchange_take(ine_exchange *x, ine_decision **out, ine_error **err)
{
    ine__error_clear(err);
    if (out)
        *out = NULL;
    if (!x)
        return ine__fail(err, INE_E_ARGUMENT, "no exchange");
    if (x->state != INE__X_DONE || x->taken)
        return ine__fail(err, INE_E_STATE, "the result is not there yet, or has been taken");
    x->taken = true;
    if (x->error) {
        ine_error *error = x->error;
        x->error = NULL;
        return ine__error_give(err, error);
    }
    ine_decision *decision = x->decision;
    x->decision = NULL;
    if (out)
        *out = decision;
    else
        ine_decision_free(decision);
    return INE_OK;
}
