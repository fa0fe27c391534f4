/* Whether two names are the same to the registry. How INE's own comparison works is not documented;
 * this one is lenient, as a person at a desk would be. */
#include "internal.h"

/* The base letters of U+00C0 .. U+00FF; '.' where there is none. */
static const char letters[] = "aaaaaa.ceeeeiiii.nooooo.ouuuuy..aaaaaa.ceeeeiiii.nooooo.ouuuuy.y";

typedef struct reader {
    ine_str text;
    size_t at;
} reader;

/* The next letter without its accent, in lower case; -1 at the end. Combining marks are passed
 * over. */
static int next_letter(reader *r)
{
    while (r->at < r->text.len) {
        const unsigned char c = (unsigned char)r->text.ptr[r->at++];
        const unsigned char d =
            r->at < r->text.len ? (unsigned char)r->text.ptr[r->at] : (unsigned char)0;
        if (c == 0xcc || (c == 0xcd && d < 0xb0)) { /* U+0300 .. U+036F */
            r->at++;
            continue;
        }
        if (c == 0xc3 && d >= 0x80 && d <= 0xbf && letters[d - 0x80] != '.') {
            r->at++;
            return letters[d - 0x80];
        }
        return (unsigned char)ine__lower((char)c);
    }
    return -1;
}

bool ine__sb_same_name(ine_str a, ine_str b)
{
    reader left = {ine__str_trim(a), 0}, right = {ine__str_trim(b), 0};
    int letter;
    do {
        letter = next_letter(&left);
        if (letter != next_letter(&right))
            return false;
    } while (letter >= 0);
    return true;
}
