#include "identity/formats.h"

#define CIC_LENGTH 9

static int32_t icao_value(char c)
{
    if (ine__is_digit(c))
        return c - '0';
    if (ine__is_upper(c))
        return c - 'A' + 10;
    return c == '<' ? 0 : -1;
}

char ine__icao_digit(ine_str text)
{
    static const int32_t weights[] = {7, 3, 1};
    int32_t sum = 0;
    for (size_t i = 0; i < text.len; i++) {
        const int32_t value = icao_value(text.ptr[i]);
        if (value < 0)
            return 0;
        sum = (sum + value * weights[i % 3]) % 10;
    }
    return (char)('0' + sum);
}

bool ine__is_voter_key(ine_str text)
{
    if (text.len != 18)
        return false;
    for (size_t i = 0; i < 18; i++) {
        const char c = text.ptr[i];
        const bool right = i < 6     ? ine__is_alpha(c)
                           : i < 14  ? ine__is_digit(c)
                           : i == 14 ? ine__is_alpha(c)
                                     : ine__is_digit(c) || ine__is_alpha(c);
        if (!right)
            return false;
    }
    return true;
}

static bool is_mrz_line(ine_str text)
{
    return text.len >= 5 + CIC_LENGTH && ine__str_ieq(ine__str(text.ptr, 5), INE__STR("IDMEX"));
}

/* 18 letters and digits that begin with four letters, but are neither form exactly: a typing
 * mistake in one of them. */
static bool resembles_curp(ine_str text)
{
    if (text.len != 18)
        return false;
    for (size_t i = 0; i < 18; i++) {
        if (!ine__is_alpha(text.ptr[i]) && (i < 4 || !ine__is_digit(text.ptr[i])))
            return false;
    }
    return true;
}

static int32_t digits_problem(ine_str cic)
{
    if (cic.len == CIC_LENGTH)
        return 0;
    if (cic.len == CIC_LENGTH + 1 &&
        ine__icao_digit(ine__str(cic.ptr, CIC_LENGTH)) == cic.ptr[CIC_LENGTH])
        return INE_PROBLEM_LOOKS_LIKE_MRZ;
    return cic.len == 13 ? INE_PROBLEM_LOOKS_LIKE_OCR : INE_PROBLEM_LENGTH;
}

int32_t ine__cic_problem(ine_str cic)
{
    if (ine__all_digits(cic))
        return digits_problem(cic);
    if (!ine__is_utf8(cic) || ine__has_nul(cic))
        return INE_PROBLEM_ENCODING;
    if (is_mrz_line(cic))
        return INE_PROBLEM_LOOKS_LIKE_MRZ;
    if (ine__is_curp(cic))
        return INE_PROBLEM_LOOKS_LIKE_CURP;
    if (ine__is_voter_key(cic))
        return INE_PROBLEM_LOOKS_LIKE_VOTER_KEY;
    if (resembles_curp(cic))
        return INE_PROBLEM_LOOKS_LIKE_CURP;
    return INE_PROBLEM_CHARACTERS;
}
