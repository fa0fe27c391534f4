/* How an image is sent: pieces of the source, a few bytes of our own, and zeros. */
#ifndef INE_IDENTITY_IMAGEPLAN_H
#define INE_IDENTITY_IMAGEPLAN_H

#include "base/str.h"

#define INE__PLAN_SEGMENTS 128
#define INE__PLAN_LITERAL  96

enum { INE__SEGMENT_COPY = 1, INE__SEGMENT_LITERAL, INE__SEGMENT_ZERO };

typedef struct ine__segment {
    uint32_t kind;
    uint32_t offset; /* in the source (COPY) or in the plan's literal bytes (LITERAL) */
    uint32_t len;
} ine__segment;

typedef struct ine__plan {
    ine__segment segments[INE__PLAN_SEGMENTS];
    unsigned char literal[INE__PLAN_LITERAL];
    uint32_t count, literal_len;
    uint64_t source; /* how far the source has been copied, dropped or zeroed */
    uint64_t size;   /* of what will be sent */
    bool full;       /* needs more segments than there are */
} ine__plan;

void ine__plan_init(ine__plan *plan);
/* The source up to `offset` as it is. */
void ine__plan_copy_to(ine__plan *plan, uint64_t offset);
/* The source up to `start` as it is; what is between `start` and `end` left out, or as zeros. */
void ine__plan_drop(ine__plan *plan, uint64_t start, uint64_t end);
void ine__plan_zero(ine__plan *plan, uint64_t start, uint64_t end);
/* Our own bytes, behind what has been said so far. */
void ine__plan_literal(ine__plan *plan, const void *data, size_t len);
/* The piece at `position` of what is sent, from there on; false at the end. */
bool ine__plan_at(const ine__plan *plan, uint64_t position, ine__segment *out);
/* Nothing but copies: what is sent is the source itself. */
bool ine__plan_is_whole(const ine__plan *plan, uint64_t size);

#endif
