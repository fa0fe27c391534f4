/* A store in an SQLite file: one table for each kind, keys as text, values as JSON or bytes. */
#ifndef INE_SANDBOX_STORE_SQLITE_H
#define INE_SANDBOX_STORE_SQLITE_H

#include "sandbox.h"

/* False with a text in *why. The file is made readable by its owner only. */
bool sqlite_store_open(const char *path, ine_sandbox_store *out, const char **why);
/* Writes what is pending; false when that failed. */
bool sqlite_store_flush(const ine_sandbox_store *store);

#endif
