/* Each payload in other forms of the same document gives equal fields: compact, indented, with its
 * members in another order, with escapes for all that is not ASCII, and among unknown members. */
#include "support.h"

#include "base/rng.h"
#include "schema/decision.h"

#include <dirent.h>
#include <jansson.h>

#define IDS 160

typedef struct reading {
    ine_decision *decision;
    ine_str text[IDS];
    int64_t number[IDS];
    int32_t state[IDS];
} reading;

static void read_all(reading *r, const char *body, size_t len)
{
    int32_t ids[IDS];
    for (int32_t i = 0; i < IDS; i++)
        ids[i] = i;
    assert_int_equal(ine_decision_read(&r->decision, body, len, INE_READ_COPY, NULL), INE_OK);
    assert_int_equal(ine_decision_fields(r->decision, ids, IDS, r->text, r->number, r->state),
                     INE_OK);
}

static void assert_equal(const reading *a, const char *body, const char *name)
{
    reading b;
    read_all(&b, body, strlen(body));
    if (ine_decision_kind(a->decision) != ine_decision_kind(b.decision))
        fail_msg("%s: another kind", name);
    for (int32_t i = 0; i < IDS; i++) {
        if (a->state[i] != b.state[i] || a->number[i] != b.number[i] ||
            !ine__str_eq(a->text[i], b.text[i]))
            fail_msg("%s: field %d differs", name, i);
    }
    ine_decision_free(b.decision);
}

static json_t *shuffled(ine__rng *rng, const json_t *value, bool with_unknown)
{
    if (!json_is_object(value))
        return json_deep_copy(value);
    const char *keys[64];
    size_t count = 0;
    for (void *at = json_object_iter((json_t *)(uintptr_t)value); at;
         at = json_object_iter_next((json_t *)(uintptr_t)value, at))
        keys[count++] = json_object_iter_key(at);
    json_t *out = json_object();
    for (size_t left = count; left; left--) {
        const size_t i = (size_t)ine__rng_upto(rng, (int64_t)left - 1);
        if (with_unknown) {
            char name[32];
            snprintf(name, sizeof name, "unknown%zu", left);
            json_object_set_new(
                out, name, json_pack("{s:[i,{s:s}],s:n}", "status", 1, "id", "x", "verification"));
        }
        json_object_set_new(out, keys[i],
                            shuffled(rng, json_object_get(value, keys[i]),
                                     with_unknown && !strstr(keys[i], "validations") &&
                                         !strstr(keys[i], "registryValidations")));
        keys[i] = keys[left - 1];
    }
    return out;
}

static void check_form(const reading *plain, const json_t *tree, size_t flags, const char *name)
{
    char *text = json_dumps(tree, flags);
    assert_non_null(text);
    assert_equal(plain, text, name);
    free(text);
}

static void check_payload(const char *name, ine__rng *rng)
{
    size_t len;
    char *body = test_payload(name, &len);
    reading plain;
    read_all(&plain, body, len);
    json_t *tree = json_loadb(body, len, 0, NULL);
    assert_non_null(tree);
    check_form(&plain, tree, JSON_COMPACT, name);
    check_form(&plain, tree, JSON_INDENT(2), name);
    check_form(&plain, tree, JSON_INDENT(31), name);
    check_form(&plain, tree, JSON_ENSURE_ASCII | JSON_COMPACT, name);
    for (int i = 0; i < 50; i++) {
        json_t *other = shuffled(rng, tree, i >= 25);
        check_form(&plain, other, i & 1 ? JSON_COMPACT : JSON_INDENT(i), name);
        json_decref(other);
    }
    json_decref(tree);
    ine_decision_free(plain.decision);
    free(body);
}

static void test_forms(void **state)
{
    (void)state;
    ine__rng rng;
    ine__rng_init(&rng, 7);
    DIR *dir = opendir(INE_ROOT "/tests/payloads");
    assert_non_null(dir);
    size_t files = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        char *dot = strstr(entry->d_name, ".json");
        if (!dot)
            continue;
        *dot = 0;
        check_payload(entry->d_name, &rng);
        files++;
    }
    closedir(dir);
    assert_true(files >= 18);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_forms)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
