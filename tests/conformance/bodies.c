/* A body that is read and interpreted. */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The scenario's body, or the file's; owned. */
static char *body_of(const json_t *scenario, size_t *len)
{
    const json_t *body = json_object_get(scenario, "body");
    const char *file = json_string_value(json_object_get(scenario, "file"));
    char *out = calloc(1, 1 << 16);
    if (body) {
        *len = json_string_length(body);
        memcpy(out, json_string_value(body), *len);
        return out;
    }
    char path[1024];
    snprintf(path, sizeof path, INE_ROOT "/%s", file ? file : "");
    FILE *from = fopen(path, "rb");
    if (!from)
        wrong(scenario, "file");
    *len = fread(out, 1, 1 << 16, from);
    fclose(from);
    return out;
}

static int64_t required(const json_t *scenario)
{
    int64_t bits = 0;
    json_t *name;
    size_t at;
    json_array_foreach(json_object_get(scenario, "require"), at, name)
    {
        const int32_t check =
            ine_value(INE_NAMES_CHECK, json_string_value(name), json_string_length(name));
        if (check < 0)
            wrong(scenario, "require");
        bits |= INT64_C(1) << check;
    }
    return bits;
}

json_t *run_body(const json_t *scenario)
{
    size_t len = 0;
    char *body = body_of(scenario, &len);
    ine_decision *decision;
    ine_verdict *verdict = NULL;
    ine_error *err;
    json_t *out = NULL;
    int32_t code = ine_decision_read(&decision, body, len, INE_READ_COPY, &err);
    if (code == INE_OK)
        code = ine_verdict_new(&verdict, decision, required(scenario), 0, &err);
    if (code == INE_OK) {
        const ine_str text = ine_verdict_json(verdict);
        out = json_pack("{s:o}", "verdict", json_loadb(text.ptr, text.len, 0, NULL));
    } else {
        out = error_result(err);
    }
    ine_verdict_free(verdict);
    ine_decision_free(decision);
    free(body);
    return out;
}
