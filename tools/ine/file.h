/* Reading what a user names. */
#ifndef INE_CLI_FILE_H
#define INE_CLI_FILE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct cli_file {
    char *data;
    size_t len;
} cli_file;

/* Reads a file, or standard input for "-", up to `max` bytes and one more (so that what is too
 * large is seen). NULL when it went well, otherwise a literal that says why not. */
const char *cli_file_read(cli_file *file, const char *path, size_t max);
/* Wipes: it may have held a secret or a face. */
void cli_file_free(cli_file *file);

#endif
