/* A program of someone who has only what was installed: reads a decision, and names its outcome. */
#include <ine.h>

#include <stdio.h>
#include <string.h>

static const char body[] =
    "{\"status\":\"success\",\"verification\":{\"id\":\"12df6045-3846-3e45-946a-14fa6136d78b\","
    "\"status\":\"declined\",\"code\":9102,\"reasonCode\":640}}";

int main(void)
{
    const ine_str version = ine_version();
    char expected[32];
    ine_error *err = NULL;
    ine_decision *decision = NULL;
    ine_verdict *verdict = NULL;
    int32_t code = ine_init(&err);
    if (code == INE_OK)
        code = ine_decision_read(&decision, body, sizeof body - 1, INE_READ_COPY, &err);
    if (code == INE_OK)
        code = ine_verdict_new(&verdict, decision, 0, 0, &err);
    if (code == INE_OK) {
        ine_str outcome = {NULL, 0};
        ine_verdict_field(verdict, INE_V_OUTCOME, &outcome, NULL);
        printf("%.*s %.*s\n", (int)version.len, version.ptr, (int)outcome.len, outcome.ptr);
    } else {
        const ine_str text = ine_error_text(err);
        fprintf(stderr, "%.*s\n", (int)text.len, text.ptr);
    }
    snprintf(expected, sizeof expected, "%d.%d.%d", INE_VERSION_MAJOR, INE_VERSION_MINOR,
             INE_VERSION_PATCH);
    if (strlen(expected) != version.len || memcmp(expected, version.ptr, version.len) != 0)
        code = INE_E_INTERNAL;
    ine_verdict_free(verdict);
    ine_decision_free(decision);
    ine_error_free(err);
    return code == INE_OK ? 0 : 1;
}
