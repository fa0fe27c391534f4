/* READY: a list, first in, first out. TIMER: a pairing heap, which needs no memory of its own. */
#include "net/client.h"

void ine__ready_push(ine__job *job)
{
    ine_client *client = job->client;
    job->place = INE__PLACE_READY;
    job->next = NULL;
    job->before = client->ready_last;
    if (client->ready_last)
        client->ready_last->next = job;
    else
        client->ready_first = job;
    client->ready_last = job;
}

static void ready_remove(ine__job *job)
{
    ine_client *client = job->client;
    if (job->before)
        job->before->next = job->next;
    else
        client->ready_first = job->next;
    if (job->next)
        job->next->before = job->before;
    else
        client->ready_last = job->before;
    job->next = job->before = NULL;
}

ine__job *ine__ready_pop(ine_client *client)
{
    ine__job *job = client->ready_first;
    if (job)
        ine__place_leave(job);
    return job;
}

static ine__job *meld(ine__job *a, ine__job *b)
{
    if (!a || !b)
        return a ? a : b;
    if (b->due < a->due) {
        ine__job *swap = a;
        a = b;
        b = swap;
    }
    b->sibling = a->child;
    if (b->sibling)
        b->sibling->heap_parent = b;
    b->heap_parent = a;
    a->child = b;
    return a;
}

/* Melds a list of siblings two by two from the left, then all pairs from the right. */
static ine__job *meld_children(ine__job *first)
{
    ine__job *pairs = NULL, *root = NULL;
    while (first) {
        ine__job *second = first->sibling;
        ine__job *rest = second ? second->sibling : NULL;
        first->sibling = first->heap_parent = NULL;
        if (second)
            second->sibling = second->heap_parent = NULL;
        ine__job *pair = meld(first, second);
        pair->sibling = pairs;
        pairs = pair;
        first = rest;
    }
    while (pairs) {
        ine__job *next = pairs->sibling;
        pairs->sibling = NULL;
        root = meld(root, pairs);
        pairs = next;
    }
    return root;
}

void ine__timer_set(ine__job *job, int64_t due)
{
    job->place = INE__PLACE_TIMER;
    job->due = due;
    job->child = job->sibling = job->heap_parent = NULL;
    job->client->timers = meld(job->client->timers, job);
}

ine__job *ine__timer_first(const ine_client *client)
{
    return client->timers;
}

static void timer_remove(ine__job *job)
{
    ine_client *client = job->client;
    if (client->timers == job) {
        client->timers = meld_children(job->child);
    } else {
        ine__job *left = job->heap_parent;
        if (left->child == job)
            left->child = job->sibling;
        else
            left->sibling = job->sibling;
        if (job->sibling)
            job->sibling->heap_parent = left;
        client->timers = meld(client->timers, meld_children(job->child));
    }
    job->child = job->sibling = job->heap_parent = NULL;
}

void ine__place_leave(ine__job *job)
{
    if (job->place == INE__PLACE_READY)
        ready_remove(job);
    else if (job->place == INE__PLACE_TIMER)
        timer_remove(job);
    job->place = INE__PLACE_NONE;
}
