#include "support.h"

#include "identity/image.h"

#define CORPUS INE_SHARED "/vectors/image-formats/"

static void corpus(void **state)
{
    (void)state;
    test_needs_shared("vectors/image-formats");
    static const struct {
        const char *file;
        int32_t image;
    } cases[] = {
        {"python-imghdr/python.jpg", INE__IMAGE_JPEG},
        {"python-imghdr/python-raw.jpg", INE__IMAGE_JPEG},
        {"python-imghdr/python.png", INE__IMAGE_PNG},
        {"python-imghdr/python.webp", INE__IMAGE_WEBP},
        {"python-imghdr/python.bmp", 0},
        {"python-imghdr/python.exr", 0},
        {"python-imghdr/python.gif", 0},
        {"python-imghdr/python.pbm", 0},
        {"python-imghdr/python.pgm", 0},
        {"python-imghdr/python.ppm", 0},
        {"python-imghdr/python.ras", 0},
        {"python-imghdr/python.sgi", 0},
        {"python-imghdr/python.tiff", 0},
        {"python-imghdr/python.xbm", 0},
        {"heif-heads/hmd_nokia_8.3_5g.heif.head64", INE__IMAGE_HEIC},
        {"heif-heads/img_5195.heic.head64", INE__IMAGE_HEIC},
        {"heif-heads/iphone_13_pro_max.heic.head64", INE__IMAGE_HEIC},
        {"heif-heads/samplefilehub.heif.head64", INE__IMAGE_HEIC},
        {"pdf/minimal.pdf", INE__IMAGE_PDF},
        {"pngsuite/basn0g01.png", INE__IMAGE_PNG},
        {"go-png-invalid/invalid-trunc.png", INE__IMAGE_PNG},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[512];
        size_t len;
        snprintf(path, sizeof path, CORPUS "%s", cases[i].file);
        char *data = test_read(path, &len);
        assert_non_null(data);
        if (ine__image_sniff(ine__str(data, len)) != cases[i].image)
            fail_msg("%s", cases[i].file);
        assert_int_equal(ine__image_sniff(ine__str(data, len < 64 ? len : 64)), cases[i].image);
        /* cut short: never another kind, never a read past the end */
        for (size_t n = 0; n < 64 && n < len; n++) {
            char *head = malloc(n ? n : 1);
            assert_non_null(head);
            memcpy(head, data, n);
            const int32_t got = ine__image_sniff(ine__str(head, n));
            assert_true(got == INE__IMAGE_UNKNOWN || got == cases[i].image);
            assert_true(n >= 4 || got == INE__IMAGE_UNKNOWN);
            free(head);
        }
        free(data);
    }
}

#define HEAD(text) INE__STR(text)

static void brands(void **state)
{
    (void)state;
    assert_int_equal(ine__image_sniff(HEAD("\0\0\0\x18"
                                           "ftypmif1\0\0\0\0mif1heic")),
                     INE__IMAGE_HEIF);
    assert_int_equal(ine__image_sniff(HEAD("\0\0\0\x18"
                                           "ftypmif1\0\0\0\0mif1avif")),
                     INE__IMAGE_UNKNOWN);
    assert_int_equal(ine__image_sniff(HEAD("\0\0\0\x14"
                                           "ftypmif1\0\0\0\0mif1avif")),
                     INE__IMAGE_HEIF); /* the brand lies outside the box */
    assert_int_equal(ine__image_sniff(HEAD("\0\0\0\x18"
                                           "ftypavif\0\0\0\0mif1avif")),
                     INE__IMAGE_UNKNOWN);
    assert_int_equal(ine__image_sniff(HEAD("\0\0\0\x18"
                                           "ftypisom\0\0\0\0isommp41")),
                     INE__IMAGE_UNKNOWN);
    assert_int_equal(ine__image_sniff(HEAD("\0\0\0\0"
                                           "ftypheic\0\0\0\0mif1heic")),
                     INE__IMAGE_UNKNOWN);
    assert_int_equal(ine__image_sniff(HEAD("RIFF\0\0\0\0WAVEfmt \0\0\0\0")), INE__IMAGE_UNKNOWN);
    assert_int_equal(ine__image_sniff(HEAD("\xff\xd8\xff\x00zzzz")), INE__IMAGE_UNKNOWN);
    assert_int_equal(ine__image_sniff(HEAD("<html><body></body></html>")), INE__IMAGE_UNKNOWN);
    assert_int_equal(ine__image_sniff(INE__NONE), INE__IMAGE_UNKNOWN);
}

static void mime(void **state)
{
    (void)state;
    assert_true(ine__str_is(ine__image_mime(INE__IMAGE_JPEG), "image/jpeg"));
    assert_true(ine__str_is(ine__image_mime(INE__IMAGE_PDF), "application/pdf"));
    assert_null(ine__image_mime(INE__IMAGE_UNKNOWN).ptr);
    assert_null(ine__image_mime(99).ptr);
    assert_null(ine__image_mime(-1).ptr);
}

static void limits(void **state)
{
    (void)state;
    assert_true(ine__image_fits(INE__IMAGE_JPEG, 17999997)); /* 23,999,996 characters */
    assert_false(ine__image_fits(INE__IMAGE_JPEG, 17999998));
    assert_false(ine__image_fits(INE__IMAGE_JPEG, UINT64_MAX));
    assert_true(ine__image_fits(INE__IMAGE_PDF, 19999999));
    assert_false(ine__image_fits(INE__IMAGE_PDF, 20000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(corpus), cmocka_unit_test(brands),
                                       cmocka_unit_test(mime), cmocka_unit_test(limits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
