/* A client's life: settings, close, free, fork, threads, what it sends. */
#include "netclient.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/wait.h>

static ine_error *refused(const ine_credentials *credentials, const ine_options *options,
                          int32_t code)
{
    ine_error *err;
    ine_client *client = (ine_client *)&err;
    assert_int_equal(ine_client_new(&client, credentials, options, &err), code);
    assert_null(client);
    return err;
}

static void set(ine_options *options, int32_t option, const char *text)
{
    assert_int_equal(ine_options_set_text(options, option, text, text ? strlen(text) : 0, NULL),
                     INE_OK);
}

/* F52, B7: what can not work is refused when the client is made. */
static void f52_settings_that_can_not_work(void **state)
{
    char path[] = "/tmp/ine-test-XXXXXX";
    ine_credentials *real, *empty, *sandbox = net_credentials();
    ine_options *options = net_options(1);
    (void)state;
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(ine_credentials_new(&empty, NULL, 0, NET_KEY, 36, NULL), INE_OK);
    assert_int_equal(
        ine_credentials_new(&real, NULL, 0, "12345678-0000-4000-8000-000000000001", 36, NULL),
        INE_OK);
    assert_int_equal(ine_credentials_add_secret(real, NULL, 0, "s", 1, NULL), INE_OK);
    ine_error_free(refused(empty, options, INE_E_STATE));
    ine_error_free(refused(NULL, options, INE_E_ARGUMENT));
    ine_error_free(refused(sandbox, NULL, INE_E_CONFIG));
    assert_int_equal(ine_client_new(NULL, sandbox, options, NULL), INE_E_ARGUMENT);

    static const struct {
        int32_t option;
        const char *text;
    } wrong[] = {
        {INE_OPT_CA_FILE, "/nonexistent/ca.pem"},
        {INE_OPT_CA_FILE, NULL /* the empty file */},
        {INE_OPT_CA_PEM, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"},
        {INE_OPT_CLIENT_CERT, "/nonexistent/cert.pem"},
        {INE_OPT_CLIENT_KEY, "/nonexistent/key.pem"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        set(options, wrong[i].option, wrong[i].text ? wrong[i].text : path);
        ine_error *err = refused(sandbox, options, INE_E_CONFIG);
        assert_true(ine__str_eq(ine_error_str(err, INE_DETAIL_FIELD),
                                ine_name(INE_NAMES_OPTION, wrong[i].option)));
        ine_error_free(err);
        set(options, wrong[i].option, NULL);
    }

    set(options, INE_OPT_BASE_URL, "http://example.com");
    ine_error_free(refused(real, options, INE_E_CONFIG));
    ine_client *client;
    assert_int_equal(ine_client_new(&client, sandbox, options, NULL), INE_OK);
    ine_client_free(client);
    set(options, INE_OPT_BASE_URL, "http://127.0.0.1:1");
    assert_int_equal(ine_client_new(&client, real, options, NULL), INE_OK);
    ine_client_free(client);
    assert_int_equal(
        ine_options_set_number(options, INE_OPT_REPLY_SIGNATURES, INE_REPLY_SIGNATURES_OFF, NULL),
        INE_OK);
    ine_error_free(refused(real, options, INE_E_CONFIG));
    close(fd);
    unlink(path);
    ine_options_free(options);
    ine_credentials_free(real);
    ine_credentials_free(empty);
    ine_credentials_free(sandbox);
}

/* Nothing but what the exchange says goes out; nothing of the environment is followed (B6, B13). */
static void b6_b13_what_is_sent(void **state)
{
    static const char *const names[] = {"http_proxy", "HTTP_PROXY", "https_proxy",
                                        "ALL_PROXY",  "all_proxy",  "NO_PROXY"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_equal(setenv(names[i], "http://127.0.0.1:1", 1), 0);
    net n = net_new();
    raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_KEEP);
    raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_KEEP);
    raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_KEEP);
    net_go(&n);
    assert_int_equal(net_call(&n, net_get(), NULL, NULL), INE_OK);
    assert_true(raw_saw(n.server, "GET /v1/sessions/" NET_SESSION "/decision HTTP/1.1\r\nHost:"));
    assert_true(raw_saw(n.server, "\r\nAccept-Encoding: identity\r\n"));
    assert_true(raw_saw(n.server, "\r\nX-AUTH-CLIENT: " NET_KEY "\r\n"));
    assert_true(raw_saw(n.server, "\r\nX-HMAC-SIGNATURE: "));
    assert_false(raw_saw(n.server, "Expect:"));
    assert_false(raw_saw(n.server, "Accept: */*"));
    assert_false(raw_saw(n.server, "Content-Length:"));
    assert_int_equal(net_call(&n, net_post(), NULL, NULL), INE_OK);
    assert_true(raw_saw(n.server, "POST /v1/things HTTP/1.1\r\n"));
    assert_true(raw_saw(n.server, "\r\nContent-Length: 7\r\n"));
    assert_true(raw_saw(n.server, "\r\n\r\n{\"a\":1}"));
    assert_false(raw_saw(n.server, "x-www-form-urlencoded"));
    assert_false(raw_saw(n.server, "Expect:"));
    ine_request *removal;
    assert_int_equal(ine_request_new(&removal, INE_CALL_DELETE_SESSION, NULL), INE_OK);
    assert_int_equal(ine_request_set_text(removal, INE_IN_SESSION_ID, NET_SESSION, 36, NULL),
                     INE_OK);
    net_call(&n, removal, NULL, NULL);
    assert_true(raw_saw(n.server, "DELETE /v1/sessions/" NET_SESSION " HTTP/1.1\r\n"));
    assert_false(raw_saw(n.server, "Content-Length:"));
    assert_int_equal(atomic_load(&n.server->connections), 1);
    net_free(&n);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unsetenv(names[i]);
}

/* A proxy is used when it is set: it sees the whole URL. */
static void proxy_by_option(void **state)
{
    char url[64];
    (void)state;
    net n = net_new();
    raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_KEEP);
    snprintf(url, sizeof url, "http://127.0.0.1:%d", n.server->port);
    set(n.options, INE_OPT_PROXY, url);
    set(n.options, INE_OPT_BASE_URL, "http://sandbox.example:81/base");
    net_go(&n);
    assert_int_equal(net_call(&n, net_get(), NULL, NULL), INE_OK);
    assert_true(raw_saw(n.server, "GET http://sandbox.example:81/base/v1/sessions/"));
    net_free(&n);
}

static void what_can_not_be_submitted(void **state)
{
    uint64_t id = 7;
    (void)state;
    net n = net_new();
    net_go(&n);
    ine_request *request = net_get();
    assert_int_equal(ine_client_submit(NULL, request, n.queue, 0, &id, NULL), INE_E_ARGUMENT);
    assert_int_equal(id, 0);
    assert_int_equal(ine_client_submit(n.client, NULL, n.queue, 0, NULL, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_client_submit(n.client, request, NULL, 0, NULL, NULL), INE_E_ARGUMENT);
    ine_request_free(request);
    /* What is refused locally has no event. */
    assert_int_equal(ine_request_new(&request, INE_CALL_DECISION, NULL), INE_OK);
    assert_int_equal(ine_client_submit(n.client, request, n.queue, 0, NULL, NULL), INE_E_INPUT);
    ine_request_free(request);
    assert_int_equal(ine_request_new(&request, INE_CALL_UPLOAD_MEDIA, NULL), INE_OK);
    assert_int_equal(ine_request_set_text(request, INE_IN_SESSION_ID, NET_SESSION, 36, NULL),
                     INE_OK);
    assert_int_equal(ine_request_set_media_source(request, INE_MEDIA_FACE, 10, NULL), INE_OK);
    assert_int_equal(ine_client_submit(n.client, request, n.queue, 0, NULL, NULL),
                     INE_E_UNSUPPORTED);
    ine_request_free(request);
    assert_int_equal(
        ine_client_run(NULL, INE_FLOW_WAIT, NULL, NET_SESSION, 36, n.queue, 0, NULL, NULL),
        INE_E_ARGUMENT);
    assert_int_equal(ine_client_run(n.client, 99, NULL, NET_SESSION, 36, n.queue, 0, NULL, NULL),
                     INE_E_ARGUMENT);
    assert_int_equal(
        ine_client_run(n.client, INE_FLOW_WAIT, NULL, "../../x", 7, n.queue, 0, NULL, NULL),
        INE_E_INPUT);
    ine_verification *verification;
    assert_int_equal(ine_verification_new(&verification, INE_PRODUCT_MX_INE, NULL), INE_OK);
    assert_int_equal(ine_verification_set_media_source(verification, INE_MEDIA_FACE, 9, NULL),
                     INE_OK);
    assert_int_equal(
        ine_client_run(n.client, INE_FLOW_START, verification, NULL, 0, n.queue, 0, NULL, NULL),
        INE_E_UNSUPPORTED);
    ine_verification_free(verification);
    assert_int_equal(ine_client_cancel(n.client, 1, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_client_cancel(n.client, 0, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_client_cancel(NULL, 1, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_client_continue(NULL, 1, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_client_feed_decision(n.client, NULL, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_client_close(NULL, n.queue, 0, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_client_close(n.client, NULL, 0, NULL), INE_E_ARGUMENT);
    ine_client_free(NULL);
    net_free(&n);
}

static void submit(const net *n, ine_request *request, uint64_t token, uint64_t *id)
{
    assert_int_equal(ine_client_submit(n->client, request, n->queue, token, id, NULL), INE_OK);
    ine_request_free(request);
}

#define MANY 200

/* Everything in flight is cancelled, then CLOSED comes, once and last. */
static void closing(void **state)
{
    bool seen[MANY] = {false};
    ine_error *err;
    (void)state;
    net n = net_new();
    raw_text(n.server, "", RAW_HANG);
    net_go(&n);
    for (uint64_t i = 0; i < MANY; i++)
        submit(&n, net_get(), i, NULL);
    assert_int_equal(ine_client_close(n.client, n.queue, 1000, NULL), INE_OK);
    assert_int_equal(ine_client_close(n.client, n.queue, 1001, NULL), INE_E_CLOSED);
    ine_request *request = net_get();
    assert_int_equal(ine_client_submit(n.client, request, n.queue, 0, NULL, NULL), INE_E_CLOSED);
    ine_request_free(request);
    for (size_t i = 0; i < MANY; i++) {
        ine_event *event = net_event(&n);
        assert_int_equal(ine_event_kind(event), INE_EVENT_DONE);
        assert_false(seen[ine_event_token(event)]);
        seen[ine_event_token(event)] = true;
        assert_int_equal(ine_event_take(event, NULL, NULL, &err), INE_E_CANCELLED);
        ine_error_free(err);
        ine_event_free(event);
    }
    ine_event *event = net_event(&n);
    assert_int_equal(ine_event_kind(event), INE_EVENT_CLOSED);
    assert_int_equal(ine_event_token(event), 1000);
    ine_event_free(event);
    assert_int_equal(ine_client_cancel(n.client, 1, NULL), INE_OK);
    ine_client_free(n.client);
    /* For net_free(): another client that has never started. */
    assert_int_equal(ine_client_new(&n.client, n.credentials, n.options, NULL), INE_OK);
    net_free(&n);
}

/* The client's threads, by their name. */
static size_t threads_of_ours(void)
{
    size_t count = 0;
    DIR *tasks = opendir("/proc/self/task");
    assert_non_null(tasks);
    for (struct dirent *task; (task = readdir(tasks));) {
        char path[300], name[32] = "";
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", task->d_name);
        FILE *file = fopen(path, "r");
        if (!file)
            continue;
        count += fgets(name, sizeof name, file) && strcmp(name, "libine\n") == 0;
        fclose(file);
    }
    closedir(tasks);
    return count;
}

/* Freed while open: it closes itself, and every submission still has its event. */
static void freeing(void **state)
{
    (void)state;
    for (int in_time = 0; in_time < 2; in_time++) {
        net n = net_new();
        raw_text(n.server, "", RAW_HANG);
        net_go(&n);
        for (uint64_t i = 0; i < 20; i++)
            submit(&n, net_get(), i, NULL);
        ine_client_free(n.client);
        if (in_time) {
            for (size_t i = 0; i < 20; i++) {
                ine_event *event = net_event(&n);
                assert_int_equal(ine_event_take(event, NULL, NULL, NULL), INE_E_CANCELLED);
                ine_event_free(event);
            }
        } else {
            /* The queue first: its events are freed when they come. */
            ine_queue_free(n.queue);
            assert_int_equal(ine_queue_new(&n.queue, NULL), INE_OK);
            for (int i = 0; threads_of_ours() && i < 1000000; i++)
                sched_yield();
            assert_int_equal(threads_of_ours(), 0);
        }
        assert_int_equal(ine_client_new(&n.client, n.credentials, n.options, NULL), INE_OK);
        net_free(&n);
    }
}

static void cancelling(void **state)
{
    uint64_t get, post;
    (void)state;
    net n = net_new();
    raw_text(n.server, "", RAW_HANG);
    net_go(&n);
    submit(&n, net_get(), 1, &get);
    raw_until(&n.server->requests, 1);
    submit(&n, net_post(), 2, &post);
    assert_int_equal(ine_client_cancel(n.client, post, NULL), INE_OK);
    assert_int_equal(ine_client_cancel(n.client, post, NULL), INE_OK);
    ine_event *event = net_event(&n);
    assert_int_equal(ine_event_token(event), 2);
    assert_int_equal(ine_error_code(ine_event_error(event)), INE_E_CANCELLED);
    ine_event_free(event);
    assert_int_equal(ine_client_cancel(n.client, get, NULL), INE_OK);
    event = net_event(&n);
    assert_int_equal(ine_event_token(event), 1);
    assert_int_equal(ine_error_code(ine_event_error(event)), INE_E_CANCELLED);
    assert_int_equal(ine_error_number(ine_event_error(event), INE_DETAIL_SENT), INE_SENT_UNKNOWN);
    ine_event_free(event);
    assert_int_equal(ine_client_cancel(n.client, get, NULL), INE_OK);
    net_free(&n);
}

static int in_child(const net *n, ine_client *unused, uint64_t id)
{
    ine_request *request = net_get();
    ine_decision *decision;
    static const char body[] = NET_DECISION;
    if (ine_client_submit(n->client, request, n->queue, 0, NULL, NULL) != INE_E_FORKED)
        return 1;
    if (ine_client_run(n->client, INE_FLOW_WAIT, NULL, NET_SESSION, 36, n->queue, 0, NULL, NULL) !=
        INE_E_FORKED)
        return 2;
    if (ine_client_cancel(n->client, id, NULL) != INE_E_FORKED ||
        ine_client_continue(n->client, id, NULL) != INE_E_FORKED)
        return 3;
    if (ine_client_close(n->client, n->queue, 0, NULL) != INE_E_FORKED)
        return 4;
    if (ine_decision_read(&decision, body, sizeof body - 1, INE_READ_COPY, NULL) != INE_OK ||
        ine_client_feed_decision(n->client, decision, NULL) != INE_E_FORKED)
        return 5;
    ine_decision_free(decision);
    ine_client_free(n->client);
    ine_client_free(unused);
    /* A fresh client in the child works. */
    net fresh = *n;
    int32_t kind;
    if (ine_client_new(&fresh.client, n->credentials, n->options, NULL) != INE_OK ||
        ine_queue_new(&fresh.queue, NULL) != INE_OK)
        return 6;
    if (net_call(&fresh, request, NULL, &kind) != INE_OK || kind != INE_KIND_DECISION)
        return 7;
    return 0;
}

/* B15: a child can not use the client, and freeing it there leaves the parent's connection alone.
 */
static void b15_fork(void **state)
{
    ine_client *unused;
    (void)state;
#ifdef __SANITIZE_THREAD__
    print_message("skipped: ThreadSanitizer ends a child that makes threads\n");
    skip();
#endif
    net n = net_new();
    raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_KEEP);
    n.server->again = true;
    net_go(&n);
    assert_int_equal(ine_client_new(&unused, n.credentials, n.options, NULL), INE_OK);
    assert_int_equal(net_call(&n, net_get(), NULL, NULL), INE_OK);
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0)
        _exit(in_child(&n, unused, 1));
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(net_call(&n, net_get(), NULL, NULL), INE_OK);
    ine_client_free(unused);
    net_free(&n);
}

/* B16: every signal is blocked in our thread. */
static void b16_signals(void **state)
{
    bool found = false;
    (void)state;
    net n = net_new();
    raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_KEEP);
    net_go(&n);
    assert_int_equal(net_call(&n, net_get(), NULL, NULL), INE_OK);
    DIR *tasks = opendir("/proc/self/task");
    assert_non_null(tasks);
    for (struct dirent *task; (task = readdir(tasks));) {
        char path[300], line[256];
        bool ours = false;
        snprintf(path, sizeof path, "/proc/self/task/%s/status", task->d_name);
        FILE *file = fopen(path, "r");
        if (!file)
            continue;
        while (fgets(line, sizeof line, file)) {
            unsigned long long blocked;
            if (strncmp(line, "Name:\tlibine", 12) == 0)
                ours = true;
            if (ours && sscanf(line, "SigBlk: %llx", &blocked) == 1) {
                found = true;
                /* All but the two that the C library keeps, SIGKILL and SIGSTOP. */
                assert_int_equal(blocked | 1ull << 31 | 1ull << 32 | 1ull << 8 | 1ull << 18, ~0ull);
            }
        }
        fclose(file);
    }
    closedir(tasks);
    assert_true(found);
    net_free(&n);
}

static bool one_call(void *argument)
{
    net n = *(net *)argument;
    ine_request *request = NULL;
    ine_error *err = NULL;
    ine_event *event = NULL;
    size_t count = 0;
    n.client = NULL;
    n.queue = NULL;
    bool ok = ine_queue_new(&n.queue, &err) == INE_OK &&
              ine_client_new(&n.client, n.credentials, n.options, &err) == INE_OK &&
              ine_request_new(&request, INE_CALL_DECISION, &err) == INE_OK &&
              ine_request_set_text(request, INE_IN_SESSION_ID, NET_SESSION, 36, &err) == INE_OK &&
              ine_client_submit(n.client, request, n.queue, 5, NULL, &err) == INE_OK;
    ine_request_free(request);
    while (ok && (!event || ine_event_kind(event) != INE_EVENT_DONE)) {
        ine_event_free(event);
        event = NULL;
        if (ine_queue_drain(n.queue, &event, 1, -1, &count, NULL) != INE_OK)
            break;
    }
    ok = ok && event && !ine_event_error(event);
    ine_event_free(event);
    ine_error_free(err);
    /* Waits for the thread's end, so that none allocates when the next round begins. */
    ine_error *closing_failed = NULL;
    while (n.client && ine_client_close(n.client, n.queue, 9, &closing_failed) == INE_E_MEMORY)
        ok = false;
    for (bool closed = !n.client; !closed;) {
        if (ine_queue_drain(n.queue, &event, 1, -1, &count, NULL) != INE_OK)
            break;
        closed = count && ine_event_kind(event) == INE_EVENT_CLOSED;
        if (count)
            ine_event_free(event);
    }
    ine_client_free(n.client);
    ine_queue_free(n.queue);
    return ok;
}

/* T1: each allocation of a call fails in turn: an error or a result, and its event in any case. Not
 * for good: a client that can not even make its CLOSED event would be closed by freeing it. */
static void without_memory(void **state)
{
    (void)state;
    net n = net_new();
    raw_signed(n.server, n.credentials, "200 OK", NET_DECISION, RAW_FIN);
    n.server->again = true;
    net_number(&n, INE_OPT_PROGRESS, 1);
    net_go(&n);
    for (size_t at = 1;; at++) {
        test_failing failing = {.fail_at = at};
        ine__alloc_hook(test_failing_hook, &failing);
        const bool ok = one_call(&n);
        ine__alloc_hook(NULL, NULL);
        assert_true(at < 1000);
        if (failing.count < at) {
            assert_true(ok);
            break;
        }
    }
    net_free(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(f52_settings_that_can_not_work),
        cmocka_unit_test(b6_b13_what_is_sent),
        cmocka_unit_test(proxy_by_option),
        cmocka_unit_test(what_can_not_be_submitted),
        cmocka_unit_test(closing),
        cmocka_unit_test(freeing),
        cmocka_unit_test(cancelling),
        cmocka_unit_test(b15_fork),
        cmocka_unit_test(b16_signals),
        cmocka_unit_test(without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
