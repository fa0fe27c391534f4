/* Fields of a verdict by number: one table. */
#include "cascade/verdict_parts.h"

typedef struct value {
    int32_t state, names; /* the group of names that `number` has its text in */
    ine_str text;
    int64_t number;
} value;

static value number(int64_t number)
{
    return (value){INE_FIELD_PRESENT, 0, INE__NONE, number};
}

static value named(int32_t names, int32_t number)
{
    return (value){INE_FIELD_PRESENT, names, INE__NONE, number};
}

static value text(ine_str text)
{
    return (value){text.ptr ? INE_FIELD_PRESENT : INE_FIELD_ABSENT, 0, text, 0};
}

static value maybe(ine__maybe number)
{
    return (value){number.there ? INE_FIELD_PRESENT : INE_FIELD_ABSENT, 0, INE__NONE, number.value};
}

static value root_cause(int32_t root)
{
    if (root < 0)
        return (value){INE_FIELD_NULL, 0, INE__NONE, root};
    if (root == 0)
        return (value){INE_FIELD_PRESENT, 0, INE__STR("registry"), 0};
    return named(INE_NAMES_CHECK, root);
}

static value of_check(const ine_verdict *verdict, int32_t field)
{
    const ine__check *const check = verdict->meaning.check;
    if (field > INE_V_CHECK_STATE && field <= INE_V_CHECK_STATE + INE__CHECKS)
        return named(INE_NAMES_STATE, check[field - INE_V_CHECK_STATE].state);
    if (field > INE_V_CHECK_REASON && field <= INE_V_CHECK_REASON + INE__CHECKS)
        return text(check[field - INE_V_CHECK_REASON].reason);
    if (field > INE_V_CHECK_BLOCKED_BY && field <= INE_V_CHECK_BLOCKED_BY + INE__CHECKS) {
        const int32_t by = check[field - INE_V_CHECK_BLOCKED_BY].blocked_by;
        return by ? named(INE_NAMES_CHECK, by) : (value){0};
    }
    return (value){0};
}

static value get(const ine_verdict *verdict, int32_t field)
{
    const ine__meaning *const m = &verdict->meaning;
    switch (field) {
    case INE_V_VERIFIED:
        return number(m->verified);
    case INE_V_OUTCOME:
        return named(INE_NAMES_OUTCOME, m->outcome);
    case INE_V_ROOT_CAUSE:
        return root_cause(m->root);
    case INE_V_ADVICE:
        return named(INE_NAMES_ADVICE, m->advice);
    case INE_V_FAILED:
        return number(m->failed);
    case INE_V_UNMET:
        return number(m->unmet);
    case INE_V_UNCHECKED:
        return number(m->unchecked);
    case INE_V_INPUTS:
        return number(m->inputs);
    case INE_V_ANOMALIES:
        return number(m->anomalies);
    case INE_V_REQUIRED:
        return number(m->required);
    case INE_V_REGISTRY_STATUS:
        return text(verdict->kept[INE__KEPT_REGISTRY_STATUS]);
    case INE_V_REGISTRY_ERROR:
        return text(verdict->kept[INE__KEPT_REGISTRY_ERROR]);
    case INE_V_REGISTRY_TIMESTAMP:
        return text(verdict->kept[INE__KEPT_REGISTRY_TIMESTAMP]);
    case INE_V_SESSION_ID:
        return text(verdict->kept[INE__KEPT_SESSION_ID]);
    case INE_V_SESSION_STATUS:
        return text(verdict->kept[INE__KEPT_SESSION_STATUS]);
    case INE_V_SESSION_CODE:
        return maybe(verdict->code);
    case INE_V_REASON_CODE:
        return maybe(verdict->reason_code);
    case INE_V_NO_INE_RESULT:
        return number(m->no_ine_result);
    default:
        return of_check(verdict, field);
    }
}

int32_t ine_verdict_field(const ine_verdict *verdict, int32_t field, ine_str *text, int64_t *number)
{
    const value found = verdict ? get(verdict, field) : (value){0};
    if (text)
        *text = found.names ? ine_name(found.names, (int32_t)found.number) : found.text;
    if (number)
        *number = found.number;
    return found.state;
}

int32_t ine_verdict_fields(const ine_verdict *verdict, const int32_t *fields, size_t count,
                           ine_str *text, int64_t *number, int32_t *state)
{
    if (count && !fields)
        return INE_E_ARGUMENT;
    for (size_t i = 0; i < count; i++) {
        const int32_t found = ine_verdict_field(verdict, fields[i], text ? &text[i] : NULL,
                                                number ? &number[i] : NULL);
        if (state)
            state[i] = found;
    }
    return INE_OK;
}
