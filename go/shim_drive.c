// go:build cgo

/* Webhooks, and the steps of exchanges and flows. */
#include "shim.h"

#include <stdlib.h>

enum { ON_STACK = 64 };

/* Views of a block of headers; NULL without memory. */
static ine_str *views(ine_str *room, const char *head, const int32_t *lengths, int32_t count)
{
    ine_str *out = room;
    if (count > ON_STACK)
        out = calloc(2 * (size_t)count, sizeof *out);
    for (int32_t i = 0; out && i < count; i++) {
        out[i] = (ine_str){head, (size_t)lengths[2 * i]};
        head += lengths[2 * i];
        out[count + i] = (ine_str){head, (size_t)lengths[2 * i + 1]};
        head += lengths[2 * i + 1];
    }
    return out;
}

static ine_str text_of(const ine_decision *decision, int32_t field)
{
    ine_str text = {NULL, 0};
    ine_decision_field(decision, field, &text, NULL);
    return text;
}

static ine_str webhook_text(const ine_webhook *webhook, int32_t field)
{
    ine_str text = {NULL, 0};
    ine_webhook_field(webhook, field, &text, NULL);
    return text;
}

static void describe(ine_go_delivery *out)
{
    int64_t index = 0;
    const ine_decision *decision = ine_webhook_decision(out->webhook);
    out->decision = decision;
    out->verdict = ine_webhook_verdict(out->webhook);
    out->kind = ine_decision_kind(decision);
    ine_webhook_field(out->webhook, INE_W_SECRET_INDEX, NULL, &index);
    out->secret_index = (int32_t)index;
    out->integration = webhook_text(out->webhook, INE_W_INTEGRATION);
    out->secret = webhook_text(out->webhook, INE_W_SECRET);
    out->id = webhook_text(out->webhook, INE_W_DECISION_ID);
    out->session_id = text_of(decision, INE_D_SESSION_ID);
    out->attempt_id = text_of(decision, INE_D_ATTEMPT_ID);
    out->vendor_data = text_of(decision, INE_D_VENDOR_DATA);
    out->end_user_id = text_of(decision, INE_D_END_USER_ID);
    out->action = text_of(decision, INE_D_ACTION);
    ine_go_verdict_read(out->verdict, &out->facts);
}

void ine_go_open(const ine_webhooks *webhooks, const char *head, const int32_t *lengths,
                 int32_t headers, const void *body, size_t body_len, int64_t require,
                 ine_go_delivery *out)
{
    ine_str room[2 * ON_STACK];
    ine_str *all = views(room, head, lengths, headers);
    out->error = NULL;
    out->webhook = NULL;
    out->reason = INE_REASON_NONE;
    out->code = INE_E_MEMORY;
    if (!all)
        return;
    out->code =
        ine_webhooks_open(&out->webhook, webhooks, all, all + headers, (size_t)headers, body,
                          body_len, require, INE_READ_COPY, &out->reason, &out->error);
    if (all != room)
        free(all);
    if (out->code == INE_OK)
        describe(out);
}

int32_t ine_go_diagnose(const ine_webhooks *webhooks, const char *head, const int32_t *lengths,
                        int32_t headers, const void *body, size_t body_len)
{
    ine_str room[2 * ON_STACK];
    ine_str *all = views(room, head, lengths, headers);
    if (!all)
        return INE_REASON_NONE;
    const int32_t reason =
        ine_webhooks_diagnose(webhooks, all, all + headers, (size_t)headers, body, body_len);
    if (all != room)
        free(all);
    return reason;
}

int32_t ine_go_flow(ine_flow **out, int32_t mode, const ine_verification *verification,
                    const char *session, size_t session_len, const ine_credentials *credentials,
                    ine_options *options, int64_t deadline_ms, int64_t now_ms, ine_error **error)
{
    *out = NULL;
    const int32_t code = ine_options_set_number(options, INE_OPT_DEADLINE_MS, deadline_ms, error);
    return code ? code
                : ine_flow_new(out, mode, verification, session, session_len, credentials, options,
                               now_ms, error);
}

int32_t ine_go_exchange(ine_exchange **out, const ine_request *request,
                        const ine_credentials *credentials, ine_options *options,
                        int64_t deadline_ms, int64_t now_ms, ine_error **error)
{
    *out = NULL;
    const int32_t code = ine_options_set_number(options, INE_OPT_DEADLINE_MS, deadline_ms, error);
    return code ? code : ine_exchange_new(out, request, credentials, options, now_ms, error);
}

static void describe_send(ine_go_step *out)
{
    const ine_exchange *exchange = out->exchange;
    out->method = ine_exchange_get(exchange, INE_X_METHOD);
    out->url = ine_exchange_get(exchange, INE_X_URL);
    out->template_ = ine_exchange_get(exchange, INE_X_TEMPLATE);
    out->body = ine_exchange_get(exchange, INE_X_BODY);
    out->body_size = ine_exchange_body_size(exchange);
    out->timeout_ms = ine_exchange_attempt_timeout(exchange);
    out->headers = 0;
    while (out->headers < INE_GO_HEADERS &&
           ine_exchange_header(exchange, (size_t)out->headers, &out->name[out->headers],
                               &out->value[out->headers]) == INE_OK)
        out->headers++;
}

void ine_go_next(ine_flow *flow, ine_exchange *exchange, int64_t now_ms, ine_go_step *out)
{
    out->error = NULL;
    out->step = INE_STEP_NONE;
    out->session_id = (ine_str){NULL, 0};
    if (flow) {
        out->code = ine_flow_next(flow, now_ms, &out->want, &out->a, &out->b, &out->error);
        out->exchange = ine_flow_exchange(flow);
        out->step = ine_flow_step(flow);
        out->session_id = ine_flow_session_id(flow);
    } else {
        out->code = ine_exchange_next(exchange, now_ms, &out->want, &out->a, &out->b, &out->error);
        out->exchange = exchange;
    }
    if (out->code == INE_OK && out->want == INE_WANT_SEND)
        describe_send(out);
}

int32_t ine_go_reply(ine_exchange *exchange, int32_t status, const char *head,
                     const int32_t *lengths, int32_t headers, const void *body, size_t body_len,
                     int32_t end, int64_t now_ms)
{
    int32_t code = status ? ine_exchange_feed_status(exchange, status, NULL) : INE_OK;
    for (int32_t i = 0; code == INE_OK && i < headers; i++) {
        const char *const value = head + lengths[2 * i];
        code = ine_exchange_feed_header(exchange, head, (size_t)lengths[2 * i], value,
                                        (size_t)lengths[2 * i + 1], NULL);
        head = value + lengths[2 * i + 1];
    }
    if (code == INE_OK && body_len)
        code = ine_exchange_feed_body(exchange, body, body_len, NULL);
    if (code == INE_OK && end)
        code = ine_exchange_feed_end(exchange, now_ms, NULL);
    return code;
}
