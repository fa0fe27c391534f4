/* Verdicts: an interpretation with its own copy of the texts, so that it outlives the decision. */
#include "cascade/facts.h"
#include "cascade/verdict_parts.h"

#include <stdint.h>

/* The texts that are kept, by the field of the decision. */
static const int32_t kept_fields[INE__KEPT] = {
    [INE__KEPT_REGISTRY_STATUS] = INE_D_INE_STATUS,
    [INE__KEPT_REGISTRY_ERROR] = INE_D_INE_ERROR_MESSAGE,
    [INE__KEPT_REGISTRY_TIMESTAMP] = INE_D_INE_TIMESTAMP,
    [INE__KEPT_SESSION_ID] = INE_D_SESSION_ID,
    [INE__KEPT_SESSION_STATUS] = INE_D_SESSION_STATUS,
    [INE__KEPT_LEGACY] = INE_D_FACE_RESPONSE_STATUS,
};

/* Everything that goes into a verdict, still in the decision. */
typedef struct draft {
    ine__facts facts;
    ine__meaning meaning;
    ine_str kept[INE__KEPT];
    int32_t legacy;
} draft;

static int32_t legacy_form(const ine__facts *facts)
{
    if (facts->kind == INE_KIND_INE_REGISTRY || facts->kind == INE_KIND_INE_WEBHOOK)
        return INE__LEGACY_CARD;
    return facts->face ? INE__LEGACY_FACE : INE__LEGACY_NONE;
}

/* The text of a field; false without memory to decode it. */
static bool text_of(const ine__facts *facts, int32_t field, ine_str *out)
{
    const ine__slot slot = facts->slot[field];
    *out = INE__NONE;
    if (slot.type != INE__J_STRING)
        return true;
    if (slot.escaped)
        return ine__decision_get(facts->decision, field, out, NULL) == INE_FIELD_PRESENT;
    *out = (ine_str){facts->bytes + slot.at, slot.len};
    return true;
}

static bool draft_read(draft *d, const ine_decision *decision, int64_t require, int64_t sent)
{
    ine__interpret_facts(&d->meaning, &d->facts, decision, require, sent);
    d->legacy = legacy_form(&d->facts);
    for (int32_t i = 0; i < INE__KEPT; i++) {
        const bool card = i == INE__KEPT_LEGACY && d->legacy == INE__LEGACY_CARD;
        if (!text_of(&d->facts, card ? INE_D_DOCUMENT_STATE_TEXT : kept_fields[i], &d->kept[i]))
            return false;
    }
    for (int32_t check = 1; check <= INE__CHECKS; check++) {
        const ine__slot reason = d->facts.entry[check].reason_at;
        if (reason.escaped && !d->meaning.check[check].reason.ptr)
            return false;
    }
    return true;
}

/* ---- size ---- */

static size_t listed(const ine__meaning *meaning)
{
    return meaning->unknown_checks < INE__UNKNOWN_MAX ? meaning->unknown_checks : INE__UNKNOWN_MAX;
}

static size_t size_of(const draft *d)
{
    /* no overflow: the texts are parts of one body, and a body has a limit */
    size_t size = sizeof(ine_verdict) + sizeof(ine__json_cache) +
                  listed(&d->meaning) * (sizeof(ine__unknown) + 2 * (size_t)INE__UNKNOWN_CAP);
    for (int32_t i = 0; i < INE__KEPT; i++)
        size += d->kept[i].len;
    for (int32_t check = 1; check <= INE__CHECKS; check++)
        size += d->meaning.check[check].reason.len;
    return size;
}

/* ---- copies ---- */

static ine_str copy(char **room, ine_str text)
{
    if (!text.ptr)
        return INE__NONE;
    char *const at = *room;
    if (text.len)
        memcpy(at, text.ptr, text.len);
    *room += text.len;
    return (ine_str){at, text.len};
}

/* At most INE__UNKNOWN_CAP bytes, decoded, cut between two characters. */
static ine_str copy_capped(char **room, ine_str raw, bool escaped)
{
    char *const at = *room;
    char decoded[INE__UNKNOWN_CAP + 4];
    if (escaped) {
        const char *p = raw.ptr;
        const char *const end = p + raw.len;
        size_t n = 0;
        while (p < end && n <= INE__UNKNOWN_CAP) {
            if (*p == '\\')
                n += ine__json_escape(&p, decoded + n);
            else
                decoded[n++] = *p++;
        }
        raw = (ine_str){decoded, n};
    }
    size_t len = raw.len < INE__UNKNOWN_CAP ? raw.len : INE__UNKNOWN_CAP;
    const char *const nul = len ? memchr(raw.ptr, 0, len) : NULL;
    if (nul)
        len = (size_t)(nul - raw.ptr);
    while (len > 0 && len < raw.len && ((unsigned char)raw.ptr[len] & 0xc0) == 0x80)
        len--;
    if (len)
        memcpy(at, raw.ptr, len);
    *room += len;
    return (ine_str){at, len};
}

static bool is_listed(const ine_verdict *verdict, ine_str name)
{
    for (size_t i = 0; i < verdict->unknown_count; i++) {
        if (ine__str_eq(verdict->unknown[i].name, name))
            return true;
    }
    return false;
}

/* A name that is there twice (or only differs behind the cap) is listed once. */
static void copy_unknown(ine_verdict *verdict, const draft *d, char **room)
{
    ine__unknown_iter iter;
    ine_str name;
    bool escaped;
    ine__entry entry;
    const int32_t blocked_by = d->facts.first_failure;
    ine__unknown_init(&iter, &d->facts);
    while (verdict->unknown_count < INE__UNKNOWN_MAX &&
           ine__unknown_next(&iter, &name, &escaped, &entry)) {
        char *const before = *room;
        ine__unknown *const to = &verdict->unknown[verdict->unknown_count];
        to->name = copy_capped(room, name, escaped);
        if (is_listed(verdict, to->name)) {
            *room = before;
            continue;
        }
        if (entry.reason_at.type == INE__J_STRING)
            to->reason = copy_capped(
                room, (ine_str){d->facts.bytes + entry.reason_at.at, entry.reason_at.len},
                entry.reason_at.escaped);
        to->state = ine__check_state(&entry, blocked_by != 0);
        to->blocked_by = to->state == INE_STATE_SKIPPED ? blocked_by : 0;
        verdict->unknown_count++;
    }
}

static ine__maybe number_of(const ine__number *number)
{
    return (ine__maybe){number->integer, number->value};
}

/* faceMatch, or active */
static ine__maybe bool_of(ine__slot slot)
{
    return (ine__maybe){slot.type == INE__J_TRUE || slot.type == INE__J_FALSE,
                        slot.type == INE__J_TRUE};
}

static void fill(ine_verdict *verdict, const draft *d)
{
    const ine__facts *const facts = &d->facts;
    verdict->meaning = d->meaning;
    verdict->legacy = d->legacy;
    verdict->code = number_of(&facts->code);
    verdict->reason_code = number_of(&facts->reason_code);
    verdict->match =
        bool_of(facts->slot[d->legacy == INE__LEGACY_CARD ? INE_D_ACTIVE : INE_D_FACE_MATCH]);
    verdict->percent = number_of(&facts->face_percent);
    verdict->json = (ine__json_cache *)(verdict + 1);
    verdict->unknown = (ine__unknown *)(verdict->json + 1);
    char *room = (char *)(verdict->unknown + listed(&d->meaning));
    for (int32_t i = 0; i < INE__KEPT; i++)
        verdict->kept[i] = copy(&room, d->kept[i]);
    for (int32_t check = 1; check <= INE__CHECKS; check++)
        verdict->meaning.check[check].reason = copy(&room, d->meaning.check[check].reason);
    if (d->meaning.unknown_checks)
        copy_unknown(verdict, d, &room);
}

int32_t ine_verdict_new(ine_verdict **out, const ine_decision *decision, int64_t require,
                        int64_t sent, ine_error **err)
{
    const int64_t checks = (((int64_t)1 << INE__CHECKS) - 1) << 1;
    ine__error_clear(err);
    if (!out)
        return ine__fail(err, INE_E_ARGUMENT, "no place for the verdict");
    *out = NULL;
    if (!decision)
        return ine__fail(err, INE_E_ARGUMENT, "no decision");
    if (require & ~checks)
        return ine__fail(err, INE_E_ARGUMENT, "a required check that does not exist");
    draft d;
    if (!draft_read(&d, decision, require, sent))
        return ine__fail_memory(err);
    ine_verdict *const verdict = ine__alloc(size_of(&d));
    if (!verdict)
        return ine__fail_memory(err);
    fill(verdict, &d);
    *out = verdict;
    return INE_OK;
}

void ine_verdict_free(ine_verdict *verdict)
{
    if (!verdict)
        return;
    ine__free(verdict->json->block);
    ine__free(verdict);
}

ine_str ine_verdict_text(const ine_verdict *verdict, int32_t audience, int32_t language)
{
    return verdict ? ine__text(&verdict->meaning, audience, language) : INE__NONE;
}

/* ---- JSON, made once ---- */

static ine_str block_view(const char *block)
{
    size_t len;
    memcpy(&len, block, sizeof len);
    return (ine_str){block + sizeof len, len};
}

static char *make_block(const ine_verdict *verdict)
{
    ine__buf buf;
    size_t len = 0;
    ine__buf_init(&buf, SIZE_MAX / 2);
    ine__buf_add(&buf, &len, sizeof len);
    ine__verdict_write(verdict, &buf);
    if (buf.failed) {
        ine__buf_free(&buf);
        return NULL;
    }
    len = buf.len - sizeof len;
    memcpy(buf.ptr, &len, sizeof len);
    return buf.ptr;
}

ine_str ine_verdict_json(const ine_verdict *verdict)
{
    if (!verdict)
        return INE__NONE;
    char **const place = &verdict->json->block;
    char *block = __atomic_load_n(place, __ATOMIC_ACQUIRE);
    if (block)
        return block_view(block);
    char *const made = make_block(verdict);
    if (!made)
        return INE__NONE;
    if (__atomic_compare_exchange_n(place, &block, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return block_view(made);
    ine__free(made); /* another thread was first */
    return block_view(block);
}
