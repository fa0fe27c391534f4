/*
 * The registry's side of the cascade, as the vendor's page draws it: consent, registry, person,
 * face, lost or stolen, then the optional checks each on its own. Written from that page and from
 * the documented samples, with nothing of the library's own reading of them.
 */
#include "internal.h"

enum { CONSENT, PERSON, FACE, CARD, OPTIONAL };
enum { NOT_SENT, SAME, OTHER };

/* Results: 's' success, 'f' failure, 'n' not applicable, 'u' one that nobody knows, '-' no entry.
 * Reasons: '.' null, and the first letter of PERSON_NOT_FOUND, SELFIE_MISMATCH, VALUE_MISMATCH,
 * INPUT_NOT_PROVIDED, REGISTRY_UNAVAILABLE, NOT_RETURNED_BY_REGISTRY and UNDOCUMENTED_REASON. */
typedef struct facts {
    bool consent, found, well_formed, same_face, lost, inactive, cascade_form;
    int64_t error;
    int64_t score;
    uint8_t sent[6];
} facts;

/* AAAA######AAAAAA##, with a letter or a digit in position 17 (C-8). */
static bool is_curp(ine_str curp)
{
    static const char mask[] = "AAAA######AAAAAA?#";
    if (curp.len != 18)
        return false;
    for (size_t i = 0; i < curp.len; i++) {
        const bool digit = ine__is_digit(curp.ptr[i]), letter = ine__is_alpha(curp.ptr[i]);
        if (!(mask[i] == 'A' ? letter : mask[i] == '#' ? digit : digit || letter))
            return false;
    }
    return true;
}

static const ine_str *inputs(const ine__sb_session *s, size_t n)
{
    const ine_str *const all[6] = {&s->first_name, &s->last_name,   &s->second_last_name,
                                   &s->curp,       &s->first_issue, &s->valid_from};
    return all[n];
}

static bool same_text(ine_str a, ine_str b)
{
    return ine__str_ieq(ine__str_trim(a), ine__str_trim(b));
}

static bool same_year(ine_str date, int64_t year)
{
    int64_t sent;
    return date.len >= 4 && ine__parse_uint(ine__str(date.ptr, 4), 9999, &sent) && sent == year;
}

/* What the registry has on a person of the table. */
static bool matches(const ine__sb_session *s, const ine__sb_person *p, size_t n)
{
    switch (n) {
    case 0:
        return ine__sb_same_name(s->first_name, p->first_name);
    case 1:
        return ine__sb_same_name(s->last_name, p->last_name);
    case 2:
        return ine__sb_same_name(s->second_last_name, p->second_last_name);
    case 3:
        return same_text(s->curp, p->curp);
    case 4:
        return same_year(s->first_issue, p->registration_year);
    default:
        return same_year(s->valid_from, p->issue_year);
    }
}

#define SAME_FACE  97
#define OTHER_FACE 12

/* A marker's score counts before a face's name, and that before its hash. */
static int64_t score_of(const ine__sb_session *s, const ine__sb_person *person)
{
    if (s->score)
        return s->score - 1;
    if (person && (person->face.len || person->face_sha.len)) {
        const bool same = (person->face.len && ine__str_eq(person->face, s->face)) ||
                          (person->face_sha.len && ine__str_ieq(person->face_sha, s->face_sha));
        return same ? SAME_FACE : OTHER_FACE;
    }
    return SAME_FACE;
}

static void apply_script(facts *f, const ine__sb_scenario *scenario)
{
    switch (scenario->script) {
    case INE__SB_SCRIPT_CONSENT:
        f->consent = false;
        break;
    case INE__SB_SCRIPT_NOT_FOUND:
        f->found = false;
        break;
    case INE__SB_SCRIPT_SELFIE:
        f->score = OTHER_FACE;
        break;
    case INE__SB_SCRIPT_LOST:
    case INE__SB_SCRIPT_LOST_CASCADE:
        f->lost = true;
        break;
    case INE__SB_SCRIPT_UNAVAILABLE:
        f->error = 1;
        break;
    case INE__SB_SCRIPT_TECHNICAL:
        f->error = 2;
        break;
    case INE__SB_SCRIPT_MALFORMED:
        f->well_formed = false;
        break;
    case INE__SB_SCRIPT_MISMATCH:
        f->sent[scenario->optional] = OTHER;
        break;
    default:
        break;
    }
}

/* --- The cascade
 * ---------------------------------------------------------------------------------- */

static void rest(char *results, char *reasons, int from, char why)
{
    for (int i = from; i < INE__SB_CHECKS; i++) {
        if (results[i] == '-')
            continue;
        results[i] = 'n';
        reasons[i] = why;
    }
}

static void fail_at(char *results, char *reasons, int check, char why, char why_rest)
{
    results[check] = 'f';
    reasons[check] = why;
    rest(results, reasons, check + 1, why_rest);
}

static void decline(ine__sb_session *s, int64_t code, const char *reason)
{
    s->outcome = INE__SB_DECLINED;
    s->reason_code = code;
    s->reason = ine__str_of(reason);
}

static void cascade(ine__sb_session *s, const facts *f, const ine__sb_integration *who,
                    char *results, char *reasons)
{
    memset(results, 's', INE__SB_CHECKS);
    memset(reasons, '.', INE__SB_CHECKS);
    for (int n = 0; n < 6; n++) {
        if (who->off >> n & 1)
            results[OPTIONAL + n] = '-';
    }
    s->outcome = INE__SB_APPROVED;
    s->registry_ms = s->decided_ms;
    if (!f->consent) {
        decline(s, 640, "Consent not obtained");
        memset(results + OPTIONAL, '-', 6); /* C-7 */
        fail_at(results, reasons, CONSENT, 'I', 'I');
        s->hide_curp = 1; /* C-16 */
        s->registry_ms = 0;
    } else if (!f->well_formed) {
        decline(s, who->malformed_code ? who->malformed_code : 902, "Input not provided");
        fail_at(results, reasons, PERSON, 'I', 'I');
        s->registry_ms = 0;
    } else if (f->error) {
        decline(s, 901, f->error == 1 ? "Registry unavailable" : "Technical issues");
        s->error = f->error;
        s->hide_curp = 1;
        s->registry_ms = 0;
    } else if (!f->found) {
        decline(s, 902, "Person not found");
        fail_at(results, reasons, PERSON, 'P', 'P');
    } else if (!f->same_face) {
        decline(s, 581, "Selfie mismatch");
        fail_at(results, reasons, FACE, 'S', 'S');
    } else if (f->lost) {
        decline(s, 904, "Value mismatch");
        fail_at(results, reasons, CARD, 'V', 'V');
        if (who->lost_form == 0 &&
            !f->cascade_form) { /* C-4, C-5: as the documented sample has it */
            results[FACE] = 'n';
            reasons[FACE] = 'S';
        }
    } else {
        for (int n = 0; n < 6; n++) {
            if (results[OPTIONAL + n] == '-' || f->sent[n] == SAME)
                continue;
            results[OPTIONAL + n] = f->sent[n] == OTHER ? 'f' : 'n';
            reasons[OPTIONAL + n] = f->sent[n] == OTHER ? 'V' : 'I';
            if (f->sent[n] == OTHER)
                decline(s, 903, "Value mismatch");
        }
    }
}

/* The documented sample: first name matched, two checks without input, the others not enabled, in
 * the other casing (C-2) and with an address (C-15). */
static void optional_not_provided(ine__sb_session *s, char *results, char *reasons)
{
    memcpy(results, "sssssn-n--", INE__SB_CHECKS);
    memcpy(reasons, ".....I.I..", INE__SB_CHECKS);
    s->casing = INE__SB_MIXED;
    s->local_ip = 1;
}

/* The older products: no cascade in the reply, the same facts behind it. */
static void older(ine__sb_session *s, const facts *f)
{
    const bool reached = f->consent && f->well_formed && !f->error;
    s->active = !reached || !f->found ? 3 : f->lost || f->inactive ? 2 : 1;
    s->percent = reached && f->found ? 1 + f->score : 0;
}

static void decide_older(ine__sb_session *s, const facts *f, int64_t product)
{
    older(s, f);
    s->outcome = INE__SB_APPROVED;
    s->registry_ms = s->decided_ms;
    if (product == INE_SANDBOX_INE_REGISTRY)
        return;
    if (f->error) {
        decline(s, 0, f->error == 1 ? "Registry unavailable" : "Technical issues");
        s->error = f->error;
    } else if (!s->percent || !f->same_face) {
        decline(s, 123, "Unable to pass registry checks");
    }
}

/* Scenarios beyond the cascade, over a session that came out approved. */
static void beyond(ine__sb_session *s, uint8_t script, char *results, char *reasons)
{
    switch (script) {
    case INE__SB_SCRIPT_OPTIONAL_NOT_PROVIDED:
        optional_not_provided(s, results, reasons);
        break;
    case INE__SB_SCRIPT_RESUBMISSION:
        if (s->attempts > 1)
            break;
        s->outcome = INE__SB_RESUBMISSION;
        s->reason_code = 204;
        s->reason = INE__STR("Poor image quality");
        break;
    case INE__SB_SCRIPT_REVIEW:
        s->outcome = INE__SB_REVIEW;
        break;
    case INE__SB_SCRIPT_EXPIRED:
        s->outcome = INE__SB_EXPIRED;
        break;
    case INE__SB_SCRIPT_ABANDONED:
        s->outcome = INE__SB_ABANDONED;
        break;
    case INE__SB_SCRIPT_NOT_RETURNED:
        results[OPTIONAL] = 'n';
        reasons[OPTIONAL] = 'N';
        break;
    case INE__SB_SCRIPT_CHECK_UNAVAILABLE:
        fail_at(results, reasons, FACE, 'R', 'R');
        decline(s, 581, "Registry unavailable");
        break;
    case INE__SB_SCRIPT_TAMPERING:
        decline(s, 102, "Suspected document tampering");
        break;
    case INE__SB_SCRIPT_SURPRISE:
        s->surprise = 1;
        results[OPTIONAL] = 'u';
        reasons[OPTIONAL] = 'U';
        break;
    default:
        break;
    }
}

/* "581,903": is the code in the list? */
static bool listed(ine_str list, int64_t code)
{
    while (list.len) {
        const char *comma = memchr(list.ptr, ',', list.len);
        const size_t len = comma ? (size_t)(comma - list.ptr) : list.len;
        int64_t number;
        if (ine__parse_uint(ine__str_trim(ine__str(list.ptr, len)), 99999, &number) &&
            number == code)
            return true;
        list = ine__str(list.ptr + len + (comma ? 1 : 0), list.len - len - (comma ? 1 : 0));
    }
    return false;
}

/* "Veriff can configure some of these validations differently: turning a decline into a
 * resubmission, or ignoring a check entirely" [V-cur]. */
static void apply_configuration(ine__sb_session *s, const ine__sb_integration *who)
{
    if (s->outcome != INE__SB_DECLINED)
        return;
    if (listed(who->resubmit, s->reason_code)) {
        s->outcome = INE__SB_RESUBMISSION;
    } else if (listed(who->ignore, s->reason_code)) {
        s->outcome = INE__SB_APPROVED;
        s->reason_code = 0;
        s->reason = INE__NONE;
    }
}

static bool well_formed(const ine__sb_session *s)
{
    return s->cic.len == 9 && ine__all_digits(s->cic) && (!s->curp.len || is_curp(s->curp));
}

void ine__sb_decide(ine__sb_call *call, const ine__sb_integration *who, ine__sb_session *session)
{
    ine_sandbox *sandbox = call->sandbox;
    ine__sb_person person;
    const ine__sb_scenario *scenario = ine__sb_scenario_of(session->cic);
    const bool known =
        !scenario && session->cic.len && ine__sb_load_person(sandbox, session->cic, &person) > 0;
    const int64_t threshold = who->threshold                       ? who->threshold
                              : who->product == INE_SANDBOX_MX_INE ? 80
                                                                   : 85;
    facts f = {.consent =
                   session->consent == INE__SB_CONSENT || who->product == INE_SANDBOX_INE_REGISTRY,
               .found = scenario || known || sandbox->settings[INE_SANDBOX_UNLISTED],
               .well_formed = well_formed(session) || who->product != INE_SANDBOX_MX_INE,
               .lost = known && person.lost,
               .inactive = known && person.inactive,
               .score = score_of(session, known ? &person : NULL)};
    for (size_t n = 0; n < 6; n++) {
        const bool sent = inputs(session, n)->len > 0;
        f.sent[n] = !sent ? NOT_SENT : !known || matches(session, &person, n) ? SAME : OTHER;
    }
    if (scenario)
        apply_script(&f, scenario);
    f.cascade_form = scenario && scenario->script == INE__SB_SCRIPT_LOST_CASCADE;
    session->casing = who->casing;
    session->local_ip = who->address;
    f.same_face = f.score >= threshold;
    char *letters = ine__sb_arena_take(&sandbox->arena, (size_t)2 * INE__SB_CHECKS);
    if (!letters)
        return;
    const bool too_many = scenario && scenario->script == INE__SB_SCRIPT_TOO_MANY;
    if (too_many || session->faces > (who->selfie_limit ? who->selfie_limit : 5)) {
        decline(session, 539, "Selfie upload limit exceeded");
        return;
    }
    if (who->product != INE_SANDBOX_MX_INE) {
        decide_older(session, &f, who->product);
        return;
    }
    older(session, &f);
    cascade(session, &f, who, letters, letters + INE__SB_CHECKS);
    if (scenario && session->outcome == INE__SB_APPROVED)
        beyond(session, scenario->script, letters, letters + INE__SB_CHECKS);
    apply_configuration(session, who);
    session->results = ine__str(letters, INE__SB_CHECKS);
    session->reasons = ine__str(letters + INE__SB_CHECKS, INE__SB_CHECKS);
}
