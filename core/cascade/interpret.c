/* From a decision to its meaning. Allocates nothing. */
#include "cascade/facts.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define BIT(n)       ((int64_t)1 << (n))
#define ALL_CHECKS   (((1U << INE__CHECKS) - 1) << 1)
#define CORE_CHECKS  (((1U << INE__CORE) - 1) << 1)

/* The input that each data check compares, and the field of a decision that echoes it
 * [V-2026-06 "InitData"]. */
static const struct {
    int32_t check, input, echo;
} compared[] = {
    {INE_CHECK_FIRST_NAME_MATCH, INE_IN_FIRST_NAME, INE_D_FIRST_NAME},
    {INE_CHECK_FATHER_LAST_NAME_MATCH, INE_IN_LAST_NAME, INE_D_LAST_NAME},
    {INE_CHECK_MOTHER_LAST_NAME_MATCH, INE_IN_SECOND_LAST_NAME, 0},
    {INE_CHECK_PERSONAL_NUMBER_MATCH, INE_IN_CURP, INE_D_ID_NUMBER},
    {INE_CHECK_REGISTRATION_YEAR_MATCH, INE_IN_FIRST_ISSUE, 0},
    {INE_CHECK_ISSUE_YEAR_MATCH, INE_IN_VALID_FROM, 0},
};

/* Bodies that are no decisions. */
static void read_other(ine__meaning *out, const ine__facts *facts)
{
    out->outcome = INE_OUTCOME_UNKNOWN;
    out->advice = INE_ADVICE_MANUAL_REVIEW;
    switch (facts->kind) {
    case INE_KIND_EVENT:
        out->outcome = INE_OUTCOME_PENDING;
        out->advice = INE_ADVICE_WAIT;
        break;
    case INE_KIND_INE_REGISTRY:
    case INE_KIND_INE_WEBHOOK: {
        const uint8_t active = facts->slot[INE_D_ACTIVE].type;
        if (active == INE__J_TRUE) {
            out->outcome = INE_OUTCOME_CARD_ACTIVE;
            out->advice = INE_ADVICE_NONE;
        } else if (active == INE__J_FALSE) {
            out->outcome = INE_OUTCOME_CARD_NOT_ACTIVE;
        }
        break;
    }
    default:
        break;
    }
}

static int32_t root_cause(const ine__meaning *meaning, const ine__facts *facts)
{
    if (meaning->failed)
        return __builtin_ctz(meaning->failed);
    if (meaning->outcome == INE_OUTCOME_RETRY_LATER)
        return 0;
    return ine__reason_code_check(facts);
}

static int64_t inputs_to_correct(const ine__meaning *meaning)
{
    int64_t inputs = 0;
    if (meaning->advice != INE_ADVICE_CORRECT_INPUT)
        return 0;
    if (meaning->outcome == INE_OUTCOME_INPUT_ERROR)
        return BIT(INE_IN_CIC) | BIT(INE_IN_CURP);
    if (meaning->root == INE_CHECK_PERSON_REGISTERED)
        return BIT(INE_IN_CIC);
    for (size_t i = 0; i < COUNT(compared); i++) {
        if (meaning->failed & (1U << compared[i].check))
            inputs |= BIT(compared[i].input);
    }
    return inputs;
}

/* Inputs that were sent and got no check although the registry answered: the check is not enabled
 * for the integration, or the vendor left it out (C-12). */
static int64_t inputs_unchecked(const ine__meaning *meaning, const ine__facts *facts, int64_t sent)
{
    int64_t inputs = 0;
    const bool answered =
        facts->ine_status == INE__REGISTRY_SUCCESS || facts->ine_status == INE__REGISTRY_FAILURE;
    if (!answered || meaning->check[INE_CHECK_CONSENT_OBTAINED].state == INE_STATE_FAILED)
        return 0;
    for (size_t i = 0; i < COUNT(compared); i++) {
        if (meaning->check[compared[i].check].state != INE_STATE_ABSENT)
            continue;
        bool known = sent & BIT(compared[i].input);
        if (compared[i].echo) {
            const uint8_t type = facts->slot[compared[i].echo].type;
            known |= type != INE__J_ABSENT && type != INE__J_NULL;
        }
        if (known)
            inputs |= BIT(compared[i].input);
    }
    return inputs;
}

static uint32_t required_checks(const ine__facts *facts, int64_t require)
{
    const uint32_t asked = (uint32_t)require & ALL_CHECKS;
    if (asked)
        return asked;
    const bool older_form = facts->face && !facts->ine;
    return older_form ? 1U << INE_CHECK_SELFIE_REGISTRY_MATCH : CORE_CHECKS;
}

void ine__interpret_facts(ine__meaning *out, ine__facts *facts, const ine_decision *decision,
                          int64_t require, int64_t sent)
{
    *out = (ine__meaning){.root = -1};
    ine__facts_read(facts, decision);
    if (ine__is_decision(facts)) {
        ine__checks_read(out, facts);
        ine__outcome_find(out, facts);
        out->root = root_cause(out, facts);
        out->inputs = inputs_to_correct(out);
        out->unchecked = inputs_unchecked(out, facts, sent);
        out->anomalies = ine__anomalies(out, facts);
        out->no_ine_result = facts->status == INE__STATUS_APPROVED && !facts->ine && !facts->face;
    } else {
        read_other(out, facts);
    }
    out->required = required_checks(facts, require);
    for (int32_t check = 1; check <= INE__CHECKS; check++) {
        if (out->check[check].state != INE_STATE_PASSED)
            out->unmet |= 1U << check;
    }
    out->unmet &= out->required;
    out->verified = out->outcome == INE_OUTCOME_VERIFIED && !out->unmet;
}

void ine__interpret(ine__meaning *out, const ine_decision *decision, int64_t require, int64_t sent)
{
    ine__facts facts;
    ine__interpret_facts(out, &facts, decision, require, sent);
}
