/* Sorting a text of the vendor into the words that we know. */
#include "cascade/facts.h"

/* A word is at most 22 characters long, and each may be written as an escape of six. */
#define LONGEST 160

static uint16_t find(const ine__word *words, size_t count, ine_str text, uint16_t other,
                     bool *other_case)
{
    for (size_t i = 0; i < count; i++) {
        /* the first letter first: most words differ in it, and a call costs more */
        if (words[i].len == text.len && words[i].text[0] == text.ptr[0] &&
            memcmp(words[i].text, text.ptr, text.len) == 0)
            return words[i].value;
    }
    for (size_t i = 0; i < count; i++) {
        if (ine__str_ieq((ine_str){words[i].text, words[i].len}, text)) {
            *other_case = true;
            return words[i].value;
        }
    }
    return other;
}

/* Decodes without memory. Apart, so that the usual way does not pay for its room. */
__attribute__((noinline)) static uint16_t
find_escaped(const ine__word *words, size_t count, ine_str raw, uint16_t other, bool *other_case)
{
    char decoded[LONGEST];
    if (raw.len > LONGEST)
        return other;
    return find(words, count, (ine_str){decoded, ine__json_unescape(decoded, raw)}, other,
                other_case);
}

uint16_t ine__word_find(const ine__word *words, size_t count, const char *bytes, ine__slot slot,
                        uint16_t missing, uint16_t other, bool *other_case)
{
    if (slot.type != INE__J_STRING)
        return missing;
    const ine_str text = {bytes + slot.at, slot.len};
    if (slot.escaped)
        return find_escaped(words, count, text, other, other_case);
    return find(words, count, text, other, other_case);
}
