/* SHA-256 and HMAC-SHA256 over prepared states: the one place that may use OpenSSL's low-level
 * SHA-256. Built with INE_SHA256_EVP defined, the same functions stand on EVP. */
#ifndef INE_CRYPTO_SHA256_H
#define INE_CRYPTO_SHA256_H

#include "base/str.h"

#ifdef INE_SHA256_EVP
#include <openssl/evp.h>
#else
#include <openssl/sha.h>
#endif

#define INE__SHA256_SIZE  32
#define INE__SHA256_BLOCK 64

/* A running hash. Ends with ine__sha256_end() or ine__sha256_drop(), which wipe it. A failure (EVP
 * without memory) sticks and shows at the end. */
typedef struct ine__sha256 {
#ifdef INE_SHA256_EVP
    EVP_MD_CTX *ctx;
    bool failed;
#else
    SHA256_CTX ctx;
#endif
} ine__sha256;

void ine__sha256_begin(ine__sha256 *hash);
void ine__sha256_add(ine__sha256 *hash, const void *data, size_t len);
/* False when it could not be computed: `out` is zero then. Never so without INE_SHA256_EVP. */
bool ine__sha256_end(ine__sha256 *hash, unsigned char out[INE__SHA256_SIZE]);
void ine__sha256_drop(ine__sha256 *hash);

/* What depends on the key alone: two states, or (EVP) the key's block. No pointers: all of it stays
 * in the page where it is put. */
typedef struct ine__hmac_key {
#ifdef INE_SHA256_EVP
    unsigned char block[INE__SHA256_BLOCK];
#else
    SHA256_CTX inner, outer;
#endif
} ine__hmac_key;

bool ine__hmac_key_init(ine__hmac_key *key, const void *secret, size_t secret_len);

/* A running MAC; holds a copy of what the key gives until it ends. */
typedef struct ine__hmac {
    ine__sha256 inner;
#ifdef INE_SHA256_EVP
    ine__hmac_key key;
#else
    SHA256_CTX outer;
#endif
} ine__hmac;

void ine__hmac_begin(ine__hmac *mac, const ine__hmac_key *key);
void ine__hmac_add(ine__hmac *mac, const void *data, size_t len);
/* False when it could not be computed: `out` is zero then, and must not be compared with anything.
 * Wipes. */
bool ine__hmac_end(ine__hmac *mac, unsigned char out[INE__SHA256_SIZE]);
void ine__hmac_drop(ine__hmac *mac); /* wipes */

/* The MAC of one piece of data: fewer copies than begin, add and end. */
bool ine__hmac_whole(const ine__hmac_key *key, const void *data, size_t len,
                     unsigned char out[INE__SHA256_SIZE]);

/* Constant time. */
bool ine__same_bytes(const void *a, const void *b, size_t len);

#endif
