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

static void add_part(ine__buf *buf, ine_str text, bool lower)
{
    if (buf->len)
        ine__buf_char(buf, '/');
    if (!text.len)
        ine__buf_char(buf, '-');
    for (size_t i = 0; i < text.len; i++)
        ine__buf_char(buf, lower ? ine__lower(text.ptr[i]) : text.ptr[i]);
}

/* A decision has its code, an event its action's, a legacy webhook its type. */
static void add_code(ine__buf *buf, const ine_decision *decision)
{
    const int64_t code = code_of(decision);
    if (code < 0) {
        add_part(buf, text_of(decision, INE_D_EVENT_TYPE), false);
        return;
    }
    ine__buf_char(buf, '/');
    ine__buf_int(buf, code);
}

int32_t ine_decision_id(const ine_decision *decision, char *out, size_t cap, size_t *len,
                        ine_error **err)
{
    ine__buf buf;
    ine__error_clear(err);
    if (len)
        *len = 0;
    if (!decision || !out || !len)
        return ine__fail(err, INE_E_ARGUMENT, "no decision, or no place for its id");
    ine__buf_init(&buf, cap);
    add_part(&buf, text_of(decision, INE_D_SESSION_ID), true);
    add_part(&buf, text_of(decision, INE_D_ATTEMPT_ID), true);
    add_code(&buf, decision);
    add_part(&buf, text_of(decision, INE_D_DECISION_TIME), false);
    const bool too_long = buf.too_long, failed = buf.failed;
    if (!failed) {
        memcpy(out, buf.ptr, buf.len);
        *len = buf.len;
    }
    ine__buf_free(&buf);
    if (too_long)
        return ine__fail(err, INE_E_LIMIT, "the ids of this decision are longer than any known id");
    return failed ? ine__fail_memory(err) : INE_OK;
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
