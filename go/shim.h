/* What Go asks the library for in one crossing: whole results in one struct, in the place of a call
 * for each field. Go passes no pointer to memory that holds pointers, and nothing of Go's is kept.
 */
#ifndef INE_GO_SHIM_H
#define INE_GO_SHIM_H

#include "ine.h"

enum { INE_GO_FIELDS = 58, INE_GO_CHECKS = 10, INE_GO_HEADERS = 24 };

/* A verdict's facts; the texts are views that live as long as the verdict. */
typedef struct ine_go_verdict {
    int64_t outcome, root_cause, advice, failed, unmet, unchecked, inputs, anomalies, required;
    int64_t code, reason_code;
    int32_t verified, no_ine_result;
    ine_str registry_status, registry_error, registry_timestamp, session_id, session_status;
} ine_go_verdict;

typedef struct ine_go_check {
    int32_t state, blocked_by;
    ine_str reason;
} ine_go_check;

/* All fields of a body. A text is where it begins in the room that was given and how long it is. */
typedef struct ine_go_fields {
    int64_t number[INE_GO_FIELDS];
    int32_t state[INE_GO_FIELDS];
    int32_t at[INE_GO_FIELDS], len[INE_GO_FIELDS];
    int32_t id_len;
    char id[192];
} ine_go_fields;

/* A delivery that was opened. Its texts lie in `room`, which it owns and uses again. */
typedef struct ine_go_delivery {
    ine_error *error;
    int32_t code, reason, kind, secret_index;
    ine_str integration, secret, session_id, attempt_id, vendor_data, end_user_id, action, id;
    ine_go_verdict facts;
    ine_verdict *verdict; /* the caller's: it holds nothing of the body */
    char *room;
    size_t room_size;
} ine_go_delivery;

/* An error's facts; the texts live with the error. */
typedef struct ine_go_error {
    int64_t http_status, api_code, offset, retry_after_ms, step, sent, retryable, transport_code,
        attempts;
    int32_t code, class_;
    int32_t problems;
    ine_str text, session_id, field, hint, json;
} ine_go_error;

typedef struct ine_go_problem {
    int32_t is_error, problem;
    ine_str path, hint;
} ine_go_problem;

/* What an exchange or a flow wants next; the rest is there for SEND. */
typedef struct ine_go_step {
    int32_t code, want;
    int64_t a, b;
    ine_error *error;
    ine_exchange *exchange;
    int64_t timeout_ms;
    uint64_t body_size;
    int32_t step, headers;
    ine_str method, url, template_, body, session_id;
    ine_str name[INE_GO_HEADERS], value[INE_GO_HEADERS];
} ine_go_step;

void ine_go_verdict_read(const ine_verdict *verdict, ine_go_verdict *out);
void ine_go_checks_read(const ine_verdict *verdict, ine_go_check *out);
/* Of a decision, or of `body` when there is none: no text is longer there than in the body.
 * Returns how much of the room was used, -1 when it did not suffice, -2 when it can not be read. */
int32_t ine_go_fields_read(const ine_decision *decision, const void *body, size_t body_len,
                           char *room, size_t room_size, ine_go_fields *out);
void ine_go_error_read(const ine_error *error, ine_go_error *out);
/* At most `cap` problems; returns how many there are. */
int32_t ine_go_problems(const ine_report *report, ine_go_problem *out, int32_t cap);
/* One item of a list: texts by column - 1, sizes in the place of a text as a number. */
void ine_go_item(const ine_decision *decision, int32_t list, size_t index, ine_str *text,
                 int64_t *size);

/* Opens a delivery and lets go of all of it but `out`. Headers travel as one block (name, value,
 * name, value ...), and two lengths for each. */
void ine_go_open(const ine_webhooks *webhooks, const char *head, const int32_t *lengths,
                 int32_t headers, const void *body, size_t body_len, int64_t require,
                 ine_go_delivery *out);
ine_go_delivery *ine_go_delivery_new(void);
void ine_go_delivery_free(ine_go_delivery *delivery);
/* 1, and 64 hex digits for a genuine delivery. */
int32_t ine_go_dedupe_key(const ine_webhooks *webhooks, const char *head, const int32_t *lengths,
                          int32_t headers, const void *body, size_t body_len, char *key);
int32_t ine_go_diagnose(const ine_webhooks *webhooks, const char *head, const int32_t *lengths,
                        int32_t headers, const void *body, size_t body_len);
/* Reads bytes and interprets them; the bytes are not kept. */
int32_t ine_go_interpret(const void *body, size_t body_len, int64_t require, ine_verdict **verdict,
                         ine_go_verdict *facts, ine_error **error);

/* Media in memory, looked at within this call; frees the verification. */
int32_t ine_go_verification_check(ine_verification *verification, const ine_options *options,
                                  const void *face, size_t face_len, const void *front,
                                  size_t front_len, const void *back, size_t back_len,
                                  ine_report **report, ine_error **error);

/* A flow with a deadline of its own. */
int32_t ine_go_flow(ine_flow **out, int32_t mode, const ine_verification *verification,
                    const char *session, size_t session_len, const ine_credentials *credentials,
                    ine_options *options, int64_t deadline_ms, int64_t now_ms, ine_error **error);
int32_t ine_go_exchange(ine_exchange **out, const ine_request *request,
                        const ine_credentials *credentials, ine_options *options,
                        int64_t deadline_ms, int64_t now_ms, ine_error **error);
ine_go_step *ine_go_step_new(void);
void ine_go_step_free(ine_go_step *step);
/* Of a flow, or of an exchange when `flow` is NULL. */
void ine_go_next(ine_flow *flow, ine_exchange *exchange, int64_t now_ms, ine_go_step *out);
/* Status, headers, (the rest of) the body, and, with `end`, the reply's end. */
int32_t ine_go_reply(ine_exchange *exchange, int32_t status, const char *head,
                     const int32_t *lengths, int32_t headers, const void *body, size_t body_len,
                     int32_t end, int64_t now_ms);

#endif
