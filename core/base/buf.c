#include "buf.h"

#include "num.h"

void ine__buf_init(ine__buf *buf, size_t ceiling)
{
    *buf = (ine__buf){.ceiling = ceiling};
}

void ine__buf_free(ine__buf *buf)
{
    ine__free_wiped(buf->ptr, buf->cap);
    *buf = (ine__buf){.ceiling = buf->ceiling};
}

void ine__buf_clear(ine__buf *buf)
{
    ine__wipe(buf->ptr, buf->len);
    buf->len = 0;
    buf->failed = buf->too_long = false;
}

/* A new block and a wiped old one, instead of realloc(): what realloc() leaves behind may hold
 * personal data. */
static bool grow(ine__buf *buf, size_t need)
{
    size_t cap = buf->cap ? buf->cap : 128;
    while (cap < need)
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    if (cap > buf->ceiling)
        cap = buf->ceiling;
    char *ptr = ine__alloc(cap);
    if (!ptr)
        return false;
    if (buf->len)
        memcpy(ptr, buf->ptr, buf->len);
    ine__free_wiped(buf->ptr, buf->cap);
    buf->ptr = ptr;
    buf->cap = cap;
    return true;
}

char *ine__buf_room(ine__buf *buf, size_t len)
{
    size_t need;
    if (buf->failed)
        return NULL;
    if (__builtin_add_overflow(buf->len, len, &need) || need > buf->ceiling) {
        buf->failed = buf->too_long = true;
        return NULL;
    }
    if (need > buf->cap && !grow(buf, need)) {
        buf->failed = true;
        return NULL;
    }
    return buf->ptr + buf->len;
}

void ine__buf_add(ine__buf *buf, const void *data, size_t len)
{
    if (len == 0)
        return;
    char *room = ine__buf_room(buf, len);
    if (!room)
        return;
    memcpy(room, data, len);
    buf->len += len;
}

void ine__buf_str(ine__buf *buf, ine_str text)
{
    ine__buf_add(buf, text.ptr, text.len);
}

void ine__buf_text(ine__buf *buf, const char *text)
{
    ine__buf_add(buf, text, strlen(text));
}

void ine__buf_char(ine__buf *buf, char c)
{
    ine__buf_add(buf, &c, 1);
}

void ine__buf_int(ine__buf *buf, int64_t number)
{
    char digits[INE__INT_DIGITS];
    ine__buf_add(buf, digits, ine__format_int(digits, number));
}

ine_str ine__buf_view(const ine__buf *buf)
{
    return (ine_str){buf->ptr ? buf->ptr : "", buf->len};
}
