/* The sandbox in process, and signed webhooks for tests. */
#include <stdlib.h>
#include <string.h>

#include "addon.h"
#include "ine_experimental.h"
#include "sandbox.h"

enum { HEADERS_MOST = 100 };

static napi_value boolean(napi_env env, bool value)
{
    napi_value out = NULL;
    napi_get_boolean(env, value, &out);
    return out;
}

/* sandboxNew(seed) */
static napi_value sandbox_new(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_sandbox_store store;
    int64_t seed;
    if (!ine_node_begin(&call, env, info, 1) || !ine_node_int(&call, 0, &seed))
        return NULL;
    ine_sandbox *sandbox =
        ine_sandbox_memory_store(&store) ? ine_sandbox_new(&store, (uint64_t)seed) : NULL;
    if (!sandbox) {
        napi_throw_error(env, NULL, "libine: out of memory");
        return NULL;
    }
    return ine_node_wrap(env, INE_NODE_SANDBOX, sandbox);
}

/* "name\nvalue\n..." in place, into views. */
static size_t split(char *text, size_t len, ine_sandbox_header *headers)
{
    size_t count = 0;
    char *end = text + len;
    while (text < end && count < HEADERS_MOST) {
        char *colon = memchr(text, '\n', (size_t)(end - text));
        if (!colon)
            break;
        char *value = colon + 1;
        char *stop = memchr(value, '\n', (size_t)(end - value));
        stop = stop ? stop : end;
        headers[count].name = (ine_str){text, (size_t)(colon - text)};
        headers[count++].value = (ine_str){value, (size_t)(stop - value)};
        text = stop + 1;
    }
    return count;
}

static napi_value headers_out(const ine_node_call *call, const ine_sandbox_header *headers,
                              size_t count)
{
    napi_value out = ine_node_array(call->env, 2 * count);
    for (uint32_t i = 0; i < count; i++) {
        ine_node_put(call->env, out, 2 * i, ine_node_string(call->env, headers[i].name));
        ine_node_put(call->env, out, 2 * i + 1, ine_node_string(call->env, headers[i].value));
    }
    return out;
}

static napi_value reply_out(const ine_node_call *call, const ine_sandbox_reply *reply)
{
    napi_value out = ine_node_array(call->env, 3);
    ine_node_put(call->env, out, 0, ine_node_integer(call->env, reply->status));
    ine_node_put(call->env, out, 1, headers_out(call, reply->headers, reply->header_count));
    ine_node_put(call->env, out, 2, ine_node_buffer(call->env, reply->body));
    return out;
}

/* sandboxHandle(sandbox, method, target, "name\nvalue\n...", body, now): [status, headers, body] */
static napi_value sandbox_handle(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_text method, target;
    ine_sandbox_header headers[HEADERS_MOST];
    ine_sandbox_request request = {.headers = headers};
    napi_value out = NULL;
    int64_t now;
    size_t len = 0;
    if (!ine_node_begin(&call, env, info, 6) || !ine_node_int(&call, 5, &now))
        return NULL;
    ine_sandbox *sandbox = ine_node_unwrap(&call, 0, INE_NODE_SANDBOX);
    if (!sandbox || !ine_node_bytes_in(env, call.arg[4], &request.body) ||
        napi_get_value_string_latin1(env, call.arg[3], NULL, 0, &len) != napi_ok ||
        !ine_node_text_in(env, call.arg[1], &method))
        return NULL;
    char *lines = malloc(len + 1);
    if (lines && ine_node_text_in(env, call.arg[2], &target)) {
        napi_get_value_string_latin1(env, call.arg[3], lines, len + 1, &len);
        request.header_count = split(lines, len, headers);
        request.method = method.text;
        request.target = target.text;
        out = reply_out(&call, ine_sandbox_handle(sandbox, &request, now));
        ine_node_text_free(&target);
    }
    free(lines);
    ine_node_text_free(&method);
    return out;
}

/* One text into one function of the sandbox. */
static napi_value with_text(const ine_node_call *call, size_t arg,
                            bool (*set)(ine_sandbox *, ine_str))
{
    ine_node_text text;
    ine_sandbox *sandbox = ine_node_unwrap(call, 0, INE_NODE_SANDBOX);
    if (!sandbox || !ine_node_text_in(call->env, call->arg[arg], &text))
        return NULL;
    napi_value out = boolean(call->env, set(sandbox, text.text));
    ine_node_text_free(&text);
    return out;
}

static napi_value sandbox_base_url(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    if (!ine_node_begin(&call, env, info, 2))
        return NULL;
    return with_text(&call, 1, ine_sandbox_base_url);
}

/* sandboxSet(sandbox, setting, value) */
static napi_value sandbox_set(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    int64_t setting, value;
    if (!ine_node_begin(&call, env, info, 3) || !ine_node_int(&call, 1, &setting) ||
        !ine_node_int(&call, 2, &value))
        return NULL;
    ine_sandbox *sandbox = ine_node_unwrap(&call, 0, INE_NODE_SANDBOX);
    return sandbox ? boolean(env, ine_sandbox_set(sandbox, (int32_t)setting, value)) : NULL;
}

/* sandboxIntegration(sandbox, product): [API key, secret] */
static napi_value sandbox_integration(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_str key = {NULL, 0}, secret = {NULL, 0};
    int64_t product;
    if (!ine_node_begin(&call, env, info, 2) || !ine_node_int(&call, 1, &product))
        return NULL;
    ine_sandbox *sandbox = ine_node_unwrap(&call, 0, INE_NODE_SANDBOX);
    if (!sandbox)
        return NULL;
    if (!ine_sandbox_integration(sandbox, (int32_t)product, &key, &secret))
        return ine_node_type_error(env, "libine: the sandbox has no such product");
    napi_value out = ine_node_array(env, 2);
    ine_node_put(env, out, 0, ine_node_string(env, key));
    ine_node_put(env, out, 1, ine_node_string(env, secret));
    return out;
}

/* sandboxWebhookUrl(sandbox, API key, kind, url) */
static napi_value sandbox_webhook_url(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_text key, url;
    char kind[32];
    size_t len = 0;
    if (!ine_node_begin(&call, env, info, 4) ||
        napi_get_value_string_utf8(env, call.arg[2], kind, sizeof kind, &len) != napi_ok)
        return NULL;
    ine_sandbox *sandbox = ine_node_unwrap(&call, 0, INE_NODE_SANDBOX);
    if (!sandbox || !ine_node_text_in(env, call.arg[1], &key))
        return NULL;
    napi_value out = NULL;
    if (ine_node_text_in(env, call.arg[3], &url)) {
        out = boolean(env, ine_sandbox_webhook_url(sandbox, key.text, kind, url.text));
        ine_node_text_free(&url);
    }
    ine_node_text_free(&key);
    return out;
}

/* sandboxDue(sandbox, now): [number, url, headers, body] of the next webhook that is due; null */
static napi_value sandbox_due(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_sandbox_webhook webhook;
    napi_value out = NULL;
    int64_t now;
    if (!ine_node_begin(&call, env, info, 2) || !ine_node_int(&call, 1, &now))
        return NULL;
    ine_sandbox *sandbox = ine_node_unwrap(&call, 0, INE_NODE_SANDBOX);
    if (!sandbox)
        return NULL;
    if (!ine_sandbox_due(sandbox, now, &webhook)) {
        napi_get_null(env, &out);
        return out;
    }
    out = ine_node_array(env, 4);
    ine_node_put(env, out, 0, ine_node_integer(env, webhook.number));
    ine_node_put(env, out, 1, ine_node_string(env, webhook.url));
    ine_node_put(env, out, 2, headers_out(&call, webhook.headers, webhook.header_count));
    ine_node_put(env, out, 3, ine_node_buffer(env, webhook.body));
    return out;
}

/* sandboxDelivered(sandbox, number, status) */
static napi_value sandbox_delivered(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    int64_t number, status;
    if (!ine_node_begin(&call, env, info, 3) || !ine_node_int(&call, 1, &number) ||
        !ine_node_int(&call, 2, &status))
        return NULL;
    ine_sandbox *sandbox = ine_node_unwrap(&call, 0, INE_NODE_SANDBOX);
    if (!sandbox)
        return NULL;
    ine_sandbox_delivered(sandbox, number, (int32_t)status);
    return ine_node_undefined(env);
}

/* sandboxWait(sandbox, now): milliseconds until a webhook is due, -1: none is waiting. */
static napi_value sandbox_wait(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    int64_t now;
    if (!ine_node_begin(&call, env, info, 2) || !ine_node_int(&call, 1, &now))
        return NULL;
    const ine_sandbox *sandbox = ine_node_unwrap(&call, 0, INE_NODE_SANDBOX);
    return sandbox ? ine_node_integer(env, ine_sandbox_wait_ms(sandbox, now)) : NULL;
}

/* [name, CIC, about, ...] */
static napi_value scenarios(napi_env env, napi_callback_info info)
{
    ine_str name, cic, about;
    napi_value out = ine_node_array(env, 0);
    uint32_t at = 0;
    (void)info;
    for (size_t i = 0; ine_sandbox_scenario(i, &name, &cic, &about); i++) {
        ine_node_put(env, out, at++, ine_node_string(env, name));
        ine_node_put(env, out, at++, ine_node_string(env, cic));
        ine_node_put(env, out, at++, ine_node_string(env, about));
    }
    return out;
}

/* testingWebhook(scenario, vendorData or null, credentials, now): [body, signature] */
static napi_value testing_webhook(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_text scenario, vendor;
    ine_text *body = NULL;
    ine_error *err = NULL;
    char signature[64];
    int64_t now;
    if (!ine_node_begin(&call, env, info, 4) || !ine_node_int(&call, 3, &now))
        return NULL;
    const ine_credentials *credentials = ine_node_unwrap(&call, 2, INE_NODE_CREDENTIALS);
    if (!credentials || !ine_node_text_in(env, call.arg[0], &scenario))
        return NULL;
    if (!ine_node_text_in(env, call.arg[1], &vendor)) {
        ine_node_text_free(&scenario);
        return NULL;
    }
    const int32_t code =
        ine_testing_webhook(&body, signature, scenario.text.ptr, scenario.text.len, vendor.text.ptr,
                            vendor.text.len, credentials, now, &err);
    ine_node_text_free(&scenario);
    ine_node_text_free(&vendor);
    if (code != INE_OK)
        return ine_node_throw(&call, code, err);
    napi_value out = ine_node_array(env, 2);
    ine_node_put(env, out, 0, ine_node_buffer(env, ine_text_view(body)));
    ine_node_put(env, out, 1, ine_node_string(env, (ine_str){signature, sizeof signature}));
    ine_text_free(body);
    return out;
}

const ine_node_method ine_node_sandbox_methods[] = {
    {"sandboxNew", sandbox_new},
    {"sandboxHandle", sandbox_handle},
    {"sandboxBaseUrl", sandbox_base_url},
    {"sandboxSet", sandbox_set},
    {"sandboxIntegration", sandbox_integration},
    {"sandboxWebhookUrl", sandbox_webhook_url},
    {"sandboxDue", sandbox_due},
    {"sandboxDelivered", sandbox_delivered},
    {"sandboxWait", sandbox_wait},
    {"scenarios", scenarios},
    {"testingWebhook", testing_webhook},
    {NULL, NULL},
};
