/* What a verdict consists of; for the files of this folder alone. */
#ifndef INE_CASCADE_VERDICT_PARTS_H
#define INE_CASCADE_VERDICT_PARTS_H

#include "cascade/verdict.h"

/* Texts of the payload that a verdict keeps. */
enum {
    INE__KEPT_REGISTRY_STATUS = 0,
    INE__KEPT_REGISTRY_ERROR,
    INE__KEPT_REGISTRY_TIMESTAMP,
    INE__KEPT_SESSION_ID,
    INE__KEPT_SESSION_STATUS,
    INE__KEPT_LEGACY, /* responseStatus, or documentState */
    INE__KEPT
};

enum { INE__LEGACY_NONE = 0, INE__LEGACY_FACE, INE__LEGACY_CARD };

#define INE__UNKNOWN_MAX 32  /* unknown checks that are listed */
#define INE__UNKNOWN_CAP 200 /* bytes of their names and reasons that are kept */

typedef struct ine__unknown {
    ine_str name, reason;
    int32_t state, blocked_by;
} ine__unknown;

typedef struct ine__maybe {
    bool there;
    int64_t value;
} ine__maybe;

/* The JSON form, made when it is first asked for. */
typedef struct ine__json_cache {
    char *block; /* its length as size_t, then its bytes; published atomically */
} ine__json_cache;

/* All of it is one allocation, the texts behind the struct. */
struct ine_verdict {
    ine__meaning meaning;
    ine_str kept[INE__KEPT];
    ine__maybe code, reason_code;
    int32_t legacy;
    ine__maybe match; /* faceMatch or active */
    ine__maybe percent;
    ine__unknown *unknown;
    size_t unknown_count;
    ine__json_cache *json;
};

/* verdict_json.c */
void ine__verdict_write(const ine_verdict *verdict, ine__buf *out);

#endif
