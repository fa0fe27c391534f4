// go:build cgo

/* Results as whole structs: one crossing each. */
#include "shim.h"

#include <string.h>

static const int32_t verdict_fields[] = {
    INE_V_VERIFIED,      INE_V_OUTCOME,         INE_V_ROOT_CAUSE,     INE_V_ADVICE,
    INE_V_FAILED,        INE_V_UNMET,           INE_V_UNCHECKED,      INE_V_INPUTS,
    INE_V_ANOMALIES,     INE_V_REQUIRED,        INE_V_SESSION_CODE,   INE_V_REASON_CODE,
    INE_V_NO_INE_RESULT, INE_V_REGISTRY_STATUS, INE_V_REGISTRY_ERROR, INE_V_REGISTRY_TIMESTAMP,
    INE_V_SESSION_ID,    INE_V_SESSION_STATUS,
};

enum { VERDICT_FIELDS = sizeof verdict_fields / sizeof verdict_fields[0] };

void ine_go_verdict_read(const ine_verdict *verdict, ine_go_verdict *out)
{
    ine_str text[VERDICT_FIELDS];
    int64_t n[VERDICT_FIELDS];
    ine_verdict_fields(verdict, verdict_fields, VERDICT_FIELDS, text, n, NULL);
    *out = (ine_go_verdict){
        .verified = n[0] == 1,
        .outcome = n[1],
        .root_cause = n[2],
        .advice = n[3],
        .failed = n[4],
        .unmet = n[5],
        .unchecked = n[6],
        .inputs = n[7],
        .anomalies = n[8],
        .required = n[9],
        .code = n[10],
        .reason_code = n[11],
        .no_ine_result = n[12] == 1,
        .registry_status = text[13],
        .registry_error = text[14],
        .registry_timestamp = text[15],
        .session_id = text[16],
        .session_status = text[17],
    };
}

void ine_go_checks_read(const ine_verdict *verdict, ine_go_check *out)
{
    int64_t number = 0;
    for (int32_t check = 1; check <= INE_GO_CHECKS; check++) {
        ine_go_check *to = &out[check - 1];
        ine_verdict_field(verdict, INE_V_CHECK_STATE + check, NULL, &number);
        to->state = (int32_t)number;
        ine_verdict_field(verdict, INE_V_CHECK_REASON + check, &to->reason, NULL);
        number = 0;
        ine_verdict_field(verdict, INE_V_CHECK_BLOCKED_BY + check, NULL, &number);
        to->blocked_by = (int32_t)number;
    }
}

static int32_t pack_fields(const ine_decision *decision, char *room, size_t room_size,
                           ine_go_fields *out)
{
    ine_str text[INE_GO_FIELDS];
    int32_t fields[INE_GO_FIELDS];
    size_t used = 0, len = 0;
    for (int32_t i = 0; i < INE_GO_FIELDS; i++)
        fields[i] = i + 1;
    ine_decision_fields(decision, fields, INE_GO_FIELDS, text, out->number, out->state);
    for (int32_t i = 0; i < INE_GO_FIELDS; i++) {
        out->at[i] = (int32_t)used;
        out->len[i] = (int32_t)text[i].len;
        if (text[i].len > room_size - used)
            return -1;
        if (text[i].len)
            memcpy(room + used, text[i].ptr, text[i].len);
        used += text[i].len;
    }
    if (ine_decision_id(decision, out->id, sizeof out->id, &len, NULL) != INE_OK)
        len = 0;
    out->id_len = (int32_t)len;
    return (int32_t)used;
}

int32_t ine_go_fields_read(const ine_decision *decision, const void *body, size_t body_len,
                           char *room, size_t room_size, ine_go_fields *out)
{
    ine_decision *read = NULL;
    if (decision)
        return pack_fields(decision, room, room_size, out);
    if (ine_decision_read(&read, body, body_len, INE_READ_BORROW, NULL) != INE_OK)
        return -2;
    const int32_t used = pack_fields(read, room, room_size, out);
    ine_decision_free(read);
    return used;
}

void ine_go_error_read(const ine_error *error, ine_go_error *out)
{
    const ine_report *report = ine_error_report(error);
    *out = (ine_go_error){
        .code = ine_error_code(error),
        .class_ = ine_code_class(ine_error_code(error)),
        .http_status = ine_error_number(error, INE_DETAIL_HTTP_STATUS),
        .api_code = ine_error_number(error, INE_DETAIL_API_CODE),
        .offset = ine_error_number(error, INE_DETAIL_OFFSET),
        .retry_after_ms = ine_error_number(error, INE_DETAIL_RETRY_AFTER_MS),
        .step = ine_error_number(error, INE_DETAIL_STEP),
        .sent = ine_error_number(error, INE_DETAIL_SENT),
        .retryable = ine_error_number(error, INE_DETAIL_RETRYABLE),
        .transport_code = ine_error_number(error, INE_DETAIL_TRANSPORT_CODE),
        .attempts = ine_error_number(error, INE_DETAIL_ATTEMPTS),
        .problems = report ? (int32_t)ine_report_count(report) : 0,
        .text = ine_error_text(error),
        .session_id = ine_error_str(error, INE_DETAIL_SESSION_ID),
        .field = ine_error_str(error, INE_DETAIL_FIELD),
        .hint = ine_error_str(error, INE_DETAIL_HINT),
        .json = ine_error_json(error),
    };
}

int32_t ine_go_problems(const ine_report *report, ine_go_problem *out, int32_t cap)
{
    const int32_t count = report ? (int32_t)ine_report_count(report) : 0;
    for (int32_t i = 0; i < count && i < cap; i++)
        ine_report_item(report, (size_t)i, NULL, &out[i].path, &out[i].problem, &out[i].is_error,
                        &out[i].hint);
    return count;
}

void ine_go_item(const ine_decision *decision, int32_t list, size_t index, ine_str *text,
                 int64_t *size)
{
    int64_t number = 0;
    *size = -1;
    for (int32_t column = INE_ITEM_NAME; column <= INE_ITEM_URL; column++) {
        const int32_t state =
            ine_decision_item(decision, list, index, column, &text[column - 1], &number);
        if (column == INE_ITEM_SIZE && state == INE_FIELD_PRESENT)
            *size = number;
    }
}

int32_t ine_go_interpret(const void *body, size_t body_len, int64_t require, ine_verdict **verdict,
                         ine_go_verdict *facts, ine_error **error)
{
    ine_decision *decision = NULL;
    *verdict = NULL;
    int32_t code = ine_decision_read(&decision, body, body_len, INE_READ_BORROW, error);
    if (code == INE_OK)
        code = ine_verdict_new(verdict, decision, require, 0, error);
    if (code == INE_OK)
        ine_go_verdict_read(*verdict, facts);
    ine_decision_free(decision);
    return code;
}

int32_t ine_go_verification_check(ine_verification *verification, const ine_options *options,
                                  const void *face, size_t face_len, const void *front,
                                  size_t front_len, const void *back, size_t back_len,
                                  ine_report **report, ine_error **error)
{
    int32_t code = INE_OK;
    if (face)
        code = ine_verification_set_media(verification, INE_MEDIA_FACE, face, face_len, error);
    if (code == INE_OK && front)
        code = ine_verification_set_media(verification, INE_MEDIA_DOCUMENT_FRONT, front, front_len,
                                          error);
    if (code == INE_OK && back)
        code = ine_verification_set_media(verification, INE_MEDIA_DOCUMENT_BACK, back, back_len,
                                          error);
    if (code == INE_OK)
        code = ine_verification_check(verification, options, report, error);
    ine_verification_free(verification);
    return code;
}
