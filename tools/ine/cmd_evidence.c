/* evidence make, evidence check and redact: a decision for auditors and for tickets. */
#include "file.h"
#include "received.h"
#include "settings.h"
#include "when.h"

#include <string.h>

#define BODY_MAX (18u * 1024 * 1024)

static bool read_file(cli_file *file, const char *path, const char *field, cli_problems *problems)
{
    const char *wrong = cli_file_read(file, path, BODY_MAX);
    if (wrong)
        cli_problem_add(problems, field, "UNREADABLE", wrong);
    else if (file->len > BODY_MAX)
        cli_problem_add(problems, field, "TOO_LARGE", "no decision is as large as this file");
    return problems->errors == 0;
}

static void print_text(cli *run, const ine_text *text)
{
    const ine_str view = ine_text_view(text);
    fwrite(view.ptr, 1, view.len, run->out.file);
    putc('\n', run->out.file);
}

/* ---- redact */

int32_t cli_cmd_redact(cli *run)
{
    cli_problems problems = {.count = 0};
    cli_file file;
    ine_text *text = NULL;
    ine_error *error = NULL;
    int32_t exit = CLI_OK;
    if (!read_file(&file, run->args.operand[0], "FILE", &problems))
        exit = cli_refuse(run, &problems);
    else if (ine_redact(&text, file.data ? file.data : "", file.len, &error) != INE_OK)
        exit = cli_fail_local(run, error);
    else
        print_text(run, text);
    ine_text_free(text);
    cli_file_free(&file);
    return exit;
}

/* ---- evidence make */

static const struct {
    int32_t option, item;
    bool is_time;
} items[] = {
    {OPT_SOURCE, INE_EVIDENCE_SOURCE, false},
    {OPT_RECEIVED_AT, INE_EVIDENCE_RECEIVED_AT, true},
    {OPT_INTEGRATION, INE_EVIDENCE_INTEGRATION, false},
    {OPT_SELFIE_GIVEN, INE_EVIDENCE_SELFIE_GIVEN, false},
    {OPT_SELFIE_SENT, INE_EVIDENCE_SELFIE_SENT, false},
    {OPT_CONSENT_TIME, INE_EVIDENCE_CONSENT_TIME, true},
    {OPT_CONSENT_VERSION, INE_EVIDENCE_CONSENT_VERSION, false},
    {OPT_CONSENT_CHANNEL, INE_EVIDENCE_CONSENT_CHANNEL, false},
};

static void set_items(cli *run, ine_evidence *evidence, cli_problems *problems)
{
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        int64_t ms;
        ine_error *error = NULL;
        const int32_t option = items[i].option, item = items[i].item;
        const char *text = run->args.value[option];
        if (!text)
            continue;
        if (items[i].is_time && !cli_when(text, &ms))
            cli_problem_add(problems, cli_options[option].name, "DATE",
                            "a time in UTC as in 2026-04-01T10:01:05Z, or milliseconds since 1970");
        else if (items[i].is_time)
            ine_evidence_set_number(evidence, item, ms, NULL);
        else if (option == OPT_SOURCE && strcmp(text, "poll") != 0 &&
                 strcmp(text, "webhook") != 0 && strcmp(text, "file") != 0)
            cli_problem_add(problems, cli_options[option].name, "VALUE", "poll, webhook or file");
        else if (ine_evidence_set_text(evidence, item, text, strlen(text), &error) != INE_OK)
            cli_problem_error(problems, cli_options[option].name, error);
    }
}

/* The selfie itself in place of its hashes. */
static void set_selfie(cli *run, ine_evidence *evidence, cli_problems *problems)
{
    char given[64], sent[64];
    cli_file file;
    ine_error *error = NULL;
    const char *path = run->args.value[OPT_SELFIE_FILE];
    if (!path)
        return;
    if (read_file(&file, path, "selfie-file", problems)) {
        if (ine_media_digest(file.data, file.len, NULL, given, sent, &error) != INE_OK) {
            cli_problem_error(problems, "selfie-file", error);
        } else {
            ine_evidence_set_text(evidence, INE_EVIDENCE_SELFIE_GIVEN, given, 64, NULL);
            ine_evidence_set_text(evidence, INE_EVIDENCE_SELFIE_SENT, sent, 64, NULL);
        }
    }
    cli_file_free(&file);
}

static int32_t make(cli *run, const cli_file *file, cli_problems *problems)
{
    ine_decision *decision = NULL;
    ine_verdict *verdict = NULL;
    ine_evidence *evidence = NULL;
    ine_text *text = NULL;
    ine_error *error = NULL;
    int64_t require;
    int32_t exit = CLI_OK;
    cli_require(run, &require, problems);
    if (ine_decision_read(&decision, file->data ? file->data : "", file->len, INE_READ_BORROW,
                          &error) == INE_OK &&
        ine_verdict_new(&verdict, decision, require, 0, &error) == INE_OK &&
        ine_evidence_new(&evidence, decision, verdict, &error) == INE_OK)
        set_items(run, evidence, problems);
    if (evidence && !problems->errors)
        set_selfie(run, evidence, problems);
    if (!error && !problems->errors)
        ine_evidence_json(&text, evidence, &error);
    if (problems->errors)
        exit = cli_refuse(run, problems);
    else if (error)
        exit = cli_fail_local(run, error);
    else
        print_text(run, text);
    ine_text_free(text);
    ine_evidence_free(evidence);
    ine_verdict_free(verdict);
    ine_decision_free(decision);
    return exit;
}

int32_t cli_cmd_evidence_make(cli *run)
{
    cli_problems problems = {.count = 0};
    cli_file file;
    const int32_t exit = read_file(&file, run->args.operand[0], "FILE", &problems)
                             ? make(run, &file, &problems)
                             : cli_refuse(run, &problems);
    cli_file_free(&file);
    return exit;
}

/* ---- evidence check */

static int32_t print_check(cli *run, ine_error *error)
{
    const int32_t code = ine_error_code(error);
    if (code == INE_OK && run->json)
        fputs("{\"ok\":true}\n", run->out.file);
    else if (code == INE_OK) {
        cli_colour(&run->out, CLI_GREEN);
        cli_put(&run->out, "✓ ");
        cli_put(&run->out, cli_say(run,
                                   "el registro corresponde a este cuerpo, y su resultado "
                                   "se sigue de él\n",
                                   "the record belongs to this body, and its verdict follows "
                                   "from it\n"));
        cli_colour(&run->out, CLI_PLAIN);
    }
    if (code == INE_OK)
        return CLI_OK;
    return code == INE_E_MISMATCH ? cli_fail(run, error) : cli_fail_local(run, error);
}

int32_t cli_cmd_evidence_check(cli *run)
{
    cli_problems problems = {.count = 0};
    cli_file record, body = {NULL, 0};
    ine_error *error = NULL;
    int32_t exit;
    const char *const *path = run->args.operand;
    if (strcmp(path[0], "-") == 0 && strcmp(path[1], "-") == 0) {
        cli_problem_add(&problems, "RECORD", "VALUE", "only one of them can be standard input");
        return cli_refuse(run, &problems);
    }
    if (read_file(&record, path[0], "RECORD", &problems) &&
        read_file(&body, path[1], "BODY", &problems)) {
        ine_evidence_check(record.data ? record.data : "", record.len, body.data ? body.data : "",
                           body.len, &error);
        exit = print_check(run, error);
    } else {
        exit = cli_refuse(run, &problems);
    }
    cli_file_free(&record);
    cli_file_free(&body);
    return exit;
}
