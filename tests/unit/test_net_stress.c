/*
 * Clients with and without a thread, several queues and many threads that submit, cancel, continue,
 * feed, drive, drain, wake, change hooks, close and free, against a server that answers anything.
 * Held against it: exactly one DONE for each submission, nothing of it after that, one CLOSED for
 * each close, no thread left. What each thread does follows from the seed, which is printed
 * (INE_SEED); INE_LONG=1 makes more rounds.
 */
#include "netclient.h"

#include "base/rng.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>

enum { CLIENTS = 2, QUEUES = 2, SUBMITTERS = 3, EACH = 40, DRIVERS = 2 };
enum { TOKENS = SUBMITTERS * EACH, CLOSED_TOKEN = 1000, LOST_TOKEN = 2000 };
/* How a client ends. */
enum { BY_CLOSE = 0, BY_FREE, IN_HOOK, WAYS };

#define CREATED                                                                     \
    "{\"status\":\"success\",\"verification\":{\"id\":\"" NET_SESSION "\",\"url\":" \
    "\"https://alchemy.example/v/token\",\"vendorData\":\"order-1\",\"host\":"      \
    "\"https://alchemy.example\",\"status\":\"created\",\"sessionToken\":\"token\"}}"

typedef struct world {
    uint64_t seed;
    int round;
    raw_server *server;
    ine_credentials *credentials;
    ine_options *options[CLIENTS];
    ine_client *client[CLIENTS];
    ine_queue *queue[QUEUES];
    char path[32];
    bool driven[CLIENTS], paused;
    int way[CLIENTS];
    atomic_bool halt[CLIENTS];   /* no more drives */
    atomic_bool doomed[CLIENTS]; /* to be freed in a hook */
    atomic_bool freed[CLIENTS];
    atomic_bool stop;
    atomic_uchar accepted[TOKENS], done[TOKENS];
    atomic_uint total, ended, closed, hooks, releases;
} world;

typedef struct actor {
    world *w;
    int number;
    pthread_t thread;
} actor;

static world *current; /* for the watchdog and hooks */
static _Thread_local int driving = -1;

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "seed %llu, round %d: %s:%d: %s\n", (unsigned long long)current->seed, \
                    current->round, __FILE__, __LINE__, #condition);                               \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static void nothing(int number)
{
    (void)number;
}

/* A wake-up was lost, or two threads wait for each other. */
static void hangs(int number)
{
    (void)number;
    CHECK(!"hangs");
}

static ine__rng rng_of(const world *w, int who)
{
    ine__rng rng;
    ine__rng_init(&rng, w->seed + (uint64_t)w->round * 1000 + (uint64_t)who + 1);
    return rng;
}

static uint64_t below(ine__rng *rng, uint64_t limit)
{
    return ine__rng_next(rng) % limit;
}

static int64_t coin(ine__rng *rng)
{
    return (int64_t)below(rng, 2);
}

/* ---- events ---- */

static void hook(uint64_t token)
{
    world *w = current;
    (void)token;
    for (int c = 0; c < CLIENTS; c++) {
        const bool here = !w->driven[c] || driving == c;
        if (here && atomic_exchange(&w->doomed[c], false)) {
            atomic_store(&w->freed[c], true);
            ine_client_free(w->client[c]);
        }
    }
}

static void released(uint64_t token)
{
    (void)token;
    atomic_fetch_add(&current->releases, 1);
}

/* Each hook that was set is released once. */
static void set_hook(world *w, int queue)
{
    atomic_fetch_add(&w->hooks, 1);
    CHECK(ine_queue_on_ready(w->queue[queue], hook, released, 0, NULL) == INE_OK);
}

static void take_event(world *w, ine_event *event)
{
    ine_error *error;
    ine_decision *decision;
    ine_verdict *verdict;
    const uint64_t token = ine_event_token(event);
    const int32_t kind = ine_event_kind(event);
    CHECK(token != LOST_TOKEN);
    if (kind == INE_EVENT_CLOSED) {
        CHECK(token == CLOSED_TOKEN);
        atomic_fetch_add(&w->closed, 1);
    } else {
        CHECK(token < TOKENS);
        CHECK(atomic_load(&w->done[token]) == 0);
    }
    if (kind == INE_EVENT_DONE) {
        const int32_t code = ine_event_take(event, &verdict, &decision, &error);
        CHECK((code == INE_OK) == (decision != NULL));
        ine_verdict_free(verdict);
        ine_decision_free(decision);
        ine_error_free(error);
        atomic_fetch_add(&w->done[token], 1);
        atomic_fetch_add(&w->ended, 1);
    }
    ine_event_free(event);
}

static size_t drain(world *w, int queue, size_t cap, int64_t wait_ms)
{
    ine_event *events[8];
    size_t count = 0;
    const int32_t code = ine_queue_drain(w->queue[queue], events, cap, wait_ms, &count, NULL);
    CHECK(code == INE_OK);
    for (size_t i = 0; i < count; i++)
        take_event(w, events[i]);
    return count;
}

static void *drainer(void *data)
{
    static const int64_t waits[] = {0, 1, 3, -1};
    const actor *a = data;
    ine__rng rng = rng_of(a->w, 100 + a->number);
    while (!atomic_load(&a->w->stop))
        drain(a->w, a->number, 1 + below(&rng, 8), waits[below(&rng, 4)]);
    return NULL;
}

/* ---- work ---- */

/* Without a limit only where a close ends it: a flow may be paused for ever. */
static void *driver(void *data)
{
    static const int64_t waits[] = {0, 1, 3, -1};
    const actor *a = data;
    world *w = a->w;
    const int c = a->number / DRIVERS;
    const uint64_t kinds = w->way[c] == BY_CLOSE ? 4 : 3;
    ine__rng rng = rng_of(w, 200 + a->number);
    driving = c;
    for (int doomed = 0; !atomic_load(&w->halt[c]) && !atomic_load(&w->freed[c]);) {
        const int32_t code = ine_client_drive(w->client[c], waits[below(&rng, kinds)], NULL);
        if (code == INE_E_CLOSED)
            break;
        CHECK(code == INE_OK || code == INE_E_BUSY);
        /* No event, so no hook. */
        if (atomic_load(&w->doomed[c]) && doomed++ == 20)
            hook(0);
        sched_yield();
    }
    return NULL;
}

static int32_t submit_call(const world *w, ine__rng *rng, ine_client *client, ine_queue *queue,
                           uint64_t token, uint64_t *id)
{
    ine_request *request;
    if (below(rng, 3) == 0) {
        CHECK(ine_request_new(&request, INE_CALL_UPLOAD_MEDIA, NULL) == INE_OK);
        ine_request_set_text(request, INE_IN_SESSION_ID, NET_SESSION, 36, NULL);
        ine_request_set_media_path(request, INE_MEDIA_FACE, w->path, strlen(w->path), NULL);
    } else {
        request = below(rng, 2) ? net_get() : net_post();
    }
    const int32_t code = ine_client_submit(client, request, queue, token, id, NULL);
    ine_request_free(request);
    return code;
}

static int32_t submit_flow(const world *w, ine__rng *rng, ine_client *client, ine_queue *queue,
                           uint64_t token, uint64_t *id)
{
    ine_verification *v;
    if (below(rng, 2))
        return ine_client_run(client, INE_FLOW_WAIT, NULL, NET_SESSION, 36, queue, token, id, NULL);
    CHECK(ine_verification_new(&v, INE_PRODUCT_MX_INE, NULL) == INE_OK);
    ine_verification_set_text(v, INE_IN_CIC, "123456789", 9, NULL);
    ine_verification_set_text(v, INE_IN_VENDOR_DATA, "order-1", 7, NULL);
    ine_verification_set_number(v, INE_IN_CONSENT, 1, NULL);
    ine_verification_set_media_path(v, INE_MEDIA_FACE, w->path, strlen(w->path), NULL);
    const int32_t code =
        ine_client_run(client, INE_FLOW_VERIFY, v, NULL, 0, queue, token, id, NULL);
    ine_verification_free(v);
    return code;
}

static int32_t submit_any(const world *w, ine__rng *rng, ine_client *client, ine_queue *queue,
                          uint64_t token, uint64_t *id)
{
    return below(rng, 3) ? submit_call(w, rng, client, queue, token, id)
                         : submit_flow(w, rng, client, queue, token, id);
}

static void feed(ine_client *client)
{
    static const char body[] = NET_DECISION;
    ine_decision *decision;
    CHECK(ine_decision_read(&decision, body, sizeof body - 1, INE_READ_COPY, NULL) == INE_OK);
    CHECK(ine_client_feed_decision(client, decision, NULL) == INE_OK);
    ine_decision_free(decision);
}

/* A queue that is freed with calls in flight: their events are freed when they come. */
static void lose(const world *w, ine__rng *rng, ine_client *client)
{
    ine_queue *queue;
    CHECK(ine_queue_new(&queue, NULL) == INE_OK);
    CHECK(submit_any(w, rng, client, queue, LOST_TOKEN, NULL) == INE_OK);
    if (below(rng, 2))
        sched_yield();
    ine_queue_free(queue);
}

static void disturb(const world *w, ine__rng *rng, ine_client *client, uint64_t id)
{
    const uint64_t some = id ? 1 + below(rng, id) : 0;
    switch (below(rng, 8)) {
    case 0:
        feed(client);
        break;
    case 1:
        lose(w, rng, client);
        break;
    case 2:
        ine_queue_wake(w->queue[below(rng, QUEUES)]);
        break;
    case 3:
    case 4:
        CHECK(!some || ine_client_continue(client, some, NULL) == INE_OK);
        break;
    case 5:
        CHECK(!some || ine_client_cancel(client, some, NULL) == INE_OK);
        break;
    default:
        sched_yield();
    }
}

/* Lets the work catch up a little, so that calls end in every way and not just by the close. */
static void breathe(const world *w)
{
    for (int i = 0; i < 20 && atomic_load(&w->total) - atomic_load(&w->ended) > 16; i++)
        usleep(50);
}

static void *submitter(void *data)
{
    const actor *a = data;
    world *w = a->w;
    uint64_t id[CLIENTS] = {0};
    ine__rng rng = rng_of(w, 300 + a->number);
    for (int i = 0; i < EACH; i++) {
        const uint64_t token = (uint64_t)(a->number * EACH + i);
        const int c = (int)below(&rng, CLIENTS);
        ine_queue *queue = w->queue[below(&rng, QUEUES)];
        atomic_fetch_add(&w->total, 1);
        CHECK(submit_any(w, &rng, w->client[c], queue, token, &id[c]) == INE_OK);
        atomic_store(&w->accepted[token], 1);
        disturb(w, &rng, w->client[c], id[c]);
        breathe(w);
    }
    return NULL;
}

/* ---- a round ---- */

static void add_steps(const world *w)
{
    raw_server *server = w->server;
    raw_signed(server, w->credentials, "200 OK", NET_DECISION, RAW_KEEP);
    raw_signed(server, w->credentials, "200 OK", NET_DECISION, RAW_FIN);
    raw_signed(server, w->credentials, "201 Created", CREATED, RAW_KEEP);
    raw_signed(server, w->credentials, "201 Created", CREATED, RAW_KEEP);
    raw_signed(server, w->credentials, "200 OK", NET_DECISION, RAW_RST)->cut = 90;
    raw_signed(server, w->credentials, "200 OK", NET_DECISION, RAW_KEEP)->slice = 40;
    raw_text(server, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", RAW_KEEP);
    raw_text(server, "", RAW_FIN)->pause_ms = 1;
    server->mixed = (uint32_t)(w->seed + (uint64_t)w->round) | 1;
}

static void write_picture(world *w)
{
    unsigned char image[3000] = {0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1};
    strcpy(w->path, "/tmp/ine-test-XXXXXX");
    const int fd = mkstemp(w->path);
    CHECK(fd >= 0 && write(fd, image, sizeof image) == (ssize_t)sizeof image);
    close(fd);
}

static void begin(world *w, ine__rng *rng)
{
    w->server = raw_new();
    w->credentials = net_credentials();
    add_steps(w);
    write_picture(w);
    for (int q = 0; q < QUEUES; q++)
        CHECK(ine_queue_new(&w->queue[q], NULL) == INE_OK);
    if (below(rng, 2))
        ine_queue_fd(w->queue[0]);
    for (int c = 0; c < CLIENTS; c++) {
        const int64_t numbers[][2] = {
            {INE_OPT_LOCAL_CHECKS, 0},     {INE_OPT_KEEP_METADATA, 1},
            {INE_OPT_POLL_FIRST_MS, 1},    {INE_OPT_POLL_MAX_MS, 3},
            {INE_OPT_DEADLINE_MS, 3000},   {INE_OPT_CALL_TIMEOUT_MS, 300},
            {INE_OPT_RETRIES, coin(rng)},  {INE_OPT_ATTEMPTS, coin(rng)},
            {INE_OPT_PROGRESS, coin(rng)}, {INE_OPT_PAUSE_CREATED, coin(rng)},
            {INE_OPT_THREAD, coin(rng)},
        };
        w->options[c] = net_options(w->server->port);
        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
            CHECK(ine_options_set_number(w->options[c], (int32_t)numbers[i][0], numbers[i][1],
                                         NULL) == INE_OK);
        w->driven[c] = numbers[10][1] == 0;
        w->way[c] = (int)below(rng, WAYS);
        CHECK(ine_client_new(&w->client[c], w->credentials, w->options[c], NULL) == INE_OK);
    }
    raw_go(w->server);
}

static void go(actor *a, world *w, int number, void *(*run)(void *))
{
    *a = (actor){.w = w, .number = number};
    CHECK(pthread_create(&a->thread, NULL, run, a) == 0);
}

/* Two threads share the driving; one, when a hook in it may free the client. */
static int start_drivers(world *w, actor *drivers)
{
    int count = 0;
    for (int c = 0; c < CLIENTS; c++) {
        for (int i = 0; w->driven[c] && i < (w->way[c] == IN_HOOK ? 1 : DRIVERS); i++)
            go(&drivers[count++], w, c * DRIVERS + i, driver);
    }
    return count;
}

static void end_client(world *w, int c, ine__rng *rng)
{
    if (w->way[c] == BY_CLOSE) {
        ine_queue *queue = w->queue[below(rng, QUEUES)];
        CHECK(ine_client_close(w->client[c], queue, CLOSED_TOKEN, NULL) == INE_OK);
    } else if (w->way[c] == IN_HOOK) {
        atomic_store(&w->doomed[c], true);
    }
}

/* The client's threads, by their name. */
static size_t threads_of_ours(void)
{
    size_t count = 0;
    DIR *tasks = opendir("/proc/self/task");
    CHECK(tasks);
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

static void end(world *w, const actor *drivers, int count, ine__rng *rng)
{
    unsigned closing = 0;
    for (int c = 0; c < CLIENTS; c++) {
        end_client(w, c, rng);
        closing += w->way[c] == BY_CLOSE;
        atomic_store(&w->halt[c], w->way[c] == BY_FREE);
    }
    for (int i = 0; i < count; i++)
        pthread_join(drivers[i].thread, NULL);
    for (int c = 0; c < CLIENTS; c++) {
        if (w->way[c] == IN_HOOK && !atomic_exchange(&w->doomed[c], false))
            continue;
        ine_client_free(w->client[c]);
    }
    while (atomic_load(&w->ended) < atomic_load(&w->total) || atomic_load(&w->closed) < closing)
        sched_yield();
    for (int i = 0; threads_of_ours() && i < 1000000; i++)
        sched_yield();
    CHECK(threads_of_ours() == 0);
    CHECK(atomic_load(&w->closed) == closing);
}

static void stop_drainers(world *w, const actor *drainers)
{
    atomic_store(&w->stop, true);
    for (int q = 0; q < QUEUES; q++)
        ine_queue_wake(w->queue[q]);
    for (int q = 0; q < QUEUES; q++)
        pthread_join(drainers[q].thread, NULL);
    for (int q = 0; q < QUEUES; q++) {
        CHECK(drain(w, q, 8, 0) == 0);
        ine_queue_free(w->queue[q]);
    }
    while (atomic_load(&w->releases) < atomic_load(&w->hooks))
        sched_yield();
    for (int i = 0; i < TOKENS; i++)
        CHECK(atomic_load(&w->accepted[i]) == 1 && atomic_load(&w->done[i]) == 1);
}

static void play(uint64_t seed, int round)
{
    world *w = calloc(1, sizeof *w);
    actor submitters[SUBMITTERS], drainers[QUEUES], drivers[CLIENTS * DRIVERS];
    w->seed = seed;
    w->round = round;
    current = w;
    ine__rng rng = rng_of(w, 0);
    begin(w, &rng);
    for (int q = 0; q < QUEUES; q++) {
        set_hook(w, q);
        go(&drainers[q], w, q, drainer);
    }
    const int driver_count = start_drivers(w, drivers);
    for (int i = 0; i < SUBMITTERS; i++)
        go(&submitters[i], w, i, submitter);
    for (int i = 0; i < 20; i++) {
        const int q = (int)below(&rng, QUEUES);
        pthread_kill(drainers[q].thread, SIGUSR1);
        if (below(&rng, 4) == 0)
            set_hook(w, q);
        sched_yield();
    }
    for (int i = 0; i < SUBMITTERS; i++)
        pthread_join(submitters[i].thread, NULL);
    end(w, drivers, driver_count, &rng);
    stop_drainers(w, drainers);
    for (int c = 0; c < CLIENTS; c++)
        ine_options_free(w->options[c]);
    ine_credentials_free(w->credentials);
    raw_free(w->server);
    unlink(w->path);
    free(w);
}

static void all_at_once(void **state)
{
    const char *given = getenv("INE_SEED");
    const struct sigaction quiet = {.sa_handler = nothing}, late = {.sa_handler = hangs};
    const uint64_t seed = given ? strtoull(given, NULL, 10) : 20260401;
    const int rounds = getenv("INE_LONG") ? 1000 : 60;
    (void)state;
    printf("seed %llu, %d rounds\n", (unsigned long long)seed, rounds);
    fflush(stdout);
    sigaction(SIGUSR1, &quiet, NULL);
    sigaction(SIGALRM, &late, NULL);
    for (int round = 0; round < rounds; round++) {
        alarm(60);
        play(seed, round);
    }
    alarm(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
