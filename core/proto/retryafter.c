#include "proto/retryafter.h"

#include "base/num.h"

typedef struct fields {
    int64_t year, month, day, hour, minute, second;
} fields;

static bool take_literal(ine_str *rest, const char *text)
{
    const size_t n = strlen(text);
    if (!ine__str_starts(*rest, text))
        return false;
    *rest = (ine_str){rest->ptr + n, rest->len - n};
    return true;
}

static bool take_digits(ine_str *rest, size_t n, int64_t *out)
{
    if (rest->len < n || !ine__parse_uint(ine__str(rest->ptr, n), 9999, out))
        return false;
    *rest = (ine_str){rest->ptr + n, rest->len - n};
    return true;
}

/* The index of the name that `rest` starts with; exact case, as RFC 9110 has it. */
static bool take_name(ine_str *rest, const char *const *names, size_t count, int64_t *out)
{
    for (size_t i = 0; i < count; i++) {
        if (take_literal(rest, names[i])) {
            *out = (int64_t)i;
            return true;
        }
    }
    return false;
}

static bool take_time(ine_str *rest, fields *f)
{
    return take_digits(rest, 2, &f->hour) && take_literal(rest, ":") &&
           take_digits(rest, 2, &f->minute) && take_literal(rest, ":") &&
           take_digits(rest, 2, &f->second);
}

static const char *const short_days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char *const long_days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* A year of two digits that would lie more than 50 years ahead means the past [RFC 9110 5.6.7]. */
static int64_t whole_year(int64_t two_digits, int64_t wall)
{
    const int64_t now = ine__date_from_days(wall / 86400).year;
    const int64_t year = now - now % 100 + two_digits;
    return year > now + 50 ? year - 100 : year;
}

/* One letter a part: a A weekday, d e day, b month, y Y year, t time; anything else is itself. */
static bool take_part(ine_str *rest, char part, int64_t wall, fields *f)
{
    int64_t ignored;
    const char literal[2] = {part, 0};
    switch (part) {
    case 'a':
        return take_name(rest, short_days, 7, &ignored);
    case 'A':
        return take_name(rest, long_days, 7, &ignored);
    case 'b':
        return take_name(rest, months, 12, &f->month) && ++f->month;
    case 'd':
        return take_digits(rest, 2, &f->day);
    case 'e':
        return take_literal(rest, " ") ? take_digits(rest, 1, &f->day)
                                       : take_digits(rest, 2, &f->day);
    case 'Y':
        return take_digits(rest, 4, &f->year);
    case 'y':
        if (!take_digits(rest, 2, &f->year))
            return false;
        f->year = whole_year(f->year, wall);
        return true;
    case 't':
        return take_time(rest, f);
    default:
        return take_literal(rest, literal);
    }
}

static bool matches(const char *form, ine_str text, int64_t wall, fields *f)
{
    for (; *form; form++) {
        if (!take_part(&text, *form, wall, f))
            return false;
    }
    return text.len == 0;
}

bool ine__http_date(ine_str text, int64_t wall, int64_t *out)
{
    static const char *const forms[] = {
        "a, d b Y t GMT", /* IMF-fixdate */
        "A, d-b-y t GMT", /* RFC 850 */
        "a b e t Y",      /* asctime */
    };
    *out = 0;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        fields f = {0};
        if (!matches(forms[i], text, wall, &f))
            continue;
        const ine__date date = {(int32_t)f.year, (int32_t)f.month, (int32_t)f.day};
        if (!ine__date_valid(date) || f.hour > 23 || f.minute > 59 || f.second > 60)
            return false;
        *out = ine__date_days(date) * 86400 + f.hour * 3600 + f.minute * 60 + f.second;
        return true;
    }
    return false;
}

int64_t ine__retry_after_ms(ine_str value, ine_str date, int64_t wall)
{
    int64_t seconds, now, until;
    if (ine__parse_uint(value, INT64_MAX / 1000, &seconds))
        return seconds * 1000;
    if (!ine__http_date(value, wall, &until))
        return -1;
    if (!ine__http_date(date, wall, &now))
        now = wall;
    return until > now ? (until - now) * 1000 : 0;
}
