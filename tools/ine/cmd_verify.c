#include "run.h"
#include "sandbox.h"
#include "words.h"

#include <string.h>

#define DEFAULT_SCENARIO "approved"

/* What a scenario needs to be sent, and the option that it stands in for. */
static const struct {
    int32_t option;
    const char *member;
} sent[] = {
    {OPT_CIC, "/cic"},
    {OPT_CURP, "/person/curp"},
    {OPT_FIRST_NAME, "/person/first_name"},
    {OPT_LAST_NAME, "/person/last_name"},
    {OPT_SECOND_LAST_NAME, "/person/second_last_name"},
    {OPT_FIRST_ISSUE, "/person/first_issue"},
    {OPT_VALID_FROM, "/person/valid_from"},
};
#define SENT (sizeof sent / sizeof *sent)

typedef struct verify {
    cli_settings settings;
    cli_person person;
    cli_problems problems;
    cli_sandbox sandbox;
    char texts[SENT][64];
    bool made_up; /* all of the person is the scenario's */
} verify;

static bool conflicts(cli *run)
{
    static const int32_t options[] = {OPT_API_KEY,     OPT_SECRET_FILE,    OPT_BASE_URL,
                                      OPT_PROXY,       OPT_INTEGRATION_ID, OPT_CA_FILE,
                                      OPT_CLIENT_CERT, OPT_CLIENT_KEY};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (run->args.value[options[i]])
            return true;
    }
    return false;
}

/* The sandbox's address and credentials in place of the caller's, which it must never see. */
static void read_sandbox_settings(cli *run, verify *v)
{
    char url[128] = "", key[64] = "", secret[256] = "";
    ine_error *error = NULL;
    cli_settings *to = &v->settings;
    cli_sandbox_ready_text(&v->sandbox, "/base_url", url, sizeof url);
    cli_sandbox_ready_text(&v->sandbox, "/api_key", key, sizeof key);
    cli_sandbox_ready_text(&v->sandbox, "/secret", secret, sizeof secret);
    if (ine_options_new(&to->options, &error) != INE_OK ||
        ine_credentials_new(&to->credentials, NULL, 0, key, strlen(key), &error) != INE_OK ||
        ine_credentials_add_secret(to->credentials, NULL, 0, secret, strlen(secret), &error) !=
            INE_OK)
        cli_problem_error(&v->problems, "--sandbox", error);
    explicit_bzero(secret, sizeof secret);
    if (!to->options)
        return;
    cli_options_read(run, to->options, &v->problems, false);
    cli_set_text(to->options, INE_OPT_BASE_URL, url, &v->problems);
}

/* The scenario's made-up person, as far as the caller has not given another one. */
static void fill_in(cli *run, verify *v)
{
    v->made_up = true;
    for (size_t i = 0; i < SENT; i++) {
        v->made_up &= !run->args.value[sent[i].option];
        if (cli_sandbox_scenario_text(&v->sandbox, sent[i].member, v->texts[i], sizeof v->texts[i]))
            cli_person_default(run, sent[i].option, v->texts[i]);
    }
    cli_person_default(run, OPT_CONSENT, "");
    v->person.draw = true;
}

static void say_sandbox(cli *run, const char *scenario)
{
    cli_put(&run->err, cli_word(run->language, WORD_SANDBOX));
    cli_put(&run->err, ": ");
    cli_put_foreign(&run->err, (ine_str){scenario, strlen(scenario)});
    cli_put(&run->err, "\n");
    fflush(run->err.file);
}

static void start_sandbox(cli *run, verify *v)
{
    const char *given = run->args.value[OPT_SCENARIO];
    const char *scenario = given ? given : DEFAULT_SCENARIO;
    if (conflicts(run)) {
        cli_problem_add(&v->problems, "--sandbox", "VALUE",
                        "a sandbox of its own brings its address, key and secret: leave "
                        "--base-url, --api-key, --secret-file and what belongs to them out");
        return;
    }
    const char *wrong = cli_sandbox_start(&v->sandbox, run->program);
    if (wrong) {
        cli_problem_add(&v->problems, "--sandbox", "CONFIG", wrong);
        return;
    }
    wrong = cli_sandbox_choose(&v->sandbox, scenario);
    if (wrong) {
        cli_problem_add(&v->problems, "--scenario", "VALUE", wrong);
        return;
    }
    say_sandbox(run, scenario);
    read_sandbox_settings(run, v);
    fill_in(run, v);
}

static void prepare(cli *run, verify *v)
{
    const bool sandbox = run->args.value[OPT_SANDBOX] != NULL;
    if (!sandbox && run->args.value[OPT_SCENARIO])
        cli_problem_add(&v->problems, "--scenario", "VALUE", "it belongs to --sandbox");
    if (sandbox)
        start_sandbox(run, v);
    else
        cli_settings_read(run, &v->settings, &v->problems, CLI_NEEDS_ALL);
    if (sandbox && v->problems.errors)
        return;
    cli_person_read(run, &v->person, v->settings.options, &v->problems);
}

static int32_t send_it(cli *run, verify *v)
{
    cli_result result;
    cli_set_number(v->settings.options, INE_OPT_PROGRESS, 1, &v->problems);
    if (!v->made_up) /* the vendor's placeholder person has a CURP of no one */
        cli_warn(run, &v->problems);
    cli_person_say(run, &v->person);
    cli_run_flow(run, &v->settings, INE_FLOW_VERIFY, v->person.verification, NULL, &result);
    const int32_t exit = cli_result_print(run, &result);
    cli_result_free(&result);
    return exit;
}

int32_t cli_cmd_verify(cli *run)
{
    verify v = {.sandbox = {.input = -1, .output = -1}};
    cli_signals_open();
    prepare(run, &v);
    const int32_t exit = cli_stopped()       ? cli_stopped_early(run)
                         : v.problems.errors ? cli_refuse(run, &v.problems)
                                             : send_it(run, &v);
    cli_person_free(&v.person);
    cli_settings_free(&v.settings);
    cli_sandbox_stop(&v.sandbox);
    return exit;
}
