/* The bodies that are sent, in the order of the vendor's samples [V-2026-06 "Session creation
 * example", "Media upload example"]. */
#include "schema/call.h"
#include "json/writer.h"

typedef struct field {
    const char *key;
    int32_t input;
} field;

static const field references[] = {
    {"callback", INE_IN_CALLBACK},
    {"vendorData", INE_IN_VENDOR_DATA},
    {"endUserId", INE_IN_END_USER_ID},
};
static const field person[] = {
    {"idNumber", INE_IN_CURP},
    {"firstName", INE_IN_FIRST_NAME},
    {"lastName", INE_IN_LAST_NAME},
    {"secondLastName", INE_IN_SECOND_LAST_NAME},
};
/* The current product has no use for these: they stay here. */
static const field older_person[] = {
    {"gender", INE_IN_GENDER},
    {"dateOfBirth", INE_IN_DATE_OF_BIRTH},
};
static const field document[] = {
    {"type", INE_IN_DOCUMENT_TYPE},       {"number", INE_IN_CIC},
    {"country", INE_IN_DOCUMENT_COUNTRY}, {"validFrom", INE_IN_VALID_FROM},
    {"firstIssue", INE_IN_FIRST_ISSUE},
};

#define FIELDS(table) table, sizeof(table) / sizeof((table)[0])

static bool any_set(const ine_verification *v, const field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (v->text[fields[i].input].ptr)
            return true;
    }
    return false;
}

static void write_fields(ine__writer *writer, const ine_verification *v, const field *fields,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const ine_str text = v->text[fields[i].input];
        if (!text.ptr)
            continue;
        ine__write_key(writer, fields[i].key);
        ine__write_str(writer, text);
    }
}

static void write_person(ine__writer *writer, const ine_verification *v)
{
    const bool older = v->product != INE_PRODUCT_MX_INE && any_set(v, FIELDS(older_person));
    if (!older && !any_set(v, FIELDS(person)))
        return;
    ine__write_key(writer, "person");
    ine__write_object(writer);
    write_fields(writer, v, FIELDS(person));
    if (older)
        write_fields(writer, v, FIELDS(older_person));
    ine__write_end_object(writer);
}

static void write_document(ine__writer *writer, const ine_verification *v)
{
    if (!any_set(v, FIELDS(document)))
        return;
    ine__write_key(writer, "document");
    ine__write_object(writer);
    write_fields(writer, v, FIELDS(document));
    ine__write_end_object(writer);
}

/* Only what the person said, never by itself. A refusal is sent as one: without the local checks
 * the vendor decides what follows from it (C-6). */
static void write_consents(ine__writer *writer, const ine_verification *v)
{
    if (v->number[INE_IN_CONSENT] < 0)
        return;
    ine__write_key(writer, "consents");
    ine__write_array(writer);
    ine__write_object(writer);
    ine__write_key(writer, "type");
    ine__write_text(writer, "ine");
    ine__write_key(writer, "approved");
    ine__write_bool(writer, v->number[INE_IN_CONSENT] == 1);
    ine__write_end_object(writer);
    ine__write_end_array(writer);
}

static bool is_text(ine_str text)
{
    return ine__is_utf8(text) && !ine__has_nul(text);
}

static int32_t bad_text(ine_error **err, int32_t input)
{
    const int32_t code = ine__fail(err, INE_E_INPUT, "a text is not UTF-8, or holds NUL");
    if (err)
        ine__error_field(*err, ine_name(INE_NAMES_INPUT, input), INE__NONE);
    return code;
}

/* What became of a body. */
static int32_t finished(const ine__buf *out, ine_error **err)
{
    if (!out->failed)
        return INE_OK;
    if (out->too_long)
        return ine__fail(err, INE_E_LIMIT, "the body is too large");
    return ine__fail_memory(err);
}

int32_t ine__write_session(ine__buf *out, const ine_verification *verification, ine_error **err)
{
    ine__error_clear(err);
    for (int32_t i = 1; i < INE__INPUTS; i++) {
        if (!is_text(verification->text[i]))
            return bad_text(err, i);
    }
    ine__writer writer;
    ine__write_init(&writer, out);
    ine__write_object(&writer);
    ine__write_key(&writer, "verification");
    ine__write_object(&writer);
    write_fields(&writer, verification, FIELDS(references));
    write_person(&writer, verification);
    write_document(&writer, verification);
    write_consents(&writer, verification);
    ine__write_end_object(&writer);
    ine__write_end_object(&writer);
    return finished(out, err);
}

ine_str ine__submit_body(void)
{
    return INE__STR("{\"verification\":{\"status\":\"submitted\"}}");
}

int32_t ine__write_media_head(ine__buf *out, ine_str context, ine_str mime, ine_error **err)
{
    ine__error_clear(err);
    if (!is_text(context) || !ine__is_printable(mime))
        return bad_text(err, INE_IN_MEDIA_CONTEXT);
    ine__writer writer;
    ine__write_init(&writer, out);
    ine__write_object(&writer);
    ine__write_key(&writer, "image");
    ine__write_object(&writer);
    ine__write_key(&writer, "context");
    ine__write_str(&writer, context);
    ine__write_key(&writer, "content");
    /* the value follows in pieces: base64 needs no escapes */
    ine__buf_text(out, "\"data:");
    ine__buf_str(out, mime);
    ine__buf_text(out, ";base64,");
    return finished(out, err);
}

int32_t ine__write_media_tail(ine__buf *out, ine_str timestamp, ine_error **err)
{
    ine__error_clear(err);
    if (!is_text(timestamp))
        return bad_text(err, INE_IN_MEDIA_TIMESTAMP);
    ine__buf_char(out, '"');
    if (timestamp.ptr) {
        ine__writer writer;
        ine__buf_text(out, ",\"timestamp\":");
        ine__write_init(&writer, out);
        ine__write_str(&writer, timestamp);
    }
    ine__buf_text(out, "}}");
    return finished(out, err);
}
