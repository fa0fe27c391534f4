/* Writes a right JSON text again as the usual serialisers would: for finding out who did. */
#ifndef INE_JSON_RESTYLE_H
#define INE_JSON_RESTYLE_H

#include "base/buf.h"

/* What happens to the characters of a string. */
enum {
    INE__CHARS_KEEP = 0,
    INE__CHARS_ASCII, /* everything above U+007F as \uXXXX */
    INE__CHARS_UTF8   /* \uXXXX above U+007F as UTF-8, and \/ as / */
};

typedef struct ine__json_style {
    int32_t indent; /* spaces a level; 0: one line */
    bool spaced;    /* ", " and ": " on one line */
    int32_t chars;  /* INE__CHARS_* */
} ine__json_style;

/* `json` must be right (ine__json_read() has said so). */
void ine__json_restyle(ine__buf *out, ine_str json, ine__json_style style);

#endif
