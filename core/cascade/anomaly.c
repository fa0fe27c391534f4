/* Anomalies: what a reader should know of, and what never changes the outcome. */
#include "cascade/facts.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define BIT(anomaly) (1U << (anomaly))

uint32_t ine__entry_anomalies(const ine__entry *entry, int32_t state, bool blocked)
{
    uint32_t found = 0;
    if (entry->form == INE__ENTRY_NOT_APPLICABLE && state == INE_STATE_INCONCLUSIVE)
        found |= BIT(INE_ANOMALY_NA_WITHOUT_UPSTREAM_FAILURE);
    if (entry->form == INE__ENTRY_SUCCESS && blocked)
        found |= BIT(INE_ANOMALY_SUCCESS_AFTER_FAILURE);
    if (entry->form == INE__ENTRY_ODD)
        found |= BIT(INE_ANOMALY_UNKNOWN_RESULT);
    if (entry->reason & (INE__REASON_UNKNOWN | INE__REASON_NOT_TEXT))
        found |= BIT(INE_ANOMALY_UNKNOWN_REASON);
    if (entry->other_case)
        found |= BIT(INE_ANOMALY_MIXED_CASE);
    return found;
}

static bool approved_with_failed_core(const ine__meaning *meaning, const ine__facts *facts)
{
    const uint32_t core = ((1U << INE__CORE) - 1) << 1;
    return facts->status == INE__STATUS_APPROVED && (meaning->failed & core);
}

/* The code of each status; C-10: 9121 is met with `abandoned` too. */
static bool status_code_mismatch(const ine__meaning *meaning, const ine__facts *facts)
{
    static const struct {
        int32_t status;
        int64_t code;
    } pairs[] = {
        {INE__STATUS_STARTED, 7001},      {INE__STATUS_SUBMITTED, 7002},
        {INE__STATUS_APPROVED, 9001},     {INE__STATUS_DECLINED, 9102},
        {INE__STATUS_RESUBMISSION, 9103}, {INE__STATUS_EXPIRED, 9104},
        {INE__STATUS_ABANDONED, 9104},    {INE__STATUS_ABANDONED, 9121},
        {INE__STATUS_REVIEW, 9121},
    };
    (void)meaning;
    bool has_code = false;
    if (!facts->code.there)
        return false;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        if (pairs[i].status != facts->status)
            continue;
        has_code = true;
        if (facts->code.integer && facts->code.value == pairs[i].code)
            return false;
    }
    return has_code;
}

static bool reason_code_mismatch(const ine__meaning *meaning, const ine__facts *facts)
{
    if (!facts->reason_code.there)
        return false;
    if (facts->status == INE__STATUS_APPROVED)
        return true;
    if (!facts->reason_code.integer)
        return false;
    if (facts->reason_code.value == 901)
        return facts->tally.failed;
    if (!meaning->failed)
        return false;
    const int32_t first = __builtin_ctz(meaning->failed);
    const int32_t named = ine__reason_code_check(facts);
    return facts->reason_code.value == 903 ? first <= INE__CORE : named > 0 && named != first;
}

static bool registry_status_mismatch(const ine__meaning *meaning, const ine__facts *facts)
{
    (void)meaning;
    if (facts->ine_status == INE__REGISTRY_SUCCESS)
        return facts->tally.result_failure || facts->ine_error;
    return facts->ine_status == INE__REGISTRY_FAILURE && !facts->tally.result_failure;
}

static bool unknown_check(const ine__meaning *meaning, const ine__facts *facts)
{
    (void)facts;
    return meaning->unknown_checks != 0;
}

static bool face_unrecognised(const ine__meaning *meaning, const ine__facts *facts)
{
    return !facts->ine &&
           meaning->check[INE_CHECK_SELFIE_REGISTRY_MATCH].state == INE_STATE_UNRECOGNISED;
}

static bool status_case(const ine__meaning *meaning, const ine__facts *facts)
{
    (void)meaning;
    return facts->other_case;
}

static bool validations_with_error(const ine__meaning *meaning, const ine__facts *facts)
{
    (void)meaning;
    return facts->validations && (facts->ine_status == INE__REGISTRY_ERROR || facts->ine_error);
}

/* 85 and more is a match [V-2026-05]; it serves this anomaly only (C-3). */
static bool face_percent_mismatch(const ine__meaning *meaning, const ine__facts *facts)
{
    (void)meaning;
    if (!facts->face_percent.integer)
        return false;
    const bool match = facts->face_percent.value >= 85;
    return facts->face_match == (match ? INE__FACE_FALSE : INE__FACE_TRUE);
}

static const struct {
    bool (*when)(const ine__meaning *, const ine__facts *);
    int32_t anomaly;
} rows[] = {
    {approved_with_failed_core, INE_ANOMALY_APPROVED_WITH_FAILED_CORE},
    {status_code_mismatch, INE_ANOMALY_STATUS_CODE_MISMATCH},
    {reason_code_mismatch, INE_ANOMALY_REASON_CODE_MISMATCH},
    {registry_status_mismatch, INE_ANOMALY_REGISTRY_STATUS_MISMATCH},
    {unknown_check, INE_ANOMALY_UNKNOWN_CHECK},
    {face_unrecognised, INE_ANOMALY_UNKNOWN_RESULT},
    {status_case, INE_ANOMALY_MIXED_CASE},
    {validations_with_error, INE_ANOMALY_VALIDATIONS_WITH_ERROR},
    {face_percent_mismatch, INE_ANOMALY_FACE_PERCENT_MISMATCH},
};

uint32_t ine__anomalies(const ine__meaning *meaning, const ine__facts *facts)
{
    uint32_t found = facts->tally.anomalies;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (rows[i].when(meaning, facts))
            found |= BIT(rows[i].anomaly);
    }
    return found;
}
