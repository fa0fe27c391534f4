/* As much of gzip [RFC 1952] as faults need. */
#ifndef INE_SANDBOX_GZIP_H
#define INE_SANDBOX_GZIP_H

#include "ine.h"

#include <event2/buffer.h>

/* Text as a stored block that ends too soon. */
void gzip_cut_short(struct evbuffer *out, ine_str text);
/* About 260 kB that become 40 MB of zeros. */
void gzip_bomb(struct evbuffer *out);

#endif
