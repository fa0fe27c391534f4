#include "support.h"

#include "queue/queue.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define SESSION "12df6045-3846-3e45-946a-14fa6136d78b"

static ine_queue *new_queue(void)
{
    ine_queue *queue;
    assert_int_equal(ine_queue_new(&queue, NULL), INE_OK);
    return queue;
}

static bool readable(const ine_queue *queue)
{
    struct pollfd poll_fd = {.fd = ine_queue_fd(queue), .events = POLLIN};
    return poll(&poll_fd, 1, 0) == 1;
}

static void post(ine_queue *queue, uint64_t token)
{
    ine_event *event = ine__event_new(INE_EVENT_DONE, token, token + 100);
    assert_non_null(event);
    ine__queue_post(queue, event);
}

static void in_order_and_in_parts(void **state)
{
    ine_event *out[8];
    size_t count;
    (void)state;
    ine_queue *queue = new_queue();
    assert_false(readable(queue));
    assert_int_equal(ine_queue_drain(queue, out, 8, 0, &count, NULL), INE_OK);
    assert_int_equal(count, 0);
    for (uint64_t i = 0; i < 5; i++)
        post(queue, i);
    uint64_t next = 0;
    for (size_t part = 0; part < 3; part++) {
        assert_true(readable(queue));
        assert_int_equal(ine_queue_drain(queue, out, 2, 0, &count, NULL), INE_OK);
        assert_int_equal(count, part < 2 ? 2 : 1);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(ine_event_token(out[i]), next);
            assert_int_equal(ine_event_submission(out[i]), 100 + next++);
            assert_int_equal(ine_event_kind(out[i]), INE_EVENT_DONE);
            ine_event_free(out[i]);
        }
    }
    assert_false(readable(queue));
    post(queue, 9);
    assert_true(readable(queue));
    /* What nobody drains is freed with the queue. */
    ine_queue_free(queue);
}

static void descriptor_can_not_block_or_leak(void **state)
{
    (void)state;
    ine_queue *queue = new_queue();
    const int fd = ine_queue_fd(queue);
    assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
    /* More wakes than a pipe holds. */
    for (int i = 0; i < 100000; i++)
        ine_queue_wake(queue);
    ine_event *out[1];
    size_t count;
    assert_int_equal(ine_queue_drain(queue, out, 1, -1, &count, NULL), INE_OK);
    assert_int_equal(count, 0);
    assert_false(readable(queue));
    ine_queue_free(queue);
    assert_int_equal(fcntl(fd, F_GETFD), -1);
}

static void what_can_not_be_drained(void **state)
{
    ine_event *out[1];
    size_t count = 7;
    (void)state;
    ine_queue *queue = new_queue();
    assert_int_equal(ine_queue_drain(NULL, out, 1, 0, &count, NULL), INE_E_ARGUMENT);
    assert_int_equal(count, 0);
    assert_int_equal(ine_queue_drain(queue, NULL, 1, 0, &count, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_queue_drain(queue, out, 0, 0, &count, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_queue_drain(queue, out, 1, 0, NULL, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_queue_drain(queue, out, 1, -2, &count, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_queue_new(NULL, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_queue_fd(NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_queue_on_ready(NULL, NULL, NULL, 0, NULL), INE_E_ARGUMENT);
    ine_queue_wake(NULL);
    ine_queue_free(NULL);
    ine_event_free(NULL);
    ine__queue_release(NULL);
    ine_queue_free(queue);
}

static void a_short_wait_ends(void **state)
{
    ine_event *out[1];
    size_t count;
    (void)state;
    ine_queue *queue = new_queue();
    assert_int_equal(ine_queue_drain(queue, out, 1, 1, &count, NULL), INE_OK);
    assert_int_equal(count, 0);
    ine_queue_wake(queue);
    assert_int_equal(ine_queue_drain(queue, out, 1, INT64_MAX, &count, NULL), INE_OK);
    assert_int_equal(count, 0);
    post(queue, 1);
    assert_int_equal(ine_queue_drain(queue, out, 1, INT64_MAX, &count, NULL), INE_OK);
    assert_int_equal(count, 1);
    ine_event_free(out[0]);
    ine_queue_free(queue);
}

/* A submission in flight owns the queue; what it posts after the caller's free is freed. */
static void freed_with_submissions_in_flight(void **state)
{
    ine_event *seat = NULL;
    (void)state;
    ine_queue *queue = new_queue();
    ine_queue *shared = ine__queue_share(queue);
    ine_event *news = ine__event_new(INE_EVENT_PROGRESS, 1, 2);
    ine__queue_progress(queue, &seat, news);
    assert_non_null(seat);
    ine_queue_free(queue);
    assert_null(seat);
    post(shared, 1);
    ine__queue_progress(shared, &seat, news);
    assert_null(seat);
    ine__queue_leave(shared, &seat);
    ine_event_free(news);
    ine__queue_release(shared);
}

static void progress_does_not_pile_up(void **state)
{
    ine_event *out[4], *seat = NULL;
    size_t count;
    (void)state;
    ine_queue *queue = new_queue();
    ine_event *news = ine__event_new(INE_EVENT_PROGRESS, 7, 8);
    for (int64_t i = 1; i <= 1000; i++) {
        news->number[INE_EV_BYTES] = i;
        if (i == 500)
            ine__event_session(news, INE__STR(SESSION));
        ine__queue_progress(queue, &seat, news);
    }
    assert_int_equal(ine_queue_drain(queue, out, 4, 0, &count, NULL), INE_OK);
    assert_int_equal(count, 1);
    assert_null(seat);
    assert_int_equal(ine_event_kind(out[0]), INE_EVENT_PROGRESS);
    assert_int_equal(ine_event_token(out[0]), 7);
    assert_int_equal(ine_event_number(out[0], INE_EV_BYTES), 1000);
    assert_int_equal(ine_event_number(out[0], INE_EV_TOTAL), -1);
    assert_true(ine__str_is(ine_event_session_id(out[0]), SESSION));
    ine_event_free(out[0]);
    ine__queue_progress(queue, &seat, news);
    /* A producer that ends leaves its event behind. */
    ine__queue_leave(queue, &seat);
    assert_null(seat);
    assert_int_equal(ine_queue_drain(queue, out, 4, 0, &count, NULL), INE_OK);
    assert_int_equal(count, 1);
    ine_event_free(out[0]);
    ine_event_free(news);
    ine_queue_free(queue);
}

static void an_event_gives_its_parts_once(void **state)
{
    ine_verdict *verdict = (ine_verdict *)&verdict;
    ine_decision *decision = (ine_decision *)&decision;
    ine_error *err = NULL;
    (void)state;
    ine_event *event = ine__event_new(INE_EVENT_DONE, 1, 2);
    assert_int_equal(ine_event_take(event, &verdict, &decision, &err), INE_OK);
    assert_null(verdict);
    assert_null(decision);
    assert_null(err);
    event->error = ine__error_new(INE_E_TIMEOUT, "one attempt took too long");
    ine__event_session(event, INE__STR("not a UUID"));
    assert_null(ine_event_session_id(event).ptr);
    assert_null(ine_event_session_url(event).ptr);
    assert_true(ine__text_copy(&event->url, INE__STR("https://example.com/v/1")));
    assert_true(ine__str_is(ine_event_session_url(event), "https://example.com/v/1"));
    assert_int_equal(ine_error_code(ine_event_error(event)), INE_E_TIMEOUT);
    assert_int_equal(ine_event_take(event, NULL, NULL, NULL), INE_E_TIMEOUT);
    assert_int_equal(ine_event_take(event, NULL, NULL, &err), INE_E_TIMEOUT);
    assert_int_equal(ine_error_code(err), INE_E_TIMEOUT);
    assert_null(ine_event_error(event));
    ine_error_free(err);
    assert_int_equal(ine_event_take(event, NULL, NULL, &err), INE_OK);
    ine_event_free(event);
    assert_int_equal(ine_event_take(NULL, NULL, NULL, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_event_kind(NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_event_token(NULL), 0);
    assert_int_equal(ine_event_submission(NULL), 0);
    assert_int_equal(ine_event_number(NULL, INE_EV_STEP), -1);
    assert_null(ine_event_session_id(NULL).ptr);
    assert_null(ine_event_session_url(NULL).ptr);
    assert_null(ine_event_error(NULL));
}

static int in_child(ine_queue *queue, ine_queue *shared)
{
    ine_event *out[1];
    size_t count = 3;
    ine_error *err = NULL;
    const int fd = ine_queue_fd(queue);
    if (fd != INE_E_FORKED || ine_queue_drain(queue, out, 1, -1, &count, &err) != INE_E_FORKED)
        return 1;
    if (count != 0 || ine_error_code(err) != INE_E_FORKED)
        return 2;
    ine_error_free(err);
    if (ine_queue_on_ready(queue, NULL, NULL, 0, NULL) != INE_E_FORKED)
        return 3;
    ine_queue_wake(queue);
    ine_queue_free(queue);
    ine__queue_release(shared);
    return 0;
}

/* B15: in a child the queue says so, and freeing it leaves the parent's descriptors alone. */
static void b15_fork(void **state)
{
    ine_event *out[4];
    size_t count;
    (void)state;
    ine_queue *queue = new_queue();
    ine_queue *shared = ine__queue_share(queue);
    const int fd = ine_queue_fd(queue);
    post(queue, 1);
    const pid_t child = fork();
    if (child == 0) {
        int result = in_child(queue, shared);
        if (result == 0 && fcntl(fd, F_GETFD) == -1)
            result = 4;
        _exit(result);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(ine_queue_drain(queue, out, 4, 0, &count, NULL), INE_OK);
    assert_int_equal(count, 1);
    ine_event_free(out[0]);
    assert_false(readable(queue));
    ine_queue_free(queue);
    ine__queue_release(shared);
}

static void without_descriptors(void **state)
{
    struct rlimit before, none;
    ine_queue *queue = (ine_queue *)&before;
    ine_error *err;
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = before;
    none.rlim_cur = 3;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    const int32_t code = ine_queue_new(&queue, &err);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(code, INE_E_LIMIT);
    assert_null(queue);
    ine_error_free(err);
}

static void ready_nothing(uint64_t token)
{
    (void)token;
}

static bool use(void *argument)
{
    ine_queue *queue = NULL;
    ine_event *seat = NULL, *out[4];
    ine_error *err = NULL;
    size_t count = 0;
    (void)argument;
    ine_event *event = ine__event_new(INE_EVENT_DONE, 1, 1);
    ine_event *news = ine__event_new(INE_EVENT_PROGRESS, 1, 1);
    bool ok = event && news && ine_queue_new(&queue, &err) == INE_OK &&
              ine_queue_on_ready(queue, ready_nothing, NULL, 0, &err) == INE_OK;
    if (ok) {
        ine__queue_progress(queue, &seat, news);
        ine__queue_post(queue, event);
        event = NULL;
        ok = ine_queue_drain(queue, out, 4, 0, &count, &err) == INE_OK;
        /* Progress is left out without memory, the event that must come is not. */
        ok = ok && count == 2;
        for (size_t i = 0; i < count; i++)
            ine_event_free(out[i]);
    }
    ine_error_free(err);
    ine_event_free(event);
    ine_event_free(news);
    ine_queue_free(queue);
    return ok;
}

static void without_memory(void **state)
{
    (void)state;
    test_each_allocation(use, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_order_and_in_parts),
        cmocka_unit_test(descriptor_can_not_block_or_leak),
        cmocka_unit_test(what_can_not_be_drained),
        cmocka_unit_test(a_short_wait_ends),
        cmocka_unit_test(freed_with_submissions_in_flight),
        cmocka_unit_test(progress_does_not_pile_up),
        cmocka_unit_test(an_event_gives_its_parts_once),
        cmocka_unit_test(b15_fork),
        cmocka_unit_test(without_descriptors),
        cmocka_unit_test(without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
