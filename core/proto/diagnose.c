/*
 * Why does this signature not fit? Tries what usually goes wrong, in the order in which it usually
 * does. Nothing that is found here makes a delivery genuine.
 */
#include "crypto/hex.h"
#include "proto/webhooks.h"
#include "schema/decision.h"
#include "json/restyle.h"

typedef struct suspect {
    const ine_webhooks *webhooks;
    const ine_credentials *who; /* the integration that the delivery names */
    ine_str body;
    unsigned char mac[INE__SHA256_SIZE];
} suspect;

static bool fits(const suspect *s, const void *secret, size_t secret_len, ine_str data)
{
    ine__hmac_key key;
    unsigned char mac[INE__SHA256_SIZE];
    const bool ok = secret_len && ine__hmac_key_init(&key, secret, secret_len) &&
                    ine__hmac_whole(&key, data.ptr, data.len, mac) &&
                    ine__same_bytes(mac, s->mac, sizeof mac);
    ine__wipe(&key, sizeof key);
    ine__wipe(mac, sizeof mac);
    return ok;
}

static bool fits_any(const suspect *s, ine_str data)
{
    for (size_t i = 0; i < ine__credentials_secrets(s->who); i++) {
        const ine_str secret = ine__credentials_secret(s->who, i);
        if (fits(s, secret.ptr, secret.len, data))
            return true;
    }
    return false;
}

static bool fits_buffer(const suspect *s, ine__buf *buf)
{
    const bool ok = !buf->failed && fits_any(s, ine__buf_view(buf));
    ine__buf_free(buf);
    return ok;
}

static bool without_newline(const suspect *s)
{
    ine_str body = s->body;
    while (body.len && (body.ptr[body.len - 1] == '\n' || body.ptr[body.len - 1] == '\r')) {
        body.len--;
        if (fits_any(s, body))
            return true;
    }
    return false;
}

static bool with_newline(const suspect *s)
{
    static const char *const ends[] = {"\n", "\r\n"};
    for (size_t i = 0; i < 2; i++) {
        ine__buf buf;
        ine__buf_init(&buf, s->body.len + 2);
        ine__buf_str(&buf, s->body);
        ine__buf_text(&buf, ends[i]);
        if (fits_buffer(s, &buf))
            return true;
    }
    return false;
}

static bool without_mark(const suspect *s)
{
    return ine__str_starts(s->body, "\xef\xbb\xbf") &&
           fits_any(s, ine__str(s->body.ptr + 3, s->body.len - 3));
}

/* `to_crlf` false: every CR LF becomes LF; true: every bare LF becomes CR LF. */
static bool other_line_ends(const suspect *s, bool to_crlf)
{
    ine__buf buf;
    ine__buf_init(&buf, s->body.len * 2 + 1);
    for (size_t i = 0; i < s->body.len; i++) {
        const char c = s->body.ptr[i];
        const bool pair = c == '\r' && i + 1 < s->body.len && s->body.ptr[i + 1] == '\n';
        if (pair && !to_crlf)
            continue;
        if (c == '\n' && to_crlf && (i == 0 || s->body.ptr[i - 1] != '\r'))
            ine__buf_char(&buf, '\r');
        ine__buf_char(&buf, c);
    }
    return fits_buffer(s, &buf);
}

static bool line_ends(const suspect *s)
{
    return other_line_ends(s, false) || other_line_ends(s, true);
}

/* As JSON.stringify, json.dumps, encoding/json and editors write it. */
static bool reformatted(const suspect *s)
{
    static const ine__json_style layouts[] = {
        {0, false, 0}, {0, true, 0}, {2, false, 0}, {4, false, 0}};
    ine__json_fault fault;
    if (ine__json_read(NULL, s->body, NULL, 0, &fault) != INE_OK)
        return false;
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        for (int32_t chars = INE__CHARS_KEEP; chars <= INE__CHARS_UTF8; chars++) {
            ine__json_style style = layouts[i];
            ine__buf buf;
            style.chars = chars;
            ine__buf_init(&buf, 16 * s->body.len + 64);
            ine__json_restyle(&buf, s->body, style);
            const ine_str text = ine__buf_view(&buf);
            const bool ok = !buf.failed && fits_any(s, text);
            if (!ok)
                ine__buf_char(&buf, '\n');
            if (fits_buffer(s, &buf) || ok)
                return true;
        }
    }
    return false;
}

static bool is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool secret_space(const suspect *s)
{
    static const char *const ends[] = {"\n", "\r\n", " "};
    for (size_t i = 0; i < ine__credentials_secrets(s->who); i++) {
        const ine_str secret = ine__credentials_secret(s->who, i);
        ine_str trimmed = secret;
        while (trimmed.len && is_white(trimmed.ptr[0]))
            trimmed = ine__str(trimmed.ptr + 1, trimmed.len - 1);
        while (trimmed.len && is_white(trimmed.ptr[trimmed.len - 1]))
            trimmed.len--;
        if (trimmed.len != secret.len && fits(s, trimmed.ptr, trimmed.len, s->body))
            return true;
        for (size_t k = 0; k < sizeof ends / sizeof ends[0]; k++) {
            char longer[1024 + 2];
            const size_t extra = strlen(ends[k]);
            memcpy(longer, secret.ptr, secret.len);
            memcpy(longer + secret.len, ends[k], extra);
            const bool ok = fits(s, longer, secret.len + extra, s->body);
            ine__wipe(longer, sizeof longer);
            if (ok)
                return true;
        }
    }
    return false;
}

static bool secret_is_key(const suspect *s)
{
    const ine_str key = ine__credentials_api_key(s->who);
    return fits(s, key.ptr, key.len, s->body);
}

/* The secret's hex digits (of a UUID or plain) as bytes. */
static bool secret_decoded(const suspect *s)
{
    for (size_t i = 0; i < ine__credentials_secrets(s->who); i++) {
        const ine_str secret = ine__credentials_secret(s->who, i);
        char digits[1024];
        unsigned char bytes[512];
        size_t n = 0;
        for (size_t k = 0; k < secret.len && k < sizeof digits; k++) {
            if (secret.ptr[k] != '-')
                digits[n++] = secret.ptr[k];
        }
        const bool ok = n % 2 == 0 && ine__hex_decode(bytes, n / 2, ine__str(digits, n)) &&
                        fits(s, bytes, n / 2, s->body);
        ine__wipe(digits, sizeof digits);
        ine__wipe(bytes, sizeof bytes);
        if (ok)
            return true;
    }
    return false;
}

static bool other_integration(const suspect *s)
{
    for (size_t i = 0; i < s->webhooks->count; i++) {
        suspect other = *s;
        other.who = s->webhooks->integration[i];
        if (other.who != s->who && fits_any(&other, s->body))
            return true;
    }
    return false;
}

static bool signed_id(const suspect *s)
{
    ine_decision *decision = NULL;
    ine_str id = INE__NONE;
    if (ine_decision_read(&decision, s->body.ptr, s->body.len, INE_READ_BORROW, NULL) != INE_OK)
        return false;
    ine_decision_field(decision, INE_D_SESSION_ID, &id, NULL);
    const bool ok = id.len && fits_any(s, id);
    ine_decision_free(decision);
    return ok;
}

/* SHA-256 of the body followed by the secret [V general FAQ]. */
static bool legacy_scheme(const suspect *s)
{
    for (size_t i = 0; i < ine__credentials_secrets(s->who); i++) {
        const ine_str secret = ine__credentials_secret(s->who, i);
        unsigned char digest[INE__SHA256_SIZE];
        ine__sha256 hash;
        ine__sha256_begin(&hash);
        ine__sha256_add(&hash, s->body.ptr, s->body.len);
        ine__sha256_add(&hash, secret.ptr, secret.len);
        if (ine__sha256_end(&hash, digest) && ine__same_bytes(digest, s->mac, sizeof digest))
            return true;
    }
    return false;
}

static const struct {
    int32_t reason;
    bool (*explains)(const suspect *);
} explanations[] = {
    {INE_REASON_TRAILING_NEWLINE, without_newline},
    {INE_REASON_MISSING_NEWLINE, with_newline},
    {INE_REASON_BOM, without_mark},
    {INE_REASON_LINE_ENDS, line_ends},
    {INE_REASON_REFORMATTED, reformatted},
    {INE_REASON_SECRET_SPACE, secret_space},
    {INE_REASON_SECRET_IS_KEY, secret_is_key},
    {INE_REASON_SECRET_DECODED, secret_decoded},
    {INE_REASON_OTHER_INTEGRATION, other_integration},
    {INE_REASON_SIGNED_ID, signed_id},
    {INE_REASON_LEGACY_SCHEME, legacy_scheme},
};

static int32_t explain(suspect *s, ine_str signature, int32_t otherwise)
{
    if (!ine__hex_decode(s->mac, sizeof s->mac, signature))
        return INE_REASON_MALFORMED_SIGNATURE;
    for (size_t i = 0; i < sizeof explanations / sizeof explanations[0]; i++) {
        if (explanations[i].explains(s))
            return explanations[i].reason;
    }
    return otherwise;
}

int32_t ine_webhooks_diagnose(const ine_webhooks *webhooks, const ine_str *names,
                              const ine_str *values, size_t headers, const void *body,
                              size_t body_len)
{
    ine__delivery delivery;
    const ine_credentials *who;
    ine_str signature, key;
    int32_t secret;
    if (!webhooks || webhooks->count == 0 || (headers && (!names || !values)) ||
        (body_len && !body))
        return INE_E_ARGUMENT;
    const ine_str bytes = ine__str(body ? body : "", body_len);
    ine__delivery_read(&delivery, names, values, headers);
    const int32_t reason = ine__webhooks_judge(webhooks, &delivery, bytes, &who, &secret);
    ine__delivery_who(&delivery, &signature, &key);
    suspect s = {webhooks, who ? who : webhooks->integration[0], bytes, {0}};
    switch (reason) {
    case INE_REASON_WRONG_SIGNATURE:
        return explain(&s, signature, reason);
    case INE_REASON_LEGACY_SIGNATURE:
        return explain(&s, delivery.legacy.value, reason);
    default:
        return reason;
    }
}
