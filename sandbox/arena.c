#include "internal.h"

struct ine__sb_chunk {
    ine__sb_chunk *next;
    size_t size, used;
    char bytes[];
};

#define CHUNK 8192u

char *ine__sb_arena_take(ine__sb_arena *arena, size_t size)
{
    ine__sb_chunk *chunk = arena->chunks;
    size_t whole;
    if (chunk && size <= chunk->size - chunk->used) {
        chunk->used += size;
        return chunk->bytes + chunk->used - size;
    }
    const size_t room = size > CHUNK ? size : CHUNK;
    if (__builtin_add_overflow(room, sizeof *chunk, &whole) || !(chunk = ine__alloc(whole))) {
        arena->failed = true;
        return NULL;
    }
    chunk->size = room;
    chunk->used = size;
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    return chunk->bytes;
}

ine_str ine__sb_arena_copy(ine__sb_arena *arena, ine_str text)
{
    if (!text.ptr)
        return INE__NONE;
    char *copy = ine__sb_arena_take(arena, text.len ? text.len : 1);
    if (!copy)
        return INE__NONE;
    if (text.len)
        memcpy(copy, text.ptr, text.len);
    return ine__str(copy, text.len);
}

/* The last chunk stays for the next request, wiped as far as it was used. */
void ine__sb_arena_clear(ine__sb_arena *arena)
{
    while (arena->chunks) {
        ine__sb_chunk *chunk = arena->chunks;
        if (!chunk->next && chunk->size == CHUNK) {
            ine__wipe(chunk->bytes, chunk->used);
            chunk->used = 0;
            break;
        }
        arena->chunks = chunk->next;
        ine__free_wiped(chunk, sizeof *chunk + chunk->used);
    }
    arena->failed = false;
}

void ine__sb_arena_free(ine__sb_arena *arena)
{
    while (arena->chunks) {
        ine__sb_chunk *chunk = arena->chunks;
        arena->chunks = chunk->next;
        ine__free_wiped(chunk, sizeof *chunk + chunk->used);
    }
}
