/* The notify hook of a queue. All fields are guarded by the queue's lock. */
#ifndef INE_QUEUE_HOOK_H
#define INE_QUEUE_HOOK_H

#include "base/error.h"

#include <pthread.h>

/* A call of the hook that is running; lives on the stack of its thread. */
typedef struct ine__hook_call {
    pthread_t thread;
    struct ine__hook_call *next;
} ine__hook_call;

typedef struct ine__hook {
    void (*ready)(uint64_t token);
    void (*release)(uint64_t token);
    uint64_t token;
    ine__hook_call *running;
    bool orphan; /* its queue has been freed: the last running call releases it */
} ine__hook;

ine__hook *ine__hook_new(void (*ready)(uint64_t), void (*release)(uint64_t), uint64_t token);
void ine__hook_enter(ine__hook *hook, ine__hook_call *call);
/* True when this was the last running call. */
bool ine__hook_leave(ine__hook *hook, const ine__hook_call *call);
/* Is the calling thread inside this hook? */
bool ine__hook_inside(const ine__hook *hook);
/* Calls release(token) here and frees the hook. */
void ine__hook_release(ine__hook *hook);
/* The same, on a thread of its own. */
void ine__hook_release_later(ine__hook *hook);

#endif
