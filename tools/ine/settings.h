/* Options and credentials from the command line and the environment. */
#ifndef INE_CLI_SETTINGS_H
#define INE_CLI_SETTINGS_H

#include "problems.h"

typedef struct cli_settings {
    ine_options *options;
    ine_credentials *credentials; /* NULL when they are not all there */
} cli_settings;

/* What must be there. */
enum { CLI_NEEDS_NOTHING = 0, CLI_NEEDS_CREDENTIALS = 1, CLI_NEEDS_URL = 2, CLI_NEEDS_ALL = 3 };

/* Adds what is wrong, or missing by `needs`, to the problems. */
void cli_settings_read(cli *run, cli_settings *settings, cli_problems *problems, int32_t needs);
void cli_settings_free(cli_settings *settings);

/* The options alone. `online`: also those that say where to connect, and their variables. */
void cli_options_read(cli *run, ine_options *options, cli_problems *problems, bool online);
/* The bits of --require; 0 when it is absent. False adds a problem. */
bool cli_require(cli *run, int64_t *bits, cli_problems *problems);
void cli_set_text(ine_options *options, int32_t option, const char *text, cli_problems *problems);
void cli_set_number(ine_options *options, int32_t option, int64_t number, cli_problems *problems);

#endif
