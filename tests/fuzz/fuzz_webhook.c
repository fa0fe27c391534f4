/* Headers and body of a delivery. The secret is not in the input, so nothing may ever be opened. */
#include "fuzz.h"

#define SECRET "abcdef12-abcd-abcd-abcd-abcdef012345"
#define KEY    "0c1f3c4e-8f9b-4f5e-9d4b-2f3a1b2c3d4e"

static ine_webhooks *receiver(void)
{
    static ine_webhooks *webhooks;
    ine_credentials *credentials;
    if (webhooks)
        return webhooks;
    MUST(ine_webhooks_new(&webhooks, NULL) == INE_OK);
    MUST(ine_credentials_new(&credentials, "", 0, KEY, 36, NULL) == INE_OK);
    MUST(ine_credentials_add_secret(credentials, "", 0, SECRET, 36, NULL) == INE_OK);
    MUST(ine_webhooks_add(webhooks, credentials, NULL) == INE_OK);
    ine_credentials_free(credentials);
    return webhooks;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const ine_str known[] = {{"x-auth-client", 13},      {"x-hmac-signature", 16},
                                    {"vrf-auth-client", 15},    {"x-signature", 11},
                                    {"vrf-hmac-signature", 18}, {"content-encoding", 16}};
    fuzz_input in = {data, size};
    ine_str names[8], values[8];
    const size_t count = fuzz_byte(&in) % 9;
    for (size_t i = 0; i < count; i++) {
        const uint8_t which = fuzz_byte(&in);
        names[i] = which < 6 ? known[which] : fuzz_text(&in, 40);
        values[i] = which == 0 && fuzz_byte(&in) % 2 ? (ine_str){KEY, 36} : fuzz_text(&in, 200);
    }
    const ine_str body = fuzz_rest(&in);
    ine_webhook *webhook;
    ine_error *err = NULL;
    int32_t reason;
    const int32_t code = ine_webhooks_open(&webhook, receiver(), names, values, count, body.ptr,
                                           body.len, 0, INE_READ_COPY, &reason, &err);
    MUST(code == INE_E_WEBHOOK_REFUSED && !webhook && reason > INE_REASON_NONE);
    ine_error_free(err);
    MUST(ine_webhooks_diagnose(receiver(), names, values, count, body.ptr, body.len) > 0);
    return 0;
}
