/* HTTP/1.1 request heads, read strictly: bytes in, views out, no I/O. */
#ifndef INE_SANDBOX_WIRE_H
#define INE_SANDBOX_WIRE_H

#include "sandbox.h"

#define WIRE_HEAD_MAX    (64u * 1024)
#define WIRE_HEADERS_MAX 100

typedef struct wire_head {
    ine_str method, target;
    ine_sandbox_header headers[WIRE_HEADERS_MAX];
    size_t header_count;
    size_t length; /* of the body, unless it is chunked */
    bool chunked, keep_alive, expect_continue;
} wire_head;

/* Reads `head`, which ends with its empty line. Returns 0, or the HTTP status to refuse it with. */
int wire_read_head(ine_str head, wire_head *out);
/* The size in a chunk's first line; false when it is not one (F27). */
bool wire_chunk_size(ine_str line, size_t *out);
const char *wire_reason(int status);

#endif
