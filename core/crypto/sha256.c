/* OpenSSL 3 deprecates SHA256_Init() and its like; a copy of a prepared state on the stack is worth
 * it: half the time of HMAC() for a decision, no allocation, no lock. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/sha256.h"

#include "base/alloc.h"

#include <openssl/crypto.h>

#ifdef INE_SHA256_EVP

void ine__sha256_begin(ine__sha256 *hash)
{
    hash->ctx = EVP_MD_CTX_new();
    hash->failed = !hash->ctx || EVP_DigestInit_ex(hash->ctx, EVP_sha256(), NULL) != 1;
}

void ine__sha256_add(ine__sha256 *hash, const void *data, size_t len)
{
    if (!hash->failed && len)
        hash->failed = EVP_DigestUpdate(hash->ctx, data, len) != 1;
}

bool ine__sha256_end(ine__sha256 *hash, unsigned char out[INE__SHA256_SIZE])
{
    const bool ok = !hash->failed && EVP_DigestFinal_ex(hash->ctx, out, NULL) == 1;
    if (!ok)
        memset(out, 0, INE__SHA256_SIZE);
    ine__sha256_drop(hash);
    return ok;
}

void ine__sha256_drop(ine__sha256 *hash)
{
    EVP_MD_CTX_free(hash->ctx);
    hash->ctx = NULL;
    hash->failed = true;
}

static void add_pad(ine__sha256 *hash, const ine__hmac_key *key, unsigned char with)
{
    unsigned char pad[INE__SHA256_BLOCK];
    for (size_t i = 0; i < sizeof pad; i++)
        pad[i] = key->block[i] ^ with;
    ine__sha256_add(hash, pad, sizeof pad);
    ine__wipe(pad, sizeof pad);
}

static void start_inner(ine__sha256 *hash, const ine__hmac_key *key)
{
    ine__sha256_begin(hash);
    add_pad(hash, key, 0x36);
}

static void start_outer(ine__sha256 *hash, const ine__hmac_key *key)
{
    ine__sha256_begin(hash);
    add_pad(hash, key, 0x5c);
}

static bool finish(ine__sha256 *inner, const ine__hmac_key *key, unsigned char *out)
{
    ine__sha256 outer;
    bool ok = ine__sha256_end(inner, out);
    start_outer(&outer, key);
    ine__sha256_add(&outer, out, INE__SHA256_SIZE);
    ok &= ine__sha256_end(&outer, out);
    if (!ok)
        memset(out, 0, INE__SHA256_SIZE);
    return ok;
}

void ine__hmac_begin(ine__hmac *mac, const ine__hmac_key *key)
{
    mac->key = *key;
    start_inner(&mac->inner, key);
}

bool ine__hmac_end(ine__hmac *mac, unsigned char out[INE__SHA256_SIZE])
{
    const bool ok = finish(&mac->inner, &mac->key, out);
    ine__wipe(&mac->key, sizeof mac->key);
    return ok;
}

void ine__hmac_drop(ine__hmac *mac)
{
    ine__sha256_drop(&mac->inner);
    ine__wipe(&mac->key, sizeof mac->key);
}

bool ine__hmac_whole(const ine__hmac_key *key, const void *data, size_t len,
                     unsigned char out[INE__SHA256_SIZE])
{
    ine__sha256 inner;
    start_inner(&inner, key);
    ine__sha256_add(&inner, data, len);
    return finish(&inner, key, out);
}

static void prepare(ine__hmac_key *key, const unsigned char block[INE__SHA256_BLOCK])
{
    memcpy(key->block, block, INE__SHA256_BLOCK);
}

#else

void ine__sha256_begin(ine__sha256 *hash)
{
    SHA256_Init(&hash->ctx);
}

void ine__sha256_add(ine__sha256 *hash, const void *data, size_t len)
{
    if (len)
        SHA256_Update(&hash->ctx, data, len);
}

bool ine__sha256_end(ine__sha256 *hash, unsigned char out[INE__SHA256_SIZE])
{
    SHA256_Final(out, &hash->ctx);
    ine__sha256_drop(hash);
    return true;
}

void ine__sha256_drop(ine__sha256 *hash)
{
    ine__wipe(hash, sizeof *hash);
}

void ine__hmac_begin(ine__hmac *mac, const ine__hmac_key *key)
{
    mac->inner.ctx = key->inner;
    mac->outer = key->outer;
}

bool ine__hmac_end(ine__hmac *mac, unsigned char out[INE__SHA256_SIZE])
{
    SHA256_Final(out, &mac->inner.ctx);
    SHA256_Update(&mac->outer, out, INE__SHA256_SIZE);
    SHA256_Final(out, &mac->outer);
    ine__hmac_drop(mac);
    return true;
}

void ine__hmac_drop(ine__hmac *mac)
{
    ine__wipe(mac, sizeof *mac);
}

bool ine__hmac_whole(const ine__hmac_key *key, const void *data, size_t len,
                     unsigned char out[INE__SHA256_SIZE])
{
    SHA256_CTX ctx = key->inner;
    if (len)
        SHA256_Update(&ctx, data, len);
    SHA256_Final(out, &ctx);
    ctx = key->outer;
    SHA256_Update(&ctx, out, INE__SHA256_SIZE);
    SHA256_Final(out, &ctx);
    ine__wipe(&ctx, sizeof ctx);
    return true;
}

static void start_padded(SHA256_CTX *ctx, const unsigned char *block, unsigned char with)
{
    unsigned char pad[INE__SHA256_BLOCK];
    for (size_t i = 0; i < sizeof pad; i++)
        pad[i] = block[i] ^ with;
    SHA256_Init(ctx);
    SHA256_Update(ctx, pad, sizeof pad);
    ine__wipe(pad, sizeof pad);
}

static void prepare(ine__hmac_key *key, const unsigned char block[INE__SHA256_BLOCK])
{
    start_padded(&key->inner, block, 0x36);
    start_padded(&key->outer, block, 0x5c);
}

#endif

/* [RFC 2104]: a key longer than a block is replaced by its hash. */
bool ine__hmac_key_init(ine__hmac_key *key, const void *secret, size_t secret_len)
{
    unsigned char block[INE__SHA256_BLOCK] = {0};
    bool ok = true;
    if (secret_len > sizeof block) {
        ine__sha256 hash;
        ine__sha256_begin(&hash);
        ine__sha256_add(&hash, secret, secret_len);
        ok = ine__sha256_end(&hash, block);
    } else if (secret_len) {
        memcpy(block, secret, secret_len);
    }
    if (ok)
        prepare(key, block);
    ine__wipe(block, sizeof block);
    return ok;
}

void ine__hmac_add(ine__hmac *mac, const void *data, size_t len)
{
    ine__sha256_add(&mac->inner, data, len);
}

bool ine__same_bytes(const void *a, const void *b, size_t len)
{
    return CRYPTO_memcmp(a, b, len) == 0;
}
