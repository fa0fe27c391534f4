#include "support.h"

#include "crypto/blake2.h"
#include "crypto/hex.h"

/* "name:\tdigits" of the file into `out`; the number of bytes, or -1 when the line is another. */
static int field(char *line, const char *name, unsigned char *out, size_t room)
{
    const size_t n = strlen(name);
    if (strncmp(line, name, n) != 0 || line[n] != ':')
        return -1;
    line[strcspn(line, "\r\n")] = 0;
    const char *digits = line + n + 1 + strspn(line + n + 1, "\t ");
    const size_t len = strlen(digits) / 2;
    assert_true(len <= room);
    assert_true(ine__hex_decode(out, len, ine__str_of(digits)));
    return (int)len;
}

static void known_answers(void **state)
{
    static char line[2048];
    unsigned char in[1024], key[64], hash[64], out[64];
    int in_len = 0, key_len = 0, n, cases = 0;
    (void)state;
    test_needs_shared("vectors/blake2-kat/blake2b-kat.txt");
    FILE *file = fopen(INE_SHARED "/vectors/blake2-kat/blake2b-kat.txt", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        if ((n = field(line, "in", in, sizeof in)) >= 0)
            in_len = n;
        else if ((n = field(line, "key", key, sizeof key)) >= 0)
            key_len = n;
        else if (field(line, "hash", hash, sizeof hash) == 64) {
            assert_int_equal(ine__blake2b(ine__str((char *)key, (size_t)key_len),
                                          ine__str((char *)in, (size_t)in_len), out, 64),
                             INE_OK);
            assert_memory_equal(out, hash, 64);
            cases++;
        }
    }
    fclose(file);
    assert_int_equal(cases, 256);
}

/* The published key makes these the same everywhere: computed once with Python's
 * hashlib.blake2b(body, digest_size=32, key=b"ine-dedupe-1"). */
static void dedupe_key_is_fixed(void **state)
{
    unsigned char out[INE__DEDUPE_SIZE];
    char digits[64];
    (void)state;
    assert_int_equal(ine__dedupe_key(INE__STR("{\"a\":1}"), out), INE_OK);
    ine__hex_encode(digits, out, sizeof out);
    assert_memory_equal(digits, "f9e8a089d0415b84c3c9f8688d827467e31c7bb49fa44bf4ce07c3765d2df864",
                        64);
    assert_int_equal(ine__dedupe_key(INE__NONE, out), INE_OK);
    ine__hex_encode(digits, out, sizeof out);
    assert_memory_equal(digits, "3695c4eebbca9f461bf4bac8a3cdc0d3c624dbd32902fc644efd64aca2ee2eb5",
                        64);
}

static void pseudonym_needs_a_pepper(void **state)
{
    static const unsigned char zero[INE__PSEUDONYM_SIZE];
    static const char pepper[65] =
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    unsigned char out[INE__PSEUDONYM_SIZE];
    char digits[32];
    (void)state;
    for (size_t len = 0; len <= 65; len++) {
        const int32_t code = ine__pseudonym(ine__str(pepper, len), INE__STR("123456789"), out);
        assert_int_equal(code, len >= 32 && len <= 64 ? INE_OK : INE_E_ARGUMENT);
        if (code != INE_OK)
            assert_memory_equal(out, zero, sizeof zero);
    }
    assert_int_equal(ine__pseudonym(ine__str(pepper, 32), INE__STR("123456789"), out), INE_OK);
    ine__hex_encode(digits, out, sizeof out);
    assert_memory_equal(digits, "c1766681d579164dfe783cb8bfaf690e", 32);
}

static void impossible_sizes_fail_cleanly(void **state)
{
    static const char long_key[65];
    unsigned char out[80];
    (void)state;
    memset(out, 7, sizeof out);
    assert_int_equal(ine__blake2b(ine__str(long_key, 65), INE__STR("x"), out, 32), INE_E_INTERNAL);
    assert_int_equal(out[0], 0);
    assert_int_equal(out[31], 0);
    assert_int_equal(out[32], 7);
    assert_int_equal(ine__blake2b(INE__STR("key"), INE__STR("x"), out, 65), INE_E_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(dedupe_key_is_fixed),
        cmocka_unit_test(pseudonym_needs_a_pepper),
        cmocka_unit_test(impossible_sizes_fail_cleanly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
