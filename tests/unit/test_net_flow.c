/* Flows through the client: what happens in which order, media from a file, events, webhooks. */
#include "netclient.h"

#include "crypto/base64.h"
#include "crypto/hex.h"

#include <fcntl.h>

#define IMAGE_SIZE  20000
#define SESSION_URL "https://alchemy.example/v/token"
#define CREATED_REPLY                                                                             \
    "{\"status\":\"success\",\"verification\":{\"id\":\"" NET_SESSION "\",\"url\":\"" SESSION_URL \
    "\",\"vendorData\":\"order-1\",\"host\":\"https://alchemy.example\",\"status\":\"created\","  \
    "\"sessionToken\":\"token\"}}"
#define MEDIA_REPLY                                                                       \
    "{\"status\":\"success\",\"image\":{\"id\":\"aea9ba6d-1b47-47fc-a4fc-f72b6d3584a7\"," \
    "\"name\":\"face\",\"context\":\"face\",\"size\":20000,\"timestamp\":null,"           \
    "\"mimetype\":\"image/jpeg\",\"url\":\"https://example.com/x\"}}"
#define SUBMIT_REPLY                                                  \
    "{\"status\":\"success\",\"verification\":{\"id\":\"" NET_SESSION \
    "\",\"status\":\"submitted\"}}"
#define PENDING_REPLY "{\"status\":\"success\",\"verification\":null}"

typedef struct picture {
    char path[32];
    unsigned char bytes[IMAGE_SIZE];
} picture;

static void write_picture(picture *image)
{
    const int fd = open(image->path, O_WRONLY | O_TRUNC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, image->bytes, IMAGE_SIZE), IMAGE_SIZE);
    close(fd);
}

/* Begins as a JPEG does; the local checks of images have tests of their own. */
static picture *new_picture(void)
{
    static const unsigned char head[] = {0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F',
                                         0,    1,    1,    0,    0, 1,  0,   1,   0,   0};
    picture *image = calloc(1, sizeof *image);
    strcpy(image->path, "/tmp/ine-test-XXXXXX");
    const int fd = mkstemp(image->path);
    assert_true(fd >= 0);
    close(fd);
    for (size_t i = 0; i < IMAGE_SIZE; i++)
        image->bytes[i] = (unsigned char)(i * 7 + i / 251);
    memcpy(image->bytes, head, sizeof head);
    write_picture(image);
    return image;
}

static void free_picture(picture *image)
{
    unlink(image->path);
    free(image);
}

static void set(ine_verification *verification, int32_t input, const char *text)
{
    assert_int_equal(ine_verification_set_text(verification, input, text, strlen(text), NULL),
                     INE_OK);
}

static ine_verification *new_verification(const picture *image)
{
    ine_verification *verification;
    assert_int_equal(ine_verification_new(&verification, INE_PRODUCT_MX_INE, NULL), INE_OK);
    set(verification, INE_IN_CIC, "123456789");
    set(verification, INE_IN_VENDOR_DATA, "order-1");
    assert_int_equal(ine_verification_set_number(verification, INE_IN_CONSENT, 1, NULL), INE_OK);
    assert_int_equal(ine_verification_set_media_path(verification, INE_MEDIA_FACE, image->path,
                                                     strlen(image->path), NULL),
                     INE_OK);
    return verification;
}

static net flow_net(void)
{
    net n = net_new();
    net_number(&n, INE_OPT_LOCAL_CHECKS, 0);
    net_number(&n, INE_OPT_KEEP_METADATA, 1);
    net_number(&n, INE_OPT_POLL_FIRST_MS, 1);
    net_number(&n, INE_OPT_POLL_MAX_MS, 2);
    return n;
}

static void reply(const net *n, const char *status, const char *body)
{
    raw_signed(n->server, n->credentials, status, body, RAW_KEEP);
}

static uint64_t start(const net *n, int32_t mode, const ine_verification *verification)
{
    uint64_t id;
    assert_int_equal(ine_client_run(n->client, mode, verification, NET_SESSION,
                                    verification ? 0 : 36, n->queue, 11, &id, NULL),
                     INE_OK);
    return id;
}

/* The next event of a kind; progress is passed over. */
static ine_event *expect(const net *n, int32_t kind, uint64_t id)
{
    ine_event *event = net_event(n);
    while (ine_event_kind(event) == INE_EVENT_PROGRESS && kind != INE_EVENT_PROGRESS) {
        ine_event_free(event);
        event = net_event(n);
    }
    assert_int_equal(ine_event_kind(event), kind);
    assert_int_equal(ine_event_token(event), 11);
    assert_int_equal(ine_event_submission(event), id);
    return event;
}

static int64_t outcome_of(ine_event *event)
{
    ine_verdict *verdict;
    ine_decision *decision;
    int64_t outcome = -1;
    assert_int_equal(ine_event_take(event, &verdict, &decision, NULL), INE_OK);
    assert_non_null(verdict);
    assert_non_null(decision);
    ine_verdict_field(verdict, INE_V_OUTCOME, NULL, &outcome);
    ine_verdict_free(verdict);
    ine_decision_free(decision);
    return outcome;
}

/* The last request's body is the image in base64, and its signature is over the body. */
static void check_upload(const net *n, const picture *image)
{
    static char text[IMAGE_SIZE / 3 * 4 + 8];
    char signature[96] = "X-HMAC-SIGNATURE: ";
    const size_t len = ine__base64_encode(text, image->bytes, IMAGE_SIZE);
    text[len] = 0;
    pthread_mutex_lock(&n->server->lock);
    const char *body = strstr(n->server->last, "\r\n\r\n");
    assert_non_null(body);
    body += 4;
    assert_int_equal(ine__credentials_sign(n->credentials, ine__str_of(body), signature + 18, NULL),
                     INE_OK);
    assert_non_null(strcasestr(n->server->last, signature));
    assert_non_null(strstr(body, "\"context\":\"face\""));
    assert_non_null(strstr(body, text));
    pthread_mutex_unlock(&n->server->lock);
}

static void a_whole_verification(void **state)
{
    (void)state;
    picture *image = new_picture();
    ine_verification *verification = new_verification(image);
    net n = flow_net();
    reply(&n, "201 Created", CREATED_REPLY);
    reply(&n, "201 Created", MEDIA_REPLY);
    reply(&n, "200 OK", SUBMIT_REPLY);
    reply(&n, "200 OK", PENDING_REPLY);
    reply(&n, "200 OK", PENDING_REPLY);
    reply(&n, "200 OK", NET_DECISION);
    net_number(&n, INE_OPT_PROGRESS, 1);
    net_number(&n, INE_OPT_PAUSE_CREATED, 1);
    net_go(&n);
    const uint64_t id = start(&n, INE_FLOW_VERIFY, verification);
    /* Inputs are copied, the file is open: both may go. */
    ine_verification_free(verification);
    unlink(image->path);
    ine_event *event = expect(&n, INE_EVENT_CREATED, id);
    assert_true(ine__str_is(ine_event_session_id(event), NET_SESSION));
    assert_true(ine__str_is(ine_event_session_url(event), SESSION_URL));
    assert_int_equal(ine_event_number(event, INE_EV_STEP), INE_STEP_CREATE);
    ine_event_free(event);
    assert_int_equal(atomic_load(&n.server->requests), 1);
    assert_int_equal(ine_client_continue(n.client, id, NULL), INE_OK);
    assert_int_equal(ine_client_continue(n.client, id, NULL), INE_OK);
    event = expect(&n, INE_EVENT_DONE, id);
    assert_true(ine__str_is(ine_event_session_id(event), NET_SESSION));
    assert_int_equal(outcome_of(event), INE_OUTCOME_NOT_VERIFIED);
    ine_event_free(event);
    assert_int_equal(atomic_load(&n.server->requests), 6);
    assert_int_equal(atomic_load(&n.server->connections), 1);
    net_free(&n);
    free_picture(image);
}

/* Nobody lets it go on: it ends at its deadline all the same, and says which session it was. What
 * is fed meanwhile does not let it go on either. */
static void a_pause_without_an_end(void **state)
{
    static const char decided[] = NET_DECISION;
    ine_decision *decision;
    (void)state;
    picture *image = new_picture();
    ine_verification *verification = new_verification(image);
    net n = flow_net();
    reply(&n, "201 Created", CREATED_REPLY);
    net_number(&n, INE_OPT_PAUSE_CREATED, 1);
    net_number(&n, INE_OPT_DEADLINE_MS, 2500);
    net_go(&n);
    const uint64_t id = start(&n, INE_FLOW_VERIFY, verification);
    ine_event_free(expect(&n, INE_EVENT_CREATED, id));
    assert_int_equal(ine_decision_read(&decision, decided, sizeof decided - 1, INE_READ_COPY, NULL),
                     INE_OK);
    assert_int_equal(ine_client_feed_decision(n.client, decision, NULL), INE_OK);
    ine_decision_free(decision);
    ine_event *event = expect(&n, INE_EVENT_DONE, id);
    assert_int_equal(ine_error_code(ine_event_error(event)), INE_E_DEADLINE);
    assert_true(ine__str_is(ine_event_session_id(event), NET_SESSION));
    ine_event_free(event);
    assert_int_equal(atomic_load(&n.server->requests), 1);
    ine_verification_free(verification);
    net_free(&n);
    free_picture(image);
}

static void an_upload_is_what_was_signed(void **state)
{
    (void)state;
    picture *image = new_picture();
    ine_verification *verification = new_verification(image);
    net n = flow_net();
    reply(&n, "201 Created", CREATED_REPLY);
    raw_text(n.server, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", RAW_KEEP);
    net_number(&n, INE_OPT_PROGRESS, 1);
    net_go(&n);
    const uint64_t id = start(&n, INE_FLOW_START, verification);
    int64_t most = 0;
    ine_event *event = net_event(&n);
    while (ine_event_kind(event) != INE_EVENT_DONE) {
        if (ine_event_number(event, INE_EV_BYTES) > most)
            most = ine_event_number(event, INE_EV_BYTES);
        ine_event_free(event);
        event = net_event(&n);
    }
    assert_int_equal(ine_event_submission(event), id);
    assert_int_equal(ine_error_code(ine_event_error(event)), INE_E_REJECTED);
    assert_int_equal(ine_event_number(event, INE_EV_STEP), INE_STEP_MEDIA);
    assert_true(ine__str_is(ine_event_session_id(event), NET_SESSION));
    ine_event_free(event);
    check_upload(&n, image);
    assert_true(most <= (int64_t)IMAGE_SIZE / 3 * 4 + 200);
    ine_verification_free(verification);
    net_free(&n);
    free_picture(image);
}

/* The file changes between the signature and a repeat of the upload: it is not sent again. */
static void a_file_that_changes(void **state)
{
    (void)state;
    picture *image = new_picture();
    ine_verification *verification = new_verification(image);
    net n = flow_net();
    reply(&n, "201 Created", CREATED_REPLY);
    raw_text(n.server, "HTTP/1.1 429 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n",
             RAW_KEEP);
    reply(&n, "201 Created", MEDIA_REPLY);
    net_number(&n, INE_OPT_RETRIES, 1);
    net_go(&n);
    start(&n, INE_FLOW_START, verification);
    ine_event *event = net_event(&n);
    assert_int_equal(ine_event_kind(event), INE_EVENT_CREATED);
    ine_event_free(event);
    /* Requests are counted when they have been read whole. */
    raw_until(&n.server->requests, 2);
    image->bytes[IMAGE_SIZE - 1] ^= 1;
    write_picture(image);
    event = net_event(&n);
    assert_int_equal(ine_error_code(ine_event_error(event)), INE_E_MEDIA_CHANGED);
    ine_event_free(event);
    assert_int_equal(atomic_load(&n.server->requests), 2);
    ine_verification_free(verification);
    net_free(&n);
    free_picture(image);
}

static void a_file_that_shrinks(void **state)
{
    (void)state;
    picture *image = new_picture();
    ine_verification *verification = new_verification(image);
    net n = flow_net();
    reply(&n, "201 Created", CREATED_REPLY);
    net_number(&n, INE_OPT_PAUSE_CREATED, 1);
    net_go(&n);
    const uint64_t id = start(&n, INE_FLOW_START, verification);
    ine_event_free(expect(&n, INE_EVENT_CREATED, id));
    assert_int_equal(truncate(image->path, 100), 0);
    assert_int_equal(ine_client_continue(n.client, id, NULL), INE_OK);
    ine_event *event = expect(&n, INE_EVENT_DONE, id);
    assert_int_equal(ine_error_code(ine_event_error(event)), INE_E_MEDIA_READ);
    ine_event_free(event);
    assert_int_equal(atomic_load(&n.server->requests), 1);
    ine_verification_free(verification);
    net_free(&n);
    free_picture(image);
}

static void a_file_that_is_missing(void **state)
{
    ine_error *err;
    uint64_t id = 9;
    (void)state;
    picture *image = new_picture();
    ine_verification *verification = new_verification(image);
    unlink(image->path);
    net n = flow_net();
    net_go(&n);
    assert_int_equal(
        ine_client_run(n.client, INE_FLOW_START, verification, NULL, 0, n.queue, 11, &id, &err),
        INE_E_INPUT);
    assert_int_equal(id, 0);
    assert_int_equal(ine_report_errors(ine_error_report(err)), 1);
    ine_error_free(err);
    ine_verification_free(verification);
    net_free(&n);
    free_picture(image);
}

/* Cancelled at each place where a flow waits. */
static void cancelling(void **state)
{
    (void)state;
    picture *image = new_picture();
    ine_verification *verification = new_verification(image);
    for (int place = 0; place < 3; place++) {
        net n = flow_net();
        if (place == 0)
            raw_text(n.server, "", RAW_HANG); /* while the session is made */
        else
            reply(&n, "201 Created", CREATED_REPLY);
        if (place == 2)
            raw_text(n.server, "", RAW_HANG); /* during the upload */
        net_number(&n, INE_OPT_PAUSE_CREATED, place == 1);
        net_go(&n);
        const uint64_t id = start(&n, INE_FLOW_VERIFY, verification);
        if (place)
            ine_event_free(expect(&n, INE_EVENT_CREATED, id));
        for (int i = 0;
             place != 1 && i < 100000000 && atomic_load(&n.server->requests) < (place ? 2u : 1u);
             i++)
            sched_yield();
        assert_int_equal(ine_client_cancel(n.client, id, NULL), INE_OK);
        ine_event *event = expect(&n, INE_EVENT_DONE, id);
        /* A session may have been made: that has to be known. */
        assert_int_equal(ine_error_code(ine_event_error(event)),
                         place ? INE_E_CANCELLED : INE_E_OUTCOME_UNKNOWN);
        assert_true(ine__str_is(ine_error_str(ine_event_error(event), INE_DETAIL_SESSION_ID),
                                NET_SESSION) == (place > 0));
        ine_event_free(event);
        net_free(&n);
    }
    ine_verification_free(verification);
    free_picture(image);
}

static ine_decision *webhook(const char *body)
{
    ine_decision *decision;
    assert_int_equal(ine_decision_read(&decision, body, strlen(body), INE_READ_BORROW, NULL),
                     INE_OK);
    return decision;
}

/* A webhook ends a wait: between two polls, during one, and right after the submission. */
static void a_webhook_ends_the_wait(void **state)
{
    static char other[] = NET_DECISION;
    (void)state;
    memcpy(strstr(other, NET_SESSION), "00000000", 8);
    for (int when = 0; when < 3; when++) {
        net n = flow_net();
        if (when == 1)
            raw_text(n.server, "", RAW_HANG);
        else
            reply(&n, "200 OK", PENDING_REPLY);
        /* Nothing but the webhook can end the wait before the test's runner does. */
        net_number(&n, INE_OPT_CALL_TIMEOUT_MS, 3600000);
        net_number(&n, INE_OPT_POLL_FIRST_MS, 3600000);
        net_number(&n, INE_OPT_POLL_MAX_MS, 3600000);
        net_number(&n, INE_OPT_DEADLINE_MS, 604800000);
        net_number(&n, INE_OPT_PROGRESS, when == 0);
        net_go(&n);
        const uint64_t id = start(&n, INE_FLOW_WAIT, NULL);
        if (when == 0) {
            /* The progress of the pause says that it has begun. */
            for (int64_t wait = -1; wait < 0;) {
                ine_event *event = expect(&n, INE_EVENT_PROGRESS, id);
                wait = ine_event_number(event, INE_EV_WAIT_MS);
                assert_int_equal(ine_event_number(event, INE_EV_STEP), INE_STEP_WAIT);
                ine_event_free(event);
            }
        }
        if (when == 1)
            raw_until(&n.server->requests, 1);
        ine_decision *decision = webhook(other);
        assert_int_equal(ine_client_feed_decision(n.client, decision, NULL), INE_OK);
        ine_decision_free(decision);
        decision = webhook(NET_DECISION);
        assert_int_equal(ine_client_feed_decision(n.client, decision, NULL), INE_OK);
        ine_decision_free(decision);
        ine_event *event = expect(&n, INE_EVENT_DONE, id);
        assert_int_equal(outcome_of(event), INE_OUTCOME_NOT_VERIFIED);
        ine_event_free(event);
        net_free(&n);
    }
}

/* A webhook during START or for nobody changes nothing. */
static void a_webhook_for_nobody(void **state)
{
    (void)state;
    net n = flow_net();
    net_go(&n);
    ine_decision *decision = webhook(NET_DECISION);
    assert_int_equal(ine_client_feed_decision(n.client, decision, NULL), INE_OK);
    ine_decision_free(decision);
    net_free(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_verification),
        cmocka_unit_test(a_pause_without_an_end),
        cmocka_unit_test(an_upload_is_what_was_signed),
        cmocka_unit_test(a_file_that_changes),
        cmocka_unit_test(a_file_that_shrinks),
        cmocka_unit_test(a_file_that_is_missing),
        cmocka_unit_test(cancelling),
        cmocka_unit_test(a_webhook_ends_the_wait),
        cmocka_unit_test(a_webhook_for_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
