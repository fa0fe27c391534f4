/* The client's thread. */
#include "net/client.h"

#include "net/transfer.h"

#include <openssl/crypto.h>
#include <time.h>

#define LONGEST_WAIT_MS 60000
#define STEPS_A_TURN    256

int64_t ine__clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void ine__client_release(ine_client *client)
{
    if (atomic_fetch_sub(&client->owners, 1) != 1)
        return;
    pthread_mutex_destroy(&client->lock);
    ine_options_free(client->options);
    ine_credentials_free(client->credentials);
    ine__free(client->table);
    ine__free_wiped(client->chunk, client->chunk ? INE__CHUNK : 0);
    ine__free(client);
}

static ine__job *take_command(ine_client *client, uint32_t *commands)
{
    pthread_mutex_lock(&client->lock);
    ine__job *job = client->inbox;
    *commands = job ? job->commands : 0;
    if (job) {
        client->inbox = job->inbox_next;
        job->commands = 0;
    }
    pthread_mutex_unlock(&client->lock);
    return job;
}

static void run_commands(ine_client *client)
{
    uint32_t commands;
    for (ine__job *job; (job = take_command(client, &commands));) {
        if ((commands & INE__COMMAND_START) && job->place == INE__PLACE_NONE)
            ine__ready_push(job);
        if (commands & INE__COMMAND_CONTINUE)
            ine__job_continue(job);
        if (commands & INE__COMMAND_CANCEL)
            ine__job_cancel(job);
    }
}

/* A job that has not started yet is fed too. Not under the lock: a poll that is given up posts its
 * ATTEMPT, and so calls a hook. Only this thread takes jobs away, and feeding ends none. */
static void feed_all(ine_client *client, const ine_decision *decision)
{
    ine__job *jobs = NULL;
    pthread_mutex_lock(&client->lock);
    for (size_t i = 0; i < client->buckets; i++) {
        for (ine__job *job = client->table[i]; job; job = job->table_next) {
            job->fed_next = jobs;
            jobs = job;
        }
    }
    pthread_mutex_unlock(&client->lock);
    for (; jobs; jobs = jobs->fed_next)
        ine__job_feed_decision(jobs, decision);
}

static void run_fed(ine_client *client)
{
    pthread_mutex_lock(&client->lock);
    ine__fed *fed = client->fed;
    client->fed = NULL;
    pthread_mutex_unlock(&client->lock);
    while (fed) {
        ine__fed *next = fed->next;
        feed_all(client, fed->decision);
        ine_decision_free(fed->decision);
        ine__free(fed);
        fed = next;
    }
}

static void run_timers(ine_client *client)
{
    const int64_t now = ine__clock_ms();
    for (ine__job *job; (job = ine__timer_first(client)) && job->due <= now;) {
        ine__place_leave(job);
        ine__ready_push(job);
    }
}

static void run_ready(ine_client *client)
{
    for (int i = 0; i < STEPS_A_TURN && client->transfers < INE__TRANSFERS; i++) {
        ine__job *job = ine__ready_pop(client);
        if (!job)
            return;
        ine__job_step(job);
    }
}

static void run_transfers(ine_client *client)
{
    int running, left;
    curl_multi_perform(client->multi, &running);
    for (CURLMsg *message; (message = curl_multi_info_read(client->multi, &left));) {
        ine__transfer *transfer = NULL;
        const CURLcode code = message->data.result;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
        ine__job *job = transfer->job;
        ine__transfer_ended(transfer, code);
        ine__ready_push(job);
    }
}

static int64_t pause_of(const ine_client *client)
{
    const ine__job *first = ine__timer_first(client);
    if (client->ready_first && client->transfers < INE__TRANSFERS)
        return 0;
    if (!first)
        return LONGEST_WAIT_MS;
    const int64_t left = first->due - ine__clock_ms();
    return left < 0 ? 0 : left < LONGEST_WAIT_MS ? left : LONGEST_WAIT_MS;
}

/* Not when there are news already, or when the last job of a closing client has gone: nothing would
 * end the wait. */
void ine__client_rest(ine_client *client, int64_t most_ms)
{
    const int64_t next = pause_of(client);
    const int64_t pause = next < most_ms ? next : most_ms;
    pthread_mutex_lock(&client->lock);
    client->asleep = pause > 0 && !client->news && !(client->closing && client->jobs == 0);
    client->news = false;
    const bool asleep = client->asleep;
    pthread_mutex_unlock(&client->lock);
    if (!asleep)
        return;
    curl_multi_poll(client->multi, NULL, 0, (int)pause, NULL);
    pthread_mutex_lock(&client->lock);
    client->asleep = false;
    client->news = false;
    pthread_mutex_unlock(&client->lock);
}

bool ine__client_closed(ine_client *client)
{
    pthread_mutex_lock(&client->lock);
    for (size_t i = 0; client->closing && !client->cancelled && i < client->buckets; i++) {
        for (ine__job *job = client->table[i]; job; job = job->table_next)
            ine__inbox_put(client, job, INE__COMMAND_CANCEL);
    }
    client->cancelled = client->closing;
    const bool empty = client->closing && client->jobs == 0;
    pthread_mutex_unlock(&client->lock);
    return empty;
}

void ine__client_end(ine_client *client)
{
    pthread_mutex_lock(&client->lock);
    CURLM *multi = client->multi;
    ine_event *closed = client->closed;
    ine_queue *queue = client->closed_queue;
    ine__fed *fed = client->fed;
    client->multi = NULL;
    client->closed = NULL;
    client->closed_queue = NULL;
    client->fed = NULL;
    pthread_mutex_unlock(&client->lock);
    while (fed) {
        ine__fed *next = fed->next;
        ine_decision_free(fed->decision);
        ine__free(fed);
        fed = next;
    }
    ine__transfers_free(client);
    curl_multi_cleanup(multi);
    /* What OpenSSL keeps for this thread goes before CLOSED does: the host may exit at that. */
    if (client->threaded)
        OPENSSL_thread_stop();
    if (queue) {
        ine__queue_post(queue, closed);
        ine__queue_release(queue);
    }
    ine__client_release(client);
}

void ine__client_turn(ine_client *client)
{
    run_commands(client);
    run_fed(client);
    run_timers(client);
    run_ready(client);
    run_transfers(client);
}

void *ine__client_run(void *data)
{
    ine_client *client = data;
    while (!ine__client_closed(client)) {
        ine__client_turn(client);
        ine__client_rest(client, LONGEST_WAIT_MS);
    }
    ine__client_end(client);
    return NULL;
}
