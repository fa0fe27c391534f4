/* Handles of the library as externals. Each knows what it holds; it can be freed early, once. */
#include "addon.h"

#include <stdlib.h>

#include "sandbox.h"

typedef struct handle {
    ine_node_type type;
    void *ptr; /* NULL: freed */
} handle;

static void release(handle *h)
{
    void *ptr = h->ptr;
    h->ptr = NULL;
    if (!ptr)
        return;
    switch (h->type) {
    case INE_NODE_OPTIONS:
        ine_options_free(ptr);
        break;
    case INE_NODE_CREDENTIALS:
        ine_credentials_free(ptr);
        break;
    case INE_NODE_WEBHOOKS:
        ine_webhooks_free(ptr);
        break;
    case INE_NODE_VERIFICATION:
        ine_verification_free(ptr);
        break;
    case INE_NODE_EXCHANGE:
        ine_exchange_free(ptr);
        break;
    case INE_NODE_FLOW:
        ine_flow_free(ptr);
        break;
    case INE_NODE_SANDBOX:
        ine_sandbox_free(ptr);
        break;
    }
}

static void finalize(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)hint;
    release(data);
    free(data);
}

napi_value ine_node_wrap(napi_env env, ine_node_type type, void *ptr)
{
    napi_value out = NULL;
    handle *h = malloc(sizeof *h);
    handle lost = {type, ptr};
    if (h) {
        *h = lost;
        if (napi_create_external(env, h, finalize, NULL, &out) == napi_ok)
            return out;
        free(h);
    }
    release(&lost);
    napi_throw_error(env, NULL, "libine: out of memory");
    return NULL;
}

static handle *handle_of(const ine_node_call *call, size_t arg)
{
    napi_valuetype type;
    void *data = NULL;
    if (arg >= call->count || napi_typeof(call->env, call->arg[arg], &type) != napi_ok ||
        type != napi_external ||
        napi_get_value_external(call->env, call->arg[arg], &data) != napi_ok)
        return NULL;
    return data;
}

void *ine_node_unwrap(const ine_node_call *call, size_t arg, ine_node_type type)
{
    const handle *h = handle_of(call, arg);
    if (h && h->type == type && h->ptr)
        return h->ptr;
    ine_node_type_error(call->env, "libine: a handle of another type, or one that was closed");
    return NULL;
}

void *ine_node_optional(const ine_node_call *call, size_t arg, ine_node_type type, bool *fine)
{
    *fine = true;
    if (arg >= call->count || ine_node_is_nothing(call->env, call->arg[arg]))
        return NULL;
    void *ptr = ine_node_unwrap(call, arg, type);
    *fine = ptr != NULL;
    return ptr;
}

bool ine_node_unwrap_drive(const ine_node_call *call, size_t arg, ine_node_drive *out)
{
    const handle *h = handle_of(call, arg);
    *out = (ine_node_drive){NULL, NULL};
    if (h && h->ptr && h->type == INE_NODE_FLOW) {
        out->flow = h->ptr;
        out->exchange = ine_flow_exchange(out->flow);
        return true;
    }
    if (h && h->ptr && h->type == INE_NODE_EXCHANGE) {
        out->exchange = h->ptr;
        return true;
    }
    ine_node_type_error(call->env, "libine: an exchange or a flow is needed, one that is open");
    return false;
}

/* Frees what a handle holds now, not when it is collected. */
static napi_value free_handle(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    if (!ine_node_begin(&call, env, info, 1))
        return NULL;
    handle *h = handle_of(&call, 0);
    if (h)
        release(h);
    return ine_node_undefined(env);
}

const ine_node_method ine_node_handles_methods[] = {
    {"free", free_handle},
    {NULL, NULL},
};
