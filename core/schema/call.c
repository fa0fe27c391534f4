#include "schema/call.h"

#define GET    "GET", .signs = INE__SIGNS_ID, .reply_signed = true, .idempotent = true
#define POST   "POST", .signs = INE__SIGNS_BODY
#define PATCH  "PATCH", .signs = INE__SIGNS_BODY, .reply_signed = true
#define DELETE "DELETE", .signs = INE__SIGNS_ID, .reply_signed = true

#define SESSION  .id_input = INE_IN_SESSION_ID
#define SESSIONS "/v1/sessions"

/*
 * [facts: veriff-api.md 1.3, 3-6]. The ids in paths are signed for GET and DELETE, the bodies for
 * the rest (C-20, C-21). A 2xx reply may be unsigned for POST alone (C-19). Repeating a PATCH is
 * safe because its target state is fixed; a DELETE is counted against 5 an hour.
 */
static const ine__call calls[] = {
    {INE_CALL_CREATE_SESSION, POST, .path = SESSIONS, .kind = INE_KIND_SESSION},
    {INE_CALL_UPLOAD_MEDIA, POST, .path = SESSIONS "/{id}/media", SESSION, .kind = INE_KIND_MEDIA},
    {INE_CALL_SUBMIT, PATCH, .path = SESSIONS "/{id}", SESSION, .kind = INE_KIND_SESSION,
     .idempotent = true, .echoes_session = true},
    {INE_CALL_DECISION, GET, .path = SESSIONS "/{id}/decision", SESSION, .kind = INE_KIND_DECISION,
     .echoes_session = true},
    {INE_CALL_INE_REGISTRY, GET, .path = SESSIONS "/{id}/decision/ine-registry", SESSION,
     .kind = INE_KIND_INE_REGISTRY, .has_version = true},
    {INE_CALL_MEDIA_LIST, GET, .path = SESSIONS "/{id}/media", SESSION,
     .kind = INE_KIND_MEDIA_LIST},
    {INE_CALL_ATTEMPTS, GET, .path = SESSIONS "/{id}/attempts", SESSION, .kind = INE_KIND_ATTEMPTS},
    {INE_CALL_COLLECTED_DATA, POST, .path = SESSIONS "/{id}/collected-data", SESSION,
     .kind = INE_KIND_COLLECTED_DATA},
    {INE_CALL_DELETE_SESSION, DELETE, .path = SESSIONS "/{id}", SESSION, .kind = INE_KIND_SESSION,
     .echoes_session = true},
    {INE_CALL_DOWNLOAD_MEDIA, GET, .path = "/v1/media/{id}", .id_input = INE_IN_MEDIA_ID,
     .kind = INE_KIND_BINARY},
    {INE_CALL_ATTEMPT_MEDIA, GET, .path = "/v1/attempts/{id}/media", .id_input = INE_IN_ATTEMPT_ID,
     .kind = INE_KIND_MEDIA_LIST},
    {INE_CALL_PERSON, GET, .path = SESSIONS "/{id}/person", SESSION},
    {INE_CALL_CURP_REGISTRY, GET, .path = SESSIONS "/{id}/decision/curp-registry", SESSION,
     .has_version = true},
    {INE_CALL_INE_CURP_REGISTRY, GET, .path = SESSIONS "/{id}/decision/combined-ine-curp-registry",
     SESSION, .has_version = true},
    {INE_CALL_WATCHLIST, GET, .path = SESSIONS "/{id}/watchlist-screening", SESSION},
    {INE_CALL_RAW_GET, GET, SESSION},
    {INE_CALL_RAW_POST, POST, SESSION},
    {INE_CALL_RAW_PATCH, PATCH, SESSION},
    {INE_CALL_RAW_DELETE, DELETE, SESSION},
};

const ine__call *ine__call_find(int32_t call)
{
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        if (calls[i].call == call)
            return &calls[i];
    }
    return NULL;
}

/* "The session is not in the state for this" [facts: veriff-api.md 2.3]. */
static bool is_wrong_state(int64_t api_code)
{
    return api_code == 1304 || api_code == 1305 || api_code == 1306;
}

int32_t ine__classify(int32_t http_status, int64_t api_code)
{
    static const struct {
        int32_t status, code;
    } exact[] = {
        {401, INE_E_AUTH},     {403, INE_E_AUTH},       {404, INE_E_NOT_FOUND},
        {409, INE_E_CONFLICT}, {429, INE_E_RATE_LIMIT},
    };
    if (http_status >= 200 && http_status <= 299)
        return INE_OK;
    for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++) {
        if (exact[i].status == http_status)
            return exact[i].code;
    }
    if (http_status == 400 && is_wrong_state(api_code))
        return INE_E_CONFLICT;
    switch (http_status / 100) {
    case 3:
        return INE_E_REDIRECT;
    case 4:
        return INE_E_REJECTED;
    case 5:
        return INE_E_SERVER;
    default:
        return INE_E_PROTOCOL;
    }
}
