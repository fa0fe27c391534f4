/* An auditor's record: which bytes, what they were taken to mean, by which version; nothing
 * personal. */
#include "base/text.h"
#include "cascade/verdict.h"
#include "crypto/hex.h"
#include "crypto/sha256.h"
#include "json/writer.h"

#define FORMAT     "libine-evidence-1"
#define ITEMS      10
#define TEXT_LIMIT 200
#define HASH_SIZE  (2 * INE__SHA256_SIZE)

struct ine_evidence {
    ine_decision *decision; /* shared */
    ine__meaning meaning;
    ine_str text[ITEMS]; /* owned */
    int64_t number[ITEMS];
    bool given[ITEMS];
};

enum { NUMBER = 1, TEXT, HASH };

static const int32_t types[ITEMS] = {
    [INE_EVIDENCE_RECEIVED_AT] = NUMBER,   [INE_EVIDENCE_SOURCE] = TEXT,
    [INE_EVIDENCE_INTEGRATION] = TEXT,     [INE_EVIDENCE_SECRET] = TEXT,
    [INE_EVIDENCE_SELFIE_GIVEN] = HASH,    [INE_EVIDENCE_SELFIE_SENT] = HASH,
    [INE_EVIDENCE_CONSENT_TIME] = NUMBER,  [INE_EVIDENCE_CONSENT_VERSION] = TEXT,
    [INE_EVIDENCE_CONSENT_CHANNEL] = TEXT,
};

int32_t ine_evidence_new(ine_evidence **out, const ine_decision *decision,
                         const ine_verdict *verdict, ine_error **err)
{
    ine__error_clear(err);
    if (out)
        *out = NULL;
    if (!out || !decision || !verdict)
        return ine__fail(err, INE_E_ARGUMENT, "no decision, verdict or place for the record");
    ine_evidence *evidence = ine__alloc(sizeof *evidence);
    ine_decision *shared = ine__decision_share(decision);
    if (!evidence || !shared) {
        ine__free(evidence);
        ine_decision_free(shared);
        return ine__fail_memory(err);
    }
    int64_t required = 0;
    ine_verdict_field(verdict, INE_V_REQUIRED, NULL, &required);
    evidence->decision = shared;
    ine__interpret(&evidence->meaning, decision, required, 0);
    *out = evidence;
    return INE_OK;
}

void ine_evidence_free(ine_evidence *evidence)
{
    if (!evidence)
        return;
    for (size_t i = 0; i < ITEMS; i++)
        ine__text_free(&evidence->text[i]);
    ine_decision_free(evidence->decision);
    ine__free_wiped(evidence, sizeof *evidence);
}

static bool has_type(int32_t item, int32_t a, int32_t b)
{
    return item > 0 && item < ITEMS && (types[item] == a || types[item] == b);
}

int32_t ine_evidence_set_text(ine_evidence *evidence, int32_t item, const char *text,
                              size_t text_len, ine_error **err)
{
    const ine_str value = ine__str(text, text_len);
    unsigned char hash[INE__SHA256_SIZE];
    ine_str copy;
    ine__error_clear(err);
    if (!evidence || !text || !has_type(item, TEXT, HASH))
        return ine__fail(err, INE_E_ARGUMENT, "no such text in a record");
    if (types[item] == HASH && !ine__hex_decode(hash, sizeof hash, value))
        return ine__fail(err, INE_E_ARGUMENT, "a SHA-256 has 64 hexadecimal digits");
    if (value.len > TEXT_LIMIT || !ine__is_utf8(value) || ine__has_nul(value))
        return ine__fail(err, INE_E_ARGUMENT, "a record takes short UTF-8 texts");
    if (!ine__text_copy(&copy, value))
        return ine__fail_memory(err);
    ine__text_free(&evidence->text[item]);
    evidence->text[item] = copy;
    evidence->given[item] = true;
    return INE_OK;
}

int32_t ine_evidence_set_number(ine_evidence *evidence, int32_t item, int64_t number,
                                ine_error **err)
{
    ine__error_clear(err);
    if (!evidence || !has_type(item, NUMBER, NUMBER))
        return ine__fail(err, INE_E_ARGUMENT, "no such number in a record");
    evidence->number[item] = number;
    evidence->given[item] = true;
    return INE_OK;
}

static bool body_hash(ine_str body, char out[HASH_SIZE])
{
    unsigned char digest[INE__SHA256_SIZE];
    ine__sha256 hash;
    ine__sha256_begin(&hash);
    ine__sha256_add(&hash, body.ptr, body.len);
    const bool ok = ine__sha256_end(&hash, digest);
    ine__hex_encode(out, digest, sizeof digest);
    return ok;
}

static void write_field(ine__writer *out, const char *key, const ine_decision *decision,
                        int32_t field)
{
    ine_str text;
    int64_t number;
    const int32_t state = ine__decision_get(decision, field, &text, &number);
    ine__write_key(out, key);
    if (state != INE_FIELD_PRESENT)
        ine__write_null(out);
    else if (ine__field_is_number(field))
        ine__write_int(out, number);
    else
        ine__write_str(out, text);
}

static void write_item(ine__writer *out, const char *key, const ine_evidence *evidence,
                       int32_t item)
{
    ine__write_key(out, key);
    if (!evidence->given[item])
        ine__write_null(out);
    else if (types[item] == NUMBER)
        ine__write_int(out, evidence->number[item]);
    else
        ine__write_str(out, evidence->text[item]);
}

static void write_checks(ine__writer *out, const char *key, uint32_t bits)
{
    ine__write_key(out, key);
    ine__write_array(out);
    for (int32_t check = 1; check <= INE__CHECKS; check++) {
        if (bits >> check & 1)
            ine__write_str(out, ine_name(INE_NAMES_CHECK, check));
    }
    ine__write_end_array(out);
}

static ine_str root_name(int32_t root)
{
    return root == 0 ? INE__STR("registry")
                     : (root < 0 ? INE__NONE : ine_name(INE_NAMES_CHECK, root));
}

static void write_meaning(ine__writer *out, const ine__meaning *meaning)
{
    ine__write_key(out, "verdict");
    ine__write_object(out);
    ine__write_key(out, "verified");
    ine__write_bool(out, meaning->verified);
    ine__write_key(out, "outcome");
    ine__write_str(out, ine_name(INE_NAMES_OUTCOME, meaning->outcome));
    ine__write_key(out, "root_cause");
    ine__write_str(out, root_name(meaning->root));
    ine__write_key(out, "advice");
    ine__write_str(out, ine_name(INE_NAMES_ADVICE, meaning->advice));
    write_checks(out, "failed", meaning->failed);
    write_checks(out, "unmet", meaning->unmet);
    write_checks(out, "required", meaning->required);
    ine__write_end_object(out);
}

static void write_session(ine__writer *out, const ine_decision *decision)
{
    static const struct {
        const char *key;
        int32_t field;
    } members[] = {
        {"id", INE_D_SESSION_ID},
        {"attempt", INE_D_ATTEMPT_ID},
        {"status", INE_D_SESSION_STATUS},
        {"code", INE_D_CODE},
        {"reason_code", INE_D_REASON_CODE},
        {"decision_time", INE_D_DECISION_TIME},
        {"registry_timestamp", INE_D_INE_TIMESTAMP},
    };
    ine__write_key(out, "session");
    ine__write_object(out);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        write_field(out, members[i].key, decision, members[i].field);
    ine__write_end_object(out);
}

int32_t ine_evidence_json(ine_text **out, const ine_evidence *evidence, ine_error **err)
{
    char hash[HASH_SIZE];
    ine__writer writer;
    ine__buf buf;
    ine__error_clear(err);
    if (out)
        *out = NULL;
    if (!out || !evidence)
        return ine__fail(err, INE_E_ARGUMENT, "no record, or no place for its text");
    if (!body_hash(ine_decision_bytes(evidence->decision), hash))
        return ine__fail(err, INE_E_INTERNAL, "the body could not be hashed");
    ine__buf_init(&buf, 65536);
    ine__write_init(&writer, &buf);
    ine__write_object(&writer);
    ine__write_key(&writer, "format");
    ine__write_text(&writer, FORMAT);
    ine__write_key(&writer, "library");
    ine__write_str(&writer, ine_version());
    write_item(&writer, "received_at_ms", evidence, INE_EVIDENCE_RECEIVED_AT);
    write_item(&writer, "source", evidence, INE_EVIDENCE_SOURCE);
    write_item(&writer, "integration", evidence, INE_EVIDENCE_INTEGRATION);
    write_item(&writer, "secret", evidence, INE_EVIDENCE_SECRET);
    ine__write_key(&writer, "body_sha256");
    ine__write_str(&writer, ine__str(hash, sizeof hash));
    write_session(&writer, evidence->decision);
    write_meaning(&writer, &evidence->meaning);
    ine__write_key(&writer, "selfie_sha256");
    ine__write_object(&writer);
    write_item(&writer, "given", evidence, INE_EVIDENCE_SELFIE_GIVEN);
    write_item(&writer, "sent", evidence, INE_EVIDENCE_SELFIE_SENT);
    ine__write_end_object(&writer);
    ine__write_key(&writer, "consent");
    ine__write_object(&writer);
    write_item(&writer, "time_ms", evidence, INE_EVIDENCE_CONSENT_TIME);
    write_item(&writer, "text_version", evidence, INE_EVIDENCE_CONSENT_VERSION);
    write_item(&writer, "channel", evidence, INE_EVIDENCE_CONSENT_CHANNEL);
    ine__write_end_object(&writer);
    ine__write_end_object(&writer);
    return ine__text_give(out, &buf, err);
}
