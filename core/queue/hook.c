#include "queue/hook.h"

#include <signal.h>

ine__hook *ine__hook_new(void (*ready)(uint64_t), void (*release)(uint64_t), uint64_t token)
{
    ine__hook *hook = ine__alloc(sizeof *hook);
    if (!hook)
        return NULL;
    hook->ready = ready;
    hook->release = release;
    hook->token = token;
    return hook;
}

void ine__hook_enter(ine__hook *hook, ine__hook_call *call)
{
    call->thread = pthread_self();
    call->next = hook->running;
    hook->running = call;
}

bool ine__hook_leave(ine__hook *hook, const ine__hook_call *call)
{
    ine__hook_call **at = &hook->running;
    while (*at != call)
        at = &(*at)->next;
    *at = call->next;
    return hook->running == NULL;
}

bool ine__hook_inside(const ine__hook *hook)
{
    for (const ine__hook_call *call = hook->running; call; call = call->next) {
        if (pthread_equal(call->thread, pthread_self()))
            return true;
    }
    return false;
}

void ine__hook_release(ine__hook *hook)
{
    if (hook->release)
        hook->release(hook->token);
    ine__free(hook);
}

static void *release_thread(void *hook)
{
    ine__hook_release(hook);
    return NULL;
}

void ine__hook_release_later(ine__hook *hook)
{
    pthread_t thread;
    sigset_t all, before;
    if (!hook->release) {
        ine__free(hook);
        return;
    }
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&thread, NULL, release_thread, hook) == 0)
        pthread_detach(thread);
    /* Without a thread the hook is leaked: what frees a queue must not be called back. */
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}
