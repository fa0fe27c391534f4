/* Errors of the library as errors of the package: the facts go to a factory in TypeScript. */
#include "addon.h"

enum { FACTS = 18 };

napi_value ine_node_type_error(napi_env env, const char *text)
{
    bool pending = false;
    napi_is_exception_pending(env, &pending);
    if (!pending)
        napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", text);
    return NULL;
}

napi_value ine_node_problems(napi_env env, const ine_report *report)
{
    const size_t count = report ? ine_report_count(report) : 0;
    napi_value out = ine_node_array(env, count * 5);
    uint32_t at = 0;
    for (size_t i = 0; i < count; i++) {
        int32_t input = 0, problem = 0, is_error = 0;
        ine_str path = {NULL, 0}, hint = {NULL, 0};
        ine_report_item(report, i, &input, &path, &problem, &is_error, &hint);
        ine_node_put(env, out, at++, ine_node_integer(env, input));
        ine_node_put(env, out, at++, ine_node_string(env, path));
        ine_node_put(env, out, at++, ine_node_string(env, ine_name(INE_NAMES_PROBLEM, problem)));
        ine_node_put(env, out, at++, ine_node_integer(env, is_error));
        ine_node_put(env, out, at++, ine_node_string(env, hint));
    }
    return out;
}

static napi_value text(napi_env env, const ine_error *err, int32_t detail)
{
    return ine_node_string(env, ine_error_str(err, detail));
}

static napi_value number(napi_env env, const ine_error *err, int32_t detail)
{
    return ine_node_integer(env, ine_error_number(err, detail));
}

/* In the order of the factory's parameters: src/errors.ts. */
static void facts_of(napi_env env, const ine_error *err, napi_value *out)
{
    const int32_t code = ine_error_code(err);
    out[0] = ine_node_integer(env, code);
    out[1] = text(env, err, INE_DETAIL_CODE);
    out[2] = ine_node_integer(env, ine_code_class(code));
    out[3] = ine_node_string(env, ine_error_text(err));
    out[4] = number(env, err, INE_DETAIL_HTTP_STATUS);
    out[5] = number(env, err, INE_DETAIL_API_CODE);
    out[6] = number(env, err, INE_DETAIL_OFFSET);
    out[7] = number(env, err, INE_DETAIL_RETRY_AFTER_MS);
    out[8] = text(env, err, INE_DETAIL_STEP);
    out[9] = text(env, err, INE_DETAIL_SENT);
    out[10] = number(env, err, INE_DETAIL_RETRYABLE);
    out[11] = number(env, err, INE_DETAIL_TRANSPORT_CODE);
    out[12] = number(env, err, INE_DETAIL_ATTEMPTS);
    out[13] = text(env, err, INE_DETAIL_SESSION_ID);
    out[14] = text(env, err, INE_DETAIL_FIELD);
    out[15] = text(env, err, INE_DETAIL_HINT);
    out[16] = ine_node_problems(env, ine_error_report(err));
    out[17] = ine_node_string(env, ine_error_json(err));
}

napi_value ine_node_throw(const ine_node_call *call, int32_t code, ine_error *err)
{
    napi_env env = call->env;
    napi_value facts[FACTS], factory = NULL, receiver = NULL, error = NULL;
    if (code == INE_E_MEMORY || !err || !call->state->error_factory) {
        ine_error_free(err);
        napi_throw_error(env, NULL, "libine: out of memory");
        return NULL;
    }
    facts_of(env, err, facts);
    ine_error_free(err);
    napi_get_undefined(env, &receiver);
    if (napi_get_reference_value(env, call->state->error_factory, &factory) == napi_ok &&
        napi_call_function(env, receiver, factory, FACTS, facts, &error) == napi_ok)
        napi_throw(env, error);
    return NULL;
}
