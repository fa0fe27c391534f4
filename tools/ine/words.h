/* Every text of the drawn verdict, in Spanish and English, one table a kind. */
#ifndef INE_CLI_WORDS_H
#define INE_CLI_WORDS_H

#include "ine.h"

enum {
    WORD_SESSION = 0,
    WORD_REGISTRY,
    WORD_CODE,
    WORD_REASON_CODE,
    WORD_COMPARED,
    WORD_UNKNOWN_CHECKS,
    WORD_MORE,
    WORD_ROOT_CAUSE,
    WORD_SKIPPED_BY,
    WORD_NOT_RUN,
    WORD_NO_CHECKS,
    WORD_OUTCOME,
    WORD_CAUSE,
    WORD_NONE,
    WORD_NEXT,
    WORD_CORRECT,
    WORD_UNMET,
    WORD_UNCHECKED,
    WORD_NO_INE,
    WORD_AGENT,
    WORD_CITIZEN,
    WORD_ANOMALIES,
    WORD_THE_REGISTRY,
    WORD_OLDER_FORM,
    WORD_FACE,
    WORD_CARD,
    WORD_YES,
    WORD_NO,
    WORD_NOT_SAID,
    WORD_KIND,
    WORD_INTERRUPTED,
    WORD_GO_ON,
    WORD_VENDOR_DATA,
    WORD_ASKED,
    WORD_NEXT_ASK,
    WORD_SANDBOX,
    WORD_FIND,
    WORD_RESUME,
    WORDS
};

/* All fall back to English for a language that they do not know, and to "" for a value. */
const char *cli_word(int32_t language, int32_t word);
const char *cli_word_check(int32_t language, int32_t check);
const char *cli_word_state(int32_t language, int32_t state);
const char *cli_word_outcome(int32_t language, int32_t outcome);
const char *cli_word_advice(int32_t language, int32_t advice);
const char *cli_word_anomaly(int32_t language, int32_t anomaly);
/* What a session may be in when a step was not finished. */
const char *cli_word_step(int32_t language, int32_t step);
const char *cli_word_doing(int32_t language, int32_t step);

#endif
