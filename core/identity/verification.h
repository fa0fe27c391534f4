/* Who is to be verified: inputs as given, and the media that go with them. */
#ifndef INE_IDENTITY_VERIFICATION_H
#define INE_IDENTITY_VERIFICATION_H

#include "base/error.h"
#include "base/options.h"

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
    int64_t required, optional; /* bits (1 << input) */
    int32_t media[INE__MEDIA];  /* INE_MEDIA_* that are uploaded, in this order; 0 ends */
    int32_t result_call;        /* the call that ends a wait */
    bool consent;               /* INE consent is needed */
} ine__product;
const ine__product *ine__product_find(int32_t product);

/* Builds reports. */
ine_report *ine__report_new(void);
/* Appends a problem; `hint` is a literal. False without memory. */
bool ine__report_add(ine_report *report, int32_t input, int32_t problem, bool is_error,
                     const char *hint);
/* INE_E_INPUT with the report inside (moves it). */
int32_t ine__report_fail(ine_error **err, ine_report *report);
/* Adds what is wrong with an image, from its first bytes (up to 64 KB are useful) and its size.
 * False without memory. */
bool ine__report_image(ine_report *report, int32_t context, ine_str head, uint64_t size,
                       const ine_options *options);

#endif
