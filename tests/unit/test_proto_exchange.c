/* One call: what is sent, every cell of the retry table, pauses, deadlines, cancelling. */
#include "test_proto_world.h"

#include "proto/exchange.h"

#define SESSION_BODY(status)                                                    \
    "{\"status\":\"success\",\"verification\":{\"id\":\"" WORLD_SESSION         \
    "\",\"url\":\"https://flow.test/v/token\",\"vendorData\":\"v-1\",\"host\":" \
    "\"https://flow.test\",\"status\":\"" status "\",\"sessionToken\":\"token\"}}"
#define PENDING_BODY "{\"status\":\"success\",\"verification\":null}"
#define MEDIA_BODY                                                              \
    "{\"status\":\"success\",\"image\":{\"id\":\"" WORLD_OTHER                  \
    "\",\"name\":\"face\",\"context\":\"face\",\"timestamp\":null,\"size\":12," \
    "\"mimetype\":\"image/jpeg\",\"url\":\"https://api.test/v1/media/x\","      \
    "\"sessionId\":\"" WORLD_SESSION "\"}}"
#define ERROR_BODY "{\"status\":\"fail\",\"code\":\"1101\",\"message\":\"Validation failed\"}"

static world_answer ok(const char *body)
{
    return (world_answer){
        .status = 200, .body = body, .body_len = strlen(body), .sign = WORLD_SIGNED};
}

static world_answer status(int32_t code)
{
    return (world_answer){
        .status = code, .body = ERROR_BODY, .body_len = strlen(ERROR_BODY), .sign = WORLD_SIGNED};
}

static world_answer failure(int32_t why)
{
    return (world_answer){.failure = why};
}

/* Answers in order; the last one for good. */
typedef struct script {
    world_answer answers[8];
    size_t count;
} script;

static world_answer play(world *w, const world_request *request)
{
    const script *s = w->context;
    (void)request;
    return s->answers[w->requests <= s->count ? w->requests - 1 : s->count - 1];
}

static unsigned char face[] = {0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1};

static ine_verification *verification(void)
{
    static const struct {
        int32_t input;
        const char *text;
    } inputs[] = {{INE_IN_CIC, "123456789"}, {INE_IN_VENDOR_DATA, "v-1"}};
    ine_verification *v = NULL;
    assert_int_equal(ine_verification_new(&v, INE_PRODUCT_MX_INE, NULL), INE_OK);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(ine_verification_set_text(v, inputs[i].input, inputs[i].text,
                                                   strlen(inputs[i].text), NULL),
                         INE_OK);
    assert_int_equal(ine_verification_set_number(v, INE_IN_CONSENT, 1, NULL), INE_OK);
    return v;
}

static ine_request *request_for(int32_t call)
{
    ine_request *request =
        world_request_for(call, call == INE_CALL_CREATE_SESSION ? NULL : WORLD_SESSION);
    assert_non_null(request);
    if (call == INE_CALL_CREATE_SESSION) {
        ine_verification *v = verification();
        assert_int_equal(ine_request_set_verification(request, v, NULL), INE_OK);
        ine_verification_free(v);
    } else if (call == INE_CALL_UPLOAD_MEDIA) {
        assert_int_equal(ine_request_set_media(request, INE_MEDIA_FACE, face, sizeof face, NULL),
                         INE_OK);
    } else if (call == INE_CALL_COLLECTED_DATA) {
        assert_int_equal(ine_request_set_text(request, INE_IN_BODY, "{\"a\":1}", 7, NULL), INE_OK);
    } else if (call >= INE_CALL_RAW_GET) {
        assert_int_equal(ine_request_set_text(request, INE_IN_PATH, "/v1/x/{id}", 10, NULL),
                         INE_OK);
        if (call == INE_CALL_RAW_POST || call == INE_CALL_RAW_PATCH)
            assert_int_equal(ine_request_set_text(request, INE_IN_BODY, "{}", 2, NULL), INE_OK);
    }
    return request;
}

static ine_exchange *open_exchange(int32_t call, const ine_options *options, int64_t now)
{
    ine_exchange *x = NULL;
    ine_request *request = request_for(call);
    ine_credentials *credentials = world_credentials();
    assert_int_equal(ine_exchange_new(&x, request, credentials, options, now, NULL), INE_OK);
    ine_request_free(request);
    ine_credentials_free(credentials);
    return x;
}

static int32_t run(world *w, int32_t call, const ine_options *options, ine_decision **out,
                   ine_error **err)
{
    ine_exchange *x = open_exchange(call, options, w->now);
    const int32_t code = world_run(w, x, out, err);
    ine_exchange_free(x);
    return code;
}

static const char *good_body(int32_t call)
{
    switch (call) {
    case INE_CALL_CREATE_SESSION:
        return SESSION_BODY("created");
    case INE_CALL_UPLOAD_MEDIA:
        return MEDIA_BODY;
    case INE_CALL_SUBMIT:
        return SESSION_BODY("submitted");
    case INE_CALL_DECISION:
        return PENDING_BODY;
    case INE_CALL_DELETE_SESSION:
        return "{\"status\":\"success\",\"verification\":{\"id\":\"" WORLD_SESSION "\"}}";
    case INE_CALL_COLLECTED_DATA:
        return "{\"status\":\"success\",\"sessionId\":\"" WORLD_SESSION
               "\",\"attemptId\":\"" WORLD_OTHER "\"}";
    default:
        return "{}";
    }
}

/* ---- the retry table ------------------------------------------------------------------------ */

enum { NO = 0, AGAIN = 1 };

static const struct {
    int32_t call;
    const char *name;
    /* not sent, 429, 5xx, unknown */
    int again[4];
    int32_t unknown; /* the code of an unknown outcome */
} rows[] = {
    {INE_CALL_CREATE_SESSION, "create", {AGAIN, AGAIN, NO, NO}, INE_E_OUTCOME_UNKNOWN},
    {INE_CALL_UPLOAD_MEDIA, "media", {AGAIN, AGAIN, NO, NO}, INE_E_OUTCOME_UNKNOWN},
    {INE_CALL_SUBMIT, "submit", {AGAIN, AGAIN, AGAIN, AGAIN}, 0},
    {INE_CALL_DECISION, "decision", {AGAIN, AGAIN, AGAIN, AGAIN}, 0},
    {INE_CALL_DELETE_SESSION, "delete", {AGAIN, NO, NO, NO}, INE_E_TRANSPORT},
    {INE_CALL_COLLECTED_DATA, "collected", {AGAIN, AGAIN, NO, NO}, INE_E_OUTCOME_UNKNOWN},
    {INE_CALL_RAW_GET, "raw get", {AGAIN, AGAIN, AGAIN, AGAIN}, 0},
    {INE_CALL_RAW_POST, "raw post", {AGAIN, AGAIN, NO, NO}, INE_E_OUTCOME_UNKNOWN},
    {INE_CALL_RAW_PATCH, "raw patch", {AGAIN, AGAIN, NO, NO}, INE_E_OUTCOME_UNKNOWN},
    {INE_CALL_RAW_DELETE, "raw delete", {AGAIN, NO, NO, NO}, INE_E_TRANSPORT},
};

static void check_cell(size_t row, size_t column, world_answer bad, int32_t code)
{
    script s = {.answers = {bad, ok(good_body(rows[row].call))}, .count = 2};
    world w = {.answer = play, .context = &s};
    ine_options *options = world_options();
    ine_decision *decision = NULL;
    ine_error *err = NULL;
    const int32_t got = run(&w, rows[row].call, options, &decision, &err);
    const bool again = rows[row].again[column] == AGAIN;
    if (w.requests != (again ? 2u : 1u) || got != (again ? INE_OK : code))
        fail_msg("%s, column %zu: %zu requests, code %d (wanted %d)", rows[row].name, column,
                 w.requests, got, again ? 0 : code);
    if (again)
        assert_non_null(decision);
    else
        assert_int_equal(ine_error_number(err, INE_DETAIL_ATTEMPTS), 1);
    ine_decision_free(decision);
    ine_error_free(err);
    ine_options_free(options);
    world_forget(&w);
}

static void test_every_cell_of_the_retry_table(void **state)
{
    static const int32_t not_sent[] = {INE_FAIL_RESOLVE, INE_FAIL_CONNECT,
                                       INE_FAIL_TIMEOUT_NOT_SENT};
    static const int32_t server[] = {500, 502, 503, 504};
    (void)state;
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        for (size_t i = 0; i < 3; i++)
            check_cell(row, 0, failure(not_sent[i]), 0);
        check_cell(row, 1, status(429), INE_E_RATE_LIMIT);
        for (size_t i = 0; i < 4; i++)
            check_cell(row, 2, status(server[i]), INE_E_SERVER);
        check_cell(row, 3, failure(INE_FAIL_BROKEN), rows[row].unknown);
    }
}

static void test_every_way_to_lose_a_reply(void **state)
{
    static const int32_t why[] = {INE_FAIL_BROKEN, INE_FAIL_TIMEOUT, INE_FAIL_PROTOCOL,
                                  INE_FAIL_LIMIT};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        check_cell(0, 3, failure(why[i]), INE_E_OUTCOME_UNKNOWN);
        check_cell(1, 3, failure(why[i]), INE_E_OUTCOME_UNKNOWN);
        check_cell(2, 3, failure(why[i]), 0);
        check_cell(3, 3, failure(why[i]), 0);
    }
}

/* Answers that a second request would not change. */
static void test_final_answers_are_never_repeated(void **state)
{
    static const struct {
        int32_t status, code;
    } finals[] = {
        {301, INE_E_REDIRECT}, {302, INE_E_REDIRECT}, {307, INE_E_REDIRECT}, {308, INE_E_REDIRECT},
        {400, INE_E_REJECTED}, {401, INE_E_AUTH},     {403, INE_E_AUTH},     {404, INE_E_NOT_FOUND},
        {409, INE_E_CONFLICT}, {413, INE_E_REJECTED}, {422, INE_E_REJECTED}, {501, INE_E_SERVER},
        {505, INE_E_SERVER},
    };
    (void)state;
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        for (size_t i = 0; i < sizeof finals / sizeof finals[0]; i++) {
            script s = {.answers = {status(finals[i].status)}, .count = 1};
            world w = {.answer = play, .context = &s};
            ine_options *options = world_options();
            ine_error *err = NULL;
            assert_int_equal(run(&w, rows[row].call, options, NULL, &err), finals[i].code);
            assert_int_equal(w.requests, 1);
            assert_int_equal(ine_error_number(err, INE_DETAIL_HTTP_STATUS), finals[i].status);
            assert_int_equal(ine_error_number(err, INE_DETAIL_API_CODE), 1101);
            assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_YES);
            assert_int_equal(ine_error_number(err, INE_DETAIL_RETRYABLE), 0);
            ine_error_free(err);
            ine_options_free(options);
            world_forget(&w);
        }
    }
}

static void test_tls_and_media_failures_are_never_repeated(void **state)
{
    (void)state;
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        for (int tls = 0; tls < 2; tls++) {
            script s = {.answers = {failure(tls ? INE_FAIL_TLS : INE_FAIL_MEDIA)}, .count = 1};
            world w = {.answer = play, .context = &s};
            ine_options *options = world_options();
            ine_error *err = NULL;
            assert_int_equal(run(&w, rows[row].call, options, NULL, &err),
                             tls ? INE_E_TLS : INE_E_MEDIA_READ);
            assert_int_equal(w.requests, 1);
            assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_NO);
            assert_int_equal(ine_error_number(err, INE_DETAIL_TRANSPORT_CODE), 99);
            ine_error_free(err);
            ine_options_free(options);
            world_forget(&w);
        }
    }
}

static void test_number_of_attempts(void **state)
{
    (void)state;
    for (int64_t retries = 0; retries <= 5; retries++) {
        script s = {.answers = {failure(INE_FAIL_CONNECT)}, .count = 1};
        world w = {.answer = play, .context = &s};
        ine_options *options = world_options();
        ine_error *err = NULL;
        assert_int_equal(ine_options_set_number(options, INE_OPT_RETRIES, retries, NULL), INE_OK);
        assert_int_equal(run(&w, INE_CALL_CREATE_SESSION, options, NULL, &err), INE_E_CONNECT);
        assert_int_equal(w.requests, retries + 1);
        assert_int_equal(ine_error_number(err, INE_DETAIL_ATTEMPTS), retries + 1);
        assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_NO);
        assert_int_equal(ine_error_number(err, INE_DETAIL_RETRYABLE), 1);
        assert_int_equal(ine_error_number(err, INE_DETAIL_STEP), INE_STEP_CREATE);
        ine_error_free(err);
        ine_options_free(options);
        world_forget(&w);
    }
}

/* F04, F08: a session that may exist is never asked for again. */
static void test_f04_unknown_outcome_of_create(void **state)
{
    script s = {.answers = {failure(INE_FAIL_CONNECT), status(429), failure(INE_FAIL_BROKEN)},
                .count = 3};
    world w = {.answer = play, .context = &s};
    ine_options *options = world_options();
    ine_error *err = NULL;
    (void)state;
    assert_int_equal(run(&w, INE_CALL_CREATE_SESSION, options, NULL, &err), INE_E_OUTCOME_UNKNOWN);
    assert_int_equal(w.requests, 3);
    assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_UNKNOWN);
    assert_int_equal(ine_error_number(err, INE_DETAIL_RETRYABLE), 0);
    assert_int_equal(ine_error_number(err, INE_DETAIL_CLASS), INE_CLASS_OUTCOME_UNKNOWN);
    ine_error_free(err);
    ine_options_free(options);
    world_forget(&w);
}

static world_answer conflict(int32_t http, const char *code, int32_t sign)
{
    char *body = NULL;
    const int n = asprintf(&body, "{\"status\":\"fail\",\"code\":\"%s\",\"message\":\"x\"}", code);
    assert_true(n > 0);
    return (world_answer){
        .status = http, .body = body, .owned = body, .body_len = (size_t)n, .sign = sign};
}

/* F63 */
static void test_f63_already_submitted_after_a_lost_reply(void **state)
{
    static const struct {
        int32_t first, http;
        const char *code;
        int32_t sign, result;
    } cases[] = {
        {INE_FAIL_BROKEN, 409, "1304", WORLD_SIGNED, INE_OK},
        {INE_FAIL_BROKEN, 409, "1304", WORLD_UNSIGNED, INE_OK},
        {INE_FAIL_TIMEOUT, 400, "1304", WORLD_SIGNED, INE_OK},
        /* an unsigned code decides nothing */
        {INE_FAIL_TIMEOUT, 400, "1304", WORLD_UNSIGNED, INE_E_REJECTED},
        {INE_FAIL_BROKEN, 400, "1102", WORLD_SIGNED, INE_E_REJECTED},
        {INE_FAIL_BROKEN, 400, "1306", WORLD_SIGNED, INE_E_CONFLICT},
        /* nothing has been sent before: someone else submitted it */
        {INE_FAIL_CONNECT, 409, "1304", WORLD_SIGNED, INE_E_CONFLICT},
        {INE_FAIL_CONNECT, 400, "1304", WORLD_SIGNED, INE_E_CONFLICT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        script s = {.answers = {failure(cases[i].first),
                                conflict(cases[i].http, cases[i].code, cases[i].sign)},
                    .count = 2};
        world w = {.answer = play, .context = &s};
        ine_options *options = world_options();
        ine_decision *decision = NULL;
        const int32_t got = run(&w, INE_CALL_SUBMIT, options, &decision, NULL);
        if (got != cases[i].result)
            fail_msg("case %zu: %d", i, got);
        assert_int_equal(w.requests, 2);
        assert_int_equal(decision != NULL, got == INE_OK);
        ine_decision_free(decision);
        ine_options_free(options);
        world_forget(&w);
    }
}

/* What may have been processed once stays so, however the last attempt ended. */
static void test_sent_remembers_earlier_attempts(void **state)
{
    script s = {.answers = {failure(INE_FAIL_BROKEN), failure(INE_FAIL_CONNECT)}, .count = 2};
    world w = {.answer = play, .context = &s};
    ine_options *options = world_options();
    ine_error *err = NULL;
    (void)state;
    assert_int_equal(run(&w, INE_CALL_SUBMIT, options, NULL, &err), INE_E_CONNECT);
    assert_int_equal(w.requests, 3);
    assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_UNKNOWN);
    assert_true(ine__str_is(ine_error_str(err, INE_DETAIL_SESSION_ID), WORLD_SESSION));
    ine_error_free(err);
    ine_options_free(options);
    world_forget(&w);
}

/* ---- pauses and deadlines ------------------------------------------------------------------- */

static world_answer throttled(const char *name, const char *value)
{
    world_answer answer = status(429);
    answer.headers[0] = name;
    answer.headers[1] = value;
    return answer;
}

/* F55 */
static void test_f55_retry_after(void **state)
{
    static const struct {
        const char *value;
        int64_t least, most; /* of the pause */
    } cases[] = {
        {"2", 2000, 2200}, {"60", 60000, 66000},
        {"-5", 0, 500},    {"abc", 0, 500},
        {"1.5", 0, 500},   {"99999999999999999999", 0, 500},
        {"0", 0, 500},     {"Sun, 06 Nov 1994 08:49:37 GMT", 0, 500},
        {"2, 3", 0, 500},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        script s = {.answers = {throttled("Retry-After", cases[i].value), ok(PENDING_BODY)},
                    .count = 2};
        world w = {.answer = play, .context = &s, .last_wait = 0};
        ine_options *options = world_options();
        assert_int_equal(run(&w, INE_CALL_DECISION, options, NULL, NULL), INE_OK);
        assert_in_range(w.last_wait, cases[i].least, cases[i].most);
        ine_options_free(options);
        world_forget(&w);
    }
}

static void test_f55_repeated_retry_after_counts_as_absent(void **state)
{
    world_answer twice = throttled("Retry-After", "20");
    twice.headers[2] = "retry-after";
    twice.headers[3] = "20";
    script s = {.answers = {twice, ok(PENDING_BODY)}, .count = 2};
    world w = {.answer = play, .context = &s};
    ine_options *options = world_options();
    (void)state;
    assert_int_equal(run(&w, INE_CALL_DECISION, options, NULL, NULL), INE_OK);
    assert_in_range(w.last_wait, 0, 500);
    ine_options_free(options);
    world_forget(&w);
}

static void test_long_retry_after_is_the_callers_to_wait(void **state)
{
    script s = {.answers = {throttled("Retry-After", "61")}, .count = 1};
    world w = {.answer = play, .context = &s};
    ine_options *options = world_options();
    ine_error *err = NULL;
    (void)state;
    assert_int_equal(run(&w, INE_CALL_DECISION, options, NULL, &err), INE_E_RATE_LIMIT);
    assert_int_equal(w.requests, 1);
    assert_int_equal(w.now, 0);
    assert_int_equal(ine_error_number(err, INE_DETAIL_RETRY_AFTER_MS), 61000);
    assert_int_equal(ine_error_number(err, INE_DETAIL_RETRYABLE), 1);
    ine_error_free(err);
    ine_options_free(options);
    world_forget(&w);
}

static void test_retry_after_beyond_the_deadline_gives_up_at_once(void **state)
{
    script s = {.answers = {throttled("Retry-After", "50")}, .count = 1};
    world w = {.answer = play, .context = &s, .now = 1000};
    ine_options *options = world_options();
    ine_error *err = NULL;
    (void)state;
    assert_int_equal(ine_options_set_number(options, INE_OPT_DEADLINE_MS, 50000, NULL), INE_OK);
    assert_int_equal(run(&w, INE_CALL_DECISION, options, NULL, &err), INE_E_RATE_LIMIT);
    assert_int_equal(w.now, 1000);
    assert_int_equal(ine_error_number(err, INE_DETAIL_RETRY_AFTER_MS), 50000);
    ine_error_free(err);
    ine_options_free(options);
    world_forget(&w);
}

static void test_deadline(void **state)
{
    int32_t want;
    ine_options *options = world_options();
    ine_error *err = NULL;
    (void)state;
    assert_int_equal(ine_options_set_number(options, INE_OPT_DEADLINE_MS, 1000, NULL), INE_OK);
    ine_exchange *x = open_exchange(INE_CALL_DECISION, options, 5000);
    assert_int_equal(ine_exchange_next(x, 5751, &want, NULL, NULL, NULL), INE_OK);
    assert_int_equal(want, INE_WANT_DONE); /* 249 ms are too few for an attempt */
    assert_int_equal(ine_exchange_take(x, NULL, &err), INE_E_DEADLINE);
    assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_NO);
    ine_error_free(err);
    ine_exchange_free(x);
    x = open_exchange(INE_CALL_DECISION, options, 5000);
    assert_int_equal(ine_exchange_next(x, 5750, &want, NULL, NULL, NULL), INE_OK);
    assert_int_equal(want, INE_WANT_SEND);
    assert_int_equal(ine_exchange_attempt_timeout(x), 250);
    assert_int_equal(ine_exchange_feed_failure(x, INE_FAIL_TIMEOUT, 28, 6000, NULL), INE_OK);
    assert_int_equal(ine_exchange_take(x, NULL, &err), INE_E_DEADLINE);
    assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_UNKNOWN);
    assert_int_equal(ine_error_number(err, INE_DETAIL_TRANSPORT_CODE), 28);
    ine_error_free(err);
    ine_exchange_free(x);
    ine_options_free(options);
}

static void test_attempt_timeouts(void **state)
{
    int32_t want;
    const size_t size = 3u << 20; /* 4 MB of base64: 30 s and 16 s */
    unsigned char *media = world_jpeg(size);
    ine_options *options = world_options();
    ine_credentials *credentials = world_credentials();
    ine_request *request = world_request_for(INE_CALL_UPLOAD_MEDIA, WORLD_SESSION);
    ine_exchange *x = open_exchange(INE_CALL_SUBMIT, options, 0);
    (void)state;
    assert_int_equal(ine_exchange_next(x, 0, &want, NULL, NULL, NULL), INE_OK);
    assert_int_equal(ine_exchange_attempt_timeout(x), 15000);
    ine_exchange_free(x);
    assert_int_equal(ine_request_set_media(request, INE_MEDIA_FACE, media, size, NULL), INE_OK);
    assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, NULL), INE_OK);
    assert_int_equal(ine_exchange_next(x, 0, &want, NULL, NULL, NULL), INE_OK);
    assert_int_equal(ine_exchange_attempt_timeout(x), 46000);
    ine_exchange_free(x);
    ine_request_free(request);
    ine_credentials_free(credentials);
    ine_options_free(options);
    free(media);
}

/* ---- cancelling ----------------------------------------------------------------------------- */

static void test_cancel_at_every_point(void **state)
{
    static const struct {
        int32_t call;
        bool sent;
        int32_t code;
    } cases[] = {
        {INE_CALL_CREATE_SESSION, false, INE_E_CANCELLED},
        {INE_CALL_CREATE_SESSION, true, INE_E_OUTCOME_UNKNOWN},
        {INE_CALL_SUBMIT, true, INE_E_CANCELLED},
        {INE_CALL_DECISION, true, INE_E_CANCELLED},
        {INE_CALL_UPLOAD_MEDIA, true, INE_E_CANCELLED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int32_t want;
        ine_error *err = NULL;
        ine_options *options = world_options();
        ine_exchange *x = open_exchange(cases[i].call, options, 0);
        if (cases[i].sent)
            assert_int_equal(ine_exchange_next(x, 0, &want, NULL, NULL, NULL), INE_OK);
        assert_int_equal(ine_exchange_cancel(x, NULL), INE_OK);
        assert_int_equal(ine_exchange_cancel(x, NULL), INE_OK);
        assert_int_equal(ine_exchange_next(x, 0, &want, NULL, NULL, NULL), INE_OK);
        assert_int_equal(want, INE_WANT_DONE);
        /* the transport's own end comes later and changes nothing */
        assert_int_equal(ine_exchange_feed_failure(x, INE_FAIL_BROKEN, 1, 0, NULL), INE_OK);
        assert_int_equal(ine_exchange_take(x, NULL, &err), cases[i].code);
        assert_int_equal(ine_error_number(err, INE_DETAIL_SENT),
                         cases[i].sent ? INE_SENT_UNKNOWN : INE_SENT_NO);
        ine_error_free(err);
        ine_exchange_free(x);
        ine_options_free(options);
    }
}

static void test_cancel_while_waiting(void **state)
{
    int32_t want;
    int64_t a, b;
    ine_options *options = world_options();
    ine_exchange *x = open_exchange(INE_CALL_CREATE_SESSION, options, 0);
    (void)state;
    assert_int_equal(ine_exchange_next(x, 0, &want, &a, &b, NULL), INE_OK);
    assert_int_equal(ine_exchange_feed_failure(x, INE_FAIL_CONNECT, 7, 0, NULL), INE_OK);
    assert_int_equal(ine_exchange_next(x, 0, &want, &a, &b, NULL), INE_OK);
    assert_int_equal(want, INE_WANT_WAIT);
    assert_int_equal(ine_exchange_cancel(x, NULL), INE_OK);
    assert_int_equal(ine_exchange_take(x, NULL, NULL), INE_E_CANCELLED);
    assert_int_equal(ine_exchange_take(x, NULL, NULL), INE_E_STATE);
    ine_exchange_free(x);
    ine_options_free(options);
}

/* ---- what is sent --------------------------------------------------------------------------- */

static void assert_header(const ine_exchange *x, const char *wanted, const char *text)
{
    ine_str name, value;
    size_t found = 0;
    for (size_t i = 0; ine_exchange_header(x, i, &name, &value) == INE_OK; i++) {
        if (!ine__str_ieq(name, ine__str_of(wanted)))
            continue;
        found++;
        if (text)
            assert_true(ine__str_is(value, text));
    }
    assert_int_equal(found, text ? 1 : 0);
    assert_int_equal(ine_exchange_header(x, 100, &name, &value), INE_E_ARGUMENT);
    assert_null(name.ptr);
}

/* A4: what is signed depends on the call alone. */
static void test_a4_what_is_signed(void **state)
{
    (void)state;
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        char signature[65];
        int32_t want;
        ine_options *options = world_options();
        ine_exchange *x = open_exchange(rows[row].call, options, 0);
        world w = {.now = 0};
        assert_int_equal(ine_exchange_next(x, 0, &want, NULL, NULL, NULL), INE_OK);
        assert_int_equal(world_read(&w, x), INE_OK);
        assert_int_equal(w.last.body_len, ine_exchange_body_size(x));
        const ine_str method = ine_exchange_get(x, INE_X_METHOD);
        const bool by_id = ine__str_is(method, "GET") || ine__str_is(method, "DELETE");
        if (by_id)
            world_sign(signature, WORLD_SESSION, strlen(WORLD_SESSION));
        else
            world_sign(signature, w.last.body, w.last.body_len);
        assert_header(x, "X-HMAC-SIGNATURE", signature);
        assert_header(x, "X-AUTH-CLIENT", WORLD_KEY);
        assert_header(x, "Accept-Encoding", "identity");
        assert_header(x, "Accept", "application/json");
        assert_header(x, "Content-Type", by_id ? NULL : "application/json");
        assert_header(x, "User-Agent", "libine/0.1.0");
        assert_header(x, "VRF-INTEGRATION-ID", NULL);
        world_forget(&w);
        ine_exchange_free(x);
        ine_options_free(options);
    }
}

/* C-21 */
static void test_c21_sessions_unsigned_when_switched_off(void **state)
{
    ine_options *options = world_options();
    (void)state;
    assert_int_equal(ine_options_set_number(options, INE_OPT_SIGN_SESSIONS, 0, NULL), INE_OK);
    ine_exchange *x = open_exchange(INE_CALL_CREATE_SESSION, options, 0);
    assert_header(x, "X-HMAC-SIGNATURE", NULL);
    ine_exchange_free(x);
    char signature[65];
    world_sign(signature, "{\"verification\":{\"status\":\"submitted\"}}", 39);
    x = open_exchange(INE_CALL_SUBMIT, options, 0);
    assert_header(x, "X-HMAC-SIGNATURE", signature);
    ine_exchange_free(x);
    ine_options_free(options);
}

static void test_integration_id_and_agent(void **state)
{
    ine_options *options = world_options();
    (void)state;
    assert_int_equal(ine_options_set_text(options, INE_OPT_INTEGRATION_ID, "int-1", 5, NULL), 0);
    assert_int_equal(ine_options_set_text(options, INE_OPT_USER_AGENT_SUFFIX, "app/2", 5, NULL), 0);
    ine_exchange *x = open_exchange(INE_CALL_DECISION, options, 0);
    assert_header(x, "VRF-INTEGRATION-ID", "int-1");
    assert_header(x, "User-Agent", "libine/0.1.0 app/2");
    ine_exchange_free(x);
    ine_options_free(options);
}

static void test_urls(void **state)
{
    static const struct {
        const char *base, *url, *target;
    } cases[] = {
        {"https://api.test", "https://api.test/v1/sessions", "/v1/sessions"},
        {"https://api.test/", "https://api.test/v1/sessions", "/v1/sessions"},
        {"https://api.test:8443/a/b/", "https://api.test:8443/a/b/v1/sessions", "/a/b/v1/sessions"},
        {"http://127.0.0.1:80", "http://127.0.0.1:80/v1/sessions", "/v1/sessions"},
        {"http://[::1]:80", "http://[::1]:80/v1/sessions", "/v1/sessions"},
        {"http://localhost", "http://localhost/v1/sessions", "/v1/sessions"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ine_options *options = world_options();
        assert_int_equal(ine_options_set_text(options, INE_OPT_BASE_URL, cases[i].base,
                                              strlen(cases[i].base), NULL),
                         INE_OK);
        ine_exchange *x = open_exchange(INE_CALL_CREATE_SESSION, options, 0);
        assert_true(ine__str_is(ine_exchange_get(x, INE_X_URL), cases[i].url));
        assert_true(ine__str_is(ine_exchange_get(x, INE_X_TARGET), cases[i].target));
        assert_true(ine__str_is(ine_exchange_get(x, INE_X_TEMPLATE), "/v1/sessions"));
        ine_exchange_free(x);
        ine_options_free(options);
    }
}

/* B7 */
static void test_b7_plain_http_needs_a_sandbox_key(void **state)
{
    static const char sandbox_key[] = "5a4db0c5-0f5e-4c7a-9a3f-2f0f3ddc7e10";
    static const char *const bases[] = {"http://api.test", "http://10.0.0.1",
                                        "http://127.evil.test"};
    ine_request *request = request_for(INE_CALL_DECISION);
    ine_credentials *credentials = world_credentials(), *sandbox = NULL;
    (void)state;
    assert_int_equal(ine_credentials_new(&sandbox, NULL, 0, sandbox_key, 36, NULL), INE_OK);
    assert_int_equal(ine_credentials_add_secret(sandbox, NULL, 0, "s", 1, NULL), INE_OK);
    for (size_t i = 0; i < 2; i++) {
        ine_exchange *x = NULL;
        ine_options *options = world_options();
        assert_int_equal(
            ine_options_set_text(options, INE_OPT_BASE_URL, bases[i], strlen(bases[i]), NULL), 0);
        assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, NULL),
                         INE_E_CONFIG);
        assert_null(x);
        assert_int_equal(ine_exchange_new(&x, request, sandbox, options, 0, NULL), INE_OK);
        ine_exchange_free(x);
        ine_options_free(options);
    }
    ine_exchange *x = NULL;
    assert_int_equal(ine_exchange_new(&x, request, credentials, NULL, 0, NULL), INE_E_CONFIG);
    ine_options *options = world_options();
    assert_int_equal(
        ine_options_set_number(options, INE_OPT_REPLY_SIGNATURES, INE_REPLY_SIGNATURES_OFF, NULL),
        INE_OK);
    assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, NULL), INE_E_CONFIG);
    assert_int_equal(ine_exchange_new(&x, request, sandbox, options, 0, NULL), INE_OK);
    ine_exchange_free(x);
    ine_options_free(options);
    ine_credentials_free(sandbox);
    ine_credentials_free(credentials);
    ine_request_free(request);
}

static void test_credentials_without_a_secret(void **state)
{
    ine_credentials *bare = NULL;
    ine_exchange *x = NULL;
    ine_options *options = world_options();
    ine_request *request = request_for(INE_CALL_DECISION),
                *media = request_for(INE_CALL_UPLOAD_MEDIA);
    (void)state;
    assert_int_equal(ine_credentials_new(&bare, NULL, 0, WORLD_KEY, 36, NULL), INE_OK);
    assert_int_equal(ine_exchange_new(&x, request, bare, options, 0, NULL), INE_E_STATE);
    assert_int_equal(ine_exchange_new(&x, media, bare, options, 0, NULL), INE_E_STATE);
    ine_request_free(request);
    ine_request_free(media);
    ine_credentials_free(bare);
    ine_options_free(options);
}

static void test_arguments(void **state)
{
    ine_exchange *x = NULL;
    size_t written;
    int32_t want;
    int64_t a, b;
    char byte;
    ine_str name;
    (void)state;
    assert_int_equal(ine_exchange_new(NULL, NULL, NULL, NULL, 0, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_new(&x, NULL, NULL, NULL, 0, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_next(NULL, 0, &want, NULL, NULL, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_read(NULL, &byte, 1, &written, &want, &a, &b, NULL),
                     INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_feed_media(NULL, &byte, 1, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_feed_status(NULL, 200, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_feed_header(NULL, "a", 1, "b", 1, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_feed_body(NULL, &byte, 1, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_feed_end(NULL, 0, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_feed_failure(NULL, 1, 0, 0, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_cancel(NULL, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_take(NULL, NULL, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_header(NULL, 0, &name, NULL), INE_E_ARGUMENT);
    assert_null(ine_exchange_get(NULL, INE_X_URL).ptr);
    assert_int_equal(ine_exchange_body_size(NULL), 0);
    assert_int_equal(ine_exchange_attempt_timeout(NULL), 0);
    ine_exchange_free(NULL);
}

static void test_feeds_out_of_turn_are_refused(void **state)
{
    int32_t want;
    size_t written;
    int64_t a, b;
    char bytes[4];
    ine_options *options = world_options();
    ine_exchange *x = open_exchange(INE_CALL_DECISION, options, 0);
    (void)state;
    assert_int_equal(ine_exchange_feed_status(x, 200, NULL), INE_E_STATE);
    assert_int_equal(ine_exchange_feed_end(x, 0, NULL), INE_E_STATE);
    assert_int_equal(ine_exchange_feed_failure(x, INE_FAIL_BROKEN, 0, 0, NULL), INE_E_STATE);
    assert_int_equal(ine_exchange_take(x, NULL, NULL), INE_E_STATE);
    assert_int_equal(ine_exchange_next(x, 0, &want, &a, &b, NULL), INE_OK);
    assert_int_equal(want, INE_WANT_SEND);
    assert_int_equal(ine_exchange_next(x, 0, &want, &a, &b, NULL), INE_OK);
    assert_int_equal(want, INE_WANT_RECV);
    assert_int_equal(ine_exchange_read(x, bytes, 4, &written, &want, &a, &b, NULL), INE_OK);
    assert_int_equal(written, 0);
    assert_int_equal(want, INE_WANT_RECV);
    assert_int_equal(ine_exchange_feed_header(x, "a", 1, "b", 1, NULL), INE_E_STATE);
    assert_int_equal(ine_exchange_feed_body(x, "a", 1, NULL), INE_E_STATE);
    assert_int_equal(ine_exchange_feed_media(x, "a", 1, NULL), INE_E_STATE);
    assert_int_equal(ine_exchange_feed_failure(x, 0, 0, 0, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_feed_failure(x, 10, 0, 0, NULL), INE_E_ARGUMENT);
    ine_exchange_free(x);
    ine_options_free(options);
}

/* ---- memory --------------------------------------------------------------------------------- */

static bool whole_exchange(void *argument)
{
    const int32_t call = *(const int32_t *)argument;
    script s = {.answers = {status(429), ok(good_body(call))}, .count = 2};
    world w = {.answer = play, .context = &s};
    bool good = false;
    ine_exchange *x = NULL;
    ine_decision *decision = NULL;
    ine_error *err = NULL;
    ine_options *options = world_options();
    ine_credentials *credentials = world_credentials();
    ine_request *request = world_request_for(call, WORLD_SESSION);
    if (request && call == INE_CALL_UPLOAD_MEDIA)
        ine_request_set_media_source(request, INE_MEDIA_FACE, sizeof face, NULL);
    w.media = face;
    w.media_len = sizeof face;
    if (options && credentials && request &&
        ine_exchange_new(&x, request, credentials, options, 0, &err) == INE_OK)
        good = world_run(&w, x, &decision, &err) == INE_OK && decision;
    if (!good && err)
        assert_true(ine_error_code(err) == INE_E_MEMORY || ine_error_code(err) == INE_E_STATE ||
                    ine_error_code(err) == INE_E_UNSIGNED ||
                    ine_error_code(err) == INE_E_OUTCOME_UNKNOWN);
    ine_error_free(err);
    ine_decision_free(decision);
    ine_exchange_free(x);
    ine_request_free(request);
    ine_credentials_free(credentials);
    ine_options_free(options);
    world_forget(&w);
    return good;
}

static void test_d4_each_allocation(void **state)
{
    int32_t calls[] = {INE_CALL_DECISION, INE_CALL_SUBMIT, INE_CALL_UPLOAD_MEDIA};
    (void)state;
    for (size_t i = 0; i < 3; i++)
        test_each_allocation(whole_exchange, &calls[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_cell_of_the_retry_table),
        cmocka_unit_test(test_every_way_to_lose_a_reply),
        cmocka_unit_test(test_final_answers_are_never_repeated),
        cmocka_unit_test(test_tls_and_media_failures_are_never_repeated),
        cmocka_unit_test(test_number_of_attempts),
        cmocka_unit_test(test_f04_unknown_outcome_of_create),
        cmocka_unit_test(test_f63_already_submitted_after_a_lost_reply),
        cmocka_unit_test(test_sent_remembers_earlier_attempts),
        cmocka_unit_test(test_f55_retry_after),
        cmocka_unit_test(test_f55_repeated_retry_after_counts_as_absent),
        cmocka_unit_test(test_long_retry_after_is_the_callers_to_wait),
        cmocka_unit_test(test_retry_after_beyond_the_deadline_gives_up_at_once),
        cmocka_unit_test(test_deadline),
        cmocka_unit_test(test_attempt_timeouts),
        cmocka_unit_test(test_cancel_at_every_point),
        cmocka_unit_test(test_cancel_while_waiting),
        cmocka_unit_test(test_a4_what_is_signed),
        cmocka_unit_test(test_c21_sessions_unsigned_when_switched_off),
        cmocka_unit_test(test_integration_id_and_agent),
        cmocka_unit_test(test_urls),
        cmocka_unit_test(test_b7_plain_http_needs_a_sandbox_key),
        cmocka_unit_test(test_credentials_without_a_secret),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_feeds_out_of_turn_are_refused),
        cmocka_unit_test(test_d4_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
