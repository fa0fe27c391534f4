/*
 * A test of one's own receiver, without an account and without a network: a signed webhook of a
 * scenario, opened as the vendor's would be.
 *
 *   cc examples/c/webhook_test.c -o webhook_test $(pkg-config --cflags libine) \
 *      -L"$(pkg-config --variable=libdir libine)" -line_testing $(pkg-config --libs --static
 * libine)
 *   ./webhook_test lost_or_stolen
 */
#include <ine_experimental.h>

#include <stdio.h>
#include <string.h>

static const char key[] = "0c1f3c4e-8f9b-4f5e-9d4b-2f3a1b2c3d4e"; /* of no account */
static const char secret[] = "a secret for this test alone";

static int receive(const ine_webhooks *webhooks, ine_str body, const char *signature)
{
    const ine_str names[] = {{"x-auth-client", 13}, {"x-hmac-signature", 16}};
    const ine_str values[] = {{key, sizeof key - 1}, {signature, 64}};
    ine_webhook *webhook = NULL;
    ine_str outcome, id;
    int32_t reason;
    if (ine_webhooks_open(&webhook, webhooks, names, values, 2, body.ptr, body.len, 0,
                          INE_READ_COPY, &reason, NULL) != INE_OK) {
        fprintf(stderr, "refused: %s\n", ine_reason_hint(reason, INE_LANG_EN).ptr);
        return 1;
    }
    ine_verdict_field(ine_webhook_verdict(webhook), INE_V_OUTCOME, &outcome, NULL);
    ine_webhook_field(webhook, INE_W_DECISION_ID, &id, NULL);
    printf("%.*s %.*s\n", (int)outcome.len, outcome.ptr, (int)id.len, id.ptr);
    ine_webhook_free(webhook);
    return 0;
}

int main(int argc, char **argv)
{
    const char *scenario = argc > 1 ? argv[1] : "lost_or_stolen";
    ine_credentials *credentials = NULL;
    ine_webhooks *webhooks = NULL;
    ine_text *body = NULL;
    ine_error *err = NULL;
    char signature[64];
    int status = 1;
    if (ine_credentials_new(&credentials, "test", 4, key, sizeof key - 1, &err) == INE_OK &&
        ine_credentials_add_secret(credentials, NULL, 0, secret, sizeof secret - 1, &err) ==
            INE_OK &&
        ine_webhooks_new(&webhooks, &err) == INE_OK &&
        ine_webhooks_add(webhooks, credentials, &err) == INE_OK &&
        ine_testing_webhook(&body, signature, scenario, strlen(scenario), "case-17", 7, credentials,
                            INT64_C(1775037665000), &err) == INE_OK)
        status = receive(webhooks, ine_text_view(body), signature);
    if (err)
        fprintf(stderr, "%.*s\n", (int)ine_error_text(err).len, ine_error_text(err).ptr);
    ine_error_free(err);
    ine_text_free(body);
    ine_webhooks_free(webhooks);
    ine_credentials_free(credentials);
    return status;
}
