/* What the fuzz targets share. */
#ifndef INE_TESTS_FUZZ_H
#define INE_TESTS_FUZZ_H

#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that must hold for every input. */
#define MUST(condition)                                                                \
    do {                                                                               \
        if (!(condition)) {                                                            \
            fprintf(stderr, "%s:%d: must hold: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                   \
        }                                                                              \
    } while (0)

/* Input that is eaten from the front. */
typedef struct fuzz_input {
    const uint8_t *p;
    size_t left;
} fuzz_input;

static inline uint8_t fuzz_byte(fuzz_input *in)
{
    if (in->left == 0)
        return 0;
    in->left--;
    return *in->p++;
}

/* A view of up to `most` bytes, its length said by one byte (two for larger ones). */
static inline ine_str fuzz_text(fuzz_input *in, size_t most)
{
    size_t n = fuzz_byte(in);
    if (most > 255)
        n = n << 8 | fuzz_byte(in);
    n = n > most ? most : n;
    n = n > in->left ? in->left : n;
    const ine_str text = {(const char *)in->p, n};
    in->p += n;
    in->left -= n;
    return text;
}

static inline ine_str fuzz_rest(fuzz_input *in)
{
    const ine_str text = {(const char *)in->p, in->left};
    in->p += in->left;
    in->left = 0;
    return text;
}

#endif
