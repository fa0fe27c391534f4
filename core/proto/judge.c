#include "proto/judge.h"

#include "base/num.h"
#include "proto/retry.h"
#include "proto/retryafter.h"

static bool fail(ine__judgement *out, int32_t code, int32_t column, const char *text)
{
    out->code = code;
    out->column = column;
    out->text = text;
    return false;
}

static bool is_success(int32_t status)
{
    return status >= 200 && status < 300;
}

static bool damaged(ine__judgement *out, const char *text)
{
    return fail(out, INE_E_PROTOCOL, INE__COL_UNKNOWN, text);
}

/* Length and framing as far as a host can be wrong about them (F20-F25), encoding (B10), status
 * (F29, F35). */
static bool form_is_right(ine__judgement *out, const ine__reply *reply)
{
    const ine__value *length = &reply->value[INE__H_LENGTH];
    const ine__value *encoding = &reply->value[INE__H_ENCODING];
    int64_t bytes = (int64_t)reply->body.len;
    if (reply->status == 0)
        return damaged(out, "the reply ended before its status was complete");
    if (reply->status < 200 || reply->status > 599)
        return damaged(out, "the reply has a status that HTTP does not know");
    if (reply->status == 204 || reply->status == 304)
        return damaged(out, "the reply has a status that this API never answers with");
    if (length->count && reply->value[INE__H_TRANSFER].count)
        return damaged(out, "the reply has a length and a transfer encoding");
    if (length->count && (length->differs || length->long_value ||
                          !ine__parse_uint(ine__str(length->text, length->len), INT64_MAX, &bytes)))
        return damaged(out, "the reply's Content-Length can not be read");
    if (bytes != (int64_t)reply->body.len)
        return damaged(out, "the reply's body is not as long as it says");
    if (encoding->count &&
        !ine__str_ieq(ine__reply_single(reply, INE__H_ENCODING), INE__STR("identity")))
        return damaged(out, "the reply is compressed although that was not asked for");
    return true;
}

/* X-AUTH-CLIENT, in either family: present and not ours is a reply to someone else. */
static bool client_is_ours(const ine__reply *reply, const ine_credentials *credentials)
{
    const ine_str key = ine__credentials_api_key(credentials);
    for (int32_t header = INE__H_CLIENT; header <= INE__H_CLIENT_VRF; header++) {
        const ine__value *value = &reply->value[header];
        if (value->count &&
            (value->differs || !ine__str_ieq(ine__str(value->text, value->len), key)))
            return false;
    }
    return true;
}

/* The one signature that came. False: several, or two families that differ (A7). */
static bool one_signature(const ine__reply *reply, ine_str *out)
{
    const ine__value *x = &reply->value[INE__H_SIGNATURE];
    const ine__value *vrf = &reply->value[INE__H_SIGNATURE_VRF];
    const ine__value *any = x->count ? x : vrf;
    *out = any->count ? ine__str(any->text, any->len) : INE__NONE;
    if (x->count > 1 || vrf->count > 1 || x->long_value || vrf->long_value)
        return false;
    return !x->count || !vrf->count ||
           ine__str_ieq(ine__str(x->text, x->len), ine__str(vrf->text, vrf->len));
}

/* Must this reply be signed? Under REQUIRE only what a gateway answers in the vendor's place is
 * let off: 401 is documented without a signature, 3xx, 429 and 5xx are errors anyhow (C-19). */
static bool must_be_signed(const ine__reply *reply, const ine__expected *expected)
{
    const int32_t status = reply->status;
    if (expected->policy == INE_REPLY_SIGNATURES_REQUIRE)
        return is_success(status) ||
               (status >= 400 && status < 500 && status != 401 && status != 429);
    return is_success(status) && expected->call->reply_signed;
}

static bool signature_is_right(ine__judgement *out, const ine__reply *reply,
                               const ine__expected *expected)
{
    ine_str signature;
    if (expected->policy == INE_REPLY_SIGNATURES_OFF)
        return true;
    if (!client_is_ours(reply, expected->credentials))
        return fail(out, INE_E_MISMATCH, INE__COL_FINAL, "the reply is for another API key");
    if (!one_signature(reply, &signature))
        return fail(out, INE_E_SIGNATURE, INE__COL_UNKNOWN,
                    "the reply has several signatures, or one that can not be right");
    if (!signature.ptr) /* X-SIGNATURE alone is no signature (A6) */
        return !must_be_signed(reply, expected) ||
               fail(out, INE_E_UNSIGNED, INE__COL_UNKNOWN, "the reply must be signed and is not");
    if (ine__credentials_verify(expected->credentials, ine__buf_view(&reply->body), signature) < 0)
        return fail(out, INE_E_SIGNATURE, INE__COL_UNKNOWN, "the reply's signature is wrong");
    out->is_signed = true;
    return true;
}

/* Unsigned text never decides: an unsigned 400 is no more than a 400. */
static void judge_error(ine__judgement *out, const ine__reply *reply)
{
    static const struct {
        int32_t code, column;
        const char *text;
    } answers[] = {
        {INE_E_REDIRECT, INE__COL_FINAL, "the server answered with a redirect"},
        {INE_E_AUTH, INE__COL_FINAL, "the server did not accept the key or the signature"},
        {INE_E_NOT_FOUND, INE__COL_FINAL, "the server does not know this id"},
        {INE_E_CONFLICT, INE__COL_FINAL, "the session is not in a state for this call"},
        {INE_E_RATE_LIMIT, INE__COL_THROTTLED, "the server asks for fewer requests"},
        {INE_E_SERVER, INE__COL_UNAVAILABLE, "the server failed"},
        {INE_E_REJECTED, INE__COL_FINAL, "the server refused the request"},
    };
    const int32_t code = ine__classify(reply->status, out->is_signed ? out->api_code : -1);
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        if (answers[i].code == code)
            fail(out, code, answers[i].column, answers[i].text);
    }
    const int32_t status = reply->status;
    if (status >= 500 && status != 500 && (status < 502 || status > 504))
        out->column = INE__COL_FINAL;
}

static int32_t read_body(ine__judgement *out, const ine__reply *reply, int32_t kind)
{
    ine_error *err = NULL;
    const ine_str body = ine__buf_view(&reply->body);
    const int32_t code = kind == INE_KIND_BINARY ? ine__decision_binary(&out->decision, body, &err)
                                                 : ine_decision_read(&out->decision, body.ptr,
                                                                     body.len, INE_READ_COPY, &err);
    out->offset = ine_error_number(err, INE_DETAIL_OFFSET);
    ine_error_free(err);
    return code;
}

static ine_str session_of(const ine_decision *decision)
{
    ine_str id = INE__NONE;
    ine_decision_field(decision, INE_D_SESSION_ID, &id, NULL);
    return id;
}

/* Create and submit answer with a session, a decision with one that is decided or not: the vendor
 * may add members to each, so that either may be taken for the other. */
static bool kind_fits(int32_t wanted, int32_t kind)
{
    const bool session = wanted == INE_KIND_SESSION || wanted == INE_KIND_DECISION;
    return wanted == 0 || wanted == kind ||
           (session && (kind == INE_KIND_SESSION || kind == INE_KIND_DECISION));
}

static bool content_is_right(ine__judgement *out, const ine__expected *expected)
{
    const ine__call *call = expected->call;
    const ine_str id = session_of(out->decision);
    const bool named =
        ine_decision_field(out->decision, INE_D_VERIFICATION, NULL, NULL) == INE_FIELD_PRESENT;
    if (!kind_fits(call->kind, ine_decision_kind(out->decision)))
        return fail(out, INE_E_FORM, INE__COL_FINAL, "the reply is not what this call answers");
    if (call->kind == INE_KIND_SESSION && !ine__is_uuid(id))
        return fail(out, INE_E_FORM, INE__COL_FINAL, "the reply names no session");
    if (call->echoes_session && named && !ine__str_ieq(id, expected->id)) /* A9 */
        return fail(out, INE_E_MISMATCH, INE__COL_FINAL, "the reply is for another session");
    return true;
}

static void drop_decision(ine__judgement *out)
{
    ine_decision_free(out->decision);
    out->decision = NULL;
}

static void judge_success(ine__judgement *out, const ine__reply *reply,
                          const ine__expected *expected)
{
    const int32_t code = read_body(out, reply, expected->call->kind);
    if (code == INE_E_MEMORY)
        fail(out, code, INE__COL_FINAL, "out of memory");
    else if (code)
        fail(out, code, INE__COL_UNKNOWN, "the reply's body is not the JSON that it must be");
    else if (!content_is_right(out, expected))
        drop_decision(out);
}

void ine__judge(ine__judgement *out, const ine__reply *reply, const ine__expected *expected)
{
    const ine_str date = ine__reply_single(reply, INE__H_DATE);
    *out = (ine__judgement){.offset = -1, .api_code = -1, .retry_after_ms = -1};
    if (!form_is_right(out, reply) || !signature_is_right(out, reply, expected))
        return;
    if (is_success(reply->status)) {
        judge_success(out, reply, expected);
        return;
    }
    out->retry_after_ms =
        ine__retry_after_ms(ine__reply_single(reply, INE__H_RETRY_AFTER), date, expected->wall);
    int64_t api_code;
    if (read_body(out, reply, 0) == INE_OK && ine_decision_kind(out->decision) == INE_KIND_ERROR &&
        ine_decision_field(out->decision, INE_D_API_CODE, NULL, &api_code) == INE_FIELD_PRESENT)
        out->api_code = api_code;
    out->offset = -1;
    judge_error(out, reply);
}
