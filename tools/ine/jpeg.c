/*
 * Baseline JPEG [ITU T.81] at its smallest: one component, and of each 8 x 8 block only its mean
 * (the DC coefficient), so that the blocks are flat and one code ends each of them.
 */
#include "jpeg.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 60 /* blocks */
#define ROWS    80
#define BYTES   (COLUMNS * ROWS * 4 + 1024)

typedef struct writer {
    unsigned char *bytes;
    size_t len;
    uint32_t bits;
    int32_t count; /* of bits */
} writer;

/* DC codes of T.81 table K.3: how many of each length, then the categories. */
static const unsigned char dc_lengths[16] = {0, 1, 5, 1, 1, 1, 1, 1, 1};
static const struct {
    uint16_t code, length;
} dc_codes[] = {{0x0, 2}, {0x2, 3},  {0x3, 3},  {0x4, 3},  {0x5, 3},  {0x6, 3},
                {0xe, 4}, {0x1e, 5}, {0x3e, 6}, {0x7e, 7}, {0xfe, 8}, {0x1fe, 9}};

static void put(writer *pen, const void *data, size_t len)
{
    memcpy(pen->bytes + pen->len, data, len);
    pen->len += len;
}

static void put_bits(writer *pen, uint32_t code, int32_t length)
{
    pen->bits = pen->bits << length | code;
    pen->count += length;
    while (pen->count >= 8) {
        const unsigned char byte = (unsigned char)(pen->bits >> (pen->count - 8));
        put(pen, &byte, 1);
        if (byte == 0xff)
            put(pen, "", 1);
        pen->count -= 8;
    }
}

/* The difference to the block before: its category, then its bits. */
static void put_block(writer *pen, int32_t difference)
{
    int32_t size = 0;
    for (int32_t rest = abs(difference); rest; rest >>= 1)
        size++;
    put_bits(pen, dc_codes[size].code, dc_codes[size].length);
    if (size) {
        const int32_t bits = difference < 0 ? difference + (1 << size) - 1 : difference;
        put_bits(pen, (uint32_t)bits, size);
    }
    put_bits(pen, 0, 1); /* the one AC code: end of block */
}

static void put_segment(writer *pen, unsigned char marker, const unsigned char *data, size_t len)
{
    const unsigned char head[] = {0xff, marker, (unsigned char)((len + 2) >> 8),
                                  (unsigned char)(len + 2)};
    put(pen, head, sizeof head);
    put(pen, data, len);
}

static void put_head(writer *pen)
{
    static const unsigned char jfif[] = {'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};
    static const unsigned char frame[] = {
        8, ROWS * 8 >> 8, ROWS * 8 & 0xff, COLUMNS * 8 >> 8, COLUMNS * 8 & 0xff, 1, 1, 0x11, 0};
    static const unsigned char scan[] = {1, 1, 0, 0, 63, 0};
    static const unsigned char ac[18] = {0x10, 1}; /* one code of one bit: end of block */
    unsigned char quantisation[65] = {0}, dc[29] = {0};
    memset(quantisation + 1, 8, 64); /* a mean of 1 is a coefficient of 1 */
    memcpy(dc + 1, dc_lengths, sizeof dc_lengths);
    for (size_t i = 0; i < 12; i++)
        dc[17 + i] = (unsigned char)i;
    put(pen, "\xff\xd8", 2);
    put_segment(pen, 0xe0, jfif, sizeof jfif);
    put_segment(pen, 0xdb, quantisation, sizeof quantisation);
    put_segment(pen, 0xc0, frame, sizeof frame);
    put_segment(pen, 0xc4, dc, sizeof dc);
    put_segment(pen, 0xc4, ac, sizeof ac);
    put_segment(pen, 0xda, scan, sizeof scan);
}

/* Mean brightness of a block, -128..127: lighter to the top, with a disc in the middle. */
static int32_t shade(int32_t column, int32_t row)
{
    const int32_t x = column - COLUMNS / 2, y = row - ROWS / 2;
    return x * x + y * y < 20 * 20 ? 90 - y : 40 - row;
}

const char *cli_jpeg_draw(cli_file *out)
{
    writer pen = {.bytes = malloc(BYTES)};
    int32_t before = 0;
    *out = (cli_file){NULL, 0};
    if (!pen.bytes)
        return "there is not enough memory for a picture";
    put_head(&pen);
    for (int32_t row = 0; row < ROWS; row++) {
        for (int32_t column = 0; column < COLUMNS; column++) {
            put_block(&pen, shade(column, row) - before);
            before = shade(column, row);
        }
    }
    put_bits(&pen, 0x7f, 7); /* fills the last byte with ones */
    put(&pen, "\xff\xd9", 2);
    *out = (cli_file){(char *)pen.bytes, pen.len};
    return NULL;
}
