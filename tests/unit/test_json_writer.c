#include "support.h"

#include "json/reader.h"
#include "json/writer.h"

static void begin(ine__writer *writer, ine__buf *buf)
{
    ine__buf_init(buf, 1 << 20);
    ine__write_init(writer, buf);
}

static void assert_written(ine__buf *buf, const char *text)
{
    assert_false(buf->failed);
    assert_true(ine__str_is(ine__buf_view(buf), text));
    ine__buf_free(buf);
}

static void test_forms(void **state)
{
    (void)state;
    ine__buf buf;
    ine__writer writer;
    begin(&writer, &buf);
    ine__write_object(&writer);
    ine__write_key(&writer, "a");
    ine__write_array(&writer);
    ine__write_int(&writer, -5);
    ine__write_bool(&writer, true);
    ine__write_bool(&writer, false);
    ine__write_null(&writer);
    ine__write_object(&writer);
    ine__write_end_object(&writer);
    ine__write_array(&writer);
    ine__write_end_array(&writer);
    ine__write_end_array(&writer);
    ine__write_key(&writer, "b");
    ine__write_text(&writer, "x");
    ine__write_key_str(&writer, INE__STR("c"));
    ine__write_str(&writer, INE__NONE);
    ine__write_key(&writer, "d");
    ine__write_raw(&writer, INE__STR("[1,2]"));
    ine__write_key(&writer, "");
    ine__write_str(&writer, INE__STR(""));
    ine__write_end_object(&writer);
    assert_written(&buf, "{\"a\":[-5,true,false,null,{},[]],\"b\":\"x\",\"c\":null,\"d\":[1,2],"
                         "\"\":\"\"}");
}

static void test_escapes(void **state)
{
    (void)state;
    ine__buf buf;
    ine__writer writer;
    begin(&writer, &buf);
    ine__write_str(&writer, INE__STR("\"\\/\b\f\n\r\t\x01\x1f\x7f \xc3\x91 \xf0\x9f\x98\x80"));
    assert_written(&buf, "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f \xc3\x91 "
                         "\xf0\x9f\x98\x80\"");
}

/* Each code point comes back as it went in. */
static void test_round_trip(void **state)
{
    (void)state;
    for (uint32_t point = 1; point < 0x110000; point += point < 0x900 ? 1 : 37) {
        char text[8], decoded[64];
        size_t n = 0;
        if (point >= 0xd800 && point < 0xe000)
            continue;
        if (point < 0x80) {
            text[n++] = (char)point;
        } else {
            const int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
            static const unsigned char heads[] = {0, 0xc0, 0xe0, 0xf0};
            text[n++] = (char)(heads[more] | point >> 6 * more);
            for (int i = more - 1; i >= 0; i--)
                text[n++] = (char)(0x80 | (point >> 6 * i & 0x3f));
        }
        ine__buf buf;
        ine__writer writer;
        begin(&writer, &buf);
        ine__write_str(&writer, (ine_str){text, n});
        assert_false(buf.failed);
        const ine_str json = ine__buf_view(&buf);
        ine__json_fault fault;
        assert_int_equal(ine__json_read(NULL, json, NULL, 0, &fault), INE_OK);
        assert_int_equal(ine__json_unescape(decoded, (ine_str){json.ptr + 1, json.len - 2}), n);
        assert_memory_equal(decoded, text, n);
        ine__buf_free(&buf);
    }
}

static void assert_refused(ine_str text)
{
    ine__buf buf;
    ine__writer writer;
    begin(&writer, &buf);
    ine__write_str(&writer, text);
    assert_true(buf.failed);
    ine__buf_free(&buf);
    begin(&writer, &buf);
    ine__write_object(&writer);
    ine__write_key_str(&writer, text);
    assert_true(buf.failed);
    ine__buf_free(&buf);
}

static void test_c3_bad_text(void **state)
{
    (void)state;
    assert_refused(INE__STR("a\0b"));
    assert_refused(INE__STR("\xff"));
    assert_refused(INE__STR("\xed\xa0\x80"));
    assert_refused(INE__STR("\xc0\x80"));
}

static void test_wrong_use(void **state)
{
    (void)state;
    ine__buf buf;
    ine__writer writer;
    begin(&writer, &buf);
    ine__write_end_object(&writer);
    assert_true(buf.failed);
    ine__buf_free(&buf);
    begin(&writer, &buf);
    ine__write_object(&writer);
    ine__write_key(&writer, "a");
    ine__write_end_object(&writer);
    assert_true(buf.failed);
    ine__buf_free(&buf);
    begin(&writer, &buf);
    for (int i = 0; i < 63; i++)
        ine__write_array(&writer);
    assert_false(buf.failed);
    ine__write_array(&writer);
    assert_true(buf.failed);
    ine__buf_free(&buf);
}

static void test_ceiling(void **state)
{
    (void)state;
    ine__buf buf;
    ine__writer writer;
    ine__buf_init(&buf, 8);
    ine__write_init(&writer, &buf);
    ine__write_text(&writer, "123456");
    assert_false(buf.failed);
    ine__write_int(&writer, 1);
    assert_true(buf.failed);
    assert_true(buf.too_long);
    ine__buf_free(&buf);
}

static bool write_much(void *argument)
{
    ine__buf buf;
    ine__writer writer;
    (void)argument;
    begin(&writer, &buf);
    ine__write_array(&writer);
    for (int i = 0; i < 200; i++)
        ine__write_text(&writer, "a text \n with an escape");
    ine__write_end_array(&writer);
    const bool ok = !buf.failed;
    ine__buf_free(&buf);
    return ok;
}

static void test_allocations(void **state)
{
    (void)state;
    test_each_allocation(write_much, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),       cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_round_trip),  cmocka_unit_test(test_c3_bad_text),
        cmocka_unit_test(test_wrong_use),   cmocka_unit_test(test_ceiling),
        cmocka_unit_test(test_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
