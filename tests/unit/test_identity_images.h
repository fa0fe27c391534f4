/* Images made by hand: a few pixels and metadata that must not leave. */
#ifndef INE_TESTS_IMAGES_H
#define INE_TESTS_IMAGES_H

#include "support.h"

#include "identity/image.h"
#include "identity/imagewalk.h"

/* Stands in every piece of metadata that must go. */
#define SECRET "S3CR3T"

typedef struct made {
    int32_t image;
    size_t len;
    unsigned char data[4096];
} made;

static inline void put(made *out, const void *data, size_t len)
{
    assert_true(out->len + len <= sizeof out->data);
    memcpy(out->data + out->len, data, len);
    out->len += len;
}

#define PUT(out, literal) put(out, literal, sizeof(literal) - 1)

static inline void put_be(made *out, uint64_t value, size_t bytes)
{
    while (bytes--) {
        const unsigned char c = (unsigned char)(value >> (8 * bytes));
        put(out, &c, 1);
    }
}

static inline void put_le(made *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        const unsigned char c = (unsigned char)(value >> (8 * i));
        put(out, &c, 1);
    }
}

static inline void set_be32(made *out, size_t at, uint64_t value)
{
    for (size_t i = 0; i < 4; i++)
        out->data[at + i] = (unsigned char)(value >> (24 - 8 * i));
}

/* A TIFF structure with a camera model, an orientation and a serial number. */
static inline made made_tiff(uint32_t orientation, bool little)
{
    made tiff = {0};
#define NUMBER(value, bytes) (little ? put_le(&tiff, value, bytes) : put_be(&tiff, value, bytes))
    if (little)
        PUT(&tiff, "II");
    else
        PUT(&tiff, "MM");
    NUMBER(42, 2);
    NUMBER(8, 4);
    NUMBER(3, 2);
    NUMBER(0x0110, 2); /* model, in place: at most 4 bytes */
    NUMBER(2, 2);
    NUMBER(4, 4);
    PUT(&tiff, "S3C\0");
    NUMBER(0x0112, 2);
    NUMBER(3, 2);
    NUMBER(1, 4);
    NUMBER(orientation, 2);
    NUMBER(0, 2);
    NUMBER(0xa431, 2); /* serial number */
    NUMBER(2, 2);
    NUMBER(8, 4);
    NUMBER(50, 4);
    NUMBER(0, 4);
    assert_int_equal(tiff.len, 50);
    PUT(&tiff, SECRET "\0\0");
#undef NUMBER
    return tiff;
}

static inline void put_segment(made *out, uint32_t marker, const void *data, size_t len)
{
    put_be(out, 0xff00 | marker, 2);
    put_be(out, len + 2, 2);
    put(out, data, len);
}

/* What comes from the frame header on: 48 x 32 pixels, two scans, a restart and a stuffed byte. */
#define JPEG_PIXELS                                                                \
    "\xff\xdb\x00\x04\x00\x01\xff\xc2\x00\x0b\x08\x00\x20\x00\x30\x01\x01\x11\x00" \
    "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x12\xff\x00\x34\xff\xd0\x56"         \
    "\xff\xc4\x00\x04\x00\x02\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x78\x9a"

/* Everything that a telephone writes, and a second image behind the first. */
static inline made made_jpeg(uint32_t orientation, bool little)
{
    made out = {.image = INE__IMAGE_JPEG}, exif = {0};
    const made tiff = made_tiff(orientation, little);
    PUT(&exif, "Exif\0\0");
    put(&exif, tiff.data, tiff.len);
    PUT(&out, "\xff\xd8");
    put_segment(&out, 0xe0, "JFIF\0\1\1\0\0\1\0\1\0\0", 14);
    put_segment(&out, 0xe0, "JFXX\0" SECRET, 11);
    put_segment(&out, 0xe1, exif.data, exif.len);
    put_segment(&out, 0xe1, "http://ns.adobe.com/xap/1.0/\0" SECRET, 35);
    put_segment(&out, 0xe2, "ICC_PROFILE\0\1\1abcd", 18);
    put_segment(&out, 0xe2, "MPF\0" SECRET, 10);
    put_segment(&out, 0xed, "Photoshop 3.0\0" SECRET, 20);
    put_segment(&out, 0xee, "Adobe\0\x64\0\0\0\0\0", 12);
    put_segment(&out, 0xef, SECRET, 6);
    put_segment(&out, 0xfe, SECRET, 6);
    put_segment(&out, 0xfe, "", 0);
    PUT(&out, "\xff");
    PUT(&out, JPEG_PIXELS);
    put_segment(&out, 0xfe, SECRET, 6);
    PUT(&out, "\xff\xd9");
    PUT(&out, "\xff\xd8\xff\xe1" SECRET);
    return out;
}

static inline uint32_t test_crc32(const unsigned char *p, size_t len)
{
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < len; i++) {
        crc ^= p[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (0xedb88320u & (0u - (crc & 1)));
    }
    return ~crc;
}

static inline void put_chunk(made *out, const char *type, const void *data, size_t len)
{
    put_be(out, len, 4);
    const size_t start = out->len;
    put(out, type, 4);
    put(out, data, len);
    put_be(out, test_crc32(out->data + start, 4 + len), 4);
}

#define PNG_IHDR "\0\0\0\x30\0\0\0\x20\x08\2\0\0\0"

static inline made made_png(uint32_t orientation, bool little)
{
    made out = {.image = INE__IMAGE_PNG};
    const made tiff = made_tiff(orientation, little);
    PUT(&out, "\x89PNG\r\n\x1a\n");
    put_chunk(&out, "IHDR", PNG_IHDR, 13);
    put_chunk(&out, "tEXt", "Author\0" SECRET, 13);
    put_chunk(&out, "gAMA", "\0\0\xb1\x8f", 4);
    put_chunk(&out, "eXIf", tiff.data, tiff.len);
    put_chunk(&out, "tIME", "\7\xea\1\2\3\4\5", 7);
    put_chunk(&out, "IDAT", "pixels", 6);
    put_chunk(&out, "zTXt", "Raw\0\0" SECRET, 11);
    put_chunk(&out, "caBX", SECRET, 6);
    put_chunk(&out, "IDAT", "more pixels", 11);
    put_chunk(&out, "iTXt", "XML:com.adobe.xmp\0" SECRET, 24);
    put_chunk(&out, "IEND", "", 0);
    PUT(&out, "behind the end: " SECRET);
    return out;
}

static inline void put_riff(made *out, const char *type, const void *data, size_t len)
{
    put(out, type, 4);
    put_le(out, len, 4);
    put(out, data, len);
    if (len & 1)
        PUT(out, "\0");
}

#define VP8_PIXELS "\x10\0\0\x9d\x01\x2a\x30\0\x20\0pixel"

static inline void end_riff(made *out)
{
    for (size_t i = 0; i < 4; i++)
        out->data[4 + i] = (unsigned char)((out->len - 8) >> (8 * i));
}

static inline made made_webp(uint32_t orientation, bool little)
{
    made out = {.image = INE__IMAGE_WEBP};
    const made tiff = made_tiff(orientation, little);
    PUT(&out, "RIFF\0\0\0\0WEBP");
    put_riff(&out, "VP8X", "\x2c\0\0\0\x2f\0\0\x1f\0\0", 10); /* ICC, Exif, XMP; 48 x 32 */
    put_riff(&out, "ICCP", "profile", 7);
    put_riff(&out, "ABCD", SECRET, 6);
    put_riff(&out, "VP8 ", VP8_PIXELS, sizeof VP8_PIXELS - 1);
    put_riff(&out, "EXIF", tiff.data, tiff.len);
    put_riff(&out, "XMP ", SECRET "!", 7);
    end_riff(&out);
    PUT(&out, SECRET);
    return out;
}

static inline size_t open_box(made *out, const char *type)
{
    put_be(out, 0, 4);
    put(out, type, 4);
    return out->len - 8;
}

static inline void close_box(made *out, size_t box)
{
    set_be32(out, box, out->len - box);
}

static inline void put_infe(made *out, uint32_t version, uint32_t id, const char *type)
{
    const size_t box = open_box(out, "infe");
    put_be(out, version, 1);
    put_be(out, 0, 3);
    put_be(out, id, version == 2 ? 2 : 4);
    put_be(out, 0, 2);
    put(out, type, 4);
    PUT(out, "\0");
    close_box(out, box);
}

/* One image item, Exif in mdat in two extents, XMP in idat; iloc of the given version. */
static inline made made_heic(uint32_t iloc_version, bool wide)
{
    made out = {.image = INE__IMAGE_HEIC};
    const made tiff = made_tiff(6, false);
    const size_t number = wide ? 8 : 4;
    size_t box = open_box(&out, "ftyp");
    PUT(&out, "heic\0\0\0\0mif1heic");
    close_box(&out, box);
    const size_t meta = open_box(&out, "meta");
    put_be(&out, 0, 4);
    box = open_box(&out, "hdlr");
    PUT(&out, "\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0");
    close_box(&out, box);
    box = open_box(&out, "iinf");
    put_be(&out, wide ? 1 : 0, 1);
    put_be(&out, 0, 3);
    put_be(&out, 3, wide ? 4 : 2);
    put_infe(&out, wide ? 3 : 2, 1, "hvc1");
    put_infe(&out, wide ? 3 : 2, 2, "Exif");
    put_infe(&out, wide ? 3 : 2, 3, "mime");
    close_box(&out, box);
    box = open_box(&out, "iprp");
    const size_t ipco = open_box(&out, "ipco");
    size_t property = open_box(&out, "irot");
    PUT(&out, "\1");
    close_box(&out, property);
    for (uint32_t side = 1; side <= 3; side++) {
        property = open_box(&out, "ispe");
        put_be(&out, 0, 4);
        put_be(&out, side == 2 ? 48 : 16, 4);
        put_be(&out, side == 2 ? 32 : 16, 4);
        close_box(&out, property);
    }
    close_box(&out, ipco);
    close_box(&out, box);
    const size_t iloc = open_box(&out, "iloc");
    put_be(&out, iloc_version, 1);
    put_be(&out, 0, 3);
    put_be(&out, wide ? 0x88 : 0x44, 1);
    put_be(&out, wide ? 0x80 : 0x00, 1);
    put_be(&out, 3, iloc_version == 2 ? 4 : 2);
    size_t places[4] = {0};
    for (uint32_t id = 1; id <= 3; id++) {
        put_be(&out, id, iloc_version == 2 ? 4 : 2);
        if (iloc_version)
            put_be(&out, id == 3 ? 1 : 0, 2);
        put_be(&out, 0, 2);
        if (wide)
            put_be(&out, 0, 8);
        put_be(&out, id == 2 ? 2 : 1, 2);
        for (uint32_t extent = 0; extent < (id == 2 ? 2u : 1u); extent++) {
            places[id == 1 ? 0 : id == 2 ? 1 + extent : 3] = out.len;
            put_be(&out, 0, number);
            put_be(&out, 0, number);
        }
    }
    close_box(&out, iloc);
    box = open_box(&out, "idat");
    const size_t idat = out.len;
    PUT(&out, "xx" SECRET "yy");
    close_box(&out, box);
    close_box(&out, meta);
    box = open_box(&out, "uuid");
    PUT(&out, SECRET);
    close_box(&out, box);
    box = open_box(&out, "mdat");
#define PLACE(i, offset, length)                     \
    (set_be32(&out, places[i] + number - 4, offset), \
     set_be32(&out, places[i] + 2 * number - 4, length))
    PLACE(0, out.len, 6);
    PUT(&out, "pixels");
    PLACE(1, out.len, 30);
    put(&out, tiff.data, 30);
    PUT(&out, "between");
    PLACE(2, out.len, tiff.len - 30);
    put(&out, tiff.data + 30, tiff.len - 30);
    PUT(&out, "more pixels");
    close_box(&out, box);
    if (iloc_version)
        PLACE(3, 2, sizeof SECRET - 1);
    else
        PLACE(3, idat + 2, sizeof SECRET - 1);
#undef PLACE
    return out;
}

typedef struct sent {
    size_t len;
    unsigned char data[8192];
} sent;

/* What a plan sends, piece by piece, and that no piece lies outside. */
static inline sent apply(const ine__walk *walk, const unsigned char *data)
{
    sent out = {0};
    ine__segment piece;
    const ine__plan *plan = &walk->plan;
    while (ine__plan_at(plan, out.len, &piece)) {
        assert_true(piece.len > 0 && out.len + piece.len <= sizeof out.data);
        if (piece.kind == INE__SEGMENT_COPY) {
            assert_true((uint64_t)piece.offset + piece.len <= walk->size);
            memcpy(out.data + out.len, data + piece.offset, piece.len);
        } else if (piece.kind == INE__SEGMENT_LITERAL) {
            assert_true(piece.offset + piece.len <= plan->literal_len);
            memcpy(out.data + out.len, plan->literal + piece.offset, piece.len);
        } else {
            assert_int_equal(piece.kind, INE__SEGMENT_ZERO);
            memset(out.data + out.len, 0, piece.len);
        }
        out.len += piece.len;
    }
    assert_int_equal(out.len, plan->size);
    return out;
}

/* Feeds at most `most` bytes at a time, each from memory of exactly its size (C7); 0: one block. */
static inline void run(ine__walk *walk, int32_t image, const void *data, size_t len, size_t most)
{
    uint64_t at;
    size_t wanted, turns = 0;
    ine__walk_init(walk, image, len);
    if (most == 0)
        ine__walk_feed_block(walk, 0, data, len);
    while (ine__walk_next(walk, &at, &wanted)) {
        assert_true(most != 0 && ++turns < 100000);
        assert_true(wanted > 0 && at + wanted <= len);
        const size_t n = wanted < most ? wanted : most;
        unsigned char *piece = malloc(n);
        assert_non_null(piece);
        memcpy(piece, (const unsigned char *)data + at, n);
        ine__walk_feed(walk, piece, n);
        free(piece);
    }
    assert_int_not_equal(walk->status, INE__WALK_WORKING);
}

static inline bool holds(const unsigned char *data, size_t len, const char *part)
{
    return memmem(data, len, part, strlen(part)) != NULL;
}

static inline void same(const ine__walk *a, const ine__walk *b)
{
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->width, b->width);
    assert_int_equal(a->height, b->height);
    assert_int_equal(a->orientation, b->orientation);
    assert_int_equal(a->cut_off, b->cut_off);
    assert_int_equal(a->plan.size, b->plan.size);
    assert_int_equal(a->plan.count, b->plan.count);
    assert_memory_equal(a->plan.segments, b->plan.segments, sizeof a->plan.segments);
    assert_memory_equal(a->plan.literal, b->plan.literal, sizeof a->plan.literal);
}

/* Walks it in every way; the result must be clean, without a secret, and stay as it is when it is
 * walked again. */
static inline sent clean(const made *image, uint32_t orientation)
{
    static const size_t steps[] = {1, 2, 3, 7, 31, 4096, 0};
    ine__walk walk, other;
    run(&walk, image->image, image->data, image->len, 64);
    assert_int_equal(walk.status, INE__WALK_CLEAN);
    assert_int_equal(walk.width, 48);
    assert_int_equal(walk.height, 32);
    assert_int_equal(walk.orientation, orientation);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        run(&other, image->image, image->data, image->len, steps[i]);
        same(&walk, &other);
    }
    assert_true(holds(image->data, image->len, SECRET));
    const sent out = apply(&walk, image->data);
    assert_false(holds(out.data, out.len, "S3C"));
    assert_int_equal(ine__image_sniff(ine__str((const char *)out.data, out.len)), image->image);
    run(&other, image->image, out.data, out.len, 5);
    assert_int_equal(other.status, INE__WALK_CLEAN);
    assert_int_equal(other.width, 48);
    assert_int_equal(other.height, 32);
    assert_int_equal(other.orientation, orientation > 1 ? orientation : 0);
    const sent again = apply(&other, out.data);
    assert_int_equal(again.len, out.len);
    assert_memory_equal(again.data, out.data, out.len);
    return out;
}

#endif
