/* Looks at an image before it is sent: what it is, whether it is sound, and how it goes out without
 * metadata (F1-F3). The image is in memory, or a host feeds it. */
#ifndef INE_PROTO_INSPECT_H
#define INE_PROTO_INSPECT_H

#include "identity/image.h"
#include "identity/imagewalk.h"
#include "identity/verification.h"

#define INE__INSPECT_HEAD  64
#define INE__INSPECT_BLOCK 12288 /* bytes that are asked of a source at a time */

typedef struct ine__inspect {
    const ine__media *media;
    bool keep;  /* metadata stay */
    bool early; /* the source ended before its size */
    char head[INE__INSPECT_HEAD];
    size_t head_len;
    bool walking;
    ine__walk walk;
} ine__inspect;

/* Goes as far as media in memory allow: to the end. `media` stays borrowed. */
void ine__inspect_init(ine__inspect *inspect, const ine__media *media, const ine_options *options);
/* The bytes wanted of a source next; false at the end. */
bool ine__inspect_want(const ine__inspect *inspect, uint64_t *offset, size_t *most);
/* Bytes from the offset that was wanted, at most as many; none: it ended early. */
void ine__inspect_feed(ine__inspect *inspect, const void *data, size_t len);
/* Adds what has been found. False without memory. */
bool ine__inspect_report(const ine__inspect *inspect, int32_t context, const ine_options *options,
                         ine_report *report);
/* The image's type; absent when it is none that we know. */
ine_str ine__inspect_mime(const ine__inspect *inspect);

#endif
