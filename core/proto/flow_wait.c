/* Waiting for the decision: polling, webhooks, and a new session when the registry was down. */
#include "proto/flow.h"

#define GRACE_MS         5000 /* a session that was just created may not be known everywhere */
#define FAILED_POLLS_MAX 3
#define NEW_SESSION_MS   INT64_C(60000)
#define NEW_SESSION_TEST INT64_C(50)

/* 20 % more or less, so that clients that began together do not ask together (B14). */
static int64_t jittered(ine_flow *flow, int64_t ms)
{
    return ms - ms / 5 + ine__rng_upto(&flow->rng, 2 * (ms / 5));
}

/* `asked`: what the server asked for; -1: nothing. */
static void poll_later(ine_flow *flow, int64_t asked)
{
    const int64_t ms = flow->interval < flow->interval_max ? flow->interval : flow->interval_max;
    int64_t pause = jittered(flow, ms);
    if (asked > pause)
        pause = asked + ine__rng_upto(&flow->rng, asked / 10);
    ine__flow_pause(flow, pause, INE__F_POLL);
    flow->interval = ms + ms / 2;
}

void ine__flow_wait(ine_flow *flow)
{
    flow->step = INE_STEP_WAIT;
    poll_later(flow, -1);
}

static bool is_transient(int32_t code)
{
    switch (code) {
    case INE_E_RATE_LIMIT:
    case INE_E_SERVER:
    case INE_E_RESOLVE:
    case INE_E_CONNECT:
    case INE_E_TRANSPORT:
    case INE_E_TIMEOUT:
    case INE_E_PROTOCOL:
        return true;
    default:
        return false;
    }
}

/* "Not yet": in the first seconds after creation (F60); and the older registry's result, which is
 * there only once it has been asked for. */
static bool is_not_yet(const ine_flow *flow, int32_t code)
{
    if (code != INE_E_NOT_FOUND)
        return false;
    const bool created_here = flow->mode == INE_FLOW_VERIFY;
    return flow->product->result_call == INE_CALL_INE_REGISTRY ||
           (created_here && flow->now - flow->created_at <= GRACE_MS);
}

static bool may_go_on(ine_flow *flow, const ine_error *error)
{
    const int32_t code = ine_error_code(error);
    if (is_not_yet(flow, code))
        return true;
    return is_transient(code) && ++flow->failed_polls < FAILED_POLLS_MAX &&
           ine_error_number(error, INE_DETAIL_RETRY_AFTER_MS) <= INE__RETRY_AFTER_MAX_MS;
}

void ine__flow_polled(ine_flow *flow, ine_decision *decision, ine_error *error)
{
    flow->polls++;
    if (error) {
        if (!may_go_on(flow, error)) {
            ine__flow_fail(flow, error);
            return;
        }
        const int64_t asked = ine_error_number(error, INE_DETAIL_RETRY_AFTER_MS);
        ine_error_free(error);
        poll_later(flow, asked);
        return;
    }
    flow->failed_polls = 0;
    if (ine__flow_decide(flow, decision))
        return;
    ine_decision_free(decision);
    poll_later(flow, -1);
}

/* A new consent and a new selfie are the caller's business: never unless it was asked for. */
static bool begin_anew(ine_flow *flow)
{
    int64_t bound =
        ine_credentials_is_sandbox(flow->credentials) ? NEW_SESSION_TEST : NEW_SESSION_MS;
    if (flow->mode != INE_FLOW_VERIFY ||
        flow->new_sessions >= ine__option(flow->options, INE_OPT_RETRY_LATER))
        return false;
    for (int64_t i = 0; i < flow->new_sessions; i++)
        bound *= 2;
    const int64_t pause = ine__rng_upto(&flow->rng, bound);
    if (flow->deadline - flow->now < pause + INE__ATTEMPT_MIN_MS)
        return false;
    flow->new_sessions++;
    ine_decision_free(flow->fed);
    flow->fed = NULL;
    flow->session_len = 0;
    ine__text_free(&flow->url);
    memset(flow->known, 0, sizeof flow->known);
    flow->media_index = 0;
    flow->failed_polls = 0;
    ine__flow_pause(flow, pause, INE__F_CREATE);
    return true;
}

static int64_t outcome_of(const ine_verdict *verdict)
{
    int64_t outcome = INE_OUTCOME_UNKNOWN;
    ine_verdict_field(verdict, INE_V_OUTCOME, NULL, &outcome);
    return outcome;
}

bool ine__flow_decide(ine_flow *flow, ine_decision *decision)
{
    ine_verdict *verdict = NULL;
    ine_error *error = NULL;
    const int64_t sent = flow->verification ? ine__verification_sent(flow->verification) : 0;
    if (ine_verdict_new(&verdict, decision, ine__option(flow->options, INE_OPT_REQUIRE), sent,
                        &error) != INE_OK) {
        ine_decision_free(decision);
        ine__flow_fail(flow, error);
        return true;
    }
    const int64_t outcome = outcome_of(verdict);
    if (outcome == INE_OUTCOME_PENDING || outcome == INE_OUTCOME_REVIEW) {
        ine_verdict_free(verdict);
        return false;
    }
    if (outcome == INE_OUTCOME_RETRY_LATER && begin_anew(flow)) {
        ine_verdict_free(verdict);
        ine_decision_free(decision);
        return true;
    }
    ine__flow_finish(flow, verdict, decision);
    return true;
}
