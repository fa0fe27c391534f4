/* A small deterministic generator for jitter (SplitMix64). Not for secrets. */
#ifndef INE_BASE_RNG_H
#define INE_BASE_RNG_H

#include <stdint.h>

typedef struct ine__rng {
    uint64_t state;
} ine__rng;

/* Seed 0: one is drawn from the system when the first number is asked for; most calls need none. */
void ine__rng_init(ine__rng *rng, uint64_t seed);
uint64_t ine__rng_next(ine__rng *rng);
/* 0 .. bound, both included. */
int64_t ine__rng_upto(ine__rng *rng, int64_t bound);

#endif
