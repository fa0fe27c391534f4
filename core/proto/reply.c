#include "proto/reply.h"

void ine__reply_init(ine__reply *reply, size_t max_body)
{
    *reply = (ine__reply){0};
    ine__buf_init(&reply->body, max_body);
}

void ine__reply_free(ine__reply *reply)
{
    ine__buf_free(&reply->body);
}

void ine__reply_reset(ine__reply *reply)
{
    ine__buf body = reply->body;
    ine__buf_clear(&body);
    *reply = (ine__reply){.body = body};
}

void ine__reply_status(ine__reply *reply, int32_t status)
{
    ine__reply_reset(reply);
    reply->informational = status >= 100 && status < 200;
    reply->status = reply->informational ? 0 : status;
}

/* Duplicates are kept as such: which of them a program would pick is what an attacker plays with
 * (A7). */
static void keep(ine__value *kept, ine_str value)
{
    const bool fits = value.len < sizeof kept->text;
    if (kept->count++ == 0) {
        kept->long_value = !fits;
        kept->len = fits ? value.len : 0;
        if (kept->len)
            memcpy(kept->text, value.ptr, kept->len);
    } else if (!fits || !ine__str_ieq(value, ine__str(kept->text, kept->len))) {
        kept->differs = true;
    }
}

bool ine__reply_header(ine__reply *reply, ine_str name, ine_str value)
{
    static const char *const names[INE__H_COUNT] = {
        [INE__H_SIGNATURE] = "x-hmac-signature",
        [INE__H_SIGNATURE_VRF] = "vrf-hmac-signature",
        [INE__H_CLIENT] = "x-auth-client",
        [INE__H_CLIENT_VRF] = "vrf-auth-client",
        [INE__H_ENCODING] = "content-encoding",
        [INE__H_TRANSFER] = "transfer-encoding",
        [INE__H_LENGTH] = "content-length",
        [INE__H_RETRY_AFTER] = "retry-after",
        [INE__H_DATE] = "date",
    };
    if (++reply->headers > INE__REPLY_HEADERS ||
        __builtin_add_overflow(reply->header_bytes, name.len, &reply->header_bytes) ||
        __builtin_add_overflow(reply->header_bytes, value.len, &reply->header_bytes) ||
        reply->header_bytes > INE__REPLY_HEADER_BYTES) {
        reply->too_many_headers = true;
        return false;
    }
    if (reply->informational || reply->body_begun) /* a trailer says nothing (F34) */
        return true;
    name = ine__str_trim(name);
    for (size_t i = 0; i < INE__H_COUNT; i++) {
        if (ine__str_ieq(name, ine__str_of(names[i]))) {
            keep(&reply->value[i], ine__str_trim(value));
            break;
        }
    }
    return true;
}

bool ine__reply_body(ine__reply *reply, ine_str data)
{
    reply->body_begun = reply->body_begun || data.len > 0;
    ine__buf_add(&reply->body, data.ptr, data.len);
    return !reply->body.failed;
}

ine_str ine__reply_single(const ine__reply *reply, int32_t header)
{
    const ine__value *value = &reply->value[header];
    const ine_str text = ine__str(value->text, value->len);
    return value->count == 1 && !value->long_value ? text : INE__NONE;
}
