/* Verdicts and decisions as tuples: one crossing for all of their fields. */
#include "core.h"

/* The order of a verdict's tuples. Python reads them by these positions: _verdict.py. */
enum { CHECKS = 10, HEAD = 18, CHECK_FACTS = 3 * CHECKS, DECISION_FACTS = 58 };

static int32_t check_fields[CHECK_FACTS];
static int32_t decision_fields[DECISION_FACTS];

static const int32_t head[HEAD] = {
    INE_V_VERIFIED,
    INE_V_OUTCOME,
    INE_V_ROOT_CAUSE,
    INE_V_ADVICE,
    INE_V_FAILED,
    INE_V_UNMET,
    INE_V_UNCHECKED,
    INE_V_INPUTS,
    INE_V_ANOMALIES,
    INE_V_REQUIRED,
    INE_V_REGISTRY_STATUS,
    INE_V_REGISTRY_ERROR,
    INE_V_REGISTRY_TIMESTAMP,
    INE_V_SESSION_ID,
    INE_V_SESSION_STATUS,
    INE_V_SESSION_CODE,
    INE_V_REASON_CODE,
    INE_V_NO_INE_RESULT,
};

/* How a field travels. */
enum { TEXT, NUMBER, FLAG, NAME };

static const unsigned char head_kinds[HEAD] = {
    FLAG,   NAME, NAME, NAME, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER,
    NUMBER, TEXT, TEXT, TEXT, TEXT,   TEXT,   NUMBER, NUMBER, FLAG,
};
static unsigned char check_kinds[CHECK_FACTS];

static const int32_t decision_numbers[] = {
    INE_D_CODE,         INE_D_REASON_CODE, INE_D_FACE_MATCH,  INE_D_FACE_MATCH_PERCENTAGE,
    INE_D_ACTIVE,       INE_D_MEDIA_SIZE,  INE_D_API_CODE,    INE_D_DATA_CODE,
    INE_D_VERIFICATION, INE_D_MX_INE,      INE_D_VALIDATIONS, INE_D_INE_ERROR,
    INE_D_FACE_RESULT,  INE_D_COMMENTS,
};

static bool decision_number[DECISION_FACTS];

/* Names are static texts of the library: one str for each address that has been seen. */
enum { NAMES_SEEN = 64 };
static struct {
    const char *ptr;
    PyObject *name;
} seen[NAMES_SEEN];

static PyObject *name_of(ine_str text)
{
    if (text.ptr == NULL)
        return Py_NewRef(Py_None);
    const size_t start = ((uintptr_t)text.ptr >> 2) % NAMES_SEEN;
    for (size_t i = 0; i < 4; i++) {
        const size_t at = (start + i) % NAMES_SEEN;
        if (seen[at].ptr == text.ptr)
            return Py_NewRef(seen[at].name);
        if (seen[at].ptr == NULL) {
            PyObject *name = ine_py_str(text);
            if (name != NULL) {
                PyUnicode_InternInPlace(&name);
                seen[at].ptr = text.ptr;
                seen[at].name = Py_NewRef(name);
            }
            return name;
        }
    }
    return ine_py_str(text);
}

bool ine_py_results_ready(void)
{
    for (int32_t check = 1; check <= CHECKS; check++) {
        const int32_t at = check - 1;
        check_fields[at] = INE_V_CHECK_STATE + check;
        check_fields[CHECKS + at] = INE_V_CHECK_REASON + check;
        check_fields[2 * CHECKS + at] = INE_V_CHECK_BLOCKED_BY + check;
        check_kinds[at] = check_kinds[2 * CHECKS + at] = NAME;
        check_kinds[CHECKS + at] = TEXT;
    }
    for (int32_t i = 0; i < DECISION_FACTS; i++)
        decision_fields[i] = i + 1;
    for (size_t i = 0; i < sizeof decision_numbers / sizeof *decision_numbers; i++)
        decision_number[decision_numbers[i] - 1] = true;
    return true;
}

static PyObject *verdict_part(const ine_verdict *verdict, const int32_t *fields,
                              const unsigned char *kinds, size_t count)
{
    ine_str text[CHECK_FACTS];
    int64_t number[CHECK_FACTS];
    int32_t state[CHECK_FACTS];
    const int32_t code = ine_verdict_fields(verdict, fields, count, text, number, state);
    if (code != INE_OK)
        return PyErr_Format(PyExc_SystemError, "ine_verdict_fields: %d", (int)code);
    PyObject *out = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; out != NULL && i < count; i++) {
        PyObject *value = NULL;
        if (kinds[i] == FLAG)
            value = PyBool_FromLong(number[i] == 1);
        else if (kinds[i] == NAME)
            value = name_of(text[i]);
        else if (kinds[i] == TEXT)
            value = ine_py_str(text[i]);
        else if (state[i] == INE_FIELD_PRESENT)
            value = PyLong_FromLongLong(number[i]);
        else
            value = Py_NewRef(Py_None);
        if (value == NULL || PyTuple_SetItem(out, (Py_ssize_t)i, value) != 0)
            Py_CLEAR(out);
    }
    return out;
}

PyObject *ine_py_verdict_facts(const ine_verdict *verdict)
{
    return verdict_part(verdict, head, head_kinds, HEAD);
}

/* Ten states, ten reasons, ten checks that stopped them: made when they are asked for. */
PyObject *ine_py_verdict_checks(const ine_verdict *verdict)
{
    return verdict_part(verdict, check_fields, check_kinds, CHECK_FACTS);
}

/* Numbers as int, texts as str; None for what is absent, null or not of the documented type. */
PyObject *ine_py_decision_facts(const ine_decision *decision)
{
    ine_str text[DECISION_FACTS];
    int64_t number[DECISION_FACTS];
    int32_t state[DECISION_FACTS];
    const int32_t code =
        ine_decision_fields(decision, decision_fields, DECISION_FACTS, text, number, state);
    if (code != INE_OK)
        return PyErr_Format(PyExc_SystemError, "ine_decision_fields: %d", (int)code);
    PyObject *out = PyTuple_New(DECISION_FACTS);
    for (size_t i = 0; out != NULL && i < DECISION_FACTS; i++) {
        PyObject *value = NULL;
        if (state[i] != INE_FIELD_PRESENT)
            value = Py_NewRef(Py_None);
        else if (decision_number[i])
            value = PyLong_FromLongLong(number[i]);
        else
            value = ine_py_str(text[i]);
        if (value == NULL || PyTuple_SetItem(out, (Py_ssize_t)i, value) != 0)
            Py_CLEAR(out);
    }
    return out;
}
