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

/* Lower-case results and upper-case reasons are what most samples have; C-2. */
static ine_str cased(ine__sb_call *call, const char *lower, bool upper)
{
    const ine_str text = ine__sb_arena_copy(&call->sandbox->arena, ine__str_of(lower));
    char *p = ine__sb_arena_take(&call->sandbox->arena, text.len ? text.len : 1);
    for (size_t i = 0; p && i < text.len; i++)
        p[i] = (char)(upper && ine__is_alpha(text.ptr[i]) ? text.ptr[i] - 32 : text.ptr[i]);
    return p ? ine__str(p, text.len) : INE__NONE;
}

static const char *result_name(char letter)
{
    switch (letter) {
    case 's':
        return "success";
    case 'f':
        return "failure";
    case 'n':
        return "not_applicable";
    default:
        return "deferred";
    }
}

static const char *reason_name(char letter)
{
    switch (letter) {
    case 'P':
        return "person_not_found";
    case 'S':
        return "selfie_mismatch";
    case 'V':
        return "value_mismatch";
    case 'I':
        return "input_not_provided";
    case 'R':
        return "registry_unavailable";
    case 'N':
        return "not_returned_by_registry";
    case 'U':
        return "undocumented_reason";
    default:
        return NULL;
    }
}

/* The sample with the other casing has "success" in lower case all the same. */
static void write_check(ine__sb_call *call, ine__writer *w, const ine__sb_session *s, size_t i)
{
    const char result = s->results.ptr[i];
    const char *why = reason_name(s->reasons.ptr[i]);
    const bool upper = s->casing == INE__SB_UPPER || (s->casing == INE__SB_MIXED && result == 'n');
    ine__write_key(w, ine__sb_check_names[i]);
    ine__write_object(w);
    ine__sb_text_member(w, "result", cased(call, result_name(result), upper));
    ine__sb_text_member(w, "reason",
                        why ? cased(call, why, s->casing != INE__SB_MIXED) : INE__NONE);
    if (s->surprise)
        ine__sb_text_member(w, "confidence", INE__STR("high"));
    ine__write_end_object(w);
}

static void write_checks(ine__sb_call *call, ine__writer *w, const ine__sb_session *s)
{
    const bool failed = memchr(s->results.ptr, 'f', s->results.len) != NULL;
    const bool leave_out = failed && call->who->skipped == 1; /* C-7 */
    ine__write_object(w);
    for (size_t i = 0; i < s->results.len && i < INE__SB_CHECKS; i++) {
        const char result = s->results.ptr[i];
        if (result != '-' && !(leave_out && result == 'n'))
            write_check(call, w, s, i);
    }
    if (s->surprise) {
        ine__write_key(w, "holder_is_alive");
        ine__write_raw(w, INE__STR("{\"result\":\"success\",\"reason\":null}"));
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

static void write_mx_ine(ine__sb_call *call, ine__writer *w, const ine__sb_session *s)
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
            write_checks(call, w, s);
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

static void write_document(const ine__sb_call *call, ine__writer *w, const ine__sb_session *s)
{
    ine__write_key(w, "document");
    ine__write_object(w);
    ine__sb_text_member(w, "number", s->cic);
    ine__sb_text_member(w, "type", s->type);
    ine__sb_text_member(w, "country",
                        call->who->country && s->country.len ? INE__STR("MEX") : s->country);
    ine__sb_text_member(w, "state", INE__NONE);
    ine__write_end_object(w);
}

/* C-11 */
static void write_technical_data(ine__writer *w, const ine__sb_session *s)
{
    ine__write_key(w, "technicalData");
    ine__write_object(w);
    ine__sb_text_member(w, "ip", s->local_ip ? INE__STR("127.0.0.1") : INE__NONE);
    ine__write_end_object(w);
}

/* C-14: three digits in the samples, six in the text. */
static void submission_time(const ine__sb_call *call, ine__writer *w, int64_t ms)
{
    char text[28];
    ine__sb_time(ms, text);
    size_t len = 24;
    if (call->who->fraction == 1) {
        memcpy(text + 23, "000Z", 4);
        len = 27;
    } else if (call->who->fraction == 2) {
        text[19] = 'Z';
        len = 20;
    }
    ine__sb_text_member(w, "submissionTime", ms ? ine__str(text, len) : INE__NONE);
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
    ine__sb_text_member(w, "status",
                        s->surprise ? INE__STR("conditionally_approved")
                                    : ine__str_of(outcomes[outcome].status));
    ine__write_key(w, "code");
    ine__write_int(w, s->surprise ? 9999 : outcomes[outcome].code);
    ine__sb_text_member(w, "reason", decided ? s->reason : INE__NONE);
    number_or_null(w, "reasonCode", decided ? s->reason_code : 0);
    time_member(w, "decisionTime", decided ? s->decided_ms : s->created_ms + WEEK);
    time_member(w, "acceptanceTime", s->created_ms);
    submission_time(call, w, s->submitted_ms);
    write_person(w, s);
    write_document(call, w, s);
    write_mx_ine(call, w, s);
    ine__write_key(w, "additionalVerifiedData");
    ine__write_object(w);
    if (decided && call->who->product == INE_SANDBOX_INE_BIOMETRIC)
        write_biometric(w, s);
    ine__write_end_object(w);
    if (call->who->comments) { /* C-13 */
        ine__write_key(w, "comments");
        ine__write_array(w);
        ine__write_end_array(w);
    }
    if (call->who->technical_data)
        write_technical_data(w, s);
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
    if (outcome != INE__SB_UNDECIDED && !call->who->technical_data)
        write_technical_data(w, session);
    ine__write_end_object(w);
}

void ine__sb_decision(ine__sb_call *call)
{
    ine__writer w = ine__sb_begin(call, 200);
    ine__sb_write_decision(call, &w, &call->session);
}

/* The one value of `name` in the query; absent when there is none or there are several. */
ine_str ine__sb_query_value(ine_str query, const char *name)
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
