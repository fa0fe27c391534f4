/* Where a request goes: base URL and path. */
#ifndef INE_PROTO_TARGET_H
#define INE_PROTO_TARGET_H

#include "base/buf.h"
#include "proto/request.h"

/*
 * Writes the whole URL; *target is where path and query begin in it. The request has been checked.
 * INE_E_CONFIG: no base URL, or one without https that leads neither to this machine nor to a
 * sandbox (B7).
 */
int32_t ine__target(ine__buf *url, size_t *target, const ine_request *request,
                    const ine_options *options, const ine_credentials *credentials,
                    ine_error **err);
/* The path with {id} in it, for logs. */
ine_str ine__target_template(const ine_request *request);

#endif
