/* Bodies, documents and images, by themselves. */
#include "core.h"

static PyObject *judged(const ine_decision *decision, long long require, long long sent)
{
    ine_verdict *verdict = NULL;
    ine_error *err = NULL;
    const int32_t code = ine_verdict_new(&verdict, decision, require, sent, &err);
    return code == INE_OK ? ine_py_verdict(verdict) : ine_py_raise(code, err);
}

/* interpret(body, require): the verdict of bytes */
static PyObject *interpret(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("interpret", 2)
    const long long require = PyLong_AsLongLong(args[1]);
    Py_buffer body;
    if (PyErr_Occurred() || !ine_py_body_in(args[0], &body))
        return NULL;
    ine_decision *decision = NULL;
    ine_error *err = NULL;
    const int32_t code =
        ine_decision_read(&decision, body.buf, (size_t)body.len, INE_READ_BORROW, &err);
    PyObject *out = code == INE_OK ? judged(decision, require, 0) : ine_py_raise(code, err);
    ine_decision_free(decision);
    PyBuffer_Release(&body);
    return out;
}

/* verdict_of(decision, require, sent) */
static PyObject *verdict_of(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("verdict_of", 3)
    const ine_decision *decision = ine_py_handle(args[0], "ine_decision");
    const long long require = PyLong_AsLongLong(args[1]), sent = PyLong_AsLongLong(args[2]);
    return decision == NULL || PyErr_Occurred() ? NULL : judged(decision, require, sent);
}

static PyObject *report_problems(PyObject *self, PyObject *capsule)
{
    (void)self;
    const ine_report *report = ine_py_handle(capsule, "ine_report");
    return report == NULL ? NULL : ine_py_problems(report);
}

/* (report, birth, sex) */
static PyObject *curp_check(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("curp_check", 2)
    void *options = NULL;
    const char *text = NULL;
    size_t len = 0;
    PyObject *hold = NULL;
    if (!ine_py_optional(args[1], "ine_options", &options) ||
        !ine_py_text_in(args[0], &text, &len, &hold))
        return NULL;
    ine_report *report = NULL;
    ine_error *err = NULL;
    int32_t birth = 0, sex = 0;
    const int32_t code = ine_curp_check(&report, text, len, options, &birth, &sex, &err);
    Py_XDECREF(hold);
    if (code != INE_OK)
        return ine_py_raise(code, err);
    PyObject *out = ine_py_set(PyTuple_New(3), 0, ine_py_report(report));
    out = ine_py_set(out, 1, PyLong_FromLong(birth));
    return ine_py_set(out, 2, PyLong_FromLong(sex));
}

/* (problems, json of them, then each field by INE_MRZ_*) */
static PyObject *mrz_facts(PyObject *self, PyObject *capsule)
{
    (void)self;
    const ine_mrz *mrz = ine_py_handle(capsule, "ine_mrz");
    if (mrz == NULL)
        return NULL;
    const ine_report *report = ine_mrz_report(mrz);
    PyObject *out = ine_py_set(PyTuple_New(2 + INE_MRZ_GIVEN), 0, ine_py_problems(report));
    out = ine_py_set(out, 1, ine_py_str(ine_report_json(report)));
    for (int32_t field = 1; field <= INE_MRZ_GIVEN; field++) {
        ine_str text = {NULL, 0};
        int64_t number = 0;
        const int32_t state = ine_mrz_field(mrz, field, &text, &number);
        const bool date = field == INE_MRZ_BIRTH || field == INE_MRZ_EXPIRY;
        out = ine_py_set(out, 1 + field,
                         date && state == INE_FIELD_PRESENT ? PyLong_FromLongLong(number)
                                                            : ine_py_str(text));
    }
    return out;
}

/* (SHA-256 of an image as given, and as it would be sent) */
static PyObject *media_digest(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("media_digest", 2)
    void *options = NULL;
    Py_buffer image;
    if (!ine_py_optional(args[1], "ine_options", &options) ||
        PyObject_GetBuffer(args[0], &image, PyBUF_SIMPLE) != 0)
        return NULL;
    char given[64], sent[64];
    ine_error *err = NULL;
    const int32_t code = ine_media_digest(image.buf, (size_t)image.len, options, given, sent, &err);
    PyBuffer_Release(&image);
    if (code != INE_OK)
        return ine_py_raise(code, err);
    return Py_BuildValue("(NN)", ine_py_str((ine_str){given, sizeof given}),
                         ine_py_str((ine_str){sent, sizeof sent}));
}

PyMethodDef ine_py_document_methods[] = {
    INE_PY_FAST(interpret),
    INE_PY_FAST(verdict_of),
    INE_PY_ONE(report_problems),
    INE_PY_FAST(curp_check),
    INE_PY_ONE(mrz_facts),
    INE_PY_FAST(media_digest),
    INE_PY_FAST_AS("verdict_restored", ine_py_verdict_restored),
    {NULL, NULL, 0, NULL},
};
