/* One completion, as its producer sees it. */
#ifndef INE_QUEUE_EVENT_H
#define INE_QUEUE_EVENT_H

#include "base/error.h"

#define INE__EVENT_NUMBERS 11
#define INE__SESSION_SIZE  36

struct ine_event {
    ine_event *next;
    ine_event *
        *seat;    /* PROGRESS in a queue: where its producer finds it; see ine__queue_progress() */
    int32_t kind; /* INE_EVENT_* */
    uint64_t token, submission;
    int64_t number[INE__EVENT_NUMBERS]; /* by INE_EV_*; -1: not known */
    char session[INE__SESSION_SIZE];
    size_t session_len;
    ine_str url;               /* owned */
    ine_str method, template_; /* ATTEMPT: the first static, the second owned */
    ine_error *error;
    ine_verdict *verdict;
    ine_decision *decision;
};

/* NULL without memory. A submission makes its DONE event first, so that it can always be posted. */
ine_event *ine__event_new(int32_t kind, uint64_t token, uint64_t submission);
/* Nothing for what is not a UUID. */
void ine__event_session(ine_event *event, ine_str session);

#endif
