/* The Retry-After header [RFC 9110 section 10.2.3]: seconds, or one of the three date forms. */
#ifndef INE_PROTO_RETRYAFTER_H
#define INE_PROTO_RETRYAFTER_H

#include "base/str.h"

/*
 * Seconds since 1970 of an HTTP date [RFC 9110 section 5.6.7]; false for anything else. `wall` says
 * in which century a year of two digits lies.
 */
bool ine__http_date(ine_str text, int64_t wall, int64_t *out);

/*
 * Milliseconds to wait, or -1 when the value can not be used and counts as absent: unparsable,
 * negative, fractional or overflowing (F55). A date in the past is 0. `date` is the reply's own
 * Date header, by which a date is measured, so that a wrong clock on this machine does not matter
 * (A13); only without it does `wall` (seconds since 1970) count.
 */
int64_t ine__retry_after_ms(ine_str value, ine_str date, int64_t wall);

#endif
