#include "identity/registration.h"

#include "base/options.h"
#include "identity/states.h"
#include "json/reader.h"

enum {
    KEY = 1,
    URL,
    INSTITUTION,
    STATION,
    LATITUDE,
    LONGITUDE,
    POSTAL,
    CITY,
    STATE,
    OTHERS,
    SLOTS
};

#define TEXT_SIZE 4096 /* bytes of a text with its escapes */
#define DEGREE    1000000

static const ine__member members[] = {
    INE__MEMBER("encryptionKey", KEY, NULL),
    INE__MEMBER("endpointUrl", URL, NULL),
    INE__MEMBER("institutionId", INSTITUTION, NULL),
    INE__MEMBER("stationId", STATION, NULL),
    INE__MEMBER("latitude", LATITUDE, NULL),
    INE__MEMBER("longitude", LONGITUDE, NULL),
    INE__MEMBER("postalCode", POSTAL, NULL),
    INE__MEMBER("city", CITY, NULL),
    INE__MEMBER("state", STATE, NULL),
};
static const ine__object record = {
    .members = members, .count = sizeof members / sizeof members[0], .others = OTHERS};

typedef struct check {
    ine_report *report;
    const char *field;
    ine_str text; /* decoded */
    const ine__state *by_postal, *by_state;
    bool failed;
} check;

static void found(check *c, int32_t problem, bool is_error, const char *hint)
{
    if (!ine__report_add_field(c->report, c->field, problem, is_error, hint))
        c->failed = true;
}

static void check_any(check *c)
{
    for (size_t i = 0; i < c->text.len; i++) {
        const unsigned char byte = (unsigned char)c->text.ptr[i];
        if (byte < 0x20 || byte == 0x7f) {
            found(c, INE_PROBLEM_CHARACTERS, true, "it must not hold control characters");
            return;
        }
    }
    if (ine__str_trim(c->text).len != c->text.len)
        found(c, INE_PROBLEM_CHARACTERS, false, "it begins or ends with a space");
}

/* A key may have several lines, as a PEM file has. */
static void check_key(check *c)
{
    if (ine__str_trim(c->text).len == 0)
        found(c, INE_PROBLEM_REQUIRED, true, "it is blank");
}

static void check_url(check *c)
{
    ine__url url;
    if (!ine__url_parse(c->text, &url) || !url.https)
        found(c, INE_PROBLEM_URL, true, "it must look like https://host/path");
}

/* Decimal degrees without an exponent, as millionths; false when it is no such number. */
static bool read_degrees(ine_str text, int64_t *out)
{
    const bool minus = text.len && text.ptr[0] == '-';
    size_t i = minus, digits = 0;
    int64_t value = 0, scale = DEGREE;
    for (; i < text.len && ine__is_digit(text.ptr[i]) && digits < 4; i++, digits++)
        value = value * 10 + (text.ptr[i] - '0');
    value *= DEGREE;
    if (digits && i + 1 < text.len && text.ptr[i] == '.') {
        for (i++; i < text.len && ine__is_digit(text.ptr[i]); i++) {
            scale /= 10;
            value += (text.ptr[i] - '0') * scale;
        }
    }
    *out = minus ? -value : value;
    return digits > 0 && digits < 4 && i == text.len;
}

static void check_degrees(check *c, int64_t limit, int64_t first, int64_t last)
{
    int64_t degrees;
    if (!read_degrees(c->text, &degrees))
        found(c, INE_PROBLEM_FORMAT, true, "it must be decimal degrees, as in 19.4326");
    else if (degrees < -limit * DEGREE || degrees > limit * DEGREE)
        found(c, INE_PROBLEM_VALUE, true, "it is not on this planet; decimal degrees are expected");
    else if (degrees < first * DEGREE || degrees > last * DEGREE)
        found(c, INE_PROBLEM_VALUE, false,
              "it lies outside Mexico; are latitude and longitude swapped, or is a minus missing?");
}

static void check_latitude(check *c)
{
    check_degrees(c, 90, 14, 33);
}

static void check_longitude(check *c)
{
    check_degrees(c, 180, -119, -86);
}

static void check_postal(check *c)
{
    if (c->text.len != 5 || !ine__all_digits(c->text)) {
        found(c, INE_PROBLEM_FORMAT, false, "a postal code of Mexico has five digits");
        return;
    }
    c->by_postal = ine__state_by_postal(c->text);
    if (!c->by_postal)
        found(c, INE_PROBLEM_VALUE, false, "no state has postal codes that begin so");
}

/* The vendor says "a 2 digit code" and gives no list: INEGI's 01 to 32 is the likely reading. */
static void check_state(check *c)
{
    c->by_state = ine__state_by_inegi(c->text);
    if (!c->by_state)
        found(c, INE_PROBLEM_STATE, false, "INEGI's two-digit code is expected, 01 to 32");
    else if (c->by_postal && c->by_postal != c->by_state)
        found(c, INE_PROBLEM_INCONSISTENT, false, "the postal code belongs to another state");
}

static const struct {
    int32_t slot;
    const char *field;
    bool number; /* may be a JSON number too */
    void (*rule)(check *c);
    const char *missing;
} rules[] = {
    {KEY, "encryptionKey", false, check_key, "the encryption key is missing"},
    {URL, "endpointUrl", false, check_url, "the base URL of the FIMPE endpoint is missing"},
    {INSTITUTION, "institutionId", true, check_any,
     "the institution's identifier, issued by FIMPE, is missing"},
    {STATION, "stationId", true, check_any, "the station's identifier is missing"},
    {LATITUDE, "latitude", true, check_latitude, "the station's latitude is missing"},
    {LONGITUDE, "longitude", true, check_longitude, "the station's longitude is missing"},
    {POSTAL, "postalCode", false, check_postal, "the station's postal code is missing"},
    {CITY, "city", false, check_any, "the station's city is missing"},
    {STATE, "state", false, check_state, "the station's state is missing"},
};

static void check_field(check *c, size_t row, ine_str json, const ine__slot *slot, char *room)
{
    const ine_str raw = ine__json_view(json, *slot);
    c->field = rules[row].field;
    const bool is_number = slot->type == INE__J_NUMBER && rules[row].number;
    if (slot->type == INE__J_ABSENT || slot->type == INE__J_NULL ||
        (slot->type == INE__J_STRING && slot->len == 0)) {
        found(c, INE_PROBLEM_REQUIRED, true, rules[row].missing);
        return;
    }
    if (slot->type != INE__J_STRING && !is_number) {
        found(c, INE_PROBLEM_FORMAT, true, "it must be a text");
        return;
    }
    if (slot->len > TEXT_SIZE) {
        found(c, INE_PROBLEM_LENGTH, true, "it is far too long");
        return;
    }
    c->text = slot->escaped ? ine__str(room, ine__json_unescape(room, raw)) : raw;
    rules[row].rule(c);
}

static bool is_object(ine_str json)
{
    size_t i = 0;
    while (i < json.len && strchr(" \t\r\n", json.ptr[i]) && json.ptr[i])
        i++;
    return i < json.len && json.ptr[i] == '{';
}

int32_t ine__registration_check(ine_str json, ine_report **out, ine_error **err)
{
    ine__slot slots[SLOTS] = {{0}};
    ine__json_fault fault;
    check c = {0};
    ine__error_clear(err);
    *out = NULL;
    if (ine__json_read(&record, json, slots, SLOTS, &fault) != INE_OK)
        return ine__json_fail(err, &fault);
    if (!is_object(json))
        return ine__fail(err, INE_E_FORM, "a registration record is a JSON object");
    char *room = ine__alloc(TEXT_SIZE);
    c.report = ine__report_new();
    if (room && c.report) {
        for (size_t row = 0; row < sizeof rules / sizeof rules[0]; row++)
            check_field(&c, row, json, &slots[rules[row].slot], room);
        c.field = "record";
        if (slots[OTHERS].len)
            found(&c, INE_PROBLEM_UNUSED, false, "it has members that the vendor does not ask for");
    }
    const bool ok = room && c.report && !c.failed;
    ine__free_wiped(room, TEXT_SIZE);
    if (!ok) {
        ine_report_free(c.report);
        return ine__fail_memory(err);
    }
    *out = c.report;
    return INE_OK;
}
