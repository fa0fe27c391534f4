/*
 * Texts with escapes, decoded. A decoded text is never longer than its raw form, so each stands in
 * a second area at the place that it has in the body: no table says where.
 */
#include "schema/body.h"

static void each_text(const ine_decision *decision, void (*visit)(void *, ine__slot), void *context)
{
    for (size_t i = 1; i < INE__SLOTS; i++)
        visit(context, decision->slot[i]);
    ine__list_texts(decision, visit, context);
}

static bool needs_decoding(ine__slot slot)
{
    return slot.type == INE__J_STRING && slot.escaped;
}

static void widen(void *context, ine__slot slot)
{
    ine_decision *const decision = context;
    if (!needs_decoding(slot))
        return;
    if (decision->low == decision->high) {
        decision->low = slot.at;
        decision->high = slot.at + slot.len;
        return;
    }
    if (slot.at < decision->low)
        decision->low = slot.at;
    if (slot.at + slot.len > decision->high)
        decision->high = slot.at + slot.len;
}

void ine__body_span(ine_decision *decision)
{
    decision->low = decision->high = 0;
    if (decision->bytes.len && memchr(decision->bytes.ptr, '\\', decision->bytes.len))
        each_text(decision, widen, decision);
}

typedef struct decoding {
    const ine_decision *decision;
    char *out;
} decoding;

static void decode(void *context, ine__slot slot)
{
    const decoding *const d = context;
    if (needs_decoding(slot))
        ine__json_unescape(d->out + (slot.at - d->decision->low),
                           ine__json_view(d->decision->bytes, slot));
}

void ine__body_decode(const ine_decision *decision, char *out)
{
    decoding d = {decision, out};
    each_text(decision, decode, &d);
}

/* The decoded area, made by the first who needs it; NULL without memory. */
static const char *decoded_area(const ine_decision *decision)
{
    /* a cache: two threads that make it at once make the same, and one gives way */
    ine_decision *const cache = (ine_decision *)(uintptr_t)decision;
    char *area = atomic_load_explicit(&cache->decoded, memory_order_acquire);
    if (area)
        return area;
    const size_t size = decision->high - decision->low;
    char *const made = ine__alloc(size);
    if (!made)
        return NULL;
    ine__body_decode(decision, made);
    if (atomic_compare_exchange_strong_explicit(&cache->decoded, &area, made, memory_order_acq_rel,
                                                memory_order_acquire))
        return made;
    ine__free_wiped(made, size);
    return area;
}

bool ine__body_text(const ine_decision *decision, ine__slot slot, ine_str *out)
{
    const ine_str raw = ine__json_view(decision->bytes, slot);
    *out = raw;
    if (!slot.escaped)
        return true;
    const char *const area = decoded_area(decision);
    *out = area ? (ine_str){area + (slot.at - decision->low), ine__json_unescaped_len(raw)}
                : INE__NONE;
    return area != NULL;
}
