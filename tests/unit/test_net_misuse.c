/*
 * D7: every function of ine.h with nothing at all, and with real handles and absurd numbers. It
 * survives, says so, and leaves what it was given in order. tests/house sees that none is missing.
 */
#include "netclient.h"

/* Refused with an error that agrees, and with nobody to hear of it. */
#define REFUSED(call)                                               \
    do {                                                            \
        ine_error *err = NULL;                                      \
        const int32_t code = (call);                                \
        if (code >= 0 || !err || ine_error_code(err) != code)       \
            fail_msg("%s: %d, error %p", #call, code, (void *)err); \
        assert_true(ine_error_text(err).len > 0);                   \
        assert_int_equal(ine_code_class(code) > 0, 1);              \
        ine_error_free(err);                                        \
    } while (0)

/* Whatever it says, error and code agree. */
#define ANY(call)                                    \
    do {                                             \
        ine_error *err = NULL;                       \
        const int32_t code = (call);                 \
        if (code != (err ? ine_error_code(err) : 0)) \
            fail_msg("%s, %d: %d", #call, n, code);  \
        ine_error_free(err);                         \
    } while (0)

/* clang-format off */
static void D7_nothing_at_all(void **state)
{
    (void)state;
    assert_int_equal(ine_init(NULL), INE_OK);
    assert_true(ine_version().len > 0);
    assert_true(ine_build_info().len > 0);
    assert_int_equal(ine_name(0, 0).len, 0);
    (void)ine_value(0, NULL, 0);
    (void)ine_code_class(0);
    (void)ine_error_code(NULL);
    assert_int_equal(ine_error_text(NULL).len, 0);
    (void)ine_error_number(NULL, 0);
    assert_int_equal(ine_error_str(NULL, 0).len, 0);
    assert_null(ine_error_report(NULL));
    assert_int_equal(ine_error_json(NULL).len, 0);
    ine_error_free(NULL);
    REFUSED(ine_options_new(NULL, &err));
    REFUSED(ine_options_set_text(NULL, 0, NULL, 0, &err));
    REFUSED(ine_options_set_number(NULL, 0, 0, &err));
    ine_options_free(NULL);
    REFUSED(ine_credentials_new(NULL, NULL, 0, NULL, 0, &err));
    REFUSED(ine_credentials_add_secret(NULL, NULL, 0, NULL, 0, &err));
    (void)ine_credentials_is_sandbox(NULL);
    ine_credentials_free(NULL);
    REFUSED(ine_sign(NULL, 0, NULL, 0, NULL, &err));
    REFUSED(ine_verify_signature(NULL, NULL, 0, NULL, 0, &err));
    REFUSED(ine_verification_new(NULL, 0, &err));
    REFUSED(ine_verification_set_text(NULL, 0, NULL, 0, &err));
    REFUSED(ine_verification_set_number(NULL, 0, 0, &err));
    REFUSED(ine_verification_set_media(NULL, 0, NULL, 0, &err));
    REFUSED(ine_verification_set_media_source(NULL, 0, 0, &err));
    REFUSED(ine_verification_set_media_path(NULL, 0, NULL, 0, &err));
    REFUSED(ine_verification_check(NULL, NULL, NULL, &err));
    ine_verification_free(NULL);
    (void)ine_report_count(NULL);
    (void)ine_report_errors(NULL);
    (void)ine_report_item(NULL, 0, NULL, NULL, NULL, NULL, NULL);
    assert_int_equal(ine_report_json(NULL).len, 0);
    ine_report_free(NULL);
    REFUSED(ine_curp_check(NULL, NULL, 0, NULL, NULL, NULL, &err));
    REFUSED(ine_mrz_read(NULL, NULL, 0, NULL, &err));
    (void)ine_mrz_field(NULL, 0, NULL, NULL);
    assert_null(ine_mrz_report(NULL));
    ine_mrz_free(NULL);
    REFUSED(ine_registration_check(NULL, NULL, 0, &err));
    REFUSED(ine_decision_read(NULL, NULL, 0, 0, &err));
    REFUSED(ine_decision_reread(NULL, NULL, 0, 0, &err));
    (void)ine_decision_kind(NULL);
    assert_int_equal(ine_decision_bytes(NULL).len, 0);
    (void)ine_decision_field(NULL, 0, NULL, NULL);
    (void)ine_decision_fields(NULL, NULL, 0, NULL, NULL, NULL);
    (void)ine_decision_count(NULL, 0);
    (void)ine_decision_item(NULL, 0, 0, 0, NULL, NULL);
    REFUSED(ine_decision_find(NULL, NULL, 0, NULL, &err));
    ine_decision_free(NULL);
    REFUSED(ine_verdict_new(NULL, NULL, 0, 0, &err));
    (void)ine_verdict_field(NULL, 0, NULL, NULL);
    (void)ine_verdict_fields(NULL, NULL, 0, NULL, NULL, NULL);
    assert_int_equal(ine_verdict_text(NULL, 0, 0).len, 0);
    assert_int_equal(ine_verdict_json(NULL).len, 0);
    ine_verdict_free(NULL);
    REFUSED(ine_webhooks_new(NULL, &err));
    REFUSED(ine_webhooks_add(NULL, NULL, &err));
    REFUSED(ine_webhooks_set_limit(NULL, 0, &err));
    ine_webhooks_free(NULL);
    assert_int_equal(ine_reason_hint(-1, 0).len, 0);
    REFUSED(ine_webhooks_open(NULL, NULL, NULL, NULL, 0, NULL, 0, 0, 0, NULL, &err));
    (void)ine_webhooks_diagnose(NULL, NULL, NULL, 0, NULL, 0);
    (void)ine_webhook_field(NULL, 0, NULL, NULL);
    assert_null(ine_webhook_decision(NULL));
    assert_null(ine_webhook_verdict(NULL));
    REFUSED(ine_webhook_expect(NULL, 0, NULL, 0, &err));
    ine_webhook_free(NULL);
    REFUSED(ine_decision_id(NULL, NULL, 0, NULL, &err));
    (void)ine_decision_supersedes(NULL, NULL);
    assert_int_equal(ine_text_view(NULL).len, 0);
    ine_text_free(NULL);
    REFUSED(ine_pseudonym(NULL, 0, NULL, 0, NULL, &err));
    REFUSED(ine_redact(NULL, NULL, 0, &err));
    REFUSED(ine_media_digest(NULL, 0, NULL, NULL, NULL, &err));
    REFUSED(ine_evidence_new(NULL, NULL, NULL, &err));
    REFUSED(ine_evidence_set_text(NULL, 0, NULL, 0, &err));
    REFUSED(ine_evidence_set_number(NULL, 0, 0, &err));
    REFUSED(ine_evidence_json(NULL, NULL, &err));
    ine_evidence_free(NULL);
    REFUSED(ine_evidence_check(NULL, 0, NULL, 0, &err));
    REFUSED(ine_request_new(NULL, 0, &err));
    REFUSED(ine_request_set_text(NULL, 0, NULL, 0, &err));
    REFUSED(ine_request_set_number(NULL, 0, 0, &err));
    REFUSED(ine_request_set_verification(NULL, NULL, &err));
    REFUSED(ine_request_set_media(NULL, 0, NULL, 0, &err));
    REFUSED(ine_request_set_media_source(NULL, 0, 0, &err));
    REFUSED(ine_request_set_media_path(NULL, 0, NULL, 0, &err));
    assert_int_equal(ine_event_text(NULL, INE_EV_METHOD).len, 0);
    REFUSED(ine_client_drive(NULL, 0, &err));
    ine_request_free(NULL);
    REFUSED(ine_exchange_new(NULL, NULL, NULL, NULL, 0, &err));
    REFUSED(ine_exchange_next(NULL, 0, NULL, NULL, NULL, &err));
    assert_int_equal(ine_exchange_get(NULL, 0).len, 0);
    (void)ine_exchange_header(NULL, 0, NULL, NULL);
    (void)ine_exchange_body_size(NULL);
    (void)ine_exchange_attempt_timeout(NULL);
    REFUSED(ine_exchange_read(NULL, NULL, 0, NULL, NULL, NULL, NULL, &err));
    REFUSED(ine_exchange_feed_media(NULL, NULL, 0, &err));
    REFUSED(ine_exchange_feed_status(NULL, 0, &err));
    REFUSED(ine_exchange_feed_header(NULL, NULL, 0, NULL, 0, &err));
    REFUSED(ine_exchange_feed_body(NULL, NULL, 0, &err));
    REFUSED(ine_exchange_feed_end(NULL, 0, &err));
    REFUSED(ine_exchange_feed_failure(NULL, 0, 0, 0, &err));
    REFUSED(ine_exchange_cancel(NULL, &err));
    REFUSED(ine_exchange_take(NULL, NULL, &err));
    ine_exchange_free(NULL);
    REFUSED(ine_flow_new(NULL, 0, NULL, NULL, 0, NULL, NULL, 0, &err));
    REFUSED(ine_flow_next(NULL, 0, NULL, NULL, NULL, &err));
    assert_null(ine_flow_exchange(NULL));
    (void)ine_flow_media(NULL);
    REFUSED(ine_flow_feed_media(NULL, NULL, 0, &err));
    REFUSED(ine_flow_feed_decision(NULL, NULL, &err));
    (void)ine_flow_step(NULL);
    assert_int_equal(ine_flow_session_id(NULL).len, 0);
    assert_int_equal(ine_flow_session_url(NULL).len, 0);
    REFUSED(ine_flow_cancel(NULL, &err));
    REFUSED(ine_flow_take(NULL, NULL, NULL, &err));
    ine_flow_free(NULL);
    REFUSED(ine_queue_new(NULL, &err));
    (void)ine_queue_fd(NULL);
    REFUSED(ine_queue_drain(NULL, NULL, 0, 0, NULL, &err));
    ine_queue_wake(NULL);
    REFUSED(ine_queue_on_ready(NULL, NULL, NULL, 0, &err));
    ine_queue_free(NULL);
    (void)ine_event_kind(NULL);
    (void)ine_event_token(NULL);
    (void)ine_event_submission(NULL);
    (void)ine_event_number(NULL, 0);
    assert_int_equal(ine_event_session_id(NULL).len, 0);
    assert_int_equal(ine_event_session_url(NULL).len, 0);
    assert_null(ine_event_error(NULL));
    REFUSED(ine_event_take(NULL, NULL, NULL, &err));
    ine_event_free(NULL);
    REFUSED(ine_client_new(NULL, NULL, NULL, &err));
    REFUSED(ine_client_submit(NULL, NULL, NULL, 0, NULL, &err));
    REFUSED(ine_client_run(NULL, 0, NULL, NULL, 0, NULL, 0, NULL, &err));
    REFUSED(ine_client_continue(NULL, 0, &err));
    REFUSED(ine_client_feed_decision(NULL, NULL, &err));
    REFUSED(ine_client_cancel(NULL, 0, &err));
    REFUSED(ine_client_close(NULL, NULL, 0, &err));
    ine_client_free(NULL);
}

/* One of each handle. */
typedef struct all {
    ine_error *error;
    ine_options *options;
    ine_credentials *credentials;
    ine_verification *verification;
    ine_mrz *mrz;
    ine_decision *decision;
    ine_verdict *verdict;
    ine_webhooks *webhooks;
    ine_webhook *webhook;
    ine_evidence *evidence;
    ine_request *request;
    ine_exchange *exchange;
    ine_flow *flow;
    ine_queue *queue;
    ine_event *event;
    ine_client *client;
} all;

static void absurd(const all *a, int32_t n)
{
    (void)ine_name(n, n);
    (void)ine_value(n, NULL, 7);
    (void)ine_code_class(n);
    (void)ine_error_number(a->error, n);
    (void)ine_error_str(a->error, n);
    ANY(ine_options_set_text(a->options, n, NULL, 7, &err));
    ANY(ine_options_set_number(a->options, n, (int64_t)n, &err));
    ANY(ine_sign(a->credentials, n, NULL, 7, NULL, &err));
    ANY(ine_verification_new(NULL, n, &err));
    ANY(ine_verification_set_text(a->verification, n, NULL, 7, &err));
    ANY(ine_verification_set_number(a->verification, n, (int64_t)n, &err));
    ANY(ine_verification_set_media(a->verification, n, NULL, 7, &err));
    ANY(ine_verification_set_media_source(a->verification, n, (uint64_t)n, &err));
    ANY(ine_verification_set_media_path(a->verification, n, NULL, 7, &err));
    (void)ine_mrz_field(a->mrz, n, NULL, NULL);
    ANY(ine_decision_read(NULL, NULL, 7, n, &err));
    ANY(ine_decision_reread(a->decision, NULL, 7, n, &err));
    (void)ine_decision_field(a->decision, n, NULL, NULL);
    (void)ine_decision_count(a->decision, n);
    (void)ine_decision_item(a->decision, n, 7, n, NULL, NULL);
    ANY(ine_verdict_new(NULL, a->decision, (int64_t)n, (int64_t)n, &err));
    (void)ine_verdict_field(a->verdict, n, NULL, NULL);
    (void)ine_verdict_text(a->verdict, n, n);
    ANY(ine_webhooks_set_limit(a->webhooks, (int64_t)n, &err));
    (void)ine_reason_hint(n, n);
    ANY(ine_webhooks_open(NULL, a->webhooks, NULL, NULL, 7, NULL, 7, (int64_t)n, n, NULL, &err));
    (void)ine_webhook_field(a->webhook, n, NULL, NULL);
    ANY(ine_webhook_expect(a->webhook, n, NULL, 7, &err));
    ANY(ine_evidence_set_text(a->evidence, n, NULL, 7, &err));
    ANY(ine_evidence_set_number(a->evidence, n, (int64_t)n, &err));
    ANY(ine_request_new(NULL, n, &err));
    ANY(ine_request_set_text(a->request, n, NULL, 7, &err));
    ANY(ine_request_set_number(a->request, n, (int64_t)n, &err));
    ANY(ine_request_set_media(a->request, n, NULL, 7, &err));
    ANY(ine_request_set_media_source(a->request, n, (uint64_t)n, &err));
    ANY(ine_request_set_media_path(a->request, n, NULL, 7, &err));
    ANY(ine_exchange_new(NULL, a->request, a->credentials, a->options, (int64_t)n, &err));
    ANY(ine_exchange_next(a->exchange, (int64_t)n, NULL, NULL, NULL, &err));
    (void)ine_exchange_get(a->exchange, n);
    ANY(ine_exchange_feed_status(a->exchange, n, &err));
    ANY(ine_exchange_feed_end(a->exchange, (int64_t)n, &err));
    ANY(ine_exchange_feed_failure(a->exchange, n, (int64_t)n, (int64_t)n, &err));
    ANY(ine_flow_new(NULL, n, a->verification, NULL, 7, a->credentials, a->options, n, &err));
    ANY(ine_flow_next(a->flow, (int64_t)n, NULL, NULL, NULL, &err));
    (void)ine_event_number(a->event, n);
    ANY(ine_client_submit(a->client, a->request, a->queue, (uint64_t)n, NULL, &err));
    ANY(ine_client_run(a->client, n, a->verification, NULL, 7, a->queue, (uint64_t)n, NULL, &err));
    ANY(ine_client_continue(a->client, (uint64_t)n, &err));
    ANY(ine_client_cancel(a->client, (uint64_t)n, &err));
    ANY(ine_client_drive(a->client, n < -1 ? n : 0, &err));
}
/* clang-format on */

static void open_webhook(all *a)
{
    char signature[65] = {0};
    const ine_str names[] = {INE__STR("x-auth-client"), INE__STR("x-hmac-signature")};
    assert_int_equal(ine__credentials_sign(a->credentials, INE__STR(NET_DECISION), signature, NULL),
                     INE_OK);
    const ine_str values[] = {INE__STR(NET_KEY), ine__str(signature, 64)};
    assert_int_equal(ine_webhooks_new(&a->webhooks, NULL), INE_OK);
    assert_int_equal(ine_webhooks_add(a->webhooks, a->credentials, NULL), INE_OK);
    assert_int_equal(ine_webhooks_open(&a->webhook, a->webhooks, names, values, 2, NET_DECISION,
                                       sizeof NET_DECISION - 1, 0, INE_READ_COPY, NULL, NULL),
                     INE_OK);
}

static void open_event(all *a)
{
    ine_client *client;
    size_t count = 0;
    assert_int_equal(ine_queue_new(&a->queue, NULL), INE_OK);
    assert_int_equal(ine_client_new(&client, a->credentials, a->options, NULL), INE_OK);
    assert_int_equal(ine_client_close(client, a->queue, 1, NULL), INE_OK);
    assert_int_equal(ine_queue_drain(a->queue, &a->event, 1, -1, &count, NULL), INE_OK);
    assert_int_equal(count, 1);
    ine_client_free(client);
}

static all open_all(void)
{
    static const char mrz[] = "IDMEX1234567890<<1234567890123\n8001019H2912315MEX<01<<12345<0\n"
                              "GARCIA<LOPEZ<<JUAN<<<<<<<<<<<<";
    all a = {.credentials = net_credentials(), .options = net_options(1), .request = net_get()};
    assert_int_equal(ine_options_set_number(a.options, 0, 0, &a.error), INE_E_ARGUMENT);
    assert_int_equal(ine_verification_new(&a.verification, INE_PRODUCT_MX_INE, NULL), INE_OK);
    ine_mrz_read(&a.mrz, mrz, sizeof mrz - 1, NULL, NULL);
    assert_int_equal(
        ine_decision_read(&a.decision, NET_DECISION, sizeof NET_DECISION - 1, INE_READ_COPY, NULL),
        INE_OK);
    assert_int_equal(ine_verdict_new(&a.verdict, a.decision, 0, 0, NULL), INE_OK);
    assert_int_equal(ine_evidence_new(&a.evidence, a.decision, a.verdict, NULL), INE_OK);
    open_webhook(&a);
    assert_int_equal(ine_exchange_new(&a.exchange, a.request, a.credentials, a.options, 1000, NULL),
                     INE_OK);
    assert_int_equal(ine_flow_new(&a.flow, INE_FLOW_WAIT, NULL, NET_SESSION, 36, a.credentials,
                                  a.options, 1000, NULL),
                     INE_OK);
    open_event(&a);
    assert_int_equal(ine_client_new(&a.client, a.credentials, a.options, NULL), INE_OK);
    return a;
}

/* Its thread has ended when CLOSED comes: before this process does. */
static void close_client(all *a)
{
    int32_t kind = 0;
    assert_int_equal(ine_client_close(a->client, a->queue, 1, NULL), INE_OK);
    while (kind != INE_EVENT_CLOSED) {
        ine_event *event = NULL;
        size_t count = 0;
        assert_int_equal(ine_queue_drain(a->queue, &event, 1, -1, &count, NULL), INE_OK);
        kind = count ? ine_event_kind(event) : 0;
        ine_event_free(event);
    }
    ine_client_free(a->client);
}

static void free_all(all *a)
{
    close_client(a);
    ine_event_free(a->event);
    ine_queue_free(a->queue);
    ine_flow_free(a->flow);
    ine_exchange_free(a->exchange);
    ine_webhook_free(a->webhook);
    ine_webhooks_free(a->webhooks);
    ine_evidence_free(a->evidence);
    ine_verdict_free(a->verdict);
    ine_decision_free(a->decision);
    ine_mrz_free(a->mrz);
    ine_request_free(a->request);
    ine_verification_free(a->verification);
    ine_options_free(a->options);
    ine_credentials_free(a->credentials);
    ine_error_free(a->error);
}

static void D7_absurd_numbers(void **state)
{
    static const int32_t numbers[] = {
        INT32_MIN, INT32_MIN + 1, -9999,         -1,       31, 32, 63, 64, 65, 255, 256,
        9999,      65536,         INT32_MAX - 1, INT32_MAX};
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        all a = open_all();
        absurd(&a, numbers[i]);
        /* What it was tried on still works. */
        assert_int_equal(ine_decision_field(a.decision, INE_D_CODE, NULL, NULL), INE_FIELD_PRESENT);
        assert_int_equal(ine_webhook_field(a.webhook, INE_W_KIND, NULL, NULL), INE_FIELD_PRESENT);
        free_all(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(D7_nothing_at_all),
        cmocka_unit_test(D7_absurd_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
