/* Webhooks: a delivery in, everything that it says out, in one crossing. */
#include "addon.h"

#include <stdlib.h>

enum { MOST = 40, ROOM = 160, TEXTS = 6 };

/* The two that always come have their room here, others get theirs when there are any. */
typedef struct headers {
    ine_str name[2 + MOST], value[2 + MOST];
    char room[2][ROOM];
    char (*more)[ROOM];
    size_t count;
} headers;

/* What is no string, or longer than any value that counts, can not be a genuine header: it goes on
 * as a text that no check accepts, and the refusal is the library's. */
static ine_str header_text(napi_env env, napi_value value, char *room)
{
    size_t len = 0;
    if (napi_get_value_string_utf8(env, value, room, ROOM, &len) != napi_ok || len >= ROOM - 4) {
        room[0] = 1;
        len = 1;
    }
    return (ine_str){room, len};
}

static void add(headers *list, napi_env env, ine_str name, napi_value value, char *room)
{
    const ine_str text = header_text(env, value, room);
    if (text.len == 1 && ine_node_is_nothing(env, value))
        return;
    list->name[list->count] = name;
    list->value[list->count++] = text;
}

/* [name, value, name, value, ...] of whatever else may count. More of them than there is room for
 * is no honest delivery: false, and it is refused. */
static bool add_rest(headers *list, napi_env env, napi_value rest)
{
    uint32_t count = 0;
    napi_value name, value;
    if (ine_node_is_nothing(env, rest))
        return true;
    if (napi_get_array_length(env, rest, &count) != napi_ok || count / 2 > MOST)
        return false;
    list->more = malloc(((size_t)count + 1) * ROOM);
    if (!list->more)
        return false;
    for (uint32_t i = 0; i + 1 < count; i += 2) {
        if (napi_get_element(env, rest, i, &name) != napi_ok ||
            napi_get_element(env, rest, i + 1, &value) != napi_ok)
            return false;
        add(list, env, header_text(env, name, list->more[i]), value, list->more[i + 1]);
    }
    return true;
}

/* Arguments 2, 3 and 4: x-hmac-signature, x-auth-client, the rest. */
static bool headers_in(const ine_node_call *call, headers *list)
{
    list->count = 0;
    list->more = NULL;
    add(list, call->env, (ine_str){"x-hmac-signature", 16}, call->arg[2], list->room[0]);
    add(list, call->env, (ine_str){"x-auth-client", 13}, call->arg[3], list->room[1]);
    return add_rest(list, call->env, call->arg[4]);
}

static napi_value event_out(const ine_node_call *call, const ine_webhook *webhook)
{
    static const int32_t ids[] = {INE_D_ATTEMPT_ID, INE_D_VENDOR_DATA};
    ine_str texts[TEXTS];
    const ine_decision *decision = ine_webhook_decision(webhook);
    const ine_verdict *verdict = ine_webhook_verdict(webhook);
    if (!ine_node_verdict(call, verdict))
        return NULL;
    call->state->number[INE_NODE_KIND] = (double)ine_decision_kind(decision);
    texts[0] = ine_node_session(verdict);
    ine_decision_fields(decision, ids, 2, &texts[1], NULL, NULL);
    ine_webhook_field(webhook, INE_W_DECISION_ID, &texts[3], NULL);
    ine_webhook_field(webhook, INE_W_INTEGRATION, &texts[4], NULL);
    ine_webhook_field(webhook, INE_W_SECRET, &texts[5], NULL);
    ine_node_keep(call, ine_decision_bytes(decision));
    return ine_node_join(call, texts, TEXTS);
}

static napi_value dedupe_out(const ine_node_call *call, const ine_webhook *webhook)
{
    ine_str key = {NULL, 0};
    ine_webhook_field(webhook, INE_W_DEDUPE_KEY, &key, NULL);
    return ine_node_string(call->env, key);
}

typedef napi_value outcome(const ine_node_call *call, const ine_webhook *webhook);

/* (receiver, body, signature, client, rest, require): what `out` makes of it, or the number of the
 * reason when it is refused. */
static napi_value opened(napi_env env, napi_callback_info info, outcome *out)
{
    ine_node_call call;
    headers list;
    int64_t require;
    ine_str body;
    if (!ine_node_begin(&call, env, info, 6) || !ine_node_int(&call, 5, &require))
        return NULL;
    const ine_webhooks *receiver = ine_node_unwrap(&call, 0, INE_NODE_WEBHOOKS);
    if (!receiver || !ine_node_view_in(env, call.arg[1], &body))
        return NULL;
    ine_webhook *webhook = NULL;
    ine_error *err = NULL;
    int32_t reason = INE_REASON_SEVERAL_SIGNATURES, code = INE_E_WEBHOOK_REFUSED;
    if (headers_in(&call, &list))
        code = ine_webhooks_open(&webhook, receiver, list.name, list.value, list.count, body.ptr,
                                 body.len, require, INE_READ_BORROW, &reason, &err);
    free(list.more);
    napi_value made = NULL;
    if (code == INE_OK) {
        made = out(&call, webhook);
    } else if (code == INE_E_WEBHOOK_REFUSED) {
        ine_error_free(err);
        made = ine_node_integer(env, reason);
    } else {
        ine_node_throw(&call, code, err);
    }
    ine_webhook_free(webhook);
    return made;
}

static napi_value webhook_open(napi_env env, napi_callback_info info)
{
    return opened(env, info, event_out);
}

static napi_value webhook_dedupe_key(napi_env env, napi_callback_info info)
{
    return opened(env, info, dedupe_out);
}

/* (receiver, body, signature, client, rest): the number of the reason. */
static napi_value webhook_diagnose(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    headers list;
    ine_str body;
    if (!ine_node_begin(&call, env, info, 5))
        return NULL;
    const ine_webhooks *receiver = ine_node_unwrap(&call, 0, INE_NODE_WEBHOOKS);
    if (!receiver || !ine_node_bytes_in(env, call.arg[1], &body))
        return NULL;
    int32_t reason = INE_REASON_SEVERAL_SIGNATURES;
    if (headers_in(&call, &list))
        reason =
            ine_webhooks_diagnose(receiver, list.name, list.value, list.count, body.ptr, body.len);
    free(list.more);
    return ine_node_integer(env, reason);
}

/* reasonHint(reason, language) */
static napi_value reason_hint(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    int64_t reason, language;
    if (!ine_node_begin(&call, env, info, 2) || !ine_node_int(&call, 0, &reason) ||
        !ine_node_int(&call, 1, &language))
        return NULL;
    return ine_node_string(env, ine_reason_hint((int32_t)reason, (int32_t)language));
}

/* webhooksNew(limit, credentials...) */
static napi_value webhooks_new(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_webhooks *receiver = NULL;
    ine_error *err = NULL;
    int64_t limit;
    uint32_t count = 0;
    if (!ine_node_begin(&call, env, info, 2) || !ine_node_int(&call, 0, &limit) ||
        napi_get_array_length(env, call.arg[1], &count) != napi_ok)
        return NULL;
    int32_t code = ine_webhooks_new(&receiver, &err);
    if (code == INE_OK)
        code = ine_webhooks_set_limit(receiver, limit, &err);
    for (uint32_t i = 0; code == INE_OK && i < count; i++) {
        ine_node_call one = call;
        one.count = 1;
        napi_get_element(env, call.arg[1], i, &one.arg[0]);
        const ine_credentials *credentials = ine_node_unwrap(&one, 0, INE_NODE_CREDENTIALS);
        if (!credentials) {
            ine_webhooks_free(receiver);
            return NULL;
        }
        code = ine_webhooks_add(receiver, credentials, &err);
    }
    if (code == INE_OK)
        return ine_node_wrap(env, INE_NODE_WEBHOOKS, receiver);
    ine_webhooks_free(receiver);
    return ine_node_throw(&call, code, err);
}

const ine_node_method ine_node_webhooks_methods[] = {
    {"webhooksNew", webhooks_new},
    {"webhookOpen", webhook_open},
    {"webhookDedupeKey", webhook_dedupe_key},
    {"webhookDiagnose", webhook_diagnose},
    {"reasonHint", reason_hint},
    {NULL, NULL},
};
