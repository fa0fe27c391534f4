/*
 * Reading a decision: all fields of it, against jansson.
 *
 *     bench_decision                       times
 *     bench_decision count N FORM MODE     N reads and nothing else, for callgrind: FORM compact or
 *                                          pretty, MODE borrow or copy (bench/counts.py)
 */
#include "bench.h"

#include "ine.h"

#define CHECKS 10

static const char *const names[CHECKS] = {"consent_obtained",        "person_registered",
                                          "selfie_registry_match",   "not_reported_lost_or_stolen",
                                          "first_name_match",        "father_last_name_match",
                                          "mother_last_name_match",  "personal_number_match",
                                          "registration_year_match", "issue_year_match"};
static const int32_t fields[] = {
    1,   2,   3,   4,   5,   6,   7,   8,   9,   10,  11,  12,  13,  14,  15,  16,  17,
    18,  19,  20,  21,  22,  23,  24,  25,  26,  27,  28,  29,  30,  31,  32,  101, 102,
    103, 104, 105, 106, 107, 108, 109, 110, 121, 122, 123, 124, 125, 126, 127, 128,
};
#define FIELDS (sizeof fields / sizeof fields[0])

typedef struct subject {
    char *body;
    size_t len;
    ine_decision *decision;
} subject;

static void take_all(const ine_decision *decision)
{
    ine_str text[FIELDS];
    int64_t number[FIELDS];
    int32_t state[FIELDS];
    bench_expect(ine_decision_fields(decision, fields, FIELDS, text, number, state) == INE_OK &&
                     number[6] == 9001,
                 "the fields were not read");
}

static void copy_run(void *context)
{
    subject *s = context;
    ine_decision *decision = NULL;
    bench_expect(ine_decision_read(&decision, s->body, s->len, INE_READ_COPY, NULL) == INE_OK,
                 "the decision was refused");
    take_all(decision);
    ine_decision_free(decision);
}

static void borrow_run(void *context)
{
    subject *s = context;
    bench_expect(ine_decision_reread(s->decision, s->body, s->len, INE_READ_BORROW, NULL) == INE_OK,
                 "the decision was refused");
    take_all(s->decision);
}

/* The usual way: a tree, and a look-up for each member that matters. */
static void jansson_run(void *context)
{
    subject *s = context;
    json_error_t error;
    int64_t passed = 0;
    json_t *root = json_loadb(s->body, s->len, JSON_REJECT_DUPLICATES, &error);
    const json_t *verification = json_object_get(root, "verification");
    const json_t *registries = json_object_get(verification, "registryValidations");
    const json_t *checks = json_object_get(json_object_get(registries, "MX_INE"), "validations");
    for (size_t i = 0; i < CHECKS; i++) {
        const char *result =
            json_string_value(json_object_get(json_object_get(checks, names[i]), "result"));
        passed += result && strcmp(result, "success") == 0;
    }
    bench_expect(json_integer_value(json_object_get(verification, "code")) == 9001, "jansson");
    bench_expect(passed >= 0, "jansson");
    json_decref(root);
}

static void prepare(subject *s, int compact)
{
    s->body = bench_decision(compact);
    s->len = strlen(s->body);
    bench_expect(ine_decision_read(&s->decision, s->body, s->len, INE_READ_BORROW, NULL) == INE_OK,
                 "the decision was refused");
}

static void drop(subject *s)
{
    ine_decision_free(s->decision);
    free(s->body);
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "count") == 0) {
        subject s = {0};
        prepare(&s, strcmp(argv[3], "compact") == 0);
        for (long n = strtol(argv[2], NULL, 10); n > 0; n--)
            (strcmp(argv[4], "borrow") == 0 ? borrow_run : copy_run)(&s);
        drop(&s);
        return 0;
    }
    for (int compact = 1; compact >= 0; compact--) {
        subject s = {0};
        char title[80];
        prepare(&s, compact);
        bench_row rows[] = {
            {.name = "libine, borrowed: read, 50 fields", .run = borrow_run, .context = &s},
            {.name = "libine, owned: read, 50 fields, free", .run = copy_run, .context = &s},
            {.name = "jansson: tree, 11 look-ups, free", .run = jansson_run, .context = &s},
        };
        snprintf(title, sizeof title, "read a decision of %zu bytes", s.len);
        bench_run(title, rows, sizeof rows / sizeof rows[0]);
        drop(&s);
    }
    return 0;
}
