/* What the files of the sandbox share. */
#ifndef INE_SANDBOX_INTERNAL_H
#define INE_SANDBOX_INTERNAL_H

#include "sandbox.h"

#include "base/buf.h"
#include "base/num.h"
#include "crypto/sha256.h"
#include "json/reader.h"
#include "json/writer.h"

/* --- Memory that lives as long as one request ----------------------------------------------- */

typedef struct ine__sb_chunk ine__sb_chunk;
typedef struct ine__sb_arena {
    ine__sb_chunk *chunks;
    bool failed;
} ine__sb_arena;

/* NULL without memory, and `failed` is set. */
char *ine__sb_arena_take(ine__sb_arena *arena, size_t size);
ine_str ine__sb_arena_copy(ine__sb_arena *arena, ine_str text);
void ine__sb_arena_clear(ine__sb_arena *arena); /* wipes, keeps a chunk for the next request */
void ine__sb_arena_free(ine__sb_arena *arena);

/* --- Records: structs of texts and numbers, kept as JSON objects ----------------------------- */

typedef struct ine__sb_field {
    const char *name;
    uint16_t name_len, offset;
    bool text; /* ine_str; otherwise int64_t */
} ine__sb_field;

#define INE__SB_TEXT(type, member)                                \
    {                                                             \
#member, sizeof #member - 1, offsetof(type, member), true \
    }
#define INE__SB_INT(type, member)                                  \
    {                                                              \
#member, sizeof #member - 1, offsetof(type, member), false \
    }

/* Absent texts and zeros are left out. */
void ine__sb_record_write(ine__buf *out, const ine__sb_field *fields, size_t count,
                          const void *record);
bool ine__sb_record_read(ine__sb_arena *arena, const ine__sb_field *fields, size_t count,
                         void *record, ine_str json);

enum { INE__SB_CREATED = 0, INE__SB_STARTED, INE__SB_SUBMITTED };
enum { INE__SB_NO_CONSENT = 0, INE__SB_CONSENT, INE__SB_CONSENT_REFUSED };

/* What a session came to. */
enum {
    INE__SB_UNDECIDED = 0,
    INE__SB_APPROVED,
    INE__SB_DECLINED,
    INE__SB_RESUBMISSION,
    INE__SB_EXPIRED,
    INE__SB_ABANDONED,
    INE__SB_REVIEW
};

#define INE__SB_CHECKS 10

typedef struct ine__sb_session {
    int64_t seq;
    ine_str id, attempt, integration;
    int64_t attempts; /* 1, and one more for each resubmission */
    int64_t status;   /* INE__SB_CREATED ... */
    int64_t created_ms, submitted_ms, decided_ms;
    ine_str vendor_data, end_user;
    ine_str first_name, last_name, second_last_name, curp, birth, gender;
    ine_str cic, type, country, first_issue, valid_from;
    int64_t consent;
    int64_t media, faces; /* uploads in this attempt, and how many were faces */
    int64_t score;        /* 1 + what the newest face scores against its portrait; 0: not said */
    ine_str face;         /* whose face the newest one is, when it says so */
    ine_str face_sha;     /* its SHA-256 */
    /* the decision, made at submission, seen from decided_ms on */
    int64_t outcome, reason_code;
    ine_str results, reasons; /* a letter for each check, decide.c */
    ine_str reason;
    int64_t error;       /* 1 REGISTRY_UNAVAILABLE, 2 TECHNICAL_ISSUES */
    int64_t registry_ms; /* when the registry answered; 0: it was not reached */
    int64_t hide_curp;   /* C-16 */
    int64_t casing;      /* C-2 */
    int64_t local_ip;    /* C-15 */
    int64_t surprise;    /* F61: a status, a check and members that nobody documents */
    int64_t percent;     /* older product: 1 + percentage; 0: null */
    int64_t active;      /* legacy product: 1 active, 2 not active, 3 not found */
    int64_t attempt_ms;  /* when the newest attempt began */
} ine__sb_session;

typedef struct ine__sb_attempt {
    ine_str session;
    int64_t number, created_ms;
    int64_t media, outcome; /* known once the next attempt has begun */
} ine__sb_attempt;

typedef struct ine__sb_media {
    ine_str id, session, context, mime;
    int64_t seq, size, kept; /* kept: its bytes are here */
} ine__sb_media;

typedef struct ine__sb_person {
    int64_t seq;
    ine_str cic, first_name, last_name, second_last_name, curp;
    int64_t registration_year, issue_year;
    int64_t lost, inactive;
    ine_str face, face_sha;
} ine__sb_person;

/* A webhook on its way. The body is written when it is first due, and stays as it is. */
typedef struct ine__sb_delivery {
    int64_t seq, kind, fault;
    ine_str integration, session, attempt;
    ine_str body;
    int64_t created_ms, next_ms, tries;
    int64_t status; /* of the last answer; 0: none */
    int64_t done;   /* 1 delivered, 2 given up, 3 nothing to say after all */
    ine_str log;    /* of its tries, deliveries.c */
} ine__sb_delivery;

typedef struct ine__sb_pending {
    int64_t seq, next_ms;
} ine__sb_pending;

enum {
    INE__SB_HOOK_DECISION = 1,
    INE__SB_HOOK_STARTED,
    INE__SB_HOOK_SUBMITTED,
    INE__SB_HOOK_INE,
    INE__SB_HOOK_EXPIRY
};

/* The switches' choices are in switches.c, in the order of their numbers. */
typedef struct ine__sb_integration {
    ine_str api_key, secret, old_secret, name;
    int64_t product, disabled;
    int64_t off;            /* bit n: optional check n (0 = first_name_match) is not enabled */
    int64_t threshold;      /* C-3; 0: the product's default */
    int64_t consent;        /* C-6 */
    int64_t selfie_limit;   /* O-2; 0: 5 */
    int64_t lost_form;      /* C-4: the sample's form, or the cascade's */
    int64_t skipped;        /* C-7: what did not run is not applicable, or absent */
    int64_t casing;         /* C-2 */
    int64_t malformed_code; /* C-9; 0: 902 */
    int64_t headers;        /* C-19: x-, vrf- or both families on replies and webhooks */
    int64_t session_reply;  /* POST /sessions signed, unsigned or with X-SIGNATURE */
    int64_t error_code;     /* C-18: text or number */
    int64_t fraction;       /* C-14: digits of submissionTime's second: 3, 6 or none */
    int64_t country;        /* C-27 */
    int64_t technical_data; /* C-11: beside `verification` or in it */
    int64_t comments;       /* C-13 */
    int64_t address;        /* C-15 */
    int64_t no_delete;
    ine_str resubmit, ignore; /* reasonCodes that ask for a resubmission, or do not decline */
    ine_str decision_url, event_url, ine_url;
    int64_t webhook_fault;    /* hooks.h: F64-F71 */
    int64_t webhook_delay_ms; /* from its time to the first try */
} ine__sb_integration;

enum { INE__SB_FLAG, INE__SB_CHOICE, INE__SB_COUNT, INE__SB_WORDS };
typedef struct ine__sb_switch {
    const char *name;
    uint16_t offset;
    uint8_t kind;
    uint8_t choices;
    const char *const *choice; /* of a CHOICE */
    int64_t max;               /* of a COUNT */
} ine__sb_switch;
extern const ine__sb_switch ine__sb_switches[];
extern const size_t ine__sb_switch_count;
enum {
    INE__SB_CONSENT_DECLINES = 0,
    INE__SB_CONSENT_REFUSES_SESSION,
    INE__SB_CONSENT_REFUSES_SUBMIT
};
enum { INE__SB_LOWER = 0, INE__SB_UPPER, INE__SB_MIXED };

extern const ine__sb_field ine__sb_session_fields[];
extern const ine__sb_field ine__sb_attempt_fields[];
extern const ine__sb_field ine__sb_media_fields[];
extern const ine__sb_field ine__sb_delivery_fields[];
extern const ine__sb_field ine__sb_person_fields[];
extern const ine__sb_field ine__sb_integration_fields[];
extern const size_t ine__sb_delivery_field_count, ine__sb_session_field_count,
    ine__sb_attempt_field_count, ine__sb_media_field_count, ine__sb_person_field_count,
    ine__sb_integration_field_count;

/* --- The sandbox ------------------------------------------------------------------------------ */

#define INE__SB_HEADERS      10
#define INE__SB_INTEGRATIONS 64

typedef struct ine__sb_changes ine__sb_changes;
struct ine__sb_faults;
struct ine__sb_log;

struct ine_sandbox {
    ine_sandbox_store store;
    uint64_t seed;
    int64_t settings[INE_SANDBOX_SETTINGS];
    ine_str base_url;
    int64_t sessions, media, media_forgotten, media_bytes, people,
        deliveries;                                          /* counters, in the store */
    ine__sb_integration *integrations[INE__SB_INTEGRATIONS]; /* texts owned one by one */
    size_t integration_count;
    ine__sb_arena arena; /* of the request at hand */
    ine__buf record;     /* a record on its way to the store */
    ine__buf body;       /* of the reply at hand */
    ine__buf scenarios;
    ine__sb_pending *pending; /* webhooks that are to be sent, in no order */
    size_t pending_count, pending_room;
    ine_sandbox_header hook_headers[INE__SB_HEADERS];
    ine_sandbox_reply reply;
    ine_sandbox_header headers[INE__SB_HEADERS];
    char signature[64], legacy_signature[64], auth_client[36];
    bool creates;                  /* the reply at hand is POST /sessions' */
    ine__sb_changes *changes;      /* when somebody watches */
    struct ine__sb_faults *faults; /* when somebody asked for one */
    struct ine__sb_log *log;       /* when the host wants one */
};

/* One request on its way through. */
typedef struct ine__sb_call {
    ine_sandbox *sandbox;
    const ine_sandbox_request *request;
    int64_t now, wall; /* wall: what the clock says that nobody moved */
    const ine_sandbox_fault *fault;
    ine_str path, query; /* the path without a final slash */
    ine_str id;          /* of the path, as it was written */
    char lower_id[36];   /* the same in lower case */
    const ine__sb_integration *who;
    ine__sb_session session;
} ine__sb_call;

/* store.c: typed access. 1, 0 for none, -1 on failure. */
int32_t ine__sb_load(ine_sandbox *sandbox, int32_t kind, ine_str key, ine_str *out);
int32_t ine__sb_load_session(ine_sandbox *sandbox, ine_str id, ine__sb_session *out);
int32_t ine__sb_load_attempt(ine_sandbox *sandbox, ine_str id, ine__sb_attempt *out);
int32_t ine__sb_load_media(ine_sandbox *sandbox, ine_str id, ine__sb_media *out);
int32_t ine__sb_load_person(ine_sandbox *sandbox, ine_str cic, ine__sb_person *out);
bool ine__sb_save(ine_sandbox *sandbox, int32_t kind, ine_str key, const ine__sb_field *fields,
                  size_t count, const void *record);
bool ine__sb_save_session(ine_sandbox *sandbox, const ine__sb_session *session);
bool ine__sb_save_attempt(ine_sandbox *sandbox, ine_str id, const ine__sb_attempt *attempt);
bool ine__sb_save_counters(ine_sandbox *sandbox);
bool ine__sb_keep_bytes(ine_sandbox *sandbox, ine__sb_media *media, ine_str bytes);

/* ids.c */
enum {
    INE__SB_ID_SESSION = 1,
    INE__SB_ID_ATTEMPT,
    INE__SB_ID_MEDIA,
    INE__SB_ID_KEY,
    INE__SB_ID_SECRET,
    INE__SB_ID_TOKEN
};
void ine__sb_uuid(const ine_sandbox *sandbox, int32_t what, int64_t a, int64_t b, char out[36]);
void ine__sb_number(int64_t number, char out[12]);
ine_str ine__sb_token(ine_sandbox *sandbox, const ine__sb_session *session);
/* 2026-04-01T10:01:05.916Z */
void ine__sb_time(int64_t ms, char out[24]);
bool ine__sb_time_parse(ine_str text, int64_t *ms);

/* reply.c */
void ine__sb_header(ine_sandbox *sandbox, ine_str name, ine_str value);
/* {"status":"fail","code":...}; `code` has its HTTP status and message in a table. */
void ine__sb_fail(ine__sb_call *call, int32_t code);
/* The same under another status, or with another message (NULL: the code's own). */
void ine__sb_fail_as(ine__sb_call *call, int32_t http, int32_t code, const char *message);
void ine__sb_not_found(ine__sb_call *call);
void ine__sb_broken(ine__sb_call *call); /* the store failed */
ine__writer ine__sb_begin(ine__sb_call *call, int32_t status);

/* route.c */
void ine__sb_route(ine__sb_call *call);
/* "decision", "media" ...; "" for none. The id in the path, or absent. */
const char *ine__sb_route_name(ine_str method, ine_str target, ine_str *id);
bool ine__sb_is_route(ine_str name);
ine_str ine__sb_header_of(const ine_sandbox_request *request, const char *name, size_t *count);
/* The body as JSON: false when it was answered. */
bool ine__sb_json_body(ine__sb_call *call, const ine__object *schema, ine__slot *slots,
                       size_t count);
ine_str ine__sb_slot_text(ine__sb_call *call, ine_str text, ine__slot slot);

/* Endpoints. */
void ine__sb_create(ine__sb_call *call);
void ine__sb_upload(ine__sb_call *call);
void ine__sb_media_list(ine__sb_call *call);
void ine__sb_attempt_media(ine__sb_call *call);
void ine__sb_download(ine__sb_call *call);
void ine__sb_submit(ine__sb_call *call);
void ine__sb_delete(ine__sb_call *call);
void ine__sb_collected(ine__sb_call *call);
void ine__sb_decision(ine__sb_call *call);
void ine__sb_ine_registry(ine__sb_call *call);
void ine__sb_curp_registry(ine__sb_call *call);
void ine__sb_ine_curp_registry(ine__sb_call *call);
void ine__sb_watchlist(ine__sb_call *call);
void ine__sb_attempts(ine__sb_call *call);
void ine__sb_person_read(ine__sb_call *call);
void ine__sb_write_session(ine__sb_call *call, ine__writer *w, const char *status);

/* submit.c: may the session still take media or be submitted? A resubmission begins a new attempt.
 * False when it was answered, with this HTTP status. */
bool ine__sb_open_session(ine__sb_call *call, int32_t http);
void ine__sb_text_member(ine__writer *w, const char *key, ine_str text);

/* compare.c: without regard to accents, case and spaces around it. */
bool ine__sb_same_name(ine_str a, ine_str b);

/* selfie.c */
ine_str ine__sb_sniff(ine_str bytes); /* a MIME type, absent for anything the vendor takes not */
bool ine__sb_read_marker(ine_str bytes, const char *marker, ine_str *value);

/* decide.c, decision.c */
void ine__sb_decide(ine__sb_call *call, const ine__sb_integration *who, ine__sb_session *session);
/* What the session is at `now`: its outcome, or UNDECIDED. */
int32_t ine__sb_outcome(const ine__sb_session *session, int64_t now);
const char *ine__sb_status_text(const ine__sb_session *session, int64_t now);
void ine__sb_write_decision(ine__sb_call *call, ine__writer *w, const ine__sb_session *session);

/* scenarios.c */
enum {
    INE__SB_SCRIPT_NONE = 0,
    INE__SB_SCRIPT_MATCH,
    INE__SB_SCRIPT_OPTIONAL_NOT_PROVIDED,
    INE__SB_SCRIPT_CONSENT,
    INE__SB_SCRIPT_NOT_FOUND,
    INE__SB_SCRIPT_SELFIE,
    INE__SB_SCRIPT_LOST,
    INE__SB_SCRIPT_UNAVAILABLE,
    INE__SB_SCRIPT_TECHNICAL,
    INE__SB_SCRIPT_MALFORMED,
    INE__SB_SCRIPT_MISMATCH,
    INE__SB_SCRIPT_RESUBMISSION,
    INE__SB_SCRIPT_REVIEW,
    INE__SB_SCRIPT_EXPIRED,
    INE__SB_SCRIPT_ABANDONED,
    INE__SB_SCRIPT_LOST_CASCADE,
    INE__SB_SCRIPT_TOO_MANY,
    INE__SB_SCRIPT_NOT_RETURNED,
    INE__SB_SCRIPT_CHECK_UNAVAILABLE,
    INE__SB_SCRIPT_TAMPERING,
    INE__SB_SCRIPT_SURPRISE
};
typedef struct ine__sb_scenario {
    const char *name, *cic, *outcome, *root_cause, *advice;
    uint8_t script;   /* INE__SB_SCRIPT_* */
    uint8_t optional; /* which optional check fails, for MISMATCH */
    uint8_t only_first_name;
    const char *sample; /* the documented decision that it equals but for ids and times */
    const char *about;
} ine__sb_scenario;
const ine__sb_scenario *ine__sb_scenario_of(ine_str cic);
bool ine__sb_write_scenarios(ine__buf *out, bool more);

/* webhooks.c: nothing happens when the integration has no URL for the kind. */
bool ine__sb_hook(ine__sb_call *call, int32_t kind, int64_t at_ms);
/* The decision that follows the deletion of a session that had none. */
bool ine__sb_hook_deleted(ine__sb_call *call);
bool ine__sb_load_pending(ine_sandbox *sandbox);
void ine__sb_admin_webhooks(ine__sb_call *call, ine_str rest);
void ine__sb_sign(ine_str secret, ine_str body, char out[64]);

/* The bytes that go out: the delivery's, unless its fault changes them on the way. */
ine_str ine__sb_sent_body(ine_sandbox *sandbox, const ine__sb_delivery *d);

/* deliveries.c */
void ine__sb_note_try(ine_sandbox *sandbox, ine__sb_delivery *d, const ine_sandbox_webhook *hook,
                      int64_t now);
void ine__sb_note_answer(ine_sandbox *sandbox, ine__sb_delivery *d, int32_t status, ine_str answer);
/* "webhooks":[...], newest first; of one session unless that is absent. */
void ine__sb_write_deliveries(ine__sb_call *call, ine__writer *w, ine_str session);
void ine__sb_admin_delivery(ine__sb_call *call, ine_str text);
void ine__sb_admin_deliveries(ine__sb_call *call);

/* changes.c: told from `at_ms` on. */
enum {
    INE__SB_CHANGE_RESET,
    INE__SB_CHANGE_SESSION,
    INE__SB_CHANGE_WEBHOOK,
    INE__SB_CHANGE_PERSON,
    INE__SB_CHANGE_CLOCK
};
void ine__sb_changed(ine_sandbox *sandbox, int32_t kind, ine_str ref, int64_t at_ms);

/* portal.c, admin_sessions.c */
void ine__sb_portal(ine__sb_call *call);
void ine__sb_admin_events(ine__sb_call *call);
void ine__sb_admin_sessions(ine__sb_call *call, ine_str rest);

/* admin.c, people.c: everything under /sandbox/ */
void ine__sb_admin(ine__sb_call *call);
void ine__sb_admin_people(ine__sb_call *call, ine_str rest);
bool ine__sb_put_person(ine_sandbox *sandbox, ine__sb_person *person);
/* integrations.c */
const ine__sb_integration *ine__sb_set_integration(ine_sandbox *sandbox,
                                                   const ine__sb_integration *with);
const ine__sb_integration *ine__sb_integration_of(const ine_sandbox *sandbox, ine_str api_key);
bool ine__sb_load_integrations(ine_sandbox *sandbox);
void ine__sb_free_integrations(ine_sandbox *sandbox);
extern const ine__sb_field ine__sb_counter_fields[];
extern const size_t ine__sb_counter_count;
ine_str ine__sb_query_value(ine_str query, const char *name);
extern const char *const ine__sb_check_names[INE__SB_CHECKS];

#endif
