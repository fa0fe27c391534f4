/* The outcome of a decision: docs/verdict.md "Outcome", row by row. */
#include "cascade/facts.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* reasonCode [V-2026-06 "Cascade order"; 539 is unconfirmed]. */
enum {
    CODE_TOO_MANY_SELFIES = 539,
    CODE_SELFIE = 581,
    CODE_CONSENT = 640,
    CODE_UNAVAILABLE = 901,
    CODE_NOT_FOUND = 902,
    CODE_DATA = 903,
    CODE_LOST_OR_STOLEN = 904
};

typedef struct ine__reading {
    const ine__meaning *meaning;
    const ine__facts *facts;
} ine__reading;

static int32_t state(const ine__reading *r, int32_t check)
{
    return r->meaning->check[check].state;
}

static bool reason_code_is(const ine__reading *r, int64_t code)
{
    return r->facts->reason_code.integer && r->facts->reason_code.value == code;
}

static bool declined(const ine__reading *r)
{
    return r->facts->status == INE__STATUS_DECLINED;
}

/* ---- row 1 ---- */

static bool not_decided(const ine__reading *r)
{
    const int32_t status = r->facts->status;
    return r->facts->undecided || status == INE__STATUS_CREATED || status == INE__STATUS_STARTED ||
           status == INE__STATUS_SUBMITTED;
}

/* ---- row 2 ---- */

static bool resubmission(const ine__reading *r)
{
    return r->facts->status == INE__STATUS_RESUBMISSION;
}

static bool expired(const ine__reading *r)
{
    return r->facts->status == INE__STATUS_EXPIRED;
}

static bool abandoned(const ine__reading *r)
{
    return r->facts->status == INE__STATUS_ABANDONED;
}

static bool review(const ine__reading *r)
{
    return r->facts->status == INE__STATUS_REVIEW;
}

/* ---- rows 3 and 4 ---- */

static bool approved(const ine__reading *r)
{
    return r->facts->status == INE__STATUS_APPROVED;
}

static bool ine_is_good(const ine__reading *r)
{
    const ine__facts *facts = r->facts;
    if (!facts->ine_object || facts->ine_status != INE__REGISTRY_SUCCESS || facts->ine_error)
        return false;
    for (int32_t check = 1; check <= INE__CORE; check++) {
        if (state(r, check) != INE_STATE_PASSED)
            return false;
    }
    for (int32_t check = INE__CORE + 1; check <= INE__CHECKS; check++) {
        const int32_t s = state(r, check);
        if (s != INE_STATE_PASSED && s != INE_STATE_NO_INPUT && s != INE_STATE_ABSENT)
            return false;
    }
    return !facts->tally.unknown_blocks;
}

static bool face_is_good(const ine__reading *r)
{
    return r->facts->face_object && r->facts->face_match == INE__FACE_TRUE &&
           r->facts->face_status != INE__REGISTRY_FAILURE;
}

static bool approved_cleanly(const ine__reading *r)
{
    const ine__facts *facts = r->facts;
    const bool code = !facts->code.there || (facts->code.integer && facts->code.value == 9001);
    return approved(r) && code && !facts->reason_code.there && (facts->ine || facts->face) &&
           (!facts->ine || ine_is_good(r)) && (!facts->face || face_is_good(r));
}

/* ---- rows 5 to 9 ---- */

static bool consent_missing(const ine__reading *r)
{
    return declined(r) && (state(r, INE_CHECK_CONSENT_OBTAINED) == INE_STATE_FAILED ||
                           (!r->facts->tally.failed && reason_code_is(r, CODE_CONSENT)));
}

/* A malformed CURP or CIC (C-9). */
static bool input_error(const ine__reading *r)
{
    const ine__entry *entry = &r->facts->entry[INE_CHECK_PERSON_REGISTERED];
    return declined(r) && state(r, INE_CHECK_PERSON_REGISTERED) == INE_STATE_FAILED &&
           entry->reason == INE__REASON_INPUT_NOT_PROVIDED;
}

static bool something_failed(const ine__reading *r)
{
    return declined(r) && r->facts->tally.failed;
}

/* reasonCode of a decline that may be an outage. */
static bool may_be_outage(const ine__reading *r)
{
    return !r->facts->reason_code.there || reason_code_is(r, CODE_SELFIE) ||
           reason_code_is(r, CODE_UNAVAILABLE) || reason_code_is(r, CODE_NOT_FOUND) ||
           reason_code_is(r, CODE_DATA) || reason_code_is(r, CODE_LOST_OR_STOLEN);
}

static bool outage(const ine__reading *r)
{
    const ine__tally *tally = &r->facts->tally;
    if (!declined(r) || tally->failed || tally->unrecognised || !may_be_outage(r))
        return false;
    return r->facts->ine_status == INE__REGISTRY_ERROR || reason_code_is(r, CODE_UNAVAILABLE) ||
           (tally->outage && !tally->inconclusive);
}

static bool too_many_selfies(const ine__reading *r)
{
    return declined(r) && reason_code_is(r, CODE_TOO_MANY_SELFIES);
}

/* ---- row 10 ---- */

static bool anything(const ine__reading *r)
{
    (void)r;
    return true;
}

#define BY_ROOT_CAUSE (-1)

/* The first row that holds. */
static const struct {
    bool (*when)(const ine__reading *);
    int32_t outcome, advice;
} rows[] = {
    /*  1 */ {not_decided, INE_OUTCOME_PENDING, INE_ADVICE_WAIT},
    /*  2 */ {resubmission, INE_OUTCOME_RESUBMIT, INE_ADVICE_RESUBMIT},
    /*  2 */ {expired, INE_OUTCOME_EXPIRED, INE_ADVICE_RETRY_NEW_SESSION},
    /*  2 */ {abandoned, INE_OUTCOME_ABANDONED, INE_ADVICE_RETRY_NEW_SESSION},
    /*  2 */ {review, INE_OUTCOME_REVIEW, INE_ADVICE_WAIT},
    /*  3 */ {approved_cleanly, INE_OUTCOME_VERIFIED, INE_ADVICE_NONE},
    /*  4 */ {approved, INE_OUTCOME_APPROVED_WITH_EXCEPTIONS, INE_ADVICE_MANUAL_REVIEW},
    /*  5 */ {consent_missing, INE_OUTCOME_CONSENT_MISSING, INE_ADVICE_ASK_CONSENT},
    /*  6 */ {input_error, INE_OUTCOME_INPUT_ERROR, INE_ADVICE_CORRECT_INPUT},
    /*  7 */ {something_failed, INE_OUTCOME_NOT_VERIFIED, BY_ROOT_CAUSE},
    /*  8 */ {outage, INE_OUTCOME_RETRY_LATER, INE_ADVICE_RETRY_NEW_SESSION},
    /*  9 */ {too_many_selfies, INE_OUTCOME_NOT_VERIFIED, INE_ADVICE_NEW_SELFIE},
    /*  9 */ {declined, INE_OUTCOME_NOT_VERIFIED, INE_ADVICE_MANUAL_REVIEW},
    /* 10 */ {anything, INE_OUTCOME_UNKNOWN, INE_ADVICE_MANUAL_REVIEW},
};

/* Row 7, by the first FAILED check; [0]: only checks that we do not know have failed. */
static const int32_t advice_by_check[INE__CHECKS + 1] = {
    [0] = INE_ADVICE_MANUAL_REVIEW,
    [INE_CHECK_CONSENT_OBTAINED] = INE_ADVICE_ASK_CONSENT,
    [INE_CHECK_PERSON_REGISTERED] = INE_ADVICE_CORRECT_INPUT,
    [INE_CHECK_SELFIE_REGISTRY_MATCH] = INE_ADVICE_NEW_SELFIE,
    [INE_CHECK_NOT_REPORTED_LOST_OR_STOLEN] = INE_ADVICE_REFUSE_CARD,
    [INE_CHECK_FIRST_NAME_MATCH] = INE_ADVICE_CORRECT_INPUT,
    [INE_CHECK_FATHER_LAST_NAME_MATCH] = INE_ADVICE_CORRECT_INPUT,
    [INE_CHECK_MOTHER_LAST_NAME_MATCH] = INE_ADVICE_CORRECT_INPUT,
    [INE_CHECK_PERSONAL_NUMBER_MATCH] = INE_ADVICE_CORRECT_INPUT,
    [INE_CHECK_REGISTRATION_YEAR_MATCH] = INE_ADVICE_CORRECT_INPUT,
    [INE_CHECK_ISSUE_YEAR_MATCH] = INE_ADVICE_CORRECT_INPUT,
};

void ine__outcome_find(ine__meaning *out, const ine__facts *facts)
{
    const ine__reading reading = {out, facts};
    size_t row = 0;
    while (row < COUNT(rows) - 1 && !rows[row].when(&reading))
        row++;
    out->outcome = rows[row].outcome;
    out->advice = rows[row].advice;
    if (out->advice == BY_ROOT_CAUSE)
        out->advice = advice_by_check[out->failed ? __builtin_ctz(out->failed) : 0];
}

int32_t ine__reason_code_check(const ine__facts *facts)
{
    static const struct {
        int64_t code;
        int32_t check;
    } named[] = {
        {CODE_CONSENT, INE_CHECK_CONSENT_OBTAINED},
        {CODE_NOT_FOUND, INE_CHECK_PERSON_REGISTERED},
        {CODE_SELFIE, INE_CHECK_SELFIE_REGISTRY_MATCH},
        {CODE_LOST_OR_STOLEN, INE_CHECK_NOT_REPORTED_LOST_OR_STOLEN},
    };
    for (size_t i = 0; i < COUNT(named); i++) {
        if (facts->reason_code.integer && facts->reason_code.value == named[i].code)
            return named[i].check;
    }
    return -1;
}
