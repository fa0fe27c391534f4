#include "rng.h"

#include <sys/random.h>
#include <time.h>

void ine__rng_init(ine__rng *rng, uint64_t seed)
{
    rng->state = seed;
}

static void draw(ine__rng *rng)
{
    struct timespec now;
    if (getrandom(&rng->state, sizeof rng->state, GRND_NONBLOCK) == sizeof rng->state)
        return;
    clock_gettime(CLOCK_MONOTONIC, &now);
    rng->state = (uint64_t)now.tv_nsec * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)now.tv_sec;
}

uint64_t ine__rng_next(ine__rng *rng)
{
    if (rng->state == 0)
        draw(rng);
    uint64_t z = rng->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int64_t ine__rng_upto(ine__rng *rng, int64_t bound)
{
    return bound <= 0 ? 0 : (int64_t)(ine__rng_next(rng) % ((uint64_t)bound + 1));
}
