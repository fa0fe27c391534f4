/* Every row of the table "State of a check" of docs/verdict.md. */
#include "test_cascade_support.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct {
    const char *row, *checks, *states;
} states[] = {
    {"ABSENT: no entry", "P---------", "PAAAAAAAAA"},
    {"ABSENT: null", "P000000000", "PAAAAAAAAA"},
    {"UNRECOGNISED: not an object", "oPPP", "UPPPAAAAAA"},
    {"UNRECOGNISED: unknown result", "P?PP--?", "PUPPAAUAAA"},
    {"UNRECOGNISED: no result", "mPPP", "UPPPAAAAAA"},
    {"UNRECOGNISED: null result", "PPPPq", "PPPPUAAAAA"},
    {"UNRECOGNISED: a number", "PPPP7", "PPPPUAAAAA"},
    {"UNRECOGNISED: also after a failure", "PFSS?", "PFSSUAAAAA"},
    {"PASSED", "PPPPPPPPPP", "PPPPPPPPPP"},
    {"PASSED: any case", "pppp", "PPPPAAAAAA"},
    {"PASSED: with escapes", "eePP", "PPPPAAAAAA"},
    {"PASSED: even after a failure", "PFPP", "PFPPAAAAAA"},
    {"INCONCLUSIVE: registry unavailable", "PPRP", "PPIPAAAAAA"},
    {"INCONCLUSIVE: technical issues, any case", "PPPPT", "PPPPIAAAAA"},
    {"INCONCLUSIVE: a reason that we do not know", "PPXP", "PPIPAAAAAA"},
    {"FAILED: a known reason", "PPFP", "PPFPAAAAAA"},
    {"FAILED: null reason", "PPfP", "PPFPAAAAAA"},
    {"FAILED: a reason that is no text", "PP5P", "PPFPAAAAAA"},
    {"FAILED: several", "PPPPFPF", "PPPPFPFAAA"},
    {"SKIPPED: by a failure", "FSSSSSSSSS", "FSSSSSSSSS"},
    {"SKIPPED: by an inconclusive failure", "PRSSN", "PISSSAAAAA"},
    {"SKIPPED: not by a data check", "PPPPFS", "PPPPFIAAAA"},
    {"SKIPPED: not by a later check", "PPSF", "PPIFAAAAAA"},
    {"SKIPPED: its own reason is not used", "FNtz", "FSSSAAAAAA"},
    {"NO_INPUT", "PPPPNnN", "PPPPNNNAAA"},
    {"NO_INPUT: a core check too", "NPPP", "NPPPAAAAAA"},
    {"INCONCLUSIVE: not applicable without a cause", "PPSP", "PPIPAAAAAA"},
    {"INCONCLUSIVE: not applicable, no reason", "PPPPz", "PPPPIAAAAA"},
};

static void state_of_a_check(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(states); i++) {
        const test_case c = {
            .status = "\"declined\"", .ine = "\"failure\"", .checks = states[i].checks};
        ine_verdict *verdict = verdict_of_case(&c, 0, 0);
        char found[11];
        states_of(verdict, found);
        if (strcmp(found, states[i].states) != 0)
            fail_msg("%s: %s, not %s", states[i].row, found, states[i].states);
        ine_verdict_free(verdict);
    }
}

static void blocked_by_names_the_first(void **state)
{
    (void)state;
    const test_case c = {.status = "\"declined\"", .ine = "\"failure\"", .checks = "PRFSN"};
    ine_verdict *verdict = verdict_of_case(&c, 0, 0);
    assert_int_equal(number_of(verdict, INE_V_CHECK_BLOCKED_BY + 1), 0);
    assert_int_equal(number_of(verdict, INE_V_CHECK_BLOCKED_BY + 3), 0);
    assert_int_equal(number_of(verdict, INE_V_CHECK_BLOCKED_BY + 4), 2);
    assert_int_equal(number_of(verdict, INE_V_CHECK_BLOCKED_BY + 5), 2);
    assert_true(ine__str_is(text_of(verdict, INE_V_CHECK_BLOCKED_BY + 5), "person_registered"));
    assert_int_equal(ine_verdict_field(verdict, INE_V_CHECK_BLOCKED_BY + 3, NULL, NULL),
                     INE_FIELD_ABSENT);
    ine_verdict_free(verdict);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(state_of_a_check),
        cmocka_unit_test(blocked_by_names_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
