#include "proto/exchange.h"

#include "crypto/hex.h"
#include "proto/target.h"

#define BODY_CEILING     (INT64_C(4) << 20)
#define DOWNLOAD_CEILING (INT64_C(32) << 20)

static int32_t step_of(const ine__call *call)
{
    switch (call->call) {
    case INE_CALL_CREATE_SESSION:
        return INE_STEP_CREATE;
    case INE_CALL_UPLOAD_MEDIA:
        return INE_STEP_MEDIA;
    case INE_CALL_SUBMIT:
        return INE_STEP_SUBMIT;
    case INE_CALL_DECISION:
    case INE_CALL_INE_REGISTRY:
        return INE_STEP_WAIT;
    default:
        return INE_STEP_NONE;
    }
}

static int32_t write_body(ine_exchange *x, const ine_request *request, ine_error **err)
{
    ine__buf_init(&x->body, BODY_CEILING);
    x->has_body = x->call->signs == INE__SIGNS_BODY;
    switch (x->call->call) {
    case INE_CALL_CREATE_SESSION:
        return ine__write_session(&x->body, request->verification, err);
    case INE_CALL_SUBMIT:
        ine__buf_str(&x->body, ine__submit_body());
        break;
    case INE_CALL_UPLOAD_MEDIA:
        x->media = ine__alloc(sizeof *x->media);
        return x->media
                   ? ine__stream_init(x->media, request->media, x->credentials, x->options, err)
                   : ine__fail_memory(err);
    default:
        ine__buf_str(&x->body, request->text[INE_IN_BODY]);
        break;
    }
    if (x->body.too_long)
        return ine__fail(err, INE_E_LIMIT, "the body is larger than 4 MB");
    return x->body.failed ? ine__fail_memory(err) : INE_OK;
}

static void make_headers(ine_exchange *x, bool is_signed)
{
    const ine__header_plan plan = {
        .call = x->call,
        .credentials = x->credentials,
        .options = x->options,
        .signature = is_signed ? ine__str(x->signature, sizeof x->signature) : INE__NONE,
        .body = x->has_body,
    };
    ine__headers_make(&x->headers, &plan);
    x->state = INE__X_READY;
}

/* What is signed follows from the call table alone (A4). */
static int32_t sign(ine_exchange *x, ine_error **err)
{
    const bool optional = x->call->call == INE_CALL_CREATE_SESSION; /* C-21 */
    const bool wanted = !optional || ine__option(x->options, INE_OPT_SIGN_SESSIONS);
    const ine_str data = x->has_body ? ine__buf_view(&x->body) : x->id;
    if (x->media) {
        x->state = INE__X_LOOK;
        return x->media->media.from == INE__MEDIA_MEMORY ? ine__exchange_frame(x, err) : INE_OK;
    }
    const int32_t code =
        wanted ? ine__credentials_sign(x->credentials, data, x->signature, err) : INE_OK;
    if (!code)
        make_headers(x, wanted);
    return code;
}

static int32_t check_policy(const ine_exchange *x, ine_error **err)
{
    if (ine__option(x->options, INE_OPT_REPLY_SIGNATURES) != INE_REPLY_SIGNATURES_OFF ||
        ine_credentials_is_sandbox(x->credentials))
        return INE_OK;
    return ine__fail(err, INE_E_CONFIG, "only with a sandbox key may signatures be ignored");
}

static int32_t prepare(ine_exchange *x, const ine_request *request, ine_error **err)
{
    int32_t code = ine__request_check(request, x->options, err);
    if (!code)
        code = check_policy(x, err);
    if (!code)
        code = ine__target(&x->url, &x->target, request, x->options, x->credentials, err);
    if (!code)
        code = write_body(x, request, err);
    return code ? code : sign(x, err);
}

static bool copy_texts(ine_exchange *x, const ine_request *request)
{
    return ine__text_copy(&x->id, ine__request_id(request)) &&
           ine__text_copy(&x->context, ine__request_context(request)) &&
           ine__text_copy(&x->timestamp, request->text[INE_IN_MEDIA_TIMESTAMP]) &&
           ine__text_copy(&x->path_template, ine__target_template(request));
}

/* A downloaded image is larger than any JSON reply; an explicit limit counts for both. */
static size_t reply_limit(const ine__call *call, const ine_options *options)
{
    const int64_t limit = ine__option(options, INE_OPT_MAX_REPLY);
    const bool is_default = limit == ine__option(NULL, INE_OPT_MAX_REPLY);
    return (size_t)(call->kind == INE_KIND_BINARY && is_default ? DOWNLOAD_CEILING : limit);
}

int32_t ine__exchange_open(ine_exchange **out, const ine__exchange_plan *plan, ine_error **err)
{
    *out = NULL;
    ine_exchange *x = ine__alloc(sizeof *x);
    if (!x)
        return ine__fail_memory(err);
    x->call = plan->request->call;
    x->row = ine__retry_row(x->call);
    x->step = step_of(x->call);
    x->now = plan->now;
    x->deadline = plan->deadline;
    x->credentials = ine__credentials_share(plan->credentials);
    x->options = ine__options_copy(plan->options);
    ine__rng_init(&x->rng, plan->seed);
    ine__reply_init(&x->reply, reply_limit(x->call, plan->options));
    int32_t code = INE_OK;
    if (!x->options || !copy_texts(x, plan->request))
        code = ine__fail_memory(err);
    if (!code)
        code = prepare(x, plan->request, err);
    if (code)
        ine_exchange_free(x);
    else
        *out = x;
    return code;
}

int32_t ine_exchange_new(ine_exchange **out, const ine_request *request,
                         const ine_credentials *credentials, const ine_options *options,
                         int64_t now_ms, ine_error **err)
{
    ine__error_clear(err);
    if (out)
        *out = NULL;
    if (!out || !request || !credentials)
        return ine__fail(err, INE_E_ARGUMENT, "no place for the exchange, request or credentials");
    ine__exchange_plan plan = {
        .request = request,
        .credentials = credentials,
        .options = options,
        .now = now_ms,
        .seed = (uint64_t)ine__option(options, INE_OPT_SEED),
    };
    if (__builtin_add_overflow(now_ms, ine__option(options, INE_OPT_DEADLINE_MS), &plan.deadline))
        plan.deadline = INT64_MAX;
    return ine__exchange_open(out, &plan, err);
}

void ine_exchange_free(ine_exchange *x)
{
    if (!x)
        return;
    ine_options_free(x->options);
    ine_credentials_free(x->credentials);
    ine__text_free(&x->id);
    ine__text_free(&x->context);
    ine__text_free(&x->timestamp);
    ine__text_free(&x->path_template);
    ine__buf_free(&x->url);
    ine__buf_free(&x->body);
    ine__stream_free(x->media);
    ine__reply_free(&x->reply);
    ine_error_free(x->error);
    ine_decision_free(x->decision);
    ine__free_wiped(x, sizeof *x);
}

/* A refusal of the image before anything is sent; without local checks the vendor decides. */
static int32_t check_image(const ine_exchange *x, ine_error **err)
{
    if (!ine__option(x->options, INE_OPT_LOCAL_CHECKS))
        return INE_OK;
    const int32_t context = ine_value(INE_NAMES_MEDIA, x->context.ptr, x->context.len);
    ine_report *report = ine__report_new();
    if (!report ||
        !ine__inspect_report(&x->media->inspect, context < 0 ? 0 : context, x->options, report)) {
        ine_report_free(report);
        return ine__fail_memory(err);
    }
    if (ine_report_errors(report))
        return ine__report_fail(err, report);
    ine_report_free(report);
    return INE_OK;
}

int32_t ine__exchange_frame(ine_exchange *x, ine_error **err)
{
    int32_t code = check_image(x, err);
    if (!code)
        code = ine__stream_frame(x->media, x->context, x->timestamp, err);
    if (!code)
        code = ine__stream_begin(x->media, err);
    if (code)
        return code;
    x->state = INE__X_SIGN;
    ine__exchange_sign(x);
    return INE_OK;
}

void ine__exchange_sign(ine_exchange *x)
{
    const int32_t step = ine__stream_sign(x->media);
    if (step == INE__STREAM_EARLY)
        ine__exchange_end_with(x, INE_E_MEDIA_READ, INE_SENT_NO,
                               "the media ended before their size");
    if (step != INE__STREAM_END)
        return;
    ine__hex_encode(x->signature, ine__stream_mac(x->media), INE__SHA256_SIZE);
    make_headers(x, true);
}

ine_str ine_exchange_get(const ine_exchange *x, int32_t part)
{
    if (!x)
        return INE__NONE;
    switch (part) {
    case INE_X_METHOD:
        return ine__str_of(x->call->method);
    case INE_X_URL:
        return ine__buf_view(&x->url);
    case INE_X_TARGET:
        return ine__str(x->url.ptr + x->target, x->url.len - x->target);
    case INE_X_TEMPLATE:
        return x->path_template;
    case INE_X_BODY:
        return x->has_body && !x->media ? ine__buf_view(&x->body) : INE__NONE;
    case INE_X_MEDIA_CONTEXT:
        return x->context;
    default:
        return INE__NONE;
    }
}

int32_t ine_exchange_header(const ine_exchange *x, size_t index, ine_str *name, ine_str *value)
{
    const bool found = x && index < x->headers.count;
    if (name)
        *name = found ? x->headers.item[index].name : INE__NONE;
    if (value)
        *value = found ? x->headers.item[index].value : INE__NONE;
    return found ? INE_OK : INE_E_ARGUMENT;
}

uint64_t ine_exchange_body_size(const ine_exchange *x)
{
    if (!x || !x->has_body)
        return 0;
    return x->media ? x->media->total : x->body.len;
}

int64_t ine_exchange_attempt_timeout(const ine_exchange *x)
{
    return x ? x->attempt_timeout : 0;
}
