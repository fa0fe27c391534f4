/* Texts: one for every meaning that can be, for each audience and language, and fit to be read. */
#include "test_cascade_support.h"

#include "cascade/facts.h"

static const int32_t audiences[] = {INE_TEXT_CITIZEN, INE_TEXT_AGENT, INE_TEXT_LOG};
static const int32_t languages[] = {INE_LANG_ES_MX, INE_LANG_EN};

/* Jargon, and words that accuse: not in a text for a citizen. */
static const char *const unfit[] = {
    "session", "sesión", "webhook", "API",    "Veriff",   "CIC",   "registry", "_",
    "código",  "code",   "stolen",  "robo",   "robada",   "fraud", "falsa",    "false",
    "person.", "MX_INE", "biom",    "rechaz", "declined", "unmet",
};

/* Spanish words that are easily written without their accents. */
static const char *const unaccented[] = {
    "sesion",      "codigo",  "verificacion", "comprobacion ", "tramite", " mas ",
    "despues",     "numero",  "camara",       "emision",       "razon",   "todavia",
    "integracion", "digitos", "decision ",    "version",       "aun no",
};

static void fit(int32_t audience, int32_t language, ine_str text, const ine__meaning *m)
{
    assert_non_null(text.ptr);
    assert_true(text.len > 10 && text.len < 300);
    assert_true(ine__is_utf8(text));
    assert_null(memchr(text.ptr, '\n', text.len));
    const ine_str outcome = ine_name(INE_NAMES_OUTCOME, m->outcome);
    for (size_t i = 0; audience == INE_TEXT_CITIZEN && i < sizeof unfit / sizeof unfit[0]; i++) {
        if (ine__str_contains(text, unfit[i]))
            fail_msg("%.*s: %s in %.*s", (int)outcome.len, outcome.ptr, unfit[i], (int)text.len,
                     text.ptr);
    }
    for (size_t i = 0; i < sizeof unaccented / sizeof unaccented[0]; i++) {
        if (language == INE_LANG_ES_MX && ine__str_contains(text, unaccented[i]))
            fail_msg("%s in %.*s", unaccented[i], (int)text.len, text.ptr);
    }
    /* no digit that could be somebody's, but for codes of the vendor */
    for (size_t i = 0; i + 4 <= text.len; i++)
        assert_false(ine__all_digits((ine_str){text.ptr + i, 4}));
}

static void every_meaning_has_texts(void **state)
{
    (void)state;
    for (int32_t outcome = 0; outcome <= INE_OUTCOME_CARD_NOT_ACTIVE; outcome++) {
        for (int32_t root = -1; root <= INE__CHECKS; root++) {
            for (int32_t advice = 0; advice <= INE_ADVICE_REFUSE_CARD; advice++) {
                for (int32_t k = 0; k < 6; k++) {
                    const ine__meaning m = {.outcome = outcome, .root = root, .advice = advice};
                    fit(audiences[k / 2], languages[k % 2],
                        ine__text(&m, audiences[k / 2], languages[k % 2]), &m);
                }
            }
        }
    }
}

static ine_str text_for(int32_t outcome, int32_t root, int32_t advice, bool verified,
                        int32_t audience)
{
    const ine__meaning m = {
        .outcome = outcome, .root = root, .advice = advice, .verified = verified};
    return ine__text(&m, audience, INE_LANG_EN);
}

/* Row 7: the text is about the check that failed. */
static void failed_checks_have_texts_of_their_own(void **state)
{
    static const int32_t advice[INE__CHECKS + 1] = {
        [2] = INE_ADVICE_CORRECT_INPUT, [3] = INE_ADVICE_NEW_SELFIE, [4] = INE_ADVICE_REFUSE_CARD};
    (void)state;
    for (int32_t check = 2; check <= INE__CHECKS; check++) {
        const int32_t what = check > 4 ? INE_ADVICE_CORRECT_INPUT : advice[check];
        const ine_str name = ine_name(INE_NAMES_CHECK, check);
        char key[64];
        snprintf(key, sizeof key, "%.*s", (int)name.len, name.ptr);
        assert_true(ine__str_starts(
            text_for(INE_OUTCOME_NOT_VERIFIED, check, what, false, INE_TEXT_AGENT), key));
        assert_true(ine__str_contains(
            text_for(INE_OUTCOME_NOT_VERIFIED, check, what, false, INE_TEXT_LOG), key));
        for (int32_t other = 2; other < check; other++)
            assert_false(ine__str_eq(
                text_for(INE_OUTCOME_NOT_VERIFIED, check, what, false, INE_TEXT_CITIZEN),
                text_for(INE_OUTCOME_NOT_VERIFIED, other,
                         other > 4 ? INE_ADVICE_CORRECT_INPUT : advice[other], false,
                         INE_TEXT_CITIZEN)));
    }
}

/* A text never promises more than the verdict: VERIFIED with something unmet reads otherwise. */
static void unmet_reads_otherwise(void **state)
{
    (void)state;
    assert_false(ine__str_eq(text_for(INE_OUTCOME_VERIFIED, -1, 0, true, INE_TEXT_CITIZEN),
                             text_for(INE_OUTCOME_VERIFIED, -1, 0, false, INE_TEXT_CITIZEN)));
    assert_true(
        ine__str_contains(text_for(INE_OUTCOME_VERIFIED, -1, 0, false, INE_TEXT_AGENT), "unmet"));
    assert_true(ine__str_contains(
        text_for(INE_OUTCOME_RETRY_LATER, 0, INE_ADVICE_RETRY_NEW_SESSION, false, INE_TEXT_LOG),
        "root_cause=registry"));
}

/* The log names the outcome and the advice of the meaning that it is asked for. */
static void log_lines_agree(void **state)
{
    static const char *const lines[] = {"PPPP", "ISSS",  "PISS",       "PFSS",
                                        "PPFS", "PPPF",  "PPPPPF",     "PPPP-----F",
                                        "PPRS", "PPPP?", "----------F"};
    static const char *const statuses[] = {"\"approved\"", "\"declined\"", "\"review\"",
                                           "\"new\"",      "\"expired\"",  "\"created\""};
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        for (size_t k = 0; k < sizeof statuses / sizeof statuses[0]; k++) {
            const test_case c = {.status = statuses[k], .ine = "\"success\"", .checks = lines[i]};
            ine_verdict *verdict = verdict_of_case(&c, 0, 0);
            const ine_str log = ine_verdict_text(verdict, INE_TEXT_LOG, INE_LANG_EN);
            const ine_str outcome = text_of(verdict, INE_V_OUTCOME);
            const ine_str advice = text_of(verdict, INE_V_ADVICE);
            const ine_str root = text_of(verdict, INE_V_ROOT_CAUSE);
            char wanted[128];
            snprintf(wanted, sizeof wanted, "outcome=%.*s ", (int)outcome.len, outcome.ptr);
            assert_true(ine__str_starts(log, wanted));
            snprintf(wanted, sizeof wanted, " advice=%.*s ", (int)advice.len, advice.ptr);
            assert_true(ine__str_contains(log, wanted));
            snprintf(wanted, sizeof wanted, " root_cause=%.*s ", (int)root.len, root.ptr);
            assert_true(!ine__str_contains(log, "root_cause=") || ine__str_contains(log, wanted));
            ine_verdict_free(verdict);
        }
    }
}

static void unknown_audience_or_language(void **state)
{
    const ine__meaning m = {0};
    (void)state;
    assert_null(ine__text(&m, 0, INE_LANG_EN).ptr);
    assert_null(ine__text(&m, 4, INE_LANG_EN).ptr);
    assert_null(ine__text(&m, INE_TEXT_LOG, 0).ptr);
    assert_null(ine__text(&m, INE_TEXT_LOG, 3).ptr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_meaning_has_texts),
        cmocka_unit_test(failed_checks_have_texts_of_their_own),
        cmocka_unit_test(unmet_reads_otherwise),
        cmocka_unit_test(log_lines_agree),
        cmocka_unit_test(unknown_audience_or_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
