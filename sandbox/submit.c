/* PATCH, collected-data and DELETE of a session. */
#include "internal.h"

/* Saves the attempt that ended and begins the next one. */
static bool begin_attempt(ine__sb_call *call)
{
    ine_sandbox *sandbox = call->sandbox;
    ine__sb_session *s = &call->session;
    const ine__sb_attempt old = {.session = s->id,
                                 .number = s->attempts,
                                 .created_ms = s->attempt_ms,
                                 .media = s->media,
                                 .outcome = s->outcome};
    const ine__sb_attempt next = {
        .session = s->id, .number = s->attempts + 1, .created_ms = call->now};
    const ine_str old_id = s->attempt;
    char *id = ine__sb_arena_take(&sandbox->arena, 36);
    if (!id)
        return false;
    ine__sb_uuid(sandbox, INE__SB_ID_ATTEMPT, s->seq, next.number, id);
    s->attempt = ine__str(id, 36);
    s->attempts = next.number;
    s->attempt_ms = call->now;
    s->status = INE__SB_STARTED;
    s->submitted_ms = s->decided_ms = s->media = s->faces = s->score = 0;
    s->outcome = INE__SB_UNDECIDED;
    s->reason_code = s->error = s->registry_ms = s->hide_curp = s->casing = s->surprise = 0;
    s->local_ip = s->percent = s->active = 0;
    s->face = s->face_sha = s->results = s->reasons = s->reason = INE__NONE;
    return ine__sb_save_attempt(sandbox, old_id, &old) &&
           ine__sb_save_attempt(sandbox, s->attempt, &next);
}

bool ine__sb_open_session(ine__sb_call *call, int32_t http)
{
    const int32_t outcome = ine__sb_outcome(&call->session, call->now);
    if (outcome == INE__SB_UNDECIDED && call->session.status != INE__SB_SUBMITTED)
        return true;
    if (outcome == INE__SB_RESUBMISSION) {
        if (begin_attempt(call))
            return true;
        ine__sb_broken(call);
        return false;
    }
    ine__sb_fail_as(call, http, 1304, NULL);
    return false;
}

enum { S_NONE, S_VERIFICATION, S_STATUS, S_COUNT };
static const ine__member verification_members[] = {INE__MEMBER("status", S_STATUS, NULL)};
static const ine__object verification_object = {.members = verification_members, .count = 1};
static const ine__member root_members[] = {
    INE__MEMBER("verification", S_VERIFICATION, &verification_object)};
static const ine__object root_object = {.members = root_members, .count = 1};

static bool asks_for_submission(ine__sb_call *call)
{
    ine__slot slots[S_COUNT] = {0};
    if (!ine__sb_json_body(call, &root_object, slots, S_COUNT))
        return false;
    if (slots[S_VERIFICATION].type != INE__J_OBJECT || slots[S_STATUS].type == INE__J_ABSENT) {
        ine__sb_fail(call, 1102);
        return false;
    }
    const ine_str status = ine__sb_slot_text(call, call->request->body, slots[S_STATUS]);
    if (ine__str_is(status, "submitted"))
        return true;
    ine__sb_fail(call, 1303);
    return false;
}

void ine__sb_submit(ine__sb_call *call)
{
    ine_sandbox *sandbox = call->sandbox;
    ine__sb_session *s = &call->session;
    if (!asks_for_submission(call) || !ine__sb_open_session(call, 400))
        return;
    if (s->faces == 0 && call->who->product != INE_SANDBOX_INE_REGISTRY) {
        ine__sb_fail_as(call, 0, 1102, "Mandatory face image is missing.");
        return;
    }
    if (s->consent != INE__SB_CONSENT && call->who->product == INE_SANDBOX_MX_INE &&
        call->who->consent == INE__SB_CONSENT_REFUSES_SUBMIT) {
        ine__sb_fail_as(call, 0, 1104, "INE consent was not given.");
        return;
    }
    s->status = INE__SB_SUBMITTED;
    s->submitted_ms = call->now;
    s->decided_ms = call->now + sandbox->settings[INE_SANDBOX_DECISION_DELAY_MS];
    ine__sb_decide(call, call->who, s);
    if (sandbox->arena.failed || !ine__sb_save_session(sandbox, s) ||
        !ine__sb_hook(call, INE__SB_HOOK_SUBMITTED, call->now) ||
        !ine__sb_hook(call, INE__SB_HOOK_DECISION, s->decided_ms) ||
        !ine__sb_hook(call, INE__SB_HOOK_INE, s->decided_ms)) {
        ine__sb_broken(call);
        return;
    }
    ine__writer w = ine__sb_begin(call, 200);
    ine__sb_write_session(call, &w, "submitted");
}

/* --- collected-data
 * ------------------------------------------------------------------------------- */

enum { C_NONE, C_PROVIDER, C_NETWORK, C_IP, C_V4, C_V6, C_DEVICE, C_FINGERPRINT, C_COUNT };
static const ine__member ip_members[] = {
    INE__MEMBER("addressV4", C_V4, NULL),
    INE__MEMBER("addressV6", C_V6, NULL),
};
static const ine__object ip_object = {.members = ip_members, .count = 2};
static const ine__member network_members[] = {INE__MEMBER("ip", C_IP, &ip_object)};
static const ine__object network_object = {.members = network_members, .count = 1};
static const ine__member device_members[] = {INE__MEMBER("fingerprint", C_FINGERPRINT, NULL)};
static const ine__object device_object = {.members = device_members, .count = 1};
static const ine__member collected_members[] = {
    INE__MEMBER("providerName", C_PROVIDER, NULL),
    INE__MEMBER("network", C_NETWORK, &network_object),
    INE__MEMBER("device", C_DEVICE, &device_object),
};
static const ine__object collected_object = {.members = collected_members, .count = 3};

void ine__sb_collected(ine__sb_call *call)
{
    ine__slot slots[C_COUNT] = {0};
    const ine_str body = call->request->body;
    if (!ine__sb_open_session(call, 409))
        return;
    if (!ine__sb_json_body(call, &collected_object, slots, C_COUNT))
        return;
    const ine_str provider = ine__sb_slot_text(call, body, slots[C_PROVIDER]);
    const ine_str print = ine__sb_slot_text(call, body, slots[C_FINGERPRINT]);
    const ine_str v4 = ine__sb_slot_text(call, body, slots[C_V4]);
    const ine_str v6 = ine__sb_slot_text(call, body, slots[C_V6]);
    if (slots[C_PROVIDER].type == INE__J_ABSENT || slots[C_FINGERPRINT].type == INE__J_ABSENT ||
        (slots[C_V4].type == INE__J_ABSENT && slots[C_V6].type == INE__J_ABSENT)) {
        ine__sb_fail(call, 1102);
        return;
    }
    if (!provider.len || !print.len || (!v4.len && !v6.len) || ine__utf8_length(provider) > 255 ||
        ine__utf8_length(print) > 255) {
        ine__sb_fail(call, 1104);
        return;
    }
    if (!ine__sb_save_session(call->sandbox, &call->session)) {
        ine__sb_broken(call);
        return;
    }
    ine__writer w = ine__sb_begin(call, 200);
    ine__write_object(&w);
    ine__sb_text_member(&w, "status", INE__STR("success"));
    ine__sb_text_member(&w, "sessionId", call->session.id);
    ine__sb_text_member(&w, "attemptId", call->session.attempt);
    ine__write_end_object(&w);
}

/* --- DELETE
 * ---------------------------------------------------------------------------------------- */

#define STAMP   15 /* digits of a time in the list of deletions */
#define PER_DAY 10
#define PER_H   5

/* `status` is the number 400 in these bodies, and in no other [docs: v1sessionsid-3]. */
static void fail_delete(ine__sb_call *call, const char *code, const char *message)
{
    ine__writer w = ine__sb_begin(call, 400);
    ine__write_object(&w);
    ine__write_key(&w, "status");
    ine__write_int(&w, 400);
    ine__sb_text_member(&w, "code", ine__str_of(code));
    ine__sb_text_member(&w, "message", ine__str_of(message));
    ine__write_end_object(&w);
}

/* Counts one more deletion of the integration; false when it was answered: 5 in an hour, 10 in 24
 * [docs: v1sessionsid-3]. */
static bool within_limits(ine__sb_call *call)
{
    ine_sandbox *sandbox = call->sandbox;
    char key[8 + 36], times[(PER_DAY + 1) * STAMP];
    ine_str list;
    size_t kept = 0, hour = 0;
    memcpy(key, "deleted-", 8);
    memcpy(key + 8, call->who->api_key.ptr, 36);
    if (ine__sb_load(sandbox, INE_SANDBOX_META, ine__str(key, sizeof key), &list) < 0)
        return ine__sb_broken(call), false;
    for (size_t at = 0; at + STAMP <= list.len && kept < PER_DAY; at += STAMP) {
        int64_t when;
        if (!ine__parse_uint(ine__str(list.ptr + at, STAMP), INT64_MAX, &when) ||
            when <= call->now - 24 * 3600000)
            continue;
        hour += when > call->now - 3600000;
        memcpy(times + kept++ * STAMP, list.ptr + at, STAMP);
    }
    if (kept >= PER_DAY || hour >= PER_H)
        return ine__sb_fail_as(call, 429, 1101, "Too many requests"), false;
    char digits[INE__INT_DIGITS];
    const size_t n = ine__format_int(digits, call->now);
    char *stamp = times + kept++ * STAMP;
    memset(stamp, '0', STAMP);
    if (n <= STAMP)
        memcpy(stamp + STAMP - n, digits, n);
    if (sandbox->store.put(sandbox->store.context, INE_SANDBOX_META, ine__str(key, sizeof key),
                           ine__str(times, kept * STAMP)))
        return true;
    ine__sb_broken(call);
    return false;
}

static bool remove_media(ine__sb_call *call, int64_t attempt, int64_t count)
{
    ine_sandbox *sandbox = call->sandbox;
    const ine_sandbox_store *store = &sandbox->store;
    for (int64_t i = 1; i <= count; i++) {
        char id[36];
        ine__sb_media media;
        ine__sb_uuid(sandbox, INE__SB_ID_MEDIA, call->session.seq, attempt * 1000 + i, id);
        const ine_str key = ine__str(id, sizeof id);
        const int32_t found = ine__sb_load_media(sandbox, key, &media);
        if (found < 0 || !store->remove(store->context, INE_SANDBOX_MEDIA, key) ||
            !store->remove(store->context, INE_SANDBOX_BYTES, key))
            return false;
        if (found && media.kept)
            sandbox->media_bytes -= media.size;
    }
    return true;
}

static bool remove_session(ine__sb_call *call)
{
    ine_sandbox *sandbox = call->sandbox;
    const ine_sandbox_store *store = &sandbox->store;
    const ine__sb_session *s = &call->session;
    for (int64_t n = 1; n <= s->attempts; n++) {
        char id[36];
        ine__sb_attempt attempt;
        ine__sb_uuid(sandbox, INE__SB_ID_ATTEMPT, s->seq, n, id);
        if (ine__sb_load_attempt(sandbox, ine__str(id, sizeof id), &attempt) < 0 ||
            !remove_media(call, n, n == s->attempts ? s->media : attempt.media) ||
            !store->remove(store->context, INE_SANDBOX_ATTEMPTS, ine__str(id, sizeof id)))
            return false;
    }
    return store->remove(store->context, INE_SANDBOX_SESSIONS, s->id) &&
           ine__sb_save_counters(sandbox);
}

void ine__sb_delete(ine__sb_call *call)
{
    const int32_t outcome = ine__sb_outcome(&call->session, call->now);
    if (call->who->no_delete) {
        ine__sb_fail(call, 1301);
        return;
    }
    if (outcome == INE__SB_REVIEW) {
        fail_delete(call, "1305", "Session is not in a completed status.");
        return;
    }
    if (outcome == INE__SB_UNDECIDED && call->session.status == INE__SB_SUBMITTED) {
        fail_delete(call, "1306", "Session is in progress.");
        return;
    }
    if (!within_limits(call))
        return;
    const bool undecided = outcome == INE__SB_UNDECIDED || outcome == INE__SB_RESUBMISSION;
    ine__sb_changed(call->sandbox, INE__SB_CHANGE_SESSION, call->session.id, 0);
    if (!remove_session(call) || (undecided && !ine__sb_hook_deleted(call))) {
        ine__sb_broken(call);
        return;
    }
    ine__writer w = ine__sb_begin(call, 200);
    ine__write_object(&w);
    ine__sb_text_member(&w, "status", INE__STR("success"));
    ine__write_key(&w, "verification");
    ine__write_object(&w);
    ine__sb_text_member(&w, "id", call->session.id);
    ine__write_end_object(&w);
    ine__write_end_object(&w);
}
