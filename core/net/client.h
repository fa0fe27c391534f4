/*
 * The libcurl driver: one thread for each client, which alone touches libcurl, exchanges and flows.
 * A client without a thread of its own (INE_OPT_THREAD 0) borrows the one that is inside
 * ine_client_drive(): below, "the thread" is that one.
 *
 * Other threads only put commands into the inbox. A job is one submission; it is in one place at a
 * time: READY (its turn comes), SENDING (a transfer), TIMER (a wait, for ine_client_continue() too:
 * until the flow's deadline).
 */
#ifndef INE_NET_CLIENT_H
#define INE_NET_CLIENT_H

#include "base/options.h"
#include "crypto/credentials.h"
#include "net/media.h"
#include "queue/queue.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>

/* Transfers at a time; what is due beyond them waits its turn, its time not yet running. */
#define INE__TRANSFERS 128
/* Bytes of media that are read at a time. */
#define INE__CHUNK 65536

typedef struct ine__job ine__job;
typedef struct ine__transfer ine__transfer;

enum { INE__PLACE_NONE = 0, INE__PLACE_READY, INE__PLACE_SENDING, INE__PLACE_TIMER };

enum { INE__COMMAND_START = 1, INE__COMMAND_CANCEL = 2, INE__COMMAND_CONTINUE = 4 };

struct ine__job {
    ine_client *client;
    uint64_t id, token;
    ine_queue *queue;          /* one owner */
    ine_event *done, *created; /* made beforehand, so that they can always be posted */
    ine_event *seat;           /* see ine__queue_progress() */
    ine_exchange *exchange;    /* this, or a flow */
    ine_flow *flow;
    ine_verification *verification; /* the flow's, owned */
    ine__files files;
    ine__transfer *transfer;

    int32_t place;
    bool paused;                             /* in TIMER for ine_client_continue() */
    ine__job *next, *before;                 /* READY */
    int64_t due;                             /* TIMER: a pairing heap */
    ine__job *child, *sibling, *heap_parent; /* heap_parent: parent or left sibling */
    ine__job *fed_next;                      /* while a decision is fed */

    /* Guarded by the client's lock. */
    ine__job *table_next, *inbox_next;
    uint32_t commands; /* INE__COMMAND_*; not 0: in the inbox */
};

/* A webhook's decision on its way to the thread. */
typedef struct ine__fed {
    ine_decision *decision;
    struct ine__fed *next;
} ine__fed;

struct ine_client {
    atomic_uint owners;
    uint64_t process;
    ine_options *options;
    ine_credentials *credentials;
    bool progress, pause_created, attempts, threaded;

    pthread_mutex_t lock;
    /* Guarded by the lock. */
    bool started, closing, freed,
        driven;        /* driven: a thread is inside ine_client_drive(), or the end is on */
    bool news, asleep; /* something for the thread to see; it waits for that */
    uint64_t last_id;
    ine__job **table; /* chains by id */
    size_t buckets, jobs;
    ine__job *inbox;
    ine__fed *fed;
    ine_event *closed; /* to post at the end, on */
    ine_queue *closed_queue;
    CURLM *multi; /* for the others: to wake the thread */

    /* The thread's. */
    bool posted, cancelled; /* an event, since ine_client_drive() began; all jobs, at the end */
    ine__job *ready_first, *ready_last, *timers;
    ine__transfer *idle;
    size_t transfers, idle_count;
    unsigned char *chunk;
};

int64_t ine__clock_ms(void);

/* table.c: jobs by id; the caller holds the lock. */
bool ine__table_init(ine_client *client);
void ine__table_add(ine_client *client, ine__job *job);
ine__job *ine__table_find(const ine_client *client, uint64_t id);
void ine__table_remove(ine_client *client, ine__job *job);
/* Puts the job into the inbox with one more command. */
void ine__inbox_put(ine_client *client, ine__job *job, uint32_t command);
/* Takes the job out of the inbox, if it is in it. */
void ine__inbox_drop(ine_client *client, ine__job *job);

/* places.c: where a job waits. */
void ine__ready_push(ine__job *job);
ine__job *ine__ready_pop(ine_client *client);
void ine__timer_set(ine__job *job, int64_t due);
/* The earliest, or NULL. */
ine__job *ine__timer_first(const ine_client *client);
/* Out of READY or TIMER. */
void ine__place_leave(ine__job *job);

/* job.c */
/* NULL without memory; takes nothing but a share of the queue. */
ine__job *ine__job_new(ine_client *client, ine_queue *queue, uint64_t token, bool flow);
/* Before it was handed to the thread. */
void ine__job_free(ine__job *job);
/* The thread: goes on as far as it can without waiting. */
void ine__job_step(ine__job *job);
void ine__job_cancel(ine__job *job);
void ine__job_continue(ine__job *job);
void ine__job_feed_decision(ine__job *job, const ine_decision *decision);
/* Its transfer has ended: INE_FAIL_*, 0 with a reply, -1 when it was given up. */
void ine__job_attempt(ine__job *job, int32_t failure);
/* A transfer of this job has moved on. */
void ine__job_progress(ine__job *job, int64_t wait_ms);
ine_exchange *ine__job_exchange(const ine__job *job);
/* Media bytes for INE_WANT_MEDIA from the client's chunk. */
ine_str ine__job_media(const ine__job *job, int64_t offset, int64_t len);

/* Posts an event of a job of this client; takes it. */
void ine__job_post(ine__job *job, ine_event *event);

/* loop.c */
/* The function of a client's own thread. */
void *ine__client_run(void *client);
/* Does what can be done now. */
void ine__client_turn(ine_client *client);
/* Waits until something can be done, or `most_ms`. */
void ine__client_rest(ine_client *client, int64_t most_ms);
/* When the client closes, everything in flight is cancelled. True when nothing is left. */
bool ine__client_closed(ine_client *client);
/* Frees what the thread had, posts CLOSED, gives the thread's ownership back. */
void ine__client_end(ine_client *client);
void ine__client_release(ine_client *client);
/* drive.c: the end of a client without a thread that its caller frees; the caller has set `driven`.
 */
void ine__client_end_driven(ine_client *client);
/* client.c: starts ine__client_run(); false: the system gave no thread. */
bool ine__client_start(ine_client *client);

#endif
