#include "test_identity_images.h"

#include "identity/imagewalk.h"

#include <dirent.h>

static made make(size_t which)
{
    switch (which) {
    case 0:
        return made_jpeg(6, true);
    case 1:
        return made_png(8, false);
    case 2:
        return made_webp(3, true);
    case 3:
        return made_heic(1, false);
    default:
        return made_heic(2, true);
    }
}

/* Cut off at every byte: said to be damaged, and no read past the end. */
static void cut_off(void **state)
{
    (void)state;
    static const size_t behind[] = {10, 22, 6, 0, 0}; /* bytes that follow the end of the image */
    for (size_t which = 0; which < 5; which++) {
        const made image = make(which);
        for (size_t len = 0; len + behind[which] < image.len; len++) {
            ine__walk walk;
            run(&walk, image.image, image.data, len, 0x10000);
            if (walk.status != INE__WALK_DAMAGED && !walk.cut_off)
                fail_msg("image %zu cut at %zu: %d", which, len, walk.status);
            if (walk.status == INE__WALK_DAMAGED)
                assert_true(len == 0 || ine__plan_is_whole(&walk.plan, len));
            const sent out = apply(&walk, image.data);
            assert_true(out.len <= len + 64);
        }
    }
}

/* Any change of any byte: a result, a plan that stays inside, and the same for each way of
 * feeding. */
static void every_byte_changed(void **state)
{
    (void)state;
    static const unsigned char changes[] = {0x00, 0xff, 0x80, 0x7f, 0x01};
    for (size_t which = 0; which < 5; which++) {
        made image = make(which);
        for (size_t at = 0; at < image.len; at++) {
            const unsigned char was = image.data[at];
            for (size_t c = 0; c < 13; c++) {
                image.data[at] = (unsigned char)(c < 5 ? changes[c] : was ^ (1u << (c - 5)));
                ine__walk walk, other;
                run(&walk, image.image, image.data, image.len, 0x10000);
                run(&other, image.image, image.data, image.len, 0);
                same(&walk, &other);
                apply(&walk, image.data);
            }
            image.data[at] = was;
        }
    }
}

static void random_bytes(void **state)
{
    (void)state;
    uint32_t seed = 7;
    for (int round = 0; round < 3000; round++) {
        made image = make((size_t)round % 5);
        for (int change = 0; change < 1 + round % 8; change++) {
            seed = seed * 1664525u + 1013904223u;
            const size_t at = (seed >> 8) % image.len;
            seed = seed * 1664525u + 1013904223u;
            image.data[at] = (unsigned char)(seed >> 24);
        }
        ine__walk walk;
        run(&walk, image.image, image.data, image.len, 0x10000);
        apply(&walk, image.data);
    }
}

static void source_ends(void **state)
{
    (void)state;
    const made image = made_jpeg(1, false);
    ine__walk walk;
    ine__walk_init(&walk, image.image, image.len);
    ine__walk_feed_block(&walk, 0, image.data, 30);
    ine__walk_feed(&walk, image.data, 0);
    assert_int_equal(walk.status, INE__WALK_DAMAGED);
    ine__walk_feed(&walk, image.data, 1); /* after the end: nothing */
    ine__walk_init(&walk, image.image, image.len);
    ine__walk_feed_block(&walk, 0, image.data, 0);
    assert_int_equal(walk.status, INE__WALK_DAMAGED);
    ine__walk_init(&walk, image.image, image.len);
    ine__walk_feed_block(&walk, 500, image.data, 10); /* not what was asked for */
    assert_int_equal(walk.status, INE__WALK_WORKING);
}

static void not_understood(void **state)
{
    (void)state;
    ine__walk walk;
    run(&walk, INE__IMAGE_PDF, "%PDF-1.7", 8, 0);
    assert_int_equal(walk.status, INE__WALK_UNKNOWN);
    assert_true(ine__plan_is_whole(&walk.plan, 8));
    run(&walk, INE__IMAGE_UNKNOWN, "GIF89a", 6, 0);
    assert_int_equal(walk.status, INE__WALK_UNKNOWN);
    ine__walk_init(&walk, INE__IMAGE_JPEG, UINT64_MAX);
    assert_int_equal(walk.status, INE__WALK_UNKNOWN);
    /* a track box in a HEIC */
    made image = made_heic(0, false);
    const size_t box = open_box(&image, "moov");
    PUT(&image, SECRET);
    close_box(&image, box);
    run(&walk, image.image, image.data, image.len, 0);
    assert_int_equal(walk.status, INE__WALK_UNKNOWN);
    assert_true(ine__plan_is_whole(&walk.plan, image.len));
}

/* More pieces than a plan holds. */
static void too_many_pieces(void **state)
{
    (void)state;
    static unsigned char data[40000];
    size_t len = 0;
    made part = {0};
    PUT(&part, "\x89PNG\r\n\x1a\n");
    put_chunk(&part, "IHDR", PNG_IHDR, 13);
    memcpy(data, part.data, part.len);
    len = part.len;
    part.len = 0;
    put_chunk(&part, "IDAT", "pixels", 6);
    put_chunk(&part, "tEXt", "x", 1);
    for (int i = 0; i < 200; i++) {
        memcpy(data + len, part.data, part.len);
        len += part.len;
    }
    part.len = 0;
    put_chunk(&part, "IEND", "", 0);
    memcpy(data + len, part.data, part.len);
    len += part.len;
    ine__walk walk;
    run(&walk, INE__IMAGE_PNG, data, len, 0);
    assert_int_equal(walk.status, INE__WALK_UNKNOWN);
    assert_true(ine__plan_is_whole(&walk.plan, len));
}

/* A JPEG that is nothing but fill bytes or scans takes a bounded number of steps. */
static void bounded(void **state)
{
    (void)state;
    const size_t len = 1000000;
    unsigned char *data = malloc(len);
    assert_non_null(data);
    memset(data, 0xff, len);
    memcpy(data, "\xff\xd8", 2);
    ine__walk walk;
    run(&walk, INE__IMAGE_JPEG, data, len, 0);
    assert_int_equal(walk.status, INE__WALK_UNKNOWN);
    free(data);
}

static void corpus(void **state)
{
    (void)state;
    test_needs_shared("vectors/image-formats");
    static const struct {
        const char *file;
        int32_t image, status;
        uint32_t width, height;
    } cases[] = {
        {"python-imghdr/python.jpg", INE__IMAGE_JPEG, INE__WALK_CLEAN, 16, 16},
        {"python-imghdr/python-raw.jpg", INE__IMAGE_JPEG, INE__WALK_CLEAN, 16, 16},
        {"python-imghdr/python.png", INE__IMAGE_PNG, INE__WALK_CLEAN, 16, 16},
        {"python-imghdr/python.webp", INE__IMAGE_WEBP, INE__WALK_CLEAN, 16, 16},
        {"go-png/gray-gradient.png", INE__IMAGE_PNG, INE__WALK_CLEAN, 1, 16},
        {"go-png-invalid/invalid-noend.png", INE__IMAGE_PNG, INE__WALK_DAMAGED, 0, 0},
        {"go-png-invalid/invalid-trunc.png", INE__IMAGE_PNG, INE__WALK_DAMAGED, 0, 0},
        {"heif-heads/img_5195.heic.head64", INE__IMAGE_HEIC, INE__WALK_DAMAGED, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[512];
        size_t len;
        ine__walk walk, other;
        snprintf(path, sizeof path, INE_SHARED "/vectors/image-formats/%s", cases[i].file);
        char *data = test_read(path, &len);
        assert_non_null(data);
        run(&walk, cases[i].image, data, len, 0);
        run(&other, cases[i].image, data, len, 1);
        if (walk.status != cases[i].status)
            fail_msg("%s: %d", cases[i].file, walk.status);
        same(&walk, &other);
        if (walk.status == INE__WALK_CLEAN) {
            assert_int_equal(walk.width, cases[i].width);
            assert_int_equal(walk.height, cases[i].height);
        }
        free(data);
    }
}

/* Every file of PngSuite that is here is sound. */
static void pngsuite(void **state)
{
    (void)state;
    test_needs_shared("vectors/image-formats/pngsuite");
    DIR *folder = opendir(INE_SHARED "/vectors/image-formats/pngsuite");
    assert_non_null(folder);
    size_t files = 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[512];
        size_t len;
        ine__walk walk;
        if (!strstr(entry->d_name, ".png"))
            continue;
        snprintf(path, sizeof path, INE_SHARED "/vectors/image-formats/pngsuite/%.100s",
                 entry->d_name);
        char *data = test_read(path, &len);
        assert_non_null(data);
        run(&walk, INE__IMAGE_PNG, data, len, 0);
        if (walk.status != INE__WALK_CLEAN || walk.width < 29 || walk.width > 32)
            fail_msg("%s: %d", entry->d_name, walk.status);
        run(&walk, INE__IMAGE_PNG, data, len - 12, 0); /* without its end */
        assert_int_equal(walk.status, INE__WALK_DAMAGED);
        free(data);
        files++;
    }
    closedir(folder);
    assert_true(files >= 30);
}

static void check_report(const ine__walk *walk, const ine_options *options, int32_t problem,
                         bool error)
{
    ine_report *report = ine__report_new();
    assert_true(ine__report_image_walk(report, walk, options));
    bool found = false;
    for (size_t i = 0; i < ine_report_count(report); i++) {
        int32_t one, is_error;
        ine_report_item(report, i, NULL, NULL, &one, &is_error, NULL);
        found = found || (one == problem && is_error == error);
    }
    assert_true(found || (!problem && ine_report_count(report) == 0));
    ine_report_free(report);
}

static void report(void **state)
{
    (void)state;
    ine_options *strict, *keep;
    assert_int_equal(ine_options_new(&strict, NULL), INE_OK);
    assert_int_equal(ine_options_set_number(strict, INE_OPT_STRICT, INE_STRICT_IMAGE, NULL),
                     INE_OK);
    assert_int_equal(ine_options_new(&keep, NULL), INE_OK);
    assert_int_equal(ine_options_set_number(keep, INE_OPT_KEEP_METADATA, 1, NULL), INE_OK);
    made image = made_jpeg(6, true);
    ine__walk walk;
    run(&walk, image.image, image.data, image.len, 0);
    check_report(&walk, NULL, 0, false);
    run(&walk, image.image, image.data, 30, 0);
    check_report(&walk, NULL, INE_PROBLEM_DAMAGED, false);
    check_report(&walk, NULL, INE_PROBLEM_METADATA, false);
    check_report(&walk, strict, INE_PROBLEM_DAMAGED, true);
    run(&walk, image.image, image.data, image.len - 22, 0);
    assert_true(walk.cut_off);
    check_report(&walk, NULL, INE_PROBLEM_DAMAGED, false);
    check_report(&walk, strict, INE_PROBLEM_DAMAGED, true);
    run(&walk, INE__IMAGE_PDF, "%PDF-1.7", 8, 0);
    check_report(&walk, NULL, INE_PROBLEM_METADATA, false);
    check_report(&walk, strict, INE_PROBLEM_METADATA, true);
    check_report(&walk, keep, 0, false);
    image = made_png(1, true);
    set_be32(&image, 16, 1921);
    set_be32(&image, 29, test_crc32(image.data + 12, 17));
    run(&walk, image.image, image.data, image.len, 0);
    assert_int_equal(walk.status, INE__WALK_CLEAN);
    check_report(&walk, NULL, INE_PROBLEM_DIMENSIONS, false);
    set_be32(&image, 16, 48);
    set_be32(&image, 20, 1921);
    set_be32(&image, 29, test_crc32(image.data + 12, 17));
    run(&walk, image.image, image.data, image.len, 0);
    check_report(&walk, NULL, INE_PROBLEM_DIMENSIONS, false);
    for (size_t side = 16; side <= 20; side += 4) { /* no width, no height */
        made none = made_png(1, true);
        set_be32(&none, side, 0);
        set_be32(&none, 29, test_crc32(none.data + 12, 17));
        run(&walk, none.image, none.data, none.len, 0);
        check_report(&walk, NULL, INE_PROBLEM_DAMAGED, false);
    }
    set_be32(&image, 16, 1920);
    set_be32(&image, 20, 1920);
    set_be32(&image, 29, test_crc32(image.data + 12, 17));
    run(&walk, image.image, image.data, image.len, 0);
    check_report(&walk, NULL, 0, false);
    image.data[30] ^= 1; /* the CRC of the header */
    run(&walk, image.image, image.data, image.len, 0);
    check_report(&walk, NULL, INE_PROBLEM_DAMAGED, false);
    ine__walk_keep_all(&walk);
    assert_true(ine__plan_is_whole(&walk.plan, image.len));
    ine_options_free(strict);
    ine_options_free(keep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_off),        cmocka_unit_test(every_byte_changed),
        cmocka_unit_test(random_bytes),   cmocka_unit_test(source_ends),
        cmocka_unit_test(not_understood), cmocka_unit_test(too_many_pieces),
        cmocka_unit_test(bounded),        cmocka_unit_test(corpus),
        cmocka_unit_test(pngsuite),       cmocka_unit_test(report)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
