#include "support.h"

#include "crypto/hex.h"

static void encodes(void **state)
{
    char out[6];
    (void)state;
    ine__hex_encode(out, "\x00\xaf\xff", 3);
    assert_memory_equal(out, "00afff", 6);
}

/* Every pair of bytes against the C library's opinion of what a digit is. */
static void decodes_exactly_the_digits(void **state)
{
    (void)state;
    for (int high = 0; high < 256; high++) {
        for (int low = 0; low < 256; low++) {
            const char text[3] = {(char)high, (char)low, 0};
            unsigned char out = 0;
            const bool digits = strspn(text, "0123456789abcdefABCDEF") == 2;
            assert_int_equal(ine__hex_decode(&out, 1, ine__str(text, 2)), digits);
            if (digits)
                assert_int_equal(out, strtol(text, NULL, 16));
        }
    }
}

/* Every byte at every place of a text as long as a signature, and one byte longer. */
static void decodes_a_signature(void **state)
{
    (void)state;
    for (size_t len = 32; len <= 33; len++) {
        for (size_t place = 0; place < 2 * len; place++) {
            for (int byte = 0; byte < 256; byte++) {
                char *text = malloc(2 * len);
                unsigned char out[33], wanted[33];
                memset(text, '7', 2 * len);
                memset(wanted, 0x77, sizeof wanted);
                text[place] = (char)byte;
                const bool digit = byte && strchr("0123456789abcdefABCDEF", byte);
                assert_int_equal(ine__hex_decode(out, len, ine__str(text, 2 * len)), digit);
                if (digit) {
                    const char one[2] = {(char)byte, 0};
                    const unsigned value = (unsigned)strtoul(one, NULL, 16);
                    wanted[place / 2] = (unsigned char)(place % 2 ? 0x70 | value : value << 4 | 7);
                    assert_memory_equal(out, wanted, len);
                }
                free(text);
            }
        }
    }
}

static void wants_the_exact_length(void **state)
{
    unsigned char out[2];
    (void)state;
    assert_true(ine__hex_decode(out, 0, INE__STR("")));
    assert_true(ine__hex_decode(out, 0, INE__NONE));
    assert_false(ine__hex_decode(out, 2, INE__STR("123")));
    assert_false(ine__hex_decode(out, 2, INE__STR("12345")));
    assert_false(ine__hex_decode(out, SIZE_MAX, INE__STR("1234")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes),
        cmocka_unit_test(decodes_exactly_the_digits),
        cmocka_unit_test(decodes_a_signature),
        cmocka_unit_test(wants_the_exact_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
