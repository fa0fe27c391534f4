/* Any body: reading, every field, the verdict, its JSON, redaction, order. */
#include "fuzz.h"

#include "json/reader.h"

static void fields(const ine_decision *decision)
{
    for (int32_t field = -1; field < 160; field++) {
        ine_str text;
        int64_t number;
        const int32_t state = ine_decision_field(decision, field, &text, &number);
        MUST(state >= INE_FIELD_ABSENT && state <= INE_FIELD_UNKNOWN);
        MUST(!text.ptr || (ine__is_utf8(text) && !ine__has_nul(text)));
    }
    for (int32_t list = 1; list <= 5; list++) {
        const size_t count = ine_decision_count(decision, list);
        for (size_t i = 0; i <= count && i < 100; i++) {
            for (int32_t column = 1; column <= 11; column++) {
                ine_str text;
                int64_t number;
                ine_decision_item(decision, list, i, column, &text, &number);
            }
        }
    }
}

static void meaning(const ine_decision *decision)
{
    ine_verdict *verdict;
    ine__json_fault fault;
    int64_t verified, outcome;
    MUST(ine_verdict_new(&verdict, decision, 0, 0, NULL) == INE_OK);
    ine_verdict_field(verdict, INE_V_VERIFIED, NULL, &verified);
    ine_verdict_field(verdict, INE_V_OUTCOME, NULL, &outcome);
    MUST(!verified || outcome == INE_OUTCOME_VERIFIED);
    const ine_str json = ine_verdict_json(verdict);
    MUST(ine__json_read(NULL, json, NULL, 0, &fault) == INE_OK);
    ine_verdict_free(verdict);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ine_decision *copy = NULL, *borrowed = NULL;
    ine_error *err = NULL;
    ine_text *text = NULL;
    const int32_t code = ine_decision_read(&copy, data, size, INE_READ_COPY, &err);
    MUST((code == INE_OK) == (copy != NULL) && (code == INE_OK) == (err == NULL));
    ine_error_free(err);
    MUST(ine_decision_read(&borrowed, data, size, INE_READ_BORROW, NULL) == code);
    if (code == INE_OK) {
        char id[192];
        size_t len;
        MUST(ine_decision_kind(copy) == ine_decision_kind(borrowed));
        fields(copy);
        fields(borrowed);
        meaning(copy);
        ine_decision_id(copy, id, sizeof id, &len, NULL);
        MUST(!ine_decision_supersedes(copy, borrowed));
    }
    if (ine_redact(&text, data, size, NULL) == INE_OK) {
        ine__json_fault fault;
        MUST(ine__json_read(NULL, ine_text_view(text), NULL, 0, &fault) == INE_OK);
    }
    ine_text_free(text);
    MUST(ine_evidence_check(data, size, data, size, NULL) != INE_OK);
    ine_decision_free(copy);
    ine_decision_free(borrowed);
    return 0;
}
