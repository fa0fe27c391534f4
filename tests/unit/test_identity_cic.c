#include "support.h"

#include "identity/formats.h"

static void problems(void **state)
{
    (void)state;
    static const struct {
        const char *cic;
        int32_t problem;
    } cases[] = {
        {"000000000", 0},
        {"123456789", 0},
        {"", INE_PROBLEM_LENGTH},
        {"12345678", INE_PROBLEM_LENGTH},
        {"1234567897", INE_PROBLEM_LOOKS_LIKE_MRZ},
        {"1234567890", INE_PROBLEM_LENGTH}, /* the tenth is not the check digit */
        {"12345678901", INE_PROBLEM_LENGTH},
        {"0747116375842", INE_PROBLEM_LOOKS_LIKE_OCR},
        {"IDMEX1234567897", INE_PROBLEM_LOOKS_LIKE_MRZ},
        {"idmex1234567897", INE_PROBLEM_LOOKS_LIKE_MRZ},
        {"IDMEX1234567897<<0001000000001", INE_PROBLEM_LOOKS_LIKE_MRZ},
        {"IDMEX1234", INE_PROBLEM_CHARACTERS},
        {"IDMEX12345678", INE_PROBLEM_CHARACTERS},
        {"IDMEX123456789", INE_PROBLEM_LOOKS_LIKE_MRZ},
        {"BOXW310820HNERXN09", INE_PROBLEM_LOOKS_LIKE_CURP},
        {"boxw310820hnerxn09", INE_PROBLEM_LOOKS_LIKE_CURP},
        {"BOXW310820QNERXN09", INE_PROBLEM_LOOKS_LIKE_CURP},
        {"GMVLMR80070501M100", INE_PROBLEM_LOOKS_LIKE_VOTER_KEY},
        {"BOXW310820HNERXN-9", INE_PROBLEM_CHARACTERS},
        {"1OXW310820HNERXN09", INE_PROBLEM_CHARACTERS},
        {"123 456 789", INE_PROBLEM_CHARACTERS},
        {"123-456-789", INE_PROBLEM_CHARACTERS},
        {" 123456789", INE_PROBLEM_CHARACTERS},
        {"12345678O", INE_PROBLEM_CHARACTERS},
        {"+12345678", INE_PROBLEM_CHARACTERS},
        {"\xef\xbc\x91\xef\xbc\x92\xef\xbc\x93", INE_PROBLEM_CHARACTERS}, /* full width */
        {"\xd9\xa1\xd9\xa2\xd9\xa3\xd9\xa4\xd9\xa5", INE_PROBLEM_CHARACTERS},
        {"12345678\xff", INE_PROBLEM_ENCODING},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const int32_t got = ine__cic_problem(ine__str_of(cases[i].cic));
        if (got != cases[i].problem)
            fail_msg("case %zu: %d, not %d", i, got, cases[i].problem);
    }
    assert_int_equal(ine__cic_problem(ine__str("12345678\0", 9)), INE_PROBLEM_ENCODING);
}

/* Doc 9303's own specimen and the synthetic lines of the fact sheet. */
static void icao(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        char digit;
    } cases[] = {{"D23145890", '7'}, {"123456789", '7'}, {"000000000", '0'}, {"183657717", '7'},
                 {"281231", '3'},    {"311231", '9'},    {"321231", '2'},    {"331231", '5'},
                 {"740812", '2'},    {"<<<", '0'},       {"", '0'},          {"a", 0},
                 {"1 2", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(ine__icao_digit(ine__str_of(cases[i].text)), cases[i].digit);
}

/* Any bytes of any length: no read past the end (ASan), and only documented problems. */
static void any_bytes(void **state)
{
    (void)state;
    uint32_t seed = 1;
    for (int round = 0; round < 20000; round++) {
        size_t len = (size_t)round % 40;
        char *text = malloc(len ? len : 1);
        assert_non_null(text);
        for (size_t i = 0; i < len; i++) {
            seed = seed * 1664525u + 1013904223u;
            text[i] = (char)(round % 3 ? '0' + (seed >> 24) % 43 : seed >> 24);
        }
        const int32_t problem = ine__cic_problem(ine__str(text, len));
        assert_true(problem >= 0 && problem <= INE_PROBLEM_UNUSED);
        ine__curp_read(ine__str(text, len), (ine__date){2026, 1, 1});
        ine__curp_digit(ine__str(text, len));
        ine__is_curp(ine__str(text, len));
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(problems), cmocka_unit_test(icao),
                                       cmocka_unit_test(any_bytes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
