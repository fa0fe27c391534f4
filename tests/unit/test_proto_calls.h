/* Single calls for the tests of core/proto: requests that are right, replies that are right, and a
 * script of answers. */
#ifndef INE_TESTS_PROTO_CALLS_H
#define INE_TESTS_PROTO_CALLS_H

#include "test_proto_world.h"

#define SESSION_BODY(status)                                                    \
    "{\"status\":\"success\",\"verification\":{\"id\":\"" WORLD_SESSION         \
    "\",\"url\":\"https://flow.test/v/token\",\"vendorData\":\"v-1\",\"host\":" \
    "\"https://flow.test\",\"status\":\"" status "\",\"sessionToken\":\"token\"}}"
#define PENDING_BODY "{\"status\":\"success\",\"verification\":null}"
#define MEDIA_BODY                                                              \
    "{\"status\":\"success\",\"image\":{\"id\":\"" WORLD_OTHER                  \
    "\",\"name\":\"face\",\"context\":\"face\",\"timestamp\":null,\"size\":12," \
    "\"mimetype\":\"image/jpeg\",\"url\":\"https://api.test/v1/media/x\","      \
    "\"sessionId\":\"" WORLD_SESSION "\"}}"
#define ERROR_BODY "{\"status\":\"fail\",\"code\":\"1101\",\"message\":\"Validation failed\"}"

static inline world_answer ok(const char *body)
{
    return (world_answer){
        .status = 200, .body = body, .body_len = strlen(body), .sign = WORLD_SIGNED};
}

static inline world_answer status(int32_t code)
{
    return (world_answer){
        .status = code, .body = ERROR_BODY, .body_len = strlen(ERROR_BODY), .sign = WORLD_SIGNED};
}

static inline world_answer failure(int32_t why)
{
    return (world_answer){.failure = why};
}

/* Answers in order; the last one for good. */
typedef struct script {
    world_answer answers[8];
    size_t count;
} script;

static inline world_answer play(world *w, const world_request *request)
{
    const script *s = w->context;
    (void)request;
    return s->answers[w->requests <= s->count ? w->requests - 1 : s->count - 1];
}

static unsigned char face[] = {0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1};

static inline ine_verification *verification(void)
{
    static const struct {
        int32_t input;
        const char *text;
    } inputs[] = {{INE_IN_CIC, "123456789"}, {INE_IN_VENDOR_DATA, "v-1"}};
    ine_verification *v = NULL;
    assert_int_equal(ine_verification_new(&v, INE_PRODUCT_MX_INE, NULL), INE_OK);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(ine_verification_set_text(v, inputs[i].input, inputs[i].text,
                                                   strlen(inputs[i].text), NULL),
                         INE_OK);
    assert_int_equal(ine_verification_set_number(v, INE_IN_CONSENT, 1, NULL), INE_OK);
    return v;
}

static inline ine_request *request_for(int32_t call)
{
    ine_request *request =
        world_request_for(call, call == INE_CALL_CREATE_SESSION ? NULL : WORLD_SESSION);
    assert_non_null(request);
    if (call == INE_CALL_CREATE_SESSION) {
        ine_verification *v = verification();
        assert_int_equal(ine_request_set_verification(request, v, NULL), INE_OK);
        ine_verification_free(v);
    } else if (call == INE_CALL_UPLOAD_MEDIA) {
        assert_int_equal(ine_request_set_media(request, INE_MEDIA_FACE, face, sizeof face, NULL),
                         INE_OK);
    } else if (call == INE_CALL_COLLECTED_DATA) {
        assert_int_equal(ine_request_set_text(request, INE_IN_BODY, "{\"a\":1}", 7, NULL), INE_OK);
    } else if (call >= INE_CALL_RAW_GET) {
        assert_int_equal(ine_request_set_text(request, INE_IN_PATH, "/v1/x/{id}", 10, NULL),
                         INE_OK);
        if (call == INE_CALL_RAW_POST || call == INE_CALL_RAW_PATCH)
            assert_int_equal(ine_request_set_text(request, INE_IN_BODY, "{}", 2, NULL), INE_OK);
    }
    return request;
}

static inline ine_exchange *open_exchange(int32_t call, const ine_options *options, int64_t now)
{
    ine_exchange *x = NULL;
    ine_request *request = request_for(call);
    ine_credentials *credentials = world_credentials();
    assert_int_equal(ine_exchange_new(&x, request, credentials, options, now, NULL), INE_OK);
    ine_request_free(request);
    ine_credentials_free(credentials);
    return x;
}

static inline int32_t run(world *w, int32_t call, const ine_options *options, ine_decision **out,
                          ine_error **err)
{
    ine_exchange *x = open_exchange(call, options, w->now);
    const int32_t code = world_run(w, x, out, err);
    ine_exchange_free(x);
    return code;
}

static const char *good_body(int32_t call)
{
    switch (call) {
    case INE_CALL_CREATE_SESSION:
        return SESSION_BODY("created");
    case INE_CALL_UPLOAD_MEDIA:
        return MEDIA_BODY;
    case INE_CALL_SUBMIT:
        return SESSION_BODY("submitted");
    case INE_CALL_DECISION:
        return PENDING_BODY;
    case INE_CALL_DELETE_SESSION:
        return "{\"status\":\"success\",\"verification\":{\"id\":\"" WORLD_SESSION "\"}}";
    case INE_CALL_COLLECTED_DATA:
        return "{\"status\":\"success\",\"sessionId\":\"" WORLD_SESSION
               "\",\"attemptId\":\"" WORLD_OTHER "\"}";
    default:
        return "{}";
    }
}

#endif
