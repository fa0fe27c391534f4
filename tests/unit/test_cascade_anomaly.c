/* Each anomaly, and what is none. */
#include "test_cascade_support.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* clang-format off */
#define T(text) "\"" text "\""
#define AP T("approved")
#define DE T("declined")
#define GOOD T("success")
#define BAD T("failure")
#define NO NULL
#define BIT(name) (1 << INE_ANOMALY_##name)
#define MX(name, status, code, reason, ine, checks, error, found) \
    {{name, status, code, reason, ine, checks, error, NULL}, found},
#define OLDER(name, status, face, found) \
    {{name, status, NULL, NULL, NULL, NULL, NULL, face}, found},
#define FACE(match, percent) "{\"faceMatch\":" match ",\"faceMatchPercentage\":" percent "}"

static const struct {
    test_case c;
    int64_t found;
} cases[] = {
    MX("na", DE, NO, NO, BAD, "PPSF", NO, BIT(NA_WITHOUT_UPSTREAM_FAILURE))
    MX("na, null reason", AP, NO, NO, GOOD, "PPPPz", NO, BIT(NA_WITHOUT_UPSTREAM_FAILURE))
    MX("na of an unknown check", AP, NO, NO, GOOD, "PPPPPPPPPPS", NO,
       BIT(NA_WITHOUT_UPSTREAM_FAILURE) | BIT(UNKNOWN_CHECK))
    MX("na without input is none", AP, NO, NO, GOOD, "PPPPN", NO, 0)
    MX("na behind a failure is none", DE, NO, NO, BAD, "PPFSS", NO, 0)

    MX("success after", DE, NO, NO, BAD, "PFPS", NO, BIT(SUCCESS_AFTER_FAILURE))
    MX("success after an outage", DE, NO, NO, BAD, "PPRSP", NO, BIT(SUCCESS_AFTER_FAILURE))
    MX("success of an unknown check", DE, NO, NO, BAD, "PPPFSSSSSSP", NO,
       BIT(SUCCESS_AFTER_FAILURE) | BIT(UNKNOWN_CHECK))
    MX("data checks are independent", DE, NO, NO, BAD, "PPPPFP", NO, 0)

    MX("approved, selfie", AP, NO, NO, BAD, "PPFS", NO, BIT(APPROVED_WITH_FAILED_CORE))
    MX("approved, card", AP, NO, NO, BAD, "PPPF", NO, BIT(APPROVED_WITH_FAILED_CORE))
    MX("approved, data", AP, NO, NO, BAD, "PPPPF", NO, 0)
    OLDER("approved, face", AP, FACE("false", "1"), BIT(APPROVED_WITH_FAILED_CORE))

    MX("code of approved", AP, "9102", NO, NO, NO, NO, BIT(STATUS_CODE_MISMATCH))
    MX("code of declined", DE, "9001", NO, NO, NO, NO, BIT(STATUS_CODE_MISMATCH))
    MX("code as text", DE, T("9102"), NO, NO, NO, NO, BIT(STATUS_CODE_MISMATCH))
    MX("code of review", T("review"), "9104", NO, NO, NO, NO, BIT(STATUS_CODE_MISMATCH))
    MX("code of started", T("started"), "7002", NO, NO, NO, NO, BIT(STATUS_CODE_MISMATCH))
    MX("C-10 abandoned with 9121", T("abandoned"), "9121", NO, NO, NO, NO, 0)
    MX("C-10 abandoned with 9104", T("abandoned"), "9104", NO, NO, NO, NO, 0)
    MX("C-10 expired with 9121", T("expired"), "9121", NO, NO, NO, NO, BIT(STATUS_CODE_MISMATCH))
    MX("no code", AP, NO, NO, NO, NO, NO, 0)
    MX("unknown status", T("new"), "9001", NO, NO, NO, NO, 0)

    MX("640", DE, NO, "640", BAD, "PFSS", NO, BIT(REASON_CODE_MISMATCH))
    MX("902", DE, NO, "902", BAD, "PPFS", NO, BIT(REASON_CODE_MISMATCH))
    MX("581", DE, NO, "581", BAD, "PPPF", NO, BIT(REASON_CODE_MISMATCH))
    MX("904", DE, NO, "904", BAD, "PPFS", NO, BIT(REASON_CODE_MISMATCH))
    MX("903", DE, NO, "903", BAD, "PPPF", NO, BIT(REASON_CODE_MISMATCH))
    MX("903 with data", DE, NO, "903", BAD, "PPPPPF", NO, 0)
    MX("901 with a failure", DE, NO, "901", BAD, "PPFS", NO, BIT(REASON_CODE_MISMATCH))
    MX("901 without", DE, NO, "901", T("error"), NO, T("down"), 0)
    MX("approved with one", AP, NO, "102", GOOD, "PPPP", NO, BIT(REASON_CODE_MISMATCH))
    MX("no failure to compare with", DE, NO, "581", GOOD, "PPPP", NO, 0)
    MX("outside the cascade", DE, NO, "102", BAD, "PPFS", NO, 0)

    MX("success and a failure", DE, NO, NO, GOOD, "PPFS", NO, BIT(REGISTRY_STATUS_MISMATCH))
    MX("success and an error", DE, NO, NO, GOOD, NO, "{}", BIT(REGISTRY_STATUS_MISMATCH))
    MX("failure without one", DE, NO, NO, BAD, "PPPP", NO, BIT(REGISTRY_STATUS_MISMATCH))
    MX("failure of an unknown check", DE, NO, NO, BAD, "PPPPPPPPPPF", NO, BIT(UNKNOWN_CHECK))

    MX("unknown check", AP, NO, NO, GOOD, "PPPPPPPPPPP", NO, BIT(UNKNOWN_CHECK))
    MX("unknown check, null", AP, NO, NO, GOOD, "PPPPPPPPPP0", NO, BIT(UNKNOWN_CHECK))

    MX("unknown result", AP, NO, NO, GOOD, "PPPP?", NO, BIT(UNKNOWN_RESULT))
    MX("no object", AP, NO, NO, GOOD, "PPPPo", NO, BIT(UNKNOWN_RESULT))
    OLDER("face match as text", DE, FACE(T("true"), "99"), BIT(UNKNOWN_RESULT))
    OLDER("face result is no object", DE, "5", BIT(UNKNOWN_RESULT))

    MX("unknown reason", DE, NO, NO, BAD, "PPXS", NO, BIT(UNKNOWN_REASON))
    MX("reason is no text", DE, NO, NO, BAD, "PP5S", NO, BIT(UNKNOWN_REASON))

    MX("result in capitals", AP, NO, NO, GOOD, "PPPp", NO, BIT(MIXED_CASE))
    MX("result and reason", AP, NO, NO, GOOD, "PPPPn", NO, BIT(MIXED_CASE))
    MX("reason in lower case", DE, NO, NO, BAD, "PPPPT", NO, BIT(MIXED_CASE))
    MX("status", T("Approved"), NO, NO, NO, NO, NO, BIT(MIXED_CASE))
    MX("registry status", AP, NO, NO, T("SUCCESS"), "PPPP", NO, BIT(MIXED_CASE))
    MX("escapes are no case", AP, NO, NO, GOOD, "ePPP", NO, 0)

    MX("validations with status", DE, NO, NO, T("error"), "PPPP", NO, BIT(VALIDATIONS_WITH_ERROR))
    MX("validations with error", DE, NO, NO, BAD, "PPFS", "{}", BIT(VALIDATIONS_WITH_ERROR))

    OLDER("84 and a match", AP, FACE("true", "84"), BIT(FACE_PERCENT_MISMATCH))
    OLDER("85 and none", DE, FACE("false", "85"), BIT(FACE_PERCENT_MISMATCH))
    OLDER("85 and a match", AP, FACE("true", "85"), 0)
    OLDER("84 and none", DE, FACE("false", "84"), 0)
    OLDER("no match and no percentage", DE, FACE("null", "null"), 0)
};
/* clang-format on */

static void anomalies(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        ine_verdict *verdict = verdict_of_case(&cases[i].c, 0, 0);
        if (number_of(verdict, INE_V_ANOMALIES) != cases[i].found) {
            const ine_str json = ine_verdict_json(verdict);
            fail_msg("%s: %.*s", cases[i].c.name, (int)json.len, json.ptr);
        }
        ine_verdict_free(verdict);
    }
}

/* They change nothing: the same decision with a wrong code has the same outcome. */
static void they_change_nothing(void **state)
{
    const test_case right = {"right", DE, "9102", "581", BAD, "PPFS", NULL, NULL};
    const test_case wrong = {"wrong", T("Declined"), "9001", "904", GOOD, "PPFP", "{}", NULL};
    ine_verdict *one = verdict_of_case(&right, 0, 0), *two = verdict_of_case(&wrong, 0, 0);
    (void)state;
    assert_int_equal(number_of(one, INE_V_ANOMALIES), 0);
    assert_int_not_equal(number_of(two, INE_V_ANOMALIES), 0);
    for (int32_t field = INE_V_VERIFIED; field <= INE_V_FAILED; field++)
        assert_int_equal(number_of(one, field), number_of(two, field));
    ine_verdict_free(one);
    ine_verdict_free(two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(anomalies),
        cmocka_unit_test(they_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
