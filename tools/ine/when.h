/* Times, as people and programs write them. */
#ifndef INE_CLI_WHEN_H
#define INE_CLI_WHEN_H

#include <stdbool.h>
#include <stdint.h>

/* "2026-04-01T10:01:05Z", with or without a fraction of a second, or milliseconds since 1970. */
bool cli_when(const char *text, int64_t *ms);
/* Now, in milliseconds since 1970. */
int64_t cli_now(void);
/* "2026-04-01T10:01:05.000Z" */
void cli_when_text(char out[25], int64_t ms);

#endif
