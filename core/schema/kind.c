/* What a body is, from the members that it has [facts: veriff-api.md 6, 8.2]. */
#include "schema/body.h"

typedef struct sight {
    ine_str bytes;
    ine__slot *slot;
} sight;

static bool has(const sight *s, uint32_t slot, uint8_t type)
{
    return s->slot[slot].type == type;
}

static bool any(const sight *s, uint32_t slot)
{
    return s->slot[slot].type != INE__J_ABSENT;
}

/* Is a slot this text? ASCII case-insensitive (C-2). */
static bool says(const sight *s, uint32_t slot, const char *text)
{
    const ine__slot at = s->slot[slot];
    const size_t len = strlen(text);
    char decoded[6 * 32];
    if (at.type != INE__J_STRING)
        return false;
    ine_str value = ine__json_view(s->bytes, at);
    if (at.escaped) {
        if (value.len > sizeof decoded)
            return false;
        value = (ine_str){decoded, ine__json_unescape(decoded, value)};
    }
    return ine__str_ieq(value, (ine_str){text, len});
}

static bool begins(const sight *s, uint32_t slot, const char *prefix)
{
    return has(s, slot, INE__J_STRING) && !s->slot[slot].escaped &&
           ine__str_starts(ine__json_view(s->bytes, s->slot[slot]), prefix);
}

/* A webhook that names its type. */
static int32_t typed_kind(const sight *s)
{
    static const struct {
        uint32_t slot;
        const char *type;
        int32_t kind;
    } types[] = {
        {INE_D_EVENT_TYPE, "ine_registry", INE_KIND_INE_WEBHOOK},
        {INE_D_EVENT_TYPE, "combined-ine-curp-registry", INE_KIND_INE_CURP_WEBHOOK},
        {INE__SLOT_ROOT_TYPE, "curp_registry", INE_KIND_CURP_WEBHOOK},
        /* C-26: each of them under the other's name */
        {INE__SLOT_ROOT_TYPE, "ine_registry", INE_KIND_INE_WEBHOOK},
        {INE__SLOT_ROOT_TYPE, "combined-ine-curp-registry", INE_KIND_INE_CURP_WEBHOOK},
        {INE_D_EVENT_TYPE, "curp_registry", INE_KIND_CURP_WEBHOOK},
    };
    if (!any(s, INE_D_EVENT_TYPE) && !any(s, INE__SLOT_ROOT_TYPE))
        return INE_KIND_UNKNOWN;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (says(s, types[i].slot, types[i].type))
            return types[i].kind;
    }
    return begins(s, INE_D_EVENT_TYPE, "user-status.") ? INE_KIND_USER_STATUS : INE_KIND_UNKNOWN;
}

/* {"status":"fail","code","message"}; DELETE gives its status as a number (C-18). */
static bool is_error(const sight *s)
{
    const bool failed = has(s, INE_D_STATUS, INE__J_NUMBER) || says(s, INE_D_STATUS, "fail");
    const bool described = any(s, INE_D_API_CODE) || any(s, INE_D_API_MESSAGE);
    if (failed && described)
        return true;
    return !any(s, INE_D_VERIFICATION) && any(s, INE_D_API_CODE) && any(s, INE_D_API_MESSAGE);
}

/* A verification object without any part of a decision, as create, submit and delete give it. */
static bool is_session(const sight *s)
{
    static const uint32_t decided[] = {
        INE_D_ATTEMPT_ID,      INE_D_CODE,          INE_D_REASON,
        INE_D_REASON_CODE,     INE_D_DECISION_TIME, INE_D_ACCEPTANCE_TIME,
        INE_D_SUBMISSION_TIME, INE__SLOT_PERSON,    INE__SLOT_DOCUMENT,
        INE__SLOT_REGISTRIES,  INE__SLOT_ADDITIONAL};
    static const char *const open[] = {"created", "started", "submitted"};
    if (!has(s, INE_D_VERIFICATION, INE__J_OBJECT))
        return false;
    for (size_t i = 0; i < sizeof decided / sizeof decided[0]; i++) {
        if (any(s, decided[i]))
            return false;
    }
    if (!any(s, INE_D_SESSION_STATUS))
        return any(s, INE_D_SESSION_ID);
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        if (says(s, INE_D_SESSION_STATUS, open[i]))
            return true;
    }
    return false;
}

static int32_t find_kind(const sight *s)
{
    /* the decision first: it is read most often, and has none of the other marks */
    if (has(s, INE_D_VERIFICATION, INE__J_OBJECT) && any(s, INE_D_CODE) &&
        !any(s, INE_D_API_CODE) && !any(s, INE_D_API_MESSAGE) && !any(s, INE_D_EVENT_TYPE) &&
        !any(s, INE__SLOT_ROOT_TYPE))
        return INE_KIND_DECISION;
    const int32_t typed = typed_kind(s);
    if (typed != INE_KIND_UNKNOWN)
        return typed;
    if (any(s, INE_D_ACTION) && any(s, INE_D_API_CODE) && !any(s, INE_D_VERIFICATION))
        return INE_KIND_EVENT;
    if (is_error(s))
        return INE_KIND_ERROR;
    if (is_session(s))
        return INE_KIND_SESSION;
    if (has(s, INE_D_VERIFICATION, INE__J_OBJECT) || has(s, INE_D_VERIFICATION, INE__J_NULL))
        return INE_KIND_DECISION;
    if (any(s, INE_D_VERIFICATION))
        return INE_KIND_UNKNOWN;
    if (has(s, INE__SLOT_IMAGE, INE__J_OBJECT))
        return INE_KIND_MEDIA;
    if (has(s, INE__SLOT_IMAGES, INE__J_ARRAY) || has(s, INE__SLOT_VIDEOS, INE__J_ARRAY))
        return INE_KIND_MEDIA_LIST;
    if (has(s, INE__SLOT_ATTEMPTS, INE__J_ARRAY))
        return INE_KIND_ATTEMPTS;
    if (any(s, INE_D_ACTIVE) && any(s, INE_D_DOCUMENT_STATE_TEXT))
        return INE_KIND_INE_REGISTRY;
    if (any(s, INE__SLOT_ROOT_SESSION) && any(s, INE__SLOT_ROOT_ATTEMPT) && any(s, INE_D_STATUS) &&
        !any(s, INE_D_EVENT_TYPE))
        return INE_KIND_COLLECTED_DATA;
    return INE_KIND_UNKNOWN;
}

/* The first of `from` that is there goes to the field `to`, when that has nothing of its own. */
static const struct {
    uint32_t to, from[3];
} moves[] = {
    {INE_D_SESSION_ID, {INE__SLOT_ROOT_SESSION, INE__SLOT_DATA_SESSION, INE__SLOT_IMAGE_OWNER}},
    {INE_D_SESSION_ID, {INE__SLOT_ROOT_ID}},
    {INE_D_ATTEMPT_ID, {INE__SLOT_ROOT_ATTEMPT, INE__SLOT_DATA_ATTEMPT}},
    {INE_D_VENDOR_DATA, {INE__SLOT_ROOT_VENDOR}},
    {INE_D_END_USER_ID, {INE__SLOT_ROOT_USER}},
    {INE_D_EVENT_TYPE, {INE__SLOT_ROOT_TYPE}},
    {INE_D_ACTIVE, {INE__SLOT_DATA_ACTIVE}},
    {INE_D_DOCUMENT_STATE_TEXT, {INE__SLOT_DATA_STATE}},
};

static void move(const sight *s, uint32_t to, uint32_t from)
{
    if (!any(s, to))
        s->slot[to] = s->slot[from];
}

int32_t ine__body_kind(ine_str bytes, ine__slot *slots)
{
    const sight s = {bytes, slots};
    const int32_t kind = find_kind(&s);
    if (kind == INE_KIND_DECISION || kind == INE_KIND_SESSION) {
        move(&s, INE_D_IP, INE__SLOT_INNER_IP);
        return kind;
    }
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        for (size_t k = 0; k < 3 && moves[i].from[k]; k++)
            move(&s, moves[i].to, moves[i].from[k]);
    }
    if (kind == INE_KIND_EVENT) {
        /* the event's `code` is the session's (7001, 7002), not an error's */
        move(&s, INE_D_CODE, INE_D_API_CODE);
        slots[INE_D_API_CODE] = (ine__slot){0};
    }
    return kind;
}
