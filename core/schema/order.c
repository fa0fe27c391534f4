/* Which decision is this, and which of two counts (A10, A11, F64-F66). */
#include "schema/decision.h"

#include "base/num.h"

static ine_str text_of(const ine_decision *decision, int32_t field)
{
    ine_str text;
    return ine__decision_get(decision, field, &text, NULL) == INE_FIELD_PRESENT ? text : INE__NONE;
}

static int64_t code_of(const ine_decision *decision)
{
    int64_t code;
    return ine__decision_get(decision, INE_D_CODE, NULL, &code) == INE_FIELD_PRESENT ? code : -1;
}

/* The caller's buffer: on the path of every webhook nothing is allocated. */
typedef struct sink {
    char *out;
    size_t cap, len; /* `len` counts on when the buffer is full */
} sink;

static void put(sink *to, const char *text, size_t len, bool lower)
{
    const size_t room = to->len < to->cap ? to->cap - to->len : 0;
    const size_t fits = len < room ? len : room;
    char *out = to->out + (to->len < to->cap ? to->len : to->cap);
    for (size_t i = 0; i < fits; i++)
        out[i] = lower ? ine__lower(text[i]) : text[i];
    to->len += len;
}

static void put_part(sink *to, ine_str text, bool lower)
{
    if (to->len)
        put(to, "/", 1, false);
    if (text.len)
        put(to, text.ptr, text.len, lower);
    else
        put(to, "-", 1, false);
}

/* A decision has its code, an event its action's, a legacy webhook its type. */
static void put_code(sink *to, const ine_decision *decision)
{
    char digits[INE__INT_DIGITS];
    const int64_t code = code_of(decision);
    if (code < 0)
        put_part(to, text_of(decision, INE_D_EVENT_TYPE), false);
    else
        put_part(to, ine__str(digits, ine__format_int(digits, code)), false);
}

int32_t ine_decision_id(const ine_decision *decision, char *out, size_t cap, size_t *len,
                        ine_error **err)
{
    ine__error_clear(err);
    if (len)
        *len = 0;
    if (!decision || !out || !len)
        return ine__fail(err, INE_E_ARGUMENT, "no decision, or no place for its id");
    sink to = {out, cap, 0};
    put_part(&to, text_of(decision, INE_D_SESSION_ID), true);
    put_part(&to, text_of(decision, INE_D_ATTEMPT_ID), true);
    put_code(&to, decision);
    put_part(&to, text_of(decision, INE_D_DECISION_TIME), false);
    if (to.len > cap)
        return ine__fail(err, INE_E_LIMIT, "the ids of this decision are longer than any known id");
    *len = to.len;
    return INE_OK;
}

/* 0 for an event, 1 for a decision that may still change, 2 for a conclusive one
 * [V session status codes]. */
static int32_t rank(const ine_decision *decision)
{
    const int64_t code = code_of(decision);
    if (ine_decision_kind(decision) != INE_KIND_DECISION)
        return 0;
    return code == 9001 || code == 9102 || code == 9104 ? 2 : 1;
}

int32_t ine_decision_supersedes(const ine_decision *a, const ine_decision *b)
{
    if (!a || !b)
        return 0;
    const ine_str session = text_of(a, INE_D_SESSION_ID);
    if (!session.len || !ine__str_ieq(session, text_of(b, INE_D_SESSION_ID)))
        return 0;
    if (rank(a) != rank(b))
        return rank(a) > rank(b);
    if (rank(a) == 0)
        return code_of(a) > code_of(b);
    int64_t time_a, time_b;
    if (!ine__time_parse(text_of(a, INE_D_DECISION_TIME), &time_a))
        return 0;
    return !ine__time_parse(text_of(b, INE_D_DECISION_TIME), &time_b) || time_a > time_b;
}
