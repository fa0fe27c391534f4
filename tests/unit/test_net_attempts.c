/* What each request did, for logs (ATTEMPT events), and an upload from a file by itself. */
#include "netclient.h"

#include "crypto/base64.h"

#include <fcntl.h>
#include <unistd.h>

#define IMAGE_SIZE 20000
#define MEDIA_REPLY                                                                       \
    "{\"status\":\"success\",\"image\":{\"id\":\"aea9ba6d-1b47-47fc-a4fc-f72b6d3584a7\"," \
    "\"name\":\"face\",\"context\":\"face\",\"size\":20000,\"timestamp\":null,"           \
    "\"mimetype\":\"image/jpeg\",\"url\":\"https://example.com/x\"}}"
#define BUSY "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"

static void submit(const net *n, ine_request *request)
{
    assert_int_equal(ine_client_submit(n->client, request, n->queue, 5, NULL, NULL), INE_OK);
    ine_request_free(request);
}

static ine_event *attempt(const net *n, int64_t number)
{
    ine_event *event = net_event(n);
    assert_int_equal(ine_event_kind(event), INE_EVENT_ATTEMPT);
    assert_int_equal(ine_event_token(event), 5);
    assert_int_equal(ine_event_number(event, INE_EV_ATTEMPT), number);
    assert_true(ine_event_number(event, INE_EV_TIME_MS) >= 0);
    return event;
}

static void done(const net *n, int32_t code)
{
    ine_event *event = net_event(n);
    assert_int_equal(ine_event_kind(event), INE_EVENT_DONE);
    assert_int_equal(ine_error_code(ine_event_error(event)), code);
    assert_null(ine_event_text(event, INE_EV_METHOD).ptr);
    assert_null(ine_event_text(event, INE_EV_TEMPLATE).ptr);
    ine_event_free(event);
}

/* One event for each request, repeats too, in order and before DONE; its texts hold no id. */
static void each_request_is_told_of(void **state)
{
    (void)state;
    net n = net_new();
    raw_text(n.server, BUSY, RAW_KEEP);
    raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_KEEP);
    net_number(&n, INE_OPT_RETRIES, 1);
    net_number(&n, INE_OPT_ATTEMPTS, 1);
    net_go(&n);
    submit(&n, net_get());
    ine_event *event = attempt(&n, 1);
    assert_int_equal(ine_event_number(event, INE_EV_STATUS), 503);
    assert_int_equal(ine_event_number(event, INE_EV_FAILURE), 0);
    assert_int_equal(ine_event_number(event, INE_EV_RECEIVED), 4);
    assert_int_equal(ine_event_number(event, INE_EV_BYTES), 0);
    assert_int_equal(ine_event_number(event, INE_EV_STEP), INE_STEP_WAIT);
    ine_event_free(event);
    event = attempt(&n, 2);
    assert_int_equal(ine_event_number(event, INE_EV_STATUS), 200);
    assert_int_equal(ine_event_number(event, INE_EV_RECEIVED), (int64_t)strlen(NET_DECISION));
    assert_true(ine__str_is(ine_event_text(event, INE_EV_METHOD), "GET"));
    assert_true(ine__str_is(ine_event_text(event, INE_EV_TEMPLATE), "/v1/sessions/{id}/decision"));
    assert_null(ine_event_text(event, 0).ptr);
    assert_true(ine__str_is(ine_event_session_id(event), NET_SESSION));
    ine_event_free(event);
    done(&n, INE_OK);
    net_free(&n);
}

static void a_request_without_a_reply(void **state)
{
    (void)state;
    net n = net_new();
    raw_text(n.server, "", RAW_RST);
    net_number(&n, INE_OPT_ATTEMPTS, 1);
    net_go(&n);
    submit(&n, net_post());
    ine_event *event = attempt(&n, 1);
    assert_int_equal(ine_event_number(event, INE_EV_STATUS), 0);
    assert_int_equal(ine_event_number(event, INE_EV_FAILURE), INE_FAIL_BROKEN);
    assert_int_equal(ine_event_number(event, INE_EV_BYTES), 7);
    assert_int_equal(ine_event_number(event, INE_EV_TOTAL), 7);
    assert_null(ine_event_session_id(event).ptr);
    ine_event_free(event);
    done(&n, INE_E_OUTCOME_UNKNOWN);
    net_free(&n);
}

static void a_request_that_is_given_up(void **state)
{
    (void)state;
    uint64_t id;
    net n = net_new();
    raw_text(n.server, "", RAW_HANG);
    net_number(&n, INE_OPT_ATTEMPTS, 1);
    net_go(&n);
    ine_request *request = net_get();
    assert_int_equal(ine_client_submit(n.client, request, n.queue, 5, &id, NULL), INE_OK);
    ine_request_free(request);
    raw_until(&n.server->requests, 1);
    assert_int_equal(ine_client_cancel(n.client, id, NULL), INE_OK);
    ine_event *event = attempt(&n, 1);
    assert_int_equal(ine_event_number(event, INE_EV_FAILURE), -1);
    assert_int_equal(ine_event_number(event, INE_EV_STATUS), 0);
    ine_event_free(event);
    done(&n, INE_E_CANCELLED);
    net_free(&n);
}

/* Nobody asked: nothing but DONE. */
static void without_the_option(void **state)
{
    (void)state;
    net n = net_new();
    raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_KEEP);
    net_go(&n);
    submit(&n, net_get());
    done(&n, INE_OK);
    net_free(&n);
}

static ine_request *upload(const char *path)
{
    ine_request *request;
    assert_int_equal(ine_request_new(&request, INE_CALL_UPLOAD_MEDIA, NULL), INE_OK);
    assert_int_equal(ine_request_set_text(request, INE_IN_SESSION_ID, NET_SESSION, 36, NULL),
                     INE_OK);
    assert_int_equal(ine_request_set_media_path(request, INE_MEDIA_FACE, path, strlen(path), NULL),
                     INE_OK);
    return request;
}

/* The file may go as soon as it is submitted: it is open. */
static void an_upload_from_a_file(void **state)
{
    (void)state;
    static const unsigned char head[] = {0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F',
                                         0,    1,    1,    0,    0, 1,  0,   1,   0,   0};
    static unsigned char image[IMAGE_SIZE];
    static char text[IMAGE_SIZE / 3 * 4 + 8];
    char path[] = "/tmp/ine-test-XXXXXX", signature[96] = "X-HMAC-SIGNATURE: ";
    for (size_t i = 0; i < IMAGE_SIZE; i++)
        image[i] = (unsigned char)(i * 11 + i / 253);
    memcpy(image, head, sizeof head);
    const int fd = mkstemp(path);
    assert_int_equal(write(fd, image, IMAGE_SIZE), IMAGE_SIZE);
    close(fd);
    net n = net_new();
    raw_signed(n.server, n.credentials, "201 Created", MEDIA_REPLY, RAW_KEEP);
    net_number(&n, INE_OPT_LOCAL_CHECKS, 0);
    net_number(&n, INE_OPT_KEEP_METADATA, 1);
    net_go(&n);
    submit(&n, upload(path));
    unlink(path);
    done(&n, INE_OK);
    text[ine__base64_encode(text, image, IMAGE_SIZE)] = 0;
    pthread_mutex_lock(&n.server->lock);
    const char *body = strstr(n.server->last, "\r\n\r\n");
    assert_non_null(body);
    assert_non_null(strstr(body, text));
    assert_int_equal(
        ine__credentials_sign(n.credentials, ine__str_of(body + 4), signature + 18, NULL), INE_OK);
    assert_non_null(strcasestr(n.server->last, signature));
    pthread_mutex_unlock(&n.server->lock);
    net_free(&n);
}

/* A file that is not there is refused at once, with whatever else is wrong, and has no event. */
static void a_file_that_can_not_be_read(void **state)
{
    static const char *const paths[] = {"/nonexistent/selfie.jpg", "/dev/null", "/tmp"};
    (void)state;
    net n = net_new();
    net_go(&n);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        ine_error *err;
        int32_t problem;
        ine_request *request = upload(paths[i]);
        assert_int_equal(ine_request_set_text(request, INE_IN_SESSION_ID, "x", 1, NULL), INE_OK);
        assert_int_equal(ine_client_submit(n.client, request, n.queue, 5, NULL, &err), INE_E_INPUT);
        assert_int_equal(ine_report_errors(ine_error_report(err)), 2);
        assert_int_equal(
            ine_report_item(ine_error_report(err), 1, NULL, NULL, &problem, NULL, NULL), INE_OK);
        assert_int_equal(problem, INE_PROBLEM_UNREADABLE);
        ine_error_free(err);
        ine_request_free(request);
    }
    net_free(&n);
}

static void a_path_that_is_none(void **state)
{
    (void)state;
    ine_request *request = upload("/tmp/a");
    assert_int_equal(ine_request_set_media_path(request, INE_MEDIA_FACE, "", 0, NULL),
                     INE_E_ARGUMENT);
    assert_int_equal(ine_request_set_media_path(request, INE_MEDIA_FACE, "a\0b", 3, NULL),
                     INE_E_ARGUMENT);
    assert_int_equal(ine_request_set_media_path(request, 99, "/tmp/a", 6, NULL), INE_E_ARGUMENT);
    /* Another path, or memory, takes its place. */
    assert_int_equal(ine_request_set_media_path(request, INE_MEDIA_FACE, "/tmp/b", 6, NULL),
                     INE_OK);
    assert_int_equal(ine_request_set_media(request, INE_MEDIA_FACE, "x", 1, NULL), INE_OK);
    ine_request_free(request);
    request = net_get();
    assert_int_equal(ine_request_set_media_path(request, INE_MEDIA_FACE, "/tmp/a", 6, NULL),
                     INE_E_ARGUMENT);
    ine_request_free(request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_request_is_told_of),    cmocka_unit_test(a_request_without_a_reply),
        cmocka_unit_test(a_request_that_is_given_up), cmocka_unit_test(without_the_option),
        cmocka_unit_test(an_upload_from_a_file),      cmocka_unit_test(a_file_that_can_not_be_read),
        cmocka_unit_test(a_path_that_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
