/* The sandbox's small parts: times, ids, the store in memory, images and markers. */
#include "support.h"

#include "internal.h"

#include <stdio.h>

static void test_times(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms; /* -1: refused */
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2026-04-01T10:01:05.916Z", INT64_C(1775037665916)},
        {"2026-04-01T10:01:05.916123Z", INT64_C(1775037665916)},
        {"2026-04-01T10:01:05.9161234567Z", -1},
        {"2026-04-01T10:01:05.Z", -1},
        {"2026-04-01T10:01:05+01:00", INT64_C(1775034065000)},
        {"2026-04-01T10:01:05-0600", INT64_C(1775059265000)},
        {"2026-04-01T10:01:05 UTC", INT64_C(1775037665000)},
        {"2016-02-29T23:59:59Z", INT64_C(1456790399000)},
        {"2015-02-29T23:59:59Z", -1},
        {"2026-04-01T24:00:00Z", -1},
        {"2026-04-01T10:60:00Z", -1},
        {"2026-04-01 10:00:00Z", -1},
        {"2026-04-01T10-00-00Z", -1},
        {"2026-04-01T10:00:00", -1},
        {"2026-04-01T10:00:00+1", -1},
        {"2026-04-01T10:00:00+24:00", -1},
        {"2026-04-01T10:00Z", -1},
        {"", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ms = -1;
        const bool ok = ine__sb_time_parse(ine__str_of(cases[i].text), &ms);
        assert_int_equal(ok, cases[i].ms >= 0);
        if (ok)
            assert_int_equal(ms, cases[i].ms);
    }
    for (int64_t ms = 0; ms < INT64_C(253402300799999); ms += INT64_C(86399999999) * 7) {
        char text[24];
        int64_t back;
        ine__sb_time(ms, text);
        assert_true(ine__sb_time_parse(ine__str(text, 24), &back));
        assert_int_equal(back, ms);
    }
    char text[24];
    ine__sb_time(-5, text);
    assert_memory_equal(text, "1970-01-01T00:00:00.000Z", 24);
    ine__sb_time(INT64_MAX, text);
    assert_memory_equal(text, "9999-12-31T23:59:59.999Z", 24);
}

static void test_ids(void **state)
{
    (void)state;
    ine_sandbox sandbox = {.seed = 1};
    char first[36], second[36], number[12];
    ine__sb_uuid(&sandbox, INE__SB_ID_SESSION, 1, 0, first);
    for (int64_t i = 1; i < 1000; i++) {
        ine__sb_uuid(&sandbox, INE__SB_ID_SESSION, i, 0, second);
        assert_true(ine__is_uuid(ine__str(second, 36)));
        assert_int_equal(second[14], '4');
        assert_non_null(strchr("89ab", second[19]));
        assert_int_equal(i == 1, memcmp(first, second, 36) == 0);
    }
    ine__sb_uuid(&sandbox, INE__SB_ID_ATTEMPT, 1, 0, second);
    assert_memory_not_equal(first, second, 36);
    sandbox.seed = 2;
    ine__sb_uuid(&sandbox, INE__SB_ID_SESSION, 1, 0, second);
    assert_memory_not_equal(first, second, 36);
    ine__sb_number(42, number);
    assert_memory_equal(number, "000000000042", 12);
}

static void take(void *to, ine_str value)
{
    *(int64_t *)to = value.len == sizeof(int64_t) ? 0 : -1;
    if (value.len == sizeof(int64_t))
        memcpy(to, value.ptr, sizeof(int64_t));
}

/* Against a plain array: 200 000 random calls. */
static void test_memory_store(void **state)
{
    (void)state;
    enum { KEYS = 700 };
    static int64_t model[2][KEYS];
    ine_sandbox_store store;
    uint64_t random = 1;
    assert_true(ine_sandbox_memory_store(&store));
    for (int64_t i = 1; i < 200000; i++) {
        char text[16];
        random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
        const size_t n = (size_t)(random >> 33) % KEYS;
        const int32_t kind = (int32_t)(random >> 20) & 1;
        snprintf(text, sizeof text, "k%zu", n);
        const ine_str key = ine__str_of(text);
        const int what = (int)(random >> 60) % 4;
        if (what < 2) {
            model[kind][n] = i;
            assert_true(store.put(store.context, kind, key, ine__str((const char *)&i, sizeof i)));
        } else if (what == 2) {
            model[kind][n] = 0;
            assert_true(store.remove(store.context, kind, key));
        }
        int64_t found = -2;
        assert_int_equal(store.get(store.context, kind, key, take, &found), model[kind][n] != 0);
        assert_int_equal(found, model[kind][n] ? model[kind][n] : -2);
    }
    store.free(store.context);
}

static void test_images(void **state)
{
    (void)state;
    static const struct {
        ine_str bytes;
        const char *mime;
    } cases[] = {
        {{"\xff\xd8\xff", 3}, "image/jpeg"},
        {{"\xff\xd8", 2}, NULL},
        {{"\x89PNG\r\n\x1a\n", 8}, "image/png"},
        {{"\x89PNG\n\x1a\n\n", 8}, NULL},
        {{"%PDF-", 5}, "application/pdf"},
        {{"RIFF1234WEBP", 12}, "image/webp"},
        {{"RIFF1234WAVE", 12}, NULL},
        {{"\0\0\0\x18"
          "ftypheic",
          12},
         "image/heic"},
        {{"\0\0\0\x18"
          "ftypmif1",
          12},
         "image/heif"},
        {{"\0\0\0\x18"
          "ftypisom",
          12},
         NULL},
        {{"GIF89a", 6}, NULL},
        {{"", 0}, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const ine_str mime = ine__sb_sniff(cases[i].bytes);
        assert_true(cases[i].mime ? ine__str_is(mime, cases[i].mime) : !mime.ptr);
    }
}

static void test_markers(void **state)
{
    (void)state;
    ine_str value;
    assert_true(ine__sb_read_marker(INE__STR("xxine-sandbox-face=ana-1_B\0yy"),
                                    "ine-sandbox-face=", &value));
    assert_true(ine__str_is(value, "ana-1_B"));
    assert_true(
        ine__sb_read_marker(INE__STR("ine-sandbox-score=42"), "ine-sandbox-score=", &value));
    assert_true(ine__str_is(value, "42"));
    assert_false(ine__sb_read_marker(INE__STR("ine-sandbox-score="), "ine-sandbox-score=", &value));
    assert_false(ine__sb_read_marker(INE__STR("ine-sandbox-scor"), "ine-sandbox-score=", &value));
    assert_false(ine__sb_read_marker(INE__NONE, "ine-sandbox-score=", &value));
}

/* Records come back as they went, whatever their texts hold. */
static void test_records(void **state)
{
    (void)state;
    ine__sb_arena arena = {0};
    ine__buf buf;
    ine__buf_init(&buf, 65536);
    const ine__sb_session in = {.seq = INT64_MAX,
                                .id = INE__STR("id"),
                                .vendor_data = INE__STR("\"\\\n\t\x01 \xc3\xb1 \xf0\x90\x90\xb7"),
                                .end_user = INE__STR(""),
                                .score = -1,
                                .outcome = INE__SB_DECLINED};
    ine__sb_session out = {0};
    ine__sb_record_write(&buf, ine__sb_session_fields, ine__sb_session_field_count, &in);
    assert_false(buf.failed);
    assert_true(ine__sb_record_read(&arena, ine__sb_session_fields, ine__sb_session_field_count,
                                    &out, ine__buf_view(&buf)));
    for (size_t i = 0; i < ine__sb_session_field_count; i++) {
        const ine__sb_field *field = &ine__sb_session_fields[i];
        const char *a = (const char *)&in + field->offset, *b = (const char *)&out + field->offset;
        ine_str one, two;
        if (!field->text) {
            assert_memory_equal(a, b, sizeof(int64_t));
            continue;
        }
        memcpy(&one, a, sizeof one);
        memcpy(&two, b, sizeof two);
        assert_true(ine__str_eq(one, two) && !one.ptr == !two.ptr);
    }
    static const char *const bad[] = {"",
                                      "[]",
                                      "null",
                                      "{",
                                      "{\"seq\":\"1\"}",
                                      "{\"id\":1}",
                                      "{\"seq\":1.5}",
                                      "{\"seq\":99999999999999999999}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ine__sb_session none = {0};
        assert_false(ine__sb_record_read(&arena, ine__sb_session_fields,
                                         ine__sb_session_field_count, &none, ine__str_of(bad[i])));
    }
    ine__buf_free(&buf);
    ine__sb_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times),   cmocka_unit_test(test_ids),
        cmocka_unit_test(test_images),  cmocka_unit_test(test_memory_store),
        cmocka_unit_test(test_markers), cmocka_unit_test(test_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
