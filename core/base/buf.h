/* A growable buffer with a ceiling. The first failure sticks: write on, ask once at the end. */
#ifndef INE_BASE_BUF_H
#define INE_BASE_BUF_H

#include "alloc.h"

typedef struct ine__buf {
    char *ptr;
    size_t len, cap, ceiling;
    bool failed;   /* no memory, or over the ceiling */
    bool too_long; /* over the ceiling */
} ine__buf;

void ine__buf_init(ine__buf *buf, size_t ceiling);
void ine__buf_free(ine__buf *buf); /* wipes */
void ine__buf_add(ine__buf *buf, const void *data, size_t len);
void ine__buf_str(ine__buf *buf, ine_str text);
void ine__buf_text(ine__buf *buf, const char *text);
void ine__buf_char(ine__buf *buf, char c);
void ine__buf_int(ine__buf *buf, int64_t number);
/* Room for `len` bytes at the end, not yet counted; NULL on failure. */
char *ine__buf_room(ine__buf *buf, size_t len);
ine_str ine__buf_view(const ine__buf *buf);
/* Forgets the content (wiped), keeps the memory. */
void ine__buf_clear(ine__buf *buf);

#endif
