/* Webhooks: signed, tried again until they are answered with 200, each try kept. */
#include "hooks.h"

#define LIST_MAX  200
#define SCAN_BACK 100000

static ine_str url_of(const ine__sb_integration *who, int64_t kind)
{
    switch (kind) {
    case INE__SB_HOOK_STARTED:
    case INE__SB_HOOK_SUBMITTED:
        return who->event_url;
    case INE__SB_HOOK_INE:
        return who->product == INE_SANDBOX_INE_REGISTRY ? who->ine_url : INE__NONE;
    default:
        return who->decision_url;
    }
}

static bool save(ine_sandbox *sandbox, const ine__sb_delivery *d)
{
    char key[12];
    ine__sb_number(d->seq, key);
    ine__sb_changed(sandbox, INE__SB_CHANGE_WEBHOOK, ine__str(key, sizeof key), 0);
    return ine__sb_save(sandbox, INE_SANDBOX_DELIVERIES, ine__str(key, sizeof key),
                        ine__sb_delivery_fields, ine__sb_delivery_field_count, d);
}

static int32_t load(ine_sandbox *sandbox, int64_t seq, ine__sb_delivery *out)
{
    char key[12];
    ine_str json;
    *out = (ine__sb_delivery){0};
    ine__sb_number(seq, key);
    const int32_t found =
        ine__sb_load(sandbox, INE_SANDBOX_DELIVERIES, ine__str(key, sizeof key), &json);
    if (found <= 0)
        return found;
    return ine__sb_record_read(&sandbox->arena, ine__sb_delivery_fields,
                               ine__sb_delivery_field_count, out, json)
               ? 1
               : -1;
}

/* --- What waits
 * ------------------------------------------------------------------------------------ */

static bool is_before(const ine__sb_pending *a, const ine__sb_pending *b)
{
    return a->next_ms < b->next_ms || (a->next_ms == b->next_ms && a->seq < b->seq);
}

static void swap(ine__sb_pending *a, ine__sb_pending *b)
{
    const ine__sb_pending kept = *a;
    *a = *b;
    *b = kept;
}

/* A heap with the earliest on top. An entry that a later change has made stale stays in it: it is
 * known by its time, which is no longer the record's. */
static bool wait_for(ine_sandbox *sandbox, int64_t seq, int64_t next_ms)
{
    if (sandbox->pending_count == sandbox->pending_room) {
        const size_t room = sandbox->pending_room ? sandbox->pending_room * 2 : 64;
        ine__sb_pending *more = ine__alloc_array(room, sizeof *more);
        if (!more)
            return false;
        if (sandbox->pending_count)
            memcpy(more, sandbox->pending, sandbox->pending_count * sizeof *more);
        ine__free(sandbox->pending);
        sandbox->pending = more;
        sandbox->pending_room = room;
    }
    ine__sb_pending *heap = sandbox->pending;
    size_t at = sandbox->pending_count++;
    heap[at] = (ine__sb_pending){seq, next_ms};
    for (; at > 0 && is_before(&heap[at], &heap[(at - 1) / 2]); at = (at - 1) / 2)
        swap(&heap[at], &heap[(at - 1) / 2]);
    return true;
}

static ine__sb_pending take_earliest(ine_sandbox *sandbox)
{
    ine__sb_pending *heap = sandbox->pending;
    const ine__sb_pending first = heap[0];
    const size_t count = --sandbox->pending_count;
    heap[0] = heap[count];
    for (size_t at = 0;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++)
            least = is_before(&heap[child], &heap[least]) ? child : least;
        if (least == at)
            return first;
        swap(&heap[at], &heap[least]);
        at = least;
    }
}

bool ine__sb_load_pending(ine_sandbox *sandbox)
{
    const int64_t oldest = sandbox->deliveries > SCAN_BACK ? sandbox->deliveries - SCAN_BACK : 0;
    for (int64_t seq = sandbox->deliveries; seq > oldest; seq--) {
        ine__sb_delivery d;
        const int32_t found = load(sandbox, seq, &d);
        if (found < 0 || (found && !d.done && !wait_for(sandbox, seq, d.next_ms)))
            return false;
        ine__sb_arena_clear(&sandbox->arena);
    }
    return true;
}

bool ine__sb_hook(ine__sb_call *call, int32_t kind, int64_t at_ms)
{
    ine_sandbox *sandbox = call->sandbox;
    const ine__sb_integration *who = call->who;
    if (!url_of(who, kind).len)
        return true;
    const int copies = ine__sb_hook_copies(who->webhook_fault);
    at_ms += ine__sb_hook_delay(sandbox, who, kind);
    for (int i = 0; i < copies; i++) {
        const ine__sb_delivery d = {.seq = ++sandbox->deliveries,
                                    .kind = kind,
                                    .fault = who->webhook_fault,
                                    .integration = who->api_key,
                                    .session = call->session.id,
                                    .attempt = call->session.attempt,
                                    .created_ms = at_ms,
                                    .next_ms = at_ms};
        if (!save(sandbox, &d) || !wait_for(sandbox, d.seq, d.next_ms))
            return false;
    }
    return ine__sb_save_counters(sandbox);
}

/* --- What they say
 * ----------------------------------------------------------------------------------- */

/* [docs: event-webhook] */
static void write_event(ine__writer *w, const ine__sb_session *s, bool submitted)
{
    ine__write_object(w);
    ine__sb_text_member(w, "id", s->id);
    ine__sb_text_member(w, "attemptId", s->attempt);
    ine__sb_text_member(w, "feature", INE__STR("selfid"));
    ine__write_key(w, "code");
    ine__write_int(w, submitted ? 7002 : 7001);
    ine__sb_text_member(w, "action", submitted ? INE__STR("submitted") : INE__STR("started"));
    ine__sb_text_member(w, "vendorData", s->vendor_data);
    ine__sb_text_member(w, "endUserId", s->end_user);
    ine__write_end_object(w);
}

/* [docs: ine-webhook]; its Spanish differs from that of GET (C-25). */
static void write_ine(ine__writer *w, const ine__sb_session *s)
{
    char time[24];
    const bool active = s->active == 1;
    ine__sb_time(s->decided_ms, time);
    ine__write_object(w);
    ine__sb_text_member(w, "eventType", INE__STR("ine_registry"));
    ine__sb_text_member(w, "sessionId", s->id);
    ine__sb_text_member(w, "attemptId", s->attempt);
    ine__sb_text_member(w, "vendorData", s->vendor_data);
    ine__sb_text_member(w, "endUserId", s->end_user);
    ine__sb_text_member(w, "version", INE__STR("1.0.0"));
    ine__sb_text_member(w, "time", ine__str(time, sizeof time));
    ine__write_key(w, "data");
    ine__write_object(w);
    ine__sb_text_member(w, "status",
                        active ? INE__STR("La credencial es v\xc3\xa1lida")
                               : INE__STR("La credencial no es v\xc3\xa1lida"));
    ine__write_key(w, "code");
    ine__write_int(w, 200);
    ine__write_key(w, "details");
    ine__write_object(w);
    ine__write_key(w, "active");
    ine__write_bool(w, active);
    ine__sb_text_member(w, "documentState",
                        active ? INE__STR("El documento es v\xc3\xa1lido.")
                               : INE__STR("El documento no es v\xc3\xa1lido."));
    ine__write_end_object(w);
    ine__write_end_object(w);
    ine__write_end_object(w);
}

/* The body, in the arena; absent when there is nothing to say: the session is gone, or an expiry
 * did not come true. */
static ine_str write_body(ine_sandbox *sandbox, const ine__sb_integration *who,
                          const ine__sb_delivery *d, int64_t now)
{
    ine__sb_call call = {.sandbox = sandbox, .now = now, .who = who};
    ine__writer w;
    if (ine__sb_load_session(sandbox, d->session, &call.session) <= 0)
        return INE__NONE;
    const int32_t outcome = ine__sb_outcome(&call.session, now);
    const bool ran_out = outcome == INE__SB_EXPIRED || outcome == INE__SB_ABANDONED;
    if (d->kind == INE__SB_HOOK_EXPIRY && (!ran_out || outcome == call.session.outcome))
        return INE__NONE;
    if ((d->kind == INE__SB_HOOK_DECISION || d->kind == INE__SB_HOOK_INE) &&
        (outcome == INE__SB_UNDECIDED || !ine__str_eq(call.session.attempt, d->attempt)))
        return INE__NONE;
    ine__buf_clear(&sandbox->body);
    ine__write_init(&w, &sandbox->body);
    if (d->kind == INE__SB_HOOK_STARTED || d->kind == INE__SB_HOOK_SUBMITTED)
        write_event(&w, &call.session, d->kind == INE__SB_HOOK_SUBMITTED);
    else if (d->kind == INE__SB_HOOK_INE)
        write_ine(&w, &call.session);
    else
        ine__sb_write_decision(&call, &w, &call.session);
    return sandbox->body.failed
               ? INE__NONE
               : ine__sb_arena_copy(&sandbox->arena, ine__buf_view(&sandbox->body));
}

bool ine__sb_hook_deleted(ine__sb_call *call)
{
    ine_sandbox *sandbox = call->sandbox;
    ine__sb_session *s = &call->session;
    ine__writer w;
    if (!url_of(call->who, INE__SB_HOOK_DECISION).len)
        return true;
    s->outcome = s->status == INE__SB_CREATED ? INE__SB_EXPIRED : INE__SB_ABANDONED;
    s->decided_ms = call->now;
    s->reason_code = 0;
    s->reason = INE__NONE;
    ine__buf_clear(&sandbox->body);
    ine__write_init(&w, &sandbox->body);
    ine__sb_write_decision(call, &w, s);
    const ine__sb_delivery d = {
        .seq = ++sandbox->deliveries,
        .kind = INE__SB_HOOK_DECISION,
        .integration = call->who->api_key,
        .session = s->id,
        .attempt = s->attempt,
        .body = ine__sb_arena_copy(&sandbox->arena, ine__buf_view(&sandbox->body)),
        .created_ms = call->now,
        .next_ms = call->now};
    return d.body.ptr && save(sandbox, &d) && wait_for(sandbox, d.seq, d.next_ms) &&
           ine__sb_save_counters(sandbox);
}

/* --- Sending
 * ------------------------------------------------------------------------------------------ */

/* Takes the delivery as far as it can go now; true when it is to be sent. */
static bool take_due(ine_sandbox *sandbox, int64_t now, ine_sandbox_webhook *out)
{
    ine__sb_delivery d;
    const ine__sb_pending entry = take_earliest(sandbox);
    if (load(sandbox, entry.seq, &d) <= 0 || d.done || d.next_ms != entry.next_ms)
        return false;
    const ine__sb_integration *who = ine__sb_integration_of(sandbox, d.integration);
    if (who && url_of(who, d.kind).len && !d.body.ptr)
        d.body = write_body(sandbox, who, &d, now);
    if (!who || !url_of(who, d.kind).len || !d.body.ptr) {
        d.done = 3;
        save(sandbox, &d);
        return false;
    }
    d.tries++;
    d.next_ms = now + sandbox->settings[INE_SANDBOX_RETRY_MS];
    if (d.next_ms - d.created_ms > sandbox->settings[INE_SANDBOX_GIVE_UP_MS])
        d.done = 2;
    *out = (ine_sandbox_webhook){.number = d.seq};
    out->url = url_of(who, d.kind);
    if (!ine__sb_dress(sandbox, who, &d, out))
        return false;
    ine__sb_note_try(sandbox, &d, out, now);
    return save(sandbox, &d) && (d.done || wait_for(sandbox, d.seq, d.next_ms));
}

bool ine_sandbox_due(ine_sandbox *sandbox, int64_t now_ms, ine_sandbox_webhook *out)
{
    const int64_t now = now_ms + sandbox->settings[INE_SANDBOX_CLOCK_MS];
    *out = (ine_sandbox_webhook){0};
    while (sandbox->pending_count) {
        if (sandbox->pending[0].next_ms > now)
            return false;
        ine__sb_arena_clear(&sandbox->arena);
        if (take_due(sandbox, now, out))
            return true;
    }
    return false;
}

int64_t ine_sandbox_wait_ms(const ine_sandbox *sandbox, int64_t now_ms)
{
    const int64_t now = now_ms + sandbox->settings[INE_SANDBOX_CLOCK_MS];
    if (!sandbox->pending_count)
        return -1;
    const int64_t next = sandbox->pending[0].next_ms;
    return next > now ? next - now : 0;
}

void ine_sandbox_delivered(ine_sandbox *sandbox, int64_t number, int32_t status)
{
    ine_sandbox_answered(sandbox, number, status, INE__NONE);
}

void ine_sandbox_answered(ine_sandbox *sandbox, int64_t number, int32_t status, ine_str answer)
{
    ine__sb_delivery d;
    ine__sb_arena_clear(&sandbox->arena);
    if (load(sandbox, number, &d) <= 0)
        return;
    d.status = status;
    ine__sb_note_answer(sandbox, &d, status, answer);
    d.done = status == 200 ? 1 : d.done; /* anything else counts as failed [help: 3250261] */
    save(sandbox, &d);
}

bool ine_sandbox_webhook_url(ine_sandbox *sandbox, ine_str api_key, const char *kind, ine_str url)
{
    const ine__sb_integration *who = ine__sb_integration_of(sandbox, api_key);
    if (!who)
        return false;
    ine__sb_integration with = *who;
    if (strcmp(kind, "decision") == 0)
        with.decision_url = url;
    else if (strcmp(kind, "event") == 0)
        with.event_url = url;
    else if (strcmp(kind, "ine") == 0)
        with.ine_url = url;
    else
        return false;
    return ine__sb_set_integration(sandbox, &with) != NULL;
}

/* --- /sandbox/webhooks
 * -------------------------------------------------------------------------------- */

static void list_webhooks(ine__sb_call *call)
{
    ine_sandbox *sandbox = call->sandbox;
    ine__sb_begin(call, 200);
    ine__buf_char(&sandbox->body, '[');
    size_t listed = 0;
    for (int64_t seq = sandbox->deliveries; seq >= 1 && listed < LIST_MAX; seq--) {
        ine__sb_delivery d;
        if (load(sandbox, seq, &d) <= 0)
            continue;
        if (listed++)
            ine__buf_char(&sandbox->body, ',');
        d.log = INE__NONE; /* GET /sandbox/webhooks/{number} tells it */
        ine__sb_record_write(&sandbox->body, ine__sb_delivery_fields, ine__sb_delivery_field_count,
                             &d);
    }
    ine__buf_char(&sandbox->body, ']');
}

/* The same bytes once more. */
static void resend(ine__sb_call *call, ine_str number)
{
    ine_sandbox *sandbox = call->sandbox;
    ine__sb_delivery d;
    int64_t seq;
    if (!ine__parse_uint(number, INT32_MAX, &seq) || load(sandbox, seq, &d) <= 0) {
        ine__sb_not_found(call);
        return;
    }
    d.done = 0;
    d.next_ms = d.created_ms = call->now;
    if (!save(sandbox, &d) || !wait_for(sandbox, seq, d.next_ms)) {
        ine__sb_broken(call);
        return;
    }
    d.log = INE__NONE;
    ine__sb_begin(call, 200);
    ine__sb_record_write(&sandbox->body, ine__sb_delivery_fields, ine__sb_delivery_field_count, &d);
}

/* GET /sandbox/webhooks, with ?brief=1 without the bodies; GET /sandbox/webhooks/{number}; POST
 * /sandbox/webhooks/{number}/resend. */
void ine__sb_admin_webhooks(ine__sb_call *call, ine_str rest)
{
    static const char tail[] = "/resend";
    const size_t n = sizeof tail - 1;
    const ine_str method = call->request->method;
    if (rest.len == 0 && ine__str_is(method, "GET"))
        (ine__sb_query_value(call->query, "brief").ptr ? ine__sb_admin_deliveries
                                                       : list_webhooks)(call);
    else if (rest.len > 1 && ine__str_is(method, "GET"))
        ine__sb_admin_delivery(call, ine__str(rest.ptr + 1, rest.len - 1));
    else if (rest.len > n + 1 && ine__str_is(method, "POST") &&
             memcmp(rest.ptr + rest.len - n, tail, n) == 0)
        resend(call, ine__str(rest.ptr + 1, rest.len - n - 1));
    else
        ine__sb_not_found(call);
}
