/* C8 and D2 in the base module: sizes near the end of size_t, memory that is wiped. */
#include "support.h"

#include "base/buf.h"

/* Only sizes that a test has room for are allowed. */
static bool at_most_a_megabyte(void *largest, size_t size)
{
    size_t *seen = largest;
    if (size > *seen)
        *seen = size;
    return size <= 1u << 20;
}

/* Every pair of a length that is there and a length that is added, at both ends of size_t (T12). */
static void C8_a_buffer_never_wraps(void **state)
{
    static const size_t ceilings[] = {0, 1, 127, 128, 129, 1000, SIZE_MAX - 1, SIZE_MAX};
    size_t largest = 0;
    char *text = malloc(301);
    (void)state;
    memset(text, 'x', 301);
    ine__alloc_hook(at_most_a_megabyte, &largest);
    for (size_t c = 0; c < sizeof ceilings / sizeof ceilings[0]; c++) {
        for (size_t there = 0; there <= 300; there++) {
            ine__buf buf;
            ine__buf_init(&buf, ceilings[c]);
            ine__buf_add(&buf, text, there);
            const bool fits = there <= ceilings[c];
            assert_int_equal(buf.failed, !fits);
            assert_int_equal(buf.len, fits ? there : 0);
            assert_true(buf.cap <= ceilings[c]);
            for (size_t less = 0; less <= 300 && fits; less++) {
                const size_t len = SIZE_MAX - less;
                buf.failed = buf.too_long = false;
                char *room = ine__buf_room(&buf, len);
                assert_null(room);
                assert_true(buf.failed);
                /* Too long by arithmetic or by the ceiling, or more than there is. */
                if (there > less || ceilings[c] < SIZE_MAX - 1)
                    assert_true(buf.too_long);
                assert_int_equal(buf.len, there);
            }
            ine__buf_free(&buf);
        }
    }
    ine__alloc_hook(NULL, NULL);
    free(text);
}

static void C8_arrays_never_wrap(void **state)
{
    (void)state;
    for (size_t size = 1; size <= 300; size++) {
        for (size_t less = 0; less <= 300; less++) {
            size_t total;
            const size_t count = SIZE_MAX - less;
            if (__builtin_mul_overflow(count, size, &total))
                assert_null(ine__alloc_array(count, size));
            if (size > 1)
                assert_null(ine__alloc_array(SIZE_MAX / size + 1 + less, size));
        }
    }
    assert_null(ine__alloc_array(SIZE_MAX / 2, SIZE_MAX / 2));
    void *none = ine__alloc_array(0, SIZE_MAX);
    assert_non_null(none);
    ine__free(none);
}

/* What a buffer leaves behind when it grows or is freed has no trace of its text. */
static void D2_wiping_is_not_optimised_away(void **state)
{
    static const unsigned char zero[64];
    unsigned char secret[64];
    (void)state;
    memset(secret, 0xa5, sizeof secret);
    ine__wipe(secret, sizeof secret);
    assert_memory_equal(secret, zero, sizeof zero);
    ine__wipe(NULL, 10);
    ine__buf buf;
    ine__buf_init(&buf, 1000);
    ine__buf_text(&buf, "0123456789");
    const char *kept = buf.ptr;
    ine__buf_clear(&buf);
    assert_ptr_equal(buf.ptr, kept);
    assert_memory_equal(kept, zero, 10);
    ine__buf_free(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(C8_a_buffer_never_wraps),
        cmocka_unit_test(C8_arrays_never_wrap),
        cmocka_unit_test(D2_wiping_is_not_optimised_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
