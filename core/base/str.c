#include "str.h"

ine_str ine__str(const char *ptr, size_t len)
{
    return (ine_str){ptr, ptr ? len : 0};
}

ine_str ine__str_of(const char *text)
{
    return (ine_str){text, text ? strlen(text) : 0};
}

bool ine__str_eq(ine_str a, ine_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool ine__str_ieq(ine_str a, ine_str b)
{
    if (a.len != b.len)
        return false;
    if (ine__str_eq(a, b))
        return true;
    for (size_t i = 0; i < a.len; i++) {
        if (ine__lower(a.ptr[i]) != ine__lower(b.ptr[i]))
            return false;
    }
    return true;
}

bool ine__str_is(ine_str a, const char *text)
{
    return a.ptr && ine__str_eq(a, ine__str_of(text));
}

bool ine__str_starts(ine_str a, const char *prefix)
{
    const size_t n = strlen(prefix);
    return a.len >= n && memcmp(a.ptr, prefix, n) == 0;
}

bool ine__str_contains(ine_str a, const char *part)
{
    return a.ptr && memmem(a.ptr, a.len, part, strlen(part));
}

ine_str ine__str_trim(ine_str a)
{
    while (a.len && (a.ptr[0] == ' ' || a.ptr[0] == '\t')) {
        a.ptr++;
        a.len--;
    }
    while (a.len && (a.ptr[a.len - 1] == ' ' || a.ptr[a.len - 1] == '\t'))
        a.len--;
    return a;
}

bool ine__is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool ine__is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool ine__is_alpha(char c)
{
    return ine__is_upper(c) || (c >= 'a' && c <= 'z');
}

bool ine__all_digits(ine_str a)
{
    for (size_t i = 0; i < a.len; i++) {
        if (!ine__is_digit(a.ptr[i]))
            return false;
    }
    return true;
}

bool ine__is_printable(ine_str a)
{
    for (size_t i = 0; i < a.len; i++) {
        if (a.ptr[i] < 0x20 || a.ptr[i] > 0x7e)
            return false;
    }
    return true;
}

static bool is_hex(char c)
{
    const char l = ine__lower(c);
    return ine__is_digit(c) || (l >= 'a' && l <= 'f');
}

bool ine__is_uuid(ine_str a)
{
    if (a.len != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? a.ptr[i] != '-' : !is_hex(a.ptr[i]))
            return false;
    }
    return true;
}

bool ine__has_nul(ine_str a)
{
    return a.len && memchr(a.ptr, 0, a.len) != NULL;
}

/* Length of the sequence at p, or 0 when it is not UTF-8. The table of RFC 3629 section 4. */
static size_t sequence(const unsigned char *p, size_t left)
{
    static const struct {
        unsigned char first, last, second_min, second_max, length;
    } forms[] = {
        {0x00, 0x7f, 0x00, 0x00, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (p[0] < forms[i].first || p[0] > forms[i].last)
            continue;
        const size_t n = forms[i].length;
        if (n > left)
            return 0;
        if (n > 1 && (p[1] < forms[i].second_min || p[1] > forms[i].second_max))
            return 0;
        for (size_t k = 2; k < n; k++) {
            if (p[k] < 0x80 || p[k] > 0xbf)
                return 0;
        }
        return n;
    }
    return 0;
}

bool ine__is_utf8(ine_str a)
{
    const unsigned char *p = (const unsigned char *)a.ptr;
    for (size_t i = 0; i < a.len;) {
        const size_t n = p[i] < 0x80 ? 1 : sequence(p + i, a.len - i);
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

size_t ine__utf8_length(ine_str a)
{
    size_t n = 0;
    for (size_t i = 0; i < a.len; i++)
        n += ((unsigned char)a.ptr[i] & 0xc0) != 0x80;
    return n;
}
