/* Decisions through the public interface: fields, states, rereading, refusals. */
#include "support.h"

#include "schema/decision.h"

static ine_decision *read_flags(const char *body, int32_t flags)
{
    ine_decision *decision;
    ine_error *err;
    if (ine_decision_read(&decision, body, strlen(body), flags, &err) != INE_OK)
        fail_msg("%.*s at %d", (int)ine_error_text(err).len, ine_error_text(err).ptr,
                 (int)ine_error_number(err, INE_DETAIL_OFFSET));
    assert_null(err);
    return decision;
}

static ine_decision *read_text(const char *body)
{
    return read_flags(body, INE_READ_COPY);
}

static ine_decision *read_payload(const char *name)
{
    size_t len;
    char *body = test_payload(name, &len);
    ine_decision *decision;
    assert_int_equal(ine_decision_read(&decision, body, len, INE_READ_COPY, NULL), INE_OK);
    memset(body, 'x', len);
    free(body);
    return decision;
}

static void assert_text(const ine_decision *decision, int32_t field, const char *wanted)
{
    ine_str text;
    int64_t number;
    const int32_t state = ine_decision_field(decision, field, &text, &number);
    if (state != INE_FIELD_PRESENT || !ine__str_is(text, wanted))
        fail_msg("field %d: state %d, %.*s", field, state, (int)text.len, text.ptr ? text.ptr : "");
    assert_int_equal(number, 0);
}

static void assert_number(const ine_decision *decision, int32_t field, int64_t wanted)
{
    ine_str text;
    int64_t number;
    assert_int_equal(ine_decision_field(decision, field, &text, &number), INE_FIELD_PRESENT);
    assert_int_equal(number, wanted);
    assert_null(text.ptr);
}

static void assert_state(const ine_decision *decision, int32_t field, int32_t wanted)
{
    ine_str text = INE__STR("left over");
    int64_t number = 99;
    const int32_t state = ine_decision_field(decision, field, &text, &number);
    if (state != wanted)
        fail_msg("field %d: state %d, not %d", field, state, wanted);
    if (state != INE_FIELD_PRESENT) {
        assert_null(text.ptr);
        assert_int_equal(number, 0);
    }
}

static void test_documented_decision(void **state)
{
    (void)state;
    ine_decision *d = read_payload("decision_selfie_mismatch");
    assert_int_equal(ine_decision_kind(d), INE_KIND_DECISION);
    static const struct {
        int32_t field;
        const char *text;
    } texts[] = {
        {INE_D_STATUS, "success"},
        {INE_D_SESSION_ID, "12df6045-3846-3e45-946a-14fa6136d78b"},
        {INE_D_ATTEMPT_ID, "00bca969-b53a-4fad-b065-874d41a7b2b8"},
        {INE_D_VENDOR_DATA, "12345678"},
        {INE_D_END_USER_ID, "a1b2c35d-e8f7-6d5e-3cd2-a1b2c35db3d4"},
        {INE_D_SESSION_STATUS, "declined"},
        {INE_D_REASON, "Selfie mismatch"},
        {INE_D_DECISION_TIME, "2026-04-01T10:01:05.916Z"},
        {INE_D_ACCEPTANCE_TIME, "2026-04-01T10:00:27.000Z"},
        {INE_D_SUBMISSION_TIME, "2026-04-01T10:01:00.736Z"},
        {INE_D_FIRST_NAME, "JUAN"},
        {INE_D_LAST_NAME, "GARCIA"},
        {INE_D_ID_NUMBER, "GARJ000000HMCRLP00"},
        {INE_D_DOCUMENT_NUMBER, "000000000"},
        {INE_D_DOCUMENT_TYPE, "ID_CARD"},
        {INE_D_DOCUMENT_COUNTRY, "MX"},
        {INE_D_INE_STATUS, "failure"},
        {INE_D_INE_TIMESTAMP, "2026-04-01T10:01:05.000Z"},
        {INE_D_CHECK_RESULT + INE_CHECK_PERSON_REGISTERED, "success"},
        {INE_D_CHECK_RESULT + INE_CHECK_SELFIE_REGISTRY_MATCH, "failure"},
        {INE_D_CHECK_REASON + INE_CHECK_SELFIE_REGISTRY_MATCH, "SELFIE_MISMATCH"},
        {INE_D_CHECK_RESULT + INE_CHECK_ISSUE_YEAR_MATCH, "not_applicable"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_text(d, texts[i].field, texts[i].text);
    assert_number(d, INE_D_CODE, 9102);
    assert_number(d, INE_D_REASON_CODE, 581);
    static const int32_t nulls[] = {INE_D_DATE_OF_BIRTH,
                                    INE_D_GENDER,
                                    INE_D_NATIONALITY,
                                    INE_D_YEAR_OF_BIRTH,
                                    INE_D_PLACE_OF_BIRTH,
                                    INE_D_DOCUMENT_STATE,
                                    INE_D_INE_ERROR,
                                    INE_D_IP,
                                    INE_D_CHECK_REASON + INE_CHECK_CONSENT_OBTAINED};
    for (size_t i = 0; i < sizeof nulls / sizeof nulls[0]; i++)
        assert_state(d, nulls[i], INE_FIELD_NULL);
    static const int32_t present[] = {INE_D_VERIFICATION, INE_D_MX_INE, INE_D_VALIDATIONS,
                                      INE_D_CHECK_ENTRY + 1, INE_D_CHECK_ENTRY + 10};
    for (size_t i = 0; i < sizeof present / sizeof present[0]; i++)
        assert_state(d, present[i], INE_FIELD_PRESENT);
    static const int32_t absent[] = {INE_D_FACE_MATCH,
                                     INE_D_FACE_RESULT,
                                     INE_D_COMMENTS,
                                     INE_D_API_CODE,
                                     INE_D_INE_ERROR_CODE,
                                     INE_D_ACTIVE,
                                     0,
                                     -1,
                                     59,
                                     99,
                                     100,
                                     111,
                                     120,
                                     140,
                                     151,
                                     INT32_MAX,
                                     INT32_MIN};
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++)
        assert_state(d, absent[i], INE_FIELD_ABSENT);
    ine_decision_free(d);
}

static void test_registry_error(void **state)
{
    (void)state;
    ine_decision *d = read_payload("decision_registry_unavailable");
    assert_state(d, INE_D_VALIDATIONS, INE_FIELD_NULL);
    assert_state(d, INE_D_INE_ERROR, INE_FIELD_PRESENT);
    assert_text(d, INE_D_INE_ERROR_CODE, "registry_error");
    assert_text(d, INE_D_INE_ERROR_MESSAGE, "REGISTRY_UNAVAILABLE");
    ine_decision_free(d);
    d = read_payload("decision_legacy_biometric_excerpt");
    assert_number(d, INE_D_FACE_MATCH, 1);
    assert_number(d, INE_D_FACE_MATCH_PERCENTAGE, 89);
    assert_text(d, INE_D_FACE_RESPONSE_STATUS, "success");
    assert_state(d, INE_D_FACE_RESULT, INE_FIELD_PRESENT);
    ine_decision_free(d);
}

/* C6: absent, null, present and of another type are four things. */
static void test_c6_states(void **state)
{
    (void)state;
    ine_decision *d = read_text("{\"verification\":{\"id\":5,\"attemptId\":null,\"vendorData\":"
                                "\"\",\"status\":[],\"code\":\"9001\","
                                "\"reasonCode\":1.5,\"comments\":[],\"registryValidations\":{\"MX_"
                                "INE\":{\"validations\":[],"
                                "\"error\":\"x\"}},\"person\":null,\"additionalVerifiedData\":{"
                                "\"ineBiometricRegistryValidation\":{\"faceMatch\":\"true\","
                                "\"faceMatchPercentage\":1e2}}}}");
    assert_state(d, INE_D_SESSION_ID, INE_FIELD_UNKNOWN);
    assert_state(d, INE_D_ATTEMPT_ID, INE_FIELD_NULL);
    assert_text(d, INE_D_VENDOR_DATA, "");
    assert_state(d, INE_D_SESSION_STATUS, INE_FIELD_UNKNOWN);
    assert_state(d, INE_D_CODE, INE_FIELD_UNKNOWN);
    assert_state(d, INE_D_REASON_CODE, INE_FIELD_UNKNOWN);
    assert_state(d, INE_D_COMMENTS, INE_FIELD_PRESENT);
    assert_state(d, INE_D_VALIDATIONS, INE_FIELD_UNKNOWN);
    assert_state(d, INE_D_INE_ERROR, INE_FIELD_UNKNOWN);
    assert_state(d, INE_D_FIRST_NAME, INE_FIELD_ABSENT);
    assert_state(d, INE_D_FACE_MATCH, INE_FIELD_UNKNOWN);
    assert_state(d, INE_D_FACE_MATCH_PERCENTAGE, INE_FIELD_UNKNOWN);
    assert_state(d, INE_D_IP, INE_FIELD_ABSENT);
    ine_decision_free(d);
    d = read_text("{\"verification\":{\"code\":9223372036854775808,\"additionalVerifiedData\":{"
                  "\"ineBiometricRegistryValidation\":{\"faceMatch\":false,"
                  "\"faceMatchPercentage\":null}}}}");
    assert_state(d, INE_D_CODE, INE_FIELD_UNKNOWN);
    assert_number(d, INE_D_FACE_MATCH, 0);
    assert_state(d, INE_D_FACE_MATCH_PERCENTAGE, INE_FIELD_NULL);
    ine_decision_free(d);
}

static void test_c11_technical_data(void **state)
{
    (void)state;
    ine_decision *d =
        read_text("{\"verification\":{\"code\":1,\"technicalData\":{\"ip\":\"10.0.0.1\"}}}");
    assert_text(d, INE_D_IP, "10.0.0.1");
    ine_decision_free(d);
    d = read_text("{\"verification\":{\"code\":1,\"technicalData\":{\"ip\":\"10.0.0.1\"}},"
                  "\"technicalData\":{\"ip\":\"10.0.0.2\"}}");
    assert_text(d, INE_D_IP, "10.0.0.2");
    ine_decision_free(d);
}

/* C-18: an error's code as a string and as a number. */
static void test_c18_error_codes(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        int32_t state;
        int64_t number;
    } cases[] = {
        {"\"1802\"", INE_FIELD_PRESENT, 1802},
        {"1802", INE_FIELD_PRESENT, 1802},
        {"\"\\u00318\"", INE_FIELD_PRESENT, 18},
        {"\"x\"", INE_FIELD_UNKNOWN, 0},
        {"\"\"", INE_FIELD_UNKNOWN, 0},
        {"\"-1\"", INE_FIELD_UNKNOWN, 0},
        {"null", INE_FIELD_NULL, 0},
        {"1.0", INE_FIELD_UNKNOWN, 0},
        {"\"99999999999999999999\"", INE_FIELD_UNKNOWN, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char body[128];
        snprintf(body, sizeof body, "{\"status\":\"fail\",\"code\":%s,\"message\":\"m\"}",
                 cases[i].code);
        ine_decision *d = read_text(body);
        assert_int_equal(ine_decision_kind(d), INE_KIND_ERROR);
        int64_t number;
        assert_int_equal(ine_decision_field(d, INE_D_API_CODE, NULL, &number), cases[i].state);
        assert_int_equal(number, cases[i].number);
        ine_decision_free(d);
    }
}

static void test_reread(void **state)
{
    (void)state;
    ine_decision *d = read_payload("decision_approved_all_checks");
    ine_error *err;
    assert_int_equal(ine_decision_reread(d, "{\"verification\":null}", 21, INE_READ_BORROW, NULL),
                     INE_OK);
    assert_state(d, INE_D_SESSION_ID, INE_FIELD_ABSENT);
    assert_state(d, INE_D_VERIFICATION, INE_FIELD_NULL);
    assert_int_equal(ine_decision_reread(d, "{\"verification\":", 16, INE_READ_COPY, &err),
                     INE_E_JSON);
    assert_int_equal(ine_error_number(err, INE_DETAIL_OFFSET), 16);
    ine_error_free(err);
    assert_int_equal(ine_decision_kind(d), INE_KIND_UNKNOWN);
    assert_state(d, INE_D_VERIFICATION, INE_FIELD_ABSENT);
    ine_str found = INE__STR("x");
    assert_int_equal(ine_decision_find(d, "/a", 2, &found, NULL), INE_OK);
    assert_null(found.ptr);
    assert_int_equal(ine_decision_reread(d, "{\"active\":true,\"documentState\":\"\"}", 34,
                                         INE_READ_BORROW, NULL),
                     INE_OK);
    assert_int_equal(ine_decision_kind(d), INE_KIND_INE_REGISTRY);
    ine_decision *shared = ine__decision_share(d);
    assert_int_equal(ine_decision_reread(d, "{}", 2, INE_READ_COPY, NULL), INE_E_STATE);
    assert_number(d, INE_D_ACTIVE, 1);
    ine_decision_free(d);
    assert_number(shared, INE_D_ACTIVE, 1);
    assert_int_equal(ine_decision_reread(shared, "{}", 2, INE_READ_COPY, NULL), INE_OK);
    assert_int_equal(ine_decision_reread(shared, "{}", 2, 7, &err), INE_E_ARGUMENT);
    ine_error_free(err);
    assert_int_equal(ine_decision_kind(shared), INE_KIND_UNKNOWN);
    ine_decision_free(shared);
}

static void test_wrong_arguments(void **state)
{
    (void)state;
    ine_decision *d = read_text("{}");
    ine_decision *out = d;
    ine_error *err;
    ine_str found;
    assert_int_equal(ine_decision_read(NULL, "{}", 2, 0, &err), INE_E_ARGUMENT);
    ine_error_free(err);
    assert_int_equal(ine_decision_read(&out, "{}", 2, 2, &err), INE_E_ARGUMENT);
    assert_null(out);
    ine_error_free(err);
    assert_int_equal(ine_decision_read(&out, NULL, 2, 0, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_decision_read(&out, NULL, 0, 0, &err), INE_E_JSON);
    ine_error_free(err);
    assert_int_equal(ine_decision_reread(NULL, "{}", 2, 0, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_decision_find(NULL, "", 0, &found, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_decision_find(d, "a", 1, &found, &err), INE_E_ARGUMENT);
    assert_null(found.ptr);
    ine_error_free(err);
    assert_int_equal(ine_decision_find(d, NULL, 1, &found, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_decision_find(d, "", 0, NULL, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_decision_fields(d, NULL, 1, NULL, NULL, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_decision_fields(d, NULL, 0, NULL, NULL, NULL), INE_OK);
    assert_int_equal(ine_decision_kind(NULL), INE_KIND_UNKNOWN);
    assert_null(ine_decision_bytes(NULL).ptr);
    assert_state(NULL, INE_D_STATUS, INE_FIELD_ABSENT);
    assert_int_equal(ine_decision_count(NULL, INE_LIST_IMAGES), 0);
    assert_int_equal(ine_decision_item(NULL, INE_LIST_IMAGES, 0, INE_ITEM_ID, NULL, NULL),
                     INE_FIELD_ABSENT);
    assert_null(ine__decision_share(NULL));
    ine_decision_free(NULL);
    ine_decision_free(d);
}

/* What is refused is refused with the right code. */
static void test_refused_bodies(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        int32_t code;
    } cases[] = {
        {"", INE_E_JSON},
        {"<html>", INE_E_JSON},
        {"{\"status\":\"a\",\"status\":\"b\"}", INE_E_FORM},
        {"{\"verification\":{\"code\":1,\"cod\\u0065\":2}}", INE_E_FORM},
        {"{\"verification\":{\"vendorData\":\"a\\u0000b\"}}", INE_E_FORM},
        {"{\"images\":[{\"id\":\"1\",\"id\":\"2\"}]}", INE_E_FORM},
        {"{\"videos\":[{\"url\":\"\\u0000\"}]}", INE_E_FORM},
        {"{\"verifications\":[{\"status\":1,\"status\":2}]}", INE_E_FORM},
        {"{\"verification\":{\"registryValidations\":{\"MX_INE\":{},\"MX_INE\":{}}}}", INE_E_FORM},
        {"{\"verification\":{\"registryValidations\":{\"AU\":{\"status\":1,\"status\":2}}}}",
         INE_E_FORM},
        {"{\"verification\":{\"registryValidations\":{\"MX_INE\":{\"validations\":{\"new\":{"
         "\"result\":\"success\",\"result\":\"failure\"}}}}}}",
         INE_E_FORM},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ine_decision *d;
        ine_error *err;
        const int32_t code = ine_decision_read(&d, cases[i].body, strlen(cases[i].body), 0, &err);
        if (code != cases[i].code)
            fail_msg("%s: %d", cases[i].body, code);
        assert_null(d);
        assert_int_equal(ine_error_code(err), code);
        ine_error_free(err);
    }
}

static void test_find(void **state)
{
    (void)state;
    ine_decision *d = read_payload("decision_approved_all_checks");
    ine_str out;
    const char pointer[] = "/verification/document/type";
    assert_int_equal(ine_decision_find(d, pointer, sizeof pointer - 1, &out, NULL), INE_OK);
    assert_true(ine__str_is(out, "\"ID_CARD\""));
    assert_int_equal(ine_decision_find(d, "/nothing", 8, &out, NULL), INE_OK);
    assert_null(out.ptr);
    assert_int_equal(ine_decision_find(d, NULL, 0, &out, NULL), INE_OK);
    assert_int_equal(out.ptr[0], '{');
    ine_decision_free(d);
}

static void test_bulk(void **state)
{
    (void)state;
    ine_decision *d = read_payload("decision_lost_or_stolen");
    int32_t ids[200], states[200];
    ine_str texts[200];
    int64_t numbers[200];
    for (int32_t i = 0; i < 200; i++)
        ids[i] = i;
    assert_int_equal(ine_decision_fields(d, ids, 200, texts, numbers, states), INE_OK);
    assert_int_equal(ine_decision_fields(d, ids, 200, NULL, NULL, NULL), INE_OK);
    for (int32_t i = 0; i < 200; i++) {
        ine_str text;
        int64_t number;
        assert_int_equal(ine_decision_field(d, i, &text, &number), states[i]);
        assert_ptr_equal(text.ptr, texts[i].ptr);
        assert_int_equal(text.len, texts[i].len);
        assert_int_equal(number, numbers[i]);
    }
    assert_int_equal(numbers[INE_D_CODE], 9102);
    ine_decision_free(d);
}

/* Each named field has a slot of its own. */
static void test_slots(void **state)
{
    (void)state;
    bool used[INE__SLOTS] = {false};
    for (int32_t field = -5; field < 200; field++) {
        const uint32_t slot = ine__field_slot(field);
        assert_true(slot < INE__SLOTS);
        if (!slot)
            continue;
        assert_false(used[slot]);
        used[slot] = true;
        if (field <= INE_D_DATA_CODE)
            assert_int_equal(slot, field);
    }
    for (int32_t field = 1; field <= INE_D_DATA_CODE; field++)
        assert_true(used[field] && ine_name(INE_NAMES_FIELD, field).len);
    assert_true(ine__field_is_number(INE_D_CODE) && ine__field_is_number(INE_D_API_CODE));
    assert_true(ine__field_is_number(INE_D_FACE_MATCH));
    assert_false(ine__field_is_number(INE_D_STATUS) || ine__field_is_number(INE_D_MX_INE));
}

static void test_binary(void **state)
{
    (void)state;
    ine_decision *d;
    ine_error *err;
    ine_str out;
    assert_int_equal(ine__decision_binary(&d, INE__STR("\xff\xd8\0\\x"), &err), INE_OK);
    assert_int_equal(ine_decision_kind(d), INE_KIND_BINARY);
    assert_int_equal(ine_decision_bytes(d).len, 5);
    assert_memory_equal(ine_decision_bytes(d).ptr, "\xff\xd8\0\\x", 5);
    assert_state(d, INE_D_STATUS, INE_FIELD_ABSENT);
    assert_int_equal(ine_decision_find(d, "", 0, &out, &err), INE_E_STATE);
    ine_error_free(err);
    ine_decision_free(d);
    assert_int_equal(ine__decision_binary(&d, INE__STR(""), NULL), INE_OK);
    ine_decision_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documented_decision),
        cmocka_unit_test(test_registry_error),
        cmocka_unit_test(test_c6_states),
        cmocka_unit_test(test_c11_technical_data),
        cmocka_unit_test(test_c18_error_codes),
        cmocka_unit_test(test_reread),
        cmocka_unit_test(test_wrong_arguments),
        cmocka_unit_test(test_refused_bodies),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_bulk),
        cmocka_unit_test(test_slots),
        cmocka_unit_test(test_binary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
