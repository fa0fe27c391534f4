/* Replies: error bodies and codes as the vendor documents them. */
#include "internal.h"

/* [docs: some-troubleshooting-codes-table, credentials-and-authorization-codes-table] */
static const struct {
    int32_t code, http;
    const char *message;
} errors[] = {
    {1002, 400, "The id must be a valid UUID v4."},
    {1101, 400, "Validation failed"},
    {1102, 400, "Mandatory parameters are missing from the request."},
    {1104, 400, "The request includes invalid parameters."},
    {1201, 400, "Timestamp is older than one hour."},
    {1202, 400, "Timestamp must be in the format YYYY-MM-DDTHH:MM:S+Timezone Offset|Z, or UTC."},
    {1203, 400, "Inserted date must be a valid ISO 8601 date in the format YYYY-MM-DD."},
    {1301, 400, "Requested feature is not supported currently."},
    {1302, 400, "Only HTTPS return URLs are allowed."},
    {1303, 400, "Invalid status."},
    {1304, 409, "Status can not be changed: the session was submitted already."},
    {1305, 400, "Session is not in a completed status."},
    {1306, 400, "Session is in progress."},
    {1400, 400, "Image data was not found in the request."},
    {1401, 400, "Image is not in valid base64."},
    {1402, 400, "Image context is not supported."},
    {1403, 400, "Image property is missing."},
    {1500, 400, "Vendor data can not be longer than 1,000 characters."},
    {1501, 400, "Vendor data must be a string."},
    {1801, 401,
     "Mandatory X-AUTH-CLIENT header containing the API key is missing from the request."},
    {1802, 401, "The API key must be a valid UUID."},
    {1803, 401, "Integration with the given API key was not found."},
    {1804, 401, "Integration with the given API key is not active."},
    {1812, 401, "X-HMAC-SIGNATURE must be a SHA-256 hash."},
    {1813, 401, "X-SIGNATURE is not right for the id, and is not accepted any more."},
    {1814, 401, "X-SIGNATURE is not right for the body, and is not accepted any more."},
    {1815, 401, "The request could not be authenticated."},
    {1818, 401, "X-HMAC-SIGNATURE is not right for the id."},
    {1819, 401, "X-HMAC-SIGNATURE is not right for the request body."},
    {2003, 400, "Date of birth is not a date."},
    {2102, 400, "Document number must have letters and digits only."},
    {2103, 400, "Document type is not supported."},
    {2104, 400, "Document country is not supported."},
};

void ine__sb_header(ine_sandbox *sandbox, ine_str name, ine_str value)
{
    if (sandbox->reply.header_count < INE__SB_HEADERS)
        sandbox->headers[sandbox->reply.header_count++] = (ine_sandbox_header){name, value};
}

ine__writer ine__sb_begin(ine__sb_call *call, int32_t status)
{
    ine__writer w;
    ine_sandbox *sandbox = call->sandbox;
    ine__buf_clear(&sandbox->body);
    sandbox->reply.status = status;
    sandbox->reply.header_count = 0;
    ine__sb_header(sandbox, INE__STR("Content-Type"), INE__STR("application/json"));
    ine__write_init(&w, &sandbox->body);
    return w;
}

void ine__sb_fail_as(ine__sb_call *call, int32_t http, int32_t code, const char *message)
{
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        if (errors[i].code != code)
            continue;
        http = http ? http : errors[i].http;
        message = message ? message : errors[i].message;
    }
    char digits[INE__INT_DIGITS];
    ine__writer w = ine__sb_begin(call, http);
    ine__write_object(&w);
    ine__write_key(&w, "status");
    ine__write_text(&w, "fail");
    ine__write_key(&w, "code");
    if (call->who && call->who->error_code) /* C-18 */
        ine__write_int(&w, code);
    else
        ine__write_str(&w, ine__str(digits, ine__format_int(digits, code)));
    ine__write_key(&w, "message");
    ine__write_text(&w, message);
    ine__write_end_object(&w);
}

void ine__sb_fail(ine__sb_call *call, int32_t code)
{
    ine__sb_fail_as(call, 0, code, NULL);
}

void ine__sb_not_found(ine__sb_call *call)
{
    ine__sb_fail_as(call, 404, 1101, "Resource not found");
}

void ine__sb_broken(ine__sb_call *call)
{
    ine__sb_fail_as(call, 500, 1101, "Something went wrong");
}
