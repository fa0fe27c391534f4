/* What a decision means: the tables of docs/verdict.md as code. */
#ifndef INE_CASCADE_VERDICT_H
#define INE_CASCADE_VERDICT_H

#include "base/error.h"
#include "schema/decision.h"

#define INE__CHECKS 10

typedef struct ine__check {
    int32_t state;      /* INE_STATE_* */
    int32_t blocked_by; /* a check, or 0 */
    ine_str reason;     /* as received */
} ine__check;

/* The interpretation by value, without allocation: views live as long as the decision. */
typedef struct ine__meaning {
    ine__check check[INE__CHECKS + 1];
    int32_t outcome, advice;
    int32_t root; /* a check, 0 for the registry, -1 for none */
    uint32_t failed, unmet, required;
    int64_t unchecked, inputs;
    uint32_t anomalies;
    size_t unknown_checks;
    bool verified, no_ine_result;
} ine__meaning;

void ine__interpret(ine__meaning *out, const ine_decision *decision, int64_t require, int64_t sent);

#endif
