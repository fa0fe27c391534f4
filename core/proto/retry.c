#include "proto/retry.h"

#define BASE_MS INT64_C(500)
#define CAP_MS  INT64_C(8000)

/* Facts: docs/reliability.md. Columns: not sent, 429, 500/502/503/504, unknown, final. */
static const bool table[INE__ROWS][INE__COL_FINAL + 1] = {
    [INE__ROW_CREATE] = {true, true, false, false, false},
    [INE__ROW_MEDIA] = {true, true, false, false, false},
    [INE__ROW_SUBMIT] = {true, true, true, true, false},
    [INE__ROW_READ] = {true, true, true, true, false},
    [INE__ROW_DELETE] = {true, false, false, false, false},
    [INE__ROW_WRITE] = {true, true, false, false, false},
};

int32_t ine__retry_row(const ine__call *call)
{
    switch (call->call) {
    case INE_CALL_CREATE_SESSION:
        return INE__ROW_CREATE;
    case INE_CALL_UPLOAD_MEDIA:
        return INE__ROW_MEDIA;
    case INE_CALL_SUBMIT:
        return INE__ROW_SUBMIT;
    default:
        break;
    }
    if (strcmp(call->method, "GET") == 0)
        return INE__ROW_READ;
    return strcmp(call->method, "DELETE") == 0 ? INE__ROW_DELETE : INE__ROW_WRITE;
}

bool ine__retry_allowed(int32_t row, int32_t column)
{
    return table[row][column];
}

bool ine__retry_safe(int32_t row, int32_t column)
{
    return column == INE__COL_THROTTLED || table[row][column];
}

int64_t ine__retry_delay(ine__rng *rng, int64_t repeat, int64_t retry_after_ms)
{
    int64_t bound = BASE_MS;
    for (int64_t i = 1; i < repeat && bound < CAP_MS; i++)
        bound *= 2;
    const int64_t delay = ine__rng_upto(rng, bound < CAP_MS ? bound : CAP_MS);
    if (retry_after_ms < 0 || retry_after_ms > INE__RETRY_AFTER_MAX_MS)
        return delay;
    const int64_t asked = retry_after_ms + ine__rng_upto(rng, retry_after_ms / 10);
    return asked > delay ? asked : delay;
}
