/* A queue's hook is called without a lock of ours held, and never from a call that frees. */
#include "netclient.h"

typedef struct watched {
    const net *n;
    uint64_t id;
    atomic_int calls;
    pthread_t thread; /* of the last call */
} watched;

static watched *of(uint64_t token)
{
    return (watched *)(uintptr_t)token;
}

static void ready(uint64_t token)
{
    watched *w = of(token);
    w->thread = pthread_self();
    /* Needs the client's lock, as what another thread holds while it waits for the host's does. */
    ine_client_continue(w->n->client, w->id, NULL);
    atomic_fetch_add(&w->calls, 1);
}

static void watch(watched *w)
{
    assert_int_equal(ine_queue_on_ready(w->n->queue, ready, NULL, (uint64_t)(uintptr_t)w, NULL),
                     INE_OK);
}

static void feed(const net *n)
{
    static const char body[] = NET_DECISION;
    ine_decision *decision;
    assert_int_equal(ine_decision_read(&decision, body, sizeof body - 1, INE_READ_COPY, NULL),
                     INE_OK);
    assert_int_equal(ine_client_feed_decision(n->client, decision, NULL), INE_OK);
    ine_decision_free(decision);
}

static void expect(const net *n, int32_t kind)
{
    ine_event *event = net_event(n);
    assert_int_equal(ine_event_kind(event), kind);
    ine_event_free(event);
}

/* A webhook gives up the poll that is under way, of which an ATTEMPT event tells. */
static void told_of_a_poll_that_is_given_up(void **state)
{
    (void)state;
    net n = net_new();
    watched w = {.n = &n};
    raw_text(n.server, "", RAW_HANG);
    net_number(&n, INE_OPT_ATTEMPTS, 1);
    net_go(&n);
    watch(&w);
    assert_int_equal(
        ine_client_run(n.client, INE_FLOW_WAIT, NULL, NET_SESSION, 36, n.queue, 5, &w.id, NULL),
        INE_OK);
    raw_until(&n.server->requests, 1);
    feed(&n);
    expect(&n, INE_EVENT_ATTEMPT);
    expect(&n, INE_EVENT_DONE);
    /* Waits for a call that is running: `w` is this function's. */
    assert_int_equal(ine_queue_on_ready(n.queue, NULL, NULL, 0, NULL), INE_OK);
    net_free(&n);
    assert_true(atomic_load(&w.calls) > 0);
}

/* A client without a thread that is closed, then freed: CLOSED comes, from another thread. */
static void told_of_the_end_of_a_driven_client(void **state)
{
    (void)state;
    net n = net_new();
    watched w = {.n = &n};
    net_number(&n, INE_OPT_THREAD, 0);
    net_go(&n);
    ine_client *client = n.client;
    assert_int_equal(ine_client_new(&n.client, n.credentials, n.options, NULL), INE_OK);
    watch(&w);
    assert_int_equal(ine_client_close(client, n.queue, 9, NULL), INE_OK);
    ine_client_free(client);
    expect(&n, INE_EVENT_CLOSED);
    assert_int_equal(ine_queue_on_ready(n.queue, NULL, NULL, 0, NULL), INE_OK);
    assert_int_equal(atomic_load(&w.calls), 1);
    assert_false(pthread_equal(w.thread, pthread_self()));
    ine_client_free(n.client);
    ine_queue_free(n.queue);
    ine_options_free(n.options);
    ine_credentials_free(n.credentials);
    raw_free(n.server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(told_of_a_poll_that_is_given_up),
        cmocka_unit_test(told_of_the_end_of_a_driven_client),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
