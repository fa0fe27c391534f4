/* D5 and D6: whatever a hook does from inside itself, and handles in several threads at once. */
#include "support.h"

#include "queue/queue.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define LONG_LOOP 100000000

static atomic_uint calls, releases, taken;
static ine_queue *the_queue;
static int what;

enum { FREE, DRAIN, WAKE, POST, SET, UNSET, WAYS };

static void ready(uint64_t token)
{
    ine_event *out[4];
    size_t count = 0;
    assert_int_equal(token, 7);
    if (atomic_fetch_add(&calls, 1) > 10)
        return;
    switch (what) {
    case FREE:
        ine_queue_free(the_queue);
        break;
    case DRAIN:
        assert_int_equal(ine_queue_drain(the_queue, out, 4, 0, &count, NULL), INE_OK);
        atomic_fetch_add(&taken, (unsigned)count);
        for (size_t i = 0; i < count; i++)
            ine_event_free(out[i]);
        break;
    case WAKE:
        ine_queue_wake(the_queue);
        break;
    case POST:
        ine__queue_post(the_queue, ine__event_new(INE_EVENT_DONE, 1, 1));
        break;
    case SET:
        assert_int_equal(ine_queue_on_ready(the_queue, ready, NULL, 8, NULL), INE_E_STATE);
        break;
    default:
        assert_int_equal(ine_queue_on_ready(the_queue, NULL, NULL, 0, NULL), INE_E_STATE);
        break;
    }
}

static void release(uint64_t token)
{
    assert_int_equal(token, 7);
    atomic_fetch_add(&releases, 1);
}

/* Nothing is done twice, nothing hangs, and the release comes once whatever the hook has done. */
static void D5_a_hook_may_do_anything(void **state)
{
    (void)state;
    for (what = 0; what < WAYS; what++) {
        atomic_store(&calls, 0);
        atomic_store(&releases, 0);
        atomic_store(&taken, 0);
        assert_int_equal(ine_queue_new(&the_queue, NULL), INE_OK);
        /* A producer's share keeps the memory while the hook frees the queue. */
        ine_queue *share = ine__queue_share(the_queue);
        assert_int_equal(ine_queue_on_ready(the_queue, ready, release, 7, NULL), INE_OK);
        ine__queue_post(share, ine__event_new(INE_EVENT_DONE, 1, 1));
        assert_int_equal(atomic_load(&calls), 1);
        assert_int_equal(atomic_load(&taken), what == DRAIN);
        ine__queue_post(share, ine__event_new(INE_EVENT_DONE, 1, 2));
        assert_int_equal(atomic_load(&calls), what == DRAIN ? 2 : 1);
        if (what != FREE)
            ine_queue_free(the_queue);
        ine__queue_release(share);
        for (int i = 0; atomic_load(&releases) == 0 && i < LONG_LOOP; i++)
            sched_yield();
        assert_int_equal(atomic_load(&releases), 1);
    }
}

typedef struct shared {
    ine_queue *queue;
    atomic_uint posted, seen;
} shared;

static void *post_many(void *argument)
{
    shared *s = argument;
    for (uint64_t i = 0; i < 2000; i++) {
        ine__queue_post(s->queue, ine__event_new(INE_EVENT_DONE, 1, i));
        atomic_fetch_add(&s->posted, 1);
    }
    ine__queue_release(s->queue);
    return NULL;
}

static void on_any(uint64_t token)
{
    atomic_fetch_add(&((shared *)(uintptr_t)token)->seen, 1);
}

/* Freed while others post, at different moments: no event, hook or byte outlives it. */
static void D6_freed_while_others_post(void **state)
{
    (void)state;
    for (unsigned moment = 0; moment < 40; moment++) {
        pthread_t threads[3];
        shared s = {0};
        assert_int_equal(ine_queue_new(&s.queue, NULL), INE_OK);
        assert_int_equal(ine_queue_on_ready(s.queue, on_any, NULL, (uint64_t)(uintptr_t)&s, NULL),
                         INE_OK);
        for (size_t i = 0; i < 3; i++) {
            ine__queue_share(s.queue);
            assert_int_equal(pthread_create(&threads[i], NULL, post_many, &s), 0);
        }
        for (int i = 0; atomic_load(&s.posted) < moment * 100 && i < LONG_LOOP; i++)
            sched_yield();
        ine_queue_free(s.queue);
        for (size_t i = 0; i < 3; i++)
            pthread_join(threads[i], NULL);
        assert_int_equal(atomic_load(&s.posted), 6000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(D5_a_hook_may_do_anything),
        cmocka_unit_test(D6_freed_while_others_post),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
