/* Faults by name, and the log of requests: /sandbox/faults and /sandbox/log. */
#ifndef INE_SANDBOX_FAULTS_H
#define INE_SANDBOX_FAULTS_H

#include "internal.h"

#include "base/rng.h"

#define INE__SB_FAULTS 64

/* What is known of a fault. `wire`: the host makes it; the others are made in the library. */
typedef struct ine__sb_fault_kind {
    int32_t number;
    bool wire;
    const char *variants[10];
    const char *about;
} ine__sb_fault_kind;

/* A fault that somebody asked for. */
typedef struct ine__sb_rule {
    int64_t id;
    const ine__sb_fault_kind *kind;
    int32_t variant;
    char route[24];   /* "" any */
    char session[36]; /* the id in the path; [0] == 0: any */
    int64_t times;    /* still to come; -1: always */
    int64_t after;    /* requests that are let through first */
    int64_t chance;   /* in 100 */
    int64_t at;       /* -1: not said */
    int64_t seed, made;
    ine__rng rng;
} ine__sb_rule;

struct ine__sb_faults {
    ine__sb_rule rules[INE__SB_FAULTS];
    size_t count;
    int64_t last_id;
    int64_t host; /* 1: the host makes the faults of the wire */
};

void ine__sb_admin_faults(ine__sb_call *call, ine_str rest);
/* Answers in the place of the endpoint: true when it did. */
bool ine__sb_fault_instead(ine__sb_call *call);
/* Changes the body that the endpoint made, before it is signed. */
void ine__sb_fault_body(ine__sb_call *call);
/* Changes the signature after it was made. */
void ine__sb_fault_signature(ine__sb_call *call);
/* The name of a variant, "" without one. */
const char *ine__sb_variant(const ine_sandbox_fault *fault);

/* log.c */
void ine__sb_log_request(ine_sandbox *sandbox, const ine_sandbox_request *request, int64_t now_ms,
                         int32_t status, const ine_sandbox_fault *fault, bool handled);
void ine__sb_log_free(ine_sandbox *sandbox);
void ine__sb_admin_log(ine__sb_call *call);

#endif
