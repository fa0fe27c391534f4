/* JSON Pointer [RFC 6901] over a text that the reader has found right. */
#include "base/num.h"
#include "json/scan.h"

static bool well_formed(ine_str pointer)
{
    if (pointer.len && pointer.ptr[0] != '/')
        return false;
    for (size_t i = 0; i < pointer.len; i++) {
        if (pointer.ptr[i] != '~')
            continue;
        if (i + 1 == pointer.len || (pointer.ptr[i + 1] != '0' && pointer.ptr[i + 1] != '1'))
            return false;
    }
    return ine__is_utf8(pointer);
}

/* Is the decoded name this token, in which ~0 stands for ~ and ~1 for /? */
static bool is_token(ine_str name, ine_str token)
{
    const char *p = name.ptr, *t = token.ptr;
    const char *const end = p + name.len, *const token_end = t + token.len;
    while (p < end) {
        char bytes[4] = {*p};
        size_t n = 1;
        if (*p == '\\')
            n = ine__json_escape(&p, bytes);
        else
            p++;
        for (size_t i = 0; i < n; i++) {
            if (t == token_end)
                return false;
            char wanted = *t++;
            if (wanted == '~')
                wanted = *t++ == '0' ? '~' : '/';
            if (wanted != bytes[i])
                return false;
        }
    }
    return t == token_end;
}

/* An index without leading zeros. */
static bool index_of(ine_str token, int64_t *out)
{
    if (token.len > 1 && token.ptr[0] == '0')
        return false;
    return ine__parse_uint(token, INT64_MAX, out);
}

/* One step down: the slot in `value`, ABSENT when there is none or when there are two. */
static ine__slot step(ine_str value, ine_str token)
{
    ine__json_iter iter;
    ine_str name;
    bool escaped;
    ine__slot item, found = {0};
    int64_t wanted = -1;
    ine__json_iter_init(&iter, value);
    if (!iter.object && !index_of(token, &wanted))
        return found;
    for (int64_t i = 0; ine__json_iter_next(&iter, &name, &escaped, &item); i++) {
        if (!iter.object) {
            if (i == wanted)
                return item;
            continue;
        }
        if (!is_token(name, token))
            continue;
        if (found.type != INE__J_ABSENT)
            return (ine__slot){0};
        found = item;
    }
    return found;
}

static ine_str trimmed(ine_str text)
{
    const char *const end = text.ptr + text.len;
    const char *p = ine__scan_white(text.ptr, end);
    size_t len = (size_t)(end - p);
    while (len &&
           (p[len - 1] == ' ' || p[len - 1] == '\n' || p[len - 1] == '\r' || p[len - 1] == '\t'))
        len--;
    return (ine_str){p, len};
}

bool ine__json_pointer(ine_str text, ine_str pointer, ine_str *out)
{
    *out = INE__NONE;
    if (!well_formed(pointer))
        return false;
    if (!text.len)
        return true;
    ine_str value = trimmed(text);
    for (size_t i = 0; i < pointer.len;) {
        const size_t start = ++i;
        while (i < pointer.len && pointer.ptr[i] != '/')
            i++;
        const ine__slot slot = step(value, (ine_str){pointer.ptr + start, i - start});
        if (slot.type == INE__J_ABSENT)
            return true;
        const size_t quote = slot.type == INE__J_STRING;
        value = (ine_str){value.ptr + slot.at - quote, slot.len + 2 * quote};
    }
    *out = value;
    return true;
}
