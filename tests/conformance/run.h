/*
 * The scenarios of bindings/conformance in C, over the interface alone: an exchange, a flow, a
 * receiver of webhooks, a body. A result is a JSON object as the scenario's "result".
 */
#ifndef INE_TESTS_CONFORMANCE_RUN_H
#define INE_TESTS_CONFORMANCE_RUN_H

#include "ine.h"

#include <jansson.h>
#include <stdbool.h>

/* Each runs one scenario: a new object, or NULL after it has said on standard error what was sent
 * that should not have been. */
json_t *run_call(const json_t *scenario);
json_t *run_webhook(const json_t *scenario);
json_t *run_body(const json_t *scenario);

/* Ends the program: the scenario itself is not right. */
void wrong(const json_t *scenario, const char *what) __attribute__((noreturn));
ine_credentials *credentials_of(const json_t *scenario, const json_t *given);
/* {"error": ...}; frees `err`. */
json_t *error_result(ine_error *err);
json_t *text_of(ine_str text);

#endif
