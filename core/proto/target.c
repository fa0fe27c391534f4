#include "proto/target.h"

#define URL_CEILING     8192
#define VERSION_DEFAULT "1.0.0" /* C-1 */

ine_str ine__target_template(const ine_request *request)
{
    const ine_str raw = request->text[INE_IN_PATH];
    return raw.ptr ? raw : ine__str_of(request->call->path);
}

/* What stands before the path: scheme, host, port and the base URL's own path. */
static int32_t check_base(ine_str base, const ine_credentials *credentials, ine__url *url,
                          ine_error **err)
{
    if (!base.ptr)
        return ine__fail(err, INE_E_CONFIG, "the base URL is not set");
    if (!ine__url_parse(base, url))
        return ine__fail(err, INE_E_CONFIG, "the base URL can not be read");
    if (!url->https && !url->loopback && !ine_credentials_is_sandbox(credentials))
        return ine__fail(err, INE_E_CONFIG,
                         "the base URL must begin with https:// unless it leads to this machine");
    return INE_OK;
}

static void write_path(ine__buf *url, const ine_request *request)
{
    const ine_str path = ine__target_template(request);
    const ine_str mark = INE__STR("{id}");
    size_t i = 0;
    while (i < path.len) {
        if (path.len - i >= mark.len && memcmp(path.ptr + i, mark.ptr, mark.len) == 0) {
            ine__buf_str(url, ine__request_id(request));
            i += mark.len;
        } else {
            ine__buf_char(url, path.ptr[i++]);
        }
    }
}

static void write_query(ine__buf *url, const ine_request *request)
{
    const ine_str query = request->text[INE_IN_QUERY];
    const ine_str version = request->text[INE_IN_VERSION];
    if (request->call->has_version) {
        ine__buf_text(url, "?version=");
        ine__buf_str(url, version.ptr ? version : INE__STR(VERSION_DEFAULT));
    } else if (query.len) {
        ine__buf_char(url, '?');
        ine__buf_str(url, query);
    }
}

int32_t ine__target(ine__buf *url, size_t *target, const ine_request *request,
                    const ine_options *options, const ine_credentials *credentials, ine_error **err)
{
    const ine_str base = ine__option_text(options, INE_OPT_BASE_URL);
    ine__url parts = {.path = INE__NONE};
    ine__buf_init(url, URL_CEILING);
    *target = 0;
    const int32_t code = check_base(base, credentials, &parts, err);
    if (code)
        return code;
    ine__buf_add(url, base.ptr, (size_t)(parts.path.ptr - base.ptr));
    *target = url->len;
    ine__buf_str(url, parts.path);
    write_path(url, request);
    write_query(url, request);
    return url->failed ? ine__fail_memory(err) : INE_OK;
}
