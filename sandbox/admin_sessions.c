/* GET /sandbox/sessions and /sandbox/sessions/{id}: what a session was sent, what became of it and
 * why. Images and secrets are never shown, a CURP is masked. */
#include "internal.h"

#define LIST_MAX 200
#define LIST     50
#define MISSES   10000 /* numbers without a session that a listing passes over */

static void time_or_null(ine__writer *w, const char *key, int64_t ms)
{
    char text[24];
    ine__sb_time(ms, text);
    ine__sb_text_member(w, key, ms ? ine__str(text, sizeof text) : INE__NONE);
}

static void number(ine__writer *w, const char *key, int64_t value)
{
    ine__write_key(w, key);
    ine__write_int(w, value);
}

/* Decided, and not only waiting for its time. */
static bool is_decided(const ine__sb_call *call)
{
    const ine__sb_session *s = &call->session;
    return s->outcome != INE__SB_UNDECIDED && call->now >= s->decided_ms;
}

/* --- The cascade
 * ------------------------------------------------------------------------------------------ */

typedef struct check_state {
    const char *state;
    const char *by, *reason; /* the check that stopped it; why */
} check_state;

static const char *reason_of(char letter)
{
    switch (letter) {
    case 'P':
        return "PERSON_NOT_FOUND";
    case 'S':
        return "SELFIE_MISMATCH";
    case 'V':
        return "VALUE_MISMATCH";
    case 'I':
        return "INPUT_NOT_PROVIDED";
    case 'R':
        return "REGISTRY_UNAVAILABLE";
    case 'N':
        return "NOT_RETURNED_BY_REGISTRY";
    case 'U':
        return "UNDOCUMENTED_REASON";
    default:
        return NULL;
    }
}

/* The first of the four core checks before `check` that failed. */
static const char *stopped_by(const ine__sb_session *s, size_t check)
{
    for (size_t i = 0; i < 4 && i < check; i++) {
        if (s->results.ptr[i] == 'f')
            return ine__sb_check_names[i];
    }
    return NULL;
}

static check_state state_of(const ine__sb_call *call, size_t i)
{
    const ine__sb_session *s = &call->session;
    if (!is_decided(call))
        return (check_state){"waiting", NULL, NULL};
    if (s->error || s->results.len != INE__SB_CHECKS || s->reasons.len != INE__SB_CHECKS)
        return (check_state){"not_run", NULL, NULL};
    const char *by = stopped_by(s, i), *reason = reason_of(s->reasons.ptr[i]);
    const bool off = call->who && i >= 4 && call->who->off >> (i - 4) & 1;
    switch (s->results.ptr[i]) {
    case 's':
        return (check_state){"passed", NULL, NULL};
    case 'f':
        return (check_state){s->reasons.ptr[i] == 'R' ? "inconclusive" : "failed", NULL, reason};
    case '-':
        return (check_state){by && !off ? "skipped" : "not_enabled", off ? NULL : by, NULL};
    case 'n':
        if (by)
            return (check_state){"skipped", by, reason};
        return (check_state){s->reasons.ptr[i] == 'I' ? "no_input" : "inconclusive", NULL, reason};
    default:
        return (check_state){"unrecognised", NULL, reason};
    }
}

static void write_node(ine__writer *w, const char *name, check_state c)
{
    ine__write_object(w);
    ine__sb_text_member(w, "check", ine__str_of(name));
    ine__sb_text_member(w, "state", ine__str_of(c.state));
    ine__sb_text_member(w, "by", ine__str_of(c.by));
    ine__sb_text_member(w, "reason", ine__str_of(c.reason));
    ine__write_end_object(w);
}

/* Was the registry asked, and did it answer? It stands between consent and person. */
static check_state registry_state(const ine__sb_call *call)
{
    const ine__sb_session *s = &call->session;
    if (!is_decided(call))
        return (check_state){"waiting", NULL, NULL};
    if (s->error)
        return (check_state){"inconclusive", NULL,
                             s->error == 1 ? "REGISTRY_UNAVAILABLE" : "TECHNICAL_ISSUES"};
    if (s->registry_ms)
        return (check_state){"passed", NULL, NULL};
    return (check_state){"not_run", s->results.len ? stopped_by(s, INE__SB_CHECKS) : NULL, NULL};
}

static const char *const legacy_states[] = {"not_run", "passed", "failed", "failed"};
static const char *const legacy_reasons[] = {NULL, NULL, "NOT_ACTIVE", "NOT_FOUND"};

/* The nodes in the order in which they run. */
static void write_cascade(const ine__sb_call *call, ine__writer *w)
{
    const ine__sb_session *s = &call->session;
    const int64_t product = call->who ? call->who->product : INE_SANDBOX_MX_INE;
    const size_t active = s->active >= 0 && s->active <= 3 ? (size_t)s->active : 0;
    check_state face = {"waiting", NULL, NULL};
    ine__write_key(w, "cascade");
    ine__write_array(w);
    if (product == INE_SANDBOX_MX_INE)
        write_node(w, ine__sb_check_names[0], state_of(call, 0));
    write_node(w, "registry_contact", registry_state(call));
    for (size_t i = 1; product == INE_SANDBOX_MX_INE && i < INE__SB_CHECKS; i++)
        write_node(w, ine__sb_check_names[i], state_of(call, i));
    if (is_decided(call) && product == INE_SANDBOX_INE_BIOMETRIC)
        face = s->error || !s->percent          ? (check_state){"inconclusive", NULL, NULL}
               : s->outcome == INE__SB_APPROVED ? (check_state){"passed", NULL, NULL}
                                                : (check_state){"failed", NULL, "SELFIE_MISMATCH"};
    else if (is_decided(call))
        face = (check_state){legacy_states[active], NULL, legacy_reasons[active]};
    if (product == INE_SANDBOX_INE_BIOMETRIC)
        write_node(w, ine__sb_check_names[2], face);
    else if (product == INE_SANDBOX_INE_REGISTRY)
        write_node(w, "card_active", face);
    ine__write_end_array(w);
}

/* The first check that failed, or "registry". */
static const char *stop(const ine__sb_call *call)
{
    const ine__sb_session *s = &call->session;
    if (!is_decided(call))
        return NULL;
    if (s->error)
        return "registry_contact";
    for (size_t i = 0; i < s->results.len && i < INE__SB_CHECKS; i++) {
        if (s->results.ptr[i] == 'f')
            return ine__sb_check_names[i];
    }
    return NULL;
}

/* --- One session
 * ------------------------------------------------------------------------------------------ */

static ine_str product_of(const ine__sb_call *call)
{
    return call->who ? ine_sandbox_product_name((int32_t)call->who->product) : INE__NONE;
}

static void write_brief(ine__sb_call *call, ine__writer *w)
{
    const ine__sb_session *s = &call->session;
    const ine__sb_scenario *scenario = ine__sb_scenario_of(s->cic);
    number(w, "number", s->seq);
    ine__sb_text_member(w, "id", s->id);
    ine__sb_text_member(w, "status",
                        is_decided(call) && s->surprise
                            ? INE__STR("conditionally_approved")
                            : ine__str_of(ine__sb_status_text(s, call->now)));
    ine__sb_text_member(w, "product", product_of(call));
    time_or_null(w, "created", s->created_ms);
    time_or_null(w, "submitted", s->submitted_ms);
    time_or_null(w, "decided", is_decided(call) ? s->decided_ms : 0);
    ine__sb_text_member(w, "first_name", s->first_name);
    ine__sb_text_member(w, "last_name", s->last_name);
    ine__sb_text_member(w, "second_last_name", s->second_last_name);
    ine__sb_text_member(w, "cic", s->cic);
    ine__sb_text_member(w, "vendor_data", s->vendor_data);
    ine__sb_text_member(w, "scenario", scenario ? ine__str_of(scenario->name) : INE__NONE);
    ine__sb_text_member(w, "stopped_at", ine__str_of(stop(call)));
    ine__write_key(w, "reason_code");
    if (is_decided(call) && s->reason_code)
        ine__write_int(w, s->reason_code);
    else
        ine__write_null(w);
}

/* GARJ############00 */
static ine_str masked(ine__sb_call *call, ine_str text)
{
    if (text.len != 18 || !ine__is_printable(text))
        return text.len ? INE__STR("#") : INE__NONE;
    char *copy = ine__sb_arena_take(&call->sandbox->arena, text.len);
    if (!copy)
        return INE__NONE;
    memset(copy, '#', text.len);
    memcpy(copy, text.ptr, 4);
    memcpy(copy + 16, text.ptr + 16, 2);
    return ine__str(copy, text.len);
}

static void write_sent(ine__sb_call *call, ine__writer *w)
{
    static const char *const consents[] = {"not_sent", "approved", "refused"};
    const ine__sb_session *s = &call->session;
    ine__write_key(w, "sent");
    ine__write_object(w);
    ine__sb_text_member(w, "document.number", s->cic);
    ine__sb_text_member(w, "document.type", s->type);
    ine__sb_text_member(w, "document.country", s->country);
    ine__sb_text_member(w, "document.firstIssue", s->first_issue);
    ine__sb_text_member(w, "document.validFrom", s->valid_from);
    ine__sb_text_member(w, "person.firstName", s->first_name);
    ine__sb_text_member(w, "person.lastName", s->last_name);
    ine__sb_text_member(w, "person.secondLastName", s->second_last_name);
    ine__sb_text_member(w, "person.idNumber", masked(call, s->curp));
    ine__sb_text_member(w, "person.dateOfBirth", s->birth);
    ine__sb_text_member(w, "person.gender", s->gender);
    ine__sb_text_member(
        w, "consents.ine",
        ine__str_of(s->consent >= 0 && s->consent <= 2 ? consents[s->consent] : consents[0]));
    ine__sb_text_member(w, "vendorData", s->vendor_data);
    ine__sb_text_member(w, "endUserId", s->end_user);
    ine__write_end_object(w);
}

static void write_session(ine__sb_call *call)
{
    const ine__sb_session *s = &call->session;
    char now[24];
    ine__writer w = ine__sb_begin(call, 200);
    ine__sb_time(call->now, now);
    ine__write_object(&w);
    ine__sb_text_member(&w, "now", ine__str(now, sizeof now));
    write_brief(call, &w);
    ine__sb_text_member(&w, "attempt", s->attempt);
    number(&w, "attempts", s->attempts);
    number(&w, "images", s->media);
    number(&w, "selfies", s->faces);
    ine__sb_text_member(&w, "reason", is_decided(call) ? s->reason : INE__NONE);
    ine__write_key(&w, "face_percent");
    if (is_decided(call) && s->percent)
        ine__write_int(&w, s->percent - 1);
    else
        ine__write_null(&w);
    write_sent(call, &w);
    write_cascade(call, &w);
    ine__write_key(&w, "decision");
    if (call->who && is_decided(call))
        ine__sb_write_decision(call, &w, s);
    else
        ine__write_null(&w);
    ine__sb_write_deliveries(call, &w, s->id);
    ine__write_end_object(&w);
}

static void one_session(ine__sb_call *call, ine_str id)
{
    const int32_t found = ine__sb_load_session(call->sandbox, id, &call->session);
    if (found <= 0) {
        (found ? ine__sb_broken : ine__sb_not_found)(call);
        return;
    }
    const ine__sb_integration *who =
        ine__sb_integration_of(call->sandbox, call->session.integration);
    call->who = who;
    write_session(call);
    call->who = NULL; /* nobody asked as the integration: the reply is not signed */
}

/* --- The list
 * --------------------------------------------------------------------------------------------- */

/* The query's number; `otherwise` when there is none or it is not one. */
static int64_t query_number(const ine__sb_call *call, const char *name, int64_t otherwise)
{
    int64_t value;
    const ine_str text = ine__sb_query_value(call->query, name);
    return text.ptr && ine__parse_uint(text, INT64_MAX / 2, &value) ? value : otherwise;
}

/* Newest first; ?after=N: those with a higher number, ?before=N: those with a lower one. */
static void list_sessions(ine__sb_call *call)
{
    ine_sandbox *sandbox = call->sandbox;
    char now[24];
    const int64_t after = query_number(call, "after", 0);
    const int64_t before = query_number(call, "before", sandbox->sessions + 1);
    const int64_t limit = query_number(call, "limit", LIST);
    int64_t listed = 0, misses = 0;
    bool more = false;
    ine__writer w = ine__sb_begin(call, 200);
    ine__sb_time(call->now, now);
    ine__write_object(&w);
    ine__sb_text_member(&w, "now", ine__str(now, sizeof now));
    ine__write_key(&w, "sessions");
    ine__write_array(&w);
    int64_t seq = before <= sandbox->sessions ? before - 1 : sandbox->sessions;
    for (; seq > after && misses < MISSES; seq--) {
        char id[36];
        ine__sb_uuid(sandbox, INE__SB_ID_SESSION, seq, 0, id);
        if (ine__sb_load_session(sandbox, ine__str(id, sizeof id), &call->session) <= 0) {
            misses++;
            continue;
        }
        more = listed >= limit || listed >= LIST_MAX;
        if (more)
            break;
        listed++;
        call->who = ine__sb_integration_of(sandbox, call->session.integration);
        ine__write_object(&w);
        write_brief(call, &w);
        ine__write_end_object(&w);
    }
    call->who = NULL;
    ine__write_end_array(&w);
    ine__write_key(&w, "more");
    ine__write_bool(&w, more);
    ine__write_end_object(&w);
}

/* `rest`: what stands behind /sandbox/sessions, with its slash. */
void ine__sb_admin_sessions(ine__sb_call *call, ine_str rest)
{
    if (!ine__str_is(call->request->method, "GET"))
        ine__sb_not_found(call);
    else if (rest.len == 0)
        list_sessions(call);
    else
        one_session(call, ine__str(rest.ptr + 1, rest.len - 1));
}
