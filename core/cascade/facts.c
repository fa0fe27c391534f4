/* From the slots of a decision to facts. */
#include "cascade/facts.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const ine__word statuses[] = {
    INE__WORD("approved", INE__STATUS_APPROVED),
    INE__WORD("declined", INE__STATUS_DECLINED),
    INE__WORD("resubmission_requested", INE__STATUS_RESUBMISSION),
    INE__WORD("expired", INE__STATUS_EXPIRED),
    INE__WORD("abandoned", INE__STATUS_ABANDONED),
    INE__WORD("review", INE__STATUS_REVIEW),
    INE__WORD("created", INE__STATUS_CREATED),
    INE__WORD("started", INE__STATUS_STARTED),
    INE__WORD("submitted", INE__STATUS_SUBMITTED),
};

static const ine__word registry_statuses[] = {
    INE__WORD("success", INE__REGISTRY_SUCCESS),
    INE__WORD("failure", INE__REGISTRY_FAILURE),
    INE__WORD("error", INE__REGISTRY_ERROR),
};

static bool there(ine__slot slot)
{
    return slot.type != INE__J_ABSENT && slot.type != INE__J_NULL;
}

static ine__number number(const ine__facts *facts, uint32_t field)
{
    const ine__slot slot = facts->slot[field];
    ine__number out = {.there = there(slot)};
    if (slot.type == INE__J_NUMBER)
        out.integer = ine__json_int((ine_str){facts->bytes + slot.at, slot.len}, &out.value);
    return out;
}

static int32_t registry_status(ine__facts *facts, uint32_t field)
{
    return ine__word_find(registry_statuses, COUNT(registry_statuses), facts->bytes,
                          facts->slot[field], INE__REGISTRY_NONE, INE__REGISTRY_OTHER,
                          &facts->other_case);
}

static int32_t face_match(uint8_t type)
{
    switch (type) {
    case INE__J_ABSENT:
    case INE__J_NULL:
        return INE__FACE_NULL;
    case INE__J_TRUE:
        return INE__FACE_TRUE;
    case INE__J_FALSE:
        return INE__FACE_FALSE;
    default:
        return INE__FACE_ODD;
    }
}

/* Most entries of most decisions: {"result":"success","reason":null}, spelled so. */
static bool is_plain_success(const ine__facts *facts, uint32_t check)
{
    const ine__slot result = facts->slot[INE__SLOT_RESULT + check];
    return facts->slot[INE__SLOT_ENTRY + check].type == INE__J_OBJECT &&
           result.type == INE__J_STRING && result.len == 7 &&
           memcmp(facts->bytes + result.at, "success", 7) == 0 &&
           !there(facts->slot[INE__SLOT_REASON + check]);
}

static void read_entry(ine__facts *facts, uint32_t check)
{
    ine__entry *const entry = &facts->entry[check];
    if (is_plain_success(facts, check)) {
        entry->form = INE__ENTRY_SUCCESS;
        entry->reason = INE__REASON_NULL;
        return;
    }
    ine__entry_read(entry, facts->bytes, facts->slot[INE__SLOT_ENTRY + check],
                    facts->slot[INE__SLOT_RESULT + check], facts->slot[INE__SLOT_REASON + check]);
    if (check <= INE__CORE && entry->form == INE__ENTRY_FAILURE && !facts->first_failure)
        facts->first_failure = (int32_t)check;
}

static void read_ine(ine__facts *facts, ine__slot object)
{
    facts->ine_object = object.type == INE__J_OBJECT;
    facts->ine_status = registry_status(facts, INE_D_INE_STATUS);
    facts->ine_error = there(facts->slot[INE_D_INE_ERROR]);
    facts->validations = there(facts->slot[INE_D_VALIDATIONS]);
    for (uint32_t check = 1; check <= INE__CHECKS; check++)
        read_entry(facts, check);
}

static void read_face(ine__facts *facts, ine__slot object)
{
    facts->face_object = object.type == INE__J_OBJECT;
    facts->face_status = registry_status(facts, INE_D_FACE_RESPONSE_STATUS);
    facts->face_match = face_match(facts->slot[INE_D_FACE_MATCH].type);
    facts->face_percent = number(facts, INE_D_FACE_MATCH_PERCENTAGE);
}

bool ine__is_decision(const ine__facts *facts)
{
    return facts->kind == INE_KIND_DECISION || facts->kind == INE_KIND_SESSION;
}

void ine__facts_read(ine__facts *facts, const ine_decision *decision)
{
    *facts = (ine__facts){
        .decision = decision,
        .slot = ine__decision_slots(decision),
        .bytes = ine_decision_bytes(decision).ptr,
        .kind = ine_decision_kind(decision),
    };
    facts->code = number(facts, INE_D_CODE);
    facts->reason_code = number(facts, INE_D_REASON_CODE);
    if (!ine__is_decision(facts))
        return;
    facts->undecided = facts->slot[INE_D_VERIFICATION].type == INE__J_NULL;
    facts->status =
        ine__word_find(statuses, COUNT(statuses), facts->bytes, facts->slot[INE_D_SESSION_STATUS],
                       INE__STATUS_NONE, INE__STATUS_OTHER, &facts->other_case);
    const ine__slot mx_ine = facts->slot[INE_D_MX_INE];
    const ine__slot face = facts->slot[INE_D_FACE_RESULT];
    facts->ine = there(mx_ine);
    facts->face = there(face);
    if (facts->ine)
        read_ine(facts, mx_ine);
    if (facts->face)
        read_face(facts, face);
}
