#include "sum.h"

#include "alloc.h"

/* Odd, so that each step is a permutation of the lane: one changed word always shows. */
#define PRIME UINT64_C(0x9fb21c651e98df25)

void ine__sum_begin(ine__sum *sum)
{
    *sum = (ine__sum){.lane = {1, 2, 3, 4}};
}

/* Four lanes that do not wait for each other. */
static void add_blocks(ine__sum *sum, const unsigned char *p, size_t blocks)
{
    uint64_t a = sum->lane[0], b = sum->lane[1], c = sum->lane[2], d = sum->lane[3];
    for (; blocks; blocks--, p += INE__SUM_BLOCK) {
        uint64_t word[4];
        memcpy(word, p, sizeof word);
        a = (a ^ word[0]) * PRIME;
        b = (b ^ word[1]) * PRIME;
        c = (c ^ word[2]) * PRIME;
        d = (d ^ word[3]) * PRIME;
        a ^= a >> 32;
        b ^= b >> 32;
        c ^= c >> 32;
        d ^= d >> 32;
    }
    sum->lane[0] = a;
    sum->lane[1] = b;
    sum->lane[2] = c;
    sum->lane[3] = d;
}

void ine__sum_add(ine__sum *sum, const void *data, size_t len)
{
    const unsigned char *p = data;
    const size_t held = sum->total % INE__SUM_BLOCK;
    sum->total += len;
    if (held) {
        const size_t n = len < INE__SUM_BLOCK - held ? len : INE__SUM_BLOCK - held;
        memcpy(sum->block + held, p, n);
        p += n;
        len -= n;
        if (held + n < INE__SUM_BLOCK)
            return;
        add_blocks(sum, sum->block, 1);
    }
    add_blocks(sum, p, len / INE__SUM_BLOCK);
    if (len % INE__SUM_BLOCK)
        memcpy(sum->block, p + len / INE__SUM_BLOCK * INE__SUM_BLOCK, len % INE__SUM_BLOCK);
}

uint64_t ine__sum_end(ine__sum *sum)
{
    const size_t held = sum->total % INE__SUM_BLOCK;
    memset(sum->block + held, 0, INE__SUM_BLOCK - held);
    add_blocks(sum, sum->block, 1);
    uint64_t out = sum->total;
    for (int i = 0; i < 4; i++) {
        out = (out ^ sum->lane[i]) * PRIME;
        out ^= out >> 29;
    }
    ine__wipe(sum, sizeof *sum);
    return out;
}
