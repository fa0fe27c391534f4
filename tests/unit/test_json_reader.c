/* The reader's grammar: JSONTestSuite, utf8tests, limits, duplicates, and where a fault is. */
#include "support.h"

#include "json/reader.h"

#include <dirent.h>

static const ine__member inner_members[] = {
    INE__MEMBER("x", 5, NULL),
    INE__MEMBER("y", 6, NULL),
};
static const ine__object inner = {inner_members, 2, 7, NULL};
static const ine__member item_members[] = {
    INE__MEMBER("id", 9, NULL),
};
static const ine__object item = {item_members, 1, 0, NULL};
static const ine__object items = {NULL, 0, 0, &item};
static const ine__member root_members[] = {
    INE__MEMBER("id", 1, NULL),     INE__MEMBER("name", 2, NULL),   INE__MEMBER("inner", 3, &inner),
    INE__MEMBER("number", 4, NULL), INE__MEMBER("list", 8, &items),
};
static const ine__object root = {root_members, 5, 10, NULL};
#define SLOTS 11

/* Reads a copy in a block of exactly this size, so that ASan sees a read past its end. */
static int32_t read_exact(const ine__object *schema, const char *text, size_t len,
                          ine__slot slots[SLOTS], ine__json_fault *fault)
{
    char *copy = malloc(len ? len : 1);
    assert_non_null(copy);
    memcpy(copy, text, len);
    memset(slots, 0, SLOTS * sizeof slots[0]);
    const int32_t code =
        ine__json_read(schema, (ine_str){copy + (len ? 0 : 1), len}, slots, SLOTS, fault);
    free(copy);
    assert_int_equal(code, fault->code);
    assert_true(code == INE_OK || (fault->text && fault->offset <= len));
    return code;
}

static int32_t read_text(const char *text)
{
    ine__slot slots[SLOTS];
    ine__json_fault fault;
    return read_exact(&root, text, strlen(text), slots, &fault);
}

static void assert_fault(const char *text, int32_t code, size_t offset)
{
    ine__slot slots[SLOTS];
    ine__json_fault fault;
    const int32_t got = read_exact(&root, text, strlen(text), slots, &fault);
    if (got != code || fault.offset != offset)
        print_message("%s: %d at %zu (%s)\n", text, got, fault.offset, fault.text);
    assert_int_equal(got, code);
    assert_int_equal(fault.offset, offset);
}

/* What RFC 8259 leaves open (files i_*), decided here: numbers of any size are right, their range
 * is checked when one is read as an integer; everything that is not UTF-8, or is half of a
 * surrogate pair, or begins with a byte order mark, or is nested deeper than 64, is refused. */
static bool open_case_accepted(const char *name)
{
    return strncmp(name, "i_number_", 9) == 0;
}

static void test_json_test_suite(void **state)
{
    (void)state;
    test_needs_shared("vectors/JSONTestSuite/test_parsing");
    DIR *dir = opendir(INE_SHARED "/vectors/JSONTestSuite/test_parsing");
    assert_non_null(dir);
    size_t seen[3] = {0};
    for (struct dirent *entry; (entry = readdir(dir));) {
        const char *name = entry->d_name;
        if (!strchr("yni", name[0]) || name[1] != '_')
            continue;
        char path[512];
        snprintf(path, sizeof path, "%s/vectors/JSONTestSuite/test_parsing/%s", INE_SHARED, name);
        size_t len;
        char *text = test_read(path, &len);
        assert_non_null(text);
        ine__json_fault fault;
        const bool accepted = ine__json_read(NULL, (ine_str){text, len}, NULL, 0, &fault) == INE_OK;
        const bool wanted = name[0] == 'y' || (name[0] == 'i' && open_case_accepted(name));
        if (accepted != wanted)
            fail_msg("%s: %s", name, accepted ? "accepted" : fault.text);
        free(text);
        seen[strchr("yni", name[0]) - "yni"]++;
    }
    closedir(dir);
    assert_int_equal(seen[0], 95);
    assert_int_equal(seen[1], 188);
    assert_true(seen[2] >= 34);
}

static void test_utf8tests(void **state)
{
    (void)state;
    test_needs_shared("vectors/utf8tests/cases.tsv");
    size_t len;
    char *table = test_read(INE_SHARED "/vectors/utf8tests/cases.tsv", &len);
    assert_non_null(table);
    size_t cases = 0;
    const char *const end = table + len;
    const char *line = memchr(table, '\n', len);
    while (line && ++line < end) {
        const char *valid = memchr(line, '\t', (size_t)(end - line));
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        if (!valid || !stop)
            break;
        char text[256] = "\"";
        size_t n = 1;
        bool control = false;
        for (const char *hex = valid + 3; hex + 1 < stop; hex += 2) {
            char digits[3] = {hex[0], hex[1], 0};
            text[n] = (char)strtoul(digits, NULL, 16);
            control |= (unsigned char)text[n] < 0x20 || text[n] == '"' || text[n] == '\\';
            n++;
        }
        text[n++] = '"';
        ine__slot slots[SLOTS];
        ine__json_fault fault;
        const bool accepted = read_exact(NULL, text, n, slots, &fault) == INE_OK;
        if (accepted != (valid[1] == '1' && !control))
            fail_msg("%.*s", (int)(valid - line), line);
        cases++;
        line = stop;
    }
    free(table);
    assert_int_equal(cases, 216);
}

static void test_slots(void **state)
{
    (void)state;
    const char text[] =
        " {\"unknown\":[1,{\"id\":2}],\"id\" : \"a\\u00e9\",\n\t\"number\":-12,"
        "\"inner\":{\"z\":null,\"y\":true,\"w\":[]},\"name\":null,\"list\":[{\"id\":3},"
        "4,{\"no\":5}],\"last\":0} ";
    const ine_str view = {text, sizeof text - 1};
    ine__slot slots[SLOTS] = {0};
    ine__json_fault fault;
    assert_int_equal(ine__json_read(&root, view, slots, SLOTS, &fault), INE_OK);
    assert_int_equal(slots[1].type, INE__J_STRING);
    assert_int_equal(slots[1].escaped, 1);
    assert_true(ine__str_is(ine__json_view(view, slots[1]), "a\\u00e9"));
    assert_int_equal(slots[2].type, INE__J_NULL);
    assert_true(ine__str_is(ine__json_view(view, slots[3]), "{\"z\":null,\"y\":true,\"w\":[]}"));
    assert_int_equal(slots[3].type, INE__J_OBJECT);
    assert_int_equal(slots[4].type, INE__J_NUMBER);
    assert_true(ine__str_is(ine__json_view(view, slots[4]), "-12"));
    assert_int_equal(slots[5].type, INE__J_ABSENT);
    assert_null(ine__json_view(view, slots[5]).ptr);
    assert_int_equal(slots[6].type, INE__J_TRUE);
    assert_int_equal(slots[7].len, 2);
    assert_int_equal(slots[8].type, INE__J_ARRAY);
    assert_int_equal(slots[10].len, 2);
}

/* A member of interest is found wherever it stands, and however long its neighbours are. */
static void test_key_order(void **state)
{
    (void)state;
    const char *const parts[] = {"\"id\":1", "\"name\":2", "\"number\":4", "\"list\":[{\"id\":7}]",
                                 "\"nam\":0,\"names\":0,\"\":0"};
    int order[5];
    for (int n = 0; n < 3125; n++) {
        int rest = n, used = 0;
        for (int i = 0; i < 5; i++, rest /= 5) {
            order[i] = rest % 5;
            used |= 1 << order[i];
        }
        if (used != 31)
            continue;
        char text[256];
        const int len =
            snprintf(text, sizeof text, "{%s,%s,%s,%s,%s}", parts[order[0]], parts[order[1]],
                     parts[order[2]], parts[order[3]], parts[order[4]]);
        ine__slot slots[SLOTS];
        ine__json_fault fault;
        assert_int_equal(read_exact(&root, text, (size_t)len, slots, &fault), INE_OK);
        assert_int_equal(text[slots[1].at], '1');
        assert_int_equal(text[slots[2].at], '2');
        assert_int_equal(text[slots[4].at], '4');
        assert_int_equal(text[slots[9].at], '7');
        assert_int_equal(slots[10].len, 3);
    }
}

static void test_c2_duplicates(void **state)
{
    (void)state;
    assert_fault("{\"id\":1,\"id\":1}", INE_E_FORM, 9);
    assert_fault("{\"id\":1,\"name\":2,\"number\":3,\"id\":1}", INE_E_FORM, 29);
    assert_fault("{\"id\":1,\"i\\u0064\":2}", INE_E_FORM, 9);
    assert_fault("{\"\\u0069\\u0064\":1,\"id\":2}", INE_E_FORM, 19);
    assert_fault("{\"id\":1,\"x\":{\"id\":1},\"name\":\"a long text behind it all\",\"id\":1}",
                 INE_E_FORM, 57);
    assert_fault("{\"inner\":{\"x\":1,\"x\":1}}", INE_E_FORM, 17);
    assert_fault("{\"list\":[{\"id\":1},{\"id\":1,\"id\":1}]}", INE_E_FORM, 27);
    assert_int_equal(read_text("{\"other\":1,\"other\":2,\"inner\":{\"id\":1,\"id\":2}}"), INE_OK);
    assert_int_equal(read_text("{\"inner\":{\"x\":1},\"o\":{\"inner\":{\"x\":1,\"x\":2}}}"),
                     INE_OK);
    assert_int_equal(read_text("{\"list\":[{\"id\":1},{\"id\":1}]}"), INE_OK);
}

/* A key with escapes is the key that it decodes to, and no other. */
static void test_escaped_keys(void **state)
{
    (void)state;
    const char text[] = "{\"n\\u0061m\\u0065\":1,\"i\\u0064\\u0000\":2,\"n\\umber\":3}";
    ine__slot slots[SLOTS];
    ine__json_fault fault;
    assert_int_equal(read_exact(&root, text, sizeof text - 1, slots, &fault), INE_E_JSON);
    const char good[] = "{\"n\\u0061m\\u0065\":1,\"i\\u0064\\u0000\":2,\"\\\"id\":3}";
    assert_int_equal(read_exact(&root, good, sizeof good - 1, slots, &fault), INE_OK);
    assert_int_equal(good[slots[2].at], '1');
    assert_int_equal(slots[1].type, INE__J_ABSENT);
    char many[2048] = "{\"";
    for (int i = 0; i < 300; i++)
        strcat(many, "\\u0064");
    strcat(many, "\":1}");
    assert_int_equal(read_exact(&root, many, strlen(many), slots, &fault), INE_OK);
}

static void test_c4_nul(void **state)
{
    (void)state;
    assert_fault("{\"id\":\"a\\u0000b\"}", INE_E_FORM, 8);
    assert_fault("{\"inner\":{\"x\":\"\\u00e9\\u0000\"}}", INE_E_FORM, 21);
    assert_int_equal(read_text("{\"other\":\"a\\u0000b\"}"), INE_OK);
    assert_int_equal(read_text("{\"other\":\"\\u0000\",\"id\":\"\\n\"}"), INE_OK);
    assert_int_equal(read_text("{\"oth\\u0000er\":1,\"id\":\"\\n\"}"), INE_OK);
    ine__slot slots[SLOTS];
    ine__json_fault fault;
    assert_int_equal(read_exact(NULL, "\"a\0b\"", 5, slots, &fault), INE_E_JSON);
    assert_int_equal(fault.offset, 2);
}

static void test_c1_depth(void **state)
{
    (void)state;
    enum { MANY = 100000 };
    char *text = malloc(MANY * 6);
    assert_non_null(text);
    ine__json_fault fault;
    for (size_t depth = 63; depth < 67; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        assert_int_equal(ine__json_read(NULL, (ine_str){text, 2 * depth}, NULL, 0, &fault),
                         depth <= 64 ? INE_OK : INE_E_JSON);
    }
    assert_int_equal(fault.offset, 64);
    memset(text, '[', MANY);
    assert_int_equal(ine__json_read(NULL, (ine_str){text, MANY}, NULL, 0, &fault), INE_E_JSON);
    for (size_t i = 0; i < MANY; i++)
        memcpy(text + i * 5, "{\"\":[", 5);
    assert_int_equal(ine__json_read(NULL, (ine_str){text, MANY * 5}, NULL, 0, &fault), INE_E_JSON);
    assert_int_equal(fault.offset, 32 * 5);
    free(text);
}

static void test_faults(void **state)
{
    (void)state;
    ine__json_fault fault;
    assert_int_equal(ine__json_read(NULL, INE__NONE, NULL, 0, &fault), INE_E_JSON);
    assert_fault("", INE_E_JSON, 0);
    assert_fault("  ", INE_E_JSON, 2);
    assert_fault("\xef\xbb\xbf{}", INE_E_JSON, 0);
    assert_fault("\xff\xfe{", INE_E_JSON, 0);
    assert_fault("\xfe\xff", INE_E_JSON, 0);
    assert_fault("{} x", INE_E_JSON, 3);
    assert_fault("{}{}", INE_E_JSON, 2);
    assert_fault("{\"a\":1,}", INE_E_JSON, 7);
    assert_fault("{\"a\" 1}", INE_E_JSON, 5);
    assert_fault("{\"a\":1 \"b\":2}", INE_E_JSON, 7);
    assert_fault("{a:1}", INE_E_JSON, 1);
    assert_fault("{,}", INE_E_JSON, 1);
    assert_fault("[1,]", INE_E_JSON, 3);
    assert_fault("[1}", INE_E_JSON, 2);
    assert_fault("{\"a\":1]", INE_E_JSON, 6);
    assert_fault("]", INE_E_JSON, 0);
    assert_fault("nul", INE_E_JSON, 3);
    assert_fault("[nulL]", INE_E_JSON, 4);
    assert_fault("[tru]", INE_E_JSON, 4);
    assert_fault("[fals]", INE_E_JSON, 5);
    assert_fault("[truex]", INE_E_JSON, 5);
    assert_fault("[01]", INE_E_JSON, 2);
    assert_fault("[-]", INE_E_JSON, 2);
    assert_fault("[-01]", INE_E_JSON, 3);
    assert_fault("[1.]", INE_E_JSON, 3);
    assert_fault("[.1]", INE_E_JSON, 1);
    assert_fault("[+1]", INE_E_JSON, 1);
    assert_fault("[1e]", INE_E_JSON, 3);
    assert_fault("[1e+]", INE_E_JSON, 4);
    assert_fault("[NaN]", INE_E_JSON, 1);
    assert_fault("\"a", INE_E_JSON, 2);
    assert_fault("\"a\\", INE_E_JSON, 3);
    assert_fault("\"\\x\"", INE_E_JSON, 2);
    assert_fault("\"\\u12g4\"", INE_E_JSON, 5);
    assert_fault("\"\\ud800\"", INE_E_JSON, 1);
    assert_fault("\"\\ud800\\u0041\"", INE_E_JSON, 1);
    assert_fault("\"\\udc00\\ud800\"", INE_E_JSON, 1);
    assert_fault("\"\\udc00\\udc00\"", INE_E_JSON, 1);
    assert_fault("\"0123456789abcdef\t\"", INE_E_JSON, 17);
    assert_fault("\"0123456789abcdef\xc3\"", INE_E_JSON, 17);
    assert_fault("[\f1]", INE_E_JSON, 1);
    assert_fault("[1]\xa0", INE_E_JSON, 3);
}

static void test_right_texts(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "0",
        "-0",
        "1e400",
        "-1E-400",
        "123456789012345678901234567890",
        "0.5e+10",
        "\"\"",
        " null ",
        "true",
        "false\n",
        "[]",
        "{}",
        "\r\n\t [ ] ",
        "\"\x7f\"",
        "\"\\ud83d\\ude00\"",
        "\"\\u0000\"",
        "[[[],[{}]],{\"\":{}}]",
        "{\"id\":{\"id\":[]},\"inner\":[{\"x\":1,\"x\":2}]}",
        "\"\xf0\x9f\x98\x80\"",
        "{\n                                        \"id\"\n:\n1\n}",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (read_text(texts[i]) != INE_OK)
            fail_msg("%s", texts[i]);
    }
}

/* Each beginning of each payload is refused, at its end, without a read past it. */
static void test_c7_truncations(void **state)
{
    (void)state;
    DIR *dir = opendir(INE_ROOT "/tests/payloads");
    assert_non_null(dir);
    size_t files = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        char *dot = strstr(entry->d_name, ".json");
        if (!dot)
            continue;
        *dot = 0;
        size_t len;
        char *text = test_payload(entry->d_name, &len);
        ine__slot slots[SLOTS];
        ine__json_fault fault;
        assert_int_equal(read_exact(&root, text, len, slots, &fault), INE_OK);
        while (len && strchr(" \n}", text[len - 1]) && text[len - 1] != '}')
            len--;
        for (size_t n = 0; n < len; n++) {
            assert_int_equal(read_exact(&root, text, n, slots, &fault), INE_E_JSON);
            /* at its end, or at the first byte of a character that is cut */
            assert_in_range(fault.offset, n < 3 ? 0 : n - 3, n);
        }
        free(text);
        files++;
    }
    closedir(dir);
    assert_true(files >= 18);
}

static void test_too_large(void **state)
{
    (void)state;
    ine__json_fault fault;
    assert_int_equal(ine__json_read(NULL, (ine_str){"", (size_t)UINT32_MAX + 1}, NULL, 0, &fault),
                     INE_E_LIMIT);
}

static void test_error_object(void **state)
{
    (void)state;
    ine_error *err;
    const ine__json_fault fault = {INE_E_JSON, 17, "not a digit"};
    assert_int_equal(ine__json_fail(&err, &fault), INE_E_JSON);
    assert_int_equal(ine_error_number(err, INE_DETAIL_OFFSET), 17);
    assert_true(ine__str_is(ine_error_text(err), "not a digit"));
    ine_error_free(err);
    assert_int_equal(ine__json_fail(NULL, &fault), INE_E_JSON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_test_suite), cmocka_unit_test(test_utf8tests),
        cmocka_unit_test(test_slots),           cmocka_unit_test(test_key_order),
        cmocka_unit_test(test_c2_duplicates),   cmocka_unit_test(test_escaped_keys),
        cmocka_unit_test(test_c4_nul),          cmocka_unit_test(test_c1_depth),
        cmocka_unit_test(test_faults),          cmocka_unit_test(test_right_texts),
        cmocka_unit_test(test_c7_truncations),  cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_error_object),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
