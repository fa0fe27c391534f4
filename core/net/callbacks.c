/* What libcurl calls during a transfer. Each can stop it; transfer->stop says why. */
#include "net/transfer.h"

static size_t stop(ine__transfer *transfer, int32_t failure, size_t result)
{
    if (!transfer->stop)
        transfer->stop = failure;
    return result;
}

/* A refusal of the exchange: it is too much, or there is no memory for it. */
static int32_t failure_of(int32_t code)
{
    return code == INE_E_LIMIT ? INE_FAIL_LIMIT : INE_FAIL_BROKEN;
}

/* libcurl undoes other transfer encodings by itself; nothing was said that would allow one. */
static bool is_odd_framing(ine_str name, ine_str value)
{
    return ine__str_ieq(name, INE__STR("transfer-encoding")) &&
           !ine__str_ieq(value, INE__STR("chunked"));
}

/* Called once a line, for every header block, 1xx included, and for trailers. */
size_t ine__on_header(char *line, size_t size, size_t count, void *data)
{
    ine__transfer *transfer = data;
    ine_str name, value;
    int32_t code = INE_OK;
    const size_t len = size * count;
    switch (ine__head_line(&transfer->head, ine__str(line, len), &name, &value)) {
    case INE__LINE_STATUS:
        code = ine_exchange_feed_status(transfer->exchange, transfer->head.status, NULL);
        break;
    case INE__LINE_HEADER:
        if (is_odd_framing(name, value))
            return stop(transfer, INE_FAIL_PROTOCOL, 0);
        code = ine_exchange_feed_header(transfer->exchange, name.ptr, name.len, value.ptr,
                                        value.len, NULL);
        break;
    case INE__LINE_BAD:
        return stop(transfer, INE_FAIL_PROTOCOL, 0);
    default:
        break;
    }
    return code == INE_OK ? len : stop(transfer, failure_of(code), 0);
}

size_t ine__on_body(char *body, size_t size, size_t count, void *data)
{
    ine__transfer *transfer = data;
    const size_t len = size * count;
    transfer->received += len;
    const int32_t code = ine_exchange_feed_body(transfer->exchange, body, len, NULL);
    return code == INE_OK ? len : stop(transfer, failure_of(code), CURL_WRITEFUNC_ERROR);
}

/* There is no seek function beside this one: libcurl can not send a body twice (B2). */
size_t ine__on_read(char *buffer, size_t size, size_t count, void *data)
{
    ine__transfer *transfer = data;
    size_t written = 0;
    int32_t want = INE_WANT_SEND;
    while (written == 0 && want != INE_WANT_RECV) {
        int64_t offset, len;
        if (ine_exchange_read(transfer->exchange, buffer, size * count, &written, &want, &offset,
                              &len, NULL) != INE_OK)
            return stop(transfer, INE_FAIL_MEDIA, CURL_READFUNC_ABORT);
        if (written || want != INE_WANT_MEDIA)
            continue;
        const ine_str media = ine__job_media(transfer->job, offset, len);
        if (media.len == 0 ||
            ine_exchange_feed_media(transfer->exchange, media.ptr, media.len, NULL) != INE_OK)
            return stop(transfer, INE_FAIL_MEDIA, CURL_READFUNC_ABORT);
    }
    transfer->sent += written;
    ine__job_progress(transfer->job, -1);
    return written;
}

/* Called when the connection is there and the request is about to be sent. A second time within one
 * transfer means that libcurl is about to repeat it on a new connection (B2, F08). */
int ine__on_request(void *data, char *ip, char *local_ip, int port, int local_port)
{
    ine__transfer *transfer = data;
    (void)ip, (void)local_ip, (void)port, (void)local_port;
    if (transfer->requests++ == 0)
        return CURL_PREREQFUNC_OK;
    stop(transfer, INE_FAIL_BROKEN, 0);
    return CURL_PREREQFUNC_ABORT;
}
