/* Error objects: constants and numbers only, so that no value can leak into one (D3). */
#ifndef INE_BASE_ERROR_H
#define INE_BASE_ERROR_H

#include "alloc.h"

#define INE__DETAILS 15

struct ine_error {
    int32_t code;
    const char *text;             /* a literal */
    int64_t number[INE__DETAILS]; /* by INE_DETAIL_*; -1 unknown */
    char session[36];
    size_t session_len;
    ine_str field, hint; /* literals */
    ine_report *report;  /* owned, with the function that frees it */
    void (*report_free)(ine_report *);
    char *json; /* made on demand, atomically */
};

/* Fills *err (when err is not NULL) with a new error and returns `code`. `text` is a literal. */
int32_t ine__fail(ine_error **err, int32_t code, const char *text);
/* As ine__fail() for INE_E_ARGUMENT with the name of what was wrong. */
int32_t ine__fail_memory(ine_error **err);
/* Makes an error object in any case: the static out-of-memory one when there is no memory. Never
 * NULL. */
ine_error *ine__error_new(int32_t code, const char *text);
/* These do nothing for NULL and for the static error; so they can follow ine__fail() directly. */
void ine__error_set(ine_error *err, int32_t detail, int64_t number);
void ine__error_session(ine_error *err, ine_str session);
void ine__error_field(ine_error *err, ine_str field, ine_str hint);
/* Moves `report` into the error (frees it when the error can not hold it). */
void ine__error_report(ine_error *err, ine_report *report, void (*report_free)(ine_report *));
/* *err = NULL for err != NULL: first statement of every function that takes one. */
void ine__error_clear(ine_error **err);
/* Moves `error` to *err, or frees it when err is NULL; returns its code. */
int32_t ine__error_give(ine_error **err, ine_error *error);
/* A copy without its report, for results that are handed out twice; never NULL. */
ine_error *ine__error_copy(const ine_error *error);

#endif
