/* The command line of libine: one table of commands. */
#include "problems.h"

#include <string.h>

#define ALL_OF_A_PERSON (CLI_GROUP_PERSON | CLI_GROUP_IMAGES)
#define ONLINE          (CLI_GROUP_CREDENTIALS | CLI_GROUP_SETTINGS)

const cli_command cli_commands[] = {
    {.name = "verify",
     .usage = "verify --cic DIGITS --selfie FILE --consent [options]",
     .summary = "verify one person, from the local checks to the verdict",
     .run = cli_cmd_verify,
     .groups = ALL_OF_A_PERSON | ONLINE | CLI_GROUP_SANDBOX | CLI_GROUP_VERDICT | CLI_GROUP_OUTPUT,
     .about = "Checks everything that can be checked here, creates a session, uploads the selfie, "
              "submits, waits for the decision and draws it as a tree. With --sandbox all of it "
              "happens on this machine with a made-up person.",
     .examples = "ine verify --sandbox\n"
                 "ine verify --sandbox --scenario lost_or_stolen --lang es\n"
                 "ine verify --cic 000000000 --selfie selfie.jpg --consent --vendor-data case-17\n"
                 "ine verify --cic 000000000 --selfie selfie.jpg --consent --json | jq .outcome"},
    {.name = "explain",
     .usage = "explain FILE|- [options]",
     .summary = "draw what a decision or a webhook's body means",
     .run = cli_cmd_explain,
     .groups = CLI_GROUP_VERDICT | CLI_GROUP_OUTPUT,
     .operands = 1,
     .about = "Reads a decision as the API or a webhook sent it and draws the cascade: what "
              "passed, what failed, what was skipped and because of what, what is not enabled; "
              "then the outcome, its root cause and what to do next. It says nothing about the "
              "body's signature.",
     .examples = "ine explain decision.json\n"
                 "ine explain decision.json --lang es\n"
                 "ine explain - --json --require core,first_name_match < decision.json"},
    {.name = "check",
     .usage = "check --cic DIGITS --selfie FILE --consent [options]",
     .summary = "every problem of an input at once; nothing is sent",
     .run = cli_cmd_check,
     .groups = ALL_OF_A_PERSON | ONLINE | CLI_GROUP_OUTPUT,
     .about = "Looks at the person, the images and the settings that are given and lists every "
              "problem with its field and a hint. Warnings stop nothing; --strict makes them "
              "errors.",
     .examples = "ine check --cic 000000000 --selfie selfie.jpg --consent\n"
                 "ine check --cic 000000000 --selfie selfie.jpg --consent --strict all --json"},
    {.name = "sign",
     .usage = "sign CALL (--body FILE | --id UUID) [options]",
     .summary = "sign one API call, for curl or for comparison",
     .run = cli_cmd_sign,
     .groups = CLI_GROUP_SIGN | CLI_GROUP_CREDENTIALS | CLI_GROUP_OUTPUT,
     .operands = 1,
     .about = "Prints the X-HMAC-SIGNATURE header of a call. What is signed follows from the call: "
              "the exact body for create_session, upload_media, submit and collected_data, the id "
              "in the path for decision, media_list, attempts, person and delete_session.",
     .examples = "ine sign create_session --body request.json\n"
                 "ine sign decision --id 12df6045-3846-3e45-946a-14fa6136d78b --json"},
    {.name = "status",
     .usage = "status SESSION [options]",
     .summary = "ask once where a session stands",
     .run = cli_cmd_status,
     .groups = ONLINE | CLI_GROUP_VERDICT | CLI_GROUP_OUTPUT,
     .operands = 1,
     .about = "Asks for the session's decision once and draws it; exit code 3 while there is none.",
     .examples = "ine status 12df6045-3846-3e45-946a-14fa6136d78b"},
    {.name = "resume",
     .usage = "resume SESSION [--selfie FILE] [options]",
     .summary = "go on with a session that was interrupted",
     .run = cli_cmd_resume,
     .groups = CLI_GROUP_IMAGES | ONLINE | CLI_GROUP_VERDICT | CLI_GROUP_OUTPUT,
     .operands = 1,
     .about = "Finds out where the session stands, uploads what is missing, submits it when it is "
              "not submitted, and waits for the decision. It says so when it needs the selfie.",
     .examples = "ine resume 12df6045-3846-3e45-946a-14fa6136d78b\n"
                 "ine resume 12df6045-3846-3e45-946a-14fa6136d78b --selfie selfie.jpg"},
    {.name = NULL},
};

static const char *next_command(size_t index, const void *context)
{
    const size_t count = sizeof cli_commands / sizeof *cli_commands - 1;
    static const char *const others[] = {"help", "version"};
    (void)context;
    if (index < count)
        return cli_commands[index].name;
    return index < count + 2 ? others[index - count] : NULL;
}

static int32_t unknown_command(cli *run, const char *word)
{
    char text[96] = "there is no such command", hint[96] = "ine help lists the commands";
    if (cli_printable_word(word, strlen(word))) {
        const char *near = cli_nearest(word, next_command, NULL);
        snprintf(text, sizeof text, "there is no command %s", word);
        if (near)
            snprintf(hint, sizeof hint, "did you mean ine %s?", near);
    }
    return cli_misused(run, NULL, text, hint);
}

static int32_t print_version(cli *run)
{
    const ine_str version = ine_version(), build = ine_build_info();
    cli_put(&run->out, "ine ");
    cli_put_foreign(&run->out, version);
    cli_put(&run->out, "\n");
    for (size_t at = 0; at < build.len;) {
        const char *line = build.ptr + at, *end = memchr(line, '\n', build.len - at);
        const size_t len = end ? (size_t)(end - line) : build.len - at;
        cli_put(&run->out, "  ");
        cli_put_foreign(&run->out, (ine_str){line, len});
        cli_put(&run->out, "\n");
        at += len + 1;
    }
    return CLI_OK;
}

static int32_t help(cli *run, int argc, char **argv)
{
    const cli_command *command = argc > 2 ? cli_command_find(argv[2]) : NULL;
    if (argc > 2 && !command)
        return unknown_command(run, argv[2]);
    if (command)
        cli_help_command(&run->out, command);
    else
        cli_help(&run->out);
    return CLI_OK;
}

/* Before anything else can go wrong: errors, too, follow them. */
static bool read_output_options(cli *run)
{
    const char *colour = run->args.value[OPT_COLOR], *language = run->args.value[OPT_LANG];
    static const char *const whens[] = {"auto", "always", "never"};
    int32_t when = CLI_COLOUR_AUTO;
    run->language = cli_language();
    if (language && strcmp(language, "es") != 0 && strcmp(language, "en") != 0) {
        cli_misused(run, "--lang", "--lang takes es or en", NULL);
        return false;
    }
    if (language)
        run->language = *language == 'e' && language[1] == 's' ? INE_LANG_ES_MX : INE_LANG_EN;
    if (!colour)
        return true;
    while (when < 3 && strcmp(colour, whens[when]) != 0)
        when++;
    if (when == 3) {
        cli_misused(run, "--color", "--color takes auto, always or never", NULL);
        return false;
    }
    cli_out_init(&run->out, stdout, when);
    cli_out_init(&run->err, stderr, when);
    return true;
}

static int32_t run_command(cli *run, int argc, char **argv)
{
    cli_misuse misuse = {"", ""};
    run->command = cli_command_find(argv[1]);
    if (!run->command)
        return unknown_command(run, argv[1]);
    const bool read =
        cli_args_read(&run->args, argc, argv, 2, run->command->groups | CLI_GROUP_OUTPUT,
                      run->command->operands, &misuse);
    run->json = run->args.value[OPT_JSON] != NULL;
    if (run->args.value[OPT_HELP]) {
        cli_help_command(&run->out, run->command);
        return CLI_OK;
    }
    if (!read)
        return cli_misused(run, "arguments", misuse.text, misuse.hint);
    return read_output_options(run) ? run->command->run(run) : CLI_REFUSED;
}

static bool is(const char *word, const char *a, const char *b, const char *c)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

static int32_t dispatch(cli *run, int argc, char **argv)
{
    ine_error *error = NULL;
    if (argc < 2) {
        cli_help(&run->err);
        return CLI_REFUSED;
    }
    if (is(argv[1], "help", "--help", "-h"))
        return help(run, argc, argv);
    if (ine_init(&error) != INE_OK) {
        ine_error_free(error);
        cli_misused(run, NULL, "the library can not start", NULL);
        return CLI_TROUBLE;
    }
    if (is(argv[1], "--version", "version", "-V"))
        return print_version(run);
    return run_command(run, argc, argv);
}

int main(int argc, char **argv)
{
    cli run = {.program = argc ? argv[0] : "ine"};
    cli_out_init(&run.out, stdout, CLI_COLOUR_AUTO);
    cli_out_init(&run.err, stderr, CLI_COLOUR_AUTO);
    const int32_t exit = dispatch(&run, argc, argv);
    /* a result that was not written is no result */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("ine: standard output could not be written\n", stderr);
        return CLI_TROUBLE;
    }
    return exit;
}
