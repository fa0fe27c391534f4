/* Decision: the base of the package's class: a body, read when it is asked. */
#include "core.h"

typedef struct decision {
    PyObject_HEAD const ine_decision *handle;
    ine_decision *owned;       /* the handle, when it is ours to free */
    ine_py_delivery *delivery; /* otherwise what it is a part of */
} decision;

PyTypeObject *ine_py_decision_type;

static decision *make(const ine_decision *handle)
{
    decision *const made = ine_py_alloc(ine_py_lent[INE_PY_DECISION]);
    if (made != NULL)
        made->handle = handle;
    return made;
}

PyObject *ine_py_decision(ine_decision *handle)
{
    if (handle == NULL)
        return Py_NewRef(Py_None);
    decision *const made = make(handle);
    if (made == NULL)
        ine_decision_free(handle);
    else
        made->owned = handle;
    return (PyObject *)made;
}

PyObject *ine_py_decision_of(ine_py_delivery *delivery)
{
    decision *const made = make(ine_webhook_decision(delivery->webhook));
    if (made != NULL)
        made->delivery = ine_py_share(delivery);
    return (PyObject *)made;
}

const ine_decision *ine_py_decision_in(PyObject *object)
{
    return PyObject_TypeCheck(object, ine_py_decision_type) ? ((decision *)object)->handle : NULL;
}

static void drop(PyObject *object)
{
    decision *const self = (decision *)object;
    ine_decision_free(self->owned);
    ine_py_unshare(self->delivery);
    ine_py_free(object);
}

/* ---- fields: text unless they are numbers or flags ---- */

enum { TEXT, NUMBER, FLAG };

typedef struct field {
    const char *name;
    int32_t id, kind;
    const char *doc;
} field;

static const field fields[] = {
    {"status", INE_D_STATUS, TEXT, "status of the whole body, as in success."},
    {"session_id", INE_D_SESSION_ID, TEXT, "The session's id."},
    {"attempt_id", INE_D_ATTEMPT_ID, TEXT, "The attempt that was decided."},
    {"vendor_data", INE_D_VENDOR_DATA, TEXT, "Your own id of the case, as it was sent."},
    {"end_user_id", INE_D_END_USER_ID, TEXT, "Your own UUID of the user, as it was sent."},
    {"session_status", INE_D_SESSION_STATUS, TEXT,
     "verification.status, as in approved, declined or expired."},
    {"code", INE_D_CODE, NUMBER, "verification.code: 9001 approved, 9102 declined, ..."},
    {"reason", INE_D_REASON, TEXT, "The vendor's sentence. It decides nothing."},
    {"reason_code", INE_D_REASON_CODE, NUMBER, "verification.reasonCode, as in 581."},
    {"decision_time", INE_D_DECISION_TIME, TEXT, "When it was decided, ISO 8601 in UTC."},
    {"acceptance_time", INE_D_ACCEPTANCE_TIME, TEXT, "When the session was made, ISO 8601."},
    {"submission_time", INE_D_SUBMISSION_TIME, TEXT, "When it was submitted, ISO 8601."},
    {"first_name", INE_D_FIRST_NAME, TEXT, "person.firstName. Personal data."},
    {"last_name", INE_D_LAST_NAME, TEXT, "person.lastName. Personal data."},
    {"date_of_birth", INE_D_DATE_OF_BIRTH, TEXT, "person.dateOfBirth, YYYY-MM-DD. Personal data."},
    {"gender", INE_D_GENDER, TEXT, "person.gender: M or F. Personal data."},
    {"nationality", INE_D_NATIONALITY, TEXT, "person.nationality. Personal data."},
    {"id_number", INE_D_ID_NUMBER, TEXT, "person.idNumber: the CURP. Personal data."},
    {"year_of_birth", INE_D_YEAR_OF_BIRTH, TEXT, "person.yearOfBirth. Personal data."},
    {"place_of_birth", INE_D_PLACE_OF_BIRTH, TEXT, "person.placeOfBirth. Personal data."},
    {"document_number", INE_D_DOCUMENT_NUMBER, TEXT, "document.number: the CIC. Personal data."},
    {"document_type", INE_D_DOCUMENT_TYPE, TEXT, "document.type, as in ID_CARD."},
    {"document_country", INE_D_DOCUMENT_COUNTRY, TEXT, "document.country, as in MX."},
    {"document_state", INE_D_DOCUMENT_STATE, TEXT, "document.state."},
    {"ip", INE_D_IP, TEXT, "The address that the person came from. Personal data."},
    {"face_match", INE_D_FACE_MATCH, FLAG, "Older form: did the faces match?"},
    {"face_match_percentage", INE_D_FACE_MATCH_PERCENTAGE, NUMBER,
     "Older form: 0 to 100. It decides nothing."},
    {"active", INE_D_ACTIVE, FLAG, "Legacy registry: is the card active? False: or not found."},
    {"document_state_text", INE_D_DOCUMENT_STATE_TEXT, TEXT,
     "Legacy registry: documentState, to be shown and not parsed."},
    {"session_url", INE_D_SESSION_URL, TEXT,
     "Where the person goes on: a bearer link, never to be logged."},
    {"media_id", INE_D_MEDIA_ID, TEXT, "The image that was uploaded."},
    {"media_name", INE_D_MEDIA_NAME, TEXT, "Its name at the vendor."},
    {"media_context", INE_D_MEDIA_CONTEXT, TEXT, "What it shows, as in face."},
    {"media_size", INE_D_MEDIA_SIZE, NUMBER, "Its bytes."},
    {"media_mimetype", INE_D_MEDIA_MIMETYPE, TEXT, "Its type, as in image/jpeg."},
    {"media_url", INE_D_MEDIA_URL, TEXT, "Where it is to be had, signed."},
    {"event_type", INE_D_EVENT_TYPE, TEXT, "Of an event webhook: its type."},
    {"action", INE_D_ACTION, TEXT, "Of an event webhook: started, submitted, ..."},
    {"feature", INE_D_FEATURE, TEXT, "Of an event webhook: its feature."},
    {"version", INE_D_VERSION, TEXT, "Of a webhook: its version."},
    {"time", INE_D_TIME, TEXT, "Of a webhook: when it was made, ISO 8601."},
};
enum { FIELDS = sizeof fields / sizeof *fields };

static PyObject *value_of(const ine_decision *handle, int32_t id, int32_t kind)
{
    ine_str text = {NULL, 0};
    int64_t number = 0;
    const int32_t state = ine_decision_field(handle, id, &text, &number);
    if (state != INE_FIELD_PRESENT)
        return Py_NewRef(Py_None);
    if (kind == TEXT)
        return ine_py_str(text);
    return kind == FLAG ? PyBool_FromLong(number == 1) : PyLong_FromLongLong(number);
}

PyObject *ine_py_decision_value(const ine_decision *handle, int32_t id)
{
    return value_of(handle, id, TEXT);
}

static PyObject *get(PyObject *object, void *closure)
{
    const field *const one = closure;
    return value_of(((decision *)object)->handle, one->id, one->kind);
}

PyObject *ine_py_kind(int32_t kind)
{
    enum { KINDS = 32, LONGEST = 32 };
    static PyObject *seen[KINDS];
    const ine_str name = ine_name(INE_NAMES_KIND, kind);
    if (name.ptr == NULL || name.len > LONGEST || kind < 0 || kind >= KINDS)
        return PyUnicode_FromString("unknown");
    if (seen[kind] == NULL) {
        char lower[LONGEST];
        for (size_t i = 0; i < name.len; i++)
            lower[i] =
                name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' ? (char)(name.ptr[i] + 32) : name.ptr[i];
        seen[kind] = ine_py_str((ine_str){lower, name.len});
    }
    return Py_XNewRef(seen[kind]);
}

static PyObject *get_kind(PyObject *object, void *closure)
{
    (void)closure;
    return ine_py_kind(ine_decision_kind(((decision *)object)->handle));
}

static PyObject *get_bytes(PyObject *object, void *closure)
{
    (void)closure;
    return ine_py_bytes(ine_decision_bytes(((decision *)object)->handle));
}

PyObject *ine_py_decision_id(const ine_decision *handle)
{
    char id[192];
    size_t len = 0;
    ine_error *err = NULL;
    const int32_t code = ine_decision_id(handle, id, sizeof id, &len, &err);
    return code == INE_OK ? ine_py_str((ine_str){id, len}) : ine_py_raise(code, err);
}

static PyObject *get_id(PyObject *object, void *closure)
{
    (void)closure;
    return ine_py_decision_id(((decision *)object)->handle);
}

/* _list(number): every item of a list, each a tuple by INE_ITEM_*: text, number or None. */
static PyObject *list(PyObject *object, PyObject *argument)
{
    const ine_decision *const handle = ((decision *)object)->handle;
    const long number = PyLong_AsLong(argument);
    if (number == -1 && PyErr_Occurred())
        return NULL;
    const size_t items = ine_decision_count(handle, (int32_t)number);
    PyObject *out = PyTuple_New((Py_ssize_t)items);
    for (size_t i = 0; out != NULL && i < items; i++) {
        PyObject *item = PyTuple_New(INE_ITEM_URL);
        for (int32_t column = 1; item != NULL && column <= INE_ITEM_URL; column++) {
            ine_str text = {NULL, 0};
            int64_t size = 0;
            const int32_t state =
                ine_decision_item(handle, (int32_t)number, i, column, &text, &size);
            const bool counts = column == INE_ITEM_SIZE && state == INE_FIELD_PRESENT;
            item =
                ine_py_set(item, column - 1, counts ? PyLong_FromLongLong(size) : ine_py_str(text));
        }
        out = ine_py_set(out, (Py_ssize_t)i, item);
    }
    return out;
}

static PyObject *no_new(PyTypeObject *type, PyObject *args, PyObject *names)
{
    (void)type;
    (void)args;
    (void)names;
    return ine_py_no_new("a Decision comes from a client, a webhook or Decision.read()");
}

static PyGetSetDef members[FIELDS + 4];

static PyMethodDef methods[] = {
    {"_list", list, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_dealloc, drop},    {Py_tp_new, no_new}, {Py_tp_getset, members},
    {Py_tp_methods, methods}, {0, NULL},
};

PyType_Spec ine_py_decision_spec = {
    .name = "libine._core.Decision",
    .basicsize = sizeof(decision),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = slots,
};

void ine_py_decision_ready(void)
{
    for (int i = 0; i < FIELDS; i++)
        members[i] =
            (PyGetSetDef){fields[i].name, get, NULL, fields[i].doc, (void *)(uintptr_t)&fields[i]};
    members[FIELDS] = (PyGetSetDef){
        "kind", get_kind, NULL, "What the body is, as in decision, session, event, error.", NULL};
    members[FIELDS + 1] =
        (PyGetSetDef){"bytes", get_bytes, NULL, "The body, byte for byte. Personal data.", NULL};
    members[FIELDS + 2] = (PyGetSetDef){
        "decision_id", get_id, NULL,
        "Session, attempt, code and decision time: equal for webhook and poll. Put it "
        "under a unique index.",
        NULL};
}
