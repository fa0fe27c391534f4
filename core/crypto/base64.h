/* Base64 [RFC 4648 section 4], with padding and without line breaks. */
#ifndef INE_CRYPTO_BASE64_H
#define INE_CRYPTO_BASE64_H

#include "base/str.h"

/* 4 * ceil(len / 3); false on overflow. */
bool ine__base64_size(size_t len, size_t *out);
/* Encodes all of it and returns the number of characters; `out` has room for ine__base64_size(). */
size_t ine__base64_encode(char *out, const void *data, size_t len);
/* Strict: length a multiple of 4, padding only at the end, zero bits behind it. `out` has room for
 * 3 * len / 4. */
bool ine__base64_decode(void *out, size_t *out_len, ine_str text);

/* The ways that ine__base64_encode() chooses from, for tests and measurements. One that the
 * processor can not do falls back to the next. */
enum { INE__BASE64_SCALAR = 0, INE__BASE64_SSSE3, INE__BASE64_AVX2 };
size_t ine__base64_encode_with(int32_t vectors, char *out, const void *data, size_t len);
size_t ine__base64_encode_scalar(char *out, const void *data, size_t len);

#endif
