/* Verifications that are complete, and what a report of one should say. */
#ifndef INE_TESTS_INPUTS_H
#define INE_TESTS_INPUTS_H

#include "support.h"

#include "identity/verification.h"

/* One grey pixel. */
static const char jpeg[] = "\xff\xd8\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0"
                           "\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
                           "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x7f\xff\xd9";

static inline void set(ine_verification *verification, int32_t input, const char *text)
{
    const size_t len = text ? strlen(text) : 0;
    assert_int_equal(ine_verification_set_text(verification, input, text, len, NULL), INE_OK);
}

/* All that a product needs, and nothing wrong. */
static inline ine_verification *complete(int32_t product)
{
    ine_verification *verification;
    assert_int_equal(ine_verification_new(&verification, product, NULL), INE_OK);
    if (product == INE_PRODUCT_MX_INE)
        set(verification, INE_IN_CIC, "123456789");
    set(verification, INE_IN_VENDOR_DATA, "case-1");
    assert_int_equal(ine_verification_set_number(verification, INE_IN_CONSENT, 1, NULL), INE_OK);
    assert_int_equal(
        ine_verification_set_media(verification, INE_MEDIA_FACE, jpeg, sizeof jpeg - 1, NULL),
        INE_OK);
    if (product != INE_PRODUCT_MX_INE)
        assert_int_equal(ine_verification_set_media(verification, INE_MEDIA_DOCUMENT_FRONT, jpeg,
                                                    sizeof jpeg - 1, NULL),
                         INE_OK);
    return verification;
}

static inline ine_report *check_strict(const ine_verification *verification, int64_t strict)
{
    ine_options *options;
    ine_report *report;
    assert_int_equal(ine_options_new(&options, NULL), INE_OK);
    assert_int_equal(ine_options_set_number(options, INE_OPT_TODAY, 20261120, NULL), INE_OK);
    assert_int_equal(ine_options_set_number(options, INE_OPT_STRICT, strict, NULL), INE_OK);
    assert_int_equal(ine_verification_check(verification, options, &report, NULL), INE_OK);
    ine_options_free(options);
    return report;
}

static inline ine_report *check(const ine_verification *verification)
{
    return check_strict(verification, 0);
}

/* How often a problem of an input is in a report; whether it is an error goes to *is_error. */
static inline size_t times(const ine_report *report, int32_t input, int32_t problem,
                           int32_t *is_error)
{
    size_t n = 0;
    for (size_t i = 0; i < ine_report_count(report); i++) {
        int32_t one_input, one_problem, error;
        ine_str path, hint;
        assert_int_equal(ine_report_item(report, i, &one_input, &path, &one_problem, &error, &hint),
                         INE_OK);
        assert_true(ine__str_eq(path, ine_name(INE_NAMES_INPUT, one_input)));
        assert_true(hint.len >= 15);
        assert_non_null(ine_name(INE_NAMES_PROBLEM, one_problem).ptr);
        if (one_input == input && one_problem == problem) {
            n++;
            *is_error = error;
        }
    }
    return n;
}

/* Exactly this problem, and no other. */
static inline void expect_only(const ine_verification *verification, int32_t input, int32_t problem,
                               bool error)
{
    int32_t is_error = -1;
    ine_report *report = check(verification);
    if (times(report, input, problem, &is_error) != 1 || ine_report_count(report) != 1) {
        const ine_str json = ine_report_json(report);
        fail_msg("input %d, problem %d: %.*s", input, problem, (int)json.len, json.ptr);
    }
    assert_int_equal(is_error, error);
    assert_int_equal(ine_report_errors(report), error);
    ine_report_free(report);
}

static inline void expect_clean(const ine_verification *verification)
{
    ine_report *report = check(verification);
    if (ine_report_count(report)) {
        const ine_str json = ine_report_json(report);
        fail_msg("%.*s", (int)json.len, json.ptr);
    }
    assert_true(ine__str_is(ine_report_json(report), "{\"ok\":true,\"problems\":[]}"));
    ine_report_free(report);
}

#endif
