#include "term.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define FOREIGN_MAX 200
#define WIDTH_MAX   110

/* Letters, signs and lines of our texts for locales that have ASCII only. One column each. */
static const struct {
    uint32_t code;
    const char *ascii;
} ascii[] = {
    {0xe1, "a"},    {0xe9, "e"},   {0xed, "i"},   {0xf3, "o"},   {0xfa, "u"},   {0xfc, "u"},
    {0xf1, "n"},    {0xc1, "A"},   {0xc9, "E"},   {0xcd, "I"},   {0xd3, "O"},   {0xda, "U"},
    {0xdc, "U"},    {0xd1, "N"},   {0xbf, "?"},   {0xa1, "!"},   {0xab, "\""},  {0xbb, "\""},
    {0xb7, "-"},    {0x2013, "-"}, {0x2014, "-"}, {0x2018, "'"}, {0x2019, "'"}, {0x201c, "\""},
    {0x201d, "\""}, {0x2026, "."}, {0x2500, "-"}, {0x2502, "|"}, {0x2514, "`"}, {0x251c, "|"},
    {0x2713, "+"},  {0x2717, "X"}, {0x21b7, ">"}, {0x25cb, "o"}, {0x25c0, "<"}, {0x2588, "#"},
    {0x2591, "."},
};

const char *cli_variable(const char *name)
{
    /* nothing here ever sets one */
    return getenv(name); /* NOLINT(concurrency-mt-unsafe) */
}

static const char *locale_of(const char *category)
{
    const char *all = cli_variable("LC_ALL"), *one = cli_variable(category),
               *lang = cli_variable("LANG");
    if (all && *all)
        return all;
    if (one && *one)
        return one;
    return lang ? lang : "";
}

int32_t cli_language(void)
{
    const char *locale = locale_of("LC_MESSAGES");
    const bool spanish = strncasecmp(locale, "es", 2) == 0 &&
                         (locale[2] == '\0' || locale[2] == '_' || locale[2] == '.' ||
                          locale[2] == '-' || locale[2] == '@');
    return spanish ? INE_LANG_ES_MX : INE_LANG_EN;
}

static bool locale_is_utf8(void)
{
    const char *locale = locale_of("LC_CTYPE");
    return strcasestr(locale, "utf-8") || strcasestr(locale, "utf8");
}

static bool wants_colour(const cli_out *out, int32_t colour)
{
    const char *no = cli_variable("NO_COLOR"), *term = cli_variable("TERM");
    if (colour != CLI_COLOUR_AUTO)
        return colour == CLI_COLOUR_ALWAYS;
    return out->terminal && !(no && *no) && !(term && strcmp(term, "dumb") == 0);
}

static int32_t window_width(FILE *file)
{
    struct winsize size;
    if (ioctl(fileno(file), TIOCGWINSZ, &size) != 0 || size.ws_col < 20)
        return 80;
    return size.ws_col < WIDTH_MAX ? size.ws_col : WIDTH_MAX;
}

void cli_out_init(cli_out *out, FILE *file, int32_t colour)
{
    *out = (cli_out){.file = file, .terminal = isatty(fileno(file)) == 1, .width = 80};
    out->colour = wants_colour(out, colour);
    out->utf8 = locale_is_utf8();
    if (out->terminal)
        out->width = window_width(file);
}

/* The character at *p and behind it; 0xfffd for what is not UTF-8. */
static uint32_t take(const char **p, const char *end)
{
    const unsigned char first = (unsigned char)**p;
    const size_t len = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    uint32_t code = len == 1 ? first : first & (0xffu >> (len + 1));
    if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || (size_t)(end - *p) < len) {
        (*p)++;
        return 0xfffd;
    }
    for (size_t i = 1; i < len; i++) {
        const unsigned char next = (unsigned char)(*p)[i];
        if ((next & 0xc0) != 0x80) {
            (*p)++;
            return 0xfffd;
        }
        code = code << 6 | (next & 0x3f);
    }
    *p += len;
    return code;
}

static void put_code(cli_out *out, uint32_t code, const char *bytes, size_t len)
{
    if (code == '\n') {
        putc('\n', out->file);
        out->column = 0;
        return;
    }
    out->column++;
    if (code < 0x80 || out->utf8) {
        fwrite(bytes, 1, len, out->file);
        return;
    }
    for (size_t i = 0; i < sizeof ascii / sizeof *ascii; i++) {
        if (ascii[i].code == code) {
            fputs(ascii[i].ascii, out->file);
            return;
        }
    }
    putc('?', out->file);
}

static void put(cli_out *out, ine_str text)
{
    const char *p = text.ptr, *end = text.ptr + text.len;
    while (p < end) {
        const char *start = p;
        const uint32_t code = take(&p, end);
        put_code(out, code, start, (size_t)(p - start));
    }
}

void cli_put(cli_out *out, const char *text)
{
    put(out, (ine_str){text, strlen(text)});
}

/* Moves the cursor, hides, or turns the direction of what is around it. */
static bool is_treacherous(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad || code == 0x61c ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2060 && code <= 0x206f) || (code >= 0xd800 && code <= 0xf8ff) ||
           code == 0xfeff || code >= 0xfff9;
}

void cli_put_foreign(cli_out *out, ine_str text)
{
    const char *p = text.ptr, *end = text.ptr + text.len;
    for (int32_t count = 0; p < end; count++) {
        const char *start = p;
        const uint32_t code = take(&p, end);
        if (count == FOREIGN_MAX) {
            cli_put(out, "…");
            return;
        }
        if (is_treacherous(code))
            put_code(out, '?', "?", 1);
        else
            put_code(out, code, start, (size_t)(p - start));
    }
}

void cli_put_number(cli_out *out, int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)number);
    cli_put(out, text);
}

void cli_pad(cli_out *out, int32_t column)
{
    do
        cli_put(out, " ");
    while (out->column < column);
}

void cli_colour(cli_out *out, int32_t colour)
{
    static const char *const codes[] = {
        [CLI_PLAIN] = "\033[0m",   [CLI_RED] = "\033[1;31m", [CLI_GREEN] = "\033[32m",
        [CLI_YELLOW] = "\033[33m", [CLI_DIM] = "\033[2m",    [CLI_BOLD] = "\033[1m",
    };
    if (out->colour)
        fputs(codes[colour], out->file);
}

static int32_t columns(ine_str text)
{
    int32_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += (text.ptr[i] & 0xc0) != 0x80;
    return count;
}

int32_t cli_columns(const char *text)
{
    return columns((ine_str){text, strlen(text)});
}

void cli_wrap(cli_out *out, int32_t indent, ine_str text)
{
    size_t at = 0;
    bool first = true;
    while (at < text.len) {
        ine_str word = {text.ptr + at, 0};
        while (at + word.len < text.len && word.ptr[word.len] != ' ')
            word.len++;
        if (!first && out->column + 1 + columns(word) > out->width) {
            cli_put(out, "\n");
            if (indent)
                cli_pad(out, indent);
        } else if (!first) {
            cli_put(out, " ");
        }
        cli_put_foreign(out, word);
        first = false;
        at += word.len + 1;
    }
}
