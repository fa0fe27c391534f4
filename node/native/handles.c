/* Handles of the library: externals that are collected, numbers that are freed. Each knows what it
 * holds, and can be freed once. */
#include "addon.h"

#include <stdlib.h>

#include "sandbox.h"

typedef struct handle {
    ine_node_type type;
    void *ptr; /* NULL: freed */
} handle;

static void release(int32_t type, void *ptr)
{
    switch (type) {
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
    default:
        break;
    }
}

static void release_handle(handle *h)
{
    void *ptr = h->ptr;
    h->ptr = NULL;
    release(h->type, ptr);
}

static void finalize(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)hint;
    release_handle(data);
    free(data);
}

napi_value ine_node_wrap(napi_env env, ine_node_type type, void *ptr)
{
    napi_value out = NULL;
    handle *h = malloc(sizeof *h);
    if (h) {
        *h = (handle){type, ptr};
        if (napi_create_external(env, h, finalize, NULL, &out) == napi_ok)
            return out;
        free(h);
    }
    release(type, ptr);
    napi_throw_error(env, NULL, "libine: out of memory");
    return NULL;
}

/* --- Numbers: index and generation of a slot. --- */

#define SLOT_BITS 20

static bool grow(ine_node_state *state)
{
    const size_t count = state->slot_count ? state->slot_count * 2 : 64;
    if (count > (size_t)1 << SLOT_BITS)
        return false;
    ine_node_slot *slots = realloc(state->slots, count * sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = state->slot_count; i < count; i++)
        slots[i] = (ine_node_slot){.generation = 1, .next = i + 1};
    state->slots = slots;
    state->slot_free = state->slot_count;
    state->slot_count = count;
    return true;
}

napi_value ine_node_lend(const ine_node_call *call, ine_node_type type, void *ptr)
{
    ine_node_state *state = call->state;
    if (state->slot_free == state->slot_count && !grow(state)) {
        release(type, ptr);
        napi_throw_error(call->env, NULL, "libine: out of memory");
        return NULL;
    }
    const size_t at = state->slot_free;
    ine_node_slot *slot = &state->slots[at];
    state->slot_free = slot->next;
    slot->ptr = ptr;
    slot->type = type;
    return ine_node_integer(call->env, (int64_t)slot->generation << SLOT_BITS | (int64_t)at);
}

static ine_node_slot *slot_of(const ine_node_state *state, int64_t number)
{
    const size_t at = (size_t)(number & ((1 << SLOT_BITS) - 1));
    if (number < 0 || at >= state->slot_count || !state->slots[at].ptr ||
        state->slots[at].generation != (uint32_t)(number >> SLOT_BITS))
        return NULL;
    return &state->slots[at];
}

static void free_slot(ine_node_state *state, ine_node_slot *slot)
{
    void *ptr = slot->ptr;
    slot->ptr = NULL;
    slot->generation++;
    slot->next = state->slot_free;
    state->slot_free = (size_t)(slot - state->slots);
    release(slot->type, ptr);
}

void ine_node_slots_free(ine_node_state *state)
{
    for (size_t i = 0; i < state->slot_count; i++) {
        if (state->slots[i].ptr)
            release(state->slots[i].type, state->slots[i].ptr);
    }
    free(state->slots);
}

/* --- Either --- */

static handle *external_of(const ine_node_call *call, size_t arg)
{
    napi_valuetype type;
    void *data = NULL;
    if (napi_typeof(call->env, call->arg[arg], &type) != napi_ok || type != napi_external ||
        napi_get_value_external(call->env, call->arg[arg], &data) != napi_ok)
        return NULL;
    return data;
}

/* What an argument holds; NULL when it holds nothing, or nothing any more. */
static void *held(const ine_node_call *call, size_t arg, int32_t *type)
{
    int64_t number;
    *type = 0;
    if (arg >= call->count)
        return NULL;
    if (napi_get_value_int64(call->env, call->arg[arg], &number) == napi_ok) {
        const ine_node_slot *slot = slot_of(call->state, number);
        *type = slot ? slot->type : 0;
        return slot ? slot->ptr : NULL;
    }
    const handle *h = external_of(call, arg);
    *type = h ? (int32_t)h->type : 0;
    return h ? h->ptr : NULL;
}

void *ine_node_unwrap(const ine_node_call *call, size_t arg, ine_node_type type)
{
    int32_t found;
    void *ptr = held(call, arg, &found);
    if (ptr && found == (int32_t)type)
        return ptr;
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
    int32_t type;
    void *ptr = held(call, arg, &type);
    *out = (ine_node_drive){NULL, NULL};
    if (ptr && type == INE_NODE_FLOW) {
        out->flow = ptr;
        out->exchange = ine_flow_exchange(out->flow);
        return true;
    }
    if (ptr && type == INE_NODE_EXCHANGE) {
        out->exchange = ptr;
        return true;
    }
    ine_node_type_error(call->env, "libine: an exchange or a flow is needed, one that is open");
    return false;
}

/* Frees what a handle holds now, not when it is collected. */
static napi_value free_handle(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    int64_t number;
    if (!ine_node_begin(&call, env, info, 1))
        return NULL;
    if (napi_get_value_int64(env, call.arg[0], &number) == napi_ok) {
        ine_node_slot *slot = slot_of(call.state, number);
        if (slot)
            free_slot(call.state, slot);
        return ine_node_undefined(env);
    }
    handle *h = external_of(&call, 0);
    if (h)
        release_handle(h);
    return ine_node_undefined(env);
}

const ine_node_method ine_node_handles_methods[] = {
    {"free", free_handle},
    {NULL, NULL},
};
