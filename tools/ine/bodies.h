/* Bodies that are kept: personal data, so one directory for its owner alone. */
#ifndef INE_CLI_BODIES_H
#define INE_CLI_BODIES_H

#include "ine.h"

#include <stdbool.h>

/* Opens or makes the directory, mode 0700. NULL when it went well, otherwise a literal. */
const char *cli_bodies_open(int *directory, const char *path);
/* Writes <key>.json, mode 0600; true once it is on the disk. One that is there already stays. */
bool cli_bodies_keep(int directory, ine_str key, ine_str body);

#endif
