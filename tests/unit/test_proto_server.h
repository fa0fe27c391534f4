/* A scripted server for the tests of flows: it keeps sessions, checks what the vendor checks, and
 * misbehaves when its fault function says so. It knows nothing of our code. */
#ifndef INE_TESTS_PROTO_SERVER_H
#define INE_TESTS_PROTO_SERVER_H

#include "test_proto_world.h"

enum {
    FAULT_NONE = 0,
    FAULT_NOT_SENT,
    FAULT_THROTTLED,   /* 429, not processed */
    FAULT_UNAVAILABLE, /* 503, not processed */
    FAULT_LOST_BEFORE, /* not processed, no reply */
    FAULT_LOST_AFTER,  /* processed, no reply */
    FAULT_TIMEOUT,     /* processed, the reply is too late */
    FAULT_CUT,         /* processed, the signed reply ends early */
    FAULT_PROTOCOL,    /* processed, the reply is garbage */
    FAULT_UNSIGNED,    /* processed, the reply has lost its signature */
    FAULTS
};

enum { SESSION_CREATED = 0, SESSION_SUBMITTED };

#define SERVER_SESSIONS 8

typedef struct server_session {
    char id[37];
    int state;
    int images[4];
    size_t image_size;
    int polls; /* how often its decision has been asked for */
} server_session;

typedef struct server {
    server_session sessions[SERVER_SESSIONS];
    size_t count;
    int pending_polls;                /* polls before there is a decision */
    int pending_form;                 /* 0 null, 1 a status without a decision, 2 review */
    const char *outcome;              /* "approved", "selfie", "outage" */
    int good_from;                    /* sessions from this one on are approved */
    int reject_create, reject_submit; /* an HTTP status; 0: no */
    bool with_legacy;                 /* answers ine-registry */
    int not_found_polls;              /* decisions answered with 404 first */
    int32_t (*fault)(struct server *server, const world_request *request);
    void *context;
    const char *retry_after;
    size_t creates, uploads, submits, lists, decisions, attempts; /* requests that arrived */
    size_t creates_unsafe; /* of which the client could not know that they were not processed */
    size_t images_most;    /* images of one context in one session, at most */
    int64_t not_before;    /* Retry-After */
    bool impatient;        /* a request came before it */
    int32_t last_fault;
} server;

static inline world_answer server_text(int32_t status, char *body)
{
    return (world_answer){.status = status,
                          .body = body,
                          .owned = body,
                          .body_len = strlen(body),
                          .sign = status == 401 ? WORLD_UNSIGNED : WORLD_SIGNED};
}

static inline world_answer server_format(int32_t status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static inline world_answer server_format(int32_t status, const char *format, ...)
{
    char *body = NULL;
    va_list args;
    va_start(args, format);
    const int n = vasprintf(&body, format, args);
    va_end(args);
    assert_true(n >= 0);
    return server_text(status, body);
}

static inline world_answer server_error(int32_t status, int32_t code)
{
    return server_format(status, "{\"status\":\"fail\",\"code\":\"%d\",\"message\":\"no\"}", code);
}

static inline world_answer server_session_reply(int32_t status, const server_session *s)
{
    return server_format(status,
                         "{\"status\":\"success\",\"verification\":{\"id\":\"%s\",\"url\":"
                         "\"https://flow.test/v/%s\",\"vendorData\":\"v-1\",\"host\":"
                         "\"https://flow.test\",\"status\":\"%s\",\"sessionToken\":\"t\"}}",
                         s->id, s->id, s->state == SESSION_CREATED ? "created" : "submitted");
}

static inline world_answer server_create(server *srv)
{
    if (srv->reject_create)
        return server_error(srv->reject_create, 1104);
    assert_true(srv->count < SERVER_SESSIONS);
    server_session *s = &srv->sessions[srv->count++];
    snprintf(s->id, sizeof s->id, "%08zx-0000-4000-8000-0000000000aa", srv->count);
    return server_session_reply(201, s);
}

static inline world_answer server_upload(server *srv, server_session *s, const world_request *r)
{
    static const char *const names[] = {"", "\"face\"", "\"document-front\"", "\"document-back\""};
    const char marker[] = ";base64,";
    int context = 0;
    if (s->state != SESSION_CREATED)
        return server_error(409, 1304);
    for (int i = 1; i < 4; i++) {
        if (memmem(r->body, r->body_len < 80 ? r->body_len : 80, names[i], strlen(names[i])))
            context = i;
    }
    const char *begin = memmem(r->body, r->body_len, marker, strlen(marker));
    if (!context || !begin)
        return server_error(400, 1402);
    begin += strlen(marker);
    const char *end = memchr(begin, '"', r->body_len - (size_t)(begin - r->body));
    assert_non_null(end);
    const size_t digits = (size_t)(end - begin);
    s->image_size = digits / 4 * 3 - (end[-1] == '=') - (end[-2] == '=');
    s->images[context]++;
    if ((size_t)s->images[context] > srv->images_most)
        srv->images_most = (size_t)s->images[context];
    return server_format(200,
                         "{\"status\":\"success\",\"image\":{\"id\":\"" WORLD_OTHER
                         "\",\"name\":%s,\"context\":%s,\"timestamp\":null,\"size\":%zu,"
                         "\"mimetype\":\"image/jpeg\",\"url\":\"https://api.test/v1/media/x\","
                         "\"sessionId\":\"%s\"}}",
                         names[context], names[context], s->image_size, s->id);
}

static inline world_answer server_submit(server *srv, server_session *s)
{
    if (srv->reject_submit)
        return server_error(srv->reject_submit, 1102);
    if (s->state != SESSION_CREATED)
        return server_error(400, 1304);
    if (s->images[1] == 0)
        return server_error(400, 1102);
    s->state = SESSION_SUBMITTED;
    return server_session_reply(200, s);
}

static inline world_answer server_list(const server_session *s)
{
    static const char *const names[] = {"", "face", "document-front", "document-back"};
    char items[2048] = "";
    size_t n = 0;
    for (int context = 1; context < 4; context++) {
        for (int i = 0; i < s->images[context]; i++)
            n += (size_t)snprintf(items + n, sizeof items - n,
                                  "%s{\"id\":\"" WORLD_OTHER
                                  "\",\"name\":\"%s\",\"context\":\"%s\",\"timestamp\":null,"
                                  "\"size\":%zu,\"mimetype\":\"image/jpeg\",\"url\":\"x\","
                                  "\"sessionId\":\"%s\"}",
                                  n ? "," : "", names[context], names[context], s->image_size,
                                  s->id);
    }
    return server_format(200, "{\"status\":\"success\",\"images\":[%s],\"videos\":[]}", items);
}

static inline world_answer server_decided(const server_session *s, const char *outcome)
{
    const bool approved = strcmp(outcome, "approved") == 0;
    const char *checks =
        approved ? "{\"status\":\"success\",\"data\":null,\"validations\":{"
                   "\"consent_obtained\":{\"result\":\"success\",\"reason\":null},"
                   "\"person_registered\":{\"result\":\"success\",\"reason\":null},"
                   "\"selfie_registry_match\":{\"result\":\"success\",\"reason\":null},"
                   "\"not_reported_lost_or_stolen\":{\"result\":\"success\",\"reason\":null}},"
                   "\"error\":null,\"timestamp\":\"2026-04-01T10:01:05.000Z\"}"
        : strcmp(outcome, "selfie") == 0
            ? "{\"status\":\"failure\",\"data\":null,\"validations\":{"
              "\"consent_obtained\":{\"result\":\"success\",\"reason\":null},"
              "\"person_registered\":{\"result\":\"success\",\"reason\":null},"
              "\"selfie_registry_match\":{\"result\":\"failure\",\"reason\":\"SELFIE_MISMATCH\"}},"
              "\"error\":null,\"timestamp\":\"2026-04-01T10:01:05.000Z\"}"
            : "{\"status\":\"error\",\"data\":null,\"validations\":null,\"error\":{\"code\":"
              "\"registry_error\",\"message\":\"REGISTRY_UNAVAILABLE\"},\"timestamp\":null}";
    return server_format(200,
                         "{\"status\":\"success\",\"verification\":{\"id\":\"%s\",\"attemptId\":"
                         "\"" WORLD_OTHER "\",\"vendorData\":\"v-1\",\"status\":\"%s\",\"code\":%d,"
                         "\"reason\":null,\"reasonCode\":%s,\"decisionTime\":"
                         "\"2026-04-01T10:01:05.916Z\",\"registryValidations\":{\"MX_INE\":%s}}}",
                         s->id, approved ? "approved" : "declined", approved ? 9001 : 9102,
                         approved                         ? "null"
                         : strcmp(outcome, "selfie") == 0 ? "581"
                                                          : "901",
                         checks);
}

static inline world_answer server_decision(server *srv, server_session *s)
{
    const bool late = srv->good_from && s - srv->sessions >= srv->good_from;
    if (srv->not_found_polls-- > 0)
        return server_error(404, 1101);
    if (s->state == SESSION_SUBMITTED && s->polls++ >= srv->pending_polls)
        return server_decided(s, late ? "approved" : srv->outcome);
    if (srv->pending_form == 0)
        return server_format(200, "{\"status\":\"success\",\"verification\":null}");
    const bool submitted = s->state == SESSION_SUBMITTED;
    const bool review = submitted && srv->pending_form == 2;
    return server_format(200,
                         "{\"status\":\"success\",\"verification\":{\"id\":\"%s\",\"attemptId\":"
                         "\"" WORLD_OTHER "\",\"status\":\"%s\",\"code\":%d,\"reason\":null,"
                         "\"reasonCode\":null}}",
                         s->id,
                         review      ? "review"
                         : submitted ? "submitted"
                                     : "created",
                         review ? 9121 : 7002);
}

static inline world_answer server_attempts(const server_session *s)
{
    return server_format(200,
                         "{\"status\":\"success\",\"verifications\":[{\"id\":\"" WORLD_OTHER
                         "\",\"status\":\"%s\",\"createdTime\":\"2026-04-01T10:00:00.000Z\"}]}",
                         s->state == SESSION_CREATED ? "created" : "submitted");
}

/* The signature must be over the body, or over the id in the path. */
static inline bool server_signed(const world_request *r, const char *id)
{
    char right[65];
    if (strcmp(r->method, "GET") == 0 || strcmp(r->method, "DELETE") == 0)
        world_sign(right, id, strlen(id));
    else
        world_sign(right, r->body, r->body_len);
    return strcmp(right, r->signature) == 0;
}

static inline world_answer server_process(server *srv, const world_request *r)
{
    const char prefix[] = "/base/v1/sessions";
    const bool create = strcmp(r->target, prefix) == 0;
    char id[37] = "";
    server_session *s = NULL;
    assert_true(strncmp(r->target, prefix, strlen(prefix)) == 0);
    if (!create)
        snprintf(id, sizeof id, "%.36s", r->target + strlen(prefix) + 1);
    if (!server_signed(r, id))
        return server_error(401, 1818);
    if (create)
        return server_create(srv);
    for (size_t i = 0; i < srv->count; i++) {
        if (strcmp(srv->sessions[i].id, id) == 0)
            s = &srv->sessions[i];
    }
    if (!s)
        return server_error(404, 1101);
    const char *rest = r->target + strlen(prefix) + 37;
    if (strcmp(rest, "/media") == 0)
        return r->method[0] == 'P' ? server_upload(srv, s, r) : server_list(s);
    if (strcmp(rest, "/decision") == 0)
        return server_decision(srv, s);
    if (strcmp(rest, "/attempts") == 0)
        return server_attempts(s);
    if (strcmp(rest, "/decision/ine-registry?version=1.0.0") == 0)
        return s->state == SESSION_SUBMITTED && s->polls++ >= srv->pending_polls
                   ? server_format(200, "{\"active\":true,\"documentState\":\"x\"}")
                   : server_error(404, 1101);
    assert_string_equal(rest, "");
    return server_submit(srv, s);
}

static inline void server_count(server *srv, const world_request *r, int32_t fault)
{
    const bool decision = strstr(r->target, "/decision") != NULL;
    const bool media = strstr(r->target, "/media") != NULL;
    const bool post = strcmp(r->method, "POST") == 0;
    if (post && !media) {
        srv->creates++;
        srv->creates_unsafe += fault != FAULT_NOT_SENT && fault != FAULT_THROTTLED;
    }
    srv->uploads += post && media;
    srv->submits += strcmp(r->method, "PATCH") == 0;
    srv->lists += !post && media;
    srv->decisions += decision;
    srv->attempts += strstr(r->target, "/attempts") != NULL;
}

static inline world_answer server_answer(world *w, const world_request *r)
{
    server *srv = w->context;
    const int32_t fault = srv->fault ? srv->fault(srv, r) : FAULT_NONE;
    srv->last_fault = fault;
    assert_true(r->complete);
    server_count(srv, r, fault);
    srv->impatient = srv->impatient || r->at < srv->not_before;
    if (fault == FAULT_NOT_SENT)
        return (world_answer){.failure = INE_FAIL_CONNECT};
    if (fault == FAULT_LOST_BEFORE)
        return (world_answer){.failure = INE_FAIL_BROKEN};
    if (fault == FAULT_THROTTLED || fault == FAULT_UNAVAILABLE) {
        world_answer answer = server_error(fault == FAULT_THROTTLED ? 429 : 503, 1101);
        if (srv->retry_after) {
            answer.headers[0] = "Retry-After";
            answer.headers[1] = srv->retry_after;
            srv->not_before = w->now + 1000 * atoi(srv->retry_after);
        }
        return answer;
    }
    world_answer answer = server_process(srv, r);
    switch (fault) {
    case FAULT_LOST_AFTER:
    case FAULT_TIMEOUT:
    case FAULT_PROTOCOL:
        answer.failure = fault == FAULT_LOST_AFTER ? INE_FAIL_BROKEN
                         : fault == FAULT_TIMEOUT  ? INE_FAIL_TIMEOUT
                                                   : INE_FAIL_PROTOCOL;
        break;
    case FAULT_CUT:
        answer.cut = answer.body_len;
        break;
    case FAULT_UNSIGNED:
        answer.sign = WORLD_UNSIGNED;
        break;
    default:
        break;
    }
    return answer;
}

/* Drives a flow to its end. */
static inline int32_t world_flow(world *w, ine_flow *flow, ine_verdict **verdict,
                                 ine_decision **decision, ine_error **err)
{
    for (w->steps = 0;; w->steps++) {
        int32_t want;
        int64_t a, b;
        assert_true(w->steps < 100000);
        const int32_t code = ine_flow_next(flow, w->now, &want, &a, &b, err);
        if (code)
            return code;
        switch (want) {
        case INE_WANT_DONE:
            return ine_flow_take(flow, verdict, decision, err);
        case INE_WANT_SEND:
            world_attempt(w, ine_flow_exchange(flow));
            break;
        case INE_WANT_MEDIA:
            assert_true(ine_flow_media(flow) > 0);
            world_feed(w, NULL, flow, a, b);
            break;
        case INE_WANT_WAIT:
            assert_true(a > 0);
            w->last_wait = a;
            w->now += a;
            break;
        case INE_WANT_STORE:
            assert_int_equal(ine_flow_session_id(flow).len, 36);
            assert_non_null(ine_flow_session_url(flow).ptr);
            break;
        default:
            return INE_E_STATE;
        }
    }
}

static inline ine_verification *server_verification(const unsigned char *face, size_t len,
                                                    bool source)
{
    ine_verification *v = NULL;
    if (ine_verification_new(&v, INE_PRODUCT_MX_INE, NULL) != INE_OK)
        return NULL;
    int32_t code = ine_verification_set_text(v, INE_IN_CIC, "123456789", 9, NULL);
    code |= ine_verification_set_text(v, INE_IN_VENDOR_DATA, "v-1", 3, NULL);
    code |= ine_verification_set_number(v, INE_IN_CONSENT, 1, NULL);
    code |= source ? ine_verification_set_media_source(v, INE_MEDIA_FACE, len, NULL)
                   : ine_verification_set_media(v, INE_MEDIA_FACE, face, len, NULL);
    if (code) {
        ine_verification_free(v);
        return NULL;
    }
    return v;
}

#endif
