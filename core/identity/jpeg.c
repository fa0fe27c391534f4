/* JPEG [ITU-T T.81]: kept are the segments that decoding needs; everything else that says nothing
 * about pixels is left out: Exif, XMP, IPTC, comments, previews, and what follows the end. */
#include "identity/imagewalk.h"

enum { M_TEM = 0x01, M_SOF0 = 0xc0, M_DHT = 0xc4, M_JPG = 0xc8, M_DAC = 0xcc, M_SOF15 = 0xcf };
enum { M_RST0 = 0xd0, M_RST7 = 0xd7, M_SOI = 0xd8, M_EOI = 0xd9, M_SOS = 0xda };
enum { M_APP0 = 0xe0, M_APP1 = 0xe1, M_APP2 = 0xe2, M_APP14 = 0xee, M_APP15 = 0xef, M_COM = 0xfe };

static void on_marker(ine__walk *walk);

static void next_segment(ine__walk *walk)
{
    ine__walk_want(walk, walk->part.end, 2, on_marker);
}

static void keep_segment(ine__walk *walk)
{
    ine__plan_copy_to(&walk->plan, walk->part.end);
    next_segment(walk);
}

static void drop_segment(ine__walk *walk)
{
    ine__plan_drop(&walk->plan, walk->part.start, walk->part.end);
    next_segment(walk);
}

/* In place of the Exif segment that stood here: one with the orientation alone. */
static void on_exif_read(ine__walk *walk)
{
    static const unsigned char head[] = {0xff, M_APP1, 0, 34, 'E', 'x', 'i', 'f', 0, 0};
    unsigned char tiff[INE__TIFF_SIZE];
    if (walk->orientation > 1 && walk->plan.literal_len == 0) {
        ine__tiff_orientation(tiff, walk->orientation);
        ine__plan_copy_to(&walk->plan, walk->part.start);
        ine__plan_literal(&walk->plan, head, sizeof head);
        ine__plan_literal(&walk->plan, tiff, sizeof tiff);
    }
    drop_segment(walk);
}

static bool starts(const ine__walk *walk, const char *name, size_t len)
{
    return walk->have >= len && memcmp(walk->window, name, len) == 0;
}

static void on_app0(ine__walk *walk)
{
    if (starts(walk, "JFIF", 5))
        keep_segment(walk);
    else
        drop_segment(walk);
}

static void on_app1(ine__walk *walk)
{
    const ine__range tiff = {walk->at + 6, walk->part.end};
    if (starts(walk, "Exif\0", 6) && walk->orientation == 0)
        ine__walk_tiff(walk, tiff, on_exif_read);
    else
        drop_segment(walk);
}

static void on_app2(ine__walk *walk)
{
    if (starts(walk, "ICC_PROFILE", 12))
        keep_segment(walk);
    else
        drop_segment(walk);
}

static void on_app14(ine__walk *walk)
{
    if (starts(walk, "Adobe", 5))
        keep_segment(walk);
    else
        drop_segment(walk);
}

/* Sample precision, height, width. A height of 0 comes later, in a DNL segment. */
static void on_frame(ine__walk *walk)
{
    walk->height = ine__be16(walk->window + 1);
    walk->width = ine__be16(walk->window + 3);
    if (walk->width == 0)
        ine__walk_finish(walk, INE__WALK_DAMAGED);
    else
        keep_segment(walk);
}

/* Entropy-coded data: up to a marker that is neither a restart nor a stuffed byte. */
static size_t on_scan(ine__walk *walk, const unsigned char *data, size_t len)
{
    size_t i = 0;
    while (i < len) {
        if (!walk->marker) {
            const unsigned char *found = memchr(data + i, 0xff, len - i);
            if (!found) {
                i = len;
                break;
            }
            i = (size_t)(found - data) + 1;
            walk->marker = true;
            continue;
        }
        const unsigned char c = data[i];
        walk->marker = c == 0xff; /* fill bytes before a marker */
        if (c != 0 && c != 0xff && !(c >= M_RST0 && c <= M_RST7)) {
            walk->scan = NULL;
            walk->part.end = walk->at + i - 1;
            ine__plan_copy_to(&walk->plan, walk->part.end);
            next_segment(walk);
            return i;
        }
        i++;
    }
    walk->at += i;
    if (walk->at == walk->size) { /* no end marker */
        walk->cut_off = true;
        ine__plan_copy_to(&walk->plan, walk->size);
        ine__walk_finish(walk, INE__WALK_CLEAN);
    }
    return i;
}

static void start_scan(ine__walk *walk)
{
    if (walk->width == 0 || walk->part.end >= walk->size) {
        ine__walk_finish(walk, INE__WALK_DAMAGED);
        return;
    }
    walk->pixels = true;
    ine__plan_copy_to(&walk->plan, walk->part.end);
    walk->at = walk->part.end;
    walk->want = walk->have = 0;
    walk->marker = false;
    walk->scan = on_scan;
}

/* How much of a segment's head is looked at, and by whom. */
static const struct {
    int32_t marker;
    uint32_t look;
    ine__walk_step step;
} segments[] = {
    {M_APP0, 5, on_app0},
    {M_APP1, 6, on_app1},
    {M_APP2, 12, on_app2},
    {M_APP14, 5, on_app14},
};

static void look_into(ine__walk *walk, uint32_t look, ine__walk_step step)
{
    const uint64_t payload = walk->part.start + 4, left = walk->part.end - payload;
    if (left == 0)
        drop_segment(walk);
    else
        ine__walk_want(walk, payload, left < look ? left : look, step);
}

static bool is_frame(int32_t marker)
{
    return marker >= M_SOF0 && marker <= M_SOF15 && marker != M_DHT && marker != M_JPG &&
           marker != M_DAC;
}

static void on_length(ine__walk *walk)
{
    const int32_t marker = walk->window[1];
    const uint32_t len = ine__be16(walk->window + 2);
    walk->part = (ine__range){walk->at, walk->at + 2 + len};
    if (len < 2 || walk->part.end > walk->size || (is_frame(marker) && len < 8)) {
        ine__walk_finish(walk, INE__WALK_DAMAGED);
        return;
    }
    if (is_frame(marker)) {
        look_into(walk, 5, on_frame);
        return;
    }
    if (marker == M_SOS) {
        start_scan(walk);
        return;
    }
    for (size_t i = 0; i < sizeof segments / sizeof segments[0]; i++) {
        if (segments[i].marker == marker) {
            look_into(walk, segments[i].look, segments[i].step);
            return;
        }
    }
    if (marker == M_COM || (marker >= M_APP0 && marker <= M_APP15))
        drop_segment(walk);
    else
        keep_segment(walk);
}

static void on_marker(ine__walk *walk)
{
    const int32_t marker = walk->window[1];
    if (walk->window[0] != 0xff || marker == 0 || marker == M_SOI) {
        ine__walk_finish(walk, INE__WALK_DAMAGED);
        return;
    }
    if (marker == 0xff) { /* a fill byte */
        walk->part.end = walk->at + 1;
        keep_segment(walk);
        return;
    }
    if (marker == M_TEM || (marker >= M_RST0 && marker <= M_RST7)) {
        walk->part.end = walk->at + 2;
        keep_segment(walk);
        return;
    }
    if (marker != M_EOI) {
        ine__walk_want(walk, walk->at, 4, on_length);
        return;
    }
    ine__plan_copy_to(&walk->plan, walk->at + 2);
    ine__walk_finish(walk, walk->pixels ? INE__WALK_CLEAN : INE__WALK_DAMAGED);
}

static void on_start(ine__walk *walk)
{
    walk->part.end = 2;
    if (memcmp(walk->window, "\xff\xd8", 2) != 0)
        ine__walk_finish(walk, INE__WALK_DAMAGED);
    else
        keep_segment(walk);
}

void ine__walk_jpeg(ine__walk *walk)
{
    ine__walk_want(walk, 0, 2, on_start);
}
