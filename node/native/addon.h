/*
 * What the files of the addon share. The addon is private: its callers are the TypeScript files of
 * the package, which check types and say what is wrong with them.
 *
 * Results cross in one go. Numbers are written into one Float64Array that lies in the instance
 * (ine_node_state.number), texts come joined in one string with their ends in the same array: the
 * caller reads both before its next call. Nothing here keeps a caller's memory beyond a call.
 *
 * Everything lives in the instance: an environment (the main thread, each worker) has its own.
 */
#ifndef INE_NODE_ADDON_H
#define INE_NODE_ADDON_H

#define NAPI_VERSION 8
#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>

#include "ine.h"

/* Places in ine_node_state.number; src/core.ts has the same. */
enum {
    INE_NODE_NUMBERS = 192,
    INE_NODE_ENDS = 64 /* from here: where each of the joined texts ends, -1: absent */
};

/* A handle that is a number: what its owner frees by itself, and which is too many to be collected.
 */
typedef struct ine_node_slot {
    void *ptr; /* NULL: free */
    int32_t type;
    uint32_t generation;
    size_t next; /* free slots: the next one */
} ine_node_slot;

typedef struct ine_node_state {
    ine_node_slot *slots;
    size_t slot_count, slot_free; /* slot_free == slot_count: none is free */
    double *number;               /* INE_NODE_NUMBERS of them, the memory of a Float64Array */
    napi_ref numbers;
    napi_ref error_factory;
    /* Where bodies of webhooks are kept, one after the other: the memory of a Uint8Array. */
    unsigned char *pool;
    napi_ref pool_array;
    size_t pool_used;
} ine_node_state;

/* An environment's call: its arguments, and the state. */
enum { INE_NODE_ARGS = 10 };

typedef struct ine_node_call {
    napi_env env;
    ine_node_state *state;
    size_t count;
    napi_value arg[INE_NODE_ARGS];
} ine_node_call;

/* Reads the arguments; false with an exception when there are fewer than `want`. */
bool ine_node_begin(ine_node_call *call, napi_env env, napi_callback_info info, size_t want);

/* --- Handles ---------------------------------------------------------------------------------- */

typedef enum ine_node_type {
    INE_NODE_OPTIONS = 0x1e01,
    INE_NODE_CREDENTIALS,
    INE_NODE_WEBHOOKS,
    INE_NODE_VERIFICATION,
    INE_NODE_EXCHANGE,
    INE_NODE_FLOW,
    INE_NODE_SANDBOX
} ine_node_type;

/* An external, which frees what it holds when it is collected. Takes `ptr`, also on failure. */
napi_value ine_node_wrap(napi_env env, ine_node_type type, void *ptr);
/* A number, to be freed by free(), or with the environment: for what lives as long as one call. */
napi_value ine_node_lend(const ine_node_call *call, ine_node_type type, void *ptr);
void ine_node_slots_free(ine_node_state *state);
/* NULL with an exception for another thing, or for a handle that was freed. */
void *ine_node_unwrap(const ine_node_call *call, size_t arg, ine_node_type type);
/* The same; null and undefined give NULL without an exception: `*fine` tells. */
void *ine_node_optional(const ine_node_call *call, size_t arg, ine_node_type type, bool *fine);
/* What an exchange or a flow drives now. */
typedef struct ine_node_drive {
    ine_flow *flow; /* NULL: an exchange by itself */
    ine_exchange *exchange;
} ine_node_drive;
bool ine_node_unwrap_drive(const ine_node_call *call, size_t arg, ine_node_drive *out);

/* --- Values in -------------------------------------------------------------------------------- */

/* A text: borrowed from `room`, or allocated. A lone surrogate goes on as invalid UTF-8, which the
 * library refuses. */
typedef struct ine_node_text {
    char room[512];
    char *large;
    ine_str text; /* ptr NULL: null or undefined came */
} ine_node_text;

bool ine_node_text_in(napi_env env, napi_value value, ine_node_text *out);
void ine_node_text_free(ine_node_text *text);

/* Bytes of a Uint8Array or Buffer, borrowed for the call. */
bool ine_node_bytes_in(napi_env env, napi_value value, ine_str *out);
/* The same for what the caller has looked at: it must be a Uint8Array. */
bool ine_node_view_in(napi_env env, napi_value value, ine_str *out);
bool ine_node_int(const ine_node_call *call, size_t arg, int64_t *out);
bool ine_node_is_nothing(napi_env env, napi_value value);

/* --- Values out ------------------------------------------------------------------------------- */

napi_value ine_node_undefined(napi_env env);
napi_value ine_node_integer(napi_env env, int64_t number);
/* null when absent. */
napi_value ine_node_string(napi_env env, ine_str text);
napi_value ine_node_buffer(napi_env env, ine_str bytes);
napi_value ine_node_array(napi_env env, size_t count);
bool ine_node_put(napi_env env, napi_value array, uint32_t at, napi_value value);
/* `count` texts as one string, their ends in the numbers from INE_NODE_ENDS on. */
napi_value ine_node_join(const ine_node_call *call, const ine_str *texts, size_t count);

/* Copies a body into the pool and writes where into the numbers; false: it is too large, and the
 * caller keeps it itself (pool.c). */
bool ine_node_keep(const ine_node_call *call, ine_str body);

/* --- Errors ----------------------------------------------------------------------------------- */

/* Throws what the factory of the package makes of an error, and frees it; returns NULL. */
napi_value ine_node_throw(const ine_node_call *call, int32_t code, ine_error *err);
napi_value ine_node_type_error(napi_env env, const char *text);
/* [input, path, problem, is error, hint, ...] */
napi_value ine_node_problems(napi_env env, const ine_report *report);

/* --- Results ---------------------------------------------------------------------------------- */

/* A verdict's numbers, the first ones in the state. The checks and the registry's words are in its
 * JSON, which is made when somebody asks. */
enum { INE_NODE_VERDICT_NUMBERS = 13, INE_NODE_KIND = INE_NODE_VERDICT_NUMBERS };

/* Writes a verdict's numbers into the state. */
bool ine_node_verdict(const ine_node_call *call, const ine_verdict *verdict);
/* The session's id: the one text of a verdict that crosses with it. */
ine_str ine_node_session(const ine_verdict *verdict);
/* Reads a body; throws and gives NULL. */
ine_decision *ine_node_read(const ine_node_call *call, size_t arg);

/* Fills a handle from [id, value, id, value, ...]: strings and Uint8Arrays as text, numbers as
 * numbers, null and undefined left out. */
typedef int32_t ine_node_set_text(void *handle, int32_t id, const char *text, size_t len,
                                  ine_error **err);
typedef int32_t ine_node_set_number(void *handle, int32_t id, int64_t number, ine_error **err);
bool ine_node_fill(const ine_node_call *call, size_t arg, void *handle, ine_node_set_text *text,
                   ine_node_set_number *number);

/* --- Tables of functions ---------------------------------------------------------------------- */

typedef struct ine_node_method {
    const char *name;
    napi_callback function;
} ine_node_method;

extern const ine_node_method ine_node_basic_methods[], ine_node_handles_methods[],
    ine_node_results_methods[], ine_node_webhooks_methods[], ine_node_inputs_methods[],
    ine_node_local_methods[], ine_node_drive_methods[], ine_node_sandbox_methods[],
    ine_node_socket_methods[], ine_node_pool_methods[];

#endif
