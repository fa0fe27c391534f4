/*
 * Deterministic simulation (facts: docs/reliability.md): thousands of seeds, each a whole
 * verification against a server that misbehaves at random, on a clock that jumps. A seed that fails
 * is printed; INE_SEED=n replays it alone, INE_SEEDS=n runs so many.
 */
#include "crypto/credentials.h"
#include "test_proto_server.h"

typedef struct sim {
    uint64_t seed;
    ine__rng rng; /* of the world, not of the library */
    int64_t fault_percent;
    size_t calm_after; /* requests with faults; 0: for good */
    int64_t latency;   /* at most, in ms */
    int64_t deadline;  /* absolute */
    size_t faults;
    bool late;    /* a request began after the deadline */
    uint64_t log; /* FNV-1a over every request and its time */
    server srv;
} sim;

#define CHECK(what)                                                            \
    do {                                                                       \
        if (!(what))                                                           \
            fail_msg("INE_SEED=%llu: %s", (unsigned long long)s->seed, #what); \
    } while (0)

static int64_t upto(sim *s, int64_t bound)
{
    return ine__rng_upto(&s->rng, bound);
}

static int32_t random_fault(server *srv, const world_request *r)
{
    sim *s = srv->context;
    if ((s->calm_after && s->faults >= s->calm_after) || upto(s, 99) >= s->fault_percent)
        return FAULT_NONE;
    (void)r;
    s->faults++;
    return (int32_t)(1 + upto(s, FAULTS - 2));
}

static void note(sim *s, const void *data, size_t len)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < len; i++)
        s->log = (s->log ^ bytes[i]) * UINT64_C(1099511628211);
}

static world_answer sim_answer(world *w, const world_request *r)
{
    sim *s = w->context;
    s->late = s->late || r->at >= s->deadline;
    note(s, r->method, strlen(r->method));
    note(s, r->target, strlen(r->target));
    note(s, r->body ? r->body : "", r->body_len);
    note(s, &r->at, sizeof r->at);
    w->context = &s->srv;
    world_answer answer = server_answer(w, r);
    w->context = s;
    w->now += upto(s, s->latency);
    return answer;
}

static void start(sim *s, world *w, uint64_t seed)
{
    static const char *const outcomes[] = {"approved", "selfie", "outage"};
    *s = (sim){.seed = seed};
    ine__rng_init(&s->rng, seed * 2 + 1);
    s->fault_percent = upto(s, 60);
    s->latency = upto(s, 3) == 0 ? upto(s, 4000) : upto(s, 100);
    s->srv = (server){.outcome = outcomes[upto(s, 2)],
                      .pending_polls = (int)upto(s, 6),
                      .pending_form = (int)upto(s, 2),
                      .fault = random_fault,
                      .context = s,
                      .retry_after = upto(s, 3) ? NULL : "3"};
    s->log = UINT64_C(14695981039346656037);
    *w = (world){.answer = sim_answer,
                 .context = s,
                 .now = upto(s, 1000000),
                 .read_size = upto(s, 1) ? 0 : 1 + (size_t)upto(s, 200),
                 .feed_size = upto(s, 1) ? 0 : 1 + (size_t)upto(s, 200)};
}

/* What may come out of a flow. */
static bool is_expected(int32_t code)
{
    static const int32_t codes[] = {
        INE_OK,         INE_E_OUTCOME_UNKNOWN, INE_E_CONNECT,  INE_E_TRANSPORT, INE_E_TIMEOUT,
        INE_E_PROTOCOL, INE_E_RATE_LIMIT,      INE_E_SERVER,   INE_E_SIGNATURE, INE_E_UNSIGNED,
        INE_E_DEADLINE, INE_E_NOT_FOUND,       INE_E_REJECTED, /* "already submitted" that has lost
                                                                  its signature */
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i] == code)
            return true;
    }
    return false;
}

static void check_invariants(sim *s, const world *w, int32_t code, const ine_error *err,
                             ine_str session)
{
    if (!is_expected(code))
        fail_msg("INE_SEED=%llu: code %d", (unsigned long long)s->seed, code);
    CHECK(s->srv.creates_unsafe <= 1); /* F4 */
    CHECK(s->srv.images_most <= 1);    /* F5 */
    CHECK(s->srv.count <= 1);
    CHECK(!s->late);
    CHECK(!s->srv.impatient);
    CHECK(w->requests <= 200);
    if (code == INE_OK)
        CHECK(s->srv.sessions[0].state == SESSION_SUBMITTED && s->srv.sessions[0].images[1] == 1);
    else
        CHECK(ine_error_number(err, INE_DETAIL_STEP) > INE_STEP_CHECK);
    /* a session that exists is named, or the error says that there may be one */
    if (code != INE_OK && s->srv.count == 1 && session.len == 0)
        CHECK(code == INE_E_OUTCOME_UNKNOWN || code == INE_E_SIGNATURE);
    if (code != INE_OK && session.len)
        CHECK(ine_error_str(err, INE_DETAIL_SESSION_ID).len == 36);
}

typedef struct result {
    int32_t code;
    int64_t outcome;
    uint64_t log;
} result;

static int64_t outcome_of(const ine_verdict *verdict)
{
    int64_t outcome = -1;
    ine_verdict_field(verdict, INE_V_OUTCOME, NULL, &outcome);
    return outcome;
}

/* After whatever happened: a calm server and a resume bring the same session to its end. */
static void resume(sim *s, world *w, const ine_verification *v, const ine_credentials *credentials,
                   ine_options *options)
{
    ine_flow *flow = NULL;
    ine_verdict *verdict = NULL;
    ine_error *err = NULL;
    s->srv.fault = NULL;
    s->deadline = INT64_MAX;
    ine_options_set_number(options, INE_OPT_DEADLINE_MS, 600000, NULL);
    CHECK(ine_flow_new(&flow, INE_FLOW_RESUME, v, s->srv.sessions[0].id, 36, credentials, options,
                       w->now, NULL) == INE_OK);
    CHECK(world_flow(w, flow, &verdict, NULL, &err) == INE_OK);
    CHECK(outcome_of(verdict) != INE_OUTCOME_PENDING);
    CHECK(s->srv.images_most == 1 && s->srv.count == 1);
    CHECK(s->srv.sessions[0].state == SESSION_SUBMITTED);
    ine_error_free(err);
    ine_verdict_free(verdict);
    ine_flow_free(flow);
}

static result simulate(uint64_t seed, const unsigned char *face, size_t len)
{
    sim state, *s = &state;
    world w;
    result out = {0};
    ine_verdict *verdict = NULL;
    ine_flow *flow = NULL;
    ine_error *err = NULL;
    ine_options *options = world_options();
    ine_credentials *credentials = world_credentials();
    start(s, &w, seed);
    w.media = face;
    w.media_len = len;
    const int64_t limit = upto(s, 4) == 0 ? 1000 + upto(s, 20000) : 600000;
    ine_options_set_number(options, INE_OPT_SEED, (int64_t)seed + 1, NULL);
    ine_options_set_number(options, INE_OPT_DEADLINE_MS, limit, NULL);
    ine_options_set_number(options, INE_OPT_RETRIES, upto(s, 5), NULL);
    ine_verification *v = server_verification(face, len, upto(s, 1) == 1);
    s->deadline = w.now + limit;
    CHECK(ine_flow_new(&flow, INE_FLOW_VERIFY, v, NULL, 0, credentials, options, w.now, NULL) ==
          INE_OK);
    out.code = world_flow(&w, flow, &verdict, NULL, &err);
    out.outcome = outcome_of(verdict);
    check_invariants(s, &w, out.code, err, ine_flow_session_id(flow));
    out.log = s->log;
    if (out.code != INE_OK && s->srv.count == 1)
        resume(s, &w, v, credentials, options);
    ine_error_free(err);
    ine_verdict_free(verdict);
    ine_flow_free(flow);
    ine_verification_free(v);
    ine_credentials_free(credentials);
    ine_options_free(options);
    world_forget(&w);
    return out;
}

static uint64_t number_from(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : fallback;
}

static void test_invariants_over_many_seeds(void **state)
{
    const uint64_t only = number_from("INE_SEED", UINT64_MAX);
    const uint64_t seeds = number_from("INE_SEEDS", 3000);
    size_t good = 0, bad = 0;
    unsigned char *face = world_jpeg(700);
    (void)state;
    for (uint64_t seed = only == UINT64_MAX ? 0 : only;
         seed < (only == UINT64_MAX ? seeds : only + 1); seed++) {
        const result r = simulate(seed, face, 700);
        good += r.code == INE_OK;
        bad += r.code != INE_OK;
    }
    free(face);
    print_message("%zu verified or refused, %zu errors\n", good, bad);
    if (only == UINT64_MAX && seeds >= 100) {
        assert_true(good * 10 > seeds); /* the faults are neither everywhere nor nowhere */
        assert_true(bad * 10 > seeds);
    }
}

static void test_equal_seeds_give_equal_logs(void **state)
{
    unsigned char *face = world_jpeg(700);
    (void)state;
    for (uint64_t seed = 0; seed < 100; seed++) {
        const result a = simulate(seed, face, 700), b = simulate(seed, face, 700);
        assert_int_equal(a.code, b.code);
        assert_int_equal(a.outcome, b.outcome);
        assert_true(a.log == b.log);
    }
    free(face);
}

/* Invariant 7: with faults that end before the third attempt a GET always succeeds. */
static void test_get_outlives_two_faults(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 500; seed++) {
        sim at, *s = &at;
        world w;
        ine_exchange *x = NULL;
        ine_options *options = world_options();
        ine_credentials *credentials = world_credentials();
        ine_request *request =
            world_request_for(INE_CALL_DECISION, "00000001-0000-4000-8000-0000000000aa");
        start(s, &w, seed);
        s->fault_percent = 100;
        s->calm_after = 2;
        s->deadline = INT64_MAX;
        s->srv.count = 1;
        snprintf(s->srv.sessions[0].id, 37, "00000001-0000-4000-8000-0000000000aa");
        CHECK(ine_exchange_new(&x, request, credentials, options, w.now, NULL) == INE_OK);
        CHECK(world_run(&w, x, NULL, NULL) == INE_OK);
        CHECK(w.requests == 3);
        CHECK(!s->srv.impatient);
        ine_exchange_free(x);
        ine_request_free(request);
        ine_credentials_free(credentials);
        ine_options_free(options);
        world_forget(&w);
    }
}

/* B14: a thousand clients that fail together do not come back together. */
static void test_b14_clients_spread_out(void **state)
{
    enum { CLIENTS = 1000, SLOT_MS = 100, SLOTS = 10 };
    size_t slots[SLOTS] = {0}, most = 0;
    (void)state;
    ine_credentials *credentials = world_credentials();
    ine_request *request = world_request_for(INE_CALL_DECISION, WORLD_SESSION);
    for (int64_t i = 0; i < CLIENTS; i++) {
        int32_t want;
        int64_t a, b;
        ine_exchange *x = NULL;
        ine_options *options = world_options();
        ine__budget_init(ine__credentials_budget(credentials)); /* each is a client of its own */
        ine_options_set_number(options, INE_OPT_SEED, i + 1, NULL);
        assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, NULL), INE_OK);
        assert_int_equal(ine_exchange_next(x, 0, &want, &a, &b, NULL), INE_OK);
        assert_int_equal(ine_exchange_feed_failure(x, INE_FAIL_CONNECT, 7, 0, NULL), INE_OK);
        assert_int_equal(ine_exchange_next(x, 0, &want, &a, &b, NULL), INE_OK);
        slots[want == INE_WANT_WAIT ? a / SLOT_MS : 0]++;
        ine_exchange_free(x);
        ine_options_free(options);
    }
    for (size_t i = 0; i < SLOTS; i++)
        most = slots[i] > most ? slots[i] : most;
    assert_true(most < 300);
    ine_request_free(request);
    ine_credentials_free(credentials);
}

/* One failed call with `retries` repeats allowed; the number of requests it made. */
static int64_t attempts_of_a_failing_call(const ine_credentials *credentials, int64_t breaker)
{
    int32_t want;
    int64_t a, b, now = 0;
    ine_exchange *x = NULL;
    ine_error *err = NULL;
    ine_options *options = world_options();
    ine_request *request = world_request_for(INE_CALL_DECISION, WORLD_SESSION);
    assert_int_equal(ine_options_set_number(options, INE_OPT_BREAKER, breaker, NULL), INE_OK);
    assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, NULL), INE_OK);
    while (ine_exchange_next(x, now, &want, &a, &b, NULL) == INE_OK && want != INE_WANT_DONE) {
        if (want == INE_WANT_WAIT)
            now += a;
        else
            assert_int_equal(ine_exchange_feed_failure(x, INE_FAIL_CONNECT, 7, now, NULL), INE_OK);
    }
    assert_int_equal(ine_exchange_take(x, NULL, &err), INE_E_CONNECT);
    const int64_t attempts = ine_error_number(err, INE_DETAIL_ATTEMPTS);
    assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_NO);
    assert_int_equal(ine_error_number(err, INE_DETAIL_RETRYABLE), 1);
    assert_true(attempts > 0 || ine_error_number(err, INE_DETAIL_RETRY_AFTER_MS) > 0);
    ine_error_free(err);
    ine_exchange_free(x);
    ine_request_free(request);
    ine_options_free(options);
    return attempts;
}

/* A hundred failing calls make a hundred requests and ten more, not three hundred. */
static void test_b14_repeats_have_a_budget(void **state)
{
    (void)state;
    ine_credentials *credentials = world_credentials();
    int64_t requests = 0;
    for (int i = 0; i < 100; i++)
        requests += attempts_of_a_failing_call(credentials, 0);
    assert_int_equal(requests, 110);
    ine_credentials_free(credentials);
}

static void test_b14_breaker(void **state)
{
    (void)state;
    ine_credentials *credentials = world_credentials();
    assert_int_equal(attempts_of_a_failing_call(credentials, 5), 3);
    assert_int_equal(attempts_of_a_failing_call(credentials, 5), 2); /* opens in the middle */
    for (int i = 0; i < 10; i++)
        assert_int_equal(attempts_of_a_failing_call(credentials, 5), 0);
    ine_credentials_free(credentials);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_invariants_over_many_seeds),
        cmocka_unit_test(test_equal_seeds_give_equal_logs),
        cmocka_unit_test(test_get_outlives_two_faults),
        cmocka_unit_test(test_b14_clients_spread_out),
        cmocka_unit_test(test_b14_repeats_have_a_budget),
        cmocka_unit_test(test_b14_breaker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
