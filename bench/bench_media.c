/* A selfie of 3,000,000 bytes: signed and written out, in constant memory, against the MAC alone.
 */
#include "bench.h"

#include "ine.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <unistd.h>

#define SIZE 3000000

typedef struct subject {
    unsigned char *image;
    char *body; /* what the naive way makes: all of it in memory */
    size_t body_len;
    int file;
    ine_credentials *credentials;
    ine_options *options;
} subject;

static const char secret[] = "abcdef12-abcd-abcd-abcd-abcdef012345";

/* A JPEG in form: pixels that are noise between a head and an end. */
static void make_image(subject *s)
{
    static const unsigned char head[] = {0xff, 0xd8, 0xff, 0xdb, 0, 4,  0, 0,  0xff, 0xc0, 0,
                                         11,   8,    0,    64,   0, 64, 1, 1,  0x11, 0,    0xff,
                                         0xda, 0,    8,    1,    1, 0,  0, 63, 0};
    uint32_t state = 1;
    s->image = malloc(SIZE);
    bench_expect(s->image != NULL, "memory");
    for (size_t i = 0; i < SIZE; i++) {
        state = state * 1664525u + 1013904223u;
        s->image[i] = (unsigned char)((state >> 24) % 0xff); /* never FF */
    }
    memcpy(s->image, head, sizeof head);
    s->image[SIZE - 2] = 0xff;
    s->image[SIZE - 1] = 0xd9;
    char name[] = "/tmp/ine-bench-XXXXXX";
    s->file = mkstemp(name);
    bench_expect(s->file >= 0 && write(s->file, s->image, SIZE) == SIZE, "the file");
    unlink(name);
}

/* The yardstick: the MAC of a body that lies finished in memory. */
static void mac_run(void *context)
{
    subject *s = context;
    unsigned char out[32];
    unsigned int len = sizeof out;
    HMAC(EVP_sha256(), secret, 36, (const unsigned char *)s->body, s->body_len, out, &len);
}

static void naive_run(void *context)
{
    subject *s = context;
    unsigned char out[32];
    unsigned int len = sizeof out;
    char *body = malloc(s->body_len + 100);
    const int n = EVP_EncodeBlock((unsigned char *)body, s->image, SIZE);
    HMAC(EVP_sha256(), secret, 36, (unsigned char *)body, (size_t)n, out, &len);
    free(body);
}

static void upload(subject *s, int from_file)
{
    ine_request *request = NULL;
    ine_exchange *x = NULL;
    char buffer[65536];
    unsigned char window[65536];
    int32_t want;
    int64_t a, b;
    size_t n, total = 0;
    ine_request_new(&request, INE_CALL_UPLOAD_MEDIA, NULL);
    ine_request_set_text(request, INE_IN_SESSION_ID, secret, 36, NULL);
    if (from_file)
        ine_request_set_media_source(request, INE_MEDIA_FACE, SIZE, NULL);
    else
        ine_request_set_media(request, INE_MEDIA_FACE, s->image, SIZE, NULL);
    bench_expect(ine_exchange_new(&x, request, s->credentials, s->options, 0, NULL) == INE_OK,
                 "exchange");
    do {
        bench_expect(ine_exchange_next(x, 0, &want, &a, &b, NULL) == INE_OK, "next");
        while (want == INE_WANT_MEDIA || want == INE_WANT_SEND) {
            if (want == INE_WANT_MEDIA) {
                const size_t most = (size_t)b < sizeof window ? (size_t)b : sizeof window;
                const ssize_t got = pread(s->file, window, most, a);
                bench_expect(got > 0 && ine_exchange_feed_media(x, window, (size_t)got, NULL) == 0,
                             "feed");
                if (total == 0)
                    break;
            }
            bench_expect(ine_exchange_read(x, buffer, sizeof buffer, &n, &want, &a, &b, NULL) == 0,
                         "read");
            total += n;
        }
    } while (want == INE_WANT_MEDIA);
    bench_expect(want == INE_WANT_RECV && total == ine_exchange_body_size(x), "not all was sent");
    ine_exchange_free(x);
    ine_request_free(request);
}

static void memory_run(void *context)
{
    upload(context, 0);
}

static void file_run(void *context)
{
    upload(context, 1);
}

int main(void)
{
    subject s = {0};
    make_image(&s);
    s.body_len = 4 * ((SIZE + 2) / 3) + 100;
    s.body = malloc(s.body_len);
    bench_expect(s.body != NULL, "memory");
    memset(s.body, 'A', s.body_len);
    ine_credentials_new(&s.credentials, NULL, 0, secret, 36, NULL);
    ine_credentials_add_secret(s.credentials, NULL, 0, secret, 36, NULL);
    ine_options_new(&s.options, NULL);
    ine_options_set_text(s.options, INE_OPT_BASE_URL, "https://example.com", 19, NULL);
    bench_row rows[] = {
        {.name = "HMAC() of the finished body", .run = mac_run, .context = &s},
        {.name = "whole body in memory, EVP_EncodeBlock, HMAC()", .run = naive_run, .context = &s},
        {.name = "libine, image in memory", .run = memory_run, .context = &s},
        {.name = "libine, image in a file", .run = file_run, .context = &s}};
    bench_run("look at, sign and write out an image of 3,000,000 bytes", rows, 4);
    for (size_t i = 2; i < 4; i++)
        printf("  %-52s %9.0f MB/s of image\n", rows[i].name,
               SIZE * 1e3 / rows[i].ns[BENCH_ROUNDS / 2]);
    ine_options_free(s.options);
    ine_credentials_free(s.credentials);
    close(s.file);
    free(s.image);
    free(s.body);
    return 0;
}
