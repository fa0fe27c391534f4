#include "person.h"
#include "settings.h"

int32_t cli_cmd_check(cli *run)
{
    cli_problems problems = {.count = 0};
    cli_settings settings;
    cli_person person = {.verification = NULL};
    cli_settings_read(run, &settings, &problems, CLI_NEEDS_NOTHING);
    cli_person_read(run, &person, settings.options, &problems);
    cli_problems_print(run, &run->out, &problems);
    if (!run->json && !problems.errors)
        cli_put(&run->out, "ok: nothing stands in the way of sending this; nothing was sent\n");
    const int32_t exit = problems.errors ? CLI_REFUSED : CLI_OK;
    cli_person_free(&person);
    cli_settings_free(&settings);
    return exit;
}
