/* The body of an upload: exact bytes, two passes, constant memory, changed media. */
#include "test_proto_world.h"

#include "crypto/base64.h"
#include "proto/exchange.h"

#define TIMESTAMP "2026-04-01T10:00:00.000Z"

/* The whole body made in the plainest way. */
static char *naive_body(const unsigned char *media, size_t len, bool timestamp, size_t *out_len)
{
    const size_t room = 4 * (len / 3 + 2) + 300;
    char *body = malloc(room);
    assert_non_null(body);
    size_t n = (size_t)snprintf(body, room,
                                "{\"image\":{\"context\":\"face\",\"content\":"
                                "\"data:image/jpeg;base64,");
    n += (size_t)EVP_EncodeBlock((unsigned char *)body + n, media, (int)len);
    n += (size_t)snprintf(body + n, room - n, "\"%s}}",
                          timestamp ? ",\"timestamp\":\"" TIMESTAMP "\"" : "");
    *out_len = n;
    return body;
}

static world_answer lose(world *w, const world_request *request)
{
    (void)w;
    (void)request;
    return (world_answer){.failure = INE_FAIL_CONNECT};
}

static ine_request *upload(const unsigned char *media, size_t len, bool source)
{
    ine_request *request = world_request_for(INE_CALL_UPLOAD_MEDIA, WORLD_SESSION);
    assert_non_null(request);
    assert_int_equal(source ? ine_request_set_media_source(request, INE_MEDIA_FACE, len, NULL)
                            : ine_request_set_media(request, INE_MEDIA_FACE, media, len, NULL),
                     INE_OK);
    return request;
}

static void check_body(const unsigned char *media, size_t len, bool source, size_t feed,
                       size_t read, bool timestamp)
{
    world w = {
        .answer = lose, .media = media, .media_len = len, .feed_size = feed, .read_size = read};
    size_t wanted_len;
    char *wanted = naive_body(media, len, timestamp, &wanted_len), signature[65];
    ine_options *options = world_options();
    ine_credentials *credentials = world_credentials();
    ine_request *request = upload(media, len, source);
    ine_exchange *x = NULL;
    if (timestamp)
        assert_int_equal(ine_request_set_text(request, INE_IN_MEDIA_TIMESTAMP, TIMESTAMP,
                                              strlen(TIMESTAMP), NULL),
                         INE_OK);
    assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, NULL), INE_OK);
    assert_null(ine_exchange_get(x, INE_X_BODY).ptr);
    assert_true(ine__str_is(ine_exchange_get(x, INE_X_MEDIA_CONTEXT), "face"));
    assert_int_equal(world_run(&w, x, NULL, NULL), INE_E_CONNECT);
    assert_int_equal(w.requests, 3); /* the third sending is as exact as the first */
    assert_true(w.last.complete);
    assert_int_equal(ine_exchange_body_size(x), wanted_len);
    assert_int_equal(w.last.body_len, wanted_len);
    assert_memory_equal(w.last.body, wanted, wanted_len);
    world_sign(signature, wanted, wanted_len);
    assert_string_equal(w.last.signature, signature);
    ine_exchange_free(x);
    ine_request_free(request);
    ine_credentials_free(credentials);
    ine_options_free(options);
    world_forget(&w);
    free(wanted);
}

static void test_exact_bytes_for_every_small_length(void **state)
{
    (void)state;
    for (size_t len = 12; len < 110; len++) {
        unsigned char *media = world_jpeg(len);
        for (int source = 0; source < 2; source++) {
            check_body(media, len, source, 0, 0, false);
            check_body(media, len, source, 1, 1, true);
            check_body(media, len, source, 2, 3, false);
            check_body(media, len, source, 7, 5, false);
        }
        free(media);
    }
}

static void test_exact_bytes_around_the_window(void **state)
{
    static const size_t sizes[] = {3071,
                                   3072,
                                   3073,
                                   INE__MEDIA_WINDOW - 1,
                                   INE__MEDIA_WINDOW,
                                   INE__MEDIA_WINDOW + 1,
                                   2 * INE__MEDIA_WINDOW,
                                   2 * INE__MEDIA_WINDOW + 1,
                                   100003};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        unsigned char *media = world_jpeg(sizes[i]);
        for (int source = 0; source < 2; source++) {
            check_body(media, sizes[i], source, 0, 0, true);
            check_body(media, sizes[i], source, 1000, 333, false);
            check_body(media, sizes[i], source, 12287, 4095, false);
        }
        free(media);
    }
    unsigned char *media = world_jpeg(20000);
    check_body(media, 20000, true, 1, 1, true);
    free(media);
}

/* ---- changed and unreadable media ------------------------------------------------------------ */

/* Drives an upload whose media change between the passes; nothing of it may arrive completely. */
static void check_changed(size_t len, size_t at, bool source, bool shorter)
{
    int32_t want, code = INE_OK;
    int64_t a, b;
    unsigned char *media = world_jpeg(len);
    world w = {.media = media, .media_len = len};
    ine_options *options = world_options();
    ine_credentials *credentials = world_credentials();
    ine_request *request = upload(media, len, source);
    ine_exchange *x = NULL;
    ine_error *err = NULL;
    assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, NULL), INE_OK);
    for (;;) {
        assert_int_equal(ine_exchange_next(x, 0, &want, &a, &b, NULL), INE_OK);
        if (want != INE_WANT_MEDIA)
            break;
        assert_int_equal(world_feed(&w, x, NULL, a, b), INE_OK);
    }
    assert_int_equal(want, INE_WANT_SEND);
    media[at] ^= 1;
    if (shorter)
        w.media_len = at;
    code = world_read(&w, x);
    assert_int_equal(code, INE_E_MEDIA_CHANGED);
    assert_false(w.last.complete);
    assert_true(w.last.body_len < ine_exchange_body_size(x));
    assert_int_equal(ine_exchange_feed_failure(x, INE_FAIL_BROKEN, 0, 0, NULL), INE_OK);
    assert_int_equal(ine_exchange_next(x, 0, &want, &a, &b, NULL), INE_OK);
    assert_int_equal(want, INE_WANT_DONE);
    assert_int_equal(ine_exchange_take(x, NULL, &err), INE_E_MEDIA_CHANGED);
    assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_NO);
    assert_int_equal(ine_error_number(err, INE_DETAIL_ATTEMPTS), 1);
    ine_error_free(err);
    ine_exchange_free(x);
    ine_request_free(request);
    ine_credentials_free(credentials);
    ine_options_free(options);
    world_forget(&w);
    free(media);
}

static void test_changed_media_is_never_sent_completely(void **state)
{
    static const size_t places[] = {0, 1, 63, 64, 65, 12287, 12288, 29998, 29999};
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        check_changed(30000, places[i], false, false);
        check_changed(30000, places[i], true, false);
        check_changed(30000, places[i], true, true);
    }
}

static void test_media_that_end_early_are_refused_before_sending(void **state)
{
    static const size_t there[] = {0, 1, 63, 64, 5000, 29999};
    (void)state;
    for (size_t i = 0; i < sizeof there / sizeof there[0]; i++) {
        unsigned char *media = world_jpeg(30000);
        world w = {.answer = lose, .media = media, .media_len = there[i]};
        ine_options *options = world_options();
        ine_credentials *credentials = world_credentials();
        ine_request *request = upload(media, 30000, true);
        ine_exchange *x = NULL;
        ine_error *err = NULL;
        assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, NULL), INE_OK);
        assert_int_equal(world_run(&w, x, NULL, &err), INE_E_MEDIA_READ);
        assert_int_equal(w.requests, 0);
        assert_int_equal(ine_error_number(err, INE_DETAIL_SENT), INE_SENT_NO);
        ine_error_free(err);
        ine_exchange_free(x);
        ine_request_free(request);
        ine_credentials_free(credentials);
        ine_options_free(options);
        free(media);
    }
}

/* F3: what it is says the content, and it is refused before anything is sent. */
static void test_f3_media_that_are_no_image(void **state)
{
    static const unsigned char text[100] = "this is not an image, whatever its name says";
    (void)state;
    for (int source = 0; source < 2; source++) {
        for (int checks = 0; checks < 2; checks++) {
            world w = {.answer = lose, .media = text, .media_len = sizeof text};
            ine_options *options = world_options();
            ine_credentials *credentials = world_credentials();
            ine_request *request = upload(text, sizeof text, source);
            ine_exchange *x = NULL;
            ine_error *err = NULL;
            ine_options_set_number(options, INE_OPT_LOCAL_CHECKS, checks, NULL);
            int32_t code = ine_exchange_new(&x, request, credentials, options, 0, &err);
            if (code == INE_OK)
                code = world_run(&w, x, NULL, &err);
            assert_int_equal(code, checks ? INE_E_INPUT : INE_E_CONNECT);
            assert_int_equal(w.requests, checks ? 0 : 3);
            if (checks)
                assert_int_equal(ine_report_errors(ine_error_report(err)), 1);
            else
                assert_non_null(
                    memmem(w.last.body, w.last.body_len, "application/octet-stream", 24));
            ine_error_free(err);
            ine_exchange_free(x);
            ine_request_free(request);
            ine_credentials_free(credentials);
            ine_options_free(options);
            world_forget(&w);
        }
    }
}

static void test_types_by_content(void **state)
{
    static const struct {
        const char *head, *mime;
        size_t len;
    } kinds[] = {
        {"\xff\xd8\xff\xe0", "data:image/jpeg;", 4},
        {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "data:image/png;", 16},
        {"RIFF\x40\0\0\0WEBPVP8 ", "data:image/webp;", 16},
    };
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        unsigned char media[100] = {0};
        memcpy(media, kinds[i].head, kinds[i].len);
        world w = {.answer = lose, .media = media, .media_len = sizeof media};
        ine_options *options = world_options();
        ine_credentials *credentials = world_credentials();
        ine_request *request = upload(media, sizeof media, true);
        ine_exchange *x = NULL;
        assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, NULL), INE_OK);
        assert_int_equal(world_run(&w, x, NULL, NULL), INE_E_CONNECT);
        assert_non_null(memmem(w.last.body, w.last.body_len, kinds[i].mime, strlen(kinds[i].mime)));
        ine_exchange_free(x);
        ine_request_free(request);
        ine_credentials_free(credentials);
        ine_options_free(options);
        world_forget(&w);
    }
}

/* ---- metadata ---------------------------------------------------------------------------------
 */

/* A JPEG with a comment and Exif that holds an orientation: structure only, no photograph. */
static size_t jpeg_with_metadata(unsigned char *out, size_t pixels)
{
    static const unsigned char start[] = {
        0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0,
        /* APP1: Exif, TIFF big-endian, one entry: orientation 6 */
        0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0,
        3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
        /* COM */
        0xff, 0xfe, 0, 12, 'W', 'H', 'E', 'R', 'E', ' ', 'I', ' ', 'W', 'A',
        /* SOF0 16 x 16, one component */
        0xff, 0xc0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0,
        /* SOS */
        0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0};
    memcpy(out, start, sizeof start);
    for (size_t i = 0; i < pixels; i++)
        out[sizeof start + i] = (unsigned char)(i % 251);
    out[sizeof start + pixels] = 0xff;
    out[sizeof start + pixels + 1] = 0xd9;
    return sizeof start + pixels + 2;
}

/* The image as the server gets it. */
static size_t sent_image(unsigned char *out, const unsigned char *media, size_t len, bool source,
                         bool keep, size_t feed, size_t read)
{
    world w = {
        .answer = lose, .media = media, .media_len = len, .feed_size = feed, .read_size = read};
    ine_options *options = world_options();
    ine_credentials *credentials = world_credentials();
    ine_request *request = upload(media, len, source);
    ine_exchange *x = NULL;
    size_t out_len = 0;
    ine_options_set_number(options, INE_OPT_KEEP_METADATA, keep, NULL);
    assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, NULL), INE_OK);
    assert_int_equal(world_run(&w, x, NULL, NULL), INE_E_CONNECT);
    assert_int_equal(w.last.body_len, ine_exchange_body_size(x));
    const char *begin = memmem(w.last.body, w.last.body_len, ";base64,", 8);
    assert_non_null(begin);
    begin += 8;
    const char *end = memchr(begin, '"', w.last.body_len - (size_t)(begin - w.last.body));
    assert_non_null(end);
    assert_true(ine__base64_decode(out, &out_len, ine__str(begin, (size_t)(end - begin))));
    ine_exchange_free(x);
    ine_request_free(request);
    ine_credentials_free(credentials);
    ine_options_free(options);
    world_forget(&w);
    return out_len;
}

/* F1, F2: the comment goes, the orientation and every pixel stay, whoever holds the bytes. */
static void test_f1_metadata_are_left_out(void **state)
{
    enum { ROOM = 60000 };
    static const size_t pixels[] = {0, 1, 2, 100, 12287, 30001};
    unsigned char *media = malloc(ROOM), *first = malloc(ROOM), *out = malloc(ROOM);
    (void)state;
    for (size_t i = 0; i < sizeof pixels / sizeof pixels[0]; i++) {
        const size_t len = jpeg_with_metadata(media, pixels[i]);
        const size_t first_len = sent_image(first, media, len, false, false, 0, 0);
        assert_true(first_len < len);
        assert_null(memmem(first, first_len, "WHERE", 5));
        assert_non_null(memmem(first, first_len, "Exif", 4));
        assert_memory_equal(first + first_len - pixels[i] - 2, media + len - pixels[i] - 2,
                            pixels[i] + 2);
        for (size_t step = 0; step < 4; step++) {
            if (step == 1 && len > 20000)
                continue;
            const size_t n = sent_image(out, media, len, true, false, step, step * 3);
            assert_int_equal(n, first_len);
            assert_memory_equal(out, first, n);
        }
        assert_int_equal(sent_image(out, media, len, false, true, 0, 0), len);
        assert_memory_equal(out, media, len);
        assert_int_equal(sent_image(out, media, len, true, true, 1000, 0), len);
        assert_memory_equal(out, media, len);
    }
    free(media);
    free(first);
    free(out);
}

static void test_feeding_more_than_was_wanted(void **state)
{
    int32_t want;
    int64_t a, b;
    static unsigned char big[INE__MEDIA_WINDOW + 1];
    ine_options *options = world_options();
    ine_credentials *credentials = world_credentials();
    ine_request *request = upload(NULL, 100000, true);
    ine_exchange *x = NULL;
    (void)state;
    assert_int_equal(ine_exchange_new(&x, request, credentials, options, 0, NULL), INE_OK);
    assert_int_equal(ine_exchange_next(x, 0, &want, &a, &b, NULL), INE_OK);
    assert_int_equal(want, INE_WANT_MEDIA);
    assert_int_equal(a, 0);
    assert_int_equal(b, INE__MEDIA_WINDOW);
    assert_int_equal(ine_exchange_feed_media(x, big, sizeof big, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_exchange_feed_media(x, NULL, 1, NULL), INE_E_ARGUMENT);
    ine_exchange_free(x);
    ine_request_free(request);
    ine_credentials_free(credentials);
    ine_options_free(options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_bytes_for_every_small_length),
        cmocka_unit_test(test_exact_bytes_around_the_window),
        cmocka_unit_test(test_changed_media_is_never_sent_completely),
        cmocka_unit_test(test_media_that_end_early_are_refused_before_sending),
        cmocka_unit_test(test_f3_media_that_are_no_image),
        cmocka_unit_test(test_types_by_content),
        cmocka_unit_test(test_f1_metadata_are_left_out),
        cmocka_unit_test(test_feeding_more_than_was_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
