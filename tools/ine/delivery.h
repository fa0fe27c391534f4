/* One delivery of a webhook as a user has it at hand: headers and the raw body. */
#ifndef INE_CLI_DELIVERY_H
#define INE_CLI_DELIVERY_H

#include "file.h"
#include "problems.h"

#define CLI_HEADERS      64
#define CLI_WEBHOOK_BODY ((size_t)1 << 20) /* what a receiver takes; real ones have a few KiB */

typedef struct cli_delivery {
    ine_str names[CLI_HEADERS], values[CLI_HEADERS];
    size_t count;
    cli_file headers; /* of --headers; names and values point into it, or into the command line */
    cli_file body;
} cli_delivery;

/* Reads --header, --headers and the body from `path`; NULL: there is none. */
void cli_delivery_read(cli *run, cli_delivery *delivery, const char *path, cli_problems *problems);
void cli_delivery_free(cli_delivery *delivery);

/* Adds the secret of --old-secret-file. */
void cli_old_secret(cli *run, ine_credentials *credentials, cli_problems *problems);
/* A receiver for these credentials. */
int32_t cli_receiver(ine_webhooks **out, const ine_credentials *credentials, ine_error **error);

#endif
