/* Memory for secrets: pages of their own, kept out of core dumps and, where the system lets us, out
 * of swap (D1). */
#ifndef INE_CRYPTO_VAULT_H
#define INE_CRYPTO_VAULT_H

#include "base/alloc.h"

typedef struct ine__vault {
    void *ptr;
    size_t size; /* whole pages */
} ine__vault;

/* Zeroed memory of at least `size` bytes. */
bool ine__vault_open(ine__vault *vault, size_t size);
/* Wipes, then gives the pages back. */
void ine__vault_close(ine__vault *vault);

#endif
