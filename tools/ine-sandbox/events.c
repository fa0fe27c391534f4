#include "events.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <time.h>

#define LOOK_EVERY_MS 25
#define BEAT_EVERY_MS 15000
#define BEHIND_MAX    (256u * 1024) /* what a listener may leave unread before it is cut off */

struct event_seat {
    events *events;
    struct bufferevent *bev;
    LIST_ENTRY(event_seat) entry;
};

struct events {
    ine_sandbox *sandbox;
    struct event *timer;
    size_t count;
    unsigned quiet_ms; /* since something was written */
    LIST_HEAD(, event_seat) listeners;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* One that does not read is shut down: its connection ends by the event that follows. */
static void tell(event_seat *l, const ine_sandbox_change *change)
{
    struct evbuffer *out = bufferevent_get_output(l->bev);
    if (evbuffer_get_length(out) > BEHIND_MAX)
        shutdown(bufferevent_getfd(l->bev), SHUT_RDWR);
    else if (!change)
        evbuffer_add(out, ":\n\n", 3);
    else
        evbuffer_add_printf(out, "event: %.*s\ndata: {\"ref\":\"%.*s\"}\n\n", (int)change->kind.len,
                            change->kind.ptr, (int)change->ref.len,
                            change->ref.len ? change->ref.ptr : "");
}

static void tell_all(events *e, const ine_sandbox_change *change)
{
    event_seat *l;
    LIST_FOREACH(l, &e->listeners, entry)
    tell(l, change);
    e->quiet_ms = 0;
}

static void on_look(evutil_socket_t fd, short what, void *context)
{
    events *e = context;
    ine_sandbox_change change;
    (void)fd, (void)what;
    e->quiet_ms += LOOK_EVERY_MS;
    while (ine_sandbox_next_change(e->sandbox, now_ms(), &change))
        tell_all(e, &change);
    if (e->quiet_ms >= BEAT_EVERY_MS)
        tell_all(e, NULL);
}

events *events_new(struct event_base *base, ine_sandbox *sandbox)
{
    events *e = calloc(1, sizeof *e);
    if (!e)
        return NULL;
    e->sandbox = sandbox;
    LIST_INIT(&e->listeners);
    e->timer = event_new(base, -1, EV_PERSIST, on_look, e);
    if (e->timer)
        return e;
    free(e);
    return NULL;
}

void events_free(events *e)
{
    if (!e)
        return;
    event_free(e->timer);
    free(e);
}

event_seat *events_join(events *e, struct bufferevent *bev)
{
    const struct timeval every = {0, LOOK_EVERY_MS * 1000};
    event_seat *l = e->count < EVENTS_LISTENERS ? calloc(1, sizeof *l) : NULL;
    if (!l)
        return NULL;
    if (!ine_sandbox_watch(e->sandbox, true) || (!e->count && event_add(e->timer, &every) != 0)) {
        free(l);
        return NULL;
    }
    l->events = e;
    l->bev = bev;
    LIST_INSERT_HEAD(&e->listeners, l, entry);
    e->count++;
    return l;
}

/* Nobody listens: nothing is noted and no timer runs. */
void events_leave(event_seat *l)
{
    events *e;
    if (!l)
        return;
    e = l->events;
    LIST_REMOVE(l, entry);
    free(l);
    if (--e->count == 0) {
        event_del(e->timer);
        ine_sandbox_watch(e->sandbox, false);
    }
}
