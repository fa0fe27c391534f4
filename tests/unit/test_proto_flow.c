/* Whole verifications against the scripted server. */
#include "test_proto_server.h"

#include "proto/flow.h"

#define FACE_SIZE 5000

typedef struct bench {
    world w;
    server srv;
    unsigned char *face;
    ine_options *options;
    ine_credentials *credentials;
    ine_verification *verification;
    ine_flow *flow;
    ine_verdict *verdict;
    ine_decision *decision;
    ine_error *err;
} bench;

static int set_up(void **state)
{
    bench *t = calloc(1, sizeof *t);
    assert_non_null(t);
    t->face = world_jpeg(FACE_SIZE);
    t->options = world_options();
    t->credentials = world_credentials();
    t->verification = server_verification(t->face, FACE_SIZE, false);
    t->srv.outcome = "approved";
    t->w = (world){
        .answer = server_answer, .context = &t->srv, .media = t->face, .media_len = FACE_SIZE};
    *state = t;
    return 0;
}

static void clear(bench *t)
{
    ine_flow_free(t->flow);
    ine_verdict_free(t->verdict);
    ine_decision_free(t->decision);
    ine_error_free(t->err);
    t->flow = NULL;
    t->verdict = NULL;
    t->decision = NULL;
    t->err = NULL;
}

static int tear_down(void **state)
{
    bench *t = *state;
    clear(t);
    ine_verification_free(t->verification);
    ine_credentials_free(t->credentials);
    ine_options_free(t->options);
    world_forget(&t->w);
    free(t->face);
    free(t);
    return 0;
}

static void open_flow(bench *t, int32_t mode, const char *session)
{
    clear(t);
    assert_int_equal(ine_flow_new(&t->flow, mode, t->verification, session,
                                  session ? strlen(session) : 0, t->credentials, t->options,
                                  t->w.now, NULL),
                     INE_OK);
}

static int32_t run(bench *t, int32_t mode, const char *session)
{
    open_flow(t, mode, session);
    return world_flow(&t->w, t->flow, &t->verdict, &t->decision, &t->err);
}

static void set_number(bench *t, int32_t option, int64_t number)
{
    assert_int_equal(ine_options_set_number(t->options, option, number, NULL), INE_OK);
}

static int64_t outcome(const bench *t)
{
    int64_t number = -1;
    ine_verdict_field(t->verdict, INE_V_OUTCOME, NULL, &number);
    return number;
}

static int64_t detail(const bench *t, int32_t which)
{
    return ine_error_number(t->err, which);
}

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

/* One fault for the n-th request whose method and path match, once or for good. */
typedef struct plan {
    const char *method, *part;
    int32_t fault;
    size_t from, times, seen;
} plan;

static int32_t planned(server *srv, const world_request *r)
{
    plan *p = srv->context;
    if (strcmp(r->method, p->method) != 0 || !strstr(r->target, p->part) ||
        (p->part[0] == 0 && strstr(r->target, "/media")))
        return FAULT_NONE;
    const size_t n = p->seen++;
    return n >= p->from && n < p->from + p->times ? p->fault : FAULT_NONE;
}

static int32_t run_with(bench *t, int32_t mode, plan *p)
{
    p->seen = 0;
    t->srv = (server){.outcome = "approved", .fault = planned, .context = p};
    t->w.now = 0;
    t->w.requests = 0;
    return run(t, mode, NULL);
}

static void test_f04_lost_create(void **state)
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
static void test_f62_lost_media_reply(void **state)
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
        assert_int_not_equal(want, INE_WANT_DONE);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_start),
        TEST(test_verify),
        TEST(test_refused_person),
        TEST(test_steps_and_store),
        TEST(test_media_from_a_source),
        TEST(test_media_of_the_older_product),
        TEST(test_legacy_registry),
        TEST(test_refused_locally),
        TEST(test_source_refused_by_its_content),
        TEST(test_path_is_for_the_client),
        TEST(test_c6_consent_refused_by_the_server),
        TEST(test_f04_lost_create),
        TEST(test_create_that_was_never_sent_is_repeated),
        TEST(test_f62_lost_media_reply),
        TEST(test_media_list_that_does_not_fit),
        TEST(test_lost_upload_without_a_list),
        TEST(test_f63_lost_submit_reply),
        TEST(test_polls_outlive_faults),
        TEST(test_f60_not_found_right_after_creation),
        TEST(test_throttling_doubles_the_longest_interval),
        TEST(test_waits_for_every_kind_of_undecided),
        TEST(test_deadline_of_a_flow),
        TEST(test_webhook_ends_a_wait),
        TEST(test_webhook_before_the_submit_reply),
        TEST(test_wait_asks_at_once),
        TEST(test_registry_down),
        TEST(test_resume_from_every_step),
        TEST(test_resume_of_a_decided_session),
        TEST(test_resume_says_when_it_needs_the_selfie),
        TEST(test_resume_of_a_session_that_someone_else_submits),
        TEST(test_cancel_at_every_step),
        TEST(test_arguments),
        TEST(test_d4_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
