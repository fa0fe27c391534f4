/* Views of text and bytes. */
#ifndef INE_BASE_STR_H
#define INE_BASE_STR_H

#include "ine.h"

#include <stdbool.h>
#include <string.h>

#define INE__STR(literal)              \
    (ine_str)                          \
    {                                  \
        (literal), sizeof(literal) - 1 \
    }
#define INE__NONE \
    (ine_str)     \
    {             \
        NULL, 0   \
    }

ine_str ine__str(const char *ptr, size_t len);
/* The view of a zero-terminated text; absent for NULL. */
ine_str ine__str_of(const char *text);
bool ine__str_eq(ine_str a, ine_str b);
/* ASCII case-insensitive. */
bool ine__str_ieq(ine_str a, ine_str b);
bool ine__str_is(ine_str a, const char *text);
bool ine__str_starts(ine_str a, const char *prefix);
bool ine__str_contains(ine_str a, const char *part);
/* Without leading and trailing spaces and tabs. */
ine_str ine__str_trim(ine_str a);
bool ine__is_digit(char c);
bool ine__is_alpha(char c);
bool ine__is_upper(char c);
static inline char ine__lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}
bool ine__all_digits(ine_str a);
/* 0x20..0x7e only. */
bool ine__is_printable(ine_str a);
/* 8-4-4-4-12 hex digits, any case. */
bool ine__is_uuid(ine_str a);
/* Strict UTF-8 [RFC 3629]: no overlong form, no surrogate, nothing above U+10FFFF. NUL is UTF-8;
 * ine__has_nul() says. */
bool ine__is_utf8(ine_str a);
bool ine__has_nul(ine_str a);
/* Code points of valid UTF-8. */
size_t ine__utf8_length(ine_str a);

#endif
