/* The legacy registries: INE, CURP, both; and what is asked of them. */
#include "internal.h"

/* False when it was answered. */
static bool asked_rightly(ine__sb_call *call)
{
    const ine_str version = ine__sb_query_value(call->query, "version");
    const ine__sb_session *s = &call->session;
    if (!version.ptr)
        ine__sb_fail_as(call, 0, 1102, "Mandatory parameter version is missing.");
    else if (!ine__str_is(version, "1.0.0") && !ine__str_is(version, "v1") &&
             !ine__str_is(version, "1")) /* C-1 */
        ine__sb_fail(call, 1104);
    else if (ine__sb_outcome(s, call->now) != s->outcome || !s->active)
        ine__sb_not_found(call);
    else
        return true;
    return false;
}

static void write_ine(ine__writer *w, const ine__sb_session *s)
{
    static const char *const states[] = {
        [1] = "La credencial esta vigente",
        [2] = "La credencial no esta vigente", /* the vendor shows no text for this one */
        [3] = "No se obtuvieron datos de la consulta con los par\xc3\xa1metros seleccionados",
    };
    ine__write_key(w, "active");
    ine__write_bool(w, s->active == 1);
    ine__write_key(w, "documentState");
    ine__write_text(w, states[s->active <= 3 ? s->active : 3]);
}

/* RCN: active; null: not found [docs: v1sessionsiddecisioncurp-registry-1]. */
static void write_curp(ine__writer *w, const ine__sb_session *s)
{
    const bool known = s->active != 3 && s->curp.len;
    ine__sb_text_member(w, "statusCurp", known ? INE__STR("RCN") : INE__NONE);
    ine__sb_text_member(w, "curp", known ? s->curp : INE__NONE);
}

/* No envelope here: two fields, in the registry's own words [V-api]. */
void ine__sb_ine_registry(ine__sb_call *call)
{
    if (!asked_rightly(call))
        return;
    ine__writer w = ine__sb_begin(call, 200);
    ine__write_object(&w);
    write_ine(&w, &call->session);
    ine__write_end_object(&w);
}

void ine__sb_curp_registry(ine__sb_call *call)
{
    if (!asked_rightly(call))
        return;
    ine__writer w = ine__sb_begin(call, 200);
    ine__write_object(&w);
    write_curp(&w, &call->session);
    ine__write_end_object(&w);
}

/* The members are documented, their nesting is not: this form is the sandbox's own. */
void ine__sb_ine_curp_registry(ine__sb_call *call)
{
    const ine__sb_session *s = &call->session;
    if (!asked_rightly(call))
        return;
    ine__writer w = ine__sb_begin(call, 200);
    ine__write_object(&w);
    ine__write_key(&w, "ine");
    ine__write_object(&w);
    write_ine(&w, s);
    ine__sb_text_member(&w, "ineIdentifier", s->active == 3 ? INE__NONE : s->cic);
    ine__write_end_object(&w);
    ine__write_key(&w, "curp");
    ine__write_object(&w);
    write_curp(&w, s);
    ine__sb_text_member(&w, "firstName", s->first_name);
    ine__sb_text_member(&w, "lastName", s->last_name);
    ine__sb_text_member(&w, "secondLastName", s->second_last_name);
    ine__sb_text_member(&w, "dateOfBirth", s->birth);
    ine__write_end_object(&w);
    ine__write_end_object(&w);
}

/* Watchlists belong to another product, which no integration here has. */
void ine__sb_watchlist(ine__sb_call *call)
{
    ine__sb_not_found(call);
}
