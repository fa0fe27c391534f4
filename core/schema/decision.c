#include "schema/body.h"

/* Gives back what a decision owns besides its own block. */
static void drop(ine_decision *decision)
{
    char *const decoded = atomic_load_explicit(&decision->decoded, memory_order_acquire);
    if (decoded && !decision->decoded_inside)
        ine__free_wiped(decoded, decision->high - decision->low);
    if (decision->block)
        ine__free_wiped(decision->block, decision->block_size);
    atomic_store_explicit(&decision->decoded, NULL, memory_order_relaxed);
    decision->decoded_inside = false;
    decision->block = NULL;
    decision->block_size = 0;
    decision->kind = INE_KIND_UNKNOWN;
    decision->bytes = INE__NONE;
    decision->low = decision->high = 0;
}

/* Reads `body` where it stands. After a failure the slots are empty. */
static int32_t scan(ine_decision *decision, ine_str body, ine_error **err)
{
    ine__json_fault fault;
    memset(decision->slot, 0, sizeof decision->slot);
    if (body.len > INE__BODY_MAX)
        return ine__fail(err, INE_E_LIMIT, "the body is larger than 2 GB");
    if (ine__json_read(&ine__body, body, decision->slot, INE__SLOTS, &fault) != INE_OK) {
        memset(decision->slot, 0, sizeof decision->slot);
        return ine__json_fail(err, &fault);
    }
    decision->slot[0] = (ine__slot){0}; /* the reader's scrap */
    decision->kind = ine__body_kind(body, decision->slot);
    decision->bytes = body;
    ine__body_span(decision);
    return INE_OK;
}

static void forget(ine_decision *decision)
{
    memset(decision->slot, 0, sizeof decision->slot);
    decision->kind = INE_KIND_UNKNOWN;
    decision->bytes = INE__NONE;
    decision->low = decision->high = 0;
}

/* Puts the bytes and the decoded texts into `room`, which has `decision->bytes.len` and the span
 * of the texts with escapes. */
static void settle(ine_decision *decision, char *room)
{
    memcpy(room, decision->bytes.ptr, decision->bytes.len);
    decision->bytes.ptr = room;
    if (decision->high > decision->low) {
        ine__body_decode(decision, room + decision->bytes.len);
        decision->decoded_inside = true;
        atomic_store_explicit(&decision->decoded, room + decision->bytes.len, memory_order_release);
    }
}

static size_t room_needed(const ine_decision *decision)
{
    return decision->bytes.len + (decision->high - decision->low); /* at most twice 2 GB */
}

static int32_t check_arguments(const void *body, size_t body_len, int32_t flags, ine_error **err)
{
    if (!body && body_len)
        return ine__fail(err, INE_E_ARGUMENT, "no body");
    if (flags != INE_READ_COPY && flags != INE_READ_BORROW)
        return ine__fail(err, INE_E_ARGUMENT, "unknown flags");
    return INE_OK;
}

/* In one block: the handle, the bytes, and the decoded texts. What is written anyway is not cleared
 * before: this is the path of every webhook. */
static int32_t read_copy(ine_decision **out, ine_str body, ine_error **err)
{
    INE__UNSET ine_decision found;
    const int32_t code = scan(&found, body, err);
    if (code != INE_OK)
        return code;
    const size_t size = sizeof found + room_needed(&found);
    ine_decision *const decision = ine__realloc(NULL, size);
    if (!decision)
        return ine__fail_memory(err);
    decision->kind = found.kind;
    decision->bytes = found.bytes;
    memcpy(decision->slot, found.slot, sizeof found.slot);
    atomic_init(&decision->decoded, NULL);
    decision->low = found.low;
    decision->high = found.high;
    decision->size = size;
    decision->block = NULL;
    decision->block_size = 0;
    decision->decoded_inside = false;
    settle(decision, (char *)(decision + 1));
    *out = decision;
    return INE_OK;
}

static int32_t read_borrowed(ine_decision **out, ine_str body, ine_error **err)
{
    ine_decision *const decision = ine__alloc(sizeof *decision);
    if (!decision)
        return ine__fail_memory(err);
    const int32_t code = scan(decision, body, err);
    if (code != INE_OK) {
        ine__free(decision);
        return code;
    }
    decision->size = sizeof *decision;
    *out = decision;
    return INE_OK;
}

int32_t ine_decision_read(ine_decision **out, const void *body, size_t body_len, int32_t flags,
                          ine_error **err)
{
    ine__error_clear(err);
    if (!out)
        return ine__fail(err, INE_E_ARGUMENT, "no place for the decision");
    *out = NULL;
    int32_t code = check_arguments(body, body_len, flags, err);
    if (code != INE_OK)
        return code;
    const ine_str text = {body ? body : "", body_len};
    code = flags == INE_READ_BORROW ? read_borrowed(out, text, err) : read_copy(out, text, err);
    if (code == INE_OK)
        atomic_init(&(*out)->owners, 1);
    return code;
}

int32_t ine_decision_reread(ine_decision *decision, const void *body, size_t body_len,
                            int32_t flags, ine_error **err)
{
    ine__error_clear(err);
    if (!decision)
        return ine__fail(err, INE_E_ARGUMENT, "no decision");
    if (atomic_load_explicit(&decision->owners, memory_order_acquire) != 1)
        return ine__fail(err, INE_E_STATE, "the decision has several owners");
    int32_t code = check_arguments(body, body_len, flags, err);
    drop(decision);
    if (code == INE_OK)
        code = scan(decision, (ine_str){body ? body : "", body_len}, err);
    if (code != INE_OK) {
        forget(decision);
        return code;
    }
    if (flags == INE_READ_BORROW)
        return INE_OK;
    const size_t size = room_needed(decision);
    char *const room = ine__alloc(size);
    if (!room) {
        forget(decision);
        return ine__fail_memory(err);
    }
    settle(decision, room);
    decision->block = room;
    decision->block_size = size;
    return INE_OK;
}

int32_t ine__decision_binary(ine_decision **out, ine_str bytes, ine_error **err)
{
    ine__error_clear(err);
    *out = NULL;
    size_t size;
    if (__builtin_add_overflow(sizeof **out, bytes.len, &size))
        return ine__fail(err, INE_E_LIMIT, "the body is too large");
    ine_decision *const decision = ine__alloc(size);
    if (!decision)
        return ine__fail_memory(err);
    atomic_init(&decision->owners, 1);
    decision->kind = INE_KIND_BINARY;
    decision->bytes = bytes;
    decision->size = size;
    settle(decision, (char *)(decision + 1));
    *out = decision;
    return INE_OK;
}

/* Its bytes are the caller's, who may free them as soon as the handle is free. */
static bool is_borrowed(const ine_decision *decision)
{
    return decision->bytes.len > 0 && !decision->block && decision->size == sizeof *decision;
}

ine_decision *ine__decision_share(const ine_decision *decision)
{
    ine_decision *shared = (ine_decision *)(uintptr_t)decision;
    if (shared && is_borrowed(shared)) {
        const ine_str bytes = decision->bytes;
        ine_decision_read(&shared, bytes.ptr, bytes.len, INE_READ_COPY, NULL);
    } else if (shared)
        atomic_fetch_add_explicit(&shared->owners, 1, memory_order_relaxed);
    return shared;
}

void ine_decision_free(ine_decision *decision)
{
    if (!decision || atomic_fetch_sub_explicit(&decision->owners, 1, memory_order_acq_rel) != 1)
        return;
    drop(decision);
    /* the slots before them hold no personal data */
    ine__wipe(decision + 1, decision->size - sizeof *decision);
    ine__free(decision);
}

int32_t ine_decision_kind(const ine_decision *decision)
{
    return decision ? decision->kind : INE_KIND_UNKNOWN;
}

ine_str ine_decision_bytes(const ine_decision *decision)
{
    return decision ? decision->bytes : INE__NONE;
}

const ine__slot *ine__decision_slots(const ine_decision *decision)
{
    static const ine__slot none[INE__SLOTS];
    return decision ? decision->slot : none;
}

ine__slot ine__decision_slot(const ine_decision *decision, uint32_t slot)
{
    return decision && slot < INE__SLOTS ? decision->slot[slot] : (ine__slot){0};
}

int32_t ine_decision_find(const ine_decision *decision, const char *pointer, size_t pointer_len,
                          ine_str *out, ine_error **err)
{
    ine__error_clear(err);
    if (out)
        *out = INE__NONE;
    if (!decision || !out || (!pointer && pointer_len))
        return ine__fail(err, INE_E_ARGUMENT, "no decision, pointer or place for the value");
    if (decision->kind == INE_KIND_BINARY)
        return ine__fail(err, INE_E_STATE, "this body is not JSON");
    if (!ine__json_pointer(decision->bytes, (ine_str){pointer ? pointer : "", pointer_len}, out))
        return ine__fail(err, INE_E_ARGUMENT, "not a JSON Pointer");
    return INE_OK;
}
