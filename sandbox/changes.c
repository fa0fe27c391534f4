/* What changed, for whoever watches: a page that follows a flow live. Bounded; when more happened
 * than was fetched, one "reset" stands for all of it. */
#include "internal.h"

#define REF_MAX 36
#define KEPT    512

typedef struct change {
    int32_t kind;
    uint32_t ref_len;
    int64_t at_ms; /* not told before */
    char ref[REF_MAX];
} change;

struct ine__sb_changes {
    size_t count;
    bool lost;
    change told; /* the one that was handed out last */
    change waiting[KEPT];
};

static const char *const kind_names[] = {
    [INE__SB_CHANGE_RESET] = "reset",     [INE__SB_CHANGE_SESSION] = "session",
    [INE__SB_CHANGE_WEBHOOK] = "webhook", [INE__SB_CHANGE_PERSON] = "person",
    [INE__SB_CHANGE_CLOCK] = "clock",
};

bool ine_sandbox_watch(ine_sandbox *sandbox, bool on)
{
    if (on && !sandbox->changes)
        sandbox->changes = ine__alloc(sizeof *sandbox->changes);
    if (!on) {
        ine__free(sandbox->changes);
        sandbox->changes = NULL;
    }
    return !on || sandbox->changes;
}

static bool is_same(const change *a, const change *b)
{
    return a->kind == b->kind && a->at_ms == b->at_ms && a->ref_len == b->ref_len &&
           memcmp(a->ref, b->ref, a->ref_len) == 0;
}

void ine__sb_changed(ine_sandbox *sandbox, int32_t kind, ine_str ref, int64_t at_ms)
{
    ine__sb_changes *changes = sandbox->changes;
    change c = {.kind = kind, .at_ms = at_ms};
    if (!changes || ref.len > REF_MAX)
        return;
    c.ref_len = (uint32_t)ref.len;
    if (ref.len)
        memcpy(c.ref, ref.ptr, ref.len);
    for (size_t i = 0; i < changes->count; i++) {
        if (is_same(&changes->waiting[i], &c))
            return;
    }
    if (changes->count == KEPT) {
        changes->count = 0;
        changes->lost = true;
        return;
    }
    changes->waiting[changes->count++] = c;
}

bool ine_sandbox_next_change(ine_sandbox *sandbox, int64_t now_ms, ine_sandbox_change *out)
{
    ine__sb_changes *changes = sandbox->changes;
    const int64_t now = now_ms + sandbox->settings[INE_SANDBOX_CLOCK_MS];
    *out = (ine_sandbox_change){INE__NONE, INE__NONE};
    if (!changes)
        return false;
    if (changes->lost) {
        changes->lost = false;
        out->kind = ine__str_of(kind_names[INE__SB_CHANGE_RESET]);
        return true;
    }
    for (size_t i = 0; i < changes->count; i++) {
        if (changes->waiting[i].at_ms > now)
            continue;
        changes->told = changes->waiting[i];
        changes->count--;
        memmove(&changes->waiting[i], &changes->waiting[i + 1],
                (changes->count - i) * sizeof *changes->waiting);
        out->kind = ine__str_of(kind_names[changes->told.kind]);
        out->ref = ine__str(changes->told.ref, changes->told.ref_len);
        return true;
    }
    return false;
}
