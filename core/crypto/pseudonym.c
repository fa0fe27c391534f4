/* A short name for a CIC or CURP in logs, under the caller's own pepper. */
#include "base/error.h"
#include "crypto/blake2.h"
#include "crypto/hex.h"

int32_t ine_pseudonym(const void *pepper, size_t pepper_len, const char *value, size_t value_len,
                      char out[32], ine_error **err)
{
    unsigned char hash[INE__PSEUDONYM_SIZE];
    ine__error_clear(err);
    if (!out)
        return ine__fail(err, INE_E_ARGUMENT, "no place for the pseudonym");
    memset(out, 0, 2 * sizeof hash);
    if (!pepper || pepper_len < 32 || pepper_len > 64)
        return ine__fail(err, INE_E_ARGUMENT, "a pseudonym needs a pepper of 32 to 64 bytes");
    if (!value || value_len == 0)
        return ine__fail(err, INE_E_ARGUMENT, "a pseudonym needs a value");
    const int32_t code =
        ine__pseudonym(ine__str(pepper, pepper_len), ine__str(value, value_len), hash);
    if (code != INE_OK)
        return ine__fail(err, code, "the pseudonym could not be computed");
    ine__hex_encode(out, hash, sizeof hash);
    return INE_OK;
}
