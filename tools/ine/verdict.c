#include "verdict.h"

#include "problems.h"
#include "words.h"

#include <string.h>

#define FIELDS 18 /* where the values below the tree begin */

static int64_t number(const ine_verdict *verdict, int32_t field)
{
    int64_t value = -1;
    ine_verdict_field(verdict, field, NULL, &value);
    return value;
}

static ine_str text(const ine_verdict *verdict, int32_t field)
{
    ine_str value = {NULL, 0};
    ine_verdict_field(verdict, field, &value, NULL);
    return value;
}

static int32_t exit_code(const ine_verdict *verdict)
{
    if (number(verdict, INE_V_VERIFIED) == 1)
        return CLI_OK;
    switch (number(verdict, INE_V_OUTCOME)) {
    case INE_OUTCOME_RETRY_LATER:
    case INE_OUTCOME_PENDING:
        return CLI_LATER;
    case INE_OUTCOME_UNKNOWN:
        return CLI_UNKNOWN;
    default:
        return CLI_NO;
    }
}

static void read_verdict(cli_verdict *out, const ine_verdict *verdict, const ine_decision *decision)
{
    *out = (cli_verdict){.verdict = verdict, .decision = decision};
    for (int32_t i = 1; i <= CLI_CHECKS; i++) {
        int64_t blocked_by = 0;
        out->check[i].state = (int32_t)number(verdict, INE_V_CHECK_STATE + i);
        out->check[i].reason = text(verdict, INE_V_CHECK_REASON + i);
        if (ine_verdict_field(verdict, INE_V_CHECK_BLOCKED_BY + i, NULL, &blocked_by) ==
                INE_FIELD_PRESENT &&
            blocked_by > 0)
            out->check[i].blocked_by = (int32_t)blocked_by;
    }
    out->outcome = number(verdict, INE_V_OUTCOME);
    out->root = number(verdict, INE_V_ROOT_CAUSE);
    out->advice = number(verdict, INE_V_ADVICE);
}

/* --- Above the tree -------------------------------------------------------------------------- */

static void put_code(cli *run, int32_t word, const ine_verdict *verdict, int32_t field)
{
    int64_t code;
    if (ine_verdict_field(verdict, field, NULL, &code) != INE_FIELD_PRESENT)
        return;
    cli_put(&run->out, ", ");
    cli_put(&run->out, cli_word(run->language, word));
    cli_put(&run->out, " ");
    cli_put_number(&run->out, code);
}

static void print_session(cli *run, const cli_verdict *verdict)
{
    cli_out *out = &run->out;
    const ine_str id = text(verdict->verdict, INE_V_SESSION_ID);
    const ine_str status = text(verdict->verdict, INE_V_SESSION_STATUS);
    if (!id.ptr && !status.ptr)
        return;
    cli_put(out, cli_word(run->language, WORD_SESSION));
    cli_put(out, " ");
    cli_put_foreign(out, id);
    if (status.ptr) {
        cli_put(out, id.ptr ? ": " : "");
        cli_put_foreign(out, status);
    }
    put_code(run, WORD_CODE, verdict->verdict, INE_V_SESSION_CODE);
    put_code(run, WORD_REASON_CODE, verdict->verdict, INE_V_REASON_CODE);
    cli_put(out, "\n");
}

static void print_registry(cli *run, const cli_verdict *verdict)
{
    cli_out *out = &run->out;
    const ine_str parts[] = {text(verdict->verdict, INE_V_REGISTRY_STATUS),
                             text(verdict->verdict, INE_V_REGISTRY_ERROR),
                             text(verdict->verdict, INE_V_REGISTRY_TIMESTAMP)};
    bool first = true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!parts[i].ptr)
            continue;
        if (first)
            cli_put(out, cli_word(run->language, WORD_REGISTRY));
        cli_put(out, first ? " INE: " : ", ");
        cli_put_foreign(out, parts[i]);
        first = false;
    }
    if (!first)
        cli_put(out, "\n");
}

static bool any_check(const cli_verdict *verdict)
{
    for (int32_t i = 1; i <= CLI_CHECKS; i++) {
        if (verdict->check[i].state != INE_STATE_ABSENT)
            return true;
    }
    return ine_decision_count(verdict->decision, INE_LIST_UNKNOWN_CHECKS) > 0;
}

static void print_answer(cli *run, int32_t word, int32_t state, int64_t value)
{
    const int32_t answer = state != INE_FIELD_PRESENT ? WORD_NOT_SAID : value ? WORD_YES : WORD_NO;
    cli_put(&run->out, "  ");
    cli_put(&run->out, cli_word(run->language, WORD_OLDER_FORM));
    cli_put(&run->out, ": ");
    cli_put(&run->out, cli_word(run->language, word));
    cli_put(&run->out, ": ");
    cli_put(&run->out, cli_word(run->language, answer));
}

/* The object of the current form's predecessors, shown as it is. */
static void print_older(cli *run, const ine_decision *decision)
{
    int64_t value = 0, percent = 0;
    ine_str said;
    if (ine_decision_field(decision, INE_D_FACE_RESULT, NULL, NULL) == INE_FIELD_PRESENT) {
        const int32_t state = ine_decision_field(decision, INE_D_FACE_MATCH, NULL, &value);
        print_answer(run, WORD_FACE, state, value);
        if (ine_decision_field(decision, INE_D_FACE_MATCH_PERCENTAGE, NULL, &percent) ==
            INE_FIELD_PRESENT) {
            cli_put(&run->out, ", ");
            cli_put_number(&run->out, percent);
            cli_put(&run->out, " %");
        }
        cli_put(&run->out, "\n");
    }
    const int32_t active = ine_decision_field(decision, INE_D_ACTIVE, NULL, &value);
    if (active == INE_FIELD_ABSENT)
        return;
    print_answer(run, WORD_CARD, active, value);
    if (ine_decision_field(decision, INE_D_DOCUMENT_STATE_TEXT, &said, NULL) == INE_FIELD_PRESENT) {
        cli_put(&run->out, " (");
        cli_put_foreign(&run->out, said);
        cli_put(&run->out, ")");
    }
    cli_put(&run->out, "\n");
}

/* --- Below the tree -------------------------------------------------------------------------- */

static void begin(cli *run, int32_t word)
{
    cli_put(&run->out, cli_word(run->language, word));
    cli_pad(&run->out, FIELDS);
}

static void end(cli *run)
{
    cli_put(&run->out, "\n");
}

static int32_t outcome_colour(const cli_verdict *verdict, bool verified)
{
    if (verified)
        return CLI_GREEN;
    switch (verdict->outcome) {
    case INE_OUTCOME_CONSENT_MISSING:
    case INE_OUTCOME_INPUT_ERROR:
    case INE_OUTCOME_NOT_VERIFIED:
    case INE_OUTCOME_CARD_NOT_ACTIVE:
        return CLI_RED;
    default:
        return CLI_YELLOW;
    }
}

static void print_outcome(cli *run, const cli_verdict *verdict)
{
    cli_out *out = &run->out;
    const bool verified = number(verdict->verdict, INE_V_VERIFIED) == 1;
    const int32_t colour = outcome_colour(verdict, verified);
    begin(run, WORD_OUTCOME);
    cli_colour(out, colour);
    cli_put(out, verified ? "✓ " : colour == CLI_RED ? "✗ " : "? ");
    cli_put(out, cli_word_outcome(run->language, (int32_t)verdict->outcome));
    cli_colour(out, CLI_PLAIN);
    end(run);
    begin(run, WORD_CAUSE);
    if (verdict->root > 0) {
        cli_put_number(out, verdict->root);
        cli_put(out, " ");
        cli_put(out, cli_word_check(run->language, (int32_t)verdict->root));
    } else {
        cli_put(out, cli_word(run->language, verdict->root == 0 ? WORD_THE_REGISTRY : WORD_NONE));
    }
    end(run);
    begin(run, WORD_NEXT);
    cli_put(out, cli_word_advice(run->language, (int32_t)verdict->advice));
    cli_put(out, " (");
    cli_put_foreign(out, ine_name(INE_NAMES_ADVICE, (int32_t)verdict->advice));
    cli_put(out, ")");
    end(run);
}

/* The names of a set of bits. */
static void print_set(cli *run, int32_t word, int32_t names, int64_t bits)
{
    bool first = true;
    if (bits <= 0)
        return;
    begin(run, word);
    for (int32_t i = 0; i < 62; i++) {
        if (!(bits >> i & 1))
            continue;
        const ine_str name = ine_name(names, i);
        if (!first)
            cli_put(&run->out, ",");
        if (!first && run->out.column + (int32_t)name.len >= run->out.width) {
            end(run);
            cli_pad(&run->out, FIELDS);
        } else if (!first) {
            cli_put(&run->out, " ");
        }
        cli_put_foreign(&run->out, name);
        first = false;
    }
    end(run);
}

static void print_anomalies(cli *run, int64_t bits)
{
    if (bits <= 0)
        return;
    begin(run, WORD_ANOMALIES);
    for (int32_t i = 0; i < 62; i++) {
        const char *meaning = cli_word_anomaly(run->language, i);
        if (!(bits >> i & 1))
            continue;
        if (run->out.column != FIELDS)
            cli_pad(&run->out, FIELDS);
        cli_put_foreign(&run->out, ine_name(INE_NAMES_ANOMALY, i));
        end(run);
        cli_pad(&run->out, FIELDS + 2);
        cli_wrap(&run->out, FIELDS + 2, (ine_str){meaning, strlen(meaning)});
        end(run);
    }
}

static void print_text(cli *run, int32_t word, const ine_verdict *verdict, int32_t audience)
{
    const ine_str said = ine_verdict_text(verdict, audience, run->language);
    if (!said.len)
        return;
    begin(run, word);
    cli_wrap(&run->out, FIELDS, said);
    end(run);
}

static void print_no_checks(cli *run)
{
    cli_put(&run->out, "  └─ ? ");
    cli_put(&run->out, cli_word(run->language, WORD_NO_CHECKS));
    end(run);
}

static void print_drawn(cli *run, const cli_verdict *verdict)
{
    const ine_verdict *from = verdict->verdict;
    print_session(run, verdict);
    print_registry(run, verdict);
    if (any_check(verdict))
        cli_tree(&run->out, run->language, verdict);
    else if (ine_decision_kind(verdict->decision) == INE_KIND_DECISION ||
             ine_decision_kind(verdict->decision) == INE_KIND_EVENT)
        print_no_checks(run);
    print_older(run, verdict->decision);
    cli_put(&run->out, "\n");
    print_outcome(run, verdict);
    print_set(run, WORD_CORRECT, INE_NAMES_INPUT, number(from, INE_V_INPUTS));
    if (number(from, INE_V_OUTCOME) == INE_OUTCOME_VERIFIED || run->args.value[OPT_REQUIRE])
        print_set(run, WORD_UNMET, INE_NAMES_CHECK, number(from, INE_V_UNMET));
    print_set(run, WORD_UNCHECKED, INE_NAMES_INPUT, number(from, INE_V_UNCHECKED));
    if (number(from, INE_V_NO_INE_RESULT) == 1) {
        const char *note = cli_word(run->language, WORD_NO_INE);
        cli_pad(&run->out, FIELDS);
        cli_wrap(&run->out, FIELDS, (ine_str){note, strlen(note)});
        end(run);
    }
    print_text(run, WORD_AGENT, from, INE_TEXT_AGENT);
    print_text(run, WORD_CITIZEN, from, INE_TEXT_CITIZEN);
    print_anomalies(run, number(from, INE_V_ANOMALIES));
}

int32_t cli_verdict_print(cli *run, const ine_verdict *verdict, const ine_decision *decision)
{
    cli_verdict read;
    if (run->json) {
        const ine_str json = ine_verdict_json(verdict);
        if (!json.ptr)
            return cli_misused(run, NULL, "there is not enough memory", NULL), CLI_TROUBLE;
        fwrite(json.ptr, 1, json.len, run->out.file);
        putc('\n', run->out.file);
        return exit_code(verdict);
    }
    read_verdict(&read, verdict, decision);
    print_drawn(run, &read);
    return exit_code(verdict);
}
