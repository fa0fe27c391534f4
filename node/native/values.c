/* Values in both directions. */
#include "addon.h"

#include <stdlib.h>
#include <string.h>

bool ine_node_is_nothing(napi_env env, napi_value value)
{
    napi_valuetype type;
    return napi_typeof(env, value, &type) != napi_ok || type == napi_undefined || type == napi_null;
}

bool ine_node_int(const ine_node_call *call, size_t arg, int64_t *out)
{
    if (arg < call->count && napi_get_value_int64(call->env, call->arg[arg], out) == napi_ok)
        return true;
    ine_node_type_error(call->env, "libine: a number is needed");
    return false;
}

/* --- Text in: what Node-API writes for a lone surrogate is U+FFFD, which would be a repair. --- */

static bool has_replacement(const char *text, size_t len)
{
    const char *end = text + len;
    for (const char *p = text; (p = memchr(p, 0xef, (size_t)(end - p))) != NULL; p++) {
        if (end - p >= 3 && (unsigned char)p[1] == 0xbf && (unsigned char)p[2] == 0xbd)
            return true;
    }
    return false;
}

static size_t put_unit(unsigned char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (unsigned char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (unsigned char)(0xc0 | c >> 6);
        out[1] = (unsigned char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) { /* a lone surrogate too: no valid UTF-8, and that is what it must be */
        out[0] = (unsigned char)(0xe0 | c >> 12);
        out[1] = (unsigned char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (unsigned char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (unsigned char)(0xf0 | c >> 18);
    out[1] = (unsigned char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (unsigned char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (unsigned char)(0x80 | (c & 0x3f));
    return 4;
}

static size_t from_utf16(char *out, const char16_t *units, size_t count)
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t c = units[i];
        if (c >= 0xd800 && c < 0xdc00 && i + 1 < count && units[i + 1] >= 0xdc00 &&
            units[i + 1] < 0xe000)
            c = 0x10000 + ((c - 0xd800) << 10) + (uint32_t)(units[++i] - 0xdc00);
        len += put_unit((unsigned char *)out + len, c);
    }
    return len;
}

static bool exact(napi_env env, napi_value value, ine_node_text *out)
{
    size_t units = 0;
    if (napi_get_value_string_utf16(env, value, NULL, 0, &units) != napi_ok)
        return false;
    char16_t *wide = malloc((units + 1) * sizeof *wide);
    char *text = malloc(units * 3 + 1);
    const bool made =
        wide && text && napi_get_value_string_utf16(env, value, wide, units + 1, &units) == napi_ok;
    free(out->large);
    out->large = text;
    if (made)
        out->text = (ine_str){text, from_utf16(text, wide, units)};
    free(wide);
    return made;
}

bool ine_node_text_in(napi_env env, napi_value value, ine_node_text *out)
{
    size_t len = 0;
    out->large = NULL;
    out->text = (ine_str){NULL, 0};
    if (ine_node_is_nothing(env, value))
        return true;
    if (napi_get_value_string_utf8(env, value, out->room, sizeof out->room, &len) != napi_ok) {
        if (ine_node_bytes_in(env, value, &out->text))
            return true;
        return false;
    }
    out->text = (ine_str){out->room, len};
    if (len + 4 >= sizeof out->room) { /* perhaps not all of it */
        napi_get_value_string_utf8(env, value, NULL, 0, &len);
        out->large = malloc(len + 1);
        if (!out->large) {
            napi_throw_error(env, NULL, "libine: out of memory");
            return false;
        }
        napi_get_value_string_utf8(env, value, out->large, len + 1, &len);
        out->text = (ine_str){out->large, len};
    }
    if (has_replacement(out->text.ptr, out->text.len) && !exact(env, value, out)) {
        ine_node_text_free(out);
        napi_throw_error(env, NULL, "libine: out of memory");
        return false;
    }
    return true;
}

void ine_node_text_free(ine_node_text *text)
{
    free(text->large);
    text->large = NULL;
}

/* --- Bytes in --------------------------------------------------------------------------------- */

static bool is_detached(napi_env env, napi_value value)
{
    napi_typedarray_type type;
    napi_value buffer;
    bool detached = false;
    return napi_get_typedarray_info(env, value, &type, NULL, NULL, &buffer, NULL) == napi_ok &&
           napi_is_detached_arraybuffer(env, buffer, &detached) == napi_ok && detached;
}

bool ine_node_bytes_in(napi_env env, napi_value value, ine_str *out)
{
    bool is_buffer = false;
    if (napi_is_buffer(env, value, &is_buffer) == napi_ok && is_buffer)
        return ine_node_view_in(env, value, out);
    ine_node_type_error(env, "libine: bytes are given as a Buffer or Uint8Array");
    return false;
}

bool ine_node_view_in(napi_env env, napi_value value, ine_str *out)
{
    void *data = NULL;
    size_t len = 0;
    if (napi_get_buffer_info(env, value, &data, &len) != napi_ok) {
        ine_node_type_error(env, "libine: bytes are given as a Buffer or Uint8Array");
        return false;
    }
    if (len == 0 && is_detached(env, value)) {
        ine_node_type_error(env, "libine: the memory of these bytes was transferred (detached)");
        return false;
    }
    *out = (ine_str){len ? data : "", len};
    return true;
}

/* --- Values out ------------------------------------------------------------------------------- */

napi_value ine_node_undefined(napi_env env)
{
    napi_value out = NULL;
    napi_get_undefined(env, &out);
    return out;
}

napi_value ine_node_integer(napi_env env, int64_t number)
{
    napi_value out = NULL;
    napi_create_int64(env, number, &out);
    return out;
}

napi_value ine_node_string(napi_env env, ine_str text)
{
    napi_value out = NULL;
    if (text.ptr == NULL)
        napi_get_null(env, &out);
    else
        napi_create_string_utf8(env, text.ptr, text.len, &out);
    return out;
}

napi_value ine_node_buffer(napi_env env, ine_str bytes)
{
    napi_value out = NULL;
    if (napi_create_buffer_copy(env, bytes.len, bytes.ptr ? bytes.ptr : "", NULL, &out) != napi_ok)
        napi_throw_error(env, NULL, "libine: out of memory");
    return out;
}

napi_value ine_node_array(napi_env env, size_t count)
{
    napi_value out = NULL;
    napi_create_array_with_length(env, count, &out);
    return out;
}

bool ine_node_put(napi_env env, napi_value array, uint32_t at, napi_value value)
{
    return array && value && napi_set_element(env, array, at, value) == napi_ok;
}

/* --- Texts joined into one string ------------------------------------------------------------- */

enum { JOIN_INLINE = 1024 };

static bool is_ascii(const char *text, size_t len)
{
    size_t i = 0;
    uint64_t high = 0, word;
    for (; i + sizeof word <= len; i += sizeof word) {
        memcpy(&word, text + i, sizeof word);
        high |= word;
    }
    for (; i < len; i++)
        high |= (uint64_t)(unsigned char)text[i] & 0x80;
    return (high & UINT64_C(0x8080808080808080)) == 0;
}

static bool all_ascii(const ine_str *texts, size_t count, size_t *total)
{
    bool ascii = true;
    *total = 0;
    for (size_t i = 0; i < count; i++) {
        *total += texts[i].len;
        ascii = ascii && is_ascii(texts[i].ptr, texts[i].ptr ? texts[i].len : 0);
    }
    return ascii;
}

/* The library's texts are valid UTF-8. */
static size_t to_utf16(char16_t *out, const char *text, size_t len)
{
    static const unsigned char masks[] = {0x1f, 0x0f, 0x07};
    size_t n = 0;
    for (size_t i = 0; i < len;) {
        const unsigned char lead = (unsigned char)text[i++];
        uint32_t c = lead;
        const size_t more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
        if (more)
            c &= masks[more - 1];
        for (size_t k = 0; k < more && i < len; k++)
            c = c << 6 | ((unsigned char)text[i++] & 0x3f);
        if (c >= 0x10000) {
            out[n++] = (char16_t)(0xd7c0 + (c >> 10));
            c = 0xdc00 + (c & 0x3ff);
        }
        out[n++] = (char16_t)c;
    }
    return n;
}

static napi_value join_wide(const ine_node_call *call, const ine_str *texts, size_t count,
                            size_t total)
{
    napi_value out = NULL;
    size_t n = 0;
    char16_t *wide = malloc((total + 1) * sizeof *wide);
    if (!wide) {
        napi_throw_error(call->env, NULL, "libine: out of memory");
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        if (texts[i].ptr)
            n += to_utf16(wide + n, texts[i].ptr, texts[i].len);
        call->state->number[INE_NODE_ENDS + i] = texts[i].ptr ? (double)n : -1;
    }
    napi_create_string_utf16(call->env, wide, n, &out);
    free(wide);
    return out;
}

napi_value ine_node_join(const ine_node_call *call, const ine_str *texts, size_t count)
{
    char room[JOIN_INLINE] = {0};
    char *text = room;
    napi_value out = NULL;
    size_t total, n = 0;
    double *ends = call->state->number + INE_NODE_ENDS;
    if (count > INE_NODE_NUMBERS - INE_NODE_ENDS)
        return NULL;
    if (!all_ascii(texts, count, &total))
        return join_wide(call, texts, count, total);
    if (total > sizeof room && (text = malloc(total)) == NULL) {
        napi_throw_error(call->env, NULL, "libine: out of memory");
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        if (texts[i].ptr && texts[i].len)
            memcpy(text + n, texts[i].ptr, texts[i].len);
        n += texts[i].len;
        ends[i] = texts[i].ptr ? (double)n : -1;
    }
    napi_create_string_latin1(call->env, text, n, &out);
    if (text != room)
        free(text);
    return out;
}
