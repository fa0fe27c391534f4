/* The sandbox in process, and signed webhooks for tests. */
#include "core.h"

#include "ine_experimental.h"
#include "sandbox.h"

enum { HEADERS_MOST = 100 };

static void sandbox_drop(PyObject *capsule)
{
    ine_sandbox_free(PyCapsule_GetPointer(capsule, "ine_sandbox"));
}

static ine_sandbox *sandbox_of(PyObject *capsule)
{
    return ine_py_handle(capsule, "ine_sandbox");
}

static PyObject *sandbox_new(PyObject *self, PyObject *seed)
{
    (void)self;
    const unsigned long long number = PyLong_AsUnsignedLongLong(seed);
    ine_sandbox_store store;
    if (PyErr_Occurred())
        return NULL;
    ine_sandbox *sandbox =
        ine_sandbox_memory_store(&store) ? ine_sandbox_new(&store, number) : NULL;
    if (sandbox == NULL)
        return PyErr_NoMemory();
    PyObject *capsule = PyCapsule_New(sandbox, "ine_sandbox", sandbox_drop);
    if (capsule == NULL)
        ine_sandbox_free(sandbox);
    return capsule;
}

static bool text_of(PyObject *object, ine_str *out)
{
    Py_ssize_t size = 0;
    if (PyBytes_Check(object)) {
        *out = (ine_str){PyBytes_AsString(object), (size_t)PyBytes_Size(object)};
        return true;
    }
    const char *text = PyUnicode_AsUTF8AndSize(object, &size);
    *out = (ine_str){text, (size_t)size};
    return text != NULL;
}

static PyObject *headers_of(const ine_sandbox_header *headers, size_t count)
{
    PyObject *out = PyList_New(0);
    for (size_t i = 0; out != NULL && i < count; i++) {
        PyObject *pair =
            Py_BuildValue("(NN)", ine_py_str(headers[i].name), ine_py_str(headers[i].value));
        if (pair == NULL || PyList_Append(out, pair) != 0)
            Py_CLEAR(out);
        Py_XDECREF(pair);
    }
    return out;
}

static bool pairs_from(PyObject *list, ine_sandbox_header *headers, size_t *count)
{
    const Py_ssize_t size = PyList_Size(list);
    if (size < 0 || size > HEADERS_MOST) {
        PyErr_SetString(PyExc_ValueError, "at most 100 headers, as a list");
        return false;
    }
    for (Py_ssize_t i = 0; i < size; i++) {
        PyObject *pair = PyList_GetItem(list, i);
        if (!PyTuple_Check(pair) || PyTuple_Size(pair) != 2) {
            PyErr_SetString(PyExc_TypeError, "headers are pairs");
            return false;
        }
        if (!text_of(PyTuple_GetItem(pair, 0), &headers[i].name) ||
            !text_of(PyTuple_GetItem(pair, 1), &headers[i].value))
            return false;
    }
    *count = (size_t)size;
    return true;
}

/* sandbox_handle(sandbox, method, target, headers, body, now_ms): (status, headers, body) */
static PyObject *sandbox_handle(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("sandbox_handle", 6)
    ine_sandbox *sandbox = sandbox_of(args[0]);
    ine_sandbox_header headers[HEADERS_MOST];
    ine_sandbox_request request = {.headers = headers};
    const long long now = PyLong_AsLongLong(args[5]);
    if (sandbox == NULL || PyErr_Occurred() || !text_of(args[1], &request.method) ||
        !text_of(args[2], &request.target) || !text_of(args[4], &request.body) ||
        !pairs_from(args[3], headers, &request.header_count))
        return NULL;
    const ine_sandbox_reply *reply = ine_sandbox_handle(sandbox, &request, now);
    PyObject *body =
        reply->body.ptr == NULL ? PyBytes_FromStringAndSize("", 0) : ine_py_bytes(reply->body);
    return Py_BuildValue("(iNN)", (int)reply->status,
                         headers_of(reply->headers, reply->header_count), body);
}

static PyObject *sandbox_base_url(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("sandbox_base_url", 2)
    ine_sandbox *sandbox = sandbox_of(args[0]);
    ine_str url;
    if (sandbox == NULL || !text_of(args[1], &url))
        return NULL;
    return PyBool_FromLong(ine_sandbox_base_url(sandbox, url));
}

static PyObject *sandbox_set(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("sandbox_set", 3)
    ine_sandbox *sandbox = sandbox_of(args[0]);
    const long setting = PyLong_AsLong(args[1]);
    const long long value = PyLong_AsLongLong(args[2]);
    if (sandbox == NULL || PyErr_Occurred())
        return NULL;
    return PyBool_FromLong(ine_sandbox_set(sandbox, (int32_t)setting, value));
}

/* (API key, secret) of a product */
static PyObject *sandbox_integration(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("sandbox_integration", 2)
    ine_sandbox *sandbox = sandbox_of(args[0]);
    const long product = PyLong_AsLong(args[1]);
    ine_str key = {NULL, 0}, secret = {NULL, 0};
    if (sandbox == NULL || PyErr_Occurred())
        return NULL;
    if (!ine_sandbox_integration(sandbox, (int32_t)product, &key, &secret))
        return PyErr_Format(PyExc_ValueError, "the sandbox has no product %ld", product);
    return Py_BuildValue("(NN)", ine_py_str(key), ine_py_bytes(secret));
}

static PyObject *sandbox_integration_add(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("sandbox_integration_add", 4)
    ine_sandbox *sandbox = sandbox_of(args[0]);
    const long product = PyLong_AsLong(args[1]);
    ine_str key, secret;
    if (sandbox == NULL || PyErr_Occurred() || !text_of(args[2], &key) ||
        !text_of(args[3], &secret))
        return NULL;
    return PyBool_FromLong(ine_sandbox_integration_add(sandbox, (int32_t)product, key, secret));
}

static PyObject *sandbox_webhook_url(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("sandbox_webhook_url", 4)
    ine_sandbox *sandbox = sandbox_of(args[0]);
    ine_str key, kind, url;
    if (sandbox == NULL || !text_of(args[1], &key) || !text_of(args[2], &kind) ||
        !text_of(args[3], &url))
        return NULL;
    return PyBool_FromLong(ine_sandbox_webhook_url(sandbox, key, kind.ptr, url));
}

/* (number, url, headers, body) of the next webhook that is due; None */
static PyObject *sandbox_due(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("sandbox_due", 2)
    ine_sandbox *sandbox = sandbox_of(args[0]);
    const long long now = PyLong_AsLongLong(args[1]);
    ine_sandbox_webhook webhook;
    if (sandbox == NULL || PyErr_Occurred())
        return NULL;
    if (!ine_sandbox_due(sandbox, now, &webhook))
        Py_RETURN_NONE;
    return Py_BuildValue("(LNNN)", (long long)webhook.number, ine_py_str(webhook.url),
                         headers_of(webhook.headers, webhook.header_count),
                         ine_py_bytes(webhook.body));
}

static PyObject *sandbox_delivered(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("sandbox_delivered", 3)
    ine_sandbox *sandbox = sandbox_of(args[0]);
    const long long number = PyLong_AsLongLong(args[1]);
    const long status = PyLong_AsLong(args[2]);
    if (sandbox == NULL || PyErr_Occurred())
        return NULL;
    ine_sandbox_delivered(sandbox, number, (int32_t)status);
    Py_RETURN_NONE;
}

static PyObject *sandbox_wait_ms(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("sandbox_wait_ms", 2)
    ine_sandbox *sandbox = sandbox_of(args[0]);
    const long long now = PyLong_AsLongLong(args[1]);
    if (sandbox == NULL || PyErr_Occurred())
        return NULL;
    return PyLong_FromLongLong(ine_sandbox_wait_ms(sandbox, now));
}

/* ((name, CIC, about), ...) */
static PyObject *sandbox_scenarios(PyObject *self, PyObject *none)
{
    (void)self;
    (void)none;
    PyObject *out = PyList_New(0);
    ine_str name, cic, about;
    for (size_t i = 0; out != NULL && ine_sandbox_scenario(i, &name, &cic, &about); i++) {
        PyObject *item =
            Py_BuildValue("(NNN)", ine_py_str(name), ine_py_str(cic), ine_py_str(about));
        if (item == NULL || PyList_Append(out, item) != 0)
            Py_CLEAR(out);
        Py_XDECREF(item);
    }
    return out;
}

/* testing_webhook(scenario, vendor_data, credentials, now_ms): (body, signature) */
static PyObject *testing_webhook(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("testing_webhook", 4)
    const ine_credentials *credentials = ine_py_handle(args[2], "ine_credentials");
    const long long now = PyLong_AsLongLong(args[3]);
    ine_str scenario, vendor = {NULL, 0};
    if (credentials == NULL || PyErr_Occurred() || !text_of(args[0], &scenario) ||
        (args[1] != Py_None && !text_of(args[1], &vendor)))
        return NULL;
    ine_text *body = NULL;
    ine_error *err = NULL;
    char signature[64];
    const int32_t code = ine_testing_webhook(&body, signature, scenario.ptr, scenario.len,
                                             vendor.ptr, vendor.len, credentials, now, &err);
    if (code != INE_OK)
        return ine_py_raise(code, err);
    PyObject *out = Py_BuildValue("(NN)", ine_py_bytes(ine_text_view(body)),
                                  ine_py_str((ine_str){signature, sizeof signature}));
    ine_text_free(body);
    return out;
}

PyMethodDef ine_py_local_methods[] = {
    INE_PY_ONE(sandbox_new),
    INE_PY_FAST(sandbox_handle),
    INE_PY_FAST(sandbox_base_url),
    INE_PY_FAST(sandbox_set),
    INE_PY_FAST(sandbox_integration),
    INE_PY_FAST(sandbox_integration_add),
    INE_PY_FAST(sandbox_webhook_url),
    INE_PY_FAST(sandbox_due),
    INE_PY_FAST(sandbox_delivered),
    INE_PY_FAST(sandbox_wait_ms),
    {"sandbox_scenarios", sandbox_scenarios, METH_NOARGS, NULL},
    INE_PY_FAST(testing_webhook),
    {NULL, NULL, 0, NULL},
};
