#include "support.h"

#include "base/sum.h"

#define SIZE 700

static uint64_t sum_of(const unsigned char *data, size_t len, size_t piece)
{
    ine__sum sum;
    ine__sum_begin(&sum);
    for (size_t at = 0; at < len; at += piece)
        ine__sum_add(&sum, data + at, len - at < piece ? len - at : piece);
    return ine__sum_end(&sum);
}

static void fill(unsigned char *data)
{
    for (size_t i = 0; i < SIZE; i++)
        data[i] = (unsigned char)(i * 7 + i / 13);
}

static void pieces_do_not_matter(void **state)
{
    (void)state;
    unsigned char data[SIZE];
    fill(data);
    for (size_t len = 0; len <= SIZE; len += 23) {
        const uint64_t whole = sum_of(data, len, SIZE);
        for (size_t piece = 1; piece < 80; piece++)
            assert_true(sum_of(data, len, piece) == whole);
    }
}

static void every_change_shows(void **state)
{
    (void)state;
    unsigned char data[SIZE + 1] = {0};
    fill(data);
    const uint64_t whole = sum_of(data, SIZE, SIZE);
    for (size_t i = 0; i < SIZE; i++) {
        for (int bit = 0; bit < 8; bit++) {
            data[i] ^= (unsigned char)(1 << bit);
            assert_true(sum_of(data, SIZE, SIZE) != whole);
            data[i] ^= (unsigned char)(1 << bit);
        }
    }
    assert_true(sum_of(data, SIZE - 1, SIZE) != whole);
    assert_true(sum_of(data, SIZE + 1, SIZE + 1) != whole); /* one zero more */
    for (size_t i = 0; i + 32 < SIZE; i += 32) {
        unsigned char other[SIZE];
        memcpy(other, data, SIZE);
        memcpy(other + i, data + i + 8, 8); /* two words change places */
        memcpy(other + i + 8, data + i, 8);
        assert_true(sum_of(other, SIZE, SIZE) != whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pieces_do_not_matter),
                                       cmocka_unit_test(every_change_shows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
