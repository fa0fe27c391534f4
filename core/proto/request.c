#include "proto/request.h"

/* May this call take this text? Everything else is a mistake of the caller's program. */
static bool takes_text(const ine__call *call, int32_t input)
{
    const bool raw = call->call >= INE_CALL_RAW_GET;
    const bool body = call->signs == INE__SIGNS_BODY;
    switch (input) {
    case INE_IN_SESSION_ID:
    case INE_IN_MEDIA_ID:
    case INE_IN_ATTEMPT_ID:
        return input == call->id_input || (raw && input == INE_IN_SESSION_ID);
    case INE_IN_PATH:
    case INE_IN_QUERY:
        return raw;
    case INE_IN_BODY:
        return (raw && body) || call->call == INE_CALL_COLLECTED_DATA;
    case INE_IN_MEDIA_CONTEXT:
    case INE_IN_MEDIA_TIMESTAMP:
        return call->call == INE_CALL_UPLOAD_MEDIA;
    case INE_IN_VERSION:
        return call->has_version;
    default:
        return false;
    }
}

int32_t ine_request_new(ine_request **out, int32_t call, ine_error **err)
{
    ine__error_clear(err);
    if (out)
        *out = NULL;
    const ine__call *row = ine__call_find(call);
    if (!out || !row)
        return ine__fail(err, INE_E_ARGUMENT, "no place for the request, or no such call");
    ine_request *request = ine__alloc(sizeof *request);
    if (!request)
        return ine__fail_memory(err);
    request->call = row;
    *out = request;
    return INE_OK;
}

void ine_request_free(ine_request *request)
{
    if (!request)
        return;
    for (size_t i = 0; i < INE__INPUTS; i++)
        ine__text_free(&request->text[i]);
    ine__text_free(&request->media.path);
    ine_verification_free(request->verification);
    ine__free(request);
}

/* The inputs of a session to create may be set one by one too. */
static int32_t own_verification(ine_request *request, ine_error **err)
{
    if (request->verification)
        return INE_OK;
    return ine_verification_new(&request->verification, INE_PRODUCT_MX_INE, err);
}

int32_t ine_request_set_text(ine_request *request, int32_t input, const char *text, size_t text_len,
                             ine_error **err)
{
    ine__error_clear(err);
    const ine_str value = ine__str(text, text_len);
    ine_str copy;
    if (!request || (!text && text_len))
        return ine__fail(err, INE_E_ARGUMENT, "no request, or no text");
    if (request->call->call == INE_CALL_CREATE_SESSION) {
        const int32_t code = own_verification(request, err);
        return code ? code
                    : ine_verification_set_text(request->verification, input, text, text_len, err);
    }
    if (!takes_text(request->call, input))
        return ine__fail(err, INE_E_ARGUMENT, "this call has no such text input");
    if (!ine__text_copy(&copy, value))
        return ine__fail_memory(err);
    ine__text_free(&request->text[input]);
    request->text[input] = copy;
    return INE_OK;
}

int32_t ine_request_set_number(ine_request *request, int32_t input, int64_t number, ine_error **err)
{
    ine__error_clear(err);
    if (!request || request->call->call != INE_CALL_CREATE_SESSION)
        return ine__fail(err, INE_E_ARGUMENT, "no request, or this call has no number inputs");
    const int32_t code = own_verification(request, err);
    return code ? code : ine_verification_set_number(request->verification, input, number, err);
}

int32_t ine_request_set_verification(ine_request *request, const ine_verification *verification,
                                     ine_error **err)
{
    ine__error_clear(err);
    if (!request || !verification || request->call->call != INE_CALL_CREATE_SESSION)
        return ine__fail(err, INE_E_ARGUMENT, "only a session is created from a verification");
    ine_verification *copy = ine__verification_copy(verification);
    if (!copy)
        return ine__fail_memory(err);
    ine_verification_free(request->verification);
    request->verification = copy;
    return INE_OK;
}

static int32_t refuse_media(const ine_request *request, int32_t context, ine_error **err)
{
    if (!request || request->call->call != INE_CALL_UPLOAD_MEDIA)
        return ine__fail(err, INE_E_ARGUMENT, "only an upload takes media");
    if (context < 0 || context > INE__MEDIA)
        return ine__fail(err, INE_E_ARGUMENT, "no such media context in this version");
    return INE_OK;
}

static void put_media(ine_request *request, int32_t context, const ine__media *media)
{
    ine__text_free(&request->media.path);
    request->context = context;
    request->media = *media;
}

int32_t ine_request_set_media(ine_request *request, int32_t context, const void *data,
                              size_t data_len, ine_error **err)
{
    const ine__media media = {.from = INE__MEDIA_MEMORY, .data = data, .size = data_len};
    ine__error_clear(err);
    const int32_t code = refuse_media(request, context, err);
    if (code != INE_OK)
        return code;
    if (!data)
        return ine__fail(err, INE_E_ARGUMENT, "no media");
    put_media(request, context, &media);
    return INE_OK;
}

int32_t ine_request_set_media_source(ine_request *request, int32_t context, uint64_t size,
                                     ine_error **err)
{
    const ine__media media = {.from = INE__MEDIA_SOURCE, .size = size};
    ine__error_clear(err);
    const int32_t code = refuse_media(request, context, err);
    if (code == INE_OK)
        put_media(request, context, &media);
    return code;
}

int32_t ine_request_set_media_path(ine_request *request, int32_t context, const char *path,
                                   size_t path_len, ine_error **err)
{
    ine__media media = {.from = INE__MEDIA_PATH};
    ine__error_clear(err);
    const int32_t code = refuse_media(request, context, err);
    if (code != INE_OK)
        return code;
    if (!path || path_len == 0 || ine__has_nul(ine__str(path, path_len)))
        return ine__fail(err, INE_E_ARGUMENT, "a path must not be empty or hold NUL");
    if (!ine__text_copy(&media.path, ine__str(path, path_len)))
        return ine__fail_memory(err);
    put_media(request, context, &media);
    return INE_OK;
}

static int32_t id_input(const ine__call *call)
{
    return call->id_input || call->call < INE_CALL_RAW_GET ? call->id_input : INE_IN_SESSION_ID;
}

ine_str ine__request_id(const ine_request *request)
{
    const int32_t input = id_input(request->call);
    return input ? request->text[input] : INE__NONE;
}

ine_str ine__request_context(const ine_request *request)
{
    const ine_str named = request->text[INE_IN_MEDIA_CONTEXT];
    return named.ptr ? named : ine_name(INE_NAMES_MEDIA, request->context);
}
