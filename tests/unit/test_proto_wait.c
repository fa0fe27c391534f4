/* Waiting, webhooks, resuming, cancelling a flow; and its memory. */
#include "test_proto_bench.h"

/* ---- waiting, webhooks, a registry that is down ------------------------------------------------
 */

static ine_decision *read_decision(bench *t, const char *outcome_name, size_t session)
{
    ine_decision *decision = NULL;
    world_answer answer = server_decided(&t->srv.sessions[session], outcome_name);
    assert_int_equal(
        ine_decision_read(&decision, answer.body, answer.body_len, INE_READ_COPY, NULL), INE_OK);
    free(answer.owned);
    return decision;
}

static void test_webhook_ends_a_wait(void **state)
{
    bench *t = *state;
    int32_t want;
    assert_int_equal(run(t, INE_FLOW_START, NULL), INE_OK);
    ine_decision *ours = read_decision(t, "selfie", 0), *theirs = NULL, *pending = NULL;
    server_session other = {.id = WORLD_OTHER};
    world_answer answer = server_decided(&other, "approved");
    assert_int_equal(ine_decision_read(&theirs, answer.body, answer.body_len, 0, NULL), INE_OK);
    free(answer.owned);
    t->srv.pending_form = 1;
    answer =
        server_decision(&t->srv, &(server_session){.id = "00000001-0000-4000-8000-0000000000aa"});
    assert_int_equal(ine_decision_read(&pending, answer.body, answer.body_len, 0, NULL), INE_OK);
    free(answer.owned);
    t->srv.pending_polls = 1000;
    open_flow(t, INE_FLOW_WAIT, t->srv.sessions[0].id);
    for (int in_flight = 0; in_flight < 2; in_flight++) {
        open_flow(t, INE_FLOW_WAIT, t->srv.sessions[0].id);
        assert_int_equal(ine_flow_next(t->flow, 0, &want, NULL, NULL, NULL), INE_OK);
        assert_int_equal(want, INE_WANT_SEND);
        if (!in_flight) {
            world_attempt(&t->w, ine_flow_exchange(t->flow));
            assert_int_equal(ine_flow_next(t->flow, 0, &want, NULL, NULL, NULL), INE_OK);
            assert_int_equal(want, INE_WANT_WAIT);
        }
        assert_int_equal(ine_flow_feed_decision(t->flow, theirs, NULL), INE_E_MISMATCH);
        assert_int_equal(ine_flow_feed_decision(t->flow, pending, NULL), INE_OK);
        assert_int_equal(ine_flow_next(t->flow, 0, &want, NULL, NULL, NULL), INE_OK);
        /* what is under way goes on */
        assert_int_equal(want, in_flight ? INE_WANT_RECV : INE_WANT_WAIT);
        assert_int_equal(ine_flow_feed_decision(t->flow, ours, NULL), INE_OK);
        assert_int_equal(ine_flow_feed_decision(t->flow, ours, NULL), INE_OK);
        assert_int_equal(ine_flow_next(t->flow, 0, &want, NULL, NULL, NULL), INE_OK);
        assert_int_equal(want, INE_WANT_DONE);
        assert_null(ine_flow_exchange(t->flow));
        assert_int_equal(ine_flow_take(t->flow, &t->verdict, &t->decision, NULL), INE_OK);
        assert_int_equal(outcome(t), INE_OUTCOME_NOT_VERIFIED);
        assert_int_equal(ine_flow_feed_decision(t->flow, ours, NULL), INE_E_STATE);
        clear(t);
    }
    ine_decision_free(ours);
    ine_decision_free(theirs);
    ine_decision_free(pending);
}

/* A body that was lent for reading is the caller's again when its decision is freed. */
static void test_a_borrowed_webhook(void **state)
{
    bench *t = *state;
    assert_int_equal(run(t, INE_FLOW_START, NULL), INE_OK);
    t->srv.pending_polls = 1000;
    open_flow(t, INE_FLOW_WAIT, t->srv.sessions[0].id);
    ine_decision *read = read_decision(t, "selfie", 0), *lent = NULL;
    const ine_str bytes = ine_decision_bytes(read);
    char *body = malloc(bytes.len);
    memcpy(body, bytes.ptr, bytes.len);
    assert_int_equal(ine_decision_read(&lent, body, bytes.len, INE_READ_BORROW, NULL), INE_OK);
    ine_decision_free(read);
    assert_int_equal(ine_flow_feed_decision(t->flow, lent, NULL), INE_OK);
    ine_decision_free(lent);
    memset(body, 'x', bytes.len);
    free(body);
    int32_t want = 0;
    assert_int_equal(ine_flow_next(t->flow, 0, &want, NULL, NULL, NULL), INE_OK);
    assert_int_equal(want, INE_WANT_DONE);
    assert_int_equal(ine_flow_take(t->flow, &t->verdict, NULL, NULL), INE_OK);
    assert_int_equal(outcome(t), INE_OUTCOME_NOT_VERIFIED);
}

static void test_webhook_before_the_submit_reply(void **state)
{
    bench *t = *state;
    int32_t want = 0;
    t->srv.pending_polls = 1000;
    open_flow(t, INE_FLOW_VERIFY, NULL);
    while (t->srv.submits == 0) {
        assert_int_equal(ine_flow_next(t->flow, 0, &want, NULL, NULL, NULL), INE_OK);
        if (want == INE_WANT_SEND)
            world_attempt(&t->w, ine_flow_exchange(t->flow));
    }
    ine_decision *ours = read_decision(t, "approved", 0);
    assert_int_equal(ine_flow_feed_decision(t->flow, ours, NULL), INE_OK);
    ine_decision_free(ours);
    assert_int_equal(ine_flow_next(t->flow, 0, &want, NULL, NULL, NULL), INE_OK);
    assert_int_equal(want, INE_WANT_DONE);
    assert_int_equal(ine_flow_take(t->flow, &t->verdict, NULL, NULL), INE_OK);
    assert_int_equal(outcome(t), INE_OUTCOME_VERIFIED);
}

static void test_wait_asks_at_once(void **state)
{
    bench *t = *state;
    assert_int_equal(run(t, INE_FLOW_START, NULL), INE_OK);
    ine_verification *kept = t->verification;
    t->verification = NULL;
    assert_int_equal(run(t, INE_FLOW_WAIT, "00000001-0000-4000-8000-0000000000AA"),
                     INE_E_NOT_FOUND); /* this server compares ids as bytes */
    assert_int_equal(run(t, INE_FLOW_WAIT, t->srv.sessions[0].id), INE_OK);
    t->verification = kept;
    assert_int_equal(t->w.now, 0);
    assert_int_equal(outcome(t), INE_OUTCOME_VERIFIED);
}

static void test_registry_down(void **state)
{
    bench *t = *state;
    t->srv.outcome = "outage";
    assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_OK);
    assert_int_equal(outcome(t), INE_OUTCOME_RETRY_LATER);
    assert_int_equal(t->srv.count, 1); /* never by itself */
    set_number(t, INE_OPT_RETRY_LATER, 3);
    t->srv = (server){.outcome = "outage", .good_from = 2};
    assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_OK);
    assert_int_equal(outcome(t), INE_OUTCOME_VERIFIED);
    assert_int_equal(t->srv.count, 3);
    assert_true(ine__str_is(ine_flow_session_id(t->flow), t->srv.sessions[2].id));
    assert_int_equal(t->srv.images_most, 1);
    t->srv = (server){.outcome = "outage"};
    assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_OK);
    assert_int_equal(outcome(t), INE_OUTCOME_RETRY_LATER);
    assert_int_equal(t->srv.count, 4);
    set_number(t, INE_OPT_DEADLINE_MS, 3000); /* no time for another session */
    t->srv = (server){.outcome = "outage"};
    assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_OK);
    assert_int_equal(outcome(t), INE_OUTCOME_RETRY_LATER);
    assert_in_range(t->srv.count, 1, 2);
}

/* ---- resume ---------------------------------------------------------------------------------- */

/* Brings a session as far as this step, then resumes it. */
static void leave_at(bench *t, int32_t step)
{
    int32_t want;
    open_flow(t, INE_FLOW_START, NULL);
    for (;;) {
        assert_int_equal(ine_flow_next(t->flow, 0, &want, NULL, NULL, NULL), INE_OK);
        if (ine_flow_step(t->flow) == step)
            return;
        if (want == INE_WANT_SEND)
            world_attempt(&t->w, ine_flow_exchange(t->flow));
    }
}

static void test_resume_from_every_step(void **state)
{
    static const int32_t steps[] = {INE_STEP_MEDIA, INE_STEP_SUBMIT, INE_STEP_DONE};
    bench *t = *state;
    for (int form = 0; form < 2; form++) {
        for (size_t i = 0; i < 3; i++) {
            t->srv = (server){.outcome = "approved", .pending_form = form, .pending_polls = 2};
            leave_at(t, steps[i]);
            assert_int_equal(run(t, INE_FLOW_RESUME, t->srv.sessions[0].id), INE_OK);
            assert_int_equal(outcome(t), INE_OUTCOME_VERIFIED);
            assert_int_equal(t->srv.count, 1);
            assert_int_equal(t->srv.images_most, 1);
            assert_int_equal(t->srv.uploads, 1);
        }
    }
}

static void test_resume_of_a_decided_session(void **state)
{
    bench *t = *state;
    leave_at(t, INE_STEP_DONE);
    t->w.requests = 0;
    ine_verification *kept = t->verification;
    t->verification = NULL;
    assert_int_equal(run(t, INE_FLOW_RESUME, t->srv.sessions[0].id), INE_OK);
    t->verification = kept;
    assert_int_equal(t->w.requests, 1);
    assert_int_equal(outcome(t), INE_OUTCOME_VERIFIED);
}

static void test_resume_says_when_it_needs_the_selfie(void **state)
{
    bench *t = *state;
    leave_at(t, INE_STEP_MEDIA);
    ine_verification *kept = t->verification;
    t->verification = NULL;
    assert_int_equal(run(t, INE_FLOW_RESUME, t->srv.sessions[0].id), INE_E_STATE);
    t->verification = kept;
    assert_true(ine__str_contains(ine_error_str(t->err, INE_DETAIL_HINT), "selfie"));
    assert_int_equal(t->srv.uploads, 0);
    assert_int_equal(run(t, INE_FLOW_RESUME, WORLD_OTHER), INE_E_NOT_FOUND);
}

static void test_resume_of_a_session_that_someone_else_submits(void **state)
{
    bench *t = *state;
    int32_t want;
    leave_at(t, INE_STEP_SUBMIT);
    open_flow(t, INE_FLOW_RESUME, t->srv.sessions[0].id);
    do {
        assert_int_equal(ine_flow_next(t->flow, 0, &want, NULL, NULL, NULL), INE_OK);
        if (ine_flow_step(t->flow) == INE_STEP_SUBMIT)
            t->srv.sessions[0].state = SESSION_SUBMITTED;
        if (want == INE_WANT_SEND)
            world_attempt(&t->w, ine_flow_exchange(t->flow));
    } while (ine_flow_step(t->flow) != INE_STEP_SUBMIT);
    assert_int_equal(world_flow(&t->w, t->flow, &t->verdict, &t->decision, &t->err), INE_OK);
    assert_int_equal(outcome(t), INE_OUTCOME_VERIFIED);
}

/* ---- cancelling, arguments, memory ------------------------------------------------------------
 */

static void test_cancel_at_every_step(void **state)
{
    bench *t = *state;
    for (size_t stop = 0;; stop++) {
        int32_t want = 0, code;
        bool creating = false;
        t->srv = (server){.outcome = "approved", .pending_polls = 2};
        t->w.now = 0;
        open_flow(t, INE_FLOW_VERIFY, NULL);
        for (size_t i = 0; i < stop && want != INE_WANT_DONE; i++) {
            int64_t a;
            assert_int_equal(ine_flow_next(t->flow, t->w.now, &want, &a, NULL, NULL), INE_OK);
            creating = want == INE_WANT_SEND && ine_flow_step(t->flow) == INE_STEP_CREATE;
            if (want == INE_WANT_SEND && i + 1 < stop)
                world_attempt(&t->w, ine_flow_exchange(t->flow));
            t->w.now += want == INE_WANT_WAIT ? a : 0;
        }
        if (want == INE_WANT_DONE) {
            assert_true(stop > 8);
            break;
        }
        assert_int_equal(ine_flow_cancel(t->flow, NULL), INE_OK);
        assert_int_equal(ine_flow_cancel(t->flow, NULL), INE_OK);
        assert_int_equal(ine_flow_next(t->flow, t->w.now, &want, NULL, NULL, NULL), INE_OK);
        assert_int_equal(want, INE_WANT_DONE);
        code = ine_flow_take(t->flow, &t->verdict, &t->decision, &t->err);
        assert_int_equal(code, creating ? INE_E_OUTCOME_UNKNOWN : INE_E_CANCELLED);
        assert_int_equal(ine_error_str(t->err, INE_DETAIL_SESSION_ID).len, t->srv.count ? 36 : 0);
    }
}

static void test_arguments(void **state)
{
    bench *t = *state;
    ine_flow *flow = t->flow;
    int32_t want;
    assert_int_equal(ine_flow_new(NULL, 1, t->verification, NULL, 0, t->credentials, NULL, 0, NULL),
                     INE_E_ARGUMENT);
    assert_int_equal(ine_flow_new(&flow, 1, t->verification, NULL, 0, NULL, NULL, 0, NULL),
                     INE_E_ARGUMENT);
    assert_int_equal(
        ine_flow_new(&flow, 0, t->verification, NULL, 0, t->credentials, NULL, 0, NULL),
        INE_E_ARGUMENT);
    assert_int_equal(
        ine_flow_new(&flow, 5, t->verification, NULL, 0, t->credentials, NULL, 0, NULL),
        INE_E_ARGUMENT);
    assert_int_equal(
        ine_flow_new(&flow, INE_FLOW_VERIFY, NULL, NULL, 0, t->credentials, NULL, 0, NULL),
        INE_E_ARGUMENT);
    assert_int_equal(ine_flow_new(&flow, INE_FLOW_WAIT, NULL, "../../etc/passwd-0000-0000-00000000",
                                  36, t->credentials, NULL, 0, &t->err),
                     INE_E_INPUT);
    assert_true(ine__str_is(ine_error_str(t->err, INE_DETAIL_FIELD), "sessionId"));
    assert_null(flow);
    assert_int_equal(ine_flow_next(NULL, 0, &want, NULL, NULL, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_flow_feed_media(NULL, "", 0, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_flow_feed_decision(NULL, NULL, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_flow_cancel(NULL, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_flow_take(NULL, NULL, NULL, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_flow_step(NULL), INE_STEP_NONE);
    assert_int_equal(ine_flow_media(NULL), 0);
    assert_null(ine_flow_exchange(NULL));
    assert_null(ine_flow_session_id(NULL).ptr);
    assert_null(ine_flow_session_url(NULL).ptr);
    ine_flow_free(NULL);
    /* no base URL */
    ine_options_free(t->options);
    assert_int_equal(ine_options_new(&t->options, NULL), INE_OK);
    assert_int_equal(run(t, INE_FLOW_START, NULL), INE_E_CONFIG);
    assert_int_equal(detail(t, INE_DETAIL_SENT), INE_SENT_NO);
}

static bool whole_flow(void *argument)
{
    bench *t = argument;
    bool good = false;
    ine_flow *flow = NULL;
    ine_verdict *verdict = NULL;
    ine_decision *decision = NULL;
    ine_error *err = NULL;
    plan p = {"POST", "/media", FAULT_LOST_AFTER, 0, 1, 0};
    t->srv = (server){.outcome = "approved", .pending_polls = 1, .fault = planned, .context = &p};
    t->w.now = 0;
    t->w.requests = 0;
    ine_options *options = world_options();
    ine_credentials *credentials = world_credentials();
    ine_verification *v = server_verification(t->face, FACE_SIZE, true);
    if (options && credentials && v &&
        ine_flow_new(&flow, INE_FLOW_VERIFY, v, NULL, 0, credentials, options, 0, NULL) == INE_OK) {
        const int32_t code = world_flow(&t->w, flow, &verdict, &decision, &err);
        good = code == INE_OK && verdict && decision;
    }
    assert_true(t->srv.creates_unsafe <= 1);
    ine_error_free(err);
    ine_verdict_free(verdict);
    ine_decision_free(decision);
    ine_flow_free(flow);
    ine_verification_free(v);
    ine_credentials_free(credentials);
    ine_options_free(options);
    return good;
}

static void test_d4_each_allocation(void **state)
{
    test_each_allocation(whole_flow, *state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_webhook_ends_a_wait),
        BENCH_TEST(test_a_borrowed_webhook),
        BENCH_TEST(test_webhook_before_the_submit_reply),
        BENCH_TEST(test_wait_asks_at_once),
        BENCH_TEST(test_registry_down),
        BENCH_TEST(test_resume_from_every_step),
        BENCH_TEST(test_resume_of_a_decided_session),
        BENCH_TEST(test_resume_says_when_it_needs_the_selfie),
        BENCH_TEST(test_resume_of_a_session_that_someone_else_submits),
        BENCH_TEST(test_cancel_at_every_step),
        BENCH_TEST(test_arguments),
        BENCH_TEST(test_d4_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
