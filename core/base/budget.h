/*
 * How much repeating a server is asked to bear, over all calls under the same credentials: a bucket
 * of repeats that successes fill slowly, and a breaker that stops asking for a while (B14). Any
 * thread.
 */
#ifndef INE_BASE_BUDGET_H
#define INE_BASE_BUDGET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define INE__BUDGET_ONE   1000         /* one repeat, in thousandths */
#define INE__BUDGET_START (10 * 1000)  /* what a new one holds */
#define INE__BUDGET_MOST  (100 * 1000) /* what it can hold */
#define INE__BUDGET_EARN  100          /* of a success: one repeat for ten */
#define INE__BREAKER_MS   5000

typedef struct ine__budget {
    atomic_llong tokens;     /* thousandths */
    atomic_llong failures;   /* in a row */
    atomic_llong open_until; /* by the callers' clock; 0: closed */
} ine__budget;

void ine__budget_init(ine__budget *budget);
/* Takes `cost`; false, and nothing is taken, when there is not as much. */
bool ine__budget_spend(ine__budget *budget, int64_t cost);
void ine__budget_earn(ine__budget *budget);

/* May a request be made at `now`? When the pause is over one caller is let through, to try. `left`
 * is what is left of the pause. */
bool ine__breaker_admits(ine__budget *budget, int64_t now, int64_t *left);
/* The server answered. */
void ine__breaker_close(ine__budget *budget);
/* It did not, or only with 5xx: opens at the `limit`-th in a row (0: never). */
void ine__breaker_count(ine__budget *budget, int64_t limit, int64_t now, int64_t jitter);

#endif
