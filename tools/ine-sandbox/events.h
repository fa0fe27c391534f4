/* Server-sent events: tells each listener what changed in the sandbox. */
#ifndef INE_SANDBOX_EVENTS_H
#define INE_SANDBOX_EVENTS_H

#include "sandbox.h"

#include <event2/bufferevent.h>

#define EVENTS_LISTENERS 32

typedef struct events events;
typedef struct event_seat event_seat;

/* NULL without memory. Borrows both. */
events *events_new(struct event_base *base, ine_sandbox *sandbox);
void events_free(events *e); /* after its listeners have left */
/* From now on events are written to `bev`, until events_leave(). NULL when all places are taken. */
event_seat *events_join(events *e, struct bufferevent *bev);
void events_leave(event_seat *l);

#endif
