/* A client without a thread: whoever waits for it does its work. */
#include "net/client.h"

#include "base/process.h"

static int32_t begin(ine_client *client, ine_error **err)
{
    int32_t code = INE_OK;
    pthread_mutex_lock(&client->lock);
    if (client->driven)
        code = ine__fail(err, INE_E_BUSY, "another thread is driving this client");
    else if (client->started && !client->multi)
        code = ine__fail(err, INE_E_CLOSED, "the client is closed");
    if (code == INE_OK) {
        client->driven = true;
        /* This call's, and one for the end to give back: before the client may be freed. */
        atomic_fetch_add(&client->owners, 2);
    }
    pthread_mutex_unlock(&client->lock);
    return code;
}

static bool has_work(ine_client *client)
{
    pthread_mutex_lock(&client->lock);
    const bool work = client->started && (client->jobs > 0 || client->closing);
    pthread_mutex_unlock(&client->lock);
    return work;
}

/* True when that was the end. */
static bool drive(ine_client *client, int64_t until)
{
    client->posted = false;
    while (has_work(client)) {
        if (ine__client_closed(client)) {
            ine__client_end(client);
            return true;
        }
        ine__client_turn(client);
        const int64_t left = until - ine__clock_ms();
        if (client->posted || left <= 0)
            break;
        ine__client_rest(client, left);
    }
    return false;
}

int32_t ine_client_drive(ine_client *client, int64_t wait_ms, ine_error **err)
{
    int64_t until;
    ine__error_clear(err);
    if (!client || wait_ms < -1)
        return ine__fail(err, INE_E_ARGUMENT, "no client, or a wait below -1");
    if (client->process != ine__process())
        return ine__fail(err, INE_E_FORKED, "the client belongs to the parent process");
    if (client->threaded)
        return ine__fail(err, INE_E_STATE, "this client has a thread that drives it");
    if (wait_ms < 0 || __builtin_add_overflow(ine__clock_ms(), wait_ms, &until))
        until = INT64_MAX;
    const int32_t code = begin(client, err);
    if (code != INE_OK)
        return code;
    const bool ended = drive(client, until);
    if (!ended)
        ine__client_release(client);
    pthread_mutex_lock(&client->lock);
    /* Freed meanwhile: there will be no other call. */
    const bool orphan = client->driven = !ended && client->freed;
    pthread_mutex_unlock(&client->lock);
    if (orphan)
        ine__client_end_driven(client);
    ine__client_release(client);
    return INE_OK;
}

/* What has events to come is ended by a thread: to free must not block, which a resolver may, and
 * must not call a hook. */
void ine__client_end_driven(ine_client *client)
{
    pthread_mutex_lock(&client->lock);
    const bool silent = client->jobs == 0 && !client->closed;
    pthread_mutex_unlock(&client->lock);
    client->threaded = !silent; /* nobody else has the client any more */
    if (!silent && ine__client_start(client))
        return;
    client->threaded = false;
    atomic_fetch_add(&client->owners, 1);
    ine__client_run(client);
}
