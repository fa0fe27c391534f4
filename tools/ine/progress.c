#include "progress.h"

#include "words.h"

#include <time.h>

#define BAR 24

int64_t cli_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void cli_progress_init(cli_progress *progress, cli *run)
{
    *progress =
        (cli_progress){.out = &run->err, .language = run->language, .ended = INE_STEP_CHECK};
}

static void draw_bar(cli_out *out, int64_t bytes, int64_t total)
{
    const int64_t full = bytes > total ? total : bytes;
    const int32_t filled = (int32_t)(full * BAR / total);
    cli_put(out, " ");
    for (int32_t i = 0; i < BAR; i++)
        cli_put(out, i < filled ? "█" : "░");
    cli_put(out, " ");
    cli_put_number(out, full * 100 / total);
    cli_put(out, " %");
}

static void draw_wait(const cli_progress *progress)
{
    cli_out *out = progress->out;
    const int64_t left = progress->next_ms - cli_clock_ms();
    if (progress->polls > 0) {
        cli_put(out, " (");
        cli_put(out, cli_word(progress->language, WORD_ASKED));
        cli_put(out, ": ");
        cli_put_number(out, progress->polls);
        if (left > 0) {
            cli_put(out, ", ");
            cli_put(out, cli_word(progress->language, WORD_NEXT_ASK));
            cli_put(out, " ");
            cli_put_number(out, (left + 999) / 1000);
            cli_put(out, " s");
        }
        cli_put(out, ")");
    }
}

/* Over the line as it is: spaces in place of terminal codes, which not every terminal has. */
static void draw(cli_progress *progress, const char *mark)
{
    cli_out *out = progress->out;
    const int32_t before = progress->drawn;
    fputs("\r", out->file);
    out->column = 0;
    cli_put(out, mark);
    cli_put(out, " ");
    cli_put(out, cli_word_doing(progress->language, progress->step));
    if (progress->step == INE_STEP_MEDIA && progress->total > 0)
        draw_bar(out, progress->bytes, progress->total);
    if (progress->step == INE_STEP_WAIT)
        draw_wait(progress);
    progress->drawn = out->column;
    while (out->column < before)
        cli_put(out, " ");
    fflush(out->file);
}

void cli_progress_end(cli_progress *progress, bool done)
{
    if (!progress->out->terminal || !progress->drawn)
        return;
    progress->next_ms = 0;
    if (progress->step == INE_STEP_MEDIA && done)
        progress->bytes = progress->total;
    draw(progress, done ? "✓" : "✗");
    cli_put(progress->out, "\n");
    progress->drawn = 0;
    progress->ended = progress->step;
}

/* Events are merged when they come faster than they are taken: a step may have had none. */
static void show_missed(cli_progress *progress, int32_t next)
{
    const int32_t first = progress->ended + 1;
    progress->bytes = progress->total = 0;
    for (int32_t step = first; progress->every && step > INE_STEP_CHECK && step < next; step++) {
        progress->step = step;
        progress->drawn = 1;
        cli_progress_end(progress, true);
    }
}

/* So that the session can be found again whatever happens next. */
static void say_session(cli_progress *progress, const ine_event *event)
{
    const ine_str session = ine_event_session_id(event);
    if (progress->session_said || !session.ptr)
        return;
    cli_progress_end(progress, true);
    if (progress->out->terminal)
        show_missed(progress, INE_STEP_MEDIA);
    cli_put(progress->out, cli_word(progress->language, WORD_SESSION));
    cli_put(progress->out, " ");
    cli_put_foreign(progress->out, session);
    cli_put(progress->out, "\n");
    fflush(progress->out->file);
    progress->session_said = true;
}

void cli_progress_tick(cli_progress *progress)
{
    if (progress->out->terminal && progress->drawn)
        draw(progress, " ");
}

void cli_progress_event(cli_progress *progress, const ine_event *event)
{
    const int64_t step = ine_event_number(event, INE_EV_STEP);
    const int64_t wait = ine_event_number(event, INE_EV_WAIT_MS);
    say_session(progress, event);
    if (step <= progress->ended || step < INE_STEP_CREATE || step >= INE_STEP_DONE)
        return;
    if (step != progress->step) {
        cli_progress_end(progress, true);
        show_missed(progress, (int32_t)step);
        progress->step = (int32_t)step;
    }
    progress->bytes = ine_event_number(event, INE_EV_BYTES);
    progress->total = ine_event_number(event, INE_EV_TOTAL);
    progress->polls = ine_event_number(event, INE_EV_POLLS);
    progress->next_ms = wait > 0 ? cli_clock_ms() + wait : 0;
    if (progress->out->terminal)
        draw(progress, " ");
}
