/* Records as JSON objects: what a store keeps can be read with any tool. */
#include "internal.h"

#define TEXT(m) INE__SB_TEXT(ine__sb_session, m)
#define INT(m)  INE__SB_INT(ine__sb_session, m)
const ine__sb_field ine__sb_session_fields[] = {
    INT(seq),         TEXT(id),          TEXT(attempt),    TEXT(integration),
    INT(attempts),    INT(status),       INT(created_ms),  INT(submitted_ms),
    INT(decided_ms),  TEXT(vendor_data), TEXT(end_user),   TEXT(first_name),
    TEXT(last_name),  TEXT(curp),        TEXT(birth),      TEXT(gender),
    TEXT(cic),        TEXT(type),        TEXT(country),    TEXT(second_last_name),
    TEXT(valid_from), INT(consent),      INT(media),       TEXT(first_issue),
    INT(score),       TEXT(face),        TEXT(face_sha),   INT(faces),
    INT(outcome),     INT(reason_code),  TEXT(results),    TEXT(reasons),
    TEXT(reason),     INT(error),        INT(registry_ms), INT(hide_curp),
    INT(casing),      INT(local_ip),     INT(surprise),    INT(percent),
    INT(active),      INT(attempt_ms),
};
const size_t ine__sb_session_field_count =
    sizeof ine__sb_session_fields / sizeof *ine__sb_session_fields;
#undef TEXT
#undef INT

#define TEXT(m) INE__SB_TEXT(ine__sb_attempt, m)
#define INT(m)  INE__SB_INT(ine__sb_attempt, m)
const ine__sb_field ine__sb_attempt_fields[] = {
    TEXT(session), INT(number), INT(created_ms), INT(media), INT(outcome),
};
const size_t ine__sb_attempt_field_count =
    sizeof ine__sb_attempt_fields / sizeof *ine__sb_attempt_fields;
#undef TEXT
#undef INT

#define TEXT(m) INE__SB_TEXT(ine__sb_delivery, m)
#define INT(m)  INE__SB_INT(ine__sb_delivery, m)
const ine__sb_field ine__sb_delivery_fields[] = {
    INT(seq),      INT(kind),  INT(fault),      TEXT(integration), TEXT(session),
    TEXT(attempt), TEXT(body), INT(created_ms), INT(next_ms),      INT(tries),
    INT(status),   INT(done),  TEXT(log),
};
const size_t ine__sb_delivery_field_count =
    sizeof ine__sb_delivery_fields / sizeof *ine__sb_delivery_fields;
#undef TEXT
#undef INT

#define TEXT(m) INE__SB_TEXT(ine__sb_media, m)
#define INT(m)  INE__SB_INT(ine__sb_media, m)
const ine__sb_field ine__sb_media_fields[] = {
    INT(seq), TEXT(id), TEXT(session), TEXT(context), TEXT(mime), INT(size), INT(kept),
};
const size_t ine__sb_media_field_count = sizeof ine__sb_media_fields / sizeof *ine__sb_media_fields;
#undef TEXT
#undef INT

#define TEXT(m) INE__SB_TEXT(ine__sb_person, m)
#define INT(m)  INE__SB_INT(ine__sb_person, m)
const ine__sb_field ine__sb_person_fields[] = {
    INT(seq),
    TEXT(cic),
    TEXT(first_name),
    TEXT(last_name),
    TEXT(second_last_name),
    TEXT(curp),
    INT(registration_year),
    INT(issue_year),
    INT(lost),
    TEXT(face),
    TEXT(face_sha),
    INT(inactive),
};
const size_t ine__sb_person_field_count =
    sizeof ine__sb_person_fields / sizeof *ine__sb_person_fields;
#undef TEXT
#undef INT

#define TEXT(m) INE__SB_TEXT(ine__sb_integration, m)
#define INT(m)  INE__SB_INT(ine__sb_integration, m)
const ine__sb_field ine__sb_integration_fields[] = {
    TEXT(api_key),      TEXT(secret),          TEXT(old_secret), TEXT(name),
    INT(product),       INT(disabled),         INT(off),         INT(threshold),
    INT(consent),       INT(selfie_limit),     INT(lost_form),   INT(skipped),
    INT(casing),        INT(malformed_code),   INT(headers),     INT(session_reply),
    INT(error_code),    INT(fraction),         INT(country),     INT(technical_data),
    INT(comments),      INT(address),          INT(no_delete),   TEXT(resubmit),
    TEXT(ignore),       TEXT(decision_url),    TEXT(event_url),  TEXT(ine_url),
    INT(webhook_fault), INT(webhook_delay_ms),
};
const size_t ine__sb_integration_field_count =
    sizeof ine__sb_integration_fields / sizeof *ine__sb_integration_fields;
#undef TEXT
#undef INT

#define INT(m) INE__SB_INT(ine_sandbox, m)
const ine__sb_field ine__sb_counter_fields[] = {
    INT(sessions), INT(media), INT(media_forgotten), INT(media_bytes), INT(people), INT(deliveries),
};
const size_t ine__sb_counter_count = sizeof ine__sb_counter_fields / sizeof *ine__sb_counter_fields;
#undef INT

static ine_str *text_of(void *record, const ine__sb_field *field)
{
    return (ine_str *)(void *)((char *)record + field->offset);
}

static int64_t *int_of(void *record, const ine__sb_field *field)
{
    return (int64_t *)(void *)((char *)record + field->offset);
}

void ine__sb_record_write(ine__buf *out, const ine__sb_field *fields, size_t count,
                          const void *record)
{
    ine__writer w;
    ine__write_init(&w, out);
    ine__write_object(&w);
    for (size_t i = 0; i < count; i++) {
        const char *at = (const char *)record + fields[i].offset;
        ine_str text;
        int64_t number;
        if (fields[i].text) {
            memcpy(&text, at, sizeof text);
            if (!text.ptr)
                continue;
            ine__write_key(&w, fields[i].name);
            ine__write_str(&w, text);
        } else {
            memcpy(&number, at, sizeof number);
            if (!number)
                continue;
            ine__write_key(&w, fields[i].name);
            ine__write_int(&w, number);
        }
    }
    ine__write_end_object(&w);
}

static bool take(ine__sb_arena *arena, const ine__sb_field *field, void *record, ine_str json,
                 ine__slot slot)
{
    const ine_str raw = ine__json_view(json, slot);
    if (!field->text)
        return slot.type == INE__J_NUMBER && ine__json_int(raw, int_of(record, field));
    if (slot.type != INE__J_STRING)
        return false;
    char *copy = ine__sb_arena_take(arena, raw.len ? raw.len : 1);
    if (!copy)
        return false;
    *text_of(record, field) = ine__str(copy, ine__json_unescape(copy, raw));
    return true;
}

/* Fields come in the order in which they were written: the search goes on from the last hit. */
bool ine__sb_record_read(ine__sb_arena *arena, const ine__sb_field *fields, size_t count,
                         void *record, ine_str json)
{
    ine__json_iter iter;
    ine__slot value;
    ine_str key;
    bool escaped;
    size_t next = 0;
    ine__json_fault fault;
    if (ine__json_read(NULL, json, NULL, 0, &fault) != INE_OK || !json.len || json.ptr[0] != '{')
        return false;
    ine__json_iter_init(&iter, json);
    while (ine__json_iter_next(&iter, &key, &escaped, &value)) {
        for (size_t n = 0; n < count; n++) {
            const ine__sb_field *field = &fields[(next + n) % count];
            if (key.len != field->name_len || memcmp(key.ptr, field->name, key.len) != 0)
                continue;
            if (!take(arena, field, record, json, value))
                return false;
            next = (next + n + 1) % count;
            break;
        }
    }
    return true;
}
