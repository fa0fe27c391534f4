/* Handles as capsules, and text in both directions. */
#include "core.h"

#include <string.h>

#define INE_PY_DEFINE(noun)                                                           \
    static void noun##_drop(PyObject *capsule)                                        \
    {                                                                                 \
        ine_##noun##_free((ine_##noun *)PyCapsule_GetPointer(capsule, "ine_" #noun)); \
    }                                                                                 \
    PyObject *ine_py_##noun(ine_##noun *handle)                                       \
    {                                                                                 \
        if (handle == NULL) {                                                         \
            return Py_NewRef(Py_None);                                                \
        }                                                                             \
        PyObject *capsule = PyCapsule_New(handle, "ine_" #noun, noun##_drop);         \
        if (capsule == NULL) {                                                        \
            ine_##noun##_free(handle);                                                \
        }                                                                             \
        return capsule;                                                               \
    }
INE_PY_HANDLES(INE_PY_DEFINE)

/* Only those of our own types are asked what they hold. */
static const void *handle_of(PyObject *object, const char *type)
{
    if (strcmp(type, "ine_verdict") == 0)
        return ine_py_verdict_in(object);
    if (strcmp(type, "ine_decision") == 0)
        return ine_py_decision_in(object);
    return PyCapsule_IsValid(object, type) ? PyCapsule_GetPointer(object, type) : NULL;
}

void *ine_py_handle(PyObject *object, const char *type)
{
    const void *const handle = handle_of(object, type);
    if (handle == NULL)
        PyErr_Format(PyExc_TypeError, "a handle of type %s is needed", type);
    return (void *)(uintptr_t)handle;
}

bool ine_py_optional(PyObject *object, const char *type, void **out)
{
    *out = NULL;
    if (object == Py_None)
        return true;
    *out = ine_py_handle(object, type);
    return *out != NULL;
}

static void borrowed_drop(PyObject *capsule)
{
    Py_XDECREF((PyObject *)PyCapsule_GetContext(capsule));
}

PyObject *ine_py_borrowed(void *handle, const char *type, PyObject *owner)
{
    if (handle == NULL) {
        return Py_NewRef(Py_None);
    }
    PyObject *capsule = PyCapsule_New(handle, type, borrowed_drop);
    if (capsule != NULL && PyCapsule_SetContext(capsule, Py_NewRef(owner)) != 0) {
        Py_DECREF(owner);
        Py_CLEAR(capsule);
    }
    return capsule;
}

PyObject *ine_py_str(ine_str text)
{
    if (text.ptr == NULL) {
        return Py_NewRef(Py_None);
    }
    return PyUnicode_DecodeUTF8(text.ptr, (Py_ssize_t)text.len, "strict");
}

PyObject *ine_py_bytes(ine_str text)
{
    if (text.ptr == NULL) {
        return Py_NewRef(Py_None);
    }
    return PyBytes_FromStringAndSize(text.ptr, (Py_ssize_t)text.len);
}

bool ine_py_text_in(PyObject *object, const char **text, size_t *len, PyObject **hold)
{
    *text = NULL;
    *len = 0;
    *hold = NULL;
    if (object == Py_None) {
        return true;
    }
    Py_ssize_t size = 0;
    if (PyUnicode_Check(object)) {
        *text = PyUnicode_AsUTF8AndSize(object, &size);
        if (*text != NULL) {
            *len = (size_t)size;
            return true;
        }
        PyErr_Clear();
        *hold = PyUnicode_AsEncodedString(object, "utf-8", "surrogatepass");
        if (*hold == NULL) {
            return false;
        }
        object = *hold;
    }
    if (!PyBytes_Check(object)) {
        PyErr_SetString(PyExc_TypeError, "text is given as str or as bytes of UTF-8");
        return false;
    }
    *text = PyBytes_AsString(object);
    *len = (size_t)PyBytes_Size(object);
    return true;
}

PyObject *ine_py_set(PyObject *tuple, Py_ssize_t at, PyObject *value)
{
    if (tuple == NULL) {
        Py_XDECREF(value);
        return NULL;
    }
    if (value == NULL || PyTuple_SetItem(tuple, at, value) != 0) {
        Py_DECREF(tuple);
        return NULL;
    }
    return tuple;
}
