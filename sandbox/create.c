/* POST /v1/sessions. What is refused here and what is let through to be declined later follows the
 * vendor's pages; docs/sandbox.md lists where they leave a choice. */
#include "internal.h"

enum {
    S_NONE,
    S_VERIFICATION,
    S_CALLBACK,
    S_VENDOR_DATA,
    S_END_USER,
    S_TIMESTAMP,
    S_PERSON,
    S_FIRST_NAME,
    S_LAST_NAME,
    S_SECOND_LAST_NAME,
    S_CURP,
    S_BIRTH,
    S_GENDER,
    S_DOCUMENT,
    S_NUMBER,
    S_TYPE,
    S_COUNTRY,
    S_FIRST_ISSUE,
    S_VALID_FROM,
    S_CONSENTS,
    S_COUNT
};

static const ine__member person_members[] = {
    INE__MEMBER("idNumber", S_CURP, NULL),
    INE__MEMBER("firstName", S_FIRST_NAME, NULL),
    INE__MEMBER("lastName", S_LAST_NAME, NULL),
    INE__MEMBER("secondLastName", S_SECOND_LAST_NAME, NULL),
    INE__MEMBER("dateOfBirth", S_BIRTH, NULL),
    INE__MEMBER("gender", S_GENDER, NULL),
};
static const ine__object person_object = {.members = person_members, .count = 6};
static const ine__member document_members[] = {
    INE__MEMBER("type", S_TYPE, NULL),
    INE__MEMBER("number", S_NUMBER, NULL),
    INE__MEMBER("country", S_COUNTRY, NULL),
    INE__MEMBER("validFrom", S_VALID_FROM, NULL),
    INE__MEMBER("firstIssue", S_FIRST_ISSUE, NULL),
};
static const ine__object document_object = {.members = document_members, .count = 5};
static const ine__member verification_members[] = {
    INE__MEMBER("callback", S_CALLBACK, NULL),
    INE__MEMBER("vendorData", S_VENDOR_DATA, NULL),
    INE__MEMBER("endUserId", S_END_USER, NULL),
    INE__MEMBER("person", S_PERSON, &person_object),
    INE__MEMBER("document", S_DOCUMENT, &document_object),
    INE__MEMBER("consents", S_CONSENTS, NULL),
    INE__MEMBER("timestamp", S_TIMESTAMP, NULL),
};
static const ine__object verification_object = {.members = verification_members, .count = 7};
static const ine__member root_members[] = {
    INE__MEMBER("verification", S_VERIFICATION, &verification_object)};
static const ine__object root_object = {.members = root_members, .count = 1};

/* The texts of a session, and the code for one that is not a text. */
static const struct {
    uint8_t slot;
    uint16_t offset, code;
} texts[] = {
    {S_VENDOR_DATA, offsetof(ine__sb_session, vendor_data), 1501},
    {S_END_USER, offsetof(ine__sb_session, end_user), 1104},
    {S_FIRST_NAME, offsetof(ine__sb_session, first_name), 1104},
    {S_LAST_NAME, offsetof(ine__sb_session, last_name), 1104},
    {S_SECOND_LAST_NAME, offsetof(ine__sb_session, second_last_name), 1104},
    {S_CURP, offsetof(ine__sb_session, curp), 1104},
    {S_BIRTH, offsetof(ine__sb_session, birth), 2003},
    {S_GENDER, offsetof(ine__sb_session, gender), 1104},
    {S_NUMBER, offsetof(ine__sb_session, cic), 1104},
    {S_TYPE, offsetof(ine__sb_session, type), 1104},
    {S_COUNTRY, offsetof(ine__sb_session, country), 1104},
    {S_FIRST_ISSUE, offsetof(ine__sb_session, first_issue), 1203},
    {S_VALID_FROM, offsetof(ine__sb_session, valid_from), 1203},
};

static bool refuse(ine__sb_call *call, int32_t code)
{
    ine__sb_fail(call, code);
    return false;
}

/* Null counts as not sent. */
static bool take_texts(ine__sb_call *call, const ine__slot *slots)
{
    const ine_str body = call->request->body;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const ine__slot slot = slots[texts[i].slot];
        if (slot.type == INE__J_ABSENT || slot.type == INE__J_NULL)
            continue;
        if (slot.type != INE__J_STRING)
            return refuse(call, texts[i].code);
        const ine_str text = ine__sb_slot_text(call, body, slot);
        memcpy((char *)&call->session + texts[i].offset, &text, sizeof text);
    }
    return true;
}

static bool is_object_or_none(ine__slot slot)
{
    return slot.type == INE__J_ABSENT || slot.type == INE__J_NULL || slot.type == INE__J_OBJECT;
}

static bool check_callback(ine__sb_call *call, ine__slot slot)
{
    if (slot.type == INE__J_ABSENT || slot.type == INE__J_NULL)
        return true;
    const ine_str url = ine__sb_slot_text(call, call->request->body, slot);
    if (slot.type != INE__J_STRING)
        return refuse(call, 1104);
    return (url.len > 8 && ine__str_ieq(ine__str(url.ptr, 8), INE__STR("https://"))) ||
           refuse(call, 1302);
}

static bool check_timestamp(ine__sb_call *call, ine__slot slot)
{
    int64_t at;
    if (slot.type == INE__J_ABSENT || slot.type == INE__J_NULL)
        return true;
    if (!ine__sb_time_parse(ine__sb_slot_text(call, call->request->body, slot), &at))
        return refuse(call, 1202);
    return at >= call->now - 3600000 || refuse(call, 1201);
}

static bool check_date(ine__sb_call *call, ine_str text, int32_t code)
{
    ine__date date;
    return !text.ptr || ine__date_parse(text, &date) || refuse(call, code);
}

static bool check_person(ine__sb_call *call)
{
    static const char *const genders[] = {"M", "MALE", "F", "FEMALE"};
    const ine__sb_session *s = &call->session;
    if (s->vendor_data.ptr && ine__utf8_length(s->vendor_data) > 1000)
        return refuse(call, 1500);
    if (s->end_user.ptr && !ine__is_uuid(s->end_user))
        return refuse(call, 1104);
    bool known = !s->gender.ptr;
    for (size_t i = 0; i < 4; i++)
        known = known || ine__str_is(s->gender, genders[i]);
    if (!known)
        return refuse(call, 1104);
    return check_date(call, s->birth, 2003) && check_date(call, s->first_issue, 1203) &&
           check_date(call, s->valid_from, 1203);
}

static bool is_alphanumeric(ine_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!ine__is_digit(text.ptr[i]) && !ine__is_alpha(text.ptr[i]))
            return false;
    }
    return true;
}

/* Letters and digits only, here; a CIC that is not nine digits fails the session later ("Passing an
 * invalid CIC will result in a session failure" [V-cur]). */
static bool check_document(ine__sb_call *call)
{
    const ine__sb_session *s = &call->session;
    const bool required = call->who->product == INE_SANDBOX_MX_INE;
    if (required && (!s->cic.len || !s->country.len || !s->type.len))
        return refuse(call, 1102);
    if (!is_alphanumeric(s->cic))
        return refuse(call, 2102);
    if (s->type.ptr && !ine__str_is(s->type, "ID_CARD"))
        return refuse(call, 2103);
    return !s->country.ptr || ine__str_is(s->country, "MX") || refuse(call, 2104);
}

/* One of "ine", "bipa", "aadhaar"; for "ine" what was said. */
static bool take_consent(ine__sb_call *call, ine_str item)
{
    static const char *const types[] = {"ine", "bipa", "aadhaar"};
    const ine__slot type = ine__json_member(item, "type");
    const ine__slot approved = ine__json_member(item, "approved");
    const ine_str text = ine__sb_slot_text(call, item, type);
    if ((approved.type != INE__J_TRUE && approved.type != INE__J_FALSE) || !text.ptr)
        return refuse(call, 1104);
    bool known = false;
    for (size_t i = 0; i < 3; i++)
        known = known || ine__str_is(text, types[i]);
    if (!known)
        return refuse(call, 1104);
    if (ine__str_is(text, "ine")) {
        if (approved.type == INE__J_FALSE)
            call->session.consent = INE__SB_CONSENT_REFUSED;
        else if (call->session.consent == INE__SB_NO_CONSENT)
            call->session.consent = INE__SB_CONSENT;
    }
    return true;
}

static bool take_consents(ine__sb_call *call, ine__slot slot)
{
    ine__json_iter iter;
    ine__slot item;
    ine_str key;
    bool escaped;
    if (slot.type != INE__J_ABSENT && slot.type != INE__J_NULL && slot.type != INE__J_ARRAY)
        return refuse(call, 1104);
    if (slot.type == INE__J_ARRAY) {
        const ine_str list = ine__json_view(call->request->body, slot);
        ine__json_iter_init(&iter, list);
        while (ine__json_iter_next(&iter, &key, &escaped, &item)) {
            if (item.type != INE__J_OBJECT)
                return refuse(call, 1104);
            if (!take_consent(call, ine__json_view(list, item)))
                return false;
        }
    }
    /* C-6: the older product creates no session without it; the current one declines it later,
     * unless the integration is set to refuse. */
    const ine__sb_integration *who = call->who;
    if (call->session.consent == INE__SB_CONSENT || who->product == INE_SANDBOX_INE_REGISTRY ||
        (who->product == INE_SANDBOX_MX_INE && who->consent != INE__SB_CONSENT_REFUSES_SESSION))
        return true;
    ine__sb_fail_as(call, 0, call->session.consent == INE__SB_NO_CONSENT ? 1102 : 1104,
                    "consents must have {\"type\":\"ine\",\"approved\":true}.");
    return false;
}

static bool store_new(ine__sb_call *call)
{
    ine_sandbox *sandbox = call->sandbox;
    ine__sb_session *s = &call->session;
    const int64_t seq = s->seq;
    char *ids = ine__sb_arena_take(&sandbox->arena, 72);
    if (!ids)
        return false;
    ine__sb_uuid(sandbox, INE__SB_ID_SESSION, seq, 0, ids);
    ine__sb_uuid(sandbox, INE__SB_ID_ATTEMPT, seq, 1, ids + 36);
    s->id = ine__str(ids, 36);
    s->attempt = ine__str(ids + 36, 36);
    const ine__sb_attempt attempt = {.session = s->id, .number = 1, .created_ms = s->created_ms};
    return ine__sb_save_session(sandbox, s) &&
           ine__sb_save_attempt(sandbox, s->attempt, &attempt) && ine__sb_save_counters(sandbox);
}

/* The `verification` of the replies to POST and PATCH. */
void ine__sb_write_session(ine__sb_call *call, ine__writer *w, const char *status)
{
    const ine__sb_session *s = &call->session;
    ine_sandbox *sandbox = call->sandbox;
    const ine_str token = ine__sb_token(sandbox, s);
    char *url = ine__sb_arena_take(&sandbox->arena, sandbox->base_url.len + 3 + token.len);
    if (!url || !token.ptr)
        return;
    const size_t base = sandbox->base_url.len;
    memcpy(url, sandbox->base_url.ptr, base);
    memcpy(url + base, "/v/", 3);
    memcpy(url + base + 3, token.ptr, token.len);
    ine__write_object(w);
    ine__write_key(w, "status");
    ine__write_text(w, "success");
    ine__write_key(w, "verification");
    ine__write_object(w);
    ine__write_key(w, "id");
    ine__write_str(w, s->id);
    ine__write_key(w, "url");
    ine__write_str(w, ine__str(url, base + 3 + token.len));
    ine__write_key(w, "vendorData");
    ine__write_str(w, s->vendor_data);
    if (strcmp(status, "created") == 0) {
        ine__write_key(w, "endUserId");
        ine__write_str(w, s->end_user);
    }
    ine__write_key(w, "host");
    ine__write_str(w, sandbox->base_url);
    ine__write_key(w, "status");
    ine__write_text(w, status);
    ine__write_key(w, "sessionToken");
    ine__write_str(w, token);
    ine__write_end_object(w);
    ine__write_end_object(w);
}

void ine__sb_create(ine__sb_call *call)
{
    ine__slot slots[S_COUNT] = {0};
    if (!ine__sb_json_body(call, &root_object, slots, S_COUNT))
        return;
    if (slots[S_VERIFICATION].type != INE__J_OBJECT) {
        ine__sb_fail(call, slots[S_VERIFICATION].type == INE__J_ABSENT ? 1102 : 1104);
        return;
    }
    if (!is_object_or_none(slots[S_PERSON]) || !is_object_or_none(slots[S_DOCUMENT])) {
        ine__sb_fail(call, 1104);
        return;
    }
    if (!take_texts(call, slots) || !check_callback(call, slots[S_CALLBACK]) ||
        !check_timestamp(call, slots[S_TIMESTAMP]) || !check_person(call) ||
        !check_document(call) || !take_consents(call, slots[S_CONSENTS]))
        return;
    call->session.integration = call->who->api_key;
    call->session.attempts = 1;
    call->session.created_ms = call->session.attempt_ms = call->now;
    call->session.seq = ++call->sandbox->sessions;
    if (!store_new(call) ||
        !ine__sb_hook(call, INE__SB_HOOK_EXPIRY, call->now + INT64_C(604800000))) {
        ine__sb_broken(call);
        return;
    }
    ine__writer w = ine__sb_begin(call, 201);
    ine__sb_write_session(call, &w, "created");
    call->sandbox->creates = true;
}
