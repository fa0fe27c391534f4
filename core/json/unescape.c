/* Escapes and numbers of texts that the reader has found right. */
#include "base/num.h"
#include "json/reader.h"

static uint32_t hex4(const char *p)
{
    uint32_t unit = 0;
    for (int i = 0; i < 4; i++) {
        const char l = ine__lower(p[i]);
        unit = unit << 4 | (uint32_t)(ine__is_digit(l) ? l - '0' : l - 'a' + 10);
    }
    return unit;
}

static size_t utf8_encode(uint32_t point, char out[4])
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xc0 | point >> 6);
        out[1] = (char)(0x80 | (point & 0x3f));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (char)(0xe0 | point >> 12);
        out[1] = (char)(0x80 | (point >> 6 & 0x3f));
        out[2] = (char)(0x80 | (point & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | point >> 18);
    out[1] = (char)(0x80 | (point >> 12 & 0x3f));
    out[2] = (char)(0x80 | (point >> 6 & 0x3f));
    out[3] = (char)(0x80 | (point & 0x3f));
    return 4;
}

size_t ine__json_escape(const char **p, char out[4])
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    const char c = (*p)[1];
    *p += 2;
    if (c != 'u') {
        const char *found = memchr(from, c, sizeof from - 1);
        out[0] = found ? to[found - from] : c;
        return 1;
    }
    uint32_t point = hex4(*p);
    *p += 4;
    if (point >= 0xd800 && point <= 0xdbff) {
        point = 0x10000 + ((point - 0xd800) << 10) + (hex4(*p + 2) - 0xdc00);
        *p += 6;
    }
    return utf8_encode(point, out);
}

size_t ine__json_unescape(char *out, ine_str raw)
{
    const char *p = raw.ptr;
    const char *const end = p + raw.len;
    size_t len = 0;
    while (p < end) {
        if (*p != '\\') {
            out[len++] = *p++;
            continue;
        }
        char bytes[4];
        const size_t n = ine__json_escape(&p, bytes);
        memcpy(out + len, bytes, n);
        len += n;
    }
    return len;
}

size_t ine__json_unescaped_len(ine_str raw)
{
    const char *p = raw.ptr;
    const char *const end = p + raw.len;
    size_t len = 0;
    while (p < end) {
        char bytes[4];
        if (*p == '\\') {
            len += ine__json_escape(&p, bytes);
        } else {
            p++;
            len++;
        }
    }
    return len;
}

bool ine__json_same(ine_str raw, ine_str text)
{
    const char *p = raw.ptr, *t = text.ptr;
    const char *const end = p + raw.len, *const text_end = t + text.len;
    while (p < end) {
        char bytes[4] = {*p};
        size_t n = 1;
        if (*p == '\\')
            n = ine__json_escape(&p, bytes);
        else
            p++;
        if ((size_t)(text_end - t) < n || memcmp(t, bytes, n) != 0)
            return false;
        t += n;
    }
    return t == text_end;
}

bool ine__json_int(ine_str number, int64_t *out)
{
    const bool negative = number.len && number.ptr[0] == '-';
    int64_t value = 0;
    *out = 0;
    if (number.len == negative)
        return false;
    for (size_t i = negative; i < number.len; i++) {
        if (!ine__is_digit(number.ptr[i]))
            return false;
        /* towards the sign, so that INT64_MIN is reached */
        const int digit = number.ptr[i] - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, negative ? -digit : digit, &value))
            return false;
    }
    *out = value;
    return true;
}
