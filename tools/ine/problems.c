#include "problems.h"

#include "words.h"

#include <string.h>

static ine_str view(const char *text)
{
    return (ine_str){text, text ? strlen(text) : 0};
}

static void add(cli_problems *problems, const cli_problem *problem)
{
    problems->errors += problem->is_error;
    if (problems->count < CLI_PROBLEMS)
        problems->items[problems->count++] = *problem;
}

void cli_problem_add(cli_problems *problems, const char *field, const char *code, const char *hint)
{
    const cli_problem problem = {view(field), view(code), view(hint), true};
    add(problems, &problem);
}

static bool has_error(const cli_problems *problems, ine_str field)
{
    for (size_t i = 0; i < problems->count; i++) {
        const cli_problem *problem = &problems->items[i];
        if (problem->is_error && problem->field.len == field.len && field.len &&
            memcmp(problem->field.ptr, field.ptr, field.len) == 0)
            return true;
    }
    return false;
}

void cli_problems_report(cli_problems *problems, const ine_report *report)
{
    const cli_problems before = *problems;
    for (size_t i = 0; i < ine_report_count(report); i++) {
        cli_problem problem = {{NULL, 0}, {NULL, 0}, {NULL, 0}, false};
        int32_t code, is_error;
        ine_report_item(report, i, NULL, &problem.field, &code, &is_error, &problem.hint);
        problem.code = ine_name(INE_NAMES_PROBLEM, code);
        problem.is_error = is_error != 0;
        if (!has_error(&before, problem.field))
            add(problems, &problem);
    }
}

void cli_problem_error(cli_problems *problems, const char *field, ine_error *error)
{
    const ine_str named = ine_error_str(error, INE_DETAIL_FIELD);
    const cli_problem problem = {named.ptr ? named : view(field),
                                 ine_error_str(error, INE_DETAIL_CODE), ine_error_text(error),
                                 true};
    add(problems, &problem); /* its texts are literals of the library */
    ine_error_free(error);
}

void cli_json_text(FILE *file, ine_str text)
{
    if (!text.ptr) {
        fputs("null", file);
        return;
    }
    putc('"', file);
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];
        if (c < 0x20 || c == 0x7f)
            fprintf(file, "\\u%04x", c);
        else if (c == '"' || c == '\\')
            fprintf(file, "\\%c", c);
        else
            putc(c, file);
    }
    putc('"', file);
}

static void json_member(FILE *file, const char *key, ine_str text, const char *after)
{
    fprintf(file, "\"%s\":", key);
    cli_json_text(file, text);
    fputs(after, file);
}

static void json_list(FILE *file, const cli_problems *problems)
{
    fputs("\"problems\":[", file);
    for (size_t i = 0; i < problems->count; i++) {
        const cli_problem *problem = &problems->items[i];
        fputs(i ? ",{" : "{", file);
        json_member(file, "field", problem->field, ",");
        json_member(file, "code", problem->code, ",");
        json_member(file, "severity", view(problem->is_error ? "error" : "warning"), ",");
        json_member(file, "hint", problem->hint, "}");
    }
    putc(']', file);
}

static void print_one(cli_out *out, const cli_problem *problem)
{
    cli_put(out, "  ");
    cli_colour(out, problem->is_error ? CLI_RED : CLI_YELLOW);
    cli_put(out, problem->is_error ? "✗" : "!");
    cli_colour(out, CLI_PLAIN);
    cli_put(out, " ");
    cli_put_foreign(out, problem->field);
    cli_pad(out, 28);
    cli_put_foreign(out, problem->code);
    if (!problem->is_error)
        cli_put(out, " (warning)");
    cli_put(out, "\n");
    cli_pad(out, 6);
    cli_wrap(out, 6, problem->hint);
    cli_put(out, "\n");
}

static void print_list(cli_out *out, const cli_problems *problems, bool warnings_only)
{
    for (size_t i = 0; i < problems->count; i++) {
        if (!warnings_only || !problems->items[i].is_error)
            print_one(out, &problems->items[i]);
    }
}

void cli_problems_print(cli *run, cli_out *out, const cli_problems *problems)
{
    if (run->json) {
        fprintf(out->file, "{\"ok\":%s,", problems->errors ? "false" : "true");
        json_list(out->file, problems);
        fputs("}\n", out->file);
        return;
    }
    print_list(out, problems, false);
}

static void headline(cli *run, const char *text)
{
    cli_put(&run->err, "ine ");
    if (run->command) {
        cli_put(&run->err, run->command->name);
    }
    cli_put(&run->err, ": ");
    cli_put(&run->err, text);
    cli_put(&run->err, "\n");
}

int32_t cli_refuse(cli *run, const cli_problems *problems)
{
    if (!run->json) {
        headline(run, "refused, nothing was sent");
        print_list(&run->err, problems, false);
        return CLI_REFUSED;
    }
    cli_problem first = problems->items[0];
    for (size_t i = 0; i < problems->count && !first.is_error; i++)
        first = problems->items[i];
    FILE *file = run->out.file;
    fputs("{\"error\":{\"code\":\"INPUT\",", file);
    json_member(file, "field", first.field, ",\"http_status\":null,\"retryable\":false,");
    fputs("\"sent\":\"no\",\"session\":null,\"class\":\"InputError\",", file);
    fputs("\"message\":\"refused, nothing was sent\",", file);
    json_member(file, "hint", first.hint,
                ",\"api_code\":null,\"retry_after_ms\":null,\"step\":\"check\",");
    json_list(file, problems);
    fputs("}}\n", file);
    return CLI_REFUSED;
}

void cli_warn(cli *run, const cli_problems *problems)
{
    if (run->json || problems->count == problems->errors)
        return;
    headline(run, "worth a look:");
    print_list(&run->err, problems, true);
}

int32_t cli_misused(cli *run, const char *field, const char *text, const char *hint)
{
    cli_problems problems = {.count = 0};
    if (run->json) {
        cli_problem_add(&problems, field, "USAGE", hint ? hint : text);
        return cli_refuse(run, &problems);
    }
    headline(run, text);
    if (hint) {
        cli_pad(&run->err, 2);
        cli_wrap(&run->err, 2, view(hint));
        cli_put(&run->err, "\n");
    }
    return CLI_REFUSED;
}

/* Classes whose exit code does not depend on anything else. */
static const struct {
    int32_t class, exit;
} exits[] = {
    {INE_CLASS_INPUT, CLI_REFUSED},      {INE_CLASS_OUTCOME_UNKNOWN, CLI_UNKNOWN},
    {INE_CLASS_CANCELLED, CLI_STOPPED},  {INE_CLASS_AUTH, CLI_TROUBLE},
    {INE_CLASS_NOT_FOUND, CLI_TROUBLE},  {INE_CLASS_CONFLICT, CLI_TROUBLE},
    {INE_CLASS_RATE_LIMIT, CLI_TROUBLE}, {INE_CLASS_SERVER, CLI_TROUBLE},
    {INE_CLASS_TRANSPORT, CLI_TROUBLE},  {INE_CLASS_REPLY, CLI_TROUBLE},
    {INE_CLASS_WEBHOOK_REFUSED, CLI_NO},
};

int32_t cli_error_exit(const ine_error *error)
{
    const int32_t code = ine_error_code(error), class = ine_code_class(code);
    /* STATE with a field: resume needs an image that was not given */
    if (code == INE_E_CONFIG || code == INE_E_LIMIT ||
        (code == INE_E_STATE && ine_error_str(error, INE_DETAIL_FIELD).ptr))
        return CLI_REFUSED;
    /* what a server refused was not refused here */
    if (class == INE_CLASS_INPUT && ine_error_number(error, INE_DETAIL_HTTP_STATUS) > 0)
        return CLI_TROUBLE;
    /* the time was up while the decision was awaited: it is pending */
    if (class == INE_CLASS_DEADLINE)
        return ine_error_number(error, INE_DETAIL_STEP) == INE_STEP_WAIT ? CLI_LATER : CLI_TROUBLE;
    for (size_t i = 0; i < sizeof exits / sizeof *exits; i++) {
        if (exits[i].class == class)
            return exits[i].exit;
    }
    return CLI_TROUBLE;
}

static void detail(cli_out *out, const char *name, ine_str text)
{
    if (!text.ptr)
        return;
    cli_put(out, "  ");
    cli_put(out, name);
    cli_pad(out, 14);
    cli_wrap(out, 14, text);
    cli_put(out, "\n");
}

static void detail_number(cli_out *out, const char *name, int64_t number)
{
    if (number < 0)
        return;
    cli_put(out, "  ");
    cli_put(out, name);
    cli_pad(out, 14);
    cli_put_number(out, number);
    cli_put(out, "\n");
}

static void print_error(cli *run, const ine_error *error)
{
    cli_out *out = &run->err;
    cli_problems problems = {.count = 0};
    cli_put(out, "ine ");
    cli_put(out, run->command->name);
    cli_put(out, ": ");
    cli_wrap(out, 4, ine_error_text(error));
    cli_put(out, "\n");
    if (ine_error_report(error)) {
        cli_problems_report(&problems, ine_error_report(error));
        print_list(out, &problems, false);
        return;
    }
    detail(out, "error", ine_error_str(error, INE_DETAIL_CODE));
    detail(out, "field", ine_error_str(error, INE_DETAIL_FIELD));
    detail(out, "hint", ine_error_str(error, INE_DETAIL_HINT));
    detail(out, "step", ine_error_str(error, INE_DETAIL_STEP));
    detail_number(out, "HTTP status", ine_error_number(error, INE_DETAIL_HTTP_STATUS));
    detail_number(out, "API code", ine_error_number(error, INE_DETAIL_API_CODE));
    detail_number(out, "byte offset", ine_error_number(error, INE_DETAIL_OFFSET));
    detail(out, "sent", ine_error_str(error, INE_DETAIL_SENT));
    detail(out, "session", ine_error_str(error, INE_DETAIL_SESSION_ID));
    if (ine_error_number(error, INE_DETAIL_CLASS) == INE_CLASS_OUTCOME_UNKNOWN)
        detail(out, "next", view(cli_word(run->language, WORD_FIND)));
    if (ine_error_str(error, INE_DETAIL_SESSION_ID).ptr)
        detail(out, "next", view(cli_word(run->language, WORD_RESUME)));
}

int32_t cli_fail(cli *run, ine_error *error)
{
    const int32_t exit = cli_error_exit(error);
    if (run->json) {
        const ine_str json = ine_error_json(error);
        fwrite(json.ptr, 1, json.len, run->out.file);
        putc('\n', run->out.file);
    } else {
        print_error(run, error);
    }
    ine_error_free(error);
    return exit;
}

int32_t cli_fail_local(cli *run, ine_error *error)
{
    cli_fail(run, error);
    return CLI_REFUSED;
}
