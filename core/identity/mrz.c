#include "identity/mrz.h"

#include "base/alloc.h"
#include "identity/formats.h"

#define LINE       30u
#define ADULT      18
#define PIVOT_YEAR 2024

/* Gathers the characters of the lines; what stands between and around them does not count. */
static void gather(ine__mrz *mrz, ine_str text)
{
    size_t len = 0, column = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        if (c == '\n' || c == '\r') {
            if (column % LINE)
                mrz->flags |= INE__MRZ_LENGTH;
            column = 0;
            continue;
        }
        if (c == ' ' || c == '\t')
            continue;
        if (!ine__is_upper(c) && !ine__is_digit(c) && c != '<')
            mrz->flags |= INE__MRZ_CHARACTERS;
        if (len == INE__MRZ_SIZE) {
            mrz->flags |= INE__MRZ_LENGTH;
            return;
        }
        mrz->text[len++] = c;
        column++;
    }
    if (len == 0 || len % LINE)
        mrz->flags |= INE__MRZ_LENGTH;
    mrz->lines = (uint32_t)(len / LINE);
}

static ine_str field(const ine__mrz *mrz, size_t line, size_t first, size_t last)
{
    return ine__str(mrz->text + (line - 1) * LINE + first - 1, last - first + 1);
}

static char at(const ine__mrz *mrz, size_t line, size_t column)
{
    return field(mrz, line, column, column).ptr[0];
}

static bool digit_agrees(const ine__mrz *mrz, size_t line, size_t first, size_t last)
{
    return ine__icao_digit(field(mrz, line, first, last)) == at(mrz, line, last + 1);
}

static void read_first(ine__mrz *mrz)
{
    if (!ine__str_is(field(mrz, 1, 1, 5), "IDMEX"))
        mrz->flags |= INE__MRZ_NOT_INE;
    mrz->cic = field(mrz, 1, 6, 14);
    if (!ine__all_digits(mrz->cic)) {
        mrz->flags |= INE__MRZ_CIC;
        mrz->cic = INE__NONE;
    }
    if (!digit_agrees(mrz, 1, 6, 14))
        mrz->flags |= INE__MRZ_CIC_DIGIT;
    mrz->number = field(mrz, 1, 18, 30);
    if (!ine__str_is(field(mrz, 1, 16, 17), "<<") || !ine__all_digits(mrz->number))
        mrz->flags |= INE__MRZ_STRUCTURE;
}

static bool read_date(ine_str text, int32_t century, ine__date *out)
{
    int64_t number;
    *out = (ine__date){0};
    return ine__parse_uint(text, 999999, &number) &&
           ine__date_from_number(century * INT64_C(10000) + number, out);
}

/* Cards go to adults: of the two centuries the later one that makes an adult. */
static bool read_birth(ine__mrz *mrz, ine__date today)
{
    const ine_str text = field(mrz, 2, 1, 6);
    if (today.year == 0)
        today = (ine__date){PIVOT_YEAR, 12, 31};
    if (read_date(text, 2000, &mrz->birth) && ine__date_years(mrz->birth, today) >= ADULT)
        return true;
    return read_date(text, 1900, &mrz->birth);
}

static void read_second(ine__mrz *mrz, ine__date today)
{
    const char sex = at(mrz, 2, 8);
    if (!read_birth(mrz, today))
        mrz->flags |= INE__MRZ_BIRTH;
    if (!digit_agrees(mrz, 2, 1, 6))
        mrz->flags |= INE__MRZ_BIRTH_DIGIT;
    if (sex == 'H' || sex == 'M' || sex == 'X')
        mrz->sex = sex;
    else if (sex != '<')
        mrz->flags |= INE__MRZ_SEX;
    if (!read_date(field(mrz, 2, 9, 14), 2000, &mrz->expiry))
        mrz->flags |= INE__MRZ_EXPIRY;
    else if (today.year && ine__date_days(mrz->expiry) < ine__date_days(today))
        mrz->flags |= INE__MRZ_EXPIRED;
    if (!digit_agrees(mrz, 2, 9, 14))
        mrz->flags |= INE__MRZ_EXPIRY_DIGIT;
    mrz->emission = field(mrz, 2, 20, 21);
    if (!ine__str_is(field(mrz, 2, 16, 18), "MEX"))
        mrz->flags |= INE__MRZ_STRUCTURE;
    char whole[50];
    memcpy(whole, field(mrz, 1, 6, 30).ptr, 25);
    memcpy(whole + 25, field(mrz, 2, 1, 7).ptr, 7);
    memcpy(whole + 32, field(mrz, 2, 9, 15).ptr, 7);
    memcpy(whole + 39, field(mrz, 2, 19, 29).ptr, 11);
    if (ine__icao_digit(ine__str(whole, sizeof whole)) != at(mrz, 2, 30))
        mrz->flags |= INE__MRZ_COMPOSITE_DIGIT;
    ine__wipe(whole, sizeof whole);
}

static ine_str without_filler(ine_str text)
{
    while (text.len && text.ptr[text.len - 1] == '<')
        text.len--;
    return text;
}

static void read_third(ine__mrz *mrz)
{
    const ine_str line = field(mrz, 3, 1, 30);
    size_t end = 0;
    while (end + 1 < line.len && (line.ptr[end] != '<' || line.ptr[end + 1] != '<'))
        end++;
    if (end == 0)
        mrz->flags |= INE__MRZ_STRUCTURE;
    if (end + 1 >= line.len) /* surnames that fill the line */
        end = line.len;
    mrz->surnames = without_filler(ine__str(line.ptr, end));
    if (end + 2 < line.len)
        mrz->given = without_filler(ine__str(line.ptr + end + 2, line.len - end - 2));
}

void ine__mrz_read(ine__mrz *out, ine_str text, ine__date today)
{
    *out = (ine__mrz){0};
    gather(out, text);
    if (out->flags)
        return;
    read_first(out);
    if (out->lines >= 2)
        read_second(out, today);
    if (out->lines == 3)
        read_third(out);
}

void ine__mrz_wipe(ine__mrz *mrz)
{
    ine__wipe(mrz, sizeof *mrz);
}
