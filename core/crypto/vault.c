#include "crypto/vault.h"

#include <sys/mman.h>
#include <unistd.h>

bool ine__vault_open(ine__vault *vault, size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    *vault = (ine__vault){0};
    const size_t whole = (size + page - 1) / page * page;
    void *ptr = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (ptr == MAP_FAILED)
        return false;
    /* Both are best effort. Not MADV_WIPEONFORK: the children of a pre-fork server would verify
     * under an all-zero key. */
    (void)madvise(ptr, whole, MADV_DONTDUMP);
    (void)mlock(ptr, whole);
    *vault = (ine__vault){ptr, whole};
    return true;
}

void ine__vault_close(ine__vault *vault)
{
    if (!vault->ptr)
        return;
    ine__wipe(vault->ptr, vault->size);
    (void)munmap(vault->ptr, vault->size);
    *vault = (ine__vault){0};
}
