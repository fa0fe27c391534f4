/* All memory of the library comes through here, so that a test can make the n-th allocation fail.
 */
#ifndef INE_BASE_ALLOC_H
#define INE_BASE_ALLOC_H

#include "str.h"

/* Zeroed. NULL when there is no memory. */
void *ine__alloc(size_t size);
/* count * size, checked. */
void *ine__alloc_array(size_t count, size_t size);
void *ine__realloc(void *ptr, size_t size);
void ine__free(void *ptr);
/* Overwrites before freeing: for buffers that held personal data. */
void ine__free_wiped(void *ptr, size_t size);
void ine__wipe(void *ptr, size_t size);

/* A private copy with the text's length; an absent text stays absent. Freed by ine__text_free(). */
bool ine__text_copy(ine_str *out, ine_str in);
void ine__text_free(ine_str *text);

/* Tests: `hook` is asked before every allocation; false makes it fail. NULL removes it. Not for
 * concurrent use with other threads. */
void ine__alloc_hook(bool (*hook)(void *context, size_t size), void *context);

#endif
