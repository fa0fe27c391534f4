/* The innermost loops of the reader. */
#ifndef INE_JSON_SCAN_H
#define INE_JSON_SCAN_H

#include "json/reader.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* What a scan found wrong, and what it saw on the way. */
typedef struct ine__scan {
    const char *at, *text; /* of a fault */
    const char *nul;       /* an escaped NUL */
    bool escaped;
} ine__scan;

/* From inside a string to its closing quote; NULL with a fault. */
const char *ine__scan_string(const char *p, const char *end, ine__scan *scan);
/* From a number's first byte to behind its last; NULL with a fault. */
const char *ine__scan_number(const char *p, const char *end, ine__scan *scan);

/* The first byte from p on that is not plain text of a string: a quote, a backslash, a control
 * byte or one above 0x7f. */
static inline const char *ine__scan_plain(const char *p, const char *end)
{
#ifdef __SSE2__
    while (end - p >= 16) {
        const __m128i block = _mm_loadu_si128((const __m128i *)(const void *)p);
        /* signed, so that this finds 0x00..0x1f and 0x80..0xff at once */
        const __m128i low = _mm_cmplt_epi8(block, _mm_set1_epi8(0x20));
        const __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
        const __m128i slash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
        const int found = _mm_movemask_epi8(_mm_or_si128(low, _mm_or_si128(quote, slash)));
        if (found)
            return p + __builtin_ctz((unsigned)found);
        p += 16;
    }
#endif
    while (p < end && (signed char)*p >= 0x20 && *p != '"' && *p != '\\')
        p++;
    return p;
}

/* Behind white space [RFC 8259 section 2]. */
static inline const char *ine__scan_white(const char *p, const char *end)
{
    if (p < end && (unsigned char)*p > ' ')
        return p;
    while (p < end) {
#ifdef __SSE2__
        /* the indentation of a line at once */
        if (end - p >= 16 && *p == '\n') {
            const __m128i block = _mm_loadu_si128((const __m128i *)(const void *)p);
            const __m128i space = _mm_cmpeq_epi8(block, _mm_set1_epi8(' '));
            const __m128i line = _mm_cmpeq_epi8(block, _mm_set1_epi8('\n'));
            const unsigned other =
                ~(unsigned)_mm_movemask_epi8(_mm_or_si128(space, line)) | 0x10000u;
            p += __builtin_ctz(other);
            if (p < end && (unsigned char)*p > ' ')
                return p;
            continue;
        }
#endif
        if (*p != ' ' && *p != '\n' && *p != '\r' && *p != '\t')
            return p;
        p++;
    }
    return p;
}

#endif
