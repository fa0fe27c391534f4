/* What has come: ids and keys, in SQLite. No personal data, no body, no signature. */
#ifndef INE_CLI_LEDGER_H
#define INE_CLI_LEDGER_H

#include "ine.h"

#include <stdbool.h>

typedef struct cli_ledger cli_ledger;

enum { LEDGER_NEW = 0, LEDGER_DUPLICATE, LEDGER_SUPERSEDED, LEDGER_FAILED };

/* Opens or makes it, with mode 0600; a path of NULL: in memory. NULL when it went well, otherwise a
 * literal that says why not. */
const char *cli_ledger_open(cli_ledger **out, const char *path);
/* Begins a transaction and adds a delivery: LEDGER_*. `earlier` gets the decision id of what it is
 * a duplicate of, or of what counts in its place. */
int32_t cli_ledger_add(cli_ledger *ledger, const ine_webhook *webhook, char earlier[200]);
/* Ends the transaction: true once it is on the disk. */
bool cli_ledger_commit(cli_ledger *ledger);
void cli_ledger_rollback(cli_ledger *ledger);
void cli_ledger_close(cli_ledger *ledger);

#endif
