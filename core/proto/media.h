/*
 * The body of an upload: a JSON prefix, the image in base64, a JSON suffix. The image is looked at
 * first, which gives its type and the plan of what is sent of it. Then it is read twice in constant
 * memory, whatever its size: the first pass signs, the second one sends. The suffix is held back
 * until the second pass has read the same bytes as the first, so that a body that differs from the
 * signed one is never sent completely. (Should a sum of 64 bits not see a difference, the server's
 * own check of the signature does.)
 */
#ifndef INE_PROTO_MEDIA_H
#define INE_PROTO_MEDIA_H

#include "base/buf.h"
#include "base/sum.h"
#include "crypto/credentials.h"
#include "proto/inspect.h"

#define INE__MEDIA_WINDOW INE__INSPECT_BLOCK

/* What a step ended with. */
enum {
    INE__STREAM_MORE = 0, /* the buffer is full: go on */
    INE__STREAM_FEED,     /* media bytes are wanted: ine__stream_want() says which */
    INE__STREAM_END,      /* the pass is complete */
    INE__STREAM_EARLY,    /* the source ended before its size */
    INE__STREAM_CHANGED   /* the second pass differs from the first */
};

typedef struct ine__stream {
    const ine_credentials *credentials; /* borrowed */
    ine__media media;
    ine__buf head, tail;
    uint64_t total; /* bytes of the whole body */

    ine__hmac mac; /* of the first pass */
    unsigned char signed_as[INE__SHA256_SIZE];
    ine__sum sum; /* of the image's bytes, in every pass */
    uint64_t first_sum;
    bool mac_open, is_signed, ended;

    ine__inspect inspect; /* with the plan of what is sent */
    int32_t part;         /* which of head, media and tail is next */
    size_t head_at, tail_at;
    uint64_t at;           /* bytes of the plan that have been encoded */
    unsigned char *window; /* a source's bytes that have not been encoded */
    size_t window_len, window_at;
    unsigned char group[3]; /* the beginning of a group whose rest is not at hand */
    size_t group_len;
    char spill[4]; /* a group that did not fit into the caller's buffer */
    size_t spill_at, spill_len;
} ine__stream;

/* Looks at media in memory; `media` stays borrowed. */
int32_t ine__stream_init(ine__stream *stream, ine__media media, const ine_credentials *credentials,
                         const ine_options *options, ine_error **err);
void ine__stream_free(ine__stream *stream);

/* Writes prefix and suffix once the media have been looked at; the first pass may begin. */
int32_t ine__stream_frame(ine__stream *stream, ine_str context, ine_str timestamp, ine_error **err);

/* Begins a pass. INE_E_STATE: no secret. */
int32_t ine__stream_begin(ine__stream *stream, ine_error **err);
/* The first pass, as far as there are bytes: FEED, END or EARLY. */
int32_t ine__stream_sign(ine__stream *stream);
/* The second pass: up to `cap` bytes. */
int32_t ine__stream_read(ine__stream *stream, char *out, size_t cap, size_t *written);
/* The MAC of the first pass, once it is complete. */
const unsigned char *ine__stream_mac(const ine__stream *stream);

void ine__stream_want(const ine__stream *stream, uint64_t *offset, size_t *most);
/* None: the source has ended. False for more bytes than were wanted. */
bool ine__stream_feed(ine__stream *stream, const void *data, size_t len);

#endif
