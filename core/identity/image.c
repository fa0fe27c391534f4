#include "identity/image.h"

/* "images below 24 MB of base64; PDF below 20 MB": whether MB is 10^6 or 2^20 is not said, so the
 * smaller. */
#define IMAGE_BASE64_LIMIT 24000000u
#define PDF_LIMIT          20000000u

#define FTYP_BRANDS 16 /* offset of the compatible brands in an ftyp box */

static bool is_jpeg(ine_str head)
{
    const unsigned char *p = (const unsigned char *)head.ptr;
    /* the byte after FF D8 FF names a segment */
    return head.len >= 4 && p[0] == 0xff && p[1] == 0xd8 && p[2] == 0xff && p[3] >= 0xc0 &&
           p[3] != 0xff;
}

static bool is_png(ine_str head)
{
    return head.len >= 16 && memcmp(head.ptr, "\x89PNG\r\n\x1a\n", 8) == 0 &&
           memcmp(head.ptr + 12, "IHDR", 4) == 0;
}

static bool is_webp(ine_str head)
{
    return head.len >= 16 && memcmp(head.ptr, "RIFF", 4) == 0 &&
           memcmp(head.ptr + 8, "WEBPVP8", 7) == 0 &&
           (head.ptr[15] == ' ' || head.ptr[15] == 'L' || head.ptr[15] == 'X');
}

static bool brand_in(const char *brand, const char *const *list)
{
    for (; *list; list++) {
        if (memcmp(brand, *list, 4) == 0)
            return true;
    }
    return false;
}

static const char *const heic_brands[] = {"heic", "heix", "heim", "heis", "hevc",
                                          "hevx", "hevm", "hevs", NULL};
static const char *const heif_brands[] = {"mif1", "msf1", "mif2", "heif", NULL};
static const char *const avif_brands[] = {"avif", "avis", NULL};

static bool has_brand(ine_str head, size_t box_size, const char *const *list)
{
    for (size_t at = FTYP_BRANDS; at + 4 <= head.len && at + 4 <= box_size; at += 4) {
        if (brand_in(head.ptr + at, list))
            return true;
    }
    return false;
}

/* ISO/IEC 23008-12: the major brand decides; a general one is HEIF unless the file is AVIF, which
 * the vendor does not take. */
static int32_t sniff_heif(ine_str head)
{
    const unsigned char *p = (const unsigned char *)head.ptr;
    if (head.len < 20 || memcmp(head.ptr + 4, "ftyp", 4) != 0)
        return INE__IMAGE_UNKNOWN;
    const size_t box_size =
        (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | (size_t)p[3];
    if (box_size < FTYP_BRANDS || box_size > 4096)
        return INE__IMAGE_UNKNOWN;
    if (brand_in(head.ptr + 8, heic_brands))
        return INE__IMAGE_HEIC;
    if (!brand_in(head.ptr + 8, heif_brands))
        return INE__IMAGE_UNKNOWN;
    const bool avif =
        has_brand(head, box_size, avif_brands) && !has_brand(head, box_size, heic_brands);
    return avif ? INE__IMAGE_UNKNOWN : INE__IMAGE_HEIF;
}

int32_t ine__image_sniff(ine_str head)
{
    if (is_jpeg(head))
        return INE__IMAGE_JPEG;
    if (is_png(head))
        return INE__IMAGE_PNG;
    if (is_webp(head))
        return INE__IMAGE_WEBP;
    if (head.len >= 8 && ine__str_starts(head, "%PDF-"))
        return INE__IMAGE_PDF;
    return sniff_heif(head);
}

ine_str ine__image_mime(int32_t image)
{
    static const char *const names[] = {
        [INE__IMAGE_JPEG] = "image/jpeg", [INE__IMAGE_PNG] = "image/png",
        [INE__IMAGE_WEBP] = "image/webp", [INE__IMAGE_HEIC] = "image/heic",
        [INE__IMAGE_HEIF] = "image/heif", [INE__IMAGE_PDF] = "application/pdf",
    };
    return image > 0 && image <= INE__IMAGE_PDF ? ine__str_of(names[image]) : INE__NONE;
}

bool ine__image_fits(int32_t image, uint64_t size)
{
    if (image == INE__IMAGE_PDF)
        return size < PDF_LIMIT;
    /* 4 characters for each started group of 3 bytes (C8: no overflow below the limit) */
    return size < IMAGE_BASE64_LIMIT && (size + 2) / 3 * 4 < IMAGE_BASE64_LIMIT;
}
