/* The checks of a request: ids, paths, queries and bodies are refused here, before a URL is built
 * from them (B8). */
#include "proto/request.h"
#include "json/reader.h"

#define PATH_MAX_LEN  512
#define QUERY_MAX_LEN 1024

typedef struct checker {
    const ine_request *request;
    const ine_options *options;
    ine_report *report;
    bool failed; /* no memory */
} checker;

static void found(checker *c, int32_t input, int32_t problem, const char *hint)
{
    if (!ine__report_add(c->report, input, problem, true, hint))
        c->failed = true;
}

static bool plain_char(char ch, const char *more)
{
    return ine__is_digit(ch) || ine__is_alpha(ch) || (ch && strchr(more, ch) != NULL);
}

/* A segment must not be empty, "." or "..". */
static bool segment_valid(ine_str segment)
{
    if (segment.len == 0 || ine__str_is(segment, ".") || ine__str_is(segment, ".."))
        return false;
    for (size_t i = 0; i < segment.len; i++) {
        if (!plain_char(segment.ptr[i], "-._~"))
            return false;
    }
    return true;
}

bool ine__path_valid(ine_str path, size_t *ids)
{
    size_t at = 3;
    *ids = 0;
    if (path.len < 5 || path.len > PATH_MAX_LEN || !ine__str_starts(path, "/v1/"))
        return false;
    while (at < path.len) {
        size_t end = ++at;
        while (end < path.len && path.ptr[end] != '/')
            end++;
        const ine_str segment = ine__str(path.ptr + at, end - at);
        if (ine__str_is(segment, "{id}"))
            ++*ids;
        else if (!segment_valid(segment))
            return false;
        at = end;
    }
    return true;
}

bool ine__query_valid(ine_str query)
{
    if (query.len > QUERY_MAX_LEN)
        return false;
    for (size_t i = 0; i < query.len; i++) {
        if (!plain_char(query.ptr[i], "-._~=&%+,:"))
            return false;
    }
    return true;
}

/* Which id is asked for says the call; the hint never shows what was given. */
static void check_id(checker *c)
{
    const ine__call *call = c->request->call;
    const int32_t input = call->id_input ? call->id_input : INE_IN_SESSION_ID;
    const ine_str id = ine__request_id(c->request);
    if (!id.ptr)
        found(c, input, INE_PROBLEM_REQUIRED, "this call needs the id: a UUID");
    else if (!ine__is_uuid(id))
        found(c, input, INE_PROBLEM_FORMAT, "the id must be a UUID of 36 characters");
}

static void check_raw(checker *c)
{
    size_t ids;
    const ine_str path = c->request->text[INE_IN_PATH];
    if (!path.ptr) {
        found(c, INE_IN_PATH, INE_PROBLEM_REQUIRED,
              "a raw call needs its path, as in /v1/sessions");
    } else if (!ine__path_valid(path, &ids) || ids > 1) {
        found(c, INE_IN_PATH, INE_PROBLEM_FORMAT,
              "the path starts with /v1/ and holds letters, digits, -._~ and at most one {id}");
    } else if (ids == 0 && c->request->call->signs == INE__SIGNS_ID) {
        found(c, INE_IN_PATH, INE_PROBLEM_FORMAT,
              "the path of a GET or DELETE holds {id}: the id is what is signed");
    } else if (ids) {
        check_id(c);
    }
    if (!ine__query_valid(c->request->text[INE_IN_QUERY]))
        found(c, INE_IN_QUERY, INE_PROBLEM_CHARACTERS,
              "the query holds letters, digits and -._~=&%+,: without the question mark");
}

static bool is_object(ine_str body)
{
    size_t i = 0;
    while (i < body.len && body.ptr[i] && strchr(" \t\r\n", body.ptr[i]))
        i++;
    return i < body.len && body.ptr[i] == '{';
}

static void check_body(checker *c)
{
    ine__json_fault fault;
    const ine_str body = c->request->text[INE_IN_BODY];
    if (!body.ptr)
        found(c, INE_IN_BODY, INE_PROBLEM_REQUIRED, "this call needs a body");
    else if (ine__json_read(NULL, body, NULL, 0, &fault) != INE_OK || !is_object(body))
        found(c, INE_IN_BODY, INE_PROBLEM_FORMAT, "the body must be one JSON object");
}

static void check_version(checker *c)
{
    const ine_str version = c->request->text[INE_IN_VERSION];
    bool ok = version.len >= 1 && version.len <= 32;
    for (size_t i = 0; ok && i < version.len; i++)
        ok = plain_char(version.ptr[i], "-._");
    if (version.ptr && !ok)
        found(c, INE_IN_VERSION, INE_PROBLEM_FORMAT, "the version looks like 1.0.0");
}

static bool context_valid(ine_str context)
{
    for (size_t i = 0; i < context.len; i++) {
        if (!plain_char(context.ptr[i], "-"))
            return false;
    }
    return context.len >= 1 && context.len <= 64;
}

/* ISO 8601 as the API has it: date, T, time, an optional fraction, Z or an offset (code 1202). */
static bool timestamp_valid(ine_str text)
{
    static const char form[] = "....-..-..T..:..:..";
    const size_t n = sizeof form - 1;
    if (text.len <= n || text.len > 40)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (form[i] == '.' ? !ine__is_digit(text.ptr[i]) : text.ptr[i] != form[i])
            return false;
    }
    for (size_t i = n; i < text.len; i++) {
        if (!ine__is_digit(text.ptr[i]) && !strchr(".Z+-:", text.ptr[i]))
            return false;
    }
    return !ine__has_nul(text);
}

static void check_media(checker *c)
{
    const ine_request *request = c->request;
    const ine_str context = request->text[INE_IN_MEDIA_CONTEXT];
    const ine_str timestamp = request->text[INE_IN_MEDIA_TIMESTAMP];
    if (request->media.from == INE__MEDIA_NONE)
        found(c, INE_IN_SELFIE, INE_PROBLEM_REQUIRED, "an upload needs its image");
    else if (request->media.from == INE__MEDIA_PATH)
        found(c, INE_IN_SELFIE, INE_PROBLEM_UNREADABLE,
              "the image file can not be opened, or is not a regular file");
    else if (request->media.size == 0)
        found(c, INE_IN_SELFIE, INE_PROBLEM_EMPTY, "the image is empty");
    if (context.ptr ? !context_valid(context) : request->context == 0)
        found(c, INE_IN_MEDIA_CONTEXT, INE_PROBLEM_FORMAT,
              "the image's context is a name such as face or document-front");
    if (timestamp.ptr && !timestamp_valid(timestamp))
        found(c, INE_IN_MEDIA_TIMESTAMP, INE_PROBLEM_FORMAT,
              "the time looks like 2026-04-01T10:00:00.000Z");
}

/* A session is created before its media are known: what the verification lacks of those is not this
 * call's business. */
static int32_t check_session(checker *c, ine_error **err)
{
    ine_report *all;
    if (!c->request->verification) {
        found(c, INE_IN_CIC, INE_PROBLEM_REQUIRED, "a session needs a verification");
        return INE_OK;
    }
    if (!ine__option(c->options, INE_OPT_LOCAL_CHECKS))
        return INE_OK;
    const int32_t code = ine_verification_check(c->request->verification, c->options, &all, err);
    if (code)
        return code;
    for (size_t i = 0; i < ine_report_count(all); i++) {
        int32_t input, problem, is_error;
        ine_str hint;
        ine_report_item(all, i, &input, NULL, &problem, &is_error, &hint);
        if (is_error && input != INE_IN_SELFIE)
            found(c, input, problem, hint.ptr);
    }
    ine_report_free(all);
    return INE_OK;
}

static int32_t check_all(checker *c, ine_error **err)
{
    const ine__call *call = c->request->call;
    if (call->call >= INE_CALL_RAW_GET)
        check_raw(c);
    else if (call->id_input)
        check_id(c);
    if (call->call == INE_CALL_COLLECTED_DATA ||
        (call->call >= INE_CALL_RAW_GET && call->signs == INE__SIGNS_BODY))
        check_body(c);
    if (call->has_version)
        check_version(c);
    if (call->call == INE_CALL_UPLOAD_MEDIA)
        check_media(c);
    return call->call == INE_CALL_CREATE_SESSION ? check_session(c, err) : INE_OK;
}

int32_t ine__request_check(const ine_request *request, const ine_options *options, ine_error **err)
{
    checker c = {.request = request, .options = options, .report = ine__report_new()};
    if (!c.report)
        return ine__fail_memory(err);
    int32_t code = check_all(&c, err);
    if (!code && c.failed)
        code = ine__fail_memory(err);
    if (!code && ine_report_errors(c.report))
        return ine__report_fail(err, c.report);
    ine_report_free(c.report);
    return code;
}
