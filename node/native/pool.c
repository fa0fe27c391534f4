/* Bodies that an event or a decision keeps lie one after the other in memory that JavaScript owns:
 * a Buffer of their own each would cost more than reading them. */
#include "addon.h"

#include <string.h>

enum { POOL = 32768, POOLED = POOL / 4, N_KEPT = INE_NODE_ENDS - 2, N_POOL };

static bool new_pool(const ine_node_call *call)
{
    napi_value buffer, array;
    void *memory = NULL;
    ine_node_state *state = call->state;
    if (napi_create_arraybuffer(call->env, POOL, &memory, &buffer) != napi_ok ||
        napi_create_typedarray(call->env, napi_uint8_array, POOL, buffer, 0, &array) != napi_ok)
        return false;
    if (state->pool_array)
        napi_delete_reference(call->env, state->pool_array);
    state->pool_array = NULL;
    state->pool = NULL;
    if (napi_create_reference(call->env, array, 1, &state->pool_array) != napi_ok)
        return false;
    state->pool = memory;
    state->pool_used = 0;
    state->number[N_POOL]++;
    return true;
}

bool ine_node_keep(const ine_node_call *call, ine_str body)
{
    ine_node_state *state = call->state;
    const bool fits = body.len <= POOLED &&
                      ((state->pool && state->pool_used + body.len <= POOL) || new_pool(call));
    state->number[N_KEPT] = fits ? (double)state->pool_used : -1;
    if (!fits)
        return false;
    if (body.len)
        memcpy(state->pool + state->pool_used, body.ptr, body.len);
    state->pool_used += body.len;
    return true;
}

/* pool(): the Uint8Array that bodies are kept in now. */
static napi_value pool(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    napi_value out = NULL;
    if (ine_node_begin(&call, env, info, 0) && call.state->pool_array)
        napi_get_reference_value(env, call.state->pool_array, &out);
    return out;
}

const ine_node_method ine_node_pool_methods[] = {
    {"pool", pool},
    {NULL, NULL},
};
