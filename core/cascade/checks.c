/* The state of each check. */
#include "cascade/facts.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum { FREELY = 1, BLOCKED = 2, EITHER = 3 };

/* docs/verdict.md "State of a check": the first row that holds. */
static const struct {
    uint8_t form;
    uint8_t blocked;
    uint16_t reasons;
    int32_t state;
} rows[] = {
    {INE__ENTRY_NONE, EITHER, INE__REASON_ANY, INE_STATE_ABSENT},
    {INE__ENTRY_ODD, EITHER, INE__REASON_ANY, INE_STATE_UNRECOGNISED},
    {INE__ENTRY_SUCCESS, EITHER, INE__REASON_ANY, INE_STATE_PASSED},
    {INE__ENTRY_FAILURE, EITHER, INE__REASON_OUTAGE | INE__REASON_UNKNOWN, INE_STATE_INCONCLUSIVE},
    {INE__ENTRY_FAILURE, EITHER, INE__REASON_ANY, INE_STATE_FAILED},
    {INE__ENTRY_NOT_APPLICABLE, BLOCKED, INE__REASON_ANY, INE_STATE_SKIPPED},
    {INE__ENTRY_NOT_APPLICABLE, FREELY, INE__REASON_INPUT_NOT_PROVIDED, INE_STATE_NO_INPUT},
    {INE__ENTRY_NOT_APPLICABLE, FREELY, INE__REASON_ANY, INE_STATE_INCONCLUSIVE},
};

int32_t ine__check_state(const ine__entry *entry, bool blocked)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (rows[i].form == entry->form && (rows[i].blocked & (blocked ? BLOCKED : FREELY)) &&
            (rows[i].reasons & entry->reason))
            return rows[i].state;
    }
    return INE_STATE_UNRECOGNISED;
}

static void count(ine__tally *tally, const ine__entry *entry, int32_t state, bool blocked)
{
    tally->failed |= state == INE_STATE_FAILED;
    tally->unrecognised |= state == INE_STATE_UNRECOGNISED;
    tally->result_failure |= entry->form == INE__ENTRY_FAILURE;
    if (state == INE_STATE_INCONCLUSIVE) {
        const bool outage = entry->reason & INE__REASON_OUTAGE;
        tally->outage |= outage;
        tally->inconclusive |= !outage;
    }
    tally->anomalies |= ine__entry_anomalies(entry, state, blocked);
}

static void read_unknown(ine__meaning *out, ine__facts *facts)
{
    ine__unknown_iter iter;
    ine_str name;
    bool escaped;
    ine__entry entry;
    const bool blocked = facts->first_failure != 0;
    ine__unknown_init(&iter, facts);
    while (ine__unknown_next(&iter, &name, &escaped, &entry)) {
        const int32_t state = ine__check_state(&entry, blocked);
        count(&facts->tally, &entry, state, blocked);
        facts->tally.unknown_blocks |=
            state != INE_STATE_PASSED && state != INE_STATE_NO_INPUT && state != INE_STATE_ABSENT;
        out->unknown_checks++;
    }
}

/* What the older object says about check 3; the percentage decides nothing (C-3). */
static int32_t face_state(const ine__facts *facts)
{
    static const int32_t states[] = {
        [INE__FACE_NULL] = INE_STATE_INCONCLUSIVE,
        [INE__FACE_FALSE] = INE_STATE_FAILED,
        [INE__FACE_TRUE] = INE_STATE_PASSED,
        [INE__FACE_ODD] = INE_STATE_UNRECOGNISED,
    };
    return facts->face_object ? states[facts->face_match] : INE_STATE_UNRECOGNISED;
}

static void read_face(ine__meaning *out, ine__facts *facts)
{
    ine__check *selfie = &out->check[INE_CHECK_SELFIE_REGISTRY_MATCH];
    ine__tally *tally = &facts->tally;
    const int32_t state = face_state(facts);
    /* beside an MX_INE result it can only speak against the person */
    if (!facts->ine || (state == INE_STATE_FAILED && selfie->state == INE_STATE_ABSENT))
        selfie->state = state;
    tally->failed |= selfie->state == INE_STATE_FAILED;
    tally->unrecognised |= selfie->state == INE_STATE_UNRECOGNISED;
    tally->outage |= state == INE_STATE_INCONCLUSIVE;
}

/* A success of which nothing is to be said. */
static bool is_plain(const ine__entry *entry)
{
    return entry->form == INE__ENTRY_SUCCESS && entry->reason == INE__REASON_NULL &&
           !entry->other_case;
}

void ine__checks_read(ine__meaning *out, ine__facts *facts)
{
    if (facts->ine) {
        for (int32_t i = 1; i <= INE__CHECKS; i++) {
            const ine__entry *entry = &facts->entry[i];
            if (entry->form == INE__ENTRY_NONE)
                continue;
            const int32_t blocked_by = ine__blocked_by(facts, i);
            ine__check *check = &out->check[i];
            if (is_plain(entry) && !blocked_by) {
                check->state = INE_STATE_PASSED;
                continue;
            }
            check->state = ine__check_state(entry, blocked_by != 0);
            check->blocked_by = check->state == INE_STATE_SKIPPED ? blocked_by : 0;
            if (entry->reason_at.type == INE__J_STRING)
                check->reason = (ine_str){facts->bytes + entry->reason_at.at, entry->reason_at.len};
            if (entry->reason_at.escaped)
                ine__decision_get(facts->decision, INE_D_CHECK_REASON + i, &check->reason, NULL);
            count(&facts->tally, entry, check->state, blocked_by != 0);
        }
        if (facts->slot[INE__SLOT_OTHER_CHECKS].len)
            read_unknown(out, facts);
    }
    if (facts->face)
        read_face(out, facts);
    for (int32_t i = 1; i <= INE__CHECKS; i++) {
        if (out->check[i].state == INE_STATE_FAILED)
            out->failed |= 1U << i;
    }
}
