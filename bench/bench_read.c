/*
 * Reading a decision: this library against jansson with the same 50 look-ups.
 *
 *   bench_read            interleaved rounds over the documented approved decision, compact and
 *                         indented: medians and ratios
 *   bench_read FILE       the same for one body
 *   bench_read FILE N     reads it N times with INE_READ_BORROW into one handle, for callgrind: the
 *                         difference between two N, divided by theirs, is the cost of one
 *   bench_read compact|indented N
 */
#include "ine.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 41
#define BATCH  2000
#define FIELDS 50

static const char *const paths[FIELDS] = {
    "status",
    "verification.id",
    "verification.attemptId",
    "verification.vendorData",
    "verification.endUserId",
    "verification.status",
    "verification.code",
    "verification.reason",
    "verification.reasonCode",
    "verification.decisionTime",
    "verification.acceptanceTime",
    "verification.submissionTime",
    "verification.person.firstName",
    "verification.person.lastName",
    "verification.person.dateOfBirth",
    "verification.person.gender",
    "verification.person.nationality",
    "verification.person.idNumber",
    "verification.person.yearOfBirth",
    "verification.person.placeOfBirth",
    "verification.document.number",
    "verification.document.type",
    "verification.document.country",
    "verification.document.state",
    "verification.registryValidations.MX_INE.status",
    "verification.registryValidations.MX_INE.data",
    "verification.registryValidations.MX_INE.error",
    "verification.registryValidations.MX_INE.timestamp",
    "technicalData.ip",
    "verification.additionalVerifiedData",
    "verification.registryValidations.MX_INE.validations.consent_obtained.result",
    "verification.registryValidations.MX_INE.validations.consent_obtained.reason",
    "verification.registryValidations.MX_INE.validations.person_registered.result",
    "verification.registryValidations.MX_INE.validations.person_registered.reason",
    "verification.registryValidations.MX_INE.validations.selfie_registry_match.result",
    "verification.registryValidations.MX_INE.validations.selfie_registry_match.reason",
    "verification.registryValidations.MX_INE.validations.not_reported_lost_or_stolen.result",
    "verification.registryValidations.MX_INE.validations.not_reported_lost_or_stolen.reason",
    "verification.registryValidations.MX_INE.validations.first_name_match.result",
    "verification.registryValidations.MX_INE.validations.first_name_match.reason",
    "verification.registryValidations.MX_INE.validations.father_last_name_match.result",
    "verification.registryValidations.MX_INE.validations.father_last_name_match.reason",
    "verification.registryValidations.MX_INE.validations.mother_last_name_match.result",
    "verification.registryValidations.MX_INE.validations.mother_last_name_match.reason",
    "verification.registryValidations.MX_INE.validations.personal_number_match.result",
    "verification.registryValidations.MX_INE.validations.personal_number_match.reason",
    "verification.registryValidations.MX_INE.validations.registration_year_match.result",
    "verification.registryValidations.MX_INE.validations.registration_year_match.reason",
    "verification.registryValidations.MX_INE.validations.issue_year_match.result",
    "verification.registryValidations.MX_INE.validations.issue_year_match.reason",
};

typedef struct body {
    const char *data;
    size_t len;
} body;

static volatile size_t sink;

static void stop(const char *what)
{
    fprintf(stderr, "bench_read: %s\n", what);
    exit(1);
}

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static ine_decision *handle(body text)
{
    ine_decision *decision;
    if (ine_decision_read(&decision, text.data, text.len, INE_READ_BORROW, NULL) != INE_OK)
        stop("this is not a body of the API");
    return decision;
}

static void read_borrowed(body text, ine_decision *decision)
{
    if (ine_decision_reread(decision, text.data, text.len, INE_READ_BORROW, NULL) != INE_OK)
        stop("could not read");
}

static void read_owned(body text, ine_decision *unused)
{
    ine_decision *decision;
    (void)unused;
    if (ine_decision_read(&decision, text.data, text.len, INE_READ_COPY, NULL) != INE_OK)
        stop("could not read");
    ine_decision_free(decision);
}

/* As a binding does it: read, then the fields in one call. */
static void read_fields(body text, ine_decision *decision)
{
    static int32_t ids[78];
    ine_str texts[78];
    int64_t numbers[78];
    int32_t states[78];
    if (!ids[0]) {
        size_t n = 0;
        for (int32_t i = INE_D_STATUS; i <= INE_D_DATA_CODE; i++)
            ids[n++] = i;
        for (int32_t check = 1; check <= 10; check++) {
            ids[n++] = INE_D_CHECK_RESULT + check;
            ids[n++] = INE_D_CHECK_REASON + check;
        }
    }
    read_borrowed(text, decision);
    if (ine_decision_fields(decision, ids, 78, texts, numbers, states) != INE_OK)
        stop("could not take the fields");
    sink += texts[1].len;
}

static const json_t *find(const json_t *at, const char *path)
{
    char key[64];
    while (at && *path) {
        const size_t len = strcspn(path, ".");
        memcpy(key, path, len);
        key[len] = 0;
        at = json_object_get(at, key);
        path += len + (path[len] == '.');
    }
    return at;
}

static void read_jansson(body text, ine_decision *unused)
{
    json_error_t error;
    json_t *root = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES, &error);
    (void)unused;
    if (!root)
        stop("jansson could not read");
    for (size_t i = 0; i < FIELDS; i++) {
        const json_t *value = find(root, paths[i]);
        if (value)
            sink += json_is_string(value) ? json_string_length(value) : 1;
    }
    json_decref(root);
}

static const struct {
    const char *name;
    void (*run)(body, ine_decision *);
} candidates[] = {
    {"libine, borrowed", read_borrowed},
    {"libine, owned", read_owned},
    {"libine, borrowed + 78 fields", read_fields},
    {"jansson + 50 look-ups", read_jansson},
};
#define CANDIDATES (sizeof candidates / sizeof candidates[0])

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void compare(body text, ine_decision *decision)
{
    static double took[CANDIDATES][ROUNDS];
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t c = 0; c < CANDIDATES; c++) {
            const size_t batch = candidates[c].run == read_jansson ? BATCH / 20 : BATCH;
            const double start = now_ns();
            for (size_t i = 0; i < batch; i++)
                candidates[c].run(text, decision);
            took[c][round] = (now_ns() - start) / (double)batch;
        }
    }
    for (size_t c = 0; c < CANDIDATES; c++)
        qsort(took[c], ROUNDS, sizeof(double), by_value);
    printf("%-30s %10s %8s\n", "read a decision", "ns", "x first");
    for (size_t c = 0; c < CANDIDATES; c++)
        printf("%-30s %10.0f %8.2f\n", candidates[c].name, took[c][ROUNDS / 2],
               took[c][ROUNDS / 2] / took[0][ROUNDS / 2]);
}

static char buffer[1 << 20];

static body load(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        stop("could not open the file");
    const size_t len = fread(buffer, 1, sizeof buffer, file);
    fclose(file);
    return (body){buffer, len};
}

/* The documented decision in another form. */
static body documented(size_t flags)
{
    const body sample = load(INE_ROOT "/tests/payloads/decision_approved_all_checks.json");
    json_t *tree = json_loadb(sample.data, sample.len, 0, NULL);
    if (!tree)
        stop("the payload is not JSON");
    const size_t len = json_dumpb(tree, buffer, sizeof buffer, flags);
    json_decref(tree);
    return (body){buffer, len};
}

static body find_body(const char *name)
{
    if (strcmp(name, "compact") == 0)
        return documented(JSON_COMPACT);
    if (strcmp(name, "indented") == 0)
        return documented(JSON_INDENT(2));
    return load(name);
}

static void run(const char *name, long count)
{
    const body text = find_body(name);
    ine_decision *decision = handle(text);
    for (long i = 0; i < count; i++)
        read_borrowed(text, decision);
    if (count == 0) {
        printf("\n%s, %zu bytes\n", name, text.len);
        compare(text, decision);
    }
    ine_decision_free(decision);
}

int main(int argc, char **argv)
{
    if (argc > 3)
        stop("usage: bench_read [FILE|compact|indented [COUNT]]");
    if (argc > 1) {
        run(argv[1], argc > 2 ? strtol(argv[2], NULL, 10) : 0);
        return 0;
    }
    run("compact", 0);
    run("indented", 0);
    return 0;
}
