#include "identity/formats.h"
#include "identity/states.h"

#define CURP_LENGTH 18

/* Classes by position [Instructivo 2006]: L letter, V internal vowel or X, D digit, S sex, C
 * consonant, A letter or digit (C-8). */
static const char classes[] = "LVLLDDDDDDSLLCCCAD";
/* The mask that the vendor's page prints [V-2026-06]. */
static const char mask[] = "LLLLDDDDDDLLLLLLDD";

static bool in_class(char c, char class_)
{
    switch (class_) {
    case 'L':
        return ine__is_upper(c);
    case 'V':
        return c && strchr("AEIOUX", c) != NULL;
    case 'D':
        return ine__is_digit(c);
    case 'S':
        return c == 'H' || c == 'M' || c == 'X';
    case 'C':
        return ine__is_upper(c) && strchr("AEIOU", c) == NULL;
    default:
        return ine__is_upper(c) || ine__is_digit(c);
    }
}

static bool fits(const char *text, const char *form)
{
    for (size_t i = 0; i < CURP_LENGTH; i++) {
        if (!in_class(text[i], form[i]))
            return false;
    }
    return true;
}

bool ine__is_curp(ine_str text)
{
    char upper[CURP_LENGTH];
    if (text.len != CURP_LENGTH)
        return false;
    for (size_t i = 0; i < CURP_LENGTH; i++) {
        const char c = text.ptr[i];
        upper[i] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
    }
    return fits(upper, classes);
}

/* Value of a character: its place in 0-9A-N, then (the empty place of the letter after N), O-Z. */
static int32_t value(char c)
{
    if (ine__is_digit(c))
        return c - '0';
    if (!ine__is_upper(c))
        return -1;
    return c <= 'N' ? c - 'A' + 10 : c - 'O' + 25;
}

int32_t ine__curp_digit(ine_str curp)
{
    int32_t sum = 0;
    if (curp.len < CURP_LENGTH - 1)
        return -1;
    for (int32_t i = 0; i < CURP_LENGTH - 1; i++) {
        const int32_t v = value(curp.ptr[i]);
        if (v < 0)
            return -1;
        sum += v * (CURP_LENGTH - i);
    }
    return (10 - sum % 10) % 10;
}

/* Annex 2 of the Instructivo (2006). Real CURPs carry these words: a warning at most. */
static const char words[][4] = {
    "BACA", "BAKA", "BUEI", "BUEY", "CACA", "CACO", "CAGA", "CAGO", "CAKA", "CAKO", "COGE", "COGI",
    "COJA", "COJE", "COJI", "COJO", "COLA", "CULO", "FALO", "FETO", "GETA", "GUEI", "GUEY", "JETA",
    "JOTO", "KACA", "KACO", "KAGA", "KAGO", "KAKA", "KAKO", "KOGE", "KOGI", "KOJA", "KOJE", "KOJI",
    "KOJO", "KOLA", "KULO", "LILO", "LOCA", "LOCO", "LOKA", "LOKO", "MAME", "MAMO", "MEAR", "MEAS",
    "MEON", "MIAR", "MION", "MOCO", "MOKO", "MULA", "MULO", "NACA", "NACO", "PEDA", "PEDO", "PENE",
    "PIPI", "PITO", "POPO", "PUTA", "PUTO", "QULO", "RATA", "ROBA", "ROBE", "ROBO", "RUIN", "SENO",
    "TETA", "VACA", "VAGA", "VAGO", "VAKA", "VUEI", "VUEY", "WUEI", "WUEY",
};

bool ine__curp_word(ine_str four)
{
    for (size_t i = 0; four.len >= 4 && i < sizeof words / sizeof words[0]; i++) {
        if (memcmp(four.ptr, words[i], 4) == 0)
            return true;
    }
    return false;
}

static int32_t two_digits(const char *p)
{
    return (p[0] - '0') * 10 + (p[1] - '0');
}

/* Position 17 is a digit for those born until 1999 and a letter since. */
static bool birth_date(const char *curp, ine__date *out)
{
    *out = (ine__date){0};
    if (!ine__all_digits(ine__str(curp + 4, 6)))
        return false;
    const ine__date date = {(ine__is_digit(curp[16]) ? 1900 : 2000) + two_digits(curp + 4),
                            two_digits(curp + 6), two_digits(curp + 8)};
    if (!ine__date_valid(date))
        return false;
    *out = date;
    return true;
}

static bool is_placeholder(const char *curp)
{
    return memcmp(curp, "XEXX010101", 10) == 0 && memcmp(curp + 11, "NEXXX", 5) == 0;
}

static uint32_t age_flags(ine__date birth, ine__date today)
{
    if (today.year == 0)
        return 0;
    if (ine__date_days(birth) > ine__date_days(today))
        return INE__CURP_FUTURE;
    return ine__date_years(birth, today) < 18 ? INE__CURP_UNDER_AGE : 0;
}

ine__curp ine__curp_read(ine_str text, ine__date today)
{
    ine__curp out = {0};
    const char *curp = text.ptr;
    if (text.len != CURP_LENGTH)
        out.flags |= INE__CURP_LENGTH;
    for (size_t i = 0; i < text.len; i++) {
        if (!in_class(curp[i], 'A'))
            out.flags |= INE__CURP_CHARACTERS;
    }
    if (out.flags)
        return out;
    if (!fits(curp, classes))
        out.flags |= INE__CURP_STRUCTURE;
    if (!fits(curp, mask))
        out.flags |= INE__CURP_MASK;
    if (birth_date(curp, &out.birth))
        out.flags |= age_flags(out.birth, today);
    else
        out.flags |= INE__CURP_DATE;
    if (!ine__curp_state(ine__str(curp + 11, 2)))
        out.flags |= INE__CURP_STATE;
    if (value(curp[17]) != ine__curp_digit(text))
        out.flags |= INE__CURP_DIGIT;
    if (ine__curp_word(ine__str(curp, 4)))
        out.flags |= INE__CURP_WORD;
    if (is_placeholder(curp))
        out.flags |= INE__CURP_PLACEHOLDER;
    if (curp[16] >= 'K')
        out.flags |= INE__CURP_HOMONYM;
    out.sex = in_class(curp[10], 'S') ? curp[10] : 0;
    return out;
}
