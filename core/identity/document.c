/* A CURP, a machine readable zone and a registration record by themselves. */
#include "identity/formats.h"
#include "identity/mrz.h"
#include "identity/registration.h"
#include "identity/rules.h"

struct ine_mrz {
    ine__mrz zone; /* its views point into itself */
    ine_report *report;
};

static bool check_curp(ine_report *report, ine_str text, const ine_options *options)
{
    ine__check check = {.options = options,
                        .report = report,
                        .strict = ine__option(options, INE_OPT_STRICT),
                        .today = ine__today(options),
                        .input = INE_IN_CURP,
                        .text = text};
    if (text.len == 0)
        return ine__report_add(report, INE_IN_CURP, INE_PROBLEM_REQUIRED, true, "there is no CURP");
    if (!ine__is_utf8(text) || ine__has_nul(text))
        return ine__report_add(report, INE_IN_CURP, INE_PROBLEM_ENCODING, true,
                               "the CURP must be UTF-8 text without NUL");
    ine__rule_curp(&check);
    return !check.failed;
}

int32_t ine_curp_check(ine_report **out, const char *curp, size_t curp_len,
                       const ine_options *options, int32_t *birth, int32_t *sex, ine_error **err)
{
    const ine_str text = ine__str(curp, curp_len);
    ine__error_clear(err);
    if (out)
        *out = NULL;
    if (birth)
        *birth = 0;
    if (sex)
        *sex = 0;
    if (!out)
        return ine__fail(err, INE_E_ARGUMENT, "no place for the report");
    ine_report *report = ine__report_new();
    if (!report || !check_curp(report, text, options)) {
        ine_report_free(report);
        return ine__fail_memory(err);
    }
    const ine__curp read = ine__curp_read(text, (ine__date){0});
    if (birth)
        *birth = read.birth.year * 10000 + read.birth.month * 100 + read.birth.day;
    if (sex)
        *sex = (unsigned char)read.sex;
    *out = report;
    return INE_OK;
}

static const struct {
    uint32_t flag;
    int32_t problem;
    bool is_error;
    const char *hint;
} problems[] = {
    {INE__MRZ_LENGTH, INE_PROBLEM_LENGTH, true,
     "an MRZ has one to three lines of exactly 30 characters"},
    {INE__MRZ_CHARACTERS, INE_PROBLEM_CHARACTERS, true, "an MRZ has only A-Z, 0-9 and '<'"},
    {INE__MRZ_NOT_INE, INE_PROBLEM_VALUE, true, "the MRZ of an INE card begins with IDMEX"},
    {INE__MRZ_CIC, INE_PROBLEM_FORMAT, true, "nine digits, the CIC, must follow IDMEX"},
    {INE__MRZ_CIC_DIGIT, INE_PROBLEM_CHECK_DIGIT, true,
     "the digit behind the CIC does not agree with it; look for a typing mistake"},
    {INE__MRZ_STRUCTURE, INE_PROBLEM_FORMAT, true, "a fixed place of the MRZ holds something else"},
    {INE__MRZ_BIRTH, INE_PROBLEM_DATE, true, "the birth date does not exist"},
    {INE__MRZ_BIRTH_DIGIT, INE_PROBLEM_CHECK_DIGIT, false,
     "the digit behind the birth date does not agree with it"},
    {INE__MRZ_EXPIRY, INE_PROBLEM_DATE, true, "the expiry date does not exist"},
    {INE__MRZ_EXPIRY_DIGIT, INE_PROBLEM_CHECK_DIGIT, false,
     "the digit behind the expiry date does not agree with it"},
    {INE__MRZ_SEX, INE_PROBLEM_VALUE, false, "the sex must be H, M, X or '<'"},
    {INE__MRZ_COMPOSITE_DIGIT, INE_PROBLEM_CHECK_DIGIT, false,
     "the last digit of line 2 does not agree with the lines"},
    {INE__MRZ_EXPIRED, INE_PROBLEM_EXPIRED, false, "the card has expired"},
};

int32_t ine_mrz_read(ine_mrz **out, const char *text, size_t text_len, const ine_options *options,
                     ine_error **err)
{
    ine__error_clear(err);
    if (out)
        *out = NULL;
    if (!out)
        return ine__fail(err, INE_E_ARGUMENT, "no place for the result");
    ine_mrz *mrz = ine__alloc(sizeof *mrz);
    bool ok = mrz && (mrz->report = ine__report_new()) != NULL;
    if (ok)
        ine__mrz_read(&mrz->zone, ine__str(text ? text : "", text ? text_len : 0),
                      ine__today(options));
    for (size_t i = 0; ok && i < sizeof problems / sizeof problems[0]; i++) {
        if (mrz->zone.flags & problems[i].flag)
            ok = ine__report_add(mrz->report, INE_IN_MRZ, problems[i].problem, problems[i].is_error,
                                 problems[i].hint);
    }
    if (!ok) {
        ine_mrz_free(mrz);
        return ine__fail_memory(err);
    }
    *out = mrz;
    return INE_OK;
}

void ine_mrz_free(ine_mrz *mrz)
{
    if (!mrz)
        return;
    ine_report_free(mrz->report);
    ine__free_wiped(mrz, sizeof *mrz);
}

const ine_report *ine_mrz_report(const ine_mrz *mrz)
{
    return mrz ? mrz->report : NULL;
}

static int64_t number_of(ine__date date)
{
    return date.year * INT64_C(10000) + date.month * INT64_C(100) + date.day;
}

int32_t ine_mrz_field(const ine_mrz *mrz, int32_t field, ine_str *text, int64_t *number)
{
    ine_str found = INE__NONE;
    int64_t value = 0;
    switch (mrz ? field : 0) {
    case INE_MRZ_CIC:
        found = mrz->zone.cic;
        break;
    case INE_MRZ_NUMBER:
        found = mrz->zone.number;
        break;
    case INE_MRZ_CITIZEN_ID:
        found = mrz->zone.number.len == 13 ? ine__str(mrz->zone.number.ptr + 4, 9) : INE__NONE;
        break;
    case INE_MRZ_EMISSION:
        found = mrz->zone.emission;
        break;
    case INE_MRZ_BIRTH:
        value = number_of(mrz->zone.birth);
        break;
    case INE_MRZ_EXPIRY:
        value = number_of(mrz->zone.expiry);
        break;
    case INE_MRZ_SEX:
        found = mrz->zone.sex ? ine__str(&mrz->zone.sex, 1) : INE__NONE;
        break;
    case INE_MRZ_SURNAMES:
        found = mrz->zone.surnames;
        break;
    case INE_MRZ_GIVEN:
        found = mrz->zone.given;
        break;
    default:
        break;
    }
    if (text)
        *text = found;
    if (number)
        *number = value;
    return found.ptr || value ? INE_FIELD_PRESENT : INE_FIELD_ABSENT;
}

int32_t ine_registration_check(ine_report **out, const void *record, size_t record_len,
                               ine_error **err)
{
    ine__error_clear(err);
    if (out)
        *out = NULL;
    if (!out || (record_len && !record))
        return ine__fail(err, INE_E_ARGUMENT, "no record, or no place for the report");
    return ine__registration_check(ine__str(record ? record : "", record_len), out, err);
}
