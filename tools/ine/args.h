/* The options of all commands, one table, and how they are read. */
#ifndef INE_CLI_ARGS_H
#define INE_CLI_ARGS_H

#include "ine.h"

#include <stdbool.h>

/* Groups: a command takes all options of its groups; --help shows them under one heading each. */
enum {
    CLI_GROUP_PERSON = 1,
    CLI_GROUP_IMAGES = 2,
    CLI_GROUP_SETTINGS = 4,
    CLI_GROUP_CREDENTIALS = 8,
    CLI_GROUP_SANDBOX = 16,
    CLI_GROUP_VERDICT = 32,
    CLI_GROUP_SIGN = 64,
    CLI_GROUP_OUTPUT = 128,
    CLI_GROUP_DELIVERY = 256,
    CLI_GROUP_LISTEN = 512,
    CLI_GROUP_DOCTOR = 1024,
    CLI_GROUP_EVIDENCE = 2048,
    CLI_GROUP_STRICT = 4096,
    CLI_GROUP_OLD_SECRET = 8192
};

enum {
    OPT_CIC = 0,
    OPT_CURP,
    OPT_FIRST_NAME,
    OPT_LAST_NAME,
    OPT_SECOND_LAST_NAME,
    OPT_FIRST_ISSUE,
    OPT_VALID_FROM,
    OPT_DATE_OF_BIRTH,
    OPT_GENDER,
    OPT_VENDOR_DATA,
    OPT_END_USER_ID,
    OPT_CALLBACK,
    OPT_CONSENT,
    OPT_PRODUCT,
    OPT_STRICT,
    OPT_SELFIE,
    OPT_DOCUMENT_FRONT,
    OPT_DOCUMENT_BACK,
    OPT_KEEP_METADATA,
    OPT_API_KEY,
    OPT_SECRET_FILE,
    OPT_BASE_URL,
    OPT_INTEGRATION_ID,
    OPT_PROXY,
    OPT_CA_FILE,
    OPT_CLIENT_CERT,
    OPT_CLIENT_KEY,
    OPT_TIMEOUT,
    OPT_SANDBOX,
    OPT_SCENARIO,
    OPT_REQUIRE,
    OPT_BODY,
    OPT_ID,
    OPT_HEADER,
    OPT_HEADERS,
    OPT_OLD_SECRET_FILE,
    OPT_ADDRESS,
    OPT_PORT,
    OPT_PATH,
    OPT_TLS_CERT,
    OPT_TLS_KEY,
    OPT_DB,
    OPT_KEEP_BODIES,
    OPT_ALLOW_REMOTE,
    OPT_CONNECT,
    OPT_SOURCE,
    OPT_SELFIE_FILE,
    OPT_RECEIVED_AT,
    OPT_INTEGRATION,
    OPT_SELFIE_GIVEN,
    OPT_SELFIE_SENT,
    OPT_CONSENT_TIME,
    OPT_CONSENT_VERSION,
    OPT_CONSENT_CHANNEL,
    OPT_JSON,
    OPT_LANG,
    OPT_COLOR,
    OPT_HELP,
    CLI_OPTIONS
};

typedef struct cli_option {
    const char *name;
    const char *argument; /* what stands for its value in --help; NULL: a flag */
    uint32_t group;       /* or groups */
    int32_t input;        /* INE_IN_* that it sets, or 0 */
    int32_t setting;      /* INE_OPT_* that it sets, or 0 */
    const char *variable; /* of the environment, read when the option is absent; or NULL */
    const char *help;
} cli_option;

extern const cli_option cli_options[CLI_OPTIONS];

#define CLI_OPERANDS 2
#define CLI_REPEATS  64

typedef struct cli_args {
    const char *value[CLI_OPTIONS]; /* NULL: not given; a flag: "" */
    const char *operand[CLI_OPERANDS];
    int32_t operands;
    const char *header[CLI_REPEATS]; /* --header may be given again and again */
    int32_t headers;
} cli_args;

/* What is wrong with the words of the command line. No text holds a value that was given. */
typedef struct cli_misuse {
    char text[160], hint[160];
} cli_misuse;

/* Reads argv[first..]; options of other groups than `groups` are refused. Of the operands the last
 * `optional` may be left out. */
bool cli_args_read(cli_args *args, int argc, char **argv, int first, uint32_t groups,
                   int32_t operands, int32_t optional, cli_misuse *misuse);
/* The option's value, or its variable's; NULL when neither is set. */
const char *cli_args_value(const cli_args *args, int32_t option);

/* The candidate nearest to `word`; NULL when none is near. `next` gives the i-th, NULL at the end.
 */
const char *cli_nearest(const char *word, const char *(*next)(size_t index, const void *context),
                        const void *context);
/* May `word` be printed? Lower-case letters and dashes only: no number, name or CURP looks so. */
bool cli_printable_word(const char *word, size_t len);

/* A list as in "a,b,c" to bits: `bit` says the bit of a word, -1 when it is unknown. False with the
 * number of the wrong word. */
bool cli_list(const char *text, int64_t (*bits)(const char *word, size_t len), int64_t *out,
              int32_t *wrong);

#endif
