/* A reply in pieces, of any status and headers, to each call: never a result without a right
 * signature where one is due. */
#include "fuzz.h"

#include "schema/call.h"

#define KEY "5a4db0c5-8f9b-4f5e-9d4b-2f3a1b2c3d4e"
#define ID  "12df6045-3846-3e45-946a-14fa6136d78b"

static ine_credentials *credentials;
static ine_options *options;

static void prepare(void)
{
    if (credentials)
        return;
    MUST(ine_credentials_new(&credentials, "", 0, KEY, 36, NULL) == INE_OK);
    MUST(ine_credentials_add_secret(credentials, "", 0, "secret", 6, NULL) == INE_OK);
    MUST(ine_options_new(&options, NULL) == INE_OK);
    MUST(ine_options_set_text(options, INE_OPT_BASE_URL, "http://127.0.0.1:1", 18, NULL) == INE_OK);
    MUST(ine_options_set_number(options, INE_OPT_SEED, 1, NULL) == INE_OK);
}

static void feed_reply(ine_exchange *x, fuzz_input *in, int64_t now)
{
    static const ine_str names[] = {{"x-hmac-signature", 16}, {"content-length", 14},
                                    {"retry-after", 11},      {"x-auth-client", 13},
                                    {"content-encoding", 16}, {"date", 4}};
    ine_exchange_feed_status(x, fuzz_byte(in) * 4 + fuzz_byte(in) % 4, NULL);
    for (uint8_t i = fuzz_byte(in) % 5; i; i--) {
        const uint8_t which = fuzz_byte(in);
        const ine_str name = which < 6 ? names[which] : fuzz_text(in, 30);
        const ine_str value = fuzz_text(in, 100);
        ine_exchange_feed_header(x, name.ptr, name.len, value.ptr, value.len, NULL);
    }
    const ine_str body = fuzz_text(in, 4096);
    for (size_t at = 0; at < body.len; at += 100)
        ine_exchange_feed_body(x, body.ptr + at, body.len - at < 100 ? body.len - at : 100, NULL);
    const uint8_t end = fuzz_byte(in);
    if (end < 10)
        ine_exchange_feed_failure(x, end, 7, now, NULL);
    else
        ine_exchange_feed_end(x, now, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input in = {data, size};
    ine_request *request = NULL;
    ine_exchange *x = NULL;
    int64_t now = 1000;
    prepare();
    const int32_t call = 1 + fuzz_byte(&in) % 15;
    MUST(ine_request_new(&request, call, NULL) == INE_OK);
    ine_request_set_text(request, INE_IN_SESSION_ID, ID, 36, NULL);
    ine_request_set_text(request, INE_IN_MEDIA_ID, ID, 36, NULL);
    ine_request_set_text(request, INE_IN_ATTEMPT_ID, ID, 36, NULL);
    ine_request_set_text(request, INE_IN_BODY, "{}", 2, NULL);
    ine_request_set_media(request, INE_MEDIA_FACE, "\xff\xd8\xff\xd9", 4, NULL);
    if (ine_exchange_new(&x, request, credentials, options, now, NULL) == INE_OK) {
        for (int step = 0; step < 200; step++) {
            int32_t want;
            int64_t a, b;
            MUST(ine_exchange_next(x, now, &want, &a, &b, NULL) == INE_OK);
            if (want == INE_WANT_DONE)
                break;
            if (want == INE_WANT_WAIT)
                now += a;
            else if (want == INE_WANT_SEND) {
                char buffer[512];
                size_t n;
                do
                    ine_exchange_read(x, buffer, sizeof buffer, &n, &want, &a, &b, NULL);
                while (n);
                feed_reply(x, &in, now);
            } else {
                ine_exchange_cancel(x, NULL);
            }
        }
        ine_decision *decision = NULL;
        ine_error *err = NULL;
        const int32_t code = ine_exchange_take(x, &decision, &err);
        /* the secret is not in the input: what must be signed can not have come */
        MUST(code != INE_OK || !ine__call_find(call)->reply_signed);
        MUST((code == INE_OK) == (err == NULL));
        ine_decision_free(decision);
        ine_error_free(err);
    }
    ine_exchange_free(x);
    ine_request_free(request);
    return 0;
}
