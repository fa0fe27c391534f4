#include "test_identity_inputs.h"

static void media(void **state)
{
    (void)state;
    static const struct {
        int32_t context;
        const char *data;
        size_t len;
        int32_t problem;
        bool error;
    } cases[] = {
        {INE_MEDIA_FACE, NULL, 0, INE_PROBLEM_REQUIRED, true},
        {INE_MEDIA_FACE, "", 0, INE_PROBLEM_EMPTY, true},
        {INE_MEDIA_FACE, "GIF89a..........", 16, INE_PROBLEM_NOT_AN_IMAGE, true},
        {INE_MEDIA_FACE, "\xff\xd8", 2, INE_PROBLEM_NOT_AN_IMAGE, true},
        {INE_MEDIA_DOCUMENT_FRONT, NULL, 0, INE_PROBLEM_REQUIRED, true},
        {INE_MEDIA_DOCUMENT_BACK, "", 0, INE_PROBLEM_EMPTY, true},
        {INE_MEDIA_DOCUMENT_BACK, NULL, 0, 0, false},
        {INE_MEDIA_DOCUMENT_BACK, jpeg, sizeof jpeg - 1, 0, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ine_verification *verification = complete(INE_PRODUCT_INE_BIOMETRIC);
        assert_int_equal(ine_verification_set_media(verification, cases[i].context, cases[i].data,
                                                    cases[i].len, NULL),
                         INE_OK);
        if (cases[i].problem)
            expect_only(verification, INE_IN_SELFIE, cases[i].problem, cases[i].error);
        else
            expect_clean(verification);
        ine_verification_free(verification);
    }
    ine_verification *verification = complete(INE_PRODUCT_MX_INE);
    assert_int_equal(ine_verification_set_media(verification, INE_MEDIA_DOCUMENT_FRONT, jpeg,
                                                sizeof jpeg - 1, NULL),
                     INE_OK);
    expect_only(verification, INE_IN_SELFIE, INE_PROBLEM_UNUSED, false);
    ine_verification_free(verification);
}

/* A PDF is refused as a selfie; as a document it is sent as it is. */
static void pdf(void **state)
{
    (void)state;
    for (int32_t context = INE_MEDIA_FACE; context <= INE_MEDIA_DOCUMENT_BACK; context++) {
        ine_verification *verification = complete(INE_PRODUCT_INE_BIOMETRIC);
        assert_int_equal(
            ine_verification_set_media(verification, context, "%PDF-1.7 .......", 16, NULL),
            INE_OK);
        int32_t error = -1;
        ine_report *report = check(verification);
        assert_int_equal(times(report, INE_IN_SELFIE, INE_PROBLEM_PDF, &error), 1);
        assert_int_equal(error, context == INE_MEDIA_FACE);
        assert_int_equal(times(report, INE_IN_SELFIE, INE_PROBLEM_METADATA, &error), 1);
        assert_int_equal(error, 0);
        ine_report_free(report);
        ine_verification_free(verification);
    }
}

/* What the walk through an image finds is in the report too. */
static void damaged_image(void **state)
{
    (void)state;
    ine_verification *verification = complete(INE_PRODUCT_MX_INE);
    assert_int_equal(
        ine_verification_set_media(verification, INE_MEDIA_FACE, jpeg, sizeof jpeg - 3, NULL),
        INE_OK);
    expect_only(verification, INE_IN_SELFIE, INE_PROBLEM_DAMAGED, false);
    ine_report *report = check_strict(verification, INE_STRICT_IMAGE);
    assert_int_equal(ine_report_errors(report), 1);
    ine_report_free(report);
    ine_verification_free(verification);
}

/* Over 24 MB of base64; nothing is read of a source or a path here. */
static void media_sizes(void **state)
{
    (void)state;
    static const struct {
        int32_t context;
        uint64_t size;
        int32_t problem;
    } cases[] = {
        {INE_MEDIA_FACE, 17999997, 0},
        {INE_MEDIA_FACE, 17999998, INE_PROBLEM_TOO_LARGE},
        {INE_MEDIA_FACE, UINT64_MAX, INE_PROBLEM_TOO_LARGE},
        {INE_MEDIA_FACE, 0, INE_PROBLEM_EMPTY},
        {INE_MEDIA_DOCUMENT_FRONT, 19999999, 0}, /* may be a PDF */
        {INE_MEDIA_DOCUMENT_FRONT, 20000000, INE_PROBLEM_TOO_LARGE},
    };
    ine_verification *verification = complete(INE_PRODUCT_INE_BIOMETRIC);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(
            ine_verification_set_media_source(verification, cases[i].context, cases[i].size, NULL),
            INE_OK);
        if (cases[i].problem)
            expect_only(verification, INE_IN_SELFIE, cases[i].problem, true);
        else
            expect_clean(verification);
        assert_int_equal(
            ine_verification_set_media_path(verification, cases[i].context, "/none", 5, NULL),
            INE_OK);
        expect_clean(verification);
    }
    ine_verification_free(verification);
    char *large = calloc(1, 18000000);
    assert_non_null(large);
    memcpy(large, jpeg, sizeof jpeg - 1);
    verification = complete(INE_PRODUCT_MX_INE);
    assert_int_equal(
        ine_verification_set_media(verification, INE_MEDIA_FACE, large, 18000000, NULL), INE_OK);
    int32_t error = 0;
    ine_report *report = check(verification);
    assert_int_equal(times(report, INE_IN_SELFIE, INE_PROBLEM_TOO_LARGE, &error), 1);
    assert_int_equal(error, 1);
    ine_report_free(report);
    ine_verification_free(verification);
    free(large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(media), cmocka_unit_test(pdf),
                                       cmocka_unit_test(damaged_image),
                                       cmocka_unit_test(media_sizes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
