/* The reader against jansson: random documents, whole and damaged, must be judged alike and give
 * the same values. */
#include "support.h"

#include "base/rng.h"
#include "json/reader.h"

#include <jansson.h>

#define DOCUMENTS 20000

static const char *const keys[] = {
    "status", "id",           "reason",       "x", "other", "a_longer_name_than_16", "\\u0069d", "",
    "\\n",    "st\\u0061tus", "re\xc3\xa1son"};
#define KEYS (sizeof keys / sizeof keys[0])

/* 1..4 at the root, 5..8 in "x". */
static const ine__member inner_members[] = {
    INE__MEMBER("status", 5, NULL),
    INE__MEMBER("id", 6, NULL),
    INE__MEMBER("reason", 7, NULL),
    INE__MEMBER("a_longer_name_than_16", 8, NULL),
};
static const ine__object inner = {inner_members, 4, 0, NULL};
static const ine__member root_members[] = {
    INE__MEMBER("status", 1, NULL), INE__MEMBER("id", 2, NULL),
    INE__MEMBER("reason", 3, NULL), INE__MEMBER("a_longer_name_than_16", 4, NULL),
    INE__MEMBER("x", 9, &inner),
};
static const ine__object root = {root_members, 5, 0, NULL};
static const struct {
    const char *parent, *key;
    uint16_t slot;
} wanted[] = {
    {NULL, "status", 1}, {NULL, "id", 2}, {NULL, "reason", 3}, {NULL, "a_longer_name_than_16", 4},
    {"x", "status", 5},  {"x", "id", 6},  {"x", "reason", 7},  {"x", "a_longer_name_than_16", 8},
    {NULL, "x", 9},
};

static size_t pick(ine__rng *rng, size_t count)
{
    return (size_t)ine__rng_upto(rng, (int64_t)count - 1);
}

static void white(ine__rng *rng, ine__buf *out)
{
    static const char *const spaces[] = {"", "", "", " ", "\n", "\r\n\t", "\n                  "};
    ine__buf_text(out, spaces[pick(rng, 7)]);
}

static void string(ine__rng *rng, ine__buf *out)
{
    static const char *const pieces[] = {"a",
                                         "success",
                                         "\\n",
                                         "\\u00e9",
                                         "\xc3\xa9",
                                         "\\ud83d\\ude00",
                                         "\xf0\x9f\x98\x80",
                                         "a text of more than 32 bytes, plainly",
                                         "\\\"",
                                         "\\\\",
                                         "/",
                                         "\\/",
                                         "\x7f",
                                         "\\u0000"};
    ine__buf_char(out, '"');
    for (size_t n = pick(rng, 4); n; n--)
        ine__buf_text(out, pieces[pick(rng, pick(rng, 20) ? 13 : 14)]);
    ine__buf_char(out, '"');
}

static void value(ine__rng *rng, ine__buf *out, int depth)
{
    static const char *const scalars[] = {
        "null", "true", "false", "0", "-0", "12", "-3.5", "1e5", "9223372036854775807", "0.1E-3"};
    const size_t form = pick(rng, depth ? 6 : 3);
    white(rng, out);
    if (form < 2) {
        ine__buf_text(out, scalars[pick(rng, 10)]);
    } else if (form == 2) {
        string(rng, out);
    } else {
        const bool object = form != 3;
        ine__buf_char(out, object ? '{' : '[');
        for (size_t n = pick(rng, 6), i = 0; i < n; i++) {
            if (i)
                ine__buf_char(out, ',');
            white(rng, out);
            if (object) {
                ine__buf_char(out, '"');
                ine__buf_text(out, keys[pick(rng, KEYS)]);
                ine__buf_text(out, "\":");
            }
            value(rng, out, depth - 1);
        }
        white(rng, out);
        ine__buf_char(out, object ? '}' : ']');
    }
    white(rng, out);
}

static void damage(ine__rng *rng, ine__buf *out)
{
    static const char bytes[] = "\"\\{}[],:0-.eEtfnu \n\t\x80\xc3\xff\x01/+";
    for (size_t n = pick(rng, 3) + 1; n && out->len; n--) {
        const size_t at = pick(rng, out->len);
        switch (pick(rng, 3)) {
        case 0:
            out->ptr[at] = bytes[pick(rng, sizeof bytes - 1)];
            break;
        case 1:
            memmove(out->ptr + at, out->ptr + at + 1, out->len - at - 1);
            out->len--;
            break;
        default:
            out->len = at;
        }
    }
}

static void same_value(ine_str text, ine__slot slot, const json_t *value)
{
    const ine_str view = ine__json_view(text, slot);
    int64_t number;
    if (!value) {
        assert_int_equal(slot.type, INE__J_ABSENT);
        return;
    }
    switch (json_typeof(value)) {
    case JSON_NULL:
        assert_int_equal(slot.type, INE__J_NULL);
        break;
    case JSON_TRUE:
        assert_int_equal(slot.type, INE__J_TRUE);
        break;
    case JSON_FALSE:
        assert_int_equal(slot.type, INE__J_FALSE);
        break;
    case JSON_INTEGER:
        assert_int_equal(slot.type, INE__J_NUMBER);
        assert_true(ine__json_int(view, &number));
        assert_int_equal(number, json_integer_value(value));
        break;
    case JSON_REAL:
        assert_int_equal(slot.type, INE__J_NUMBER);
        assert_false(ine__json_int(view, &number));
        break;
    case JSON_STRING: {
        assert_int_equal(slot.type, INE__J_STRING);
        char *decoded = malloc(view.len + 1);
        assert_non_null(decoded);
        const size_t len = ine__json_unescape(decoded, view);
        assert_int_equal(len, json_string_length(value));
        assert_memory_equal(decoded, json_string_value(value), len);
        assert_int_equal(slot.escaped, memchr(view.ptr, '\\', view.len) != NULL);
        free(decoded);
        break;
    }
    case JSON_OBJECT:
        assert_int_equal(slot.type, INE__J_OBJECT);
        assert_true(view.ptr[0] == '{' && view.ptr[view.len - 1] == '}');
        break;
    case JSON_ARRAY:
        assert_int_equal(slot.type, INE__J_ARRAY);
        assert_true(view.ptr[0] == '[' && view.ptr[view.len - 1] == ']');
        break;
    }
}

/* Text that one of the two judges by a rule that is not RFC 8259's: numbers beyond a double, NUL
 * in a name. */
static bool is_jansson_rule(const json_error_t *error)
{
    const enum json_error_code code = json_error_code(error);
    return code == json_error_numeric_overflow || code == json_error_null_byte_in_key ||
           code == json_error_null_character;
}

/* Returns whether both accepted it. */
static bool compare(ine_str text)
{
    ine__slot slots[10] = {0};
    ine__json_fault fault;
    json_error_t error;
    const int32_t code = ine__json_read(NULL, text, NULL, 0, &fault);
    json_t *tree = json_loadb(text.ptr, text.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    if (!tree && is_jansson_rule(&error))
        return false;
    if ((code == INE_OK) != (tree != NULL))
        fail_msg("%s, %s: %.*s", code ? fault.text : "accepted", tree ? "accepted" : error.text,
                 (int)text.len, text.ptr);
    if (!tree)
        return false;
    if (ine__json_read(&root, text, slots, 10, &fault) == INE_OK) {
        for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
            const json_t *at = wanted[i].parent ? json_object_get(tree, wanted[i].parent) : tree;
            same_value(text, slots[wanted[i].slot], json_object_get(at, wanted[i].key));
        }
    } else {
        /* only what the schema forbids: a member twice, or NUL */
        assert_int_equal(fault.code, INE_E_FORM);
        json_t *unique =
            json_loadb(text.ptr, text.len, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
        assert_null(unique);
    }
    json_decref(tree);
    return true;
}

static void test_against_jansson(void **state)
{
    (void)state;
    ine__rng rng;
    ine__rng_init(&rng, 20260401);
    size_t accepted = 0, damaged_accepted = 0;
    for (size_t i = 0; i < DOCUMENTS; i++) {
        ine__buf buf;
        ine__buf_init(&buf, 1 << 20);
        value(&rng, &buf, 4);
        assert_false(buf.failed);
        char *exact = malloc(buf.len ? buf.len : 1);
        assert_non_null(exact);
        memcpy(exact, buf.ptr, buf.len);
        accepted += compare((ine_str){exact, buf.len});
        damage(&rng, &buf);
        memcpy(exact, buf.ptr, buf.len);
        exact = realloc(exact, buf.len ? buf.len : 1);
        assert_non_null(exact);
        damaged_accepted += compare((ine_str){exact, buf.len});
        free(exact);
        ine__buf_free(&buf);
    }
    assert_true(accepted > DOCUMENTS * 9 / 10);
    assert_true(damaged_accepted > DOCUMENTS / 50 && damaged_accepted < DOCUMENTS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_against_jansson)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
