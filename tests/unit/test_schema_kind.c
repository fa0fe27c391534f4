/* What a body is, and the fields that webhooks keep at other places. */
#include "support.h"

#include "schema/decision.h"

static ine_decision *read_text(const char *body)
{
    ine_decision *decision;
    if (ine_decision_read(&decision, body, strlen(body), INE_READ_COPY, NULL) != INE_OK)
        fail_msg("%s", body);
    return decision;
}

static void assert_text(const ine_decision *decision, int32_t field, const char *wanted)
{
    ine_str text;
    const int32_t state = ine_decision_field(decision, field, &text, NULL);
    if (state != INE_FIELD_PRESENT || !ine__str_is(text, wanted))
        fail_msg("field %d: state %d, %.*s", field, state, (int)text.len, text.ptr ? text.ptr : "");
}

static void assert_number(const ine_decision *decision, int32_t field, int64_t wanted)
{
    int64_t number;
    assert_int_equal(ine_decision_field(decision, field, NULL, &number), INE_FIELD_PRESENT);
    assert_int_equal(number, wanted);
}

static void test_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        int32_t kind;
    } cases[] = {
        {"{}", INE_KIND_UNKNOWN},
        {"[]", INE_KIND_UNKNOWN},
        {"null", INE_KIND_UNKNOWN},
        {"\"text\"", INE_KIND_UNKNOWN},
        {"17", INE_KIND_UNKNOWN},
        {"{\"status\":\"success\"}", INE_KIND_UNKNOWN},
        {"{\"status\":\"success\",\"verification\":null}", INE_KIND_DECISION},
        {"{\"verification\":{}}", INE_KIND_DECISION},
        {"{\"verification\":{\"code\":9001}}", INE_KIND_DECISION},
        {"{\"verification\":{\"status\":\"approved\"}}", INE_KIND_DECISION},
        {"{\"verification\":{\"id\":\"x\",\"status\":\"approved\"}}", INE_KIND_DECISION},
        {"{\"verification\":{\"id\":\"x\",\"status\":\"started\",\"attemptId\":\"y\"}}",
         INE_KIND_DECISION},
        {"{\"verification\":[]}", INE_KIND_UNKNOWN},
        {"{\"verification\":\"x\"}", INE_KIND_UNKNOWN},
        {"{\"verification\":7,\"images\":[]}", INE_KIND_UNKNOWN},
        {"{\"status\":\"success\",\"verification\":{\"id\":\"x\",\"url\":\"u\",\"vendorData\":null,"
         "\"host\":\"h\",\"status\":\"created\",\"sessionToken\":\"t\"}}",
         INE_KIND_SESSION},
        {"{\"status\":\"success\",\"verification\":{\"id\":\"x\",\"url\":\"u\",\"status\":"
         "\"SUBMITTED\"}}",
         INE_KIND_SESSION},
        {"{\"verification\":{\"status\":\"st\\u0061rted\"}}", INE_KIND_SESSION},
        {"{\"status\":\"success\",\"verification\":{\"id\":\"x\"}}", INE_KIND_SESSION},
        {"{\"status\":\"success\",\"image\":{\"id\":\"x\"}}", INE_KIND_MEDIA},
        {"{\"image\":null}", INE_KIND_UNKNOWN},
        {"{\"status\":\"success\",\"images\":[],\"videos\":[]}", INE_KIND_MEDIA_LIST},
        {"{\"videos\":[]}", INE_KIND_MEDIA_LIST},
        {"{\"images\":{}}", INE_KIND_UNKNOWN},
        {"{\"status\":\"success\",\"verifications\":[]}", INE_KIND_ATTEMPTS},
        {"{\"status\":\"fail\",\"code\":\"1101\",\"message\":\"m\"}", INE_KIND_ERROR},
        {"{\"status\":\"FAIL\",\"code\":1101}", INE_KIND_ERROR},
        {"{\"status\":\"fail\",\"message\":\"m\"}", INE_KIND_ERROR},
        {"{\"status\":400,\"code\":\"1305\",\"message\":\"m\"}", INE_KIND_ERROR},
        {"{\"code\":\"1101\",\"message\":\"m\"}", INE_KIND_ERROR},
        {"{\"status\":\"fail\",\"code\":\"1101\",\"verification\":{\"code\":9001}}",
         INE_KIND_ERROR},
        {"{\"status\":\"fail\"}", INE_KIND_UNKNOWN},
        {"{\"message\":\"gateway\"}", INE_KIND_UNKNOWN},
        {"{\"active\":true,\"documentState\":\"x\"}", INE_KIND_INE_REGISTRY},
        {"{\"active\":null,\"documentState\":null}", INE_KIND_INE_REGISTRY},
        {"{\"active\":true}", INE_KIND_UNKNOWN},
        {"{\"documentState\":\"x\"}", INE_KIND_UNKNOWN},
        {"{\"id\":\"x\",\"code\":7002,\"action\":\"submitted\",\"feature\":\"selfid\"}",
         INE_KIND_EVENT},
        {"{\"id\":\"x\",\"code\":7002,\"action\":\"submitted\"}", INE_KIND_EVENT},
        {"{\"action\":\"submitted\"}", INE_KIND_UNKNOWN},
        {"{\"eventType\":\"ine_registry\"}", INE_KIND_INE_WEBHOOK},
        {"{\"type\":\"ine_registry\"}", INE_KIND_INE_WEBHOOK},
        {"{\"type\":\"curp_registry\"}", INE_KIND_CURP_WEBHOOK},
        {"{\"eventType\":\"curp_registry\"}", INE_KIND_CURP_WEBHOOK},
        {"{\"eventType\":\"combined-ine-curp-registry\"}", INE_KIND_INE_CURP_WEBHOOK},
        {"{\"eventType\":\"user-status.fraud\"}", INE_KIND_USER_STATUS},
        {"{\"eventType\":\"something.new\"}", INE_KIND_UNKNOWN},
        {"{\"eventType\":\"something.new\",\"verification\":{\"code\":9001}}", INE_KIND_DECISION},
        {"{\"status\":\"success\",\"sessionId\":\"s\",\"attemptId\":\"a\"}",
         INE_KIND_COLLECTED_DATA},
        {"{\"sessionId\":\"s\"}", INE_KIND_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ine_decision *d = read_text(cases[i].body);
        if (ine_decision_kind(d) != cases[i].kind)
            fail_msg("%s: %d", cases[i].body, ine_decision_kind(d));
        ine_decision_free(d);
    }
}

static void test_payload_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int32_t kind;
    } cases[] = {
        {"decision_approved_all_checks", INE_KIND_DECISION},
        {"decision_approved_optional_not_provided", INE_KIND_DECISION},
        {"decision_consent_declined", INE_KIND_DECISION},
        {"decision_legacy_biometric_excerpt", INE_KIND_DECISION},
        {"decision_lost_or_stolen", INE_KIND_DECISION},
        {"decision_person_not_found", INE_KIND_DECISION},
        {"decision_registry_unavailable", INE_KIND_DECISION},
        {"decision_selfie_mismatch", INE_KIND_DECISION},
        {"mx_ine_all_fields_excerpt", INE_KIND_DECISION},
        {"error_400", INE_KIND_ERROR},
        {"error_401", INE_KIND_ERROR},
        {"error_404", INE_KIND_ERROR},
        {"error_500", INE_KIND_ERROR},
        {"ine_registry_active", INE_KIND_INE_REGISTRY},
        {"ine_registry_not_found", INE_KIND_INE_REGISTRY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t len;
        char *body = test_payload(cases[i].name, &len);
        ine_decision *d;
        assert_int_equal(ine_decision_read(&d, body, len, INE_READ_BORROW, NULL), INE_OK);
        assert_int_equal(ine_decision_kind(d), cases[i].kind);
        ine_decision_free(d);
        free(body);
    }
}

static void test_session_reply(void **state)
{
    (void)state;
    ine_decision *d = read_text(
        "{\"status\":\"success\",\"verification\":{\"id\":\"fd5c1563-1d23-4b1a-ae46-7ba429927ed8\","
        "\"url\":\"https:\\/\\/host\\/v\\/token\",\"vendorData\":null,\"host\":\"https://host\","
        "\"status\":\"created\",\"sessionToken\":\"token\"}}");
    assert_text(d, INE_D_SESSION_ID, "fd5c1563-1d23-4b1a-ae46-7ba429927ed8");
    assert_text(d, INE_D_SESSION_URL, "https://host/v/token");
    assert_text(d, INE_D_SESSION_HOST, "https://host");
    assert_text(d, INE_D_SESSION_TOKEN, "token");
    assert_text(d, INE_D_SESSION_STATUS, "created");
    assert_int_equal(ine_decision_field(d, INE_D_VENDOR_DATA, NULL, NULL), INE_FIELD_NULL);
    ine_decision_free(d);
}

static void test_media_reply(void **state)
{
    (void)state;
    ine_decision *d = read_text(
        "{\"status\":\"success\",\"image\":{\"id\":\"i\",\"name\":\"face\",\"context\":\"face\","
        "\"timestamp\":null,\"size\":12345,\"mimetype\":\"image/jpeg\",\"url\":\"https://h/v1/"
        "media/i\","
        "\"sessionId\":\"s\"}}");
    assert_text(d, INE_D_MEDIA_ID, "i");
    assert_text(d, INE_D_MEDIA_NAME, "face");
    assert_text(d, INE_D_MEDIA_CONTEXT, "face");
    assert_number(d, INE_D_MEDIA_SIZE, 12345);
    assert_text(d, INE_D_MEDIA_MIMETYPE, "image/jpeg");
    assert_text(d, INE_D_MEDIA_URL, "https://h/v1/media/i");
    assert_text(d, INE_D_SESSION_ID, "s");
    ine_decision_free(d);
}

static void test_event(void **state)
{
    (void)state;
    ine_decision *d =
        read_text("{\"id\":\"s\",\"attemptId\":\"a\",\"feature\":\"selfid\",\"code\":7002,"
                  "\"action\":\"submitted\",\"vendorData\":\"v\",\"endUserId\":null}");
    assert_int_equal(ine_decision_kind(d), INE_KIND_EVENT);
    assert_text(d, INE_D_SESSION_ID, "s");
    assert_text(d, INE_D_ATTEMPT_ID, "a");
    assert_text(d, INE_D_FEATURE, "selfid");
    assert_text(d, INE_D_ACTION, "submitted");
    assert_number(d, INE_D_CODE, 7002);
    assert_int_equal(ine_decision_field(d, INE_D_API_CODE, NULL, NULL), INE_FIELD_ABSENT);
    assert_text(d, INE_D_VENDOR_DATA, "v");
    assert_int_equal(ine_decision_field(d, INE_D_END_USER_ID, NULL, NULL), INE_FIELD_NULL);
    ine_decision_free(d);
}

static void test_legacy_webhooks(void **state)
{
    (void)state;
    ine_decision *d = read_text(
        "{\"eventType\":\"ine_registry\",\"sessionId\":\"s\",\"attemptId\":\"a\",\"vendorData\":"
        "\"v\","
        "\"endUserId\":\"u\",\"version\":\"1.0.0\",\"time\":\"2021-06-02T11:04:00.287Z\",\"data\":{"
        "\"status\":\"La credencial es v\xc3\xa1lida\",\"code\":200,\"details\":{\"active\":true,"
        "\"documentState\":\"El documento es v\\u00e1lido.\"}}}");
    assert_text(d, INE_D_EVENT_TYPE, "ine_registry");
    assert_text(d, INE_D_SESSION_ID, "s");
    assert_text(d, INE_D_ATTEMPT_ID, "a");
    assert_text(d, INE_D_VENDOR_DATA, "v");
    assert_text(d, INE_D_END_USER_ID, "u");
    assert_text(d, INE_D_VERSION, "1.0.0");
    assert_text(d, INE_D_TIME, "2021-06-02T11:04:00.287Z");
    assert_text(d, INE_D_DATA_STATUS, "La credencial es v\xc3\xa1lida");
    assert_number(d, INE_D_DATA_CODE, 200);
    assert_number(d, INE_D_ACTIVE, 1);
    assert_text(d, INE_D_DOCUMENT_STATE_TEXT, "El documento es v\xc3\xa1lido.");
    ine_decision_free(d);

    d = read_text(
        "{\"type\":\"curp_registry\",\"id\":\"s\",\"vendorData\":\"v\",\"data\":{"
        "\"attemptId\":\"a\",\"name\":\"curp_registry\",\"status\":\"found\",\"code\":200,"
        "\"details\":{\"statusCurp\":\"AN\"}}}");
    assert_text(d, INE_D_EVENT_TYPE, "curp_registry");
    assert_text(d, INE_D_SESSION_ID, "s");
    assert_text(d, INE_D_ATTEMPT_ID, "a");
    assert_text(d, INE_D_DATA_STATUS, "found");
    ine_decision_free(d);

    d = read_text(
        "{\"data\":{\"verification\":{\"id\":\"s\",\"userDefinedData\":{}}},\"time\":\"t\","
        "\"attemptId\":\"a\",\"eventType\":\"user-status.checked\"}");
    assert_int_equal(ine_decision_kind(d), INE_KIND_USER_STATUS);
    assert_text(d, INE_D_SESSION_ID, "s");
    assert_text(d, INE_D_ATTEMPT_ID, "a");
    ine_decision_free(d);
}

/* Members at the root never become a decision's. */
static void test_decision_takes_nothing_over(void **state)
{
    (void)state;
    ine_decision *d =
        read_text("{\"id\":\"other\",\"sessionId\":\"other\",\"active\":true,\"vendorData\":"
                  "\"other\",\"verification\":{\"code\":9001,\"status\":\"approved\"}}");
    assert_int_equal(ine_decision_kind(d), INE_KIND_DECISION);
    assert_int_equal(ine_decision_field(d, INE_D_SESSION_ID, NULL, NULL), INE_FIELD_ABSENT);
    assert_int_equal(ine_decision_field(d, INE_D_VENDOR_DATA, NULL, NULL), INE_FIELD_ABSENT);
    ine_decision_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_payload_kinds),
        cmocka_unit_test(test_session_reply),
        cmocka_unit_test(test_media_reply),
        cmocka_unit_test(test_event),
        cmocka_unit_test(test_legacy_webhooks),
        cmocka_unit_test(test_decision_takes_nothing_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
