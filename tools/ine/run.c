#include "run.h"

#include "problems.h"
#include "progress.h"
#include "verdict.h"
#include "words.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#define EVENTS    8
#define TICK_MS   200
#define CANCEL_MS 5000 /* a cancelled submission ends sooner, or is left behind */
#define CLOSE_MS  2000

typedef struct running {
    cli *run;
    ine_client *client;
    ine_queue *queue;
    uint64_t id;
    cli_progress progress;
    cli_result *result;
    int64_t give_up; /* after a signal: when to stop waiting for the end */
    bool done, closed;
} running;

static void keep_session(cli_result *result, ine_str session)
{
    if (!session.ptr || session.len >= sizeof result->session)
        return;
    memcpy(result->session, session.ptr, session.len);
    result->session[session.len] = '\0';
}

static void take_event(running *r, ine_event *event)
{
    const int32_t kind = ine_event_kind(event);
    const int64_t step = ine_event_number(event, INE_EV_STEP);
    cli_result *result = r->result;
    r->closed |= kind == INE_EVENT_CLOSED;
    if (kind == INE_EVENT_CLOSED || ine_event_submission(event) != r->id)
        return;
    keep_session(result, ine_event_session_id(event));
    if (step > result->step)
        result->step = (int32_t)step;
    if (kind != INE_EVENT_DONE) {
        cli_progress_event(&r->progress, event);
        return;
    }
    ine_event_take(event, &result->verdict, &result->decision, &result->error);
    r->done = true;
}

/* The first signal cancels; another one does not wait for the end. */
static void take_signal(running *r)
{
    char byte;
    while (read(cli_signals_fd(), &byte, 1) > 0)
        ;
    if (r->result->stopped) {
        r->give_up = 0;
        return;
    }
    r->result->stopped = true;
    r->give_up = cli_clock_ms() + CANCEL_MS;
    ine_client_cancel(r->client, r->id, NULL);
}

static void wait_once(running *r, int timeout_ms)
{
    struct pollfd fds[] = {{ine_queue_fd(r->queue), POLLIN, 0}, {cli_signals_fd(), POLLIN, 0}};
    ine_event *events[EVENTS];
    size_t count = 0;
    if (poll(fds, 2, timeout_ms) > 0 && fds[1].revents)
        take_signal(r);
    ine_queue_drain(r->queue, events, EVENTS, 0, &count, NULL);
    for (size_t i = 0; i < count; i++) {
        take_event(r, events[i]);
        ine_event_free(events[i]);
    }
}

static void wait_done(running *r)
{
    while (!r->done && !(r->result->stopped && cli_clock_ms() >= r->give_up)) {
        wait_once(r, r->progress.out->terminal || r->result->stopped ? TICK_MS : -1);
        cli_progress_tick(&r->progress);
    }
    cli_progress_end(&r->progress, !r->result->error && !r->result->stopped);
}

static void close_client(running *r)
{
    const int64_t until = cli_clock_ms() + CLOSE_MS;
    if (r->client && ine_client_close(r->client, r->queue, 0, NULL) == INE_OK) {
        while (!r->closed && cli_clock_ms() < until)
            wait_once(r, TICK_MS);
    }
    ine_client_free(r->client);
    ine_queue_free(r->queue);
}

static bool begin(running *r, cli *run, const cli_settings *settings, cli_result *result)
{
    *result = (cli_result){.step = INE_STEP_NONE};
    *r = (running){.run = run, .result = result};
    cli_progress_init(&r->progress, run);
    return ine_queue_new(&r->queue, &result->error) == INE_OK &&
           ine_client_new(&r->client, settings->credentials, settings->options, &result->error) ==
               INE_OK;
}

void cli_run_flow(cli *run, const cli_settings *settings, int32_t mode,
                  const ine_verification *verification, const char *session, cli_result *result)
{
    running r;
    const size_t len = session ? strlen(session) : 0;
    const bool ready = begin(&r, run, settings, result);
    r.progress.every = mode == INE_FLOW_VERIFY;
    if (ready && ine_client_run(r.client, mode, verification, session, len, r.queue, 0, &r.id,
                                &result->error) == INE_OK)
        wait_done(&r);
    close_client(&r);
}

void cli_run_call(cli *run, const cli_settings *settings, const ine_request *request,
                  cli_result *result)
{
    running r;
    if (begin(&r, run, settings, result) &&
        ine_client_submit(r.client, request, r.queue, 0, &r.id, &result->error) == INE_OK)
        wait_done(&r);
    close_client(&r);
}

static void line(cli *run, int32_t word, const char *before, const char *text)
{
    cli_put(&run->err, "  ");
    cli_put(&run->err, cli_word(run->language, word));
    cli_put(&run->err, before);
    cli_put_foreign(&run->err, (ine_str){text, strlen(text)});
    cli_put(&run->err, "\n");
}

/* What state everything was left in. */
static int32_t print_stopped(cli *run, const cli_result *result)
{
    const int64_t said = ine_error_number(result->error, INE_DETAIL_STEP);
    const int32_t step = said > result->step ? (int32_t)said : result->step;
    if (run->json) {
        const ine_str json = ine_error_json(result->error);
        if (json.ptr)
            fwrite(json.ptr, 1, json.len, run->out.file);
        else
            fputs("{\"error\":{\"code\":\"CANCELLED\"}}", run->out.file);
        putc('\n', run->out.file);
    }
    cli_put(&run->err, "ine ");
    cli_put(&run->err, run->command->name);
    cli_put(&run->err, ": ");
    cli_put(&run->err, cli_word(run->language, WORD_INTERRUPTED));
    cli_put(&run->err, ": ");
    cli_put(&run->err, cli_word_step(run->language, step));
    cli_put(&run->err, "\n");
    if (*result->session) {
        line(run, WORD_SESSION, " ", result->session);
        line(run, WORD_GO_ON, ": ine resume ", result->session);
    }
    return CLI_STOPPED;
}

int32_t cli_stopped_early(cli *run)
{
    const cli_result nothing = {.step = INE_STEP_NONE};
    return print_stopped(run, &nothing);
}

int32_t cli_result_print(cli *run, cli_result *result)
{
    if (result->stopped && !result->verdict)
        return print_stopped(run, result);
    if (!result->error)
        return cli_verdict_print(run, result->verdict, result->decision);
    ine_error *error = result->error;
    result->error = NULL;
    return cli_fail(run, error);
}

void cli_result_free(cli_result *result)
{
    ine_verdict_free(result->verdict);
    ine_decision_free(result->decision);
    ine_error_free(result->error);
    *result = (cli_result){.step = INE_STEP_NONE};
}
