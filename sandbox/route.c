/*
 * From a request to its endpoint: who asks, is it signed by them, is the id an id.
 * The rules of what is signed are the vendor's, written down here again on purpose: the sandbox is
 * a witness, not an echo of the client.
 */
#include "faults.h"

#include "crypto/hex.h"

enum { SIGNS_NOTHING, SIGNS_BODY, SIGNS_ID };
enum { OF_NOTHING, OF_SESSION, OF_OTHER };

typedef struct route {
    const char *name, *method, *head, *tail; /* "/v1/sessions/" {id} "/media" */
    uint8_t signs, of;
    bool signature_optional;
    void (*answer)(ine__sb_call *call);
} route;

static const route routes[] = {
    {"create", "POST", "/v1/sessions", NULL, SIGNS_BODY, OF_NOTHING, true, ine__sb_create},
    {"media", "POST", "/v1/sessions/", "/media", SIGNS_BODY, OF_SESSION, false, ine__sb_upload},
    {"collected-data", "POST", "/v1/sessions/", "/collected-data", SIGNS_BODY, OF_SESSION, false,
     ine__sb_collected},
    {"submit", "PATCH", "/v1/sessions/", "", SIGNS_BODY, OF_SESSION, false, ine__sb_submit},
    {"delete", "DELETE", "/v1/sessions/", "", SIGNS_ID, OF_SESSION, false, ine__sb_delete},
    {"decision", "GET", "/v1/sessions/", "/decision", SIGNS_ID, OF_SESSION, false,
     ine__sb_decision},
    {"ine-registry", "GET", "/v1/sessions/", "/decision/ine-registry", SIGNS_ID, OF_SESSION, false,
     ine__sb_ine_registry},
    {"curp-registry", "GET", "/v1/sessions/", "/decision/curp-registry", SIGNS_ID, OF_SESSION,
     false, ine__sb_curp_registry},
    {"ine-curp-registry", "GET", "/v1/sessions/", "/decision/combined-ine-curp-registry", SIGNS_ID,
     OF_SESSION, false, ine__sb_ine_curp_registry},
    {"watchlist", "GET", "/v1/sessions/", "/watchlist-screening", SIGNS_ID, OF_SESSION, false,
     ine__sb_watchlist},
    {"media-list", "GET", "/v1/sessions/", "/media", SIGNS_ID, OF_SESSION, false,
     ine__sb_media_list},
    {"attempts", "GET", "/v1/sessions/", "/attempts", SIGNS_ID, OF_SESSION, false,
     ine__sb_attempts},
    {"person", "GET", "/v1/sessions/", "/person", SIGNS_ID, OF_SESSION, false, ine__sb_person_read},
    {"download", "GET", "/v1/media/", "", SIGNS_ID, OF_OTHER, false, ine__sb_download},
    {"attempt-media", "GET", "/v1/attempts/", "/media", SIGNS_ID, OF_OTHER, false,
     ine__sb_attempt_media},
};

ine_str ine__sb_header_of(const ine_sandbox_request *request, const char *name, size_t *count)
{
    ine_str value = INE__NONE;
    *count = 0;
    for (size_t i = 0; i < request->header_count; i++) {
        if (!ine__str_ieq(request->headers[i].name, ine__str_of(name)))
            continue;
        if ((*count)++ == 0)
            value = request->headers[i].value;
    }
    return value;
}

/* The id between head and tail; absent when the path is another one. */
static bool matches(const route *r, ine_str method, ine_str path, ine_str *id)
{
    *id = INE__NONE;
    if (!ine__str_is(method, r->method))
        return false;
    if (!r->tail)
        return ine__str_is(path, r->head);
    const size_t head = strlen(r->head), tail = strlen(r->tail);
    if (path.len <= head + tail || !ine__str_starts(path, r->head) ||
        memcmp(path.ptr + path.len - tail, r->tail, tail) != 0)
        return false;
    *id = ine__str(path.ptr + head, path.len - head - tail);
    return !memchr(id->ptr, '/', id->len);
}

static const route *route_of(ine__sb_call *call)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (matches(&routes[i], call->request->method, call->path, &call->id))
            return &routes[i];
    }
    call->id = INE__NONE;
    return NULL;
}

const char *ine__sb_route_name(ine_str method, ine_str target, ine_str *id)
{
    const char *mark = target.len ? memchr(target.ptr, '?', target.len) : NULL;
    if (mark)
        target.len = (size_t)(mark - target.ptr);
    if (target.len > 1 && target.ptr[target.len - 1] == '/')
        target.len--;
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (matches(&routes[i], method, target, id))
            return routes[i].name;
    }
    *id = INE__NONE;
    return "";
}

bool ine__sb_is_route(ine_str name)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (ine__str_is(name, routes[i].name))
            return true;
    }
    return false;
}

/* --- Who asks ----------------------------------------------------------------------------------
 */

static bool known_caller(ine__sb_call *call)
{
    ine_sandbox *sandbox = call->sandbox;
    size_t count;
    const ine_str key = ine__sb_header_of(call->request, "X-AUTH-CLIENT", &count);
    if (count == 0 || key.len == 0)
        return ine__sb_fail(call, 1801), false;
    if (count > 1)
        return ine__sb_fail(call, 1815), false;
    if (!ine__is_uuid(key))
        return ine__sb_fail(call, 1802), false;
    memcpy(sandbox->auth_client, key.ptr, sizeof sandbox->auth_client);
    call->who = ine__sb_integration_of(sandbox, key);
    if (call->who && !call->who->disabled)
        return true;
    ine__sb_fail(call, call->who ? 1804 : 1803);
    return false;
}

static bool signed_with(ine_str secret, ine_str text, const unsigned char given[INE__SHA256_SIZE])
{
    unsigned char right[INE__SHA256_SIZE];
    ine__hmac_key key;
    ine__hmac mac;
    if (!secret.ptr)
        return false;
    ine__hmac_key_init(&key, secret.ptr, secret.len);
    ine__hmac_begin(&mac, &key);
    ine__hmac_add(&mac, text.ptr, text.len);
    ine__hmac_end(&mac, right);
    ine__wipe(&key, sizeof key);
    return ine__same_bytes(right, given, sizeof right);
}

static bool signed_by_caller(ine__sb_call *call, const route *r)
{
    unsigned char given[INE__SHA256_SIZE];
    size_t count, legacy;
    const bool body = r->signs == SIGNS_BODY;
    const ine_str signature = ine__sb_header_of(call->request, "X-HMAC-SIGNATURE", &count);
    ine__sb_header_of(call->request, "X-SIGNATURE", &legacy);
    if (count == 0) {
        if (legacy)
            return ine__sb_fail(call, body ? 1814 : 1813), false;
        if (!r->signature_optional)
            return ine__sb_fail(call, 1812), false;
        return true;
    }
    if (count > 1)
        return ine__sb_fail(call, 1815), false;
    if (!ine__hex_decode(given, sizeof given, signature))
        return ine__sb_fail(call, 1812), false;
    const ine_str text = body ? call->request->body : call->id;
    const bool newest = signed_with(call->who->secret, text, given);
    const bool old = signed_with(call->who->old_secret, text, given);
    if (!newest && !old)
        return ine__sb_fail(call, body ? 1819 : 1818), false;
    return true;
}

/* --- What is asked ------------------------------------------------------------------------------
 */

static bool is_json(ine_str type)
{
    const size_t n = sizeof "application/json" - 1;
    if (type.len < n || !ine__str_ieq(ine__str(type.ptr, n), INE__STR("application/json")))
        return false;
    const ine_str rest = ine__str_trim(ine__str(type.ptr + n, type.len - n));
    return rest.len == 0 || rest.ptr[0] == ';';
}

bool ine__sb_json_body(ine__sb_call *call, const ine__object *schema, ine__slot *slots,
                       size_t count)
{
    size_t times;
    ine__json_fault fault;
    const ine_str type = ine__sb_header_of(call->request, "Content-Type", &times);
    if (times != 1 || !is_json(type)) {
        ine__sb_fail_as(call, 0, 1101, "Content-Type must be application/json.");
        return false;
    }
    const ine_str coding = ine__sb_header_of(call->request, "Content-Encoding", &times);
    if (times && !ine__str_ieq(coding, INE__STR("identity"))) {
        ine__sb_fail_as(call, 0, 1101, "Content-Encoding is not supported.");
        return false;
    }
    if (ine__json_read(schema, call->request->body, slots, count, &fault) != INE_OK) {
        ine__sb_fail_as(call, 0, 1101, "The request body is not valid JSON.");
        return false;
    }
    return true;
}

/* Decoded; absent unless the slot holds a string. */
ine_str ine__sb_slot_text(ine__sb_call *call, ine_str text, ine__slot slot)
{
    const ine_str raw = ine__json_view(text, slot);
    if (slot.type != INE__J_STRING)
        return INE__NONE;
    if (!slot.escaped)
        return raw;
    char *copy = ine__sb_arena_take(&call->sandbox->arena, raw.len ? raw.len : 1);
    return copy ? ine__str(copy, ine__json_unescape(copy, raw)) : INE__NONE;
}

static bool find_session(ine__sb_call *call)
{
    const ine_str key = ine__str(call->lower_id, sizeof call->lower_id);
    const int32_t found = ine__sb_load_session(call->sandbox, key, &call->session);
    if (found < 0)
        return ine__sb_broken(call), false;
    if (!found || !ine__str_eq(call->session.integration, call->who->api_key))
        return ine__sb_not_found(call), false;
    return true;
}

static void answer_v1(ine__sb_call *call)
{
    const route *r = route_of(call);
    if (!known_caller(call))
        return;
    if (!r) {
        ine__sb_not_found(call);
        return;
    }
    if (!signed_by_caller(call, r))
        return;
    if (r->of != OF_NOTHING) {
        if (!ine__is_uuid(call->id)) {
            ine__sb_fail(call, 1002);
            return;
        }
        for (size_t i = 0; i < sizeof call->lower_id; i++)
            call->lower_id[i] = ine__lower(call->id.ptr[i]);
    }
    if (r->of == OF_SESSION && !find_session(call))
        return;
    if (!ine__sb_fault_instead(call))
        r->answer(call);
}

static bool split_target(ine__sb_call *call)
{
    ine_str target = call->request->target;
    if (!target.len || target.ptr[0] != '/' || !ine__is_printable(target) ||
        memchr(target.ptr, ' ', target.len) || memchr(target.ptr, '#', target.len))
        return false;
    const char *mark = memchr(target.ptr, '?', target.len);
    if (mark) {
        const size_t at = (size_t)(mark - target.ptr);
        call->query = ine__str(mark + 1, target.len - at - 1);
        target.len = at;
    }
    if (target.len > 1 && target.ptr[target.len - 1] == '/')
        target.len--;
    call->path = target;
    return true;
}

void ine__sb_route(ine__sb_call *call)
{
    if (!split_target(call))
        ine__sb_fail(call, 1101);
    else if (ine__str_starts(call->path, "/sandbox/") || ine__str_is(call->path, "/portal"))
        ine__sb_admin(call);
    else
        answer_v1(call);
}
