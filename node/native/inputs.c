/* What is given to the library: settings, credentials, a person, a call. */
#include "addon.h"

static bool fill_one(const ine_node_call *call, void *handle, int32_t id, napi_value value,
                     ine_node_set_text *set_text, ine_node_set_number *set_number)
{
    napi_env env = call->env;
    napi_valuetype type;
    ine_error *err = NULL;
    int32_t code;
    napi_typeof(env, value, &type);
    if (type == napi_undefined || type == napi_null)
        return true;
    if (type == napi_number) {
        int64_t number = 0;
        napi_get_value_int64(env, value, &number);
        code = set_number(handle, id, number, &err);
    } else {
        ine_node_text text;
        if (!ine_node_text_in(env, value, &text))
            return false;
        code = set_text(handle, id, text.text.ptr, text.text.len, &err);
        ine_node_text_free(&text);
    }
    if (code == INE_OK)
        return true;
    ine_node_throw(call, code, err);
    return false;
}

bool ine_node_fill(const ine_node_call *call, size_t arg, void *handle, ine_node_set_text *text,
                   ine_node_set_number *number)
{
    uint32_t count = 0;
    if (napi_get_array_length(call->env, call->arg[arg], &count) != napi_ok) {
        ine_node_type_error(call->env, "libine: pairs of an id and a value are needed");
        return false;
    }
    for (uint32_t i = 0; i + 1 < count; i += 2) {
        napi_value id, value;
        int32_t number_of = 0;
        if (napi_get_element(call->env, call->arg[arg], i, &id) != napi_ok ||
            napi_get_element(call->env, call->arg[arg], i + 1, &value) != napi_ok ||
            napi_get_value_int32(call->env, id, &number_of) != napi_ok)
            return false;
        if (!fill_one(call, handle, number_of, value, text, number))
            return false;
    }
    return true;
}

/* The library's setters in one shape. */
#define INE_NODE_SETTERS(noun)                                                              \
    static int32_t noun##_text(void *handle, int32_t id, const char *text, size_t len,      \
                               ine_error **err)                                             \
    {                                                                                       \
        return ine_##noun##_set_text(handle, id, text, len, err);                           \
    }                                                                                       \
    static int32_t noun##_number(void *handle, int32_t id, int64_t number, ine_error **err) \
    {                                                                                       \
        return ine_##noun##_set_number(handle, id, number, err);                            \
    }

INE_NODE_SETTERS(options)
INE_NODE_SETTERS(verification)
INE_NODE_SETTERS(request)

/* optionsNew([id, value, ...]) */
static napi_value options_new(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_options *options = NULL;
    ine_error *err = NULL;
    if (!ine_node_begin(&call, env, info, 1))
        return NULL;
    const int32_t code = ine_options_new(&options, &err);
    if (code != INE_OK)
        return ine_node_throw(&call, code, err);
    if (ine_node_fill(&call, 0, options, options_text, options_number))
        return ine_node_wrap(env, INE_NODE_OPTIONS, options);
    ine_options_free(options);
    return NULL;
}

static int32_t add_secrets(const ine_node_call *call, ine_credentials *credentials,
                           napi_value secrets, ine_error **err)
{
    uint32_t count = 0;
    int32_t code = INE_OK;
    napi_get_array_length(call->env, secrets, &count);
    for (uint32_t i = 0; code == INE_OK && i < count; i++) {
        napi_value item;
        ine_str secret;
        const char label[2] = {(char)('0' + i % 10), 0};
        if (napi_get_element(call->env, secrets, i, &item) != napi_ok ||
            !ine_node_bytes_in(call->env, item, &secret))
            return INE_E_ARGUMENT;
        code = ine_credentials_add_secret(credentials, label, 1, secret.ptr, secret.len, err);
    }
    return code;
}

/* credentialsNew(label, API key, [secret, older secret, ...] as bytes) */
static napi_value credentials_new(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_text label, key;
    ine_credentials *credentials = NULL;
    ine_error *err = NULL;
    bool pending = false;
    if (!ine_node_begin(&call, env, info, 3) || !ine_node_text_in(env, call.arg[0], &label))
        return NULL;
    if (!ine_node_text_in(env, call.arg[1], &key)) {
        ine_node_text_free(&label);
        return NULL;
    }
    int32_t code = ine_credentials_new(&credentials, label.text.ptr, label.text.len, key.text.ptr,
                                       key.text.len, &err);
    ine_node_text_free(&label);
    ine_node_text_free(&key);
    if (code == INE_OK)
        code = add_secrets(&call, credentials, call.arg[2], &err);
    if (code == INE_OK)
        return ine_node_wrap(env, INE_NODE_CREDENTIALS, credentials);
    ine_credentials_free(credentials);
    napi_is_exception_pending(env, &pending);
    return pending ? NULL : ine_node_throw(&call, code, err);
}

static napi_value credentials_is_sandbox(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    napi_value out = NULL;
    if (!ine_node_begin(&call, env, info, 1))
        return NULL;
    const ine_credentials *credentials = ine_node_unwrap(&call, 0, INE_NODE_CREDENTIALS);
    if (credentials)
        napi_get_boolean(env, ine_credentials_is_sandbox(credentials) == 1, &out);
    return out;
}

/* verificationNew(product, [input, value, ...], [context, size, ...]): images that the host feeds.
 */
static ine_verification *make_verification(const ine_node_call *call)
{
    ine_verification *verification = NULL;
    ine_error *err = NULL;
    int64_t product;
    if (!ine_node_int(call, 0, &product))
        return NULL;
    const int32_t code = ine_verification_new(&verification, (int32_t)product, &err);
    if (code != INE_OK) {
        ine_node_throw(call, code, err);
        return NULL;
    }
    if (ine_node_fill(call, 1, verification, verification_text, verification_number))
        return verification;
    ine_verification_free(verification);
    return NULL;
}

static int32_t source_number(void *handle, int32_t context, int64_t size, ine_error **err)
{
    return ine_verification_set_media_source(handle, context, (uint64_t)size, err);
}

static int32_t lent_bytes(void *handle, int32_t context, const char *data, size_t len,
                          ine_error **err)
{
    return ine_verification_set_media(handle, context, data, len, err);
}

static napi_value verification_new(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    if (!ine_node_begin(&call, env, info, 3))
        return NULL;
    ine_verification *verification = make_verification(&call);
    if (!verification)
        return NULL;
    if (ine_node_fill(&call, 2, verification, lent_bytes, source_number))
        return ine_node_lend(&call, INE_NODE_VERIFICATION, verification);
    ine_verification_free(verification);
    return NULL;
}

/* check(product, [input, value, ...], [context, bytes or size, ...], options): [errors, problems].
 * The bytes are lent for this call only. */
static napi_value check(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    bool fine;
    napi_value out = NULL;
    ine_report *report = NULL;
    ine_error *err = NULL;
    if (!ine_node_begin(&call, env, info, 4))
        return NULL;
    const ine_options *options = ine_node_optional(&call, 3, INE_NODE_OPTIONS, &fine);
    ine_verification *verification = fine ? make_verification(&call) : NULL;
    if (!verification)
        return NULL;
    if (ine_node_fill(&call, 2, verification, lent_bytes, source_number)) {
        const int32_t code = ine_verification_check(verification, options, &report, &err);
        out = code == INE_OK ? ine_node_problems(env, report) : ine_node_throw(&call, code, err);
    }
    ine_report_free(report);
    ine_verification_free(verification);
    return out;
}

/* What a call is made of: (call, [input, value, ...], verification or null, context, size); a
 * context of 0 means no image. */
static int32_t make_request(const ine_node_call *call, ine_request **out, ine_error **err)
{
    int64_t which, context, size;
    bool fine;
    const ine_verification *verification = ine_node_optional(call, 2, INE_NODE_VERIFICATION, &fine);
    if (!fine || !ine_node_int(call, 0, &which) || !ine_node_int(call, 3, &context) ||
        !ine_node_int(call, 4, &size))
        return INE_E_ARGUMENT;
    int32_t code = ine_request_new(out, (int32_t)which, err);
    if (code == INE_OK && verification)
        code = ine_request_set_verification(*out, verification, err);
    if (code == INE_OK && context != 0)
        code = ine_request_set_media_source(*out, (int32_t)context, (uint64_t)size, err);
    if (code != INE_OK)
        return code;
    return ine_node_fill(call, 1, *out, request_text, request_number) ? INE_OK : INE_E_ARGUMENT;
}

/* exchangeNew(call, [input, value, ...], verification or null, context, size, credentials, options,
 * now) */
static napi_value exchange_new(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_request *request = NULL;
    ine_exchange *exchange = NULL;
    ine_error *err = NULL;
    bool pending = false;
    int64_t now;
    if (!ine_node_begin(&call, env, info, 8) || !ine_node_int(&call, 7, &now))
        return NULL;
    const ine_credentials *credentials = ine_node_unwrap(&call, 5, INE_NODE_CREDENTIALS);
    const ine_options *options = credentials ? ine_node_unwrap(&call, 6, INE_NODE_OPTIONS) : NULL;
    if (!options)
        return NULL;
    int32_t code = make_request(&call, &request, &err);
    if (code == INE_OK)
        code = ine_exchange_new(&exchange, request, credentials, options, now, &err);
    ine_request_free(request);
    if (code == INE_OK)
        return ine_node_lend(&call, INE_NODE_EXCHANGE, exchange);
    napi_is_exception_pending(env, &pending);
    return pending ? NULL : ine_node_throw(&call, code, err);
}

const ine_node_method ine_node_inputs_methods[] = {
    {"optionsNew", options_new},
    {"credentialsNew", credentials_new},
    {"credentialsIsSandbox", credentials_is_sandbox},
    {"verificationNew", verification_new},
    {"check", check},
    {"exchangeNew", exchange_new},
    {NULL, NULL},
};
