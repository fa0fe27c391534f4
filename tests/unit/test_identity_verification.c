#include "support.h"

#include "identity/verification.h"

static void products(void **state)
{
    (void)state;
    const ine__product *row = ine__product_find(INE_PRODUCT_MX_INE);
    assert_int_equal(row->result_call, INE_CALL_DECISION);
    assert_true(row->consent);
    assert_true(row->required >> INE_IN_CIC & 1);
    assert_int_equal(row->media[0], INE_MEDIA_FACE);
    assert_int_equal(row->media[1], 0);
    row = ine__product_find(INE_PRODUCT_INE_BIOMETRIC);
    assert_false(row->required >> INE_IN_CIC & 1);
    assert_int_equal(row->media_required, 1 << INE_MEDIA_FACE | 1 << INE_MEDIA_DOCUMENT_FRONT);
    row = ine__product_find(INE_PRODUCT_INE_REGISTRY);
    assert_int_equal(row->result_call, INE_CALL_INE_REGISTRY);
    assert_false(row->consent);
    assert_null(ine__product_find(0));
    for (int32_t product = 1; product <= 3; product++) {
        row = ine__product_find(product);
        assert_int_equal(row->required & row->optional, 0);
        for (int32_t context = 1; context <= INE__MEDIA; context++) {
            bool uploaded = false;
            for (size_t i = 0; i < INE__MEDIA; i++)
                uploaded = uploaded || row->media[i] == context;
            assert_true(uploaded || !(row->media_required >> context & 1));
        }
    }
}

static void defaults(void **state)
{
    (void)state;
    ine_verification *verification;
    assert_int_equal(ine_verification_new(&verification, INE_PRODUCT_MX_INE, NULL), INE_OK);
    assert_true(ine__str_is(verification->text[INE_IN_DOCUMENT_COUNTRY], "MX"));
    assert_true(ine__str_is(verification->text[INE_IN_DOCUMENT_TYPE], "ID_CARD"));
    assert_int_equal(ine__verification_sent(verification),
                     1 << INE_IN_DOCUMENT_COUNTRY | 1 << INE_IN_DOCUMENT_TYPE);
    ine_verification_free(verification);
    assert_int_equal(ine_verification_new(&verification, INE_PRODUCT_INE_REGISTRY, NULL), INE_OK);
    assert_int_equal(ine__verification_sent(verification), 0);
    ine_verification_free(verification);
    ine_verification_free(NULL);
}

static void inputs(void **state)
{
    (void)state;
    ine_verification *verification;
    assert_int_equal(ine_verification_new(&verification, INE_PRODUCT_INE_REGISTRY, NULL), INE_OK);
    char text[] = "123456789";
    assert_int_equal(ine_verification_set_text(verification, INE_IN_CIC, text, 9, NULL), INE_OK);
    text[0] = 'x'; /* copied */
    assert_true(ine__str_is(verification->text[INE_IN_CIC], "123456789"));
    assert_int_equal(ine_verification_set_text(verification, INE_IN_CIC, "", 0, NULL), INE_OK);
    assert_true(verification->text[INE_IN_CIC].ptr && verification->text[INE_IN_CIC].len == 0);
    assert_int_equal(ine_verification_set_text(verification, INE_IN_CIC, NULL, 0, NULL), INE_OK);
    assert_int_equal(ine__verification_sent(verification), 0);
    assert_int_equal(ine_verification_set_number(verification, INE_IN_CONSENT, 1, NULL), INE_OK);
    assert_int_equal(ine_verification_set_number(verification, INE_IN_CONSENT_TIME, 5, NULL),
                     INE_OK);
    assert_int_equal(ine_verification_set_media(verification, INE_MEDIA_FACE, "x", 1, NULL),
                     INE_OK);
    assert_int_equal(ine__verification_sent(verification),
                     1 << INE_IN_CONSENT | 1 << INE_IN_CONSENT_TIME | 1 << INE_IN_SELFIE);
    assert_int_equal(ine_verification_set_media(verification, INE_MEDIA_FACE, NULL, 0, NULL),
                     INE_OK);
    assert_int_equal(verification->media[INE_MEDIA_FACE].from, INE__MEDIA_NONE);
    ine_verification_free(verification);
}

static void copies(void **state)
{
    (void)state;
    ine_verification *one;
    assert_int_equal(ine_verification_new(&one, INE_PRODUCT_MX_INE, NULL), INE_OK);
    assert_int_equal(ine_verification_set_text(one, INE_IN_FIRST_NAME, "A", 1, NULL), INE_OK);
    assert_int_equal(ine_verification_set_number(one, INE_IN_CONSENT, 1, NULL), INE_OK);
    assert_int_equal(ine_verification_set_media_path(one, INE_MEDIA_FACE, "/a", 2, NULL), INE_OK);
    assert_int_equal(ine_verification_set_media(one, INE_MEDIA_DOCUMENT_BACK, "b", 1, NULL),
                     INE_OK);
    assert_int_equal(ine_verification_set_media_source(one, INE_MEDIA_DOCUMENT_FRONT, 7, NULL),
                     INE_OK);
    ine_verification *two = ine__verification_copy(one);
    assert_non_null(two);
    const char *borrowed = one->media[INE_MEDIA_DOCUMENT_BACK].data;
    ine_verification_free(one);
    assert_int_equal(two->product, INE_PRODUCT_MX_INE);
    assert_true(ine__str_is(two->text[INE_IN_FIRST_NAME], "A"));
    assert_null(two->text[INE_IN_LAST_NAME].ptr);
    assert_int_equal(two->number[INE_IN_CONSENT], 1);
    assert_int_equal(two->number[INE_IN_CONSENT_TIME], -1);
    assert_true(ine__str_is(two->media[INE_MEDIA_FACE].path, "/a"));
    assert_int_equal(two->media[INE_MEDIA_FACE].from, INE__MEDIA_PATH);
    assert_ptr_equal(two->media[INE_MEDIA_DOCUMENT_BACK].data, borrowed);
    assert_int_equal(two->media[INE_MEDIA_DOCUMENT_FRONT].size, 7);
    /* another source replaces a path */
    assert_int_equal(ine_verification_set_media_source(two, INE_MEDIA_FACE, 3, NULL), INE_OK);
    assert_null(two->media[INE_MEDIA_FACE].path.ptr);
    ine_verification_free(two);
}

static void refused(int32_t code, ine_error **err)
{
    assert_int_equal(code, INE_E_ARGUMENT);
    assert_int_equal(ine_error_code(*err), INE_E_ARGUMENT);
    ine_error_free(*err);
    *err = NULL;
}

/* D7: NULL, unknown ids, and values of the wrong kind. */
static void D7_arguments(void **state)
{
    (void)state;
    ine_error *err = NULL;
    ine_verification *v = (ine_verification *)&err;
    refused(ine_verification_new(NULL, INE_PRODUCT_MX_INE, &err), &err);
    refused(ine_verification_new(&v, 99, &err), &err);
    assert_null(v);
    assert_int_equal(ine_verification_new(&v, INE_PRODUCT_MX_INE, &err), INE_OK);
    assert_null(err);
    refused(ine_verification_set_text(NULL, INE_IN_CIC, "1", 1, &err), &err);
    static const int32_t not_text[] = {-1, 0,   INE_IN_CONSENT, INE_IN_CONSENT_TIME, INE_IN_SELFIE,
                                       29, 9999};
    for (size_t i = 0; i < sizeof not_text / sizeof not_text[0]; i++)
        refused(ine_verification_set_text(v, not_text[i], "1", 1, &err), &err);
    refused(ine_verification_set_text(v, INE_IN_CIC, NULL, 1, &err), &err);
    refused(ine_verification_set_number(NULL, INE_IN_CONSENT, 1, &err), &err);
    refused(ine_verification_set_number(v, INE_IN_CIC, 1, &err), &err);
    refused(ine_verification_set_number(v, INE_IN_CONSENT, -1, &err), &err);
    refused(ine_verification_set_media(NULL, INE_MEDIA_FACE, "1", 1, &err), &err);
    refused(ine_verification_set_media(v, 0, "1", 1, &err), &err);
    refused(ine_verification_set_media(v, 4, "1", 1, &err), &err);
    refused(ine_verification_set_media(v, INE_MEDIA_FACE, NULL, 1, &err), &err);
    refused(ine_verification_set_media_source(NULL, INE_MEDIA_FACE, 1, &err), &err);
    refused(ine_verification_set_media_source(v, -1, 1, &err), &err);
    refused(ine_verification_set_media_path(NULL, INE_MEDIA_FACE, "a", 1, &err), &err);
    refused(ine_verification_set_media_path(v, 7, "a", 1, &err), &err);
    refused(ine_verification_set_media_path(v, INE_MEDIA_FACE, NULL, 0, &err), &err);
    refused(ine_verification_set_media_path(v, INE_MEDIA_FACE, "", 0, &err), &err);
    refused(ine_verification_set_media_path(v, INE_MEDIA_FACE, "a\0b", 3, &err), &err);
    ine_verification_free(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(products), cmocka_unit_test(defaults),
                                       cmocka_unit_test(inputs), cmocka_unit_test(copies),
                                       cmocka_unit_test(D7_arguments)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
