/* A client against a raw server, and one call or flow through it. */
#ifndef INE_TESTS_NETCLIENT_H
#define INE_TESTS_NETCLIENT_H

#include "rawserver.h"

#define NET_KEY     "5a4db0c5-0000-4000-8000-000000000001"
#define NET_SESSION "12df6045-3846-3e45-946a-14fa6136d78b"
#define NET_DECISION                                                  \
    "{\"status\":\"success\",\"verification\":{\"id\":\"" NET_SESSION \
    "\",\"code\":9102,\"status\":\"declined\",\"reasonCode\":null}}"

static inline ine_credentials *net_credentials(void)
{
    ine_credentials *credentials;
    assert_int_equal(ine_credentials_new(&credentials, "test", 4, NET_KEY, 36, NULL), INE_OK);
    assert_int_equal(
        ine_credentials_add_secret(credentials, "now", 3, "not a real secret", 17, NULL), INE_OK);
    return credentials;
}

static inline ine_options *net_options(int port)
{
    ine_options *options;
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%d", port);
    assert_int_equal(ine_options_new(&options, NULL), INE_OK);
    assert_int_equal(ine_options_set_text(options, INE_OPT_BASE_URL, url, strlen(url), NULL),
                     INE_OK);
    assert_int_equal(ine_options_set_number(options, INE_OPT_RETRIES, 0, NULL), INE_OK);
    assert_int_equal(ine_options_set_number(options, INE_OPT_SEED, 7, NULL), INE_OK);
    return options;
}

typedef struct net {
    raw_server *server;
    ine_credentials *credentials;
    ine_options *options;
    ine_client *client;
    ine_queue *queue;
} net;

/* A server without steps; the client is made by net_go(), so that both can be set up before. */
static inline net net_new(void)
{
    net n = {.server = raw_new(), .credentials = net_credentials()};
    n.options = net_options(n.server->port);
    assert_int_equal(ine_queue_new(&n.queue, NULL), INE_OK);
    return n;
}

static inline void net_number(const net *n, int32_t option, int64_t number)
{
    assert_int_equal(ine_options_set_number(n->options, option, number, NULL), INE_OK);
}

static inline void net_go(net *n)
{
    raw_go(n->server);
    assert_int_equal(ine_client_new(&n->client, n->credentials, n->options, NULL), INE_OK);
}

/* The next event; every test ends within the limit of its runner. */
static inline ine_event *net_event(const net *n)
{
    ine_event *event = NULL;
    size_t count = 0;
    while (count == 0)
        assert_int_equal(ine_queue_drain(n->queue, &event, 1, -1, &count, NULL), INE_OK);
    return event;
}

/* Closes and waits for CLOSED: no thread is left behind. */
static inline void net_free(net *n)
{
    assert_int_equal(ine_client_close(n->client, n->queue, 99, NULL), INE_OK);
    for (int32_t kind = 0; kind != INE_EVENT_CLOSED;) {
        ine_event *event = net_event(n);
        kind = ine_event_kind(event);
        ine_event_free(event);
    }
    ine_client_free(n->client);
    ine_queue_free(n->queue);
    ine_options_free(n->options);
    ine_credentials_free(n->credentials);
    raw_free(n->server);
}

static inline ine_request *net_get(void)
{
    ine_request *request;
    assert_int_equal(ine_request_new(&request, INE_CALL_DECISION, NULL), INE_OK);
    assert_int_equal(ine_request_set_text(request, INE_IN_SESSION_ID, NET_SESSION, 36, NULL),
                     INE_OK);
    return request;
}

static inline ine_request *net_post(void)
{
    static const char path[] = "/v1/things", body[] = "{\"a\":1}";
    ine_request *request;
    assert_int_equal(ine_request_new(&request, INE_CALL_RAW_POST, NULL), INE_OK);
    assert_int_equal(ine_request_set_text(request, INE_IN_PATH, path, sizeof path - 1, NULL),
                     INE_OK);
    assert_int_equal(ine_request_set_text(request, INE_IN_BODY, body, sizeof body - 1, NULL),
                     INE_OK);
    return request;
}

/* Submits and waits; takes the request. The code, the error (may be NULL) and the kind of the
 * decision. */
static inline int32_t net_call(const net *n, ine_request *request, ine_error **err, int32_t *kind)
{
    ine_decision *decision;
    ine_error *error;
    uint64_t id;
    assert_int_equal(ine_client_submit(n->client, request, n->queue, 5, &id, NULL), INE_OK);
    ine_request_free(request);
    ine_event *event = net_event(n);
    while (ine_event_kind(event) == INE_EVENT_PROGRESS) {
        ine_event_free(event);
        event = net_event(n);
    }
    assert_int_equal(ine_event_kind(event), INE_EVENT_DONE);
    assert_int_equal(ine_event_token(event), 5);
    assert_int_equal(ine_event_submission(event), id);
    const int32_t code = ine_event_take(event, NULL, &decision, &error);
    if (kind)
        *kind = decision ? ine_decision_kind(decision) : -1;
    assert_true(code == INE_OK ? decision != NULL : decision == NULL);
    ine_decision_free(decision);
    ine_event_free(event);
    if (err)
        *err = error;
    else
        ine_error_free(error);
    return code;
}

#endif
