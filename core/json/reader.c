#include "json/reader.h"

#include "json/scan.h"

/* An object or array that is being read. */
typedef struct frame {
    const ine__object *object; /* of an object: its schema. of an array: its items' schema */
    const ine__member *guess;  /* the member that should come next; NULL: none is of interest */
    const ine__member *end;    /* behind the last member */
    uint64_t seen;             /* bit: this member was there */
    uint64_t bit;              /* the guess's */
    uint32_t at;
    uint16_t slot;
    bool array;
} frame;

static int32_t refuse(ine__json_fault *fault, int32_t code, size_t offset, const char *text)
{
    *fault = (ine__json_fault){code, offset, text};
    return code;
}

/* Does `"key"` stand at p, of which the opening quote has been read? Needs 32 readable bytes. */
static inline bool stands_at(const ine__member *member, const char *p)
{
#ifdef __SSE2__
    const __m128i *const key = (const __m128i *)(const void *)member->key;
    const __m128i *const text = (const __m128i *)(const void *)p;
    const __m128i first = _mm_cmpeq_epi8(_mm_loadu_si128(key), _mm_loadu_si128(text));
    const __m128i second = _mm_cmpeq_epi8(_mm_loadu_si128(key + 1), _mm_loadu_si128(text + 1));
    const unsigned differ =
        ~((unsigned)_mm_movemask_epi8(first) | (unsigned)_mm_movemask_epi8(second) << 16);
    /* the lowest bits, one for each byte of the key and one for the quote */
    return (differ << (31 - member->key_len)) == 0;
#else
    return memcmp(member->key, p, member->key_len + 1u) == 0;
#endif
}

/* The member of this name, searched from the guess on and around. */
static const ine__member *find(const frame *f, const char *key, size_t len, bool escaped)
{
    char decoded[6 * INE__JSON_KEY];
    if (escaped) {
        if (len > sizeof decoded)
            return NULL;
        len = ine__json_unescape(decoded, ine__str(key, len));
        key = decoded;
    }
    const ine__member *const first = f->object->members;
    const ine__member *const end = first + f->object->count;
    const ine__member *member = f->guess;
    for (size_t i = 0; i < f->object->count; i++) {
        if (member->key_len == len && memcmp(member->key, key, len) == 0)
            return member;
        if (++member == end)
            member = first;
    }
    return NULL;
}

/* Does `word` stand at p? */
static inline bool word(const char *p, const char *end, const char *text, ptrdiff_t len)
{
    return end - p >= len && memcmp(p, text, (size_t)len) == 0;
}

static int32_t bad_start(ine_str text, ine__json_fault *fault)
{
    const unsigned char *p = (const unsigned char *)text.ptr;
    if (text.len > UINT32_MAX)
        return refuse(fault, INE_E_LIMIT, UINT32_MAX, "the text is larger than 4 GB");
    if (text.len >= 3 && p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf)
        return refuse(fault, INE_E_JSON, 0, "a byte order mark");
    if (text.len >= 2 && ((p[0] == 0xfe && p[1] == 0xff) || (p[0] == 0xff && p[1] == 0xfe)))
        return refuse(fault, INE_E_JSON, 0, "UTF-16 in place of UTF-8");
    return INE_OK;
}

/* A literal that is not one: the offset of the first byte that differs. */
static int32_t bad_word(const char *p, const char *end, const char *base, ine__json_fault *fault)
{
    const char *wanted = *p == 't' ? "true" : *p == 'f' ? "false" : *p == 'n' ? "null" : "";
    while (p < end && *wanted && *p == *wanted) {
        p++;
        wanted++;
    }
    return refuse(fault, INE_E_JSON, (size_t)(p - base),
                  p == end ? "the text ends early" : "not a JSON value");
}

int32_t ine__json_read(const ine__object *schema, ine_str text, ine__slot *slots, size_t count,
                       ine__json_fault *fault)
{
    __attribute__((uninitialized)) frame stack[INE__JSON_DEPTH + 1];
    ine__slot none;
    ine__scan scan = {0};
    const char *p = text.ptr ? text.ptr : "";
    const char *const base = p, *const end = p + text.len;
    const ine__object *child = schema;
    frame *f = stack; /* stack[0] stands for the text itself */
    size_t slot = 0;
    const char *start;
    uint8_t type;

    *fault = (ine__json_fault){0};
    if (!slots || !count)
        slots = &none;
    if (bad_start(text, fault))
        return fault->code;
    p = ine__scan_white(p, end);

value:
    if (p == end)
        goto ends_early;
    start = p;
    if (*p == '"') {
        start = p + 1;
        p = ine__scan_plain(start, end);
        if (__builtin_expect(p == end || *p != '"', 0)) {
            scan.nul = NULL;
            scan.escaped = false;
            if (!(p = ine__scan_string(p, end, &scan)))
                goto scan_fault;
            if (scan.nul && slot)
                return refuse(fault, INE_E_FORM, (size_t)(scan.nul - base), "NUL in a text");
            slots[slot] = (ine__slot){(uint32_t)(start - base), (uint32_t)(p - start),
                                      INE__J_STRING, scan.escaped};
        } else {
            slots[slot] =
                (ine__slot){(uint32_t)(start - base), (uint32_t)(p - start), INE__J_STRING, 0};
        }
        p++;
        goto after;
    }
    if (*p == '{' || *p == '[') {
        const bool array = *p == '[';
        if (f == stack + INE__JSON_DEPTH)
            return refuse(fault, INE_E_JSON, (size_t)(p - base), "nested too deeply");
        slots[slot] = (ine__slot){(uint32_t)(p - base), 0, array ? INE__J_ARRAY : INE__J_OBJECT, 0};
        f++;
        f->at = (uint32_t)(p - base);
        f->slot = (uint16_t)slot;
        f->array = array;
        p = ine__scan_white(p + 1, end);
        if (p == end)
            goto ends_early;
        if (array) {
            f->object = child ? child->each : NULL;
            if (*p == ']')
                goto close;
            goto item;
        }
        f->object = child;
        f->guess = NULL;
        f->seen = 0;
        f->bit = 1;
        if (child && child->count) {
            f->guess = child->members;
            f->end = child->members + child->count;
        }
        if (*p == '}')
            goto close;
        goto key;
    }
    if (word(p, end, "null", 4)) {
        type = INE__J_NULL;
        p += 4;
    } else if (word(p, end, "true", 4)) {
        type = INE__J_TRUE;
        p += 4;
    } else if (word(p, end, "false", 5)) {
        type = INE__J_FALSE;
        p += 5;
    } else if (*p == '-' || (*p >= '0' && *p <= '9')) {
        type = INE__J_NUMBER;
        if (!(p = ine__scan_number(p, end, &scan)))
            goto scan_fault;
    } else {
        return bad_word(p, end, base, fault);
    }
    slots[slot] = (ine__slot){(uint32_t)(start - base), (uint32_t)(p - start), type, 0};

after:
    p = ine__scan_white(p, end);
    if (f == stack) {
        if (p != end)
            return refuse(fault, INE_E_JSON, (size_t)(p - base), "something behind the value");
        return INE_OK;
    }
    if (p == end)
        goto ends_early;
    if (*p == ',') {
        p = ine__scan_white(p + 1, end);
        if (f->array)
            goto item;
        goto key;
    }
    if (*p != (f->array ? ']' : '}'))
        return refuse(fault, INE_E_JSON, (size_t)(p - base), "neither a comma nor the end");

close:
    p++;
    slots[f->slot].len = (uint32_t)(p - base) - f->at;
    f--;
    goto after;

item:
    slot = 0;
    child = f->object;
    goto value;

key:
    if (p == end)
        goto ends_early;
    if (*p != '"')
        return refuse(fault, INE_E_JSON, (size_t)(p - base), "not a member's name");
    start = ++p;
    {
        const ine__member *member = f->guess;
        if (__builtin_expect(member && end - p >= INE__JSON_KEY + 1 && stands_at(member, p), 1)) {
            p += member->key_len;
        } else {
            scan.escaped = false;
            p = ine__scan_plain(p, end);
            if ((p == end || *p != '"') && !(p = ine__scan_string(p, end, &scan)))
                goto scan_fault;
            if (member) {
                member = find(f, start, (size_t)(p - start), scan.escaped);
                if (member) {
                    f->guess = member;
                    f->bit = (uint64_t)1 << (member - f->object->members);
                }
            }
        }
        p++;
        if (member) {
            if (f->seen & f->bit)
                return refuse(fault, INE_E_FORM, (size_t)(start - base), "a member stands twice");
            f->seen |= f->bit;
            f->bit <<= 1;
            if (++f->guess == f->end) {
                f->guess = f->object->members;
                f->bit = 1;
            }
            slot = member->slot;
            child = member->object;
        } else {
            slot = 0;
            child = NULL;
            if (f->object) {
                child = f->object->each;
                if (f->object->others)
                    slots[f->object->others].len++;
            }
        }
    }
    p = ine__scan_white(p, end);
    if (p == end)
        goto ends_early;
    if (*p != ':')
        return refuse(fault, INE_E_JSON, (size_t)(p - base), "no colon behind a name");
    p = ine__scan_white(p + 1, end);
    goto value;

scan_fault:
    return refuse(fault, INE_E_JSON, (size_t)(scan.at - base), scan.text);
ends_early:
    return refuse(fault, INE_E_JSON, text.len, text.len ? "the text ends early" : "an empty text");
}

int32_t ine__json_fail(ine_error **err, const ine__json_fault *fault)
{
    ine__fail(err, fault->code, fault->text);
    if (err)
        ine__error_set(*err, INE_DETAIL_OFFSET, (int64_t)fault->offset);
    return fault->code;
}
