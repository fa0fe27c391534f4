#include "process.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static atomic_ullong *mark; /* in a page that the kernel empties in a forked child; or NULL */
static atomic_ullong last;

/* Linux 4.14. Some emulators take any advice and do nothing: they take an unknown one too. */
static void make_mark(void)
{
    const size_t size = (size_t)sysconf(_SC_PAGESIZE);
    void *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return;
    if (madvise(page, size, -1) != 0 && madvise(page, size, MADV_WIPEONFORK) == 0)
        mark = page;
    else
        munmap(page, size);
}

/* A child counts on from where its parent was, and the parent does not count again: no number of a
 * parent's handle comes twice. */
uint64_t ine__process(void)
{
    pthread_once(&once, make_mark);
    if (!mark)
        return (uint64_t)getpid();
    unsigned long long seen = atomic_load(mark);
    if (seen)
        return seen;
    const unsigned long long next = atomic_fetch_add(&last, 1) + 1;
    return atomic_compare_exchange_strong(mark, &seen, next) ? next : seen;
}
