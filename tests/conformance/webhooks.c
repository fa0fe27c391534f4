/* A delivery to a receiver. */
#include "run.h"

enum { HEADERS_MOST = 16 };

static ine_webhooks *receiver_of(const json_t *scenario)
{
    ine_webhooks *out;
    json_t *one;
    size_t at;
    if (ine_webhooks_new(&out, NULL) != INE_OK)
        wrong(scenario, "receiver");
    json_array_foreach(json_object_get(scenario, "credentials"), at, one)
    {
        ine_credentials *credentials = credentials_of(scenario, one);
        if (ine_webhooks_add(out, credentials, NULL) != INE_OK)
            wrong(scenario, "credentials");
        ine_credentials_free(credentials);
    }
    return out;
}

static ine_str view(const json_t *text)
{
    return (ine_str){json_string_value(text), json_string_length(text)};
}

static json_t *field(const ine_webhook *webhook, int32_t id)
{
    ine_str text = {NULL, 0};
    ine_webhook_field(webhook, id, &text, NULL);
    return text_of(text);
}

static json_t *event_of(const ine_webhook *webhook)
{
    ine_str vendor_data = {NULL, 0}, outcome = {NULL, 0};
    ine_decision_field(ine_webhook_decision(webhook), INE_D_VENDOR_DATA, &vendor_data, NULL);
    ine_verdict_field(ine_webhook_verdict(webhook), INE_V_OUTCOME, &outcome, NULL);
    return json_pack(
        "{s:{s:o,s:o,s:o,s:o,s:o,s:o}}", "event", "type",
        text_of(ine_name(INE_NAMES_KIND, ine_decision_kind(ine_webhook_decision(webhook)))),
        "decision_id", field(webhook, INE_W_DECISION_ID), "vendor_data", text_of(vendor_data),
        "integration", field(webhook, INE_W_INTEGRATION), "secret", field(webhook, INE_W_SECRET),
        "outcome", text_of(outcome));
}

json_t *run_webhook(const json_t *scenario)
{
    ine_webhooks *receiver = receiver_of(scenario);
    ine_str names[HEADERS_MOST], values[HEADERS_MOST];
    const ine_str body = view(json_object_get(scenario, "body"));
    ine_webhook *webhook;
    ine_error *err;
    json_t *pair, *out;
    size_t at;
    int32_t reason;
    json_array_foreach(json_object_get(scenario, "headers"), at, pair)
    {
        if (at == HEADERS_MOST)
            wrong(scenario, "headers");
        names[at] = view(json_array_get(pair, 0));
        values[at] = view(json_array_get(pair, 1));
    }
    const int32_t code = ine_webhooks_open(&webhook, receiver, names, values,
                                           json_array_size(json_object_get(scenario, "headers")),
                                           body.ptr, body.len, 0, INE_READ_COPY, &reason, &err);
    if (code == INE_OK)
        out = event_of(webhook);
    else if (code == INE_E_WEBHOOK_REFUSED)
        out = json_pack("{s:o}", "refused", text_of(ine_name(INE_NAMES_REASON, reason)));
    else
        out = json_pack("{s:{s:o}}", "error", "code", text_of(ine_name(INE_NAMES_CODE, code)));
    ine_error_free(err);
    ine_webhook_free(webhook);
    ine_webhooks_free(receiver);
    return out;
}
