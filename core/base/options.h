/* Settings: two arrays by INE_OPT_*, with defaults and limits in one table (options.c). */
#ifndef INE_BASE_OPTIONS_H
#define INE_BASE_OPTIONS_H

#include "error.h"

#include <stdatomic.h>

#define INE__OPTIONS 30

struct ine_options {
    atomic_uint owners; /* of a copy, which never changes; 0: a caller's own */
    ine_str text[INE__OPTIONS];
    int64_t number[INE__OPTIONS];
};

/* A copy that never changes: of a caller's options, of the defaults when `options` is NULL, or of a
 * copy, which is shared. NULL without memory. */
ine_options *ine__options_copy(const ine_options *options);
/* The setting, or its default when `options` is NULL. */
int64_t ine__option(const ine_options *options, int32_t option);
ine_str ine__option_text(const ine_options *options, int32_t option);

/* http(s)://host[:port][/path]: no user-info, query or fragment, no control or non-ASCII bytes
 * (B7). */
typedef struct ine__url {
    ine_str scheme, host, path; /* host without brackets and port; path without a final slash */
    int32_t port;               /* 0: none given */
    bool https, loopback;
} ine__url;
bool ine__url_parse(ine_str text, ine__url *out);

#endif
