/* The course of a flow: which exchange comes next, and who reads its result. */
#include "proto/flow.h"

/* What each state asks the server, and who reads the answer. */
static const struct {
    int32_t step, call;
    ine__flow_done *done;
} states[] = {
    [INE__F_CHECK] = {INE_STEP_CHECK, 0, NULL},
    [INE__F_CREATE] = {INE_STEP_CREATE, INE_CALL_CREATE_SESSION, ine__flow_created},
    [INE__F_STORE] = {INE_STEP_CREATE, 0, NULL},
    [INE__F_MEDIA] = {INE_STEP_MEDIA, INE_CALL_UPLOAD_MEDIA, ine__flow_uploaded},
    [INE__F_RECONCILE] = {INE_STEP_MEDIA, INE_CALL_MEDIA_LIST, ine__flow_reconciled},
    [INE__F_SUBMIT] = {INE_STEP_SUBMIT, INE_CALL_SUBMIT, ine__flow_submitted},
    [INE__F_POLL] = {INE_STEP_WAIT, 0, ine__flow_polled},       /* by product */
    [INE__F_STANDING] = {INE_STEP_WAIT, 0, ine__flow_standing}, /* by product */
    [INE__F_ATTEMPTS] = {INE_STEP_WAIT, INE_CALL_ATTEMPTS, ine__flow_attempted},
    [INE__F_MEDIA_LIST] = {INE_STEP_MEDIA, INE_CALL_MEDIA_LIST, ine__flow_listed},
};

static int32_t call_of(const ine_flow *flow)
{
    const int32_t call = states[flow->state].call;
    return call ? call : flow->product->result_call;
}

static int32_t copy_input(ine_request *request, const ine_flow *flow, int32_t input,
                          ine_error **err)
{
    const ine_str text = flow->verification ? flow->verification->text[input] : INE__NONE;
    return text.ptr ? ine_request_set_text(request, input, text.ptr, text.len, err) : INE_OK;
}

static int32_t fill_media(ine_request *request, const ine_flow *flow, ine_error **err)
{
    const ine__media *media = ine__flow_current(flow);
    const int32_t code = copy_input(request, flow, INE_IN_MEDIA_TIMESTAMP, err);
    if (code)
        return code;
    if (media->from == INE__MEDIA_MEMORY)
        return ine_request_set_media(request, ine__flow_context(flow), media->data,
                                     (size_t)media->size, err);
    return ine_request_set_media_source(request, ine__flow_context(flow), media->size, err);
}

static int32_t fill(ine_request *request, const ine_flow *flow, ine_error **err)
{
    const ine_str id = ine__flow_session(flow);
    const int32_t call = request->call->call;
    if (call == INE_CALL_CREATE_SESSION)
        return ine_request_set_verification(request, flow->verification, err);
    int32_t code = ine_request_set_text(request, INE_IN_SESSION_ID, id.ptr, id.len, err);
    if (!code && request->call->has_version)
        code = copy_input(request, flow, INE_IN_VERSION, err);
    if (!code && call == INE_CALL_UPLOAD_MEDIA)
        code = fill_media(request, flow, err);
    return code;
}

static void open_exchange(ine_flow *flow)
{
    ine_request *request = NULL;
    ine_error *error = NULL;
    int32_t code = ine_request_new(&request, call_of(flow), &error);
    if (!code)
        code = fill(request, flow, &error);
    if (!code) {
        const ine__exchange_plan plan = {
            .request = request,
            .credentials = flow->credentials,
            .options = flow->options,
            .now = flow->now,
            .deadline = flow->deadline,
            .seed = ine__rng_next(&flow->rng) | 1,
        };
        code = ine__exchange_open(&flow->exchange, &plan, &error);
    }
    ine_request_free(request);
    if (code)
        ine__flow_fail(flow, error);
    else if (flow->mode == INE_FLOW_RESUME)
        flow->exchange->settled_twice_is_right = true;
}

/* Takes what came of the exchange to whoever asked for it. */
static void harvest(ine_flow *flow)
{
    ine_decision *decision = NULL;
    ine_error *error = NULL;
    if (flow->exchange->throttled && !flow->slowed) {
        flow->slowed = true;
        flow->interval_max *= 2;
    }
    ine_exchange_take(flow->exchange, &decision, &error);
    ine_exchange_free(flow->exchange);
    flow->exchange = NULL;
    states[flow->state].done(flow, decision, error);
}

static bool is_waiting(const ine_flow *flow)
{
    const int32_t state = flow->state == INE__F_PAUSE ? flow->after : flow->state;
    return state == INE__F_POLL || state == INE__F_STANDING || state == INE__F_ATTEMPTS ||
           state == INE__F_MEDIA_LIST;
}

/* A webhook has ended the wait: whatever is still under way does not matter any more. */
static void take_fed(ine_flow *flow)
{
    ine_decision *fed = flow->fed;
    flow->fed = NULL;
    ine_exchange_free(flow->exchange);
    flow->exchange = NULL;
    if (!ine__flow_decide(flow, fed))
        ine_decision_free(fed);
}

/* One step on; *want is set when the host has something to do. */
static void advance(ine_flow *flow, int32_t *want, int64_t *a, int64_t *b)
{
    ine_error *error = NULL;
    if (flow->state == INE__F_DONE) {
        *want = INE_WANT_DONE;
        return;
    }
    if (flow->fed && is_waiting(flow)) {
        take_fed(flow);
        return;
    }
    if (flow->exchange) {
        if (ine_exchange_next(flow->exchange, flow->now, want, a, b, &error) != INE_OK) {
            *want = 0;
            ine__flow_fail(flow, error);
        } else if (*want == INE_WANT_DONE) {
            *want = 0;
            harvest(flow);
        }
        return;
    }
    switch (flow->state) {
    case INE__F_CHECK:
        *want = ine__flow_check(flow, a, b) ? INE_WANT_MEDIA : 0;
        break;
    case INE__F_STORE:
        *want = flow->store_announced ? 0 : INE_WANT_STORE;
        if (flow->store_announced)
            ine__flow_next_media(flow);
        flow->store_announced = true;
        break;
    case INE__F_PAUSE:
        *want = flow->now < flow->until ? INE_WANT_WAIT : 0;
        *a = *want ? flow->until - flow->now : 0;
        if (!*want)
            flow->state = flow->after;
        break;
    default:
        open_exchange(flow);
        break;
    }
}

int32_t ine_flow_next(ine_flow *flow, int64_t now_ms, int32_t *want, int64_t *a, int64_t *b,
                      ine_error **err)
{
    int64_t unused[2];
    ine__error_clear(err);
    a = a ? a : &unused[0];
    b = b ? b : &unused[1];
    *a = *b = 0;
    if (want)
        *want = INE_WANT_DONE;
    if (!flow || !want)
        return ine__fail(err, INE_E_ARGUMENT, "no flow, or no place for what it wants");
    flow->now = now_ms > flow->now ? now_ms : flow->now;
    for (*want = 0; *want == 0;) {
        if (flow->state < INE__F_PAUSE)
            flow->step = states[flow->state].step;
        advance(flow, want, a, b);
    }
    if (flow->state == INE__F_DONE && flow->exchange) {
        ine_exchange_free(flow->exchange);
        flow->exchange = NULL;
    }
    return INE_OK;
}
