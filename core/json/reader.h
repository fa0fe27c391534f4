/*
 * The strict JSON reader: exactly RFC 8259, UTF-8 checked, one pass, no recursion, no DOM, no
 * allocation.
 *
 * A schema names the members that are of interest; reading fills one slot for each. Everything else
 * is checked just as strictly and passed over. A second occurrence of a member that the schema
 * names is refused with INE_E_FORM (C2).
 */
#ifndef INE_JSON_READER_H
#define INE_JSON_READER_H

#include "base/buf.h"
#include "base/error.h"

#define INE__JSON_DEPTH 64
#define INE__JSON_KEY   31 /* the longest name that a schema can hold */

enum {
    INE__J_ABSENT = 0,
    INE__J_NULL,
    INE__J_FALSE,
    INE__J_TRUE,
    INE__J_NUMBER,
    INE__J_STRING,
    INE__J_OBJECT,
    INE__J_ARRAY
};

/* Where a value stands: for a string the bytes between its quotes, for all others the whole value.
 */
typedef struct ine__slot {
    uint32_t at, len;
    uint8_t type;    /* INE__J_* */
    uint8_t escaped; /* a string with a backslash in it */
} ine__slot;

typedef struct ine__object ine__object;

/* A member of interest. Slot 0 means: not wanted for itself (only what is inside). */
typedef struct ine__member {
    char key[INE__JSON_KEY + 1]; /* with its closing quote, so that one comparison sees the end */
    const ine__object *object;   /* how to read what is inside; NULL: passed over */
    uint16_t key_len;
    uint16_t slot;
} ine__member;

#define INE__MEMBER(key, slot, object)              \
    {                                               \
        key "\"", (object), sizeof(key) - 1, (slot) \
    }

struct ine__object {
    /* in the order in which the vendor sends them: the next key is tried first */
    const ine__member *members;
    uint16_t count;  /* at most 64 */
    uint16_t others; /* slot whose `len` counts the members that are not named; 0: not counted */
    const ine__object *each; /* how to read the members that are not named, and an array's items */
};

/* What is wrong with a text. */
typedef struct ine__json_fault {
    int32_t code;     /* INE_E_JSON or INE_E_FORM, or INE_E_LIMIT (over 4 GB) */
    size_t offset;    /* of the byte that can not be there */
    const char *text; /* a literal */
} ine__json_fault;

/* Reads `text`. `slots` (of `count`, [0] unused) must be zeroed. `schema` NULL only checks, and
 * `slots` may be NULL then. A string slot that holds an escaped NUL is refused with INE_E_FORM
 * (C4). A slot that two members name holds the later one. Returns INE_OK or fault->code; `fault`
 * must not be NULL. */
int32_t ine__json_read(const ine__object *schema, ine_str text, ine__slot *slots, size_t count,
                       ine__json_fault *fault);
/* The fault as an error object. */
int32_t ine__json_fail(ine_error **err, const ine__json_fault *fault);

/* Members of an object, or items of an array, that ine__json_read() has found right. `value` is the
 * whole value with its brackets. */
typedef struct ine__json_iter {
    const char *p, *end, *start;
    bool object, done;
} ine__json_iter;

void ine__json_iter_init(ine__json_iter *iter, ine_str value);
/* False at the end. `key` (raw, between its quotes) is absent for items of an array. `value` slots
 * are relative to the `value` given to init. */
bool ine__json_iter_next(ine__json_iter *iter, ine_str *key, bool *key_escaped, ine__slot *value);
/* The first member `key` of an object that is right; type INE__J_ABSENT when there is none. */
ine__slot ine__json_member(ine_str object, const char *key);
/* The view of a slot in the text that it was read from. */
ine_str ine__json_view(ine_str text, ine__slot slot);

/* Decodes the escapes of a right string into `out` (room for raw.len); returns the length. */
size_t ine__json_unescape(char *out, ine_str raw);
/* The length that ine__json_unescape() would return. */
size_t ine__json_unescaped_len(ine_str raw);
/* Decodes the escape at *p into at most 4 bytes and moves *p behind it. */
size_t ine__json_escape(const char **p, char out[4]);
/* Is the decoded form of a right string this text? */
bool ine__json_same(ine_str raw, ine_str text);
/* An integer exactly; false for a fraction, an exponent, or what int64_t can not hold (C5). */
bool ine__json_int(ine_str number, int64_t *out);
/* The value that a JSON Pointer [RFC 6901] names in a text that is right: the exact slice, with a
 * string's quotes; absent when there is none, or when a name on the way stands there twice. False
 * for a bad pointer. */
bool ine__json_pointer(ine_str text, ine_str pointer, ine_str *out);

#endif
