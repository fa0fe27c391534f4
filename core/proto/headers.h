/* The headers of a request. Host, Content-Length and connection headers are the transport's. */
#ifndef INE_PROTO_HEADERS_H
#define INE_PROTO_HEADERS_H

#include "crypto/credentials.h"
#include "schema/call.h"

#define INE__HEADERS        7
#define INE__SIGNATURE_SIZE 64

typedef struct ine__header {
    ine_str name, value;
} ine__header;

typedef struct ine__headers {
    ine__header item[INE__HEADERS];
    size_t count;
    char agent[160];
} ine__headers;

/* What the headers are made of. Every view must live as long as the headers. */
typedef struct ine__header_plan {
    const ine__call *call;
    const ine_credentials *credentials;
    const ine_options *options;
    ine_str signature; /* absent: not signed */
    bool body;
} ine__header_plan;

void ine__headers_make(ine__headers *headers, const ine__header_plan *plan);

#endif
