#include "support.h"

#include "crypto/hex.h"
#include "crypto/sha256.h"

/* A JPEG in form, with a comment that is not sent. */
static const unsigned char image[] = {
    0xff, 0xd8, 0xff, 0xfe, 0,  6, 'J', 'U', 'A', 'N', 0xff, 0xdb, 0,    4,   0,
    0,    0xff, 0xc0, 0,    11, 8, 0,   64,  0,   64,  1,    1,    0x11, 0,   0xff,
    0xda, 0,    8,    1,    1,  0, 0,   63,  0,   1,   2,    3,    0xff, 0xd9};

static void hash_of(const unsigned char *data, size_t len, char out[64])
{
    unsigned char digest[32];
    ine__sha256 hash;
    ine__sha256_begin(&hash);
    ine__sha256_add(&hash, data, len);
    assert_true(ine__sha256_end(&hash, digest));
    ine__hex_encode(out, digest, sizeof digest);
}

static void as_given_and_as_sent(void **state)
{
    (void)state;
    unsigned char without[sizeof image];
    char given[64], sent[64], wanted[64];
    memcpy(without, image, 2);
    memcpy(without + 2, image + 10, sizeof image - 10);
    assert_int_equal(ine_media_digest(image, sizeof image, NULL, given, sent, NULL), INE_OK);
    hash_of(image, sizeof image, wanted);
    assert_memory_equal(given, wanted, 64);
    hash_of(without, sizeof image - 8, wanted);
    assert_memory_equal(sent, wanted, 64);
    ine_options *options;
    assert_int_equal(ine_options_new(&options, NULL), INE_OK);
    assert_int_equal(ine_options_set_number(options, INE_OPT_KEEP_METADATA, 1, NULL), INE_OK);
    assert_int_equal(ine_media_digest(image, sizeof image, options, NULL, sent, NULL), INE_OK);
    assert_memory_equal(sent, given, 64);
    ine_options_free(options);
    assert_int_equal(ine_media_digest("not an image", 12, NULL, given, sent, NULL), INE_OK);
    assert_memory_equal(sent, given, 64);
    assert_int_equal(ine_media_digest(NULL, 0, NULL, given, sent, NULL), INE_E_ARGUMENT);
}

static bool scenario(void *argument)
{
    char sent[64];
    (void)argument;
    const int32_t code = ine_media_digest(image, sizeof image, NULL, NULL, sent, NULL);
    assert_true(code == INE_OK || code == INE_E_MEMORY);
    return code == INE_OK;
}

static void each_allocation_may_fail(void **state)
{
    (void)state;
    test_each_allocation(scenario, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_given_and_as_sent),
                                       cmocka_unit_test(each_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
