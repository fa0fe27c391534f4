/* An error as the JSON object of docs/output.md. */
#include "json/writer.h"

#include "base/error.h"

#define CEILING 65536

static void number_or_null(ine__writer *writer, const char *key, int64_t number)
{
    ine__write_key(writer, key);
    if (number < 0)
        ine__write_null(writer);
    else
        ine__write_int(writer, number);
}

static void text(ine__writer *writer, const char *key, ine_str value)
{
    ine__write_key(writer, key);
    ine__write_str(writer, value);
}

static void write_problems(ine__writer *writer, const ine_report *report)
{
    ine__write_key(writer, "problems");
    ine__write_array(writer);
    for (size_t i = 0; i < ine_report_count(report); i++) {
        ine_str path, hint;
        int32_t problem, is_error;
        if (ine_report_item(report, i, NULL, &path, &problem, &is_error, &hint) != INE_OK)
            break;
        ine__write_object(writer);
        text(writer, "field", path);
        text(writer, "code", ine_name(INE_NAMES_PROBLEM, problem));
        text(writer, "severity", is_error ? INE__STR("error") : INE__STR("warning"));
        text(writer, "hint", hint);
        ine__write_end_object(writer);
    }
    ine__write_end_array(writer);
}

static void write_error(ine__writer *writer, const ine_error *err)
{
    ine__write_object(writer);
    ine__write_key(writer, "error");
    ine__write_object(writer);
    text(writer, "code", ine_error_str(err, INE_DETAIL_CODE));
    text(writer, "field", ine_error_str(err, INE_DETAIL_FIELD));
    number_or_null(writer, "http_status", ine_error_number(err, INE_DETAIL_HTTP_STATUS));
    ine__write_key(writer, "retryable");
    ine__write_bool(writer, ine_error_number(err, INE_DETAIL_RETRYABLE) == 1);
    text(writer, "sent", ine_error_str(err, INE_DETAIL_SENT));
    text(writer, "session", ine_error_str(err, INE_DETAIL_SESSION_ID));
    text(writer, "class", ine_error_str(err, INE_DETAIL_CLASS));
    text(writer, "message", ine_error_text(err));
    text(writer, "hint", ine_error_str(err, INE_DETAIL_HINT));
    number_or_null(writer, "api_code", ine_error_number(err, INE_DETAIL_API_CODE));
    number_or_null(writer, "retry_after_ms", ine_error_number(err, INE_DETAIL_RETRY_AFTER_MS));
    text(writer, "step", ine_error_str(err, INE_DETAIL_STEP));
    if (ine_error_report(err))
        write_problems(writer, ine_error_report(err));
    ine__write_end_object(writer);
    ine__write_end_object(writer);
}

/* The text with a zero at its end: the writer lets none inside. NULL without memory. */
static char *make(const ine_error *err)
{
    ine__buf buf;
    ine__writer writer;
    ine__buf_init(&buf, CEILING);
    ine__write_init(&writer, &buf);
    write_error(&writer, err);
    ine__buf_char(&buf, '\0');
    if (!buf.failed)
        return buf.ptr;
    ine__buf_free(&buf);
    return NULL;
}

ine_str ine_error_json(const ine_error *err)
{
    /* the one error that is not allocated, and can not rely on an allocation */
    static const char no_memory[] =
        "{\"error\":{\"code\":\"MEMORY\",\"field\":null,\"http_status\":null,\"retryable\":false,"
        "\"sent\":\"unknown\",\"session\":null,\"class\":\"Error\",\"message\":\"out of memory\","
        "\"hint\":null,\"api_code\":null,\"retry_after_ms\":null,\"step\":null}}";
    if (!err)
        return INE__NONE;
    if (err->code == INE_E_MEMORY)
        return INE__STR(no_memory);
    /* a cache inside an object that is otherwise immutable: threads that race make the same text */
    char **const cache = &((ine_error *)(uintptr_t)err)->json;
    char *json = __atomic_load_n(cache, __ATOMIC_ACQUIRE);
    if (json)
        return ine__str_of(json);
    char *made = make(err);
    if (!made)
        return INE__STR(no_memory);
    if (__atomic_compare_exchange_n(cache, &json, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return ine__str_of(made);
    ine__free(made);
    return ine__str_of(json);
}
