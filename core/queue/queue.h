/* Completions and their pollable descriptor: what producers use. */
#ifndef INE_QUEUE_QUEUE_H
#define INE_QUEUE_QUEUE_H

#include "queue/event.h"

/* One more owner: each submission in flight is one, so that a queue that its caller has freed stays
 * there until the last event has come. Not from a forked child. */
ine_queue *ine__queue_share(ine_queue *queue);
/* Gives an ownership back. */
void ine__queue_release(ine_queue *queue);
/* Takes the event in any case: one for a queue that has been freed is freed. */
void ine__queue_post(ine_queue *queue, ine_event *event);

/*
 * Posts PROGRESS events so that they can not pile up: while the last one still waits in the queue
 * it is brought up to date instead. `*seat` is the producer's (NULL at first) and says which that
 * is; the queue clears it when the event is drained. The producer calls ine__queue_leave() before
 * the seat goes away. Without memory the event is left out.
 */
void ine__queue_progress(ine_queue *queue, ine_event **seat, const ine_event *news);
void ine__queue_leave(ine_queue *queue, ine_event **seat);

/* Was the queue made by another process? */
bool ine__queue_forked(const ine_queue *queue);

#endif
