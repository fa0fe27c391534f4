/* The public way to sign: what is signed follows from the call, never from the caller (A4, A5). */
#include "base/error.h"
#include "crypto/credentials.h"
#include "schema/call.h"
#include "json/reader.h"

#define SIGNATURE_SIZE 64

static bool is_object(ine_str text)
{
    size_t i = 0;
    while (i < text.len && text.ptr[i] && strchr(" \t\r\n", text.ptr[i]))
        i++;
    return i < text.len && text.ptr[i] == '{';
}

static int32_t check_body(ine_str body, ine_error **err)
{
    ine__json_fault fault;
    if (ine__json_read(NULL, body, NULL, 0, &fault) != INE_OK)
        return ine__json_fail(err, &fault);
    return is_object(body)
               ? INE_OK
               : ine__fail(err, INE_E_FORM, "what this call signs is a body: a JSON object");
}

static int32_t check_id(const ine__call *call, ine_str id, ine_error **err)
{
    if (ine__is_uuid(id))
        return INE_OK;
    const int32_t code = ine__fail(err, INE_E_INPUT, "what this call signs is the id in its path");
    if (err)
        ine__error_field(*err, ine_name(INE_NAMES_INPUT, call->id_input),
                         INE__STR("give the UUID alone, without spaces or a line's end"));
    return code;
}

int32_t ine_sign(const ine_credentials *credentials, int32_t call, const void *data,
                 size_t data_len, char out[SIGNATURE_SIZE], ine_error **err)
{
    ine__error_clear(err);
    if (!out)
        return ine__fail(err, INE_E_ARGUMENT, "no place for the signature");
    memset(out, 0, SIGNATURE_SIZE);
    const ine__call *row = ine__call_find(call);
    if (!credentials || !row || (!data && data_len))
        return ine__fail(err, INE_E_ARGUMENT, "no credentials, no such call, or nothing to sign");
    const ine_str view = ine__str(data, data_len);
    const int32_t code =
        row->signs == INE__SIGNS_BODY ? check_body(view, err) : check_id(row, view, err);
    return code == INE_OK ? ine__credentials_sign(credentials, view, out, err) : code;
}
