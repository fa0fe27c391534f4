#include "proto/flow.h"

static int32_t new_error(ine_error **err, const char *text)
{
    return ine__fail(err, INE_E_ARGUMENT, text);
}

static int32_t check_arguments(int32_t mode, const ine_verification *verification, ine_str session,
                               ine_error **err)
{
    const bool sends = mode == INE_FLOW_START || mode == INE_FLOW_VERIFY;
    if (mode < INE_FLOW_START || mode > INE_FLOW_RESUME)
        return new_error(err, "no such mode of a flow in this version");
    if (sends)
        return verification ? INE_OK : new_error(err, "this flow needs a verification");
    if (ine__is_uuid(session))
        return INE_OK;
    ine_report *report = ine__report_new();
    if (!report || !ine__report_add(report, INE_IN_SESSION_ID, INE_PROBLEM_FORMAT, true,
                                    "the session's id must be a UUID of 36 characters")) {
        ine_report_free(report);
        return ine__fail_memory(err);
    }
    return ine__report_fail(err, report);
}

static int32_t first_state(int32_t mode)
{
    switch (mode) {
    case INE_FLOW_WAIT:
        return INE__F_POLL;
    case INE_FLOW_RESUME:
        return INE__F_STANDING;
    default:
        return INE__F_CHECK;
    }
}

/* The defaults are shorter against a sandbox, which decides at once. */
static int64_t interval(const ine_flow *flow, int32_t option, int64_t sandbox)
{
    const int64_t set = ine__option(flow->options, option);
    const bool is_default = set == ine__option(NULL, option);
    return is_default && ine_credentials_is_sandbox(flow->credentials) ? sandbox : set;
}

int32_t ine_flow_new(ine_flow **out, int32_t mode, const ine_verification *verification,
                     const char *session_id, size_t session_id_len,
                     const ine_credentials *credentials, const ine_options *options, int64_t now_ms,
                     ine_error **err)
{
    const ine_str session = ine__str(session_id, session_id_len);
    ine__error_clear(err);
    if (out)
        *out = NULL;
    if (!out || !credentials)
        return new_error(err, "no place for the flow, or no credentials");
    const int32_t code = check_arguments(mode, verification, session, err);
    if (code)
        return code;
    ine_flow *flow = ine__alloc(sizeof *flow);
    if (!flow)
        return ine__fail_memory(err);
    flow->credentials = ine__credentials_share(credentials);
    flow->options = ine__options_copy(options);
    if (!flow->options) {
        ine_flow_free(flow);
        return ine__fail_memory(err);
    }
    flow->mode = mode;
    flow->state = first_state(mode);
    flow->step = flow->state == INE__F_CHECK ? INE_STEP_CHECK : INE_STEP_WAIT;
    flow->verification = verification;
    flow->product = ine__product_find(verification ? verification->product : INE_PRODUCT_MX_INE);
    flow->now = now_ms;
    if (__builtin_add_overflow(now_ms, ine__option(options, INE_OPT_DEADLINE_MS), &flow->deadline))
        flow->deadline = INT64_MAX;
    ine__rng_init(&flow->rng, (uint64_t)ine__option(options, INE_OPT_SEED));
    flow->interval = interval(flow, INE_OPT_POLL_FIRST_MS, 50);
    flow->interval_max = interval(flow, INE_OPT_POLL_MAX_MS, 500);
    if (first_state(mode) != INE__F_CHECK) {
        memcpy(flow->session, session.ptr, sizeof flow->session);
        flow->session_len = sizeof flow->session;
    }
    *out = flow;
    return INE_OK;
}

void ine_flow_free(ine_flow *flow)
{
    if (!flow)
        return;
    ine_exchange_free(flow->exchange);
    ine_credentials_free(flow->credentials);
    ine_options_free(flow->options);
    ine__text_free(&flow->url);
    ine_report_free(flow->report);
    ine__free_wiped(flow->inspect, sizeof *flow->inspect);
    ine_error_free(flow->lost);
    ine_decision_free(flow->fed);
    ine_verdict_free(flow->verdict);
    ine_decision_free(flow->decision);
    ine_error_free(flow->error);
    ine__free_wiped(flow, sizeof *flow);
}

ine_str ine__flow_session(const ine_flow *flow)
{
    return flow->session_len ? ine__str(flow->session, flow->session_len) : INE__NONE;
}

void ine__flow_fail(ine_flow *flow, ine_error *error)
{
    if (ine_error_code(error) != INE_E_INPUT)
        ine__error_set(error, INE_DETAIL_STEP, flow->step);
    ine__error_session(error, ine__flow_session(flow));
    ine_error_free(flow->error);
    flow->error = error;
    flow->state = INE__F_DONE;
}

void ine__flow_fail_with(ine_flow *flow, int32_t code, const char *text)
{
    ine__flow_fail(flow, ine__error_new(code, text));
}

void ine__flow_finish(ine_flow *flow, ine_verdict *verdict, ine_decision *decision)
{
    flow->verdict = verdict;
    flow->decision = decision;
    flow->state = INE__F_DONE;
    flow->step = INE_STEP_DONE;
}

void ine__flow_pause(ine_flow *flow, int64_t ms, int32_t after)
{
    if (__builtin_add_overflow(flow->now, ms, &flow->until) || flow->until > flow->deadline)
        flow->until = flow->deadline;
    flow->after = after;
    flow->state = INE__F_PAUSE;
}

int32_t ine__flow_context(const ine_flow *flow)
{
    return flow->media_index < INE__MEDIA ? flow->product->media[flow->media_index] : 0;
}

const ine__media *ine__flow_current(const ine_flow *flow)
{
    return &flow->verification->media[ine__flow_context(flow)];
}

ine_exchange *ine_flow_exchange(ine_flow *flow)
{
    return flow ? flow->exchange : NULL;
}

int32_t ine_flow_media(const ine_flow *flow)
{
    const bool media = flow && (flow->state == INE__F_CHECK || flow->state == INE__F_MEDIA);
    return media ? ine__flow_context(flow) : 0;
}

int32_t ine_flow_feed_media(ine_flow *flow, const void *data, size_t data_len, ine_error **err)
{
    ine__error_clear(err);
    if (!flow || (!data && data_len))
        return new_error(err, "no flow, or no media");
    if (flow->state == INE__F_MEDIA && flow->exchange)
        return ine_exchange_feed_media(flow->exchange, data, data_len, err);
    if (flow->state != INE__F_CHECK || !flow->inspect)
        return ine__fail(err, INE_E_STATE, "the flow does not want media now");
    return ine__flow_check_feed(flow, data, data_len, err);
}

/* A final decision of the kind that ends this flow's wait; an event says that something happened,
 * not what was decided. */
static bool ends_wait(const ine_flow *flow, const ine_decision *decision)
{
    ine__meaning meaning;
    const bool card = flow->product->result_call == INE_CALL_INE_REGISTRY;
    if (ine_decision_kind(decision) != (card ? INE_KIND_INE_WEBHOOK : INE_KIND_DECISION))
        return false;
    ine__interpret(&meaning, decision, 0, 0);
    return meaning.outcome != INE_OUTCOME_PENDING && meaning.outcome != INE_OUTCOME_REVIEW;
}

int32_t ine_flow_feed_decision(ine_flow *flow, const ine_decision *decision, ine_error **err)
{
    ine_str id;
    ine__error_clear(err);
    if (!flow || !decision)
        return new_error(err, "no flow, or no decision");
    if (flow->mode == INE_FLOW_START || flow->state == INE__F_DONE)
        return ine__fail(err, INE_E_STATE, "the flow does not wait for a decision");
    ine_decision_field(decision, INE_D_SESSION_ID, &id, NULL);
    if (!id.ptr || !ine__str_ieq(id, ine__flow_session(flow)))
        return ine__fail(err, INE_E_MISMATCH, "the decision is for another session");
    if (!ends_wait(flow, decision))
        return INE_OK;
    ine_decision *shared = ine__decision_share(decision);
    if (!shared)
        return ine__fail_memory(err);
    ine_decision_free(flow->fed);
    flow->fed = shared;
    return INE_OK;
}

int32_t ine_flow_step(const ine_flow *flow)
{
    return flow ? flow->step : INE_STEP_NONE;
}

ine_str ine_flow_session_id(const ine_flow *flow)
{
    return flow ? ine__flow_session(flow) : INE__NONE;
}

ine_str ine_flow_session_url(const ine_flow *flow)
{
    return flow ? flow->url : INE__NONE;
}

int32_t ine_flow_cancel(ine_flow *flow, ine_error **err)
{
    ine_error *error = NULL;
    ine__error_clear(err);
    if (!flow)
        return new_error(err, "no flow");
    if (flow->state == INE__F_DONE)
        return INE_OK;
    if (flow->exchange) {
        ine_exchange_cancel(flow->exchange, NULL);
        ine_exchange_take(flow->exchange, NULL, &error);
    }
    ine__flow_fail(flow, error ? error : ine__error_new(INE_E_CANCELLED, "the caller cancelled"));
    return INE_OK;
}

int32_t ine_flow_take(ine_flow *flow, ine_verdict **verdict, ine_decision **decision,
                      ine_error **err)
{
    ine__error_clear(err);
    if (verdict)
        *verdict = NULL;
    if (decision)
        *decision = NULL;
    if (!flow)
        return new_error(err, "no flow");
    if (flow->state != INE__F_DONE || flow->taken)
        return ine__fail(err, INE_E_STATE, "the result is not there yet, or has been taken");
    flow->taken = true;
    if (flow->error) {
        ine_error *error = flow->error;
        flow->error = NULL;
        return ine__error_give(err, error);
    }
    if (verdict) {
        *verdict = flow->verdict;
        flow->verdict = NULL;
    }
    if (decision) {
        *decision = flow->decision;
        flow->decision = NULL;
    }
    return INE_OK;
}
