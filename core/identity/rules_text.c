/* Rules of names, dates, references and the other texts. */
#include "identity/formats.h"
#include "identity/rules.h"

#define NAME_LENGTH        255
#define VENDOR_DATA_LENGTH 1000
#define CALLBACK_LENGTH    2048

/* C0, DEL or C1, in UTF-8 that is right. */
static bool has_control(ine_str text)
{
    const unsigned char *p = (const unsigned char *)text.ptr;
    for (size_t i = 0; i < text.len; i++) {
        const bool c1 = p[i] == 0xc2 && i + 1 < text.len && p[i + 1] < 0xa0;
        if (p[i] < 0x20 || p[i] == 0x7f || c1)
            return true;
    }
    return false;
}

void ine__rule_name(ine__check *check)
{
    if (ine__str_trim(check->text).len == 0)
        ine__found(check, INE_PROBLEM_LENGTH, true, "a name must not be blank; leave it out");
    if (ine__utf8_length(check->text) > NAME_LENGTH)
        ine__found(check, INE_PROBLEM_LENGTH, true, "a name has at most 255 characters");
    if (has_control(check->text))
        ine__found(check, INE_PROBLEM_CHARACTERS, true,
                   "a name must not hold control characters, such as line breaks or tabs");
}

void ine__rule_date(ine__check *check)
{
    ine__date date;
    if (!ine__date_parse(check->text, &date)) {
        ine__found(check, INE_PROBLEM_DATE, true,
                   "the date must be a day that exists, written YYYY-MM-DD");
        return;
    }
    if (ine__date_days(date) > ine__date_days(check->today))
        ine__found(check, INE_PROBLEM_FUTURE, false, "the date lies in the future");
}

void ine__rule_country(ine__check *check)
{
    if (!ine__str_is(check->text, "MX"))
        ine__found(check, INE_PROBLEM_VALUE, true, "the document's country must be MX");
}

void ine__rule_type(ine__check *check)
{
    if (!ine__str_is(check->text, "ID_CARD"))
        ine__found(check, INE_PROBLEM_VALUE, true, "the document's type must be ID_CARD");
}

void ine__rule_gender(ine__check *check)
{
    if (!ine__str_is(check->text, "M") && !ine__str_is(check->text, "F"))
        ine__found(check, INE_PROBLEM_VALUE, true,
                   "the gender must be M (male) or F (female), not the letter of the CURP");
}

static bool looks_like_mail(ine_str text)
{
    for (size_t i = 1; i + 3 < text.len; i++) {
        if (text.ptr[i] != '@' || text.ptr[i - 1] == ' ')
            continue;
        for (size_t k = i + 2; k + 1 < text.len && text.ptr[k] != ' '; k++) {
            if (text.ptr[k] == '.')
                return true;
        }
    }
    return false;
}

/* Ten digits, or +52 / 52 / 521 and ten digits, with the usual separators. */
static bool looks_like_phone(ine_str text)
{
    char digits[16];
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        if (ine__is_digit(c)) {
            if (n == sizeof digits)
                return false;
            digits[n++] = c;
        } else if (!c || !strchr(" -().", c)) {
            if (c != '+' || i != 0)
                return false;
        }
    }
    if (text.ptr[0] == '+')
        return n >= 8 && n <= 15;
    return n == 10 || (n == 12 && memcmp(digits, "52", 2) == 0) ||
           (n == 13 && memcmp(digits, "521", 3) == 0);
}

/* A CURP or clave de elector anywhere between other characters. */
static bool holds_person_key(ine_str text)
{
    size_t start = 0;
    for (size_t i = 0; i <= text.len; i++) {
        if (i < text.len && (ine__is_alpha(text.ptr[i]) || ine__is_digit(text.ptr[i])))
            continue;
        const ine_str word = ine__str(text.ptr + start, i - start);
        if (ine__is_curp(word) || ine__is_voter_key(word))
            return true;
        start = i + 1;
    }
    return false;
}

void ine__rule_vendor_data(ine__check *check)
{
    const ine_str text = check->text;
    if (ine__utf8_length(text) > VENDOR_DATA_LENGTH)
        ine__found(check, INE_PROBLEM_LENGTH, true, "vendorData has at most 1,000 characters");
    const bool curp = holds_person_key(text), cic = ine__cic_problem(ine__str_trim(text)) == 0;
    if (curp || cic || looks_like_mail(text) || looks_like_phone(text))
        ine__found(check, INE_PROBLEM_PERSONAL_DATA, false,
                   "vendorData looks like a CURP, CIC, e-mail address or telephone number; use an "
                   "identifier of your own that says nothing about the person");
}

void ine__rule_uuid(ine__check *check)
{
    if (!ine__is_uuid(check->text))
        ine__found(check, INE_PROBLEM_FORMAT, true,
                   "it must be a UUID: 8-4-4-4-12 hexadecimal digits");
}

/* RFC 3986, of which only what matters here: https, a host, no user-info, only URL characters. */
static bool is_https_url(ine_str url)
{
    if (url.len > CALLBACK_LENGTH || url.len < 9 ||
        !ine__str_ieq(ine__str(url.ptr, 8), INE__STR("https://")))
        return false;
    size_t end = 8;
    while (end < url.len && !strchr("/?#", url.ptr[end]))
        end++;
    const ine_str authority = ine__str(url.ptr + 8, end - 8);
    if (authority.len == 0 || authority.ptr[0] == ':' || memchr(authority.ptr, '@', authority.len))
        return false;
    for (size_t i = 0; i < url.len; i++) {
        if (url.ptr[i] <= 0x20 || url.ptr[i] > 0x7e || strchr("\"<>\\^`{|}", url.ptr[i]))
            return false;
    }
    return true;
}

void ine__rule_callback(ine__check *check)
{
    if (!is_https_url(check->text))
        ine__found(check, INE_PROBLEM_URL, true,
                   "the callback must be an absolute https:// URL without user name, in ASCII, of "
                   "at most 2,048 characters");
}

void ine__rule_note(ine__check *check)
{
    if (ine__utf8_length(check->text) > NAME_LENGTH)
        ine__found(check, INE_PROBLEM_LENGTH, true, "it has at most 255 characters");
    if (has_control(check->text))
        ine__found(check, INE_PROBLEM_CHARACTERS, true, "it must not hold control characters");
}

/* HH:MM:SS[.fraction] and Z or +HH:MM or -HH:MM [RFC 3339]. */
static bool is_time(ine_str time)
{
    int64_t hour, minute, second, zone_hour = 0, zone_minute = 0;
    size_t i = 8;
    if (time.len < 9 || time.ptr[2] != ':' || time.ptr[5] != ':' ||
        !ine__parse_uint(ine__str(time.ptr, 2), 23, &hour) ||
        !ine__parse_uint(ine__str(time.ptr + 3, 2), 59, &minute) ||
        !ine__parse_uint(ine__str(time.ptr + 6, 2), 59, &second))
        return false;
    if (time.ptr[i] == '.') {
        const size_t start = ++i;
        while (i < time.len && ine__is_digit(time.ptr[i]))
            i++;
        if (i == start || i - start > 9)
            return false;
    }
    const ine_str zone = ine__str(time.ptr + i, time.len - i);
    if (ine__str_is(zone, "Z"))
        return true;
    return zone.len == 6 && (zone.ptr[0] == '+' || zone.ptr[0] == '-') && zone.ptr[3] == ':' &&
           ine__parse_uint(ine__str(zone.ptr + 1, 2), 23, &zone_hour) &&
           ine__parse_uint(ine__str(zone.ptr + 4, 2), 59, &zone_minute);
}

void ine__rule_timestamp(ine__check *check)
{
    ine__date date;
    const ine_str text = check->text;
    if (text.len < 20 || text.len > 35 || text.ptr[10] != 'T' ||
        !ine__date_parse(ine__str(text.ptr, 10), &date) ||
        !is_time(ine__str(text.ptr + 11, text.len - 11)))
        ine__found(check, INE_PROBLEM_DATE, true,
                   "the time must exist and be written as in 2026-04-01T10:00:00.000Z");
}

void ine__rule_version(ine__check *check)
{
    const ine_str text = check->text;
    bool right = text.len >= 1 && text.len <= 16;
    for (size_t i = 0; right && i < text.len; i++)
        right = ine__is_digit(text.ptr[i]) || ine__is_alpha(text.ptr[i]) || text.ptr[i] == '.';
    if (!right)
        ine__found(check, INE_PROBLEM_FORMAT, true,
                   "the version is 1 to 16 letters, digits and dots, as in 1.0.0");
}
