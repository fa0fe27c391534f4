#include "support.h"

#include "identity/person.h"
#include "identity/verification.h"

#define FIRST  INE__PERSON_FIRST_NAME
#define LAST   INE__PERSON_LAST_NAME
#define SECOND INE__PERSON_SECOND_LAST_NAME

static uint32_t names(const char *curp, const char *first, const char *last, const char *second)
{
    const ine__person person = {.first_name = ine__str_of(first),
                                .last_name = ine__str_of(last),
                                .second_last_name = ine__str_of(second)};
    return ine__person_disagrees(ine__str_of(curp), &person);
}

/* The examples of the official text and of the public vectors. */
static void official_examples(void **state)
{
    (void)state;
    static const char *const cases[][4] = {
        {"XARA750909HDFNDL00", "Alberto",
         "\xc3\x91"
         "ando",
         "Rodr\xc3\xadguez"},
        {"ROXA750909HDFDNL07", "Alberto", "Rodr\xc3\xadguez",
         "\xc3\xb1"
         "ando"},
        {"PEHL750909MDFRRS09", "Mar\xc3\xad\x61 Luisa", "P\xc3\xa9rez", "Hern\xc3\xa1ndez"},
        {"PEHL750909MDFRRS09", "MA. LUISA", "PEREZ", "HERNANDEZ"},
        {"PEHL750909MDFRRS09", "ma luisa", "perez", "hernandez"},
        {"ROPL750909HDFMLS09", "Luis Enrique", "Romero", "Palazuelos"},
        {"DXAJ750909HDFMLN09", "Juan Jos\xc3\xa9", "D/Amico", "\xc3\x81lvarez"},
        {"RICR750909MDFVRC09", "Roc\xc3\xado", "Riva Palacio", "Cruz"},
        {"GELC750909HDFRPR09", "Carlos", "Mc Gregor", "L\xc3\xb3pez"},
        {"PXDO750909MDFDMF09", "Ofelia", "Pedrero", "Dom\xc3\xadnguez"},
        {"PEDO750909MDFDMF09", "Ofelia", "Pedrero", "Dom\xc3\xadnguez"}, /* real ones exist */
        {"IXRA750909HDFCDN09", "Andr\xc3\xa9s", "Ich", "Rodr\xc3\xadguez"},
        {"PEXL750909HDFRXS02", "Luis", "P\xc3\xa9rez", ""},
        {"OARA750909HDFXDL09", "Alberto",
         "O\xc3\xb1"
         "ate",
         "Rodr\xc3\xadguez"},
        {"PXBA750909HDFXRN09", "Andr\xc3\xa9s", "Px", "Barrios"},
        {"SABC560626MDFLRN01", "Concepci\xc3\xb3n", "Salgado", "Brise\xc3\xb1o"},
        {"HEGG560427MVZRRL04", "Gloria", "Hern\xc3\xa1ndez", "Garc\xc3\xad\x61"},
        {"CULJ750909HDFRPS09", "Jos\xc3\xa9", "De la Cruz", "L\xc3\xb3pez"},
        {"CULA750909MDFRPN09", "Mar\xc3\xad\x61 de los \xc3\x81ngeles", "de la cruz", "lopez"},
        {"CULJ750909MDFRPS09", "Mar\xc3\xad\x61 Jos\xc3\xa9", "Cruz", "L\xc3\xb3pez"},
        /* accents as marks of their own: N and tilde, e and acute */
        {"XARA750909HDFNDL00", "Alberto",
         "N\xcc\x83"
         "ando",
         "Rodri\xcc\x81guez"},
        {"AURM750909HDFRDR09", "Mario",
         "Arg\xc3\xbc"
         "ello",
         "Rodr\xc3\xadguez"},
        /* letters that the rules do not know agree with anything */
        {"QUQQ750909HDFQQQ09", "\xc5\x81ukasz", "\xd0\x98\xd0\xb2", "\xc3\x9fz"},
        /* blank and absent names are not compared */
        {"QUQQ750909HDFQQQ09", "  ", "", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const uint32_t got = names(cases[i][0], cases[i][1], cases[i][2], cases[i][3]);
        if (got)
            fail_msg("case %zu: %u", i, got);
    }
}

static void disagreements(void **state)
{
    (void)state;
    static const struct {
        const char *first, *last, *second;
        uint32_t disagrees;
    } cases[] = {
        {"Gloria", "Hern\xc3\xa1ndez", "Garc\xc3\xad\x61", 0},
        {"Maria", "Hernandez", "Garcia", FIRST},
        {"Gabriela", "Hernandez", "Garcia", FIRST},       /* same initial, other consonant */
        {"Gloria", "Garcia", "Hernandez", LAST | SECOND}, /* swapped */
        {"Gloria", "Huerta", "Garcia", LAST},
        {"Gloria", "Hernandez", "Gomez", SECOND},
        {"Hernandez", "Gloria", "Garcia", FIRST | LAST},
        {"Maria", NULL, NULL, FIRST},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const uint32_t got =
            names("HEGG560427MVZRRL04", cases[i].first, cases[i].last, cases[i].second);
        if (got != cases[i].disagrees)
            fail_msg("case %zu: %u", i, got);
    }
    assert_int_equal(names("HEGG", "x", "y", "z"), 0);
    /* an X for the vowel only avoids a word; a last name that is a given name counts as it is */
    assert_int_equal(names("HXGG560427MVZRRL04", NULL, "Hernandez", NULL), LAST);
    assert_int_equal(names("JOGG560427MVZSRL04", NULL, "Jose Garcia", NULL), 0);
}

static void birth_and_gender(void **state)
{
    (void)state;
    static const struct {
        const char *curp, *birth, *gender;
        uint32_t disagrees;
    } cases[] = {
        {"HEGG560427MVZRRL04", "1956-04-27", "F", 0},
        {"HEGG560427MVZRRL04", "1956-04-28", "F", INE__PERSON_BIRTH},
        {"HEGG560427MVZRRL04", "2056-04-27", "F", INE__PERSON_BIRTH},
        {"HEGG560427MVZRRL04", "1956-04-27", "M", INE__PERSON_GENDER},
        {"BOXW310820HNERXN09", NULL, "M", 0},
        {"BOXW310820HNERXN09", NULL, "F", INE__PERSON_GENDER},
        {"TOGG641009XJCRML94", NULL, "F", 0},
        {"TOGG641009XJCRML94", NULL, "M", 0},
        {"GARJ000000HMCRLP00", "1956-04-27", NULL, 0}, /* no date to compare with */
        {"HEGG560427MVZRRL04", "yesterday", NULL, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const ine__person person = {.date_of_birth = ine__str_of(cases[i].birth),
                                    .gender = ine__str_of(cases[i].gender)};
        assert_int_equal(ine__person_disagrees(ine__str_of(cases[i].curp), &person),
                         cases[i].disagrees);
    }
}

/* Any bytes as a name: no read past the end (ASan). */
static void any_bytes(void **state)
{
    (void)state;
    uint32_t seed = 3;
    for (int round = 0; round < 20000; round++) {
        const size_t len = (size_t)round % 90;
        char *text = malloc(len ? len : 1);
        assert_non_null(text);
        for (size_t i = 0; i < len; i++) {
            seed = seed * 1664525u + 1013904223u;
            text[i] = (char)(seed >> 24);
        }
        const ine__person person = {
            .first_name = {text, len}, .last_name = {text, len}, .second_last_name = {text, len}};
        ine__person_disagrees(INE__STR("HEGG560427MVZRRL04"), &person);
        free(text);
    }
}

/* Through a verification: a warning, and an error when asked. */
static void in_a_report(void **state)
{
    (void)state;
    static const struct {
        int32_t input;
        const char *text;
    } wrong[] = {
        {INE_IN_FIRST_NAME, "Maria"},
        {INE_IN_LAST_NAME, "Gomez"},
        {INE_IN_SECOND_LAST_NAME, "Huerta"},
        {INE_IN_DATE_OF_BIRTH, "1956-04-28"},
        {INE_IN_GENDER, "M"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        for (int64_t strict = 0; strict <= INE_STRICT_CONSISTENCY;
             strict += INE_STRICT_CONSISTENCY) {
            ine_verification *verification;
            ine_options *options;
            ine_report *report;
            assert_int_equal(ine_options_new(&options, NULL), INE_OK);
            assert_int_equal(ine_options_set_number(options, INE_OPT_STRICT, strict, NULL), INE_OK);
            assert_int_equal(ine_verification_new(&verification, INE_PRODUCT_MX_INE, NULL), INE_OK);
            assert_int_equal(ine_verification_set_text(verification, INE_IN_CURP,
                                                       "HEGG560427MVZRRL04", 18, NULL),
                             INE_OK);
            assert_int_equal(ine_verification_set_text(verification, wrong[i].input, wrong[i].text,
                                                       strlen(wrong[i].text), NULL),
                             INE_OK);
            assert_int_equal(ine_verification_check(verification, options, &report, NULL), INE_OK);
            size_t found = 0;
            for (size_t k = 0; k < ine_report_count(report); k++) {
                int32_t input, problem, is_error;
                ine_report_item(report, k, &input, NULL, &problem, &is_error, NULL);
                if (problem != INE_PROBLEM_INCONSISTENT)
                    continue;
                assert_int_equal(input, INE_IN_CURP);
                assert_int_equal(is_error, strict != 0);
                found++;
            }
            assert_int_equal(found, 1);
            ine_report_free(report);
            ine_verification_free(verification);
            ine_options_free(options);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(official_examples),
                                       cmocka_unit_test(disagreements),
                                       cmocka_unit_test(birth_and_gender),
                                       cmocka_unit_test(any_bytes), cmocka_unit_test(in_a_report)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
