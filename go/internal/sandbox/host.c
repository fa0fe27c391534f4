// go:build cgo

#include "host.h"

enum { MOST = 100 };

ine_sandbox *ine_go_sandbox_new(uint64_t seed)
{
    ine_sandbox_store store;
    return ine_sandbox_memory_store(&store) ? ine_sandbox_new(&store, seed) : NULL;
}

static const char *take(const char *at, int32_t length, ine_str *out)
{
    *out = (ine_str){at, (size_t)length};
    return at + length;
}

const ine_sandbox_reply *ine_go_sandbox_handle(ine_sandbox *sandbox, const char *method,
                                               size_t method_len, const char *target,
                                               size_t target_len, const char *head,
                                               const int32_t *lengths, int32_t headers,
                                               const char *body, size_t body_len, int64_t now_ms)
{
    ine_sandbox_header pairs[MOST];
    const int32_t count = headers < MOST ? headers : MOST;
    for (int32_t i = 0; i < count; i++) {
        head = take(head, lengths[2 * i], &pairs[i].name);
        head = take(head, lengths[2 * i + 1], &pairs[i].value);
    }
    const ine_sandbox_request request = {.method = {method, method_len},
                                         .target = {target, target_len},
                                         .headers = pairs,
                                         .header_count = (size_t)count,
                                         .body = {body ? body : "", body_len}};
    return ine_sandbox_handle(sandbox, &request, now_ms);
}

bool ine_go_sandbox_base_url(ine_sandbox *sandbox, const char *url, size_t url_len)
{
    return ine_sandbox_base_url(sandbox, (ine_str){url, url_len});
}

bool ine_go_sandbox_webhook_url(ine_sandbox *sandbox, const char *key, size_t key_len,
                                const char *kind, const char *url, size_t url_len)
{
    return ine_sandbox_webhook_url(sandbox, (ine_str){key, key_len}, kind, (ine_str){url, url_len});
}

bool ine_go_sandbox_person(ine_sandbox *sandbox, const char *fields, const int32_t *lengths,
                           int32_t count)
{
    ine_str names[MOST], values[MOST];
    if (count > MOST)
        return false;
    for (int32_t i = 0; i < count; i++) {
        fields = take(fields, lengths[2 * i], &names[i]);
        fields = take(fields, lengths[2 * i + 1], &values[i]);
    }
    return ine_sandbox_person(sandbox, names, values, (size_t)count);
}
