/* Numbers and dates in text. */
#ifndef INE_BASE_NUM_H
#define INE_BASE_NUM_H

#include "str.h"

#define INE__INT_DIGITS 21

/* Decimal digits of `number`; returns how many. */
size_t ine__format_int(char out[INE__INT_DIGITS], int64_t number);
/* Decimal digits only, no sign, at least one, checked against `max`. */
bool ine__parse_uint(ine_str text, int64_t max, int64_t *out);

typedef struct ine__date {
    int32_t year, month, day;
} ine__date;

/* A date that exists in the Gregorian calendar. */
bool ine__date_valid(ine__date date);
/* YYYY-MM-DD of a date that exists. */
bool ine__date_parse(ine_str text, ine__date *out);
/* Days since 1970-01-01. */
int64_t ine__date_days(ine__date date);
ine__date ine__date_from_days(int64_t days);
/* YYYYMMDD -> date; false for a date that does not exist. */
bool ine__date_from_number(int64_t yyyymmdd, ine__date *out);
/* Nanoseconds since 1970 of YYYY-MM-DDThh:mm:ss with 0-9 fraction digits and Z or an offset (C-14).
 */
bool ine__time_parse(ine_str text, int64_t *out);
/* Whole years from `from` to `to`. */
int32_t ine__date_years(ine__date from, ine__date to);

#endif
