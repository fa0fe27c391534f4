#include "settings.h"

#include "file.h"

#include <stdlib.h>
#include <string.h>

#define SECRET_MAX 1024

static int64_t require_bits(const char *word, size_t len)
{
    if (len == 3 && memcmp(word, "all", 3) == 0)
        return 0x7fe;
    if (len == 4 && memcmp(word, "core", 4) == 0)
        return 0x1e;
    const int32_t check = ine_value(INE_NAMES_CHECK, word, len);
    return check > 0 ? INT64_C(1) << check : -1;
}

static int64_t strict_bits(const char *word, size_t len)
{
    static const struct {
        const char *word;
        int64_t bits;
    } words[] = {
        {"curp-mask", INE_STRICT_CURP_MASK},
        {"curp-digit", INE_STRICT_CURP_DIGIT},
        {"curp-date", INE_STRICT_CURP_DATE},
        {"curp-state", INE_STRICT_CURP_STATE},
        {"age", INE_STRICT_AGE},
        {"image", INE_STRICT_IMAGE},
        {"consistency", INE_STRICT_CONSISTENCY},
        {"all", 127},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i].word) == len && memcmp(words[i].word, word, len) == 0)
            return words[i].bits;
    }
    return -1;
}

bool cli_require(cli *run, int64_t *bits, cli_problems *problems)
{
    const char *text = run->args.value[OPT_REQUIRE];
    int32_t wrong;
    *bits = 0;
    if (!text || cli_list(text, require_bits, bits, &wrong))
        return true;
    *bits = 0;
    cli_problem_add(problems, "--require", "VALUE",
                    "a name in the list is no check: give names as consent_obtained or "
                    "first_name_match, separated by commas, or core, or all");
    return false;
}

void cli_set_text(ine_options *options, int32_t option, const char *text, cli_problems *problems)
{
    ine_error *error;
    if (text && ine_options_set_text(options, option, text, strlen(text), &error) != INE_OK)
        cli_problem_error(problems, ine_name(INE_NAMES_OPTION, option).ptr, error);
}

void cli_set_number(ine_options *options, int32_t option, int64_t number, cli_problems *problems)
{
    ine_error *error;
    if (ine_options_set_number(options, option, number, &error) != INE_OK)
        cli_problem_error(problems, ine_name(INE_NAMES_OPTION, option).ptr, error);
}

/* Seconds as in "90" or "2.5". */
static bool parse_seconds(const char *text, int64_t *ms)
{
    char *end;
    if (*text < '0' || *text > '9' || strlen(text) > 10 ||
        strspn(text, "0123456789.") < strlen(text))
        return false;
    const double seconds = strtod(text, &end);
    *ms = (int64_t)(seconds * 1000);
    return *end == '\0' && *ms >= 1 && *ms <= 604800000;
}

static void read_timeout(cli *run, ine_options *options, cli_problems *problems)
{
    int64_t ms;
    const char *text = run->args.value[OPT_TIMEOUT];
    if (!text)
        return;
    if (parse_seconds(text, &ms))
        cli_set_number(options, INE_OPT_DEADLINE_MS, ms, problems);
    else
        cli_problem_add(problems, "--timeout", "VALUE",
                        "seconds, as in 90 or 2.5, and at most a week");
}

void cli_options_read(cli *run, ine_options *options, cli_problems *problems, bool online)
{
    int64_t bits;
    int32_t wrong;
    const char *strict = run->args.value[OPT_STRICT];
    if (cli_require(run, &bits, problems) && bits)
        cli_set_number(options, INE_OPT_REQUIRE, bits, problems);
    if (strict && !cli_list(strict, strict_bits, &bits, &wrong))
        cli_problem_add(problems, "--strict", "VALUE",
                        "a word in the list is unknown: curp-mask, curp-digit, curp-date, "
                        "curp-state, age, image, consistency, all");
    else if (strict)
        cli_set_number(options, INE_OPT_STRICT, bits, problems);
    if (run->args.value[OPT_KEEP_METADATA])
        cli_set_number(options, INE_OPT_KEEP_METADATA, 1, problems);
    read_timeout(run, options, problems);
    for (int32_t i = 0; online && i < CLI_OPTIONS; i++) {
        if (cli_options[i].setting && cli_options[i].group & run->command->groups)
            cli_set_text(options, cli_options[i].setting, cli_args_value(&run->args, i), problems);
    }
}

/* Secrets are used byte for byte. A line end that an editor or echo left behind is the commonest
 * reason for wrong signatures, and no portal hands out a secret with one. */
static bool secret_of_file(cli_file *secret, const char *path, cli_problems *problems)
{
    const char *wrong = cli_file_read(secret, path, SECRET_MAX);
    if (wrong) {
        cli_problem_add(problems, "secret", "UNREADABLE", wrong);
        return false;
    }
    if (secret->len &&
        (secret->data[secret->len - 1] == '\n' || secret->data[secret->len - 1] == '\r')) {
        cli_problem_add(
            problems, "secret", "CHARACTERS",
            "it ends in a line break, which would be part of the secret: write the file "
            "with printf %s, or take the line break off with tr -d '\\r\\n'");
        return false;
    }
    return true;
}

static bool secret_of_variable(cli_file *secret)
{
    const char *text = cli_variable("INE_SECRET");
    const size_t len = text ? strlen(text) : 0;
    *secret = (cli_file){len ? malloc(len) : NULL, 0};
    if (!secret->data)
        return false;
    memcpy(secret->data, text, len);
    secret->len = len;
    return true;
}

static void read_credentials(cli *run, cli_settings *settings, cli_problems *problems,
                             int32_t needs)
{
    const char *key = cli_args_value(&run->args, OPT_API_KEY);
    const char *path = run->args.value[OPT_SECRET_FILE];
    cli_file secret = {NULL, 0};
    ine_error *error = NULL;
    const bool given = path ? secret_of_file(&secret, path, problems) : secret_of_variable(&secret);
    if (needs & CLI_NEEDS_CREDENTIALS && !key)
        cli_problem_add(problems, "api_key", "REQUIRED", "set INE_API_KEY, or give --api-key");
    if (needs & CLI_NEEDS_CREDENTIALS && !given && !path)
        cli_problem_add(problems, "secret", "REQUIRED", "set INE_SECRET, or give --secret-file");
    if (key &&
        ine_credentials_new(&settings->credentials, NULL, 0, key, strlen(key), &error) != INE_OK)
        cli_problem_error(problems, "api_key", error);
    if (given && settings->credentials &&
        ine_credentials_add_secret(settings->credentials, NULL, 0, secret.data, secret.len,
                                   &error) != INE_OK)
        cli_problem_error(problems, "secret", error);
    if (!given) {
        ine_credentials_free(settings->credentials);
        settings->credentials = NULL;
    }
    cli_file_free(&secret);
}

/* A client checks settings against each other, as in http to a host that is not loopback; it
 * connects to nothing before the first submission. */
static void check_client(const cli_settings *settings, cli_problems *problems)
{
    ine_client *client = NULL;
    ine_error *error = NULL;
    if (ine_client_new(&client, settings->credentials, settings->options, &error) != INE_OK)
        cli_problem_error(problems, "settings", error);
    ine_client_free(client);
}

void cli_settings_read(cli *run, cli_settings *settings, cli_problems *problems, int32_t needs)
{
    ine_error *error;
    *settings = (cli_settings){NULL, NULL};
    if (ine_options_new(&settings->options, &error) != INE_OK) {
        cli_problem_error(problems, "options", error);
        return;
    }
    cli_options_read(run, settings->options, problems, true);
    read_credentials(run, settings, problems, needs);
    if (needs & CLI_NEEDS_URL && !cli_args_value(&run->args, OPT_BASE_URL))
        cli_problem_add(problems, "base_url", "REQUIRED",
                        "set INE_BASE_URL, or give --base-url: the customer portal shows it");
    const bool online = (run->command->groups & CLI_GROUP_SETTINGS) != 0;
    if (online && settings->credentials && cli_args_value(&run->args, OPT_BASE_URL) &&
        !problems->errors)
        check_client(settings, problems);
}

void cli_settings_free(cli_settings *settings)
{
    ine_options_free(settings->options);
    ine_credentials_free(settings->credentials);
    *settings = (cli_settings){NULL, NULL};
}
