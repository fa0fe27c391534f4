/* Fields: which slot, of which type, and their values. */
#include "base/num.h"
#include "schema/body.h"

#define FIELD(name, type) [INE_D_##name] = {INE_D_##name, INE__T_##type}
#define CHECK(name)                                                                               \
    [INE_D_CHECK_RESULT + INE_CHECK_##name] = {INE__SLOT_RESULT + INE_CHECK_##name, INE__T_TEXT}, \
                          [INE_D_CHECK_REASON + INE_CHECK_##                                      \
                              name] = {INE__SLOT_REASON + INE_CHECK_##name, INE__T_TEXT},         \
                          [INE_D_CHECK_ENTRY + INE_CHECK_##                                       \
                              name] = {INE__SLOT_ENTRY + INE_CHECK_##name, INE__T_OBJECT}

typedef struct entry {
    uint8_t slot, type;
} entry;

static const entry entries[] = {
    FIELD(STATUS, TEXT),
    FIELD(SESSION_ID, TEXT),
    FIELD(ATTEMPT_ID, TEXT),
    FIELD(VENDOR_DATA, TEXT),
    FIELD(END_USER_ID, TEXT),
    FIELD(SESSION_STATUS, TEXT),
    FIELD(CODE, INT),
    FIELD(REASON, TEXT),
    FIELD(REASON_CODE, INT),
    FIELD(DECISION_TIME, TEXT),
    FIELD(ACCEPTANCE_TIME, TEXT),
    FIELD(SUBMISSION_TIME, TEXT),
    FIELD(FIRST_NAME, TEXT),
    FIELD(LAST_NAME, TEXT),
    FIELD(DATE_OF_BIRTH, TEXT),
    FIELD(GENDER, TEXT),
    FIELD(NATIONALITY, TEXT),
    FIELD(ID_NUMBER, TEXT),
    FIELD(YEAR_OF_BIRTH, TEXT),
    FIELD(PLACE_OF_BIRTH, TEXT),
    FIELD(DOCUMENT_NUMBER, TEXT),
    FIELD(DOCUMENT_TYPE, TEXT),
    FIELD(DOCUMENT_COUNTRY, TEXT),
    FIELD(DOCUMENT_STATE, TEXT),
    FIELD(INE_STATUS, TEXT),
    FIELD(INE_ERROR_CODE, TEXT),
    FIELD(INE_ERROR_MESSAGE, TEXT),
    FIELD(INE_TIMESTAMP, TEXT),
    FIELD(IP, TEXT),
    FIELD(FACE_MATCH, BOOL),
    FIELD(FACE_MATCH_PERCENTAGE, INT),
    FIELD(FACE_RESPONSE_STATUS, TEXT),
    FIELD(ACTIVE, BOOL),
    FIELD(DOCUMENT_STATE_TEXT, TEXT),
    FIELD(SESSION_URL, TEXT),
    FIELD(SESSION_HOST, TEXT),
    FIELD(SESSION_TOKEN, TEXT),
    FIELD(MEDIA_ID, TEXT),
    FIELD(MEDIA_NAME, TEXT),
    FIELD(MEDIA_CONTEXT, TEXT),
    FIELD(MEDIA_SIZE, INT),
    FIELD(MEDIA_MIMETYPE, TEXT),
    FIELD(MEDIA_URL, TEXT),
    FIELD(API_CODE, CODE),
    FIELD(API_MESSAGE, TEXT),
    FIELD(EVENT_TYPE, TEXT),
    FIELD(ACTION, TEXT),
    FIELD(FEATURE, TEXT),
    FIELD(VERSION, TEXT),
    FIELD(TIME, TEXT),
    FIELD(VERIFICATION, OBJECT),
    FIELD(MX_INE, OBJECT),
    FIELD(VALIDATIONS, OBJECT),
    FIELD(INE_ERROR, OBJECT),
    FIELD(FACE_RESULT, OBJECT),
    FIELD(COMMENTS, ARRAY),
    FIELD(DATA_STATUS, TEXT),
    FIELD(DATA_CODE, INT),
    CHECK(CONSENT_OBTAINED),
    CHECK(PERSON_REGISTERED),
    CHECK(SELFIE_REGISTRY_MATCH),
    CHECK(NOT_REPORTED_LOST_OR_STOLEN),
    CHECK(FIRST_NAME_MATCH),
    CHECK(FATHER_LAST_NAME_MATCH),
    CHECK(MOTHER_LAST_NAME_MATCH),
    CHECK(PERSONAL_NUMBER_MATCH),
    CHECK(REGISTRATION_YEAR_MATCH),
    CHECK(ISSUE_YEAR_MATCH),
};
#define FIELDS (sizeof entries / sizeof entries[0])

/* The entry of a field; {0, INE__T_NONE} when there is no such field: slot 0 is always absent. */
static inline entry field_entry(int32_t field)
{
    return (uint32_t)field < FIELDS ? entries[field] : (entry){0, INE__T_NONE};
}

uint32_t ine__field_slot(int32_t field)
{
    return field_entry(field).slot;
}

bool ine__field_is_number(int32_t field)
{
    const uint8_t type = field_entry(field).type;
    return type == INE__T_INT || type == INE__T_CODE || type == INE__T_BOOL;
}

static int32_t text_value(const ine_decision *decision, ine__slot slot, ine_str *text)
{
    ine_str value;
    if (slot.type != INE__J_STRING || !ine__body_text(decision, slot, &value))
        return INE_FIELD_UNKNOWN;
    /* only a name in a list can hold one: the reader refuses it everywhere else (C4) */
    if (slot.escaped && ine__has_nul(value))
        return INE_FIELD_UNKNOWN;
    *text = value;
    return INE_FIELD_PRESENT;
}

static int32_t int_value(const ine_decision *decision, ine__slot slot, int64_t *number)
{
    if (slot.type != INE__J_NUMBER || !ine__json_int(ine__json_view(decision->bytes, slot), number))
        return INE_FIELD_UNKNOWN;
    return INE_FIELD_PRESENT;
}

/* An error's code: a number, or digits in a string (C-18). */
static int32_t code_value(const ine_decision *decision, ine__slot slot, int64_t *number)
{
    if (slot.type == INE__J_NUMBER)
        return int_value(decision, slot, number);
    ine_str value;
    if (slot.type != INE__J_STRING || !ine__body_text(decision, slot, &value) ||
        !ine__parse_uint(value, INT64_MAX, number))
        return INE_FIELD_UNKNOWN;
    return INE_FIELD_PRESENT;
}

int32_t ine__body_value(const ine_decision *decision, ine__slot slot, int32_t type, ine_str *text,
                        int64_t *number)
{
    ine_str text_here = INE__NONE;
    int64_t number_here = 0;
    int32_t state = INE_FIELD_UNKNOWN;
    if (slot.type == INE__J_ABSENT)
        state = INE_FIELD_ABSENT;
    else if (slot.type == INE__J_NULL)
        state = INE_FIELD_NULL;
    else if (type == INE__T_TEXT)
        state = text_value(decision, slot, &text_here);
    else if (type == INE__T_INT)
        state = int_value(decision, slot, &number_here);
    else if (type == INE__T_CODE)
        state = code_value(decision, slot, &number_here);
    else if (type == INE__T_BOOL && (slot.type == INE__J_TRUE || slot.type == INE__J_FALSE))
        state = INE_FIELD_PRESENT;
    else if ((type == INE__T_OBJECT && slot.type == INE__J_OBJECT) ||
             (type == INE__T_ARRAY && slot.type == INE__J_ARRAY))
        state = INE_FIELD_PRESENT;
    if (type == INE__T_BOOL)
        number_here = slot.type == INE__J_TRUE;
    if (text)
        *text = text_here;
    if (number)
        *number = state == INE_FIELD_PRESENT ? number_here : 0;
    return state;
}

/* Most fields are absent, null, or text without escapes: those without a call. */
static inline int32_t field_value(const ine_decision *decision, int32_t field, ine_str *text,
                                  int64_t *number)
{
    const entry at = field_entry(field);
    *text = INE__NONE;
    *number = 0;
    const ine__slot *const slot = &decision->slot[at.slot];
    if (slot->type <= INE__J_NULL)
        return slot->type; /* INE__J_ABSENT and INE__J_NULL are INE_FIELD_ABSENT and _NULL */
    if (at.type == INE__T_TEXT && slot->type == INE__J_STRING && !slot->escaped) {
        *text = (ine_str){decision->bytes.ptr + slot->at, slot->len};
        return INE_FIELD_PRESENT;
    }
    return ine__body_value(decision, *slot, at.type, text, number);
}

_Static_assert(INE__J_ABSENT == INE_FIELD_ABSENT && INE__J_NULL == INE_FIELD_NULL, "same numbers");

/* In place of no decision. */
static const ine_decision nothing;

int32_t ine__decision_get(const ine_decision *decision, int32_t field, ine_str *text,
                          int64_t *number)
{
    ine_str text_here;
    int64_t number_here;
    return field_value(decision ? decision : &nothing, field, text ? text : &text_here,
                       number ? number : &number_here);
}

int32_t ine_decision_field(const ine_decision *decision, int32_t field, ine_str *text,
                           int64_t *number)
{
    return ine__decision_get(decision, field, text, number);
}

int32_t ine_decision_fields(const ine_decision *decision, const int32_t *fields, size_t count,
                            ine_str *text, int64_t *number, int32_t *state)
{
    if (count && !fields)
        return INE_E_ARGUMENT;
    if (decision && text && number && state) {
        for (size_t i = 0; i < count; i++)
            state[i] = field_value(decision, fields[i], &text[i], &number[i]);
        return INE_OK;
    }
    for (size_t i = 0; i < count; i++) {
        const int32_t found = ine__decision_get(decision, fields[i], text ? &text[i] : NULL,
                                                number ? &number[i] : NULL);
        if (state)
            state[i] = found;
    }
    return INE_OK;
}
