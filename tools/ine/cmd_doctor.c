/* doctor: what is wrong with the settings, and why does a signature not fit? Nothing that it prints
 * holds a secret, a header's value or a byte of the body. */
#include "delivery.h"
#include "received.h"
#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#define SECRET_MAX 1024
#define CA_MAX     (16u * 1024 * 1024)

typedef struct doctor {
    cli *run;
    cli_problems found;
    cli_file secret;
    ine_credentials *credentials; /* NULL when key or secret can not be used */
    const char *examined[8];
    size_t count;
} doctor;

static void examined(doctor *d, const char *what)
{
    d->examined[d->count++] = what;
}

static void finding(doctor *d, const char *field, const char *code, const char *es, const char *en)
{
    cli_problem_add(&d->found, field, code, cli_say(d->run, es, en));
}

/* ---- The secret, as it is: a receiver would use it so. */

static bool is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool ends_in(const cli_file *text, const char *set)
{
    return text->len && strchr(set, text->data[text->len - 1]) && text->data[text->len - 1];
}

static bool has_quotes(const cli_file *text)
{
    return text->len >= 2 && text->data[0] == text->data[text->len - 1] &&
           (text->data[0] == '"' || text->data[0] == '\'');
}

static bool same(const cli_file *text, const char *other)
{
    const size_t len = other ? strlen(other) : 0;
    return len && text->len >= len && strncasecmp(text->data, other, len) == 0 &&
           (text->len == len || is_white(text->data[len]));
}

static void read_secret(doctor *d)
{
    const char *path = d->run->args.value[OPT_SECRET_FILE], *text = getenv("INE_SECRET");
    const char *wrong = NULL;
    if (path) {
        wrong = cli_file_read(&d->secret, path, SECRET_MAX);
    } else if (text && *text) {
        d->secret = (cli_file){strdup(text), strlen(text)};
        d->secret.len = d->secret.data ? d->secret.len : 0;
    }
    if (wrong)
        cli_problem_add(&d->found, "secret", "UNREADABLE", wrong);
    else if (!d->secret.len)
        finding(d, "secret", "REQUIRED",
                "no hay secreto: defina INE_SECRET o dé --secret-file con lo que muestra el portal",
                "there is none: set INE_SECRET, or give --secret-file with what the portal shows");
}

static void examine_secret(doctor *d, const char *key)
{
    const cli_file *secret = &d->secret;
    if (!secret->len)
        return;
    examined(d, "secret");
    if (ends_in(secret, "\r\n"))
        finding(d, "secret", "TRAILING_NEWLINE",
                "termina en un salto de línea, que sería parte del secreto: escriba el archivo con "
                "printf %s, o quítelo con tr -d '\\r\\n'",
                "it ends in a line break, which would be part of the secret: write the file with "
                "printf %s, or take it off with tr -d '\\r\\n'");
    else if (is_white(secret->data[0]) || ends_in(secret, " \t"))
        finding(d, "secret", "SECRET_SPACE",
                "empieza o termina con un espacio: el portal no da secretos así",
                "it begins or ends with white space: the portal hands out no such secret");
    if (has_quotes(secret))
        finding(d, "secret", "QUOTES", "está entre comillas, que serían parte del secreto",
                "it stands in quotes, which would be part of the secret");
    if (secret->len >= 3 && memcmp(secret->data, "\xef\xbb\xbf", 3) == 0)
        finding(d, "secret", "BOM", "empieza con una marca de orden de bytes, de un editor",
                "it begins with a byte order mark that an editor has written");
    if (same(secret, key))
        finding(d, "secret", "SECRET_IS_KEY",
                "es la llave de API: el secreto es la otra, la llave secreta compartida",
                "it is the API key: the secret is the other one, the shared secret key");
}

/* ---- Key, URL, CA */

static void make_credentials(doctor *d, const char *key)
{
    ine_error *error = NULL;
    if (!key) {
        finding(d, "api_key", "REQUIRED", "no hay llave de API: defina INE_API_KEY",
                "there is none: set INE_API_KEY, or give --api-key");
        return;
    }
    examined(d, "api_key");
    if (ine_credentials_new(&d->credentials, NULL, 0, key, strlen(key), &error) != INE_OK) {
        cli_problem_error(&d->found, "api_key", error);
        return;
    }
    if (d->secret.len && ine_credentials_add_secret(d->credentials, NULL, 0, d->secret.data,
                                                    d->secret.len, &error) != INE_OK)
        cli_problem_error(&d->found, "secret", error);
    if (!d->secret.len || error) {
        ine_credentials_free(d->credentials);
        d->credentials = NULL;
        return;
    }
    cli_old_secret(d->run, d->credentials, &d->found);
}

static void examine_ca(doctor *d)
{
    cli_file file;
    const char *path = cli_args_value(&d->run->args, OPT_CA_FILE);
    if (!path)
        return;
    examined(d, "ca_file");
    const char *wrong = cli_file_read(&file, path, CA_MAX);
    if (wrong)
        cli_problem_add(&d->found, "ca_file", "UNREADABLE", wrong);
    else if (!file.len || !memmem(file.data, file.len, "-----BEGIN CERTIFICATE-----", 27))
        finding(d, "ca_file", "FORMAT", "no contiene ningún certificado PEM",
                "it holds no PEM certificate");
    cli_file_free(&file);
}

static void examine_settings(doctor *d, ine_options *options)
{
    ine_client *client = NULL;
    ine_error *error = NULL;
    const char *url = cli_args_value(&d->run->args, OPT_BASE_URL);
    examine_ca(d);
    cli_options_read(d->run, options, &d->found, true);
    if (!url && d->run->args.value[OPT_CONNECT])
        finding(d, "base_url", "REQUIRED", "defina INE_BASE_URL: el portal la muestra",
                "set INE_BASE_URL, or give --base-url: the customer portal shows it");
    if (!url)
        return;
    examined(d, "base_url");
    if (d->found.errors || !d->credentials)
        return;
    if (ine_client_new(&client, d->credentials, options, &error) != INE_OK)
        cli_problem_error(&d->found, "settings", error);
    ine_client_free(client);
}

/* ---- The delivery */

static void examine_delivery(doctor *d, const cli_delivery *delivery)
{
    ine_webhooks *receiver = NULL;
    ine_error *error = NULL;
    if (!d->credentials)
        return;
    if (cli_receiver(&receiver, d->credentials, &error) != INE_OK) {
        cli_problem_error(&d->found, "delivery", error);
        ine_webhooks_free(receiver);
        return;
    }
    examined(d, "delivery");
    const int32_t reason =
        ine_webhooks_diagnose(receiver, delivery->names, delivery->values, delivery->count,
                              delivery->body.data, delivery->body.len);
    if (reason != INE_REASON_NONE)
        cli_problem_add(&d->found, "delivery", ine_name(INE_NAMES_REASON, reason).ptr,
                        ine_reason_hint(reason, d->run->language).ptr);
    ine_webhooks_free(receiver);
}

/* ---- The connection: who is not known gets 401, who is gets 404 for a session that no one has. */

static bool random_uuid(char out[37])
{
    unsigned char bytes[16];
    static const char digits[] = "0123456789abcdef";
    size_t at = 0;
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return false;
    bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
    for (size_t i = 0; i < sizeof bytes; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out[at++] = '-';
        out[at++] = digits[bytes[i] >> 4];
        out[at++] = digits[bytes[i] & 15];
    }
    out[at] = '\0';
    return true;
}

static void judge_answer(doctor *d, cli_result *result)
{
    const int32_t class = ine_code_class(ine_error_code(result->error));
    if (class == INE_CLASS_NOT_FOUND)
        return;
    if (class == INE_CLASS_AUTH) {
        finding(d, "connection", "AUTH",
                "la API rechazó la llave o la firma: compare ambas con el portal; prueba y "
                "producción difieren, y cada integración tiene su propio URL",
                "the API refused the key or the signature: compare both with the portal; test and "
                "live differ, and each integration has its own URL");
        return;
    }
    if (result->error) {
        cli_problem_error(&d->found, "connection", result->error);
        result->error = NULL;
        return;
    }
    if (!result->stopped)
        finding(d, "connection", "UNEXPECTED",
                "la API respondió con una sesión que no existe: ¿es este el URL correcto?",
                "the API answered with a session that does not exist: is this the right URL?");
}

static void connect_once(doctor *d, ine_options *options)
{
    char id[37];
    ine_request *request = NULL;
    cli_result result = {.step = INE_STEP_NONE};
    const cli_settings settings = {options, d->credentials};
    if (!d->credentials || d->found.errors || !random_uuid(id))
        return;
    examined(d, "connection");
    if (ine_request_new(&request, INE_CALL_DECISION, &result.error) == INE_OK &&
        ine_request_set_text(request, INE_IN_SESSION_ID, id, 36, &result.error) == INE_OK)
        cli_run_call(d->run, &settings, request, &result);
    ine_request_free(request);
    judge_answer(d, &result);
    cli_result_free(&result);
}

/* ---- What was found */

static int32_t print_json(const doctor *d)
{
    FILE *file = d->run->out.file;
    fprintf(file, "{\"ok\":%s,\"examined\":[", d->found.errors ? "false" : "true");
    for (size_t i = 0; i < d->count; i++)
        fprintf(file, "%s\"%s\"", i ? "," : "", d->examined[i]);
    fputs("],\"problems\":[", file);
    for (size_t i = 0; i < d->found.count; i++) {
        fputs(i ? ",{\"field\":" : "{\"field\":", file);
        cli_json_text(file, d->found.items[i].field);
        fputs(",\"code\":", file);
        cli_json_text(file, d->found.items[i].code);
        fputs(",\"severity\":\"error\",\"hint\":", file);
        cli_json_text(file, d->found.items[i].hint);
        putc('}', file);
    }
    fputs("]}\n", file);
    return d->found.errors ? CLI_TROUBLE : CLI_OK;
}

static int32_t print(const doctor *d)
{
    cli_out *out = &d->run->out;
    if (d->run->json)
        return print_json(d);
    for (size_t i = 0; i < d->count; i++) {
        bool fine = true;
        for (size_t k = 0; k < d->found.count; k++)
            fine = fine && strcmp(d->found.items[k].field.ptr, d->examined[i]) != 0;
        if (!fine)
            continue;
        cli_colour(out, CLI_GREEN);
        cli_put(out, "  ✓ ");
        cli_colour(out, CLI_PLAIN);
        cli_put(out, d->examined[i]);
        cli_put(out, "\n");
    }
    cli_problems_print(d->run, out, &d->found);
    if (d->found.errors)
        return CLI_TROUBLE;
    cli_put(out, cli_say(d->run, "No se encontró nada mal.", "Nothing wrong was found."));
    cli_put(out, "\n");
    return CLI_OK;
}

/* A file that is not there is no finding: nothing was looked at. */
static int32_t refused(doctor *d, cli_delivery *delivery, const cli_problems *problems)
{
    cli_delivery_free(delivery);
    return cli_refuse(d->run, problems);
}

int32_t cli_cmd_doctor(cli *run)
{
    doctor d = {.run = run};
    cli_problems unusable = {.count = 0};
    cli_delivery delivery;
    ine_options *options = NULL;
    ine_error *error = NULL;
    const char *key = cli_args_value(&run->args, OPT_API_KEY), *body = run->args.value[OPT_BODY];
    const bool headers = run->args.headers || run->args.value[OPT_HEADERS];
    cli_delivery_read(run, &delivery, headers && !body ? "-" : body, &unusable);
    if (unusable.errors)
        return refused(&d, &delivery, &unusable);
    if (ine_options_new(&options, &error) != INE_OK) {
        cli_delivery_free(&delivery);
        return cli_fail(run, error);
    }
    cli_signals_open();
    read_secret(&d);
    make_credentials(&d, key);
    examine_secret(&d, key);
    examine_settings(&d, options);
    if (headers || body)
        examine_delivery(&d, &delivery);
    if (run->args.value[OPT_CONNECT])
        connect_once(&d, options);
    const int32_t exit = print(&d);
    ine_options_free(options);
    ine_credentials_free(d.credentials);
    cli_file_free(&d.secret);
    cli_delivery_free(&delivery);
    return exit;
}
