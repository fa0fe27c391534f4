#include "identity/imageplan.h"

void ine__plan_init(ine__plan *plan)
{
    *plan = (ine__plan){0};
}

/* Joins what follows directly on the last segment. */
static void add(ine__plan *plan, uint32_t kind, uint64_t offset, uint64_t len)
{
    if (len == 0)
        return;
    ine__segment *last = plan->count ? &plan->segments[plan->count - 1] : NULL;
    plan->size += len;
    if (last && last->kind == kind &&
        (kind == INE__SEGMENT_ZERO || (uint64_t)last->offset + last->len == offset)) {
        last->len += (uint32_t)len;
        return;
    }
    if (plan->count == INE__PLAN_SEGMENTS) {
        plan->full = true;
        return;
    }
    plan->segments[plan->count++] = (ine__segment){kind, (uint32_t)offset, (uint32_t)len};
}

void ine__plan_copy_to(ine__plan *plan, uint64_t offset)
{
    if (offset <= plan->source)
        return;
    add(plan, INE__SEGMENT_COPY, plan->source, offset - plan->source);
    plan->source = offset;
}

void ine__plan_drop(ine__plan *plan, uint64_t start, uint64_t end)
{
    ine__plan_copy_to(plan, start);
    if (end > plan->source)
        plan->source = end;
}

void ine__plan_zero(ine__plan *plan, uint64_t start, uint64_t end)
{
    ine__plan_copy_to(plan, start);
    if (end <= plan->source)
        return;
    add(plan, INE__SEGMENT_ZERO, 0, end - plan->source);
    plan->source = end;
}

void ine__plan_literal(ine__plan *plan, const void *data, size_t len)
{
    if (len > INE__PLAN_LITERAL - plan->literal_len) {
        plan->full = true;
        return;
    }
    memcpy(plan->literal + plan->literal_len, data, len);
    add(plan, INE__SEGMENT_LITERAL, plan->literal_len, len);
    plan->literal_len += (uint32_t)len;
}

bool ine__plan_at(const ine__plan *plan, uint64_t position, ine__segment *out)
{
    uint64_t start = 0;
    *out = (ine__segment){0};
    for (uint32_t i = 0; i < plan->count; i++) {
        const ine__segment *segment = &plan->segments[i];
        if (position - start < segment->len) {
            const uint32_t into = (uint32_t)(position - start);
            *out = *segment;
            out->len -= into;
            out->offset += segment->kind == INE__SEGMENT_ZERO ? 0 : into;
            return true;
        }
        start += segment->len;
    }
    return false;
}

bool ine__plan_is_whole(const ine__plan *plan, uint64_t size)
{
    return plan->count == 1 && plan->segments[0].kind == INE__SEGMENT_COPY &&
           plan->segments[0].offset == 0 && plan->segments[0].len == size;
}
