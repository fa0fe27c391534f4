#include "delivery.h"

#include <string.h>

#define HEADERS_MAX (64u * 1024)
#define SECRET_MAX  1024

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static ine_str trim(ine_str text)
{
    while (text.len && is_space(text.ptr[0]))
        text = (ine_str){text.ptr + 1, text.len - 1};
    while (text.len && is_space(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

/* "Name: value"; the name is a token [RFC 9110 5.6.2]. */
static bool add(cli_delivery *delivery, ine_str line)
{
    const char *colon = line.len ? memchr(line.ptr, ':', line.len) : NULL;
    const size_t name = colon ? (size_t)(colon - line.ptr) : 0;
    if (!name || delivery->count == CLI_HEADERS)
        return false;
    for (size_t i = 0; i < name; i++) {
        if (line.ptr[i] <= ' ' || line.ptr[i] >= 0x7f)
            return false;
    }
    delivery->names[delivery->count] = (ine_str){line.ptr, name};
    delivery->values[delivery->count++] = trim((ine_str){colon + 1, line.len - name - 1});
    return true;
}

/* The first line of a saved request, as in "POST /webhooks/veriff HTTP/1.1". */
static bool is_request_line(ine_str line)
{
    for (size_t i = 0; i + 6 <= line.len; i++) {
        if (memcmp(line.ptr + i, " HTTP/", 6) == 0)
            return true;
    }
    return false;
}

/* As saved from a log, from curl -v ("> Name: value") or from HTTP/2 (":authority"). */
static bool add_lines(cli_delivery *delivery, ine_str text)
{
    for (size_t at = 0; at < text.len;) {
        const char *start = text.ptr + at, *end = memchr(start, '\n', text.len - at);
        const size_t len = end ? (size_t)(end - start) : text.len - at;
        ine_str line = trim((ine_str){start, len});
        const bool first = at == 0;
        at += len + 1;
        if (line.len >= 2 && line.ptr[0] == '>' && is_space(line.ptr[1]))
            line = trim((ine_str){line.ptr + 2, line.len - 2});
        if (!line.len || line.ptr[0] == ':' || (first && is_request_line(line)))
            continue;
        if (!add(delivery, line))
            return false;
    }
    return true;
}

static void read_headers_file(cli *run, cli_delivery *delivery, cli_problems *problems)
{
    const char *path = run->args.value[OPT_HEADERS];
    if (!path)
        return;
    const char *wrong = cli_file_read(&delivery->headers, path, HEADERS_MAX);
    if (wrong)
        cli_problem_add(problems, "--headers", "UNREADABLE", wrong);
    else if (delivery->headers.len > HEADERS_MAX)
        cli_problem_add(problems, "--headers", "TOO_LARGE", "no request has as many headers");
    else if (!add_lines(delivery, (ine_str){delivery->headers.data, delivery->headers.len}))
        cli_problem_add(problems, "--headers", "FORMAT",
                        "one header a line, as in x-auth-client: UUID, and at most 64 of them");
}

static void read_body(cli_delivery *delivery, const char *path, cli_problems *problems)
{
    const char *wrong = path ? cli_file_read(&delivery->body, path, CLI_WEBHOOK_BODY) : NULL;
    if (wrong)
        cli_problem_add(problems, "--body", "UNREADABLE", wrong);
    else if (delivery->body.len > CLI_WEBHOOK_BODY)
        cli_problem_add(problems, "--body", "TOO_LARGE", "a webhook's body has at most 1 MiB");
}

/* Standard input can be read once. */
static void check_inputs(cli *run, const char *body, cli_problems *problems)
{
    const char *const paths[] = {body, run->args.value[OPT_HEADERS],
                                 run->args.value[OPT_SECRET_FILE],
                                 run->args.value[OPT_OLD_SECRET_FILE]};
    int32_t inputs = 0;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        inputs += paths[i] && strcmp(paths[i], "-") == 0;
    if (inputs > 1)
        cli_problem_add(problems, "arguments", "VALUE",
                        "only one of body, headers and secrets can come from standard input; "
                        "the body does when --body is left out");
}

void cli_delivery_read(cli *run, cli_delivery *delivery, const char *path, cli_problems *problems)
{
    *delivery = (cli_delivery){.count = 0};
    check_inputs(run, path, problems);
    if (problems->errors)
        return;
    for (int32_t i = 0; i < run->args.headers; i++) {
        if (!add(delivery, (ine_str){run->args.header[i], strlen(run->args.header[i])})) {
            cli_problem_add(problems, "--header", "FORMAT",
                            "as in --header 'x-auth-client: UUID', at most 64 times");
            break;
        }
    }
    read_headers_file(run, delivery, problems);
    read_body(delivery, path, problems);
}

void cli_delivery_free(cli_delivery *delivery)
{
    cli_file_free(&delivery->headers);
    cli_file_free(&delivery->body);
}

void cli_old_secret(cli *run, ine_credentials *credentials, cli_problems *problems)
{
    const char *path = run->args.value[OPT_OLD_SECRET_FILE];
    cli_file secret = {NULL, 0};
    ine_error *error = NULL;
    if (!path || !credentials)
        return;
    const char *wrong = cli_file_read(&secret, path, SECRET_MAX);
    if (wrong)
        cli_problem_add(problems, "--old-secret-file", "UNREADABLE", wrong);
    else if (ine_credentials_add_secret(credentials, "old", 3, secret.data ? secret.data : "",
                                        secret.len, &error) != INE_OK)
        cli_problem_error(problems, "--old-secret-file", error);
    cli_file_free(&secret);
}

int32_t cli_receiver(ine_webhooks **out, const ine_credentials *credentials, ine_error **error)
{
    int32_t code = ine_webhooks_new(out, error);
    if (code == INE_OK)
        code = ine_webhooks_add(*out, credentials, error);
    if (code == INE_OK)
        code = ine_webhooks_set_limit(*out, (int64_t)CLI_WEBHOOK_BODY, error);
    return code;
}
