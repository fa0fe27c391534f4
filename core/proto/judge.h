/* What a complete reply is worth. The order is fixed (B3): form of the reply, signature over the
 * exact bytes, parsing, id. */
#ifndef INE_PROTO_JUDGE_H
#define INE_PROTO_JUDGE_H

#include "crypto/credentials.h"
#include "proto/reply.h"
#include "schema/call.h"
#include "schema/decision.h"

typedef struct ine__expected {
    const ine__call *call;
    ine_str id; /* the id that was asked for */
    const ine_credentials *credentials;
    int64_t policy; /* INE_REPLY_SIGNATURES_* */
    int64_t wall;   /* seconds since 1970, for a Retry-After date without a Date header */
} ine__expected;

typedef struct ine__judgement {
    int32_t code;           /* INE_OK or INE_E_* */
    int32_t column;         /* INE__COL_* of a failure */
    const char *text;       /* a literal */
    bool is_signed;         /* by us, over these bytes */
    int64_t offset;         /* of what is wrong in the body; -1 */
    int64_t api_code;       /* -1 unknown; never decides anything when the reply is not signed */
    int64_t retry_after_ms; /* -1 none */
    ine_decision *decision; /* owned; NULL when the body could not be read or is not trusted */
} ine__judgement;

void ine__judge(ine__judgement *out, const ine__reply *reply, const ine__expected *expected);

#endif
