/*
 * verify.c: verifies one person with libine, and says what came out of it.
 *
 *     cc verify.c -o verify $(pkg-config --cflags --libs libine)
 *     ./verify CIC SELFIE.jpg REFERENCE
 *
 * INE_BASE_URL, INE_API_KEY and INE_SECRET hold what the customer portal shows. For a try without
 * an account, `ine-sandbox --json` prints all three. Exit code: 0 verified, 1 not verified, 2
 * trouble.
 */
#include <ine.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Text comes out of libine as a view: not terminated, absent when ptr is NULL. */
static void say(const char *label, ine_str text)
{
    printf("%-12s %.*s\n", label, (int)text.len, text.ptr ? text.ptr : "");
}

static int32_t set(ine_verification *who, int32_t input, const char *text, ine_error **err)
{
    return ine_verification_set_text(who, input, text, strlen(text), err);
}

/* Who is to be verified. The person has said yes: without consent nothing is sent. */
static int32_t describe(ine_verification **out, char **argv, ine_error **err)
{
    int32_t code = ine_verification_new(out, INE_PRODUCT_MX_INE, err);
    if (code == INE_OK)
        code = set(*out, INE_IN_CIC, argv[1], err);
    if (code == INE_OK)
        code = set(*out, INE_IN_VENDOR_DATA, argv[3], err);
    if (code == INE_OK)
        code = ine_verification_set_number(*out, INE_IN_CONSENT, 1, err);
    if (code == INE_OK)
        code = ine_verification_set_media_path(*out, INE_MEDIA_FACE, argv[2], strlen(argv[2]), err);
    return code;
}

/* A client for the integration that the environment names. */
static int32_t connect_to(ine_client **out, ine_error **err)
{
    const char *url = getenv("INE_BASE_URL"), *key = getenv("INE_API_KEY");
    const char *secret = getenv("INE_SECRET");
    ine_options *options = NULL;
    ine_credentials *credentials = NULL;
    int32_t code = INE_E_CONFIG;

    *out = NULL;
    if (!url || !key || !secret) {
        fputs("set INE_BASE_URL, INE_API_KEY and INE_SECRET\n", stderr);
        return code;
    }
    code = ine_options_new(&options, err);
    if (code == INE_OK)
        code = ine_options_set_text(options, INE_OPT_BASE_URL, url, strlen(url), err);
    if (code == INE_OK)
        code = ine_credentials_new(&credentials, "", 0, key, strlen(key), err);
    if (code == INE_OK)
        code = ine_credentials_add_secret(credentials, "", 0, secret, strlen(secret), err);
    if (code == INE_OK)
        code = ine_client_new(out, credentials, options, err);
    /* The client keeps what it needs of both. */
    ine_credentials_free(credentials);
    ine_options_free(options);
    return code;
}

/* Waits for the next event of this kind; the queue's descriptor could be polled instead. */
static int32_t wait_for(ine_queue *queue, int32_t kind, ine_event **out, ine_error **err)
{
    for (;;) {
        size_t count = 0;
        const int32_t code = ine_queue_drain(queue, out, 1, -1, &count, err);
        if (code != INE_OK)
            return code;
        if (count && ine_event_kind(*out) == kind)
            return INE_OK;
        if (count)
            ine_event_free(*out);
    }
}

static int32_t verify(ine_client *client, ine_queue *queue, const ine_verification *who,
                      ine_verdict **verdict, ine_error **err)
{
    ine_event *event = NULL;
    int32_t code = ine_client_run(client, INE_FLOW_VERIFY, who, NULL, 0, queue, 0, NULL, err);
    if (code == INE_OK)
        code = wait_for(queue, INE_EVENT_DONE, &event, err);
    if (code != INE_OK)
        return code;
    say("session", ine_event_session_id(event));
    code = ine_event_take(event, verdict, NULL, err);
    ine_event_free(event);
    return code;
}

/* Everything in flight ends, then the last event says so. */
static void disconnect(ine_client *client, ine_queue *queue)
{
    ine_event *event = NULL;
    if (ine_client_close(client, queue, 0, NULL) == INE_OK &&
        wait_for(queue, INE_EVENT_CLOSED, &event, NULL) == INE_OK)
        ine_event_free(event);
    ine_client_free(client);
}

int main(int argc, char **argv)
{
    ine_error *err = NULL;
    ine_verification *who = NULL;
    ine_client *client = NULL;
    ine_queue *queue = NULL;
    ine_verdict *verdict = NULL;
    int64_t verified = 0;

    if (argc != 4) {
        fputs("usage: verify CIC SELFIE REFERENCE\n", stderr);
        return 2;
    }
    int32_t code = ine_init(&err);
    if (code == INE_OK)
        code = describe(&who, argv, &err);
    if (code == INE_OK)
        code = connect_to(&client, &err);
    if (code == INE_OK)
        code = ine_queue_new(&queue, &err);
    if (code == INE_OK)
        code = verify(client, queue, who, &verdict, &err);
    if (code == INE_OK) {
        ine_str outcome, advice;
        ine_verdict_field(verdict, INE_V_VERIFIED, NULL, &verified);
        ine_verdict_field(verdict, INE_V_OUTCOME, &outcome, NULL);
        ine_verdict_field(verdict, INE_V_ADVICE, &advice, NULL);
        say("outcome", outcome);
        say("advice", advice);
        say("text", ine_verdict_text(verdict, INE_TEXT_CITIZEN, INE_LANG_ES_MX));
    } else if (err) {
        /* Holds no personal data and no secret: fit for a log. */
        const ine_str json = ine_error_json(err);
        fprintf(stderr, "%.*s\n", (int)json.len, json.ptr);
    }

    if (client && queue)
        disconnect(client, queue);
    ine_verdict_free(verdict);
    ine_verification_free(who);
    ine_queue_free(queue);
    ine_error_free(err);
    return code != INE_OK ? 2 : verified ? 0 : 1;
}
