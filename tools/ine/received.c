#include "received.h"

ine_str cli_received_text(const ine_webhook *webhook, int32_t field)
{
    ine_str text;
    ine_webhook_field(webhook, field, &text, NULL);
    return text;
}

int64_t cli_received_number(const ine_webhook *webhook, int32_t field)
{
    int64_t number;
    ine_webhook_field(webhook, field, NULL, &number);
    return number;
}

void cli_received_json(FILE *file, const ine_webhook *webhook)
{
    static const struct {
        const char *key;
        int32_t field;
    } members[] = {
        {"kind", INE_W_KIND},
        {"decision_id", INE_W_DECISION_ID},
        {"dedupe_key", INE_W_DEDUPE_KEY},
        {"integration", INE_W_INTEGRATION},
        {"secret", INE_W_SECRET},
    };
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        fprintf(file, "\"%s\":", members[i].key);
        cli_json_text(file, cli_received_text(webhook, members[i].field));
        putc(',', file);
    }
    fprintf(file, "\"secret_index\":%d", (int)cli_received_number(webhook, INE_W_SECRET_INDEX));
}

bool cli_received_decides(const ine_webhook *webhook)
{
    const int64_t kind = cli_received_number(webhook, INE_W_KIND);
    return kind == INE_KIND_DECISION || kind == INE_KIND_INE_REGISTRY ||
           kind == INE_KIND_INE_WEBHOOK;
}

const char *cli_say(const cli *run, const char *es, const char *en)
{
    return run->language == INE_LANG_ES_MX ? es : en;
}
