/* One entry of `validations`: {"result":...,"reason":...}. */
#include "cascade/facts.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* [V-2026-06 "Parameters in MX_INE explained"] */
static const ine__word results[] = {
    INE__WORD("success", INE__ENTRY_SUCCESS),
    INE__WORD("failure", INE__ENTRY_FAILURE),
    INE__WORD("not_applicable", INE__ENTRY_NOT_APPLICABLE),
};

/* [V-2026-06 "Possible reason values"] */
static const ine__word reasons[] = {
    INE__WORD("VALUE_MISMATCH", INE__REASON_VALUE_MISMATCH),
    INE__WORD("INPUT_NOT_PROVIDED", INE__REASON_INPUT_NOT_PROVIDED),
    INE__WORD("SELFIE_MISMATCH", INE__REASON_SELFIE_MISMATCH),
    INE__WORD("PERSON_NOT_FOUND", INE__REASON_PERSON_NOT_FOUND),
    INE__WORD("REGISTRY_UNAVAILABLE", INE__REASON_REGISTRY_UNAVAILABLE),
    INE__WORD("TECHNICAL_ISSUES", INE__REASON_TECHNICAL_ISSUES),
};

static bool is_nothing(ine__slot slot)
{
    return slot.type == INE__J_ABSENT || slot.type == INE__J_NULL;
}

void ine__entry_read(ine__entry *out, const char *bytes, ine__slot entry, ine__slot result,
                     ine__slot reason)
{
    *out = (ine__entry){.reason = INE__REASON_NULL};
    if (is_nothing(entry))
        return;
    out->form = INE__ENTRY_ODD;
    if (entry.type != INE__J_OBJECT)
        return;
    out->reason_at = reason;
    out->form = (uint8_t)ine__word_find(results, COUNT(results), bytes, result, INE__ENTRY_ODD,
                                        INE__ENTRY_ODD, &out->other_case);
    if (!is_nothing(reason))
        out->reason = ine__word_find(reasons, COUNT(reasons), bytes, reason, INE__REASON_NOT_TEXT,
                                     INE__REASON_UNKNOWN, &out->other_case);
}

void ine__unknown_init(ine__unknown_iter *iter, const ine__facts *facts)
{
    const ine__slot validations = facts->slot[INE_D_VALIDATIONS];
    *iter = (ine__unknown_iter){.facts = facts, .start = validations.at};
    ine__json_iter_init(&iter->json, (ine_str){facts->bytes + validations.at, validations.len});
}

/* The reader has noted where each known check stands. */
static bool is_known(const ine__facts *facts, uint32_t at)
{
    for (uint32_t check = 1; check <= INE__CHECKS; check++) {
        const ine__slot known = facts->slot[INE__SLOT_ENTRY + check];
        if (known.type != INE__J_ABSENT && known.at == at)
            return true;
    }
    return false;
}

/* A member of an entry that the reader does not know; it has refused a second occurrence (C2). */
static ine__slot member(const char *bytes, ine__slot entry, const char *key)
{
    if (entry.type != INE__J_OBJECT)
        return (ine__slot){0};
    ine__slot slot = ine__json_member((ine_str){bytes + entry.at, entry.len}, key);
    slot.at += entry.at;
    return slot;
}

bool ine__unknown_next(ine__unknown_iter *iter, ine_str *name, bool *name_escaped,
                       ine__entry *entry)
{
    const char *const bytes = iter->facts->bytes;
    ine__slot value;
    while (ine__json_iter_next(&iter->json, name, name_escaped, &value)) {
        value.at += iter->start;
        if (is_known(iter->facts, value.at))
            continue;
        ine__entry_read(entry, bytes, value, member(bytes, value, "result"),
                        member(bytes, value, "reason"));
        return true;
    }
    return false;
}
