/* What is done with right texts: integers, escapes, iteration, JSON Pointer. */
#include "support.h"

#include "json/reader.h"

static ine_str str(const char *text)
{
    return ine__str_of(text);
}

static void test_c5_integers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ok;
        int64_t value;
    } cases[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"9102", true, 9102},
        {"-1", true, -1},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"99999999999999999999999999", false, 0},
        {"1.0", false, 0},
        {"1e2", false, 0},
        {"1E400", false, 0},
        {"-", false, 0},
        {"", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t value = 77;
        assert_int_equal(ine__json_int(str(cases[i].text), &value), cases[i].ok);
        if (cases[i].ok)
            assert_int_equal(value, cases[i].value);
    }
}

static void test_unescape(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *text;
    } cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t"},
        {"\\u0041\\u00e9\\u20ac\\uD83D\\uDe00", "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
        {"\\u007f\\u0080\\u07ff\\u0800\\uffff", "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf"},
        {"a\\u000ab", "a\nb"},
        {"\\\\u0041", "\\u0041"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const ine_str raw = str(cases[i].raw), text = str(cases[i].text);
        char *out = malloc(raw.len ? raw.len : 1);
        assert_non_null(out);
        const size_t len = ine__json_unescape(out, raw);
        assert_int_equal(len, text.len);
        assert_memory_equal(out, text.ptr, len);
        assert_int_equal(ine__json_unescaped_len(raw), len);
        assert_true(ine__json_same(raw, text));
        assert_false(ine__json_same(raw, str("something else")));
        free(out);
    }
    assert_false(ine__json_same(str("ab"), str("a")));
    assert_false(ine__json_same(str("a"), str("ab")));
    assert_false(ine__json_same(str("\\u00e9"), str("\xc3")));
}

static void test_iterate(void **state)
{
    (void)state;
    const ine_str object = str(" {\"a\" : [1,{\"x\":\"]}\"}] , \"b\\\"}\":\"\\\\\",\"c\":-1.5e3,"
                               "\"d\":{},\"e\":null\n} ");
    static const struct {
        const char *key, *value;
        uint8_t type;
    } wanted[] = {
        {"a", "[1,{\"x\":\"]}\"}]", INE__J_ARRAY},
        {"b\\\"}", "\\\\", INE__J_STRING},
        {"c", "-1.5e3", INE__J_NUMBER},
        {"d", "{}", INE__J_OBJECT},
        {"e", "null", INE__J_NULL},
    };
    ine__json_iter iter;
    ine_str key;
    bool escaped;
    ine__slot value;
    ine__json_iter_init(&iter, object);
    for (size_t i = 0; i < 5; i++) {
        assert_true(ine__json_iter_next(&iter, &key, &escaped, &value));
        assert_true(ine__str_is(key, wanted[i].key));
        assert_int_equal(escaped, i == 1);
        assert_int_equal(value.type, wanted[i].type);
        assert_true(ine__str_is(ine__json_view(object, value), wanted[i].value));
    }
    assert_false(ine__json_iter_next(&iter, &key, &escaped, &value));
    assert_false(ine__json_iter_next(&iter, &key, &escaped, &value));

    ine__json_iter_init(&iter, str("[true,false,\"x\" , 3]"));
    const uint8_t types[] = {INE__J_TRUE, INE__J_FALSE, INE__J_STRING, INE__J_NUMBER};
    for (size_t i = 0; i < 4; i++) {
        assert_true(ine__json_iter_next(&iter, &key, &escaped, &value));
        assert_null(key.ptr);
        assert_int_equal(value.type, types[i]);
    }
    assert_false(ine__json_iter_next(&iter, &key, &escaped, &value));

    ine__json_iter_init(&iter, INE__NONE);
    assert_false(ine__json_iter_next(&iter, &key, &escaped, &value));
    static const char *const empty[] = {"[]", "{ }", "3", "\"x\"", ""};
    for (size_t i = 0; i < 5; i++) {
        ine__json_iter_init(&iter, str(empty[i]));
        assert_false(ine__json_iter_next(&iter, &key, &escaped, &value));
    }
}

static void test_member(void **state)
{
    (void)state;
    const ine_str object = str("{\"a\":{\"b\":1},\"\\u0062\":\"text\",\"c\":null}");
    assert_int_equal(ine__json_member(object, "c").type, INE__J_NULL);
    assert_true(ine__str_is(ine__json_view(object, ine__json_member(object, "b")), "text"));
    assert_int_equal(ine__json_member(object, "d").type, INE__J_ABSENT);
    assert_int_equal(ine__json_member(str("[1]"), "a").type, INE__J_ABSENT);
}

/* [RFC 6901 section 5] */
static void test_pointer(void **state)
{
    (void)state;
    const ine_str text =
        str(" {\"foo\": [\"bar\", \"baz\"],\"\": 0,\"a/b\": 1,\"c%d\": 2,\"e^f\": 3,\"g|h\": 4,"
            "\"i\\\\j\": 5,\"k\\\"l\": 6,\" \": 7,\"m~n\": 8,\"\\u00e9\":{\"x\":[[1,2],{}]},"
            "\"twice\":1,\"twice\":2} ");
    static const struct {
        const char *pointer, *value;
    } cases[] = {
        {"/foo", "[\"bar\", \"baz\"]"},
        {"/foo/0", "\"bar\""},
        {"/foo/1", "\"baz\""},
        {"/", "0"},
        {"/a~1b", "1"},
        {"/c%d", "2"},
        {"/e^f", "3"},
        {"/g|h", "4"},
        {"/i\\j", "5"},
        {"/k\"l", "6"},
        {"/ ", "7"},
        {"/m~0n", "8"},
        {"/\xc3\xa9/x/0/1", "2"},
        {"/\xc3\xa9/x/1", "{}"},
        {"/foo/2", NULL},
        {"/foo/00", NULL},
        {"/foo/01", NULL},
        {"/foo/-", NULL},
        {"/foo/", NULL},
        {"/foo/0/0", NULL},
        {"/foo/-1", NULL},
        {"/foo/99999999999999999999", NULL},
        {"/nothing", NULL},
        {"/m~n0", "bad"},
        {"/twice", NULL},
        {"//", NULL},
    };
    ine_str value;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const bool good = !cases[i].value || strcmp(cases[i].value, "bad") != 0;
        assert_int_equal(ine__json_pointer(text, str(cases[i].pointer), &value), good);
        if (good && cases[i].value && !ine__str_is(value, cases[i].value))
            fail_msg("%s", cases[i].pointer);
        if (!good || !cases[i].value)
            assert_null(value.ptr);
    }
    assert_true(ine__json_pointer(text, str(""), &value));
    assert_int_equal(value.len, text.len - 2);
    assert_int_equal(value.ptr[0], '{');
    static const char *const bad[] = {"foo", "/a~", "/a~2", "#/foo", "/\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(ine__json_pointer(text, str(bad[i]), &value));
    assert_true(ine__json_pointer(str(""), str("/a"), &value));
    assert_null(value.ptr);
    assert_true(ine__json_pointer(str("\"x\""), str(""), &value));
    assert_true(ine__str_is(value, "\"x\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_c5_integers), cmocka_unit_test(test_unescape),
        cmocka_unit_test(test_iterate),     cmocka_unit_test(test_member),
        cmocka_unit_test(test_pointer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
