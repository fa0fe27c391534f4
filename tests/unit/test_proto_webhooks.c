#include "support.h"

#include "crypto/credentials.h"
#include "crypto/hex.h"
#include "proto/webhooks.h"
#include "json/restyle.h"

#define KEY    "0c1f3c4e-8f9b-4f5e-9d4b-2f3a1b2c3d4e"
#define KEY2   "1c1f3c4e-8f9b-4f5e-9d4b-2f3a1b2c3d4f"
#define SECRET "abcdef12-abcd-abcd-abcd-abcdef012345"
#define OLD    "bbcdef12-abcd-abcd-abcd-abcdef012345"
#define OTHER  "cbcdef12-abcd-abcd-abcd-abcdef012345"

typedef struct fixture {
    ine_webhooks *webhooks;
    char *body;
    size_t body_len;
    char hex[64];
} fixture;

static ine_credentials *credentials(const char *label, const char *key, const char *first,
                                    const char *second)
{
    ine_credentials *out;
    assert_int_equal(ine_credentials_new(&out, label, strlen(label), key, strlen(key), NULL), 0);
    assert_int_equal(ine_credentials_add_secret(out, "new", 3, first, strlen(first), NULL), INE_OK);
    if (second)
        assert_int_equal(ine_credentials_add_secret(out, "old", 3, second, strlen(second), NULL),
                         INE_OK);
    return out;
}

static void sign(char out[64], const void *secret, size_t secret_len, const char *data, size_t len)
{
    ine__hmac_key key;
    unsigned char mac[32];
    assert_true(ine__hmac_key_init(&key, secret, secret_len));
    assert_true(ine__hmac_whole(&key, data, len, mac));
    ine__hex_encode(out, mac, sizeof mac);
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    ine_credentials *one = credentials("live", KEY, SECRET, OLD);
    ine_credentials *two = credentials("other", KEY2, OTHER, NULL);
    assert_int_equal(ine_webhooks_new(&f->webhooks, NULL), INE_OK);
    assert_int_equal(ine_webhooks_add(f->webhooks, one, NULL), INE_OK);
    assert_int_equal(ine_webhooks_add(f->webhooks, two, NULL), INE_OK);
    assert_int_equal(ine_webhooks_add(f->webhooks, one, NULL), INE_E_STATE);
    ine_credentials_free(one);
    ine_credentials_free(two);
    f->body = test_payload("decision_selfie_mismatch", &f->body_len);
    sign(f->hex, SECRET, 36, f->body, f->body_len);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    ine_webhooks_free(f->webhooks);
    free(f->body);
    free(f);
    return 0;
}

/* Opens with headers given as name, value, name, value ... NULL. Returns the reason. */
static int32_t open_with(const fixture *f, ine_str body, const char *const *headers,
                         ine_webhook **out)
{
    ine_str names[16], values[16];
    size_t n = 0;
    int32_t reason = -1;
    ine_error *err = NULL;
    ine_webhook *webhook = NULL;
    for (; headers[2 * n]; n++) {
        names[n] = ine__str_of(headers[2 * n]);
        values[n] = ine__str_of(headers[2 * n + 1]);
    }
    const int32_t code = ine_webhooks_open(&webhook, f->webhooks, names, values, n, body.ptr,
                                           body.len, 0, INE_READ_COPY, &reason, &err);
    if (code == INE_OK) {
        assert_non_null(webhook);
        assert_null(err);
        assert_int_equal(reason, INE_REASON_NONE);
    } else {
        /* every refusal has one class and one text, whatever the reason */
        assert_null(webhook);
        assert_int_equal(code, INE_E_WEBHOOK_REFUSED);
        assert_int_equal(ine_error_number(err, INE_DETAIL_CLASS), INE_CLASS_WEBHOOK_REFUSED);
        assert_true(ine__str_is(ine_error_text(err), "the webhook is not genuine"));
        assert_true(reason > 0);
        assert_non_null(ine_reason_hint(reason, INE_LANG_EN).ptr);
        assert_non_null(ine_reason_hint(reason, INE_LANG_ES_MX).ptr);
        ine_error_free(err);
    }
    if (out)
        *out = webhook;
    else
        ine_webhook_free(webhook);
    return reason;
}

static ine_str body_of(const fixture *f)
{
    return ine__str(f->body, f->body_len);
}

static const char *hex_of(const fixture *f)
{
    static char text[65];
    memcpy(text, f->hex, 64);
    text[64] = 0;
    return text;
}

static void assert_field(const ine_webhook *webhook, int32_t field, const char *wanted)
{
    ine_str text;
    assert_int_equal(ine_webhook_field(webhook, field, &text, NULL), INE_FIELD_PRESENT);
    assert_true(ine__str_is(text, wanted));
}

static void a_genuine_delivery_is_opened(void **state)
{
    fixture *f = *state;
    ine_webhook *webhook;
    ine_str text;
    int64_t number;
    const char *headers[] = {"X-Auth-Client", KEY, "X-HMAC-SIGNATURE", hex_of(f), NULL};
    assert_int_equal(open_with(f, body_of(f), headers, &webhook), INE_REASON_NONE);
    assert_field(webhook, INE_W_KIND, "DECISION");
    assert_field(webhook, INE_W_INTEGRATION, "live");
    assert_field(webhook, INE_W_SECRET, "new");
    assert_field(webhook, INE_W_DECISION_ID,
                 "12df6045-3846-3e45-946a-14fa6136d78b/00bca969-b53a-4fad-b065-874d41a7b2b8/9102/"
                 "2026-04-01T10:01:05.916Z");
    assert_int_equal(ine_webhook_field(webhook, INE_W_DEDUPE_KEY, &text, NULL), INE_FIELD_PRESENT);
    assert_int_equal(text.len, 64);
    assert_int_equal(ine_webhook_field(webhook, 99, &text, &number), INE_FIELD_ABSENT);
    assert_int_equal(ine_verdict_field(ine_webhook_verdict(webhook), INE_V_OUTCOME, NULL, &number),
                     INE_FIELD_PRESENT);
    assert_int_equal(number, INE_OUTCOME_NOT_VERIFIED);
    assert_non_null(ine_webhook_decision(webhook));
    ine_webhook_free(webhook);
}

static void A10_F64_F66_the_same_bytes_have_the_same_dedupe_key(void **state)
{
    fixture *f = *state;
    const char *headers[] = {"x-auth-client", KEY, "x-hmac-signature", hex_of(f), NULL};
    char first[64];
    for (int i = 0; i < 100; i++) {
        ine_webhook *webhook;
        ine_str text;
        assert_int_equal(open_with(f, body_of(f), headers, &webhook), INE_REASON_NONE);
        ine_webhook_field(webhook, INE_W_DEDUPE_KEY, &text, NULL);
        if (i == 0)
            memcpy(first, text.ptr, sizeof first);
        assert_memory_equal(first, text.ptr, sizeof first);
        ine_webhook_free(webhook);
    }
}

static void A12_F70_the_old_secret_is_accepted_while_it_is_configured(void **state)
{
    fixture *f = *state;
    ine_webhook *webhook;
    sign(f->hex, OLD, 36, f->body, f->body_len);
    const char *headers[] = {"x-auth-client", KEY, "x-hmac-signature", hex_of(f), NULL};
    assert_int_equal(open_with(f, body_of(f), headers, &webhook), INE_REASON_NONE);
    assert_field(webhook, INE_W_SECRET, "old");
    ine_webhook_free(webhook);
}

static void A6_A7_A8_F53_F68_F69_headers(void **state)
{
    fixture *f = *state;
    const char *hex = hex_of(f);
    char upper[65], spaced[80], joined[140], shorter[64], longer[66], odd[65], wrong[65];
    for (size_t i = 0; i < 65; i++)
        upper[i] = (char)(hex[i] >= 'a' && hex[i] <= 'f' ? hex[i] - 32 : hex[i]);
    snprintf(spaced, sizeof spaced, " \t%s ", hex);
    snprintf(joined, sizeof joined, "%s, %s", hex, hex);
    snprintf(shorter, sizeof shorter, "%.63s", hex);
    snprintf(longer, sizeof longer, "%s0", hex);
    snprintf(odd, sizeof odd, "g%s", hex + 1);
    snprintf(wrong, sizeof wrong, "%c%s", hex[0] == '0' ? '1' : '0', hex + 1);
    const struct {
        const char *headers[9];
        int32_t reason;
    } cases[] = {
        {{"x-auth-client", KEY, "x-hmac-signature", upper}, INE_REASON_NONE},
        {{"X-AUTH-CLIENT", KEY, "X-Hmac-Signature", spaced}, INE_REASON_NONE},
        {{"vrf-auth-client", KEY, "vrf-hmac-signature", hex}, INE_REASON_NONE},
        {{"x-auth-client", KEY, "x-hmac-signature", hex, "VRF-HMAC-SIGNATURE", upper}, 0},
        {{"x-auth-client", KEY, "x-hmac-signature", hex, "vrf-hmac-signature", wrong},
         INE_REASON_CONFLICT},
        {{"x-auth-client", KEY, "vrf-auth-client", KEY2, "x-hmac-signature", hex},
         INE_REASON_CONFLICT},
        {{"x-auth-client", KEY, "x-hmac-signature", hex, "x-hmac-signature", hex},
         INE_REASON_SEVERAL_SIGNATURES},
        {{"x-auth-client", KEY, "x-hmac-signature", joined}, INE_REASON_SEVERAL_SIGNATURES},
        {{"x-auth-client", KEY, "x-signature", hex}, INE_REASON_LEGACY_SIGNATURE},
        {{"x-auth-client", KEY}, INE_REASON_NO_SIGNATURE},
        {{NULL}, INE_REASON_NO_SIGNATURE},
        {{"x-auth-client", KEY, "x-hmac-signature", ""}, INE_REASON_MALFORMED_SIGNATURE},
        {{"x-auth-client", KEY, "x-hmac-signature", shorter}, INE_REASON_MALFORMED_SIGNATURE},
        {{"x-auth-client", KEY, "x-hmac-signature", longer}, INE_REASON_MALFORMED_SIGNATURE},
        {{"x-auth-client", KEY, "x-hmac-signature", odd}, INE_REASON_WRONG_SIGNATURE},
        {{"x-auth-client", KEY, "x-hmac-signature", wrong}, INE_REASON_WRONG_SIGNATURE},
        {{"x-hmac-signature", hex}, INE_REASON_NO_KEY},
        {{"x-auth-client", KEY2, "x-hmac-signature", hex}, INE_REASON_WRONG_SIGNATURE},
        {{"x-auth-client", OTHER, "x-hmac-signature", hex}, INE_REASON_UNKNOWN_KEY},
        {{"x-auth-client", KEY, "x-hmac-signature", hex, "content-encoding", "gzip"},
         INE_REASON_ENCODED},
        {{"x-auth-client", KEY, "x-hmac-signature", hex, "content-encoding", "identity"}, 0},
        {{"x-auth-client", KEY, "x-hmac-signature", "\xff\xc3\xa9"},
         INE_REASON_MALFORMED_SIGNATURE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(open_with(f, body_of(f), cases[i].headers, NULL), cases[i].reason);
}

static void A3_F67_any_other_bytes_are_refused(void **state)
{
    fixture *f = *state;
    const char *headers[] = {"x-auth-client", KEY, "x-hmac-signature", hex_of(f), NULL};
    char *copy = malloc(f->body_len + 1);
    for (size_t i = 0; i < f->body_len; i += 7) {
        memcpy(copy, f->body, f->body_len);
        copy[i] ^= 1;
        assert_int_equal(open_with(f, ine__str(copy, f->body_len), headers, NULL),
                         INE_REASON_WRONG_SIGNATURE);
    }
    memcpy(copy, f->body, f->body_len);
    copy[f->body_len] = '\n';
    assert_int_equal(open_with(f, ine__str(copy, f->body_len + 1), headers, NULL),
                     INE_REASON_WRONG_SIGNATURE);
    assert_int_equal(open_with(f, ine__str("", 0), headers, NULL), INE_REASON_WRONG_SIGNATURE);
    free(copy);
}

static void F71_a_body_over_the_limit_is_refused_unread(void **state)
{
    fixture *f = *state;
    const size_t len = 2u << 20;
    char *body = calloc(1, len);
    const char *headers[] = {"x-auth-client", KEY, "x-hmac-signature", hex_of(f), NULL};
    assert_int_equal(open_with(f, ine__str(body, len), headers, NULL), INE_REASON_TOO_LARGE);
    assert_int_equal(ine_webhooks_set_limit(f->webhooks, 4 << 20, NULL), INE_OK);
    assert_int_equal(open_with(f, ine__str(body, len), headers, NULL), INE_REASON_WRONG_SIGNATURE);
    assert_int_equal(ine_webhooks_set_limit(f->webhooks, 0, NULL), INE_E_ARGUMENT);
    free(body);
}

static void a_genuine_body_that_is_not_json_is_another_error(void **state)
{
    fixture *f = *state;
    ine_webhook *webhook;
    ine_error *err = NULL;
    int32_t reason;
    sign(f->hex, SECRET, 36, "{", 1);
    const ine_str names[] = {INE__STR("x-auth-client"), INE__STR("x-hmac-signature")};
    const ine_str values[] = {INE__STR(KEY), {f->hex, 64}};
    assert_int_equal(
        ine_webhooks_open(&webhook, f->webhooks, names, values, 2, "{", 1, 0, 0, &reason, &err),
        INE_E_JSON);
    assert_int_equal(reason, INE_REASON_NONE);
    assert_null(webhook);
    ine_error_free(err);
}

static void another_tenants_event_is_refused(void **state)
{
    fixture *f = *state;
    ine_webhook *webhook;
    ine_error *err = NULL;
    const char *headers[] = {"x-auth-client", KEY, "x-hmac-signature", hex_of(f), NULL};
    assert_int_equal(open_with(f, body_of(f), headers, &webhook), INE_REASON_NONE);
    assert_int_equal(ine_webhook_expect(webhook, INE_D_VENDOR_DATA, "12345678", 8, NULL), INE_OK);
    assert_int_equal(ine_webhook_expect(webhook, INE_D_SESSION_ID,
                                        "12DF6045-3846-3E45-946A-14FA6136D78B", 36, NULL),
                     INE_OK);
    assert_int_equal(ine_webhook_expect(webhook, INE_D_VENDOR_DATA, "1234567", 7, &err),
                     INE_E_WEBHOOK_REFUSED);
    assert_true(ine__str_is(ine_error_text(err), "the webhook is not genuine"));
    ine_error_free(err);
    assert_int_equal(ine_webhook_expect(webhook, INE_D_END_USER_ID, "", 0, NULL),
                     INE_E_WEBHOOK_REFUSED);
    assert_int_equal(ine_webhook_expect(webhook, INE_D_STATUS, "success", 7, NULL), INE_E_ARGUMENT);
    ine_webhook_free(webhook);
}

static int32_t diagnose(const fixture *f, const char *name, ine_str body)
{
    const ine_str names[] = {INE__STR("x-auth-client"), ine__str_of(name)};
    const ine_str values[] = {INE__STR(KEY), {f->hex, 64}};
    return ine_webhooks_diagnose(f->webhooks, names, values, 2, body.ptr, body.len);
}

static void diagnose_knows_what_usually_goes_wrong(void **state)
{
    fixture *f = *state;
    const ine_str body = body_of(f);
    const char *name = "x-hmac-signature";
    char *longer = malloc(body.len + 4);
    assert_int_equal(diagnose(f, name, body), INE_REASON_NONE);
    memcpy(longer, body.ptr, body.len);
    memcpy(longer + body.len, "\r\n", 2);
    assert_int_equal(diagnose(f, name, ine__str(longer, body.len + 2)),
                     INE_REASON_TRAILING_NEWLINE);
    memcpy(longer, "\xef\xbb\xbf", 3);
    memcpy(longer + 3, body.ptr, body.len);
    assert_int_equal(diagnose(f, name, ine__str(longer, body.len + 3)), INE_REASON_BOM);
    free(longer);
    sign(f->hex, SECRET "\n", 37, body.ptr, body.len);
    assert_int_equal(diagnose(f, name, body), INE_REASON_SECRET_SPACE);
    sign(f->hex, KEY, 36, body.ptr, body.len);
    assert_int_equal(diagnose(f, name, body), INE_REASON_SECRET_IS_KEY);
    sign(f->hex, OTHER, 36, body.ptr, body.len);
    assert_int_equal(diagnose(f, name, body), INE_REASON_OTHER_INTEGRATION);
    sign(f->hex, SECRET, 36, "12df6045-3846-3e45-946a-14fa6136d78b", 36);
    assert_int_equal(diagnose(f, name, body), INE_REASON_SIGNED_ID);
    const unsigned char raw[] = {0xab, 0xcd, 0xef, 0x12, 0xab, 0xcd, 0xab, 0xcd,
                                 0xab, 0xcd, 0xab, 0xcd, 0xef, 0x01, 0x23, 0x45};
    sign(f->hex, raw, sizeof raw, body.ptr, body.len);
    assert_int_equal(diagnose(f, name, body), INE_REASON_SECRET_DECODED);
    sign(f->hex, "nobody's", 8, body.ptr, body.len);
    assert_int_equal(diagnose(f, name, body), INE_REASON_WRONG_SIGNATURE);
}

static void diagnose_knows_the_old_plain_hash(void **state)
{
    fixture *f = *state;
    unsigned char digest[32];
    ine__sha256 hash;
    ine__sha256_begin(&hash);
    ine__sha256_add(&hash, f->body, f->body_len);
    ine__sha256_add(&hash, SECRET, 36);
    assert_true(ine__sha256_end(&hash, digest));
    ine__hex_encode(f->hex, digest, sizeof digest);
    assert_int_equal(diagnose(f, "x-signature", body_of(f)), INE_REASON_LEGACY_SCHEME);
    assert_int_equal(diagnose(f, "x-hmac-signature", body_of(f)), INE_REASON_LEGACY_SCHEME);
    f->hex[0] ^= 1;
    assert_int_equal(diagnose(f, "x-signature", body_of(f)), INE_REASON_LEGACY_SIGNATURE);
}

/* What was signed and what arrived differ only in how the JSON is written: every pair is explained.
 */
static void diagnose_knows_a_body_that_was_written_again(void **state)
{
    fixture *f = *state;
    static const char json[] = "{\"n\":\"PE\xc3\x91"
                               "A \xf0\x9f\x99\x82\",\"a\":[1.0,{},[ ]],\"b\":{\"c\":true}}";
    static const ine__json_style styles[] = {{0, false, 0},
                                             {0, true, 0},
                                             {2, false, 0},
                                             {4, false, 0},
                                             {0, false, INE__CHARS_ASCII},
                                             {0, true, INE__CHARS_ASCII},
                                             {2, false, INE__CHARS_ASCII}};
    const size_t count = sizeof styles / sizeof styles[0];
    for (size_t a = 0; a < count; a++) {
        for (size_t b = 0; b < count; b++) {
            ine__buf signed_body, arrived;
            ine__buf_init(&signed_body, 4096);
            ine__buf_init(&arrived, 4096);
            ine__json_restyle(&signed_body, ine__str_of(json), styles[a]);
            ine__json_restyle(&arrived, ine__str_of(json), styles[b]);
            sign(f->hex, SECRET, 36, signed_body.ptr, signed_body.len);
            const int32_t reason = diagnose(f, "x-hmac-signature", ine__buf_view(&arrived));
            assert_int_equal(reason, a == b ? INE_REASON_NONE : INE_REASON_REFORMATTED);
            ine__buf_free(&signed_body);
            ine__buf_free(&arrived);
        }
    }
}

static bool scenario(void *argument)
{
    fixture *f = argument;
    const ine_str names[] = {INE__STR("x-auth-client"), INE__STR("x-hmac-signature")};
    const ine_str values[] = {INE__STR(KEY), {f->hex, 64}};
    ine_webhook *webhook = NULL;
    ine_error *err = NULL;
    ine_str text;
    const int32_t code = ine_webhooks_open(&webhook, f->webhooks, names, values, 2, f->body,
                                           f->body_len, 0, INE_READ_COPY, NULL, &err);
    const bool ok = code == INE_OK &&
                    ine_webhook_field(webhook, INE_W_DEDUPE_KEY, &text, NULL) == INE_FIELD_PRESENT;
    if (code != INE_OK)
        assert_int_equal(code, INE_E_MEMORY);
    ine_webhook_free(webhook);
    ine_error_free(err);
    return ok;
}

static void each_allocation_may_fail(void **state)
{
    test_each_allocation(scenario, *state);
}

static void misuse(void **state)
{
    fixture *f = *state;
    ine_webhook *webhook;
    ine_webhooks *full;
    assert_int_equal(ine_webhooks_open(&webhook, NULL, NULL, NULL, 0, NULL, 0, 0, 0, NULL, NULL),
                     INE_E_ARGUMENT);
    assert_int_equal(ine_webhooks_open(NULL, f->webhooks, NULL, NULL, 0, NULL, 0, 0, 0, NULL, NULL),
                     INE_E_ARGUMENT);
    assert_int_equal(ine_webhooks_new(NULL, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_webhooks_diagnose(NULL, NULL, NULL, 0, NULL, 0), INE_E_ARGUMENT);
    assert_null(ine_webhook_decision(NULL));
    assert_null(ine_webhook_verdict(NULL));
    ine_webhook_free(NULL);
    ine_webhooks_free(NULL);
    assert_int_equal(ine_webhooks_new(&full, NULL), INE_OK);
    for (int i = 0; i < 17; i++) {
        char key[37];
        snprintf(key, sizeof key, "%08x-8f9b-4f5e-9d4b-2f3a1b2c3d4e", i);
        ine_credentials *one = credentials("", key, SECRET, NULL);
        assert_int_equal(ine_webhooks_add(full, one, NULL), i < 16 ? INE_OK : INE_E_LIMIT);
        ine_credentials_free(one);
    }
    ine_webhooks_free(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        T(a_genuine_delivery_is_opened),
        T(A10_F64_F66_the_same_bytes_have_the_same_dedupe_key),
        T(A12_F70_the_old_secret_is_accepted_while_it_is_configured),
        T(A6_A7_A8_F53_F68_F69_headers),
        T(A3_F67_any_other_bytes_are_refused),
        T(F71_a_body_over_the_limit_is_refused_unread),
        T(a_genuine_body_that_is_not_json_is_another_error),
        T(another_tenants_event_is_refused),
        T(diagnose_knows_what_usually_goes_wrong),
        T(diagnose_knows_the_old_plain_hash),
        T(diagnose_knows_a_body_that_was_written_again),
        T(each_allocation_may_fail),
        T(misuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
