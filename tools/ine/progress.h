/* What happens, on standard error: a line a step on a terminal, otherwise the session's id only. */
#ifndef INE_CLI_PROGRESS_H
#define INE_CLI_PROGRESS_H

#include "cli.h"

typedef struct cli_progress {
    cli_out *out;
    int32_t language;
    int32_t step, ended; /* ended: the last step that has its mark */
    bool every;          /* every step is made: those that no event told of are shown as well */
    int64_t bytes, total, polls;
    int64_t next_ms; /* on our clock; 0: no wait is known */
    int32_t drawn;   /* columns of the open line */
    bool session_said;
} cli_progress;

int64_t cli_clock_ms(void);
void cli_progress_init(cli_progress *progress, cli *run);
void cli_progress_event(cli_progress *progress, const ine_event *event);
/* Draws the open line again: a countdown goes on without events. */
void cli_progress_tick(cli_progress *progress);
/* The open line ends; `done` says that its step went well. */
void cli_progress_end(cli_progress *progress, bool done);

#endif
