/* What is said of a genuine delivery: ids, labels and the verdict, and never the person. */
#ifndef INE_CLI_RECEIVED_H
#define INE_CLI_RECEIVED_H

#include "problems.h"

ine_str cli_received_text(const ine_webhook *webhook, int32_t field);
int64_t cli_received_number(const ine_webhook *webhook, int32_t field);
/* Members of a JSON object, from "kind" to "secret_index", without a comma around them. */
void cli_received_json(FILE *file, const ine_webhook *webhook);
/* Does its kind have a verdict of its own? */
bool cli_received_decides(const ine_webhook *webhook);
/* The text in the run's language. */
const char *cli_say(const cli *run, const char *es, const char *en);

#endif
