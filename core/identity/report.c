#include "identity/report.h"

#include "json/writer.h"

#define JSON_CEILING 65536

typedef struct problem {
    int32_t input, problem;
    bool is_error;
    ine_str field, hint; /* literals */
} problem;

/* The JSON form, made when it is first asked for. */
typedef struct text {
    size_t len;
    char bytes[];
} text;

struct ine_report {
    problem *items;
    size_t count, cap, errors;
    text *json; /* published atomically: a report is shareable */
};

ine_report *ine__report_new(void)
{
    return ine__alloc(sizeof(ine_report));
}

static bool grow(ine_report *report)
{
    if (report->count < report->cap)
        return true;
    const size_t cap = report->cap ? report->cap * 2 : 8;
    problem *items = ine__alloc_array(cap, sizeof *items);
    if (!items)
        return false;
    if (report->count)
        memcpy(items, report->items, report->count * sizeof *items);
    ine__free(report->items);
    report->items = items;
    report->cap = cap;
    return true;
}

static bool append(ine_report *report, const problem *item)
{
    if (!grow(report))
        return false;
    report->items[report->count++] = *item;
    report->errors += item->is_error;
    return true;
}

bool ine__report_add(ine_report *report, int32_t input, int32_t code, bool is_error,
                     const char *hint)
{
    const problem item = {input, code, is_error, ine_name(INE_NAMES_INPUT, input),
                          ine__str_of(hint)};
    return append(report, &item);
}

bool ine__report_add_field(ine_report *report, const char *field, int32_t code, bool is_error,
                           const char *hint)
{
    const problem item = {0, code, is_error, ine__str_of(field), ine__str_of(hint)};
    return append(report, &item);
}

int32_t ine__report_fail(ine_error **err, ine_report *report)
{
    if (!report)
        return ine__fail_memory(err);
    ine_error *error =
        ine__error_new(INE_E_INPUT, "the input was refused before anything was sent");
    ine__error_set(error, INE_DETAIL_STEP, INE_STEP_CHECK);
    for (size_t i = 0; i < report->count; i++) {
        if (!report->items[i].is_error)
            continue;
        ine__error_field(error, report->items[i].field, report->items[i].hint);
        break;
    }
    ine__error_report(error, report, ine_report_free);
    return ine__error_give(err, error);
}

size_t ine_report_count(const ine_report *report)
{
    return report ? report->count : 0;
}

size_t ine_report_errors(const ine_report *report)
{
    return report ? report->errors : 0;
}

int32_t ine_report_item(const ine_report *report, size_t index, int32_t *input, ine_str *path,
                        int32_t *code, int32_t *is_error, ine_str *hint)
{
    static const problem none;
    const bool found = report && index < report->count;
    const problem *item = found ? &report->items[index] : &none;
    if (input)
        *input = item->input;
    if (path)
        *path = item->field;
    if (code)
        *code = item->problem;
    if (is_error)
        *is_error = item->is_error;
    if (hint)
        *hint = item->hint;
    return found ? INE_OK : INE_E_ARGUMENT;
}

static void write_report(ine__writer *writer, const ine_report *report)
{
    ine__write_object(writer);
    ine__write_key(writer, "ok");
    ine__write_bool(writer, report->errors == 0);
    ine__write_key(writer, "problems");
    ine__write_array(writer);
    for (size_t i = 0; i < report->count; i++) {
        const problem *item = &report->items[i];
        ine__write_object(writer);
        ine__write_key(writer, "field");
        ine__write_str(writer, item->field);
        ine__write_key(writer, "code");
        ine__write_str(writer, ine_name(INE_NAMES_PROBLEM, item->problem));
        ine__write_key(writer, "severity");
        ine__write_text(writer, item->is_error ? "error" : "warning");
        ine__write_key(writer, "hint");
        ine__write_str(writer, item->hint);
        ine__write_end_object(writer);
    }
    ine__write_end_array(writer);
    ine__write_end_object(writer);
}

static text *make_json(const ine_report *report)
{
    ine__buf buf;
    ine__writer writer;
    ine__buf_init(&buf, JSON_CEILING);
    ine__write_init(&writer, &buf);
    write_report(&writer, report);
    text *json = buf.failed ? NULL : ine__alloc(sizeof *json + buf.len);
    if (json) {
        json->len = buf.len;
        memcpy(json->bytes, buf.ptr, buf.len);
    }
    ine__buf_free(&buf);
    return json;
}

/* Only the cached form behind the handle changes; two threads that race make it twice and keep
 * one. */
static text **json_place(const ine_report *report)
{
    union {
        const ine_report *in;
        ine_report *out;
    } handle = {report};
    return &handle.out->json;
}

ine_str ine_report_json(const ine_report *report)
{
    if (!report)
        return INE__NONE;
    text **place = json_place(report);
    text *json = __atomic_load_n(place, __ATOMIC_ACQUIRE);
    if (json)
        return ine__str(json->bytes, json->len);
    text *made = make_json(report);
    if (!made)
        return INE__NONE;
    if (!__atomic_compare_exchange_n(place, &json, made, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE)) {
        ine__free(made);
        return ine__str(json->bytes, json->len);
    }
    return ine__str(made->bytes, made->len);
}

void ine_report_free(ine_report *report)
{
    if (!report)
        return;
    ine__free(report->items);
    ine__free(report->json);
    ine__free(report);
}
