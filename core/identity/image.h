/* What an image is, by its content; never by its name (F3). */
#ifndef INE_IDENTITY_IMAGE_H
#define INE_IDENTITY_IMAGE_H

#include "base/str.h"

enum {
    INE__IMAGE_UNKNOWN = 0,
    INE__IMAGE_JPEG,
    INE__IMAGE_PNG,
    INE__IMAGE_WEBP,
    INE__IMAGE_HEIC,
    INE__IMAGE_HEIF,
    INE__IMAGE_PDF
};

/* From the first bytes; 64 are enough. */
int32_t ine__image_sniff(ine_str head);
/* "image/jpeg" ...; absent for UNKNOWN. */
ine_str ine__image_mime(int32_t image);
/* Is `size` below the vendor's limit for this kind? [V-api v1sessionsidmedia-3] */
bool ine__image_fits(int32_t image, uint64_t size);

#endif
