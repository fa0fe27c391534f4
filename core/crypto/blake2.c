#include "crypto/blake2.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

static const unsigned char *bytes_of(ine_str text)
{
    return (const unsigned char *)(text.ptr ? text.ptr : "");
}

int32_t ine__blake2b(ine_str key, ine_str data, unsigned char *out, size_t size)
{
    size_t written = 0;
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "BLAKE2BMAC", NULL);
    EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
                                 OSSL_PARAM_construct_end()};
    const bool ok = ctx && EVP_MAC_init(ctx, bytes_of(key), key.len, params) == 1 &&
                    EVP_MAC_update(ctx, bytes_of(data), data.len) == 1 &&
                    EVP_MAC_final(ctx, out, &written, size) == 1 && written == size;
    EVP_MAC_CTX_free(ctx);
    EVP_MAC_free(mac);
    if (!ok)
        memset(out, 0, size);
    return ok ? INE_OK : INE_E_INTERNAL;
}

int32_t ine__dedupe_key(ine_str body, unsigned char out[INE__DEDUPE_SIZE])
{
    return ine__blake2b(INE__STR("ine-dedupe-1"), body, out, INE__DEDUPE_SIZE);
}

int32_t ine__pseudonym(ine_str pepper, ine_str value, unsigned char out[INE__PSEUDONYM_SIZE])
{
    memset(out, 0, INE__PSEUDONYM_SIZE);
    if (pepper.len < 32 || pepper.len > 64)
        return INE_E_ARGUMENT;
    return ine__blake2b(pepper, value, out, INE__PSEUDONYM_SIZE);
}
