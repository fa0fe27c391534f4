/* Hexadecimal digits. */
#ifndef INE_CRYPTO_HEX_H
#define INE_CRYPTO_HEX_H

#include "base/str.h"

/* 2 * len lower-case digits. */
void ine__hex_encode(char *out, const void *data, size_t len);
/* Exactly 2 * len digits, any case. Not dependent on the digits' values in time. */
bool ine__hex_decode(void *out, size_t len, ine_str digits);

#endif
