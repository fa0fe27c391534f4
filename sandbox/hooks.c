/* A webhook's headers and body, right or wrong on purpose (F64-F71). */
#include "hooks.h"

#include "crypto/hex.h"

#define LARGE       (2u * 1024 * 1024)
#define REORDER_LAG 1000

int ine__sb_hook_copies(int64_t fault)
{
    return fault == INE__SB_HOOK_DUPLICATE ? 2 : fault == INE__SB_HOOK_HUNDRED ? 100 : 1;
}

int64_t ine__sb_hook_delay(const ine_sandbox *sandbox, const ine__sb_integration *who, int32_t kind)
{
    const bool event = kind == INE__SB_HOOK_STARTED || kind == INE__SB_HOOK_SUBMITTED;
    if (who->webhook_fault == INE__SB_HOOK_REORDERED && event) /* behind the decision */
        return who->webhook_delay_ms + sandbox->settings[INE_SANDBOX_DECISION_DELAY_MS] +
               (kind == INE__SB_HOOK_STARTED ? 2 : 1) * REORDER_LAG;
    return who->webhook_delay_ms;
}

static void add(ine_sandbox *sandbox, ine_sandbox_webhook *out, const char *name, ine_str value)
{
    if (out->header_count < INE__SB_HEADERS)
        sandbox->hook_headers[out->header_count++] = (ine_sandbox_header){ine__str_of(name), value};
}

static void add_pair(ine_sandbox *sandbox, ine_sandbox_webhook *out, int64_t families,
                     const char *x, const char *vrf, ine_str value)
{
    if (families != 1)
        add(sandbox, out, x, value);
    if (families != 0)
        add(sandbox, out, vrf, value);
}

static void old_signature(ine_str secret, ine_str body, char out[64])
{
    unsigned char digest[INE__SHA256_SIZE];
    ine__sha256 hash;
    ine__sha256_begin(&hash);
    ine__sha256_add(&hash, body.ptr, body.len);
    ine__sha256_add(&hash, secret.ptr, secret.len);
    ine__sha256_end(&hash, digest);
    ine__hex_encode(out, digest, sizeof digest);
}

/* Signed first, changed on the way. */
ine_str ine__sb_sent_body(ine_sandbox *sandbox, const ine__sb_delivery *d)
{
    static const struct {
        int64_t fault;
        size_t skip; /* of the body's beginning, in place of which stands: */
        const char *before, *after;
    } changes[] = {
        {INE__SB_HOOK_REINDENTED, 1, "{\n", ""},
        {INE__SB_HOOK_CRLF, 1, "{\r\n", ""},
        {INE__SB_HOOK_TRAILING_NEWLINE, 0, "", "\n"},
        {INE__SB_HOOK_BOM, 0, "\xef\xbb\xbf", ""},
    };
    if (!d->body.len) /* not written yet */
        return INE__NONE;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        if (changes[i].fault != d->fault)
            continue;
        const ine_str before = ine__str_of(changes[i].before),
                      after = ine__str_of(changes[i].after);
        const size_t rest = d->body.len - changes[i].skip;
        char *copy = ine__sb_arena_take(&sandbox->arena, before.len + rest + after.len);
        if (!copy)
            return INE__NONE;
        memcpy(copy, before.ptr, before.len);
        memcpy(copy + before.len, d->body.ptr + changes[i].skip, rest);
        memcpy(copy + before.len + rest, after.ptr, after.len);
        return ine__str(copy, before.len + rest + after.len);
    }
    if (d->fault != INE__SB_HOOK_LARGE)
        return d->body;
    char *copy = ine__sb_arena_take(&sandbox->arena, d->body.len + LARGE);
    if (!copy)
        return INE__NONE;
    memcpy(copy, d->body.ptr, d->body.len); /* white space behind it: right JSON, and signed */
    memset(copy + d->body.len, ' ', LARGE);
    return ine__str(copy, d->body.len + LARGE);
}

/* The signature's text, from the place for 72 characters at `text`. */
static ine_str signature_of(const ine__sb_integration *who, const ine__sb_delivery *d, ine_str sent,
                            char *text)
{
    const bool old = d->fault == INE__SB_HOOK_OLD_SECRET && who->old_secret.ptr;
    char *digits = d->fault == INE__SB_HOOK_SPACES ? text + 2 : text;
    memset(text, ' ', 72);
    ine__sb_sign(old ? who->old_secret : who->secret,
                 d->fault == INE__SB_HOOK_LARGE ? sent : d->body, digits);
    if (d->fault == INE__SB_HOOK_X_SIGNATURE)
        old_signature(who->secret, d->body, digits);
    if (d->fault == INE__SB_HOOK_WRONG_SIGNATURE)
        digits[0] = digits[0] == '0' ? '1' : '0';
    for (int i = 0; d->fault == INE__SB_HOOK_UPPER_CASE && i < 64; i++)
        digits[i] = (char)(digits[i] >= 'a' ? digits[i] - 'a' + 'A' : digits[i]);
    return ine__str(text, d->fault == INE__SB_HOOK_SPACES ? 68 : 64);
}

bool ine__sb_dress(ine_sandbox *sandbox, const ine__sb_integration *who, const ine__sb_delivery *d,
                   ine_sandbox_webhook *out)
{
    char *text = ine__sb_arena_take(&sandbox->arena, 72 + 36);
    out->body = ine__sb_sent_body(sandbox, d);
    if (!text || !out->body.ptr)
        return false;
    const ine_str signature = signature_of(who, d, out->body, text);
    char *key = text + 72;
    memcpy(key, who->api_key.ptr, 36);
    if (d->fault == INE__SB_HOOK_OTHER_TENANT)
        key[35] = key[35] == '0' ? '1' : '0';
    out->headers = sandbox->hook_headers;
    add(sandbox, out, "Content-Type", INE__STR("application/json"));
    add(sandbox, out, INE_SANDBOX_HEADER, INE__STR("1"));
    if (d->fault == INE__SB_HOOK_GZIP)
        add(sandbox, out, "Content-Encoding", INE__STR("gzip"));
    if (d->fault != INE__SB_HOOK_NO_KEY)
        add_pair(sandbox, out, who->headers, "X-AUTH-CLIENT", "VRF-AUTH-CLIENT", ine__str(key, 36));
    if (d->fault == INE__SB_HOOK_X_SIGNATURE)
        add(sandbox, out, "X-SIGNATURE", signature);
    else if (d->fault != INE__SB_HOOK_UNSIGNED)
        add_pair(sandbox, out, who->headers, "X-HMAC-SIGNATURE", "VRF-HMAC-SIGNATURE", signature);
    if (d->fault == INE__SB_HOOK_TWICE)
        add(sandbox, out, "X-HMAC-SIGNATURE", signature);
    return true;
}
