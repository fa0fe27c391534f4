/*
 * Verifying a body of 1.4 KB: ours, OpenSSL's HMAC(), and the floor, two kept SHA256_CTX states.
 * All in turn, round after round, so that noise strikes all alike; the median of the rounds counts.
 * Targets: at most 1.10 x the floor, and at least 1.9 x faster than HMAC().
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "ine.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 101
#define BATCH  2000
#define BODY   1424

static const char secret[] = "abcdef12-abcd-abcd-abcd-abcdef012345";
static unsigned char body[BODY];
static char signature[64];
static unsigned char digest[32];
static ine_credentials *credentials;
static SHA256_CTX inner, outer;

static int ours(void)
{
    return ine_verify_signature(credentials, body, BODY, signature, 64, NULL) == INE_OK;
}

static int openssl_hmac(void)
{
    unsigned char out[32];
    return HMAC(EVP_sha256(), secret, sizeof secret - 1, body, BODY, out, NULL) &&
           CRYPTO_memcmp(out, digest, 32) == 0;
}

static int two_states(void)
{
    unsigned char out[32];
    SHA256_CTX ctx = inner;
    SHA256_Update(&ctx, body, BODY);
    SHA256_Final(out, &ctx);
    ctx = outer;
    SHA256_Update(&ctx, out, sizeof out);
    SHA256_Final(out, &ctx);
    return CRYPTO_memcmp(out, digest, 32) == 0;
}

static void prepare(SHA256_CTX *ctx, unsigned char with)
{
    unsigned char pad[64];
    memset(pad, with, sizeof pad);
    for (size_t i = 0; i < sizeof secret - 1; i++)
        pad[i] ^= (unsigned char)secret[i];
    SHA256_Init(ctx);
    SHA256_Update(ctx, pad, sizeof pad);
}

static const struct {
    const char *name;
    int (*run)(void);
} ways[] = {
    {"ine_verify_signature", ours}, {"two kept states", two_states}, {"HMAC()", openssl_hmac}};
#define WAYS (sizeof ways / sizeof ways[0])

static double time_of(int (*run)(void))
{
    struct timespec from, to;
    int right = 0;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < BATCH; i++)
        right += run();
    clock_gettime(CLOCK_MONOTONIC, &to);
    if (right != BATCH) {
        fprintf(stderr, "a signature did not verify\n");
        exit(1);
    }
    return ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) / BATCH;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(void)
{
    static double times[WAYS][ROUNDS];
    double median[WAYS];
    for (size_t i = 0; i < BODY; i++)
        body[i] = (unsigned char)(' ' + i % 90);
    HMAC(EVP_sha256(), secret, sizeof secret - 1, body, BODY, digest, NULL);
    for (size_t i = 0; i < sizeof digest; i++) {
        signature[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        signature[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    prepare(&inner, 0x36);
    prepare(&outer, 0x5c);
    static const char key[] = "12345678-0000-4000-8000-000000000001";
    if (ine_credentials_new(&credentials, NULL, 0, key, sizeof key - 1, NULL) != INE_OK ||
        ine_credentials_add_secret(credentials, NULL, 0, secret, sizeof secret - 1, NULL) != INE_OK)
        return 1;
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t way = 0; way < WAYS; way++)
            times[way][round] = time_of(ways[way].run);
    }
    for (size_t way = 0; way < WAYS; way++) {
        qsort(times[way], ROUNDS, sizeof times[way][0], by_size);
        median[way] = times[way][ROUNDS / 2];
        printf("%-22s %8.0f ns\n", ways[way].name, median[way]);
    }
    printf("ours / two kept states  %6.3f   (target: at most 1.10)\n", median[0] / median[1]);
    printf("HMAC() / ours           %6.3f   (target: at least 1.9)\n", median[2] / median[0]);
    ine_credentials_free(credentials);
    return 0;
}
