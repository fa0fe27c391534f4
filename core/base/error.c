#include "error.h"

#include <stddef.h>

static ine_error no_memory = {
    .code = INE_E_MEMORY,
    .text = "out of memory",
    .number = {-1, INE_E_MEMORY, -1, -1, -1, -1, -1, INE_SENT_UNKNOWN, 0, -1, -1, -1, -1,
               INE_CLASS_ERROR, -1},
};

void ine__error_clear(ine_error **err)
{
    if (err)
        *err = NULL;
}

ine_error *ine__error_new(int32_t code, const char *text)
{
    ine_error *err = code == INE_E_MEMORY ? NULL : ine__alloc(sizeof *err);
    if (!err)
        return &no_memory;
    err->code = code;
    err->text = text;
    for (size_t i = 0; i < INE__DETAILS; i++)
        err->number[i] = -1;
    err->number[INE_DETAIL_CODE] = code;
    err->number[INE_DETAIL_CLASS] = ine_code_class(code);
    err->number[INE_DETAIL_SENT] = INE_SENT_NO;
    err->number[INE_DETAIL_RETRYABLE] = 0;
    return err;
}

int32_t ine__fail(ine_error **err, int32_t code, const char *text)
{
    if (err)
        *err = ine__error_new(code, text);
    return code;
}

int32_t ine__fail_memory(ine_error **err)
{
    return ine__fail(err, INE_E_MEMORY, "out of memory");
}

static bool is_static(const ine_error *err)
{
    return !err || err == &no_memory;
}

void ine__error_set(ine_error *err, int32_t detail, int64_t number)
{
    if (!is_static(err) && detail > 0 && detail < INE__DETAILS)
        err->number[detail] = number;
}

void ine__error_session(ine_error *err, ine_str session)
{
    if (is_static(err) || !ine__is_uuid(session))
        return;
    memcpy(err->session, session.ptr, sizeof err->session);
    err->session_len = sizeof err->session;
}

void ine__error_field(ine_error *err, ine_str field, ine_str hint)
{
    if (is_static(err))
        return;
    err->field = field;
    err->hint = hint;
}

void ine__error_report(ine_error *err, ine_report *report, void (*report_free)(ine_report *))
{
    if (is_static(err)) {
        report_free(report);
        return;
    }
    err->report = report;
    err->report_free = report_free;
}

int32_t ine__error_give(ine_error **err, ine_error *error)
{
    const int32_t code = ine_error_code(error);
    if (err)
        *err = error;
    else
        ine_error_free(error);
    return code;
}

ine_error *ine__error_copy(const ine_error *error)
{
    ine_error *copy = ine__error_new(error->code, error->text);
    if (is_static(copy) || is_static(error))
        return copy;
    *copy = *error;
    copy->report = NULL;
    copy->report_free = NULL;
    copy->json = NULL;
    return copy;
}

int32_t ine_error_code(const ine_error *err)
{
    return err ? err->code : INE_OK;
}

ine_str ine_error_text(const ine_error *err)
{
    return err ? ine__str_of(err->text) : INE__NONE;
}

int64_t ine_error_number(const ine_error *err, int32_t detail)
{
    return err && detail > 0 && detail < INE__DETAILS ? err->number[detail] : -1;
}

ine_str ine_error_str(const ine_error *err, int32_t detail)
{
    if (!err)
        return INE__NONE;
    switch (detail) {
    case INE_DETAIL_CODE:
        return ine_name(INE_NAMES_CODE, err->code);
    case INE_DETAIL_CLASS:
        return ine_name(INE_NAMES_CLASS, (int32_t)err->number[INE_DETAIL_CLASS]);
    case INE_DETAIL_STEP:
        return ine_name(INE_NAMES_STEP, (int32_t)err->number[INE_DETAIL_STEP]);
    case INE_DETAIL_SENT:
        return ine_name(INE_NAMES_SENT, (int32_t)err->number[INE_DETAIL_SENT]);
    case INE_DETAIL_SESSION_ID:
        return err->session_len ? (ine_str){err->session, err->session_len} : INE__NONE;
    case INE_DETAIL_FIELD:
        return err->field;
    case INE_DETAIL_HINT:
        return err->hint;
    default:
        return INE__NONE;
    }
}

const ine_report *ine_error_report(const ine_error *err)
{
    return err ? err->report : NULL;
}

void ine_error_free(ine_error *err)
{
    if (is_static(err))
        return;
    if (err->report)
        err->report_free(err->report);
    ine__free(err->json);
    ine__free(err);
}
