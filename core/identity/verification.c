#include "identity/verification.h"

/* Inputs that are numbers; all others but the selfie are texts. */
static bool is_number(int32_t input)
{
    return input == INE_IN_CONSENT || input == INE_IN_CONSENT_TIME;
}

static bool is_text(int32_t input)
{
    return input > 0 && input < INE__INPUTS && !is_number(input) && input != INE_IN_SELFIE;
}

static bool set_default(ine_verification *verification, int32_t input, const char *text)
{
    return ine__text_copy(&verification->text[input], ine__str_of(text));
}

int32_t ine_verification_new(ine_verification **out, int32_t product, ine_error **err)
{
    ine__error_clear(err);
    if (!out)
        return ine__fail(err, INE_E_ARGUMENT, "no place for the verification");
    *out = NULL;
    const ine__product *row = ine__product_find(product);
    if (!row)
        return ine__fail(err, INE_E_ARGUMENT, "unknown product");
    ine_verification *verification = ine__alloc(sizeof *verification);
    if (!verification)
        return ine__fail_memory(err);
    verification->product = product;
    for (size_t i = 0; i < INE__INPUTS; i++)
        verification->number[i] = -1;
    if (!set_default(verification, INE_IN_DOCUMENT_COUNTRY, row->country) ||
        !set_default(verification, INE_IN_DOCUMENT_TYPE, row->type)) {
        ine_verification_free(verification);
        return ine__fail_memory(err);
    }
    *out = verification;
    return INE_OK;
}

int32_t ine_verification_set_text(ine_verification *verification, int32_t input, const char *text,
                                  size_t text_len, ine_error **err)
{
    ine_str copy;
    ine__error_clear(err);
    if (!verification)
        return ine__fail(err, INE_E_ARGUMENT, "no verification");
    if (!is_text(input))
        return ine__fail(err, INE_E_ARGUMENT, "not an input that is a text");
    if (!text && text_len)
        return ine__fail(err, INE_E_ARGUMENT, "a length without a text");
    if (!ine__text_copy(&copy, ine__str(text, text_len)))
        return ine__fail_memory(err);
    ine__text_free(&verification->text[input]);
    verification->text[input] = copy;
    return INE_OK;
}

int32_t ine_verification_set_number(ine_verification *verification, int32_t input, int64_t number,
                                    ine_error **err)
{
    ine__error_clear(err);
    if (!verification)
        return ine__fail(err, INE_E_ARGUMENT, "no verification");
    if (!is_number(input))
        return ine__fail(err, INE_E_ARGUMENT, "not an input that is a number");
    if (number < 0)
        return ine__fail(err, INE_E_ARGUMENT, "this input can not be negative");
    verification->number[input] = number;
    return INE_OK;
}

/* The place of a context's media, emptied. */
static int32_t media_place(ine_verification *verification, int32_t context, ine__media **out,
                           ine_error **err)
{
    *out = NULL;
    if (!verification)
        return ine__fail(err, INE_E_ARGUMENT, "no verification");
    if (context < 1 || context > INE__MEDIA)
        return ine__fail(err, INE_E_ARGUMENT, "unknown media context");
    *out = &verification->media[context];
    return INE_OK;
}

static void media_put(ine__media *place, const ine__media *media)
{
    ine__text_free(&place->path);
    *place = *media;
}

int32_t ine_verification_set_media(ine_verification *verification, int32_t context,
                                   const void *data, size_t data_len, ine_error **err)
{
    ine__media *place;
    ine__error_clear(err);
    const int32_t code = media_place(verification, context, &place, err);
    if (code != INE_OK)
        return code;
    if (!data && data_len)
        return ine__fail(err, INE_E_ARGUMENT, "a length without media");
    const ine__media media = {
        .from = data ? INE__MEDIA_MEMORY : INE__MEDIA_NONE, .data = data, .size = data_len};
    media_put(place, &media);
    return INE_OK;
}

int32_t ine_verification_set_media_source(ine_verification *verification, int32_t context,
                                          uint64_t size, ine_error **err)
{
    ine__media *place;
    ine__error_clear(err);
    const int32_t code = media_place(verification, context, &place, err);
    if (code != INE_OK)
        return code;
    const ine__media media = {.from = INE__MEDIA_SOURCE, .size = size};
    media_put(place, &media);
    return INE_OK;
}

int32_t ine_verification_set_media_path(ine_verification *verification, int32_t context,
                                        const char *path, size_t path_len, ine_error **err)
{
    ine__media *place;
    ine__error_clear(err);
    const int32_t code = media_place(verification, context, &place, err);
    if (code != INE_OK)
        return code;
    if (!path || path_len == 0 || ine__has_nul(ine__str(path, path_len)))
        return ine__fail(err, INE_E_ARGUMENT, "a path must not be empty or hold NUL");
    ine__media media = {.from = INE__MEDIA_PATH};
    if (!ine__text_copy(&media.path, ine__str(path, path_len)))
        return ine__fail_memory(err);
    media_put(place, &media);
    return INE_OK;
}

ine_verification *ine__verification_copy(const ine_verification *verification)
{
    ine_verification *copy = ine__alloc(sizeof *copy);
    if (!copy)
        return NULL;
    bool ok = true;
    copy->product = verification->product;
    for (size_t i = 0; i < INE__INPUTS; i++) {
        copy->number[i] = verification->number[i];
        ok = ok && ine__text_copy(&copy->text[i], verification->text[i]);
    }
    for (size_t i = 0; i <= INE__MEDIA; i++) {
        const ine__media *media = &verification->media[i];
        copy->media[i] =
            (ine__media){.from = media->from, .data = media->data, .size = media->size};
        ok = ok && ine__text_copy(&copy->media[i].path, media->path);
    }
    if (ok)
        return copy;
    ine_verification_free(copy);
    return NULL;
}

int64_t ine__verification_sent(const ine_verification *verification)
{
    int64_t sent = 0;
    for (int32_t i = 1; i < INE__INPUTS; i++) {
        if (verification->text[i].ptr || verification->number[i] >= 0)
            sent |= INT64_C(1) << i;
    }
    if (verification->media[INE_MEDIA_FACE].from != INE__MEDIA_NONE)
        sent |= INT64_C(1) << INE_IN_SELFIE;
    return sent;
}

void ine_verification_free(ine_verification *verification)
{
    if (!verification)
        return;
    for (size_t i = 0; i < INE__INPUTS; i++)
        ine__text_free(&verification->text[i]);
    for (size_t i = 0; i <= INE__MEDIA; i++)
        ine__text_free(&verification->media[i].path);
    ine__free(verification);
}
