/* Writes compact JSON into a buffer. Text must be UTF-8 without NUL: anything else makes the buffer
 * fail (C3, E4). */
#ifndef INE_JSON_WRITER_H
#define INE_JSON_WRITER_H

#include "base/buf.h"

typedef struct ine__writer {
    ine__buf *buf;
    uint64_t filled; /* bit d: depth d has a value already */
    uint32_t depth;
    bool after_key;
} ine__writer;

void ine__write_init(ine__writer *writer, ine__buf *buf);
void ine__write_object(ine__writer *writer);
void ine__write_array(ine__writer *writer);
void ine__write_end_object(ine__writer *writer);
void ine__write_end_array(ine__writer *writer);
void ine__write_key(ine__writer *writer, const char *key);
void ine__write_key_str(ine__writer *writer, ine_str key);
/* null when the text is absent. */
void ine__write_str(ine__writer *writer, ine_str text);
void ine__write_text(ine__writer *writer, const char *text);
void ine__write_int(ine__writer *writer, int64_t number);
void ine__write_bool(ine__writer *writer, bool value);
void ine__write_null(ine__writer *writer);
/* JSON that is right already. */
void ine__write_raw(ine__writer *writer, ine_str json);

#endif
