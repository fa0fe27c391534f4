/* A verdict as JSON: the same object in every language (docs/output.md). */
#include "cascade/verdict_parts.h"
#include "json/writer.h"

static void name(ine__writer *w, const char *key, int32_t names, int32_t value)
{
    ine__write_key(w, key);
    ine__write_str(w, ine_name(names, value));
}

static void text(ine__writer *w, const char *key, ine_str value)
{
    ine__write_key(w, key);
    ine__write_str(w, value);
}

static void number(ine__writer *w, const char *key, ine__maybe value)
{
    ine__write_key(w, key);
    if (value.there)
        ine__write_int(w, value.value);
    else
        ine__write_null(w);
}

static void boolean(ine__writer *w, const char *key, ine__maybe value)
{
    ine__write_key(w, key);
    if (value.there)
        ine__write_bool(w, value.value != 0);
    else
        ine__write_null(w);
}

/* The names of a set of bits, lowest first. */
static void set(ine__writer *w, const char *key, int32_t names, uint64_t bits)
{
    ine__write_key(w, key);
    ine__write_array(w);
    for (; bits; bits &= bits - 1)
        ine__write_str(w, ine_name(names, __builtin_ctzll(bits)));
    ine__write_end_array(w);
}

/* A check, or null for none. */
static void check_name(ine__writer *w, const char *key, int32_t check)
{
    ine__write_key(w, key);
    ine__write_str(w, check > 0 ? ine_name(INE_NAMES_CHECK, check) : INE__NONE);
}

static void one_check(ine__writer *w, int32_t state, ine_str reason, int32_t blocked_by)
{
    ine__write_object(w);
    name(w, "state", INE_NAMES_STATE, state);
    text(w, "reason", reason);
    check_name(w, "blocked_by", blocked_by);
    ine__write_end_object(w);
}

static void checks(ine__writer *w, const ine_verdict *verdict)
{
    ine__write_key(w, "checks");
    ine__write_object(w);
    for (int32_t i = 1; i <= INE__CHECKS; i++) {
        const ine__check *const check = &verdict->meaning.check[i];
        ine__write_key_str(w, ine_name(INE_NAMES_CHECK, i));
        one_check(w, check->state, check->reason, check->blocked_by);
    }
    ine__write_end_object(w);
    ine__write_key(w, "unknown_checks");
    ine__write_object(w);
    for (size_t i = 0; i < verdict->unknown_count; i++) {
        const ine__unknown *const check = &verdict->unknown[i];
        ine__write_key_str(w, check->name);
        one_check(w, check->state, check->reason, check->blocked_by);
    }
    ine__write_end_object(w);
}

static void registry(ine__writer *w, const ine_verdict *verdict)
{
    ine__write_key(w, "registry");
    ine__write_object(w);
    text(w, "status", verdict->kept[INE__KEPT_REGISTRY_STATUS]);
    text(w, "error", verdict->kept[INE__KEPT_REGISTRY_ERROR]);
    text(w, "timestamp", verdict->kept[INE__KEPT_REGISTRY_TIMESTAMP]);
    ine__write_end_object(w);
}

static void session(ine__writer *w, const ine_verdict *verdict)
{
    ine__write_key(w, "session");
    ine__write_object(w);
    text(w, "id", verdict->kept[INE__KEPT_SESSION_ID]);
    text(w, "status", verdict->kept[INE__KEPT_SESSION_STATUS]);
    number(w, "code", verdict->code);
    number(w, "reason_code", verdict->reason_code);
    ine__write_end_object(w);
}

static void legacy(ine__writer *w, const ine_verdict *verdict)
{
    ine__write_key(w, "legacy");
    if (verdict->legacy == INE__LEGACY_NONE) {
        ine__write_null(w);
        return;
    }
    ine__write_object(w);
    if (verdict->legacy == INE__LEGACY_FACE) {
        boolean(w, "face_match", verdict->match);
        number(w, "face_match_percentage", verdict->percent);
        text(w, "response_status", verdict->kept[INE__KEPT_LEGACY]);
    } else {
        boolean(w, "active", verdict->match);
        text(w, "document_state", verdict->kept[INE__KEPT_LEGACY]);
    }
    ine__write_end_object(w);
}

static void texts(ine__writer *w, const ine_verdict *verdict)
{
    static const struct {
        int32_t audience;
        const char *key;
    } audiences[] = {
        {INE_TEXT_CITIZEN, "citizen"}, {INE_TEXT_AGENT, "agent"}, {INE_TEXT_LOG, "log"}};
    ine__write_key(w, "text");
    ine__write_object(w);
    for (size_t i = 0; i < sizeof audiences / sizeof audiences[0]; i++) {
        const int32_t audience = audiences[i].audience;
        ine__write_key(w, audiences[i].key);
        ine__write_object(w);
        text(w, "es-MX", ine_verdict_text(verdict, audience, INE_LANG_ES_MX));
        text(w, "en", ine_verdict_text(verdict, audience, INE_LANG_EN));
        ine__write_end_object(w);
    }
    ine__write_end_object(w);
}

void ine__verdict_write(const ine_verdict *verdict, ine__buf *out)
{
    const ine__meaning *const m = &verdict->meaning;
    ine__writer writer;
    ine__writer *const w = &writer;
    ine__write_init(w, out);
    ine__write_object(w);
    ine__write_key(w, "verified");
    ine__write_bool(w, m->verified);
    name(w, "outcome", INE_NAMES_OUTCOME, m->outcome);
    text(w, "root_cause",
         m->root == 0  ? INE__STR("registry")
         : m->root > 0 ? ine_name(INE_NAMES_CHECK, m->root)
                       : INE__NONE);
    name(w, "advice", INE_NAMES_ADVICE, m->advice);
    set(w, "inputs", INE_NAMES_INPUT, (uint64_t)m->inputs);
    set(w, "failed", INE_NAMES_CHECK, m->failed);
    set(w, "unmet", INE_NAMES_CHECK, m->unmet);
    set(w, "unchecked", INE_NAMES_INPUT, (uint64_t)m->unchecked);
    checks(w, verdict);
    set(w, "anomalies", INE_NAMES_ANOMALY, m->anomalies);
    registry(w, verdict);
    session(w, verdict);
    legacy(w, verdict);
    texts(w, verdict);
    ine__write_end_object(w);
}
