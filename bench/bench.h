/*
 * Times its candidates in turn, round after round, so that noise strikes all alike; a figure is the
 * median over the rounds. The first candidate is the yardstick of the ratios.
 */
#ifndef INE_BENCH_H
#define INE_BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#define BENCH_ROUNDS   31
#define BENCH_BATCH_NS 2000000.0

typedef struct bench_row {
    const char *name;
    void (*run)(void *context);
    void *context;
    double batch;
    double ns[BENCH_ROUNDS];
} bench_row;

static inline void bench_expect(int holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "bench: %s\n", what);
        exit(1);
    }
}

static inline double bench_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static inline double bench_time(bench_row *row, double count)
{
    const double start = bench_now();
    for (double i = 0; i < count; i++)
        row->run(row->context);
    return bench_now() - start;
}

static inline int bench_compare(const void *a, const void *b)
{
    const double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Prints "name, ns a call, times the first row". */
static inline void bench_run(const char *title, bench_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        rows[i].batch = 1;
        for (double ns = bench_time(&rows[i], 1); ns < BENCH_BATCH_NS;
             ns = bench_time(&rows[i], rows[i].batch))
            rows[i].batch *= 2;
    }
    for (int round = 0; round < BENCH_ROUNDS; round++) {
        for (size_t i = 0; i < count; i++)
            rows[i].ns[round] = bench_time(&rows[i], rows[i].batch) / rows[i].batch;
    }
    printf("\n%s\n", title);
    for (size_t i = 0; i < count; i++) {
        qsort(rows[i].ns, BENCH_ROUNDS, sizeof rows[i].ns[0], bench_compare);
        printf("  %-52s %9.0f ns  %5.2fx\n", rows[i].name, rows[i].ns[BENCH_ROUNDS / 2],
               rows[i].ns[BENCH_ROUNDS / 2] / rows[0].ns[BENCH_ROUNDS / 2]);
    }
}

/* The documented approved decision as it stands ("pretty") and without white space. */
static inline char *bench_decision(int compact)
{
    json_error_t error;
    json_t *json =
        json_load_file(INE_ROOT "/tests/payloads/decision_approved_all_checks.json", 0, &error);
    bench_expect(json != NULL, "the documented decision can not be read");
    char *text = json_dumps(json, compact ? JSON_COMPACT : JSON_INDENT(2));
    bench_expect(text != NULL, "memory");
    json_decref(json);
    return text;
}

#endif
