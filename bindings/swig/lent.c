/* What the Python files lend: classes, enum members and functions, each by its name. */
#include "core.h"

#include <string.h>

PyObject *ine_py_lent[INE_PY_LENT];

static const char *const names[INE_PY_LENT] = {
    [INE_PY_ERROR] = "error",
    [INE_PY_VERDICT] = "Verdict",
    [INE_PY_DECISION] = "Decision",
    [INE_PY_EVENT] = "Event",
    [INE_PY_CHECK_RESULT] = "CheckResult",
    [INE_PY_REGISTRY] = "Registry",
    [INE_PY_OUTCOMES] = "outcomes",
    [INE_PY_ADVICES] = "advices",
    [INE_PY_STATES] = "states",
    [INE_PY_CHECKS] = "checks",
    [INE_PY_PLAIN_HEADERS] = "plain_headers",
    [INE_PY_NEED_BYTES] = "need_bytes",
};

/* lend(name, object) */
static PyObject *lend(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("lend", 2)
    const char *name = PyUnicode_AsUTF8AndSize(args[0], NULL);
    for (int i = 0; name != NULL && i < INE_PY_LENT; i++) {
        if (strcmp(names[i], name) == 0) {
            PyObject *const before = ine_py_lent[i];
            ine_py_lent[i] = Py_NewRef(args[1]);
            Py_XDECREF(before);
            Py_RETURN_NONE;
        }
    }
    return PyErr_Format(PyExc_KeyError, "%R is not something to lend", args[0]);
}

PyObject *ine_py_member(enum ine_py_lent tuple, int64_t number)
{
    static const struct {
        int32_t names, first; /* the group of names, and the number of the first member */
    } groups[INE_PY_LENT] = {
        [INE_PY_OUTCOMES] = {INE_NAMES_OUTCOME, 0},
        [INE_PY_ADVICES] = {INE_NAMES_ADVICE, 0},
        [INE_PY_STATES] = {INE_NAMES_STATE, 0},
        [INE_PY_CHECKS] = {INE_NAMES_CHECK, 1},
    };
    PyObject *const members = ine_py_lent[tuple];
    const int64_t at = number - groups[tuple].first;
    if (members != NULL && at >= 0 && at < PyTuple_Size(members))
        return Py_NewRef(PyTuple_GetItem(members, (Py_ssize_t)at));
    return ine_py_str(ine_name(groups[tuple].names, (int32_t)number));
}

PyObject *ine_py_tuple_of(enum ine_py_lent type, Py_ssize_t size)
{
    PyTypeObject *const made = (PyTypeObject *)ine_py_lent[type];
    if (made == NULL) {
        PyErr_SetString(PyExc_SystemError, "libine._core is used through libine");
        return NULL;
    }
    return PyType_GenericAlloc(made, size);
}

PyMethodDef ine_py_lent_methods[] = {
    INE_PY_FAST(lend),
    {NULL, NULL, 0, NULL},
};
