/* The queue under several threads: run it with INE_SANITIZE=thread too. */
#include "support.h"

#include "queue/queue.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

#define PRODUCERS 4
#define EACH      3000
#define LONG_LOOP 100000000

static atomic_uint readies, releases;
static atomic_bool hold;
static ine_queue *in_hook;
static pthread_t release_thread;

static ine_queue *new_queue(void)
{
    ine_queue *queue;
    assert_int_equal(ine_queue_new(&queue, NULL), INE_OK);
    return queue;
}

static void ready(uint64_t token)
{
    if (token == 42)
        atomic_fetch_add(&readies, 1);
    for (int i = 0; atomic_load(&hold) && i < LONG_LOOP; i++)
        sched_yield();
}

static void release(uint64_t token)
{
    release_thread = pthread_self();
    if (token == 42)
        atomic_fetch_add(&releases, 1);
}

static void wait_for(atomic_uint *counter, unsigned value)
{
    for (int i = 0; atomic_load(counter) < value && i < LONG_LOOP; i++)
        sched_yield();
    assert_int_equal(atomic_load(counter), value);
}

static void *produce(void *argument)
{
    ine_queue *queue = argument;
    ine_event *seat = NULL;
    static atomic_uint next;
    const uint64_t me = atomic_fetch_add(&next, 1);
    ine_event *news = ine__event_new(INE_EVENT_PROGRESS, me, 0);
    for (uint64_t i = 0; i < EACH; i++) {
        if (i % 3 == 0) {
            news->number[INE_EV_BYTES] = (int64_t)i;
            ine__queue_progress(queue, &seat, news);
        }
        ine__queue_post(queue, ine__event_new(INE_EVENT_DONE, me, i));
        if (i % 7 == 0)
            ine_queue_wake(queue);
    }
    ine__queue_leave(queue, &seat);
    ine_event_free(news);
    ine__queue_release(queue);
    return NULL;
}

/* Every event comes once and in its producer's order, with small and large drains and wakes. */
static void d6_stress(void **state)
{
    pthread_t threads[PRODUCERS];
    uint64_t seen[PRODUCERS] = {0};
    int64_t bytes[PRODUCERS] = {0};
    (void)state;
    ine_queue *queue = new_queue();
    assert_int_equal(ine_queue_on_ready(queue, ready, release, 42, NULL), INE_OK);
    for (size_t i = 0; i < PRODUCERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, produce, ine__queue_share(queue)), 0);
    for (size_t done = 0, round = 0; done < (size_t)PRODUCERS * EACH; round++) {
        ine_event *out[16];
        size_t count;
        assert_int_equal(ine_queue_drain(queue, out, 1 + round % 16, -1, &count, NULL), INE_OK);
        for (size_t i = 0; i < count; i++) {
            const uint64_t who = ine_event_token(out[i]);
            assert_true(who < PRODUCERS);
            if (ine_event_kind(out[i]) == INE_EVENT_DONE) {
                assert_int_equal(ine_event_submission(out[i]), seen[who]++);
                done++;
            } else {
                assert_true(ine_event_number(out[i], INE_EV_BYTES) >= bytes[who]);
                bytes[who] = ine_event_number(out[i], INE_EV_BYTES);
            }
            ine_event_free(out[i]);
        }
    }
    for (size_t i = 0; i < PRODUCERS; i++)
        pthread_join(threads[i], NULL);
    assert_true(atomic_load(&readies) > 0);
    ine_queue_free(queue);
    wait_for(&releases, 1);
}

typedef struct waiter {
    ine_queue *queue;
    int32_t code;
    size_t count;
    atomic_uint done;
} waiter;

static void *wait_forever(void *argument)
{
    waiter *w = argument;
    ine_event *out[4];
    /* until_busy() may be inside its own drain at this moment. */
    do {
        w->code = ine_queue_drain(w->queue, out, 4, -1, &w->count, NULL);
    } while (w->code == INE_E_BUSY);
    for (size_t i = 0; i < w->count; i++)
        ine_event_free(out[i]);
    atomic_store(&w->done, 1);
    return NULL;
}

/* Returns when the other thread has begun to drain: then a second consumer is refused. */
static void until_busy(ine_queue *queue)
{
    ine_event *out[1];
    size_t count;
    int32_t code = INE_OK;
    for (int i = 0; code != INE_E_BUSY && i < LONG_LOOP; i++) {
        code = ine_queue_drain(queue, out, 1, 0, &count, NULL);
        sched_yield();
    }
    assert_int_equal(code, INE_E_BUSY);
}

static void one_consumer(void **state)
{
    pthread_t thread;
    (void)state;
    waiter w = {.queue = new_queue()};
    assert_int_equal(pthread_create(&thread, NULL, wait_forever, &w), 0);
    until_busy(w.queue);
    ine_queue_wake(w.queue);
    pthread_join(thread, NULL);
    assert_int_equal(w.code, INE_OK);
    assert_int_equal(w.count, 0);

    assert_int_equal(pthread_create(&thread, NULL, wait_forever, &w), 0);
    until_busy(w.queue);
    ine__queue_post(w.queue, ine__event_new(INE_EVENT_DONE, 1, 1));
    pthread_join(thread, NULL);
    assert_int_equal(w.code, INE_OK);
    assert_int_equal(w.count, 1);

    /* Freed under a waiting drain, which then says so. */
    assert_int_equal(pthread_create(&thread, NULL, wait_forever, &w), 0);
    until_busy(w.queue);
    ine_queue_free(w.queue);
    pthread_join(thread, NULL);
    assert_int_equal(w.code, INE_E_CLOSED);
    assert_int_equal(w.count, 0);
}

static void on_signal(int number)
{
    (void)number;
}

/* A caught signal ends the wait with no events, so that a host can look at it. */
static void a_signal_ends_the_wait(void **state)
{
    pthread_t thread;
    struct sigaction action = {.sa_handler = on_signal}, before;
    (void)state;
    waiter w = {.queue = new_queue()};
    assert_int_equal(sigaction(SIGUSR1, &action, &before), 0);
    assert_int_equal(pthread_create(&thread, NULL, wait_forever, &w), 0);
    until_busy(w.queue);
    /* One that arrives before the poll() is lost: again, until it is seen. */
    for (int i = 0; !atomic_load(&w.done) && i < LONG_LOOP; i++) {
        pthread_kill(thread, SIGUSR1);
        sched_yield();
    }
    pthread_join(thread, NULL);
    assert_int_equal(sigaction(SIGUSR1, &before, NULL), 0);
    assert_int_equal(w.code, INE_OK);
    assert_int_equal(w.count, 0);
    ine_queue_free(w.queue);
}

static void drain_all(ine_queue *queue, size_t wanted)
{
    ine_event *out[8];
    size_t count;
    assert_int_equal(ine_queue_drain(queue, out, 8, 0, &count, NULL), INE_OK);
    assert_int_equal(count, wanted);
    for (size_t i = 0; i < count; i++)
        ine_event_free(out[i]);
}

static void hook_tells_once_until_drained(void **state)
{
    (void)state;
    atomic_store(&readies, 0);
    atomic_store(&releases, 0);
    ine_queue *queue = new_queue();
    assert_int_equal(ine_queue_on_ready(queue, ready, release, 42, NULL), INE_OK);
    for (int i = 0; i < 3; i++)
        ine__queue_post(queue, ine__event_new(INE_EVENT_DONE, 1, 1));
    assert_int_equal(atomic_load(&readies), 1);
    drain_all(queue, 3);
    ine__queue_post(queue, ine__event_new(INE_EVENT_DONE, 1, 1));
    assert_int_equal(atomic_load(&readies), 2);
    drain_all(queue, 1);
    /* A new hook takes the place of the old one, whose release comes once. */
    assert_int_equal(ine_queue_on_ready(queue, ready, release, 42, NULL), INE_OK);
    assert_int_equal(atomic_load(&releases), 1);
    assert_int_equal(ine_queue_on_ready(queue, NULL, NULL, 0, NULL), INE_OK);
    assert_int_equal(atomic_load(&releases), 2);
    assert_int_equal(ine_queue_on_ready(queue, NULL, NULL, 0, NULL), INE_OK);
    ine__queue_post(queue, ine__event_new(INE_EVENT_DONE, 1, 1));
    assert_int_equal(atomic_load(&readies), 2);
    assert_int_equal(atomic_load(&releases), 2);
    ine_queue_free(queue);
}

static void *post_one(void *argument)
{
    ine_queue *queue = argument;
    ine__queue_post(queue, ine__event_new(INE_EVENT_DONE, 1, 1));
    ine__queue_release(queue);
    return NULL;
}

static void *unset(void *argument)
{
    waiter *w = argument;
    w->code = ine_queue_on_ready(w->queue, NULL, NULL, 0, NULL);
    w->count = atomic_load(&hold);
    atomic_store(&w->done, 1);
    return NULL;
}

/* Unsetting waits for a running hook and then releases it. */
static void unsetting_waits(void **state)
{
    pthread_t producer, other;
    (void)state;
    atomic_store(&readies, 0);
    atomic_store(&releases, 0);
    waiter w = {.queue = new_queue(), .count = 9};
    assert_int_equal(ine_queue_on_ready(w.queue, ready, release, 42, NULL), INE_OK);
    atomic_store(&hold, true);
    assert_int_equal(pthread_create(&producer, NULL, post_one, ine__queue_share(w.queue)), 0);
    wait_for(&readies, 1);
    assert_int_equal(pthread_create(&other, NULL, unset, &w), 0);
    for (int i = 0; i < 1000; i++)
        sched_yield();
    assert_int_equal(atomic_load(&w.done), 0);
    assert_int_equal(atomic_load(&releases), 0);
    atomic_store(&hold, false);
    pthread_join(other, NULL);
    pthread_join(producer, NULL);
    assert_int_equal(w.code, INE_OK);
    assert_int_equal(w.count, 0);
    assert_int_equal(atomic_load(&releases), 1);
    ine_queue_free(w.queue);
}

/* Freeing neither waits nor calls back: the release comes from another thread. */
static void freeing_detaches(void **state)
{
    pthread_t producer;
    (void)state;
    for (int running = 0; running < 2; running++) {
        atomic_store(&readies, 0);
        atomic_store(&releases, 0);
        ine_queue *queue = new_queue();
        assert_int_equal(ine_queue_on_ready(queue, ready, release, 42, NULL), INE_OK);
        atomic_store(&hold, running == 1);
        if (running) {
            assert_int_equal(pthread_create(&producer, NULL, post_one, ine__queue_share(queue)), 0);
            wait_for(&readies, 1);
        }
        ine_queue_free(queue);
        if (running)
            assert_int_equal(atomic_load(&releases), 0);
        atomic_store(&hold, false);
        wait_for(&releases, 1);
        assert_false(pthread_equal(release_thread, pthread_self()));
        if (running)
            pthread_join(producer, NULL);
    }
}

static int32_t code_inside;

static void ready_unsets(uint64_t token)
{
    (void)token;
    code_inside = ine_queue_on_ready(in_hook, NULL, NULL, 0, NULL);
}

static void from_inside_the_hook(void **state)
{
    (void)state;
    in_hook = new_queue();
    assert_int_equal(ine_queue_on_ready(in_hook, ready_unsets, NULL, 0, NULL), INE_OK);
    ine__queue_post(in_hook, ine__event_new(INE_EVENT_DONE, 1, 1));
    assert_int_equal(code_inside, INE_E_STATE);
    ine_queue_free(in_hook);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(d6_stress),
        cmocka_unit_test(one_consumer),
        cmocka_unit_test(a_signal_ends_the_wait),
        cmocka_unit_test(hook_tells_once_until_drained),
        cmocka_unit_test(unsetting_waits),
        cmocka_unit_test(freeing_detaches),
        cmocka_unit_test(from_inside_the_hook),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
