/* Keyed BLAKE2b [RFC 7693]: short names for a body or a value, never a signature. */
#ifndef INE_CRYPTO_BLAKE2_H
#define INE_CRYPTO_BLAKE2_H

#include "base/str.h"

#define INE__DEDUPE_SIZE    32
#define INE__PSEUDONYM_SIZE 16

/* BLAKE2b of `size` (1..64) bytes under a key of 1..64 bytes. INE_OK, or INE_E_INTERNAL with `out`
 * zeroed. */
int32_t ine__blake2b(ine_str key, ine_str data, unsigned char *out, size_t size);
/* The same delivery has the same key: 32 bytes over the raw body under the published key
 * "ine-dedupe-1". */
int32_t ine__dedupe_key(ine_str body, unsigned char out[INE__DEDUPE_SIZE]);
/* Stands for a CIC or CURP in a log: 16 bytes under the caller's pepper of 32..64 bytes.
 * INE_E_ARGUMENT without one. */
int32_t ine__pseudonym(ine_str pepper, ine_str value, unsigned char out[INE__PSEUDONYM_SIZE]);

#endif
