/* Decisions written in short, for the tests of the cascade. */
#ifndef INE_TESTS_CASCADE_SUPPORT_H
#define INE_TESTS_CASCADE_SUPPORT_H

#include "support.h"

#include "cascade/verdict.h"

static const char *const entry_of[128] = {
    ['P'] = "{\"result\":\"success\",\"reason\":null}",
    ['p'] = "{\"result\":\"SUCCESS\"}",
    ['F'] = "{\"result\":\"failure\",\"reason\":\"VALUE_MISMATCH\"}",
    ['f'] = "{\"result\":\"Failure\",\"reason\":null}",
    ['5'] = "{\"result\":\"failure\",\"reason\":5}",
    ['I'] = "{\"result\":\"failure\",\"reason\":\"INPUT_NOT_PROVIDED\"}",
    ['R'] = "{\"result\":\"failure\",\"reason\":\"REGISTRY_UNAVAILABLE\"}",
    ['T'] = "{\"result\":\"failure\",\"reason\":\"technical_issues\"}",
    ['X'] = "{\"result\":\"failure\",\"reason\":\"SOMETHING_NEW\"}",
    ['N'] = "{\"result\":\"not_applicable\",\"reason\":\"INPUT_NOT_PROVIDED\"}",
    ['n'] = "{\"result\":\"NOT_APPLICABLE\",\"reason\":\"input_not_provided\"}",
    ['S'] = "{\"result\":\"not_applicable\",\"reason\":\"SELFIE_MISMATCH\"}",
    ['t'] = "{\"result\":\"not_applicable\",\"reason\":\"TECHNICAL_ISSUES\"}",
    ['z'] = "{\"result\":\"not_applicable\"}",
    ['e'] = "{\"result\":\"\\u0073uccess\",\"reason\":\"VALUE\\u005fMISMATCH\"}",
    ['0'] = "null",
    ['?'] = "{\"result\":\"maybe\"}",
    ['m'] = "{\"reason\":null}",
    ['q'] = "{\"result\":null}",
    ['7'] = "{\"result\":7}",
    ['o'] = "\"success\"",
};
static const char state_letter[] = "AUPIFSN"; /* by INE_STATE_* */

/* A decision in short. Values are JSON; NULL leaves the member out. */
typedef struct test_case {
    const char *name;
    const char *status, *code, *reason_code;
    const char *ine;    /* MX_INE.status; NULL: no MX_INE */
    const char *checks; /* a letter of entry_of for each check, '-' for none; then unknown checks */
    const char *error;  /* MX_INE.error */
    const char *face;   /* the older object */
} test_case;

static inline void add_member(ine__buf *out, const char *key, const char *json)
{
    if (!json)
        return;
    if (out->len && out->ptr[out->len - 1] != '{')
        ine__buf_char(out, ',');
    ine__buf_char(out, '"');
    ine__buf_text(out, key);
    ine__buf_text(out, "\":");
    ine__buf_text(out, json);
}

static inline void add_checks(ine__buf *out, const char *letters)
{
    for (int32_t i = 0; letters[i]; i++) {
        char name[64];
        const ine_str known = ine_name(INE_NAMES_CHECK, i + 1);
        if (letters[i] == '-' || letters[i] == ' ')
            continue;
        if (known.ptr)
            snprintf(name, sizeof name, "%.*s", (int)known.len, known.ptr);
        else
            snprintf(name, sizeof name, "unknown_%d", (int)i);
        assert_non_null(entry_of[(unsigned char)letters[i]]);
        add_member(out, name, entry_of[(unsigned char)letters[i]]);
    }
}

/* The case as JSON; freed with ine__buf_free(). */
static inline ine__buf write_case(const test_case *c)
{
    ine__buf out;
    ine__buf_init(&out, 1 << 20);
    ine__buf_text(&out, "{\"status\":\"success\",\"verification\":{");
    add_member(&out, "attemptId", "\"00bca969-b53a-4fad-b065-874d41a7b2b8\"");
    add_member(&out, "status", c->status);
    add_member(&out, "code", c->code);
    add_member(&out, "reasonCode", c->reason_code);
    if (c->ine) {
        ine__buf_text(&out, ",\"registryValidations\":{\"MX_INE\":{");
        add_member(&out, "status", c->ine);
        if (c->checks) {
            ine__buf_text(&out, ",\"validations\":{");
            add_checks(&out, c->checks);
            ine__buf_char(&out, '}');
        }
        add_member(&out, "error", c->error);
        ine__buf_text(&out, "}}");
    }
    if (c->face) {
        ine__buf_text(&out, ",\"additionalVerifiedData\":{");
        add_member(&out, "ineBiometricRegistryValidation", c->face);
        ine__buf_char(&out, '}');
    }
    ine__buf_text(&out, "}}");
    assert_false(out.failed);
    return out;
}

static inline ine_decision *read_body(const char *body, size_t len)
{
    ine_decision *decision = NULL;
    ine_error *err = NULL;
    if (ine_decision_read(&decision, body, len, INE_READ_COPY, &err) != INE_OK)
        fail_msg("not read: %.*s", (int)len, body);
    return decision;
}

static inline ine_verdict *verdict_of(const char *body, size_t len, int64_t require, int64_t sent)
{
    ine_verdict *verdict = NULL;
    ine_decision *decision = read_body(body, len);
    assert_int_equal(ine_verdict_new(&verdict, decision, require, sent, NULL), INE_OK);
    ine_decision_free(decision);
    return verdict;
}

static inline ine_verdict *verdict_of_case(const test_case *c, int64_t require, int64_t sent)
{
    ine__buf body = write_case(c);
    ine_verdict *verdict = verdict_of(body.ptr, body.len, require, sent);
    ine__buf_free(&body);
    return verdict;
}

static inline int64_t number_of(const ine_verdict *verdict, int32_t field)
{
    int64_t number;
    ine_verdict_field(verdict, field, NULL, &number);
    return number;
}

static inline ine_str text_of(const ine_verdict *verdict, int32_t field)
{
    ine_str text;
    ine_verdict_field(verdict, field, &text, NULL);
    return text;
}

/* The states of the ten checks, a letter each: "PPFSSSSSSS". */
static inline void states_of(const ine_verdict *verdict, char out[11])
{
    for (int32_t i = 1; i <= 10; i++)
        out[i - 1] = state_letter[number_of(verdict, INE_V_CHECK_STATE + i)];
    out[10] = 0;
}

#endif
