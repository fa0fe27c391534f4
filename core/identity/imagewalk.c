#include "identity/imagewalk.h"

#include "identity/image.h"

#define STEPS       200000u /* an image that needs more is not one that a camera made */
#define SCAN_BLOCK  65536u
#define LONGER_SIDE 1920u /* [V-api v1sessionsidmedia-3] */

uint32_t ine__be16(const unsigned char *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

uint32_t ine__be32(const unsigned char *p)
{
    return ine__be16(p) << 16 | ine__be16(p + 2);
}

uint64_t ine__be64(const unsigned char *p)
{
    return (uint64_t)ine__be32(p) << 32 | ine__be32(p + 4);
}

uint32_t ine__le32(const unsigned char *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

void ine__walk_keep_all(ine__walk *walk)
{
    ine__plan_init(&walk->plan);
    ine__plan_copy_to(&walk->plan, walk->size);
}

void ine__walk_finish(ine__walk *walk, int32_t status)
{
    if (status == INE__WALK_CLEAN && walk->plan.full)
        status = INE__WALK_UNKNOWN;
    walk->status = status;
    walk->want = 0;
    walk->scan = NULL;
    if (status != INE__WALK_CLEAN)
        ine__walk_keep_all(walk);
}

void ine__walk_want(ine__walk *walk, uint64_t at, uint64_t len, ine__walk_step step)
{
    uint64_t end;
    if (__builtin_add_overflow(at, len, &end) || end > walk->size) {
        ine__walk_finish(walk, INE__WALK_DAMAGED);
        return;
    }
    walk->at = at;
    walk->want = (uint32_t)len;
    walk->have = 0;
    walk->step = step;
}

void ine__walk_init(ine__walk *walk, int32_t image, uint64_t size)
{
    *walk = (ine__walk){.image = image, .size = size};
    ine__plan_init(&walk->plan);
    /* larger than anything that may be sent; offsets in a plan have 32 bits */
    if (!ine__image_fits(image, size)) {
        ine__walk_finish(walk, INE__WALK_UNKNOWN);
        return;
    }
    switch (image) {
    case INE__IMAGE_JPEG:
        ine__walk_jpeg(walk);
        break;
    case INE__IMAGE_PNG:
        ine__walk_png(walk);
        break;
    case INE__IMAGE_WEBP:
        ine__walk_webp(walk);
        break;
    case INE__IMAGE_HEIC:
    case INE__IMAGE_HEIF:
        ine__walk_heif_file(walk);
        break;
    default: /* PDF: left as it is */
        ine__walk_finish(walk, INE__WALK_UNKNOWN);
    }
}

bool ine__walk_next(const ine__walk *walk, uint64_t *offset, size_t *len)
{
    *offset = 0;
    *len = 0;
    if (walk->status != INE__WALK_WORKING)
        return false;
    *offset = walk->at + walk->have;
    const uint64_t left = walk->size - walk->at;
    if (walk->scan)
        *len = left < SCAN_BLOCK ? (size_t)left : SCAN_BLOCK;
    else
        *len = walk->want - walk->have;
    return true;
}

static void feed_window(ine__walk *walk, const unsigned char *data, size_t len)
{
    const size_t missing = walk->want - walk->have;
    const size_t taken = len < missing ? len : missing;
    memcpy(walk->window + walk->have, data, taken);
    walk->have += (uint32_t)taken;
    if (walk->have < walk->want)
        return;
    if (++walk->steps > STEPS)
        ine__walk_finish(walk, INE__WALK_UNKNOWN);
    else
        walk->step(walk);
}

void ine__walk_feed(ine__walk *walk, const void *data, size_t len)
{
    if (walk->status != INE__WALK_WORKING)
        return;
    if (len == 0)
        ine__walk_finish(walk, INE__WALK_DAMAGED);
    else if (walk->scan)
        walk->scan(walk, data, len);
    else
        feed_window(walk, data, len);
}

void ine__walk_feed_block(ine__walk *walk, uint64_t offset, const void *data, size_t len)
{
    uint64_t at;
    size_t wanted;
    const unsigned char *bytes = data;
    if (len == 0) {
        ine__walk_feed(walk, data, 0);
        return;
    }
    while (ine__walk_next(walk, &at, &wanted) && at >= offset && at - offset < len) {
        const size_t into = (size_t)(at - offset), left = len - into;
        ine__walk_feed(walk, bytes + into, wanted < left ? wanted : left);
    }
}

bool ine__report_image_walk(ine_report *report, const ine__walk *walk, const ine_options *options)
{
    const bool strict = (ine__option(options, INE_OPT_STRICT) & INE_STRICT_IMAGE) != 0;
    const bool keep = ine__option(options, INE_OPT_KEEP_METADATA) != 0;
    bool ok = true;
    if (walk->status == INE__WALK_DAMAGED)
        ok = ine__report_add(report, INE_IN_SELFIE, INE_PROBLEM_DAMAGED, strict,
                             "the image ends early or contradicts itself; was it cut off on its "
                             "way here?");
    else if (walk->cut_off)
        ok = ine__report_add(report, INE_IN_SELFIE, INE_PROBLEM_DAMAGED, strict,
                             "the JPEG has no end marker; was it cut off on its way here?");
    if (ok && !keep && walk->status != INE__WALK_CLEAN)
        ok = ine__report_add(report, INE_IN_SELFIE, INE_PROBLEM_METADATA, strict,
                             walk->image == INE__IMAGE_PDF
                                 ? "a PDF is sent with whatever metadata it holds"
                                 : "location and serial numbers, if there are any, can not be "
                                   "removed from this image");
    if (ok && (walk->width > LONGER_SIDE || walk->height > LONGER_SIDE))
        ok = ine__report_add(report, INE_IN_SELFIE, INE_PROBLEM_DIMENSIONS, false,
                             "the longer side has more than 1920 pixels; the vendor reduces it");
    return ok;
}
