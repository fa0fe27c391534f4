/*
 * T1: each allocation fails in turn, once and for good, while a client without a thread makes a
 * call, an upload from a file or a whole flow, with every kind of event. Whatever fails, what was
 * accepted has its DONE, once, and everything can be freed.
 */
#include "netclient.h"

#include <fcntl.h>

#define CREATED_REPLY                                                               \
    "{\"status\":\"success\",\"verification\":{\"id\":\"" NET_SESSION "\",\"url\":" \
    "\"https://alchemy.example/v/token\",\"vendorData\":\"order-1\",\"host\":"      \
    "\"https://alchemy.example\",\"status\":\"created\",\"sessionToken\":\"token\"}}"
#define MEDIA_REPLY                                                                       \
    "{\"status\":\"success\",\"image\":{\"id\":\"aea9ba6d-1b47-47fc-a4fc-f72b6d3584a7\"," \
    "\"name\":\"face\",\"context\":\"face\",\"size\":3000,\"timestamp\":null,"            \
    "\"mimetype\":\"image/jpeg\",\"url\":\"https://example.com/x\"}}"
#define SUBMIT_REPLY                                                  \
    "{\"status\":\"success\",\"verification\":{\"id\":\"" NET_SESSION \
    "\",\"status\":\"submitted\"}}"

typedef struct scene {
    const net *n;
    char path[32];
    int32_t (*submit)(const struct scene *s, ine_client *client, ine_queue *queue);
} scene;

static int32_t submit_request(ine_client *client, ine_queue *queue, ine_request *request,
                              int32_t made)
{
    const int32_t code =
        made == INE_OK ? ine_client_submit(client, request, queue, 5, NULL, NULL) : made;
    ine_request_free(request);
    return code;
}

static int32_t get(const scene *s, ine_client *client, ine_queue *queue)
{
    ine_request *request;
    (void)s;
    int32_t code = ine_request_new(&request, INE_CALL_DECISION, NULL);
    if (code == INE_OK)
        code = ine_request_set_text(request, INE_IN_SESSION_ID, NET_SESSION, 36, NULL);
    return submit_request(client, queue, request, code);
}

static int32_t upload(const scene *s, ine_client *client, ine_queue *queue)
{
    ine_request *request;
    int32_t code = ine_request_new(&request, INE_CALL_UPLOAD_MEDIA, NULL);
    if (code == INE_OK)
        code = ine_request_set_text(request, INE_IN_SESSION_ID, NET_SESSION, 36, NULL);
    if (code == INE_OK)
        code = ine_request_set_media_path(request, INE_MEDIA_FACE, s->path, strlen(s->path), NULL);
    return submit_request(client, queue, request, code);
}

static int32_t verify(const scene *s, ine_client *client, ine_queue *queue)
{
    ine_verification *v;
    int32_t code = ine_verification_new(&v, INE_PRODUCT_MX_INE, NULL);
    if (code == INE_OK)
        code = ine_verification_set_text(v, INE_IN_CIC, "123456789", 9, NULL);
    if (code == INE_OK)
        code = ine_verification_set_text(v, INE_IN_VENDOR_DATA, "order-1", 7, NULL);
    if (code == INE_OK)
        code = ine_verification_set_number(v, INE_IN_CONSENT, 1, NULL);
    if (code == INE_OK)
        code = ine_verification_set_media_path(v, INE_MEDIA_FACE, s->path, strlen(s->path), NULL);
    if (code == INE_OK)
        code = ine_client_run(client, INE_FLOW_VERIFY, v, NULL, 0, queue, 5, NULL, NULL);
    ine_verification_free(v);
    return code;
}

/* Drives until everything in flight has its event. The DONEs that came, and whether all went well.
 */
static int drive(ine_client *client, ine_queue *queue, bool *ok)
{
    int done = 0;
    for (bool more = true; more;) {
        ine_event *event = NULL;
        size_t count = 0;
        assert_int_equal(ine_client_drive(client, done ? 0 : -1, NULL), INE_OK);
        more = !done;
        while (ine_queue_drain(queue, &event, 1, 0, &count, NULL) == INE_OK && count) {
            assert_int_equal(done, 0);
            if (ine_event_kind(event) == INE_EVENT_DONE) {
                done++;
                *ok = *ok && !ine_event_error(event);
            }
            ine_event_free(event);
        }
    }
    return done;
}

static bool play(void *data)
{
    const scene *s = data;
    ine_client *client = NULL;
    ine_queue *queue = NULL;
    atomic_store(&s->n->server->requests, 0);
    bool ok = ine_queue_new(&queue, NULL) == INE_OK &&
              ine_client_new(&client, s->n->credentials, s->n->options, NULL) == INE_OK &&
              s->submit(s, client, queue) == INE_OK;
    if (ok)
        assert_int_equal(drive(client, queue, &ok), 1);
    ine_client_free(client);
    ine_queue_free(queue);
    return ok;
}

static void write_picture(scene *s)
{
    static const unsigned char image[3000] = {0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F'};
    strcpy(s->path, "/tmp/ine-test-XXXXXX");
    const int fd = mkstemp(s->path);
    assert_int_equal(write(fd, image, sizeof image), sizeof image);
    close(fd);
}

static void sweep(int32_t (*submit)(const scene *, ine_client *, ine_queue *),
                  const char *const *replies)
{
    net n = net_new();
    scene s = {.n = &n, .submit = submit};
    write_picture(&s);
    for (size_t i = 0; replies[i]; i++)
        raw_signed(n.server, n.credentials, "200 OK", replies[i], RAW_KEEP);
    net_number(&n, INE_OPT_THREAD, 0);
    net_number(&n, INE_OPT_LOCAL_CHECKS, 0);
    net_number(&n, INE_OPT_ATTEMPTS, 1);
    net_number(&n, INE_OPT_PROGRESS, 1);
    net_number(&n, INE_OPT_POLL_FIRST_MS, 1);
    net_number(&n, INE_OPT_POLL_MAX_MS, 1);
    raw_go(n.server);
    test_each_allocation(play, &s);
    unlink(s.path);
    ine_queue_free(n.queue);
    ine_options_free(n.options);
    ine_credentials_free(n.credentials);
    raw_free(n.server);
}

static void a_call(void **state)
{
    static const char *const replies[] = {NET_DECISION, NULL};
    (void)state;
    sweep(get, replies);
}

static void an_upload_from_a_file(void **state)
{
    static const char *const replies[] = {MEDIA_REPLY, NULL};
    (void)state;
    sweep(upload, replies);
}

static void a_flow(void **state)
{
    static const char *const replies[] = {CREATED_REPLY, MEDIA_REPLY, SUBMIT_REPLY, NET_DECISION,
                                          NULL};
    (void)state;
    sweep(verify, replies);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call),
        cmocka_unit_test(an_upload_from_a_file),
        cmocka_unit_test(a_flow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
