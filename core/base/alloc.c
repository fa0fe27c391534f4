#include "alloc.h"

#include <stdlib.h>

static bool (*hook_fn)(void *, size_t);
static void *hook_context;

void ine__alloc_hook(bool (*hook)(void *context, size_t size), void *context)
{
    hook_fn = hook;
    hook_context = context;
}

static bool allowed(size_t size)
{
    return !hook_fn || hook_fn(hook_context, size);
}

void *ine__alloc(size_t size)
{
    return allowed(size) ? calloc(1, size ? size : 1) : NULL;
}

void *ine__alloc_array(size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total))
        return NULL;
    return ine__alloc(total);
}

void *ine__realloc(void *ptr, size_t size)
{
    return allowed(size) ? realloc(ptr, size ? size : 1) : NULL;
}

void ine__free(void *ptr)
{
    free(ptr);
}

void ine__wipe(void *ptr, size_t size)
{
    if (ptr && size)
        explicit_bzero(ptr, size);
}

void ine__free_wiped(void *ptr, size_t size)
{
    ine__wipe(ptr, size);
    free(ptr);
}

bool ine__text_copy(ine_str *out, ine_str in)
{
    *out = INE__NONE;
    if (!in.ptr)
        return true;
    char *copy = ine__alloc(in.len);
    if (!copy)
        return false;
    if (in.len)
        memcpy(copy, in.ptr, in.len);
    *out = (ine_str){copy, in.len};
    return true;
}

void ine__text_free(ine_str *text)
{
    if (text->ptr) {
        union {
            const char *in;
            char *out;
        } ptr = {text->ptr};
        ine__free_wiped(ptr.out, text->len);
    }
    *text = INE__NONE;
}
