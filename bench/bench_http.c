/*
 * What a call costs the client's process: libcurl alone, which neither signs nor reads anything,
 * against a client that signs, checks the signature, reads the decision and says how it went.
 * Processor time (user and system) a request, median of interleaved rounds.
 */
#include "canned.h"

#include "ine.h"

#include <curl/curl.h>
#include <sys/resource.h>

enum { REQUESTS = 4000, AT_ONCE = 64, ROUNDS = 9 };

#define KEY     "5a4db0c5-0000-4000-8000-000000000001"
#define SECRET  "abcdef12-abcd-abcd-abcd-abcdef012345"
#define SESSION "12df6045-3846-3e45-946a-14fa6136d78b"

typedef struct subject {
    char url[128];
    ine_client *client, *driven; /* with a thread, and without */
    ine_queue *queue;
    ine_request *request;
    CURLM *multi;
    CURL *easy[AT_ONCE];
    struct curl_slist *headers;
    size_t received;
} subject;

static size_t take(char *data, size_t size, size_t count, void *context)
{
    (void)data;
    ((subject *)context)->received += size * count;
    return size * count;
}

static void curl_one(subject *s)
{
    for (int i = 0; i < REQUESTS; i++)
        bench_expect(curl_easy_perform(s->easy[0]) == CURLE_OK, "libcurl");
}

static void curl_many(subject *s)
{
    int left, started = 0, ended = 0, running;
    for (; started < AT_ONCE; started++)
        curl_multi_add_handle(s->multi, s->easy[started]);
    while (ended < REQUESTS) {
        curl_multi_perform(s->multi, &running);
        for (CURLMsg *m; (m = curl_multi_info_read(s->multi, &left));) {
            CURL *easy = m->easy_handle;
            bench_expect(m->data.result == CURLE_OK, "libcurl");
            curl_multi_remove_handle(s->multi, easy);
            ended++;
            if (started < REQUESTS) {
                curl_multi_add_handle(s->multi, easy);
                started++;
            }
        }
        if (ended < REQUESTS)
            curl_multi_poll(s->multi, NULL, 0, 1000, NULL);
    }
}

static void ine_some(subject *s, int at_once)
{
    ine_event *events[AT_ONCE];
    size_t count;
    int started = 0, ended = 0;
    for (; started < at_once; started++)
        bench_expect(ine_client_submit(s->client, s->request, s->queue, 0, NULL, NULL) == INE_OK,
                     "submit");
    while (ended < REQUESTS) {
        bench_expect(ine_queue_drain(s->queue, events, AT_ONCE, -1, &count, NULL) == INE_OK,
                     "drain");
        for (size_t i = 0; i < count; i++, ended++) {
            bench_expect(ine_event_error(events[i]) == NULL, "a call failed");
            ine_event_free(events[i]);
            if (started < REQUESTS) {
                started++;
                ine_client_submit(s->client, s->request, s->queue, 0, NULL, NULL);
            }
        }
    }
}

static void ine_driven(subject *s, int at_once)
{
    ine_event *events[AT_ONCE];
    size_t count;
    int started = 0, ended = 0;
    for (; started < at_once; started++)
        ine_client_submit(s->driven, s->request, s->queue, 0, NULL, NULL);
    while (ended < REQUESTS) {
        bench_expect(ine_client_drive(s->driven, -1, NULL) == INE_OK, "drive");
        ine_queue_drain(s->queue, events, AT_ONCE, 0, &count, NULL);
        for (size_t i = 0; i < count; i++, ended++) {
            bench_expect(ine_event_error(events[i]) == NULL, "a call failed");
            ine_event_free(events[i]);
            if (started < REQUESTS) {
                started++;
                ine_client_submit(s->driven, s->request, s->queue, 0, NULL, NULL);
            }
        }
    }
}

static void driven_one(subject *s)
{
    ine_driven(s, 1);
}

static void driven_many(subject *s)
{
    ine_driven(s, AT_ONCE);
}

static void ine_one(subject *s)
{
    ine_some(s, 1);
}

static void ine_many(subject *s)
{
    ine_some(s, AT_ONCE);
}

static double processor_us(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

static void prepare(subject *s, int port)
{
    static const char *const headers[] = {"X-AUTH-CLIENT: " KEY, "Accept: application/json",
                                          "Accept-Encoding: identity",
                                          "X-HMAC-SIGNATURE: 0123456789abcdef0123456789abcdef"
                                          "0123456789abcdef0123456789abcdef"};
    ine_credentials *credentials = NULL;
    ine_options *options = NULL;
    snprintf(s->url, sizeof s->url, "http://127.0.0.1:%d", port);
    ine_credentials_new(&credentials, NULL, 0, KEY, 36, NULL);
    ine_credentials_add_secret(credentials, NULL, 0, SECRET, 36, NULL);
    ine_options_new(&options, NULL);
    ine_options_set_text(options, INE_OPT_BASE_URL, s->url, strlen(s->url), NULL);
    bench_expect(ine_client_new(&s->client, credentials, options, NULL) == INE_OK, "client");
    ine_options_set_number(options, INE_OPT_THREAD, 0, NULL);
    bench_expect(ine_client_new(&s->driven, credentials, options, NULL) == INE_OK, "client");
    ine_queue_new(&s->queue, NULL);
    ine_request_new(&s->request, INE_CALL_DECISION, NULL);
    ine_request_set_text(s->request, INE_IN_SESSION_ID, SESSION, 36, NULL);
    ine_options_free(options);
    ine_credentials_free(credentials);
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        s->headers = curl_slist_append(s->headers, headers[i]);
    strcat(s->url, "/v1/sessions/" SESSION "/decision");
    s->multi = curl_multi_init();
    curl_multi_setopt(s->multi, CURLMOPT_MAXCONNECTS, (long)AT_ONCE);
    for (int i = 0; i < AT_ONCE; i++) {
        s->easy[i] = curl_easy_init();
        curl_easy_setopt(s->easy[i], CURLOPT_URL, s->url);
        curl_easy_setopt(s->easy[i], CURLOPT_HTTPHEADER, s->headers);
        curl_easy_setopt(s->easy[i], CURLOPT_WRITEFUNCTION, take);
        curl_easy_setopt(s->easy[i], CURLOPT_WRITEDATA, s);
        curl_easy_setopt(s->easy[i], CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(s->easy[i], CURLOPT_PROXY, "");
    }
}

int main(void)
{
    static const struct {
        const char *name;
        void (*run)(subject *s);
        int against; /* row that it is held against */
    } rows[] = {
        {"libcurl alone, one after the other", curl_one, 0},
        {"libine on the caller's thread, one after the other", driven_one, 0},
        {"libine with its thread, one after the other", ine_one, 0},
        {"libcurl alone, 64 in flight", curl_many, 3},
        {"libine on the caller's thread, 64 in flight", driven_many, 3},
        {"libine with its thread, 64 in flight", ine_many, 3},
    };
    enum { ROWS = sizeof rows / sizeof rows[0] };
    static double us[ROWS][ROUNDS];
    subject s = {0};
    char reply[8192], signature[65] = {0};
    char *body = bench_decision(1);
    ine_credentials *credentials = NULL;
    ine_credentials_new(&credentials, NULL, 0, KEY, 36, NULL);
    ine_credentials_add_secret(credentials, NULL, 0, SECRET, 36, NULL);
    ine_sign(credentials, INE_CALL_RAW_POST, body, strlen(body), signature, NULL);
    ine_credentials_free(credentials);
    const int len = snprintf(reply, sizeof reply,
                             "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                             "X-HMAC-SIGNATURE: %s\r\nContent-Length: %zu\r\n\r\n%s",
                             signature, strlen(body), body);
    const canned server = canned_start(reply, (size_t)len);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    prepare(&s, server.port);
    for (int round = -1; round < ROUNDS; round++) { /* the first only warms up */
        for (int i = 0; i < ROWS; i++) {
            const double before = processor_us();
            rows[i].run(&s);
            if (round >= 0)
                us[i][round] = (processor_us() - before) / REQUESTS;
        }
    }
    puts("\nprocessor time of the client's process for a GET of a decision, http on loopback");
    for (int i = 0; i < ROWS; i++)
        qsort(us[i], ROUNDS, sizeof us[i][0], bench_compare);
    for (int i = 0; i < ROWS; i++)
        printf("  %-52s %9.1f us  %5.2fx\n", rows[i].name, us[i][ROUNDS / 2],
               us[i][ROUNDS / 2] / us[rows[i].against][ROUNDS / 2]);
    kill(server.pid, SIGKILL);
    ine_request_free(s.request);
    ine_client_free(s.client);
    ine_client_free(s.driven);
    ine_queue_free(s.queue);
    free(body);
    return 0;
}
