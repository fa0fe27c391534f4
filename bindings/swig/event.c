/* Event and Receiver: the bases of the package's Event and Webhooks. A delivery in, everything that
 * it says out, in one crossing. */
#include "core.h"

typedef struct event {
    PyObject_HEAD ine_py_delivery *delivery;
    PyObject *verdict, *decision; /* made when they are asked for */
} event;

typedef struct receiver {
    PyObject_HEAD ine_webhooks *handle;
    int64_t require;
} receiver;

ine_py_delivery *ine_py_share(ine_py_delivery *delivery)
{
    delivery->uses++;
    return delivery;
}

void ine_py_unshare(ine_py_delivery *delivery)
{
    if (delivery == NULL || --delivery->uses > 0)
        return;
    ine_webhook_free(delivery->webhook);
    PyMem_Free(delivery);
}

/* ---- events ---- */

static PyObject *event_of(ine_webhook *webhook)
{
    ine_py_delivery *const delivery = PyMem_Malloc(sizeof *delivery);
    if (delivery == NULL) {
        ine_webhook_free(webhook);
        return PyErr_NoMemory();
    }
    *delivery = (ine_py_delivery){1, webhook};
    event *const made = ine_py_alloc(ine_py_lent[INE_PY_EVENT]);
    if (made == NULL)
        ine_py_unshare(delivery);
    else
        made->delivery = delivery;
    return (PyObject *)made;
}

static void event_drop(PyObject *object)
{
    event *const self = (event *)object;
    Py_XDECREF(self->verdict);
    Py_XDECREF(self->decision);
    ine_py_unshare(self->delivery);
    ine_py_free(object);
}

static const ine_webhook *webhook_of(PyObject *object)
{
    return ((event *)object)->delivery->webhook;
}

static PyObject *get_type(PyObject *object, void *closure)
{
    (void)closure;
    return ine_py_kind(ine_decision_kind(ine_webhook_decision(webhook_of(object))));
}

static PyObject *get_verdict(PyObject *object, void *closure)
{
    (void)closure;
    event *const self = (event *)object;
    if (self->verdict == NULL)
        self->verdict = ine_py_verdict_of(self->delivery);
    return Py_XNewRef(self->verdict);
}

static PyObject *get_decision(PyObject *object, void *closure)
{
    (void)closure;
    event *const self = (event *)object;
    if (self->decision == NULL)
        self->decision = ine_py_decision_of(self->delivery);
    return Py_XNewRef(self->decision);
}

static PyObject *get_id(PyObject *object, void *closure)
{
    (void)closure;
    return ine_py_decision_id(ine_webhook_decision(webhook_of(object)));
}

/* A field of the delivery, by INE_W_*. */
static PyObject *get_field(PyObject *object, void *closure)
{
    ine_str text = {NULL, 0};
    ine_webhook_field(webhook_of(object), (int32_t)(intptr_t)closure, &text, NULL);
    return ine_py_str(text);
}

/* A field of the body, by INE_D_*. */
static PyObject *get_body_field(PyObject *object, void *closure)
{
    return ine_py_decision_value(ine_webhook_decision(webhook_of(object)),
                                 (int32_t)(intptr_t)closure);
}

/* _expect(field, text) */
static PyObject *expect(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
    INE_PY_ARGUMENTS("_expect", 2)
    const long field = PyLong_AsLong(args[0]);
    const char *text = NULL;
    size_t len = 0;
    PyObject *hold = NULL;
    ine_error *err = NULL;
    if (PyErr_Occurred() || !ine_py_text_in(args[1], &text, &len, &hold))
        return NULL;
    const int32_t code = ine_webhook_expect(webhook_of(object), (int32_t)field, text, len, &err);
    Py_XDECREF(hold);
    if (code != INE_OK)
        return ine_py_raise(code, err);
    Py_RETURN_NONE;
}

static PyObject *event_no_new(PyTypeObject *type, PyObject *args, PyObject *names)
{
    (void)type;
    (void)args;
    (void)names;
    return ine_py_no_new("an Event comes from Webhooks.open()");
}

#define BODY(name, field, doc)                                     \
    {                                                              \
        name, get_body_field, NULL, doc, (void *)(intptr_t)(field) \
    }
#define FIELD(name, field, doc)                               \
    {                                                         \
        name, get_field, NULL, doc, (void *)(intptr_t)(field) \
    }

static PyGetSetDef event_members[] = {
    {"type", get_type, NULL,
     "\"decision\" is the one to act on; others as in event, user_status; unknown.", NULL},
    {"verdict", get_verdict, NULL, "What it means.", NULL},
    {"decision", get_decision, NULL, "The body: the person and the exact bytes.", NULL},
    {"decision_id", get_id, NULL,
     "Session, attempt, code and decision time: equal for webhook and poll. Put it under a unique "
     "index.",
     NULL},
    FIELD("dedupe_key", INE_W_DEDUPE_KEY, "64 hex digits, equal for the same bytes."),
    FIELD("integration", INE_W_INTEGRATION, "Label of the credentials that it came for."),
    FIELD("secret", INE_W_SECRET, "Label of the secret that fitted: \"0\" is the newest."),
    BODY("session_id", INE_D_SESSION_ID, "The session's id."),
    BODY("attempt_id", INE_D_ATTEMPT_ID, "The attempt that was decided."),
    BODY("vendor_data", INE_D_VENDOR_DATA, "Your own id of the case."),
    BODY("end_user_id", INE_D_END_USER_ID, "Your own UUID of the user."),
    BODY("action", INE_D_ACTION, "Of an event webhook: started, submitted, ..."),
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef event_methods[] = {
    INE_PY_FAST_AS("_expect", expect),
    {NULL, NULL, 0, NULL},
};

static PyType_Slot event_slots[] = {
    {Py_tp_dealloc, event_drop},
    {Py_tp_new, event_no_new},
    {Py_tp_getset, event_members},
    {Py_tp_methods, event_methods},
    {0, NULL},
};

PyType_Spec ine_py_event_spec = {
    .name = "libine._core.Event",
    .basicsize = sizeof(event),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = event_slots,
};

/* ---- receivers ---- */

static void receiver_drop(PyObject *object)
{
    ine_webhooks_free(((receiver *)object)->handle);
    ine_py_free(object);
}

static PyObject *receiver_new(PyTypeObject *type, PyObject *args, PyObject *names)
{
    (void)args;
    (void)names;
    receiver *const made = ine_py_alloc((PyObject *)type);
    ine_error *err = NULL;
    if (made == NULL)
        return NULL;
    const int32_t code = ine_webhooks_new(&made->handle, &err);
    if (code != INE_OK) {
        Py_DECREF(made);
        return ine_py_raise(code, err);
    }
    return (PyObject *)made;
}

/* _add(credentials) */
static PyObject *add(PyObject *object, PyObject *argument)
{
    const ine_credentials *const credentials = ine_py_handle(argument, "ine_credentials");
    ine_error *err = NULL;
    if (credentials == NULL)
        return NULL;
    const int32_t code = ine_webhooks_add(((receiver *)object)->handle, credentials, &err);
    if (code != INE_OK)
        return ine_py_raise(code, err);
    Py_RETURN_NONE;
}

/* _settle(require, limit) */
static PyObject *settle(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
    INE_PY_ARGUMENTS("_settle", 2)
    receiver *const self = (receiver *)object;
    const long long require = PyLong_AsLongLong(args[0]), limit = PyLong_AsLongLong(args[1]);
    ine_error *err = NULL;
    if (PyErr_Occurred())
        return NULL;
    self->require = require;
    const int32_t code = ine_webhooks_set_limit(self->handle, limit, &err);
    if (code != INE_OK)
        return ine_py_raise(code, err);
    Py_RETURN_NONE;
}

/* The two arguments by place or by name. */
static bool two(PyObject *const *args, Py_ssize_t count, PyObject *names, PyObject *out[2])
{
    static const char *const known[2] = {"headers", "body"};
    const Py_ssize_t named = names == NULL ? 0 : PyTuple_Size(names);
    for (Py_ssize_t i = 0; i < count && i < 2; i++)
        out[i] = args[i];
    for (Py_ssize_t i = 0; i < named; i++) {
        PyObject *const name = PyTuple_GetItem(names, i);
        for (int at = 0; at < 2; at++)
            if (PyUnicode_CompareWithASCIIString(name, known[at]) == 0 && out[at] == NULL)
                out[at] = args[count + i];
    }
    if (count + named == 2 && out[0] != NULL && out[1] != NULL)
        return true;
    PyErr_SetString(PyExc_TypeError, "headers and body are needed, and nothing else");
    return false;
}

static PyObject *open_in(receiver *self, const ine_py_headers *headers, const Py_buffer *body)
{
    ine_webhook *webhook = NULL;
    ine_error *err = NULL;
    int32_t reason = INE_REASON_NONE;
    const int32_t code = ine_webhooks_open(&webhook, self->handle, headers->name, headers->value,
                                           headers->count, body->buf, (size_t)body->len,
                                           self->require, INE_READ_COPY, &reason, &err);
    if (code == INE_OK)
        return event_of(webhook);
    if (code != INE_E_WEBHOOK_REFUSED)
        return ine_py_raise(code, err);
    ine_error_free(err);
    PyObject *const out = PyObject_CallMethod((PyObject *)self, "_refuse", "(i)", (int)reason);
    Py_XDECREF(out);
    return NULL;
}

static PyObject *receiver_open(PyObject *object, PyObject *const *args, Py_ssize_t count,
                               PyObject *names)
{
    PyObject *given[2] = {NULL, NULL};
    Py_buffer body;
    ine_py_headers headers;
    if (!two(args, count, names, given) || !ine_py_body_in(given[1], &body))
        return NULL;
    PyObject *out = NULL;
    if (ine_py_headers_in(&headers, given[0])) {
        out = open_in((receiver *)object, &headers, &body);
        ine_py_headers_free(&headers);
    }
    PyBuffer_Release(&body);
    return out;
}

/* _diagnose(headers, body): INE_REASON_* */
static PyObject *diagnose(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
    INE_PY_ARGUMENTS("_diagnose", 2)
    Py_buffer body;
    ine_py_headers headers;
    if (!ine_py_body_in(args[1], &body))
        return NULL;
    PyObject *out = NULL;
    if (ine_py_headers_in(&headers, args[0])) {
        out = PyLong_FromLong(ine_webhooks_diagnose(((receiver *)object)->handle, headers.name,
                                                    headers.value, headers.count, body.buf,
                                                    (size_t)body.len));
        ine_py_headers_free(&headers);
    }
    PyBuffer_Release(&body);
    return out;
}

static PyMethodDef receiver_methods[] = {
    {"open", (PyCFunction)(void (*)(void))receiver_open, METH_FASTCALL | METH_KEYWORDS,
     "open($self, headers, body)\n--\n\n"
     "Verifies, reads and interprets a delivery: the signature first.\n\n"
     "`headers`: a mapping, pairs, a framework's headers or a WSGI environ. `body`: the bytes as\n"
     "received. WebhookRefused when it is not genuine, one text whatever the reason; ReplyError\n"
     "when a genuine body can not be read; TypeError when the body is not bytes. No time is\n"
     "checked, none is signed: drop what came before by `event.decision_id`. Any thread, any\n"
     "process."},
    INE_PY_FAST_AS("_diagnose", diagnose),
    INE_PY_FAST_AS("_settle", settle),
    {"_add", add, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot receiver_slots[] = {
    {Py_tp_dealloc, receiver_drop},
    {Py_tp_new, receiver_new},
    {Py_tp_methods, receiver_methods},
    {0, NULL},
};

PyType_Spec ine_py_receiver_spec = {
    .name = "libine._core.Receiver",
    .basicsize = sizeof(receiver),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = receiver_slots,
};
