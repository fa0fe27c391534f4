/* What a terminal shows: colour, width, and the characters that its locale has. */
#ifndef INE_CLI_TERM_H
#define INE_CLI_TERM_H

#include "ine.h"

#include <stdbool.h>
#include <stdio.h>

enum { CLI_PLAIN = 0, CLI_RED, CLI_GREEN, CLI_YELLOW, CLI_DIM, CLI_BOLD };
enum { CLI_COLOUR_AUTO = 0, CLI_COLOUR_ALWAYS, CLI_COLOUR_NEVER };

typedef struct cli_out {
    FILE *file;
    bool terminal, colour, utf8;
    int32_t width;  /* of a line */
    int32_t column; /* where the next character goes */
} cli_out;

/* A variable of the environment; NULL when it is not set. */
const char *cli_variable(const char *name);

/* Finds out about `file`: NO_COLOR, TERM, the window's width, the locale's characters. */
void cli_out_init(cli_out *out, FILE *file, int32_t colour);
/* INE_LANG_ES_MX for a Spanish locale, else INE_LANG_EN. */
int32_t cli_language(void);

/* Our own text, UTF-8; other locales get the nearest ASCII. */
void cli_put(cli_out *out, const char *text);
/* Text from outside: control and direction characters become '?', and it is cut at 200. */
void cli_put_foreign(cli_out *out, ine_str text);
void cli_put_number(cli_out *out, int64_t number);
/* Spaces up to a column; at least one. */
void cli_pad(cli_out *out, int32_t column);
void cli_colour(cli_out *out, int32_t colour);
/* Words from the current column on, broken at the width, later lines begin at `indent`. */
void cli_wrap(cli_out *out, int32_t indent, ine_str text);
/* Columns that a text of ours takes. */
int32_t cli_columns(const char *text);

#endif
