/* Headers and bodies of webhooks, as frameworks give them. */
#include "core.h"

#include <stdlib.h>
#include <string.h>

/* What is neither text nor bytes, or no valid Unicode, can not be a genuine header: it is handed on
 * as a text that no check accepts, and the refusal is the library's. */
static ine_str header_text(PyObject *object)
{
    static const char strange[] = "\x01";
    Py_ssize_t size = 0;
    if (PyUnicode_Check(object)) {
        const char *text = PyUnicode_AsUTF8AndSize(object, &size);
        if (text != NULL)
            return (ine_str){text, (size_t)size};
        PyErr_Clear();
    } else if (PyBytes_Check(object)) {
        return (ine_str){PyBytes_AsString(object), (size_t)PyBytes_Size(object)};
    }
    return (ine_str){strange, 1};
}

static bool room_for(ine_py_headers *list, Py_ssize_t count)
{
    if (count > INE_PY_HEADERS_INLINE) {
        ine_str *const block = malloc((size_t)count * 2 * sizeof *block);
        if (block == NULL) {
            PyErr_NoMemory();
            return false;
        }
        list->name = block;
        list->value = block + count;
    }
    return true;
}

static void add(ine_py_headers *list, PyObject *name, PyObject *value)
{
    list->name[list->count] = header_text(name);
    list->value[list->count++] = header_text(value);
}

static bool add_pair(ine_py_headers *list, PyObject *pair)
{
    if (PyTuple_Check(pair) && PyTuple_Size(pair) == 2) {
        add(list, PyTuple_GetItem(pair, 0), PyTuple_GetItem(pair, 1));
        return true;
    }
    if (PyList_Check(pair) && PyList_Size(pair) == 2) {
        add(list, PyList_GetItem(pair, 0), PyList_GetItem(pair, 1));
        return true;
    }
    PyErr_SetString(PyExc_TypeError, "headers are a mapping, or pairs of a name and a value");
    return false;
}

/* A dict; false without an exception when it is a WSGI environ. */
static bool from_dict(ine_py_headers *list, PyObject *dict)
{
    static const char environ[] = "REQUEST_METHOD";
    PyObject *name = NULL, *value = NULL;
    Py_ssize_t at = 0;
    if (!room_for(list, PyDict_Size(dict)))
        return false;
    while (PyDict_Next(dict, &at, &name, &value)) {
        add(list, name, value);
        const ine_str *const added = &list->name[list->count - 1];
        if (added->len == sizeof environ - 1 && memcmp(added->ptr, environ, added->len) == 0)
            return false;
    }
    return true;
}

static bool from_list(ine_py_headers *list, PyObject *pairs)
{
    const Py_ssize_t count = PyList_Size(pairs);
    if (!room_for(list, count))
        return false;
    for (Py_ssize_t i = 0; i < count; i++)
        if (!add_pair(list, PyList_GetItem(pairs, i)))
            return false;
    return true;
}

/* The views are of texts that the object holds; `hold` keeps it, against a thread that drops it. */
static bool read_plain(ine_py_headers *list, PyObject *object)
{
    list->name = list->names;
    list->value = list->values;
    list->count = 0;
    list->hold = Py_NewRef(object);
    if (PyDict_CheckExact(object))
        return from_dict(list, object);
    if (PyList_CheckExact(object))
        return from_list(list, object);
    return false;
}

bool ine_py_headers_in(ine_py_headers *headers, PyObject *object)
{
    if (read_plain(headers, object))
        return true;
    ine_py_headers_free(headers);
    if (PyErr_Occurred())
        return false;
    PyObject *const plain =
        PyObject_CallFunctionObjArgs(ine_py_lent[INE_PY_PLAIN_HEADERS], object, NULL);
    if (plain == NULL)
        return false;
    const bool good = PyList_CheckExact(plain) && read_plain(headers, plain);
    Py_DECREF(plain);
    if (!good) {
        ine_py_headers_free(headers);
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "headers are a mapping, or pairs");
    }
    return good;
}

void ine_py_headers_free(ine_py_headers *headers)
{
    if (headers->name != headers->names)
        free(headers->name);
    headers->name = headers->names;
    Py_CLEAR(headers->hold);
}

/* Bytes that somebody else can change meanwhile, as a view of shared memory, are copied first: what
 * is read is what was verified. */
bool ine_py_body_in(PyObject *object, Py_buffer *view)
{
    if (PyBytes_CheckExact(object))
        return PyObject_GetBuffer(object, view, PyBUF_SIMPLE) == 0;
    PyObject *const same =
        PyObject_CallFunctionObjArgs(ine_py_lent[INE_PY_NEED_BYTES], object, NULL);
    PyObject *const copy = same == NULL ? NULL : PyBytes_FromObject(same);
    Py_XDECREF(same);
    if (copy == NULL)
        return false;
    const bool good = PyObject_GetBuffer(copy, view, PyBUF_SIMPLE) == 0;
    Py_DECREF(copy);
    return good;
}
