/*
 * The vendor's API, offline, as a sans-IO library: whole requests and a clock in, whole replies and
 * due webhooks out. No sockets, no threads, no files, no time of its own; equal seeds and equal
 * calls give equal bytes. docs/sandbox.md says what it answers.
 *
 * One thread at a time. Views that come out live until the next call on the same sandbox.
 */
#ifndef INE_SANDBOX_H
#define INE_SANDBOX_H

#include "ine.h"

#include <stdbool.h>

/* Every API key that a sandbox mints begins so; it knows no other, and a client speaks plain http
 * with no other. */
#define INE_SANDBOX_KEY_PREFIX "5a4db0c5-"
/* In every reply: nobody takes a sandbox for the vendor. */
#define INE_SANDBOX_HEADER "X-Ine-Sandbox"
/* Largest request body that is looked at: 24 MB of base64 and what stands around it. */
#define INE_SANDBOX_BODY_MAX (26u * 1024 * 1024)

typedef struct ine_sandbox ine_sandbox;

/* --- Where the state lies ------------------------------------------------------------------- */

/* What a store keeps, each a map from a key to bytes. All but BYTES are JSON objects or plain text.
 */
enum {
    INE_SANDBOX_META = 0,     /* counters, seed */
    INE_SANDBOX_INTEGRATIONS, /* by API key */
    INE_SANDBOX_SESSIONS,     /* by session id */
    INE_SANDBOX_ATTEMPTS,     /* by attempt id */
    INE_SANDBOX_MEDIA,        /* by media id */
    INE_SANDBOX_BYTES,        /* image bytes by media id */
    INE_SANDBOX_PEOPLE,       /* by CIC */
    INE_SANDBOX_DELIVERIES,   /* webhooks by number, as 12 digits */
    INE_SANDBOX_KINDS
};

typedef struct ine_sandbox_store {
    void *context;
    /* Hands the value to `give` and returns 1; 0 when there is none; -1 on failure. */
    int32_t (*get)(void *context, int32_t kind, ine_str key, void (*give)(void *to, ine_str value),
                   void *to);
    bool (*put)(void *context, int32_t kind, ine_str key, ine_str value);
    bool (*remove)(void *context, int32_t kind, ine_str key); /* true when there was none */
    void (*free)(void *context);
} ine_sandbox_store;

/* A store in memory: true when there was memory for it. */
bool ine_sandbox_memory_store(ine_sandbox_store *out);

/* --- Life ------------------------------------------------------------------------------------ */

/* Takes `store` over, also on failure. `seed` 0: the store's own, or a random one. NULL without
 * memory or when the store fails. */
ine_sandbox *ine_sandbox_new(const ine_sandbox_store *store, uint64_t seed);
void ine_sandbox_free(ine_sandbox *sandbox);

/* What stands before "/v/<token>" and "/v1/media/<id>" in replies; "http://127.0.0.1" until set. */
bool ine_sandbox_base_url(ine_sandbox *sandbox, ine_str url);

/* Settings of the whole sandbox. */
enum {
    INE_SANDBOX_DECISION_DELAY_MS = 0, /* [150] from submission to decision */
    INE_SANDBOX_KEEP_BYTES,            /* [64 MiB] of images; the oldest are forgotten first */
    INE_SANDBOX_UNLISTED,   /* [1] 1: a CIC that is not known is a person who matches; 0: not found
                             */
    INE_SANDBOX_CLOCK_MS,   /* [0] added to the caller's clock */
    INE_SANDBOX_RETRY_MS,   /* [1 h] between two tries of a webhook (C-24) */
    INE_SANDBOX_GIVE_UP_MS, /* [7 days] after which it is not tried any more */
    INE_SANDBOX_SETTINGS
};
bool ine_sandbox_set(ine_sandbox *sandbox, int32_t setting, int64_t value);
int64_t ine_sandbox_get(const ine_sandbox *sandbox, int32_t setting);

/* --- Integrations ---------------------------------------------------------------------------- */

enum {
    INE_SANDBOX_MX_INE = 0,    /* the current product */
    INE_SANDBOX_INE_BIOMETRIC, /* the older biometric object */
    INE_SANDBOX_INE_REGISTRY,  /* the legacy registry check */
    INE_SANDBOX_PRODUCTS
};

/* The product's name as in "mx_ine". */
ine_str ine_sandbox_product_name(int32_t product);

/* An integration of the sandbox: API key and newest secret. The first one of a product is minted by
 * itself when it is asked for. */
bool ine_sandbox_integration(ine_sandbox *sandbox, int32_t product, ine_str *api_key,
                             ine_str *secret);
/* An integration with a key of the caller's (a UUID that begins with INE_SANDBOX_KEY_PREFIX) and a
 * secret of 1..1024 bytes of UTF-8. An integration that has the key gets the secret as its newest.
 * False when either can not be. */
bool ine_sandbox_integration_add(ine_sandbox *sandbox, int32_t product, ine_str api_key,
                                 ine_str secret);

/* --- People ----------------------------------------------------------------------------------- */

/* Adds a person to the registry, or puts one in the place of the one with the same CIC. Fields by
 * name: cic (9 digits), first_name, last_name, second_last_name, curp, registration_year,
 * issue_year, lost (1), inactive (1), face, face_sha; an empty value counts as none. False for an
 * unknown field, a value that can not be, or a store that fails. */
bool ine_sandbox_person(ine_sandbox *sandbox, const ine_str *names, const ine_str *values,
                        size_t count);

/* --- Requests -------------------------------------------------------------------------------- */

typedef struct ine_sandbox_header {
    ine_str name, value; /* the value without spaces around it */
} ine_sandbox_header;

typedef struct ine_sandbox_request {
    ine_str method, target; /* "GET", "/v1/sessions/<id>/decision" */
    const ine_sandbox_header *headers;
    size_t header_count;
    ine_str body;
} ine_sandbox_request;

typedef struct ine_sandbox_reply {
    int32_t status;
    const ine_sandbox_header *headers; /* Content-Length and Date are the host's */
    size_t header_count;
    ine_str body;
} ine_sandbox_reply;

/* Answers one request. Never NULL: without memory a bare 500. `now_ms` is wall-clock time since
 * 1970. */
const ine_sandbox_reply *ine_sandbox_handle(ine_sandbox *sandbox,
                                            const ine_sandbox_request *request, int64_t now_ms);

/* --- Faults ----------------------------------------------------------------------------------- */

/* What is to go wrong with a request, as asked for by POST /sandbox/faults. */
typedef struct ine_sandbox_fault {
    int32_t number;  /* of the fault list, 17 for F17; 0: nothing */
    int32_t variant; /* see ine_sandbox_fault_variant() */
    int64_t at;      /* a byte, or a time in ms; -1: not said */
    uint64_t seed;   /* for what is left to chance */
} ine_sandbox_fault;

/* The host has a socket, and makes those of the wire itself (F05-F40, lost replies); without this
 * they can not be asked for. */
void ine_sandbox_host_faults(ine_sandbox *sandbox);
/* Which fault meets this request; it counts as made. Asked once a request, before its body is read.
 */
bool ine_sandbox_fault_for(ine_sandbox *sandbox, ine_str method, ine_str target,
                           ine_sandbox_fault *out);
const char *ine_sandbox_fault_variant(const ine_sandbox_fault *fault);
/* ine_sandbox_handle() for a host that has asked already. */
const ine_sandbox_reply *ine_sandbox_handle_with(ine_sandbox *sandbox,
                                                 const ine_sandbox_request *request, int64_t now_ms,
                                                 const ine_sandbox_fault *fault);
/* Keeps a log of requests for GET /sandbox/log; each line also goes to `give`, which may be NULL.
 */
bool ine_sandbox_log(ine_sandbox *sandbox, void (*give)(void *to, ine_str line), void *to);
/* Logs a request that was not handled: refused by the host, or cut off by a fault. */
void ine_sandbox_unanswered(ine_sandbox *sandbox, const ine_sandbox_request *request,
                            int64_t now_ms, int32_t status, const ine_sandbox_fault *fault);

/* --- Webhooks -------------------------------------------------------------------------------- */

typedef struct ine_sandbox_webhook {
    int64_t number;
    ine_str url;
    const ine_sandbox_header *headers;
    size_t header_count;
    ine_str body;
} ine_sandbox_webhook;

/* The next webhook that is due, to be POSTed. It counts as tried, and comes again after
 * INE_SANDBOX_RETRY_MS unless ine_sandbox_delivered() says 200 first. False when none is due. */
bool ine_sandbox_due(ine_sandbox *sandbox, int64_t now_ms, ine_sandbox_webhook *out);
/* What the receiver answered; 0: nothing. */
void ine_sandbox_delivered(ine_sandbox *sandbox, int64_t number, int32_t status);
/* The same, with what the body of its answer was: its beginning is kept, to be shown. */
void ine_sandbox_answered(ine_sandbox *sandbox, int64_t number, int32_t status, ine_str answer);
/* Milliseconds until one is due; -1: none is waiting. */
int64_t ine_sandbox_wait_ms(const ine_sandbox *sandbox, int64_t now_ms);
/* Where an integration's webhooks go: decision, event or ine (legacy). Absent: nowhere. */
bool ine_sandbox_webhook_url(ine_sandbox *sandbox, ine_str api_key, const char *kind, ine_str url);

/* --- What changes -------------------------------------------------------------------------------
 */

/* The content type of GET /sandbox/events' reply. Its body begins the stream; a host that sees it
 * goes on with the changes below, one event each. */
#define INE_SANDBOX_EVENT_STREAM "text/event-stream"

typedef struct ine_sandbox_change {
    ine_str kind; /* session, webhook, person, clock; reset: all may have changed */
    ine_str ref;  /* id, number or CIC */
} ine_sandbox_change;

/* Begins or stops to note changes; without a watcher they cost nothing. False without memory. */
bool ine_sandbox_watch(ine_sandbox *sandbox, bool on);
/* The next change that has come true, a decision at its time; false when there is none. */
bool ine_sandbox_next_change(ine_sandbox *sandbox, int64_t now_ms, ine_sandbox_change *out);

/* The list of scenarios as JSON, the same as GET /sandbox/scenarios. */
ine_str ine_sandbox_scenarios(ine_sandbox *sandbox);
/* One of them, counted from 0; false past the last. */
bool ine_sandbox_scenario(size_t index, ine_str *name, ine_str *cic, ine_str *about);

#endif
