#include "net/head.h"

/* "HTTP/1.1 200 OK"; 0 for what HTTP/1.1 does not know (F28, F29). */
static int32_t parse_status(ine_str line)
{
    if (line.len < 12 || !ine__str_starts(line, "HTTP/1.") || !ine__is_digit(line.ptr[7]) ||
        line.ptr[8] != ' ' || !ine__all_digits(ine__str(line.ptr + 9, 3)) ||
        (line.len > 12 && line.ptr[12] != ' '))
        return 0;
    const int32_t status =
        (line.ptr[9] - '0') * 100 + (line.ptr[10] - '0') * 10 + (line.ptr[11] - '0');
    /* 101 would leave HTTP; nobody asked for it. */
    return status >= 100 && status <= 599 && status != 101 ? status : 0;
}

static ine_str without_line_end(ine_str line)
{
    if (line.len && line.ptr[line.len - 1] == '\n')
        line.len--;
    if (line.len && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* RFC 9110 section 5.6.2: what a header's name is made of; '-' first, it is in most of them. */
static bool is_token(ine_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        if (!ine__is_alpha(c) && c != '-' && !ine__is_digit(c) &&
            (!c || !strchr("!#$%&'*+.^_`|~", c)))
            return false;
    }
    return text.len > 0;
}

static bool is_value(ine_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static int32_t split(ine_str line, ine_str *name, ine_str *value)
{
    const char *colon = memchr(line.ptr, ':', line.len);
    if (!colon)
        return INE__LINE_BAD;
    const size_t at = (size_t)(colon - line.ptr);
    *name = ine__str(line.ptr, at);
    *value = ine__str_trim(ine__str(colon + 1, line.len - at - 1));
    return is_token(*name) && is_value(*value) ? INE__LINE_HEADER : INE__LINE_BAD;
}

int32_t ine__head_line(ine__head *head, ine_str line, ine_str *name, ine_str *value)
{
    *name = *value = INE__NONE;
    if (head->complete)
        return INE__LINE_TRAILER;
    line = without_line_end(line);
    if (!head->open) {
        head->status = parse_status(line);
        head->open = head->status != 0;
        return head->open ? INE__LINE_STATUS : INE__LINE_BAD;
    }
    if (line.len)
        return split(line, name, value);
    head->open = false;
    head->complete = head->status >= 200;
    return INE__LINE_END;
}
