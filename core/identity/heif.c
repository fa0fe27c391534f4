/* HEIF [ISO/IEC 23008-12, 14496-12]: the payloads of Exif, XMP and URI items and of unknown boxes
 * are zeroed in place, so that no offset moves. Orientation is a property of the image there, not
 * of Exif. */
#include "identity/imagewalk.h"

#define TYPE(a, b, c, d) \
    ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

static void damaged(ine__walk *walk)
{
    ine__walk_finish(walk, INE__WALK_DAMAGED);
}

static void unknown(ine__walk *walk)
{
    ine__walk_finish(walk, INE__WALK_UNKNOWN);
}

/* ---- boxes ---- */

static void on_box_head(ine__walk *walk)
{
    const unsigned char *p = walk->window;
    uint64_t size = ine__be32(p), head = 8;
    walk->heif.type = ine__be32(p + 4);
    if (size == 1 && walk->have == 16) {
        size = ine__be64(p + 8);
        head = 16;
    } else if (size == 0) { /* up to the end */
        size = walk->parent_end - walk->at;
    }
    if (size < head || size > walk->parent_end - walk->at) {
        damaged(walk);
        return;
    }
    walk->heif.payload = walk->at + head;
    walk->part = (ine__range){walk->at, walk->at + size};
    walk->heif.on_box(walk);
}

/* The box at `at`, inside a parent that ends at parent_end. */
static void read_box(ine__walk *walk, uint64_t at, ine__walk_step on_box)
{
    if (at > walk->parent_end || walk->parent_end - at < 8) {
        damaged(walk);
        return;
    }
    walk->heif.on_box = on_box;
    ine__walk_want(walk, at, walk->parent_end - at < 16 ? 8 : 16, on_box_head);
}

static ine__range payload(const ine__walk *walk)
{
    return (ine__range){walk->heif.payload, walk->part.end};
}

static void want_in(ine__walk *walk, ine__range range, uint64_t at, uint64_t len,
                    ine__walk_step step)
{
    if (at < range.start || at > range.end || range.end - at < len || len == 0)
        damaged(walk);
    else
        ine__walk_want(walk, at, len, step);
}

/* ---- what will be zeroed ---- */

/* False when there are too many, or they overlap. */
static bool add_zero(ine__walk_heif *heif, ine__range range)
{
    uint32_t i = heif->zero_count;
    if (range.start == range.end)
        return true;
    if (i == sizeof heif->zero / sizeof heif->zero[0])
        return false;
    while (i > 0 && heif->zero[i - 1].start > range.start) {
        heif->zero[i] = heif->zero[i - 1];
        i--;
    }
    heif->zero[i] = range;
    heif->zero_count++;
    return (i == 0 || heif->zero[i - 1].end <= range.start) &&
           (i + 1 == heif->zero_count || range.end <= heif->zero[i + 1].start);
}

static void finish(ine__walk *walk)
{
    const ine__walk_heif *heif = &walk->heif;
    if (heif->meta.end == 0) {
        damaged(walk);
        return;
    }
    for (uint32_t i = 0; i < heif->zero_count; i++) {
        ine__plan_zero(&walk->plan, heif->zero[i].start, heif->zero[i].end);
    }
    ine__plan_copy_to(&walk->plan, walk->size);
    ine__walk_finish(walk, INE__WALK_CLEAN);
}

/* ---- the file's boxes ---- */

static void on_top(ine__walk *walk);
static void on_meta_child(ine__walk *walk);

static void next_top(ine__walk *walk, uint64_t at)
{
    walk->parent_end = walk->size;
    if (at == walk->size)
        finish(walk);
    else
        read_box(walk, at, on_top);
}

static void on_top(ine__walk *walk)
{
    switch (walk->heif.type) {
    case TYPE('m', 'e', 't', 'a'):
        if (walk->heif.meta.end) {
            unknown(walk);
            return;
        }
        walk->heif.meta = payload(walk);
        walk->parent_end = walk->part.end;
        read_box(walk, walk->heif.payload + 4, on_meta_child);
        return;
    case TYPE('f', 't', 'y', 'p'):
    case TYPE('m', 'd', 'a', 't'):
    case TYPE('f', 'r', 'e', 'e'):
    case TYPE('s', 'k', 'i', 'p'):
    case TYPE('w', 'i', 'd', 'e'):
        break;
    case TYPE('m', 'o', 'o', 'v'): /* tracks: a film, with metadata of its own kind */
    case TYPE('m', 'o', 'o', 'f'):
        unknown(walk);
        return;
    default:
        if (!add_zero(&walk->heif, payload(walk))) {
            unknown(walk);
            return;
        }
    }
    next_top(walk, walk->part.end);
}

/* ---- width and height: the largest of the image spatial extents ---- */

static void on_property(ine__walk *walk);

static void next_property(ine__walk *walk)
{
    if (walk->part.end == walk->parent_end)
        next_top(walk, walk->heif.meta.end);
    else
        read_box(walk, walk->part.end, on_property);
}

static void on_extent_size(ine__walk *walk)
{
    const uint32_t width = ine__be32(walk->window + 4), height = ine__be32(walk->window + 8);
    if ((uint64_t)width * height > (uint64_t)walk->width * walk->height) {
        walk->width = width;
        walk->height = height;
    }
    next_property(walk);
}

static void on_property(ine__walk *walk)
{
    if (walk->heif.type == TYPE('i', 's', 'p', 'e'))
        want_in(walk, payload(walk), walk->heif.payload, 12, on_extent_size);
    else
        next_property(walk);
}

static void on_properties_child(ine__walk *walk)
{
    if (walk->heif.type == TYPE('i', 'p', 'c', 'o') && walk->heif.payload < walk->part.end) {
        walk->parent_end = walk->part.end;
        read_box(walk, walk->heif.payload, on_property);
    } else if (walk->part.end == walk->parent_end) {
        next_top(walk, walk->heif.meta.end);
    } else {
        read_box(walk, walk->part.end, on_properties_child);
    }
}

static void read_properties(ine__walk *walk)
{
    const ine__range range = walk->heif.properties;
    walk->parent_end = range.end;
    if (range.start == range.end)
        next_top(walk, walk->heif.meta.end);
    else
        read_box(walk, range.start, on_properties_child);
}

/* ---- iloc: where the items stand ---- */

static void on_location(ine__walk *walk);

static uint64_t number(const unsigned char *p, uint32_t size)
{
    return size == 8 ? ine__be64(p) : size == 4 ? ine__be32(p) : 0;
}

static void read_location(ine__walk *walk, uint64_t at)
{
    const ine__walk_heif *heif = &walk->heif;
    const uint32_t id = heif->version < 2 ? 2 : 4, method = heif->version ? 2 : 0;
    if (heif->left == 0)
        read_properties(walk);
    else
        want_in(walk, heif->locations, at, id + method + 2 + heif->base_size + 2, on_location);
}

static uint32_t extent_size(const ine__walk_heif *heif)
{
    return heif->index_size + heif->offset_size + heif->length_size;
}

static void on_extent(ine__walk *walk)
{
    ine__walk_heif *heif = &walk->heif;
    const unsigned char *p = walk->window + heif->index_size;
    const uint64_t len = number(p + heif->offset_size, heif->length_size);
    const uint64_t origin = heif->method == 1 ? heif->data.start : 0;
    const uint64_t limit = heif->method == 1 ? heif->data.end : walk->size;
    ine__range range;
    if (len == 0) { /* the whole file, or all of idat */
        unknown(walk);
        return;
    }
    if (__builtin_add_overflow(number(p, heif->offset_size), heif->base, &range.start) ||
        __builtin_add_overflow(range.start, origin, &range.start) ||
        __builtin_add_overflow(range.start, len, &range.end) || range.end > limit) {
        damaged(walk);
        return;
    }
    if (!add_zero(heif, range)) {
        unknown(walk);
        return;
    }
    const uint64_t next = walk->at + extent_size(heif);
    if (--heif->extents > 0) {
        want_in(walk, heif->locations, next, extent_size(heif), on_extent);
        return;
    }
    heif->left--;
    read_location(walk, next);
}

static bool is_metadata(const ine__walk_heif *heif, uint32_t id)
{
    for (uint32_t i = 0; i < heif->item_count; i++) {
        if (heif->items[i] == id)
            return true;
    }
    return false;
}

static void on_location(ine__walk *walk)
{
    ine__walk_heif *heif = &walk->heif;
    const unsigned char *p = walk->window;
    const uint32_t id = heif->version < 2 ? ine__be16(p) : ine__be32(p);
    p += heif->version < 2 ? 2 : 4;
    heif->method = heif->version ? ine__be16(p) & 15 : 0;
    p += heif->version ? 2 : 0;
    const uint32_t other_file = ine__be16(p);
    heif->base = number(p + 2, heif->base_size);
    heif->extents = ine__be16(p + 2 + heif->base_size);
    const uint64_t next = walk->at + walk->want;
    if (!is_metadata(heif, id) || heif->extents == 0) {
        heif->left--;
        read_location(walk, next + (uint64_t)heif->extents * extent_size(heif));
    } else if (other_file || heif->method > 1 || extent_size(heif) == 0) {
        unknown(walk);
    } else {
        want_in(walk, heif->locations, next, extent_size(heif), on_extent);
    }
}

static bool is_size(uint32_t size)
{
    return size == 0 || size == 4 || size == 8;
}

static void on_locations(ine__walk *walk)
{
    ine__walk_heif *heif = &walk->heif;
    const unsigned char *p = walk->window;
    heif->version = p[0];
    heif->offset_size = p[4] >> 4;
    heif->length_size = p[4] & 15;
    heif->base_size = p[5] >> 4;
    heif->index_size = heif->version ? p[5] & 15 : 0;
    if (heif->version > 2 || !is_size(heif->offset_size) || !is_size(heif->length_size) ||
        !is_size(heif->base_size) || !is_size(heif->index_size) ||
        (heif->version == 2 && walk->have < 10)) {
        damaged(walk);
        return;
    }
    heif->left = heif->version < 2 ? ine__be16(p + 6) : ine__be32(p + 6);
    read_location(walk, walk->at + (heif->version < 2 ? 8 : 10));
}

static void read_locations(ine__walk *walk)
{
    const ine__range range = walk->heif.locations;
    if (walk->heif.item_count == 0)
        read_properties(walk);
    else
        want_in(walk, range, range.start, range.end - range.start < 10 ? 8 : 10, on_locations);
}

/* ---- iinf: what the items are ---- */

static void on_info(ine__walk *walk);

static void next_info(ine__walk *walk, uint64_t at)
{
    if (walk->heif.left == 0)
        read_locations(walk);
    else
        read_box(walk, at, on_info);
}

static void on_info_entry(ine__walk *walk)
{
    ine__walk_heif *heif = &walk->heif;
    const unsigned char *p = walk->window;
    const uint32_t version = p[0];
    if (version < 2 || version > 3) { /* older forms have no item type */
        unknown(walk);
        return;
    }
    if (version == 3 && walk->have < 14) {
        damaged(walk);
        return;
    }
    const uint32_t id = version == 2 ? ine__be16(p + 4) : ine__be32(p + 4);
    const uint32_t type = ine__be32(p + (version == 2 ? 8 : 10));
    if (type == TYPE('E', 'x', 'i', 'f') || type == TYPE('m', 'i', 'm', 'e') ||
        type == TYPE('u', 'r', 'i', ' ')) {
        if (heif->item_count == INE__WALK_ITEMS) {
            unknown(walk);
            return;
        }
        heif->items[heif->item_count++] = id;
    }
    heif->left--;
    next_info(walk, walk->part.end);
}

static void on_info(ine__walk *walk)
{
    const ine__range range = payload(walk);
    if (walk->heif.type != TYPE('i', 'n', 'f', 'e'))
        unknown(walk);
    else
        want_in(walk, range, range.start, range.end - range.start < 14 ? 12 : 14, on_info_entry);
}

static void on_infos(ine__walk *walk)
{
    const unsigned char *p = walk->window;
    if (p[0] && walk->have < 8) {
        damaged(walk);
        return;
    }
    walk->heif.left = p[0] ? ine__be32(p + 4) : ine__be16(p + 4);
    walk->parent_end = walk->heif.infos.end;
    next_info(walk, walk->at + (p[0] ? 8 : 6));
}

/* ---- the boxes inside meta ---- */

static void on_meta_child(ine__walk *walk)
{
    static const struct {
        uint32_t type;
        size_t place;
    } known[] = {
        {TYPE('i', 'i', 'n', 'f'), offsetof(ine__walk_heif, infos)},
        {TYPE('i', 'l', 'o', 'c'), offsetof(ine__walk_heif, locations)},
        {TYPE('i', 'd', 'a', 't'), offsetof(ine__walk_heif, data)},
        {TYPE('i', 'p', 'r', 'p'), offsetof(ine__walk_heif, properties)},
    };
    const ine__range range = payload(walk);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (known[i].type == walk->heif.type)
            memcpy((char *)&walk->heif + known[i].place, &range, sizeof range);
    }
    const bool private =
        walk->heif.type == TYPE('u', 'u', 'i', 'd') || walk->heif.type == TYPE('u', 'd', 't', 'a');
    if (private && !add_zero(&walk->heif, range)) {
        unknown(walk);
        return;
    }
    if (walk->part.end != walk->parent_end) {
        read_box(walk, walk->part.end, on_meta_child);
        return;
    }
    const ine__range infos = walk->heif.infos;
    if (infos.end == 0 || walk->heif.locations.end == 0)
        unknown(walk);
    else
        want_in(walk, infos, infos.start, infos.end - infos.start < 8 ? 6 : 8, on_infos);
}

void ine__walk_heif_file(ine__walk *walk)
{
    next_top(walk, 0);
}
