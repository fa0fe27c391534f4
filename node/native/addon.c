/* The module: its instance, and the tables of functions made into one object. */
#include "addon.h"

#include <stdlib.h>

static void state_free(napi_env env, void *data, void *hint)
{
    ine_node_state *state = data;
    (void)env;
    (void)hint;
    /* The references end with the environment; `number` is the Float64Array's. */
    ine_node_slots_free(state);
    free(state);
}

bool ine_node_begin(ine_node_call *call, napi_env env, napi_callback_info info, size_t want)
{
    void *state = NULL;
    call->env = env;
    call->count = INE_NODE_ARGS;
    if (napi_get_cb_info(env, info, &call->count, call->arg, NULL, &state) != napi_ok)
        return false;
    call->state = state;
    if (call->count >= want)
        return true;
    ine_node_type_error(env, "libine: too few arguments");
    return false;
}

static napi_value set_error_factory(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    if (!ine_node_begin(&call, env, info, 1))
        return NULL;
    if (call.state->error_factory)
        napi_delete_reference(env, call.state->error_factory);
    call.state->error_factory = NULL;
    napi_create_reference(env, call.arg[0], 1, &call.state->error_factory);
    return ine_node_undefined(env);
}

/* Versions as seen at run time, as lines of key=value. */
static napi_value build_info(napi_env env, napi_callback_info info)
{
    (void)info;
    return ine_node_string(env, ine_build_info());
}

static napi_value version(napi_env env, napi_callback_info info)
{
    (void)info;
    return ine_node_string(env, ine_version());
}

static napi_value name(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    int64_t names, value;
    if (!ine_node_begin(&call, env, info, 2) || !ine_node_int(&call, 0, &names) ||
        !ine_node_int(&call, 1, &value))
        return NULL;
    return ine_node_string(env, ine_name((int32_t)names, (int32_t)value));
}

const ine_node_method ine_node_basic_methods[] = {
    {"setErrorFactory", set_error_factory},
    {"buildInfo", build_info},
    {"version", version},
    {"name", name},
    {NULL, NULL},
};

static bool add_methods(napi_env env, napi_value exports, ine_node_state *state,
                        const ine_node_method *table)
{
    for (const ine_node_method *m = table; m->name; m++) {
        napi_value function;
        if (napi_create_function(env, m->name, NAPI_AUTO_LENGTH, m->function, state, &function) !=
                napi_ok ||
            napi_set_named_property(env, exports, m->name, function) != napi_ok)
            return false;
    }
    return true;
}

static bool add_numbers(napi_env env, napi_value exports, ine_node_state *state)
{
    napi_value buffer, array;
    void *memory = NULL;
    if (napi_create_arraybuffer(env, INE_NODE_NUMBERS * sizeof(double), &memory, &buffer) !=
            napi_ok ||
        napi_create_typedarray(env, napi_float64_array, INE_NODE_NUMBERS, buffer, 0, &array) !=
            napi_ok)
        return false;
    state->number = memory;
    /* A strong reference: the memory lives as long as the instance that writes into it. */
    return napi_create_reference(env, array, 1, &state->numbers) == napi_ok &&
           napi_set_named_property(env, exports, "numbers", array) == napi_ok;
}

NAPI_MODULE_INIT(/* napi_env env, napi_value exports */)
{
    static const ine_node_method *const tables[] = {
        ine_node_basic_methods,    ine_node_handles_methods, ine_node_results_methods,
        ine_node_webhooks_methods, ine_node_inputs_methods,  ine_node_local_methods,
        ine_node_drive_methods,    ine_node_sandbox_methods, ine_node_socket_methods,
        ine_node_pool_methods,
    };
    ine_node_state *state = calloc(1, sizeof *state);
    ine_error *err = NULL;
    if (!state || napi_set_instance_data(env, state, state_free, NULL) != napi_ok) {
        free(state);
        napi_throw_error(env, NULL, "libine: out of memory");
        return NULL;
    }
    if (ine_init(&err) != INE_OK) {
        ine_error_free(err);
        napi_throw_error(env, NULL, "libine: the library could not be initialised");
        return NULL;
    }
    bool made = add_numbers(env, exports, state);
    for (size_t i = 0; made && i < sizeof tables / sizeof tables[0]; i++)
        made = add_methods(env, exports, state, tables[i]);
    if (!made)
        napi_throw_error(env, NULL, "libine: the addon could not be set up");
    return exports;
}
