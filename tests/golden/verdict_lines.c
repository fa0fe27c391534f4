/*
 * Reads lines of "require,sent,decision" and writes one verdict a line, for compare.py. Every other
 * decision is read in borrowed mode.
 */
#include "ine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int one_line(const char *line, size_t len, int32_t flags)
{
    char *end;
    ine_decision *decision;
    ine_verdict *verdict;
    ine_error *err;
    const long long require = strtoll(line, &end, 10);
    const long long sent = strtoll(end + 1, &end, 10);
    const size_t head = (size_t)(end + 1 - line);
    if (ine_decision_read(&decision, line + head, len - head, flags, &err) != INE_OK) {
        const ine_str text = ine_error_text(err);
        printf("{\"refused\":\"%.*s\"}\n", (int)text.len, text.ptr);
        ine_error_free(err);
        return 0;
    }
    if (ine_verdict_new(&verdict, decision, require, sent, &err) != INE_OK) {
        fprintf(stderr, "no verdict: error %d\n", (int)ine_error_code(err));
        ine_error_free(err);
        ine_decision_free(decision);
        return 1;
    }
    ine_decision_free(decision); /* a verdict outlives it */
    const ine_str json = ine_verdict_json(verdict);
    printf("%.*s\n", (int)json.len, json.ptr);
    ine_verdict_free(verdict);
    return json.ptr ? 0 : 1;
}

int main(void)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;
    int failed = 0;
    for (int32_t n = 0; !failed && (len = getline(&line, &cap, stdin)) > 0; n++) {
        if (line[len - 1] == '\n')
            len--;
        failed = one_line(line, (size_t)len, n % 2 ? INE_READ_BORROW : INE_READ_COPY);
    }
    free(line);
    return failed;
}
