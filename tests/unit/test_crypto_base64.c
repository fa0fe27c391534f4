#include "support.h"

#include "crypto/base64.h"

#include <jansson.h>
#include <openssl/evp.h>

static void check(const char *raw, const char *text)
{
    char encoded[64], decoded[64];
    size_t len;
    assert_int_equal(ine__base64_encode(encoded, raw, strlen(raw)), strlen(text));
    assert_memory_equal(encoded, text, strlen(text));
    assert_true(ine__base64_decode(decoded, &len, ine__str_of(text)));
    assert_int_equal(len, strlen(raw));
    assert_memory_equal(decoded, raw, len);
}

static void rfc4648(void **state)
{
    json_error_t error;
    size_t i;
    json_t *item;
    (void)state;
    test_needs_shared("vectors/rfc4648-base64/vectors.json");
    json_t *all = json_load_file(INE_SHARED "/vectors/rfc4648-base64/vectors.json", 0, &error);
    assert_non_null(all);
    assert_int_equal(json_array_size(all), 7);
    json_array_foreach(all, i, item)
    {
        check(json_string_value(json_object_get(item, "raw")),
              json_string_value(json_object_get(item, "base64")));
    }
    json_decref(all);
}

/* All lengths around the vectors' widths, in memory that ends where the data ends, each way against
 * OpenSSL's encoder. */
static void every_way_gives_the_same(void **state)
{
    static const int32_t ways[] = {INE__BASE64_SCALAR, INE__BASE64_SSSE3, INE__BASE64_AVX2};
    uint32_t seed = 1;
    (void)state;
    for (size_t len = 0; len <= 300; len++) {
        size_t size, decoded_len;
        assert_true(ine__base64_size(len, &size));
        unsigned char *raw = malloc(len ? len : 1);
        unsigned char *wanted = malloc(size + 1);
        for (size_t i = 0; i < len; i++)
            raw[i] = (unsigned char)((seed = seed * 1664525u + 1013904223u) >> 24);
        assert_int_equal(EVP_EncodeBlock(wanted, raw, (int)len), size);
        for (size_t way = 0; way < sizeof ways / sizeof ways[0]; way++) {
            char *out = malloc(size ? size : 1);
            unsigned char *back = malloc(len ? len : 1);
            assert_int_equal(ine__base64_encode_with(ways[way], out, raw, len), size);
            assert_memory_equal(out, wanted, size);
            if (len > 2) {
                unsigned char *room = malloc(size / 4 * 3);
                assert_true(ine__base64_decode(room, &decoded_len, ine__str(out, size)));
                assert_int_equal(decoded_len, len);
                assert_memory_equal(room, raw, len);
                free(room);
            }
            free(back);
            free(out);
        }
        free(wanted);
        free(raw);
    }
}

/* Each of the 4096 pairs of digits passes through every way. */
static void every_pair_of_digits(void **state)
{
    static unsigned char raw[4096 * 3];
    static char out[4096 * 4], wanted[4096 * 4 + 1];
    (void)state;
    for (unsigned i = 0; i < 4096; i++) {
        raw[3 * i] = (unsigned char)(i >> 4);
        raw[3 * i + 1] = (unsigned char)((i << 4 | i >> 8) & 0xff);
        raw[3 * i + 2] = (unsigned char)(i & 0xff);
    }
    EVP_EncodeBlock((unsigned char *)wanted, raw, sizeof raw);
    for (int32_t way = INE__BASE64_SCALAR; way <= INE__BASE64_AVX2; way++) {
        memset(out, 0, sizeof out);
        assert_int_equal(ine__base64_encode_with(way, out, raw, sizeof raw), sizeof out);
        assert_memory_equal(out, wanted, sizeof out);
    }
}

static void refuses_what_is_not_base64(void **state)
{
    static const char *const wrong[] = {
        "A",        "AA",       "AAA",      "====", "A===",     "=AAA",
        "AA=A",     "AAA=AAAA", "AA==AAAA", "Zg=",  "Zg==\n",   "Zm9v\n",
        "Zm 9",     "Zm-_",     "Zh==",     "Zm9=", "Zm9v====", "\x80\x80\x80\x80",
        "Zm9v Zm9", "[]{}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const size_t len = strlen(wrong[i]);
        char *text = malloc(len);
        char room[16];
        size_t decoded = 99;
        memcpy(text, wrong[i], len);
        assert_false(ine__base64_decode(room, &decoded, ine__str(text, len)));
        assert_int_equal(decoded, 0);
        free(text);
    }
}

/* Every byte at every place of a group: only the 64 digits pass. */
static void every_byte_at_every_place(void **state)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        for (size_t place = 0; place < 4; place++) {
            char text[8] = {'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A'}, room[6];
            size_t decoded;
            text[place] = (char)byte;
            assert_int_equal(ine__base64_decode(room, &decoded, ine__str(text, 8)),
                             byte != 0 && strchr(digits, byte) != NULL);
        }
    }
}

/* C8: sizes near the end of size_t. */
static void c8_sizes_do_not_wrap(void **state)
{
    size_t size;
    (void)state;
    for (size_t len = 0; len <= 300; len++) {
        assert_true(ine__base64_size(len, &size));
        assert_int_equal(size, (len + 2) / 3 * 4);
        assert_false(ine__base64_size(SIZE_MAX - len, &size));
    }
    assert_true(ine__base64_size(SIZE_MAX / 4 * 3 - 2, &size));
    assert_false(ine__base64_size(SIZE_MAX / 4 * 3 + 3, &size));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc4648),
        cmocka_unit_test(every_way_gives_the_same),
        cmocka_unit_test(every_pair_of_digits),
        cmocka_unit_test(refuses_what_is_not_base64),
        cmocka_unit_test(every_byte_at_every_place),
        cmocka_unit_test(c8_sizes_do_not_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
