/* A sandbox of our own for one verification: started, asked for its scenarios, stopped. */
#ifndef INE_CLI_SANDBOX_H
#define INE_CLI_SANDBOX_H

#include "person.h"
#include "settings.h"

#include <sys/types.h>

typedef struct cli_sandbox {
    pid_t pid;           /* 0: none */
    int input, output;   /* its standard input and output; it ends when we close the first */
    ine_decision *ready; /* the JSON line that it began with */
    ine_decision *scenarios;
    char path[32];    /* JSON Pointer of the scenario */
    char names[1600]; /* why a scenario was refused, and which there are */
} cli_sandbox;

/* sandbox_child.c. NULL when it is ready; otherwise a literal that says why not. */
const char *cli_sandbox_start(cli_sandbox *sandbox, const char *program);
void cli_sandbox_stop(cli_sandbox *sandbox);

/* scenario.c. Fetches the scenarios; NULL when `name` is one of them, otherwise what is wrong. */
const char *cli_sandbox_choose(cli_sandbox *sandbox, const char *name);
/* A text of the ready line ("/api_key") or, behind the path, of the scenario ("/cic"), decoded into
 * `out`; false when it is absent or does not fit. */
bool cli_sandbox_ready_text(const cli_sandbox *sandbox, const char *pointer, char *out,
                            size_t size);
bool cli_sandbox_scenario_text(const cli_sandbox *sandbox, const char *member, char *out,
                               size_t size);

#endif
