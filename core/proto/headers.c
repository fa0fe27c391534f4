#include "proto/headers.h"

#include <stdio.h>

#define TEXT_OF(x) #x
#define TEXT(x)    TEXT_OF(x)
#define AGENT \
    "libine/" TEXT(INE_VERSION_MAJOR) "." TEXT(INE_VERSION_MINOR) "." TEXT(INE_VERSION_PATCH)

static void add(ine__headers *headers, ine_str name, ine_str value)
{
    if (value.ptr)
        headers->item[headers->count++] = (ine__header){name, value};
}

static ine_str agent(ine__headers *headers, const ine_options *options)
{
    const ine_str suffix = ine__option_text(options, INE_OPT_USER_AGENT_SUFFIX);
    const int n = snprintf(headers->agent, sizeof headers->agent, AGENT "%s%.*s",
                           suffix.len ? " " : "", (int)suffix.len, suffix.len ? suffix.ptr : "");
    return ine__str(headers->agent, n > 0 ? (size_t)n : 0);
}

void ine__headers_make(ine__headers *headers, const ine__header_plan *plan)
{
    const bool binary = plan->call->kind == INE_KIND_BINARY;
    headers->count = 0;
    if (plan->body)
        add(headers, INE__STR("Content-Type"), INE__STR("application/json"));
    add(headers, INE__STR("Accept"), binary ? INE__STR("*/*") : INE__STR("application/json"));
    add(headers, INE__STR("Accept-Encoding"), INE__STR("identity")); /* B10 */
    add(headers, INE__STR("X-AUTH-CLIENT"), ine__credentials_api_key(plan->credentials));
    add(headers, INE__STR("X-HMAC-SIGNATURE"), plan->signature);
    add(headers, INE__STR("VRF-INTEGRATION-ID"),
        ine__option_text(plan->options, INE_OPT_INTEGRATION_ID));
    add(headers, INE__STR("User-Agent"), agent(headers, plan->options));
}
