/* Is this still the process that made a handle? Asked by each call that takes one, so without a
 * system call where the kernel helps. */
#ifndef INE_BASE_PROCESS_H
#define INE_BASE_PROCESS_H

#include <stdint.h>

/* A number that is the same all over one process and another one in each process forked from it. */
uint64_t ine__process(void);

#endif
