/* The calls that must be quick: a webhook or a body in, everything that it says out, in one
 * crossing. */
#include "core.h"

#include <stdlib.h>

enum { HEADERS_INLINE = 48, HEADERS_MOST = 4096 };

typedef struct {
    ine_str names[HEADERS_INLINE], values[HEADERS_INLINE];
    ine_str *name, *value; /* those above, or one block of memory for both */
    size_t count;
} header_list;

/* What is neither text nor bytes, or no valid Unicode, can not be a genuine header: it is handed on
 * as a text that no check accepts, and the refusal is the library's. */
static ine_str header_text(PyObject *object)
{
    static const char strange[] = "\x01";
    Py_ssize_t size = 0;
    ine_str out = {strange, 1};
    if (PyUnicode_Check(object)) {
        const char *text = PyUnicode_AsUTF8AndSize(object, &size);
        if (text == NULL)
            PyErr_Clear();
        else
            out = (ine_str){text, (size_t)size};
    } else if (PyBytes_Check(object)) {
        out = (ine_str){PyBytes_AsString(object), (size_t)PyBytes_Size(object)};
    }
    return out;
}

static bool header_room(header_list *list, Py_ssize_t count)
{
    list->name = list->names;
    list->value = list->values;
    list->count = 0;
    if (count > HEADERS_MOST) {
        PyErr_SetString(PyExc_ValueError, "more than 4096 headers");
        return false;
    }
    if (count > HEADERS_INLINE) {
        list->name = malloc((size_t)count * 2 * sizeof *list->name);
        if (list->name == NULL) {
            PyErr_NoMemory();
            return false;
        }
        list->value = list->name + count;
    }
    return true;
}

static void header_free(header_list *list)
{
    if (list->name != list->names)
        free(list->name);
}

static void header_add(header_list *list, PyObject *name, PyObject *value)
{
    list->name[list->count] = header_text(name);
    list->value[list->count++] = header_text(value);
}

static bool header_pair(header_list *list, PyObject *pair)
{
    if (PyTuple_Check(pair) && PyTuple_Size(pair) == 2) {
        header_add(list, PyTuple_GetItem(pair, 0), PyTuple_GetItem(pair, 1));
        return true;
    }
    if (PyList_Check(pair) && PyList_Size(pair) == 2) {
        header_add(list, PyList_GetItem(pair, 0), PyList_GetItem(pair, 1));
        return true;
    }
    PyErr_SetString(PyExc_TypeError, "headers are a mapping, or pairs of a name and a value");
    return false;
}

/* Borrows from the objects, which the caller of the function holds. */
static bool headers_from(PyObject *object, header_list *list)
{
    list->name = list->names;
    if (PyDict_Check(object)) {
        PyObject *name = NULL, *value = NULL;
        Py_ssize_t at = 0;
        if (!header_room(list, PyDict_Size(object)))
            return false;
        while (PyDict_Next(object, &at, &name, &value))
            header_add(list, name, value);
        return true;
    }
    if (!PyList_Check(object)) {
        PyErr_SetString(PyExc_TypeError, "headers are a mapping, or pairs of a name and a value");
        return false;
    }
    const Py_ssize_t count = PyList_Size(object);
    if (!header_room(list, count))
        return false;
    for (Py_ssize_t i = 0; i < count; i++)
        if (!header_pair(list, PyList_GetItem(object, i)))
            return false;
    return true;
}

static PyObject *set(PyObject *tuple, Py_ssize_t at, PyObject *value)
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

/* (webhook, kind, decision, verdict, facts of the verdict); the reason as int when it is refused.
 */
static PyObject *opened(ine_webhook *webhook)
{
    PyObject *owner = ine_py_webhook(webhook);
    if (owner == NULL)
        return NULL;
    const ine_decision *decision = ine_webhook_decision(webhook);
    const ine_verdict *verdict = ine_webhook_verdict(webhook);
    ine_str kind = {NULL, 0};
    ine_webhook_field(webhook, INE_W_KIND, &kind, NULL);
    PyObject *out = set(PyTuple_New(5), 1, ine_py_str(kind));
    out = set(out, 2, ine_py_borrowed((void *)(uintptr_t)decision, "ine_decision", owner));
    out = set(out, 3, ine_py_borrowed((void *)(uintptr_t)verdict, "ine_verdict", owner));
    out = set(out, 4, ine_py_verdict_facts(verdict));
    return set(out, 0, owner);
}

static PyObject *webhook_open(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("webhook_open", 4)
    const ine_webhooks *receiver = ine_py_handle(args[0], "ine_webhooks");
    const long long require = PyLong_AsLongLong(args[3]);
    if (receiver == NULL || (require == -1 && PyErr_Occurred()))
        return NULL;
    Py_buffer body;
    if (PyObject_GetBuffer(args[2], &body, PyBUF_SIMPLE) != 0)
        return NULL;
    header_list headers;
    PyObject *out = NULL;
    if (headers_from(args[1], &headers)) {
        ine_webhook *webhook = NULL;
        ine_error *err = NULL;
        int32_t reason = INE_REASON_NONE;
        const int32_t code =
            ine_webhooks_open(&webhook, receiver, headers.name, headers.value, headers.count,
                              body.buf, (size_t)body.len, require, INE_READ_COPY, &reason, &err);
        if (code == INE_OK) {
            out = opened(webhook);
        } else if (code == INE_E_WEBHOOK_REFUSED) {
            ine_error_free(err);
            out = PyLong_FromLong(reason);
        } else {
            ine_py_raise(code, err);
        }
    }
    header_free(&headers);
    PyBuffer_Release(&body);
    return out;
}

static PyObject *webhook_diagnose(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("webhook_diagnose", 3)
    const ine_webhooks *receiver = ine_py_handle(args[0], "ine_webhooks");
    Py_buffer body;
    if (receiver == NULL || PyObject_GetBuffer(args[2], &body, PyBUF_SIMPLE) != 0)
        return NULL;
    header_list headers;
    PyObject *out = NULL;
    if (headers_from(args[1], &headers))
        out = PyLong_FromLong(ine_webhooks_diagnose(receiver, headers.name, headers.value,
                                                    headers.count, body.buf, (size_t)body.len));
    header_free(&headers);
    PyBuffer_Release(&body);
    return out;
}

/* (verdict, facts) of a decision. */
static PyObject *judged(const ine_decision *decision, long long require, long long sent)
{
    ine_verdict *verdict = NULL;
    ine_error *err = NULL;
    const int32_t code = ine_verdict_new(&verdict, decision, require, sent, &err);
    if (code != INE_OK)
        return ine_py_raise(code, err);
    PyObject *facts = ine_py_verdict_facts(verdict);
    PyObject *out = set(PyTuple_New(2), 0, ine_py_verdict(verdict));
    return set(out, 1, facts);
}

static PyObject *interpret(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("interpret", 3)
    const long long require = PyLong_AsLongLong(args[1]), sent = PyLong_AsLongLong(args[2]);
    Py_buffer body;
    if (PyErr_Occurred() || PyObject_GetBuffer(args[0], &body, PyBUF_SIMPLE) != 0)
        return NULL;
    ine_decision *decision = NULL;
    ine_error *err = NULL;
    const int32_t code =
        ine_decision_read(&decision, body.buf, (size_t)body.len, INE_READ_BORROW, &err);
    PyObject *out = code == INE_OK ? judged(decision, require, sent) : ine_py_raise(code, err);
    ine_decision_free(decision);
    PyBuffer_Release(&body);
    return out;
}

static PyObject *verdict_of(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("verdict_of", 3)
    const ine_decision *decision = ine_py_handle(args[0], "ine_decision");
    const long long require = PyLong_AsLongLong(args[1]), sent = PyLong_AsLongLong(args[2]);
    return decision == NULL || PyErr_Occurred() ? NULL : judged(decision, require, sent);
}

static PyObject *verdict_facts(PyObject *self, PyObject *capsule)
{
    (void)self;
    const ine_verdict *verdict = ine_py_handle(capsule, "ine_verdict");
    return verdict == NULL ? NULL : ine_py_verdict_facts(verdict);
}

static PyObject *verdict_checks(PyObject *self, PyObject *capsule)
{
    (void)self;
    const ine_verdict *verdict = ine_py_handle(capsule, "ine_verdict");
    return verdict == NULL ? NULL : ine_py_verdict_checks(verdict);
}

static PyObject *decision_facts(PyObject *self, PyObject *capsule)
{
    (void)self;
    const ine_decision *decision = ine_py_handle(capsule, "ine_decision");
    return decision == NULL ? NULL : ine_py_decision_facts(decision);
}

static PyObject *decision_id(PyObject *self, PyObject *capsule)
{
    (void)self;
    const ine_decision *decision = ine_py_handle(capsule, "ine_decision");
    char id[192];
    size_t len = 0;
    ine_error *err = NULL;
    if (decision == NULL)
        return NULL;
    const int32_t code = ine_decision_id(decision, id, sizeof id, &len, &err);
    if (code != INE_OK)
        return ine_py_raise(code, err);
    return ine_py_str((ine_str){id, len});
}

/* Every item of a list, each a tuple by INE_ITEM_*: text, number or None. */
static PyObject *decision_list(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("decision_list", 2)
    const ine_decision *decision = ine_py_handle(args[0], "ine_decision");
    const long list = PyLong_AsLong(args[1]);
    if (decision == NULL || PyErr_Occurred())
        return NULL;
    const size_t items = ine_decision_count(decision, (int32_t)list);
    PyObject *out = PyTuple_New((Py_ssize_t)items);
    for (size_t i = 0; out != NULL && i < items; i++) {
        PyObject *item = PyTuple_New(INE_ITEM_URL);
        for (int32_t column = 1; column <= INE_ITEM_URL; column++) {
            ine_str text = {NULL, 0};
            int64_t number = 0;
            const int32_t state =
                ine_decision_item(decision, (int32_t)list, i, column, &text, &number);
            const bool counts = column == INE_ITEM_SIZE && state == INE_FIELD_PRESENT;
            item = set(item, column - 1, counts ? PyLong_FromLongLong(number) : ine_py_str(text));
        }
        out = set(out, (Py_ssize_t)i, item);
    }
    return out;
}

static PyObject *webhook_field(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("webhook_field", 2)
    const ine_webhook *webhook = ine_py_handle(args[0], "ine_webhook");
    const long field = PyLong_AsLong(args[1]);
    if (webhook == NULL || PyErr_Occurred())
        return NULL;
    ine_str text = {NULL, 0};
    int64_t number = 0;
    const int32_t state = ine_webhook_field(webhook, (int32_t)field, &text, &number);
    if (field == INE_W_SECRET_INDEX && state == INE_FIELD_PRESENT)
        return PyLong_FromLongLong(number);
    return ine_py_str(text);
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
    PyObject *out = set(PyTuple_New(3), 0, ine_py_report(report));
    out = set(out, 1, PyLong_FromLong(birth));
    return set(out, 2, PyLong_FromLong(sex));
}

/* (problems, json of them, then each field by INE_MRZ_*) */
static PyObject *mrz_facts(PyObject *self, PyObject *capsule)
{
    (void)self;
    const ine_mrz *mrz = ine_py_handle(capsule, "ine_mrz");
    if (mrz == NULL)
        return NULL;
    const ine_report *report = ine_mrz_report(mrz);
    PyObject *out = set(PyTuple_New(2 + INE_MRZ_GIVEN), 0, ine_py_problems(report));
    out = set(out, 1, ine_py_str(ine_report_json(report)));
    for (int32_t field = 1; field <= INE_MRZ_GIVEN; field++) {
        ine_str text = {NULL, 0};
        int64_t number = 0;
        const int32_t state = ine_mrz_field(mrz, field, &text, &number);
        const bool date = field == INE_MRZ_BIRTH || field == INE_MRZ_EXPIRY;
        out = set(out, 1 + field,
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

#define FAST(name)                                                    \
    {                                                                 \
#name, (PyCFunction)(void (*)(void))name, METH_FASTCALL, NULL \
    }
#define ONE(name)                 \
    {                             \
#name, name, METH_O, NULL \
    }

PyMethodDef ine_py_fast_methods[] = {
    FAST(webhook_open),
    FAST(webhook_diagnose),
    FAST(webhook_field),
    FAST(interpret),
    FAST(verdict_of),
    ONE(verdict_facts),
    ONE(verdict_checks),
    ONE(decision_facts),
    ONE(decision_id),
    FAST(decision_list),
    ONE(report_problems),
    FAST(curp_check),
    ONE(mrz_facts),
    FAST(media_digest),
    {"set_error_factory", ine_py_set_error_factory, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
