/* What a decision consists of; for the files of this folder alone. */
#ifndef INE_SCHEMA_BODY_H
#define INE_SCHEMA_BODY_H

#include "schema/decision.h"

#include <stdatomic.h>

#define INE__BODY_MAX ((size_t)1 << 31)

/* A variable that is written before it is read, too large to be cleared for nothing. */
#define INE__UNSET __attribute__((uninitialized))

struct ine_decision {
    atomic_uint owners;
    int32_t kind;
    ine_str bytes;
    ine__slot slot[INE__SLOTS];
    /* Texts with escapes, decoded, each at its own offset less `low`; NULL: not decoded yet. */
    _Atomic(char *) decoded;
    uint32_t low, high; /* from the first to behind the last of them; equal: there is none */
    size_t size;        /* of this block, for wiping */
    char *block;        /* owned bytes and decoded texts that are not in this block, or NULL */
    size_t block_size;
    bool decoded_inside; /* `decoded` is part of a block, not one of its own */
};

/* The schema of every body [facts: veriff-api.md 3-6, 8, 9]. */
extern const ine__object ine__body;

/* What the slots say that the body is; moves the slots that this kind keeps elsewhere. */
int32_t ine__body_kind(ine_str bytes, ine__slot *slots);

/* The text of a string slot of `bytes`, decoded. False without memory. */
bool ine__body_text(const ine_decision *decision, ine__slot slot, ine_str *out);
/* Finds the span of the texts with escapes. */
void ine__body_span(ine_decision *decision);
/* Decodes all of them into `out`, which has room for high - low. */
void ine__body_decode(const ine_decision *decision, char *out);

/* Calls `visit` for each text inside a list that can be asked for. */
void ine__list_texts(const ine_decision *decision, void (*visit)(void *, ine__slot), void *context);

/* Type of a field or of a list's column. */
enum {
    INE__T_NONE = 0,
    INE__T_TEXT,
    INE__T_INT,
    INE__T_CODE,
    INE__T_BOOL,
    INE__T_OBJECT,
    INE__T_ARRAY
};

/* State and value of a slot read as this type. */
int32_t ine__body_value(const ine_decision *decision, ine__slot slot, int32_t type, ine_str *text,
                        int64_t *number);

#endif
