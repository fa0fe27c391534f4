#include "queue/queue.h"

#include "base/process.h"
#include "queue/hook.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

struct ine_queue {
    atomic_uint owners;
    uint64_t process;
    int fd[2]; /* a pipe, not an eventfd: Node's event loop can not poll one */
    pthread_mutex_t lock;
    pthread_cond_t hook_idle;
    /* Guarded by the lock. */
    ine_event *first, **last;
    bool armed;            /* a byte is in the pipe: written and read under the lock */
    bool watched, waiting; /* somebody may poll the descriptor; a drain does */
    bool draining, woken, freed;
    ine__hook *hook;
};

bool ine__queue_forked(const ine_queue *queue)
{
    return queue->process != ine__process();
}

int32_t ine_queue_new(ine_queue **out, ine_error **err)
{
    ine__error_clear(err);
    if (!out)
        return ine__fail(err, INE_E_ARGUMENT, "no place for the queue");
    *out = NULL;
    ine_queue *queue = ine__alloc(sizeof *queue);
    if (!queue)
        return ine__fail_memory(err);
    if (pipe2(queue->fd, O_CLOEXEC | O_NONBLOCK) != 0) {
        ine__free(queue);
        return ine__fail(err, INE_E_LIMIT, "no file descriptors left for a queue");
    }
    atomic_init(&queue->owners, 1);
    queue->process = ine__process();
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->hook_idle, NULL);
    queue->last = &queue->first;
    *out = queue;
    return INE_OK;
}

static void free_events(ine_event *event)
{
    while (event) {
        ine_event *next = event->next;
        ine_event_free(event);
        event = next;
    }
}

static ine_event *take_all(ine_queue *queue)
{
    ine_event *events = queue->first;
    for (ine_event *event = events; event; event = event->next) {
        if (event->seat)
            *event->seat = NULL;
    }
    queue->first = NULL;
    queue->last = &queue->first;
    return events;
}

ine_queue *ine__queue_share(ine_queue *queue)
{
    atomic_fetch_add(&queue->owners, 1);
    return queue;
}

/* In a forked child the descriptors belong to the parent, and a lock that another thread held at
 * the fork is never free again: then the memory stays where it is. */
static void destroy(ine_queue *queue)
{
    const bool forked = ine__queue_forked(queue);
    if (forked && pthread_mutex_trylock(&queue->lock) != 0)
        return;
    if (forked)
        pthread_mutex_unlock(&queue->lock);
    free_events(take_all(queue));
    ine__free(queue->hook);
    if (!forked) {
        close(queue->fd[0]);
        close(queue->fd[1]);
        pthread_cond_destroy(&queue->hook_idle);
        pthread_mutex_destroy(&queue->lock);
    }
    ine__free(queue);
}

void ine__queue_release(ine_queue *queue)
{
    if (queue && atomic_fetch_sub(&queue->owners, 1) == 1)
        destroy(queue);
}

/* The caller holds the lock. The pipe never blocks, and holds one byte at the most. */
static void write_byte(ine_queue *queue)
{
    ssize_t written = 1;
    while (!queue->armed && (written = write(queue->fd[1], "", 1)) < 0 && errno == EINTR)
        continue;
    queue->armed = queue->armed || written == 1;
}

/* Makes the descriptor readable when there is something and somebody looks. */
static void arm(ine_queue *queue)
{
    if (queue->first && (queue->watched || queue->waiting))
        write_byte(queue);
}

static void disarm(ine_queue *queue)
{
    char byte;
    while (queue->armed && read(queue->fd[0], &byte, 1) < 0 && errno == EINTR)
        continue;
    queue->armed = false;
}

int32_t ine_queue_fd(const ine_queue *queue)
{
    if (!queue)
        return INE_E_ARGUMENT;
    if (ine__queue_forked(queue))
        return INE_E_FORKED;
    ine_queue *mine = (ine_queue *)(uintptr_t)queue;
    pthread_mutex_lock(&mine->lock);
    mine->watched = true;
    arm(mine);
    pthread_mutex_unlock(&mine->lock);
    return queue->fd[0];
}

/* Runs the hook without the lock; `call` was entered under it. */
static void run_hook(ine_queue *queue, ine__hook *hook, const ine__hook_call *call)
{
    hook->ready(hook->token);
    pthread_mutex_lock(&queue->lock);
    const bool last = ine__hook_leave(hook, call);
    const bool release = last && hook->orphan;
    if (last && !release)
        pthread_cond_broadcast(&queue->hook_idle);
    pthread_mutex_unlock(&queue->lock);
    if (release)
        ine__hook_release(hook);
}

/* Appends under the lock that the caller holds, gives the lock back, then runs the hook: under the
 * lock it could hang every producer. */
static void append_and_unlock(ine_queue *queue, ine_event *event)
{
    ine__hook_call call;
    ine__hook *hook = queue->first ? NULL : queue->hook;
    event->next = NULL;
    *queue->last = event;
    queue->last = &event->next;
    arm(queue);
    if (hook)
        ine__hook_enter(hook, &call);
    pthread_mutex_unlock(&queue->lock);
    if (hook)
        run_hook(queue, hook, &call);
}

void ine__queue_post(ine_queue *queue, ine_event *event)
{
    pthread_mutex_lock(&queue->lock);
    if (!queue->freed) {
        append_and_unlock(queue, event);
        return;
    }
    pthread_mutex_unlock(&queue->lock);
    ine_event_free(event);
}

static void copy_news(ine_event *to, const ine_event *news)
{
    memcpy(to->number, news->number, sizeof to->number);
    memcpy(to->session, news->session, sizeof to->session);
    to->session_len = news->session_len;
}

void ine__queue_progress(ine_queue *queue, ine_event **seat, const ine_event *news)
{
    pthread_mutex_lock(&queue->lock);
    const bool waits = *seat != NULL;
    if (waits)
        copy_news(*seat, news);
    pthread_mutex_unlock(&queue->lock);
    if (waits)
        return;
    /* Only the producer fills its seat, so it is still free. */
    ine_event *event = ine__event_new(INE_EVENT_PROGRESS, news->token, news->submission);
    if (!event)
        return;
    copy_news(event, news);
    pthread_mutex_lock(&queue->lock);
    if (queue->freed) {
        pthread_mutex_unlock(&queue->lock);
        ine_event_free(event);
        return;
    }
    *seat = event;
    event->seat = seat;
    append_and_unlock(queue, event);
}

void ine__queue_leave(ine_queue *queue, ine_event **seat)
{
    pthread_mutex_lock(&queue->lock);
    if (*seat)
        (*seat)->seat = NULL;
    *seat = NULL;
    pthread_mutex_unlock(&queue->lock);
}

/* Takes up to `cap` events; for what is left the descriptor becomes readable again. */
static size_t take(ine_queue *queue, ine_event **out, size_t cap, bool *woken, bool *freed)
{
    size_t n = 0;
    pthread_mutex_lock(&queue->lock);
    disarm(queue);
    while (n < cap && queue->first) {
        ine_event *event = queue->first;
        queue->first = event->next;
        event->next = NULL;
        if (event->seat)
            *event->seat = NULL;
        event->seat = NULL;
        out[n++] = event;
    }
    if (!queue->first)
        queue->last = &queue->first;
    arm(queue);
    *woken = queue->woken;
    *freed = queue->freed;
    queue->woken = false;
    pthread_mutex_unlock(&queue->lock);
    return n;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* True when there is something to take already. */
static bool begin_wait(ine_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    const bool something = queue->first || queue->woken || queue->freed;
    queue->waiting = !something;
    pthread_mutex_unlock(&queue->lock);
    return something;
}

static void end_wait(ine_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->waiting = false;
    pthread_mutex_unlock(&queue->lock);
}

/* False when the time is up or a signal was caught. */
static bool wait_for_byte(ine_queue *queue, int64_t until)
{
    struct pollfd poll_fd = {.fd = queue->fd[0], .events = POLLIN};
    int64_t left = -1;
    if (until >= 0) {
        left = until - now_ms();
        if (left <= 0)
            return false;
        if (left > 3600000)
            left = 3600000;
    }
    if (begin_wait(queue))
        return true;
    const bool caught = poll(&poll_fd, 1, (int)left) < 0;
    end_wait(queue);
    return !caught;
}

static size_t drain(ine_queue *queue, ine_event **out, size_t cap, int64_t wait_ms, bool *freed)
{
    int64_t until = -1;
    if (wait_ms > 0 && __builtin_add_overflow(now_ms(), wait_ms, &until))
        until = -1;
    for (;;) {
        bool woken;
        const size_t n = take(queue, out, cap, &woken, freed);
        if (n || woken || *freed || wait_ms == 0 || !wait_for_byte(queue, until))
            return n;
    }
}

/* Owns the queue from now on: it may be freed while it is drained. */
static bool begin_drain(ine_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    const bool busy = queue->draining;
    queue->draining = true;
    if (!busy)
        ine__queue_share(queue);
    pthread_mutex_unlock(&queue->lock);
    return !busy;
}

int32_t ine_queue_drain(ine_queue *queue, ine_event **out, size_t cap, int64_t wait_ms,
                        size_t *count, ine_error **err)
{
    bool freed = false;
    ine__error_clear(err);
    if (count)
        *count = 0;
    if (!queue || !out || !cap || !count || wait_ms < -1)
        return ine__fail(err, INE_E_ARGUMENT, "no queue, no room for events, or a wait below -1");
    memset(out, 0, cap * sizeof *out);
    if (ine__queue_forked(queue))
        return ine__fail(err, INE_E_FORKED, "the queue belongs to the parent process");
    if (!begin_drain(queue))
        return ine__fail(err, INE_E_BUSY, "another thread is draining this queue");
    *count = drain(queue, out, cap, wait_ms, &freed);
    pthread_mutex_lock(&queue->lock);
    queue->draining = false;
    pthread_mutex_unlock(&queue->lock);
    ine__queue_release(queue);
    return freed && *count == 0 ? ine__fail(err, INE_E_CLOSED, "the queue was freed") : INE_OK;
}

void ine_queue_wake(ine_queue *queue)
{
    if (!queue || ine__queue_forked(queue))
        return;
    pthread_mutex_lock(&queue->lock);
    queue->woken = true;
    write_byte(queue);
    pthread_mutex_unlock(&queue->lock);
}

int32_t ine_queue_on_ready(ine_queue *queue, void (*ready)(uint64_t token),
                           void (*release)(uint64_t token), uint64_t token, ine_error **err)
{
    ine__hook *hook = NULL;
    ine__error_clear(err);
    if (!queue)
        return ine__fail(err, INE_E_ARGUMENT, "no queue");
    if (ine__queue_forked(queue))
        return ine__fail(err, INE_E_FORKED, "the queue belongs to the parent process");
    if (ready && !(hook = ine__hook_new(ready, release, token)))
        return ine__fail_memory(err);
    pthread_mutex_lock(&queue->lock);
    ine__hook *before = queue->hook;
    if (before && ine__hook_inside(before)) {
        pthread_mutex_unlock(&queue->lock);
        ine__free(hook);
        return ine__fail(err, INE_E_STATE, "a hook can not be changed from inside itself");
    }
    queue->hook = hook;
    while (before && before->running)
        pthread_cond_wait(&queue->hook_idle, &queue->lock);
    pthread_mutex_unlock(&queue->lock);
    if (before)
        ine__hook_release(before);
    return INE_OK;
}

void ine_queue_free(ine_queue *queue)
{
    if (!queue)
        return;
    if (!ine__queue_forked(queue)) {
        pthread_mutex_lock(&queue->lock);
        ine__hook *hook = queue->hook;
        ine_event *events = take_all(queue);
        const bool waiting = queue->draining;
        queue->hook = NULL;
        queue->freed = true;
        if (hook && hook->running) {
            hook->orphan = true;
            hook = NULL;
        }
        if (waiting)
            write_byte(queue);
        pthread_mutex_unlock(&queue->lock);
        free_events(events);
        if (hook)
            ine__hook_release_later(hook);
    }
    ine__queue_release(queue);
}
