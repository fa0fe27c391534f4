/* One submission: an exchange or a flow, driven until it is done. */
#include "net/client.h"

#include "net/transfer.h"
#include "proto/flow.h"

/* Steps before the other jobs have their turn: one is at most a chunk of media. */
#define STEPS 16

ine__job *ine__job_new(ine_client *client, ine_queue *queue, uint64_t token, bool flow)
{
    ine__job *job = ine__alloc(sizeof *job);
    if (!job)
        return NULL;
    ine__files_init(&job->files);
    job->client = client;
    job->token = token;
    job->queue = ine__queue_share(queue);
    job->done = ine__event_new(INE_EVENT_DONE, token, 0);
    job->created = flow ? ine__event_new(INE_EVENT_CREATED, token, 0) : NULL;
    if (job->done && (job->created || !flow))
        return job;
    ine__job_free(job);
    return NULL;
}

/* Media and inputs are the caller's again when DONE comes: so they go first. */
static void free_inputs(ine__job *job)
{
    ine_exchange_free(job->exchange);
    ine_flow_free(job->flow);
    ine_verification_free(job->verification);
    ine__files_close(&job->files);
    job->exchange = NULL;
    job->flow = NULL;
    job->verification = NULL;
}

void ine__job_free(ine__job *job)
{
    if (!job)
        return;
    free_inputs(job);
    ine_event_free(job->done);
    ine_event_free(job->created);
    ine__queue_release(job->queue);
    ine__free(job);
}

ine_exchange *ine__job_exchange(const ine__job *job)
{
    return job->flow ? ine_flow_exchange(job->flow) : job->exchange;
}

ine_str ine__job_media(const ine__job *job, int64_t offset, int64_t len)
{
    unsigned char *chunk = job->client->chunk;
    const size_t cap = len < INE__CHUNK ? (size_t)(len > 0 ? len : 0) : INE__CHUNK;
    const int32_t media = job->flow ? ine_flow_media(job->flow) : 0;
    const size_t n =
        offset < 0 ? 0 : ine__files_read(&job->files, media, (uint64_t)offset, chunk, cap);
    return ine__str((const char *)chunk, n);
}

void ine__job_post(ine__job *job, ine_event *event)
{
    job->client->posted = true;
    ine__queue_post(job->queue, event);
}

void ine__job_progress(ine__job *job, int64_t wait_ms)
{
    if (!job->client->progress)
        return;
    ine_event news = {.token = job->token, .submission = job->id};
    const ine_exchange *exchange = ine__job_exchange(job);
    const ine__transfer *transfer = job->transfer;
    news.number[INE_EV_STEP] = job->flow ? ine_flow_step(job->flow) : INE_STEP_NONE;
    news.number[INE_EV_BYTES] = transfer ? (int64_t)transfer->sent : -1;
    news.number[INE_EV_TOTAL] = transfer ? (int64_t)transfer->size : -1;
    news.number[INE_EV_POLLS] = job->flow ? job->flow->polls : -1;
    news.number[INE_EV_WAIT_MS] = wait_ms;
    news.number[INE_EV_ATTEMPT] = exchange ? exchange->attempts : -1;
    ine__event_session(&news, ine_flow_session_id(job->flow));
    job->client->posted = true;
    ine__queue_progress(job->queue, &job->seat, &news);
}

/* Without memory there is no such event: it is for logs, and the submission goes on. */
void ine__job_attempt(ine__job *job, int32_t failure)
{
    const ine__transfer *transfer = job->transfer;
    ine_event *event =
        job->client->attempts ? ine__event_new(INE_EVENT_ATTEMPT, job->token, job->id) : NULL;
    if (!event)
        return;
    const ine_exchange *exchange = transfer->exchange;
    event->number[INE_EV_STEP] = exchange->step;
    event->number[INE_EV_BYTES] = (int64_t)transfer->sent;
    event->number[INE_EV_TOTAL] = (int64_t)transfer->size;
    event->number[INE_EV_ATTEMPT] = exchange->attempts;
    event->number[INE_EV_STATUS] = transfer->head.complete ? transfer->head.status : 0;
    event->number[INE_EV_TIME_MS] = ine__clock_ms() - transfer->started;
    event->number[INE_EV_RECEIVED] = (int64_t)transfer->received;
    event->number[INE_EV_FAILURE] = failure;
    event->method = ine_exchange_get(exchange, INE_X_METHOD);
    ine__text_copy(&event->template_, exchange->path_template);
    ine__event_session(event, exchange->call->id_input == INE_IN_SESSION_ID
                                  ? exchange->id
                                  : ine_flow_session_id(job->flow));
    ine__job_post(job, event);
}

static void leave_client(ine__job *job)
{
    ine_client *client = job->client;
    pthread_mutex_lock(&client->lock);
    ine__table_remove(client, job);
    ine__inbox_drop(client, job);
    pthread_mutex_unlock(&client->lock);
}

/* Takes the result, or `error` in place of one. */
static void finish(ine__job *job, ine_error *error)
{
    ine_event *done = job->done;
    if (error)
        done->error = error;
    else if (job->flow)
        ine_flow_take(job->flow, &done->verdict, &done->decision, &done->error);
    else
        ine_exchange_take(job->exchange, &done->decision, &done->error);
    done->number[INE_EV_STEP] = job->flow ? ine_flow_step(job->flow) : INE_STEP_NONE;
    done->submission = job->id;
    ine__event_session(done, ine_flow_session_id(job->flow));
    ine__place_leave(job);
    leave_client(job);
    ine__queue_leave(job->queue, &job->seat);
    free_inputs(job);
    job->done = NULL;
    ine__job_post(job, done);
    ine__job_free(job);
}

/* The caller stores the session's id before anything else happens to it. False: not without an
 * answer. */
static bool tell_created(ine__job *job)
{
    ine_event *created = job->created;
    job->created = NULL;
    if (!created)
        created = ine__event_new(INE_EVENT_CREATED, job->token, job->id);
    /* Without its URL the session could not be gone on with in an SDK or web flow. */
    if (!created || !ine__text_copy(&created->url, ine_flow_session_url(job->flow))) {
        ine_error *error = ine__error_new(INE_E_MEMORY, "out of memory");
        ine__error_session(error, ine_flow_session_id(job->flow));
        ine_event_free(created);
        finish(job, error);
        return false;
    }
    created->submission = job->id;
    created->number[INE_EV_STEP] = INE_STEP_CREATE;
    ine__event_session(created, ine_flow_session_id(job->flow));
    const bool pause = job->client->pause_created;
    job->paused = pause;
    if (pause)
        ine__timer_set(job, job->flow->deadline);
    ine__job_post(job, created);
    return !pause;
}

static int32_t feed_media(ine__job *job, int64_t offset, int64_t len, ine_error **error)
{
    const ine_str media = ine__job_media(job, offset, len);
    return job->flow ? ine_flow_feed_media(job->flow, media.ptr, media.len, error)
                     : ine_exchange_feed_media(job->exchange, media.ptr, media.len, error);
}

static int32_t next(ine__job *job, int32_t *want, int64_t *a, int64_t *b, ine_error **error)
{
    const int64_t now = ine__clock_ms();
    return job->flow ? ine_flow_next(job->flow, now, want, a, b, error)
                     : ine_exchange_next(job->exchange, now, want, a, b, error);
}

static void fail_exchange(ine__job *job, int32_t failure, CURLcode code)
{
    ine_exchange_feed_failure(ine__job_exchange(job), failure, code, ine__clock_ms(), NULL);
}

/* False: the job waits now, or is gone. */
static bool act(ine__job *job, int32_t want, int64_t a, int64_t b)
{
    ine_error *error = NULL;
    switch (want) {
    case INE_WANT_SEND:
        if (ine__transfer_start(job)) {
            ine__job_progress(job, -1);
            return false;
        }
        fail_exchange(job, INE_FAIL_CONNECT, CURLE_OUT_OF_MEMORY);
        return true;
    case INE_WANT_MEDIA:
        if (feed_media(job, a, b, &error) == INE_OK)
            return true;
        finish(job, error);
        return false;
    case INE_WANT_WAIT:
        ine__timer_set(job, ine__clock_ms() + a);
        ine__job_progress(job, a);
        return false;
    case INE_WANT_STORE:
        return tell_created(job);
    case INE_WANT_RECV: /* its transfer was dropped */
        fail_exchange(job, INE_FAIL_BROKEN, CURLE_ABORTED_BY_CALLBACK);
        return true;
    default:
        finish(job, NULL);
        return false;
    }
}

void ine__job_step(ine__job *job)
{
    job->paused = false;
    for (int i = 0; i < STEPS; i++) {
        int32_t want;
        int64_t a, b;
        ine_error *error = NULL;
        if (next(job, &want, &a, &b, &error) != INE_OK) {
            finish(job, error);
            return;
        }
        if (!act(job, want, a, b))
            return;
    }
    ine__ready_push(job);
}

void ine__job_cancel(ine__job *job)
{
    if (job->transfer)
        ine__transfer_drop(job->transfer);
    ine__place_leave(job);
    if (job->flow)
        ine_flow_cancel(job->flow, NULL);
    else
        ine_exchange_cancel(job->exchange, NULL);
    ine__job_step(job);
}

void ine__job_continue(ine__job *job)
{
    if (!job->paused)
        return;
    ine__place_leave(job);
    ine__ready_push(job);
}

void ine__job_feed_decision(ine__job *job, const ine_decision *decision)
{
    if (!job->flow || ine_flow_feed_decision(job->flow, decision, NULL) != INE_OK)
        return;
    /* The poll that is under way does not matter any more. */
    if (job->transfer && job->flow->fed && ine_flow_step(job->flow) == INE_STEP_WAIT)
        ine__transfer_drop(job->transfer);
    if (job->place == INE__PLACE_TIMER && !job->paused)
        ine__place_leave(job);
    if (job->place == INE__PLACE_NONE)
        ine__ready_push(job);
}
