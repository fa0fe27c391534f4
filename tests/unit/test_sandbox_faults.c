/* Faults in a sandbox without a socket: which can be asked for, what they do, and memory that runs
 * out meanwhile. */
#include "support.h"

#include "sandbox.h"

#include <stdio.h>

#define NOW INT64_C(1775037665916)

static int32_t ask(ine_sandbox *sandbox, const char *method, const char *target, const char *body)
{
    ine_str key, secret;
    ine_sandbox_integration(sandbox, INE_SANDBOX_MX_INE, &key, &secret);
    const ine_sandbox_header headers[] = {
        {{"Content-Type", 12}, {"application/json", 16}},
        {{"X-AUTH-CLIENT", 13}, key},
    };
    const ine_sandbox_request request = {ine__str_of(method), ine__str_of(target), headers, 2,
                                         ine__str_of(body)};
    return ine_sandbox_handle(sandbox, &request, NOW)->status;
}

static const char create[] =
    "{\"verification\":{\"document\":{\"number\":\"900100001\",\"country\":"
    "\"MX\",\"type\":\"ID_CARD\"}}}";

static ine_sandbox *new_sandbox(void)
{
    ine_sandbox_store store;
    return ine_sandbox_memory_store(&store) ? ine_sandbox_new(&store, 5) : NULL;
}

static void test_without_a_socket(void **state)
{
    (void)state;
    ine_sandbox *sandbox = new_sandbox();
    assert_non_null(sandbox);
    assert_int_equal(ask(sandbox, "POST", "/sandbox/faults", "{\"fault\":\"F18\"}"), 400);
    assert_int_equal(ask(sandbox, "GET", "/sandbox/log", ""), 404);
    assert_int_equal(
        ask(sandbox, "POST", "/sandbox/faults",
            "{\"fault\":\"F56\",\"variant\":\"503\",\"route\":\"create\",\"times\":2}"),
        201);
    assert_int_equal(ask(sandbox, "POST", "/v1/sessions", create), 503);
    assert_int_equal(ask(sandbox, "GET", "/v1/none", ""), 404);
    assert_int_equal(ask(sandbox, "POST", "/v1/sessions", create), 503);
    assert_int_equal(ask(sandbox, "POST", "/v1/sessions", create), 201);
    ine_sandbox_host_faults(sandbox);
    assert_int_equal(ask(sandbox, "POST", "/sandbox/faults", "{\"fault\":\"F18\"}"), 201);
    ine_sandbox_free(sandbox);
}

/* Every fault of the library, a log, and each allocation in turn. A reply is always there. */
static bool all_faults(void *unused)
{
    static const char *const faults[] = {"F53", "F54", "F55", "F56", "F57",
                                         "F58", "F59", "F60", "F61", "F62"};
    (void)unused;
    ine_sandbox *sandbox = new_sandbox();
    if (!sandbox)
        return false;
    bool ok = ine_sandbox_log(sandbox, NULL, NULL);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        char rule[60];
        snprintf(rule, sizeof rule, "{\"fault\":\"%s\",\"variant\":%s}", faults[i],
                 i == 9   ? "\"limit\""
                 : i == 6 ? "\"twice\""
                          : "null");
        ine_sandbox_host_faults(sandbox);
        ok = ask(sandbox, "POST", "/sandbox/faults", rule) == 201 && ok;
        ok = ask(sandbox, "POST", "/v1/sessions", create) > 0 && ok;
    }
    ok = ask(sandbox, "GET", "/sandbox/faults", "") == 200 && ok;
    ok = ask(sandbox, "GET", "/sandbox/log", "") == 200 && ok;
    ine_sandbox_free(sandbox);
    return ok;
}

static void test_allocations(void **state)
{
    (void)state;
    test_each_allocation(all_faults, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_a_socket),
        cmocka_unit_test(test_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
