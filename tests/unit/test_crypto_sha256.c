#include "support.h"

#include "crypto/hex.h"
#include "crypto/sha256.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

/* Bytes of a hexadecimal text, in memory of that size; freed with free(). */
static unsigned char *unhex(const json_t *text, size_t *len)
{
    const char *digits = json_string_value(text);
    assert_non_null(digits);
    *len = strlen(digits) / 2;
    unsigned char *bytes = malloc(*len ? *len : 1);
    assert_true(ine__hex_decode(bytes, *len, ine__str_of(digits)));
    return bytes;
}

static void mac_of(unsigned char out[32], const void *key, size_t key_len, const void *data,
                   size_t len)
{
    ine__hmac_key prepared;
    ine__hmac mac;
    assert_true(ine__hmac_key_init(&prepared, key, key_len));
    ine__hmac_begin(&mac, &prepared);
    ine__hmac_add(&mac, data, len);
    assert_true(ine__hmac_end(&mac, out));
    unsigned char whole[32];
    assert_true(ine__hmac_whole(&prepared, data, len, whole));
    assert_memory_equal(whole, out, sizeof whole);
}

static void rfc4231(void **state)
{
    json_error_t error;
    size_t i;
    json_t *item;
    (void)state;
    test_needs_shared("vectors/rfc4231-hmac-sha256/vectors.json");
    json_t *all = json_load_file(INE_SHARED "/vectors/rfc4231-hmac-sha256/vectors.json", 0, &error);
    assert_non_null(all);
    assert_int_equal(json_array_size(all), 7);
    json_array_foreach(all, i, item)
    {
        size_t key_len, msg_len, tag_len;
        unsigned char out[32];
        unsigned char *key = unhex(json_object_get(item, "key_hex"), &key_len);
        unsigned char *msg = unhex(json_object_get(item, "msg_hex"), &msg_len);
        unsigned char *tag = unhex(json_object_get(item, "tag_hex"), &tag_len);
        mac_of(out, key, key_len, msg, msg_len);
        assert_memory_equal(out, tag, tag_len);
        free(key);
        free(msg);
        free(tag);
    }
    json_decref(all);
}

/* The parts in which a body arrives do not matter. */
static void any_cut_gives_the_same(void **state)
{
    unsigned char data[200], whole[32], parts[32];
    ine__hmac_key key;
    ine__hmac mac;
    (void)state;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)i;
    mac_of(whole, "key", 3, data, sizeof data);
    assert_true(ine__hmac_key_init(&key, "key", 3));
    for (size_t cut = 0; cut <= sizeof data; cut++) {
        ine__hmac_begin(&mac, &key);
        ine__hmac_add(&mac, data, cut);
        ine__hmac_add(&mac, data + cut, sizeof data - cut);
        assert_true(ine__hmac_end(&mac, parts));
        assert_memory_equal(whole, parts, 32);
    }
}

/* Keys around the block's length, against OpenSSL. */
static void key_lengths(void **state)
{
    unsigned char key[200], ours[32], theirs[32];
    unsigned len;
    (void)state;
    memset(key, 0xa7, sizeof key);
    for (size_t n = 1; n <= sizeof key; n++) {
        mac_of(ours, key, n, "data", 4);
        assert_non_null(
            HMAC(EVP_sha256(), key, (int)n, (const unsigned char *)"data", 4, theirs, &len));
        assert_memory_equal(ours, theirs, 32);
    }
}

static void plain_hash(void **state)
{
    ine__sha256 hash;
    unsigned char out[32];
    char digits[64];
    (void)state;
    ine__sha256_begin(&hash);
    ine__sha256_add(&hash, "ab", 2);
    ine__sha256_add(&hash, NULL, 0);
    ine__sha256_add(&hash, "c", 1);
    assert_true(ine__sha256_end(&hash, out));
    ine__hex_encode(digits, out, 32);
    assert_memory_equal(digits, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                        64);
}

/* D1, D2: no state stays behind, whether a MAC is ended or dropped. */
static void d1_states_are_wiped(void **state)
{
    static const unsigned char zero[sizeof(ine__hmac)];
    ine__hmac_key key;
    ine__hmac mac;
    unsigned char out[32];
    (void)state;
    assert_true(ine__hmac_key_init(&key, "key", 3));
    for (int drop = 0; drop < 2; drop++) {
        ine__hmac_begin(&mac, &key);
        assert_memory_not_equal(&mac, zero, sizeof mac);
        ine__hmac_add(&mac, "data", 4);
        if (drop)
            ine__hmac_drop(&mac);
        else
            assert_true(ine__hmac_end(&mac, out));
#ifdef INE_SHA256_EVP
        assert_memory_equal(&mac.key, zero, sizeof mac.key);
#else
        assert_memory_equal(&mac, zero, sizeof mac);
#endif
    }
}

static void compares(void **state)
{
    (void)state;
    assert_true(ine__same_bytes("abc", "abc", 3));
    assert_false(ine__same_bytes("abc", "abd", 3));
    assert_false(ine__same_bytes("abc", "bbc", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc4231),
        cmocka_unit_test(any_cut_gives_the_same),
        cmocka_unit_test(key_lengths),
        cmocka_unit_test(plain_hash),
        cmocka_unit_test(d1_states_are_wiped),
        cmocka_unit_test(compares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
