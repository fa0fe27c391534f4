/* A verdict as people read it. */
#ifndef INE_CLI_VERDICT_H
#define INE_CLI_VERDICT_H

#include "cli.h"

#define CLI_CHECKS 10

typedef struct cli_check {
    int32_t state, blocked_by; /* blocked_by: a check, or 0 */
    ine_str reason;
} cli_check;

/* What the drawing needs, read in one go. Views live as long as the verdict. */
typedef struct cli_verdict {
    const ine_verdict *verdict;
    const ine_decision *decision;
    cli_check check[CLI_CHECKS + 1];
    int64_t outcome, root, advice;
} cli_verdict;

/* Prints the verdict, as one line of JSON or drawn, and returns the exit code. */
int32_t cli_verdict_print(cli *run, const ine_verdict *verdict, const ine_decision *decision);

/* tree.c: the checks as a tree. */
void cli_tree(cli_out *out, int32_t language, const cli_verdict *verdict);

#endif
