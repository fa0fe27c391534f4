/* What may be repeated, and when: only what is provably safe. The API has no idempotency key. */
#ifndef INE_PROTO_RETRY_H
#define INE_PROTO_RETRY_H

#include "base/rng.h"
#include "schema/call.h"

/* Classes of calls: the rows of the table. */
enum {
    INE__ROW_CREATE = 0, /* a lost reply may have made a session */
    INE__ROW_MEDIA,      /* a second copy can trip the vendor's image limit (F5) */
    INE__ROW_SUBMIT,     /* the target state is fixed */
    INE__ROW_READ,
    INE__ROW_DELETE, /* 5 an hour, 10 a day */
    INE__ROW_WRITE,  /* any other POST or PATCH */
    INE__ROWS
};

/* How an attempt failed: the columns of the table. */
enum {
    INE__COL_NOT_SENT = 0,
    INE__COL_THROTTLED,   /* 429 */
    INE__COL_UNAVAILABLE, /* 500, 502, 503, 504 */
    INE__COL_UNKNOWN,     /* the reply is lost, or came damaged: it may have been processed */
    INE__COL_FINAL        /* an answer; trying again would not change it */
};

int32_t ine__retry_row(const ine__call *call);
bool ine__retry_allowed(int32_t row, int32_t column);
/* May the caller make the same call again without harm? */
bool ine__retry_safe(int32_t row, int32_t column);

#define INE__RETRY_AFTER_MAX_MS INT64_C(60000) /* longer pauses are the caller's to make */
#define INE__ATTEMPT_MIN_MS     INT64_C(250)   /* with less time left no attempt is made */

/*
 * The pause before repeat number `repeat` (from 1): full jitter over 500 ms, doubling, at most 8 s;
 * at least `retry_after_ms` and up to 10 % more when the server said so (-1: it did not).
 */
int64_t ine__retry_delay(ine__rng *rng, int64_t repeat, int64_t retry_after_ms);

#endif
