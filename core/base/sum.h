/* Are two long readings of the same bytes equal? A running sum of 64 bits that does not depend on
 * the pieces in which the bytes come. It finds accidents, not forgeries: signatures are for those.
 */
#ifndef INE_BASE_SUM_H
#define INE_BASE_SUM_H

#include <stddef.h>
#include <stdint.h>

#define INE__SUM_BLOCK 32

typedef struct ine__sum {
    uint64_t lane[4], total;
    unsigned char block[INE__SUM_BLOCK]; /* the beginning of a block whose rest has not come */
} ine__sum;

void ine__sum_begin(ine__sum *sum);
void ine__sum_add(ine__sum *sum, const void *data, size_t len);
uint64_t ine__sum_end(ine__sum *sum); /* wipes */

#endif
