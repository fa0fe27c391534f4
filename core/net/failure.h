/* Why a transfer failed: CURLcode and what is known about it -> INE_FAIL_*. */
#ifndef INE_NET_FAILURE_H
#define INE_NET_FAILURE_H

#include "base/str.h"

#include <curl/curl.h>

/* `requested`: the connection was ready and the request begun; `body_read`: libcurl has all of its
 * body; `text`: libcurl's error buffer. */
int32_t ine__failure_of(CURLcode code, bool requested, bool body_read, const char *text);

#endif
