/* Sorting a text of the vendor into the words that we know. */
#include "cascade/facts.h"

/* A word is at most 22 characters long, and each may be written as an escape of six. */
#define LONGEST 160

uint16_t ine__word_find(const ine__word *words, size_t count, const char *bytes, ine__slot slot,
                        uint16_t missing, uint16_t other, bool *other_case)
{
    if (slot.type != INE__J_STRING)
        return missing;
    char decoded[LONGEST];
    ine_str text = {bytes + slot.at, slot.len};
    if (slot.escaped) {
        if (text.len > LONGEST)
            return other;
        text.len = ine__json_unescape(decoded, text);
        text.ptr = decoded;
    }
    for (size_t i = 0; i < count; i++) {
        if (words[i].len == text.len && memcmp(words[i].text, text.ptr, text.len) == 0)
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
