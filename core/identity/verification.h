/* Who is to be verified: inputs as given, and the media that go with them. */
#ifndef INE_IDENTITY_VERIFICATION_H
#define INE_IDENTITY_VERIFICATION_H

#include "base/error.h"
#include "base/options.h"
#include "identity/report.h"

#define INE__INPUTS 29
#define INE__MEDIA  3

enum { INE__MEDIA_NONE = 0, INE__MEDIA_MEMORY, INE__MEDIA_SOURCE, INE__MEDIA_PATH };

typedef struct ine__media {
    int32_t from; /* INE__MEDIA_* */
    const void *data;
    uint64_t size;
    ine_str path; /* owned */
} ine__media;

struct ine_verification {
    int32_t product;
    ine_str text[INE__INPUTS];        /* owned; by INE_IN_* */
    int64_t number[INE__INPUTS];      /* consent and consent time; -1: not set */
    ine__media media[INE__MEDIA + 1]; /* by INE_MEDIA_* */
};

/* A copy of the inputs; media in memory stay borrowed. NULL without memory. */
ine_verification *ine__verification_copy(const ine_verification *verification);
/* Bits (1 << input) of what is set. */
int64_t ine__verification_sent(const ine_verification *verification);

/* What a product needs: one row a product (product.c). */
typedef struct ine__product {
    int32_t product;
    int64_t required, optional; /* bits (1 << input); what is in neither is not used */
    int32_t media[INE__MEDIA];  /* INE_MEDIA_* that are uploaded when set, in this order; 0 ends */
    int64_t media_required;     /* bits (1 << context) */
    int32_t result_call;        /* the call that ends a wait */
    bool consent;               /* INE consent is needed */
    /* country and type that a new verification starts with; NULL: none */
    const char *country, *type;
} ine__product;
const ine__product *ine__product_find(int32_t product);

#endif
