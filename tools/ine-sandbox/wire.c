#include "wire.h"

#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is(ine_str text, const char *word)
{
    if (text.len != strlen(word))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (lower(text.ptr[i]) != word[i])
            return false;
    }
    return true;
}

/* [RFC 9110 section 5.6.2] */
static bool is_token(ine_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        if ((c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z'))
            continue;
        if (c == 0 || !strchr("!#$%&'*+-.^_`|~", c))
            return false;
    }
    return text.len > 0;
}

static bool is_text(ine_str text, bool space)
{
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];
        if (c == 0x7f || (c < 0x21 && !(space && (c == ' ' || c == '\t'))))
            return false;
    }
    return true;
}

static ine_str trim(ine_str a)
{
    while (a.len && (a.ptr[0] == ' ' || a.ptr[0] == '\t')) {
        a.ptr++;
        a.len--;
    }
    while (a.len && (a.ptr[a.len - 1] == ' ' || a.ptr[a.len - 1] == '\t'))
        a.len--;
    return a;
}

/* The next line without its CRLF; a line that ends otherwise is refused. */
static bool next_line(ine_str *rest, ine_str *line)
{
    const char *end = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;
    if (!end || end == rest->ptr || end[-1] != '\r')
        return false;
    *line = (ine_str){rest->ptr, (size_t)(end - 1 - rest->ptr)};
    rest->len -= (size_t)(end + 1 - rest->ptr);
    rest->ptr = end + 1;
    return true;
}

/* The text before `mark`, which is passed over. */
static bool cut(ine_str *rest, char mark, ine_str *before)
{
    const char *at = rest->len ? memchr(rest->ptr, mark, rest->len) : NULL;
    if (!at)
        return false;
    *before = (ine_str){rest->ptr, (size_t)(at - rest->ptr)};
    rest->len -= before->len + 1;
    rest->ptr = at + 1;
    return true;
}

static int read_first_line(ine_str line, wire_head *out)
{
    if (!cut(&line, ' ', &out->method) || !cut(&line, ' ', &out->target) ||
        !is_token(out->method) || !out->target.len || !is_text(out->target, false))
        return 400;
    if (line.len != 8 || memcmp(line.ptr, "HTTP/", 5) != 0)
        return 400;
    if (memcmp(line.ptr + 5, "1.1", 3) != 0 && memcmp(line.ptr + 5, "1.0", 3) != 0)
        return 505;
    out->keep_alive = line.ptr[7] == '1';
    return 0;
}

static bool read_length(ine_str digits, size_t *out)
{
    *out = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9' ||
            __builtin_mul_overflow(*out, (size_t)10, out) ||
            __builtin_add_overflow(*out, (size_t)(digits.ptr[i] - '0'), out))
            return false;
    }
    return digits.len > 0;
}

/* What the headers say about the body and the connection. */
static int read_framing(wire_head *out, bool http11)
{
    size_t lengths = 0, codings = 0, hosts = 0;
    for (size_t i = 0; i < out->header_count; i++) {
        const ine_str name = out->headers[i].name, value = out->headers[i].value;
        if (is(name, "content-length")) {
            if (!read_length(value, &out->length))
                return 400;
            lengths++;
        } else if (is(name, "transfer-encoding")) {
            if (!is(value, "chunked"))
                return 501;
            codings++;
        } else if (is(name, "host")) {
            hosts++;
        } else if (is(name, "connection")) {
            out->keep_alive = is(value, "close") ? false : out->keep_alive;
        } else if (is(name, "expect")) {
            if (!is(value, "100-continue"))
                return 417;
            out->expect_continue = true;
        }
    }
    out->chunked = codings > 0;
    if (lengths > 1 || codings > 1 || (lengths && codings) || (http11 && hosts != 1))
        return 400;
    return out->length > INE_SANDBOX_BODY_MAX ? 413 : 0;
}

int wire_read_head(ine_str head, wire_head *out)
{
    ine_str line;
    memset(out, 0, sizeof *out);
    if (!next_line(&head, &line))
        return 400;
    const int refused = read_first_line(line, out);
    if (refused)
        return refused;
    const bool http11 = out->keep_alive;
    while (next_line(&head, &line)) {
        ine_sandbox_header *header = &out->headers[out->header_count];
        if (line.len == 0)
            return head.len == 0 ? read_framing(out, http11) : 400;
        if (out->header_count == WIRE_HEADERS_MAX)
            return 431;
        if (!cut(&line, ':', &header->name) || !is_token(header->name) || !is_text(line, true))
            return 400;
        header->value = trim(line);
        out->header_count++;
    }
    return 400;
}

bool wire_chunk_size(ine_str line, size_t *out)
{
    size_t digits = 0;
    *out = 0;
    for (; digits < line.len; digits++) {
        const char c = lower(line.ptr[digits]);
        const bool digit = c >= '0' && c <= '9';
        if (!digit && !(c >= 'a' && c <= 'f'))
            break;
        if (*out > INE_SANDBOX_BODY_MAX)
            return false;
        *out = *out * 16 + (size_t)(digit ? c - '0' : c - 'a' + 10);
    }
    return digits > 0 && (digits == line.len || line.ptr[digits] == ';');
}

const char *wire_reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        {200, "OK"},
        {201, "Created"},
        {204, "No Content"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {409, "Conflict"},
        {413, "Content Too Large"},
        {417, "Expectation Failed"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (reasons[i].status == status)
            return reasons[i].reason;
    }
    return "Unknown";
}
