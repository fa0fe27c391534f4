/*
 * libine._core: ine.h for the Python package. Handles are capsules, (pointer, length) pairs are str or bytes-like objects,
 * an ine_error becomes an exception, an output handle becomes the result. What brings back more than one thing, and what
 * must be quick, is written by hand: the types of verdict.c, decision.c and event.c, and the tables of documents.c, drive.c
 * and local.c, which %init adds. Constants stay out: libine/_constants.py has them, from the manifest.
 */
%module core
%nodefaultctor;
%nodefaultdtor;
%begin %{
#define PY_SSIZE_T_CLEAN
%}
%{
#include "core.h"
%}
%include <stdint.i>

#define INE_API

/* What fails. */
%typemap(in, numinputs=0) ine_error **err (ine_error *error = NULL) "$1 = &error;"
%typemap(argout) ine_error **err {
  if (result < 0) {
    Py_XDECREF($result);
    ine_py_raise(result, *$1);
    SWIG_fail;
  }
}

/* Text and bytes. The views of bytes-like objects are held until the call has returned. */
%typemap(in) (const char *text, size_t text_len) (PyObject *hold = NULL) {
  const char *start = NULL;
  size_t size = 0;
  if (!ine_py_text_in($input, &start, &size, &hold)) SWIG_fail;
  $1 = (char *)start;
  $2 = size;
}
%typemap(arginit) (const char *text, size_t text_len) "hold$argnum = NULL;"
%typemap(freearg) (const char *text, size_t text_len) "Py_XDECREF(hold$argnum);"
%typemap(in) (const void *data, size_t data_len) (Py_buffer view) {
  if ($input == Py_None) {
    $1 = NULL;
    $2 = 0;
  } else {
    if (PyObject_GetBuffer($input, &view, PyBUF_SIMPLE) != 0) { view.obj = NULL; SWIG_fail; }
    $1 = view.buf;
    $2 = (size_t)view.len;
  }
}
%typemap(arginit) (const void *data, size_t data_len) "view$argnum.obj = NULL;"
%typemap(freearg) (const void *data, size_t data_len) "if (view$argnum.obj) PyBuffer_Release(&view$argnum);"
%apply (const char *text, size_t text_len) {
  (const char *label, size_t label_len), (const char *api_key, size_t api_key_len),
  (const char *signature, size_t signature_len), (const char *path, size_t path_len),
  (const char *curp, size_t curp_len), (const char *pointer, size_t pointer_len),
  (const char *value, size_t value_len), (const char *name, size_t name_len),
  (const char *session_id, size_t session_id_len)
};
%apply (const void *data, size_t data_len) {
  (const void *secret, size_t secret_len), (const void *body, size_t body_len),
  (const void *record, size_t record_len), (const void *pepper, size_t pepper_len)
};
%typemap(out) ine_str "$result = ine_py_str($1);"
%typemap(out) ine_str ine_exchange_get "$result = ine_py_bytes($1);"
%typemap(in, numinputs=0) char out[64] (char digits[64]) "$1 = digits;"
%typemap(argout) char out[64] { Py_XDECREF($result); $result = PyUnicode_FromStringAndSize($1, 64); }
%typemap(in, numinputs=0) char out[32] (char digits[32]) "$1 = digits;"
%typemap(argout) char out[32] { Py_XDECREF($result); $result = PyUnicode_FromStringAndSize($1, 32); }
%typemap(in, numinputs=0) uint64_t *id (uint64_t number = 0) "$1 = &number;"
%typemap(argout) uint64_t *id { Py_XDECREF($result); $result = PyLong_FromUnsignedLongLong(*$1); }
%typemap(in, numinputs=0) ine_str *out (ine_str slice) "slice.ptr = NULL; slice.len = 0; $1 = &slice;"
%typemap(argout) ine_str *out { Py_XDECREF($result); $result = ine_py_bytes(*$1); }

/* Handles. */
%define %handle(noun)
%typemap(in) ine_##noun *, const ine_##noun * {
  void *handle = NULL;
  if (!ine_py_optional($input, "ine_" #noun, &handle)) SWIG_fail;
  $1 = handle;
}
%typemap(in, numinputs=0) ine_##noun **out (ine_##noun *made = NULL) "$1 = &made;"
%typemap(argout) ine_##noun **out { Py_XDECREF($result); $result = ine_py_##noun(*$1); }
%ignore ine_##noun##_free;
%enddef
%handle(options)
%handle(credentials)
%handle(verification)
%handle(report)
%handle(request)
%handle(exchange)
%handle(flow)
%handle(mrz)
%handle(decision)
%handle(verdict)
%handle(evidence)
%handle(text)
%handle(queue)
%handle(client)

/* Errors are exceptions; the rest has several outputs, arrays or callbacks and is written by hand. */
%rename("$ignore", %$isconstant) "";
%ignore ine_str;
%ignore ine_error_code;
%ignore ine_error_text;
%ignore ine_error_number;
%ignore ine_error_str;
%ignore ine_error_report;
%ignore ine_error_json;
%ignore ine_error_free;
%ignore ine_report_item;
%ignore ine_curp_check;
%ignore ine_mrz_field;
%ignore ine_media_digest;
%ignore ine_mrz_report;
%ignore ine_decision_reread;
%ignore ine_decision_field;
%ignore ine_decision_fields;
%ignore ine_decision_item;
%ignore ine_decision_id;
%ignore ine_verdict_field;
%ignore ine_verdict_fields;
%ignore ine_webhooks_new;
%ignore ine_webhooks_add;
%ignore ine_webhooks_set_limit;
%ignore ine_webhooks_free;
%ignore ine_webhooks_open;
%ignore ine_webhooks_diagnose;
%ignore ine_webhook_field;
%ignore ine_webhook_decision;
%ignore ine_webhook_verdict;
%ignore ine_webhook_expect;
%ignore ine_webhook_free;
%ignore ine_decision_kind;
%ignore ine_decision_bytes;
%ignore ine_decision_count;
%ignore ine_verdict_new;
%ignore ine_verdict_text;
%ignore ine_verdict_json;
%ignore ine_exchange_next;
%ignore ine_exchange_header;
%ignore ine_exchange_read;
%ignore ine_exchange_take;
%ignore ine_flow_next;
%ignore ine_flow_exchange;
%ignore ine_flow_take;
%ignore ine_client_drive;
%ignore ine_queue_drain;
%ignore ine_queue_on_ready;
%ignore ine_event_kind;
%ignore ine_event_token;
%ignore ine_event_submission;
%ignore ine_event_number;
%ignore ine_event_session_id;
%ignore ine_event_session_url;
%ignore ine_event_text;
%ignore ine_event_free;
%ignore ine_event_error;
%ignore ine_event_take;

%include "ine.h"

%init %{
  PyMethodDef *const tables[] = {ine_py_lent_methods, ine_py_document_methods, ine_py_drive_methods, ine_py_local_methods};
  if (ine_py_types_ready(m) < 0) return -1;
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
    if (PyModule_AddFunctions(m, tables[i]) < 0) return -1;
%}
