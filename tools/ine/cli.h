/* What the commands share: one run of the program, its exit codes and its commands. */
#ifndef INE_CLI_H
#define INE_CLI_H

#include "args.h"
#include "term.h"

/* docs/cli.md holds the same table. */
enum {
    CLI_OK = 0,       /* verified; for other commands: done */
    CLI_NO = 1,       /* any other final outcome */
    CLI_REFUSED = 2,  /* refused locally: usage, input, settings */
    CLI_LATER = 3,    /* RETRY_LATER or PENDING */
    CLI_TROUBLE = 4,  /* transport, signature or server trouble */
    CLI_UNKNOWN = 5,  /* verdict UNKNOWN, or a lost reply */
    CLI_STOPPED = 130 /* Ctrl-C or SIGTERM */
};

typedef struct cli_command cli_command;

typedef struct cli {
    const char *program; /* argv[0] */
    const cli_command *command;
    cli_args args;
    cli_out out, err;
    int32_t language; /* INE_LANG_* */
    bool json;
} cli;

struct cli_command {
    const char *name; /* one word, or two as in "webhook verify" */
    const char *usage, *summary;
    int32_t (*run)(cli *run);
    uint32_t groups;      /* of options that it takes */
    int32_t operands;     /* words without "--" that it takes */
    int32_t optional;     /* of these may be left out, from the last on */
    const char *about;    /* what it does, for --help */
    const char *examples; /* lines that can be typed as they are */
};

extern const cli_command cli_commands[]; /* ends with a name of NULL */

/* One file each: cmd_<name>.c */
int32_t cli_cmd_verify(cli *run);
int32_t cli_cmd_explain(cli *run);
int32_t cli_cmd_check(cli *run);
int32_t cli_cmd_sign(cli *run);
int32_t cli_cmd_status(cli *run);
int32_t cli_cmd_resume(cli *run);
int32_t cli_cmd_webhook_verify(cli *run);
int32_t cli_cmd_listen(cli *run);
int32_t cli_cmd_doctor(cli *run);
int32_t cli_cmd_mrz(cli *run);
int32_t cli_cmd_curp(cli *run);
int32_t cli_cmd_redact(cli *run);
int32_t cli_cmd_evidence_make(cli *run);
int32_t cli_cmd_evidence_check(cli *run);
int32_t cli_cmd_registration_check(cli *run);

/* help.c */
void cli_help(cli_out *out);
void cli_help_command(cli_out *out, const cli_command *command);
/* The command that argv[*at] names, alone or with the word behind it; *at moves behind its name. */
const cli_command *cli_command_find(int argc, char **argv, int *at);

#endif
