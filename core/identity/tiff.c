/* The one thing that we want of Exif: tag 0x0112 of the first directory [TIFF 6.0, Exif 2.32]. */
#include "identity/imagewalk.h"

#define TAG_ORIENTATION 0x0112u
#define TYPE_SHORT      3u
#define ENTRY_SIZE      12u

static uint32_t u16(const ine__walk *walk, size_t at)
{
    const unsigned char *p = walk->window + at;
    return walk->little_endian ? (uint32_t)p[1] << 8 | p[0] : ine__be16(p);
}

static uint32_t u32(const ine__walk *walk, size_t at)
{
    const unsigned char *p = walk->window + at;
    return walk->little_endian ? ine__le32(p) : ine__be32(p);
}

/* Exif that can not be read has no orientation, as for any decoder. */
static void want(ine__walk *walk, uint64_t at, uint64_t len, ine__walk_step step)
{
    if (at > walk->tiff.end || walk->tiff.end - at < len)
        walk->after_tiff(walk);
    else
        ine__walk_want(walk, at, len, step);
}

static void on_entry(ine__walk *walk)
{
    const uint32_t value = u16(walk, 8);
    if (u16(walk, 0) == TAG_ORIENTATION) {
        if (u16(walk, 2) == TYPE_SHORT && u32(walk, 4) == 1 && value >= 1 && value <= 8)
            walk->orientation = value;
        walk->after_tiff(walk);
        return;
    }
    if (--walk->tiff_left == 0)
        walk->after_tiff(walk);
    else
        want(walk, walk->at + ENTRY_SIZE, ENTRY_SIZE, on_entry);
}

static void on_count(ine__walk *walk)
{
    walk->tiff_left = u16(walk, 0);
    if (walk->tiff_left == 0)
        walk->after_tiff(walk);
    else
        want(walk, walk->at + 2, ENTRY_SIZE, on_entry);
}

static void on_header(ine__walk *walk)
{
    walk->little_endian = walk->window[0] == 'I';
    if (memcmp(walk->window, walk->little_endian ? "II" : "MM", 2) != 0 || u16(walk, 2) != 42)
        walk->after_tiff(walk);
    else
        want(walk, walk->tiff.start + u32(walk, 4), 2, on_count);
}

void ine__walk_tiff(ine__walk *walk, ine__range range, ine__walk_step after)
{
    walk->tiff = range;
    walk->after_tiff = after;
    want(walk, range.start, 8, on_header);
}

void ine__tiff_orientation(unsigned char out[INE__TIFF_SIZE], uint32_t orientation)
{
    static const unsigned char form[INE__TIFF_SIZE] = {
        'M', 'M',  0, 42, 0, 0, 0, 8,             /* header: the directory is at 8 */
        0,   1,                                   /* one entry */
        1,   0x12, 0, 3,  0, 0, 0, 1, 0, 0, 0, 0, /* orientation, SHORT, one */
        0,   0,    0, 0,                          /* no further directory */
    };
    memcpy(out, form, INE__TIFF_SIZE);
    out[19] = (unsigned char)orientation;
}
