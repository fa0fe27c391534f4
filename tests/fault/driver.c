/*
 * The library against a server that fails, one call or flow a line:
 *   driver BASE_URL API_KEY SECRET CALL [OPTION=VALUE ...]
 * CALL is create, media, submit, decision, download, verify or wait. Options: session, repeat
 * (times, on one client), ca, retries, call_ms, connect_ms, deadline_ms, bytes (of the image), keep
 * (wait for input between two calls). Prints one line of JSON for each time: what came of it.
 */
#include "ine.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
    const char *session, *ca;
    long repeat, retries, call_ms, connect_ms, deadline_ms, bytes, keep, breaker;
} set = {.repeat = 1,
         .retries = 2,
         .call_ms = 2000,
         .connect_ms = 2000,
         .deadline_ms = 20000,
         .bytes = 2000};

static void die(const char *what, const ine_error *err)
{
    const ine_str text = ine_error_str(err, INE_DETAIL_CODE);
    printf("{\"setup\":\"%s\",\"name\":\"%.*s\"}\n", what, (int)text.len, text.ptr ? text.ptr : "");
    exit(3);
}

static void read_option(const char *text)
{
    const char *equals = strchr(text, '=');
    const struct {
        const char *name, **text;
        long *number;
    } options[] = {
        {"session", &set.session, NULL},
        {"ca", &set.ca, NULL},
        {"repeat", NULL, &set.repeat},
        {"retries", NULL, &set.retries},
        {"call_ms", NULL, &set.call_ms},
        {"connect_ms", NULL, &set.connect_ms},
        {"deadline_ms", NULL, &set.deadline_ms},
        {"bytes", NULL, &set.bytes},
        {"keep", NULL, &set.keep},
        {"breaker", NULL, &set.breaker},
    };
    for (size_t i = 0; equals && i < sizeof options / sizeof *options; i++) {
        if (strlen(options[i].name) != (size_t)(equals - text) ||
            memcmp(options[i].name, text, (size_t)(equals - text)) != 0)
            continue;
        if (options[i].text)
            *options[i].text = equals + 1;
        else
            *options[i].number = strtol(equals + 1, NULL, 10);
        return;
    }
    die("option", NULL);
}

static ine_options *make_options(const char *base_url)
{
    ine_options *options;
    ine_error *err = NULL;
    const struct {
        int32_t option;
        int64_t value;
    } numbers[] = {
        {INE_OPT_RETRIES, set.retries},
        {INE_OPT_CALL_TIMEOUT_MS, set.call_ms},
        {INE_OPT_CONNECT_TIMEOUT_MS, set.connect_ms},
        {INE_OPT_DEADLINE_MS, set.deadline_ms},
        {INE_OPT_SEED, 1},
        {INE_OPT_BREAKER, set.breaker},
    };
    if (ine_options_new(&options, &err) != INE_OK ||
        ine_options_set_text(options, INE_OPT_BASE_URL, base_url, strlen(base_url), &err) != INE_OK)
        die("base_url", err);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (ine_options_set_number(options, numbers[i].option, numbers[i].value, &err) != INE_OK)
            die("options", err);
    }
    if (set.ca &&
        ine_options_set_text(options, INE_OPT_CA_FILE, set.ca, strlen(set.ca), &err) != INE_OK)
        die("ca", err);
    return options;
}

static ine_credentials *make_credentials(const char *key, const char *secret)
{
    ine_credentials *credentials;
    ine_error *err = NULL;
    if (ine_credentials_new(&credentials, "fault", 5, key, strlen(key), &err) != INE_OK ||
        ine_credentials_add_secret(credentials, "one", 3, secret, strlen(secret), &err) != INE_OK)
        die("credentials", err);
    return credentials;
}

/* A JPEG with a comment-free body of the size that was asked for. */
static unsigned char *make_image(size_t *size)
{
    static const unsigned char head[] = {
        0xff, 0xd8, 0xff, 0xe0, 0,    16,   'J',  'F', 'I', 'F', 0, 1,    1, 0,    0,
        1,    0,    1,    0,    0,    0xff, 0xc0, 0,   11,  8,   2, 0x58, 1, 0x90, 1,
        1,    0x11, 0,    0xff, 0xda, 0,    8,    1,   1,   0,   0, 0x3f, 0};
    *size = sizeof head + (size_t)set.bytes + 2;
    unsigned char *image = calloc(1, *size);
    if (!image)
        die("memory", NULL);
    memcpy(image, head, sizeof head);
    image[*size - 2] = 0xff;
    image[*size - 1] = 0xd9;
    return image;
}

static void set_input(ine_verification *v, int32_t input, const char *text)
{
    ine_error *err = NULL;
    if (ine_verification_set_text(v, input, text, strlen(text), &err) != INE_OK)
        die("input", err);
}

static ine_verification *make_verification(const unsigned char *image, size_t size)
{
    ine_verification *v;
    ine_error *err = NULL;
    if (ine_verification_new(&v, INE_PRODUCT_MX_INE, &err) != INE_OK)
        die("verification", err);
    set_input(v, INE_IN_CIC, "900100001");
    set_input(v, INE_IN_VENDOR_DATA, "fault-test");
    if (ine_verification_set_number(v, INE_IN_CONSENT, 1, &err) != INE_OK ||
        ine_verification_set_media(v, INE_MEDIA_FACE, image, size, &err) != INE_OK)
        die("media", err);
    return v;
}

/* --- One call or flow
 * ----------------------------------------------------------------------------- */

static ine_request *make_request(const char *call, const ine_verification *v,
                                 const unsigned char *image, size_t size)
{
    static const struct {
        const char *name;
        int32_t call, id;
    } calls[] = {
        {"create", INE_CALL_CREATE_SESSION, 0},
        {"media", INE_CALL_UPLOAD_MEDIA, INE_IN_SESSION_ID},
        {"submit", INE_CALL_SUBMIT, INE_IN_SESSION_ID},
        {"decision", INE_CALL_DECISION, INE_IN_SESSION_ID},
        {"delete", INE_CALL_DELETE_SESSION, INE_IN_SESSION_ID},
    };
    ine_request *request;
    ine_error *err = NULL;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (strcmp(calls[i].name, call) != 0)
            continue;
        if (ine_request_new(&request, calls[i].call, &err) != INE_OK ||
            (calls[i].id && ine_request_set_text(request, calls[i].id, set.session,
                                                 strlen(set.session), &err) != INE_OK) ||
            (i == 0 && ine_request_set_verification(request, v, &err) != INE_OK) ||
            (i == 1 && ine_request_set_media(request, INE_MEDIA_FACE, image, size, &err) != INE_OK))
            die("request", err);
        return request;
    }
    return NULL;
}

static void print_str(const char *key, ine_str text)
{
    printf(",\"%s\":\"%.*s\"", key, (int)text.len, text.ptr ? text.ptr : "");
}

static void print_number(const char *key, int64_t number)
{
    printf(",\"%s\":%" PRId64, key, number);
}

/* What came of it; true when it went well. */
static void print_event(ine_event *event)
{
    ine_verdict *verdict = NULL;
    ine_decision *decision = NULL;
    ine_error *err = NULL;
    ine_str id = {NULL, 0};
    const int32_t code = ine_event_take(event, &verdict, &decision, &err);
    printf("{\"code\":%d", code);
    print_str("name", code ? ine_error_str(err, INE_DETAIL_CODE) : (ine_str){"INE_OK", 6});
    print_str("class", ine_error_str(err, INE_DETAIL_CLASS));
    print_str("sent", ine_error_str(err, INE_DETAIL_SENT));
    print_number("attempts", ine_error_number(err, INE_DETAIL_ATTEMPTS));
    print_number("http", ine_error_number(err, INE_DETAIL_HTTP_STATUS));
    print_number("api", ine_error_number(err, INE_DETAIL_API_CODE));
    print_number("retry_after_ms", ine_error_number(err, INE_DETAIL_RETRY_AFTER_MS));
    print_number("retryable", ine_error_number(err, INE_DETAIL_RETRYABLE));
    print_number("transport", ine_error_number(err, INE_DETAIL_TRANSPORT_CODE));
    print_str("error_session", ine_error_str(err, INE_DETAIL_SESSION_ID));
    if (decision)
        ine_decision_field(decision, INE_D_SESSION_ID, &id, NULL);
    print_str("session", id);
    print_number("document", decision != NULL);
    if (verdict) {
        int64_t outcome = 0;
        ine_verdict_field(verdict, INE_V_OUTCOME, NULL, &outcome);
        print_str("outcome", ine_name(INE_NAMES_OUTCOME, (int32_t)outcome));
    }
    printf("}\n");
    fflush(stdout);
    ine_verdict_free(verdict);
    ine_decision_free(decision);
    ine_error_free(err);
}

static void wait_for(ine_queue *queue, int32_t kind, bool print)
{
    for (;;) {
        ine_event *event = NULL;
        ine_error *err = NULL;
        size_t count = 0;
        if (ine_queue_drain(queue, &event, 1, 90000, &count, &err) != INE_OK || count == 0)
            die("no event", err);
        const bool found = ine_event_kind(event) == kind;
        if (found && print)
            print_event(event);
        ine_event_free(event);
        if (found)
            return;
    }
}

int main(int argc, char **argv)
{
    ine_client *client = NULL;
    ine_queue *queue = NULL;
    ine_error *err = NULL;
    size_t size;
    if (argc < 5)
        die("usage", NULL);
    for (int i = 5; i < argc; i++)
        read_option(argv[i]);
    const char *call = argv[4];
    unsigned char *image = make_image(&size);
    ine_options *options = make_options(argv[1]);
    ine_credentials *credentials = make_credentials(argv[2], argv[3]);
    ine_verification *v = make_verification(image, size);
    ine_request *request = make_request(call, v, image, size);
    if (ine_client_new(&client, credentials, options, &err) != INE_OK ||
        ine_queue_new(&queue, &err) != INE_OK)
        die("client", err);
    for (long i = 0; i < set.repeat; i++) {
        if (i && set.keep)
            getchar(); /* until the test says so */
        const bool wait = strcmp(call, "wait") == 0;
        const int32_t code =
            request ? ine_client_submit(client, request, queue, 1, NULL, &err)
                    : ine_client_run(client, wait ? INE_FLOW_WAIT : INE_FLOW_VERIFY,
                                     wait ? NULL : v, wait ? set.session : NULL,
                                     wait ? strlen(set.session) : 0, queue, 1, NULL, &err);
        if (code != INE_OK)
            die("submit", err);
        wait_for(queue, INE_EVENT_DONE, true);
    }
    if (ine_client_close(client, queue, 2, &err) == INE_OK)
        wait_for(queue, INE_EVENT_CLOSED, false);
    ine_client_free(client);
    ine_queue_free(queue);
    ine_request_free(request);
    ine_verification_free(v);
    ine_credentials_free(credentials);
    ine_options_free(options);
    free(image);
    return 0;
}
