/* --help: what a command does, its options by group, and examples. */
#include "cli.h"

#include <string.h>

#define COMMANDS 26 /* where the meaning of a command begins */
#define NAMES    32 /* where the meaning of an option begins */

static const struct {
    uint32_t group;
    const char *heading;
} headings[] = {
    {CLI_GROUP_PERSON, "The person"},
    {CLI_GROUP_IMAGES, "Images"},
    {CLI_GROUP_CREDENTIALS, "Who asks"},
    {CLI_GROUP_SETTINGS, "Where and how long"},
    {CLI_GROUP_SANDBOX, "Sandbox"},
    {CLI_GROUP_VERDICT, "What counts"},
    {CLI_GROUP_SIGN, "What is signed"},
    {CLI_GROUP_DELIVERY, "The delivery"},
    {CLI_GROUP_OLD_SECRET, "While a secret is changed"},
    {CLI_GROUP_LISTEN, "The receiver"},
    {CLI_GROUP_DOCTOR, "Connection"},
    {CLI_GROUP_EVIDENCE, "The record"},
    {CLI_GROUP_STRICT, "What counts"},
    {CLI_GROUP_OUTPUT, "Output"},
};

static void put_option(cli_out *out, const cli_option *option)
{
    cli_put(out, "  --");
    cli_put(out, option->name);
    if (option->argument) {
        cli_put(out, " ");
        cli_put(out, option->argument);
    }
    cli_pad(out, NAMES);
    cli_wrap(out, NAMES, (ine_str){option->help, strlen(option->help)});
    if (option->variable) {
        cli_put(out, out->column > NAMES ? " [" : "[");
        cli_put(out, option->variable);
        cli_put(out, "]");
    }
    cli_put(out, "\n");
}

static void put_heading(cli_out *out, const char *text)
{
    cli_put(out, "\n");
    cli_colour(out, CLI_BOLD);
    cli_put(out, text);
    cli_colour(out, CLI_PLAIN);
    cli_put(out, "\n");
}

static void put_options(cli_out *out, uint32_t groups)
{
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++) {
        if (!(headings[i].group & groups))
            continue;
        put_heading(out, headings[i].heading);
        for (int32_t option = 0; option < CLI_OPTIONS; option++) {
            if (cli_options[option].group & headings[i].group)
                put_option(out, &cli_options[option]);
        }
    }
}

/* Lines as they are, two spaces in. */
static void put_lines(cli_out *out, const char *text)
{
    while (*text) {
        const size_t len = strcspn(text, "\n");
        cli_put(out, "  ");
        cli_put_foreign(out, (ine_str){text, len});
        cli_put(out, "\n");
        text += len + (text[len] == '\n');
    }
}

static void put_exit_codes(cli_out *out)
{
    put_heading(out, "Exit codes");
    put_lines(out,
              "0  verified; for commands that verify no one: done\n"
              "1  any other final outcome\n"
              "2  refused here: usage, input, settings; nothing was sent\n"
              "3  RETRY_LATER or PENDING\n"
              "4  transport, signature or server trouble; a delivery refused; something found\n"
              "5  the verdict is UNKNOWN, or a reply was lost\n"
              "130  stopped by Ctrl-C or SIGTERM");
}

void cli_help(cli_out *out)
{
    cli_put(out, "ine: identity verification against the Mexican electoral registry, through "
                 "Veriff's API.\nNot affiliated with Veriff, INE or FIMPE.\n");
    put_heading(out, "Commands");
    for (const cli_command *command = cli_commands; command->name; command++) {
        cli_put(out, "  ine ");
        cli_put(out, command->name);
        cli_pad(out, COMMANDS);
        cli_wrap(out, COMMANDS, (ine_str){command->summary, strlen(command->summary)});
        cli_put(out, "\n");
    }
    cli_put(out, "  ine --version");
    cli_pad(out, COMMANDS);
    cli_put(out, "versions of the library and of what it stands on\n");
    put_heading(out, "Start here: no account, no network");
    put_lines(out, "ine verify --sandbox\n"
                   "ine verify --sandbox --scenario selfie_mismatch\n"
                   "ine help verify");
    put_exit_codes(out);
}

void cli_help_command(cli_out *out, const cli_command *command)
{
    cli_put(out, "ine ");
    cli_put(out, command->usage);
    cli_put(out, "\n\n");
    cli_wrap(out, 0, (ine_str){command->about, strlen(command->about)});
    cli_put(out, "\n");
    put_options(out, command->groups);
    put_heading(out, "Examples");
    put_lines(out, command->examples);
    put_exit_codes(out);
}

const cli_command *cli_command_find(int argc, char **argv, int *at)
{
    for (const cli_command *command = cli_commands; command->name; command++) {
        const size_t first = strcspn(command->name, " ");
        const char *second = command->name[first] ? command->name + first + 1 : NULL;
        if (strlen(argv[*at]) != first || memcmp(argv[*at], command->name, first) != 0)
            continue;
        if (second && (*at + 1 >= argc || strcmp(argv[*at + 1], second) != 0))
            continue;
        *at += second ? 2 : 1;
        return command;
    }
    return NULL;
}
