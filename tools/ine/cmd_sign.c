#include "file.h"
#include "settings.h"

#include <string.h>

/* The largest body that is sent: 24 MB of base64 and what stands around it. */
#define BODY_MAX (26u * 1024 * 1024)

static int32_t call_of(cli *run, cli_problems *problems)
{
    const char *name = run->args.operand[0];
    const int32_t call = ine_value(INE_NAMES_CALL, name, strlen(name));
    if (call > 0)
        return call;
    cli_problem_add(problems, "CALL", "VALUE",
                    "there is no such call: create_session, upload_media, submit, decision, "
                    "ine_registry, media_list, attempts, collected_data, delete_session, "
                    "download_media, attempt_media, person, raw_get, raw_post, raw_patch, "
                    "raw_delete");
    return 0;
}

/* What is signed: the bytes of --body or --id. */
static void read_data(cli *run, cli_file *data, cli_problems *problems)
{
    const char *body = run->args.value[OPT_BODY], *id = run->args.value[OPT_ID];
    *data = (cli_file){NULL, 0};
    if (!body == !id) {
        cli_problem_add(problems, "--body", "REQUIRED",
                        "give --body FILE for a call that sends one, or --id UUID for the others");
        return;
    }
    const char *wrong = body ? cli_file_read(data, body, BODY_MAX) : NULL;
    if (wrong)
        cli_problem_add(problems, "--body", "UNREADABLE", wrong);
    if (id) {
        data->data = strdup(id);
        data->len = data->data ? strlen(id) : 0;
    }
}

static void print(cli *run, const char *signature)
{
    FILE *file = run->out.file;
    if (!run->json) {
        fprintf(file, "X-HMAC-SIGNATURE: %.64s\n", signature);
        return;
    }
    const char *call = run->args.operand[0];
    fputs("{\"call\":", file);
    cli_json_text(file, ine_name(INE_NAMES_CALL, ine_value(INE_NAMES_CALL, call, strlen(call))));
    fprintf(file, ",\"signed\":\"%s\",\"header\":\"X-HMAC-SIGNATURE\",\"value\":\"%.64s\"}\n",
            run->args.value[OPT_BODY] ? "body" : "id", signature);
}

static int32_t sign(cli *run, const ine_credentials *credentials, int32_t call,
                    const cli_file *data)
{
    char signature[64];
    ine_error *error = NULL;
    if (ine_sign(credentials, call, data->data ? data->data : "", data->len, signature, &error) !=
        INE_OK)
        return cli_fail_local(run, error);
    print(run, signature);
    return CLI_OK;
}

int32_t cli_cmd_sign(cli *run)
{
    cli_problems problems = {.count = 0};
    cli_settings settings;
    cli_file data;
    cli_settings_read(run, &settings, &problems, CLI_NEEDS_CREDENTIALS);
    const int32_t call = call_of(run, &problems);
    read_data(run, &data, &problems);
    const int32_t exit =
        problems.errors ? cli_refuse(run, &problems) : sign(run, settings.credentials, call, &data);
    cli_file_free(&data);
    cli_settings_free(&settings);
    return exit;
}
