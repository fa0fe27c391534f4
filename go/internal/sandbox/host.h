/* The sandbox for Go: no pointer to memory that holds pointers is passed. */
#ifndef INE_GO_HOST_H
#define INE_GO_HOST_H

#include "ine_sandbox.h"

/* With its state in memory; NULL without memory. */
ine_sandbox *ine_go_sandbox_new(uint64_t seed);
/* Headers as one block (name, value, name, value ...) and two lengths for each; at most 100. */
const ine_sandbox_reply *ine_go_sandbox_handle(ine_sandbox *sandbox, const char *method,
                                               size_t method_len, const char *target,
                                               size_t target_len, const char *head,
                                               const int32_t *lengths, int32_t headers,
                                               const char *body, size_t body_len, int64_t now_ms);
bool ine_go_sandbox_base_url(ine_sandbox *sandbox, const char *url, size_t url_len);
bool ine_go_sandbox_webhook_url(ine_sandbox *sandbox, const char *key, size_t key_len,
                                const char *kind, const char *url, size_t url_len);
/* Fields as headers above. */
bool ine_go_sandbox_person(ine_sandbox *sandbox, const char *fields, const int32_t *lengths,
                           int32_t count);

#endif
