/* Every try of a webhook: what was sent, whether its signature holds, what the receiver answered.
 * The check is made as a receiver would make it: over the bytes that were sent, with the secrets
 * that the integration has now. */
#include "internal.h"

#include "crypto/hex.h"

#define LIST_MAX   100
#define SCAN       1000 /* deliveries that a listing looks at, newest first */
#define ANSWER_MAX 300
#define LOG_MAX    12000 /* of one delivery's tries; the oldest go first */

static int32_t load(ine_sandbox *sandbox, int64_t seq, ine__sb_delivery *out)
{
    char key[12];
    ine_str json;
    *out = (ine__sb_delivery){0};
    ine__sb_number(seq, key);
    const int32_t found =
        ine__sb_load(sandbox, INE_SANDBOX_DELIVERIES, ine__str(key, sizeof key), &json);
    return found <= 0 ? found
           : ine__sb_record_read(&sandbox->arena, ine__sb_delivery_fields,
                                 ine__sb_delivery_field_count, out, json)
               ? 1
               : -1;
}

/* --- The log: {"try":1,"at":...,"headers":{...}}, and later {"try":1,"status":200,"answer":"..."}
 * --- */

static void append(ine_sandbox *sandbox, ine__sb_delivery *d, const ine__buf *entry)
{
    ine_str old = d->log;
    if (entry->failed)
        return;
    if (old.len + entry->len > LOG_MAX)
        old = INE__NONE;
    char *text = ine__sb_arena_take(&sandbox->arena, old.len + entry->len + 2);
    if (!text)
        return;
    size_t len = 0;
    if (old.len > 2) {
        memcpy(text, old.ptr, old.len - 1);
        len = old.len - 1;
        text[len++] = ',';
    } else {
        text[len++] = '[';
    }
    memcpy(text + len, entry->ptr, entry->len);
    len += entry->len;
    text[len++] = ']';
    d->log = ine__str(text, len);
}

void ine__sb_note_try(ine_sandbox *sandbox, ine__sb_delivery *d, const ine_sandbox_webhook *hook,
                      int64_t now)
{
    ine__buf entry;
    ine__writer w;
    ine__buf_init(&entry, LOG_MAX);
    ine__write_init(&w, &entry);
    ine__write_object(&w);
    ine__write_key(&w, "try");
    ine__write_int(&w, d->tries);
    ine__write_key(&w, "at");
    ine__write_int(&w, now);
    ine__sb_text_member(&w, "url", hook->url);
    ine__write_key(&w, "headers");
    ine__write_object(&w);
    for (size_t i = 0; i < hook->header_count; i++) {
        ine__write_key_str(&w, hook->headers[i].name);
        ine__write_str(&w, hook->headers[i].value);
    }
    ine__write_end_object(&w);
    ine__write_end_object(&w);
    append(sandbox, d, &entry);
    ine__buf_free(&entry);
}

/* The beginning of it, when it is text. */
static ine_str shown(ine_str answer)
{
    size_t len = answer.len < ANSWER_MAX ? answer.len : ANSWER_MAX;
    for (size_t cut = 0; cut < 4 && len; cut++, len--) {
        const ine_str text = ine__str(answer.ptr, len);
        if (ine__is_utf8(text))
            return ine__has_nul(text) ? INE__NONE : text;
        if (answer.len <= ANSWER_MAX)
            break;
    }
    return INE__NONE;
}

void ine__sb_note_answer(ine_sandbox *sandbox, ine__sb_delivery *d, int32_t status, ine_str answer)
{
    ine__buf entry;
    ine__writer w;
    ine__buf_init(&entry, LOG_MAX);
    ine__write_init(&w, &entry);
    ine__write_object(&w);
    ine__write_key(&w, "try");
    ine__write_int(&w, d->tries);
    ine__write_key(&w, "status");
    ine__write_int(&w, status);
    ine__sb_text_member(&w, "answer", shown(answer));
    ine__write_key(&w, "answer_bytes");
    ine__write_int(&w, (int64_t)answer.len);
    ine__write_end_object(&w);
    append(sandbox, d, &entry);
    ine__buf_free(&entry);
}

/* --- The check of a signature
 * ---------------------------------------------------------------------------------- */

static bool same_signature(ine_str secret, ine_str body, ine_str given)
{
    char right[64];
    if (!secret.ptr || given.len != sizeof right)
        return false;
    ine__sb_sign(secret, body, right);
    return ine__same_bytes(right, given.ptr, sizeof right);
}

static ine_str header(ine__sb_call *call, ine_str headers, const char *x, const char *vrf,
                      const char **name)
{
    const char *const names[2] = {x, vrf};
    for (int i = 0; i < 2; i++) {
        const ine__slot slot = ine__json_member(headers, names[i]);
        if (slot.type != INE__J_STRING)
            continue;
        *name = names[i];
        return ine__sb_slot_text(call, headers, slot);
    }
    *name = NULL;
    return INE__NONE;
}

/* What a receiver finds. `why` is for a person. */
static void write_check(ine__sb_call *call, ine__writer *w, const ine__sb_delivery *d,
                        ine_str headers, ine_str sent)
{
    const ine__sb_integration *who = ine__sb_integration_of(call->sandbox, d->integration);
    const char *name, *client_name, *why = NULL, *secret = NULL;
    const ine_str signature =
        header(call, headers, "X-HMAC-SIGNATURE", "VRF-HMAC-SIGNATURE", &name);
    const ine_str client = header(call, headers, "X-AUTH-CLIENT", "VRF-AUTH-CLIENT", &client_name);
    const bool old_form = ine__json_member(headers, "X-SIGNATURE").type == INE__J_STRING;
    if (who && same_signature(who->secret, sent, signature))
        secret = "newest";
    else if (who && same_signature(who->old_secret, sent, signature))
        secret = "old";
    if (!who)
        why = "The integration is gone.";
    else if (!name)
        why = old_form ? "Signed in the old way, X-SIGNATURE, which a receiver refuses."
                       : "The delivery carries no signature.";
    else if (!ine__str_ieq(client, who->api_key))
        why = "X-AUTH-CLIENT names another integration.";
    else if (!secret)
        why = ine__str_eq(sent, d->body) ? "The signature is not that of these bytes."
                                         : "The bytes were changed after they had been signed.";
    ine__write_key(w, "check");
    ine__write_object(w);
    ine__write_key(w, "accepted");
    ine__write_bool(w, !why);
    ine__sb_text_member(w, "why", ine__str_of(why));
    ine__sb_text_member(w, "secret", ine__str_of(secret));
    ine__sb_text_member(w, "header", ine__str_of(name ? name : old_form ? "X-SIGNATURE" : NULL));
    ine__sb_text_member(w, "signature", signature);
    ine__sb_text_member(w, "auth_client", client);
    ine__write_key(w, "signed_bytes");
    ine__write_int(w, (int64_t)d->body.len);
    ine__write_key(w, "sent_bytes");
    ine__write_int(w, (int64_t)sent.len);
    ine__write_end_object(w);
}

/* --- As JSON
 * -------------------------------------------------------------------------------------- */

static const char *kind_name(int64_t kind)
{
    static const char *const names[] = {
        [INE__SB_HOOK_DECISION] = "decision",   [INE__SB_HOOK_STARTED] = "started",
        [INE__SB_HOOK_SUBMITTED] = "submitted", [INE__SB_HOOK_INE] = "ine_registry",
        [INE__SB_HOOK_EXPIRY] = "decision",
    };
    return kind >= INE__SB_HOOK_DECISION && kind <= INE__SB_HOOK_EXPIRY ? names[kind] : "unknown";
}

static const char *state_name(const ine__sb_delivery *d)
{
    switch (d->done) {
    case 1:
        return "delivered";
    case 2:
        return "given_up";
    case 3:
        return "dropped";
    default:
        return d->tries ? "retrying" : "waiting";
    }
}

static void time_or_null(ine__writer *w, const char *key, int64_t ms)
{
    char text[24];
    ine__sb_time(ms, text);
    ine__sb_text_member(w, key, ms ? ine__str(text, sizeof text) : INE__NONE);
}

static void write_brief(ine__writer *w, const ine__sb_delivery *d)
{
    ine__write_key(w, "number");
    ine__write_int(w, d->seq);
    ine__sb_text_member(w, "kind", ine__str_of(kind_name(d->kind)));
    ine__sb_text_member(w, "state", ine__str_of(state_name(d)));
    ine__sb_text_member(w, "session", d->session);
    time_or_null(w, "created", d->created_ms);
    time_or_null(w, "next", d->done ? 0 : d->next_ms);
    ine__write_key(w, "tries");
    ine__write_int(w, d->tries);
    ine__write_key(w, "status");
    if (d->status)
        ine__write_int(w, d->status);
    else
        ine__write_null(w);
}

/* What came back for a try: the entry of the log that has its number and a status. */
static void write_answer(ine__sb_call *call, ine__writer *w, ine_str log, int64_t number)
{
    ine__json_iter iter;
    ine__slot slot;
    ine_str key, answer = INE__NONE;
    bool escaped;
    int64_t status = -1, bytes = 0;
    ine__json_iter_init(&iter, log);
    while (ine__json_iter_next(&iter, &key, &escaped, &slot)) {
        const ine_str entry = ine__json_view(log, slot);
        const ine__slot code = ine__json_member(entry, "status");
        int64_t n;
        if (code.type != INE__J_NUMBER ||
            !ine__json_int(ine__json_view(entry, ine__json_member(entry, "try")), &n) ||
            n != number)
            continue;
        ine__json_int(ine__json_view(entry, code), &status);
        ine__json_int(ine__json_view(entry, ine__json_member(entry, "answer_bytes")), &bytes);
        answer = ine__sb_slot_text(call, entry, ine__json_member(entry, "answer"));
    }
    ine__write_key(w, "answered");
    ine__write_bool(w, status > 0);
    ine__write_key(w, "status");
    if (status > 0)
        ine__write_int(w, status);
    else
        ine__write_null(w);
    ine__sb_text_member(w, "answer", answer);
    ine__write_key(w, "answer_bytes");
    ine__write_int(w, bytes);
    ine__write_key(w, "pending");
    ine__write_bool(w, status < 0);
}

static void write_tries(ine__sb_call *call, ine__writer *w, const ine__sb_delivery *d)
{
    ine__json_iter iter;
    ine__slot slot;
    ine_str key;
    bool escaped;
    const ine_str log = d->log, sent = ine__sb_sent_body(call->sandbox, d);
    ine__write_key(w, "attempts");
    ine__write_array(w);
    if (log.len)
        ine__json_iter_init(&iter, log);
    while (log.len && ine__json_iter_next(&iter, &key, &escaped, &slot)) {
        const ine_str entry = ine__json_view(log, slot);
        const ine__slot head = ine__json_member(entry, "headers");
        int64_t number = 0, at = 0;
        if (head.type != INE__J_OBJECT)
            continue;
        ine__json_int(ine__json_view(entry, ine__json_member(entry, "try")), &number);
        ine__json_int(ine__json_view(entry, ine__json_member(entry, "at")), &at);
        ine__write_object(w);
        ine__write_key(w, "try");
        ine__write_int(w, number);
        time_or_null(w, "at", at);
        ine__sb_text_member(w, "url",
                            ine__sb_slot_text(call, entry, ine__json_member(entry, "url")));
        ine__write_key(w, "headers");
        ine__write_raw(w, ine__json_view(entry, head));
        write_answer(call, w, log, number);
        write_check(call, w, d, ine__json_view(entry, head), sent);
        ine__write_end_object(w);
    }
    ine__write_end_array(w);
}

/* An expiry that may come in a week is no news. */
static bool is_news(const ine__sb_delivery *d)
{
    return d->done != 3 && (d->tries || d->kind != INE__SB_HOOK_EXPIRY);
}

void ine__sb_write_deliveries(ine__sb_call *call, ine__writer *w, ine_str session)
{
    ine_sandbox *sandbox = call->sandbox;
    int64_t scanned = 0, listed = 0;
    ine__write_key(w, "webhooks");
    ine__write_array(w);
    for (int64_t seq = sandbox->deliveries;
         seq >= 1 && scanned < SCAN && listed < LIST_MAX && !sandbox->arena.failed; seq--) {
        ine__sb_delivery d;
        scanned++;
        if (load(sandbox, seq, &d) <= 0 || !is_news(&d) ||
            (session.ptr && !ine__str_eq(d.session, session)))
            continue;
        listed++;
        ine__write_object(w);
        write_brief(w, &d);
        ine__write_end_object(w);
    }
    ine__write_end_array(w);
}

/* GET /sandbox/webhooks/{number} */
void ine__sb_admin_delivery(ine__sb_call *call, ine_str text)
{
    ine__sb_delivery d;
    int64_t seq;
    if (!ine__parse_uint(text, INT32_MAX, &seq) || load(call->sandbox, seq, &d) <= 0) {
        ine__sb_not_found(call);
        return;
    }
    ine__writer w = ine__sb_begin(call, 200);
    ine__write_object(&w);
    write_brief(&w, &d);
    ine__sb_text_member(&w, "integration", d.integration);
    ine__sb_text_member(&w, "body", d.body.len ? ine__sb_sent_body(call->sandbox, &d) : INE__NONE);
    write_tries(call, &w, &d);
    ine__write_end_object(&w);
}

/* GET /sandbox/webhooks?brief=1 */
void ine__sb_admin_deliveries(ine__sb_call *call)
{
    ine__writer w = ine__sb_begin(call, 200);
    ine__write_object(&w);
    ine__sb_write_deliveries(call, &w, INE__NONE);
    ine__write_end_object(&w);
}
