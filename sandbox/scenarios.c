/* The magic CICs: one for each leaf of the cascade and for each documented decision. */
#include "internal.h"

const char *const ine__sb_check_names[INE__SB_CHECKS] = {
    "consent_obtained",        "person_registered",
    "selfie_registry_match",   "not_reported_lost_or_stolen",
    "first_name_match",        "father_last_name_match",
    "mother_last_name_match",  "personal_number_match",
    "registration_year_match", "issue_year_match",
};

#define VERIFIED               "VERIFIED", NULL, "NONE"
#define REFUSED(check, advice) "NOT_VERIFIED", check, advice
#define MISMATCH(name, cic, n, check, what)                                                    \
    {                                                                                          \
        name "_mismatch", cic, REFUSED(check, "CORRECT_INPUT"), INE__SB_SCRIPT_MISMATCH, n, 0, \
            NULL, "The registry has another " what "."                                         \
    }

/* The first three digits are the vendor's reasonCode. */
static const ine__sb_scenario scenarios[] = {
    {"approved", "900100001", VERIFIED, INE__SB_SCRIPT_MATCH, 0, 0, "approved_all_checks",
     "Everything that was sent matches."},
    {"approved_optional_not_provided", "900100002", VERIFIED, INE__SB_SCRIPT_OPTIONAL_NOT_PROVIDED,
     0, 1, "approved_optional_not_provided",
     "Approved with a first name only; some optional checks are not enabled."},
    {"consent_declined", "640000001", "CONSENT_MISSING", "consent_obtained", "ASK_CONSENT",
     INE__SB_SCRIPT_CONSENT, 0, 0, "consent_declined", "The citizen's consent does not hold."},
    {"person_not_found", "902000001", REFUSED("person_registered", "CORRECT_INPUT"),
     INE__SB_SCRIPT_NOT_FOUND, 0, 0, "person_not_found", "The registry does not know the CIC."},
    {"selfie_mismatch", "581000001", REFUSED("selfie_registry_match", "NEW_SELFIE"),
     INE__SB_SCRIPT_SELFIE, 0, 0, "selfie_mismatch", "The selfie is not the portrait's face."},
    {"lost_or_stolen", "904000001", REFUSED("not_reported_lost_or_stolen", "REFUSE_CARD"),
     INE__SB_SCRIPT_LOST, 0, 0, "lost_or_stolen", "The card was reported lost or stolen."},
    {"registry_unavailable", "901000001", "RETRY_LATER", "registry", "RETRY_NEW_SESSION",
     INE__SB_SCRIPT_UNAVAILABLE, 0, 0, "registry_unavailable", "The registry does not answer."},
    {"technical_issues", "901000002", "RETRY_LATER", "registry", "RETRY_NEW_SESSION",
     INE__SB_SCRIPT_TECHNICAL, 0, 0, NULL, "The check broke on the vendor's side."},
    {"malformed_curp", "902000002", "INPUT_ERROR", "person_registered", "CORRECT_INPUT",
     INE__SB_SCRIPT_MALFORMED, 0, 0, NULL, "The CURP or the CIC is taken for malformed."},
    MISMATCH("first_name", "903000005", 0, "first_name_match", "first name"),
    MISMATCH("father_last_name", "903000006", 1, "father_last_name_match", "father's last name"),
    MISMATCH("mother_last_name", "903000007", 2, "mother_last_name_match", "mother's last name"),
    MISMATCH("personal_number", "903000008", 3, "personal_number_match", "CURP"),
    MISMATCH("registration_year", "903000009", 4, "registration_year_match", "registration year"),
    MISMATCH("issue_year", "903000010", 5, "issue_year_match", "issue year"),
};

/* Not among the fixed names: what else the pages let happen. GET /sandbox/scenarios?more=1 */
static const ine__sb_scenario more_scenarios[] = {
    {"resubmission_requested", "204000001", "RESUBMIT", NULL, "RESUBMIT",
     INE__SB_SCRIPT_RESUBMISSION, 0, 0, NULL,
     "The first attempt is to be repeated; the next passes."},
    {"review", "912100001", "REVIEW", NULL, "WAIT", INE__SB_SCRIPT_REVIEW, 0, 0, NULL,
     "A person at the vendor looks at it."},
    {"expired", "910400001", "EXPIRED", NULL, "RETRY_NEW_SESSION", INE__SB_SCRIPT_EXPIRED, 0, 0,
     NULL, "The session ran out before it was opened."},
    {"abandoned", "910400002", "ABANDONED", NULL, "RETRY_NEW_SESSION", INE__SB_SCRIPT_ABANDONED, 0,
     0, NULL, "The session ran out before it was finished."},
    {"lost_or_stolen_cascade", "904000002", REFUSED("not_reported_lost_or_stolen", "REFUSE_CARD"),
     INE__SB_SCRIPT_LOST_CASCADE, 0, 0, NULL, "Lost or stolen, in the cascade's form (C-4)."},
    {"too_many_selfies", "539000001", "NOT_VERIFIED", NULL, "NEW_SELFIE", INE__SB_SCRIPT_TOO_MANY,
     0, 0, NULL, "Too many selfies were sent (539, not confirmed)."},
    {"field_not_returned", "900100003", VERIFIED, INE__SB_SCRIPT_NOT_RETURNED, 0, 0, NULL,
     "The registry leaves a field out (O-1: the literal is invented)."},
    {"check_unavailable", "581000002", "RETRY_LATER", "registry", "RETRY_NEW_SESSION",
     INE__SB_SCRIPT_CHECK_UNAVAILABLE, 0, 0, NULL, "The face could not be compared."},
    {"suspected_tampering", "102000001", "NOT_VERIFIED", NULL, "MANUAL_REVIEW",
     INE__SB_SCRIPT_TAMPERING, 0, 0, NULL, "Declined outside the cascade (102)."},
    {"surprise", "900100004", "UNKNOWN", NULL, "MANUAL_REVIEW", INE__SB_SCRIPT_SURPRISE, 0, 0, NULL,
     "A status, a result and members that nobody documents."},
};
#define MORE  (sizeof more_scenarios / sizeof *more_scenarios)
#define COUNT (sizeof scenarios / sizeof *scenarios)

const ine__sb_scenario *ine__sb_scenario_of(ine_str cic)
{
    for (size_t i = 0; i < COUNT; i++) {
        if (ine__str_is(cic, scenarios[i].cic))
            return &scenarios[i];
    }
    for (size_t i = 0; i < MORE; i++) {
        if (ine__str_is(cic, more_scenarios[i].cic))
            return &more_scenarios[i];
    }
    return NULL;
}

bool ine_sandbox_scenario(size_t index, ine_str *name, ine_str *cic, ine_str *about)
{
    const ine__sb_scenario *s = index < COUNT ? &scenarios[index] : NULL;
    *name = s ? ine__str_of(s->name) : INE__NONE;
    *cic = s ? ine__str_of(s->cic) : INE__NONE;
    *about = s ? ine__str_of(s->about) : INE__NONE;
    return s != NULL;
}

static void text(ine__writer *w, const char *key, const char *value)
{
    ine__sb_text_member(w, key, ine__str_of(value));
}

/* The vendor's placeholder person: what to send so that the documented decision comes back. */
static void write_person(ine__writer *w, bool only_first_name)
{
    ine__write_key(w, "person");
    ine__write_object(w);
    text(w, "curp", only_first_name ? NULL : "GARJ000000HMCRLP00");
    text(w, "first_name", "JUAN");
    text(w, "last_name", only_first_name ? NULL : "GARCIA");
    text(w, "second_last_name", only_first_name ? NULL : "LOPEZ");
    text(w, "first_issue", only_first_name ? NULL : "2018-06-15");
    text(w, "valid_from", only_first_name ? NULL : "2020-03-10");
    ine__write_end_object(w);
}

bool ine__sb_write_scenarios(ine__buf *out, bool more)
{
    ine__writer w;
    ine__write_init(&w, out);
    ine__write_array(&w);
    for (size_t i = 0; i < COUNT + (more ? MORE : 0); i++) {
        const ine__sb_scenario *s = i < COUNT ? &scenarios[i] : &more_scenarios[i - COUNT];
        ine__write_object(&w);
        text(&w, "name", s->name);
        text(&w, "cic", s->cic);
        text(&w, "outcome", s->outcome);
        text(&w, "root_cause", s->root_cause);
        text(&w, "advice", s->advice);
        text(&w, "sample", s->sample);
        text(&w, "about", s->about);
        write_person(&w, s->only_first_name);
        ine__write_end_object(&w);
    }
    ine__write_end_array(&w);
    return !out->failed;
}
