/* What leaves an image of each format, and what stays (F1, F2). */
#include "test_identity_images.h"

static void F1_F2_jpeg(void **state)
{
    (void)state;
    for (uint32_t turn = 1; turn <= 8; turn++) {
        for (int little = 0; little < 2; little++) {
            const made image = made_jpeg(turn, little != 0);
            const sent out = clean(&image, turn);
            made expected = {0}, exif = {0};
            PUT(&exif, "Exif\0\0MM\0\x2a\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0");
            put_be(&exif, turn, 1);
            PUT(&exif, "\0\0\0\0\0\0");
            PUT(&expected, "\xff\xd8");
            put_segment(&expected, 0xe0, "JFIF\0\1\1\0\0\1\0\1\0\0", 14);
            if (turn > 1)
                put_segment(&expected, 0xe1, exif.data, exif.len);
            put_segment(&expected, 0xe2, "ICC_PROFILE\0\1\1abcd", 18);
            put_segment(&expected, 0xee, "Adobe\0\x64\0\0\0\0\0", 12);
            PUT(&expected, "\xff" JPEG_PIXELS "\xff\xd9");
            assert_int_equal(out.len, expected.len);
            assert_memory_equal(out.data, expected.data, out.len);
        }
    }
}

static void F1_F2_png(void **state)
{
    (void)state;
    for (uint32_t turn = 1; turn <= 8; turn++) {
        const made image = made_png(turn, turn & 1);
        const sent out = clean(&image, turn);
        made expected = {0}, tiff = {0};
        PUT(&tiff, "MM\0\x2a\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0");
        put_be(&tiff, turn, 1);
        PUT(&tiff, "\0\0\0\0\0\0");
        PUT(&expected, "\x89PNG\r\n\x1a\n");
        put_chunk(&expected, "IHDR", PNG_IHDR, 13);
        put_chunk(&expected, "gAMA", "\0\0\xb1\x8f", 4);
        if (turn > 1)
            put_chunk(&expected, "eXIf", tiff.data, tiff.len);
        put_chunk(&expected, "IDAT", "pixels", 6);
        put_chunk(&expected, "IDAT", "more pixels", 11);
        put_chunk(&expected, "IEND", "", 0);
        assert_int_equal(out.len, expected.len);
        assert_memory_equal(out.data, expected.data, out.len);
    }
}

static void F1_F2_webp(void **state)
{
    (void)state;
    for (uint32_t turn = 1; turn <= 8; turn++) {
        const made image = made_webp(turn, turn & 1);
        const sent out = clean(&image, turn);
        made expected = {0}, tiff = {0};
        PUT(&tiff, "MM\0\x2a\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0");
        put_be(&tiff, turn, 1);
        PUT(&tiff, "\0\0\0\0\0\0");
        PUT(&expected, "RIFF\0\0\0\0WEBP");
        if (turn > 1)
            put_riff(&expected, "VP8X", "\x28\0\0\0\x2f\0\0\x1f\0\0", 10);
        else
            put_riff(&expected, "VP8X", "\x20\0\0\0\x2f\0\0\x1f\0\0", 10);
        put_riff(&expected, "ICCP", "profile", 7);
        put_riff(&expected, "VP8 ", VP8_PIXELS, sizeof VP8_PIXELS - 1);
        if (turn > 1)
            put_riff(&expected, "EXIF", tiff.data, tiff.len);
        end_riff(&expected);
        assert_int_equal(out.len, expected.len);
        assert_memory_equal(out.data, expected.data, out.len);
    }
}

/* Zeros in place: nothing moves, everything else stays. */
static void F1_F2_heic(void **state)
{
    (void)state;
    for (uint32_t version = 0; version <= 2; version++) {
        for (int wide = 0; wide < 2; wide++) {
            const made image = made_heic(version, wide != 0);
            const sent out = clean(&image, 0);
            assert_int_equal(out.len, image.len);
            size_t changed = 0;
            for (size_t i = 0; i < out.len; i++) {
                changed += out.data[i] != image.data[i];
                assert_true(out.data[i] == image.data[i] || out.data[i] == 0);
            }
            assert_true(changed > 3 * strlen(SECRET));
            assert_true(holds(out.data, out.len, "pixels"));
            assert_true(holds(out.data, out.len, "between"));
            assert_true(holds(out.data, out.len, "more pixels"));
            assert_true(holds(out.data, out.len, "irot"));
            assert_true(memmem(out.data, out.len, "xx\0\0\0\0\0\0yy", 10) != NULL);
        }
    }
}

/* What a HEIF may hold that we do not follow: sent whole, and said so. */
static void heif_not_understood(void **state)
{
    (void)state;
    static const struct {
        size_t item, byte; /* from the start of an item's entry in iloc */
        unsigned char value;
        int32_t status;
    } cases[] = {
        {2, 3, 2, INE__WALK_UNKNOWN},    /* built from another item */
        {2, 5, 1, INE__WALK_UNKNOWN},    /* in another file */
        {2, 15, 0, INE__WALK_UNKNOWN},   /* up to the end */
        {2, 8, 0xff, INE__WALK_DAMAGED}, /* behind the end */
        {1, 3, 2, INE__WALK_CLEAN},      /* an image may be built as it likes */
        {2, 7, 200, INE__WALK_DAMAGED},  /* more extents than iloc holds */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        made image = made_heic(1, false);
        const unsigned char *iloc = memmem(image.data, image.len, "iloc", 4);
        assert_non_null(iloc);
        const size_t item = (size_t)(iloc - image.data) + 4 + 8 + (cases[i].item == 2 ? 16 : 0);
        image.data[item + cases[i].byte] = cases[i].value;
        ine__walk walk;
        run(&walk, image.image, image.data, image.len, 0);
        if (walk.status != cases[i].status)
            fail_msg("case %zu: %d", i, walk.status);
        apply(&walk, image.data);
    }
    /* both extents of Exif at the same place */
    made image = made_heic(1, false);
    const unsigned char *iloc = memmem(image.data, image.len, "iloc", 4);
    const size_t exif = (size_t)(iloc - image.data) + 4 + 8 + 16 + 8;
    memcpy(image.data + exif + 8, image.data + exif, 8);
    ine__walk walk;
    run(&walk, image.image, image.data, image.len, 0);
    assert_int_equal(walk.status, INE__WALK_UNKNOWN);
    /* a second meta box, and none at all */
    image = made_heic(1, false);
    const size_t box = open_box(&image, "meta");
    PUT(&image, "\0\0\0\0");
    close_box(&image, box);
    run(&walk, image.image, image.data, image.len, 0);
    assert_int_equal(walk.status, INE__WALK_UNKNOWN);
    run(&walk, image.image, image.data, 24, 0);
    assert_int_equal(walk.status, INE__WALK_DAMAGED);
}

/* Nine metadata items are one too many. */
static void heif_many_items(void **state)
{
    (void)state;
    for (uint32_t items = 8; items <= 9; items++) {
        made image = {.image = INE__IMAGE_HEIC};
        size_t box = open_box(&image, "ftyp");
        PUT(&image, "heic\0\0\0\0mif1heic");
        close_box(&image, box);
        const size_t meta = open_box(&image, "meta");
        put_be(&image, 0, 4);
        box = open_box(&image, "iinf");
        put_be(&image, 0, 4);
        put_be(&image, items, 2);
        for (uint32_t id = 1; id <= items; id++)
            put_infe(&image, 2, id, id % 2 ? "Exif" : "uri ");
        close_box(&image, box);
        box = open_box(&image, "iloc");
        PUT(&image, "\0\0\0\0\x44\0\0\0");
        close_box(&image, box);
        close_box(&image, meta);
        ine__walk walk;
        run(&walk, image.image, image.data, image.len, 1);
        assert_int_equal(walk.status, items == 8 ? INE__WALK_CLEAN : INE__WALK_UNKNOWN);
    }
}

static void simple_webp(void **state)
{
    (void)state;
    made image = {.image = INE__IMAGE_WEBP};
    PUT(&image, "RIFF\0\0\0\0WEBP");
    put_riff(&image, "VP8L", "\x2f\x2f\xc0\x07\x00pixels", 11);
    put_riff(&image, "EXIF", SECRET "!!", 8); /* not allowed without VP8X: goes */
    end_riff(&image);
    const sent out = clean(&image, 0);
    assert_int_equal(out.len, image.len - 16);
    image.data[20] = 0; /* the signature of VP8L */
    ine__walk walk;
    run(&walk, image.image, image.data, image.len, 0);
    assert_int_equal(walk.status, INE__WALK_DAMAGED);
}

/* A film, Exif with the prefix of JPEG, Exif too short to be any. */
static void webp_forms(void **state)
{
    (void)state;
    made image = {.image = INE__IMAGE_WEBP}, exif = {0};
    const made tiff = made_tiff(7, true);
    PUT(&exif, "Exif\0\0");
    put(&exif, tiff.data, tiff.len);
    PUT(&image, "RIFF\0\0\0\0WEBP");
    put_riff(&image, "VP8X", "\x0e\0\0\0\x2f\0\0\x1f\0\0", 10);
    put_riff(&image, "ANIM", "\0\0\0\0\0\0", 6);
    put_riff(&image, "ANMF", "frame", 5);
    put_riff(&image, "EXIF", "S3C", 3);
    put_riff(&image, "EXIF", exif.data, exif.len);
    end_riff(&image);
    const sent out = clean(&image, 7);
    assert_int_equal(out.data[20], 0x0a); /* film and Exif */
    /* sizes over 255; a frame without its start code */
    image = (made){.image = INE__IMAGE_WEBP};
    PUT(&image, "RIFF\0\0\0\0WEBP");
    put_riff(&image, "VP8 ", "\x10\0\0\x9d\x01\x2a\x2c\x41\x58\x82", 10);
    end_riff(&image);
    ine__walk walk;
    run(&walk, image.image, image.data, image.len, 1);
    assert_int_equal(walk.status, INE__WALK_CLEAN);
    assert_int_equal(walk.width, 300);
    assert_int_equal(walk.height, 600);
    image.data[23] = 0;
    run(&walk, image.image, image.data, image.len, 1);
    assert_int_equal(walk.status, INE__WALK_DAMAGED);
}

/* Exif before all else, as cameras write it; a second Exif segment does not count. */
static void exif_first(void **state)
{
    (void)state;
    made image = {.image = INE__IMAGE_JPEG}, exif = {0};
    const made tiff = made_tiff(3, true);
    PUT(&exif, "Exif\0\0");
    put(&exif, tiff.data, tiff.len);
    PUT(&image, "\xff\xd8");
    put_segment(&image, 0xe1, exif.data, exif.len);
    exif.data[38] = 8; /* another orientation */
    put_segment(&image, 0xe1, exif.data, exif.len);
    put_segment(&image, 0xe0, "JFIF\0\1\1\0\0\1\0\1\0\0", 14);
    PUT(&image, JPEG_PIXELS "\xff\xd9");
    const sent out = clean(&image, 3);
    assert_memory_equal(out.data,
                        "\xff\xd8\xff\xe1\0\x22"
                        "Exif\0\0MM",
                        14);
    assert_memory_equal(out.data + 38, "\xff\xe0\0\x10JFIF", 8);
}

/* Exif that is broken has no orientation; it goes all the same. */
static void broken_exif(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        unsigned char value;
    } cases[] = {
        {0, 'X'},          /* byte order */
        {3, 43},           /* not 42 */
        {4, 0xff},         /* the directory lies outside */
        {8, 0xff},         /* more entries than there are: found before the end */
        {25, 9},           /* the type of the orientation */
        {29, 2},           /* its count */
        {31, 9},           /* its value */
        {31, 0},   {9, 0}, /* no entries */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        made image = {.image = INE__IMAGE_JPEG}, exif = {0};
        made tiff = made_tiff(5, false);
        tiff.data[cases[i].at] = cases[i].value;
        PUT(&exif, "Exif\0\0");
        put(&exif, tiff.data, tiff.len);
        PUT(&image, "\xff\xd8");
        put_segment(&image, 0xe1, exif.data, exif.len);
        PUT(&image, JPEG_PIXELS "\xff\xd9");
        clean(&image, i == 3 ? 5 : 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(F1_F2_jpeg),          cmocka_unit_test(F1_F2_png),
        cmocka_unit_test(F1_F2_webp),          cmocka_unit_test(F1_F2_heic),
        cmocka_unit_test(heif_not_understood), cmocka_unit_test(heif_many_items),
        cmocka_unit_test(simple_webp),         cmocka_unit_test(webp_forms),
        cmocka_unit_test(exif_first),          cmocka_unit_test(broken_exif)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
