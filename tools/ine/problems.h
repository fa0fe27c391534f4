/* Everything that is wrong with what was given, collected before anything is sent; and errors. */
#ifndef INE_CLI_PROBLEMS_H
#define INE_CLI_PROBLEMS_H

#include "cli.h"

#define CLI_PROBLEMS 48

typedef struct cli_problem {
    ine_str field, code, hint; /* literals, or views into a report that lives longer */
    bool is_error;
} cli_problem;

typedef struct cli_problems {
    cli_problem items[CLI_PROBLEMS];
    size_t count, errors;
} cli_problems;

/* Adds one; `field`, `code` and `hint` are literals. */
void cli_problem_add(cli_problems *problems, const char *field, const char *code, const char *hint);
/* Adds what a report holds; the report must live as long as the problems. Problems of a field that
 * has an error already are left out. */
void cli_problems_report(cli_problems *problems, const ine_report *report);
/* Adds an error of a setting and frees it; `field` when the error names none. */
void cli_problem_error(cli_problems *problems, const char *field, ine_error *error);

/* {"ok":bool,"problems":[...]} and a line end, or the list in words. */
void cli_problems_print(cli *run, cli_out *out, const cli_problems *problems);
/* Ends a command that was refused: {"error":{...}} on standard output with --json, else words on
 * standard error. Returns CLI_REFUSED. */
int32_t cli_refuse(cli *run, const cli_problems *problems);
/* Warnings, in words, on standard error. */
void cli_warn(cli *run, const cli_problems *problems);

/* Misuse of the command line: one problem. Returns CLI_REFUSED. */
int32_t cli_misused(cli *run, const char *field, const char *text, const char *hint);
/* Ends a command with an error of the library; frees it and returns the exit code. */
int32_t cli_fail(cli *run, ine_error *error);
/* The same for an error about a local file: always CLI_REFUSED. */
int32_t cli_fail_local(cli *run, ine_error *error);
/* The exit code of an error. */
int32_t cli_error_exit(const ine_error *error);

/* "text" in JSON, quotes included. */
void cli_json_text(FILE *file, ine_str text);

#endif
