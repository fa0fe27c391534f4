#include "net/transfer.h"

#include "net/failure.h"

static void destroy(ine__transfer *transfer)
{
    curl_easy_cleanup(transfer->easy);
    ine__free(transfer);
}

static ine__transfer *make(const ine_client *client)
{
    ine__transfer *transfer = ine__alloc(sizeof *transfer);
    if (!transfer)
        return NULL;
    transfer->easy = curl_easy_init();
    if (transfer->easy && ine__setup_client(transfer, client->options))
        return transfer;
    destroy(transfer);
    return NULL;
}

static ine__transfer *take(ine_client *client)
{
    ine__transfer *transfer = client->idle;
    if (!transfer)
        return make(client);
    client->idle = transfer->next;
    client->idle_count--;
    return transfer;
}

/* The lines hold the API key and a signature. */
static void forget_headers(ine__transfer *transfer)
{
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, NULL);
    ine__wipe(transfer->lines, transfer->lines_len);
    transfer->line_count = transfer->lines_len = 0;
}

static void give_back(ine_client *client, ine__transfer *transfer)
{
    forget_headers(transfer);
    transfer->job = NULL;
    transfer->exchange = NULL;
    transfer->head = (ine__head){0};
    transfer->sent = transfer->size = transfer->received = 0;
    transfer->requests = 0;
    transfer->stop = 0;
    transfer->text[0] = 0;
    transfer->next = client->idle;
    client->idle = transfer;
    client->idle_count++;
}

bool ine__transfer_start(ine__job *job)
{
    ine_client *client = job->client;
    ine__transfer *transfer = take(client);
    if (!transfer)
        return false;
    transfer->job = job;
    transfer->exchange = ine__job_exchange(job);
    transfer->size = ine_exchange_body_size(transfer->exchange);
    transfer->started = ine__clock_ms();
    if (!ine__setup_request(transfer, client->options) ||
        curl_multi_add_handle(client->multi, transfer->easy) != CURLM_OK) {
        give_back(client, transfer);
        return false;
    }
    job->transfer = transfer;
    job->place = INE__PLACE_SENDING;
    client->transfers++;
    return true;
}

static void leave_job(ine__transfer *transfer)
{
    ine__job *job = transfer->job;
    curl_multi_remove_handle(job->client->multi, transfer->easy);
    job->transfer = NULL;
    job->place = INE__PLACE_NONE;
    job->client->transfers--;
}

void ine__transfer_drop(ine__transfer *transfer)
{
    ine_client *client = transfer->job->client;
    ine__job_attempt(transfer->job, -1);
    leave_job(transfer);
    give_back(client, transfer);
}

static int32_t failure_of(const ine__transfer *transfer, CURLcode code)
{
    if (transfer->stop)
        return transfer->stop;
    if (code != CURLE_OK)
        return ine__failure_of(code, transfer->requests > 0, transfer->sent == transfer->size,
                               transfer->text);
    /* F17: a connection that closes inside the headers is a success for libcurl. */
    return transfer->head.complete ? 0 : INE_FAIL_PROTOCOL;
}

void ine__transfer_ended(ine__transfer *transfer, CURLcode code)
{
    ine_client *client = transfer->job->client;
    ine_exchange *exchange = transfer->exchange;
    const int32_t failure = failure_of(transfer, code);
    const int64_t now = ine__clock_ms();
    ine__job_attempt(transfer->job, failure);
    leave_job(transfer);
    give_back(client, transfer);
    if (failure)
        ine_exchange_feed_failure(exchange, failure, code, now, NULL);
    else
        ine_exchange_feed_end(exchange, now, NULL);
}

void ine__transfers_free(ine_client *client)
{
    while (client->idle) {
        ine__transfer *next = client->idle->next;
        destroy(client->idle);
        client->idle = next;
    }
    client->idle_count = 0;
}
