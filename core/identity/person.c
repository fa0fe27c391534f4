#include "identity/person.h"

#include "identity/formats.h"

#define ANY   '?' /* a letter that the rules say nothing about: agrees with anything */
#define BREAK '/' /* hyphen, full stop, apostrophe ... inside a word */
#define ENYE  '~' /* N with tilde */

#define WORD 64

typedef struct word {
    char letters[WORD];
    size_t len;
} word;

/* Letters with accents, as the code points U+00C0 to U+00FF of Latin-1: the plain letter. */
static const char latin1[] = "AAAAAA?CEEEEIIII?~OOOOO??UUUUY??AAAAAA?CEEEEIIII?~OOOOO??UUUUY?Y";
_Static_assert(sizeof latin1 == 65, "one letter for each code point");

/* The next letter in upper case without accent; 0 at the end; ' ' between words. Moves *at. */
static char next_letter(ine_str name, size_t *at)
{
    const unsigned char *p = (const unsigned char *)name.ptr + *at;
    const size_t left = name.len - *at;
    if (left == 0)
        return 0;
    if (p[0] < 0x80) {
        ++*at;
        const char c = (char)p[0];
        if (c >= 'a' && c <= 'z')
            return (char)(c - 32);
        if (ine__is_upper(c) || c == ' ')
            return c;
        return BREAK;
    }
    size_t len = 1;
    while (len < left && (p[len] & 0xc0) == 0x80)
        len++;
    *at += len;
    if (len == 2 && p[0] == 0xc2 && p[1] == 0xa0) /* a space that does not break */
        return ' ';
    if (p[0] == 0xc3 && len == 2)
        return latin1[p[1] - 0x80];
    return ANY;
}

/* A combining accent (U+0300 to U+036F) belongs to the letter before it. */
static bool skip_accent(ine_str name, size_t *at, char *letter)
{
    const unsigned char *p = (const unsigned char *)name.ptr + *at;
    if (name.len - *at < 2 || !(p[0] == 0xcc || (p[0] == 0xcd && p[1] <= 0xaf)))
        return false;
    if (p[0] == 0xcc && p[1] == 0x83 && *letter == 'N')
        *letter = ENYE;
    *at += 2;
    return true;
}

/* The next word; false when there is none. */
static bool next_word(ine_str name, size_t *at, word *out)
{
    out->len = 0;
    for (char c; (c = next_letter(name, at)) != 0;) {
        if (c == ' ' && out->len == 0)
            continue;
        if (c == ' ')
            break;
        while (skip_accent(name, at, &c))
            continue;
        if (out->len < WORD)
            out->letters[out->len++] = c;
    }
    return out->len > 0;
}

static bool is_one_of(const word *text, const char *const *list)
{
    for (; *list; list++) {
        if (strlen(*list) == text->len && memcmp(*list, text->letters, text->len) == 0)
            return true;
    }
    return false;
}

static const char *const particles[] = {"DA",  "DAS", "DE",  "DEL", "DER", "DI", "DIE",
                                        "DD",  "EL",  "LA",  "LOS", "LAS", "LE", "LES",
                                        "MAC", "MC",  "VAN", "VON", "Y",   NULL};
static const char *const common[] = {"MARIA", "MA", "MA/", "JOSE", "J", "J/", NULL};

/* The word that a CURP is made from: behind particles and, in a compound given name, behind Maria
 * and Jose. The last word counts whatever it is. */
static bool main_word(ine_str name, bool given, word *out)
{
    size_t at = 0;
    bool may_be_common = given;
    word next;
    if (!next_word(name, &at, out))
        return false;
    while (is_one_of(out, particles) || (may_be_common && is_one_of(out, common))) {
        may_be_common = may_be_common && is_one_of(out, particles);
        if (!next_word(name, &at, &next))
            break;
        *out = next;
    }
    return true;
}

static bool is_vowel(char c)
{
    return c && strchr("AEIOU", c) != NULL;
}

static char initial(const word *text)
{
    const char c = text->letters[0];
    return c == ENYE || c == BREAK ? 'X' : c;
}

/* The first vowel or consonant behind the initial; X when there is none. */
static char internal(const word *text, bool vowel)
{
    for (size_t i = 0; i < text->len; i++) { /* strange characters make it anyone's guess */
        if (text->letters[i] == ANY || text->letters[i] == BREAK)
            return ANY;
    }
    for (size_t i = 1; i < text->len; i++) {
        if (is_vowel(text->letters[i]) == vowel)
            return text->letters[i] == ENYE ? 'X' : text->letters[i];
    }
    return 'X';
}

static bool agrees(char curp, char expected)
{
    return expected == ANY || curp == expected;
}

/* An X in place of the vowel avoids an inconvenient word. */
static bool vowel_agrees(const char *curp, char expected)
{
    const char four[] = {curp[0], expected, curp[2], curp[3]};
    return agrees(curp[1], expected) || (curp[1] == 'X' && ine__curp_word(ine__str(four, 4)));
}

static bool birth_agrees(const char *curp, ine_str date)
{
    ine__date given;
    const ine__date birth = ine__curp_read(ine__str(curp, 18), (ine__date){0}).birth;
    if (birth.year == 0 || !ine__date_parse(date, &given))
        return true; /* said already */
    return ine__date_days(given) == ine__date_days(birth);
}

static bool gender_agrees(char sex, ine_str gender)
{
    if (sex == 'H')
        return !ine__str_is(gender, "F");
    return sex != 'M' || !ine__str_is(gender, "M");
}

uint32_t ine__person_disagrees(ine_str curp, const ine__person *person)
{
    uint32_t out = 0;
    word name;
    const char *p = curp.ptr;
    if (curp.len != 18)
        return 0;
    if (main_word(person->last_name, false, &name) &&
        !(agrees(p[0], initial(&name)) && vowel_agrees(p, internal(&name, true)) &&
          agrees(p[13], internal(&name, false))))
        out |= INE__PERSON_LAST_NAME;
    if (main_word(person->second_last_name, false, &name) &&
        !(agrees(p[2], initial(&name)) && agrees(p[14], internal(&name, false))))
        out |= INE__PERSON_SECOND_LAST_NAME;
    if (main_word(person->first_name, true, &name) &&
        !(agrees(p[3], initial(&name)) && agrees(p[15], internal(&name, false))))
        out |= INE__PERSON_FIRST_NAME;
    if (!birth_agrees(p, person->date_of_birth))
        out |= INE__PERSON_BIRTH;
    if (!gender_agrees(p[10], person->gender))
        out |= INE__PERSON_GENDER;
    return out;
}
