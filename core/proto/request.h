/* One API call before it is frozen: its fields as given, and the check that refuses bad ones. */
#ifndef INE_PROTO_REQUEST_H
#define INE_PROTO_REQUEST_H

#include "crypto/credentials.h"
#include "identity/verification.h"
#include "schema/call.h"

struct ine_request {
    const ine__call *call;
    ine_str text[INE__INPUTS];      /* owned; by INE_IN_* */
    ine_verification *verification; /* owned; INE_CALL_CREATE_SESSION */
    int32_t context;                /* INE_MEDIA_*; 0: none, or named by INE_IN_MEDIA_CONTEXT */
    ine__media media;               /* memory stays borrowed */
};

/* Refuses with INE_E_INPUT and every problem that can be seen without the media's bytes. */
int32_t ine__request_check(const ine_request *request, const ine_options *options, ine_error **err);
/* The id that stands in the path; absent when the call has none. */
ine_str ine__request_id(const ine_request *request);
/* The name of the image's context, as it is sent. */
ine_str ine__request_context(const ine_request *request);
/* Is the path of a raw call a template that can be sent? `ids` counts its {id}. */
bool ine__path_valid(ine_str path, size_t *ids);
/* Is the query of a raw call one that can be sent? */
bool ine__query_valid(ine_str query);

#endif
