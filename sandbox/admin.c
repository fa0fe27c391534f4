/* /sandbox/...: what the vendor has no counterpart for. No key is asked for: the sandbox listens on
 * loopback. A browser's page from elsewhere can not send JSON here without being let, and can not
 * come under a name of its own (DNS rebinding), because only loopback's names are answered. */
#include "faults.h"

static bool is(const ine__sb_call *call, const char *method, const char *path)
{
    return ine__str_is(call->request->method, method) && ine__str_is(call->path, path);
}

/* --- Clock and settings
 * ----------------------------------------------------------------------------- */

static const char *const setting_names[INE_SANDBOX_SETTINGS] = {
    [INE_SANDBOX_DECISION_DELAY_MS] = "decision_delay_ms",
    [INE_SANDBOX_KEEP_BYTES] = "keep_bytes",
    [INE_SANDBOX_UNLISTED] = "unlisted",
    [INE_SANDBOX_CLOCK_MS] = "clock_ms",
    [INE_SANDBOX_RETRY_MS] = "retry_ms",
    [INE_SANDBOX_GIVE_UP_MS] = "give_up_ms",
};

static void write_settings(ine__sb_call *call)
{
    char now[24];
    const int64_t *settings = call->sandbox->settings;
    ine__writer w = ine__sb_begin(call, 200);
    ine__write_object(&w);
    ine__sb_time(call->now, now);
    ine__sb_text_member(&w, "now", ine__str(now, sizeof now));
    for (int i = 0; i < INE_SANDBOX_SETTINGS; i++) {
        ine__write_key(&w, setting_names[i]);
        ine__write_int(&w, settings[i]);
    }
    ine__write_end_object(&w);
}

/* {"decision_delay_ms":0} sets; {"advance_ms":604800000} moves the clock on. */
static void change_settings(ine__sb_call *call)
{
    ine__json_iter iter;
    ine__slot value;
    ine_str key;
    bool escaped;
    ine_sandbox *sandbox = call->sandbox;
    const ine_str body = ine__str_trim(call->request->body);
    int64_t wanted[INE_SANDBOX_SETTINGS];
    memcpy(wanted, sandbox->settings, sizeof wanted);
    if (!ine__sb_json_body(call, NULL, NULL, 0))
        return;
    ine__json_iter_init(&iter, body);
    while (ine__json_iter_next(&iter, &key, &escaped, &value)) {
        int64_t number;
        int setting = 0;
        while (setting < INE_SANDBOX_SETTINGS && !ine__str_is(key, setting_names[setting]))
            setting++;
        const bool advance = ine__str_is(key, "advance_ms");
        if ((setting == INE_SANDBOX_SETTINGS && !advance) || value.type != INE__J_NUMBER ||
            !ine__json_int(ine__json_view(body, value), &number) || number < 0 ||
            number > INT64_C(100000000000000)) {
            ine__sb_fail(call, 1104);
            return;
        }
        if (advance)
            wanted[INE_SANDBOX_CLOCK_MS] += number;
        else
            wanted[setting] = number;
    }
    call->now += wanted[INE_SANDBOX_CLOCK_MS] - sandbox->settings[INE_SANDBOX_CLOCK_MS];
    memcpy(sandbox->settings, wanted, sizeof wanted);
    ine__sb_changed(sandbox, INE__SB_CHANGE_CLOCK, INE__NONE, 0);
    write_settings(call);
}

/* --- Integrations
 * ------------------------------------------------------------------------------------ */

static int64_t number_at(const ine__sb_integration *who, const ine__sb_switch *s)
{
    int64_t number;
    memcpy(&number, (const char *)who + s->offset, sizeof number);
    return number;
}

static void write_switch(ine__writer *w, const ine__sb_integration *who, const ine__sb_switch *s)
{
    ine_str text;
    ine__write_key(w, s->name);
    switch (s->kind) {
    case INE__SB_FLAG:
        ine__write_bool(w, number_at(who, s) != 0);
        break;
    case INE__SB_CHOICE:
        ine__write_text(w, s->choice[number_at(who, s) % s->choices]);
        break;
    case INE__SB_COUNT:
        ine__write_int(w, number_at(who, s));
        break;
    default:
        memcpy(&text, (const char *)who + s->offset, sizeof text);
        ine__write_str(w, text);
    }
}

static void write_integration(ine__writer *w, const ine__sb_integration *who)
{
    ine__write_object(w);
    ine__sb_text_member(w, "api_key", who->api_key);
    ine__sb_text_member(w, "secret", who->secret);
    ine__sb_text_member(w, "old_secret", who->old_secret);
    ine__sb_text_member(w, "product", ine_sandbox_product_name((int32_t)who->product));
    ine__write_key(w, "optional_checks");
    ine__write_array(w);
    for (int n = 0; n < 6; n++) {
        if (!(who->off >> n & 1))
            ine__write_text(w, ine__sb_check_names[4 + n]);
    }
    ine__write_end_array(w);
    for (size_t i = 0; i < ine__sb_switch_count; i++)
        write_switch(w, who, &ine__sb_switches[i]);
    ine__write_end_object(w);
}

static bool take_switch(ine__sb_call *call, ine__sb_integration *who, const ine__sb_switch *s,
                        ine_str body, ine__slot value)
{
    const ine_str text = ine__sb_slot_text(call, body, value);
    char *at = (char *)who + s->offset;
    int64_t number = 0;
    if (s->kind == INE__SB_WORDS) {
        if (value.type != INE__J_NULL && (!text.ptr || text.len > 1000))
            return false;
        memcpy(at, &text, sizeof text);
        return true;
    }
    if (s->kind == INE__SB_FLAG) {
        if (value.type != INE__J_TRUE && value.type != INE__J_FALSE)
            return false;
        number = value.type == INE__J_TRUE;
    } else if (s->kind == INE__SB_CHOICE) {
        while (number < s->choices && !ine__str_is(text, s->choice[number]))
            number++;
        if (number == s->choices)
            return false;
    } else if (value.type != INE__J_NUMBER ||
               !ine__json_int(ine__json_view(body, value), &number) || number < 0 ||
               number > s->max) {
        return false;
    }
    memcpy(at, &number, sizeof number);
    return true;
}

static bool take_optional_checks(ine__sb_call *call, ine__sb_integration *who, ine_str list)
{
    ine__json_iter iter;
    ine__slot item;
    ine_str key;
    bool escaped;
    if (!list.len || list.ptr[0] != '[')
        return false;
    who->off = 0x3f;
    ine__json_iter_init(&iter, list);
    while (ine__json_iter_next(&iter, &key, &escaped, &item)) {
        const ine_str name = ine__sb_slot_text(call, list, item);
        int n = 0;
        while (n < 6 && !ine__str_is(name, ine__sb_check_names[4 + n]))
            n++;
        if (n == 6)
            return false;
        who->off &= ~(INT64_C(1) << n);
    }
    return true;
}

/* A new secret beside the old one: {"rotate":true}. */
static bool rotate(ine__sb_call *call, ine__sb_integration *who)
{
    ine_sandbox *sandbox = call->sandbox;
    char *secret = ine__sb_arena_take(&sandbox->arena, 36);
    if (!secret)
        return false;
    who->old_secret = who->secret;
    ine__sb_uuid(sandbox, INE__SB_ID_SECRET, ++sandbox->sessions, 1, secret);
    who->secret = ine__str(secret, 36);
    return ine__sb_save_counters(sandbox);
}

static bool take_changes(ine__sb_call *call, ine__sb_integration *who)
{
    ine__json_iter iter;
    ine__slot value;
    ine_str key;
    bool escaped;
    const ine_str body = ine__str_trim(call->request->body);
    if (!ine__sb_json_body(call, NULL, NULL, 0))
        return false;
    ine__json_iter_init(&iter, body);
    while (ine__json_iter_next(&iter, &key, &escaped, &value)) {
        size_t n = 0;
        bool ok;
        while (n < ine__sb_switch_count && !ine__str_is(key, ine__sb_switches[n].name))
            n++;
        if (n < ine__sb_switch_count)
            ok = take_switch(call, who, &ine__sb_switches[n], body, value);
        else if (ine__str_is(key, "optional_checks"))
            ok = take_optional_checks(call, who, ine__json_view(body, value));
        else if (ine__str_is(key, "rotate"))
            ok = value.type == INE__J_TRUE && rotate(call, who);
        else
            ok = ine__str_is(key, "product") && value.type == INE__J_STRING;
        if (!ok) {
            ine__sb_fail(call, 1104);
            return false;
        }
    }
    return true;
}

static void keep_changes(ine__sb_call *call, const ine__sb_integration *with, int32_t status)
{
    const ine__sb_integration *kept = ine__sb_set_integration(call->sandbox, with);
    if (!kept) {
        ine__sb_broken(call);
        return;
    }
    ine__writer w = ine__sb_begin(call, status);
    write_integration(&w, kept);
}

static void list_integrations(ine__sb_call *call)
{
    ine__writer w = ine__sb_begin(call, 200);
    ine__write_array(&w);
    for (size_t i = 0; i < call->sandbox->integration_count; i++)
        write_integration(&w, call->sandbox->integrations[i]);
    ine__write_end_array(&w);
}

/* {"product":"mx_ine", ...switches}: mints a key and a secret. */
static void add_integration(ine__sb_call *call)
{
    ine_sandbox *sandbox = call->sandbox;
    ine__sb_integration with = {0};
    char key[36], secret[36];
    if (!take_changes(call, &with))
        return;
    if (sandbox->integration_count >= INE__SB_INTEGRATIONS) {
        ine__sb_fail(call, 1104);
        return;
    }
    const ine__slot product = ine__json_member(ine__str_trim(call->request->body), "product");
    const ine_str name = ine__sb_slot_text(call, ine__str_trim(call->request->body), product);
    while (with.product < INE_SANDBOX_PRODUCTS && name.ptr &&
           !ine__str_eq(name, ine_sandbox_product_name((int32_t)with.product)))
        with.product++;
    if (with.product == INE_SANDBOX_PRODUCTS) {
        ine__sb_fail(call, 1104);
        return;
    }
    const int64_t n = (int64_t)sandbox->integration_count + 100;
    ine__sb_uuid(sandbox, INE__SB_ID_KEY, n, 0, key);
    ine__sb_uuid(sandbox, INE__SB_ID_SECRET, n, 0, secret);
    with.api_key = ine__str(key, sizeof key);
    with.secret = ine__str(secret, sizeof secret);
    keep_changes(call, &with, 201);
}

static void one_integration(ine__sb_call *call, ine_str key)
{
    const ine__sb_integration *who = ine__sb_integration_of(call->sandbox, key);
    if (!who) {
        ine__sb_not_found(call);
        return;
    }
    if (ine__str_is(call->request->method, "GET")) {
        ine__writer w = ine__sb_begin(call, 200);
        write_integration(&w, who);
        return;
    }
    ine__sb_integration with = *who;
    if (!ine__str_is(call->request->method, "PATCH"))
        ine__sb_not_found(call);
    else if (take_changes(call, &with))
        keep_changes(call, &with, 200);
}

/* The host of "host", "host:port" or "[address]:port". */
static ine_str host_of(ine_str text)
{
    const char *end = text.len && text.ptr[0] == '[' ? memchr(text.ptr, ']', text.len) : NULL;
    if (end)
        return ine__str(text.ptr, (size_t)(end + 1 - text.ptr));
    end = text.len ? memchr(text.ptr, ':', text.len) : NULL;
    return end ? ine__str(text.ptr, (size_t)(end - text.ptr)) : text;
}

static bool is_local(ine_str host)
{
    return ine__str_ieq(host, INE__STR("localhost")) || ine__str_is(host, "[::1]") ||
           ine__str_starts(host, "127.");
}

static bool is_for_us(const ine__sb_call *call)
{
    size_t count;
    const ine_str origin = ine__sb_header_of(call->request, "Origin", &count);
    const char *own = count ? memmem(origin.ptr, origin.len, "//", 2) : NULL;
    const ine_str from =
        own ? ine__str(own + 2, (size_t)(origin.ptr + origin.len - own - 2)) : INE__NONE;
    const size_t origins = count;
    const ine_str asked = ine__sb_header_of(call->request, "Host", &count);
    if (origins > 1 || (origins && !ine__str_ieq(from, asked)))
        return false;
    const ine_str base = call->sandbox->base_url;
    if (count == 0 || is_local(host_of(asked)))
        return true;
    const char *host = memmem(base.ptr, base.len, "//", 2);
    return host && !is_local(host_of(ine__str(host + 2, (size_t)(base.ptr + base.len - host - 2))));
}

void ine__sb_admin(ine__sb_call *call)
{
    static const char people[] = "/sandbox/people", integrations[] = "/sandbox/integrations/";
    static const char hooks[] = "/sandbox/webhooks", sessions[] = "/sandbox/sessions";
    const size_t n = sizeof people - 1, m = sizeof integrations - 1, h = sizeof hooks - 1;
    static const char faults[] = "/sandbox/faults";
    const size_t s = sizeof sessions - 1, f = sizeof faults - 1;
    const ine_str path = call->path;
    if (!is_for_us(call)) {
        ine__sb_fail_as(call, 403, 1101, "The sandbox answers under loopback's names only.");
    } else if (ine__str_is(path, "/portal")) {
        ine__sb_portal(call);
    } else if (ine__str_is(path, "/sandbox/log")) {
        ine__sb_admin_log(call);
    } else if (ine__str_starts(path, faults) && (path.len == f || path.ptr[f] == '/')) {
        ine__sb_admin_faults(call, ine__str(path.ptr + f, path.len - f));
    } else if (is(call, "GET", "/sandbox/events")) {
        ine__sb_admin_events(call);
    } else if (is(call, "GET", "/sandbox/scenarios")) {
        const bool more = ine__sb_query_value(call->query, "more").ptr != NULL;
        ine__sb_begin(call, 200);
        if (!ine__sb_write_scenarios(&call->sandbox->body, more))
            return;
    } else if (is(call, "GET", "/sandbox/settings")) {
        write_settings(call);
    } else if (is(call, "POST", "/sandbox/settings")) {
        change_settings(call);
    } else if (is(call, "GET", "/sandbox/integrations")) {
        list_integrations(call);
    } else if (is(call, "POST", "/sandbox/integrations")) {
        add_integration(call);
    } else if (path.len > m && ine__str_starts(path, integrations)) {
        one_integration(call, ine__str(path.ptr + m, path.len - m));
    } else if (ine__str_starts(path, sessions) && (path.len == s || path.ptr[s] == '/')) {
        ine__sb_admin_sessions(call, ine__str(path.ptr + s, path.len - s));
    } else if (ine__str_starts(path, people) && (path.len == n || path.ptr[n] == '/')) {
        ine__sb_admin_people(call, ine__str(path.ptr + n, path.len - n));
    } else if (ine__str_starts(path, hooks) && (path.len == h || path.ptr[h] == '/')) {
        ine__sb_admin_webhooks(call, ine__str(path.ptr + h, path.len - h));
    } else {
        ine__sb_not_found(call);
    }
}
