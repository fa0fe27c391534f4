#include "num.h"

size_t ine__format_int(char out[INE__INT_DIGITS], int64_t number)
{
    char reversed[INE__INT_DIGITS];
    size_t n = 0, len = 0;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        reversed[n++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (number < 0)
        out[len++] = '-';
    while (n)
        out[len++] = reversed[--n];
    return len;
}

bool ine__parse_uint(ine_str text, int64_t max, int64_t *out)
{
    int64_t value = 0;
    *out = 0;
    if (text.len == 0 || !ine__all_digits(text))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, text.ptr[i] - '0', &value) || value > max)
            return false;
    }
    *out = value;
    return true;
}

static bool is_leap(int32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool ine__date_valid(ine__date date)
{
    static const int32_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1)
        return false;
    return date.day <= days[date.month - 1] + (date.month == 2 && is_leap(date.year));
}

bool ine__date_parse(ine_str text, ine__date *out)
{
    int64_t year, month, day;
    *out = (ine__date){0};
    if (text.len != 10 || text.ptr[4] != '-' || text.ptr[7] != '-' ||
        !ine__parse_uint(ine__str(text.ptr, 4), 9999, &year) ||
        !ine__parse_uint(ine__str(text.ptr + 5, 2), 12, &month) ||
        !ine__parse_uint(ine__str(text.ptr + 8, 2), 31, &day))
        return false;
    *out = (ine__date){(int32_t)year, (int32_t)month, (int32_t)day};
    return ine__date_valid(*out);
}

/* Eras of 400 years that start on 1 March, so that the leap day is the last of a year. */
int64_t ine__date_days(ine__date date)
{
    const int64_t year = date.year - (date.month <= 2);
    const int64_t era = (year >= 0 ? year : year - 399) / 400;
    const int64_t year_of_era = year - era * 400;
    const int64_t day_of_year =
        (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    const int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

ine__date ine__date_from_days(int64_t days)
{
    const int64_t shifted = days + 719468;
    const int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    const int64_t day_of_era = shifted - era * 146097;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t shifted_month = (5 * day_of_year + 2) / 153;
    const int64_t month = shifted_month + (shifted_month < 10 ? 3 : -9);
    return (ine__date){(int32_t)(year_of_era + era * 400 + (month <= 2)), (int32_t)month,
                       (int32_t)(day_of_year - (153 * shifted_month + 2) / 5 + 1)};
}

bool ine__date_from_number(int64_t yyyymmdd, ine__date *out)
{
    *out = (ine__date){0};
    if (yyyymmdd < 0 || yyyymmdd > 99991231)
        return false;
    *out = (ine__date){(int32_t)(yyyymmdd / 10000), (int32_t)(yyyymmdd / 100 % 100),
                       (int32_t)(yyyymmdd % 100)};
    return ine__date_valid(*out);
}

/* Two digits up to `max`, with `before` in front of them. */
static bool two_digits(ine_str *rest, char before, int64_t max, int64_t *out)
{
    if (rest->len < 3 || rest->ptr[0] != before ||
        !ine__parse_uint(ine__str(rest->ptr + 1, 2), max, out))
        return false;
    *rest = ine__str(rest->ptr + 3, rest->len - 3);
    return true;
}

static bool take_fraction(ine_str *rest, int64_t *nanoseconds)
{
    int64_t unit = 100000000;
    size_t n = 1;
    *nanoseconds = 0;
    if (rest->len == 0 || rest->ptr[0] != '.')
        return true;
    for (; n < rest->len && ine__is_digit(rest->ptr[n]); n++, unit /= 10)
        *nanoseconds += unit * (rest->ptr[n] - '0');
    *rest = ine__str(rest->ptr + n, rest->len - n);
    return n > 1 && n <= 10;
}

static bool take_offset(ine_str rest, int64_t *minutes)
{
    int64_t hour, minute;
    *minutes = 0;
    if (rest.len == 1 && (rest.ptr[0] == 'Z' || rest.ptr[0] == 'z'))
        return true;
    const char sign = rest.len ? rest.ptr[0] : 0;
    if ((sign != '+' && sign != '-') || !two_digits(&rest, sign, 23, &hour) ||
        !two_digits(&rest, ':', 59, &minute) || rest.len)
        return false;
    *minutes = (hour * 60 + minute) * (sign == '-' ? -1 : 1);
    return true;
}

bool ine__time_parse(ine_str text, int64_t *out)
{
    ine__date date;
    int64_t hour, minute, second, fraction, offset;
    *out = 0;
    if (text.len < 20 || !ine__date_parse(ine__str(text.ptr, 10), &date) || date.year < 1678 ||
        date.year > 2261)
        return false;
    ine_str rest = ine__str(text.ptr + 10, text.len - 10);
    if (!two_digits(&rest, 'T', 23, &hour) || !two_digits(&rest, ':', 59, &minute) ||
        !two_digits(&rest, ':', 60, &second) || !take_fraction(&rest, &fraction) ||
        !take_offset(rest, &offset))
        return false;
    const int64_t minutes = (ine__date_days(date) * 24 + hour) * 60 + minute - offset;
    *out = (minutes * 60 + second) * 1000000000 + fraction;
    return true;
}

int32_t ine__date_years(ine__date from, ine__date to)
{
    const bool before_birthday =
        to.month < from.month || (to.month == from.month && to.day < from.day);
    return to.year - from.year - before_birthday;
}
