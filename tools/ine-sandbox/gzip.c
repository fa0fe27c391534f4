#include "gzip.h"

#include <stdint.h>

#define COPIES    160000u
#define COPY_SIZE 258u

static const unsigned char head[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};

void gzip_cut_short(struct evbuffer *out, ine_str text)
{
    const size_t len = text.len > 65535 ? 65535 : text.len;
    const unsigned char block[5] = {1, (unsigned char)(len & 255), (unsigned char)(len >> 8),
                                    (unsigned char)(~len & 255), (unsigned char)(~len >> 8 & 255)};
    evbuffer_add(out, head, sizeof head);
    evbuffer_add(out, block, sizeof block);
    evbuffer_add(out, text.ptr, len - len / 4);
}

/* Bits of a DEFLATE stream [RFC 1951], Huffman codes with their highest bit first. */
typedef struct bits {
    struct evbuffer *out;
    unsigned char page[4096];
    size_t len;
    unsigned bit;
} bits;

static void put(bits *b, uint32_t code, int count)
{
    while (count-- > 0) {
        if (b->bit == 0)
            b->page[b->len] = 0;
        b->page[b->len] |= (unsigned char)((code >> count & 1) << b->bit);
        b->bit = (b->bit + 1) % 8;
        b->len += b->bit == 0;
        if (b->len == sizeof b->page) {
            evbuffer_add(b->out, b->page, b->len);
            b->len = 0;
        }
    }
}

static uint32_t crc_of_zeros(uint32_t count)
{
    uint32_t table[256], crc = 0xffffffff;
    for (uint32_t i = 0; i < 256; i++) {
        table[i] = i;
        for (int k = 0; k < 8; k++)
            table[i] = table[i] & 1 ? table[i] >> 1 ^ 0xedb88320 : table[i] >> 1;
    }
    while (count-- > 0)
        crc = table[crc & 255] ^ crc >> 8;
    return ~crc;
}

void gzip_bomb(struct evbuffer *out)
{
    const uint32_t size = 1 + COPIES * COPY_SIZE;
    const uint32_t tail[2] = {crc_of_zeros(size), size};
    bits b = {.out = out};
    evbuffer_add(out, head, sizeof head);
    put(&b, 1, 1);    /* the last block */
    put(&b, 2, 2);    /* fixed codes: 01, lowest bit first */
    put(&b, 0x30, 8); /* a zero byte */
    for (uint32_t i = 0; i < COPIES; i++) {
        put(&b, 0xc5, 8); /* 258 bytes ... */
        put(&b, 0, 5);    /* ... from 1 byte before */
    }
    put(&b, 0, 7); /* the end */
    evbuffer_add(out, b.page, b.len + (b.bit ? 1 : 0));
    for (int i = 0; i < 8; i++) {
        const unsigned char byte = (unsigned char)(tail[i / 4] >> i % 4 * 8);
        evbuffer_add(out, &byte, 1);
    }
}
