/* SIGINT, SIGTERM and SIGHUP, noted in place of ending the process. */
#ifndef INE_CLI_SIGNALS_H
#define INE_CLI_SIGNALS_H

#include <stdbool.h>

/* From now on they are noted. */
bool cli_signals_open(void);
/* Readable when one was noted. */
int cli_signals_fd(void);
bool cli_stopped(void);

#endif
