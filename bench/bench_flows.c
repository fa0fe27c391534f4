/*
 * Many verifications at once in one process, against ine-sandbox in another: processor time and
 * memory a verification, with 100, 1,000 and 10,000 in flight. What is flat does not grow with the
 * number. INE_SANDBOX names the program; without it there is nothing to run against.
 */
#include "bench.h"

#include "ine.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The decision comes when every verification has been submitted; each asks for it once or twice. */
#define DELAY_MS "6000"
#define FIRST_MS 7000

static const unsigned char png[] = {
    0x89, 'P',  'N',  'G',  0x0d, 0x0a, 0x1a, 0x0a, 0,   0,    0,    13,   'I',  'H',
    'D',  'R',  0,    0,    0,    1,    0,    0,    0,   1,    8,    4,    0,    0,
    0,    0xb5, 0x1c, 0x0c, 2,    0,    0,    0,    11,  'I',  'D',  'A',  'T',  0x78,
    0xda, 0x63, 0x64, 0x60, 0xf8, 0x5f, 0x0f, 0,    2,   0x87, 1,    0x80, 0xeb, 0x47,
    0xba, 0x92, 0,    0,    0,    0,    'I',  'E',  'N', 'D',  0xae, 0x42, 0x60, 0x82};

typedef struct sandbox {
    pid_t pid;
    char url[64], key[64], secret[128];
} sandbox;

static void take_text(const json_t *from, const char *name, char *out, size_t size)
{
    const char *text = json_string_value(json_object_get(from, name));
    bench_expect(text && strlen(text) < size, name);
    memcpy(out, text, strlen(text) + 1);
}

static sandbox start_sandbox(void)
{
    sandbox out = {0};
    int pipes[2];
    char line[1024];
    const char *program = getenv("INE_SANDBOX");
    if (!program) {
        puts("\nmany verifications at once: skipped, INE_SANDBOX is not set");
        exit(0);
    }
    bench_expect(pipe(pipes) == 0, "pipe");
    out.pid = fork();
    if (out.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(pipes[1], 1);
        execl(program, program, "--json", "--decision-delay-ms", DELAY_MS, "--keep-mb", "1",
              (char *)NULL);
        _exit(1);
    }
    FILE *said = fdopen(pipes[0], "r");
    bench_expect(fgets(line, sizeof line, said) != NULL, "no sandbox");
    json_t *ready = json_loads(line, 0, NULL);
    take_text(ready, "base_url", out.url, sizeof out.url);
    take_text(ready, "api_key", out.key, sizeof out.key);
    take_text(ready, "secret", out.secret, sizeof out.secret);
    json_decref(ready);
    return out;
}

static ine_client *new_client(const sandbox *server)
{
    ine_credentials *credentials = NULL;
    ine_options *options = NULL;
    ine_client *client = NULL;
    ine_credentials_new(&credentials, NULL, 0, server->key, strlen(server->key), NULL);
    ine_credentials_add_secret(credentials, NULL, 0, server->secret, strlen(server->secret), NULL);
    ine_options_new(&options, NULL);
    ine_options_set_text(options, INE_OPT_BASE_URL, server->url, strlen(server->url), NULL);
    ine_options_set_number(options, INE_OPT_POLL_MAX_MS, FIRST_MS, NULL);
    ine_options_set_number(options, INE_OPT_POLL_FIRST_MS, FIRST_MS, NULL);
    bench_expect(ine_client_new(&client, credentials, options, NULL) == INE_OK, "client");
    ine_options_free(options);
    ine_credentials_free(credentials);
    return client;
}

static ine_verification *person(int number)
{
    ine_verification *out = NULL;
    char id[32];
    const int len = snprintf(id, sizeof id, "case-%d", number);
    ine_verification_new(&out, INE_PRODUCT_MX_INE, NULL);
    ine_verification_set_text(out, INE_IN_CIC, "900100001", 9, NULL);
    ine_verification_set_text(out, INE_IN_VENDOR_DATA, id, (size_t)len, NULL);
    ine_verification_set_number(out, INE_IN_CONSENT, 1, NULL);
    ine_verification_set_media(out, INE_MEDIA_FACE, png, sizeof png, NULL);
    return out;
}

static int64_t drain(ine_queue *queue, int64_t want, int32_t kind)
{
    ine_event *events[256];
    size_t count;
    int64_t seen = 0;
    while (seen < want) {
        ine_queue_drain(queue, events, 256, -1, &count, NULL);
        for (size_t i = 0; i < count; i++) {
            if (ine_event_kind(events[i]) == kind) {
                ine_verdict *verdict = NULL;
                int64_t verified = 0;
                bench_expect(ine_event_take(events[i], &verdict, NULL, NULL) == INE_OK, "failed");
                ine_verdict_field(verdict, INE_V_VERIFIED, NULL, &verified);
                bench_expect(verified == 1, "not verified");
                ine_verdict_free(verdict);
                seen++;
            }
            ine_event_free(events[i]);
        }
    }
    return seen;
}

static double megabytes(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_maxrss / 1024;
}

static double processor_us(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

/* In a process of its own, so that the peak of its memory is that of this number. */
static void measure(const sandbox *server, int number)
{
    ine_client *client = new_client(server);
    ine_queue *queue = NULL;
    ine_queue_new(&queue, NULL);
    ine_client_run(client, INE_FLOW_VERIFY, person(0), NULL, 0, queue, 0, NULL, NULL);
    drain(queue, 1, INE_EVENT_DONE);
    const double memory = megabytes(), processor = processor_us();
    for (int i = 0; i < number; i++) {
        ine_verification *who = person(i);
        bench_expect(ine_client_run(client, INE_FLOW_VERIFY, who, NULL, 0, queue, 0, NULL, NULL) ==
                         INE_OK,
                     "submit");
        ine_verification_free(who);
    }
    drain(queue, number, INE_EVENT_DONE);
    printf("  %6d in flight %44.1f us of processor %7.2f KB each\n", number,
           (processor_us() - processor) / number, (megabytes() - memory) * 1024 / number);
    fflush(stdout);
}

int main(void)
{
    static const int numbers[] = {100, 1000, 10000};
    const sandbox server = start_sandbox();
    puts("\nverifications at once in one process: create, upload, submit, decision, checked");
    fflush(stdout);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const pid_t child = fork();
        if (child == 0) {
            measure(&server, numbers[i]);
            exit(0);
        }
        int status = 1;
        waitpid(child, &status, 0);
        bench_expect(status == 0, "a run failed");
    }
    kill(server.pid, SIGTERM);
    return 0;
}
