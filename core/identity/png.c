/* PNG [W3C PNG third edition]: kept are the critical chunks and those that say how pixels look;
 * every other ancillary chunk is left out, and what follows the end. */
#include "identity/imagewalk.h"

#define CHUNK_FRAME 12u /* length, type and CRC */
#define IHDR_CHUNK  25u

static const char kept[][5] = {"tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB",
                               "cICP", "mDCV", "cLLI", "mDCv", "cLLi", "bKGD",
                               "hIST", "pHYs", "sPLT", "acTL", "fcTL", "fdAT"};

static void on_chunk(ine__walk *walk);

static uint32_t crc32(const unsigned char *p, size_t len)
{
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < len; i++) {
        crc ^= p[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

static void next_chunk(ine__walk *walk)
{
    ine__walk_want(walk, walk->part.end, 8, on_chunk);
}

static void on_exif_read(ine__walk *walk)
{
    unsigned char chunk[CHUNK_FRAME + INE__TIFF_SIZE] = {0,   0,   0,   INE__TIFF_SIZE,
                                                         'e', 'X', 'I', 'f'};
    if (walk->orientation > 1) {
        ine__tiff_orientation(chunk + 8, walk->orientation);
        const uint32_t crc = crc32(chunk + 4, 4 + INE__TIFF_SIZE);
        for (size_t i = 0; i < 4; i++)
            chunk[8 + INE__TIFF_SIZE + i] = (unsigned char)(crc >> (24 - 8 * i));
        ine__plan_copy_to(&walk->plan, walk->part.start);
        ine__plan_literal(&walk->plan, chunk, sizeof chunk);
    }
    ine__plan_drop(&walk->plan, walk->part.start, walk->part.end);
    next_chunk(walk);
}

static bool is_kept(const char *type)
{
    const bool critical = ine__is_upper(type[0]);
    for (size_t i = 0; !critical && i < sizeof kept / sizeof kept[0]; i++) {
        if (memcmp(type, kept[i], 4) == 0)
            return true;
    }
    return critical;
}

static void on_chunk(ine__walk *walk)
{
    const uint32_t len = ine__be32(walk->window);
    char type[4];
    memcpy(type, walk->window + 4, 4);
    walk->part = (ine__range){walk->at, walk->at + CHUNK_FRAME + len};
    bool letters = true;
    for (size_t i = 0; i < 4; i++)
        letters = letters && ine__is_alpha(type[i]);
    if (!letters || walk->part.end > walk->size) {
        ine__walk_finish(walk, INE__WALK_DAMAGED);
        return;
    }
    if (memcmp(type, "IEND", 4) == 0) {
        ine__plan_copy_to(&walk->plan, walk->part.end);
        ine__walk_finish(walk, walk->pixels && len == 0 ? INE__WALK_CLEAN : INE__WALK_DAMAGED);
        return;
    }
    walk->pixels = walk->pixels || memcmp(type, "IDAT", 4) == 0;
    if (memcmp(type, "eXIf", 4) == 0 && walk->orientation == 0) {
        const ine__range tiff = {walk->at + 8, walk->part.end - 4};
        ine__walk_tiff(walk, tiff, on_exif_read);
        return;
    }
    if (is_kept(type))
        ine__plan_copy_to(&walk->plan, walk->part.end);
    else
        ine__plan_drop(&walk->plan, walk->part.start, walk->part.end);
    next_chunk(walk);
}

static void on_header(ine__walk *walk)
{
    const unsigned char *p = walk->window;
    walk->width = ine__be32(p + 8);
    walk->height = ine__be32(p + 12);
    walk->part.end = walk->at + IHDR_CHUNK;
    if (ine__be32(p) != 13 || memcmp(p + 4, "IHDR", 4) != 0 || walk->width - 1 >= 0x7fffffffu ||
        walk->height - 1 >= 0x7fffffffu || crc32(p + 4, 17) != ine__be32(p + 21)) {
        walk->width = walk->height = 0;
        ine__walk_finish(walk, INE__WALK_DAMAGED);
        return;
    }
    next_chunk(walk);
}

void ine__walk_png(ine__walk *walk)
{
    ine__walk_want(walk, 8, IHDR_CHUNK, on_header);
}
