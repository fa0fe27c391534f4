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
    {.name = "webhook verify",
     .usage = "webhook verify [--header 'NAME: VALUE']... [--headers FILE] [--body FILE|-]",
     .summary = "is a delivery genuine, and what does it say?",
     .run = cli_cmd_webhook_verify,
     .groups = CLI_GROUP_DELIVERY | CLI_GROUP_CREDENTIALS | CLI_GROUP_OLD_SECRET |
               CLI_GROUP_VERDICT | CLI_GROUP_OUTPUT,
     .about = "Takes the headers and the raw body of a webhook, byte for byte, and checks the "
              "signature before anything else. Exit code 0: genuine, whatever the decision is; 4: "
              "refused, and standard error says why. The body comes from standard input unless "
              "--body is given.",
     .examples =
         "printf %s \"$BODY\" | ine webhook verify --header \"x-hmac-signature: $SIGNATURE\" "
         "--header \"x-auth-client: $INE_API_KEY\"\n"
         "ine webhook verify --headers headers.txt --body body.json --json | jq .verdict"},
    {.name = "listen",
     .usage = "listen [--port NUMBER] [--db FILE] [--keep-bodies DIR] [options]",
     .summary = "receive webhooks, verify them and print a line for each",
     .run = cli_cmd_listen,
     .groups = CLI_GROUP_LISTEN | CLI_GROUP_CREDENTIALS | CLI_GROUP_OLD_SECRET | CLI_GROUP_VERDICT |
               CLI_GROUP_OUTPUT,
     .about = "Answers 200 to a genuine delivery once it is stored, 401 to any other and 500 when "
              "it could not be stored, so that Veriff sends it again. Each line says new, "
              "duplicate, superseded (an earlier delivery counts in its place), refused or "
              "unreadable, with ids and the verdict but nothing of the person. A line is written "
              "before its delivery is acknowledged, so after a crash one may come twice. Ends with "
              "Ctrl-C or SIGTERM.",
     .examples =
         "ine listen --port 8080 --db deliveries.db\n"
         "ine listen --port 8443 --tls-cert cert.pem --tls-key key.pem --address 0.0.0.0 "
         "--allow-remote --db deliveries.db\n"
         "ine listen --port 8080 --db deliveries.db --json | jq -r 'select(.result==\"new\")'"},
    {.name = "doctor",
     .usage = "doctor [--header 'NAME: VALUE']... [--headers FILE] [--body FILE|-] [--connect]",
     .summary = "why does this signature not fit? what is wrong with my settings?",
     .run = cli_cmd_doctor,
     .groups = CLI_GROUP_DELIVERY | CLI_GROUP_CREDENTIALS | CLI_GROUP_OLD_SECRET |
               CLI_GROUP_SETTINGS | CLI_GROUP_DOCTOR | CLI_GROUP_OUTPUT,
     .about = "Looks at the settings, and with a delivery tries what usually goes wrong: a body "
              "that was parsed and written again, a line end too many, a secret that was trimmed, "
              "the API key in the secret's place, the old signing scheme. Prints no secret. Exit "
              "code 0: nothing found; 4: something found.",
     .examples = "ine doctor\n"
                 "ine doctor --headers headers.txt --body body.json --lang es\n"
                 "ine doctor --connect --json"},
    {.name = "curp",
     .usage = "curp [CURP|-] [--strict LIST] [options]",
     .summary = "check a CURP by itself",
     .run = cli_cmd_curp,
     .groups = CLI_GROUP_STRICT | CLI_GROUP_OUTPUT,
     .operands = 1,
     .optional = 1,
     .about = "Form, date, state, check digit. A CURP is personal data, and others on this machine "
              "can read your command line: give it on standard input. Exit code 0: it can be one; "
              "2: it can not.",
     .examples = "ine curp < curp.txt\n"
                 "ine curp --strict all --json < curp.txt"},
    {.name = "mrz",
     .usage = "mrz [TEXT|-] [options]",
     .summary = "read the back of an INE card: the CIC and what stands beside it",
     .run = cli_cmd_mrz,
     .groups = CLI_GROUP_OUTPUT,
     .operands = 1,
     .optional = 1,
     .about = "Takes one to three lines of 30 characters, joined or one a line, checks their check "
              "digits and prints the fields. They are personal data, and others on this machine "
              "can read your command line: give them on standard input. Exit code 0: they read "
              "well; 2: they do not.",
     .examples = "ine mrz < mrz.txt\n"
                 "ine mrz --json < mrz.txt | jq -r .cic"},
    {.name = "redact",
     .usage = "redact FILE|-",
     .summary = "a decision that is safe to put into a ticket",
     .run = cli_cmd_redact,
     .groups = CLI_GROUP_OUTPUT,
     .operands = 1,
     .about =
         "Keeps ids, states, codes, times and checks and puts \"[redacted]\" in place of every "
         "other value, unknown members included.",
     .examples = "ine redact decision.json > ticket.json"},
    {.name = "evidence make",
     .usage = "evidence make FILE|- [options]",
     .summary = "an auditor's record of a decision, without personal data",
     .run = cli_cmd_evidence_make,
     .groups = CLI_GROUP_EVIDENCE | CLI_GROUP_VERDICT | CLI_GROUP_OUTPUT,
     .operands = 1,
     .about = "Prints one JSON object: the SHA-256 of the exact body, ids, codes, times, what the "
              "decision was taken to mean, and what you know of its origin and of the consent. "
              "Keep the body too: the record is checked against it.",
     .examples = "ine evidence make decision.json --source webhook --received-at "
                 "2026-04-01T10:01:07Z > record.json\n"
                 "ine evidence check record.json decision.json"},
    {.name = "evidence check",
     .usage = "evidence check RECORD BODY",
     .summary = "does a record belong to a body, and does its verdict follow?",
     .run = cli_cmd_evidence_check,
     .groups = CLI_GROUP_OUTPUT,
     .operands = 2,
     .about = "Compares the SHA-256 and interprets the body again. Exit code 0: yes; 4: no; 2: one "
              "of them can not be read.",
     .examples = "ine evidence check record.json decision.json"},
    {.name = "registration check",
     .usage = "registration check FILE|-",
     .summary = "check the record that your institution gives to Veriff for FIMPE",
     .run = cli_cmd_registration_check,
     .groups = CLI_GROUP_OUTPUT,
     .operands = 1,
     .about = "A JSON object with encryptionKey, endpointUrl, institutionId, stationId, latitude, "
              "longitude, postalCode, city and state. Finds every problem at once and repeats no "
              "value. Exit code 0: complete; 2: not.",
     .examples = "ine registration check registration.json --json"},
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

/* "webhook" alone is the beginning of "webhook verify". */
static const char *beginning_with(const char *word)
{
    const size_t len = strlen(word);
    for (const cli_command *command = cli_commands; command->name; command++) {
        if (strncmp(command->name, word, len) == 0 && command->name[len] == ' ')
            return command->name;
    }
    return NULL;
}

static int32_t unknown_command(cli *run, const char *word)
{
    char text[96] = "there is no such command", hint[96] = "ine help lists the commands";
    if (cli_printable_word(word, strlen(word))) {
        const char *longer = beginning_with(word);
        const char *near = longer ? longer : cli_nearest(word, next_command, NULL);
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
    int at = 2;
    const cli_command *command = argc > 2 ? cli_command_find(argc, argv, &at) : NULL;
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
    int first = 1;
    run->command = cli_command_find(argc, argv, &first);
    if (!run->command)
        return unknown_command(run, argv[1]);
    const bool read =
        cli_args_read(&run->args, argc, argv, first, run->command->groups | CLI_GROUP_OUTPUT,
                      run->command->operands, run->command->optional, &misuse);
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
