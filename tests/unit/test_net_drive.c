/* A client without a thread: its work is done inside ine_client_drive(), and nowhere else. */
#include "netclient.h"

#include <dirent.h>
#include <sys/wait.h>

static net drive_net(void)
{
    net n = net_new();
    net_number(&n, INE_OPT_THREAD, 0);
    return n;
}

static size_t threads(void)
{
    size_t count = 0;
    DIR *tasks = opendir("/proc/self/task");
    while (readdir(tasks))
        count++;
    closedir(tasks);
    return count;
}

static uint64_t submit(const net *n)
{
    uint64_t id;
    ine_request *request = net_get();
    assert_int_equal(ine_client_submit(n->client, request, n->queue, 5, &id, NULL), INE_OK);
    ine_request_free(request);
    return id;
}

/* The next event, without waiting; NULL: there is none. */
static ine_event *there(const net *n)
{
    ine_event *event = NULL;
    size_t count;
    assert_int_equal(ine_queue_drain(n->queue, &event, 1, 0, &count, NULL), INE_OK);
    return event;
}

static void expect_done(const net *n, int32_t code)
{
    ine_event *event = there(n);
    assert_non_null(event);
    assert_int_equal(ine_event_kind(event), INE_EVENT_DONE);
    assert_int_equal(ine_error_code(ine_event_error(event)), code);
    ine_event_free(event);
}

static int32_t drive(const net *n, int64_t wait_ms)
{
    return ine_client_drive(n->client, wait_ms, NULL);
}

/* Everything that net_free() does, but for its wait for a thread. */
static void free_all(net *n)
{
    ine_client_free(n->client);
    ine_queue_free(n->queue);
    ine_options_free(n->options);
    ine_credentials_free(n->credentials);
    raw_free(n->server);
}

static void calls_on_this_thread(void **state)
{
    (void)state;
    net n = drive_net();
    for (int i = 0; i < 3; i++)
        raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_KEEP);
    net_go(&n);
    const size_t before = threads();
    assert_int_equal(drive(&n, -1), INE_OK); /* nothing in flight: nothing to wait for */
    for (int i = 0; i < 3; i++) {
        submit(&n);
        assert_null(there(&n));
        assert_int_equal(drive(&n, -1), INE_OK);
        expect_done(&n, INE_OK);
    }
    assert_int_equal(threads(), before);
    assert_int_equal(atomic_load(&n.server->connections), 1);
    free_all(&n);
}

/* The time is up, nothing is lost, and the next call goes on. */
static void a_limited_wait(void **state)
{
    (void)state;
    net n = drive_net();
    raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_KEEP)->pause_ms = 1;
    n.server->step[0].slice = 20;
    net_go(&n);
    submit(&n);
    size_t turns = 0;
    for (ine_event *event; !(event = there(&n)) || (ine_event_free(event), false); turns++)
        assert_int_equal(drive(&n, 1), INE_OK);
    assert_true(turns > 1);
    free_all(&n);
}

static void repeats_wait_on_this_thread(void **state)
{
    (void)state;
    net n = drive_net();
    raw_text(n.server, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", RAW_KEEP);
    raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_KEEP);
    net_number(&n, INE_OPT_RETRIES, 1);
    net_go(&n);
    submit(&n);
    assert_int_equal(drive(&n, -1), INE_OK);
    expect_done(&n, INE_OK);
    assert_int_equal(atomic_load(&n.server->requests), 2);
    free_all(&n);
}

static void misuse(void **state)
{
    (void)state;
    net n = net_new();
    net_go(&n);
    assert_int_equal(drive(&n, 0), INE_E_STATE);
    assert_int_equal(ine_client_drive(NULL, 0, NULL), INE_E_ARGUMENT);
    assert_int_equal(drive(&n, -2), INE_E_ARGUMENT);
    net_free(&n);
    n = drive_net();
    net_go(&n);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(drive(&n, 0) == INE_E_FORKED ? 0 : 1);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    free_all(&n);
}

/* In flight is cancelled, then CLOSED comes; after that there is nothing to drive. */
static void closing(void **state)
{
    (void)state;
    net n = drive_net();
    raw_text(n.server, "", RAW_HANG);
    net_go(&n);
    submit(&n);
    assert_int_equal(drive(&n, 1), INE_OK);
    assert_int_equal(ine_client_close(n.client, n.queue, 99, NULL), INE_OK);
    int32_t kind = 0;
    for (int i = 0; i < 10 && kind != INE_EVENT_CLOSED; i++) {
        ine_event *event = there(&n);
        if (event) {
            kind = ine_event_kind(event);
            ine_event_free(event);
        } else {
            assert_int_equal(drive(&n, -1), INE_OK);
        }
    }
    assert_int_equal(kind, INE_EVENT_CLOSED);
    assert_int_equal(drive(&n, 0), INE_E_CLOSED);
    free_all(&n);
}

typedef struct other {
    const net *n;
    atomic_int code;
    atomic_bool inside;
} other;

static void *drive_there(void *data)
{
    other *o = data;
    atomic_store(&o->inside, true);
    atomic_store(&o->code, drive(o->n, -1));
    return NULL;
}

/* One thread drives, another cancels: the wait ends with the event. */
static void cancelled_by_another_thread(void **state)
{
    (void)state;
    pthread_t thread;
    net n = drive_net();
    other o = {.n = &n, .code = 1};
    raw_text(n.server, "", RAW_HANG);
    net_go(&n);
    const uint64_t id = submit(&n);
    assert_int_equal(pthread_create(&thread, NULL, drive_there, &o), 0);
    raw_until(&n.server->requests, 1);
    assert_int_equal(drive(&n, 0), INE_E_BUSY);
    assert_int_equal(ine_client_cancel(n.client, id, NULL), INE_OK);
    pthread_join(thread, NULL);
    assert_int_equal(atomic_load(&o.code), INE_OK);
    expect_done(&n, INE_E_CANCELLED);
    free_all(&n);
}

/* Freed with a call in flight: its event comes all the same. */
static void freed_with_a_call_in_flight(void **state)
{
    (void)state;
    net n = drive_net();
    raw_text(n.server, "", RAW_HANG);
    net_go(&n);
    submit(&n);
    assert_int_equal(drive(&n, 1), INE_OK);
    ine_client_free(n.client);
    n.client = NULL;
    ine_event *event = net_event(&n);
    assert_int_equal(ine_error_code(ine_event_error(event)), INE_E_CANCELLED);
    ine_event_free(event);
    free_all(&n);
}

static void freed_while_it_is_driven(void **state)
{
    (void)state;
    pthread_t thread;
    net n = drive_net();
    other o = {.n = &n, .code = 1};
    raw_text(n.server, "", RAW_HANG);
    net_go(&n);
    submit(&n);
    assert_int_equal(pthread_create(&thread, NULL, drive_there, &o), 0);
    raw_until(&n.server->requests, 1);
    ine_client_free(n.client);
    pthread_join(thread, NULL);
    n.client = NULL;
    expect_done(&n, INE_E_CANCELLED);
    free_all(&n);
}

static void freed_before_it_was_driven(void **state)
{
    (void)state;
    net n = drive_net();
    net_go(&n);
    submit(&n);
    ine_client_free(n.client);
    n.client = NULL;
    ine_event *event = net_event(&n);
    assert_int_equal(ine_error_code(ine_event_error(event)), INE_E_CANCELLED);
    ine_event_free(event);
    free_all(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_on_this_thread),
        cmocka_unit_test(a_limited_wait),
        cmocka_unit_test(repeats_wait_on_this_thread),
        cmocka_unit_test(misuse),
        cmocka_unit_test(closing),
        cmocka_unit_test(cancelled_by_another_thread),
        cmocka_unit_test(freed_with_a_call_in_flight),
        cmocka_unit_test(freed_while_it_is_driven),
        cmocka_unit_test(freed_before_it_was_driven),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
