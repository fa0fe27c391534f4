/* Which fault meets which request. The numbers are those of the project's fault list. */
#include "faults.h"

static const ine__sb_fault_kind kinds[] = {
    {5, true, {NULL}, "reset before the request is read"},
    {6, true, {NULL}, "request read, connection closed, no byte"},
    {7, true, {NULL}, "request read, connection reset"},
    {8, true, {"fin", "rst"}, "request read on a kept connection, then closed or reset"},
    {9, true, {NULL}, "closed after the reply, which does not say so"},
    {10, true, {"rst", "fin"}, "closed during the upload, after `at` bytes of the body"},
    {11, true, {NULL}, "413 in the middle of the upload, then reset"},
    {12,
     true,
     {"request", "headers", "body"},
     "silence after the request, the headers, half the body"},
    {13, true, {NULL}, "one byte every `at` ms [100]"},
    {14, true, {NULL}, "nothing of the body is read: zero window"},
    {15, true, {NULL}, "400 before the body is read"},
    {16, true, {NULL}, "closed at byte `at` of the status line"},
    {17, true, {NULL}, "closed inside the headers"},
    {18, true, {NULL}, "closed inside the body"},
    {19, true, {NULL}, "reset at byte `at` of the reply"},
    {20, true, {NULL}, "Content-Length 100 too large"},
    {21, true, {NULL}, "Content-Length 50 too small"},
    {22, true, {NULL}, "no length, closed early"},
    {23, true, {"negative", "huge"}, "Content-Length that is none"},
    {24, true, {NULL}, "two Content-Length that differ"},
    {25, true, {NULL}, "Content-Length and chunked"},
    {26, true, {NULL}, "chunked, without the last chunk"},
    {27, true, {"hex", "wide"}, "a chunk's size that is none"},
    {28, true, {"garbage", "http09", "two_digits"}, "not HTTP"},
    {29, true, {"600", "999", "199"}, "a status that HTTP does not know"},
    {30, true, {NULL}, "NUL in a header"},
    {31, true, {NULL}, "6000 headers"},
    {32, true, {NULL}, "one header of 400 kB"},
    {33, true, {"100", "103"}, "1xx without end"},
    {34, true, {NULL}, "100, 102 and 103 with a forged signature, then the reply"},
    {35, true, {"204", "304"}, "a status without a body, and a body"},
    {36, true, {"self", "port", "host", "http"}, "a redirect"},
    {37, true, {NULL}, "gzip said, plain sent"},
    {38, true, {NULL}, "gzip, cut short"},
    {39, true, {NULL}, "gzip bomb"},
    {40, true, {"unknown", "stacked"}, "a content coding that nobody asked for"},
    {53,
     false,
     {"missing", "empty", "63", "65", "not_hex", "wrong", "other_secret", "session_id", "newline",
      "twice"},
     "a signature that is not right"},
    {54, false, {NULL}, "the decision of another session, signed"},
    {55,
     false,
     {"seconds", "imf", "rfc850", "past", "negative", "abc", "fraction", "overflow", "twice",
      "none"},
     "429 with a Retry-After"},
    {56, false, {"500", "502", "503", "504", "503_retry_after"}, "the server fails"},
    {57, false, {"401", "400", "400_number", "404", "409"}, "the server refuses"},
    {58,
     false,
     {"html", "empty", "null", "list", "object", "bom", "utf16"},
     "200 with something else, signed"},
    {59,
     false,
     {"big", "deep", "twice", "surrogate", "nul", "number"},
     "200 with JSON that is not to be taken, signed"},
    {60, false, {"pending", "404"}, "not decided yet, or not known yet"},
    {61, false, {"unknown", "missing"}, "values that nobody documents; optional members missing"},
    {62, true, {"lost", "conflict", "limit"}, "upload taken, reply lost; 409; too many images"},
    {63, true, {"lost", "conflict"}, "submission taken, reply lost; submitted already"},
};

static const struct {
    int32_t number;
    const char *start;
} elsewhere[] = {
    {47, "--tls, and the CA file is not given to the client; --tls-fault self_signed"},
    {48, "--tls-fault wrong_host, expired"},
    {49, "--tls-fault tls11"},
    {50, "--tls-fault plain, close, reset"},
    {51, "--tls-fault hang"},
};

const char *ine__sb_variant(const ine_sandbox_fault *fault)
{
    for (size_t i = 0; fault && i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].number == fault->number && kinds[i].variants[fault->variant])
            return kinds[i].variants[fault->variant];
    }
    return "";
}

const char *ine_sandbox_fault_variant(const ine_sandbox_fault *fault)
{
    return ine__sb_variant(fault);
}

void ine_sandbox_host_faults(ine_sandbox *sandbox)
{
    if (!sandbox->faults)
        sandbox->faults = ine__alloc(sizeof *sandbox->faults);
    if (sandbox->faults)
        sandbox->faults->host = 1;
}

/* --- Which one meets a request ------------------------------------------------------------------
 */

static bool fits(const ine__sb_rule *rule, const char *route, ine_str id)
{
    if (rule->route[0] && strcmp(rule->route, route) != 0)
        return false;
    return !rule->session[0] || ine__str_ieq(id, ine__str(rule->session, sizeof rule->session));
}

bool ine_sandbox_fault_for(ine_sandbox *sandbox, ine_str method, ine_str target,
                           ine_sandbox_fault *out)
{
    struct ine__sb_faults *faults = sandbox->faults;
    ine_str id;
    *out = (ine_sandbox_fault){0};
    if (!faults || faults->count == 0 || ine__str_starts(target, "/sandbox/"))
        return false;
    const char *route = ine__sb_route_name(method, target, &id);
    for (size_t i = 0; i < faults->count; i++) {
        ine__sb_rule *rule = &faults->rules[i];
        if (!rule->times || !fits(rule, route, id))
            continue;
        if (rule->after > 0) {
            rule->after--;
            continue;
        }
        if (rule->chance < 100 && ine__rng_upto(&rule->rng, 99) >= rule->chance)
            continue;
        rule->times -= rule->times > 0;
        rule->made++;
        *out = (ine_sandbox_fault){rule->kind->number, rule->variant, rule->at,
                                   ine__rng_next(&rule->rng)};
        return true;
    }
    return false;
}

/* --- /sandbox/faults ----------------------------------------------------------------------------
 */

static void write_name(ine__writer *w, int32_t number)
{
    const char name[3] = {'F', (char)('0' + number / 10), (char)('0' + number % 10)};
    ine__sb_text_member(w, "fault", ine__str(name, sizeof name));
}

static void write_rule(ine__writer *w, const ine__sb_rule *rule)
{
    const char *variant = rule->kind->variants[rule->variant];
    ine__write_object(w);
    ine__write_key(w, "id");
    ine__write_int(w, rule->id);
    write_name(w, rule->kind->number);
    ine__sb_text_member(w, "variant", ine__str_of(variant));
    ine__sb_text_member(w, "route", rule->route[0] ? ine__str_of(rule->route) : INE__NONE);
    ine__sb_text_member(
        w, "session", rule->session[0] ? ine__str(rule->session, sizeof rule->session) : INE__NONE);
    const struct {
        const char *name;
        int64_t value;
    } numbers[] = {{"times", rule->times}, {"after", rule->after}, {"chance", rule->chance},
                   {"at", rule->at},       {"seed", rule->seed},   {"made", rule->made}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        ine__write_key(w, numbers[i].name);
        ine__write_int(w, numbers[i].value);
    }
    ine__write_end_object(w);
}

static void list_faults(ine__sb_call *call)
{
    const struct ine__sb_faults *faults = call->sandbox->faults;
    ine__writer w = ine__sb_begin(call, 200);
    ine__write_object(&w);
    ine__write_key(&w, "active");
    ine__write_array(&w);
    for (size_t i = 0; faults && i < faults->count; i++)
        write_rule(&w, &faults->rules[i]);
    ine__write_end_array(&w);
    ine__write_key(&w, "known");
    ine__write_array(&w);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        ine__write_object(&w);
        write_name(&w, kinds[i].number);
        ine__write_key(&w, "variants");
        ine__write_array(&w);
        for (size_t k = 0; k < 10 && kinds[i].variants[k]; k++)
            ine__write_text(&w, kinds[i].variants[k]);
        ine__write_end_array(&w);
        ine__sb_text_member(&w, "about", ine__str_of(kinds[i].about));
        ine__write_end_object(&w);
    }
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
        ine__write_object(&w);
        write_name(&w, elsewhere[i].number);
        ine__sb_text_member(&w, "start", ine__str_of(elsewhere[i].start));
        ine__write_end_object(&w);
    }
    ine__write_end_array(&w);
    ine__write_end_object(&w);
}

static const ine__sb_fault_kind *kind_of(ine_str name)
{
    int64_t number;
    if (name.len != 3 || name.ptr[0] != 'F' ||
        !ine__parse_uint(ine__str(name.ptr + 1, 2), 99, &number))
        return NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].number == number)
            return &kinds[i];
    }
    return NULL;
}

static bool take_variant(ine__sb_rule *rule, ine_str name)
{
    for (int32_t i = 0; name.ptr && i < 10 && rule->kind->variants[i]; i++) {
        if (ine__str_is(name, rule->kind->variants[i])) {
            rule->variant = i;
            return true;
        }
    }
    return false;
}

static bool take_member(ine__sb_call *call, ine__sb_rule *rule, ine_str key, ine_str body,
                        ine__slot value)
{
    const ine_str text = ine__sb_slot_text(call, body, value);
    const struct {
        const char *name;
        int64_t *into, max;
    } numbers[] = {{"times", &rule->times, 1000000},
                   {"after", &rule->after, 1000000},
                   {"chance", &rule->chance, 100},
                   {"at", &rule->at, 100000000},
                   {"seed", &rule->seed, INT64_MAX}};
    if (ine__str_is(key, "fault"))
        return true;
    if (value.type == INE__J_NULL)
        return true;
    if (ine__str_is(key, "variant"))
        return take_variant(rule, text);
    if (ine__str_is(key, "route")) {
        if (!text.ptr || text.len >= sizeof rule->route || !ine__sb_is_route(text))
            return false;
        memcpy(rule->route, text.ptr, text.len);
        return true;
    }
    if (ine__str_is(key, "session")) {
        if (!ine__is_uuid(text))
            return false;
        memcpy(rule->session, text.ptr, sizeof rule->session);
        return true;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (!ine__str_is(key, numbers[i].name))
            continue;
        if (value.type != INE__J_NUMBER)
            return false;
        const ine_str digits = ine__json_view(body, value);
        return (ine__str_is(digits, "-1") && i == 0 && (rule->times = -1)) ||
               (ine__json_int(digits, numbers[i].into) && *numbers[i].into >= 0 &&
                *numbers[i].into <= numbers[i].max);
    }
    return false;
}

/* {"fault":"F17","variant":...,"route":"decision","session":id,"times":1,"after":0,"chance":100,
 * "at":n,"seed":n} */
static bool read_rule(ine__sb_call *call, ine__sb_rule *rule)
{
    ine__json_iter iter;
    ine__slot value;
    ine_str key;
    bool escaped;
    if (!ine__sb_json_body(call, NULL, NULL, 0))
        return false;
    const ine_str body = ine__str_trim(call->request->body);
    const ine_str name = body.ptr[0] == '{'
                             ? ine__sb_slot_text(call, body, ine__json_member(body, "fault"))
                             : INE__NONE;
    *rule = (ine__sb_rule){.kind = kind_of(name), .times = 1, .chance = 100, .at = -1};
    bool ok = rule->kind != NULL;
    ine__json_iter_init(&iter, body);
    while (ok && ine__json_iter_next(&iter, &key, &escaped, &value))
        ok = take_member(call, rule, key, body, value);
    if (!ok)
        ine__sb_fail(call, 1104);
    return ok;
}

static void add_fault(ine__sb_call *call)
{
    ine_sandbox *sandbox = call->sandbox;
    ine__sb_rule rule;
    if (!read_rule(call, &rule))
        return;
    if (!sandbox->faults)
        sandbox->faults = ine__alloc(sizeof *sandbox->faults);
    struct ine__sb_faults *faults = sandbox->faults;
    if (!faults) {
        ine__sb_broken(call);
        return;
    }
    if (faults->count == INE__SB_FAULTS) {
        ine__sb_fail_as(call, 0, 1104, "There are 64 faults already: DELETE /sandbox/faults.");
        return;
    }
    if (rule.kind->wire && !faults->host) {
        ine__sb_fail_as(call, 0, 1104, "This fault needs a socket: it is made by ine-sandbox.");
        return;
    }
    rule.id = ++faults->last_id;
    rule.seed = rule.seed ? rule.seed : rule.id;
    ine__rng_init(&rule.rng, (uint64_t)rule.seed);
    faults->rules[faults->count++] = rule;
    ine__writer w = ine__sb_begin(call, 201);
    write_rule(&w, &rule);
}

static void remove_fault(ine__sb_call *call, ine_str number)
{
    struct ine__sb_faults *faults = call->sandbox->faults;
    int64_t id;
    if (number.len == 0 && faults)
        faults->count = 0;
    if (number.len && !ine__parse_uint(number, INT32_MAX, &id))
        id = -1;
    for (size_t i = 0; number.len && faults && i < faults->count; i++) {
        if (faults->rules[i].id != id)
            continue;
        memmove(&faults->rules[i], &faults->rules[i + 1],
                (--faults->count - i) * sizeof faults->rules[0]);
        number = INE__NONE;
    }
    if (number.len)
        ine__sb_not_found(call);
    else
        list_faults(call);
}

void ine__sb_admin_faults(ine__sb_call *call, ine_str rest)
{
    const ine_str method = call->request->method;
    if (ine__str_is(method, "DELETE"))
        remove_fault(call, rest.len ? ine__str(rest.ptr + 1, rest.len - 1) : rest);
    else if (rest.len)
        ine__sb_not_found(call);
    else if (ine__str_is(method, "GET"))
        list_faults(call);
    else if (ine__str_is(method, "POST"))
        add_fault(call);
    else
        ine__sb_not_found(call);
}
