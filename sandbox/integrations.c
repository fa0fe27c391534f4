/* Integrations: API keys, secrets, products and switches. They stay in memory; the store has a
 * copy. */
#include "internal.h"

static const char *const product_names[INE_SANDBOX_PRODUCTS] = {"mx_ine", "ine_biometric",
                                                                "ine_registry"};

ine_str ine_sandbox_product_name(int32_t product)
{
    return product >= 0 && product < INE_SANDBOX_PRODUCTS ? ine__str_of(product_names[product])
                                                          : INE__NONE;
}

/* Its texts, each owned. */
static ine_str *text_of(ine__sb_integration *integration, size_t field)
{
    const ine__sb_field *f = &ine__sb_integration_fields[field];
    return f->text ? (ine_str *)(void *)((char *)integration + f->offset) : NULL;
}

static void free_integration(ine__sb_integration *integration)
{
    if (!integration)
        return;
    for (size_t i = 0; i < ine__sb_integration_field_count; i++) {
        ine_str *text = text_of(integration, i);
        if (text)
            ine__text_free(text);
    }
    ine__free(integration);
}

/* A copy that does not live in the arena. */
static ine__sb_integration *keep_integration(const ine__sb_integration *from)
{
    ine__sb_integration *copy = ine__alloc(sizeof *copy);
    bool ok = copy != NULL;
    if (copy)
        *copy = *from;
    for (size_t i = 0; copy && i < ine__sb_integration_field_count; i++) {
        ine_str *text = text_of(copy, i);
        if (!text)
            continue;
        const ine_str given = *text;
        *text = INE__NONE;
        ok = ok && ine__text_copy(text, given);
    }
    if (ok)
        return copy;
    free_integration(copy);
    return NULL;
}

void ine__sb_free_integrations(ine_sandbox *sandbox)
{
    for (size_t i = 0; i < sandbox->integration_count; i++)
        free_integration(sandbox->integrations[i]);
    sandbox->integration_count = 0;
}

const ine__sb_integration *ine__sb_integration_of(const ine_sandbox *sandbox, ine_str api_key)
{
    for (size_t i = 0; i < sandbox->integration_count; i++) {
        if (ine__str_ieq(sandbox->integrations[i]->api_key, api_key))
            return sandbox->integrations[i];
    }
    return NULL;
}

/* The list of keys, so that a store can be opened again. */
static bool save_integration_list(ine_sandbox *sandbox)
{
    ine__buf_clear(&sandbox->record);
    for (size_t i = 0; i < sandbox->integration_count; i++)
        ine__buf_str(&sandbox->record, sandbox->integrations[i]->api_key);
    return !sandbox->record.failed &&
           sandbox->store.put(sandbox->store.context, INE_SANDBOX_META, INE__STR("integrations"),
                              ine__buf_view(&sandbox->record));
}

/* Adds it, or puts it in the place of the one with the same key. */
const ine__sb_integration *ine__sb_set_integration(ine_sandbox *sandbox,
                                                   const ine__sb_integration *with)
{
    size_t at = 0;
    while (at < sandbox->integration_count &&
           !ine__str_ieq(sandbox->integrations[at]->api_key, with->api_key))
        at++;
    if (at == INE__SB_INTEGRATIONS)
        return NULL;
    ine__sb_integration *copy = keep_integration(with);
    if (!copy || !ine__sb_save(sandbox, INE_SANDBOX_INTEGRATIONS, copy->api_key,
                               ine__sb_integration_fields, ine__sb_integration_field_count, copy)) {
        free_integration(copy);
        return NULL;
    }
    if (at < sandbox->integration_count) {
        free_integration(sandbox->integrations[at]);
        sandbox->integrations[at] = copy;
        return copy;
    }
    sandbox->integrations[sandbox->integration_count++] = copy;
    if (save_integration_list(sandbox))
        return copy;
    sandbox->integration_count--;
    free_integration(copy);
    return NULL;
}

bool ine_sandbox_integration(ine_sandbox *sandbox, int32_t product, ine_str *api_key,
                             ine_str *secret)
{
    const ine__sb_integration *found = NULL;
    *api_key = *secret = INE__NONE;
    if (product < 0 || product >= INE_SANDBOX_PRODUCTS)
        return false;
    for (size_t i = 0; i < sandbox->integration_count && !found; i++) {
        if (sandbox->integrations[i]->product == product)
            found = sandbox->integrations[i];
    }
    if (!found) {
        char key[36], text[36];
        ine__sb_uuid(sandbox, INE__SB_ID_KEY, product, 0, key);
        ine__sb_uuid(sandbox, INE__SB_ID_SECRET, product, 0, text);
        const ine__sb_integration minted = {.api_key = ine__str(key, sizeof key),
                                            .secret = ine__str(text, sizeof text),
                                            .name = ine_sandbox_product_name(product),
                                            .product = product};
        found = ine__sb_set_integration(sandbox, &minted);
        ine__wipe(text, sizeof text);
    }
    if (!found)
        return false;
    *api_key = found->api_key;
    *secret = found->secret;
    return true;
}

bool ine_sandbox_integration_add(ine_sandbox *sandbox, int32_t product, ine_str api_key,
                                 ine_str secret)
{
    char key[36];
    if (!ine_sandbox_product_name(product).ptr || !ine__is_uuid(api_key) || secret.len < 1 ||
        secret.len > 1024 || !ine__is_utf8(secret) || ine__has_nul(secret))
        return false;
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = ine__lower(api_key.ptr[i]);
    api_key = ine__str(key, sizeof key);
    if (!ine__str_starts(api_key, INE_SANDBOX_KEY_PREFIX))
        return false;
    ine__sb_integration with = {.api_key = api_key,
                                .secret = secret,
                                .name = ine_sandbox_product_name(product),
                                .product = product};
    for (size_t i = 0; i < sandbox->integration_count; i++) {
        const ine__sb_integration *old = sandbox->integrations[i];
        if (!ine__str_eq(old->api_key, api_key))
            continue;
        with = *old;
        with.secret = secret;
        with.old_secret = ine__str_eq(old->secret, secret) ? old->old_secret : old->secret;
        with.product = product;
    }
    return ine__sb_set_integration(sandbox, &with) != NULL;
}

bool ine__sb_load_integrations(ine_sandbox *sandbox)
{
    ine_str list, json;
    if (ine__sb_load(sandbox, INE_SANDBOX_META, INE__STR("integrations"), &list) < 0)
        return false;
    for (size_t at = 0; at + 36 <= list.len && sandbox->integration_count < INE__SB_INTEGRATIONS;
         at += 36) {
        ine__sb_integration record = {0};
        if (ine__sb_load(sandbox, INE_SANDBOX_INTEGRATIONS, ine__str(list.ptr + at, 36), &json) <=
                0 ||
            !ine__sb_record_read(&sandbox->arena, ine__sb_integration_fields,
                                 ine__sb_integration_field_count, &record, json))
            return false;
        ine__sb_integration *copy = keep_integration(&record);
        if (!copy)
            return false;
        sandbox->integrations[sandbox->integration_count++] = copy;
    }
    return true;
}
