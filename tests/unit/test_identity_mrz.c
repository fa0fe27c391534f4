#include "support.h"

#include "identity/mrz.h"

#define ONE   "IDMEX1234567897<<0001000000001"
#define TWO   "9001011H3012316MEX<00<<00001<5"
#define THREE "PEREZ<LOPEZ<<JUAN<<<<<<<<<<<<<"

static const ine__date today = {2026, 11, 20};

static void right_ones(void **state)
{
    (void)state;
    static const char *const forms[] = {
        ONE "\n" TWO "\n" THREE, ONE "\r\n" TWO "\r\n" THREE "\r\n",
        ONE TWO THREE,           "  " ONE " \n\n " TWO "\n" THREE "\n",
        ONE TWO "\n" THREE,
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        ine__mrz mrz;
        ine__mrz_read(&mrz, ine__str_of(forms[i]), today);
        assert_int_equal(mrz.flags, 0);
        assert_int_equal(mrz.lines, 3);
        assert_true(ine__str_is(mrz.cic, "123456789"));
        assert_true(ine__str_is(mrz.number, "0001000000001"));
        assert_true(ine__str_is(mrz.emission, "00"));
        assert_int_equal(mrz.sex, 'H');
        assert_int_equal(ine__date_days(mrz.birth), ine__date_days((ine__date){1990, 1, 1}));
        assert_int_equal(ine__date_days(mrz.expiry), ine__date_days((ine__date){2030, 12, 31}));
        assert_true(ine__str_is(mrz.surnames, "PEREZ<LOPEZ"));
        assert_true(ine__str_is(mrz.given, "JUAN"));
        ine__mrz_wipe(&mrz);
        assert_null(memmem(&mrz, sizeof mrz, "PEREZ", 5));
    }
    ine__mrz mrz;
    ine__mrz_read(&mrz,
                  INE__STR("IDMEX0000000000<<0000000000000\n0001018M3512311MEX<01<<00000<3\n"
                           "GARCIA<LOPEZ<<JUANA<<<<<<<<<<<\n"),
                  today);
    assert_int_equal(mrz.flags, 0);
    assert_int_equal(mrz.sex, 'M');
    assert_int_equal(mrz.birth.year, 2000); /* 26 years old, not 126 */
    assert_true(ine__str_is(mrz.emission, "01"));
}

/* INE's own specimen card: its digits are decorative but for the last. */
static void specimen(void **state)
{
    (void)state;
    ine__mrz mrz;
    ine__mrz_read(&mrz,
                  INE__STR("IDMEX1836577170<<0747116375842\n8007057M1812315MEX<02<<12345<7\n"
                           "GOMEZ<VELAZQUEZ<<MARGARITA<<<<"),
                  today);
    assert_int_equal(mrz.flags, INE__MRZ_CIC_DIGIT | INE__MRZ_BIRTH_DIGIT | INE__MRZ_EXPIRY_DIGIT |
                                    INE__MRZ_EXPIRED);
    assert_true(ine__str_is(mrz.cic, "183657717"));
    assert_true(ine__str_is(mrz.surnames, "GOMEZ<VELAZQUEZ"));
    assert_true(ine__str_is(mrz.given, "MARGARITA"));
}

static void each_flag(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t flags, others; /* flags that must be there, and that may be */
    } cases[] = {
        {ONE, 0, 0},
        {"", INE__MRZ_LENGTH, 0},
        {"\n\n", INE__MRZ_LENGTH, 0},
        {"IDMEX1234567897<<000100000000", INE__MRZ_LENGTH, 0},
        {ONE "\n" TWO "\n" THREE "X", INE__MRZ_LENGTH, 0},
        {"IDMEX1234567897<<\n0001000000001", INE__MRZ_LENGTH, 0},
        {"idmex1234567897<<0001000000001", INE__MRZ_CHARACTERS, 0},
        {"P<MEX1234567897<<0001000000001", INE__MRZ_NOT_INE, 0},
        {"IDMEX12345678<7<<0001000000001", INE__MRZ_CIC, INE__MRZ_CIC_DIGIT},
        {"IDMEX1234567890<<0001000000001", INE__MRZ_CIC_DIGIT, 0},
        {"IDMEX1234567897<00001000000001", INE__MRZ_STRUCTURE, 0},
        {"IDMEX1234567897<<00010000000<1", INE__MRZ_STRUCTURE, 0},
        {ONE "9013011H3012316MEX<00<<00001<5", INE__MRZ_BIRTH,
         INE__MRZ_BIRTH_DIGIT | INE__MRZ_COMPOSITE_DIGIT},
        {ONE "9001012H3012316MEX<00<<00001<5", INE__MRZ_BIRTH_DIGIT, INE__MRZ_COMPOSITE_DIGIT},
        {ONE "9001011F3012316MEX<00<<00001<5", INE__MRZ_SEX, 0},
        {ONE "9001011<3012316MEX<00<<00001<5", 0, 0},
        {ONE "9001011X3012316MEX<00<<00001<5", 0, 0},
        {ONE "9001011H3012326MEX<00<<00001<5", INE__MRZ_EXPIRY,
         INE__MRZ_EXPIRY_DIGIT | INE__MRZ_COMPOSITE_DIGIT},
        {ONE "9001011H3012317MEX<00<<00001<5", INE__MRZ_EXPIRY_DIGIT, INE__MRZ_COMPOSITE_DIGIT},
        {ONE "9001011H3012316USA<00<<00001<5", INE__MRZ_STRUCTURE, 0},
        {ONE "9001011H3012316MEX<00<<00001<6", INE__MRZ_COMPOSITE_DIGIT, 0},
        {ONE "9001011H2412310MEX<00<<00001<5", INE__MRZ_EXPIRED,
         INE__MRZ_COMPOSITE_DIGIT | INE__MRZ_EXPIRY_DIGIT},
        {ONE TWO "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", INE__MRZ_STRUCTURE, 0},
        {ONE TWO "GOMEZDELAGARZAYRODRIGUEZDELEON", 0, 0}, /* surnames fill the line */
        {ONE TWO "GOMEZ<DE<LA<GARZA<Y<RODRIGUEZ<", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ine__mrz mrz;
        ine__mrz_read(&mrz, ine__str_of(cases[i].text), today);
        if ((mrz.flags & cases[i].flags) != cases[i].flags ||
            (mrz.flags & ~(cases[i].flags | cases[i].others)))
            fail_msg("case %zu: %u", i, mrz.flags);
        if (mrz.flags & (INE__MRZ_LENGTH | INE__MRZ_CHARACTERS | INE__MRZ_CIC))
            assert_null(mrz.cic.ptr);
    }
}

static void without_today(void **state)
{
    (void)state;
    ine__mrz mrz;
    ine__mrz_read(&mrz, INE__STR(ONE "1001011H1012310MEX<00<<00001<5"), (ine__date){0});
    assert_false(mrz.flags & INE__MRZ_EXPIRED);
    assert_int_equal(mrz.birth.year, 1910);
    ine__mrz_read(&mrz, INE__STR(ONE "1001011H1012310MEX<00<<00001<5"), (ine__date){2030, 1, 1});
    assert_true(mrz.flags & INE__MRZ_EXPIRED);
    assert_int_equal(mrz.birth.year, 2010);
    /* 18 years old on the day */
    ine__mrz_read(&mrz, INE__STR(ONE "1001011H3012316MEX<00<<00001<5"), (ine__date){2028, 1, 1});
    assert_int_equal(mrz.birth.year, 2010);
    ine__mrz_read(&mrz, INE__STR(ONE "1001011H3012316MEX<00<<00001<5"), (ine__date){2027, 12, 31});
    assert_int_equal(mrz.birth.year, 1910);
    ine__mrz_read(&mrz, INE__NONE, today);
    assert_int_equal(mrz.flags, INE__MRZ_LENGTH);
}

static void any_bytes(void **state)
{
    (void)state;
    uint32_t seed = 5;
    for (int round = 0; round < 20000; round++) {
        const size_t len = (size_t)round % 100;
        char *text = malloc(len ? len : 1);
        assert_non_null(text);
        memcpy(text, ONE TWO THREE ONE, len);
        for (size_t i = 0; i < len; i++) {
            seed = seed * 1664525u + 1013904223u;
            if (seed >> 28 == 0)
                text[i] = round % 2 ? (char)(seed >> 20) : '<';
        }
        ine__mrz mrz;
        ine__mrz_read(&mrz, ine__str(text, len), today);
        assert_true(mrz.surnames.len <= 30 && mrz.given.len <= 30);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(right_ones), cmocka_unit_test(specimen),
                                       cmocka_unit_test(each_flag), cmocka_unit_test(without_today),
                                       cmocka_unit_test(any_bytes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
