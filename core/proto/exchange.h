/*
 * One API call with its retries, without I/O. A state machine:
 *
 *   LOOK ----> SIGN ----> READY ----> SENDING ----> (reply or failure)
 *   (media that the host feeds)         ^             |
 *                                       +--- WAITING <+--> DONE
 */
#ifndef INE_PROTO_EXCHANGE_H
#define INE_PROTO_EXCHANGE_H

#include "proto/headers.h"
#include "proto/judge.h"
#include "proto/media.h"
#include "proto/request.h"
#include "proto/retry.h"

enum {
    INE__X_LOOK = 0, /* wants to look at the media */
    INE__X_SIGN,     /* wants all of the media, to sign it */
    INE__X_READY,
    INE__X_SENDING, /* a request is under way */
    INE__X_WAITING,
    INE__X_DONE
};

struct ine_exchange {
    const ine__call *call;
    int32_t row, step, state;
    ine_options *options;           /* owned */
    ine_credentials *credentials;   /* shared */
    ine_str id, context, timestamp; /* owned */
    ine_str path_template;          /* owned */
    ine__buf url;
    size_t target;
    ine__headers headers;
    char signature[INE__SIGNATURE_SIZE];
    bool has_body;
    ine__buf body;               /* without media */
    ine__stream *media;          /* with media; owned */
    bool settled_twice_is_right; /* "already submitted" is what the caller wants */

    int64_t now, deadline, until; /* until: end of a wait */
    int64_t attempt_timeout, attempts;
    ine__rng rng;
    bool announced; /* this attempt's SEND has been said */
    size_t body_at;
    ine__reply reply;
    bool replied;   /* something of the reply has come */
    bool perhaps;   /* an attempt may have been processed */
    bool throttled; /* a 429 has come */

    ine_error *error; /* the result: this, or the decision */
    ine_decision *decision;
    bool taken;
};

/* An exchange inside a flow: its deadline and its jitter are the flow's. */
typedef struct ine__exchange_plan {
    const ine_request *request;
    const ine_credentials *credentials;
    const ine_options *options;
    int64_t now, deadline;
    uint64_t seed;
} ine__exchange_plan;

int32_t ine__exchange_open(ine_exchange **out, const ine__exchange_plan *plan, ine_error **err);

/* How one attempt ended without success. */
#define INE__FAILURE_UNKNOWN \
    .http_status = -1, .api_code = -1, .retry_after_ms = -1, .transport_code = -1, .offset = -1

typedef struct ine__failure {
    int32_t code, column;
    const char *text;
    int32_t sent; /* INE_SENT_* of this attempt */
    int64_t http_status, api_code, retry_after_ms, transport_code, offset; /* -1 unknown */
} ine__failure;

/* Repeats, or ends the exchange with this failure. */
void ine__exchange_failed(ine_exchange *exchange, const ine__failure *failure, int64_t now);
/* Ends the exchange without another attempt. */
void ine__exchange_end(ine_exchange *exchange, const ine__failure *failure);
/* The same for a failure that is not the server's. */
void ine__exchange_end_with(ine_exchange *exchange, int32_t code, int32_t sent, const char *text);
void ine__exchange_succeed(ine_exchange *exchange, ine_decision *decision);
/* The media have been looked at: frames the body, or refuses them. */
int32_t ine__exchange_frame(ine_exchange *exchange, ine_error **err);
/* Goes on with the first pass as far as there are bytes. */
void ine__exchange_sign(ine_exchange *exchange);

#endif
