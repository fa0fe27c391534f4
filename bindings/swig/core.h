/*
 * What the files of the extension module libine._core share. The module is private: its callers
 * are the Python files of the package, which check types and hold what must be held.
 *
 * A handle of the library is a capsule named after its type that frees it, but for the three that
 * programs see: a verdict, a decision and a webhook's event are objects of their own types, which
 * the package's classes extend. Nothing here keeps a reference to a caller's bytes beyond a call;
 * who lends media keeps them alive.
 */
#ifndef INE_PY_CORE_H
#define INE_PY_CORE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>

#include "ine.h"

/* ---- handles as capsules: handles.c ---- */

#define INE_PY_HANDLES(X) \
    X(options)            \
    X(credentials)        \
    X(verification)       \
    X(report)             \
    X(request)            \
    X(exchange)           \
    X(flow)               \
    X(mrz)                \
    X(evidence)           \
    X(text)               \
    X(queue)              \
    X(client)

/* A capsule that owns `handle`; None for NULL. Frees the handle when there is no memory. */
#define INE_PY_DECLARE(noun) PyObject *ine_py_##noun(ine_##noun *handle);
INE_PY_HANDLES(INE_PY_DECLARE)
#undef INE_PY_DECLARE

/* The handle in a capsule, or in a verdict or decision; NULL with an exception when the object is
 * another thing. */
void *ine_py_handle(PyObject *object, const char *type);
/* The same, and NULL without an exception for None. */
bool ine_py_optional(PyObject *object, const char *type, void **out);
/* A capsule of a handle that belongs to another handle, whose capsule `owner` it keeps alive. */
PyObject *ine_py_borrowed(void *handle, const char *type, PyObject *owner);

/* ---- text: handles.c ---- */

/* Text as str, None when absent; bytes likewise. */
PyObject *ine_py_str(ine_str text);
PyObject *ine_py_bytes(ine_str text);
/* A text argument: str, bytes or None. A lone surrogate goes on as invalid UTF-8, which the library
 * refuses. `*hold` is to be released after the call. */
bool ine_py_text_in(PyObject *object, const char **text, size_t *len, PyObject **hold);
/* Sets an item of a tuple that is being made and gives the tuple; NULL when either is NULL. */
PyObject *ine_py_set(PyObject *tuple, Py_ssize_t at, PyObject *value);

/* ---- what the package's Python files lend to this module: lent.c ---- */

enum ine_py_lent {
    INE_PY_ERROR,   /* a function: the exception of an error's facts */
    INE_PY_VERDICT, /* classes that extend the types here */
    INE_PY_DECISION,
    INE_PY_EVENT,
    INE_PY_CHECK_RESULT, /* subclasses of tuple */
    INE_PY_REGISTRY,
    INE_PY_OUTCOMES, /* tuples of enum members, by their numbers */
    INE_PY_ADVICES,
    INE_PY_STATES,
    INE_PY_CHECKS,
    INE_PY_PLAIN_HEADERS, /* functions that take what is not plain */
    INE_PY_NEED_BYTES,
    INE_PY_LENT,
};
extern PyObject *ine_py_lent[INE_PY_LENT];

/* The member of a number; its name for a number that the package does not know. */
PyObject *ine_py_member(enum ine_py_lent tuple, int64_t number);
/* A new object of a lent subclass of tuple, to be filled by ine_py_set(). */
PyObject *ine_py_tuple_of(enum ine_py_lent type, Py_ssize_t size);

/* ---- errors: raise.c ---- */

/* Sets the exception of an error and frees it; returns NULL. */
PyObject *ine_py_raise(int32_t code, ine_error *err);
/* The facts of an error as a tuple, for the factory and for events. */
PyObject *ine_py_error_facts(const ine_error *err);
/* (input, field, code, is_error, hint) of every problem. */
PyObject *ine_py_problems(const ine_report *report);

/* ---- verdicts, decisions, webhooks: verdict.c, decision.c, event.c ---- */

/* A delivery that an event, its verdict and its decision share. */
typedef struct ine_py_delivery {
    Py_ssize_t uses;
    ine_webhook *webhook;
} ine_py_delivery;
ine_py_delivery *ine_py_share(ine_py_delivery *delivery);
void ine_py_unshare(ine_py_delivery *delivery);

/* Objects of the package's classes. The first two take the handle over, and free it when there is
 * no memory; the others show a part of a delivery. None for a handle that is NULL. */
PyObject *ine_py_verdict(ine_verdict *verdict);
PyObject *ine_py_decision(ine_decision *decision);
PyObject *ine_py_verdict_of(ine_py_delivery *delivery);
PyObject *ine_py_decision_of(ine_py_delivery *delivery);
/* The handle of an object; NULL when it has none, or is another thing. */
const ine_verdict *ine_py_verdict_in(PyObject *object);
const ine_decision *ine_py_decision_in(PyObject *object);

/* A text of a decision, or None. */
PyObject *ine_py_decision_value(const ine_decision *decision, int32_t field);
PyObject *ine_py_decision_id(const ine_decision *decision);
/* The name of a kind, as in decision. */
PyObject *ine_py_kind(int32_t kind);
/* The verdict that a pickle has kept: facts, checks, JSON. */
PyObject *ine_py_verdict_restored(PyObject *self, PyObject *const *args, Py_ssize_t count);

/* An object without content; its type's own memory is its caller's to fill. */
void *ine_py_alloc(PyObject *type);
/* Frees the memory of an object whose content is gone. */
void ine_py_free(PyObject *self);
/* `new` of a type that no program calls: `advice` says where its objects come from. */
PyObject *ine_py_no_new(const char *advice);

/* Adds the types to the module. */
int ine_py_types_ready(PyObject *module);
void ine_py_verdict_ready(void);
void ine_py_decision_ready(void);
extern PyType_Spec ine_py_verdict_spec, ine_py_decision_spec, ine_py_event_spec,
    ine_py_receiver_spec;
extern PyTypeObject *ine_py_verdict_type, *ine_py_decision_type;

/* ---- headers: headers.c ---- */

enum { INE_PY_HEADERS_INLINE = 32 };
typedef struct ine_py_headers {
    ine_str names[INE_PY_HEADERS_INLINE], values[INE_PY_HEADERS_INLINE];
    ine_str *name, *value; /* those above, or one block of memory for both */
    size_t count;
    PyObject *hold; /* what the views point into */
} ine_py_headers;
/* Headers of any form; false with an exception. Give them back by ine_py_headers_free(). */
bool ine_py_headers_in(ine_py_headers *headers, PyObject *object);
void ine_py_headers_free(ine_py_headers *headers);
/* A body: bytes-like, or the TypeError that says what to do. */
bool ine_py_body_in(PyObject *object, Py_buffer *view);

/* ---- tables of hand-written functions; the initialiser of the module adds them ---- */

#define INE_PY_ARGUMENTS(name, want)                                                 \
    if (count != (want)) {                                                           \
        PyErr_SetString(PyExc_TypeError, name " takes another number of arguments"); \
        return NULL;                                                                 \
    }
/* clang-format off */
#define INE_PY_FAST(name) {#name, (PyCFunction)(void (*)(void))name, METH_FASTCALL, NULL}
#define INE_PY_FAST_AS(name, function) \
    {name, (PyCFunction)(void (*)(void))function, METH_FASTCALL, NULL}
#define INE_PY_ONE(name) {#name, name, METH_O, NULL}
/* clang-format on */

extern PyMethodDef ine_py_lent_methods[], ine_py_document_methods[], ine_py_drive_methods[],
    ine_py_local_methods[];

#endif
