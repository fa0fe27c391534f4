// go:build cgo

/* Webhooks, and the steps of exchanges and flows. */
#include "shim.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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

enum { KEPT = 13, ROOM = 1024 };

/* Copies the texts into the room, so that nothing else of the delivery has to be kept. */
static bool keep_texts(ine_go_delivery *out)
{
    ine_str *const kept[KEPT] = {
        &out->integration,
        &out->secret,
        &out->session_id,
        &out->attempt_id,
        &out->vendor_data,
        &out->end_user_id,
        &out->action,
        &out->id,
        &out->facts.registry_status,
        &out->facts.registry_error,
        &out->facts.registry_timestamp,
        &out->facts.session_id,
        &out->facts.session_status,
    };
    size_t size = 0;
    for (size_t i = 0; i < KEPT; i++)
        size += kept[i]->len;
    if (size > out->room_size) {
        char *room = calloc(1, size + ROOM);
        if (!room)
            return false;
        free(out->room); /* wiped after each delivery */
        out->room = room;
        out->room_size = size + ROOM;
    }
    char *to = out->room;
    for (size_t i = 0; i < KEPT; i++) {
        if (kept[i]->len)
            memcpy(to, kept[i]->ptr, kept[i]->len);
        if (kept[i]->ptr)
            kept[i]->ptr = to;
        to += kept[i]->len;
    }
    return true;
}

static void describe(const ine_webhook *webhook, int64_t require, ine_go_delivery *out)
{
    int64_t index = 0;
    const ine_decision *decision = ine_webhook_decision(webhook);
    out->kind = ine_decision_kind(decision);
    ine_webhook_field(webhook, INE_W_SECRET_INDEX, NULL, &index);
    out->secret_index = (int32_t)index;
    out->integration = webhook_text(webhook, INE_W_INTEGRATION);
    out->secret = webhook_text(webhook, INE_W_SECRET);
    out->id = webhook_text(webhook, INE_W_DECISION_ID);
    out->session_id = text_of(decision, INE_D_SESSION_ID);
    out->attempt_id = text_of(decision, INE_D_ATTEMPT_ID);
    out->vendor_data = text_of(decision, INE_D_VENDOR_DATA);
    out->end_user_id = text_of(decision, INE_D_END_USER_ID);
    out->action = text_of(decision, INE_D_ACTION);
    ine_go_verdict_read(ine_webhook_verdict(webhook), &out->facts);
    if (!keep_texts(out))
        out->code = INE_E_MEMORY;
    else
        out->code = ine_verdict_new(&out->verdict, decision, require, 0, &out->error);
}

ine_go_delivery *ine_go_delivery_new(void)
{
    return calloc(1, sizeof(ine_go_delivery));
}

void ine_go_delivery_free(ine_go_delivery *delivery)
{
    if (delivery) {
        if (delivery->room)
            explicit_bzero(delivery->room, delivery->room_size);
        free(delivery->room);
    }
    free(delivery);
}

void ine_go_open(const ine_webhooks *webhooks, const char *head, const int32_t *lengths,
                 int32_t headers, const void *body, size_t body_len, int64_t require,
                 ine_go_delivery *out)
{
    ine_str room[2 * ON_STACK];
    ine_str *all = views(room, head, lengths, headers);
    ine_webhook *webhook = NULL;
    out->error = NULL;
    out->verdict = NULL;
    out->reason = INE_REASON_NONE;
    out->code = INE_E_MEMORY;
    if (!all)
        return;
    out->code = ine_webhooks_open(&webhook, webhooks, all, all + headers, (size_t)headers, body,
                                  body_len, require, INE_READ_BORROW, &out->reason, &out->error);
    if (all != room)
        free(all);
    if (out->code == INE_OK)
        describe(webhook, require, out);
    ine_webhook_free(webhook);
}

int32_t ine_go_dedupe_key(const ine_webhooks *webhooks, const char *head, const int32_t *lengths,
                          int32_t headers, const void *body, size_t body_len, char *key)
{
    ine_str room[2 * ON_STACK];
    ine_str *all = views(room, head, lengths, headers);
    ine_webhook *webhook = NULL;
    if (!all)
        return 0;
    ine_webhooks_open(&webhook, webhooks, all, all + headers, (size_t)headers, body, body_len, 0,
                      INE_READ_BORROW, NULL, NULL);
    const ine_str made = webhook_text(webhook, INE_W_DEDUPE_KEY);
    if (made.len == 64)
        memcpy(key, made.ptr, made.len);
    ine_webhook_free(webhook);
    if (all != room)
        free(all);
    return made.len == 64;
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

ine_go_step *ine_go_step_new(void)
{
    return calloc(1, sizeof(ine_go_step));
}

void ine_go_step_free(ine_go_step *step)
{
    free(step);
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
