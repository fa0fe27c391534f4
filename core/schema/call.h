/* The calls of the API: one table says method, path, what is signed and which replies must be
 * signed (A4). */
#ifndef INE_SCHEMA_CALL_H
#define INE_SCHEMA_CALL_H

#include "base/buf.h"
#include "base/error.h"
#include "identity/verification.h"

enum { INE__SIGNS_BODY = 1, INE__SIGNS_ID };

typedef struct ine__call {
    int32_t call;        /* INE_CALL_* */
    const char *method;  /* GET, POST, PATCH, DELETE */
    const char *path;    /* with {id} for the id; NULL: the caller gives it (INE_IN_PATH) */
    int32_t id_input;    /* INE_IN_* that gives the id; 0: none */
    int32_t signs;       /* INE__SIGNS_* */
    int32_t kind;        /* INE_KIND_* of a 2xx reply; 0: whatever it is */
    bool reply_signed;   /* a 2xx reply without a signature is refused (C-19) */
    bool has_version;    /* ?version= */
    bool idempotent;     /* may be repeated after a lost reply */
    bool echoes_session; /* the reply's verification.id must be the one asked for (A9) */
} ine__call;

const ine__call *ine__call_find(int32_t call);

/* The body of POST /sessions: only what is set, in the vendor's order [V-2026-06 "Session creation
 * example"]. */
int32_t ine__write_session(ine__buf *out, const ine_verification *verification, ine_error **err);
/* {"verification":{"status":"submitted"}} */
ine_str ine__submit_body(void);
/* What stands before and after the base64 of an image:
 * {"image":{"context":"face","content":"data:image/jpeg;base64,  and  "}} */
int32_t ine__write_media_head(ine__buf *out, ine_str context, ine_str mime, ine_error **err);
int32_t ine__write_media_tail(ine__buf *out, ine_str timestamp, ine_error **err);

/* The class of a reply that is not 2xx: by its status first, then by its code (C-18). `api_code` is
 * -1 when there is none. What a refused consent is (C-6) only the caller can know. */
int32_t ine__classify(int32_t http_status, int64_t api_code);

#endif
