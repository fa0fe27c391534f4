/* Errors of the library as Python exceptions: the facts go to a factory of the package. */
#include "core.h"

PyObject *ine_py_problems(const ine_report *report)
{
    const size_t count = report == NULL ? 0 : ine_report_count(report);
    PyObject *out = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; out != NULL && i < count; i++) {
        int32_t input = 0, problem = 0, is_error = 0;
        ine_str path = {NULL, 0}, hint = {NULL, 0};
        ine_report_item(report, i, &input, &path, &problem, &is_error, &hint);
        const ine_str name = ine_name(INE_NAMES_PROBLEM, problem);
        PyObject *item = Py_BuildValue("(iNNNN)", (int)input, ine_py_str(path), ine_py_str(name),
                                       PyBool_FromLong(is_error), ine_py_str(hint));
        if (item == NULL || PyTuple_SetItem(out, (Py_ssize_t)i, item) != 0) {
            Py_CLEAR(out);
        }
    }
    return out;
}

static PyObject *text_of(const ine_error *err, int32_t detail)
{
    return ine_py_str(ine_error_str(err, detail));
}

static long long number_of(const ine_error *err, int32_t detail)
{
    return (long long)ine_error_number(err, detail);
}

PyObject *ine_py_error_facts(const ine_error *err)
{
    const int32_t code = ine_error_code(err);
    return Py_BuildValue(
        "(iNiNLLLLNNNLLNNNNN)", (int)code, text_of(err, INE_DETAIL_CODE), (int)ine_code_class(code),
        ine_py_str(ine_error_text(err)), number_of(err, INE_DETAIL_HTTP_STATUS),
        number_of(err, INE_DETAIL_API_CODE), number_of(err, INE_DETAIL_OFFSET),
        number_of(err, INE_DETAIL_RETRY_AFTER_MS), text_of(err, INE_DETAIL_STEP),
        text_of(err, INE_DETAIL_SENT), PyBool_FromLong(number_of(err, INE_DETAIL_RETRYABLE) == 1),
        number_of(err, INE_DETAIL_TRANSPORT_CODE), number_of(err, INE_DETAIL_ATTEMPTS),
        text_of(err, INE_DETAIL_SESSION_ID), text_of(err, INE_DETAIL_FIELD),
        text_of(err, INE_DETAIL_HINT), ine_py_problems(ine_error_report(err)),
        ine_py_str(ine_error_json(err)));
}

PyObject *ine_py_raise(int32_t code, ine_error *err)
{
    if (code == INE_E_MEMORY || err == NULL) {
        ine_error_free(err);
        return PyErr_NoMemory();
    }
    PyObject *facts = ine_py_error_facts(err);
    ine_error_free(err);
    if (facts == NULL) {
        return NULL;
    }
    if (ine_py_lent[INE_PY_ERROR] == NULL) /* its module lends it */
        Py_XDECREF(PyImport_ImportModule("libine._errors"));
    PyObject *const factory = ine_py_lent[INE_PY_ERROR];
    if (factory == NULL) {
        Py_DECREF(facts);
        return NULL;
    }
    PyObject *exception = PyObject_CallFunctionObjArgs(factory, facts, NULL);
    Py_DECREF(facts);
    if (exception != NULL) {
        PyErr_SetObject((PyObject *)Py_TYPE(exception), exception);
        Py_DECREF(exception);
    }
    return NULL;
}
