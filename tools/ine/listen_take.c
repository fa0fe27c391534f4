/*
 * One delivery: verified, kept, written down, said, acknowledged, in this order. The line is said
 * before the ledger commits: whoever dies in between says it again when the delivery comes again,
 * and nothing that was acknowledged is lost.
 */
#include "bodies.h"
#include "listen.h"
#include "received.h"
#include "when.h"

#include <string.h>

static const struct {
    const char *name, *es;
    int32_t colour;
} results[] = {
    [LEDGER_NEW] = {"new", "nueva", CLI_GREEN},
    [LEDGER_DUPLICATE] = {"duplicate", "repetida", CLI_DIM},
    [LEDGER_SUPERSEDED] = {"superseded", "superada", CLI_DIM},
};

static bool flushed(cli_listener *listener)
{
    FILE *file = listener->run->out.file;
    const bool ok = fflush(file) == 0 && !ferror(file);
    listener->unheard |= !ok;
    return ok;
}

static void begin_line(cli_listener *listener, const char *name, const char *es, int32_t colour)
{
    char now[25];
    cli_out *out = &listener->run->out;
    cli_when_text(now, cli_now());
    if (listener->run->json) {
        fprintf(out->file, "{\"time\":\"%s\",\"result\":\"%s\"", now, name);
        return;
    }
    cli_put(out, now);
    cli_put(out, "  ");
    cli_colour(out, colour);
    cli_put(out, cli_say(listener->run, es, name));
    cli_colour(out, CLI_PLAIN);
    cli_pad(out, 38);
}

static bool end_line(cli_listener *listener)
{
    cli_put(&listener->run->out, listener->run->json ? "}\n" : "\n");
    return flushed(listener);
}

static void member(FILE *file, const char *key, ine_str text)
{
    fprintf(file, ",\"%s\":", key);
    cli_json_text(file, text);
}

/* A line about a delivery that is not taken: a name and a hint, and nothing that came. */
static void say_not_taken(cli_listener *listener, const char *name, const char *es, ine_str reason,
                          ine_str hint)
{
    cli_out *out = &listener->run->out;
    begin_line(listener, name, es, CLI_RED);
    if (listener->run->json) {
        member(out->file, "reason", reason);
        member(out->file, "hint", hint);
    } else {
        cli_put_foreign(out, reason);
    }
    end_line(listener);
}

static ine_str view(const char *text)
{
    return (ine_str){text, strlen(text)};
}

static ine_str verdict_text(const ine_webhook *webhook, int32_t field)
{
    ine_str text;
    ine_verdict_field(ine_webhook_verdict(webhook), field, &text, NULL);
    return text;
}

static ine_str session_of(const ine_webhook *webhook)
{
    ine_str text;
    ine_decision_field(ine_webhook_decision(webhook), INE_D_SESSION_ID, &text, NULL);
    return text;
}

static void say_json(FILE *file, const ine_webhook *webhook, const char *earlier)
{
    const ine_str verdict = ine_verdict_json(ine_webhook_verdict(webhook));
    putc(',', file);
    cli_received_json(file, webhook);
    member(file, "session", session_of(webhook));
    member(file, "earlier", *earlier ? view(earlier) : (ine_str){NULL, 0});
    fputs(",\"verdict\":", file);
    if (cli_received_decides(webhook) && verdict.ptr)
        fwrite(verdict.ptr, 1, verdict.len, file);
    else
        fputs("null", file);
}

static void say_words(cli_out *out, const ine_webhook *webhook)
{
    static const int32_t columns[] = {INE_V_OUTCOME, INE_V_ROOT_CAUSE, INE_V_ADVICE};
    cli_put_foreign(out, cli_received_text(webhook, INE_W_KIND));
    for (size_t i = 0; cli_received_decides(webhook) && i < 3; i++) {
        const ine_str text = verdict_text(webhook, columns[i]);
        cli_put(out, "  ");
        cli_put_foreign(out, text.len ? text : view("-"));
    }
    cli_put(out, "  ");
    cli_put_foreign(out, cli_received_text(webhook, INE_W_DECISION_ID));
}

static bool say(cli_listener *listener, const ine_webhook *webhook, int32_t result,
                const char *earlier)
{
    begin_line(listener, results[result].name, results[result].es, results[result].colour);
    if (listener->run->json)
        say_json(listener->run->out.file, webhook, earlier);
    else
        say_words(&listener->run->out, webhook);
    return end_line(listener);
}

static bool store(cli_listener *listener, const ine_webhook *webhook, ine_str body)
{
    char earlier[200];
    const ine_str key = cli_received_text(webhook, INE_W_DEDUPE_KEY);
    if (listener->bodies >= 0 && !cli_bodies_keep(listener->bodies, key, body))
        return false;
    const int32_t result = cli_ledger_add(listener->ledger, webhook, earlier);
    if (result == LEDGER_FAILED)
        return false;
    if (!say(listener, webhook, result, earlier)) {
        cli_ledger_rollback(listener->ledger);
        return false;
    }
    return cli_ledger_commit(listener->ledger);
}

int32_t cli_listen_take(cli_listener *listener, const ine_str *names, const ine_str *values,
                        size_t headers, ine_str body)
{
    ine_webhook *webhook = NULL;
    ine_error *error = NULL;
    int32_t reason, status = 200;
    const int32_t code =
        ine_webhooks_open(&webhook, listener->receiver, names, values, headers, body.ptr, body.len,
                          listener->require, INE_READ_BORROW, &reason, &error);
    if (code == INE_E_WEBHOOK_REFUSED) {
        say_not_taken(listener, "refused", "rechazada", ine_name(INE_NAMES_REASON, reason),
                      ine_reason_hint(reason, listener->run->language));
        status = 401;
    } else if (code != INE_OK) {
        say_not_taken(listener, "unreadable", "ilegible", ine_name(INE_NAMES_CODE, code),
                      ine_error_text(error));
        status = 500;
    } else if (!store(listener, webhook, body)) {
        say_not_taken(listener, "not_stored", "sin guardar",
                      view(listener->unheard ? "OUTPUT" : "STORAGE"),
                      view("it was answered with 500, and will come again"));
        status = 500;
    }
    ine_error_free(error);
    ine_webhook_free(webhook);
    return status;
}
