/* Whole verifications against the scripted server: the straight way, refusals, faults. */
#include "test_proto_bench.h"

/* ---- the straight way ------------------------------------------------------------------------ */

static void test_start(void **state)
{
    bench *t = *state;
    assert_int_equal(run(t, INE_FLOW_START, NULL), INE_OK);
    assert_int_equal(outcome(t), INE_OUTCOME_PENDING);
    assert_int_equal(ine_decision_kind(t->decision), INE_KIND_SESSION);
    assert_int_equal(t->w.requests, 3);
    assert_int_equal(t->srv.sessions[0].state, SESSION_SUBMITTED);
    assert_int_equal(t->srv.sessions[0].images[1], 1);
    assert_int_equal(t->srv.sessions[0].image_size, FACE_SIZE);
    assert_int_equal(t->w.now, 0); /* nothing to wait for */
    assert_int_equal(ine_flow_step(t->flow), INE_STEP_DONE);
    assert_int_equal(ine_flow_take(t->flow, NULL, NULL, NULL), INE_E_STATE);
}

static void test_verify(void **state)
{
    bench *t = *state;
    int64_t verified = 0;
    t->srv.pending_polls = 3;
    assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_OK);
    assert_int_equal(outcome(t), INE_OUTCOME_VERIFIED);
    ine_verdict_field(t->verdict, INE_V_VERIFIED, NULL, &verified);
    assert_int_equal(verified, 1);
    assert_int_equal(ine_decision_kind(t->decision), INE_KIND_DECISION);
    assert_int_equal(t->srv.decisions, 4);
    /* 2 s, 3 s, 4.5 s, 6.75 s, each 20 % more or less */
    assert_in_range(t->w.now, 13000, 19500);
}

static void test_refused_person(void **state)
{
    bench *t = *state;
    t->srv.outcome = "selfie";
    assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_OK);
    assert_int_equal(outcome(t), INE_OUTCOME_NOT_VERIFIED);
}

static void test_steps_and_store(void **state)
{
    bench *t = *state;
    int32_t want;
    open_flow(t, INE_FLOW_START, NULL);
    assert_int_equal(ine_flow_step(t->flow), INE_STEP_CHECK);
    assert_null(ine_flow_session_id(t->flow).ptr);
    assert_null(ine_flow_exchange(t->flow));
    assert_int_equal(ine_flow_next(t->flow, 0, &want, NULL, NULL, NULL), INE_OK);
    assert_int_equal(want, INE_WANT_SEND);
    assert_int_equal(ine_flow_step(t->flow), INE_STEP_CREATE);
    world_attempt(&t->w, ine_flow_exchange(t->flow));
    assert_int_equal(ine_flow_next(t->flow, 0, &want, NULL, NULL, NULL), INE_OK);
    assert_int_equal(want, INE_WANT_STORE);
    assert_null(ine_flow_exchange(t->flow));
    assert_true(ine__str_is(ine_flow_session_id(t->flow), t->srv.sessions[0].id));
    assert_true(ine__str_starts(ine_flow_session_url(t->flow), "https://flow.test/v/"));
    assert_int_equal(t->w.requests, 1); /* nothing else has happened yet */
    assert_int_equal(ine_flow_next(t->flow, 0, &want, NULL, NULL, NULL), INE_OK);
    assert_int_equal(want, INE_WANT_SEND);
    assert_int_equal(ine_flow_step(t->flow), INE_STEP_MEDIA);
    assert_int_equal(ine_flow_media(t->flow), INE_MEDIA_FACE);
}

static void test_media_from_a_source(void **state)
{
    bench *t = *state;
    ine_verification_free(t->verification);
    t->verification = server_verification(t->face, FACE_SIZE, true);
    for (size_t feed = 0; feed < 3; feed++) {
        t->w.feed_size = feed;
        t->w.read_size = feed;
        assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_OK);
        assert_int_equal(outcome(t), INE_OUTCOME_VERIFIED);
        assert_int_equal(t->srv.sessions[feed].image_size, FACE_SIZE);
    }
}

static void test_media_of_the_older_product(void **state)
{
    bench *t = *state;
    ine_verification_free(t->verification);
    assert_int_equal(ine_verification_new(&t->verification, INE_PRODUCT_INE_BIOMETRIC, NULL), 0);
    ine_verification_set_text(t->verification, INE_IN_VENDOR_DATA, "v-1", 3, NULL);
    ine_verification_set_number(t->verification, INE_IN_CONSENT, 1, NULL);
    for (int32_t context = 1; context <= 3; context++)
        assert_int_equal(ine_verification_set_media(t->verification, context, t->face,
                                                    (size_t)(1000 * context), NULL),
                         INE_OK);
    assert_int_equal(run(t, INE_FLOW_START, NULL), INE_OK);
    assert_int_equal(t->srv.uploads, 3);
    for (int context = 1; context <= 3; context++)
        assert_int_equal(t->srv.sessions[0].images[context], 1);
    assert_int_equal(t->srv.sessions[0].image_size, 1000); /* the selfie comes last */
}

static void test_legacy_registry(void **state)
{
    bench *t = *state;
    ine_verification_free(t->verification);
    assert_int_equal(ine_verification_new(&t->verification, INE_PRODUCT_INE_REGISTRY, NULL), 0);
    ine_verification_set_text(t->verification, INE_IN_VENDOR_DATA, "v-1", 3, NULL);
    ine_verification_set_media(t->verification, INE_MEDIA_FACE, t->face, 900, NULL);
    ine_verification_set_media(t->verification, INE_MEDIA_DOCUMENT_FRONT, t->face, 900, NULL);
    t->srv.pending_polls = 4; /* 404 until the registry has answered */
    assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_OK);
    assert_int_equal(outcome(t), INE_OUTCOME_CARD_ACTIVE);
    assert_int_equal(ine_decision_kind(t->decision), INE_KIND_INE_REGISTRY);
}

/* ---- local refusals ---------------------------------------------------------------------------
 */

static void test_refused_locally(void **state)
{
    bench *t = *state;
    ine_verification_set_text(t->verification, INE_IN_CIC, "12345", 5, NULL);
    ine_verification_set_number(t->verification, INE_IN_CONSENT, 0, NULL);
    ine_verification_set_text(t->verification, INE_IN_VENDOR_DATA, NULL, 0, NULL);
    assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_E_INPUT);
    assert_int_equal(t->w.requests, 0);
    assert_int_equal(ine_report_errors(ine_error_report(t->err)), 3);
    assert_int_equal(detail(t, INE_DETAIL_STEP), INE_STEP_CHECK);
    assert_int_equal(detail(t, INE_DETAIL_SENT), INE_SENT_NO);
}

static void test_source_refused_by_its_content(void **state)
{
    bench *t = *state;
    static const unsigned char text[FACE_SIZE] = "no image";
    ine_verification_free(t->verification);
    t->verification = server_verification(NULL, FACE_SIZE, true);
    t->w.media = text;
    assert_int_equal(run(t, INE_FLOW_START, NULL), INE_E_INPUT);
    assert_int_equal(t->w.requests, 0);
    t->w.media_len = 10; /* the source is shorter than it said */
    assert_int_equal(run(t, INE_FLOW_START, NULL), INE_E_MEDIA_READ);
    assert_int_equal(t->w.requests, 0);
}

static void test_path_is_for_the_client(void **state)
{
    bench *t = *state;
    assert_int_equal(
        ine_verification_set_media_path(t->verification, INE_MEDIA_FACE, "/x.jpg", 6, NULL), 0);
    assert_int_equal(run(t, INE_FLOW_START, NULL), INE_E_STATE);
    assert_int_equal(t->w.requests, 0);
}

/* C-6 */
static void test_c6_consent_refused_by_the_server(void **state)
{
    bench *t = *state;
    set_number(t, INE_OPT_LOCAL_CHECKS, 0);
    ine_verification_set_number(t->verification, INE_IN_CONSENT, 0, NULL);
    t->srv.reject_create = 400;
    assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_E_CONSENT);
    assert_int_equal(detail(t, INE_DETAIL_HTTP_STATUS), 400);
    assert_int_equal(detail(t, INE_DETAIL_STEP), INE_STEP_CREATE);
    t->srv.reject_create = 0;
    t->srv.reject_submit = 400;
    assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_E_CONSENT);
    assert_int_equal(detail(t, INE_DETAIL_STEP), INE_STEP_SUBMIT);
    assert_int_equal(detail(t, INE_DETAIL_API_CODE), 1102);
    assert_int_equal(ine_error_str(t->err, INE_DETAIL_SESSION_ID).len, 36);
    assert_non_null(ine_error_str(t->err, INE_DETAIL_HINT).ptr);
    ine_verification_set_number(t->verification, INE_IN_CONSENT, 1, NULL);
    assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_E_REJECTED);
}

/* ---- faults ---------------------------------------------------------------------------------- */

static void test_F4_lost_create(void **state)
{
    bench *t = *state;
    for (int32_t fault = FAULT_LOST_BEFORE; fault <= FAULT_TIMEOUT; fault++) {
        plan p = {"POST", "", fault, 0, 1, 0};
        assert_int_equal(run_with(t, INE_FLOW_VERIFY, &p), INE_E_OUTCOME_UNKNOWN);
        assert_int_equal(t->srv.creates, 1);
        assert_int_equal(detail(t, INE_DETAIL_SENT), INE_SENT_UNKNOWN);
        assert_int_equal(detail(t, INE_DETAIL_STEP), INE_STEP_CREATE);
        assert_null(ine_error_str(t->err, INE_DETAIL_SESSION_ID).ptr);
    }
}

static void test_create_that_was_never_sent_is_repeated(void **state)
{
    bench *t = *state;
    plan refused = {"POST", "", FAULT_NOT_SENT, 0, 2, 0}, throttled = refused;
    throttled.fault = FAULT_THROTTLED;
    assert_int_equal(run_with(t, INE_FLOW_VERIFY, &refused), INE_OK);
    assert_int_equal(t->srv.creates, 3);
    assert_int_equal(run_with(t, INE_FLOW_VERIFY, &throttled), INE_OK);
    assert_int_equal(t->srv.count, 1);
}

/* F5, F62: a lost media reply is reconciled by the server's own list. */
static void test_F5_f62_lost_media_reply(void **state)
{
    static const int32_t after[] = {FAULT_LOST_AFTER, FAULT_TIMEOUT, FAULT_PROTOCOL};
    bench *t = *state;
    for (size_t i = 0; i < 3; i++) {
        plan p = {"POST", "/media", after[i], 0, 1, 0};
        assert_int_equal(run_with(t, INE_FLOW_VERIFY, &p), INE_OK);
        assert_int_equal(outcome(t), INE_OUTCOME_VERIFIED);
        assert_int_equal(t->srv.uploads, 1);
        assert_int_equal(t->srv.lists, 1);
        assert_int_equal(t->srv.images_most, 1);
    }
    plan before = {"POST", "/media", FAULT_LOST_BEFORE, 0, 2, 0};
    assert_int_equal(run_with(t, INE_FLOW_VERIFY, &before), INE_OK);
    assert_int_equal(t->srv.uploads, 3);
    assert_int_equal(t->srv.lists, 2);
    assert_int_equal(t->srv.images_most, 1);
    before.times = 9;
    assert_int_equal(run_with(t, INE_FLOW_VERIFY, &before), INE_E_OUTCOME_UNKNOWN);
    assert_int_equal(t->srv.uploads, 3);
    assert_int_equal(detail(t, INE_DETAIL_STEP), INE_STEP_MEDIA);
    assert_int_equal(ine_error_str(t->err, INE_DETAIL_SESSION_ID).len, 36);
}

/* What the server's list shows beside, or in place of, what was sent. */
static struct {
    int more;
    size_t size;
} shown;

static world_answer with_another_list(world *w, const world_request *r)
{
    server *srv = w->context;
    world_answer answer = server_answer(w, r);
    if (r->method[0] == 'P' && strstr(r->target, "/media")) {
        srv->sessions[0].images[1] += shown.more;
        srv->sessions[0].image_size = shown.size;
    }
    return answer;
}

static void test_media_list_that_does_not_fit(void **state)
{
    bench *t = *state;
    plan p = {"POST", "/media", FAULT_LOST_AFTER, 0, 1, 0};
    t->w.answer = with_another_list;
    shown.more = 1; /* a second image that is not ours */
    shown.size = FACE_SIZE;
    assert_int_equal(run_with(t, INE_FLOW_VERIFY, &p), INE_E_OUTCOME_UNKNOWN);
    shown.more = 0;
    shown.size = FACE_SIZE + 1; /* larger than what was sent */
    assert_int_equal(run_with(t, INE_FLOW_VERIFY, &p), INE_E_OUTCOME_UNKNOWN);
    shown.size = FACE_SIZE - 100; /* reduced by the vendor */
    assert_int_equal(run_with(t, INE_FLOW_VERIFY, &p), INE_OK);
}

static int32_t lost_upload_and_list(server *srv, const world_request *r)
{
    (void)srv;
    if (!strstr(r->target, "/media"))
        return FAULT_NONE;
    return r->method[0] == 'P' ? FAULT_LOST_AFTER : FAULT_UNAVAILABLE;
}

static void test_lost_upload_without_a_list(void **state)
{
    bench *t = *state;
    t->srv.fault = lost_upload_and_list;
    assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_E_OUTCOME_UNKNOWN);
    assert_int_equal(t->srv.lists, 3);
    assert_int_equal(t->srv.uploads, 1);
    assert_int_equal(detail(t, INE_DETAIL_STEP), INE_STEP_MEDIA);
}

static void test_f63_lost_submit_reply(void **state)
{
    bench *t = *state;
    for (int32_t fault = FAULT_UNAVAILABLE; fault < FAULTS; fault++) {
        for (int32_t mode = INE_FLOW_START; mode <= INE_FLOW_VERIFY; mode += 2) {
            plan p = {"PATCH", "", fault, 0, 1, 0};
            assert_int_equal(run_with(t, mode, &p), INE_OK);
            assert_int_equal(outcome(t),
                             mode == INE_FLOW_START ? INE_OUTCOME_PENDING : INE_OUTCOME_VERIFIED);
            assert_int_equal(t->srv.submits, 2);
        }
    }
}

static void test_polls_outlive_faults(void **state)
{
    bench *t = *state;
    for (int32_t fault = FAULT_NOT_SENT; fault < FAULTS; fault++) {
        plan p = {"GET", "/decision", fault, 0, 2, 0};
        assert_int_equal(run_with(t, INE_FLOW_VERIFY, &p), INE_OK);
        assert_int_equal(outcome(t), INE_OUTCOME_VERIFIED);
    }
    plan outage = {"GET", "/decision", FAULT_UNAVAILABLE, 0, 6, 0}; /* two whole polls */
    assert_int_equal(run_with(t, INE_FLOW_VERIFY, &outage), INE_OK);
    outage.times = 100;
    assert_int_equal(run_with(t, INE_FLOW_VERIFY, &outage), INE_E_SERVER);
    assert_int_equal(t->srv.decisions, 9);
    assert_int_equal(detail(t, INE_DETAIL_STEP), INE_STEP_WAIT);
    assert_int_equal(ine_error_str(t->err, INE_DETAIL_SESSION_ID).len, 36);
}

/* F60 */
static void test_f60_not_found_right_after_creation(void **state)
{
    bench *t = *state;
    t->srv.not_found_polls = 1;
    assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_OK);
    t->srv.not_found_polls = 100;
    assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_E_NOT_FOUND);
    assert_in_range(t->srv.decisions, 3, 5);
    t->srv.not_found_polls = 0;
    assert_int_equal(run(t, INE_FLOW_WAIT, WORLD_OTHER), INE_E_NOT_FOUND);
}

static void test_throttling_doubles_the_longest_interval(void **state)
{
    bench *t = *state;
    set_number(t, INE_OPT_POLL_MAX_MS, 2000);
    t->srv.pending_polls = 5;
    assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_OK);
    assert_in_range(t->w.last_wait, 1600, 2400);
    plan p = {"GET", "/decision", FAULT_THROTTLED, 0, 1, 0};
    t->srv = (server){.outcome = "approved", .fault = planned, .context = &p, .pending_polls = 5};
    assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_OK);
    assert_in_range(t->w.last_wait, 3200, 4800);
}

static void test_waits_for_every_kind_of_undecided(void **state)
{
    bench *t = *state;
    for (int form = 0; form < 3; form++) {
        t->srv = (server){.outcome = "approved", .pending_polls = 2, .pending_form = form};
        assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_OK);
        assert_int_equal(outcome(t), INE_OUTCOME_VERIFIED);
        assert_int_equal(t->srv.decisions, 3);
    }
}

static void test_deadline_of_a_flow(void **state)
{
    bench *t = *state;
    t->srv.pending_polls = 1000000;
    set_number(t, INE_OPT_DEADLINE_MS, 100000);
    assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_E_DEADLINE);
    assert_in_range(t->w.now, 99000, 100000);
    assert_int_equal(detail(t, INE_DETAIL_STEP), INE_STEP_WAIT);
    assert_int_equal(ine_error_str(t->err, INE_DETAIL_SESSION_ID).len, 36);
    set_number(t, INE_OPT_DEADLINE_MS, 600000);
    assert_int_equal(run(t, INE_FLOW_VERIFY, NULL), INE_E_DEADLINE);
    assert_in_range(t->srv.decisions, 22, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_start),
        BENCH_TEST(test_verify),
        BENCH_TEST(test_refused_person),
        BENCH_TEST(test_steps_and_store),
        BENCH_TEST(test_media_from_a_source),
        BENCH_TEST(test_media_of_the_older_product),
        BENCH_TEST(test_legacy_registry),
        BENCH_TEST(test_refused_locally),
        BENCH_TEST(test_source_refused_by_its_content),
        BENCH_TEST(test_path_is_for_the_client),
        BENCH_TEST(test_c6_consent_refused_by_the_server),
        BENCH_TEST(test_F4_lost_create),
        BENCH_TEST(test_create_that_was_never_sent_is_repeated),
        BENCH_TEST(test_F5_f62_lost_media_reply),
        BENCH_TEST(test_media_list_that_does_not_fit),
        BENCH_TEST(test_lost_upload_without_a_list),
        BENCH_TEST(test_f63_lost_submit_reply),
        BENCH_TEST(test_polls_outlive_faults),
        BENCH_TEST(test_f60_not_found_right_after_creation),
        BENCH_TEST(test_throttling_doubles_the_longest_interval),
        BENCH_TEST(test_waits_for_every_kind_of_undecided),
        BENCH_TEST(test_deadline_of_a_flow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
