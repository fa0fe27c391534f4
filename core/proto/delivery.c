#include "proto/delivery.h"

/* clang-format off */
#define HEADER(name, member) {{name, sizeof(name) - 1}, offsetof(ine__delivery, member)}
/* clang-format on */

static const struct {
    ine_str name;
    size_t member;
} known[] = {
    HEADER("x-hmac-signature", signature), HEADER("vrf-hmac-signature", signature_vrf),
    HEADER("x-auth-client", key),          HEADER("vrf-auth-client", key_vrf),
    HEADER("x-signature", legacy),         HEADER("content-encoding", encoding),
};

void ine__delivery_read(ine__delivery *delivery, const ine_str *names, const ine_str *values,
                        size_t count)
{
    *delivery = (ine__delivery){.legacy = {INE__NONE, 0}};
    for (size_t h = 0; h < count; h++) {
        for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
            if (!ine__str_ieq(names[h], known[k].name))
                continue;
            ine__once *once = (ine__once *)(void *)((char *)delivery + known[k].member);
            once->value = ine__str_trim(values[h]);
            once->count++;
            break;
        }
    }
}

/* Several values: the header repeated, or one line that a proxy has joined. */
static bool is_several(const ine__once *once)
{
    return once->count > 1 || (once->count == 1 && ine__str_contains(once->value, ","));
}

/* The value of the one family that came, or of both when they agree. */
static int32_t agree(const ine__once *x, const ine__once *vrf, ine_str *out)
{
    *out = x->count ? x->value : vrf->value;
    if (is_several(x) || is_several(vrf))
        return INE_REASON_SEVERAL_SIGNATURES;
    if (x->count && vrf->count && !ine__str_ieq(x->value, vrf->value))
        return INE_REASON_CONFLICT;
    return INE_REASON_NONE;
}

int32_t ine__delivery_who(const ine__delivery *delivery, ine_str *signature, ine_str *key)
{
    const int32_t first = agree(&delivery->signature, &delivery->signature_vrf, signature);
    const int32_t second = agree(&delivery->key, &delivery->key_vrf, key);
    if (first != INE_REASON_NONE)
        return first;
    if (!delivery->signature.count && !delivery->signature_vrf.count)
        return delivery->legacy.count ? INE_REASON_LEGACY_SIGNATURE : INE_REASON_NO_SIGNATURE;
    if (signature->len != 64)
        return INE_REASON_MALFORMED_SIGNATURE;
    if (second != INE_REASON_NONE)
        return second;
    if (!delivery->key.count && !delivery->key_vrf.count)
        return INE_REASON_NO_KEY;
    if (delivery->encoding.count && !ine__str_ieq(delivery->encoding.value, INE__STR("identity")))
        return INE_REASON_ENCODED;
    return INE_REASON_NONE;
}
