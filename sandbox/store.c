/* Typed access to a store. */
#include "internal.h"

typedef struct given {
    ine__sb_arena *arena;
    ine_str value;
} given;

static void give(void *to, ine_str value)
{
    given *into = to;
    into->value = ine__sb_arena_copy(into->arena, value.ptr ? value : INE__STR(""));
}

int32_t ine__sb_load(ine_sandbox *sandbox, int32_t kind, ine_str key, ine_str *out)
{
    given into = {&sandbox->arena, INE__NONE};
    const int32_t found = sandbox->store.get(sandbox->store.context, kind, key, give, &into);
    *out = into.value;
    return found > 0 && !into.value.ptr ? -1 : found;
}

static int32_t load_record(ine_sandbox *sandbox, int32_t kind, ine_str key,
                           const ine__sb_field *fields, size_t count, void *record)
{
    ine_str json;
    const int32_t found = ine__sb_load(sandbox, kind, key, &json);
    if (found <= 0)
        return found;
    return ine__sb_record_read(&sandbox->arena, fields, count, record, json) ? 1 : -1;
}

int32_t ine__sb_load_session(ine_sandbox *sandbox, ine_str id, ine__sb_session *out)
{
    *out = (ine__sb_session){0};
    return load_record(sandbox, INE_SANDBOX_SESSIONS, id, ine__sb_session_fields,
                       ine__sb_session_field_count, out);
}

int32_t ine__sb_load_attempt(ine_sandbox *sandbox, ine_str id, ine__sb_attempt *out)
{
    *out = (ine__sb_attempt){0};
    return load_record(sandbox, INE_SANDBOX_ATTEMPTS, id, ine__sb_attempt_fields,
                       ine__sb_attempt_field_count, out);
}

int32_t ine__sb_load_media(ine_sandbox *sandbox, ine_str id, ine__sb_media *out)
{
    *out = (ine__sb_media){0};
    return load_record(sandbox, INE_SANDBOX_MEDIA, id, ine__sb_media_fields,
                       ine__sb_media_field_count, out);
}

int32_t ine__sb_load_person(ine_sandbox *sandbox, ine_str cic, ine__sb_person *out)
{
    *out = (ine__sb_person){0};
    return load_record(sandbox, INE_SANDBOX_PEOPLE, cic, ine__sb_person_fields,
                       ine__sb_person_field_count, out);
}

bool ine__sb_save(ine_sandbox *sandbox, int32_t kind, ine_str key, const ine__sb_field *fields,
                  size_t count, const void *record)
{
    ine__buf_clear(&sandbox->record);
    ine__sb_record_write(&sandbox->record, fields, count, record);
    return !sandbox->record.failed &&
           sandbox->store.put(sandbox->store.context, kind, key, ine__buf_view(&sandbox->record));
}

bool ine__sb_save_session(ine_sandbox *sandbox, const ine__sb_session *session)
{
    ine__sb_changed(sandbox, INE__SB_CHANGE_SESSION, session->id, 0);
    if (session->outcome)
        ine__sb_changed(sandbox, INE__SB_CHANGE_SESSION, session->id, session->decided_ms);
    return ine__sb_save(sandbox, INE_SANDBOX_SESSIONS, session->id, ine__sb_session_fields,
                        ine__sb_session_field_count, session);
}

bool ine__sb_save_attempt(ine_sandbox *sandbox, ine_str id, const ine__sb_attempt *attempt)
{
    return ine__sb_save(sandbox, INE_SANDBOX_ATTEMPTS, id, ine__sb_attempt_fields,
                        ine__sb_attempt_field_count, attempt);
}

bool ine__sb_save_counters(ine_sandbox *sandbox)
{
    return ine__sb_save(sandbox, INE_SANDBOX_META, INE__STR("counters"), ine__sb_counter_fields,
                        ine__sb_counter_count, sandbox);
}

/* Which media has the number, so that the oldest bytes can be found. */
static ine_str order_key(char buffer[18], int64_t seq)
{
    memcpy(buffer, "bytes-", 6);
    ine__sb_number(seq, buffer + 6);
    return ine__str(buffer, 18);
}

static bool forget_oldest(ine_sandbox *sandbox)
{
    char buffer[18];
    ine__sb_media media;
    ine_str id;
    const ine_str key = order_key(buffer, ++sandbox->media_forgotten);
    const int32_t found = ine__sb_load(sandbox, INE_SANDBOX_META, key, &id);
    if (found <= 0)
        return found == 0;
    const ine_sandbox_store *store = &sandbox->store;
    if (!store->remove(store->context, INE_SANDBOX_META, key) ||
        !store->remove(store->context, INE_SANDBOX_BYTES, id))
        return false;
    const int32_t known = ine__sb_load_media(sandbox, id, &media);
    if (known <= 0)
        return known == 0;
    sandbox->media_bytes -= media.size;
    media.kept = 0;
    return ine__sb_save(sandbox, INE_SANDBOX_MEDIA, id, ine__sb_media_fields,
                        ine__sb_media_field_count, &media);
}

bool ine__sb_keep_bytes(ine_sandbox *sandbox, ine__sb_media *media, ine_str bytes)
{
    const int64_t limit = sandbox->settings[INE_SANDBOX_KEEP_BYTES];
    char buffer[18];
    if (media->size > limit)
        return true;
    while (sandbox->media_bytes > limit - media->size && sandbox->media_forgotten < media->seq) {
        if (!forget_oldest(sandbox))
            return false;
    }
    media->kept = 1;
    sandbox->media_bytes += media->size;
    const ine_sandbox_store *store = &sandbox->store;
    return store->put(store->context, INE_SANDBOX_BYTES, media->id, bytes) &&
           store->put(store->context, INE_SANDBOX_META, order_key(buffer, media->seq), media->id);
}
