#include "args.h"

#include "term.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PERSON(name, argument, input, help)                    \
    {                                                          \
        name, argument, CLI_GROUP_PERSON, input, 0, NULL, help \
    }
#define IMAGE(name, help)                                \
    {                                                    \
        name, "FILE", CLI_GROUP_IMAGES, 0, 0, NULL, help \
    }
#define SETTING(name, argument, setting, variable, help)               \
    {                                                                  \
        name, argument, CLI_GROUP_SETTINGS, 0, setting, variable, help \
    }
#define OTHER(name, argument, group, help)      \
    {                                           \
        name, argument, group, 0, 0, NULL, help \
    }

#define LISTEN(name, argument, help)   OTHER(name, argument, CLI_GROUP_LISTEN, help)
#define EVIDENCE(name, argument, help) OTHER(name, argument, CLI_GROUP_EVIDENCE, help)

const cli_option cli_options[CLI_OPTIONS] = {
    [OPT_CIC] = PERSON("cic", "DIGITS", INE_IN_CIC, "the card's CIC: 9 digits, on its back"),
    [OPT_CURP] = PERSON("curp", "CURP", INE_IN_CURP, "18 characters"),
    [OPT_FIRST_NAME] = PERSON("first-name", "TEXT", INE_IN_FIRST_NAME, "given names"),
    [OPT_LAST_NAME] = PERSON("last-name", "TEXT", INE_IN_LAST_NAME, "the father's last name"),
    [OPT_SECOND_LAST_NAME] =
        PERSON("second-last-name", "TEXT", INE_IN_SECOND_LAST_NAME, "the mother's last name"),
    [OPT_FIRST_ISSUE] = PERSON("first-issue", "YYYY-MM-DD", INE_IN_FIRST_ISSUE,
                               "first issue (registration); the year is compared"),
    [OPT_VALID_FROM] = PERSON("valid-from", "YYYY-MM-DD", INE_IN_VALID_FROM,
                              "issue of this card; the year counts"),
    [OPT_DATE_OF_BIRTH] = PERSON("date-of-birth", "YYYY-MM-DD", INE_IN_DATE_OF_BIRTH,
                                 "compared with the CURP here, never sent"),
    [OPT_GENDER] =
        PERSON("gender", "M|F", INE_IN_GENDER, "compared with the CURP here, never sent"),
    [OPT_VENDOR_DATA] = PERSON("vendor-data", "TEXT", INE_IN_VENDOR_DATA,
                               "your own id of this case; no personal data. Made up when absent"),
    [OPT_END_USER_ID] = PERSON("end-user-id", "UUID", INE_IN_END_USER_ID, "your id of the person"),
    [OPT_CALLBACK] = PERSON("callback", "URL", INE_IN_CALLBACK, "https URL to return to"),
    [OPT_CONSENT] = PERSON("consent", NULL, 0, "the person has consented to the INE check"),
    [OPT_PRODUCT] = PERSON("product", "NAME", 0, "mx_ine (default), ine_biometric or ine_registry"),
    [OPT_STRICT] = OTHER("strict", "LIST", CLI_GROUP_PERSON | CLI_GROUP_STRICT,
                         "warnings that refuse: curp-mask, curp-digit, curp-date, curp-state, age, "
                         "image, consistency, all"),
    [OPT_SELFIE] = IMAGE("selfie", "the face; JPEG, PNG, WebP, HEIC or HEIF; - is standard input"),
    [OPT_DOCUMENT_FRONT] = IMAGE("document-front", "the card's front, for the older products"),
    [OPT_DOCUMENT_BACK] = IMAGE("document-back", "the card's back, for the older products"),
    [OPT_KEEP_METADATA] = OTHER("keep-metadata", NULL, CLI_GROUP_IMAGES,
                                "send images with their location and serial numbers"),
    [OPT_API_KEY] = {"api-key", "UUID", CLI_GROUP_CREDENTIALS, 0, 0, "INE_API_KEY",
                     "API key of the integration"},
    [OPT_SECRET_FILE] = OTHER("secret-file", "FILE", CLI_GROUP_CREDENTIALS,
                              "shared secret, byte for byte; - is standard input; else INE_SECRET"),
    [OPT_BASE_URL] = SETTING("base-url", "URL", INE_OPT_BASE_URL, "INE_BASE_URL",
                             "https://host, as the customer portal shows it"),
    [OPT_INTEGRATION_ID] = SETTING("integration-id", "ID", INE_OPT_INTEGRATION_ID, NULL,
                                   "VRF-INTEGRATION-ID, for flexible API keys"),
    [OPT_PROXY] = SETTING("proxy", "URL", INE_OPT_PROXY, "INE_PROXY",
                          "http://host:port; no other variable is followed"),
    [OPT_CA_FILE] = SETTING("ca-file", "FILE", INE_OPT_CA_FILE, "INE_CA_FILE",
                            "PEM bundle in place of the system's"),
    [OPT_CLIENT_CERT] =
        SETTING("client-cert", "FILE", INE_OPT_CLIENT_CERT, NULL, "PEM client certificate"),
    [OPT_CLIENT_KEY] = SETTING("client-key", "FILE", INE_OPT_CLIENT_KEY, NULL, "its PEM key"),
    [OPT_TIMEOUT] =
        OTHER("timeout", "SECONDS", CLI_GROUP_SETTINGS, "deadline of the whole operation (600)"),
    [OPT_SANDBOX] = OTHER("sandbox", NULL, CLI_GROUP_SANDBOX,
                          "against a sandbox that is started and stopped here"),
    [OPT_SCENARIO] =
        OTHER("scenario", "NAME", CLI_GROUP_SANDBOX, "what the sandbox's registry answers"),
    [OPT_REQUIRE] = OTHER("require", "LIST", CLI_GROUP_VERDICT,
                          "checks that must have passed: names as in --json, core, all"),
    [OPT_BODY] = OTHER("body", "FILE", CLI_GROUP_SIGN | CLI_GROUP_DELIVERY,
                       "the exact body; - is standard input"),
    [OPT_ID] = OTHER("id", "UUID", CLI_GROUP_SIGN, "the id in the path"),
    [OPT_HEADER] = OTHER("header", "'NAME: VALUE'", CLI_GROUP_DELIVERY,
                         "a header as it came; as often as there are headers"),
    [OPT_HEADERS] = OTHER("headers", "FILE", CLI_GROUP_DELIVERY,
                          "headers, one a line, as a log or curl -v shows them"),
    [OPT_OLD_SECRET_FILE] =
        OTHER("old-secret-file", "FILE", CLI_GROUP_OLD_SECRET,
              "the secret before it was changed: still verifies, for as long as you give it"),
    [OPT_ADDRESS] = LISTEN("address", "ADDRESS", "where to listen (127.0.0.1)"),
    [OPT_PORT] = LISTEN("port", "NUMBER", "0, the default, takes a free one and prints it"),
    [OPT_PATH] = LISTEN("path", "PATH", "where deliveries come (/webhooks/veriff)"),
    [OPT_TLS_CERT] = LISTEN("tls-cert", "FILE", "PEM certificate with its chain: https"),
    [OPT_TLS_KEY] = LISTEN("tls-key", "FILE", "its PEM key, without a password"),
    [OPT_DB] =
        LISTEN("db", "FILE", "SQLite file of what has come: ids and keys only. Without it, memory"),
    [OPT_KEEP_BODIES] =
        LISTEN("keep-bodies", "DIR", "keep each body as DIR/KEY.json: they hold personal data"),
    [OPT_ALLOW_REMOTE] = LISTEN("allow-remote", NULL, "listen on an address that others can reach"),
    [OPT_CONNECT] = OTHER("connect", NULL, CLI_GROUP_DOCTOR,
                          "ask the API once, for a session that does not exist: are key and "
                          "secret right?"),
    [OPT_SOURCE] = EVIDENCE("source", "WORD", "where the decision came from: poll, webhook, file"),
    [OPT_RECEIVED_AT] = EVIDENCE("received-at", "TIME", "as in 2026-04-01T10:01:05Z"),
    [OPT_INTEGRATION] = EVIDENCE("integration", "LABEL", "your name of the integration"),
    [OPT_SELFIE_FILE] =
        EVIDENCE("selfie-file", "FILE", "the selfie itself: its hashes as given and as sent"),
    [OPT_SELFIE_GIVEN] =
        EVIDENCE("selfie-given", "SHA256", "of the selfie as it was given, 64 hex digits"),
    [OPT_SELFIE_SENT] =
        EVIDENCE("selfie-sent", "SHA256", "of the selfie as it was sent, 64 hex digits"),
    [OPT_CONSENT_TIME] = EVIDENCE("consent-time", "TIME", "when the person consented"),
    [OPT_CONSENT_VERSION] = EVIDENCE("consent-version", "TEXT", "version of the text shown"),
    [OPT_CONSENT_CHANNEL] = EVIDENCE("consent-channel", "TEXT", "as in web, branch or app"),
    [OPT_JSON] = OTHER("json", NULL, CLI_GROUP_OUTPUT, "one line of JSON on standard output"),
    [OPT_LANG] = OTHER("lang", "es|en", CLI_GROUP_OUTPUT, "language; default by LC_ALL or LANG"),
    [OPT_COLOR] = OTHER("color", "WHEN", CLI_GROUP_OUTPUT, "auto, always or never; or NO_COLOR=1"),
    [OPT_HELP] = OTHER("help", NULL, CLI_GROUP_OUTPUT, "this text"),
};

bool cli_printable_word(const char *word, size_t len)
{
    if (len == 0 || len > 30)
        return false;
    for (size_t i = 0; i < len; i++) {
        if ((word[i] < 'a' || word[i] > 'z') && word[i] != '-')
            return false;
    }
    return true;
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    const size_t d = a < b ? a : b;
    return d < c ? d : c;
}

/* Letters to change, add or take away to get from one to the other. */
static size_t distance(const char *a, const char *b)
{
    size_t row[40];
    const size_t width = strlen(b);
    if (width + 1 > sizeof row / sizeof *row)
        return SIZE_MAX;
    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 0; a[i]; i++) {
        size_t corner = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < width; j++) {
            const size_t above = row[j + 1];
            row[j + 1] = smallest(above + 1, row[j] + 1, corner + (a[i] != b[j]));
            corner = above;
        }
    }
    return row[width];
}

const char *cli_nearest(const char *word, const char *(*next)(size_t index, const void *context),
                        const void *context)
{
    const char *best = NULL;
    size_t best_distance = strlen(word) / 3 + 2;
    for (size_t i = 0;; i++) {
        const char *candidate = next(i, context);
        if (!candidate)
            return best;
        const size_t found = *candidate ? distance(word, candidate) : SIZE_MAX;
        if (found < best_distance) {
            best_distance = found;
            best = candidate;
        }
    }
}

static const char *next_option(size_t index, const void *context)
{
    const uint32_t *groups = context;
    if (index >= CLI_OPTIONS)
        return NULL;
    return cli_options[index].group & *groups ? cli_options[index].name : "";
}

static int32_t find(const char *name, size_t len)
{
    for (int32_t i = 0; i < CLI_OPTIONS; i++) {
        if (strlen(cli_options[i].name) == len && memcmp(cli_options[i].name, name, len) == 0)
            return i;
    }
    return -1;
}

static bool refuse_unknown(const char *name, size_t len, uint32_t groups, cli_misuse *misuse)
{
    char word[32] = "";
    if (len < sizeof word)
        memcpy(word, name, len);
    if (strcmp(word, "secret") == 0) {
        snprintf(misuse->text, sizeof misuse->text, "a secret never stands on the command line");
        snprintf(
            misuse->hint, sizeof misuse->hint,
            "everyone on this machine can read it there: use INE_SECRET or --secret-file FILE");
        return false;
    }
    if (cli_printable_word(word, strlen(word)))
        snprintf(misuse->text, sizeof misuse->text, "there is no option --%s here", word);
    else
        snprintf(misuse->text, sizeof misuse->text, "one of the options is unknown");
    const char *near = *word ? cli_nearest(word, next_option, &groups) : NULL;
    if (near)
        snprintf(misuse->hint, sizeof misuse->hint, "did you mean --%s?", near);
    else
        snprintf(misuse->hint, sizeof misuse->hint, "--help lists the options");
    return false;
}

static bool refuse(const cli_option *option, const char *what, const char *hint, cli_misuse *misuse)
{
    snprintf(misuse->text, sizeof misuse->text, "--%s %s", option->name, what);
    snprintf(misuse->hint, sizeof misuse->hint, "%s", hint);
    return false;
}

static bool read_option(cli_args *args, int argc, char **argv, int *at, uint32_t groups,
                        cli_misuse *misuse)
{
    const char *name = argv[*at] + 2, *equals = strchr(name, '=');
    const size_t len = equals ? (size_t)(equals - name) : strlen(name);
    const int32_t index = find(name, len);
    if (index < 0 || !(cli_options[index].group & groups))
        return refuse_unknown(name, len, groups, misuse);
    const cli_option *option = &cli_options[index];
    if (args->value[index] && index != OPT_HEADER)
        return refuse(option, "is given twice", "give it once", misuse);
    if (!option->argument) {
        args->value[index] = "";
        return equals ? refuse(option, "takes no value", "give it without =", misuse) : true;
    }
    if (!equals && (*at + 1 >= argc || strncmp(argv[*at + 1], "--", 2) == 0)) {
        char hint[96];
        snprintf(hint, sizeof hint, "as in --%s %s", option->name, option->argument);
        return refuse(option, "needs a value", hint, misuse);
    }
    args->value[index] = equals ? equals + 1 : argv[++*at];
    if (index == OPT_HEADER && args->headers == CLI_REPEATS)
        return refuse(option, "is given too often", "no request has as many headers", misuse);
    if (index == OPT_HEADER)
        args->header[args->headers++] = args->value[index];
    return true;
}

static bool read_operand(cli_args *args, char *word, int32_t operands, cli_misuse *misuse)
{
    if (args->operands < operands && args->operands < CLI_OPERANDS) {
        args->operand[args->operands++] = word;
        return true;
    }
    snprintf(misuse->text, sizeof misuse->text, "a word too many stands on the command line");
    snprintf(misuse->hint, sizeof misuse->hint,
             "values follow their options, and texts with spaces stand in quotes; see --help");
    return false;
}

bool cli_args_read(cli_args *args, int argc, char **argv, int first, uint32_t groups,
                   int32_t operands, int32_t optional, cli_misuse *misuse)
{
    bool options = true;
    for (int i = first; i < argc; i++) {
        if (options && strcmp(argv[i], "--") == 0)
            options = false;
        else if (options && strcmp(argv[i], "-h") == 0)
            args->value[OPT_HELP] = "";
        else if (options && strncmp(argv[i], "--", 2) == 0) {
            if (!read_option(args, argc, argv, &i, groups, misuse))
                return false;
        } else if (!read_operand(args, argv[i], operands, misuse))
            return false;
    }
    if (args->value[OPT_HELP] || args->operands + optional >= operands)
        return true;
    snprintf(misuse->text, sizeof misuse->text, "a word is missing on the command line");
    snprintf(misuse->hint, sizeof misuse->hint, "see --help");
    return false;
}

const char *cli_args_value(const cli_args *args, int32_t option)
{
    if (args->value[option] || !cli_options[option].variable)
        return args->value[option];
    const char *value = cli_variable(cli_options[option].variable);
    return value && *value ? value : NULL;
}

bool cli_list(const char *text, int64_t (*bits)(const char *word, size_t len), int64_t *out,
              int32_t *wrong)
{
    *out = 0;
    *wrong = 1;
    for (const char *word = text;; (*wrong)++) {
        const size_t len = strcspn(word, ",");
        const int64_t found = bits(word, len);
        if (found < 0)
            return false;
        *out |= found;
        if (!word[len])
            return true;
        word += len + 1;
    }
}
