/* Create, upload, submit: the part of a flow that changes something on the server. */
#include "proto/flow.h"

#define RECONCILE_MS 500

static bool is_refusal(const ine_error *error)
{
    const int64_t status = ine_error_number(error, INE_DETAIL_HTTP_STATUS);
    const int32_t code = ine_error_code(error);
    return status >= 400 && status < 500 && (code == INE_E_REJECTED || code == INE_E_CONFLICT);
}

/* Without consent the vendor refuses the session, the submission, or declines with 640 (C-6): a
 * 4xx is then about the consent that was never given. */
static ine_error *explain_consent(const ine_flow *flow, ine_error *error)
{
    static const int32_t kept[] = {INE_DETAIL_HTTP_STATUS, INE_DETAIL_API_CODE, INE_DETAIL_SENT,
                                   INE_DETAIL_RETRYABLE, INE_DETAIL_ATTEMPTS};
    if (!flow->verification || !flow->product->consent ||
        flow->verification->number[INE_IN_CONSENT] == 1 || !is_refusal(error))
        return error;
    ine_error *consent =
        ine__error_new(INE_E_CONSENT, "the server refused: consent to the INE check is missing");
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        ine__error_set(consent, kept[i], ine_error_number(error, kept[i]));
    ine__error_field(consent, ine_name(INE_NAMES_INPUT, INE_IN_CONSENT),
                     INE__STR("ask the person for consent, then begin a new verification"));
    ine_error_free(error);
    return consent;
}

void ine__flow_created(ine_flow *flow, ine_decision *decision, ine_error *error)
{
    ine_str id, url;
    if (error) {
        ine__flow_fail(flow, explain_consent(flow, error));
        return;
    }
    ine_decision_field(decision, INE_D_SESSION_ID, &id, NULL);
    ine_decision_field(decision, INE_D_SESSION_URL, &url, NULL);
    memcpy(flow->session, id.ptr, sizeof flow->session);
    flow->session_len = sizeof flow->session;
    ine__text_free(&flow->url);
    const bool copied = ine__text_copy(&flow->url, url);
    ine_decision_free(decision);
    if (!copied) {
        ine__flow_fail_with(flow, INE_E_MEMORY, "out of memory");
        return;
    }
    flow->created_at = flow->now;
    flow->store_announced = false;
    flow->state = INE__F_STORE;
}

void ine__flow_next_media(ine_flow *flow)
{
    flow->uploads = 0;
    for (; ine__flow_context(flow); flow->media_index++) {
        if (flow->known[ine__flow_context(flow)] > 0 || !flow->verification ||
            ine__flow_current(flow)->from == INE__MEDIA_NONE)
            continue;
        if (ine__flow_current(flow)->from == INE__MEDIA_PATH)
            ine__flow_fail_with(flow, INE_E_STATE, "only ine_client reads media from a path");
        else
            flow->state = INE__F_MEDIA;
        return;
    }
    flow->state = INE__F_SUBMIT;
}

static void accept_media(ine_flow *flow)
{
    flow->known[ine__flow_context(flow)]++;
    flow->media_index++;
    ine__flow_next_media(flow);
}

void ine__flow_uploaded(ine_flow *flow, ine_decision *decision, ine_error *error)
{
    flow->uploads++;
    ine_decision_free(decision);
    if (!error) {
        accept_media(flow);
    } else if (ine_error_code(error) == INE_E_OUTCOME_UNKNOWN) {
        ine_error_free(flow->lost);
        flow->lost = error;
        ine__flow_pause(flow, RECONCILE_MS + ine__rng_upto(&flow->rng, RECONCILE_MS),
                        INE__F_RECONCILE);
    } else {
        ine__flow_fail(flow, error);
    }
}

/* The upload's own failure is the result, whatever became of asking about it. */
static void give_up(ine_flow *flow)
{
    ine_error *lost = flow->lost;
    flow->lost = NULL;
    ine__flow_fail(flow, lost);
}

/* A second copy can spoil the session of an honest person (F5): the image is sent again only when
 * the server's list shows that it is not there. */
void ine__flow_reconciled(ine_flow *flow, ine_decision *decision, ine_error *error)
{
    bool fits = false;
    const int32_t context = ine__flow_context(flow);
    if (error) {
        ine_error_free(error);
        give_up(flow);
        return;
    }
    const int64_t count = ine__flow_count(decision, context, ine__flow_current(flow)->size, &fits);
    const int64_t more = count - flow->known[context];
    ine_decision_free(decision);
    if (more == 1 && fits) {
        ine_error_free(flow->lost);
        flow->lost = NULL;
        accept_media(flow);
    } else if (more == 0 && flow->uploads <= ine__option(flow->options, INE_OPT_RETRIES)) {
        flow->state = INE__F_MEDIA;
    } else {
        give_up(flow);
    }
}

/* A submission is pending, also when the server only said that it had been submitted before. */
static ine_verdict *pending_verdict(ine_flow *flow, const ine_decision *reply, ine_error **error)
{
    static const char pending[] = "{\"status\":\"success\",\"verification\":null}";
    const int64_t require = ine__option(flow->options, INE_OPT_REQUIRE);
    ine_verdict *verdict = NULL;
    ine_decision *made = NULL;
    if (ine_decision_kind(reply) != INE_KIND_ERROR) {
        ine_verdict_new(&verdict, reply, require, 0, error);
        return verdict;
    }
    if (ine_decision_read(&made, pending, sizeof pending - 1, INE_READ_COPY, error) == INE_OK)
        ine_verdict_new(&verdict, made, require, 0, error);
    ine_decision_free(made);
    return verdict;
}

void ine__flow_submitted(ine_flow *flow, ine_decision *decision, ine_error *error)
{
    if (error) {
        ine__flow_fail(flow, explain_consent(flow, error));
        return;
    }
    if (flow->mode != INE_FLOW_START) {
        ine_decision_free(decision);
        ine__flow_wait(flow);
        return;
    }
    ine_verdict *verdict = pending_verdict(flow, decision, &error);
    if (verdict) {
        ine__flow_finish(flow, verdict, decision);
        return;
    }
    ine_decision_free(decision);
    ine__flow_fail(flow, error);
}
