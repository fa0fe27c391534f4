#include "net/client.h"

#include "base/process.h"
#include "net/config.h"
#include "proto/request.h"

#include <signal.h>

static int32_t forked(ine_error **err)
{
    return ine__fail(err, INE_E_FORKED, "the client belongs to the parent process");
}

static bool is_forked(const ine_client *client)
{
    return client->process != ine__process();
}

static bool prepare(ine_client *client, const ine_credentials *credentials,
                    const ine_options *options)
{
    client->process = ine__process();
    client->credentials = ine__credentials_share(credentials);
    client->options = ine__options_copy(options);
    client->progress = ine__option(options, INE_OPT_PROGRESS) != 0;
    client->threaded = ine__option(options, INE_OPT_THREAD) != 0;
    client->attempts = ine__option(options, INE_OPT_ATTEMPTS) != 0;
    client->pause_created = ine__option(options, INE_OPT_PAUSE_CREATED) != 0;
    client->chunk = ine__alloc(INE__CHUNK);
    return client->options && client->chunk && ine__table_init(client);
}

int32_t ine_client_new(ine_client **out, const ine_credentials *credentials,
                       const ine_options *options, ine_error **err)
{
    ine__error_clear(err);
    if (out)
        *out = NULL;
    if (!out || !credentials)
        return ine__fail(err, INE_E_ARGUMENT, "no place for the client, or no credentials");
    int32_t code = ine_init(err);
    if (code == INE_OK)
        code = ine__config_check(options, credentials, err);
    if (code != INE_OK)
        return code;
    ine_client *client = ine__alloc(sizeof *client);
    if (!client)
        return ine__fail_memory(err);
    atomic_init(&client->owners, 1);
    pthread_mutex_init(&client->lock, NULL);
    if (!prepare(client, credentials, options)) {
        ine__client_release(client);
        return ine__fail_memory(err);
    }
    *out = client;
    return INE_OK;
}

/* Any signal belongs to the host's threads. */
bool ine__client_start(ine_client *client)
{
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    atomic_fetch_add(&client->owners, 1);
    const bool started = pthread_create(&thread, NULL, ine__client_run, client) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (started) {
        pthread_setname_np(thread, "libine");
        pthread_detach(thread);
    } else {
        atomic_fetch_sub(&client->owners, 1);
    }
    return started;
}

/* The caller holds the lock. */
static int32_t ensure_started(ine_client *client, ine_error **err)
{
    if (client->started)
        return INE_OK;
    client->multi = curl_multi_init();
    if (!client->multi)
        return ine__fail_memory(err);
    curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, (long)INE__TRANSFERS);
    curl_multi_setopt(client->multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
    client->started = !client->threaded || ine__client_start(client);
    if (client->started)
        return INE_OK;
    curl_multi_cleanup(client->multi);
    client->multi = NULL;
    return ine__fail(err, INE_E_LIMIT, "the system gave no thread");
}

/* The caller holds the lock. A thread that is at work looks again by itself before it sleeps. */
static void wake(ine_client *client)
{
    client->news = true;
    if (client->multi && client->asleep)
        curl_multi_wakeup(client->multi);
    client->asleep = false;
}

static int32_t check_use(const ine_client *client, const ine_queue *queue, ine_error **err)
{
    if (!client || !queue)
        return ine__fail(err, INE_E_ARGUMENT, "no client, or no queue");
    return is_forked(client) || ine__queue_forked(queue) ? forked(err) : INE_OK;
}

/* Hands the job to the thread; takes it. */
static int32_t hand_over(ine__job *job, uint64_t *id, ine_error **err)
{
    ine_client *client = job->client;
    pthread_mutex_lock(&client->lock);
    int32_t code = client->closing ? ine__fail(err, INE_E_CLOSED, "the client is closed")
                                   : ensure_started(client, err);
    if (code == INE_OK) {
        job->id = ++client->last_id;
        if (id)
            *id = job->id;
        ine__table_add(client, job);
        ine__inbox_put(client, job, INE__COMMAND_START);
        wake(client);
    }
    pthread_mutex_unlock(&client->lock);
    if (code != INE_OK)
        ine__job_free(job);
    return code;
}

/* A file that can not be read stays a path, which the exchange refuses with all else that is wrong.
 */
static int32_t open_exchange(ine__job *job, const ine_request *request, ine_error **err)
{
    const ine_client *client = job->client;
    ine_request view = *request;
    if (request->media.from == INE__MEDIA_PATH &&
        !ine__files_open_one(&job->files, 0, request->media.path, &view.media))
        return ine__fail_memory(err);
    return ine_exchange_new(&job->exchange, &view, client->credentials, client->options,
                            ine__clock_ms(), err);
}

int32_t ine_client_submit(ine_client *client, const ine_request *request, ine_queue *queue,
                          uint64_t token, uint64_t *id, ine_error **err)
{
    ine__error_clear(err);
    if (id)
        *id = 0;
    int32_t code = check_use(client, queue, err);
    if (code != INE_OK)
        return code;
    if (!request)
        return ine__fail(err, INE_E_ARGUMENT, "no request");
    if (request->media.from == INE__MEDIA_SOURCE)
        return ine__fail(err, INE_E_UNSUPPORTED, "a client is not fed media: give them in memory");
    ine__job *job = ine__job_new(client, queue, token, false);
    if (!job)
        return ine__fail_memory(err);
    code = open_exchange(job, request, err);
    if (code == INE_OK)
        return hand_over(job, id, err);
    ine__job_free(job);
    return code;
}

static int32_t copy_inputs(ine__job *job, const ine_verification *verification, ine_error **err)
{
    if (!verification)
        return INE_OK;
    job->verification = ine__verification_copy(verification);
    if (!job->verification)
        return ine__fail_memory(err);
    return ine__files_open(&job->files, job->verification, job->client->options, err);
}

static bool has_source(const ine_verification *verification)
{
    for (size_t i = 1; verification && i <= INE__MEDIA; i++) {
        if (verification->media[i].from == INE__MEDIA_SOURCE)
            return true;
    }
    return false;
}

int32_t ine_client_run(ine_client *client, int32_t mode, const ine_verification *verification,
                       const char *session_id, size_t session_id_len, ine_queue *queue,
                       uint64_t token, uint64_t *id, ine_error **err)
{
    ine__error_clear(err);
    if (id)
        *id = 0;
    int32_t code = check_use(client, queue, err);
    if (code != INE_OK)
        return code;
    if (has_source(verification))
        return ine__fail(err, INE_E_UNSUPPORTED,
                         "a client is not fed media: give them in memory or by path");
    ine__job *job = ine__job_new(client, queue, token, true);
    if (!job)
        return ine__fail_memory(err);
    code = copy_inputs(job, verification, err);
    if (code == INE_OK)
        code = ine_flow_new(&job->flow, mode, job->verification, session_id, session_id_len,
                            client->credentials, client->options, ine__clock_ms(), err);
    if (code == INE_OK)
        return hand_over(job, id, err);
    ine__job_free(job);
    return code;
}

static int32_t command(ine_client *client, uint64_t id, uint32_t what, ine_error **err)
{
    ine__error_clear(err);
    if (!client)
        return ine__fail(err, INE_E_ARGUMENT, "no client");
    if (is_forked(client))
        return forked(err);
    pthread_mutex_lock(&client->lock);
    const bool known = id > 0 && id <= client->last_id;
    ine__job *job = known ? ine__table_find(client, id) : NULL;
    if (job) {
        ine__inbox_put(client, job, what);
        wake(client);
    }
    pthread_mutex_unlock(&client->lock);
    return known ? INE_OK : ine__fail(err, INE_E_ARGUMENT, "this client has no such submission");
}

int32_t ine_client_continue(ine_client *client, uint64_t id, ine_error **err)
{
    return command(client, id, INE__COMMAND_CONTINUE, err);
}

int32_t ine_client_cancel(ine_client *client, uint64_t id, ine_error **err)
{
    return command(client, id, INE__COMMAND_CANCEL, err);
}

int32_t ine_client_feed_decision(ine_client *client, const ine_decision *decision, ine_error **err)
{
    ine__error_clear(err);
    if (!client || !decision)
        return ine__fail(err, INE_E_ARGUMENT, "no client, or no decision");
    if (is_forked(client))
        return forked(err);
    ine__fed *fed = ine__alloc(sizeof *fed);
    if (!fed)
        return ine__fail_memory(err);
    const ine_str bytes = ine_decision_bytes(decision);
    int32_t code = ine_decision_read(&fed->decision, bytes.ptr, bytes.len, INE_READ_COPY, err);
    if (code == INE_OK) {
        pthread_mutex_lock(&client->lock);
        if (client->closing)
            code = ine__fail(err, INE_E_CLOSED, "the client is closed");
        if (code == INE_OK && client->started) {
            fed->next = client->fed;
            client->fed = fed;
            fed = NULL;
            wake(client);
        }
        pthread_mutex_unlock(&client->lock);
    }
    if (fed)
        ine_decision_free(fed->decision);
    ine__free(fed);
    return code;
}

int32_t ine_client_close(ine_client *client, ine_queue *queue, uint64_t token, ine_error **err)
{
    ine__error_clear(err);
    int32_t code = check_use(client, queue, err);
    if (code != INE_OK)
        return code;
    ine_event *closed = ine__event_new(INE_EVENT_CLOSED, token, 0);
    if (!closed)
        return ine__fail_memory(err);
    pthread_mutex_lock(&client->lock);
    code = client->closing ? ine__fail(err, INE_E_CLOSED, "the client is closed")
                           : ensure_started(client, err);
    if (code == INE_OK) {
        client->closing = true;
        client->closed = closed;
        client->closed_queue = ine__queue_share(queue);
        closed = NULL;
        wake(client);
    }
    pthread_mutex_unlock(&client->lock);
    ine_event_free(closed);
    return code;
}

void ine_client_free(ine_client *client)
{
    if (!client)
        return;
    if (is_forked(client)) {
        /* What a thread of the parent used may be half changed, and its sockets are not ours. */
        if (!client->started)
            ine__client_release(client);
        return;
    }
    pthread_mutex_lock(&client->lock);
    client->closing = client->freed = true;
    wake(client);
    const bool ends_here = !client->threaded && client->multi && !client->driven;
    client->driven = client->driven || ends_here;
    pthread_mutex_unlock(&client->lock);
    if (ends_here)
        ine__client_end_driven(client);
    ine__client_release(client);
}
