/* What each product needs, one row a product. */
#include "identity/verification.h"

#define IN(input)      (INT64_C(1) << INE_IN_##input)
#define CONTEXT(media) (INT64_C(1) << INE_MEDIA_##media)

/* Inputs that every session may carry, or that stay here. */
#define ANY_SESSION                                                                 \
    (IN(END_USER_ID) | IN(CALLBACK) | IN(CONSENT_TIME) | IN(CONSENT_TEXT_VERSION) | \
     IN(CONSENT_CHANNEL) | IN(MEDIA_TIMESTAMP) | IN(DATE_OF_BIRTH) | IN(GENDER))
#define PERSON                                                                            \
    (IN(CURP) | IN(FIRST_NAME) | IN(LAST_NAME) | IN(SECOND_LAST_NAME) | IN(FIRST_ISSUE) | \
     IN(VALID_FROM))
#define DOCUMENT (IN(CIC) | IN(DOCUMENT_COUNTRY) | IN(DOCUMENT_TYPE))

static const ine__product products[] = {
    /* [V-2026-06] CIC + document country + document type + consent + selfie */
    {.product = INE_PRODUCT_MX_INE,
     .required = DOCUMENT | IN(CONSENT) | IN(VENDOR_DATA) | IN(SELFIE),
     .optional = PERSON | ANY_SESSION,
     .media = {INE_MEDIA_FACE},
     .media_required = CONTEXT(FACE),
     .result_call = INE_CALL_DECISION,
     .consent = true,
     .country = "MX",
     .type = "ID_CARD"},
    /* [V-2026-05] consent + selfie and document images; the CIC is read from the document */
    {.product = INE_PRODUCT_INE_BIOMETRIC,
     .required = IN(CONSENT) | IN(VENDOR_DATA) | IN(SELFIE),
     .optional = DOCUMENT | PERSON | ANY_SESSION,
     .media = {INE_MEDIA_DOCUMENT_FRONT, INE_MEDIA_DOCUMENT_BACK, INE_MEDIA_FACE},
     .media_required = CONTEXT(DOCUMENT_FRONT) | CONTEXT(FACE),
     .result_call = INE_CALL_DECISION,
     .consent = true},
    /* [V-2025-11] selfie and document images; the result stands at decision/ine-registry */
    {.product = INE_PRODUCT_INE_REGISTRY,
     .required = IN(VENDOR_DATA) | IN(SELFIE),
     .optional = DOCUMENT | PERSON | ANY_SESSION | IN(CONSENT) | IN(VERSION),
     .media = {INE_MEDIA_DOCUMENT_FRONT, INE_MEDIA_DOCUMENT_BACK, INE_MEDIA_FACE},
     .media_required = CONTEXT(DOCUMENT_FRONT) | CONTEXT(FACE),
     .result_call = INE_CALL_INE_REGISTRY,
     .consent = false},
};

const ine__product *ine__product_find(int32_t product)
{
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++) {
        if (products[i].product == product)
            return &products[i];
    }
    return NULL;
}
