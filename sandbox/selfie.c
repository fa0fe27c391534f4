/* What an image is, and what it says about itself. Nobody's face is compared here: a marker in the
 * bytes stands for it. */
#include "internal.h"

static bool brand_is_heif(ine_str bytes)
{
    static const char brands[][5] = {"heic", "heix", "hevc", "hevx", "heim",
                                     "heis", "mif1", "msf1", "heif", "MiHE"};
    for (size_t i = 0; i < sizeof brands / sizeof *brands; i++) {
        if (memcmp(bytes.ptr + 8, brands[i], 4) == 0)
            return true;
    }
    return false;
}

/* .jpg .jpeg .png .heif .heic .webp .pdf [docs: v1sessionsidmedia-3] */
ine_str ine__sb_sniff(ine_str bytes)
{
    if (bytes.len >= 3 && memcmp(bytes.ptr, "\xff\xd8\xff", 3) == 0)
        return INE__STR("image/jpeg");
    if (bytes.len >= 8 && memcmp(bytes.ptr, "\x89PNG\r\n\x1a\n", 8) == 0)
        return INE__STR("image/png");
    if (bytes.len >= 5 && memcmp(bytes.ptr, "%PDF-", 5) == 0)
        return INE__STR("application/pdf");
    if (bytes.len >= 12 && memcmp(bytes.ptr, "RIFF", 4) == 0 &&
        memcmp(bytes.ptr + 8, "WEBP", 4) == 0)
        return INE__STR("image/webp");
    if (bytes.len >= 12 && memcmp(bytes.ptr + 4, "ftyp", 4) == 0 && brand_is_heif(bytes))
        return memcmp(bytes.ptr + 8, "heic", 4) == 0 || memcmp(bytes.ptr + 8, "heix", 4) == 0
                   ? INE__STR("image/heic")
                   : INE__STR("image/heif");
    return INE__NONE;
}

/* "ine-sandbox-score=42" or "ine-sandbox-face=ana" anywhere in the bytes: letters, digits, '-' and
 * '_', at most 64. */
bool ine__sb_read_marker(ine_str bytes, const char *marker, ine_str *value)
{
    const char *found = bytes.len ? memmem(bytes.ptr, bytes.len, marker, strlen(marker)) : NULL;
    *value = INE__NONE;
    if (!found)
        return false;
    const char *start = found + strlen(marker), *end = bytes.ptr + bytes.len, *p = start;
    while (p < end && p - start < 64 &&
           (ine__is_alpha(*p) || ine__is_digit(*p) || *p == '-' || *p == '_'))
        p++;
    *value = ine__str(start, (size_t)(p - start));
    return value->len > 0;
}
