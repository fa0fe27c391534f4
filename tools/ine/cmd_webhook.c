/* webhook verify: is this delivery genuine, and what does it say? */
#include "delivery.h"
#include "received.h"
#include "settings.h"
#include "verdict.h"

#include <string.h>

static void print_row(cli_out *out, const char *name, ine_str text)
{
    if (!text.len)
        return;
    cli_put(out, name);
    cli_pad(out, 16);
    cli_put_foreign(out, text);
    cli_put(out, "\n");
}

static int32_t print_genuine(cli *run, const ine_webhook *webhook)
{
    cli_out *out = &run->out;
    if (run->json) {
        const ine_str verdict = ine_verdict_json(ine_webhook_verdict(webhook));
        fputs("{\"genuine\":true,", out->file);
        cli_received_json(out->file, webhook);
        fprintf(out->file, ",\"verdict\":%.*s}\n", (int)verdict.len,
                verdict.ptr ? verdict.ptr : "null");
        return CLI_OK;
    }
    cli_colour(out, CLI_GREEN);
    cli_put(out, "✓ ");
    cli_put(out, cli_say(run, "auténtica", "genuine"));
    cli_colour(out, CLI_PLAIN);
    cli_put(out, "\n");
    print_row(out, cli_say(run, "Tipo", "Kind"), cli_received_text(webhook, INE_W_KIND));
    print_row(out, cli_say(run, "Id de decisión", "Decision id"),
              cli_received_text(webhook, INE_W_DECISION_ID));
    print_row(out, cli_say(run, "Clave única", "Dedupe key"),
              cli_received_text(webhook, INE_W_DEDUPE_KEY));
    print_row(out, cli_say(run, "Integración", "Integration"),
              cli_received_text(webhook, INE_W_INTEGRATION));
    print_row(out, cli_say(run, "Secreto", "Secret"), cli_received_text(webhook, INE_W_SECRET));
    if (!cli_received_decides(webhook))
        return CLI_OK;
    cli_put(out, "\n");
    cli_verdict_print(run, ine_webhook_verdict(webhook), ine_webhook_decision(webhook));
    return CLI_OK;
}

static int32_t print_refused(cli *run, int32_t reason)
{
    const ine_str name = ine_name(INE_NAMES_REASON, reason);
    const ine_str hint = ine_reason_hint(reason, run->language);
    cli_out *out = &run->err;
    if (run->json) {
        FILE *file = run->out.file;
        fputs("{\"genuine\":false,\"reason\":", file);
        cli_json_text(file, name);
        fputs(",\"hint\":", file);
        cli_json_text(file, hint);
        fputs("}\n", file);
        return CLI_TROUBLE;
    }
    cli_put(out, "ine webhook verify: ");
    cli_put(out, cli_say(run, "rechazada", "refused"));
    cli_put(out, ": ");
    cli_put_foreign(out, name);
    cli_put(out, "\n");
    cli_pad(out, 2);
    cli_wrap(out, 2, hint);
    cli_put(out, "\n");
    if (reason != INE_REASON_WRONG_SIGNATURE)
        return CLI_TROUBLE;
    cli_pad(out, 2);
    cli_put(out, cli_say(run, "ine doctor con los mismos datos busca la causa.",
                         "ine doctor with the same input looks for the cause."));
    cli_put(out, "\n");
    return CLI_TROUBLE;
}

static int32_t verify(cli *run, const ine_credentials *credentials, const cli_delivery *delivery)
{
    ine_webhooks *receiver = NULL;
    ine_webhook *webhook = NULL;
    ine_error *error = NULL;
    int64_t require;
    int32_t reason = INE_REASON_NONE, exit;
    cli_require(run, &require, &(cli_problems){.count = 0});
    if (cli_receiver(&receiver, credentials, &error) == INE_OK)
        ine_webhooks_open(&webhook, receiver, delivery->names, delivery->values, delivery->count,
                          delivery->body.data, delivery->body.len, require, INE_READ_BORROW,
                          &reason, &error);
    if (webhook)
        exit = print_genuine(run, webhook);
    else if (reason != INE_REASON_NONE)
        exit = print_refused(run, reason);
    else
        return ine_webhooks_free(receiver), cli_fail(run, error);
    ine_error_free(error);
    ine_webhook_free(webhook);
    ine_webhooks_free(receiver);
    return exit;
}

int32_t cli_cmd_webhook_verify(cli *run)
{
    cli_problems problems = {.count = 0};
    cli_settings settings;
    cli_delivery delivery;
    int64_t require;
    const char *body = run->args.value[OPT_BODY];
    cli_settings_read(run, &settings, &problems, CLI_NEEDS_CREDENTIALS);
    cli_old_secret(run, settings.credentials, &problems);
    cli_require(run, &require, &problems);
    cli_delivery_read(run, &delivery, body ? body : "-", &problems);
    const int32_t exit =
        problems.errors ? cli_refuse(run, &problems) : verify(run, settings.credentials, &delivery);
    cli_delivery_free(&delivery);
    cli_settings_free(&settings);
    return exit;
}
