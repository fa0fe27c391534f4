#include "faults.h"

#include "base/rng.h"
#include "crypto/hex.h"

#define RECORD_MAX (1024 * 1024)
#define REPLY_MAX  (32 * 1024 * 1024)
#define BODY_KEPT  (256 * 1024)

/* --- Life ----------------------------------------------------------------------------------------
 */

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
    ine_str counters;
    const int32_t found = ine__sb_load(sandbox, INE_SANDBOX_META, INE__STR("counters"), &counters);
    if (found < 0 || (found && !ine__sb_record_read(&sandbox->arena, ine__sb_counter_fields,
                                                    ine__sb_counter_count, sandbox, counters)))
        return false;
    return load_seed(sandbox, seed) && ine__sb_load_integrations(sandbox) &&
           ine__sb_load_pending(sandbox) &&
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
    sandbox->settings[INE_SANDBOX_RETRY_MS] = 3600000;
    sandbox->settings[INE_SANDBOX_GIVE_UP_MS] = INT64_C(604800000);
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
    ine__sb_free_integrations(sandbox);
    ine__text_free(&sandbox->base_url);
    ine__sb_arena_free(&sandbox->arena);
    ine__free(sandbox->pending);
    ine_sandbox_watch(sandbox, false);
    ine__free(sandbox->faults);
    ine__sb_log_free(sandbox);
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

/* The families of headers that the integration's replies carry (C-19). */
static void add_pair(ine__sb_call *call, const char *x, const char *vrf, ine_str value)
{
    if (call->who->headers != 1)
        ine__sb_header(call->sandbox, ine__str_of(x), value);
    if (call->who->headers != 0)
        ine__sb_header(call->sandbox, ine__str_of(vrf), value);
}

/* The old scheme: a plain hash of body and secret, which any new client refuses (A6). */
static void sign_in_the_old_way(ine__sb_call *call)
{
    ine_sandbox *sandbox = call->sandbox;
    unsigned char digest[INE__SHA256_SIZE];
    ine__sha256 hash;
    ine__sha256_begin(&hash);
    ine__sha256_add(&hash, sandbox->reply.body.ptr, sandbox->reply.body.len);
    ine__sha256_add(&hash, call->who->secret.ptr, call->who->secret.len);
    ine__sha256_end(&hash, digest);
    ine__hex_encode(sandbox->legacy_signature, digest, sizeof digest);
    ine__sb_header(sandbox, INE__STR("X-SIGNATURE"),
                   ine__str(sandbox->legacy_signature, sizeof sandbox->legacy_signature));
}

void ine__sb_sign(ine_str secret, ine_str body, char out[64])
{
    unsigned char digest[INE__SHA256_SIZE];
    ine__hmac_key key;
    ine__hmac mac;
    ine__hmac_key_init(&key, secret.ptr, secret.len);
    ine__hmac_begin(&mac, &key);
    ine__hmac_add(&mac, body.ptr, body.len);
    ine__hmac_end(&mac, digest);
    ine__wipe(&key, sizeof key);
    ine__hex_encode(out, digest, sizeof digest);
}

/* All but a 401 is signed, over the body's bytes [V-api]. */
static void sign_reply(ine__sb_call *call)
{
    ine_sandbox *sandbox = call->sandbox;
    add_pair(call, "X-AUTH-CLIENT", "VRF-AUTH-CLIENT",
             ine__str(sandbox->auth_client, sizeof sandbox->auth_client));
    if (sandbox->reply.status == 401 || (sandbox->creates && call->who->session_reply == 1))
        return;
    if (sandbox->creates && call->who->session_reply == 2) {
        sign_in_the_old_way(call);
        return;
    }
    ine__sb_sign(call->who->secret, sandbox->reply.body, sandbox->signature);
    add_pair(call, "X-HMAC-SIGNATURE", "VRF-HMAC-SIGNATURE",
             ine__str(sandbox->signature, sizeof sandbox->signature));
}

static const ine_sandbox_reply *handle(ine_sandbox *sandbox, const ine_sandbox_request *request,
                                       int64_t now_ms, const ine_sandbox_fault *fault)
{
    ine__sb_call call = {.sandbox = sandbox,
                         .request = request,
                         .now = now_ms + sandbox->settings[INE_SANDBOX_CLOCK_MS],
                         .wall = now_ms,
                         .fault = fault};
    ine__sb_arena_clear(&sandbox->arena);
    if (sandbox->body.cap > BODY_KEPT) /* an image was downloaded */
        ine__buf_free(&sandbox->body);
    ine__buf_clear(&sandbox->body);
    sandbox->auth_client[0] = 0;
    sandbox->creates = false;
    ine__sb_route(&call);
    ine__sb_fault_body(&call);
    if (sandbox->body.failed || sandbox->arena.failed)
        return no_memory(sandbox);
    sandbox->reply.headers = sandbox->headers;
    sandbox->reply.body = ine__buf_view(&sandbox->body);
    ine__sb_header(sandbox, INE__STR(INE_SANDBOX_HEADER), INE__STR("1"));
    if (call.who)
        sign_reply(&call);
    else if (sandbox->auth_client[0])
        ine__sb_header(sandbox, INE__STR("X-AUTH-CLIENT"),
                       ine__str(sandbox->auth_client, sizeof sandbox->auth_client));
    ine__sb_fault_signature(&call);
    return &sandbox->reply;
}

const ine_sandbox_reply *ine_sandbox_handle_with(ine_sandbox *sandbox,
                                                 const ine_sandbox_request *request, int64_t now_ms,
                                                 const ine_sandbox_fault *fault)
{
    const ine_sandbox_reply *reply = handle(sandbox, request, now_ms, fault);
    ine__sb_log_request(sandbox, request, now_ms, reply->status, fault, true);
    return reply;
}

const ine_sandbox_reply *ine_sandbox_handle(ine_sandbox *sandbox,
                                            const ine_sandbox_request *request, int64_t now_ms)
{
    ine_sandbox_fault fault;
    ine_sandbox_fault_for(sandbox, request->method, request->target, &fault);
    return ine_sandbox_handle_with(sandbox, request, now_ms, &fault);
}

ine_str ine_sandbox_scenarios(ine_sandbox *sandbox)
{
    if (sandbox->scenarios.len == 0 && !ine__sb_write_scenarios(&sandbox->scenarios, false))
        ine__buf_free(&sandbox->scenarios);
    return ine__buf_view(&sandbox->scenarios);
}
