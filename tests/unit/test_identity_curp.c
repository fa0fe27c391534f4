#include "support.h"

#include "identity/formats.h"
#include "identity/states.h"

static const ine__date today = {2026, 11, 20};
#define FORMAT                                                                        \
    (INE__CURP_LENGTH | INE__CURP_CHARACTERS | INE__CURP_STRUCTURE | INE__CURP_DATE | \
     INE__CURP_STATE)

static uint32_t flags(const char *curp)
{
    return ine__curp_read(ine__str_of(curp), today).flags;
}

/* Every row of the public vectors: form and digit must agree with what is written there. */
static void public_vectors(void **state)
{
    (void)state;
    test_needs_shared("vectors/curp.csv");
    size_t len, rows = 0, valid = 0;
    char *file = test_read(INE_SHARED "/vectors/curp.csv", &len);
    assert_non_null(file);
    const char *p = memchr(file, '\n', len), *end = file + len;
    assert_non_null(p);
    for (p++; p < end; rows++) {
        const char *line_end = memchr(p, '\n', (size_t)(end - p));
        const char *comma = memchr(p, ',', (size_t)(end - p));
        assert_non_null(line_end);
        assert_non_null(comma);
        ine_str curp = ine__str(p, (size_t)(comma - p));
        if (curp.len >= 2 && curp.ptr[0] == '"')
            curp = ine__str(curp.ptr + 1, curp.len - 2);
        const bool form = memcmp(comma + 1, "true", 4) == 0;
        const char *second = memchr(comma + 1, ',', (size_t)(end - comma - 1));
        const bool digit = memcmp(second + 1, "true", 4) == 0;
        const uint32_t got = ine__curp_read(curp, today).flags;
        const uint32_t unread = INE__CURP_LENGTH | INE__CURP_CHARACTERS;
        if (((got & FORMAT) == 0) != form || ((got & (unread | INE__CURP_DIGIT)) == 0) != digit)
            fail_msg("row %zu: flags %u", rows + 2, got);
        valid += form && digit;
        p = line_end + 1;
    }
    assert_true(rows >= 60);
    assert_true(valid >= 20);
    free(file);
}

static void each_flag(void **state)
{
    (void)state;
    static const struct {
        const char *curp;
        uint32_t flags;
    } cases[] = {
        {"BOXW310820HNERXN09", 0},
        {"", INE__CURP_LENGTH},
        {"BOXW310820HNERXN0", INE__CURP_LENGTH},
        {"BOXW310820HNERXN099", INE__CURP_LENGTH},
        {"boxw310820hnerxn09", INE__CURP_CHARACTERS},
        {"BOXW310820HNERX 09", INE__CURP_CHARACTERS},
        {"MOTR930411HJCRM\xc3\x91"
         "03",
         INE__CURP_LENGTH | INE__CURP_CHARACTERS},
        {"PEPL000909HNLRDSA1", INE__CURP_MASK},
        {"GARJ000000HMCRLP00", INE__CURP_DATE | INE__CURP_DIGIT},
        {"HEGG560427MVCRRL04", INE__CURP_STATE | INE__CURP_DIGIT},
        {"BOXW310820HNERXN08", INE__CURP_DIGIT},
        {"TOMA880125HMNRRNO2", INE__CURP_MASK | INE__CURP_FUTURE | INE__CURP_HOMONYM},
        {"ZEZZ050101MNEZZZO0", INE__CURP_MASK | INE__CURP_HOMONYM},
        {"BACA890909MJCRMS05", INE__CURP_WORD},
        {"XEXX010101HNEXXXA4", INE__CURP_MASK | INE__CURP_PLACEHOLDER},
        {"ZEZZ000229HNEZZZ02", INE__CURP_DATE},
        {"ZEZZ000229HNEZZZA2", INE__CURP_MASK},
        {"TOGG641009XJCRML94", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (flags(cases[i].curp) != cases[i].flags)
            fail_msg("case %zu: %u, not %u", i, flags(cases[i].curp), cases[i].flags);
    }
}

/* One wrong class at each position, every other byte value. */
static void each_position(void **state)
{
    (void)state;
    static const char right[] = "BOXW310820HNERXN09";
    static const char *const allowed[18] = {"L", "AEIOUX", "L", "L", "D", "D", "D", "D", "D",
                                            "D", "HMX",    "L", "L", "C", "C", "C", "A", "D"};
    for (size_t at = 0; at < 18; at++) {
        for (int c = 0; c < 256; c++) {
            char curp[18];
            memcpy(curp, right, 18);
            curp[at] = (char)c;
            const bool upper = c >= 'A' && c <= 'Z', digit = c >= '0' && c <= '9';
            bool fits;
            switch (allowed[at][1] ? 0 : allowed[at][0]) {
            case 'L':
                fits = upper;
                break;
            case 'D':
                fits = digit;
                break;
            case 'C':
                fits = upper && !strchr("AEIOU", c);
                break;
            case 'A':
                fits = upper || digit;
                break;
            default:
                fits = upper && strchr(allowed[at], c) != NULL;
            }
            const uint32_t got = ine__curp_read(ine__str(curp, 18), today).flags;
            assert_int_equal((got & INE__CURP_CHARACTERS) == 0, upper || digit);
            if (upper || digit)
                assert_int_equal((got & INE__CURP_STRUCTURE) == 0, fits);
        }
    }
}

static void ages(void **state)
{
    (void)state;
    const ine_str curp = INE__STR("PEPL081120HNLRDSA1"); /* 20 November 2008 */
    const struct {
        ine__date today;
        uint32_t flags;
    } cases[] = {
        {{2026, 11, 20}, 0},
        {{2026, 11, 19}, INE__CURP_UNDER_AGE},
        {{2008, 11, 20}, INE__CURP_UNDER_AGE},
        {{2008, 11, 19}, INE__CURP_FUTURE},
        {{0, 0, 0}, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const ine__curp got = ine__curp_read(curp, cases[i].today);
        assert_int_equal(got.flags, cases[i].flags | INE__CURP_MASK | INE__CURP_DIGIT);
        assert_int_equal(got.birth.year, 2008);
        assert_int_equal(got.sex, 'H');
    }
    assert_int_equal(ine__curp_read(INE__STR("GARJ000000HMCRLP00"), today).birth.year, 0);
}

static void digit(void **state)
{
    (void)state;
    assert_int_equal(ine__curp_digit(INE__STR("BEBE900101HDFXXX0")), 7);
    assert_int_equal(ine__curp_digit(INE__STR("BEBE900101HDFXXX")), -1);
    assert_int_equal(ine__curp_digit(INE__STR("BEBE900101HDFXX\xc3\x91")), -1);
}

static void words(void **state)
{
    (void)state;
    assert_true(ine__curp_word(INE__STR("BACA")));
    assert_true(ine__curp_word(INE__STR("WUEY")));
    assert_false(ine__curp_word(INE__STR("BXCA")));
    assert_false(ine__curp_word(INE__STR("BAC")));
}

static void looks(void **state)
{
    (void)state;
    assert_true(ine__is_curp(INE__STR("boxw310820hnerxn09")));
    assert_false(ine__is_curp(INE__STR("GMVLMR80070501M100")));
    assert_true(ine__is_voter_key(INE__STR("GMVLMR80070501M100")));
    assert_false(ine__is_voter_key(INE__STR("GMVLMR80070501M10")));
    assert_false(ine__is_voter_key(INE__STR("BOXW310820HNERXN09")));
}

static void states_table(void **state)
{
    (void)state;
    assert_string_equal(ine__state_by_curp(INE__STR("CH"))->name, "Chihuahua");
    assert_string_equal(ine__state_by_curp(INE__STR("DF"))->inegi, "09");
    assert_null(ine__state_by_curp(INE__STR("CX")));
    assert_null(ine__state_by_curp(INE__STR("NE")));
    assert_null(ine__state_by_curp(INE__NONE));
    assert_true(ine__curp_state(INE__STR("NE")));
    assert_string_equal(ine__state_by_inegi(INE__STR("07"))->iso, "MX-CHP");
    assert_null(ine__state_by_inegi(INE__STR("33")));
    assert_string_equal(ine__state_by_postal(INE__STR("01000"))->curp, "DF");
    assert_string_equal(ine__state_by_postal(INE__STR("99999"))->curp, "ZS");
    static const char *const unused[] = {"00999", "17000",  "18000", "19999",
                                         "1234",  "123456", "1234a"};
    for (size_t i = 0; i < sizeof unused / sizeof unused[0]; i++)
        assert_null(ine__state_by_postal(ine__str_of(unused[i])));
    /* every prefix belongs to one state at most, and 32 states have codes of their own */
    size_t found = 0;
    for (int32_t n = 1; n <= 32; n++) {
        char inegi[3];
        snprintf(inegi, sizeof inegi, "%02d", n);
        const ine__state *one = ine__state_by_inegi(ine__str_of(inegi));
        assert_non_null(one);
        assert_ptr_equal(ine__state_by_curp(ine__str_of(one->curp)), one);
        for (int32_t prefix = one->postal_first; prefix <= one->postal_last; prefix++, found++) {
            char code[8];
            snprintf(code, sizeof code, "%02d123", prefix);
            assert_ptr_equal(ine__state_by_postal(ine__str_of(code)), one);
        }
    }
    assert_int_equal(found, 96);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(public_vectors), cmocka_unit_test(each_flag),
        cmocka_unit_test(each_position),  cmocka_unit_test(ages),
        cmocka_unit_test(digit),          cmocka_unit_test(words),
        cmocka_unit_test(looks),          cmocka_unit_test(states_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
