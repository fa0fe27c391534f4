/* What a decision says, read once from its slots. The rules (checks.c, outcome.c, anomaly.c) look
 * at nothing else. */
#ifndef INE_CASCADE_FACTS_H
#define INE_CASCADE_FACTS_H

#include "cascade/verdict.h"

#define INE__CORE 4 /* checks 1..4 are core [V-2026-06 "Note on session outcomes"] */

/* Session status [V-2026-06, C-28]. */
enum {
    INE__STATUS_NONE = 0, /* absent, null, or not a text */
    INE__STATUS_OTHER,
    INE__STATUS_CREATED,
    INE__STATUS_STARTED,
    INE__STATUS_SUBMITTED,
    INE__STATUS_APPROVED,
    INE__STATUS_DECLINED,
    INE__STATUS_RESUBMISSION,
    INE__STATUS_EXPIRED,
    INE__STATUS_ABANDONED,
    INE__STATUS_REVIEW
};

/* MX_INE.status, and responseStatus of the older object. */
enum {
    INE__REGISTRY_NONE = 0,
    INE__REGISTRY_OTHER,
    INE__REGISTRY_SUCCESS,
    INE__REGISTRY_FAILURE,
    INE__REGISTRY_ERROR
};

/* What stands at a check. */
enum {
    INE__ENTRY_NONE = 0, /* no entry, or null */
    INE__ENTRY_ODD,      /* not an object, or without a result that we know */
    INE__ENTRY_SUCCESS,
    INE__ENTRY_FAILURE,
    INE__ENTRY_NOT_APPLICABLE
};

/* Reasons as bits, so that a rule can name several. */
enum {
    INE__REASON_NULL = 1,
    INE__REASON_NOT_TEXT = 2,
    INE__REASON_UNKNOWN = 4,
    INE__REASON_PERSON_NOT_FOUND = 8,
    INE__REASON_SELFIE_MISMATCH = 16,
    INE__REASON_VALUE_MISMATCH = 32,
    INE__REASON_INPUT_NOT_PROVIDED = 64,
    INE__REASON_REGISTRY_UNAVAILABLE = 128,
    INE__REASON_TECHNICAL_ISSUES = 256,
    INE__REASON_OUTAGE = INE__REASON_REGISTRY_UNAVAILABLE | INE__REASON_TECHNICAL_ISSUES,
    INE__REASON_ANY = 511
};

typedef struct ine__entry {
    uint8_t form;        /* INE__ENTRY_* */
    bool other_case;     /* a known result not in lower case, or a known reason not in upper case */
    uint16_t reason;     /* INE__REASON_* */
    ine__slot reason_at; /* in the whole body */
} ine__entry;

/* A number that may be absent (or null), there, or there and no integer. */
typedef struct ine__number {
    bool there, integer;
    int64_t value;
} ine__number;

enum { INE__FACE_NULL = 0, INE__FACE_FALSE, INE__FACE_TRUE, INE__FACE_ODD };

/* What all checks, known and unknown, come to. */
typedef struct ine__tally {
    bool failed, unrecognised, result_failure;
    bool outage;         /* one is INCONCLUSIVE because the registry or the vendor was down */
    bool inconclusive;   /* one is INCONCLUSIVE for any other reason */
    bool unknown_blocks; /* an unknown check is none of PASSED, NO_INPUT, ABSENT */
    uint32_t anomalies;
} ine__tally;

typedef struct ine__facts {
    const ine_decision *decision;
    const ine__slot *slot; /* of the decision */
    const char *bytes;
    int32_t kind, status;
    bool undecided; /* `verification` is null */
    bool other_case;
    ine__number code, reason_code;
    /* registryValidations.MX_INE: null counts as absent */
    bool ine, ine_object, ine_error, validations;
    int32_t ine_status;
    /* additionalVerifiedData.ineBiometricRegistryValidation */
    bool face, face_object;
    int32_t face_match, face_status;
    ine__number face_percent;
    ine__entry entry[INE__CHECKS + 1];
    int32_t first_failure; /* the first core entry whose result is `failure`, or 0 */
    ine__tally tally;
} ine__facts;

/* facts.c */
void ine__facts_read(ine__facts *facts, const ine_decision *decision);
/* A body to which the table of outcomes applies: a session reply is a decision that is not made. */
bool ine__is_decision(const ine__facts *facts);

/* words.c: sorts a text into a table of words, ASCII case-insensitive (C-2). */
typedef struct ine__word {
    const char *text;
    uint8_t len;
    uint16_t value;
} ine__word;
#define INE__WORD(text, value)        \
    {                                 \
        text, sizeof(text) - 1, value \
    }
/* `missing` for a slot that holds no text, `other` for a text that is not in the table. Sets
 * *other_case when the text is one of the table but for its case. */
uint16_t ine__word_find(const ine__word *words, size_t count, const char *bytes, ine__slot slot,
                        uint16_t missing, uint16_t other, bool *other_case);

/* entry.c: one entry of `validations`. */
void ine__entry_read(ine__entry *out, const char *bytes, ine__slot entry, ine__slot result,
                     ine__slot reason);

/* Walks over the entries of `validations` that are no known check. */
typedef struct ine__unknown_iter {
    ine__json_iter json;
    const ine__facts *facts;
    uint32_t start;
} ine__unknown_iter;
void ine__unknown_init(ine__unknown_iter *iter, const ine__facts *facts);
/* `name` is raw, between its quotes. */
bool ine__unknown_next(ine__unknown_iter *iter, ine_str *name, bool *name_escaped,
                       ine__entry *entry);

/* checks.c: INE_STATE_* of an entry; `blocked` says that an earlier core entry's result is
 * `failure`. */
int32_t ine__check_state(const ine__entry *entry, bool blocked);
/* Fills out->check and facts->tally, and counts unknown checks. */
void ine__checks_read(ine__meaning *out, ine__facts *facts);
/* The first failed core entry when it stands before check `check`, or 0. Unknown checks stand
 * behind all. */
static inline int32_t ine__blocked_by(const ine__facts *facts, int32_t check)
{
    return facts->first_failure < check ? facts->first_failure : 0;
}

/* outcome.c: fills outcome and advice; needs check and failed. */
void ine__outcome_find(ine__meaning *out, const ine__facts *facts);
/* The check that reasonCode names, or -1. */
int32_t ine__reason_code_check(const ine__facts *facts);

/* anomaly.c */
uint32_t ine__entry_anomalies(const ine__entry *entry, int32_t state, bool blocked);
uint32_t ine__anomalies(const ine__meaning *meaning, const ine__facts *facts);

/* interpret.c: as ine__interpret(), and leaves the facts to the caller. */
void ine__interpret_facts(ine__meaning *out, ine__facts *facts, const ine_decision *decision,
                          int64_t require, int64_t sent);

/* texts.c: a literal; `audience` and `language` as in ine_verdict_text(). */
ine_str ine__text(const ine__meaning *meaning, int32_t audience, int32_t language);

#endif
