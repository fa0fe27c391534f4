/* Every row of the table "Outcome" of docs/verdict.md, with cases of its own. */
#include "test_cascade_support.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define GOOD                "\"success\""
#define BAD                 "\"failure\""
#define ERR                 "\"error\""
#define AP                  "\"approved\""
#define DE                  "\"declined\""
#define FACE(match, status) "{\"faceMatch\":" match ",\"responseStatus\":" status "}"
#define YES                 FACE("true", "\"success\"")

#define NONE (-1)

#define PENDING    INE_OUTCOME_PENDING, INE_ADVICE_WAIT
#define RESUBMIT   INE_OUTCOME_RESUBMIT, INE_ADVICE_RESUBMIT
#define EXPIRED    INE_OUTCOME_EXPIRED, INE_ADVICE_RETRY_NEW_SESSION
#define ABANDONED  INE_OUTCOME_ABANDONED, INE_ADVICE_RETRY_NEW_SESSION
#define REVIEW     INE_OUTCOME_REVIEW, INE_ADVICE_WAIT
#define VERIFIED   INE_OUTCOME_VERIFIED, INE_ADVICE_NONE
#define EXCEPTIONS INE_OUTCOME_APPROVED_WITH_EXCEPTIONS, INE_ADVICE_MANUAL_REVIEW
#define CONSENT    INE_OUTCOME_CONSENT_MISSING, INE_ADVICE_ASK_CONSENT
#define INPUT      INE_OUTCOME_INPUT_ERROR, INE_ADVICE_CORRECT_INPUT
#define CORRECT    INE_OUTCOME_NOT_VERIFIED, INE_ADVICE_CORRECT_INPUT
#define SELFIE     INE_OUTCOME_NOT_VERIFIED, INE_ADVICE_NEW_SELFIE
#define REFUSE     INE_OUTCOME_NOT_VERIFIED, INE_ADVICE_REFUSE_CARD
#define MANUAL     INE_OUTCOME_NOT_VERIFIED, INE_ADVICE_MANUAL_REVIEW
#define LATER      INE_OUTCOME_RETRY_LATER, INE_ADVICE_RETRY_NEW_SESSION
#define UNKNOWN    INE_OUTCOME_UNKNOWN, INE_ADVICE_MANUAL_REVIEW

/* clang-format off */
#define T(text) "\"" text "\""
#define NO NULL
#define MX(name, status, code, reason, ine, checks, error, result, root) \
    {{name, status, code, reason, ine, checks, error, NULL}, result, root},
#define OLDER(name, status, code, reason, ine, checks, face, result, root) \
    {{name, status, code, reason, ine, checks, NULL, face}, result, root},

/* The row stands at the beginning of each name. */
static const struct {
    test_case c;
    int32_t outcome, advice, root;
} outcomes[] = {
    MX("1 created", T("created"), NO, NO, NO, NO, NO, PENDING, NONE)
    MX("1 started", T("started"), "7001", NO, NO, NO, NO, PENDING, NONE)
    MX("1 submitted", T("SUBMITTED"), "7002", NO, NO, NO, NO, PENDING, NONE)

    MX("2 resubmission", T("resubmission_requested"), "9103", NO, BAD, "PPFS", NO, RESUBMIT, 3)
    MX("2 expired", T("expired"), "9104", NO, NO, NO, NO, EXPIRED, NONE)
    MX("2 abandoned", T("abandoned"), "9104", NO, NO, NO, NO, ABANDONED, NONE)
    MX("2 review", T("Review"), "9121", NO, NO, NO, NO, REVIEW, NONE)
    MX("2 review with a good result", T("review"), "9121", NO, GOOD, "PPPP", NO, REVIEW, NONE)

    MX("3 core only", AP, "9001", "null", GOOD, "PPPP", NO, VERIFIED, NONE)
    MX("3 without a code", AP, NO, NO, GOOD, "PPPPPN-0Pn", NO, VERIFIED, NONE)
    MX("3 null code", AP, "null", NO, GOOD, "PPPP", "null", VERIFIED, NONE)
    MX("3 unknown checks that are good", AP, "9001", NO, GOOD, "PPPPPPPPPPPN0", NO, VERIFIED, NONE)
    OLDER("3 older form", AP, "9001", NO, NO, NO, YES, VERIFIED, NONE)
    OLDER("3 older form, no status", AP, "9001", NO, NO, NO, FACE("true", "null"), VERIFIED, NONE)
    OLDER("3 both", AP, "9001", NO, GOOD, "PPPP", YES, VERIFIED, NONE)

    MX("4 no result", AP, "9001", NO, NO, NO, NO, EXCEPTIONS, NONE)
    MX("4 other code", AP, "9102", NO, GOOD, "PPPP", NO, EXCEPTIONS, NONE)
    MX("4 code as text", AP, T("9001"), NO, GOOD, "PPPP", NO, EXCEPTIONS, NONE)
    MX("4 reasonCode", AP, "9001", "904", GOOD, "PPPP", NO, EXCEPTIONS, 4)
    MX("4 reasonCode as text", AP, "9001", T("904"), GOOD, "PPPP", NO, EXCEPTIONS, NONE)
    MX("4 registry failure", AP, "9001", NO, BAD, "PPPP", NO, EXCEPTIONS, NONE)
    MX("4 registry error", AP, "9001", NO, GOOD, "PPPP", "{}", EXCEPTIONS, NONE)
    MX("4 core failed", AP, "9001", NO, GOOD, "PPFP", NO, EXCEPTIONS, 3)
    MX("4 core without input", AP, "9001", NO, GOOD, "PPPN", NO, EXCEPTIONS, NONE)
    MX("4 core absent", AP, "9001", NO, GOOD, "PP-PPPPPPP", NO, EXCEPTIONS, NONE)
    MX("4 no checks", AP, "9001", NO, GOOD, NO, NO, EXCEPTIONS, NONE)
    MX("4 data check failed", AP, "9001", NO, GOOD, "PPPPPF", NO, EXCEPTIONS, 6)
    MX("4 data check not understood", AP, "9001", NO, GOOD, "PPPP?", NO, EXCEPTIONS, NONE)
    MX("4 data check inconclusive", AP, "9001", NO, GOOD, "PPPPS", NO, EXCEPTIONS, NONE)
    MX("4 unknown check failed", AP, "9001", NO, GOOD, "PPPPPPPPPPF", NO, EXCEPTIONS, NONE)
    MX("4 unknown check not understood", AP, "9001", NO, GOOD, "PPPP P?", NO, EXCEPTIONS, NONE)
    OLDER("4 older, no match", AP, "9001", NO, NO, NO, FACE("false", T("success")), EXCEPTIONS, 3)
    OLDER("4 older, failure", AP, "9001", NO, NO, NO, FACE("true", T("FAILURE")), EXCEPTIONS, NONE)
    OLDER("4 older form as text", AP, "9001", NO, NO, NO, FACE(T("true"), "null"), EXCEPTIONS, NONE)
    OLDER("4 older form is no object", AP, "9001", NO, NO, NO, "true", EXCEPTIONS, NONE)
    OLDER("4 both, one bad", AP, "9001", NO, GOOD, "PPPP", FACE("false", "null"), EXCEPTIONS, NONE)
    OLDER("4 both, the other is bad", AP, "9001", NO, GOOD, "PP-P", YES, EXCEPTIONS, NONE)
    OLDER("4 both, no check 3", AP, "9001", NO, GOOD, "PP-P", FACE("false", "null"), EXCEPTIONS, 3)

    MX("5 check 1", DE, "9102", "640", BAD, "ISSS", NO, CONSENT, 1)
    MX("5 check 1 and others", DE, "9102", NO, BAD, "FIFF", NO, CONSENT, 1)
    MX("5 640 alone", DE, "9102", "640", NO, NO, NO, CONSENT, 1)
    MX("5 640 and an outage", DE, "9102", "640", ERR, NO, NO, CONSENT, 1)

    MX("6", DE, "9102", "902", BAD, "PISS", NO, INPUT, 2)
    MX("6 without a code", DE, NO, NO, BAD, "-I-F", NO, INPUT, 2)

    MX("7 person", DE, "9102", "902", BAD, "PFSS", NO, CORRECT, 2)
    MX("7 selfie", DE, "9102", "581", BAD, "PPFS", NO, SELFIE, 3)
    MX("7 selfie, other code", DE, "9102", "102", BAD, "PPFF", NO, SELFIE, 3)
    MX("7 card", DE, "9102", "904", BAD, "PPPF", NO, REFUSE, 4)
    MX("7 data", DE, "9102", "903", BAD, "PPPPPFPF", NO, CORRECT, 6)
    MX("7 last data", DE, "9102", "903", BAD, "PPPP-----F", NO, CORRECT, 10)
    MX("7 registry status does not matter", DE, "9102", NO, ERR, "PPFS", NO, SELFIE, 3)
    MX("7 only an unknown check", DE, "9102", "903", BAD, "PPPPPPPPPPF", NO, MANUAL, NONE)
    MX("7 an unknown check and 640", DE, "9102", "640", BAD, "PPPPPPPPPPF", NO, MANUAL, 1)
    OLDER("7 older form", DE, "9102", "581", NO, NO, FACE("false", T("success")), SELFIE, 3)
    OLDER("7 both, no check 3", DE, "9102", NO, BAD, "PP-P", FACE("false", "null"), SELFIE, 3)

    MX("8 registry error", DE, "9102", "901", ERR, NO, NO, LATER, 0)
    MX("8 registry error, no code", DE, "9102", NO, ERR, "PPXP", NO, LATER, 0)
    MX("8 901 alone", DE, "9102", "901", NO, NO, NO, LATER, 0)
    MX("8 a check that was not made", DE, "9102", "581", BAD, "PPRS", NO, LATER, 0)
    MX("8 not applicable by an outage", DE, "9102", "903", GOOD, "PPPPtT", NO, LATER, 0)
    MX("8 an unknown check", DE, "9102", "902", BAD, "PPPPPPPPPPT", NO, LATER, 0)
    OLDER("8 older form", DE, "9102", NO, NO, NO, FACE("null", "null"), LATER, 0)
    OLDER("8 older form without a match", DE, "9102", "581", NO, NO, "{}", LATER, 0)

    MX("9 a reason outside the cascade", DE, "9102", "102", GOOD, "PPPP", NO, MANUAL, NONE)
    MX("9 the same in an outage", DE, "9102", "102", ERR, NO, NO, MANUAL, NONE)
    MX("9 too many selfies", DE, "9102", "539", NO, NO, NO, SELFIE, NONE)
    MX("9 nothing at all", DE, NO, NO, NO, NO, NO, MANUAL, NONE)
    MX("9 a code that names a check", DE, "9102", "904", GOOD, "PPPP", NO, MANUAL, 4)
    MX("9 inconclusive by two reasons", DE, "9102", NO, BAD, "PPRSXT", NO, MANUAL, NONE)
    MX("9 901 and something not understood", DE, "9102", "901", ERR, "?", NO, MANUAL, NONE)
    MX("9 901 and an odd unknown check", DE, "9102", "901", ERR, "PPPPPPPPPPo", NO, MANUAL, NONE)
    OLDER("9 older form not understood", DE, "9102", "901", NO, NO, "[]", MANUAL, NONE)

    MX("10 unknown status", T("inflow_completed"), "9001", NO, GOOD, "PPPP", NO, UNKNOWN, NONE)
    MX("10 no status", NO, "9001", NO, GOOD, "PPPP", NO, UNKNOWN, NONE)
    MX("10 status is no text", "true", "9001", NO, BAD, "PPFS", NO, UNKNOWN, 3)
    MX("10 longer than a status", T("approved "), "9001", NO, GOOD, "PPPP", NO, UNKNOWN, NONE)
};
/* clang-format on */

static void outcome_of_a_decision(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(outcomes); i++) {
        ine_verdict *verdict = verdict_of_case(&outcomes[i].c, 0, 0);
        if (number_of(verdict, INE_V_OUTCOME) != outcomes[i].outcome ||
            number_of(verdict, INE_V_ADVICE) != outcomes[i].advice ||
            number_of(verdict, INE_V_ROOT_CAUSE) != outcomes[i].root) {
            const ine_str json = ine_verdict_json(verdict);
            fail_msg("%s: %.*s", outcomes[i].c.name, (int)json.len, json.ptr);
        }
        assert_int_equal(number_of(verdict, INE_V_VERIFIED),
                         outcomes[i].outcome == INE_OUTCOME_VERIFIED);
        ine_verdict_free(verdict);
    }
}

/* Bodies that the tables do not begin with: null, replies, webhooks. */
static void other_bodies(void **state)
{
    static const struct {
        const char *body;
        int32_t outcome, advice;
    } bodies[] = {
        {"{\"status\":\"success\",\"verification\":null}", INE_OUTCOME_PENDING, INE_ADVICE_WAIT},
        {"{\"verification\":null,\"status\":\"SUCCESS\"}", INE_OUTCOME_PENDING, INE_ADVICE_WAIT},
        {"{\"status\":\"success\",\"verification\":{\"id\":\"x\",\"url\":\"y\",\"host\":\"z\","
         "\"status\":\"created\",\"sessionToken\":\"t\"}}",
         INE_OUTCOME_PENDING, INE_ADVICE_WAIT},
        {"{\"id\":\"x\",\"attemptId\":\"y\",\"feature\":\"selfid\",\"code\":7002,"
         "\"action\":\"submitted\"}",
         INE_OUTCOME_PENDING, INE_ADVICE_WAIT},
        /* the reply to a delete says nothing about a person */
        {"{\"status\":\"success\",\"verification\":{\"id\":\"x\"}}", INE_OUTCOME_UNKNOWN,
         INE_ADVICE_MANUAL_REVIEW},
        {"{\"status\":\"fail\",\"code\":\"1101\",\"message\":\"no\"}", INE_OUTCOME_UNKNOWN,
         INE_ADVICE_MANUAL_REVIEW},
        {"{\"active\":true,\"documentState\":\"x\"}", INE_OUTCOME_CARD_ACTIVE, INE_ADVICE_NONE},
        {"{\"active\":false,\"documentState\":\"x\"}", INE_OUTCOME_CARD_NOT_ACTIVE,
         INE_ADVICE_MANUAL_REVIEW},
        {"{\"active\":null,\"documentState\":\"x\"}", INE_OUTCOME_UNKNOWN,
         INE_ADVICE_MANUAL_REVIEW},
        {"{\"active\":\"true\",\"documentState\":\"x\"}", INE_OUTCOME_UNKNOWN,
         INE_ADVICE_MANUAL_REVIEW},
        {"{\"eventType\":\"ine_registry\",\"sessionId\":\"x\",\"attemptId\":\"y\",\"data\":"
         "{\"status\":\"s\",\"code\":200,\"details\":{\"active\":true,\"documentState\":\"d\"}}}",
         INE_OUTCOME_CARD_ACTIVE, INE_ADVICE_NONE},
        {"{}", INE_OUTCOME_UNKNOWN, INE_ADVICE_MANUAL_REVIEW},
        {"[]", INE_OUTCOME_UNKNOWN, INE_ADVICE_MANUAL_REVIEW},
        {"{\"verification\":\"approved\"}", INE_OUTCOME_UNKNOWN, INE_ADVICE_MANUAL_REVIEW},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        ine_verdict *verdict = verdict_of(bodies[i].body, strlen(bodies[i].body), 0, 0);
        if (number_of(verdict, INE_V_OUTCOME) != bodies[i].outcome ||
            number_of(verdict, INE_V_ADVICE) != bodies[i].advice)
            fail_msg("%s", bodies[i].body);
        assert_int_equal(number_of(verdict, INE_V_VERIFIED), 0);
        assert_int_equal(number_of(verdict, INE_V_ROOT_CAUSE), -1);
        ine_verdict_free(verdict);
    }
}

/* MX_INE and the older object in forms that they do not have. */
static void results_that_are_no_objects(void **state)
{
    static const char *const bodies[] = {
        "{\"verification\":{\"status\":\"approved\",\"code\":9001,\"registryValidations\":"
        "{\"MX_INE\":\"success\"}}}",
        "{\"verification\":{\"status\":\"approved\",\"code\":9001,\"registryValidations\":"
        "{\"MX_INE\":[]},\"additionalVerifiedData\":{\"ineBiometricRegistryValidation\":"
        "{\"faceMatch\":true}}}}",
        "{\"verification\":{\"status\":\"approved\",\"code\":9001,\"registryValidations\":[],"
        "\"additionalVerifiedData\":{\"ineBiometricRegistryValidation\":1}}}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        ine_verdict *verdict = verdict_of(bodies[i], strlen(bodies[i]), 0, 0);
        assert_int_equal(number_of(verdict, INE_V_OUTCOME), INE_OUTCOME_APPROVED_WITH_EXCEPTIONS);
        assert_int_equal(number_of(verdict, INE_V_NO_INE_RESULT), 0);
        ine_verdict_free(verdict);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcome_of_a_decision),
        cmocka_unit_test(other_bodies),
        cmocka_unit_test(results_that_are_no_objects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
