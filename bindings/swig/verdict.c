/* Verdict: the base of the package's class, whose fields are read when they are asked for. */
#include "core.h"

#include <string.h>

typedef struct verdict {
    PyObject_HEAD const ine_verdict *handle;
    ine_verdict *owned;              /* the handle, when it is ours to free */
    ine_py_delivery *delivery;       /* otherwise what it is a part of */
    PyObject *facts, *checks, *json; /* of a verdict that was unpickled: it has no handle */
} verdict;

enum { CHECKS = INE_CHECK_ISSUE_YEAR_MATCH };

/* How a field travels. */
enum { FLAG, NUMBER, TEXT, OUTCOME, ADVICE, CAUSE, CHECK_SET, INPUT_SET, ANOMALY_SET, REGISTRY };

typedef struct fact {
    const char *name;
    int32_t kind, field;
    const char *doc;
} fact;

/* The order is that of the tuple of facts, by which verdicts compare and pickle. */
static const fact facts[] = {
    {"verified", FLAG, INE_V_VERIFIED,
     "True only when the outcome is VERIFIED and each required check passed. Decide by this."},
    {"outcome", OUTCOME, INE_V_OUTCOME,
     "What the decision means (docs/verdict.md); UNKNOWN for what the library can not tell."},
    {"root_cause", CAUSE, INE_V_ROOT_CAUSE,
     "The first failed check; \"registry\" when the registry could not be asked; else None."},
    {"advice", ADVICE, INE_V_ADVICE, "What to do next."},
    {"failed", CHECK_SET, INE_V_FAILED, "The checks that failed, in cascade order."},
    {"unmet", CHECK_SET, INE_V_UNMET, "Required checks that did not pass."},
    {"unchecked", INPUT_SET, INE_V_UNCHECKED,
     "Inputs that were sent and that no check compared, as API paths."},
    {"inputs", INPUT_SET, INE_V_INPUTS, "What to correct, as API paths."},
    {"anomalies", ANOMALY_SET, INE_V_ANOMALIES,
     "What contradicts the vendor's pages; it never changes the outcome."},
    {"required", CHECK_SET, INE_V_REQUIRED, "The checks that had to pass."},
    {"registry", REGISTRY, INE_V_REGISTRY_STATUS,
     "What the registry said: status, error, timestamp (ISO 8601)."},
    {"session_id", TEXT, INE_V_SESSION_ID, "The session's id."},
    {"session_status", TEXT, INE_V_SESSION_STATUS, "verification.status as received."},
    {"session_code", NUMBER, INE_V_SESSION_CODE, "verification.code, as in 9001."},
    {"reason_code", NUMBER, INE_V_REASON_CODE, "verification.reasonCode, as in 581."},
    {"no_ine_result", FLAG, INE_V_NO_INE_RESULT,
     "Approved, but without any INE result: is the INE step configured for the integration?"},
};
enum { FACTS = sizeof facts / sizeof *facts };

PyTypeObject *ine_py_verdict_type;

static verdict *make(const ine_verdict *handle)
{
    verdict *const made = ine_py_alloc(ine_py_lent[INE_PY_VERDICT]);
    if (made != NULL)
        made->handle = handle;
    return made;
}

PyObject *ine_py_verdict(ine_verdict *handle)
{
    if (handle == NULL)
        return Py_NewRef(Py_None);
    verdict *const made = make(handle);
    if (made == NULL)
        ine_verdict_free(handle);
    else
        made->owned = handle;
    return (PyObject *)made;
}

PyObject *ine_py_verdict_of(ine_py_delivery *delivery)
{
    verdict *const made = make(ine_webhook_verdict(delivery->webhook));
    if (made != NULL)
        made->delivery = ine_py_share(delivery);
    return (PyObject *)made;
}

const ine_verdict *ine_py_verdict_in(PyObject *object)
{
    return PyObject_TypeCheck(object, ine_py_verdict_type) ? ((verdict *)object)->handle : NULL;
}

static void drop(PyObject *object)
{
    verdict *const self = (verdict *)object;
    ine_verdict_free(self->owned);
    ine_py_unshare(self->delivery);
    Py_XDECREF(self->facts);
    Py_XDECREF(self->checks);
    Py_XDECREF(self->json);
    ine_py_free(object);
}

/* ---- fields ---- */

static PyObject *check_set(int64_t bits)
{
    PyObject *out = PyTuple_New(__builtin_popcountll((unsigned long long)bits));
    Py_ssize_t at = 0;
    for (int32_t i = 1; out != NULL && i < 63; i++)
        if (bits >> i & 1)
            out = ine_py_set(out, at++, ine_py_member(INE_PY_CHECKS, i));
    return out;
}

static PyObject *name_set(int32_t group, int64_t bits)
{
    PyObject *out = PyTuple_New(__builtin_popcountll((unsigned long long)bits));
    Py_ssize_t at = 0;
    for (int32_t i = 0; out != NULL && i < 63; i++)
        if (bits >> i & 1)
            out = ine_py_set(out, at++, ine_py_str(ine_name(group, i)));
    return out;
}

/* None, "registry" or the check. */
static PyObject *cause(int64_t number)
{
    if (number > 0)
        return ine_py_member(INE_PY_CHECKS, number);
    return number == 0 ? PyUnicode_FromString("registry") : Py_NewRef(Py_None);
}

static PyObject *text_field(const ine_verdict *handle, int32_t field)
{
    ine_str text = {NULL, 0};
    ine_verdict_field(handle, field, &text, NULL);
    return ine_py_str(text);
}

static PyObject *registry(const ine_verdict *handle)
{
    PyObject *out = ine_py_tuple_of(INE_PY_REGISTRY, 3);
    out = ine_py_set(out, 0, text_field(handle, INE_V_REGISTRY_STATUS));
    out = ine_py_set(out, 1, text_field(handle, INE_V_REGISTRY_ERROR));
    return ine_py_set(out, 2, text_field(handle, INE_V_REGISTRY_TIMESTAMP));
}

static PyObject *read_fact(const ine_verdict *handle, const fact *one)
{
    int64_t number = 0;
    if (one->kind == TEXT)
        return text_field(handle, one->field);
    const int32_t state = ine_verdict_field(handle, one->field, NULL, &number);
    switch (one->kind) {
    case FLAG:
        return PyBool_FromLong(number == 1);
    case OUTCOME:
        return ine_py_member(INE_PY_OUTCOMES, number);
    case ADVICE:
        return ine_py_member(INE_PY_ADVICES, number);
    case CAUSE:
        return cause(number);
    case CHECK_SET:
        return check_set(number);
    case INPUT_SET:
        return name_set(INE_NAMES_INPUT, number);
    case ANOMALY_SET:
        return name_set(INE_NAMES_ANOMALY, number);
    case REGISTRY:
        return registry(handle);
    default:
        return state == INE_FIELD_PRESENT ? PyLong_FromLongLong(number) : Py_NewRef(Py_None);
    }
}

static PyObject *get(PyObject *object, void *closure)
{
    const verdict *const self = (verdict *)object;
    const fact *const one = closure;
    if (self->handle != NULL)
        return read_fact(self->handle, one);
    PyObject *const value = PyTuple_GetItem(self->facts, one - facts);
    return value == NULL ? NULL : Py_NewRef(value);
}

/* ---- checks ---- */

/* What a check says, still in the library. */
typedef struct told {
    int64_t state, blocked_by;
    ine_str reason;
} told;

static told ask(const ine_verdict *handle, int32_t check)
{
    told out = {0};
    ine_verdict_field(handle, INE_V_CHECK_STATE + check, NULL, &out.state);
    ine_verdict_field(handle, INE_V_CHECK_REASON + check, &out.reason, NULL);
    ine_verdict_field(handle, INE_V_CHECK_BLOCKED_BY + check, NULL, &out.blocked_by);
    return out;
}

static bool is_same(const told *a, const told *b)
{
    return a->state == b->state && a->blocked_by == b->blocked_by &&
           (a->reason.ptr == NULL) == (b->reason.ptr == NULL) && a->reason.len == b->reason.len &&
           (a->reason.len == 0 || memcmp(a->reason.ptr, b->reason.ptr, a->reason.len) == 0);
}

static PyObject *check_result(const told *one)
{
    PyObject *out = ine_py_tuple_of(INE_PY_CHECK_RESULT, 3);
    out = ine_py_set(out, 0, ine_py_member(INE_PY_STATES, one->state));
    out = ine_py_set(out, 1, ine_py_str(one->reason));
    return ine_py_set(out, 2, cause(one->blocked_by ? one->blocked_by : -1));
}

/* All ten in cascade order, as a mapping that nobody can change. Most have the same to say as the
 * one before: all passed, or all stopped by the same one. They share its object. */
static PyObject *make_checks(const told *told_by)
{
    PyObject *const all = PyDict_New();
    PyObject *result = NULL;
    bool good = all != NULL;
    for (int32_t i = 0; good && i < CHECKS; i++) {
        if (result == NULL || !is_same(&told_by[i - 1], &told_by[i])) {
            Py_XDECREF(result);
            result = check_result(&told_by[i]);
        }
        PyObject *const name = ine_py_member(INE_PY_CHECKS, i + 1);
        good = name != NULL && result != NULL && PyDict_SetItem(all, name, result) == 0;
        Py_XDECREF(name);
    }
    Py_XDECREF(result);
    PyObject *const out = good ? PyDictProxy_New(all) : NULL;
    Py_XDECREF(all);
    return out;
}

/* Without a reason the states are all there is to tell, and there are few sets of them: the last of
 * each is kept. -1 when there is a reason. */
static int64_t states_of(const told *told_by)
{
    int64_t states = 0;
    for (int32_t i = 0; i < CHECKS; i++) {
        if (told_by[i].reason.ptr != NULL || told_by[i].blocked_by || told_by[i].state < 0 ||
            told_by[i].state > 7)
            return -1;
        states = states << 3 | told_by[i].state;
    }
    return states;
}

static PyObject *checks_of(const ine_verdict *handle)
{
    enum { KEPT = 16 };
    static struct {
        int64_t states;
        PyObject *checks;
    } kept[KEPT];
    told told_by[CHECKS];
    for (int32_t i = 0; i < CHECKS; i++)
        told_by[i] = ask(handle, i + 1);
    const int64_t states = states_of(told_by);
    if (states < 0)
        return make_checks(told_by);
    const size_t at = (size_t)(states % 31) % KEPT;
    if (kept[at].checks == NULL || kept[at].states != states) {
        PyObject *const made = make_checks(told_by), *const before = kept[at].checks;
        if (made == NULL)
            return NULL;
        kept[at].states = states;
        kept[at].checks = made;
        Py_XDECREF(before);
    }
    return Py_NewRef(kept[at].checks);
}

static PyObject *get_checks(PyObject *object, void *closure)
{
    (void)closure;
    verdict *const self = (verdict *)object;
    if (self->checks == NULL)
        self->checks = checks_of(self->handle);
    return Py_XNewRef(self->checks);
}

/* ---- the whole of it, and its texts ---- */

static PyObject *get_facts(PyObject *object, void *closure)
{
    (void)closure;
    const verdict *const self = (verdict *)object;
    if (self->handle == NULL)
        return Py_NewRef(self->facts);
    PyObject *out = PyTuple_New(FACTS);
    for (Py_ssize_t i = 0; out != NULL && i < FACTS; i++)
        out = ine_py_set(out, i, read_fact(self->handle, &facts[i]));
    return out;
}

static PyObject *to_json(PyObject *object, PyObject *none)
{
    (void)none;
    const verdict *const self = (verdict *)object;
    if (self->handle == NULL)
        return Py_NewRef(self->json);
    const ine_str text = ine_verdict_json(self->handle);
    return text.ptr == NULL ? PyErr_NoMemory() : ine_py_str(text);
}

/* _text(audience, language): None for a verdict that was unpickled, whose JSON has it */
static PyObject *text(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
    INE_PY_ARGUMENTS("_text", 2)
    const verdict *const self = (verdict *)object;
    const long audience = PyLong_AsLong(args[0]), language = PyLong_AsLong(args[1]);
    if (PyErr_Occurred())
        return NULL;
    return ine_py_str(ine_verdict_text(self->handle, (int32_t)audience, (int32_t)language));
}

PyObject *ine_py_verdict_restored(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    (void)self;
    INE_PY_ARGUMENTS("verdict_restored", 3)
    if (!PyTuple_Check(args[0]) || PyTuple_Size(args[0]) != FACTS || !PyDict_Check(args[1]) ||
        !PyUnicode_Check(args[2])) {
        PyErr_SetString(PyExc_TypeError, "a pickled verdict of another version");
        return NULL;
    }
    verdict *const made = make(NULL);
    if (made == NULL)
        return NULL;
    made->facts = Py_NewRef(args[0]);
    made->json = Py_NewRef(args[2]);
    made->checks = PyDictProxy_New(args[1]);
    if (made->checks != NULL)
        return (PyObject *)made;
    Py_DECREF(made);
    return NULL;
}

static PyObject *no_new(PyTypeObject *type, PyObject *args, PyObject *names)
{
    (void)type;
    (void)args;
    (void)names;
    return ine_py_no_new("a Verdict comes from a client, a webhook or interpret()");
}

static PyGetSetDef members[FACTS + 3];

static PyMethodDef methods[] = {
    {"to_json", to_json, METH_NOARGS,
     "to_json($self, /)\n--\n\nThe JSON object of docs/output.md, the same in every language."},
    INE_PY_FAST_AS("_text", text),
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_dealloc, drop},    {Py_tp_new, no_new}, {Py_tp_getset, members},
    {Py_tp_methods, methods}, {0, NULL},
};

PyType_Spec ine_py_verdict_spec = {
    .name = "libine._core.Verdict",
    .basicsize = sizeof(verdict),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = slots,
};

void ine_py_verdict_ready(void)
{
    for (int i = 0; i < FACTS; i++)
        members[i] =
            (PyGetSetDef){facts[i].name, get, NULL, facts[i].doc, (void *)(uintptr_t)&facts[i]};
    members[FACTS] = (PyGetSetDef){"checks", get_checks, NULL,
                                   "All ten checks in cascade order: state, reason as received, "
                                   "and the failed check that stopped it.",
                                   NULL};
    members[FACTS + 1] = (PyGetSetDef){"_facts", get_facts, NULL, NULL, NULL};
}
