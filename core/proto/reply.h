/* A reply as it comes in: header walk, caps, body. Nothing is believed here; judge.h decides. */
#ifndef INE_PROTO_REPLY_H
#define INE_PROTO_REPLY_H

#include "base/buf.h"

#define INE__REPLY_HEADERS      100   /* B11 */
#define INE__REPLY_HEADER_BYTES 65536 /* B11 */

/* Headers that matter. */
enum {
    INE__H_SIGNATURE = 0,
    INE__H_SIGNATURE_VRF,
    INE__H_CLIENT,
    INE__H_CLIENT_VRF,
    INE__H_ENCODING,
    INE__H_TRANSFER,
    INE__H_LENGTH,
    INE__H_RETRY_AFTER,
    INE__H_DATE,
    INE__H_COUNT
};

/* One header's value: the first one, and whether others came or differed. */
typedef struct ine__value {
    char text[96];
    size_t len;
    size_t count;
    bool long_value; /* longer than any value that could be right */
    bool differs;
} ine__value;

typedef struct ine__reply {
    ine__value value[INE__H_COUNT];
    int32_t status;     /* of the final header block; 0: none yet */
    bool informational; /* inside a 1xx block */
    bool body_begun;
    bool too_many_headers;
    size_t headers, header_bytes;
    ine__buf body;
} ine__reply;

void ine__reply_init(ine__reply *reply, size_t max_body);
void ine__reply_free(ine__reply *reply);
/* Forgets everything; for the next attempt. */
void ine__reply_reset(ine__reply *reply);

/* A new header block: whatever came before counts no more (F34). */
void ine__reply_status(ine__reply *reply, int32_t status);
/* False: over the caps. */
bool ine__reply_header(ine__reply *reply, ine_str name, ine_str value);
/* False: over the cap, or no memory (body.too_long tells). */
bool ine__reply_body(ine__reply *reply, ine_str data);
/* The single value of a header; absent when it is missing, repeated or joined by commas. */
ine_str ine__reply_single(const ine__reply *reply, int32_t header);

#endif
