/*
 * What the files of the extension module libine._core share. The module is private: its callers
 * are the Python files of the package, which check types and hold what must be held.
 *
 * A handle of the library is a capsule named after its type that frees it. Nothing here keeps a
 * reference to a caller's bytes beyond a call; who lends media keeps them alive.
 */
#ifndef INE_PY_CORE_H
#define INE_PY_CORE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>

#include "ine.h"

#define INE_PY_HANDLES(X) \
    X(options)            \
    X(credentials)        \
    X(verification)       \
    X(report)             \
    X(request)            \
    X(exchange)           \
    X(flow)               \
    X(mrz)                \
    X(decision)           \
    X(verdict)            \
    X(webhooks)           \
    X(webhook)            \
    X(evidence)           \
    X(text)               \
    X(queue)              \
    X(event)              \
    X(client)

/* A capsule that owns `handle`; None for NULL. Frees the handle when there is no memory. */
#define INE_PY_DECLARE(noun) PyObject *ine_py_##noun(ine_##noun *handle);
INE_PY_HANDLES(INE_PY_DECLARE)
#undef INE_PY_DECLARE

/* A handle out of a capsule; NULL with an exception when it is another thing. */
void *ine_py_handle(PyObject *capsule, const char *type);
/* The same, and NULL without an exception for None. */
bool ine_py_optional(PyObject *capsule, const char *type, void **out);
/* A capsule of a handle that belongs to another handle, whose capsule `owner` it keeps alive. */
PyObject *ine_py_borrowed(void *handle, const char *type, PyObject *owner);

/* Text as str, None when absent; bytes likewise. */
PyObject *ine_py_str(ine_str text);
PyObject *ine_py_bytes(ine_str text);
/* A text argument: str, bytes or None. A lone surrogate goes on as invalid UTF-8, which the library
 * refuses. `*hold` is to be released after the call. */
bool ine_py_text_in(PyObject *object, const char **text, size_t *len, PyObject **hold);

/* Sets the exception of an error and frees it; returns NULL. */
PyObject *ine_py_raise(int32_t code, ine_error *err);
/* The facts of an error as a tuple, for the factory and for events. */
PyObject *ine_py_error_facts(const ine_error *err);
/* (input, field, code, is_error, hint) of every problem. */
PyObject *ine_py_problems(const ine_report *report);
PyObject *ine_py_set_error_factory(PyObject *self, PyObject *factory);

/* The facts of a verdict and of a decision as tuples, in the order of the tables in results.c. */
PyObject *ine_py_verdict_facts(const ine_verdict *verdict);
PyObject *ine_py_verdict_checks(const ine_verdict *verdict);
PyObject *ine_py_decision_facts(const ine_decision *decision);

/* Readies what is looked up once; false with an exception. */
bool ine_py_results_ready(void);

#define INE_PY_ARGUMENTS(name, want)                                                 \
    if (count != (want)) {                                                           \
        PyErr_SetString(PyExc_TypeError, name " takes another number of arguments"); \
        return NULL;                                                                 \
    }

/* Tables of hand-written functions; the initialiser of the module adds them. */
extern PyMethodDef ine_py_fast_methods[], ine_py_drive_methods[], ine_py_local_methods[];

#endif
