/* Does a record belong to a body, and does its verdict follow from it? */
#include "cascade/verdict.h"
#include "crypto/hex.h"
#include "crypto/sha256.h"

enum { S_FORMAT = 1, S_HASH, S_VERDICT, S_VERIFIED, S_OUTCOME, S_ROOT, S_REQUIRED, SLOTS };

static const ine__member verdict_members[] = {
    INE__MEMBER("verified", S_VERIFIED, NULL),
    INE__MEMBER("outcome", S_OUTCOME, NULL),
    INE__MEMBER("root_cause", S_ROOT, NULL),
    INE__MEMBER("required", S_REQUIRED, NULL),
};
static const ine__object verdict_object = {.members = verdict_members, .count = 4};
static const ine__member record_members[] = {
    INE__MEMBER("format", S_FORMAT, NULL),
    INE__MEMBER("body_sha256", S_HASH, NULL),
    INE__MEMBER("verdict", S_VERDICT, &verdict_object),
};
static const ine__object record_object = {.members = record_members, .count = 3};

/* Bits of the checks that an array names; 0 when it names one that we do not know. */
static int64_t required_bits(ine_str array)
{
    ine__json_iter iter;
    ine_str key;
    bool escaped;
    ine__slot value;
    int64_t bits = 0;
    ine__json_iter_init(&iter, array);
    while (ine__json_iter_next(&iter, &key, &escaped, &value)) {
        const ine_str name = ine__json_view(array, value);
        const int32_t check = ine_value(INE_NAMES_CHECK, name.ptr, name.len);
        if (value.type != INE__J_STRING || check < 1)
            return 0;
        bits |= INT64_C(1) << check;
    }
    return bits;
}

static bool same_hash(ine_str digits, ine_str body)
{
    unsigned char recorded[INE__SHA256_SIZE], now[INE__SHA256_SIZE];
    ine__sha256 hash;
    ine__sha256_begin(&hash);
    ine__sha256_add(&hash, body.ptr, body.len);
    return ine__sha256_end(&hash, now) && ine__hex_decode(recorded, sizeof recorded, digits) &&
           memcmp(recorded, now, sizeof now) == 0;
}

static bool same_root(const ine__slot *root, ine_str text, int32_t found)
{
    if (found < 0)
        return root->type == INE__J_NULL;
    const ine_str name = found == 0 ? INE__STR("registry") : ine_name(INE_NAMES_CHECK, found);
    return root->type == INE__J_STRING && ine__str_eq(text, name);
}

int32_t ine_evidence_check(const void *record, size_t record_len, const void *body, size_t body_len,
                           ine_error **err)
{
    ine__slot slots[SLOTS] = {{0, 0, 0, 0}};
    ine__json_fault fault;
    ine_decision *decision = NULL;
    ine__meaning meaning;
    ine__error_clear(err);
    if (!record || (body_len && !body))
        return ine__fail(err, INE_E_ARGUMENT, "no record or no body");
    const ine_str text = ine__str(record, record_len), bytes = ine__str(body, body_len);
    if (ine__json_read(&record_object, text, slots, SLOTS, &fault) != INE_OK)
        return ine__json_fail(err, &fault);
    if (!ine__str_is(ine__json_view(text, slots[S_FORMAT]), "libine-evidence-1") ||
        slots[S_HASH].type != INE__J_STRING || slots[S_OUTCOME].type != INE__J_STRING ||
        slots[S_REQUIRED].type != INE__J_ARRAY)
        return ine__fail(err, INE_E_FORM, "this is not a record of libine");
    if (!same_hash(ine__json_view(text, slots[S_HASH]), bytes))
        return ine__fail(err, INE_E_MISMATCH, "the body is not the one that was recorded");
    const int32_t code = ine_decision_read(&decision, bytes.ptr, bytes.len, INE_READ_BORROW, err);
    if (code != INE_OK)
        return code;
    ine__interpret(&meaning, decision, required_bits(ine__json_view(text, slots[S_REQUIRED])), 0);
    ine_decision_free(decision);
    if (!ine__str_eq(ine__json_view(text, slots[S_OUTCOME]),
                     ine_name(INE_NAMES_OUTCOME, meaning.outcome)) ||
        slots[S_VERIFIED].type != (meaning.verified ? INE__J_TRUE : INE__J_FALSE) ||
        !same_root(&slots[S_ROOT], ine__json_view(text, slots[S_ROOT]), meaning.root))
        return ine__fail(err, INE_E_MISMATCH, "the recorded verdict does not follow from the body");
    return INE_OK;
}
