/* People for the registry out of a CSV file [RFC 4180]. */
#ifndef INE_SANDBOX_PEOPLE_CSV_H
#define INE_SANDBOX_PEOPLE_CSV_H

#include "sandbox.h"

/* How many people were added; or -1, with the line in *line and what is wrong in *why. */
long people_csv_import(ine_sandbox *sandbox, const char *path, long *line, const char **why);

#endif
