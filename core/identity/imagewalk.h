/*
 * Walks through an image without holding it: says which bytes it needs to see, and ends with its
 * width and height, whether its structure is sound, and a plan of how to send it without location,
 * serial numbers and other metadata (F1) but with its orientation (F2). Pixels are never touched.
 *
 *   ine__walk_init(&walk, image, size);
 *   while (ine__walk_next(&walk, &offset, &len))
 *       read up to `len` bytes of the image at `offset`; ine__walk_feed(&walk, bytes, count);
 *
 * A host that reads in blocks feeds them with ine__walk_feed_block().
 */
#ifndef INE_IDENTITY_IMAGEWALK_H
#define INE_IDENTITY_IMAGEWALK_H

#include "identity/imageplan.h"
#include "identity/report.h"

#define INE__WALK_WINDOW 32
#define INE__WALK_ITEMS  8

enum {
    INE__WALK_WORKING = 0,
    INE__WALK_CLEAN,   /* the plan sends no metadata */
    INE__WALK_UNKNOWN, /* its metadata can not be removed; the plan is the whole image */
    INE__WALK_DAMAGED  /* it ends early or contradicts itself; the plan is the whole image */
};

typedef struct ine__walk ine__walk;
typedef void (*ine__walk_step)(ine__walk *walk);

typedef struct ine__range {
    uint64_t start, end;
} ine__range;

/* HEIF: what is known of the meta box while it is read. */
typedef struct ine__walk_heif {
    ine__walk_step on_box; /* who takes the box whose head is being read */
    uint32_t type;
    uint64_t payload;                                    /* of that box */
    ine__range meta, infos, locations, data, properties; /* payloads of boxes */
    uint32_t items[INE__WALK_ITEMS];                     /* ids of items that are metadata */
    uint32_t item_count, left, extents, method;
    uint32_t version, offset_size, length_size, base_size, index_size;
    uint64_t base;
    ine__range zero[2 * INE__WALK_ITEMS]; /* in order, apart from each other */
    uint32_t zero_count;
} ine__walk_heif;

struct ine__walk {
    int32_t image;  /* INE__IMAGE_* */
    int32_t status; /* INE__WALK_* */
    uint64_t size;
    uint32_t width, height; /* 0: not known */
    uint32_t orientation;   /* 1..8 of TIFF; 0: none */
    bool cut_off;           /* JPEG without an end marker: decoders show it all the same */
    ine__plan plan;

    /* what is wanted: `want` bytes at `at`, of which the window holds `have` */
    uint64_t at;
    uint32_t want, have, steps;
    unsigned char window[INE__WALK_WINDOW];
    ine__walk_step step;
    /* in place of a window: bytes are handed on as they come; returns how many it took */
    size_t (*scan)(ine__walk *walk, const unsigned char *data, size_t len);

    /* where the current segment, chunk or box begins and ends, and its parent's end */
    ine__range part;
    uint64_t parent_end;
    bool pixels, marker; /* image data were seen; JPEG: the last byte was FF */
    ine__range tiff;
    uint32_t tiff_left;
    bool little_endian;
    ine__walk_step after_tiff;
    ine__walk_heif heif;
};

void ine__walk_init(ine__walk *walk, int32_t image, uint64_t size);
/* The bytes wanted next; false when the walk has ended. */
bool ine__walk_next(const ine__walk *walk, uint64_t *offset, size_t *len);
/* Bytes from the offset that was asked for; at most as many as asked for are taken. None: the
 * image ended early. */
void ine__walk_feed(ine__walk *walk, const void *data, size_t len);
/* Any piece of the image that holds the offset that was asked for: goes as far as it reaches. */
void ine__walk_feed_block(ine__walk *walk, uint64_t offset, const void *data, size_t len);
/* Sends the image as it is (INE_OPT_KEEP_METADATA). */
void ine__walk_keep_all(ine__walk *walk);

/* Adds what a finished walk has found. False without memory. */
bool ine__report_image_walk(ine_report *report, const ine__walk *walk, const ine_options *options);

/* ---- for the formats ---- */

/* Asks for `len` bytes (at most INE__WALK_WINDOW) at `at`, then goes on with `step`. Past the end:
 * the image is damaged. */
void ine__walk_want(ine__walk *walk, uint64_t at, uint64_t len, ine__walk_step step);
void ine__walk_finish(ine__walk *walk, int32_t status);
/* Reads the orientation out of a TIFF structure (Exif) in `range`, then goes on with `after`. */
void ine__walk_tiff(ine__walk *walk, ine__range range, ine__walk_step after);

#define INE__TIFF_SIZE 26
/* A TIFF structure that holds an orientation and nothing else. */
void ine__tiff_orientation(unsigned char out[INE__TIFF_SIZE], uint32_t orientation);

uint32_t ine__be16(const unsigned char *p);
uint32_t ine__be32(const unsigned char *p);
uint64_t ine__be64(const unsigned char *p);
uint32_t ine__le32(const unsigned char *p);

void ine__walk_jpeg(ine__walk *walk);
void ine__walk_png(ine__walk *walk);
void ine__walk_webp(ine__walk *walk);
void ine__walk_heif_file(ine__walk *walk);

#endif
