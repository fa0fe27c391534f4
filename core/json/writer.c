#include "json/writer.h"

static void fail(ine__writer *writer)
{
    writer->buf->failed = true;
}

void ine__write_init(ine__writer *writer, ine__buf *buf)
{
    *writer = (ine__writer){.buf = buf};
}

/* A comma where one belongs: before every value of a container but the first. */
static void before_value(ine__writer *writer)
{
    const uint64_t bit = (uint64_t)1 << (writer->depth & 63);
    if (writer->after_key) {
        writer->after_key = false;
        return;
    }
    if (writer->filled & bit)
        ine__buf_char(writer->buf, ',');
    writer->filled |= bit;
}

static void open(ine__writer *writer, char bracket)
{
    before_value(writer);
    if (writer->depth == 63) {
        fail(writer);
        return;
    }
    writer->depth++;
    writer->filled &= ~((uint64_t)1 << writer->depth);
    ine__buf_char(writer->buf, bracket);
}

static void close(ine__writer *writer, char bracket)
{
    if (writer->depth == 0 || writer->after_key) {
        fail(writer);
        return;
    }
    writer->depth--;
    ine__buf_char(writer->buf, bracket);
}

void ine__write_object(ine__writer *writer)
{
    open(writer, '{');
}

void ine__write_array(ine__writer *writer)
{
    open(writer, '[');
}

void ine__write_end_object(ine__writer *writer)
{
    close(writer, '}');
}

void ine__write_end_array(ine__writer *writer)
{
    close(writer, ']');
}

static void quoted(ine__writer *writer, ine_str text)
{
    static const char hex[] = "0123456789abcdef";
    static const char from[] = "\b\f\n\r\t\"\\", to[] = "bfnrt\"\\";
    if (!ine__is_utf8(text) || ine__has_nul(text)) {
        fail(writer);
        return;
    }
    ine__buf_char(writer->buf, '"');
    size_t start = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        if ((unsigned char)c >= 0x20 && c != '"' && c != '\\')
            continue;
        ine__buf_add(writer->buf, text.ptr + start, i - start);
        start = i + 1;
        const char *found = memchr(from, c, sizeof from - 1);
        if (found) {
            const char escape[2] = {'\\', to[found - from]};
            ine__buf_add(writer->buf, escape, sizeof escape);
        } else {
            const char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
            ine__buf_add(writer->buf, escape, sizeof escape);
        }
    }
    ine__buf_add(writer->buf, text.ptr + start, text.len - start);
    ine__buf_char(writer->buf, '"');
}

void ine__write_key(ine__writer *writer, const char *key)
{
    ine__write_key_str(writer, ine__str_of(key));
}

void ine__write_key_str(ine__writer *writer, ine_str key)
{
    if (writer->after_key || !key.ptr) {
        fail(writer);
        return;
    }
    before_value(writer);
    quoted(writer, key);
    ine__buf_char(writer->buf, ':');
    writer->after_key = true;
}

void ine__write_str(ine__writer *writer, ine_str text)
{
    if (!text.ptr) {
        ine__write_null(writer);
        return;
    }
    before_value(writer);
    quoted(writer, text);
}

void ine__write_text(ine__writer *writer, const char *text)
{
    ine__write_str(writer, ine__str_of(text));
}

void ine__write_int(ine__writer *writer, int64_t number)
{
    before_value(writer);
    ine__buf_int(writer->buf, number);
}

void ine__write_bool(ine__writer *writer, bool value)
{
    before_value(writer);
    ine__buf_text(writer->buf, value ? "true" : "false");
}

void ine__write_null(ine__writer *writer)
{
    before_value(writer);
    ine__buf_text(writer->buf, "null");
}

void ine__write_raw(ine__writer *writer, ine_str json)
{
    before_value(writer);
    ine__buf_str(writer->buf, json);
}
