#include "file.h"
#include "problems.h"
#include "settings.h"
#include "verdict.h"

#include <string.h>

/* Far above any decision; the reader refuses before this does harm. */
#define BODY_MAX (16u * 1024 * 1024)

static int32_t explain(cli *run, const cli_file *file, int64_t require)
{
    ine_decision *decision = NULL;
    ine_verdict *verdict = NULL;
    ine_error *error = NULL;
    int32_t exit;
    if (ine_decision_read(&decision, file->data, file->len, INE_READ_BORROW, &error) == INE_OK &&
        ine_verdict_new(&verdict, decision, require, 0, &error) == INE_OK)
        exit = cli_verdict_print(run, verdict, decision);
    else
        exit = cli_fail_local(run, error);
    ine_verdict_free(verdict);
    ine_decision_free(decision);
    return exit;
}

int32_t cli_cmd_explain(cli *run)
{
    cli_problems problems = {.count = 0};
    cli_file file = {NULL, 0};
    int64_t require;
    cli_require(run, &require, &problems);
    const char *wrong = cli_file_read(&file, run->args.operand[0], BODY_MAX);
    if (wrong)
        cli_problem_add(&problems, "FILE", "UNREADABLE", wrong);
    else if (file.len > BODY_MAX)
        cli_problem_add(&problems, "FILE", "TOO_LARGE", "no decision is as large as this file");
    const int32_t exit =
        problems.errors ? cli_refuse(run, &problems) : explain(run, &file, require);
    cli_file_free(&file);
    return exit;
}
