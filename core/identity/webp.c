/* WebP [RFC 9649]: EXIF, XMP and unknown chunks are left out; the RIFF size and the flags of VP8X
 * are mended in our copy of the first bytes. */
#include "identity/imagewalk.h"

#define RIFF_HEADER 12u
#define CHUNK_HEAD  8u
#define VP8X_SIZE   10u

enum { FLAG_XMP = 0x04, FLAG_EXIF = 0x08 };

static const char kept[][5] = {"VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP"};

static void on_chunk(ine__walk *walk);

static void put_le32(unsigned char *p, uint32_t value)
{
    for (size_t i = 0; i < 4; i++)
        p[i] = (unsigned char)(value >> (8 * i));
}

/* The head of our copy: RIFF header, and the VP8X chunk when there is one. */
static bool is_extended(const ine__walk *walk)
{
    return walk->plan.literal_len > RIFF_HEADER;
}

static void finish(ine__walk *walk)
{
    unsigned char *head = walk->plan.literal;
    if (!walk->pixels) {
        ine__walk_finish(walk, INE__WALK_DAMAGED);
        return;
    }
    put_le32(head + 4, (uint32_t)(walk->plan.size - CHUNK_HEAD));
    if (is_extended(walk)) {
        unsigned char *flags = head + RIFF_HEADER + CHUNK_HEAD;
        *flags = (unsigned char)(*flags & ~(FLAG_XMP | FLAG_EXIF));
        if (walk->orientation > 1)
            *flags |= FLAG_EXIF;
    }
    ine__walk_finish(walk, INE__WALK_CLEAN);
}

static void next_chunk(ine__walk *walk)
{
    if (walk->part.end >= walk->parent_end)
        finish(walk);
    else if (walk->parent_end - walk->part.end < CHUNK_HEAD)
        ine__walk_finish(walk, INE__WALK_DAMAGED);
    else
        ine__walk_want(walk, walk->part.end, CHUNK_HEAD, on_chunk);
}

static void keep_chunk(ine__walk *walk)
{
    ine__plan_copy_to(&walk->plan, walk->part.end);
    next_chunk(walk);
}

static void drop_chunk(ine__walk *walk)
{
    ine__plan_drop(&walk->plan, walk->part.start, walk->part.end);
    next_chunk(walk);
}

static void on_exif_read(ine__walk *walk)
{
    unsigned char chunk[CHUNK_HEAD + INE__TIFF_SIZE] = {'E', 'X', 'I', 'F', INE__TIFF_SIZE};
    if (walk->orientation > 1 && is_extended(walk)) {
        ine__tiff_orientation(chunk + CHUNK_HEAD, walk->orientation);
        ine__plan_copy_to(&walk->plan, walk->part.start);
        ine__plan_literal(&walk->plan, chunk, sizeof chunk);
    }
    drop_chunk(walk);
}

/* Some writers put the JPEG prefix before the TIFF structure. */
static void on_exif(ine__walk *walk)
{
    const uint64_t skip = memcmp(walk->window, "Exif\0", 6) == 0 ? 6 : 0;
    const ine__range tiff = {walk->at + skip, walk->part.end};
    ine__walk_tiff(walk, tiff, on_exif_read);
}

static uint32_t le24(const unsigned char *p)
{
    return (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static void on_extended(ine__walk *walk)
{
    const unsigned char *p = walk->window;
    walk->width = le24(p + CHUNK_HEAD + 4) + 1;
    walk->height = le24(p + CHUNK_HEAD + 7) + 1;
    ine__plan_literal(&walk->plan, p, CHUNK_HEAD + VP8X_SIZE);
    drop_chunk(walk);
}

static void on_lossy(ine__walk *walk)
{
    const unsigned char *p = walk->window;
    if (memcmp(p + 3, "\x9d\x01\x2a", 3) != 0) {
        ine__walk_finish(walk, INE__WALK_DAMAGED);
        return;
    }
    if (walk->width == 0) {
        walk->width = (p[6] | (uint32_t)p[7] << 8) & 0x3fff;
        walk->height = (p[8] | (uint32_t)p[9] << 8) & 0x3fff;
    }
    keep_chunk(walk);
}

static void on_lossless(ine__walk *walk)
{
    const uint32_t bits = ine__le32(walk->window + 1);
    if (walk->window[0] != 0x2f) {
        ine__walk_finish(walk, INE__WALK_DAMAGED);
        return;
    }
    if (walk->width == 0) {
        walk->width = (bits & 0x3fff) + 1;
        walk->height = (bits >> 14 & 0x3fff) + 1;
    }
    keep_chunk(walk);
}

/* Chunks that are looked into: from where, how far, and by whom. */
static const struct {
    char type[5];
    bool pixels;
    uint32_t from, look;
    ine__walk_step step;
} looked[] = {
    {"VP8X", false, 0, CHUNK_HEAD + VP8X_SIZE, on_extended},
    {"VP8 ", true, CHUNK_HEAD, 10, on_lossy},
    {"VP8L", true, CHUNK_HEAD, 5, on_lossless},
    {"EXIF", false, CHUNK_HEAD, 6, on_exif},
};

static void on_chunk(ine__walk *walk)
{
    char type[4];
    memcpy(type, walk->window, 4);
    const uint32_t len = ine__le32(walk->window + 4);
    const uint64_t end = walk->at + CHUNK_HEAD + len;
    if (end > walk->parent_end) {
        ine__walk_finish(walk, INE__WALK_DAMAGED);
        return;
    }
    /* a chunk of odd size is padded, though some writers forget it at the end */
    walk->part = (ine__range){walk->at, end + (len & 1 && end < walk->parent_end)};
    const bool first = walk->at == RIFF_HEADER;
    for (size_t i = 0; i < sizeof looked / sizeof looked[0]; i++) {
        if (memcmp(type, looked[i].type, 4) != 0)
            continue;
        const bool extended = i == 0, exif = i == 3;
        if (exif && (walk->orientation || len < looked[i].look))
            break;
        if ((extended && (!first || len != VP8X_SIZE)) || CHUNK_HEAD + len < looked[i].look ||
            (looked[i].from && len < looked[i].look)) {
            ine__walk_finish(walk, INE__WALK_DAMAGED);
            return;
        }
        walk->pixels = walk->pixels || looked[i].pixels;
        ine__walk_want(walk, walk->at + looked[i].from, looked[i].look, looked[i].step);
        return;
    }
    walk->pixels = walk->pixels || memcmp(type, "ANMF", 4) == 0;
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        if (memcmp(type, kept[i], 4) == 0) {
            keep_chunk(walk);
            return;
        }
    }
    drop_chunk(walk);
}

static void on_riff(ine__walk *walk)
{
    walk->parent_end = (uint64_t)ine__le32(walk->window + 4) + 8;
    walk->part.end = RIFF_HEADER;
    if (walk->parent_end > walk->size || walk->parent_end <= RIFF_HEADER) {
        ine__walk_finish(walk, INE__WALK_DAMAGED);
        return;
    }
    ine__plan_literal(&walk->plan, walk->window, RIFF_HEADER);
    ine__plan_drop(&walk->plan, 0, RIFF_HEADER);
    next_chunk(walk);
}

void ine__walk_webp(ine__walk *walk)
{
    ine__walk_want(walk, 0, RIFF_HEADER, on_riff);
}
