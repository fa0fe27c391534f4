#include "person.h"
#include "settings.h"

/* A client checks settings against each other, as in http to a host that is not loopback; it
 * connects to nothing before the first submission. */
static void check_client(const cli_settings *settings, cli_problems *problems)
{
    ine_client *client = NULL;
    ine_error *error = NULL;
    if (ine_client_new(&client, settings->credentials, settings->options, &error) != INE_OK)
        cli_problem_error(problems, "settings", error);
    ine_client_free(client);
}

int32_t cli_cmd_check(cli *run)
{
    cli_problems problems = {.count = 0};
    cli_settings settings;
    cli_person person = {.verification = NULL};
    cli_settings_read(run, &settings, &problems, CLI_NEEDS_NOTHING);
    if (settings.credentials && cli_args_value(&run->args, OPT_BASE_URL) && !problems.errors)
        check_client(&settings, &problems);
    cli_person_read(run, &person, settings.options, &problems);
    cli_problems_print(run, &run->out, &problems);
    if (!run->json && !problems.errors)
        cli_put(&run->out, "ok: nothing stands in the way of sending this; nothing was sent\n");
    const int32_t exit = problems.errors ? CLI_REFUSED : CLI_OK;
    cli_person_free(&person);
    cli_settings_free(&settings);
    return exit;
}
