/* The sandbox without a socket: whole flows, its clock, its seed, and every allocation failing. */
#include "support.h"

#include "internal.h"

#include "crypto/hex.h"

#include <stdio.h>

#define NOW INT64_C(1775037600000) /* 2026-04-01T10:00:00Z */

typedef struct caller {
    ine_sandbox *sandbox;
    ine_str key, secret;
    int64_t now;
    char session[36], key_text[36], secret_text[36];
} caller;

static bool open_caller(caller *c, uint64_t seed)
{
    ine_sandbox_store store;
    *c = (caller){.now = NOW};
    if (!ine_sandbox_memory_store(&store))
        return false;
    c->sandbox = ine_sandbox_new(&store, seed);
    if (!c->sandbox ||
        !ine_sandbox_integration(c->sandbox, INE_SANDBOX_MX_INE, &c->key, &c->secret))
        return false;
    memcpy(c->key_text, c->key.ptr, 36);
    memcpy(c->secret_text, c->secret.ptr, 36);
    c->key = ine__str(c->key_text, 36);
    c->secret = ine__str(c->secret_text, 36);
    return true;
}

static void sign(const caller *c, ine_str text, char out[64])
{
    unsigned char digest[INE__SHA256_SIZE];
    ine__hmac_key key;
    ine__hmac mac;
    ine__hmac_key_init(&key, c->secret.ptr, c->secret.len);
    ine__hmac_begin(&mac, &key);
    ine__hmac_add(&mac, text.ptr, text.len);
    ine__hmac_end(&mac, digest);
    ine__hex_encode(out, digest, sizeof digest);
}

/* A call signed over its body, or over the session id when it has none. */
static const ine_sandbox_reply *call(caller *c, const char *method, const char *target,
                                     const char *body)
{
    char signature[64];
    const ine_str text = ine__str_of(body ? body : "");
    sign(c, body ? text : ine__str(c->session, 36), signature);
    const ine_sandbox_header headers[] = {{INE__STR("X-AUTH-CLIENT"), c->key},
                                          {INE__STR("X-HMAC-SIGNATURE"), ine__str(signature, 64)},
                                          {INE__STR("Content-Type"), INE__STR("application/json")}};
    const ine_sandbox_request request = {ine__str_of(method), ine__str_of(target), headers, 3,
                                         text};
    return ine_sandbox_handle(c->sandbox, &request, c->now);
}

static const ine_sandbox_reply *on_session(caller *c, const char *method, const char *tail,
                                           const char *body)
{
    char target[160];
    snprintf(target, sizeof target, "/v1/sessions/%.36s%s", c->session, tail);
    return call(c, method, target, body);
}

static bool has(const ine_sandbox_reply *reply, const char *part)
{
    return ine__str_contains(reply->body, part);
}

static bool create(caller *c, const char *cic)
{
    char body[512];
    snprintf(body, sizeof body,
             "{\"verification\":{\"person\":{\"firstName\":\"JUAN\"},\"document\":{\"type\":"
             "\"ID_CARD\",\"number\":\"%s\",\"country\":\"MX\"},\"consents\":[{\"type\":\"ine\","
             "\"approved\":true}]}}",
             cic);
    const ine_sandbox_reply *reply = call(c, "POST", "/v1/sessions", body);
    ine__json_fault fault;
    if (reply->status != 201)
        return false;
    assert_int_equal(ine__json_read(NULL, reply->body, NULL, 0, &fault), INE_OK);
    ine_str id;
    assert_true(ine__json_pointer(reply->body, INE__STR("/verification/id"), &id));
    assert_int_equal(id.len, 38);
    memcpy(c->session, id.ptr + 1, 36);
    return true;
}

#define FACE "{\"image\":{\"context\":\"face\",\"content\":\"/9j/4AAQ\"}}"

static bool upload(caller *c)
{
    return on_session(c, "POST", "/media", FACE)->status == 200;
}

static bool submit(caller *c)
{
    return on_session(c, "PATCH", "", "{\"verification\":{\"status\":\"submitted\"}}")->status ==
           200;
}

static void test_a_flow(void **state)
{
    (void)state;
    caller c;
    assert_true(open_caller(&c, 1));
    assert_true(create(&c, "581000001") && upload(&c) && submit(&c));
    c.now += 149;
    assert_true(has(on_session(&c, "GET", "/decision", NULL),
                    "{\"status\":\"success\",\"verification\":null}"));
    c.now += 1;
    const ine_sandbox_reply *reply = on_session(&c, "GET", "/decision", NULL);
    assert_int_equal(reply->status, 200);
    assert_true(has(reply, "\"reasonCode\":581,\"decisionTime\":\"2026-04-01T10:00:00.150Z\""));
    assert_true(has(reply, "\"acceptanceTime\":\"2026-04-01T10:00:00.000Z\""));
    ine_sandbox_free(c.sandbox);
}

/* A session without a decision lives for seven days: expired when nothing was sent, abandoned
 * after an upload. */
static void test_expiry(void **state)
{
    (void)state;
    for (int uploaded = 0; uploaded < 2; uploaded++) {
        caller c;
        assert_true(open_caller(&c, 1));
        assert_true(create(&c, "900100001"));
        assert_true(!uploaded || upload(&c));
        assert_true(ine_sandbox_set(c.sandbox, INE_SANDBOX_CLOCK_MS, INT64_C(604800000) - 1));
        assert_true(has(on_session(&c, "GET", "/decision", NULL), "\"verification\":null"));
        assert_true(ine_sandbox_set(c.sandbox, INE_SANDBOX_CLOCK_MS, INT64_C(604800000)));
        const ine_sandbox_reply *reply = on_session(&c, "GET", "/decision", NULL);
        assert_true(has(reply, uploaded ? "\"status\":\"abandoned\",\"code\":9104"
                                        : "\"status\":\"expired\",\"code\":9104"));
        assert_true(has(reply, "\"decisionTime\":\"2026-04-08T10:00:00.000Z\""));
        assert_true(has(reply, "\"submissionTime\":null"));
        assert_int_equal(on_session(&c, "POST", "/media", FACE)->status, 409);
        assert_false(submit(&c));
        ine_sandbox_free(c.sandbox);
    }
}

/* What a name stands for in a reply: nothing of it may differ between two runs. */
static void test_equal_seeds_give_equal_bytes(void **state)
{
    (void)state;
    caller a, b, other;
    assert_true(open_caller(&a, 5) && open_caller(&b, 5) && open_caller(&other, 6));
    assert_true(ine__str_eq(a.key, b.key) && ine__str_eq(a.secret, b.secret));
    assert_false(ine__str_eq(a.key, other.key) || ine__str_eq(a.secret, other.secret));
    assert_true(ine__str_starts(a.key, INE_SANDBOX_KEY_PREFIX) && ine__is_uuid(a.key));
    for (int i = 0; i < 3; i++) {
        assert_true(create(&a, "123456789") && upload(&a) && submit(&a));
        assert_true(create(&b, "123456789") && upload(&b) && submit(&b));
        a.now += 1000;
        b.now += 1000;
        const ine_sandbox_reply *one = on_session(&a, "GET", "/decision", NULL);
        const ine_sandbox_reply *two = on_session(&b, "GET", "/decision", NULL);
        assert_true(ine__str_eq(one->body, two->body));
        assert_int_equal(one->header_count, two->header_count);
        for (size_t n = 0; n < one->header_count; n++)
            assert_true(ine__str_eq(one->headers[n].value, two->headers[n].value));
    }
    ine_sandbox_free(a.sandbox);
    ine_sandbox_free(b.sandbox);
    ine_sandbox_free(other.sandbox);
}

static void test_integrations(void **state)
{
    (void)state;
    caller c;
    ine_str key, secret;
    assert_true(open_caller(&c, 1));
    static const char *const bad_keys[] = {"", "5a4db0c5", "00000000-0000-4000-8000-000000000000",
                                           "5a4db0c5-0000-4000-8000-00000000000g"};
    for (size_t i = 0; i < 4; i++)
        assert_false(ine_sandbox_integration_add(c.sandbox, 0, ine__str_of(bad_keys[i]),
                                                 INE__STR("secret")));
    const ine_str good = INE__STR("5A4DB0C5-0000-4000-8000-000000000000");
    assert_false(ine_sandbox_integration_add(c.sandbox, 0, good, INE__STR("")));
    assert_false(ine_sandbox_integration_add(c.sandbox, 0, good, INE__STR("\xff")));
    assert_false(ine_sandbox_integration_add(c.sandbox, 0, good, INE__STR("a\0b")));
    assert_false(ine_sandbox_integration_add(c.sandbox, 3, good, INE__STR("secret")));
    assert_false(ine_sandbox_integration(c.sandbox, -1, &key, &secret));
    assert_true(ine_sandbox_integration_add(c.sandbox, 0, good, INE__STR("old")));
    const ine_str my_key = c.key, my_secret = c.secret;
    c.key = good;
    c.secret = INE__STR("old");
    assert_true(create(&c, "123456789"));
    /* after a rotation both secrets are taken, the newest signs */
    assert_true(ine_sandbox_integration_add(c.sandbox, 0, good, INE__STR("new")));
    assert_int_equal(on_session(&c, "GET", "/decision", NULL)->status, 200);
    c.secret = INE__STR("new");
    const ine_sandbox_reply *reply = on_session(&c, "GET", "/decision", NULL);
    assert_int_equal(reply->status, 200);
    char wanted[64];
    sign(&c, reply->body, wanted);
    bool found = false;
    for (size_t i = 0; i < reply->header_count; i++)
        found = found || (ine__str_is(reply->headers[i].name, "X-HMAC-SIGNATURE") &&
                          ine__str_eq(reply->headers[i].value, ine__str(wanted, 64)));
    assert_true(found);
    c.secret = INE__STR("other");
    assert_int_equal(on_session(&c, "GET", "/decision", NULL)->status, 401);
    /* another integration's session is not there */
    c.key = my_key;
    c.secret = my_secret;
    assert_true(create(&c, "123456789"));
    c.key = good;
    c.secret = INE__STR("new");
    assert_int_equal(on_session(&c, "GET", "/decision", NULL)->status, 404);
    ine_sandbox_free(c.sandbox);
}

static void test_settings(void **state)
{
    (void)state;
    caller c;
    assert_true(open_caller(&c, 1));
    assert_false(ine_sandbox_set(c.sandbox, -1, 0));
    assert_false(ine_sandbox_set(c.sandbox, INE_SANDBOX_SETTINGS, 0));
    assert_false(ine_sandbox_set(c.sandbox, INE_SANDBOX_DECISION_DELAY_MS, -1));
    assert_int_equal(ine_sandbox_get(c.sandbox, INE_SANDBOX_DECISION_DELAY_MS), 150);
    assert_int_equal(ine_sandbox_get(c.sandbox, INE_SANDBOX_SETTINGS), -1);
    assert_true(ine_sandbox_set(c.sandbox, INE_SANDBOX_DECISION_DELAY_MS, 0));
    assert_true(ine_sandbox_set(c.sandbox, INE_SANDBOX_UNLISTED, 0));
    assert_true(create(&c, "123456789") && upload(&c) && submit(&c));
    assert_true(has(on_session(&c, "GET", "/decision", NULL), "\"reasonCode\":902"));
    assert_false(ine_sandbox_base_url(c.sandbox, INE__STR("http://x\n")));
    assert_true(ine_sandbox_base_url(c.sandbox, INE__STR("http://sandbox.example")));
    assert_true(has(call(&c, "POST", "/v1/sessions",
                         "{\"verification\":{\"document\":{\"type\":\"ID_CARD\",\"number\":\"1\","
                         "\"country\":\"MX\"}}}"),
                    "\"host\":\"http://sandbox.example\""));
    ine_sandbox_free(c.sandbox);
}

/* --- Failures
 * -------------------------------------------------------------------------------------- */

static bool send_webhooks(caller *c, int count)
{
    ine_sandbox_webhook hook;
    bool ok = true;
    for (int i = 0; i < count; i++) {
        ok = ine_sandbox_due(c->sandbox, c->now, &hook) && ok;
        if (hook.number)
            ine_sandbox_delivered(c->sandbox, hook.number, 200);
    }
    return ok && !ine_sandbox_due(c->sandbox, c->now, &hook);
}

static bool admin_calls(caller *c)
{
    static const char person[] = "{\"cic\":\"123456789\",\"first_name\":\"JUAN\"}";
    static const char *const reads[] = {"/sandbox/scenarios",        "/sandbox/settings",
                                        "/sandbox/integrations",     "/sandbox/people",
                                        "/sandbox/people/123456789", "/sandbox/webhooks"};
    bool ok = call(c, "POST", "/sandbox/people", person)->status == 201;
    ok =
        call(c, "POST", "/sandbox/integrations", "{\"product\":\"ine_registry\"}")->status == 201 &&
        ok;
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++)
        ok = call(c, "GET", reads[i], NULL)->status == 200 && ok;
    return ok;
}

static bool whole_flow(void *argument)
{
    caller c;
    const ine_str url = INE__STR("http://127.0.0.1/");
    (void)argument;
    bool ok = open_caller(&c, 9);
    if (c.sandbox) {
        ok = ok && ine_sandbox_webhook_url(c.sandbox, c.key, "decision", url) &&
             ine_sandbox_webhook_url(c.sandbox, c.key, "event", url);
        ok = ok && admin_calls(&c);
        ok = ok && create(&c, "123456789") && upload(&c) && submit(&c);
        c.now += 1000;
        ok = ok && send_webhooks(&c, 3);
        ok = ok && on_session(&c, "GET", "/decision", NULL)->status == 200;
        ok = ok && on_session(&c, "GET", "/media", NULL)->status == 200;
        ok = ok && on_session(&c, "GET", "/attempts", NULL)->status == 200;
        ok = ok && on_session(&c, "DELETE", "", NULL)->status == 200;
        ok = ok && create(&c, "204000001") && upload(&c) && submit(&c);
        c.now += 1000;
        ok = ok && upload(&c) && on_session(&c, "DELETE", "", NULL)->status == 200;
        ok = ok && ine_sandbox_scenarios(c.sandbox).len > 0;
    }
    ine_sandbox_free(c.sandbox);
    return ok;
}

/* One webhook is due at a time, in order; one that fails comes again after the pause. */
static void test_webhooks(void **state)
{
    (void)state;
    caller c;
    ine_sandbox_webhook hook;
    const ine_str url = INE__STR("http://127.0.0.1/hook");
    assert_true(open_caller(&c, 1));
    assert_false(ine_sandbox_webhook_url(c.sandbox, c.key, "other", url));
    assert_false(ine_sandbox_webhook_url(c.sandbox, INE__STR("x"), "decision", url));
    assert_int_equal(ine_sandbox_wait_ms(c.sandbox, c.now), -1);
    assert_true(ine_sandbox_webhook_url(c.sandbox, c.key, "decision", url));
    assert_true(create(&c, "902000001") && upload(&c) && submit(&c));
    assert_int_equal(ine_sandbox_wait_ms(c.sandbox, c.now), 150);
    assert_false(ine_sandbox_due(c.sandbox, c.now, &hook));
    c.now += 150;
    for (int i = 0; i < 3; i++) {
        char wanted[64];
        assert_true(ine_sandbox_due(c.sandbox, c.now, &hook));
        assert_true(ine__str_eq(hook.url, url) &&
                    ine__str_contains(hook.body, "\"reasonCode\":902"));
        sign(&c, hook.body, wanted);
        assert_true(ine__str_eq(hook.headers[3].value, ine__str(wanted, 64)));
        const int64_t number = hook.number;
        assert_false(ine_sandbox_due(c.sandbox, c.now, &hook));
        ine_sandbox_delivered(c.sandbox, number, i < 2 ? 500 : 200);
        c.now += 3600000;
    }
    /* what is left is the look whether the session has run out: it has nothing to say */
    c.now += INT64_C(604800000);
    assert_false(ine_sandbox_due(c.sandbox, c.now, &hook));
    assert_int_equal(ine_sandbox_wait_ms(c.sandbox, c.now), -1);
    ine_sandbox_free(c.sandbox);
}

static void test_allocations(void **state)
{
    (void)state;
    test_each_allocation(whole_flow, NULL);
}

/* A store that fails from the n-th call on. */
typedef struct failing_store {
    ine_sandbox_store inner;
    size_t calls, fail_at;
} failing_store;

static bool failed(failing_store *s)
{
    return ++s->calls >= s->fail_at;
}

static int32_t failing_get(void *context, int32_t kind, ine_str key, void (*give)(void *, ine_str),
                           void *to)
{
    failing_store *s = context;
    return failed(s) ? -1 : s->inner.get(s->inner.context, kind, key, give, to);
}

static bool failing_put(void *context, int32_t kind, ine_str key, ine_str value)
{
    failing_store *s = context;
    return !failed(s) && s->inner.put(s->inner.context, kind, key, value);
}

static bool failing_remove(void *context, int32_t kind, ine_str key)
{
    failing_store *s = context;
    return !failed(s) && s->inner.remove(s->inner.context, kind, key);
}

static void failing_free(void *context)
{
    failing_store *s = context;
    s->inner.free(s->inner.context);
}

static void test_a_store_that_fails(void **state)
{
    (void)state;
    for (size_t n = 1; n < 200; n++) {
        failing_store s = {.fail_at = n};
        caller c = {.now = NOW};
        assert_true(ine_sandbox_memory_store(&s.inner));
        const ine_sandbox_store store = {&s, failing_get, failing_put, failing_remove,
                                         failing_free};
        c.sandbox = ine_sandbox_new(&store, 1);
        if (!c.sandbox)
            continue;
        if (ine_sandbox_integration(c.sandbox, 0, &c.key, &c.secret) && create(&c, "123456789")) {
            static const char *const tails[] = {"/decision", "/media", "/attempts", "/person"};
            if (upload(&c))
                submit(&c);
            for (size_t i = 0; i < 4; i++) {
                const int32_t status = on_session(&c, "GET", tails[i], NULL)->status;
                assert_true(status == 200 || status == 500);
            }
            const int32_t status = on_session(&c, "DELETE", "", NULL)->status;
            assert_true(status == 200 || status == 400 || status == 500);
        }
        ine_sandbox_free(c.sandbox);
    }
}

/* --- Hostile requests
 * ------------------------------------------------------------------------------ */

static uint64_t draw(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static bool is_signed(const ine_sandbox_reply *reply)
{
    for (size_t i = 0; i < reply->header_count; i++) {
        if (ine__str_is(reply->headers[i].name, "X-HMAC-SIGNATURE"))
            return true;
    }
    return false;
}

/* Signed bodies and targets with bytes changed: an answer each time, and no 2xx under /v1 without a
 * signature. */
static void test_mutated(void **state)
{
    (void)state;
    caller c;
    uint64_t random = 3;
    static const char *const bodies[] = {
        FACE, "{\"verification\":{\"status\":\"submitted\"}}",
        "{\"verification\":{\"vendorData\":\"a\\u00f1b\",\"person\":{\"firstName\":\"X\"},"
        "\"document\":{\"type\":\"ID_CARD\",\"number\":\"123456789\",\"country\":\"MX\"},"
        "\"consents\":[{\"type\":\"ine\",\"approved\":true}],\"timestamp\":\"2026-04-01T10:00:"
        "00Z\"}}"};
    static const char *const tails[] = {"",
                                        "/media",
                                        "/decision",
                                        "/attempts",
                                        "/person",
                                        "/decision/ine-registry?version=1",
                                        "/collected-data"};
    static const char *const methods[] = {"GET", "POST", "PATCH", "DELETE", "PUT"};
    assert_true(open_caller(&c, 1));
    assert_true(create(&c, "123456789"));
    for (int i = 0; i < 20000; i++) {
        char body[512], target[160];
        snprintf(body, sizeof body, "%s", bodies[draw(&random) % 3]);
        snprintf(target, sizeof target, "/v1/sessions%s%.36s%s", draw(&random) % 4 ? "/" : "",
                 draw(&random) % 4 ? c.session : "", tails[draw(&random) % 7]);
        for (uint64_t n = draw(&random) % 3; n > 0; n--) {
            body[draw(&random) % strlen(body)] = (char)(1 + draw(&random) % 255);
            target[draw(&random) % strlen(target)] = (char)(1 + draw(&random) % 255);
        }
        const ine_sandbox_reply *reply =
            call(&c, methods[draw(&random) % 5], target, draw(&random) % 3 ? body : NULL);
        ine__json_fault fault;
        assert_int_equal(ine__json_read(NULL, reply->body, NULL, 0, &fault), INE_OK);
        assert_true(reply->status >= 200 && reply->status < 500);
        assert_true(reply->status >= 300 || is_signed(reply));
        if (draw(&random) % 50 == 0)
            assert_true(create(&c, "123456789"));
    }
    ine_sandbox_free(c.sandbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_flow),
        cmocka_unit_test(test_expiry),
        cmocka_unit_test(test_equal_seeds_give_equal_bytes),
        cmocka_unit_test(test_integrations),
        cmocka_unit_test(test_settings),
        cmocka_unit_test(test_webhooks),
        cmocka_unit_test(test_allocations),
        cmocka_unit_test(test_a_store_that_fails),
        cmocka_unit_test(test_mutated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
