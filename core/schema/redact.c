/* A body that is safe to show: what is named here stays, everything else goes. */
#include "base/text.h"
#include "json/reader.h"
#include "json/writer.h"

typedef struct row {
    const char *key;          /* "*": any */
    const struct row *inside; /* NULL: a plain value stays as it is */
} row;

#define KEEP(key) \
    {             \
        key, NULL \
    }
#define OPEN(key, inside) \
    {                     \
        key, inside       \
    }
#define END        \
    {              \
        NULL, NULL \
    }

static const row check[] = {KEEP("result"), KEEP("reason"), END};
static const row checks[] = {OPEN("*", check), END};
static const row registry_error[] = {KEEP("code"), KEEP("message"), END};
static const row registry[] = {KEEP("status"), OPEN("validations", checks),
                               OPEN("error", registry_error), KEEP("timestamp"), END};
static const row registries[] = {OPEN("*", registry), END};
static const row face[] = {KEEP("faceMatch"), KEEP("faceMatchPercentage"), KEEP("responseStatus"),
                           END};
static const row additional[] = {OPEN("ineBiometricRegistryValidation", face), END};
static const row nothing[] = {END};
static const row document[] = {KEEP("type"), KEEP("country"), END};
static const row verification[] = {KEEP("id"),
                                   KEEP("attemptId"),
                                   KEEP("status"),
                                   KEEP("code"),
                                   KEEP("reason"),
                                   KEEP("reasonCode"),
                                   KEEP("decisionTime"),
                                   KEEP("acceptanceTime"),
                                   KEEP("submissionTime"),
                                   OPEN("person", nothing),
                                   OPEN("document", document),
                                   OPEN("registryValidations", registries),
                                   OPEN("additionalVerifiedData", additional),
                                   END};
static const row details[] = {KEEP("active"), KEEP("documentState"), END};
static const row data[] = {KEEP("status"), KEEP("code"), OPEN("details", details), END};
static const row body[] = {KEEP("status"), KEEP("code"), OPEN("verification", verification),
                           OPEN("technicalData", nothing), KEEP("active"), KEEP("documentState"),
                           /* events and legacy webhooks */
                           KEEP("id"), KEEP("attemptId"), KEEP("feature"), KEEP("action"),
                           KEEP("eventType"), KEEP("type"), KEEP("sessionId"), KEEP("version"),
                           KEEP("time"), OPEN("data", data), END};

#define DEPTH 8

typedef struct level {
    ine__json_iter iter;
    const row *rows;
    const char *base;
} level;

static const row *find(const row *rows, ine_str key, bool escaped)
{
    for (; rows->key; rows++) {
        if (rows->key[0] == '*' || (!escaped && ine__str_is(key, rows->key)))
            return rows;
    }
    return NULL;
}

static bool is_container(const ine__slot *value)
{
    return value->type == INE__J_OBJECT || value->type == INE__J_ARRAY;
}

/* The value with a string's quotes. */
static ine_str whole(const char *base, const ine__slot *value)
{
    const bool quoted = value->type == INE__J_STRING;
    return ine__str(base + value->at - quoted, value->len + 2u * quoted);
}

static void push(ine__writer *out, level *stack, size_t *depth, const row *rows, ine_str object)
{
    level *next = &stack[(*depth)++];
    ine__write_object(out);
    ine__json_iter_init(&next->iter, object);
    next->rows = rows;
    next->base = object.ptr;
}

static void member(ine__writer *out, level *stack, size_t *depth, ine_str key, bool escaped,
                   const ine__slot *value)
{
    const level *top = &stack[*depth - 1];
    const row *known = find(top->rows, key, escaped);
    const ine_str text = whole(top->base, value);
    ine__write_key_str(out, escaped ? INE__STR("[redacted]") : key);
    if (value->type == INE__J_NULL || (known && !known->inside && !is_container(value)))
        ine__write_raw(out, text);
    else if (known && known->inside && value->type == INE__J_OBJECT && *depth < DEPTH)
        push(out, stack, depth, known->inside, text);
    else
        ine__write_text(out, "[redacted]");
}

static void walk(ine__writer *out, ine_str json)
{
    level stack[DEPTH];
    size_t depth = 0;
    push(out, stack, &depth, body, json);
    while (depth) {
        ine_str key;
        bool escaped;
        ine__slot value;
        if (ine__json_iter_next(&stack[depth - 1].iter, &key, &escaped, &value)) {
            member(out, stack, &depth, key, escaped, &value);
        } else {
            ine__write_end_object(out);
            depth--;
        }
    }
}

int32_t ine_redact(ine_text **out, const void *bytes, size_t len, ine_error **err)
{
    ine__json_fault fault;
    ine__writer writer;
    ine__buf buf;
    ine__error_clear(err);
    if (!out)
        return ine__fail(err, INE_E_ARGUMENT, "no place for the text");
    *out = NULL;
    ine_str json = ine__str(bytes ? bytes : "", bytes ? len : 0);
    if (ine__json_read(NULL, json, NULL, 0, &fault) != INE_OK)
        return ine__json_fail(err, &fault);
    while (json.len && json.ptr[0] != '{' && strchr(" \t\r\n", json.ptr[0]))
        json = ine__str(json.ptr + 1, json.len - 1);
    if (json.len == 0 || json.ptr[0] != '{')
        return ine__fail(err, INE_E_FORM, "a body of the API is a JSON object");
    ine__buf_init(&buf, json.len * 8 + 64);
    ine__write_init(&writer, &buf);
    walk(&writer, json);
    return ine__text_give(out, &buf, err);
}
