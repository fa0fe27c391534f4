#include "json/scan.h"

static const char *fault(ine__scan *scan, const char *at, const char *text)
{
    scan->at = at;
    scan->text = text;
    return NULL;
}

/* ine__is_digit() without the call. */
static inline bool digit(char c)
{
    return (unsigned char)(c - '0') <= 9;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char l = ine__lower(c);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

/* Four hex digits at p, or -1 with *bad at what is not one. */
static int32_t hex4(const char *p, const char *end, const char **bad)
{
    int32_t unit = 0;
    for (int i = 0; i < 4; i++, p++) {
        const int value = p < end ? hex_value(*p) : -1;
        if (value < 0) {
            *bad = p;
            return -1;
        }
        unit = unit << 4 | value;
    }
    return unit;
}

/* From behind "\u" to behind the escape; a pair of surrogates is one. */
static const char *unicode_escape(const char *p, const char *end, ine__scan *scan)
{
    const char *const start = p - 2, *bad = p;
    const int32_t unit = hex4(p, end, &bad);
    if (unit < 0)
        return fault(scan, bad, bad == end ? "the text ends early" : "not a hex digit");
    p += 4;
    if (unit == 0)
        scan->nul = start;
    if (unit < 0xd800 || unit > 0xdfff)
        return p;
    if (unit >= 0xdc00 || end - p < 2 || p[0] != '\\' || p[1] != 'u')
        return fault(scan, start, "half of a surrogate pair");
    const int32_t low = hex4(p + 2, end, &bad);
    if (low < 0)
        return fault(scan, bad, bad == end ? "the text ends early" : "not a hex digit");
    if (low < 0xdc00 || low > 0xdfff)
        return fault(scan, start, "half of a surrogate pair");
    return p + 6;
}

/* From a backslash to behind the escape. */
static const char *escape(const char *p, const char *end, ine__scan *scan)
{
    scan->escaped = true;
    if (end - p < 2)
        return fault(scan, end, "the text ends early");
    switch (p[1]) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        return p + 2;
    case 'u':
        return unicode_escape(p + 2, end, scan);
    default:
        return fault(scan, p + 1, "no such escape");
    }
}

static bool follows(const unsigned char *p)
{
    return (*p & 0xc0) == 0x80;
}

/* Behind the UTF-8 sequence at p, whose first byte is above 0x7f, or NULL. [RFC 3629 section 4] */
static const char *utf8(const char *text, const char *end)
{
    const unsigned char *p = (const unsigned char *)text;
    const ptrdiff_t left = end - text;
    if (p[0] >= 0xc2 && p[0] <= 0xdf)
        return left >= 2 && follows(p + 1) ? text + 2 : NULL;
    if (p[0] >= 0xe0 && p[0] <= 0xef) {
        if (left < 3 || !follows(p + 1) || !follows(p + 2))
            return NULL;
        const bool overlong = p[0] == 0xe0 && p[1] < 0xa0;
        const bool surrogate = p[0] == 0xed && p[1] > 0x9f;
        return overlong || surrogate ? NULL : text + 3;
    }
    if (p[0] >= 0xf0 && p[0] <= 0xf4) {
        if (left < 4 || !follows(p + 1) || !follows(p + 2) || !follows(p + 3))
            return NULL;
        const bool overlong = p[0] == 0xf0 && p[1] < 0x90;
        const bool too_high = p[0] == 0xf4 && p[1] > 0x8f;
        return overlong || too_high ? NULL : text + 4;
    }
    return NULL;
}

const char *ine__scan_string(const char *p, const char *end, ine__scan *scan)
{
    for (;;) {
        p = ine__scan_plain(p, end);
        if (p == end)
            return fault(scan, end, "the text ends early");
        if (*p == '"')
            return p;
        if (*p == '\\') {
            p = escape(p, end, scan);
        } else if ((unsigned char)*p < 0x20) {
            return fault(scan, p, "a control character in a string");
        } else {
            /* letters that are not ASCII mostly come in runs */
            const char *next = p;
            while (next && next < end && (signed char)*next < 0) {
                p = next;
                next = utf8(p, end);
            }
            p = next ? next : fault(scan, p, "not UTF-8");
        }
        if (!p)
            return NULL;
    }
}

/* Behind at least one digit, or NULL. */
static const char *digits(const char *p, const char *end, ine__scan *scan)
{
    if (p == end)
        return fault(scan, end, "the text ends early");
    if (!digit(*p))
        return fault(scan, p, "not a digit");
    while (p < end && digit(*p))
        p++;
    return p;
}

const char *ine__scan_number(const char *p, const char *end, ine__scan *scan)
{
    if (p < end && *p == '-')
        p++;
    if (p < end && *p == '0') {
        p++;
        if (p < end && digit(*p))
            return fault(scan, p, "a number with a leading zero");
    } else if (!(p = digits(p, end, scan))) {
        return NULL;
    }
    if (p < end && *p == '.' && !(p = digits(p + 1, end, scan)))
        return NULL;
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < end && (*p == '+' || *p == '-'))
            p++;
        p = digits(p, end, scan);
    }
    return p;
}
