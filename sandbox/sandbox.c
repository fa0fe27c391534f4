#include "internal.h"

#include "base/rng.h"
#include "crypto/hex.h"

#define RECORD_MAX (1024 * 1024)
#define REPLY_MAX  (32 * 1024 * 1024)

/* --- Integrations ------------------------------------------------------------------------------
 */

static const char *const product_names[INE_SANDBOX_PRODUCTS] = {"mx_ine", "ine_biometric",
                                                                "ine_registry"};

ine_str ine_sandbox_product_name(int32_t product)
{
    return product >= 0 && product < INE_SANDBOX_PRODUCTS ? ine__str_of(product_names[product])
                                                          : INE__NONE;
}

static void free_integration(ine__sb_integration *integration)
{
    if (!integration)
        return;
    ine__text_free(&integration->api_key);
    ine__text_free(&integration->secret);
    ine__text_free(&integration->old_secret);
    ine__text_free(&integration->name);
    ine__free(integration);
}

/* A copy that does not live in the arena. */
static ine__sb_integration *keep_integration(const ine__sb_integration *from)
{
    ine__sb_integration *copy = ine__alloc(sizeof *copy);
    if (!copy)
        return NULL;
    *copy = *from;
    copy->api_key = copy->secret = copy->old_secret = copy->name = INE__NONE;
    if (ine__text_copy(&copy->api_key, from->api_key) &&
        ine__text_copy(&copy->secret, from->secret) &&
        ine__text_copy(&copy->old_secret, from->old_secret) &&
        ine__text_copy(&copy->name, from->name))
        return copy;
    free_integration(copy);
    return NULL;
}

/* The list of keys, so that a store can be opened again. */
static bool save_integration_list(ine_sandbox *sandbox)
{
    ine__buf_clear(&sandbox->record);
    for (size_t i = 0; i < sandbox->integration_count; i++)
        ine__buf_str(&sandbox->record, sandbox->integrations[i]->api_key);
    return !sandbox->record.failed &&
           sandbox->store.put(sandbox->store.context, INE_SANDBOX_META, INE__STR("integrations"),
                              ine__buf_view(&sandbox->record));
}

/* Adds it, or puts it in the place of the one with the same key. */
static ine__sb_integration *set_integration(ine_sandbox *sandbox, const ine__sb_integration *with)
{
    size_t at = 0;
    while (at < sandbox->integration_count &&
           !ine__str_ieq(sandbox->integrations[at]->api_key, with->api_key))
        at++;
    if (at == INE__SB_INTEGRATIONS)
        return NULL;
    ine__sb_integration *copy = keep_integration(with);
    if (!copy || !ine__sb_save(sandbox, INE_SANDBOX_INTEGRATIONS, copy->api_key,
                               ine__sb_integration_fields, ine__sb_integration_field_count, copy)) {
        free_integration(copy);
        return NULL;
    }
    if (at < sandbox->integration_count) {
        free_integration(sandbox->integrations[at]);
        sandbox->integrations[at] = copy;
        return copy;
    }
    sandbox->integrations[sandbox->integration_count++] = copy;
    if (save_integration_list(sandbox))
        return copy;
    sandbox->integration_count--;
    free_integration(copy);
    return NULL;
}

bool ine_sandbox_integration(ine_sandbox *sandbox, int32_t product, ine_str *api_key,
                             ine_str *secret)
{
    const ine__sb_integration *found = NULL;
    *api_key = *secret = INE__NONE;
    if (product < 0 || product >= INE_SANDBOX_PRODUCTS)
        return false;
    for (size_t i = 0; i < sandbox->integration_count && !found; i++) {
        if (sandbox->integrations[i]->product == product)
            found = sandbox->integrations[i];
    }
    if (!found) {
        char key[36], text[36];
        ine__sb_uuid(sandbox, INE__SB_ID_KEY, product, 0, key);
        ine__sb_uuid(sandbox, INE__SB_ID_SECRET, product, 0, text);
        const ine__sb_integration minted = {.api_key = ine__str(key, sizeof key),
                                            .secret = ine__str(text, sizeof text),
                                            .name = ine_sandbox_product_name(product),
                                            .product = product};
        found = set_integration(sandbox, &minted);
        ine__wipe(text, sizeof text);
    }
    if (!found)
        return false;
    *api_key = found->api_key;
    *secret = found->secret;
    return true;
}

bool ine_sandbox_integration_add(ine_sandbox *sandbox, int32_t product, ine_str api_key,
                                 ine_str secret)
{
    char key[36];
    if (!ine_sandbox_product_name(product).ptr || !ine__is_uuid(api_key) || secret.len < 1 ||
        secret.len > 1024 || !ine__is_utf8(secret) || ine__has_nul(secret))
        return false;
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = ine__lower(api_key.ptr[i]);
    api_key = ine__str(key, sizeof key);
    if (!ine__str_starts(api_key, INE_SANDBOX_KEY_PREFIX))
        return false;
    ine__sb_integration with = {.api_key = api_key,
                                .secret = secret,
                                .name = ine_sandbox_product_name(product),
                                .product = product};
    for (size_t i = 0; i < sandbox->integration_count; i++) {
        const ine__sb_integration *old = sandbox->integrations[i];
        if (!ine__str_eq(old->api_key, api_key))
            continue;
        with = *old;
        with.secret = secret;
        with.old_secret = ine__str_eq(old->secret, secret) ? old->old_secret : old->secret;
        with.product = product;
    }
    return set_integration(sandbox, &with) != NULL;
}

/* --- Life ----------------------------------------------------------------------------------------
 */

static bool load_integrations(ine_sandbox *sandbox)
{
    ine_str list, json;
    if (ine__sb_load(sandbox, INE_SANDBOX_META, INE__STR("integrations"), &list) < 0)
        return false;
    for (size_t at = 0; at + 36 <= list.len && sandbox->integration_count < INE__SB_INTEGRATIONS;
         at += 36) {
        ine__sb_integration record = {0};
        if (ine__sb_load(sandbox, INE_SANDBOX_INTEGRATIONS, ine__str(list.ptr + at, 36), &json) <=
                0 ||
            !ine__sb_record_read(&sandbox->arena, ine__sb_integration_fields,
                                 ine__sb_integration_field_count, &record, json))
            return false;
        ine__sb_integration *copy = keep_integration(&record);
        if (!copy)
            return false;
        sandbox->integrations[sandbox->integration_count++] = copy;
    }
    return true;
}

/* The seed of a store is for ever: ids made from another one could meet the old ones. */
static bool load_seed(ine_sandbox *sandbox, uint64_t seed)
{
    ine_str text;
    const int32_t found = ine__sb_load(sandbox, INE_SANDBOX_META, INE__STR("seed"), &text);
    if (found < 0)
        return false;
    if (found)
        return ine__hex_decode(&sandbox->seed, sizeof sandbox->seed, text);
    ine__rng rng;
    char digits[2 * sizeof sandbox->seed];
    ine__rng_init(&rng, seed);
    sandbox->seed = seed ? seed : ine__rng_next(&rng);
    ine__hex_encode(digits, &sandbox->seed, sizeof sandbox->seed);
    return sandbox->store.put(sandbox->store.context, INE_SANDBOX_META, INE__STR("seed"),
                              ine__str(digits, sizeof digits));
}

static bool load(ine_sandbox *sandbox, uint64_t seed)
{
    static const ine__sb_field fields[] = {
        INE__SB_INT(ine_sandbox, sessions),
        INE__SB_INT(ine_sandbox, media),
        INE__SB_INT(ine_sandbox, media_forgotten),
        INE__SB_INT(ine_sandbox, media_bytes),
    };
    ine_str counters;
    const int32_t found = ine__sb_load(sandbox, INE_SANDBOX_META, INE__STR("counters"), &counters);
    if (found < 0 ||
        (found && !ine__sb_record_read(&sandbox->arena, fields, sizeof fields / sizeof *fields,
                                       sandbox, counters)))
        return false;
    return load_seed(sandbox, seed) && load_integrations(sandbox) &&
           ine_sandbox_base_url(sandbox, INE__STR("http://127.0.0.1"));
}

ine_sandbox *ine_sandbox_new(const ine_sandbox_store *store, uint64_t seed)
{
    ine_sandbox *sandbox = store->context ? ine__alloc(sizeof *sandbox) : NULL;
    if (!sandbox) {
        if (store->context)
            store->free(store->context);
        return NULL;
    }
    sandbox->store = *store;
    sandbox->settings[INE_SANDBOX_DECISION_DELAY_MS] = 150;
    sandbox->settings[INE_SANDBOX_KEEP_BYTES] = 64 * 1024 * 1024;
    sandbox->settings[INE_SANDBOX_UNLISTED] = 1;
    ine__buf_init(&sandbox->record, RECORD_MAX);
    ine__buf_init(&sandbox->body, REPLY_MAX);
    ine__buf_init(&sandbox->scenarios, RECORD_MAX);
    const bool ok = load(sandbox, seed);
    ine__sb_arena_clear(&sandbox->arena);
    if (ok)
        return sandbox;
    ine_sandbox_free(sandbox);
    return NULL;
}

void ine_sandbox_free(ine_sandbox *sandbox)
{
    if (!sandbox)
        return;
    for (size_t i = 0; i < sandbox->integration_count; i++)
        free_integration(sandbox->integrations[i]);
    ine__text_free(&sandbox->base_url);
    ine__sb_arena_free(&sandbox->arena);
    ine__buf_free(&sandbox->record);
    ine__buf_free(&sandbox->body);
    ine__buf_free(&sandbox->scenarios);
    sandbox->store.free(sandbox->store.context);
    ine__free(sandbox);
}

bool ine_sandbox_base_url(ine_sandbox *sandbox, ine_str url)
{
    ine_str copy;
    if (!ine__is_printable(url) || !ine__text_copy(&copy, url))
        return false;
    ine__text_free(&sandbox->base_url);
    sandbox->base_url = copy;
    return true;
}

bool ine_sandbox_set(ine_sandbox *sandbox, int32_t setting, int64_t value)
{
    if (setting < 0 || setting >= INE_SANDBOX_SETTINGS || value < 0)
        return false;
    sandbox->settings[setting] = value;
    return true;
}

int64_t ine_sandbox_get(const ine_sandbox *sandbox, int32_t setting)
{
    return setting >= 0 && setting < INE_SANDBOX_SETTINGS ? sandbox->settings[setting] : -1;
}

/* --- One request
 * ---------------------------------------------------------------------------------- */

static const ine_sandbox_reply *no_memory(ine_sandbox *sandbox)
{
    sandbox->headers[0] =
        (ine_sandbox_header){INE__STR("Content-Type"), INE__STR("application/json")};
    sandbox->headers[1] = (ine_sandbox_header){INE__STR(INE_SANDBOX_HEADER), INE__STR("1")};
    sandbox->reply = (ine_sandbox_reply){
        500, sandbox->headers, 2,
        INE__STR("{\"status\":\"fail\",\"code\":\"1101\",\"message\":\"Something went wrong\"}")};
    return &sandbox->reply;
}

/* All but a 401 is signed, over the body's bytes [V-api]. */
static void sign_reply(ine__sb_call *call)
{
    ine_sandbox *sandbox = call->sandbox;
    unsigned char digest[INE__SHA256_SIZE];
    ine__hmac_key key;
    ine__hmac mac;
    if (!call->who || sandbox->reply.status == 401)
        return;
    ine__hmac_key_init(&key, call->who->secret.ptr, call->who->secret.len);
    ine__hmac_begin(&mac, &key);
    ine__hmac_add(&mac, sandbox->reply.body.ptr, sandbox->reply.body.len);
    ine__hmac_end(&mac, digest);
    ine__wipe(&key, sizeof key);
    ine__hex_encode(sandbox->signature, digest, sizeof digest);
    ine__sb_header(sandbox, INE__STR("X-HMAC-SIGNATURE"),
                   ine__str(sandbox->signature, sizeof sandbox->signature));
}

const ine_sandbox_reply *ine_sandbox_handle(ine_sandbox *sandbox,
                                            const ine_sandbox_request *request, int64_t now_ms)
{
    ine__sb_call call = {.sandbox = sandbox,
                         .request = request,
                         .now = now_ms + sandbox->settings[INE_SANDBOX_CLOCK_MS]};
    ine__sb_arena_clear(&sandbox->arena);
    ine__buf_clear(&sandbox->body);
    sandbox->auth_client[0] = 0;
    ine__sb_route(&call);
    if (sandbox->body.failed || sandbox->arena.failed)
        return no_memory(sandbox);
    sandbox->reply.headers = sandbox->headers;
    sandbox->reply.body = ine__buf_view(&sandbox->body);
    ine__sb_header(sandbox, INE__STR(INE_SANDBOX_HEADER), INE__STR("1"));
    if (sandbox->auth_client[0])
        ine__sb_header(sandbox, INE__STR("X-AUTH-CLIENT"),
                       ine__str(sandbox->auth_client, sizeof sandbox->auth_client));
    sign_reply(&call);
    return &sandbox->reply;
}

ine_str ine_sandbox_scenarios(ine_sandbox *sandbox)
{
    if (sandbox->scenarios.len == 0 && !ine__sb_write_scenarios(&sandbox->scenarios))
        ine__buf_free(&sandbox->scenarios);
    return ine__buf_view(&sandbox->scenarios);
}
