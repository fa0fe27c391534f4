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

void *ine_py_handle(PyObject *capsule, const char *type)
{
    if (!PyCapsule_IsValid(capsule, type)) {
        PyErr_Format(PyExc_TypeError, "a handle of type %s is needed", type);
        return NULL;
    }
    return PyCapsule_GetPointer(capsule, type);
}

bool ine_py_optional(PyObject *capsule, const char *type, void **out)
{
    *out = NULL;
    if (capsule == Py_None) {
        return true;
    }
    *out = ine_py_handle(capsule, type);
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
