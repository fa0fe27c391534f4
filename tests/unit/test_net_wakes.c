/*
 * Few calls and waits without an end: a wake-up that is lost is not made up for by the next one.
 * Several threads, each with a queue of its own, make one call after the other.
 */
#include "netclient.h"

#include <signal.h>

enum { CALLERS = 3, CALLS = 3000 };

typedef struct caller {
    const net *n;
    pthread_t thread;
    atomic_uint done;
    bool cancels;
} caller;

static void hangs(int number)
{
    static const char text[] = "a wake-up was lost\n";
    (void)number;
    (void)!write(STDERR_FILENO, text, sizeof text - 1);
    abort();
}

/* What comes of a call does not matter: the server ends connections that stand in the way. */
static void *call_again_and_again(void *data)
{
    caller *c = data;
    ine_queue *queue;
    ine_request *request = net_get();
    const unsigned calls = getenv("INE_LONG") ? CALLS * 10 : CALLS;
    if (ine_queue_new(&queue, NULL) != INE_OK)
        return NULL;
    for (unsigned i = 0; i < calls; i++) {
        ine_event *event = NULL;
        size_t count = 0;
        uint64_t id;
        if (ine_client_submit(c->n->client, request, queue, i, &id, NULL) != INE_OK)
            break;
        if (c->cancels)
            ine_client_cancel(c->n->client, id, NULL);
        while (!count && ine_queue_drain(queue, &event, 1, -1, &count, NULL) == INE_OK)
            continue;
        const bool mine = ine_event_token(event) == i && ine_event_submission(event) == id;
        ine_event_free(event);
        if (!mine)
            break;
        atomic_fetch_add(&c->done, 1);
    }
    ine_request_free(request);
    ine_queue_free(queue);
    return NULL;
}

static void call_from_all(bool cancels)
{
    caller callers[CALLERS];
    net n = net_new();
    raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_KEEP);
    n.server->again = true;
    net_go(&n);
    alarm(50);
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (caller){.n = &n, .cancels = cancels};
        assert_int_equal(
            pthread_create(&callers[i].thread, NULL, call_again_and_again, &callers[i]), 0);
    }
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(callers[i].thread, NULL);
        assert_true(atomic_load(&callers[i].done) >= CALLS);
    }
    alarm(0);
    net_free(&n);
}

static void calls(void **state)
{
    (void)state;
    call_from_all(false);
}

/* The shortest way from a command to its event. */
static void calls_that_are_cancelled(void **state)
{
    (void)state;
    call_from_all(true);
}

int main(void)
{
    const struct sigaction late = {.sa_handler = hangs};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls),
        cmocka_unit_test(calls_that_are_cancelled),
    };
    sigaction(SIGALRM, &late, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
