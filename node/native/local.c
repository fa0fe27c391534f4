/* Documents, evidence, pseudonyms: what needs no server. */
#include "addon.h"

/* curp(text, options): [birth, sex, problems] */
static napi_value curp(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_text text;
    ine_report *report = NULL;
    ine_error *err = NULL;
    int32_t birth = 0, sex = 0;
    bool fine;
    if (!ine_node_begin(&call, env, info, 2))
        return NULL;
    const ine_options *options = ine_node_optional(&call, 1, INE_NODE_OPTIONS, &fine);
    if (!fine || !ine_node_text_in(env, call.arg[0], &text))
        return NULL;
    const int32_t code =
        ine_curp_check(&report, text.text.ptr, text.text.len, options, &birth, &sex, &err);
    ine_node_text_free(&text);
    if (code != INE_OK)
        return ine_node_throw(&call, code, err);
    napi_value out = ine_node_array(env, 3);
    ine_node_put(env, out, 0, ine_node_integer(env, birth));
    ine_node_put(env, out, 1, ine_node_integer(env, sex));
    ine_node_put(env, out, 2, ine_node_problems(env, report));
    ine_report_free(report);
    return out;
}

/* mrz(text, options): [problems, then each field by INE_MRZ_*] */
static napi_value mrz(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_text text;
    ine_mrz *card = NULL;
    ine_error *err = NULL;
    bool fine;
    if (!ine_node_begin(&call, env, info, 2))
        return NULL;
    const ine_options *options = ine_node_optional(&call, 1, INE_NODE_OPTIONS, &fine);
    if (!fine || !ine_node_text_in(env, call.arg[0], &text))
        return NULL;
    const int32_t code = ine_mrz_read(&card, text.text.ptr, text.text.len, options, &err);
    ine_node_text_free(&text);
    if (code != INE_OK)
        return ine_node_throw(&call, code, err);
    napi_value out = ine_node_array(env, INE_MRZ_GIVEN + 1);
    ine_node_put(env, out, 0, ine_node_problems(env, ine_mrz_report(card)));
    for (int32_t field = 1; field <= INE_MRZ_GIVEN; field++) {
        ine_str value = {NULL, 0};
        int64_t number = 0;
        const int32_t state = ine_mrz_field(card, field, &value, &number);
        const bool date = field == INE_MRZ_BIRTH || field == INE_MRZ_EXPIRY;
        ine_node_put(env, out, (uint32_t)field,
                     date && state == INE_FIELD_PRESENT ? ine_node_integer(env, number)
                                                        : ine_node_string(env, value));
    }
    ine_mrz_free(card);
    return out;
}

/* registration(record): problems */
static napi_value registration(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_report *report = NULL;
    ine_error *err = NULL;
    ine_str record;
    if (!ine_node_begin(&call, env, info, 1) || !ine_node_bytes_in(env, call.arg[0], &record))
        return NULL;
    const int32_t code = ine_registration_check(&report, record.ptr, record.len, &err);
    if (code != INE_OK)
        return ine_node_throw(&call, code, err);
    napi_value out = ine_node_problems(env, report);
    ine_report_free(report);
    return out;
}

/* pseudonym(pepper, value) */
static napi_value pseudonym(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_text value;
    ine_error *err = NULL;
    ine_str pepper;
    char out[32];
    if (!ine_node_begin(&call, env, info, 2) || !ine_node_bytes_in(env, call.arg[0], &pepper) ||
        !ine_node_text_in(env, call.arg[1], &value))
        return NULL;
    const int32_t code =
        ine_pseudonym(pepper.ptr, pepper.len, value.text.ptr, value.text.len, out, &err);
    ine_node_text_free(&value);
    return code == INE_OK ? ine_node_string(env, (ine_str){out, sizeof out})
                          : ine_node_throw(&call, code, err);
}

static napi_value text_out(const ine_node_call *call, int32_t code, ine_text *text, ine_error *err)
{
    if (code != INE_OK)
        return ine_node_throw(call, code, err);
    napi_value out = ine_node_string(call->env, ine_text_view(text));
    ine_text_free(text);
    return out;
}

static napi_value redact(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_text *text = NULL;
    ine_error *err = NULL;
    ine_str body;
    if (!ine_node_begin(&call, env, info, 1) || !ine_node_bytes_in(env, call.arg[0], &body))
        return NULL;
    const int32_t code = ine_redact(&text, body.ptr, body.len, &err);
    return text_out(&call, code, text, err);
}

/* mediaDigest(bytes, options): [as given, as sent] */
static napi_value media_digest(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_error *err = NULL;
    ine_str image;
    char given[64], sent[64];
    bool fine;
    if (!ine_node_begin(&call, env, info, 2) || !ine_node_bytes_in(env, call.arg[0], &image))
        return NULL;
    const ine_options *options = ine_node_optional(&call, 1, INE_NODE_OPTIONS, &fine);
    if (!fine)
        return NULL;
    const int32_t code = ine_media_digest(image.ptr, image.len, options, given, sent, &err);
    if (code != INE_OK)
        return ine_node_throw(&call, code, err);
    napi_value out = ine_node_array(env, 2);
    ine_node_put(env, out, 0, ine_node_string(env, (ine_str){given, sizeof given}));
    ine_node_put(env, out, 1, ine_node_string(env, (ine_str){sent, sizeof sent}));
    return out;
}

static int32_t evidence_text(void *handle, int32_t id, const char *text, size_t len,
                             ine_error **err)
{
    return ine_evidence_set_text(handle, id, text, len, err);
}

static int32_t evidence_number(void *handle, int32_t id, int64_t number, ine_error **err)
{
    return ine_evidence_set_number(handle, id, number, err);
}

static napi_value make_evidence(const ine_node_call *call, const ine_decision *decision,
                                const ine_verdict *verdict)
{
    ine_evidence *evidence = NULL;
    ine_text *text = NULL;
    ine_error *err = NULL;
    napi_value out = NULL;
    int32_t code = ine_evidence_new(&evidence, decision, verdict, &err);
    if (code != INE_OK)
        return ine_node_throw(call, code, err);
    if (ine_node_fill(call, 2, evidence, evidence_text, evidence_number)) {
        code = ine_evidence_json(&text, evidence, &err);
        out = text_out(call, code, text, err);
    }
    ine_evidence_free(evidence);
    return out;
}

/* evidence(body, require, [item, value, ...]): the record as JSON */
static napi_value evidence(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_verdict *verdict = NULL;
    ine_error *err = NULL;
    napi_value out = NULL;
    int64_t require;
    if (!ine_node_begin(&call, env, info, 3) || !ine_node_int(&call, 1, &require))
        return NULL;
    ine_decision *decision = ine_node_read(&call, 0);
    if (!decision)
        return NULL;
    const int32_t code = ine_verdict_new(&verdict, decision, require, 0, &err);
    out =
        code == INE_OK ? make_evidence(&call, decision, verdict) : ine_node_throw(&call, code, err);
    ine_verdict_free(verdict);
    ine_decision_free(decision);
    return out;
}

/* evidenceCheck(record, body): throws when the record does not belong to the body. */
static napi_value evidence_check(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_error *err = NULL;
    ine_str record, body;
    if (!ine_node_begin(&call, env, info, 2) || !ine_node_bytes_in(env, call.arg[0], &record) ||
        !ine_node_bytes_in(env, call.arg[1], &body))
        return NULL;
    const int32_t code = ine_evidence_check(record.ptr, record.len, body.ptr, body.len, &err);
    return code == INE_OK ? ine_node_undefined(env) : ine_node_throw(&call, code, err);
}

const ine_node_method ine_node_local_methods[] = {
    {"curp", curp},
    {"mrz", mrz},
    {"registration", registration},
    {"pseudonym", pseudonym},
    {"redact", redact},
    {"mediaDigest", media_digest},
    {"evidence", evidence},
    {"evidenceCheck", evidence_check},
    {NULL, NULL},
};
