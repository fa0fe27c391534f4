#include "support.h"

#include "ine_experimental.h"
#include "sandbox.h"

#define KEY    "0c1f3c4e-8f9b-4f5e-9d4b-2f3a1b2c3d4e"
#define SECRET "abcdef12-abcd-abcd-abcd-abcdef012345"
#define NOW    INT64_C(1775037665000)

static ine_credentials *credentials(void)
{
    ine_credentials *out;
    assert_int_equal(ine_credentials_new(&out, "test", 4, KEY, 36, NULL), INE_OK);
    assert_int_equal(ine_credentials_add_secret(out, "s", 1, SECRET, 36, NULL), INE_OK);
    return out;
}

static int32_t make(ine_text **body, char signature[64], ine_str scenario,
                    const ine_credentials *with)
{
    return ine_testing_webhook(body, signature, scenario.ptr, scenario.len, "user-1", 6, with, NOW,
                               NULL);
}

/* Every scenario that comes to a decision is opened by a receiver with the same credentials. */
static void a_webhook_of_each_scenario_is_genuine(void **state)
{
    (void)state;
    ine_credentials *with = credentials();
    ine_webhooks *webhooks;
    ine_str scenario, cic, about;
    size_t decided = 0;
    assert_int_equal(ine_webhooks_new(&webhooks, NULL), INE_OK);
    assert_int_equal(ine_webhooks_add(webhooks, with, NULL), INE_OK);
    for (size_t i = 0; ine_sandbox_scenario(i, &scenario, &cic, &about); i++) {
        ine_text *body, *again;
        char signature[64], other[64];
        ine_webhook *webhook;
        const int32_t code = make(&body, signature, scenario, with);
        if (code == INE_E_ARGUMENT)
            continue; /* never decided */
        assert_int_equal(code, INE_OK);
        assert_int_equal(make(&again, other, scenario, with), INE_OK);
        assert_true(ine__str_eq(ine_text_view(body), ine_text_view(again)));
        const ine_str names[] = {INE__STR("x-auth-client"), INE__STR("x-hmac-signature")};
        const ine_str values[] = {INE__STR(KEY), {signature, 64}};
        const ine_str bytes = ine_text_view(body);
        assert_int_equal(ine_webhooks_open(&webhook, webhooks, names, values, 2, bytes.ptr,
                                           bytes.len, 0, INE_READ_COPY, NULL, NULL),
                         INE_OK);
        assert_int_equal(ine_decision_kind(ine_webhook_decision(webhook)), INE_KIND_DECISION);
        assert_int_equal(ine_webhook_expect(webhook, INE_D_VENDOR_DATA, "user-1", 6, NULL), INE_OK);
        ine_webhook_free(webhook);
        ine_text_free(body);
        ine_text_free(again);
        decided++;
    }
    assert_true(decided >= 15);
    ine_webhooks_free(webhooks);
    ine_credentials_free(with);
}

static void what_can_not_be(void **state)
{
    (void)state;
    ine_credentials *with = credentials();
    ine_text *body;
    char signature[64];
    assert_int_equal(make(&body, signature, INE__STR("nobody"), with), INE_E_ARGUMENT);
    assert_null(body);
    assert_int_equal(make(NULL, signature, INE__STR("approved"), with), INE_E_ARGUMENT);
    assert_int_equal(make(&body, signature, INE__STR("approved"), NULL), INE_E_ARGUMENT);
    ine_credentials_free(with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_webhook_of_each_scenario_is_genuine),
                                       cmocka_unit_test(what_can_not_be)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
