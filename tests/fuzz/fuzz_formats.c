/* CIC, CURP, MRZ, registration records, dates, UUIDs, UTF-8 and whole verifications: no input is
 * ever repeated in a report. */
#include "fuzz.h"

#include "identity/formats.h"

static void verification(ine_str text)
{
    ine_verification *v;
    ine_report *report;
    MUST(ine_verification_new(&v, INE_PRODUCT_MX_INE, NULL) == INE_OK);
    for (int32_t input = 1; input < 29; input++)
        ine_verification_set_text(v, input, text.ptr, text.len, NULL);
    ine_verification_set_media(v, INE_MEDIA_FACE, text.ptr, text.len, NULL);
    MUST(ine_verification_check(v, NULL, &report, NULL) == INE_OK);
    MUST(ine_report_errors(report) > 0); /* no consent */
    for (size_t i = 0; i < ine_report_count(report); i++) {
        ine_str path, hint;
        MUST(ine_report_item(report, i, NULL, &path, NULL, NULL, &hint) == INE_OK);
        MUST(path.ptr && hint.len > 0);
    }
    MUST(ine_report_json(report).ptr);
    ine_report_free(report);
    ine_verification_free(v);
}

static void documents(ine_str text)
{
    ine_mrz *mrz;
    ine_report *report;
    int32_t birth, sex;
    MUST(ine_mrz_read(&mrz, text.ptr, text.len, NULL, NULL) == INE_OK);
    for (int32_t field = 0; field < 12; field++) {
        ine_str value;
        int64_t number;
        ine_mrz_field(mrz, field, &value, &number);
        MUST(field != INE_MRZ_CIC || !value.ptr || (value.len == 9 && ine__all_digits(value)));
    }
    MUST(ine_report_json(ine_mrz_report(mrz)).ptr);
    ine_mrz_free(mrz);
    MUST(ine_curp_check(&report, text.ptr, text.len, NULL, &birth, &sex, NULL) == INE_OK);
    MUST(birth == 0 || text.len == 18);
    ine_report_free(report);
    if (ine_registration_check(&report, text.ptr, text.len, NULL) == INE_OK)
        MUST(ine_report_json(report).ptr);
    ine_report_free(report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const ine_str text = {(const char *)data, size};
    ine__date date;
    int64_t time;
    MUST(ine__cic_problem(text) != 0 || (size == 9 && ine__all_digits(text)));
    const ine__curp curp = ine__curp_read(text, (ine__date){2026, 1, 1});
    MUST((curp.flags & INE__CURP_LENGTH) || size == 18);
    MUST(!ine__date_parse(text, &date) || ine__date_valid(date));
    ine__time_parse(text, &time);
    MUST(!ine__is_uuid(text) || size == 36);
    ine__utf8_length(text);
    verification(text);
    documents(text);
    return 0;
}
