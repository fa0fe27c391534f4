/* One call: every cell of the retry table, pauses, deadlines. */
#include "test_proto_calls.h"

#include "proto/exchange.h"

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
static void test_F4_unknown_outcome_of_create(void **state)
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
    assert_true(ine__str_contains(ine_error_str(err, INE_DETAIL_HINT), "vendorData"));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_cell_of_the_retry_table),
        cmocka_unit_test(test_every_way_to_lose_a_reply),
        cmocka_unit_test(test_final_answers_are_never_repeated),
        cmocka_unit_test(test_tls_and_media_failures_are_never_repeated),
        cmocka_unit_test(test_number_of_attempts),
        cmocka_unit_test(test_F4_unknown_outcome_of_create),
        cmocka_unit_test(test_f63_already_submitted_after_a_lost_reply),
        cmocka_unit_test(test_sent_remembers_earlier_attempts),
        cmocka_unit_test(test_f55_retry_after),
        cmocka_unit_test(test_f55_repeated_retry_after_counts_as_absent),
        cmocka_unit_test(test_long_retry_after_is_the_callers_to_wait),
        cmocka_unit_test(test_retry_after_beyond_the_deadline_gives_up_at_once),
        cmocka_unit_test(test_deadline),
        cmocka_unit_test(test_attempt_timeouts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
