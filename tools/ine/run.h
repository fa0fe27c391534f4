/* Runs one submission of a client to its end: events, progress, signals. */
#ifndef INE_CLI_RUN_H
#define INE_CLI_RUN_H

#include "cli.h"
#include "settings.h"
#include "signals.h"

typedef struct cli_result {
    ine_verdict *verdict;
    ine_decision *decision;
    ine_error *error; /* or the two above */
    bool stopped;     /* by a signal */
    int32_t step;     /* INE_STEP_* that it had come to */
    char session[37]; /* "" as long as there is none */
} cli_result;

/* A flow (INE_FLOW_*). */
void cli_run_flow(cli *run, const cli_settings *settings, int32_t mode,
                  const ine_verification *verification, const char *session, cli_result *result);
/* One call. */
void cli_run_call(cli *run, const cli_settings *settings, const ine_request *request,
                  cli_result *result);
/* Prints the result and returns the exit code. */
int32_t cli_result_print(cli *run, cli_result *result);
/* Ends a command that a signal reached before anything was sent. */
int32_t cli_stopped_early(cli *run);
void cli_result_free(cli_result *result);

#endif
