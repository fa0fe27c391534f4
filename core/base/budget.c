#include "budget.h"

void ine__budget_init(ine__budget *budget)
{
    atomic_init(&budget->tokens, INE__BUDGET_START);
    atomic_init(&budget->failures, 0);
    atomic_init(&budget->open_until, 0);
}

bool ine__budget_spend(ine__budget *budget, int64_t cost)
{
    long long have = atomic_load(&budget->tokens);
    while (have >= cost) {
        if (atomic_compare_exchange_weak(&budget->tokens, &have, have - cost))
            return true;
    }
    return false;
}

void ine__budget_earn(ine__budget *budget)
{
    long long have = atomic_load(&budget->tokens);
    while (have < INE__BUDGET_MOST) {
        const long long more =
            have + INE__BUDGET_EARN < INE__BUDGET_MOST ? have + INE__BUDGET_EARN : INE__BUDGET_MOST;
        if (atomic_compare_exchange_weak(&budget->tokens, &have, more))
            return;
    }
}

bool ine__breaker_admits(ine__budget *budget, int64_t now, int64_t *left)
{
    long long until = atomic_load(&budget->open_until);
    *left = 0;
    if (until == 0)
        return true;
    if (now >= until && atomic_compare_exchange_strong(&budget->open_until, &until,
                                                       (long long)now + INE__BREAKER_MS))
        return true;
    *left = until > now ? until - now : 0;
    return false;
}

void ine__breaker_close(ine__budget *budget)
{
    atomic_store(&budget->failures, 0);
    atomic_store(&budget->open_until, 0);
}

void ine__breaker_count(ine__budget *budget, int64_t limit, int64_t now, int64_t jitter)
{
    if (limit > 0 && atomic_fetch_add(&budget->failures, 1) + 1 >= limit)
        atomic_store(&budget->open_until, (long long)now + INE__BREAKER_MS + jitter);
}
