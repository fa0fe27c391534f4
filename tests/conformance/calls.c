/* A call or a flow against a scripted transport: whoever drives it has no socket and no clock. */
#include "run.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_MOST = 1 << 16, IMAGE_MOST = 4096, STEPS_MOST = 1000 };

typedef struct driver {
    const json_t *scenario;
    ine_credentials *credentials;
    ine_options *options;
    ine_verification *who;
    ine_request *request;
    ine_exchange *exchange; /* a call: this; a flow: below */
    ine_flow *flow;
    size_t at; /* requests made */
    int64_t now;
    unsigned char image[IMAGE_MOST];
} driver;

/* Inputs by the names of the packages; those that are missing here are IN_NAMES' own. */
static const struct {
    const char *name;
    int32_t input;
} inputs[] = {
    {"cic", INE_IN_CIC},
    {"curp", INE_IN_CURP},
    {"first_name", INE_IN_FIRST_NAME},
    {"last_name", INE_IN_LAST_NAME},
    {"second_last_name", INE_IN_SECOND_LAST_NAME},
    {"first_issue", INE_IN_FIRST_ISSUE},
    {"valid_from", INE_IN_VALID_FROM},
    {"vendor_data", INE_IN_VENDOR_DATA},
    {"end_user_id", INE_IN_END_USER_ID},
    {"callback", INE_IN_CALLBACK},
    {"session_id", INE_IN_SESSION_ID},
    {"media_id", INE_IN_MEDIA_ID},
    {"attempt_id", INE_IN_ATTEMPT_ID},
    {"version", INE_IN_VERSION},
    {"timestamp", INE_IN_MEDIA_TIMESTAMP},
    {"path", INE_IN_PATH},
    {"query", INE_IN_QUERY},
    {"body", INE_IN_BODY},
};

static const char *const modes[] = {NULL, "start", "wait", "verify", "resume"};

static int32_t input_of(const driver *d, const char *name)
{
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
        if (strcmp(inputs[i].name, name) == 0)
            return inputs[i].input;
    }
    wrong(d->scenario, name);
}

static const char *member(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void must(const driver *d, int32_t code, const char *what)
{
    if (code != INE_OK)
        wrong(d->scenario, what);
}

static size_t image_of(driver *d, const json_t *image)
{
    const char *text = member(image, "base64");
    const size_t len = text ? strlen(text) : 0;
    const int bytes = EVP_DecodeBlock(d->image, (const unsigned char *)text, (int)len);
    if (bytes < 0 || len < 4)
        wrong(d->scenario, "image");
    return (size_t)bytes - (text[len - 1] == '=') - (text[len - 2] == '=');
}

static void set_options(driver *d)
{
    const char *name;
    json_t *value;
    must(d, ine_options_new(&d->options, NULL), "options");
    json_object_foreach(json_object_get(d->scenario, "settings"), name, value)
    {
        const int32_t option = ine_value(INE_NAMES_OPTION, name, strlen(name));
        must(d,
             json_is_string(value)
                 ? ine_options_set_text(d->options, option, json_string_value(value),
                                        json_string_length(value), NULL)
                 : ine_options_set_number(d->options, option, json_integer_value(value), NULL),
             name);
    }
}

static void set_who(driver *d, const json_t *who)
{
    const char *name;
    json_t *value;
    if (!who)
        return;
    must(d, ine_verification_new(&d->who, INE_PRODUCT_MX_INE, NULL), "who");
    json_object_foreach((json_t *)(uintptr_t)who, name, value)
    {
        if (strcmp(name, "selfie") == 0)
            must(d,
                 ine_verification_set_media(d->who, INE_MEDIA_FACE, d->image, image_of(d, value),
                                            NULL),
                 name);
        else if (strcmp(name, "consent") == 0)
            must(d, ine_verification_set_number(d->who, INE_IN_CONSENT, json_is_true(value), NULL),
                 name);
        else
            must(d,
                 ine_verification_set_text(d->who, input_of(d, name), json_string_value(value),
                                           json_string_length(value), NULL),
                 name);
    }
}

static void set_request(driver *d, const json_t *call)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)call, name, value)
    {
        if (strcmp(name, "do") == 0 || strcmp(name, "context") == 0)
            continue;
        if (strcmp(name, "who") == 0)
            must(d, ine_request_set_verification(d->request, d->who, NULL), name);
        else if (strcmp(name, "image") == 0)
            must(d,
                 ine_request_set_media(d->request,
                                       ine_value(INE_NAMES_MEDIA, member(call, "context"),
                                                 strlen(member(call, "context"))),
                                       d->image, image_of(d, value), NULL),
                 name);
        else
            must(d,
                 ine_request_set_text(d->request, input_of(d, name), json_string_value(value),
                                      json_string_length(value), NULL),
                 name);
    }
}

/* A refusal is a result. */
static int32_t open_call(driver *d, ine_error **err)
{
    const json_t *call = json_object_get(d->scenario, "call");
    const char *what = member(call, "do"), *session = member(call, "session_id");
    set_who(d, json_object_get(call, "who"));
    for (int32_t mode = INE_FLOW_START; mode <= INE_FLOW_RESUME; mode++) {
        if (strcmp(modes[mode], what) == 0)
            return ine_flow_new(&d->flow, mode, d->who, session, session ? strlen(session) : 0,
                                d->credentials, d->options, d->now, err);
    }
    must(d, ine_request_new(&d->request, ine_value(INE_NAMES_CALL, what, strlen(what)), NULL),
         what);
    set_request(d, call);
    return ine_exchange_new(&d->exchange, d->request, d->credentials, d->options, d->now, err);
}

static bool differs(const driver *d, const char *what, const char *got, size_t len)
{
    fprintf(stderr, "%s: request %zu: %s: %.*s\n", member(d->scenario, "name"), d->at + 1, what,
            (int)len, got ? got : "");
    return true;
}

static bool is(const json_t *text, ine_str got)
{
    return json_string_length(text) == got.len &&
           (got.len == 0 || memcmp(json_string_value(text), got.ptr, got.len) == 0);
}

static bool headers_differ(const driver *d, const json_t *headers)
{
    const ine_exchange *exchange = d->flow ? ine_flow_exchange(d->flow) : d->exchange;
    ine_str name, value;
    size_t count = 0;
    for (; ine_exchange_header(exchange, count, &name, &value) == INE_OK; count++) {
        char lower[64] = {0};
        for (size_t i = 0; i < name.len && i < sizeof lower - 1; i++)
            lower[i] = (char)tolower((unsigned char)name.ptr[i]);
        if (!is(json_object_get(headers, lower), value))
            return differs(d, lower, value.ptr, value.len);
    }
    return count != json_object_size(headers) && differs(d, "too few headers", NULL, 0);
}

static bool body_differs(driver *d, const json_t *body)
{
    ine_exchange *exchange = d->flow ? ine_flow_exchange(d->flow) : d->exchange;
    static char bytes[BODY_MOST];
    size_t len = 0, written = 0;
    int32_t want = INE_WANT_SEND;
    while (want != INE_WANT_RECV && len < sizeof bytes) {
        must(d,
             ine_exchange_read(exchange, bytes + len, sizeof bytes - len, &written, &want, NULL,
                               NULL, NULL),
             "reading the body");
        len += written;
    }
    return !is(body, (ine_str){bytes, len}) && differs(d, "body", bytes, len);
}

static void feed(driver *d, const json_t *step)
{
    ine_exchange *exchange = d->flow ? ine_flow_exchange(d->flow) : d->exchange;
    const json_t *reply = json_object_get(step, "reply");
    const char *failure = member(step, "failure");
    json_t *pair;
    size_t at;
    if (failure) {
        ine_exchange_feed_failure(exchange, ine_value(INE_NAMES_FAILURE, failure, strlen(failure)),
                                  0, d->now, NULL);
        return;
    }
    const int64_t status = json_integer_value(json_object_get(reply, "status"));
    ine_exchange_feed_status(exchange, (int32_t)status, NULL);
    json_array_foreach(json_object_get(reply, "headers"), at, pair)
    {
        const json_t *name = json_array_get(pair, 0), *value = json_array_get(pair, 1);
        ine_exchange_feed_header(exchange, json_string_value(name), json_string_length(name),
                                 json_string_value(value), json_string_length(value), NULL);
    }
    const json_t *body = json_object_get(reply, "body");
    ine_exchange_feed_body(exchange, json_string_value(body), json_string_length(body), NULL);
    ine_exchange_feed_end(exchange, d->now, NULL);
}

/* True when something else was sent than should have been. */
static bool send_differs(driver *d)
{
    const ine_exchange *exchange = d->flow ? ine_flow_exchange(d->flow) : d->exchange;
    const json_t *step = json_array_get(json_object_get(d->scenario, "exchange"), d->at);
    const json_t *request = json_object_get(step, "request");
    const ine_str method = ine_exchange_get(exchange, INE_X_METHOD);
    const ine_str target = ine_exchange_get(exchange, INE_X_TARGET);
    if (!step || !is(json_object_get(request, "method"), method))
        return differs(d, "one too many, or another method", method.ptr, method.len);
    if (!is(json_object_get(request, "target"), target))
        return differs(d, "target", target.ptr, target.len);
    if (headers_differ(d, json_object_get(request, "headers")) ||
        body_differs(d, json_object_get(request, "body")))
        return true;
    feed(d, step);
    d->at++;
    return false;
}

static json_t *take(driver *d)
{
    ine_verdict *verdict = NULL;
    ine_decision *decision = NULL;
    ine_error *err = NULL;
    json_t *out;
    const int32_t code = d->flow ? ine_flow_take(d->flow, &verdict, &decision, &err)
                                 : ine_exchange_take(d->exchange, &decision, &err);
    if (code != INE_OK) {
        out = error_result(err);
    } else if (verdict) {
        const ine_str text = ine_verdict_json(verdict);
        out = json_pack("{s:o}", "verdict", json_loadb(text.ptr, text.len, 0, NULL));
    } else {
        out = json_pack("{s:{s:o,s:o}}", "decision", "kind",
                        text_of(ine_name(INE_NAMES_KIND, ine_decision_kind(decision))), "bytes",
                        text_of(ine_decision_bytes(decision)));
    }
    ine_verdict_free(verdict);
    ine_decision_free(decision);
    return out;
}

static json_t *drive(driver *d)
{
    for (int i = 0; i < STEPS_MOST; i++) {
        int32_t want;
        int64_t wait = 0;
        must(d,
             d->flow ? ine_flow_next(d->flow, d->now, &want, &wait, NULL, NULL)
                     : ine_exchange_next(d->exchange, d->now, &want, &wait, NULL, NULL),
             "next");
        if (want == INE_WANT_WAIT)
            d->now += wait;
        else if (want == INE_WANT_SEND && send_differs(d))
            return NULL;
        else if (want == INE_WANT_DONE)
            return take(d);
    }
    wrong(d->scenario, "no end");
}

json_t *run_call(const json_t *scenario)
{
    driver d = {.scenario = scenario, .now = 1000};
    ine_error *err = NULL;
    set_options(&d);
    d.credentials = credentials_of(scenario, json_object_get(scenario, "credentials"));
    json_t *out = open_call(&d, &err) == INE_OK ? drive(&d) : error_result(err);
    if (out && d.at != json_array_size(json_object_get(scenario, "exchange"))) {
        differs(&d, "was never made", NULL, 0);
        json_decref(out);
        out = NULL;
    }
    ine_flow_free(d.flow);
    ine_exchange_free(d.exchange);
    ine_request_free(d.request);
    ine_verification_free(d.who);
    ine_options_free(d.options);
    ine_credentials_free(d.credentials);
    return out;
}
