/* What the types of verdict.c, decision.c and event.c have in common. */
#include "core.h"

void *ine_py_alloc(PyObject *type)
{
    if (type == NULL) {
        PyErr_SetString(PyExc_SystemError, "libine._core is used through libine");
        return NULL;
    }
    return PyType_GenericAlloc((PyTypeObject *)type, 0);
}

void ine_py_free(PyObject *self)
{
    PyTypeObject *const type = Py_TYPE(self);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

PyObject *ine_py_no_new(const char *advice)
{
    PyErr_SetString(PyExc_TypeError, advice);
    return NULL;
}

static PyTypeObject *add(PyObject *module, const char *name, PyType_Spec *spec)
{
    PyObject *const type = PyType_FromSpec(spec);
    if (type != NULL && PyModule_AddObjectRef(module, name, type) != 0)
        Py_DECREF(type);
    return (PyTypeObject *)type;
}

int ine_py_types_ready(PyObject *module)
{
    /* What the Python files lend is kept once in a process. */
    if (PyInterpreterState_GetID(PyInterpreterState_Get()) != 0) {
        PyErr_SetString(PyExc_ImportError, "libine works in the main interpreter of a process only "
                                           "(mod_wsgi: WSGIApplicationGroup %{GLOBAL})");
        return -1;
    }
    ine_py_verdict_ready();
    ine_py_decision_ready();
    ine_py_verdict_type = add(module, "Verdict", &ine_py_verdict_spec);
    ine_py_decision_type = add(module, "Decision", &ine_py_decision_spec);
    add(module, "Event", &ine_py_event_spec);
    add(module, "Receiver", &ine_py_receiver_spec);
    return PyErr_Occurred() ? -1 : 0;
}
