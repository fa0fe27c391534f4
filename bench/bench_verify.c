/* One webhook of 1.4 KB: its signature alone, and all the way to a verdict. */
/* SHA256_CTX: the yardstick is what can not be undercut. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "bench.h"

#include "ine.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

static const char key[] = "8f3f2b6e-0d1c-4a5b-9e7d-2f6c1a0b3d4e";

typedef struct subject {
    char *body;
    size_t len;
    SHA256_CTX inner, outer;
    ine_credentials *credentials;
    ine_decision *decision;
    unsigned char digest[32];
    char signature[65];
} subject;

/* What can not be undercut: two states that are kept for the key, and two hashes. */
static void floor_run(void *context)
{
    subject *s = context;
    unsigned char inner[32], out[32];
    SHA256_CTX state = s->inner;
    SHA256_Update(&state, s->body, s->len);
    SHA256_Final(inner, &state);
    state = s->outer;
    SHA256_Update(&state, inner, sizeof inner);
    SHA256_Final(out, &state);
    bench_expect(CRYPTO_memcmp(out, s->digest, sizeof out) == 0, "wrong MAC");
}

static void hmac_run(void *context)
{
    subject *s = context;
    unsigned char out[32];
    unsigned int len = sizeof out;
    HMAC(EVP_sha256(), key, sizeof key - 1, (const unsigned char *)s->body, s->len, out, &len);
    bench_expect(CRYPTO_memcmp(out, s->digest, sizeof out) == 0, "wrong MAC");
}

static void verify_run(void *context)
{
    subject *s = context;
    bench_expect(ine_verify_signature(s->credentials, s->body, s->len, s->signature, 64, NULL) ==
                     INE_OK,
                 "the signature was refused");
}

static void verdict_run(void *context)
{
    subject *s = context;
    ine_verdict *verdict = NULL;
    int64_t verified = 0;
    verify_run(s);
    bench_expect(ine_decision_reread(s->decision, s->body, s->len, INE_READ_BORROW, NULL) == INE_OK,
                 "the decision was refused");
    bench_expect(ine_verdict_new(&verdict, s->decision, 0, 0, NULL) == INE_OK, "no verdict");
    ine_verdict_field(verdict, INE_V_VERIFIED, NULL, &verified);
    bench_expect(verified == 1, "not verified");
    ine_verdict_free(verdict);
}

static void prepare(subject *s)
{
    unsigned char pad[64] = {0};
    unsigned int len = sizeof s->digest;
    memcpy(pad, key, sizeof key - 1);
    for (size_t i = 0; i < sizeof pad; i++)
        pad[i] ^= 0x36;
    SHA256_Init(&s->inner);
    SHA256_Update(&s->inner, pad, sizeof pad);
    for (size_t i = 0; i < sizeof pad; i++)
        pad[i] ^= 0x36 ^ 0x5c;
    SHA256_Init(&s->outer);
    SHA256_Update(&s->outer, pad, sizeof pad);

    s->body = bench_decision(1);
    s->len = strlen(s->body);
    HMAC(EVP_sha256(), key, sizeof key - 1, (const unsigned char *)s->body, s->len, s->digest,
         &len);
    for (size_t i = 0; i < sizeof s->digest; i++)
        snprintf(s->signature + 2 * i, 3, "%02x", s->digest[i]);
    bench_expect(ine_credentials_new(&s->credentials, "", 0, key, sizeof key - 1, NULL) == INE_OK &&
                     ine_credentials_add_secret(s->credentials, "", 0, key, sizeof key - 1, NULL) ==
                         INE_OK &&
                     ine_decision_read(&s->decision, s->body, s->len, INE_READ_BORROW, NULL) ==
                         INE_OK,
                 "preparation failed");
}

int main(void)
{
    static subject s;
    char title[80];
    prepare(&s);
    bench_row rows[] = {
        {.name = "floor: two kept SHA-256 states", .run = floor_run, .context = &s},
        {.name = "ine_verify_signature()", .run = verify_run, .context = &s},
        {.name = "OpenSSL HMAC()", .run = hmac_run, .context = &s},
        {.name = "libine: verify, read and verdict", .run = verdict_run, .context = &s},
    };
    snprintf(title, sizeof title, "verify a body of %zu bytes", s.len);
    bench_run(title, rows, sizeof rows / sizeof rows[0]);
    ine_decision_free(s.decision);
    ine_credentials_free(s.credentials);
    free(s.body);
    return 0;
}
