/* A small world for the tests of core/proto: credentials, a clock that jumps, and a driver that
 * does what a host does, with replies from a function of the test. The signatures are made and
 * checked with OpenSSL's HMAC(), not with our own. */
#ifndef INE_TESTS_PROTO_WORLD_H
#define INE_TESTS_PROTO_WORLD_H

#include "support.h"

#include "base/rng.h"
#include "ine.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#define WORLD_KEY     "f8b4c4a2-0f5e-4c7a-9a3f-2f0f3ddc7e10"
#define WORLD_SECRET  "abcdef12-abcd-abcd-abcd-abcdef012345"
#define WORLD_SESSION "12df6045-3846-3e45-946a-14fa6136d78b"
#define WORLD_OTHER   "aea9ba6d-1b47-47fc-a4fc-f72b6d3584a7"

static inline void world_sign(char out[65], const void *data, size_t len)
{
    unsigned char mac[32];
    unsigned int n = 0;
    HMAC(EVP_sha256(), WORLD_SECRET, (int)strlen(WORLD_SECRET), data, len, mac, &n);
    for (size_t i = 0; i < 32; i++)
        snprintf(out + 2 * i, 3, "%02x", mac[i]);
}

enum { WORLD_UNSIGNED = 0, WORLD_SIGNED, WORLD_WRONG };

/* What the other side answers. */
typedef struct world_answer {
    int32_t failure; /* INE_FAIL_*; 0: a reply */
    int32_t status;
    const char *body; /* freed when `owned` */
    size_t body_len;
    char *owned;
    int32_t sign;
    const char *headers[12]; /* pairs, NULL ends */
    size_t cut;              /* 0 none, n: the body ends before byte n - 1, cleanly */
} world_answer;

typedef struct world_request {
    char method[8], target[600], signature[80];
    char *body;
    size_t body_len;
    bool complete; /* the body was read to its end */
    int64_t at;
} world_request;

typedef struct world {
    int64_t now;
    size_t read_size; /* bytes a read; 0: 4096 */
    size_t feed_size; /* bytes a feed; 0: as many as wanted */
    const unsigned char *media;
    size_t media_len;
    size_t requests;
    world_request last;
    int64_t last_wait;
    world_answer (*answer)(struct world *world, const world_request *request);
    void *context;
    size_t steps;
} world;

static inline ine_credentials *world_credentials(void)
{
    ine_credentials *credentials = NULL;
    if (ine_credentials_new(&credentials, "test", 4, WORLD_KEY, strlen(WORLD_KEY), NULL) != INE_OK)
        return NULL;
    if (ine_credentials_add_secret(credentials, "a", 1, WORLD_SECRET, strlen(WORLD_SECRET), NULL) !=
        INE_OK) {
        ine_credentials_free(credentials);
        return NULL;
    }
    return credentials;
}

static inline ine_options *world_options(void)
{
    ine_options *options = NULL;
    const char base[] = "https://api.test/base";
    if (ine_options_new(&options, NULL) != INE_OK)
        return NULL;
    if (ine_options_set_text(options, INE_OPT_BASE_URL, base, strlen(base), NULL) != INE_OK ||
        ine_options_set_number(options, INE_OPT_SEED, 7, NULL) != INE_OK ||
        ine_options_set_number(options, INE_OPT_TODAY, 20260401, NULL) != INE_OK) {
        ine_options_free(options);
        return NULL;
    }
    return options;
}

static inline ine_request *world_request_for(int32_t call, const char *session)
{
    ine_request *request = NULL;
    if (ine_request_new(&request, call, NULL) != INE_OK)
        return NULL;
    if (session && ine_request_set_text(request, INE_IN_SESSION_ID, session, strlen(session),
                                        NULL) != INE_OK) {
        ine_request_free(request);
        return NULL;
    }
    return request;
}

static inline void world_forget(world *w)
{
    free(w->last.body);
    w->last = (world_request){0};
}

static inline void world_copy(char *out, size_t cap, ine_str text)
{
    snprintf(out, cap, "%.*s", (int)text.len, text.ptr ? text.ptr : "");
}

/* Feeds what is wanted from the world's media. */
static inline int32_t world_feed(world *w, ine_exchange *exchange, ine_flow *flow, int64_t at,
                                 int64_t most)
{
    size_t n = (size_t)at < w->media_len ? w->media_len - (size_t)at : 0;
    if (n > (size_t)most)
        n = (size_t)most;
    if (w->feed_size && n > w->feed_size)
        n = w->feed_size;
    const void *from = w->media + (n ? (size_t)at : 0);
    return exchange ? ine_exchange_feed_media(exchange, from, n, NULL)
                    : ine_flow_feed_media(flow, from, n, NULL);
}

/* Reads the whole body as a host does. */
static inline int32_t world_read(world *w, ine_exchange *exchange)
{
    char chunk[4096];
    const size_t cap = w->read_size ? w->read_size : sizeof chunk;
    size_t room = 0;
    for (;;) {
        size_t written;
        int32_t want;
        int64_t a, b;
        const int32_t code = ine_exchange_read(exchange, chunk, cap, &written, &want, &a, &b, NULL);
        if (code)
            return code;
        if (w->last.body_len + written > room) {
            room = (w->last.body_len + written) * 2;
            w->last.body = realloc(w->last.body, room);
            assert_non_null(w->last.body);
        }
        if (written)
            memcpy(w->last.body + w->last.body_len, chunk, written);
        w->last.body_len += written;
        if (want == INE_WANT_RECV) {
            w->last.complete = true;
            return INE_OK;
        }
        if (want == INE_WANT_MEDIA) {
            assert_int_equal(written, 0);
            assert_int_equal(world_feed(w, exchange, NULL, a, b), INE_OK);
        }
    }
}

static inline int32_t world_header(ine_exchange *exchange, const char *name, const char *value)
{
    return ine_exchange_feed_header(exchange, name, strlen(name), value, strlen(value), NULL);
}

static inline int32_t world_reply(world *w, ine_exchange *exchange, const world_answer *answer)
{
    char signature[65];
    size_t len = answer->body_len;
    int32_t code = ine_exchange_feed_status(exchange, answer->status, NULL);
    if (answer->sign != WORLD_UNSIGNED) {
        world_sign(signature, answer->body, answer->body_len);
        if (answer->sign == WORLD_WRONG)
            signature[0] = signature[0] == 'a' ? 'b' : 'a';
        code |= world_header(exchange, "X-HMAC-SIGNATURE", signature);
        code |= world_header(exchange, "X-AUTH-CLIENT", WORLD_KEY);
    }
    for (size_t i = 0; i + 1 < 12 && answer->headers[i]; i += 2)
        code |= world_header(exchange, answer->headers[i], answer->headers[i + 1]);
    if (answer->cut && len > answer->cut - 1)
        len = answer->cut - 1;
    if (code == INE_OK)
        code = ine_exchange_feed_body(exchange, answer->body, len, NULL);
    if (code == INE_E_LIMIT)
        return ine_exchange_feed_failure(exchange, INE_FAIL_LIMIT, -1, w->now, NULL);
    if (code)
        return code;
    return ine_exchange_feed_end(exchange, w->now, NULL);
}

/* One attempt: request out, answer in. */
static inline void world_attempt(world *w, ine_exchange *exchange)
{
    ine_str name, value;
    world_forget(w);
    w->requests++;
    w->last.at = w->now;
    world_copy(w->last.method, sizeof w->last.method, ine_exchange_get(exchange, INE_X_METHOD));
    world_copy(w->last.target, sizeof w->last.target, ine_exchange_get(exchange, INE_X_TARGET));
    for (size_t i = 0; ine_exchange_header(exchange, i, &name, &value) == INE_OK; i++) {
        if (ine__str_is(name, "X-HMAC-SIGNATURE"))
            world_copy(w->last.signature, sizeof w->last.signature, value);
    }
    if (world_read(w, exchange) != INE_OK)
        return; /* aborted */
    world_answer answer = w->answer(w, &w->last);
    if (answer.failure)
        ine_exchange_feed_failure(exchange, answer.failure, 99, w->now, NULL);
    else
        world_reply(w, exchange, &answer);
    free(answer.owned);
}

/* Drives an exchange to its end; waiting is a jump of the clock. */
static inline int32_t world_run(world *w, ine_exchange *exchange, ine_decision **out,
                                ine_error **err)
{
    for (w->steps = 0;; w->steps++) {
        int32_t want;
        int64_t a, b;
        assert_true(w->steps < 10000000);
        const int32_t code = ine_exchange_next(exchange, w->now, &want, &a, &b, err);
        if (code)
            return code;
        if (want == INE_WANT_DONE)
            return ine_exchange_take(exchange, out, err);
        if (want == INE_WANT_SEND) {
            world_attempt(w, exchange);
        } else if (want == INE_WANT_MEDIA) {
            world_feed(w, exchange, NULL, a, b);
        } else if (want == INE_WANT_WAIT) {
            assert_true(a > 0);
            w->last_wait = a;
            w->now += a;
        } else {
            return INE_E_STATE; /* aborted by a failed allocation */
        }
    }
}

/* A well-formed JPEG is not needed: what counts is what the first bytes say. */
static inline unsigned char *world_jpeg(size_t len)
{
    static const unsigned char head[] = {0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1};
    unsigned char *data = malloc(len ? len : 1);
    assert_non_null(data);
    for (size_t i = 0; i < len; i++)
        data[i] = i < sizeof head ? head[i] : (unsigned char)(i * 131 + (i >> 8));
    return data;
}

#endif
