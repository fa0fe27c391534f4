/* status and resume: what begins with a session that exists. */
#include "person.h"
#include "run.h"

#include <string.h>

static int32_t finish(cli *run, cli_result *result)
{
    const int32_t exit = cli_result_print(run, result);
    cli_result_free(result);
    return exit;
}

/* One question; the reply is interpreted here. */
static int32_t ask(cli *run, const cli_settings *settings, const char *session, int64_t require)
{
    cli_result result = {.step = INE_STEP_NONE};
    ine_request *request = NULL;
    if (ine_request_new(&request, INE_CALL_DECISION, &result.error) == INE_OK &&
        ine_request_set_text(request, INE_IN_SESSION_ID, session, strlen(session), &result.error) ==
            INE_OK)
        cli_run_call(run, settings, request, &result);
    ine_request_free(request);
    if (result.decision && !result.error && !result.verdict)
        ine_verdict_new(&result.verdict, result.decision, require, 0, &result.error);
    return finish(run, &result);
}

int32_t cli_cmd_status(cli *run)
{
    cli_problems problems = {.count = 0};
    cli_settings settings;
    int64_t require;
    cli_signals_open();
    cli_settings_read(run, &settings, &problems, CLI_NEEDS_ALL);
    cli_require(run, &require, &problems);
    const int32_t exit = cli_stopped()     ? cli_stopped_early(run)
                         : problems.errors ? cli_refuse(run, &problems)
                                           : ask(run, &settings, run->args.operand[0], require);
    cli_settings_free(&settings);
    return exit;
}

static int32_t resume(cli *run, const cli_settings *settings, const cli_person *person)
{
    cli_result result;
    cli_set_number(settings->options, INE_OPT_PROGRESS, 1, &(cli_problems){.count = 0});
    cli_run_flow(run, settings, INE_FLOW_RESUME, person->verification, run->args.operand[0],
                 &result);
    return finish(run, &result);
}

int32_t cli_cmd_resume(cli *run)
{
    cli_problems problems = {.count = 0};
    cli_settings settings;
    cli_person person = {.verification = NULL};
    cli_signals_open();
    cli_settings_read(run, &settings, &problems, CLI_NEEDS_ALL);
    cli_person_selfie(run, &person, &problems);
    const int32_t exit = cli_stopped()     ? cli_stopped_early(run)
                         : problems.errors ? cli_refuse(run, &problems)
                                           : resume(run, &settings, &person);
    cli_person_free(&person);
    cli_settings_free(&settings);
    return exit;
}
