/* Walks over values that the reader has found right: no check is repeated here. */
#include "json/scan.h"

/* From an opening quote to behind the closing one. */
static const char *string_end(const char *p, const char *end, bool *escaped)
{
    *escaped = false;
    for (p++; p < end && *p != '"'; p++) {
        if (*p == '\\') {
            *escaped = true;
            p++;
        }
    }
    return p + 1;
}

/* From an opening bracket to behind the closing one. */
static const char *container_end(const char *p, const char *end)
{
    size_t depth = 0;
    bool escaped;
    while (p < end) {
        if (*p == '"') {
            p = string_end(p, end, &escaped);
            continue;
        }
        if (*p == '{' || *p == '[')
            depth++;
        else if ((*p == '}' || *p == ']') && --depth == 0)
            return p + 1;
        p++;
    }
    return end;
}

static const char *scalar_end(const char *p, const char *end)
{
    while (p < end && (unsigned char)*p > ' ' && *p != ',' && *p != ']' && *p != '}')
        p++;
    return p;
}

static uint8_t type_of(char c)
{
    switch (c) {
    case '"':
        return INE__J_STRING;
    case '{':
        return INE__J_OBJECT;
    case '[':
        return INE__J_ARRAY;
    case 'n':
        return INE__J_NULL;
    case 't':
        return INE__J_TRUE;
    case 'f':
        return INE__J_FALSE;
    default:
        return INE__J_NUMBER;
    }
}

/* The value at p; returns what stands behind it. */
static const char *take(const char *p, const char *end, const char *start, ine__slot *out)
{
    bool escaped = false;
    const uint8_t type = type_of(*p);
    const char *first = p;
    const char *last;
    const char *next;
    if (type == INE__J_STRING) {
        next = string_end(p, end, &escaped);
        first++;
        last = next - 1;
    } else {
        const bool container = type == INE__J_OBJECT || type == INE__J_ARRAY;
        last = next = container ? container_end(p, end) : scalar_end(p, end);
    }
    *out = (ine__slot){(uint32_t)(first - start), (uint32_t)(last - first), type, escaped};
    return next;
}

void ine__json_iter_init(ine__json_iter *iter, ine_str value)
{
    if (!value.len) {
        *iter = (ine__json_iter){.done = true};
        return;
    }
    const char *const end = value.ptr + value.len;
    const char *p = ine__scan_white(value.ptr, end);
    const bool container = p < end && (*p == '{' || *p == '[');
    *iter = (ine__json_iter){
        .p = container ? p + 1 : end,
        .end = end,
        .start = value.ptr,
        .object = container && *p == '{',
        .done = !container,
    };
}

bool ine__json_iter_next(ine__json_iter *iter, ine_str *key, bool *key_escaped, ine__slot *value)
{
    *key = INE__NONE;
    *key_escaped = false;
    *value = (ine__slot){0};
    if (iter->done)
        return false;
    const char *p = ine__scan_white(iter->p, iter->end);
    if (p < iter->end && *p == ',')
        p = ine__scan_white(p + 1, iter->end);
    if (p >= iter->end || *p == '}' || *p == ']') {
        iter->done = true;
        return false;
    }
    if (iter->object) {
        const char *const name = p + 1;
        p = string_end(p, iter->end, key_escaped);
        *key = (ine_str){name, (size_t)(p - 1 - name)};
        p = ine__scan_white(p, iter->end);
        p = ine__scan_white(p + 1, iter->end); /* behind the colon */
    }
    iter->p = take(p, iter->end, iter->start, value);
    return true;
}

ine__slot ine__json_member(ine_str object, const char *key)
{
    const ine_str wanted = ine__str_of(key);
    ine__json_iter iter;
    ine_str name;
    bool escaped;
    ine__slot value;
    ine__json_iter_init(&iter, object);
    while (ine__json_iter_next(&iter, &name, &escaped, &value)) {
        if (!name.ptr)
            continue;
        if (escaped ? ine__json_same(name, wanted) : ine__str_eq(name, wanted))
            return value;
    }
    return (ine__slot){0};
}

ine_str ine__json_view(ine_str text, ine__slot slot)
{
    return slot.type == INE__J_ABSENT ? INE__NONE : (ine_str){text.ptr + slot.at, slot.len};
}
