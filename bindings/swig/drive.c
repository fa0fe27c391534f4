/* Events of the libcurl driver, and the steps of exchanges and flows for transports of the
 * caller's. */
#include "core.h"

#include <time.h>

/* A wait is cut into slices, so that a signal that another thread was given is seen too. */
enum { SLICE_MS = 50, EVENTS = 64 };

/* (kind, token, what came of it): for DONE an error's facts, or None; then a verdict and a
 * decision, each or None. The other kinds have their own facts. */
static PyObject *done_facts(ine_event *event)
{
    const ine_error *failed = ine_event_error(event);
    ine_verdict *verdict = NULL;
    ine_decision *decision = NULL;
    if (failed == NULL) {
        ine_error *err = NULL;
        ine_event_take(event, &verdict, &decision, &err);
        ine_error_free(err);
    }
    PyObject *out = ine_py_set(PyTuple_New(3), 0,
                               failed == NULL ? Py_NewRef(Py_None) : ine_py_error_facts(failed));
    out = ine_py_set(out, 1, ine_py_verdict(verdict));
    return ine_py_set(out, 2, ine_py_decision(decision));
}

static PyObject *numbers(const ine_event *event, const int32_t *ids, Py_ssize_t count,
                         Py_ssize_t texts)
{
    PyObject *out = PyTuple_New(texts + count);
    for (Py_ssize_t i = 0; i < count; i++)
        out = ine_py_set(out, texts + i, PyLong_FromLongLong(ine_event_number(event, ids[i])));
    return out;
}

/* (session id, step, bytes, total, polls, wait in ms, attempt) */
static PyObject *progress_facts(const ine_event *event)
{
    static const int32_t ids[] = {INE_EV_STEP,  INE_EV_BYTES,   INE_EV_TOTAL,
                                  INE_EV_POLLS, INE_EV_WAIT_MS, INE_EV_ATTEMPT};
    PyObject *out = numbers(event, ids, sizeof ids / sizeof *ids, 1);
    return ine_py_set(out, 0, ine_py_str(ine_event_session_id(event)));
}

/* (session id, method, template, attempt, status, failure, time in ms, bytes sent, received) */
static PyObject *attempt_facts(const ine_event *event)
{
    static const int32_t ids[] = {INE_EV_ATTEMPT, INE_EV_STATUS, INE_EV_FAILURE,
                                  INE_EV_TIME_MS, INE_EV_BYTES,  INE_EV_RECEIVED};
    PyObject *out = numbers(event, ids, sizeof ids / sizeof *ids, 3);
    out = ine_py_set(out, 0, ine_py_str(ine_event_session_id(event)));
    out = ine_py_set(out, 1, ine_py_str(ine_event_text(event, INE_EV_METHOD)));
    return ine_py_set(out, 2, ine_py_str(ine_event_text(event, INE_EV_TEMPLATE)));
}

static PyObject *facts_of(ine_event *event)
{
    switch (ine_event_kind(event)) {
    case INE_EVENT_DONE:
        return done_facts(event);
    case INE_EVENT_CREATED:
        return Py_BuildValue("(NN)", ine_py_str(ine_event_session_id(event)),
                             ine_py_str(ine_event_session_url(event)));
    case INE_EVENT_PROGRESS:
        return progress_facts(event);
    case INE_EVENT_ATTEMPT:
        return attempt_facts(event);
    default:
        return Py_NewRef(Py_None);
    }
}

static PyObject *event_facts(ine_event *event)
{
    return Py_BuildValue("(iKN)", (int)ine_event_kind(event),
                         (unsigned long long)ine_event_token(event), facts_of(event));
}

static PyObject *events_list(ine_event **events, size_t count)
{
    PyObject *out = PyList_New(0);
    for (size_t i = 0; i < count; i++) {
        PyObject *facts = out == NULL ? NULL : event_facts(events[i]);
        ine_event_free(events[i]);
        if (facts == NULL || PyList_Append(out, facts) != 0)
            Py_CLEAR(out);
        Py_XDECREF(facts);
    }
    return out;
}

/* Takes what is there, or waits for it with the GIL released; with `client`, by doing its work
 * unless another thread does. */
static int32_t take_slice(ine_client *client, ine_queue *queue, ine_event **events, int64_t wait,
                          size_t *taken, ine_error **err)
{
    int32_t code = ine_queue_drain(queue, events, EVENTS, 0, taken, err);
    if (code != INE_OK || *taken > 0 || wait == 0)
        return code;
    Py_BEGIN_ALLOW_THREADS if (client != NULL)
    {
        code = ine_client_drive(client, wait, err);
        if (code == INE_E_BUSY || code == INE_E_CLOSED) {
            ine_error_free(*err);
            *err = NULL;
            code = INE_OK;
        } else {
            wait = 0;
        }
    }
    if (code == INE_OK)
        code = ine_queue_drain(queue, events, EVENTS, wait, taken, err);
    Py_END_ALLOW_THREADS return code;
}

static long long now_ms(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A list of events, empty when the time is up. Raises what a signal handler raises. A slice may end
 * long before its time: by a wake, or by an event of another thread. Only the clock counts. */
static PyObject *take(ine_client *client, ine_queue *queue, long long left)
{
    ine_event *events[EVENTS];
    const long long begun = now_ms(), whole = left;
    for (;;) {
        const int64_t wait = left > SLICE_MS || left < 0 ? SLICE_MS : left;
        size_t taken = 0;
        ine_error *err = NULL;
        const int32_t code = take_slice(client, queue, events, wait, &taken, &err);
        if (code != INE_OK)
            return ine_py_raise(code, err);
        if (taken > 0)
            return events_list(events, taken);
        if (whole >= 0 && (left = whole - (now_ms() - begun)) <= 0)
            return PyList_New(0);
        if (PyErr_CheckSignals() != 0)
            return NULL;
    }
}

/* drain(queue, wait_ms) */
static PyObject *drain(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("drain", 2)
    ine_queue *queue = ine_py_handle(args[0], "ine_queue");
    const long long left = PyLong_AsLongLong(args[1]);
    return queue == NULL || PyErr_Occurred() ? NULL : take(NULL, queue, left);
}

/* drive(client, queue, wait_ms): drain(), and the work of a client that has no thread */
static PyObject *drive(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("drive", 3)
    ine_client *client = ine_py_handle(args[0], "ine_client");
    ine_queue *queue = ine_py_handle(args[1], "ine_queue");
    const long long left = PyLong_AsLongLong(args[2]);
    return client == NULL || queue == NULL || PyErr_Occurred() ? NULL : take(client, queue, left);
}

static PyObject *exchange_next(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("exchange_next", 2)
    ine_exchange *exchange = ine_py_handle(args[0], "ine_exchange");
    const long long now = PyLong_AsLongLong(args[1]);
    if (exchange == NULL || PyErr_Occurred())
        return NULL;
    int32_t want = 0;
    int64_t a = 0, b = 0;
    ine_error *err = NULL;
    const int32_t code = ine_exchange_next(exchange, now, &want, &a, &b, &err);
    if (code != INE_OK)
        return ine_py_raise(code, err);
    return Py_BuildValue("(iLL)", (int)want, (long long)a, (long long)b);
}

static PyObject *flow_next(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("flow_next", 2)
    ine_flow *flow = ine_py_handle(args[0], "ine_flow");
    const long long now = PyLong_AsLongLong(args[1]);
    if (flow == NULL || PyErr_Occurred())
        return NULL;
    int32_t want = 0;
    int64_t a = 0, b = 0;
    ine_error *err = NULL;
    const int32_t code = ine_flow_next(flow, now, &want, &a, &b, &err);
    if (code != INE_OK)
        return ine_py_raise(code, err);
    return Py_BuildValue("(iLL)", (int)want, (long long)a, (long long)b);
}

static PyObject *flow_exchange(PyObject *self, PyObject *capsule)
{
    (void)self;
    ine_flow *flow = ine_py_handle(capsule, "ine_flow");
    return flow == NULL ? NULL : ine_py_borrowed(ine_flow_exchange(flow), "ine_exchange", capsule);
}

static PyObject *exchange_headers(PyObject *self, PyObject *capsule)
{
    (void)self;
    const ine_exchange *exchange = ine_py_handle(capsule, "ine_exchange");
    PyObject *out = exchange == NULL ? NULL : PyList_New(0);
    ine_str name = {NULL, 0}, value = {NULL, 0};
    for (size_t i = 0; out != NULL && ine_exchange_header(exchange, i, &name, &value) == INE_OK;
         i++) {
        PyObject *pair = Py_BuildValue("(NN)", ine_py_str(name), ine_py_str(value));
        if (pair == NULL || PyList_Append(out, pair) != 0)
            Py_CLEAR(out);
        Py_XDECREF(pair);
    }
    return out;
}

/* exchange_read(exchange, buffer): (bytes written, want, a, b) */
static PyObject *exchange_read(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("exchange_read", 2)
    ine_exchange *exchange = ine_py_handle(args[0], "ine_exchange");
    Py_buffer room;
    if (exchange == NULL || PyObject_GetBuffer(args[1], &room, PyBUF_WRITABLE) != 0)
        return NULL;
    size_t written = 0;
    int32_t want = 0;
    int64_t a = 0, b = 0;
    ine_error *err = NULL;
    const int32_t code =
        ine_exchange_read(exchange, room.buf, (size_t)room.len, &written, &want, &a, &b, &err);
    PyBuffer_Release(&room);
    if (code != INE_OK)
        return ine_py_raise(code, err);
    return Py_BuildValue("(niLL)", (Py_ssize_t)written, (int)want, (long long)a, (long long)b);
}

static PyObject *exchange_take(PyObject *self, PyObject *capsule)
{
    (void)self;
    ine_exchange *exchange = ine_py_handle(capsule, "ine_exchange");
    ine_decision *decision = NULL;
    ine_error *err = NULL;
    if (exchange == NULL)
        return NULL;
    const int32_t code = ine_exchange_take(exchange, &decision, &err);
    return code == INE_OK ? ine_py_decision(decision) : ine_py_raise(code, err);
}

/* (verdict, decision) */
static PyObject *flow_take(PyObject *self, PyObject *capsule)
{
    (void)self;
    ine_flow *flow = ine_py_handle(capsule, "ine_flow");
    ine_verdict *verdict = NULL;
    ine_decision *decision = NULL;
    ine_error *err = NULL;
    if (flow == NULL)
        return NULL;
    const int32_t code = ine_flow_take(flow, &verdict, &decision, &err);
    if (code != INE_OK)
        return ine_py_raise(code, err);
    return ine_py_set(ine_py_set(PyTuple_New(2), 0, ine_py_verdict(verdict)), 1,
                      ine_py_decision(decision));
}

/* Keeps an object for ever: media that a thread may still read when the interpreter ends. */
static PyObject *keep_for_ever(PyObject *self, PyObject *object)
{
    (void)self;
    Py_INCREF(object);
    Py_RETURN_NONE;
}

PyMethodDef ine_py_drive_methods[] = {
    INE_PY_FAST(drain),         INE_PY_FAST(drive),        INE_PY_FAST(exchange_next),
    INE_PY_FAST(flow_next),     INE_PY_ONE(flow_exchange), INE_PY_ONE(exchange_headers),
    INE_PY_FAST(exchange_read), INE_PY_ONE(exchange_take), INE_PY_ONE(flow_take),
    INE_PY_ONE(keep_for_ever),  {NULL, NULL, 0, NULL},
};
