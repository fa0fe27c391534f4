#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *kind;
    json_t *(*run)(const json_t *scenario);
} kinds[] = {{"calls", run_call}, {"webhooks", run_webhook}, {"bodies", run_body}};

void wrong(const json_t *scenario, const char *what)
{
    fprintf(stderr, "%s: %s\n", json_string_value(json_object_get(scenario, "name")), what);
    exit(2);
}

json_t *text_of(ine_str text)
{
    return text.ptr ? json_stringn(text.ptr, text.len) : json_null();
}

ine_credentials *credentials_of(const json_t *scenario, const json_t *given)
{
    ine_credentials *out;
    size_t at;
    json_t *secret;
    const char *label = json_string_value(json_object_get(given, "label"));
    const char *key = json_string_value(json_object_get(given, "api_key"));
    if (!key || ine_credentials_new(&out, label ? label : "", label ? strlen(label) : 0, key,
                                    strlen(key), NULL) != INE_OK)
        wrong(scenario, "credentials");
    json_array_foreach(json_object_get(given, "secrets"), at, secret)
    {
        char number[8];
        const int len = snprintf(number, sizeof number, "%zu", at);
        if (ine_credentials_add_secret(out, number, (size_t)len, json_string_value(secret),
                                       json_string_length(secret), NULL) != INE_OK)
            wrong(scenario, "secret");
    }
    return out;
}

static json_t *problems_of(json_t *all)
{
    json_t *out = json_array(), *problem;
    size_t at;
    json_array_foreach(all, at, problem)
    {
        json_object_del(problem, "hint");
        json_array_append(out, problem);
    }
    return out;
}

/* Texts are for people and may be said better; the rest is a promise. */
json_t *error_result(ine_error *err)
{
    static const char *const members[] = {"code",      "class", "field", "http_status", "api_code",
                                          "retryable", "sent",  "step",  "session"};
    const ine_str text = ine_error_json(err);
    json_t *whole = json_loadb(text.ptr, text.len, 0, NULL);
    json_t *from = json_object_get(whole, "error"), *to = json_object();
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        json_object_set(to, members[i], json_object_get(from, members[i]));
    if (json_object_get(from, "problems"))
        json_object_set_new(to, "problems", problems_of(json_object_get(from, "problems")));
    json_decref(whole);
    ine_error_free(err);
    return json_pack("{s:o}", "error", to);
}

static bool agrees(const json_t *scenario, const json_t *result)
{
    const char *name = json_string_value(json_object_get(scenario, "name"));
    if (json_equal(result, json_object_get(scenario, "result"))) {
        printf("[       OK ] %s\n", name);
        return true;
    }
    char *text = result ? json_dumps(result, JSON_COMPACT) : NULL;
    printf("%s: %s\n[  FAILED  ] %s\n", name, text ? text : "sent what it should not", name);
    free(text);
    return false;
}

int main(int count, char **words)
{
    const bool record = count > 1 && strcmp(words[1], "--record") == 0;
    json_t *(*run)(const json_t *) = NULL;
    json_error_t trouble;
    json_t *scenario;
    size_t at;
    int failed = 0;
    if (count != (record ? 4 : 3)) {
        fputs("usage: run [--record] calls|webhooks|bodies FILE\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(words[count - 2], kinds[i].kind) == 0)
            run = kinds[i].run;
    }
    json_t *all = json_load_file(words[count - 1], 0, &trouble);
    if (!all || !run || json_array_size(all) == 0) {
        fprintf(stderr, "%s: %s\n", words[count - 1], all ? "no such kind, or none" : trouble.text);
        return 2;
    }
    json_array_foreach(all, at, scenario)
    {
        json_t *result = run(scenario);
        if (record && result) {
            char *text = json_dumps(result, JSON_COMPACT);
            puts(text);
            free(text);
        }
        failed += record ? !result : !agrees(scenario, result);
        json_decref(result);
    }
    json_decref(all);
    return failed ? 1 : 0;
}
