/*
 * A whole verification, without I/O: exchanges one after the other, with pauses between them.
 *
 *   CHECK -> CREATE -> STORE -> MEDIA (each) -> SUBMIT -> POLL <-> PAUSE -> DONE
 *                                 |  ^                    ^
 *                                 v  |                    |
 *                               RECONCILE        STANDING -> ATTEMPTS -> MEDIA_LIST (resume)
 */
#ifndef INE_PROTO_FLOW_H
#define INE_PROTO_FLOW_H

#include "cascade/verdict.h"
#include "proto/exchange.h"

enum {
    INE__F_CHECK = 0,
    INE__F_CREATE,
    INE__F_STORE,
    INE__F_MEDIA,
    INE__F_RECONCILE, /* the reply to an upload is lost: is the image there? */
    INE__F_SUBMIT,
    INE__F_POLL,
    INE__F_STANDING,   /* resume: is there a decision? */
    INE__F_ATTEMPTS,   /* resume: has it been submitted? */
    INE__F_MEDIA_LIST, /* resume: which images are there? */
    INE__F_PAUSE,
    INE__F_DONE
};

#define INE__SESSION_SIZE 36

struct ine_flow {
    int32_t mode, state, after; /* after: the state that follows a pause */
    int32_t step;
    const ine_verification *verification; /* borrowed; NULL: none */
    const ine__product *product;
    ine_credentials *credentials; /* shared */
    ine_options *options;         /* owned */
    int64_t now, deadline, until;
    ine__rng rng;
    ine_exchange *exchange;
    char session[INE__SESSION_SIZE];
    size_t session_len;
    ine_str url; /* owned; a bearer link */
    bool store_announced;

    ine_report *report;            /* of the local check */
    size_t media_index;            /* into the product's media */
    ine__inspect *inspect;         /* of the current image, when the host feeds it */
    int64_t known[INE__MEDIA + 1]; /* images of each context that the server has */
    int64_t uploads;               /* of the current image */
    ine_error *lost;               /* what an upload ended with, while it is reconciled */

    int64_t created_at, interval, interval_max, failed_polls;
    int64_t polls, new_sessions;
    bool slowed; /* a 429 has doubled the longest interval */
    ine_decision *fed;

    ine_verdict *verdict; /* the result: these two, or the error */
    ine_decision *decision;
    ine_error *error;
    bool taken;
};

/* Ends the flow. Each takes what it is given. */
void ine__flow_fail(ine_flow *flow, ine_error *error);
void ine__flow_fail_with(ine_flow *flow, int32_t code, const char *text);
void ine__flow_finish(ine_flow *flow, ine_verdict *verdict, ine_decision *decision);
void ine__flow_pause(ine_flow *flow, int64_t ms, int32_t after);
ine_str ine__flow_session(const ine_flow *flow);
/* Context (INE_MEDIA_*) of the current image; 0: none left. */
int32_t ine__flow_context(const ine_flow *flow);
/* The current image's place in the verification. */
const ine__media *ine__flow_current(const ine_flow *flow);

/* flow_check.c: the local check; goes on to CREATE, or asks for media. */
bool ine__flow_check(ine_flow *flow, int64_t *a, int64_t *b);
int32_t ine__flow_check_feed(ine_flow *flow, const void *data, size_t len, ine_error **err);

/* What came of an exchange; these take decision or error. */
typedef void ine__flow_done(ine_flow *flow, ine_decision *decision, ine_error *error);
/* flow_send.c */
ine__flow_done ine__flow_created, ine__flow_uploaded, ine__flow_reconciled, ine__flow_submitted;
/* Moves to the next image that is to be uploaded, or to SUBMIT. */
void ine__flow_next_media(ine_flow *flow);
/* flow_wait.c */
ine__flow_done ine__flow_polled;
void ine__flow_wait(ine_flow *flow);
/* Is this decision an end? Then the flow ends, or begins anew when the registry was down. */
bool ine__flow_decide(ine_flow *flow, ine_decision *decision);
/* flow_resume.c */
ine__flow_done ine__flow_standing, ine__flow_attempted, ine__flow_listed;
/* Images of a context in a media list; *fits: one of them may be `size` bytes long. */
int64_t ine__flow_count(const ine_decision *list, int32_t context, uint64_t size, bool *fits);

#endif
