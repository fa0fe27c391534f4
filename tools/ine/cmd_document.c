/* curp, mrz, registration check: what stands on a Mexican document, checked by itself. */
#include "file.h"
#include "received.h"
#include "settings.h"

#include <string.h>

#define TEXT_MAX   4096
#define RECORD_MAX (1u << 20)

static bool is_end(char c)
{
    return c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

/* The operand itself, or what standard input holds for "-" or nothing; white space around it is
 * the shell's or an editor's. The copy is wiped by cli_file_free(). */
static void read_text(cli *run, cli_file *file, const char *field, cli_problems *problems)
{
    const char *given = run->args.operands ? run->args.operand[0] : "-", *wrong = NULL;
    *file = (cli_file){NULL, 0};
    if (strcmp(given, "-") == 0) {
        wrong = cli_file_read(file, given, TEXT_MAX);
    } else {
        file->data = strdup(given);
        file->len = file->data ? strlen(given) : 0;
    }
    if (wrong)
        cli_problem_add(problems, field, "UNREADABLE", wrong);
    else if (file->len > TEXT_MAX)
        cli_problem_add(problems, field, "LENGTH", "this is far too long");
    while (file->len && is_end(file->data[file->len - 1]))
        file->len--;
}

static void print_problems(cli *run, const ine_report *report)
{
    cli_problems problems = {.count = 0};
    cli_problems_report(&problems, report);
    cli_problems_print(run, &run->out, &problems);
}

/* {"ok":...,"problems":[...]} without its first brace and what stands before "problems". */
static void finish_json(FILE *file, const ine_report *report)
{
    const ine_str json = ine_report_json(report);
    if (json.len)
        fprintf(file, "%.*s\n", (int)json.len - 1, json.ptr + 1);
}

static void begin_row(cli_out *out, const char *name)
{
    cli_pad(out, 2);
    cli_put(out, name);
    cli_pad(out, 22);
}

static void date_text(char out[11], int64_t date)
{
    const unsigned value = (unsigned)date % 100000000;
    snprintf(out, 11, "%04u-%02u-%02u", value / 10000, value / 100 % 100, value % 100);
}

static void headline(cli *run, bool ok, const char *es, const char *en)
{
    cli_out *out = &run->out;
    cli_colour(out, ok ? CLI_GREEN : CLI_RED);
    cli_put(out, ok ? "✓ " : "✗ ");
    cli_put(out, cli_say(run, es, en));
    cli_colour(out, CLI_PLAIN);
    cli_put(out, "\n");
}

static int32_t exit_of(const ine_report *report)
{
    return ine_report_errors(report) ? CLI_REFUSED : CLI_OK;
}

/* ---- curp */

static void print_curp(cli *run, const ine_report *report, int32_t birth, int32_t sex)
{
    char date[11];
    const char letter[2] = {(char)sex, '\0'};
    FILE *file = run->out.file;
    date_text(date, birth);
    if (run->json) {
        fputs("{\"birth\":", file);
        cli_json_text(file, (ine_str){birth ? date : NULL, 10});
        fputs(",\"sex\":", file);
        cli_json_text(file, (ine_str){sex ? letter : NULL, 1});
        putc(',', file);
        finish_json(file, report);
        return;
    }
    if (ine_report_errors(report))
        headline(run, false, "no puede ser una CURP", "this can not be a CURP");
    else
        headline(run, true, "la CURP está bien formada", "the CURP is well formed");
    if (birth) {
        begin_row(&run->out, cli_say(run, "nacimiento", "birth"));
        cli_put(&run->out, date);
        cli_put(&run->out, "\n");
    }
    if (sex) {
        begin_row(&run->out, cli_say(run, "sexo", "sex"));
        cli_put(&run->out, letter);
        cli_put(&run->out, "\n");
    }
    print_problems(run, report);
}

int32_t cli_cmd_curp(cli *run)
{
    cli_problems problems = {.count = 0};
    cli_file text;
    ine_options *options = NULL;
    ine_report *report = NULL;
    ine_error *error = NULL;
    int32_t birth, sex, exit;
    if (ine_options_new(&options, &error) != INE_OK)
        return cli_fail(run, error);
    cli_options_read(run, options, &problems, false);
    read_text(run, &text, "CURP", &problems);
    if (problems.errors) {
        exit = cli_refuse(run, &problems);
    } else if (ine_curp_check(&report, text.data ? text.data : "", text.len, options, &birth, &sex,
                              &error) != INE_OK) {
        exit = cli_fail(run, error);
    } else {
        print_curp(run, report, birth, sex);
        exit = exit_of(report);
    }
    ine_report_free(report);
    ine_options_free(options);
    cli_file_free(&text);
    return exit;
}

/* ---- mrz */

static const struct {
    int32_t field;
    const char *key, *es, *en;
    bool is_date;
} fields[] = {
    {INE_MRZ_CIC, "cic", "CIC", "CIC", false},
    {INE_MRZ_NUMBER, "number", "número de 13 dígitos", "13-digit number", false},
    {INE_MRZ_CITIZEN_ID, "citizen_id", "id. del ciudadano", "citizen id", false},
    {INE_MRZ_EMISSION, "emission", "emisión", "emission", false},
    {INE_MRZ_BIRTH, "birth", "nacimiento", "birth", true},
    {INE_MRZ_EXPIRY, "expiry", "vigencia", "expiry", true},
    {INE_MRZ_SEX, "sex", "sexo", "sex", false},
    {INE_MRZ_SURNAMES, "surnames", "apellidos", "surnames", false},
    {INE_MRZ_GIVEN, "given_names", "nombres", "given names", false},
};

#define FIELDS (sizeof fields / sizeof *fields)

/* The field's text; a date's in `date`. */
static ine_str mrz_text(const ine_mrz *mrz, size_t i, char date[11])
{
    int64_t number;
    ine_str text;
    if (ine_mrz_field(mrz, fields[i].field, &text, &number) != INE_FIELD_PRESENT)
        return (ine_str){NULL, 0};
    if (!fields[i].is_date)
        return text;
    date_text(date, number);
    return (ine_str){date, 10};
}

/* A name's '<' are spaces. */
static void print_name(cli_out *out, ine_str text)
{
    while (text.len) {
        const char *mark = memchr(text.ptr, '<', text.len);
        const size_t len = mark ? (size_t)(mark - text.ptr) : text.len;
        cli_put_foreign(out, (ine_str){text.ptr, len});
        if (mark)
            cli_put(out, " ");
        text = (ine_str){text.ptr + len + (mark != NULL), text.len - len - (mark != NULL)};
    }
}

static void print_mrz(cli *run, const ine_mrz *mrz)
{
    char date[11];
    const ine_report *report = ine_mrz_report(mrz);
    FILE *file = run->out.file;
    if (!run->json) {
        if (ine_report_errors(report))
            headline(run, false, "no se lee como el reverso de una credencial del INE",
                     "this does not read as the back of an INE card");
        else
            headline(run, true, "reverso de una credencial del INE", "the back of an INE card");
    }
    for (size_t i = 0; i < FIELDS; i++) {
        const ine_str text = mrz_text(mrz, i, date);
        if (run->json) {
            fprintf(file, "%s\"%s\":", i ? "," : "{", fields[i].key);
            cli_json_text(file, text);
        } else if (text.len) {
            begin_row(&run->out, cli_say(run, fields[i].es, fields[i].en));
            print_name(&run->out, text);
            cli_put(&run->out, "\n");
        }
    }
    explicit_bzero(date, sizeof date);
    if (!run->json) {
        print_problems(run, report);
        return;
    }
    putc(',', file);
    finish_json(file, report);
}

int32_t cli_cmd_mrz(cli *run)
{
    cli_problems problems = {.count = 0};
    cli_file text;
    ine_mrz *mrz = NULL;
    ine_error *error = NULL;
    int32_t exit;
    read_text(run, &text, "mrz", &problems);
    if (problems.errors) {
        exit = cli_refuse(run, &problems);
    } else if (ine_mrz_read(&mrz, text.data, text.len, NULL, &error) != INE_OK) {
        exit = cli_fail(run, error);
    } else {
        print_mrz(run, mrz);
        exit = exit_of(ine_mrz_report(mrz));
    }
    ine_mrz_free(mrz);
    cli_file_free(&text);
    return exit;
}

/* ---- registration check */

static int32_t print_registration(cli *run, const ine_report *report)
{
    if (run->json) {
        const ine_str json = ine_report_json(report);
        fprintf(run->out.file, "%.*s\n", (int)json.len, json.ptr ? json.ptr : "");
        return exit_of(report);
    }
    if (ine_report_errors(report))
        headline(run, false, "al registro le falta algo", "the record is not ready");
    else
        headline(run, true, "el registro está completo", "the record is complete");
    print_problems(run, report);
    return exit_of(report);
}

int32_t cli_cmd_registration_check(cli *run)
{
    cli_problems problems = {.count = 0};
    cli_file file;
    ine_report *report = NULL;
    ine_error *error = NULL;
    int32_t exit;
    const char *wrong = cli_file_read(&file, run->args.operand[0], RECORD_MAX);
    if (wrong)
        cli_problem_add(&problems, "FILE", "UNREADABLE", wrong);
    else if (file.len > RECORD_MAX)
        cli_problem_add(&problems, "FILE", "TOO_LARGE", "no registration record is that large");
    if (problems.errors)
        exit = cli_refuse(run, &problems);
    else if (ine_registration_check(&report, file.data ? file.data : "", file.len, &error) !=
             INE_OK)
        exit = cli_fail_local(run, error);
    else
        exit = print_registration(run, report);
    ine_report_free(report);
    cli_file_free(&file);
    return exit;
}
