/* Decisions and verdicts: all of their fields in one crossing. */
#include "addon.h"

enum { DECISION_FIELDS = 58 };

/* The order of the numbers that src/verdict.ts reads. */
static const int32_t fields[INE_NODE_VERDICT_NUMBERS] = {
    INE_V_VERIFIED,     INE_V_OUTCOME,     INE_V_ROOT_CAUSE,    INE_V_ADVICE,    INE_V_FAILED,
    INE_V_UNMET,        INE_V_UNCHECKED,   INE_V_INPUTS,        INE_V_ANOMALIES, INE_V_REQUIRED,
    INE_V_SESSION_CODE, INE_V_REASON_CODE, INE_V_NO_INE_RESULT,
};

/* NaN stands for what is absent. */
static double or_nan(int32_t state, int64_t number)
{
    return state == INE_FIELD_PRESENT ? (double)number : __builtin_nan("");
}

bool ine_node_verdict(const ine_node_call *call, const ine_verdict *verdict)
{
    int64_t number[INE_NODE_VERDICT_NUMBERS];
    int32_t state[INE_NODE_VERDICT_NUMBERS];
    if (ine_verdict_fields(verdict, fields, INE_NODE_VERDICT_NUMBERS, NULL, number, state) !=
        INE_OK) {
        napi_throw_error(call->env, NULL, "libine: the verdict could not be read");
        return false;
    }
    for (int i = 0; i < INE_NODE_VERDICT_NUMBERS; i++) {
        const bool may_lack = fields[i] == INE_V_SESSION_CODE || fields[i] == INE_V_REASON_CODE;
        call->state->number[i] = may_lack ? or_nan(state[i], number[i]) : (double)number[i];
    }
    return true;
}

ine_str ine_node_session(const ine_verdict *verdict)
{
    ine_str id = {NULL, 0};
    ine_verdict_field(verdict, INE_V_SESSION_ID, &id, NULL);
    return id;
}

ine_decision *ine_node_read(const ine_node_call *call, size_t arg)
{
    ine_str body;
    ine_decision *decision = NULL;
    ine_error *err = NULL;
    if (!ine_node_bytes_in(call->env, call->arg[arg], &body))
        return NULL;
    const int32_t code = ine_decision_read(&decision, body.ptr, body.len, INE_READ_BORROW, &err);
    if (code != INE_OK)
        ine_node_throw(call, code, err);
    return decision;
}

static ine_verdict *judge(const ine_node_call *call, const ine_decision *decision, int64_t require)
{
    ine_verdict *verdict = NULL;
    ine_error *err = NULL;
    const int32_t code = ine_verdict_new(&verdict, decision, require, 0, &err);
    if (code != INE_OK)
        ine_node_throw(call, code, err);
    return verdict;
}

/* interpret(body, require): the session's id, the verdict's numbers beside it. */
static napi_value interpret(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    int64_t require;
    napi_value out = NULL;
    if (!ine_node_begin(&call, env, info, 2) || !ine_node_int(&call, 1, &require))
        return NULL;
    ine_decision *decision = ine_node_read(&call, 0);
    ine_verdict *verdict = decision ? judge(&call, decision, require) : NULL;
    if (verdict && ine_node_verdict(&call, verdict))
        out = ine_node_string(env, ine_node_session(verdict));
    ine_verdict_free(verdict);
    ine_decision_free(decision);
    return out;
}

/* verdictJson(body, require): the JSON object of docs/output.md. */
static napi_value verdict_json(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    int64_t require;
    napi_value out = NULL;
    if (!ine_node_begin(&call, env, info, 2) || !ine_node_int(&call, 1, &require))
        return NULL;
    ine_decision *decision = ine_node_read(&call, 0);
    ine_verdict *verdict = decision ? judge(&call, decision, require) : NULL;
    if (verdict)
        out = ine_node_string(env, ine_verdict_json(verdict));
    ine_verdict_free(verdict);
    ine_decision_free(decision);
    return out;
}

/* decisionFields(body): the fields 1..58 as joined texts; a number is in its place among the
 * numbers and NaN is what is absent. The kind is returned by decisionKind(). */
static napi_value decision_fields(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_str text[DECISION_FIELDS];
    int64_t number[DECISION_FIELDS];
    int32_t ids[DECISION_FIELDS], state[DECISION_FIELDS];
    if (!ine_node_begin(&call, env, info, 1))
        return NULL;
    ine_decision *decision = ine_node_read(&call, 0);
    if (!decision)
        return NULL;
    for (int32_t i = 0; i < DECISION_FIELDS; i++)
        ids[i] = i + 1;
    ine_decision_fields(decision, ids, DECISION_FIELDS, text, number, state);
    for (int32_t i = 0; i < DECISION_FIELDS; i++) {
        call.state->number[i] = or_nan(state[i], number[i]);
        if (state[i] != INE_FIELD_PRESENT)
            text[i] = (ine_str){NULL, 0};
    }
    call.state->number[DECISION_FIELDS] = (double)ine_decision_kind(decision);
    napi_value out = ine_node_join(&call, text, DECISION_FIELDS);
    ine_decision_free(decision);
    return out;
}

static napi_value decision_id(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    char id[192];
    size_t len = 0;
    ine_error *err = NULL;
    napi_value out = NULL;
    if (!ine_node_begin(&call, env, info, 1))
        return NULL;
    ine_decision *decision = ine_node_read(&call, 0);
    if (!decision)
        return NULL;
    const int32_t code = ine_decision_id(decision, id, sizeof id, &len, &err);
    out = code == INE_OK ? ine_node_string(env, (ine_str){id, len})
                         : ine_node_throw(&call, code, err);
    ine_decision_free(decision);
    return out;
}

/* decisionFind(body, pointer): where it is in the body, [begin, end]; null. */
static napi_value decision_find(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    ine_node_text pointer;
    ine_str found = {NULL, 0};
    ine_error *err = NULL;
    napi_value out = NULL;
    if (!ine_node_begin(&call, env, info, 2) || !ine_node_text_in(env, call.arg[1], &pointer))
        return NULL;
    ine_decision *decision = ine_node_read(&call, 0);
    if (decision) {
        const int32_t code =
            ine_decision_find(decision, pointer.text.ptr, pointer.text.len, &found, &err);
        if (code != INE_OK)
            ine_node_throw(&call, code, err);
        else if (found.ptr)
            out = ine_node_buffer(env, found);
        else
            napi_get_null(env, &out);
    }
    ine_decision_free(decision);
    ine_node_text_free(&pointer);
    return out;
}

/* decisionList(body, list): the items' columns by INE_ITEM_*, one after the other. */
static napi_value decision_list(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    int64_t list;
    uint32_t at = 0;
    if (!ine_node_begin(&call, env, info, 2) || !ine_node_int(&call, 1, &list))
        return NULL;
    ine_decision *decision = ine_node_read(&call, 0);
    if (!decision)
        return NULL;
    const size_t items = ine_decision_count(decision, (int32_t)list);
    napi_value out = ine_node_array(env, items * INE_ITEM_URL);
    for (size_t i = 0; i < items; i++) {
        for (int32_t column = 1; column <= INE_ITEM_URL; column++) {
            ine_str text = {NULL, 0};
            int64_t number = 0;
            const int32_t state =
                ine_decision_item(decision, (int32_t)list, i, column, &text, &number);
            const bool counts = column == INE_ITEM_SIZE && state == INE_FIELD_PRESENT;
            ine_node_put(env, out, at++,
                         counts ? ine_node_integer(env, number) : ine_node_string(env, text));
        }
    }
    ine_decision_free(decision);
    return out;
}

static napi_value supersedes(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    napi_value out = NULL;
    if (!ine_node_begin(&call, env, info, 2))
        return NULL;
    ine_decision *a = ine_node_read(&call, 0);
    ine_decision *b = a ? ine_node_read(&call, 1) : NULL;
    if (a && b)
        napi_get_boolean(env, ine_decision_supersedes(a, b) == 1, &out);
    ine_decision_free(a);
    ine_decision_free(b);
    return out;
}

const ine_node_method ine_node_results_methods[] = {
    {"interpret", interpret},
    {"verdictJson", verdict_json},
    {"decisionFields", decision_fields},
    {"decisionId", decision_id},
    {"decisionFind", decision_find},
    {"decisionList", decision_list},
    {"supersedes", supersedes},
    {NULL, NULL},
};
