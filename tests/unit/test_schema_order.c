#include "support.h"

#include "schema/decision.h"

#define ID "12df6045-3846-3e45-946a-14fa6136d78b"

static ine_decision *read_text(const char *json)
{
    ine_decision *out;
    assert_int_equal(ine_decision_read(&out, json, strlen(json), INE_READ_COPY, NULL), INE_OK);
    return out;
}

static ine_decision *decision(const char *code, const char *time)
{
    char json[512];
    snprintf(json, sizeof json,
             "{\"verification\":{\"id\":\"" ID
             "\",\"status\":\"approved\",\"code\":%s,\"decisionTime\":%s}}",
             code, time);
    return read_text(json);
}

static ine_decision *event(const char *code, const char *action)
{
    char json[512];
    snprintf(json, sizeof json,
             "{\"id\":\"" ID
             "\",\"attemptId\":\"x\",\"feature\":\"selfid\",\"code\":%s,\"action\":%s}",
             code, action);
    return read_text(json);
}

/* 1: a counts, -1: b counts, 0: neither. */
static int order(ine_decision *a, ine_decision *b)
{
    const int forth = ine_decision_supersedes(a, b), back = ine_decision_supersedes(b, a);
    assert_false(forth && back);
    ine_decision_free(a);
    ine_decision_free(b);
    return forth - back;
}

static void A11_F65_which_of_two_counts(void **state)
{
    (void)state;
    static const struct {
        const char *code_a, *time_a, *code_b, *time_b;
        int wanted;
    } cases[] = {
        {"9001", "\"2026-04-01T10:01:05.916Z\"", "9001", "\"2026-04-01T10:01:05.915Z\"", 1},
        {"9001", "\"2026-04-01T10:01:05.916Z\"", "9001", "\"2026-04-01T10:01:05.916000Z\"", 0},
        {"9001", "\"2026-04-01T10:01:05Z\"", "9102", "\"2026-04-01T10:01:05.1Z\"", -1},
        {"9001", "\"2026-04-01T10:00:00Z\"", "9103", "\"2026-04-01T11:00:00Z\"", 1},
        {"9121", "\"2026-04-01T10:00:00Z\"", "9102", "null", -1},
        {"9103", "\"2026-04-01T10:00:00+02:00\"", "9103", "\"2026-04-01T09:00:00Z\"", -1},
        {"9104", "\"2026-04-01T10:00:00Z\"", "9104", "null", 1},
        {"9104", "null", "9104", "\"not a time\"", 0},
        {"null", "\"2026-04-01T10:00:00Z\"", "9102", "\"2026-04-01T09:00:00Z\"", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(order(decision(cases[i].code_a, cases[i].time_a),
                               decision(cases[i].code_b, cases[i].time_b)),
                         cases[i].wanted);
    assert_int_equal(order(event("7002", "\"submitted\""), decision("9103", "null")), -1);
    assert_int_equal(order(event("7001", "\"started\""), event("7002", "\"submitted\"")), -1);
    assert_int_equal(order(decision("9001", "\"2026-04-01T10:00:00Z\""),
                           read_text("{\"verification\":{\"id\":"
                                     "\"22df6045-3846-3e45-946a-14fa6136d78b\",\"code\":9103}}")),
                     0);
    assert_int_equal(ine_decision_supersedes(NULL, NULL), 0);
}

static void the_identity_of_a_decision(void **state)
{
    (void)state;
    char id[192];
    size_t len;
    ine_decision *one = decision("9001", "\"2026-04-01T10:00:00Z\"");
    assert_int_equal(ine_decision_id(one, id, sizeof id, &len, NULL), INE_OK);
    assert_true(ine__str_is(ine__str(id, len), ID "/-/9001/2026-04-01T10:00:00Z"));
    assert_int_equal(ine_decision_id(one, id, 20, &len, NULL), INE_E_LIMIT);
    assert_int_equal(len, 0);
    assert_int_equal(ine_decision_id(NULL, id, sizeof id, &len, NULL), INE_E_ARGUMENT);
    ine_decision_free(one);
    one = read_text(
        "{\"eventType\":\"ine_registry\",\"sessionId\":\"12DF6045-3846-3E45-946A-14FA6136D78B\","
        "\"attemptId\":\"a\",\"data\":{}}");
    assert_int_equal(ine_decision_id(one, id, sizeof id, &len, NULL), INE_OK);
    assert_true(ine__str_is(ine__str(id, len), ID "/a/ine_registry/-"));
    ine_decision_free(one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(A11_F65_which_of_two_counts),
                                       cmocka_unit_test(the_identity_of_a_decision)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
