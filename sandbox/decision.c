/* GET decision and its siblings. */
#include "internal.h"

#define WEEK INT64_C(604800000) /* a session without a conclusive decision lives seven days */

int32_t ine__sb_outcome(const ine__sb_session *session, int64_t now)
{
    if (session->outcome != INE__SB_UNDECIDED && now >= session->decided_ms)
        return (int32_t)session->outcome;
    if (session->status == INE__SB_SUBMITTED || now < session->created_ms + WEEK)
        return INE__SB_UNDECIDED;
    return session->status == INE__SB_CREATED ? INE__SB_EXPIRED : INE__SB_ABANDONED;
}

static const struct {
    const char *status;
    int64_t code;
} outcomes[] = {
    [INE__SB_APPROVED] = {"approved", 9001},
    [INE__SB_DECLINED] = {"declined", 9102},
    [INE__SB_RESUBMISSION] = {"resubmission_requested", 9103},
    [INE__SB_EXPIRED] = {"expired", 9104},
    [INE__SB_ABANDONED] = {"abandoned", 9104},
    [INE__SB_REVIEW] = {"review", 9121},
};

const char *ine__sb_status_text(const ine__sb_session *session, int64_t now)
{
    static const char *const open[] = {"created", "started", "submitted"};
    const int32_t outcome = ine__sb_outcome(session, now);
    return outcome ? outcomes[outcome].status : open[session->status];
}

void ine__sb_text_member(ine__writer *w, const char *key, ine_str text)
{
    ine__write_key(w, key);
    ine__write_str(w, text);
}

static void time_member(ine__writer *w, const char *key, int64_t ms)
{
    char text[24];
    ine__sb_time(ms, text);
    ine__sb_text_member(w, key, ms ? ine__str(text, sizeof text) : INE__NONE);
}

static void number_or_null(ine__writer *w, const char *key, int64_t number)
{
    ine__write_key(w, key);
    if (number)
        ine__write_int(w, number);
    else
        ine__write_null(w);
}

static ine_str result_text(char letter, bool upper)
{
    switch (letter) {
    case 's':
        return INE__STR("success");
    case 'f':
        return INE__STR("failure");
    default:
        return upper ? INE__STR("NOT_APPLICABLE") : INE__STR("not_applicable");
    }
}

static ine_str reason_text(char letter, bool lower)
{
    switch (letter) {
    case 'P':
        return INE__STR("PERSON_NOT_FOUND");
    case 'S':
        return INE__STR("SELFIE_MISMATCH");
    case 'V':
        return INE__STR("VALUE_MISMATCH");
    case 'I':
        return lower ? INE__STR("input_not_provided") : INE__STR("INPUT_NOT_PROVIDED");
    default:
        return INE__NONE;
    }
}

static void write_checks(ine__writer *w, const ine__sb_session *s)
{
    ine__write_object(w);
    for (size_t i = 0; i < s->results.len && i < INE__SB_CHECKS; i++) {
        if (s->results.ptr[i] == '-')
            continue;
        ine__write_key(w, ine__sb_check_names[i]);
        ine__write_object(w);
        ine__sb_text_member(w, "result", result_text(s->results.ptr[i], s->upper));
        ine__sb_text_member(w, "reason", reason_text(s->reasons.ptr[i], s->upper));
        ine__write_end_object(w);
    }
    ine__write_end_object(w);
}

static void write_error(ine__writer *w, int64_t error)
{
    ine__write_key(w, "error");
    if (!error) {
        ine__write_null(w);
        return;
    }
    ine__write_object(w);
    ine__sb_text_member(w, "code", INE__STR("registry_error"));
    ine__sb_text_member(
        w, "message", error == 1 ? INE__STR("REGISTRY_UNAVAILABLE") : INE__STR("TECHNICAL_ISSUES"));
    ine__write_end_object(w);
}

static void write_mx_ine(ine__writer *w, const ine__sb_session *s)
{
    const bool failed = s->results.len && memchr(s->results.ptr, 'f', s->results.len);
    ine__write_key(w, "registryValidations");
    ine__write_object(w);
    if (s->results.len) {
        ine__write_key(w, "MX_INE");
        ine__write_object(w);
        ine__sb_text_member(w, "status",
                            s->error ? INE__STR("error")
                            : failed ? INE__STR("failure")
                                     : INE__STR("success"));
        ine__sb_text_member(w, "data", INE__NONE);
        ine__write_key(w, "validations");
        if (s->error)
            ine__write_null(w);
        else
            write_checks(w, s);
        write_error(w, s->error);
        time_member(w, "timestamp", s->registry_ms);
        ine__write_end_object(w);
    }
    ine__write_end_object(w);
}

/* The older product's object; a match is 85 or more there [V-old]. */
static void write_biometric(ine__writer *w, const ine__sb_session *s)
{
    ine__write_key(w, "ineBiometricRegistryValidation");
    ine__write_object(w);
    ine__write_key(w, "faceMatch");
    if (s->percent)
        ine__write_bool(w, s->outcome == INE__SB_APPROVED);
    else
        ine__write_null(w);
    ine__write_key(w, "faceMatchPercentage");
    if (s->percent)
        ine__write_int(w, s->percent - 1);
    else
        ine__write_null(w);
    ine__sb_text_member(w, "responseStatus",
                        s->error     ? INE__NONE
                        : s->percent ? INE__STR("success")
                                     : INE__STR("failure"));
    ine__write_end_object(w);
}

static void write_person(ine__writer *w, const ine__sb_session *s)
{
    ine__write_key(w, "person");
    ine__write_object(w);
    ine__sb_text_member(w, "firstName", s->first_name);
    ine__sb_text_member(w, "lastName", s->last_name);
    ine__sb_text_member(w, "dateOfBirth", s->birth);
    ine__sb_text_member(w, "gender", s->gender.len ? ine__str(s->gender.ptr, 1) : INE__NONE);
    ine__sb_text_member(w, "nationality", INE__NONE);
    ine__sb_text_member(w, "idNumber", s->hide_curp ? INE__NONE : s->curp);
    ine__sb_text_member(w, "yearOfBirth",
                        s->birth.len >= 4 ? ine__str(s->birth.ptr, 4) : INE__NONE);
    ine__sb_text_member(w, "placeOfBirth", INE__NONE);
    ine__write_end_object(w);
}

static void write_document(ine__writer *w, const ine__sb_session *s)
{
    ine__write_key(w, "document");
    ine__write_object(w);
    ine__sb_text_member(w, "number", s->cic);
    ine__sb_text_member(w, "type", s->type);
    ine__sb_text_member(w, "country", s->country);
    ine__sb_text_member(w, "state", INE__NONE);
    ine__write_end_object(w);
}

static void write_verification(ine__sb_call *call, ine__writer *w, const ine__sb_session *s,
                               int32_t outcome)
{
    const bool decided = outcome == s->outcome;
    ine__write_object(w);
    ine__sb_text_member(w, "id", s->id);
    ine__sb_text_member(w, "attemptId", s->attempt);
    ine__sb_text_member(w, "vendorData", s->vendor_data);
    ine__sb_text_member(w, "endUserId", s->end_user);
    ine__sb_text_member(w, "status", ine__str_of(outcomes[outcome].status));
    ine__write_key(w, "code");
    ine__write_int(w, outcomes[outcome].code);
    ine__sb_text_member(w, "reason", decided ? s->reason : INE__NONE);
    number_or_null(w, "reasonCode", decided ? s->reason_code : 0);
    time_member(w, "decisionTime", decided ? s->decided_ms : s->created_ms + WEEK);
    time_member(w, "acceptanceTime", s->created_ms);
    time_member(w, "submissionTime", s->submitted_ms);
    write_person(w, s);
    write_document(w, s);
    write_mx_ine(w, s);
    ine__write_key(w, "additionalVerifiedData");
    ine__write_object(w);
    if (decided && call->who->product == INE_SANDBOX_INE_BIOMETRIC)
        write_biometric(w, s);
    ine__write_end_object(w);
    ine__write_end_object(w);
}

/* The body of GET decision and of the decision webhook: they are identical [V-cur]. */
void ine__sb_write_decision(ine__sb_call *call, ine__writer *w, const ine__sb_session *session)
{
    const int32_t outcome = ine__sb_outcome(session, call->now);
    ine__write_object(w);
    ine__sb_text_member(w, "status", INE__STR("success"));
    ine__write_key(w, "verification");
    if (outcome == INE__SB_UNDECIDED)
        ine__write_null(w);
    else
        write_verification(call, w, session, outcome);
    if (outcome != INE__SB_UNDECIDED) {
        ine__write_key(w, "technicalData");
        ine__write_object(w);
        ine__sb_text_member(w, "ip", session->local_ip ? INE__STR("127.0.0.1") : INE__NONE);
        ine__write_end_object(w);
    }
    ine__write_end_object(w);
}

void ine__sb_decision(ine__sb_call *call)
{
    ine__writer w = ine__sb_begin(call, 200);
    ine__sb_write_decision(call, &w, &call->session);
}

/* The one value of `name` in the query; absent when there is none or there are several. */
static ine_str query_value(ine_str query, const char *name)
{
    ine_str value = INE__NONE;
    const size_t n = strlen(name);
    while (query.len) {
        const char *end = memchr(query.ptr, '&', query.len);
        const size_t len = end ? (size_t)(end - query.ptr) : query.len;
        if (len > n && memcmp(query.ptr, name, n) == 0 && query.ptr[n] == '=') {
            if (value.ptr)
                return INE__NONE;
            value = ine__str(query.ptr + n + 1, len - n - 1);
        }
        const size_t step = end ? len + 1 : len;
        query = ine__str(query.ptr + step, query.len - step);
    }
    return value;
}

/* No envelope here: two fields, in the registry's own words [V-api]. */
void ine__sb_ine_registry(ine__sb_call *call)
{
    const ine_str version = query_value(call->query, "version");
    const ine__sb_session *s = &call->session;
    if (!version.ptr) {
        ine__sb_fail_as(call, 0, 1102, "Mandatory parameter version is missing.");
        return;
    }
    /* C-1 */
    if (!ine__str_is(version, "1.0.0") && !ine__str_is(version, "v1") &&
        !ine__str_is(version, "1")) {
        ine__sb_fail(call, 1104);
        return;
    }
    if (ine__sb_outcome(s, call->now) != s->outcome || !s->active) {
        ine__sb_not_found(call);
        return;
    }
    static const char *const states[] = {
        [1] = "La credencial esta vigente",
        [2] = "La credencial no esta vigente", /* the vendor shows no text for this one */
        [3] = "No se obtuvieron datos de la consulta con los par\xc3\xa1metros seleccionados",
    };
    ine__writer w = ine__sb_begin(call, 200);
    ine__write_object(&w);
    ine__write_key(&w, "active");
    ine__write_bool(&w, s->active == 1);
    ine__write_key(&w, "documentState");
    ine__write_text(&w, states[s->active <= 3 ? s->active : 3]);
    ine__write_end_object(&w);
}

static void write_attempt(ine__writer *w, ine_str id, const char *status, int64_t created_ms)
{
    ine__write_object(w);
    ine__sb_text_member(w, "id", id);
    ine__sb_text_member(w, "status", ine__str_of(status));
    time_member(w, "createdTime", created_ms);
    ine__write_key(w, "userDefinedData");
    ine__write_array(w);
    ine__write_end_array(w);
    ine__write_end_object(w);
}

/* Newest first [docs: v1sessionsidattempts-1]. */
void ine__sb_attempts(ine__sb_call *call)
{
    const ine__sb_session *s = &call->session;
    ine__writer w = ine__sb_begin(call, 200);
    ine__write_object(&w);
    ine__sb_text_member(&w, "status", INE__STR("success"));
    ine__write_key(&w, "verifications");
    ine__write_array(&w);
    write_attempt(&w, s->attempt, ine__sb_status_text(s, call->now), s->attempt_ms);
    for (int64_t n = s->attempts - 1; n >= 1; n--) {
        ine__sb_attempt attempt;
        char id[36];
        ine__sb_uuid(call->sandbox, INE__SB_ID_ATTEMPT, s->seq, n, id);
        const int32_t found =
            ine__sb_load_attempt(call->sandbox, ine__str(id, sizeof id), &attempt);
        if (found < 0) {
            ine__sb_broken(call);
            return;
        }
        if (found)
            write_attempt(&w, ine__str(id, sizeof id), outcomes[INE__SB_RESUBMISSION].status,
                          attempt.created_ms);
    }
    ine__write_end_array(&w);
    ine__write_end_object(&w);
}

void ine__sb_person_read(ine__sb_call *call)
{
    const ine__sb_session *s = &call->session;
    ine__writer w = ine__sb_begin(call, 200);
    ine__write_object(&w);
    ine__sb_text_member(&w, "status", INE__STR("success"));
    ine__write_key(&w, "person");
    ine__write_object(&w);
    ine__sb_text_member(&w, "firstName", s->first_name);
    ine__sb_text_member(&w, "lastName", s->last_name);
    ine__sb_text_member(&w, "dateOfBirth", s->birth);
    ine__sb_text_member(&w, "nationality", INE__NONE);
    ine__sb_text_member(&w, "idNumber", s->hide_curp ? INE__NONE : s->curp);
    ine__write_key(&w, "pepSanctionMatches");
    ine__write_array(&w);
    ine__write_end_array(&w);
    ine__write_end_object(&w);
    ine__write_end_object(&w);
}
