/* What the unit tests share: files, and an allocator that fails on purpose. */
#ifndef INE_TESTS_SUPPORT_H
#define INE_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The whole file in memory that ends exactly where the file does (so that ASan sees a read past
 * it); NULL when it is absent. Freed with free(). */
static inline char *test_read(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    *len = 0;
    if (!file)
        return NULL;
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    const long size = ftell(file);
    assert_true(size >= 0);
    rewind(file);
    char *data = malloc(size ? (size_t)size : 1);
    assert_non_null(data);
    *len = fread(data, 1, (size_t)size, file);
    assert_int_equal(*len, (size_t)size);
    fclose(file);
    return data;
}

/* A documented payload by name, as in "decision_selfie_mismatch". */
static inline char *test_payload(const char *name, size_t *len)
{
    char path[512];
    snprintf(path, sizeof path, "%s/tests/payloads/%s.json", INE_ROOT, name);
    char *data = test_read(path, len);
    assert_non_null(data);
    return data;
}

/* Material from outside the project: says so and skips the test when it is not there. */
static inline void test_needs_shared(const char *path)
{
    char whole[512];
    snprintf(whole, sizeof whole, "%s/%s", INE_SHARED, path);
    if (access(whole, R_OK) != 0) {
        print_message("skipped: %s is not here\n", path);
        skip();
    }
}

typedef struct test_failing {
    size_t count, fail_at;
    bool sticky;
} test_failing;

static inline bool test_failing_hook(void *context, size_t size)
{
    test_failing *failing = context;
    (void)size;
    failing->count++;
    return failing->sticky ? failing->count < failing->fail_at : failing->count != failing->fail_at;
}

/*
 * Runs `scenario` with the n-th allocation failing, for every n, once and for good, until it makes
 * no more allocations than that. The scenario returns true when it went well; it must go well
 * without a failure.
 */
static inline void test_each_allocation(bool (*scenario)(void *), void *argument)
{
    for (int sticky = 0; sticky < 2; sticky++) {
        for (size_t n = 1;; n++) {
            test_failing failing = {.fail_at = n, .sticky = sticky != 0};
            ine__alloc_hook(test_failing_hook, &failing);
            const bool ok = scenario(argument);
            ine__alloc_hook(NULL, NULL);
            if (failing.count < n) {
                assert_true(ok);
                break;
            }
            assert_true(n < 100000);
        }
    }
    assert_true(scenario(argument));
}

#endif
