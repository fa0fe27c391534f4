#include "json/restyle.h"

#include "json/reader.h"

typedef struct restyler {
    ine__buf *out;
    ine__json_style style;
    const char *p, *end;
    int32_t depth;
} restyler;

static void line(restyler *r)
{
    if (r->style.indent == 0)
        return;
    ine__buf_char(r->out, '\n');
    for (int32_t i = 0; i < r->depth * r->style.indent; i++)
        ine__buf_char(r->out, ' ');
}

static void escape_unit(ine__buf *out, uint32_t unit)
{
    ine__buf_text(out, "\\u");
    for (int32_t shift = 12; shift >= 0; shift -= 4)
        ine__buf_char(out, "0123456789abcdef"[unit >> shift & 15]);
}

/* One character of right UTF-8 above U+007F as one or two escapes; returns its length. */
static size_t escape_character(ine__buf *out, const unsigned char *p)
{
    if (p[0] < 0xe0) {
        escape_unit(out, (uint32_t)(p[0] & 0x1f) << 6 | (p[1] & 0x3f));
        return 2;
    }
    if (p[0] < 0xf0) {
        escape_unit(out,
                    (uint32_t)(p[0] & 0x0f) << 12 | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3f));
        return 3;
    }
    const uint32_t point = ((uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3f) << 12 |
                            (uint32_t)(p[2] & 0x3f) << 6 | (p[3] & 0x3f)) -
                           0x10000;
    escape_unit(out, 0xd800 + (point >> 10));
    escape_unit(out, 0xdc00 + (point & 0x3ff));
    return 4;
}

/* An escape that stands for a character above U+007F becomes that character, \/ becomes /; all
 * others stay. Returns the escape's length. */
static size_t unescape(ine__buf *out, const char *p)
{
    char decoded[4];
    size_t len = p[1] == 'u' ? 6 : 2;
    if (p[1] == '/') {
        ine__buf_char(out, '/');
        return len;
    }
    if (len == 6 && (p[2] == 'd' || p[2] == 'D') && strchr("89abAB", p[3]))
        len = 12; /* a surrogate pair */
    const size_t n = len > 2 ? ine__json_unescape(decoded, ine__str(p, len)) : 0;
    if (n > 1)
        ine__buf_add(out, decoded, n);
    else
        ine__buf_add(out, p, len);
    return len;
}

/* From the opening quote to behind the closing one. */
static void string(restyler *r)
{
    ine__buf_char(r->out, *r->p++);
    while (*r->p != '"') {
        const unsigned char c = (unsigned char)*r->p;
        if (c == '\\' && r->style.chars == INE__CHARS_UTF8) {
            r->p += unescape(r->out, r->p);
        } else if (c == '\\') {
            ine__buf_add(r->out, r->p, 2);
            r->p += 2;
        } else if (c >= 0x80 && r->style.chars == INE__CHARS_ASCII) {
            r->p += escape_character(r->out, (const unsigned char *)r->p);
        } else {
            ine__buf_char(r->out, *r->p++);
        }
    }
    ine__buf_char(r->out, *r->p++);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* {} and [] stay closed up. */
static bool closes_at_once(const restyler *r)
{
    const char *p = r->p + 1;
    while (p < r->end && is_space(*p))
        p++;
    return p < r->end && (*p == '}' || *p == ']');
}

static void mark(restyler *r)
{
    const char c = *r->p;
    const bool opens = c == '{' || c == '[';
    const bool closes = c == '}' || c == ']';
    if (closes) {
        r->depth--;
        line(r);
    }
    if (opens && closes_at_once(r)) {
        ine__buf_char(r->out, c);
        do
            r->p++;
        while (is_space(*r->p));
        ine__buf_char(r->out, *r->p++);
        return;
    }
    ine__buf_char(r->out, c);
    r->p++;
    if (opens) {
        r->depth++;
        line(r);
    } else if (c == ',' && r->style.indent) {
        line(r);
    } else if ((c == ',' && r->style.spaced) ||
               (c == ':' && (r->style.spaced || r->style.indent))) {
        ine__buf_char(r->out, ' ');
    }
}

void ine__json_restyle(ine__buf *out, ine_str json, ine__json_style style)
{
    restyler r = {out, style, json.ptr, json.ptr + json.len, 0};
    while (r.p < r.end) {
        if (is_space(*r.p))
            r.p++;
        else if (*r.p == '"')
            string(&r);
        else if (strchr("{}[],:", *r.p))
            mark(&r);
        else
            ine__buf_char(out, *r.p++);
    }
}
