/* A store in memory: one hash table with open addressing, key and value in one block. */
#include "internal.h"

typedef struct entry {
    uint64_t hash;
    uint32_t key_len, value_len;
    int32_t kind;
    char bytes[]; /* key, then value */
} entry;

typedef struct table {
    entry **slots;
    size_t size, used, dead; /* size: a power of two */
} table;

static entry gone; /* marks a slot whose entry was removed */

static uint64_t hash_of(int32_t kind, ine_str key)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)kind;
    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.ptr[i]) * UINT64_C(0x100000001b3);
    return hash ^ (hash >> 29);
}

static bool is(const entry *e, uint64_t hash, int32_t kind, ine_str key)
{
    return e->hash == hash && e->kind == kind && e->key_len == key.len &&
           memcmp(e->bytes, key.ptr, key.len) == 0;
}

/* The slot of the key; or NULL. */
static entry **find(const table *t, uint64_t hash, int32_t kind, ine_str key)
{
    for (size_t i = 0; t->size && i < t->size; i++) {
        entry **slot = &t->slots[(hash + i) & (t->size - 1)];
        if (!*slot)
            return NULL;
        if (*slot != &gone && is(*slot, hash, kind, key))
            return slot;
    }
    return NULL;
}

static void insert(entry **slots, size_t size, entry *e)
{
    size_t i = (size_t)e->hash & (size - 1);
    while (slots[i] && slots[i] != &gone)
        i = (i + 1) & (size - 1);
    slots[i] = e;
}

static bool make_room(table *t)
{
    if ((t->used + t->dead + 1) * 4 <= t->size * 3)
        return true;
    size_t size = t->size ? t->size : 256;
    while ((t->used + 1) * 2 > size)
        size *= 2;
    entry **slots = ine__alloc_array(size, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < t->size; i++) {
        if (t->slots[i] && t->slots[i] != &gone)
            insert(slots, size, t->slots[i]);
    }
    ine__free(t->slots);
    *t = (table){slots, size, t->used, 0};
    return true;
}

static void drop(entry *e)
{
    ine__free_wiped(e, sizeof *e + e->key_len + e->value_len);
}

static int32_t get(void *context, int32_t kind, ine_str key, void (*give)(void *, ine_str),
                   void *to)
{
    entry **slot = find(context, hash_of(kind, key), kind, key);
    if (!slot)
        return 0;
    give(to, ine__str((*slot)->bytes + (*slot)->key_len, (*slot)->value_len));
    return 1;
}

static bool put(void *context, int32_t kind, ine_str key, ine_str value)
{
    table *t = context;
    const uint64_t hash = hash_of(kind, key);
    if (key.len > UINT16_MAX || value.len > UINT32_MAX / 2)
        return false;
    entry *e = ine__alloc(sizeof *e + key.len + value.len);
    if (!e)
        return false;
    e->hash = hash;
    e->kind = kind;
    e->key_len = (uint32_t)key.len;
    e->value_len = (uint32_t)value.len;
    memcpy(e->bytes, key.ptr, key.len);
    if (value.len)
        memcpy(e->bytes + key.len, value.ptr, value.len);
    entry **slot = find(t, hash, kind, key);
    if (slot) {
        drop(*slot);
        *slot = e;
        return true;
    }
    if (!make_room(t)) {
        drop(e);
        return false;
    }
    insert(t->slots, t->size, e);
    t->used++;
    return true;
}

static bool remove_key(void *context, int32_t kind, ine_str key)
{
    table *t = context;
    entry **slot = find(t, hash_of(kind, key), kind, key);
    if (slot) {
        drop(*slot);
        *slot = &gone;
        t->used--;
        t->dead++;
    }
    return true;
}

static void free_table(void *context)
{
    table *t = context;
    for (size_t i = 0; i < t->size; i++) {
        if (t->slots[i] && t->slots[i] != &gone)
            drop(t->slots[i]);
    }
    ine__free(t->slots);
    ine__free(t);
}

bool ine_sandbox_memory_store(ine_sandbox_store *out)
{
    table *t = ine__alloc(sizeof *t);
    *out = (ine_sandbox_store){t, get, put, remove_key, free_table};
    return t != NULL;
}
