/* A flow on a bench: inputs, server, and what came of it. */
#ifndef INE_TESTS_PROTO_BENCH_H
#define INE_TESTS_PROTO_BENCH_H

#include "crypto/credentials.h"
#include "test_proto_server.h"

#define FACE_SIZE 5000

typedef struct bench {
    world w;
    server srv;
    unsigned char *face;
    ine_options *options;
    ine_credentials *credentials;
    ine_verification *verification;
    ine_flow *flow;
    ine_verdict *verdict;
    ine_decision *decision;
    ine_error *err;
} bench;

static inline int set_up(void **state)
{
    bench *t = calloc(1, sizeof *t);
    assert_non_null(t);
    t->face = world_jpeg(FACE_SIZE);
    t->options = world_options();
    t->credentials = world_credentials();
    t->verification = server_verification(t->face, FACE_SIZE, false);
    t->srv.outcome = "approved";
    t->w = (world){
        .answer = server_answer, .context = &t->srv, .media = t->face, .media_len = FACE_SIZE};
    *state = t;
    return 0;
}

static inline void clear(bench *t)
{
    ine_flow_free(t->flow);
    ine_verdict_free(t->verdict);
    ine_decision_free(t->decision);
    ine_error_free(t->err);
    t->flow = NULL;
    t->verdict = NULL;
    t->decision = NULL;
    t->err = NULL;
}

static inline int tear_down(void **state)
{
    bench *t = *state;
    clear(t);
    ine_verification_free(t->verification);
    ine_credentials_free(t->credentials);
    ine_options_free(t->options);
    world_forget(&t->w);
    free(t->face);
    free(t);
    return 0;
}

static inline void open_flow(bench *t, int32_t mode, const char *session)
{
    clear(t);
    assert_int_equal(ine_flow_new(&t->flow, mode, t->verification, session,
                                  session ? strlen(session) : 0, t->credentials, t->options,
                                  t->w.now, NULL),
                     INE_OK);
}

static inline int32_t run(bench *t, int32_t mode, const char *session)
{
    open_flow(t, mode, session);
    return world_flow(&t->w, t->flow, &t->verdict, &t->decision, &t->err);
}

static inline void set_number(bench *t, int32_t option, int64_t number)
{
    assert_int_equal(ine_options_set_number(t->options, option, number, NULL), INE_OK);
}

static inline int64_t outcome(const bench *t)
{
    int64_t number = -1;
    ine_verdict_field(t->verdict, INE_V_OUTCOME, NULL, &number);
    return number;
}

static inline int64_t detail(const bench *t, int32_t which)
{
    return ine_error_number(t->err, which);
}

/* One fault for the n-th request whose method and path match, once or for good. */
typedef struct plan {
    const char *method, *part;
    int32_t fault;
    size_t from, times, seen;
} plan;

static inline int32_t planned(server *srv, const world_request *r)
{
    plan *p = srv->context;
    if (strcmp(r->method, p->method) != 0 || !strstr(r->target, p->part) ||
        (p->part[0] == 0 && strstr(r->target, "/media")))
        return FAULT_NONE;
    const size_t n = p->seen++;
    return n >= p->from && n < p->from + p->times ? p->fault : FAULT_NONE;
}

static inline int32_t run_with(bench *t, int32_t mode, plan *p)
{
    p->seen = 0;
    t->srv = (server){.outcome = "approved", .fault = planned, .context = p};
    t->w.now = 0;
    t->w.requests = 0;
    ine__budget_init(ine__credentials_budget(t->credentials)); /* each run is a client of its own */
    return run(t, mode, NULL);
}

#define BENCH_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
