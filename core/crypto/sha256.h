/* SHA-256 and HMAC-SHA256 over prepared states: the one place that may use OpenSSL's low-level
 * SHA-256. */
#ifndef INE_CRYPTO_SHA256_H
#define INE_CRYPTO_SHA256_H

#include "base/str.h"

#include <openssl/sha.h>

#define INE__SHA256_SIZE 32

/* A running hash. Lives on the stack; wipe with ine__sha256_end() or ine__sha256_drop(). */
typedef struct ine__sha256 {
    SHA256_CTX ctx;
} ine__sha256;

void ine__sha256_begin(ine__sha256 *hash);
void ine__sha256_add(ine__sha256 *hash, const void *data, size_t len);
void ine__sha256_end(ine__sha256 *hash, unsigned char out[INE__SHA256_SIZE]);
void ine__sha256_drop(ine__sha256 *hash);

/* The two states that depend on the key alone. */
typedef struct ine__hmac_key {
    SHA256_CTX inner, outer;
} ine__hmac_key;

void ine__hmac_key_init(ine__hmac_key *key, const void *secret, size_t secret_len);

/* A running MAC; holds a copy of the outer state until it ends. */
typedef struct ine__hmac {
    SHA256_CTX inner, outer;
} ine__hmac;

void ine__hmac_begin(ine__hmac *mac, const ine__hmac_key *key);
void ine__hmac_add(ine__hmac *mac, const void *data, size_t len);
void ine__hmac_end(ine__hmac *mac, unsigned char out[INE__SHA256_SIZE]); /* wipes */
void ine__hmac_drop(ine__hmac *mac);                                     /* wipes */

/* Constant time. */
bool ine__same_bytes(const void *a, const void *b, size_t len);

#endif
