#include "test_identity_inputs.h"

#define CURP "BOXW310820HNERXN09"

static void complete_ones_pass(void **state)
{
    (void)state;
    for (int32_t product = INE_PRODUCT_MX_INE; product <= INE_PRODUCT_INE_REGISTRY; product++) {
        ine_verification *verification = complete(product);
        expect_clean(verification);
        ine_verification_free(verification);
    }
}

/* The request that the vendor prints: an impossible birth date, CIC 000000000. */
static void vendors_sample_passes(void **state)
{
    (void)state;
    ine_verification *verification = complete(INE_PRODUCT_MX_INE);
    set(verification, INE_IN_CALLBACK, "https://veriff.com");
    set(verification, INE_IN_VENDOR_DATA, "12345678");
    set(verification, INE_IN_END_USER_ID, "a1b2c35d-e8f7-6d5e-3cd2-a1b2c35db3d4");
    set(verification, INE_IN_CURP, "GARJ000000HMCRLP00");
    set(verification, INE_IN_FIRST_NAME, "JUAN");
    set(verification, INE_IN_LAST_NAME, "GARCIA");
    set(verification, INE_IN_SECOND_LAST_NAME, "LOPEZ");
    set(verification, INE_IN_CIC, "000000000");
    set(verification, INE_IN_VALID_FROM, "2020-03-10");
    set(verification, INE_IN_FIRST_ISSUE, "2018-06-15");
    int32_t error;
    ine_report *report = check(verification);
    assert_int_equal(ine_report_errors(report), 0);
    assert_int_equal(times(report, INE_IN_CURP, INE_PROBLEM_DATE, &error), 1);
    assert_int_equal(times(report, INE_IN_CURP, INE_PROBLEM_CHECK_DIGIT, &error), 1);
    ine_report_free(report);
    report = check_strict(verification, INE_STRICT_CURP_DATE | INE_STRICT_CURP_DIGIT);
    assert_int_equal(ine_report_errors(report), 2);
    ine_report_free(report);
    ine_verification_free(verification);
}

static void each_curp_policy(void **state)
{
    (void)state;
    static const struct {
        const char *curp;
        int32_t problem;
        int64_t strict; /* -1: always an error, 0: never */
    } cases[] = {
        {"BOXW310820HNERXN0", INE_PROBLEM_LENGTH, -1},
        {"boxw310820hnerxn09", INE_PROBLEM_CHARACTERS, -1},
        {"BOXW310820QNERXN09", INE_PROBLEM_FORMAT, -1},
        {"ZEZZ000229HNEZZZ02", INE_PROBLEM_DATE, INE_STRICT_CURP_DATE},
        {"TOMA880125HMNRRNO2", INE_PROBLEM_FUTURE, INE_STRICT_CURP_DATE},
        {"PEPL081121HNLRDSA1", INE_PROBLEM_UNDER_AGE, INE_STRICT_AGE},
        {"MOTR930411HXXRMN06", INE_PROBLEM_STATE, INE_STRICT_CURP_STATE},
        {"BOXW310820HNERXN08", INE_PROBLEM_CHECK_DIGIT, INE_STRICT_CURP_DIGIT},
        {"BACA890909MJCRMS05", INE_PROBLEM_WORD, 0},
        {"XEXX010101HNEXXXA4", INE_PROBLEM_PLACEHOLDER, 0},
        {"ZEZZ050101MNEZZZO0", INE_PROBLEM_FORMAT, 0},
        {"GMVLMR80070501M100", INE_PROBLEM_LOOKS_LIKE_VOTER_KEY, -1},
        {"123456789", INE_PROBLEM_LOOKS_LIKE_CIC, -1},
        {"", INE_PROBLEM_LENGTH, -1},
        {"BOXW310820HNERX\xff", INE_PROBLEM_ENCODING, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ine_verification *verification = complete(INE_PRODUCT_MX_INE);
        set(verification, INE_IN_CURP, cases[i].curp);
        int32_t error = -1;
        ine_report *report = check(verification);
        if (times(report, INE_IN_CURP, cases[i].problem, &error) != 1)
            fail_msg("case %zu", i);
        assert_int_equal(error, cases[i].strict < 0);
        ine_report_free(report);
        report = check_strict(verification, cases[i].strict > 0 ? cases[i].strict : 127);
        assert_int_equal(times(report, INE_IN_CURP, cases[i].problem, &error), 1);
        assert_int_equal(error, cases[i].strict != 0);
        ine_report_free(report);
        if (cases[i].strict > 0) { /* the other bits leave it a warning */
            report = check_strict(verification, 127 & ~cases[i].strict);
            assert_int_equal(times(report, INE_IN_CURP, cases[i].problem, &error), 1);
            assert_int_equal(error, 0);
            ine_report_free(report);
        }
        ine_verification_free(verification);
    }
}

/* Without asking nobody hears of the printed mask, which is wrong for everyone born since 2000. */
static void C8_the_vendors_mask_is_for_who_asks(void **state)
{
    (void)state;
    static const char *const born_since[] = {"PEPL000909HNLRDSA1", "BOXW310820HNERXNX9"};
    for (size_t i = 0; i < 2; i++) {
        ine_verification *verification = complete(INE_PRODUCT_MX_INE);
        set(verification, INE_IN_CURP, born_since[i]);
        int32_t error = -1;
        ine_report *report = check_strict(verification, 127 & ~INE_STRICT_CURP_MASK);
        assert_int_equal(times(report, INE_IN_CURP, INE_PROBLEM_MASK, &error), 0);
        ine_report_free(report);
        report = check_strict(verification, INE_STRICT_CURP_MASK);
        assert_int_equal(times(report, INE_IN_CURP, INE_PROBLEM_MASK, &error), 1);
        assert_int_equal(error, 1);
        ine_report_free(report);
        ine_verification_free(verification);
    }
}

/* An N with tilde is two bytes and one character: the length is right. */
static void curp_with_tilde(void **state)
{
    (void)state;
    ine_verification *verification = complete(INE_PRODUCT_MX_INE);
    set(verification, INE_IN_CURP,
        "MOTR930411HJCRM\xc3\x91"
        "03");
    expect_only(verification, INE_IN_CURP, INE_PROBLEM_CHARACTERS, true);
    ine_verification_free(verification);
}

#define LONG_A \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static void each_text_rule(void **state)
{
    (void)state;
    static const struct {
        int32_t input;
        const char *text;
        int32_t problem;
        bool error;
    } cases[] = {
        {INE_IN_CIC, NULL, INE_PROBLEM_REQUIRED, true},
        {INE_IN_CIC, "", INE_PROBLEM_REQUIRED, true},
        {INE_IN_CIC, "12345678", INE_PROBLEM_LENGTH, true},
        {INE_IN_CIC, "1234567890", INE_PROBLEM_LENGTH, true},
        {INE_IN_CIC, "1234567897", INE_PROBLEM_LOOKS_LIKE_MRZ, true},
        {INE_IN_CIC, "0747116375842", INE_PROBLEM_LOOKS_LIKE_OCR, true},
        {INE_IN_CIC, CURP, INE_PROBLEM_LOOKS_LIKE_CURP, true},
        {INE_IN_CIC, "GMVLMR80070501M100", INE_PROBLEM_LOOKS_LIKE_VOTER_KEY, true},
        {INE_IN_CIC, "1234-6789", INE_PROBLEM_CHARACTERS, true},
        {INE_IN_CIC, "\xc0\x80", INE_PROBLEM_ENCODING, true},
        {INE_IN_CURP, CURP, 0, false},
        {INE_IN_FIRST_NAME, "Mar\xc3\xad\x61 Jos\xc3\xa9", 0, false},
        {INE_IN_FIRST_NAME, "", INE_PROBLEM_LENGTH, true},
        {INE_IN_FIRST_NAME, "  ", INE_PROBLEM_LENGTH, true},
        {INE_IN_FIRST_NAME, "JUAN\n", INE_PROBLEM_CHARACTERS, true},
        {INE_IN_LAST_NAME, "JUAN\x7f", INE_PROBLEM_CHARACTERS, true},
        {INE_IN_LAST_NAME, "JUAN\xc2\x85", INE_PROBLEM_CHARACTERS, true},
        {INE_IN_LAST_NAME,
         "JUAN\xc2\xa0"
         "B",
         0, false},
        {INE_IN_SECOND_LAST_NAME, "\xed\xa0\x80", INE_PROBLEM_ENCODING, true},
        {INE_IN_SECOND_LAST_NAME, LONG_A LONG_A LONG_A LONG_A, INE_PROBLEM_LENGTH, true},
        {INE_IN_FIRST_ISSUE, "2018-02-30", INE_PROBLEM_DATE, true},
        {INE_IN_FIRST_ISSUE, "2018", INE_PROBLEM_DATE, true},
        {INE_IN_FIRST_ISSUE, "2026-11-20", 0, false},
        {INE_IN_VALID_FROM, "2026-11-21", INE_PROBLEM_FUTURE, false},
        {INE_IN_VALID_FROM, "10/03/2020", INE_PROBLEM_DATE, true},
        {INE_IN_DATE_OF_BIRTH, "1931-08-32", INE_PROBLEM_DATE, true},
        {INE_IN_DATE_OF_BIRTH, "2030-01-01", INE_PROBLEM_FUTURE, false},
        {INE_IN_DOCUMENT_COUNTRY, NULL, INE_PROBLEM_REQUIRED, true},
        {INE_IN_DOCUMENT_COUNTRY, "MEX", INE_PROBLEM_VALUE, true},
        {INE_IN_DOCUMENT_COUNTRY, "mx", INE_PROBLEM_VALUE, true},
        {INE_IN_DOCUMENT_TYPE, NULL, INE_PROBLEM_REQUIRED, true},
        {INE_IN_DOCUMENT_TYPE, "PASSPORT", INE_PROBLEM_VALUE, true},
        {INE_IN_GENDER, "F", 0, false},
        {INE_IN_GENDER, "H", INE_PROBLEM_VALUE, true},
        {INE_IN_VENDOR_DATA, NULL, INE_PROBLEM_REQUIRED, true},
        {INE_IN_VENDOR_DATA, "", INE_PROBLEM_REQUIRED, true},
        {INE_IN_VENDOR_DATA, "\xff", INE_PROBLEM_ENCODING, true},
        {INE_IN_VENDOR_DATA, CURP, INE_PROBLEM_PERSONAL_DATA, false},
        {INE_IN_VENDOR_DATA, "user:" CURP ":7", INE_PROBLEM_PERSONAL_DATA, false},
        {INE_IN_VENDOR_DATA, "gmvlmr80070501m100", INE_PROBLEM_PERSONAL_DATA, false},
        {INE_IN_VENDOR_DATA, "123456789", INE_PROBLEM_PERSONAL_DATA, false},
        {INE_IN_VENDOR_DATA, "someone@example.com", INE_PROBLEM_PERSONAL_DATA, false},
        {INE_IN_VENDOR_DATA, "55 1234 5678", INE_PROBLEM_PERSONAL_DATA, false},
        {INE_IN_VENDOR_DATA, "+52 (55) 1234-5678", INE_PROBLEM_PERSONAL_DATA, false},
        {INE_IN_VENDOR_DATA, "5215512345678", INE_PROBLEM_PERSONAL_DATA, false},
        {INE_IN_VENDOR_DATA, "12345678-1234-1234-1234-123456789012", 0, false},
        {INE_IN_VENDOR_DATA, "1712345678901", 0, false},
        {INE_IN_VENDOR_DATA, "12345678", 0, false},
        {INE_IN_VENDOR_DATA, "a@b", 0, false},
        {INE_IN_VENDOR_DATA, "a@bc.d", INE_PROBLEM_PERSONAL_DATA, false},
        {INE_IN_VENDOR_DATA, "a @b.c", 0, false},
        {INE_IN_VENDOR_DATA, "a@bcd", 0, false},
        {INE_IN_VENDOR_DATA, "a@b c.d", 0, false},
        {INE_IN_VENDOR_DATA, "12345678901234567", 0, false},
        {INE_IN_VENDOR_DATA, "+1234", 0, false},
        {INE_IN_VENDOR_DATA, "123+45678", 0, false},
        {INE_IN_END_USER_ID, "a1b2c35d-e8f7-6d5e-3cd2-a1b2c35db3d4", 0, false},
        {INE_IN_END_USER_ID, "7", INE_PROBLEM_FORMAT, true},
        {INE_IN_CALLBACK, "https://a.example/b?c=d#e", 0, false},
        {INE_IN_CALLBACK, "HTTPS://a.example", 0, false},
        {INE_IN_CALLBACK, "http://a.example", INE_PROBLEM_URL, true},
        {INE_IN_CALLBACK, "https://", INE_PROBLEM_URL, true},
        {INE_IN_CALLBACK, "https:///path", INE_PROBLEM_URL, true},
        {INE_IN_CALLBACK, "https://:443", INE_PROBLEM_URL, true},
        {INE_IN_CALLBACK, "https://user:pass@a.example", INE_PROBLEM_URL, true},
        {INE_IN_CALLBACK, "https://a.example/a b", INE_PROBLEM_URL, true},
        {INE_IN_CALLBACK, "https://a.example/\r\nX: y", INE_PROBLEM_URL, true},
        {INE_IN_CALLBACK, "https://ni\xc3\xb1o.example", INE_PROBLEM_URL, true},
        {INE_IN_CALLBACK, "/relative", INE_PROBLEM_URL, true},
        {INE_IN_CONSENT_CHANNEL, "branch\x01", INE_PROBLEM_CHARACTERS, true},
        {INE_IN_CONSENT_TEXT_VERSION, LONG_A LONG_A LONG_A, INE_PROBLEM_LENGTH, true},
        {INE_IN_CONSENT_TEXT_VERSION, "2026-01", 0, false},
        {INE_IN_MEDIA_TIMESTAMP, "2026-04-01T10:00:00.000Z", 0, false},
        {INE_IN_MEDIA_TIMESTAMP, "2026-04-01T10:00:00-06:00", 0, false},
        {INE_IN_MEDIA_TIMESTAMP, "2026-04-01T24:00:00Z", INE_PROBLEM_DATE, true},
        {INE_IN_MEDIA_TIMESTAMP, "2026-04-31T10:00:00Z", INE_PROBLEM_DATE, true},
        {INE_IN_MEDIA_TIMESTAMP, "2026-04-01T10:00:00.Z", INE_PROBLEM_DATE, true},
        {INE_IN_MEDIA_TIMESTAMP, "2026-04-01T10:00:00.1234567890Z", INE_PROBLEM_DATE, true},
        {INE_IN_MEDIA_TIMESTAMP, "2026-04-01T10:00:00", INE_PROBLEM_DATE, true},
        {INE_IN_MEDIA_TIMESTAMP, "2026-04-01T10:00:00+0600", INE_PROBLEM_DATE, true},
        {INE_IN_MEDIA_TIMESTAMP, "2026-04-01 10:00:00Z", INE_PROBLEM_DATE, true},
        {INE_IN_MEDIA_TIMESTAMP, "2026-04-01T23:59:59+23:59", 0, false},
        {INE_IN_MEDIA_TIMESTAMP, "2026-04-01T10:00:60Z", INE_PROBLEM_DATE, true},
        {INE_IN_MEDIA_TIMESTAMP, "2026-04-01T10:60:00Z", INE_PROBLEM_DATE, true},
        {INE_IN_MEDIA_TIMESTAMP, "2026-04-01T10:00:00+24:00", INE_PROBLEM_DATE, true},
        {INE_IN_MEDIA_TIMESTAMP, "2026-04-01T10:00:00+06:60", INE_PROBLEM_DATE, true},
        {INE_IN_MEDIA_TIMESTAMP, "2026-04-01T10:00:00x06:00", INE_PROBLEM_DATE, true},
        {INE_IN_MEDIA_TIMESTAMP, "2026-04-01T10-00-00Z", INE_PROBLEM_DATE, true},
        {INE_IN_VERSION, "1.0.0", INE_PROBLEM_UNUSED, false},
        {INE_IN_SESSION_ID, "x", INE_PROBLEM_UNUSED, false},
        {INE_IN_BODY, "{}", INE_PROBLEM_UNUSED, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ine_verification *verification = complete(INE_PRODUCT_MX_INE);
        set(verification, cases[i].input, cases[i].text);
        if (cases[i].problem)
            expect_only(verification, cases[i].input, cases[i].problem, cases[i].error);
        else
            expect_clean(verification);
        ine_verification_free(verification);
    }
}

static void lengths_count_characters(void **state)
{
    (void)state;
    char text[2048];
    for (size_t i = 0; i < 1001; i++)
        memcpy(text + 2 * i, "\xc3\xb1", 2);
    ine_verification *verification = complete(INE_PRODUCT_MX_INE);
    assert_int_equal(ine_verification_set_text(verification, INE_IN_VENDOR_DATA, text, 2000, NULL),
                     INE_OK);
    assert_int_equal(ine_verification_set_text(verification, INE_IN_FIRST_NAME, text, 510, NULL),
                     INE_OK);
    expect_clean(verification);
    assert_int_equal(ine_verification_set_text(verification, INE_IN_FIRST_NAME, text, 512, NULL),
                     INE_OK);
    expect_only(verification, INE_IN_FIRST_NAME, INE_PROBLEM_LENGTH, true);
    set(verification, INE_IN_FIRST_NAME, NULL);
    assert_int_equal(ine_verification_set_text(verification, INE_IN_VENDOR_DATA, text, 2002, NULL),
                     INE_OK);
    expect_only(verification, INE_IN_VENDOR_DATA, INE_PROBLEM_LENGTH, true);
    assert_int_equal(ine_verification_set_text(verification, INE_IN_VENDOR_DATA, "a\0b", 3, NULL),
                     INE_OK);
    expect_only(verification, INE_IN_VENDOR_DATA, INE_PROBLEM_ENCODING, true);
    ine_verification_free(verification);
}

/* ?version= of the legacy call (C-1). */
static void version(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool right;
    } cases[] = {
        {"1.0.0", true},  {"v1", true},  {"1234567890123456", true}, {"12345678901234567", false},
        {"1&x=y", false}, {"1 0", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ine_verification *verification = complete(INE_PRODUCT_INE_REGISTRY);
        set(verification, INE_IN_VERSION, cases[i].text);
        if (cases[i].right)
            expect_clean(verification);
        else
            expect_only(verification, INE_IN_VERSION, INE_PROBLEM_FORMAT, true);
        ine_verification_free(verification);
    }
}

static void callback_length(void **state)
{
    (void)state;
    char url[2050] = "https://a.example/";
    memset(url + 18, 'x', 2031);
    ine_verification *verification = complete(INE_PRODUCT_MX_INE);
    assert_int_equal(ine_verification_set_text(verification, INE_IN_CALLBACK, url, 2048, NULL),
                     INE_OK);
    expect_clean(verification);
    assert_int_equal(ine_verification_set_text(verification, INE_IN_CALLBACK, url, 2049, NULL),
                     INE_OK);
    expect_only(verification, INE_IN_CALLBACK, INE_PROBLEM_URL, true);
    ine_verification_free(verification);
}

/* What is not a CURP is not compared with names. */
static void no_comparison_without_structure(void **state)
{
    (void)state;
    ine_verification *verification = complete(INE_PRODUCT_MX_INE);
    set(verification, INE_IN_CURP, "BOXW310820QNERXN09");
    set(verification, INE_IN_LAST_NAME, "GARCIA");
    expect_only(verification, INE_IN_CURP, INE_PROBLEM_FORMAT, true);
    ine_verification_free(verification);
}

/* Short and in lower case: both are said. */
static void two_faults_of_a_curp(void **state)
{
    (void)state;
    int32_t error;
    ine_verification *verification = complete(INE_PRODUCT_MX_INE);
    set(verification, INE_IN_CURP, "boxw310820hnerxn0");
    ine_report *report = check(verification);
    assert_int_equal(times(report, INE_IN_CURP, INE_PROBLEM_LENGTH, &error), 1);
    assert_int_equal(times(report, INE_IN_CURP, INE_PROBLEM_CHARACTERS, &error), 1);
    ine_report_free(report);
    ine_verification_free(verification);
}

static void consent(void **state)
{
    (void)state;
    for (int32_t product = INE_PRODUCT_MX_INE; product <= INE_PRODUCT_INE_REGISTRY; product++) {
        ine_verification *verification = complete(product);
        assert_int_equal(ine_verification_set_number(verification, INE_IN_CONSENT, 0, NULL),
                         INE_OK);
        expect_only(verification, INE_IN_CONSENT, INE_PROBLEM_CONSENT, true);
        assert_int_equal(ine_verification_set_number(verification, INE_IN_CONSENT, 2, NULL),
                         INE_OK);
        expect_only(verification, INE_IN_CONSENT, INE_PROBLEM_CONSENT, true);
        verification->number[INE_IN_CONSENT] = -1; /* never set */
        if (product == INE_PRODUCT_INE_REGISTRY)
            expect_clean(verification);
        else
            expect_only(verification, INE_IN_CONSENT, INE_PROBLEM_CONSENT, true);
        ine_verification_free(verification);
    }
}

/* Everything wrong at once is reported at once. */
static void every_problem_at_once(void **state)
{
    (void)state;
    ine_verification *verification;
    assert_int_equal(ine_verification_new(&verification, INE_PRODUCT_MX_INE, NULL), INE_OK);
    set(verification, INE_IN_CURP, "X");
    set(verification, INE_IN_CALLBACK, "ftp://x");
    set(verification, INE_IN_END_USER_ID, "x");
    set(verification, INE_IN_VALID_FROM, "x");
    set(verification, INE_IN_QUERY, "x");
    set(verification, INE_IN_DOCUMENT_TYPE, "x");
    ine_report *report = check(verification);
    assert_int_equal(ine_report_errors(report), 9);
    assert_int_equal(ine_report_count(report), 10);
    ine_report_free(report);
    ine_verification_free(verification);
}

/* D3: no value of any input is ever in a report. */
static void no_value_leaks(void **state)
{
    (void)state;
    static const char *const values[] = {"ZQZQ",
                                         "123456780",
                                         "ZQ99999999",
                                         "zq@zq.zq",
                                         "ZQ/ZQ/2020",
                                         "\x01ZQ\x02",
                                         "99887766554",
                                         "https://zq:zq@zq.zq",
                                         "ZQVLMR80070501M100",
                                         "ZQXX310820HNERXN09"};
    for (size_t v = 0; v < sizeof values / sizeof values[0]; v++) {
        ine_verification *verification;
        assert_int_equal(ine_verification_new(&verification, INE_PRODUCT_MX_INE, NULL), INE_OK);
        for (int32_t input = 1; input < INE_IN_SELFIE; input++) {
            if (input != INE_IN_CONSENT && input != INE_IN_CONSENT_TIME)
                set(verification, input, values[v]);
        }
        assert_int_equal(ine_verification_set_media(verification, INE_MEDIA_FACE, values[v],
                                                    strlen(values[v]), NULL),
                         INE_OK);
        ine_report *report = check_strict(verification, 127);
        const ine_str json = ine_report_json(report);
        assert_true(json.len > 500);
        assert_false(ine__str_contains(json, values[v]));
        assert_false(ine__str_contains(json, "ZQ") || ine__str_contains(json, "zq"));
        ine_report_free(report);
        ine_verification_free(verification);
    }
}

static void todays_date(void **state)
{
    (void)state;
    ine_verification *verification = complete(INE_PRODUCT_MX_INE);
    set(verification, INE_IN_VALID_FROM, "9999-01-01");
    ine_report *report;
    assert_int_equal(ine_verification_check(verification, NULL, &report, NULL), INE_OK);
    int32_t error;
    assert_int_equal(times(report, INE_IN_VALID_FROM, INE_PROBLEM_FUTURE, &error), 1);
    ine_report_free(report);
    set(verification, INE_IN_VALID_FROM, "2026-01-01");
    assert_int_equal(ine_verification_check(verification, NULL, &report, NULL), INE_OK);
    assert_int_equal(ine_report_count(report), 0);
    ine_report_free(report);
    ine_verification_free(verification);
}

static void arguments(void **state)
{
    (void)state;
    ine_error *err;
    ine_report *report = (ine_report *)&err;
    assert_int_equal(ine_verification_check(NULL, NULL, &report, &err), INE_E_ARGUMENT);
    assert_null(report);
    ine_error_free(err);
    ine_verification *verification = complete(INE_PRODUCT_MX_INE);
    assert_int_equal(ine_verification_check(verification, NULL, NULL, NULL), INE_E_ARGUMENT);
    ine_verification_free(verification);
}

static bool whole_check(void *argument)
{
    (void)argument;
    ine_verification *verification;
    ine_report *report;
    ine_error *err = NULL;
    if (ine_verification_new(&verification, INE_PRODUCT_MX_INE, &err) != INE_OK) {
        assert_null(verification);
        ine_error_free(err);
        return false;
    }
    bool ok = ine_verification_set_text(verification, INE_IN_CURP, "X", 1, NULL) == INE_OK &&
              ine_verification_set_text(verification, INE_IN_CIC, "X", 1, NULL) == INE_OK &&
              ine_verification_set_text(verification, INE_IN_CALLBACK, "X", 1, NULL) == INE_OK &&
              ine_verification_set_text(verification, INE_IN_GENDER, "X", 1, NULL) == INE_OK &&
              ine_verification_set_text(verification, INE_IN_QUERY, "X", 1, NULL) == INE_OK &&
              ine_verification_set_text(verification, INE_IN_BODY, "X", 1, NULL) == INE_OK &&
              ine_verification_set_media_path(verification, INE_MEDIA_DOCUMENT_BACK, "X", 1,
                                              NULL) == INE_OK;
    ine_verification *copy = ok ? ine__verification_copy(verification) : NULL;
    ok = copy != NULL;
    if (ok) {
        const int32_t code = ine_verification_check(copy, NULL, &report, &err);
        ok = code == INE_OK;
        assert_true(ok || (code == INE_E_MEMORY && !report));
        ine_error_free(err);
        if (ok) {
            assert_int_equal(ine_report_count(report), 10); /* none is lost */
            ok = ine_report_json(report).ptr != NULL;
            const int32_t fail = ine__report_fail(&err, report);
            assert_true(fail == INE_E_INPUT || fail == INE_E_MEMORY);
            assert_int_equal(ine_error_code(err), fail);
            ok = ok && ine_error_code(err) == INE_E_INPUT;
            ine_error_free(err);
        }
    }
    ine_verification_free(copy);
    ine_verification_free(verification);
    return ok;
}

static void allocations(void **state)
{
    (void)state;
    test_each_allocation(whole_check, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(complete_ones_pass),
        cmocka_unit_test(vendors_sample_passes),
        cmocka_unit_test(each_curp_policy),
        cmocka_unit_test(C8_the_vendors_mask_is_for_who_asks),
        cmocka_unit_test(curp_with_tilde),
        cmocka_unit_test(each_text_rule),
        cmocka_unit_test(lengths_count_characters),
        cmocka_unit_test(version),
        cmocka_unit_test(callback_length),
        cmocka_unit_test(two_faults_of_a_curp),
        cmocka_unit_test(no_comparison_without_structure),
        cmocka_unit_test(consent),
        cmocka_unit_test(every_problem_at_once),
        cmocka_unit_test(no_value_leaks),
        cmocka_unit_test(todays_date),
        cmocka_unit_test(arguments),
        cmocka_unit_test(allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
