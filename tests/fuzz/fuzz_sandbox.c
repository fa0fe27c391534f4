/* Requests to the sandbox, signed and not: never an unsigned 200 of the API, always the sandbox's
 * own header. */
#include "fuzz.h"

#include "crypto/hex.h"
#include "crypto/sha256.h"
#include "sandbox.h"

static ine_sandbox *sandbox;
static ine_str key, secret;

static void prepare(void)
{
    static char own_key[36], own_secret[64];
    ine_sandbox_store store;
    ine_str a, b;
    ine_sandbox_free(sandbox);
    MUST(ine_sandbox_memory_store(&store));
    sandbox = ine_sandbox_new(&store, 1);
    MUST(sandbox && ine_sandbox_integration(sandbox, INE_SANDBOX_MX_INE, &a, &b));
    MUST(a.len == 36 && b.len <= sizeof own_secret);
    memcpy(own_key, a.ptr, a.len);
    memcpy(own_secret, b.ptr, b.len);
    key = ine__str(own_key, a.len);
    secret = ine__str(own_secret, b.len);
}

static void sign(char out[64], ine_str data)
{
    ine__hmac_key state;
    unsigned char mac[32];
    MUST(ine__hmac_key_init(&state, secret.ptr, secret.len));
    MUST(ine__hmac_whole(&state, data.ptr, data.len, mac));
    ine__hex_encode(out, mac, sizeof mac);
}

static bool has(const ine_sandbox_reply *reply, const char *name)
{
    for (size_t i = 0; i < reply->header_count; i++) {
        if (ine__str_ieq(reply->headers[i].name, ine__str_of(name)))
            return true;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const methods[] = {"GET", "POST", "PATCH", "DELETE", "PUT", ""};
    static const char *const targets[] = {"/v1/sessions",
                                          "/v1/sessions/",
                                          "/v1/sessions/{}",
                                          "/v1/sessions/{}/media",
                                          "/v1/sessions/{}/decision",
                                          "/v1/sessions/{}/attempts",
                                          "/sandbox/people",
                                          "/sandbox/scenarios"};
    static unsigned count;
    static char id[36];
    fuzz_input in = {data, size};
    if (count++ % 500 == 0)
        prepare();
    char target[160], signature[64];
    const uint8_t which = fuzz_byte(&in), how = fuzz_byte(&in);
    const char *method = methods[fuzz_byte(&in) % 6];
    const ine_str free_target = fuzz_text(&in, 60);
    const char *place = which < 8 ? strstr(targets[which], "{}") : NULL;
    size_t len;
    if (which >= 8) {
        memcpy(target, free_target.ptr, free_target.len);
        len = free_target.len;
    } else if (place) {
        len = (size_t)snprintf(target, sizeof target, "%.*s%.36s%s", (int)(place - targets[which]),
                               targets[which], id[0] ? id : "12df6045-3846-3e45-946a-14fa6136d78b",
                               place + 2);
    } else {
        len = (size_t)snprintf(target, sizeof target, "%s", targets[which]);
    }
    const ine_str body = fuzz_rest(&in);
    sign(signature, method[0] == 'P' ? body : ine__str(id, sizeof id));
    const ine_sandbox_header headers[] = {
        {INE__STR("X-AUTH-CLIENT"), how % 4 == 0 ? free_target : key},
        {INE__STR("X-HMAC-SIGNATURE"), how % 3 == 0 ? free_target : ine__str(signature, 64)},
        {INE__STR("Content-Type"), INE__STR("application/json")}};
    const ine_sandbox_request request = {ine__str_of(method), ine__str(target, len), headers,
                                         how % 5 == 0 ? 0u : 3u, body};
    const ine_sandbox_reply *reply = ine_sandbox_handle(sandbox, &request, 1775037665000 + count);
    MUST(reply && reply->status >= 200 && reply->status < 600);
    MUST(has(reply, INE_SANDBOX_HEADER));
    if (len >= 4 && memcmp(target, "/v1/", 4) == 0 && reply->status < 300)
        MUST(has(reply, "X-HMAC-SIGNATURE"));
    if (reply->status == 201) {
        ine_decision *decision = NULL;
        ine_str text;
        MUST(ine_decision_read(&decision, reply->body.ptr, reply->body.len, 0, NULL) == INE_OK);
        ine_decision_field(decision, INE_D_SESSION_ID, &text, NULL);
        if (text.len == sizeof id)
            memcpy(id, text.ptr, sizeof id);
        ine_decision_free(decision);
    }
    return 0;
}
