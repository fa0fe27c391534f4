/* Receiving webhooks: which integration, which secret, genuine or not. Then, and only then, what.
 */
#include "proto/webhooks.h"

#include "cascade/verdict.h"
#include "crypto/blake2.h"
#include "crypto/hex.h"
#include "schema/decision.h"

#include <stdatomic.h>

#define DEFAULT_LIMIT ((size_t)1 << 20)
#define ID_SIZE       192

struct ine_webhook {
    ine_credentials *who; /* shared */
    int32_t secret;
    ine_decision *decision;
    ine_verdict *verdict;
    char id[ID_SIZE];
    size_t id_len;
    _Atomic(char *) dedupe; /* made when it is asked for: BLAKE2 costs more than the signature */
};

int32_t ine_webhooks_new(ine_webhooks **out, ine_error **err)
{
    ine__error_clear(err);
    if (!out)
        return ine__fail(err, INE_E_ARGUMENT, "no place for the receiver");
    *out = ine__alloc(sizeof **out);
    if (!*out)
        return ine__fail_memory(err);
    (*out)->limit = DEFAULT_LIMIT;
    return INE_OK;
}

void ine_webhooks_free(ine_webhooks *webhooks)
{
    if (!webhooks)
        return;
    for (size_t i = 0; i < webhooks->count; i++)
        ine_credentials_free(webhooks->integration[i]);
    ine__free(webhooks);
}

const ine_credentials *ine__webhooks_find(const ine_webhooks *webhooks, ine_str key)
{
    for (size_t i = 0; i < webhooks->count; i++) {
        if (ine__str_ieq(ine__credentials_api_key(webhooks->integration[i]), key))
            return webhooks->integration[i];
    }
    return NULL;
}

int32_t ine_webhooks_add(ine_webhooks *webhooks, const ine_credentials *credentials,
                         ine_error **err)
{
    ine__error_clear(err);
    if (!webhooks || !credentials)
        return ine__fail(err, INE_E_ARGUMENT, "no receiver, or no credentials");
    if (ine__credentials_secrets(credentials) == 0)
        return ine__fail(err, INE_E_STATE, "the credentials have no secret to verify with");
    if (ine__webhooks_find(webhooks, ine__credentials_api_key(credentials)))
        return ine__fail(err, INE_E_STATE, "an integration with this API key is there already");
    if (webhooks->count == INE__INTEGRATIONS)
        return ine__fail(err, INE_E_LIMIT, "a receiver takes at most 16 integrations");
    webhooks->integration[webhooks->count++] = ine__credentials_share(credentials);
    return INE_OK;
}

int32_t ine_webhooks_set_limit(ine_webhooks *webhooks, int64_t bytes, ine_error **err)
{
    ine__error_clear(err);
    if (!webhooks || bytes < 1024 || bytes > ((int64_t)1 << 30))
        return ine__fail(err, INE_E_ARGUMENT, "the limit must be 1 KiB to 1 GiB");
    webhooks->limit = (size_t)bytes;
    return INE_OK;
}

int32_t ine__webhooks_judge(const ine_webhooks *webhooks, const ine__delivery *delivery,
                            ine_str body, const ine_credentials **who, int32_t *secret)
{
    ine_str signature, key;
    *who = NULL;
    *secret = -1;
    if (body.len > webhooks->limit)
        return INE_REASON_TOO_LARGE;
    const int32_t reason = ine__delivery_who(delivery, &signature, &key);
    if (reason != INE_REASON_NONE)
        return reason;
    *who = ine__webhooks_find(webhooks, key);
    if (!*who)
        return INE_REASON_UNKNOWN_KEY;
    *secret = ine__credentials_verify(*who, body, signature);
    return *secret < 0 ? INE_REASON_WRONG_SIGNATURE : INE_REASON_NONE;
}

static int32_t refuse(ine_error **err)
{
    return ine__fail(err, INE_E_WEBHOOK_REFUSED, "the webhook is not genuine");
}

static int32_t open_genuine(ine_webhook *webhook, ine_str body, int64_t require, int32_t flags,
                            ine_error **err)
{
    int32_t code = ine_decision_read(&webhook->decision, body.ptr, body.len, flags, err);
    if (code == INE_OK)
        code = ine_verdict_new(&webhook->verdict, webhook->decision, require, 0, err);
    if (code == INE_OK)
        code = ine_decision_id(webhook->decision, webhook->id, sizeof webhook->id, &webhook->id_len,
                               err);
    return code;
}

int32_t ine_webhooks_open(ine_webhook **out, const ine_webhooks *webhooks, const ine_str *names,
                          const ine_str *values, size_t headers, const void *body, size_t body_len,
                          int64_t require, int32_t flags, int32_t *reason, ine_error **err)
{
    ine__delivery delivery;
    const ine_credentials *who;
    int32_t secret, why = INE_REASON_NONE;
    ine__error_clear(err);
    if (out)
        *out = NULL;
    if (reason)
        *reason = INE_REASON_NONE;
    if (!out || !webhooks || (headers && (!names || !values)) || (body_len && !body))
        return ine__fail(err, INE_E_ARGUMENT, "no receiver, headers, body or place for the result");
    const ine_str bytes = ine__str(body ? body : "", body_len);
    ine__delivery_read(&delivery, names, values, headers);
    why = ine__webhooks_judge(webhooks, &delivery, bytes, &who, &secret);
    if (why != INE_REASON_NONE) {
        if (reason)
            *reason = why;
        return refuse(err);
    }
    ine_webhook *webhook = ine__alloc(sizeof *webhook);
    if (!webhook)
        return ine__fail_memory(err);
    webhook->who = ine__credentials_share(who);
    webhook->secret = secret;
    const int32_t code = open_genuine(webhook, bytes, require, flags, err);
    if (code != INE_OK) {
        ine_webhook_free(webhook);
        return code;
    }
    *out = webhook;
    return INE_OK;
}

void ine_webhook_free(ine_webhook *webhook)
{
    if (!webhook)
        return;
    ine_credentials_free(webhook->who);
    ine_decision_free(webhook->decision);
    ine_verdict_free(webhook->verdict);
    ine__free(atomic_load(&webhook->dedupe));
    ine__free_wiped(webhook, sizeof *webhook);
}

const ine_decision *ine_webhook_decision(const ine_webhook *webhook)
{
    return webhook ? webhook->decision : NULL;
}

const ine_verdict *ine_webhook_verdict(const ine_webhook *webhook)
{
    return webhook ? webhook->verdict : NULL;
}

/* Two threads may both make it; the first to publish wins. */
static ine_str dedupe_key(const ine_webhook *webhook)
{
    _Atomic(char *) *place = (_Atomic(char *) *)(uintptr_t)&webhook->dedupe;
    char *key = atomic_load(place);
    unsigned char hash[INE__DEDUPE_SIZE];
    if (key)
        return ine__str(key, sizeof hash * 2);
    if (ine__dedupe_key(ine_decision_bytes(webhook->decision), hash) != INE_OK)
        return INE__NONE;
    char *made = ine__alloc(sizeof hash * 2);
    if (!made)
        return INE__NONE;
    ine__hex_encode(made, hash, sizeof hash);
    if (!atomic_compare_exchange_strong(place, &key, made)) {
        ine__free(made);
        made = key;
    }
    return ine__str(made, sizeof hash * 2);
}

int32_t ine_webhook_field(const ine_webhook *webhook, int32_t field, ine_str *text, int64_t *number)
{
    ine_str found = INE__NONE;
    int64_t value = 0;
    int32_t state = webhook ? INE_FIELD_PRESENT : INE_FIELD_ABSENT;
    switch (webhook ? field : 0) {
    case INE_W_KIND:
        value = ine_decision_kind(webhook->decision);
        found = ine_name(INE_NAMES_KIND, (int32_t)value);
        break;
    case INE_W_DEDUPE_KEY:
        found = dedupe_key(webhook);
        break;
    case INE_W_DECISION_ID:
        found = ine__str(webhook->id, webhook->id_len);
        break;
    case INE_W_INTEGRATION:
        found = ine__credentials_label(webhook->who);
        break;
    case INE_W_SECRET:
        found = ine__credentials_secret_label(webhook->who, (size_t)webhook->secret);
        break;
    case INE_W_SECRET_INDEX:
        value = webhook->secret;
        break;
    default:
        state = INE_FIELD_ABSENT;
    }
    if (field != INE_W_SECRET_INDEX && !found.ptr)
        state = INE_FIELD_ABSENT;
    if (text)
        *text = found;
    if (number)
        *number = value;
    return state;
}

int32_t ine_webhook_expect(const ine_webhook *webhook, int32_t field, const char *text,
                           size_t text_len, ine_error **err)
{
    ine_str found;
    ine__error_clear(err);
    if (!webhook || !text ||
        (field != INE_D_SESSION_ID && field != INE_D_VENDOR_DATA && field != INE_D_END_USER_ID))
        return ine__fail(err, INE_E_ARGUMENT,
                         "only a session, vendorData or an end user can be expected");
    const int32_t state = ine_decision_field(webhook->decision, field, &found, NULL);
    const ine_str wanted = ine__str(text, text_len);
    const bool same =
        field == INE_D_VENDOR_DATA ? ine__str_eq(found, wanted) : ine__str_ieq(found, wanted);
    return state == INE_FIELD_PRESENT && same ? INE_OK : refuse(err);
}
