/**
 * @file ine.h
 * The stable interface of libine: identity verification against the Mexican electoral registry
 * (INE) through Veriff's public API v1. libine is not affiliated with Veriff, INE or FIMPE.
 *
 * How to read this file
 *
 * - Results. Every function that can fail returns int32_t: INE_OK (0), or a negative INE_E_* code.
 *   The last parameter, `ine_error **err`, may be NULL; on failure it receives an error object that
 *   the caller frees, on success NULL. Nothing is kept per thread. Every other output is written on
 *   failure too (NULL, 0 or an empty view).
 * - Text goes in as pointer and length and is copied unless a function says "borrowed". It comes
 *   out as an ine_str: a view that lives as long as the handle it came from, NOT terminated by a
 *   zero byte. ptr == NULL: absent or null; ptr set and len == 0: empty. Text must be UTF-8 without
 *   NUL; anything else is refused, never repaired. Secrets are bytes, 1..1024, used as they are.
 * - Handles are opaque. ine_<noun>_free takes NULL, never blocks, never calls back, and may run in
 *   any order, on any thread and in a forked child.
 * - Threads. "Shareable": may be used by several threads at once. "One at a time": the caller
 *   orders the calls.
 * - Time is in milliseconds. A parameter called now_ms is read from one monotonic clock of the
 *   caller's choice.
 * - Enums travel as int32_t. Values are never reused; be prepared for values that this header does
 *   not list.
 * - Sources. [V-...] names the vendor page that a rule comes from, [RFC ...] a standard, C-n a
 *   contradiction between the vendor's pages that docs/vendor-coverage.md lists.
 * - Privacy. Error texts, reports and verdicts hold no personal data and no secret. A decision
 *   holds both the person and the exact bytes: do not log it.
 *
 * A first program: examples/c/verify.c
 */
#ifndef INE_H
#define INE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(INE_STATIC) || !defined(__GNUC__)
#define INE_API
#else
#define INE_API __attribute__((visibility("default")))
#endif

#define INE_VERSION_MAJOR 0
#define INE_VERSION_MINOR 1
#define INE_VERSION_PATCH 0

/** A borrowed view of text or bytes; see "Text" above. */
typedef struct ine_str {
    const char *ptr;
    size_t len;
} ine_str;

/** What went wrong; immutable, shareable. */
typedef struct ine_error ine_error;
/** Settings; one at a time; copied by whoever takes them. */
typedef struct ine_options ine_options;
/** API key and 1..8 secrets; shareable once filled. */
typedef struct ine_credentials ine_credentials;
/** Who is to be verified; one at a time. */
typedef struct ine_verification ine_verification;
/** Every problem found before sending; immutable, shareable. */
typedef struct ine_report ine_report;
/** One API call; one at a time. */
typedef struct ine_request ine_request;
/** One API call with its retries, without I/O; one at a time. */
typedef struct ine_exchange ine_exchange;
/** A whole verification, without I/O; one at a time. */
typedef struct ine_flow ine_flow;
/** Any reply or webhook with its exact bytes; immutable, shareable. */
typedef struct ine_mrz ine_mrz; /* the back of a card, read; immutable, shareable */
typedef struct ine_decision ine_decision;
/** What a decision means; immutable, shareable. */
typedef struct ine_verdict ine_verdict;
/** Completions; any producers, one consumer. */
typedef struct ine_webhooks ine_webhooks; /* a receiver; shareable once filled */
typedef struct ine_webhook ine_webhook;   /* one genuine delivery; immutable, shareable */
typedef struct ine_evidence ine_evidence; /* an auditor's record in the making; one at a time */
typedef struct ine_text ine_text;         /* a text that the library made; immutable, shareable */
typedef struct ine_queue ine_queue;
/** One completion; one at a time. */
typedef struct ine_event ine_event;
/** The libcurl driver with its thread; shareable. */
typedef struct ine_client ine_client;

/* ==== Codes =================================================================================== */

/** @name Result codes. Ranges of a hundred per area; ine_code_class() says which error class a code
 * belongs to. */
#define INE_OK 0
/** a NULL, an unknown id, a value of the wrong kind: a bug in the calling program */
#define INE_E_ARGUMENT    (-101)
#define INE_E_MEMORY      (-102) /**< an allocation failed */
#define INE_E_STATE       (-103) /**< the call does not fit the handle's state */
#define INE_E_LIMIT       (-104) /**< something is larger than its documented limit */
#define INE_E_CLOSED      (-105) /**< the client or queue is closed */
#define INE_E_BUSY        (-106) /**< a second consumer */
#define INE_E_UNSUPPORTED (-107) /**< not in this build */
#define INE_E_INTERNAL    (-108) /**< a library that we stand on failed; never expected */
#define INE_E_FORKED      (-109) /**< needs the parent's thread or sockets */
/** a setting that can not work: CA file missing, URL without https */
#define INE_E_CONFIG     (-110)
#define INE_E_INPUT      (-201) /**< refused locally, nothing was sent; see ine_report */
#define INE_E_MEDIA_READ (-202) /**< a media file or source could not be read */
/** the media differed between signing and sending; the upload was aborted */
#define INE_E_MEDIA_CHANGED (-203)
/** not RFC 8259, or deeper or larger than allowed; see INE_DETAIL_OFFSET */
#define INE_E_JSON       (-301)
#define INE_E_FORM       (-302) /**< JSON, but not the documented form */
#define INE_E_UNSIGNED   (-401) /**< a reply that must be signed is not */
#define INE_E_SIGNATURE  (-402) /**< a signature that is present is wrong, or there are several */
#define INE_E_MISMATCH   (-403) /**< a signed reply for another session or key */
#define INE_E_AUTH       (-501) /**< 401, 403 */
#define INE_E_NOT_FOUND  (-502) /**< 404 */
#define INE_E_CONFLICT   (-503) /**< 409, or 400 with a code that says "wrong state" */
#define INE_E_RATE_LIMIT (-504) /**< 429 */
#define INE_E_SERVER     (-505) /**< 5xx */
#define INE_E_REJECTED   (-506) /**< any other 4xx */
#define INE_E_REDIRECT   (-507) /**< 3xx: never followed */
#define INE_E_CONSENT    (-508) /**< the server refused for missing INE consent (C-6) */
#define INE_E_RESOLVE    (-601) /**< the name did not resolve */
#define INE_E_CONNECT    (-602) /**< no connection */
#define INE_E_TLS        (-603) /**< no trusted TLS connection; never retried */
#define INE_E_TRANSPORT  (-604) /**< the connection broke */
#define INE_E_PROTOCOL   (-605) /**< not HTTP/1.1 as the API speaks it */
#define INE_E_TIMEOUT    (-606) /**< one attempt took too long */
#define INE_E_DEADLINE   (-701) /**< the whole operation's deadline has passed */
#define INE_E_CANCELLED  (-702) /**< the caller cancelled */
/** a POST may or may not have happened; reconcile by vendorData */
#define INE_E_OUTCOME_UNKNOWN (-801)
/** not a genuine webhook; one class, one text, whatever the reason */
#define INE_E_WEBHOOK_REFUSED (-901)

/** @name Error classes: the same tree in every language. */
#define INE_CLASS_NONE            0
#define INE_CLASS_ERROR           1 /**< the base: a bug, a limit, memory */
#define INE_CLASS_INPUT           2
#define INE_CLASS_AUTH            3
#define INE_CLASS_NOT_FOUND       4
#define INE_CLASS_CONFLICT        5
#define INE_CLASS_RATE_LIMIT      6
#define INE_CLASS_SERVER          7
#define INE_CLASS_TRANSPORT       8
#define INE_CLASS_DEADLINE        9
#define INE_CLASS_CANCELLED       10
#define INE_CLASS_REPLY           11
#define INE_CLASS_WEBHOOK_REFUSED 12
#define INE_CLASS_OUTCOME_UNKNOWN 13
#define INE_CLASS_FORKED          14

/** @name Details of an error, for ine_error_number() and ine_error_str(). */
#define INE_DETAIL_CODE           1 /**< number: the INE_E_* code. text: its name */
#define INE_DETAIL_HTTP_STATUS    2 /**< number */
#define INE_DETAIL_API_CODE       3 /**< number: Veriff's troubleshooting code, as in 1802 */
#define INE_DETAIL_OFFSET         4 /**< number: byte offset in the body or the input */
#define INE_DETAIL_RETRY_AFTER_MS 5 /**< number: what the server asked for */
#define INE_DETAIL_STEP           6 /**< number: INE_STEP_*. text: its name */
#define INE_DETAIL_SENT           7 /**< number: INE_SENT_*. text: its name */
#define INE_DETAIL_RETRYABLE      8 /**< number: 1 when the same call may be made again */
/** number: the driver's own code (CURLcode for the libcurl driver) */
#define INE_DETAIL_TRANSPORT_CODE 9
#define INE_DETAIL_SESSION_ID     10 /**< text */
#define INE_DETAIL_FIELD          11 /**< text: API path of the input that was refused */
#define INE_DETAIL_HINT           12 /**< text: what to do about it */
#define INE_DETAIL_CLASS          13 /**< number: INE_CLASS_*. text: its name */
#define INE_DETAIL_ATTEMPTS       14 /**< number: requests made */

/** @name Was the request sent? */
#define INE_SENT_UNKNOWN 0
#define INE_SENT_NO      1
#define INE_SENT_YES     2

/** @name Steps of a verification. */
#define INE_STEP_NONE   0
#define INE_STEP_CHECK  1
#define INE_STEP_CREATE 2
#define INE_STEP_MEDIA  3
#define INE_STEP_SUBMIT 4
#define INE_STEP_WAIT   5
#define INE_STEP_DONE   6

/* ==== Library ================================================================================= */

/**
 * Prepares the process: once, from any thread, idempotent. Called by every constructor too; a
 * program that uses a client in several threads calls it first. Never undone. Installs no signal
 * handler and nothing at exit.
 */
INE_API int32_t ine_init(ine_error **err);

/** "major.minor.patch" of the library that is running; compare it with INE_VERSION_*. Static. */
INE_API ine_str ine_version(void);

/** Versions and link mode of OpenSSL and libcurl as seen at run time: lines of "key=value". Static
 * after ine_init(). */
INE_API ine_str ine_build_info(void);

/**
 * The stable text of a constant, as in (INE_NAMES_OUTCOME, INE_OUTCOME_VERIFIED) -> "VERIFIED".
 * Static; absent for an unknown value.
 */
INE_API ine_str ine_name(int32_t names, int32_t value);

/** The value of a stable text, ASCII case-insensitive; -1 when there is none. */
INE_API int32_t ine_value(int32_t names, const char *text, size_t text_len);

/** @name Groups of names, for ine_name() and ine_value(). */
#define INE_NAMES_CODE     1
#define INE_NAMES_CLASS    2
#define INE_NAMES_DETAIL   3
#define INE_NAMES_SENT     4
#define INE_NAMES_STEP     5
#define INE_NAMES_OPTION   6
#define INE_NAMES_CALL     7
#define INE_NAMES_PRODUCT  8
#define INE_NAMES_INPUT    9
#define INE_NAMES_MEDIA    10
#define INE_NAMES_PROBLEM  11
#define INE_NAMES_FIELD    12
#define INE_NAMES_KIND     13
#define INE_NAMES_CHECK    14
#define INE_NAMES_STATE    15
#define INE_NAMES_OUTCOME  16
#define INE_NAMES_ADVICE   17
#define INE_NAMES_ANOMALY  18
#define INE_NAMES_WANT     19
#define INE_NAMES_EVENT    20
#define INE_NAMES_VERDICT  21
#define INE_NAMES_REASON   22
#define INE_NAMES_DELIVERY 23
#define INE_NAMES_EVIDENCE 24
#define INE_NAMES_MRZ      25
#define INE_NAMES_FAILURE  26

/** The error class of a code. */
INE_API int32_t ine_code_class(int32_t code);

/* ==== Errors ================================================================================== */

/** The code; INE_OK for NULL. Shareable. */
INE_API int32_t ine_error_code(const ine_error *err);

/** One English sentence without personal data, secrets or bytes of a reply. Lives with the error.
 */
INE_API ine_str ine_error_text(const ine_error *err);

/** A number by INE_DETAIL_*; -1 when it is not known. */
INE_API int64_t ine_error_number(const ine_error *err, int32_t detail);

/** A text by INE_DETAIL_*; absent when it is not known. Lives with the error. */
INE_API ine_str ine_error_str(const ine_error *err, int32_t detail);

/** What was refused locally, when the code is INE_E_INPUT; otherwise NULL. Borrowed from the error.
 */
INE_API const ine_report *ine_error_report(const ine_error *err);

/** The error as the JSON object {"error":{...}} of docs/output.md. Lives with the error. */
INE_API ine_str ine_error_json(const ine_error *err);

/** Frees an error. */
INE_API void ine_error_free(ine_error *err);

/* ==== Options ================================================================================= */

/** @name Options. Text (t) or number (n); defaults in brackets. A value that can not work is
 * refused when it is set. */
/** t: https://host[:port][/path], from the customer portal; no default */
#define INE_OPT_BASE_URL 1
/** t: sent as VRF-INTEGRATION-ID; only with "flexible API keys" */
#define INE_OPT_INTEGRATION_ID 2
/** t: http://host:port; default none. The environment is never followed */
#define INE_OPT_PROXY              3
#define INE_OPT_CA_FILE            4  /**< t: path of a PEM bundle; default the system's */
#define INE_OPT_CA_PEM             5  /**< t: PEM text in place of a file */
#define INE_OPT_CLIENT_CERT        6  /**< t: path of a PEM client certificate */
#define INE_OPT_CLIENT_KEY         7  /**< t: path of its PEM key */
#define INE_OPT_CONNECT_TIMEOUT_MS 8  /**< n: [5000] */
#define INE_OPT_CALL_TIMEOUT_MS    9  /**< n: [15000]; media get 30 s and 1 s for each 256 KB */
#define INE_OPT_DEADLINE_MS        10 /**< n: [600000] for a whole flow, from its start */
#define INE_OPT_USER_AGENT_SUFFIX  11 /**< t: printable ASCII, 1..120 */
#define INE_OPT_RETRIES            12 /**< n: [2] 0..5 repeats of what is provably safe to repeat */
#define INE_OPT_REPLY_SIGNATURES   13 /**< n: INE_REPLY_SIGNATURES_* [DEFAULT] */
/** n: [1] sign POST /sessions too, which keeps the vendor's replies on HMAC (C-21) */
#define INE_OPT_SIGN_SESSIONS 14
/** n: bit (1 << check) for each check that must have passed; [0] the default set */
#define INE_OPT_REQUIRE       15
#define INE_OPT_STRICT        16 /**< n: INE_STRICT_* bits that turn warnings into errors [0] */
#define INE_OPT_POLL_FIRST_MS 17 /**< n: [2000]; 50 with a sandbox key */
#define INE_OPT_POLL_MAX_MS   18 /**< n: [30000]; 500 with a sandbox key */
#define INE_OPT_MAX_REPLY     19 /**< n: [1048576] bytes of a reply; downloads 32 MB */
/** n: [0] 1: a client's flow waits after its CREATED event for ine_client_continue() */
#define INE_OPT_PAUSE_CREATED 20
#define INE_OPT_PROGRESS      21 /**< n: [0] 1: PROGRESS events are posted */
/** n: [0] 1: media are sent with their EXIF location and serial numbers */
#define INE_OPT_KEEP_METADATA 22
#define INE_OPT_SEED          23 /**< n: seed of the jitter, for tests; [0] drawn from the system */
/** n: today as YYYYMMDD for date checks; [0] the system's date in UTC */
#define INE_OPT_TODAY 24
/** n: [0] new sessions a flow may make when the registry was down */
#define INE_OPT_RETRY_LATER 25
/** n: [1] 0: send without the local checks (the vendor decides) */
#define INE_OPT_LOCAL_CHECKS 26
/** n: [0] failed calls in a row after which nothing is sent for 5 s; 0: never */
#define INE_OPT_BREAKER 27
/** n: [0] 1: a client posts an ATTEMPT event for each request that it made */
#define INE_OPT_ATTEMPTS 28
/** n: [1] 0: a client without a thread of its own, whose work ine_client_drive() does */
#define INE_OPT_THREAD 29

/** as documented: present must be right; absent only where the vendor allows it */
#define INE_REPLY_SIGNATURES_DEFAULT 0
#define INE_REPLY_SIGNATURES_REQUIRE 1 /**< everywhere */
#define INE_REPLY_SIGNATURES_OFF     2 /**< sandbox keys only */

/** the vendor's mask `AAAA######AAAAAA##`: refuses a letter in position 17 (C-8) */
#define INE_STRICT_CURP_MASK   1
#define INE_STRICT_CURP_DIGIT  2  /**< the CURP's check digit */
#define INE_STRICT_CURP_DATE   4  /**< the CURP's date must exist and not lie in the future */
#define INE_STRICT_CURP_STATE  8  /**< the CURP's state code must be known */
#define INE_STRICT_AGE         16 /**< 18 or older by the CURP */
#define INE_STRICT_IMAGE       32 /**< images whose metadata we can not read are refused */
#define INE_STRICT_CONSISTENCY 64 /**< the CURP must agree with names and dates */

/** Options with every default; they are checked when they are set, and copied by whoever takes
 * them. */
INE_API int32_t ine_options_new(ine_options **out, ine_error **err);
/** Sets a text option; NULL sets it back to its default. */
INE_API int32_t ine_options_set_text(ine_options *options, int32_t option, const char *text,
                                     size_t text_len, ine_error **err);
/** Sets a number option. */
INE_API int32_t ine_options_set_number(ine_options *options, int32_t option, int64_t number,
                                       ine_error **err);
/** Frees options. */
INE_API void ine_options_free(ine_options *options);

/* ==== Credentials and signing ================================================================= */

/**
 * Credentials of one integration. `label` (1..64 printable ASCII, may be empty) names it in
 * results; `api_key` must be a UUID (API code 1802). Secrets are added next; the newest (the first
 * added) signs, all of them verify.
 */
INE_API int32_t ine_credentials_new(ine_credentials **out, const char *label, size_t label_len,
                                    const char *api_key, size_t api_key_len, ine_error **err);

/** Adds a secret of 1..1024 bytes, used as given: never trimmed, never decoded. All zero is an
 * error. At most 8. */
INE_API int32_t ine_credentials_add_secret(ine_credentials *credentials, const char *label,
                                           size_t label_len, const void *secret, size_t secret_len,
                                           ine_error **err);

/**
 * 1 when the API key was minted by a libine sandbox. Only with such a key does a client speak plain
 * http to a host that is not loopback.
 */
INE_API int32_t ine_credentials_is_sandbox(const ine_credentials *credentials);

/** Wipes the secrets. */
INE_API void ine_credentials_free(ine_credentials *credentials);

/**
 * Signs one call: `call` (INE_CALL_*) decides what is signed, the caller does not. For POST and
 * PATCH `data` is the exact body and must be a JSON object; for GET and DELETE it is the UUID in
 * the path. Writes 64 lower-case hex digits. [V-hmac]
 */
INE_API int32_t ine_sign(const ine_credentials *credentials, int32_t call, const void *data,
                         size_t data_len, char out[64], ine_error **err);

/**
 * Verifies a signature over exact bytes (a webhook's or a reply's body): 64 hex digits in any case,
 * decoded, compared in constant time against every secret. Returns INE_OK or INE_E_SIGNATURE.
 * Shareable.
 */
INE_API int32_t ine_verify_signature(const ine_credentials *credentials, const void *body,
                                     size_t body_len, const char *signature, size_t signature_len,
                                     ine_error **err);

/* ==== Calls =================================================================================== */

/** @name API calls. */
#define INE_CALL_CREATE_SESSION 1  /**< POST /v1/sessions */
#define INE_CALL_UPLOAD_MEDIA   2  /**< POST /v1/sessions/{id}/media */
#define INE_CALL_SUBMIT         3  /**< PATCH /v1/sessions/{id} */
#define INE_CALL_DECISION       4  /**< GET /v1/sessions/{id}/decision */
#define INE_CALL_INE_REGISTRY   5  /**< GET /v1/sessions/{id}/decision/ine-registry?version= */
#define INE_CALL_MEDIA_LIST     6  /**< GET /v1/sessions/{id}/media */
#define INE_CALL_ATTEMPTS       7  /**< GET /v1/sessions/{id}/attempts */
#define INE_CALL_COLLECTED_DATA 8  /**< POST /v1/sessions/{id}/collected-data */
#define INE_CALL_DELETE_SESSION 9  /**< DELETE /v1/sessions/{id} */
#define INE_CALL_DOWNLOAD_MEDIA 10 /**< GET /v1/media/{id} */
#define INE_CALL_ATTEMPT_MEDIA  11 /**< GET /v1/attempts/{id}/media */
#define INE_CALL_PERSON         12 /**< GET /v1/sessions/{id}/person */
#define INE_CALL_CURP_REGISTRY  13 /**< GET /v1/sessions/{id}/decision/curp-registry?version= */
/** GET /v1/sessions/{id}/decision/combined-ine-curp-registry?version= */
#define INE_CALL_INE_CURP_REGISTRY 14
#define INE_CALL_WATCHLIST         15 /**< GET /v1/sessions/{id}/watchlist-screening */
#define INE_CALL_RAW_GET           16 /**< GET, path template with {id}; signs the id */
#define INE_CALL_RAW_POST          17 /**< POST, signs the body */
#define INE_CALL_RAW_PATCH         18 /**< PATCH, signs the body */
#define INE_CALL_RAW_DELETE        19 /**< DELETE, signs the id */

/** @name Products. */
/** INE Biometric Database Verification (current): CIC, consent, selfie */
#define INE_PRODUCT_MX_INE        1
#define INE_PRODUCT_INE_BIOMETRIC 2 /**< the older form: document images and selfie */
#define INE_PRODUCT_INE_REGISTRY  3 /**< the legacy form: card state only, no face compared */

/** @name Inputs, with their API paths; ine_name(INE_NAMES_INPUT, ...) gives the path. */
#define INE_IN_CIC        1 /**< t: verification.document.number: exactly 9 digits */
#define INE_IN_CURP       2 /**< t: verification.person.idNumber: 18 characters */
#define INE_IN_FIRST_NAME 3 /**< t: verification.person.firstName */
#define INE_IN_LAST_NAME  4 /**< t: verification.person.lastName: the father's last name */
/** t: verification.person.secondLastName: the mother's last name */
#define INE_IN_SECOND_LAST_NAME 5
/** t: verification.document.firstIssue: YYYY-MM-DD, the year is compared */
#define INE_IN_FIRST_ISSUE 6
/** t: verification.document.validFrom: YYYY-MM-DD, the year is compared */
#define INE_IN_VALID_FROM       7
#define INE_IN_DOCUMENT_COUNTRY 8 /**< t: verification.document.country: [MX] */
#define INE_IN_DOCUMENT_TYPE    9 /**< t: verification.document.type: [ID_CARD] */
/** t: verification.vendorData: opaque, up to 1,000 characters */
#define INE_IN_VENDOR_DATA 10
#define INE_IN_END_USER_ID 11 /**< t: verification.endUserId: UUID */
#define INE_IN_CALLBACK    12 /**< t: verification.callback: https URL */
/** n: verification.consents[type=ine].approved: 1; anything else is refused locally */
#define INE_IN_CONSENT              13
#define INE_IN_CONSENT_TIME         14 /**< n: ms since 1970, kept for evidence, never sent */
#define INE_IN_CONSENT_TEXT_VERSION 15 /**< t: kept for evidence, never sent */
#define INE_IN_CONSENT_CHANNEL      16 /**< t: kept for evidence, never sent */
#define INE_IN_SESSION_ID           17 /**< t: UUID in the path */
/** t: raw calls: path template, as in /v1/sessions/{id}/person */
#define INE_IN_PATH  18
#define INE_IN_QUERY 19 /**< t: raw calls: query string without '?' */
/** t: raw calls and collected-data: the JSON body, sent as it is */
#define INE_IN_BODY 20
/** t: image.context, when INE_MEDIA_* has no constant for it */
#define INE_IN_MEDIA_CONTEXT   21
#define INE_IN_MEDIA_TIMESTAMP 22 /**< t: image.timestamp, ISO 8601 */
/** t: version= of the legacy registry calls: [1.0.0] (C-1) */
#define INE_IN_VERSION    23
#define INE_IN_MEDIA_ID   24 /**< t: UUID in the path of a media download */
#define INE_IN_ATTEMPT_ID 25 /**< t: UUID in the path of an attempt's media */
/** t: YYYY-MM-DD; compared with the CURP, never sent for MX_INE */
#define INE_IN_DATE_OF_BIRTH 26
#define INE_IN_GENDER        27 /**< t: M or F; compared with the CURP, never sent for MX_INE */
#define INE_IN_SELFIE        28 /**< the face image, as a field of a report */
#define INE_IN_MRZ           29 /**< a machine readable zone, as a field of a report */

/** @name Media contexts. */
#define INE_MEDIA_FACE           1
#define INE_MEDIA_DOCUMENT_FRONT 2
#define INE_MEDIA_DOCUMENT_BACK  3

/* ==== Verification and its local checks ======================================================= */

/** A verification of one person for a product. */
INE_API int32_t ine_verification_new(ine_verification **out, int32_t product, ine_error **err);

/** Sets a text input; kept as given, checked by ine_verification_check() and before sending. NULL
 * removes it. */
INE_API int32_t ine_verification_set_text(ine_verification *verification, int32_t input,
                                          const char *text, size_t text_len, ine_error **err);
INE_API int32_t ine_verification_set_number(ine_verification *verification, int32_t input,
                                            int64_t number, ine_error **err);

/** Media from memory. BORROWED until the verification is freed and every submission that uses it
 * has had its event. */
INE_API int32_t ine_verification_set_media(ine_verification *verification, int32_t context,
                                           const void *data, size_t data_len, ine_error **err);

/** Media that the host feeds when it is asked (INE_WANT_MEDIA): read twice or more, in any case
 * from offset 0 on. */
INE_API int32_t ine_verification_set_media_source(ine_verification *verification, int32_t context,
                                                  uint64_t size, ine_error **err);

/** Media from a file: opened and read by ine_client when the flow starts, in constant memory.
 * Sans-IO hosts use a source. */
INE_API int32_t ine_verification_set_media_path(ine_verification *verification, int32_t context,
                                                const char *path, size_t path_len, ine_error **err);

/**
 * Finds every problem at once; sends nothing. Media that is not in memory is checked by its size
 * alone here, and by its content when a flow starts. `options` may be NULL. INE_OK whatever it
 * finds: ask ine_report_errors().
 */
INE_API int32_t ine_verification_check(const ine_verification *verification,
                                       const ine_options *options, ine_report **out,
                                       ine_error **err);
INE_API void ine_verification_free(ine_verification *verification);

/** @name Problems. A problem is an error or a warning; the text never holds the value. */
#define INE_PROBLEM_REQUIRED        1  /**< missing */
#define INE_PROBLEM_FORMAT          2  /**< not the documented form */
#define INE_PROBLEM_LENGTH          3  /**< too long or too short */
#define INE_PROBLEM_CHARACTERS      4  /**< characters that can not be there */
#define INE_PROBLEM_ENCODING        5  /**< not UTF-8, or holds NUL */
#define INE_PROBLEM_DATE            6  /**< not a date that exists */
#define INE_PROBLEM_FUTURE          7  /**< a date in the future */
#define INE_PROBLEM_UNDER_AGE       8  /**< younger than 18 */
#define INE_PROBLEM_STATE           9  /**< unknown state code */
#define INE_PROBLEM_CHECK_DIGIT     10 /**< the check digit does not agree */
#define INE_PROBLEM_LOOKS_LIKE_CURP 11
#define INE_PROBLEM_LOOKS_LIKE_OCR  12 /**< 13 digits: the OCR number, not the CIC */
/** 10 digits: the CIC with its MRZ check digit, or a whole MRZ line */
#define INE_PROBLEM_LOOKS_LIKE_MRZ       13
#define INE_PROBLEM_LOOKS_LIKE_CIC       14
#define INE_PROBLEM_LOOKS_LIKE_VOTER_KEY 15 /**< clave de elector */
#define INE_PROBLEM_CONSENT              16 /**< consent absent or not given */
#define INE_PROBLEM_VALUE                17 /**< not the only value allowed, as in country MX */
#define INE_PROBLEM_UNREADABLE           18 /**< the media can not be read */
#define INE_PROBLEM_EMPTY                19 /**< empty media */
#define INE_PROBLEM_NOT_AN_IMAGE         20 /**< none of the documented formats, by content */
#define INE_PROBLEM_TOO_LARGE            21 /**< over the vendor's size limit */
/** PDF where a photograph belongs, or not agreed with the vendor */
#define INE_PROBLEM_PDF 22
/** an image whose structure ends early or contradicts itself */
#define INE_PROBLEM_DAMAGED    23
#define INE_PROBLEM_DIMENSIONS 24 /**< longer side over 1920 px: the vendor reduces it */
#define INE_PROBLEM_METADATA   25 /**< metadata that can not be removed */
/** vendorData that looks like a CURP, CIC, e-mail or phone */
#define INE_PROBLEM_PERSONAL_DATA 26
#define INE_PROBLEM_INCONSISTENT  27 /**< the CURP does not agree with another input */
#define INE_PROBLEM_WORD          28 /**< an inconvenient word in a CURP; real ones exist */
#define INE_PROBLEM_PLACEHOLDER   29 /**< a CURP used as a placeholder for foreigners */
#define INE_PROBLEM_MASK          30 /**< outside the vendor's printed mask (C-8) */
#define INE_PROBLEM_URL           31 /**< not an absolute https URL */
#define INE_PROBLEM_UNUSED        32 /**< an input that this product does not use */
#define INE_PROBLEM_EXPIRED       33 /**< a card that has expired */

/** Number of problems, errors and warnings together. */
INE_API size_t ine_report_count(const ine_report *report);
/** Number of errors: what stops a verification from being sent. */
INE_API size_t ine_report_errors(const ine_report *report);
/**
 * The i-th problem: the input (INE_IN_*), its API path, the problem (INE_PROBLEM_*), whether it is
 * an error, and an English hint without the value. Any output may be NULL. INE_E_ARGUMENT when
 * there is no such problem.
 */
INE_API int32_t ine_report_item(const ine_report *report, size_t index, int32_t *input,
                                ine_str *path, int32_t *problem, int32_t *is_error, ine_str *hint);
/** The report as JSON: {"ok":bool,"problems":[{"field","code","severity","hint"}]}. Lives with the
 * report. */
INE_API ine_str ine_report_json(const ine_report *report);
INE_API void ine_report_free(ine_report *report);

/* ==== Mexican documents ======================================================================= */

/**
 * Checks a CURP by itself. The report's field is person.idNumber; `options` (may be NULL) say what
 * is an error and what day it is. *birth (YYYYMMDD, 0 when it does not exist) and *sex (the letter
 * H, M or X, else 0) may be NULL.
 */
INE_API int32_t ine_curp_check(ine_report **out, const char *curp, size_t curp_len,
                               const ine_options *options, int32_t *birth, int32_t *sex,
                               ine_error **err);

/** @name Fields of a machine readable zone. Personal data: do not log them. */
#define INE_MRZ_CIC        1 /**< 9 digits; absent when they are none */
#define INE_MRZ_NUMBER     2 /**< the 13 digits at the end of line 1 */
#define INE_MRZ_CITIZEN_ID 3 /**< identificador del ciudadano: the last 9 of them */
#define INE_MRZ_EMISSION   4 /**< two digits that count the cards issued */
#define INE_MRZ_BIRTH      5 /**< n: YYYYMMDD */
#define INE_MRZ_EXPIRY     6 /**< n: YYYYMMDD */
#define INE_MRZ_SEX        7 /**< H or M as INE prints it, or X */
#define INE_MRZ_SURNAMES   8 /**< as printed, '<' for spaces, cut at 30 characters */
#define INE_MRZ_GIVEN      9

/**
 * Reads the back of an INE card: one to three lines of 30 characters, joined or on lines of their
 * own [ICAO 9303-5]. INE_OK whatever it finds wrong: ask ine_mrz_report(), whose field is "mrz".
 */
INE_API int32_t ine_mrz_read(ine_mrz **out, const char *text, size_t text_len,
                             const ine_options *options, ine_error **err);
/** One field: returns INE_FIELD_*. Any output may be NULL. */
INE_API int32_t ine_mrz_field(const ine_mrz *mrz, int32_t field, ine_str *text, int64_t *number);
/** What is wrong with it. Borrowed. */
INE_API const ine_report *ine_mrz_report(const ine_mrz *mrz);
/** Wipes it. */
INE_API void ine_mrz_free(ine_mrz *mrz);

/**
 * Checks the record that an institution gives to the vendor once so that it can reach INE through
 * FIMPE: a JSON object with encryptionKey, endpointUrl, institutionId, stationId, latitude,
 * longitude, postalCode, city and state. The report's fields have those names, and 0 for an input.
 */
INE_API int32_t ine_registration_check(ine_report **out, const void *record, size_t record_len,
                                       ine_error **err);

/* ==== Decisions =============================================================================== */

/** @name What a body is. */
#define INE_KIND_UNKNOWN          0
#define INE_KIND_DECISION         1 /**< a decision, decided or not */
#define INE_KIND_SESSION          2 /**< the reply to create and submit */
#define INE_KIND_MEDIA            3 /**< the reply to an upload */
#define INE_KIND_ERROR            4 /**< {"status","code","message"} */
#define INE_KIND_INE_REGISTRY     5 /**< {"active","documentState"} */
#define INE_KIND_MEDIA_LIST       6
#define INE_KIND_ATTEMPTS         7
#define INE_KIND_EVENT            8 /**< event webhook */
#define INE_KIND_INE_WEBHOOK      9 /**< legacy INE registry webhook */
#define INE_KIND_CURP_WEBHOOK     10
#define INE_KIND_INE_CURP_WEBHOOK 11
#define INE_KIND_USER_STATUS      12
#define INE_KIND_BINARY           13 /**< a media download */
#define INE_KIND_COLLECTED_DATA   14

/** @name State of a field. */
#define INE_FIELD_ABSENT  0
#define INE_FIELD_NULL    1
#define INE_FIELD_PRESENT 2
#define INE_FIELD_UNKNOWN 3 /**< present, but not of the documented type */

/** @name Fields of a decision; ine_name(INE_NAMES_FIELD, ...) gives the JSON path. Text unless
 * marked n (integer or 0/1). */
#define INE_D_STATUS                1
#define INE_D_SESSION_ID            2
#define INE_D_ATTEMPT_ID            3
#define INE_D_VENDOR_DATA           4
#define INE_D_END_USER_ID           5
#define INE_D_SESSION_STATUS        6
#define INE_D_CODE                  7 /**< n */
#define INE_D_REASON                8
#define INE_D_REASON_CODE           9 /**< n */
#define INE_D_DECISION_TIME         10
#define INE_D_ACCEPTANCE_TIME       11
#define INE_D_SUBMISSION_TIME       12
#define INE_D_FIRST_NAME            13
#define INE_D_LAST_NAME             14
#define INE_D_DATE_OF_BIRTH         15
#define INE_D_GENDER                16
#define INE_D_NATIONALITY           17
#define INE_D_ID_NUMBER             18
#define INE_D_YEAR_OF_BIRTH         19
#define INE_D_PLACE_OF_BIRTH        20
#define INE_D_DOCUMENT_NUMBER       21
#define INE_D_DOCUMENT_TYPE         22
#define INE_D_DOCUMENT_COUNTRY      23
#define INE_D_DOCUMENT_STATE        24
#define INE_D_INE_STATUS            25
#define INE_D_INE_ERROR_CODE        26
#define INE_D_INE_ERROR_MESSAGE     27
#define INE_D_INE_TIMESTAMP         28
#define INE_D_IP                    29
#define INE_D_FACE_MATCH            30 /**< n */
#define INE_D_FACE_MATCH_PERCENTAGE 31 /**< n */
#define INE_D_FACE_RESPONSE_STATUS  32
#define INE_D_ACTIVE                33 /**< n */
#define INE_D_DOCUMENT_STATE_TEXT   34
#define INE_D_SESSION_URL           35 /**< a bearer link: do not log */
#define INE_D_SESSION_HOST          36
#define INE_D_SESSION_TOKEN         37 /**< a bearer token: do not log */
#define INE_D_MEDIA_ID              38
#define INE_D_MEDIA_NAME            39
#define INE_D_MEDIA_CONTEXT         40
#define INE_D_MEDIA_SIZE            41 /**< n */
#define INE_D_MEDIA_MIMETYPE        42
#define INE_D_MEDIA_URL             43
#define INE_D_API_CODE              44 /**< n; a string of digits or a number (C-18) */
#define INE_D_API_MESSAGE           45
#define INE_D_EVENT_TYPE            46 /**< eventType or type */
#define INE_D_ACTION                47
#define INE_D_FEATURE               48
#define INE_D_VERSION               49
#define INE_D_TIME                  50
#define INE_D_VERIFICATION          51  /**< state only: is there a verification object? */
#define INE_D_MX_INE                52  /**< state only */
#define INE_D_VALIDATIONS           53  /**< state only */
#define INE_D_INE_ERROR             54  /**< state only */
#define INE_D_FACE_RESULT           55  /**< state only: ineBiometricRegistryValidation */
#define INE_D_COMMENTS              56  /**< state only (C-13) */
#define INE_D_DATA_STATUS           57  /**< legacy webhooks: data.status */
#define INE_D_DATA_CODE             58  /**< n; legacy webhooks: data.code */
#define INE_D_CHECK_RESULT          100 /**< + check: `validations.<check>.result` */
#define INE_D_CHECK_REASON          120 /**< + check: `validations.<check>.reason` */
#define INE_D_CHECK_ENTRY           140 /**< + check: state only */

/** @name Lists inside a decision, for ine_decision_count() and ine_decision_item(). */
#define INE_LIST_UNKNOWN_CHECKS 1 /**< items: name, result, reason */
#define INE_LIST_REGISTRIES     2 /**< items: key of registryValidations, status */
#define INE_LIST_ATTEMPTS       3 /**< items: id, status, createdTime */
#define INE_LIST_IMAGES         4 /**< items: id, context, size, mimetype, name, url */
#define INE_LIST_VIDEOS         5 /**< as images */

/** @name Columns of a list's items. */
#define INE_ITEM_NAME     1
#define INE_ITEM_RESULT   2
#define INE_ITEM_REASON   3
#define INE_ITEM_STATUS   4
#define INE_ITEM_ID       5
#define INE_ITEM_TIME     6
#define INE_ITEM_CONTEXT  7
#define INE_ITEM_SIZE     8 /**< n */
#define INE_ITEM_MIMETYPE 9
#define INE_ITEM_URL      10
#define INE_ITEM_ENTRY    11 /**< state only: is the item an object? */

/** @name Flags of ine_decision_read(). */
#define INE_READ_COPY   0
#define INE_READ_BORROW 1 /**< `body` is borrowed until the decision is freed; no copy is made */

/**
 * Reads any body of the API, strictly: exactly RFC 8259, depth 64, no second occurrence of a member
 * that is read. The kind is found from the body. It says nothing about a signature: use an
 * exchange, or ine_verify_signature() first. Accepts any status.
 */
INE_API int32_t ine_decision_read(ine_decision **out, const void *body, size_t body_len,
                                  int32_t flags, ine_error **err);

/**
 * Reads another body into a handle that only the caller holds; all its earlier views end. With
 * INE_READ_BORROW nothing is allocated. After a failure the handle reads as INE_KIND_UNKNOWN.
 */
INE_API int32_t ine_decision_reread(ine_decision *decision, const void *body, size_t body_len,
                                    int32_t flags, ine_error **err);

/** INE_KIND_*. */
INE_API int32_t ine_decision_kind(const ine_decision *decision);

/** The exact bytes as received. */
INE_API ine_str ine_decision_bytes(const ine_decision *decision);

/** One field: its state, and its text or number. Any output may be NULL. */
INE_API int32_t ine_decision_field(const ine_decision *decision, int32_t field, ine_str *text,
                                   int64_t *number);

/**
 * Many fields in one call: for each id in `fields` its text, number and state. Arrays of `count`;
 * any of the three outputs may be NULL. A number that is not there is 0, a text that is not there
 * has ptr NULL.
 */
INE_API int32_t ine_decision_fields(const ine_decision *decision, const int32_t *fields,
                                    size_t count, ine_str *text, int64_t *number, int32_t *state);

/** Number of items in a list. */
INE_API size_t ine_decision_count(const ine_decision *decision, int32_t list);

/** One column of one item of a list: returns INE_FIELD_*. Any output may be NULL. */
INE_API int32_t ine_decision_item(const ine_decision *decision, int32_t list, size_t index,
                                  int32_t column, ine_str *text, int64_t *number);

/**
 * Any value by JSON Pointer [RFC 6901]: the exact slice of the bytes, unknown members included.
 * INE_OK and an absent view when there is none.
 */
INE_API int32_t ine_decision_find(const ine_decision *decision, const char *pointer,
                                  size_t pointer_len, ine_str *out, ine_error **err);
INE_API void ine_decision_free(ine_decision *decision);

/* ==== Verdicts ================================================================================ */

/** @name Checks in cascade order [V-2026-06 "Validation cascade"]; 1-4 are core. */
#define INE_CHECK_CONSENT_OBTAINED            1
#define INE_CHECK_PERSON_REGISTERED           2
#define INE_CHECK_SELFIE_REGISTRY_MATCH       3
#define INE_CHECK_NOT_REPORTED_LOST_OR_STOLEN 4
#define INE_CHECK_FIRST_NAME_MATCH            5
#define INE_CHECK_FATHER_LAST_NAME_MATCH      6
#define INE_CHECK_MOTHER_LAST_NAME_MATCH      7
#define INE_CHECK_PERSONAL_NUMBER_MATCH       8
#define INE_CHECK_REGISTRATION_YEAR_MATCH     9
#define INE_CHECK_ISSUE_YEAR_MATCH            10

/** @name State of a check. */
#define INE_STATE_ABSENT       0 /**< not enabled, or not run */
#define INE_STATE_UNRECOGNISED 1 /**< never counts as passed */
#define INE_STATE_PASSED       2
#define INE_STATE_INCONCLUSIVE 3
#define INE_STATE_FAILED       4
#define INE_STATE_SKIPPED      5 /**< an earlier core check failed */
#define INE_STATE_NO_INPUT     6 /**< the input was not sent */

/** @name Outcomes. */
#define INE_OUTCOME_UNKNOWN                  0 /**< fail closed */
#define INE_OUTCOME_PENDING                  1
#define INE_OUTCOME_RESUBMIT                 2
#define INE_OUTCOME_EXPIRED                  3
#define INE_OUTCOME_ABANDONED                4
#define INE_OUTCOME_REVIEW                   5
#define INE_OUTCOME_VERIFIED                 6
#define INE_OUTCOME_APPROVED_WITH_EXCEPTIONS 7
#define INE_OUTCOME_CONSENT_MISSING          8
#define INE_OUTCOME_INPUT_ERROR              9
#define INE_OUTCOME_NOT_VERIFIED             10
#define INE_OUTCOME_RETRY_LATER              11
/** legacy registry: no face compared, never verified */
#define INE_OUTCOME_CARD_ACTIVE     12
#define INE_OUTCOME_CARD_NOT_ACTIVE 13 /**< legacy registry: also "not found" */

/** @name What to do next. */
#define INE_ADVICE_NONE              0
#define INE_ADVICE_WAIT              1
#define INE_ADVICE_RESUBMIT          2
#define INE_ADVICE_RETRY_NEW_SESSION 3
#define INE_ADVICE_MANUAL_REVIEW     4
#define INE_ADVICE_ASK_CONSENT       5
#define INE_ADVICE_CORRECT_INPUT     6
#define INE_ADVICE_NEW_SELFIE        7
#define INE_ADVICE_REFUSE_CARD       8

/** @name Anomalies: things that a reader should know of; they never change the outcome. Bit (1 <<
 * value). */
#define INE_ANOMALY_NA_WITHOUT_UPSTREAM_FAILURE 0
#define INE_ANOMALY_SUCCESS_AFTER_FAILURE       1
#define INE_ANOMALY_APPROVED_WITH_FAILED_CORE   2
#define INE_ANOMALY_STATUS_CODE_MISMATCH        3
#define INE_ANOMALY_REASON_CODE_MISMATCH        4
#define INE_ANOMALY_REGISTRY_STATUS_MISMATCH    5
#define INE_ANOMALY_UNKNOWN_CHECK               6
#define INE_ANOMALY_UNKNOWN_RESULT              7
#define INE_ANOMALY_UNKNOWN_REASON              8
#define INE_ANOMALY_MIXED_CASE                  9
#define INE_ANOMALY_VALIDATIONS_WITH_ERROR      10
#define INE_ANOMALY_FACE_PERCENT_MISMATCH       11

/** @name Audiences and languages of texts. */
#define INE_TEXT_CITIZEN 1
#define INE_TEXT_AGENT   2
#define INE_TEXT_LOG     3
#define INE_LANG_ES_MX   1
#define INE_LANG_EN      2

/** @name Fields of a verdict. */
/** n: 1 only when the outcome is VERIFIED and every required check PASSED */
#define INE_V_VERIFIED 1
#define INE_V_OUTCOME  2 /**< n and text */
/** n: the check, 0 for "registry", -1 for none. text: its name */
#define INE_V_ROOT_CAUSE         3
#define INE_V_ADVICE             4  /**< n and text */
#define INE_V_FAILED             5  /**< n: bits (1 << check) */
#define INE_V_UNMET              6  /**< n: bits (1 << check): required and not PASSED */
#define INE_V_UNCHECKED          7  /**< n: bits (1 << input): sent, and no check was made of it */
#define INE_V_INPUTS             8  /**< n: bits (1 << input): what to correct */
#define INE_V_ANOMALIES          9  /**< n: bits (1 << anomaly) */
#define INE_V_REQUIRED           10 /**< n: bits (1 << check): the set that was required */
#define INE_V_REGISTRY_STATUS    11
#define INE_V_REGISTRY_ERROR     12
#define INE_V_REGISTRY_TIMESTAMP 13
#define INE_V_SESSION_ID         14
#define INE_V_SESSION_STATUS     15
#define INE_V_SESSION_CODE       16 /**< n; state absent when there is none */
#define INE_V_REASON_CODE        17 /**< n; state absent when there is none */
/** n: 1: approved, but without any INE result: is the INE step configured? */
#define INE_V_NO_INE_RESULT    18
#define INE_V_CHECK_STATE      100 /**< + check: n: INE_STATE_*. text: its name */
#define INE_V_CHECK_REASON     120 /**< + check: text as received */
#define INE_V_CHECK_BLOCKED_BY 140 /**< + check: n: the check that stopped it. text: its name */

/**
 * Interprets a decision. `require` is a set of bits (1 << check) that must have PASSED; 0 takes the
 * default: the four core checks, or the selfie alone for an older-form result. `sent` is a set of
 * bits (1 << input) that are known to have been sent; 0 when only the decision is known. Interprets
 * any kind of body: what is not a decision is UNKNOWN.
 */
INE_API int32_t ine_verdict_new(ine_verdict **out, const ine_decision *decision, int64_t require,
                                int64_t sent, ine_error **err);

/** One field: returns INE_FIELD_*. Any output may be NULL. */
INE_API int32_t ine_verdict_field(const ine_verdict *verdict, int32_t field, ine_str *text,
                                  int64_t *number);

/** Many fields in one call, as ine_decision_fields(). */
INE_API int32_t ine_verdict_fields(const ine_verdict *verdict, const int32_t *fields, size_t count,
                                   ine_str *text, int64_t *number, int32_t *state);

/** A text for an audience (INE_TEXT_*) in a language (INE_LANG_*), without personal data. Lives
 * with the verdict. */
INE_API ine_str ine_verdict_text(const ine_verdict *verdict, int32_t audience, int32_t language);

/** The verdict as the one JSON object of docs/output.md. Made when first asked for; lives with the
 * verdict. Shareable. */
INE_API ine_str ine_verdict_json(const ine_verdict *verdict);
INE_API void ine_verdict_free(ine_verdict *verdict);

/* ==== Webhooks ================================================================================ */

/**
 * A receiver of webhooks: credentials of 1..16 integrations, of which x-auth-client picks one. Fill
 * it first; after that it is shareable.
 */
INE_API int32_t ine_webhooks_new(ine_webhooks **out, ine_error **err);

/** Adds an integration; shares `credentials`. A second one with the same API key is refused. */
INE_API int32_t ine_webhooks_add(ine_webhooks *webhooks, const ine_credentials *credentials,
                                 ine_error **err);

/** Largest body that is accepted, in bytes [1048576]. */
INE_API int32_t ine_webhooks_set_limit(ine_webhooks *webhooks, int64_t bytes, ine_error **err);
INE_API void ine_webhooks_free(ine_webhooks *webhooks);

/** @name Why a delivery was refused: for the receiver's own eyes, never for a reply. */
#define INE_REASON_NONE                0
#define INE_REASON_NO_SIGNATURE        1 /**< neither x-hmac-signature nor vrf-hmac-signature */
#define INE_REASON_SEVERAL_SIGNATURES  2 /**< repeated or joined by commas */
#define INE_REASON_CONFLICT            3 /**< the two header families differ */
#define INE_REASON_LEGACY_SIGNATURE    4 /**< only x-signature, the old plain hash */
#define INE_REASON_MALFORMED_SIGNATURE 5 /**< not 64 hex digits */
#define INE_REASON_NO_KEY              6 /**< no x-auth-client */
#define INE_REASON_UNKNOWN_KEY         7 /**< x-auth-client of no integration that is known here */
/** right in form, wrong for this body and these secrets */
#define INE_REASON_WRONG_SIGNATURE 8
#define INE_REASON_TOO_LARGE       9
#define INE_REASON_ENCODED         10 /**< a Content-Encoding: not the bytes that were signed */
/** genuine, but of another session, user or vendorData */
#define INE_REASON_UNEXPECTED       11
#define INE_REASON_TRAILING_NEWLINE 12 /**< diagnose: right without the last line end */
#define INE_REASON_MISSING_NEWLINE  13 /**< right with a line end added */
#define INE_REASON_REFORMATTED      14 /**< right for the same JSON, written another way */
#define INE_REASON_LINE_ENDS        15 /**< right with the other line ends */
#define INE_REASON_BOM              16 /**< right without the byte order mark */
#define INE_REASON_SECRET_SPACE     17 /**< right with the secret's white space trimmed */
#define INE_REASON_SECRET_IS_KEY    18 /**< right with the API key as the secret */
/** right with the secret's UUID or hex digits as bytes */
#define INE_REASON_SECRET_DECODED    19
#define INE_REASON_OTHER_INTEGRATION 20 /**< right with another integration's secret */
#define INE_REASON_SIGNED_ID         21 /**< right for the session's id instead of the body */
#define INE_REASON_LEGACY_SCHEME     22 /**< right as the old plain hash of body and secret */

/** What to do about a reason, in a language (INE_LANG_*). Static. */
INE_API ine_str ine_reason_hint(int32_t reason, int32_t language);

/**
 * Opens a delivery: signature first, then the body is read and interpreted. Headers are pairs in
 * any case, as they came: repeated ones repeated, joined ones joined. `require` as in
 * ine_verdict_new(). `flags`: INE_READ_*. A refusal is always INE_E_WEBHOOK_REFUSED with one text;
 * *reason (may be NULL) says why, for a local log. A genuine delivery whose body can not be read is
 * INE_E_JSON or INE_E_FORM. No time is checked: none is signed, and honest deliveries come again
 * for a week [V-webhooks]; drop duplicates by ine_webhook_field(INE_W_DECISION_ID) under a unique
 * index.
 */
INE_API int32_t ine_webhooks_open(ine_webhook **out, const ine_webhooks *webhooks,
                                  const ine_str *names, const ine_str *values, size_t headers,
                                  const void *body, size_t body_len, int64_t require, int32_t flags,
                                  int32_t *reason, ine_error **err);

/**
 * Finds out why a signature does not fit: tries what usually goes wrong (INE_REASON_*) and returns
 * the first explanation that fits, or what ine_webhooks_open() would say. Never prints a secret.
 */
INE_API int32_t ine_webhooks_diagnose(const ine_webhooks *webhooks, const ine_str *names,
                                      const ine_str *values, size_t headers, const void *body,
                                      size_t body_len);

/** @name Fields of a delivery. */
#define INE_W_KIND         1 /**< n: INE_KIND_*. text: its name */
#define INE_W_DEDUPE_KEY   2 /**< text: 64 hex digits, equal for the same bytes (BLAKE2) */
#define INE_W_DECISION_ID  3 /**< text: ine_decision_id() */
#define INE_W_INTEGRATION  4 /**< text: label of the credentials */
#define INE_W_SECRET       5 /**< text: label of the secret that fitted */
#define INE_W_SECRET_INDEX 6 /**< n: 0 is the newest */

/** One field: returns INE_FIELD_*. Any output may be NULL. */
INE_API int32_t ine_webhook_field(const ine_webhook *webhook, int32_t field, ine_str *text,
                                  int64_t *number);

/** The body. Borrowed from the delivery. */
INE_API const ine_decision *ine_webhook_decision(const ine_webhook *webhook);

/** What it means. Borrowed from the delivery. */
INE_API const ine_verdict *ine_webhook_verdict(const ine_webhook *webhook);

/**
 * Refuses a genuine delivery of another tenant: `field` is INE_D_SESSION_ID, INE_D_VENDOR_DATA or
 * INE_D_END_USER_ID and must be the text given. INE_E_WEBHOOK_REFUSED when it is not.
 */
INE_API int32_t ine_webhook_expect(const ine_webhook *webhook, int32_t field, const char *text,
                                   size_t text_len, ine_error **err);
INE_API void ine_webhook_free(ine_webhook *webhook);

/**
 * The identity of a decision or event, equal for webhook and poll: session, attempt, code and
 * decision time, joined by '/', '-' for what is not there. Writes at most `cap` (192 are enough)
 * bytes; *len is its length.
 */
INE_API int32_t ine_decision_id(const ine_decision *decision, char *out, size_t cap, size_t *len,
                                ine_error **err);

/**
 * Orders deliveries of one session: 1 when `a` counts in place of `b`. A decision counts before an
 * event, a conclusive decision (9001, 9102, 9104) before one that is not, otherwise the later
 * decision time. 0 for different sessions and for equals.
 */
INE_API int32_t ine_decision_supersedes(const ine_decision *a, const ine_decision *b);

/* ==== Evidence, pseudonyms, redaction ========================================================= */

/** A text that the library made. */
INE_API ine_str ine_text_view(const ine_text *text);
INE_API void ine_text_free(ine_text *text);

/**
 * 32 hex digits that stand for a CIC or CURP in logs: keyed BLAKE2 under the caller's own pepper of
 * 32..64 bytes (never the API secret). Personal data all the same: it can be joined and, with the
 * pepper, tried out.
 */
INE_API int32_t ine_pseudonym(const void *pepper, size_t pepper_len, const char *value,
                              size_t value_len, char out[32], ine_error **err);

/**
 * A body that is safe to put into a ticket: ids, states, codes, times and checks as they are, every
 * other value replaced by "[redacted]". Members that we do not know are redacted too.
 */
INE_API int32_t ine_redact(ine_text **out, const void *body, size_t body_len, ine_error **err);

/** @name Inputs of an auditor's record; all may be left out. */
#define INE_EVIDENCE_RECEIVED_AT     1 /**< n: ms since 1970 */
#define INE_EVIDENCE_SOURCE          2 /**< t: poll, webhook or file */
#define INE_EVIDENCE_INTEGRATION     3 /**< t: label of the credentials */
#define INE_EVIDENCE_SECRET          4 /**< t: label of the secret */
#define INE_EVIDENCE_SELFIE_GIVEN    5 /**< t: SHA-256 of the selfie as given, 64 hex digits */
#define INE_EVIDENCE_SELFIE_SENT     6 /**< t: SHA-256 of the selfie as sent, 64 hex digits */
#define INE_EVIDENCE_CONSENT_TIME    7 /**< n: ms since 1970 */
#define INE_EVIDENCE_CONSENT_VERSION 8 /**< t */
#define INE_EVIDENCE_CONSENT_CHANNEL 9 /**< t */

/**
 * SHA-256 of an image as given and as a client with these options (may be NULL) would send it,
 * without its location and serial numbers: 64 hex digits each, for a record. Either output may be
 * NULL.
 */
INE_API int32_t ine_media_digest(const void *data, size_t data_len, const ine_options *options,
                                 char given[64], char sent[64], ine_error **err);

/** A record for an auditor, without personal data, of a decision and what it was taken to mean. */
INE_API int32_t ine_evidence_new(ine_evidence **out, const ine_decision *decision,
                                 const ine_verdict *verdict, ine_error **err);
INE_API int32_t ine_evidence_set_text(ine_evidence *evidence, int32_t item, const char *text,
                                      size_t text_len, ine_error **err);
INE_API int32_t ine_evidence_set_number(ine_evidence *evidence, int32_t item, int64_t number,
                                        ine_error **err);
/** The record as one JSON object (docs/output.md). */
INE_API int32_t ine_evidence_json(ine_text **out, const ine_evidence *evidence, ine_error **err);
INE_API void ine_evidence_free(ine_evidence *evidence);

/**
 * Does a record belong to a body, and does its verdict follow from it? INE_OK; INE_E_MISMATCH when
 * the SHA-256 or the interpretation differs; INE_E_FORM when it is not a record.
 */
INE_API int32_t ine_evidence_check(const void *record, size_t record_len, const void *body,
                                   size_t body_len, ine_error **err);

/* ==== Requests and exchanges (sans-IO) ======================================================== */

/** One API call; fields by INE_IN_*. */
INE_API int32_t ine_request_new(ine_request **out, int32_t call, ine_error **err);
INE_API int32_t ine_request_set_text(ine_request *request, int32_t input, const char *text,
                                     size_t text_len, ine_error **err);
INE_API int32_t ine_request_set_number(ine_request *request, int32_t input, int64_t number,
                                       ine_error **err);
/** The body of INE_CALL_CREATE_SESSION: the verification's inputs are copied. */
INE_API int32_t ine_request_set_verification(ine_request *request,
                                             const ine_verification *verification, ine_error **err);
/** The image of INE_CALL_UPLOAD_MEDIA from memory, BORROWED until the last exchange of this request
 * is freed. */
INE_API int32_t ine_request_set_media(ine_request *request, int32_t context, const void *data,
                                      size_t data_len, ine_error **err);
/**
 * The image of INE_CALL_UPLOAD_MEDIA from a file: opened by ine_client_submit() and read in
 * constant memory. Without a client it is refused when the exchange is made: those hosts use a
 * source.
 */
INE_API int32_t ine_request_set_media_path(ine_request *request, int32_t context, const char *path,
                                           size_t path_len, ine_error **err);
/** The image of INE_CALL_UPLOAD_MEDIA, fed by the host when it is asked. */
INE_API int32_t ine_request_set_media_source(ine_request *request, int32_t context, uint64_t size,
                                             ine_error **err);
INE_API void ine_request_free(ine_request *request);

/** @name What an exchange or a flow wants next. */
#define INE_WANT_SEND  1 /**< send a request: ask for method, URL, headers, then read the body */
#define INE_WANT_MEDIA 2 /**< feed media: `a` is the offset, `b` the most bytes wanted */
#define INE_WANT_RECV  3 /**< feed the reply */
#define INE_WANT_WAIT  4 /**< wait `a` ms, then ask again; a flow may be fed a webhook meanwhile */
#define INE_WANT_STORE 5 /**< a flow: the session exists; store its id, then ask again */
#define INE_WANT_DONE  6 /**< take the result */

/** @name Parts of a request, for ine_exchange_get(). Views live until the exchange is asked or fed
 * again. */
#define INE_X_METHOD        1
#define INE_X_URL           2 /**< whole, as in https://host/v1/sessions */
#define INE_X_TARGET        3 /**< path and query, as in /v1/sessions */
#define INE_X_TEMPLATE      4 /**< for logs: /v1/sessions/{id}/media */
#define INE_X_BODY          5 /**< absent while the body holds media: read it instead */
#define INE_X_MEDIA_CONTEXT 6 /**< which media INE_WANT_MEDIA asks for */

/** @name Why a transport failed, for ine_exchange_feed_failure(). */
#define INE_FAIL_RESOLVE          1 /**< not sent */
#define INE_FAIL_CONNECT          2 /**< not sent */
#define INE_FAIL_TLS              3 /**< not sent, and never retried */
#define INE_FAIL_BROKEN           4 /**< may have been processed */
#define INE_FAIL_TIMEOUT          5 /**< may have been processed */
#define INE_FAIL_TIMEOUT_NOT_SENT 6 /**< connect or handshake took too long */
/** the reply is not HTTP as the API speaks it; may have been processed */
#define INE_FAIL_PROTOCOL 7
#define INE_FAIL_LIMIT    8 /**< the reply is larger than allowed; may have been processed */
#define INE_FAIL_MEDIA    9 /**< the host could not read the media; not sent completely */

/**
 * Freezes a request and signs it. `options` and `request` are copied; `credentials` are shared.
 * `now_ms` starts the deadline.
 */
INE_API int32_t ine_exchange_new(ine_exchange **out, const ine_request *request,
                                 const ine_credentials *credentials, const ine_options *options,
                                 int64_t now_ms, ine_error **err);

/**
 * What to do next: INE_WANT_*, with its numbers in `a` and `b`. SEND comes once for each attempt;
 * after it the host reads the body with ine_exchange_read(), then feeds the reply.
 */
INE_API int32_t ine_exchange_next(ine_exchange *exchange, int64_t now_ms, int32_t *want, int64_t *a,
                                  int64_t *b, ine_error **err);

/** A part of the current request. */
INE_API ine_str ine_exchange_get(const ine_exchange *exchange, int32_t part);

/** The i-th header to send. Host, Content-Length and connection headers are the transport's.
 * Returns INE_E_ARGUMENT past the last. */
INE_API int32_t ine_exchange_header(const ine_exchange *exchange, size_t index, ine_str *name,
                                    ine_str *value);

/** Length of the body in bytes; 0 for none. */
INE_API uint64_t ine_exchange_body_size(const ine_exchange *exchange);

/** The longest this attempt may take, in ms, from when it is sent. */
INE_API int64_t ine_exchange_attempt_timeout(const ine_exchange *exchange);

/**
 * Reads the next bytes of the body: `*written` of at most `cap`. When it is 0 and the body is not
 * at its end, *want is INE_WANT_MEDIA with offset and length in `a` and `b`; at the end *want is
 * INE_WANT_RECV. INE_E_MEDIA_CHANGED: abort the connection; the request as signed has not been sent
 * completely.
 */
INE_API int32_t ine_exchange_read(ine_exchange *exchange, void *buffer, size_t cap, size_t *written,
                                  int32_t *want, int64_t *a, int64_t *b, ine_error **err);

/** Media bytes that were asked for, from the offset that was asked for; fewer are fine, none means
 * it ended early. */
INE_API int32_t ine_exchange_feed_media(ine_exchange *exchange, const void *data, size_t data_len,
                                        ine_error **err);

/** Start of a (new) header block: only the final one counts; 1xx are dropped. */
INE_API int32_t ine_exchange_feed_status(ine_exchange *exchange, int32_t status, ine_error **err);
INE_API int32_t ine_exchange_feed_header(ine_exchange *exchange, const char *name, size_t name_len,
                                         const char *value, size_t value_len, ine_error **err);
/** Body bytes as received. INE_E_LIMIT: abort the connection, then feed INE_FAIL_LIMIT. */
INE_API int32_t ine_exchange_feed_body(ine_exchange *exchange, const void *data, size_t data_len,
                                       ine_error **err);
/** The reply ended cleanly. */
INE_API int32_t ine_exchange_feed_end(ine_exchange *exchange, int64_t now_ms, ine_error **err);
/** The transport failed: INE_FAIL_*, and its own code for INE_DETAIL_TRANSPORT_CODE. */
INE_API int32_t ine_exchange_feed_failure(ine_exchange *exchange, int32_t failure,
                                          int64_t transport_code, int64_t now_ms, ine_error **err);
/** Ends the exchange: its result is INE_E_CANCELLED, or INE_E_OUTCOME_UNKNOWN when a session may
 * have been made. */
INE_API int32_t ine_exchange_cancel(ine_exchange *exchange, ine_error **err);
/** The result, once, when DONE: a decision (any reply), or the error as this call's own failure. */
INE_API int32_t ine_exchange_take(ine_exchange *exchange, ine_decision **out, ine_error **err);
INE_API void ine_exchange_free(ine_exchange *exchange);

/* ==== Flows (sans-IO) ========================================================================= */

/** @name What a flow does. */
#define INE_FLOW_START  1 /**< check, create, upload, submit */
#define INE_FLOW_WAIT   2 /**< the decision of a session */
#define INE_FLOW_VERIFY 3 /**< both */
#define INE_FLOW_RESUME 4 /**< finds out where a session stands, and goes on */

/**
 * A whole verification. START and VERIFY take a verification, WAIT a session id, RESUME a session
 * id and, if the selfie may be needed again, a verification. The verification is borrowed until the
 * flow is freed.
 */
INE_API int32_t ine_flow_new(ine_flow **out, int32_t mode, const ine_verification *verification,
                             const char *session_id, size_t session_id_len,
                             const ine_credentials *credentials, const ine_options *options,
                             int64_t now_ms, ine_error **err);

/** What to do next: INE_WANT_*. SEND, MEDIA and RECV concern ine_flow_exchange(). */
INE_API int32_t ine_flow_next(ine_flow *flow, int64_t now_ms, int32_t *want, int64_t *a, int64_t *b,
                              ine_error **err);

/** The exchange to drive now; NULL when there is none. Borrowed until the next ine_flow_next(). */
INE_API ine_exchange *ine_flow_exchange(ine_flow *flow);

/** Which media (INE_MEDIA_*) an INE_WANT_MEDIA asks for, from ine_flow_next() or
 * ine_exchange_read(). */
INE_API int32_t ine_flow_media(const ine_flow *flow);

/** Media bytes for an INE_WANT_MEDIA that came from ine_flow_next(). */
INE_API int32_t ine_flow_feed_media(ine_flow *flow, const void *data, size_t data_len,
                                    ine_error **err);

/** A verified webhook's decision ends a wait for the same session; another session's is refused
 * with INE_E_MISMATCH. */
INE_API int32_t ine_flow_feed_decision(ine_flow *flow, const ine_decision *decision,
                                       ine_error **err);

/** Where it stands: INE_STEP_*. */
INE_API int32_t ine_flow_step(const ine_flow *flow);
/** The session's id once it is known. */
INE_API ine_str ine_flow_session_id(const ine_flow *flow);
/** The session's URL for SDK and web flows, once it is known: a bearer link, do not log. */
INE_API ine_str ine_flow_session_url(const ine_flow *flow);
/** Ends the flow: its result is INE_E_CANCELLED or INE_E_OUTCOME_UNKNOWN. */
INE_API int32_t ine_flow_cancel(ine_flow *flow, ine_error **err);
/**
 * The result, once, when DONE: a verdict and its decision (either output may be NULL), or the error
 * as this call's own failure. After START the verdict is PENDING and the decision is the submit
 * reply.
 */
INE_API int32_t ine_flow_take(ine_flow *flow, ine_verdict **verdict, ine_decision **decision,
                              ine_error **err);
INE_API void ine_flow_free(ine_flow *flow);

/* ==== Queues and events ======================================================================= */

/** @name Events. Exactly one DONE for each submission; CREATED, PROGRESS and ATTEMPT may come
 * before it. */
#define INE_EVENT_DONE     1
#define INE_EVENT_CREATED  2
#define INE_EVENT_PROGRESS 3
#define INE_EVENT_CLOSED   4 /**< the client has closed: its last event */
#define INE_EVENT_ATTEMPT  5 /**< one request has ended, whatever came of it (INE_OPT_ATTEMPTS) */

/** @name Numbers of an event, for ine_event_number(). */
#define INE_EV_STEP    1 /**< INE_STEP_* */
#define INE_EV_BYTES   2 /**< body bytes sent so far */
#define INE_EV_TOTAL   3 /**< of so many */
#define INE_EV_POLLS   4 /**< times asked for the decision */
#define INE_EV_WAIT_MS 5 /**< until the next try */
#define INE_EV_ATTEMPT 6 /**< of the current call */
#define INE_EV_STATUS  7 /**< ATTEMPT: HTTP status of the reply; 0: none came */
#define INE_EV_TIME_MS 8 /**< ATTEMPT: from sending to its end */
/** ATTEMPT: bytes of the reply's body */
#define INE_EV_RECEIVED 9
#define INE_EV_FAILURE  10 /**< ATTEMPT: INE_FAIL_*; 0: a reply came; -1: given up by the caller */

/** @name Texts of an ATTEMPT event, for ine_event_text(). Neither holds an id or a value. */
#define INE_EV_METHOD   20 /**< GET */
#define INE_EV_TEMPLATE 21 /**< /v1/sessions/{id}/decision */

/** A queue; one thread at a time takes events from it, any thread may cause them. */
INE_API int32_t ine_queue_new(ine_queue **out, ine_error **err);
/**
 * A descriptor that is readable while there are events. A host may only poll it; ine_queue_drain()
 * clears it. INE_E_FORKED in a forked child.
 */
INE_API int32_t ine_queue_fd(const ine_queue *queue);
/**
 * Takes up to `cap` events: waits 0 (no wait), n ms, or -1 (until there is one). *count may be 0:
 * time is up, ine_queue_wake(), or a signal was caught. INE_E_BUSY: another thread is draining.
 */
INE_API int32_t ine_queue_drain(ine_queue *queue, ine_event **out, size_t cap, int64_t wait_ms,
                                size_t *count, ine_error **err);
/** Makes a waiting drain return. Any thread. */
INE_API void ine_queue_wake(ine_queue *queue);
/**
 * A hook that is called when the queue becomes non-empty, on a library thread, without locks held:
 * it must only schedule a drain, which then takes events until there are none. `release` is called
 * once when the hook is no longer used. Setting NULL waits for a running call to end and calls
 * `release` on the calling thread; from inside the hook it is INE_E_STATE.
 */
INE_API int32_t ine_queue_on_ready(ine_queue *queue, void (*ready)(uint64_t token),
                                   void (*release)(uint64_t token), uint64_t token,
                                   ine_error **err);
INE_API void ine_queue_free(ine_queue *queue);

/** INE_EVENT_*. */
INE_API int32_t ine_event_kind(const ine_event *event);
/** The caller's token of the submission. */
INE_API uint64_t ine_event_token(const ine_event *event);
/** The submission's id. */
INE_API uint64_t ine_event_submission(const ine_event *event);
INE_API int64_t ine_event_number(const ine_event *event, int32_t number);
/** The session's id once it is known. */
INE_API ine_str ine_event_session_id(const ine_event *event);
/** The session's URL (CREATED): a bearer link, do not log. */
INE_API ine_str ine_event_session_url(const ine_event *event);
/** A text by INE_EV_METHOD or INE_EV_TEMPLATE; absent for other events. Lives with the event. */
INE_API ine_str ine_event_text(const ine_event *event, int32_t text);
/** The error of a DONE, borrowed; NULL when it went well. */
INE_API const ine_error *ine_event_error(const ine_event *event);
/** Moves the results out; each output may be NULL; what is not there is NULL. The error moves to
 * *err, whose code is returned. */
INE_API int32_t ine_event_take(ine_event *event, ine_verdict **verdict, ine_decision **decision,
                               ine_error **err);
INE_API void ine_event_free(ine_event *event);

/* ==== Client (libcurl) ======================================================================== */

/** A client over libcurl with one thread, started on the first submission (INE_OPT_THREAD). Shares
 * `credentials`, copies `options`. */
INE_API int32_t ine_client_new(ine_client **out, const ine_credentials *credentials,
                               const ine_options *options, ine_error **err);

/** Submits one call. Exactly one DONE event follows on `queue`, never inside this call. *id (may be
 * NULL) names it. */
INE_API int32_t ine_client_submit(ine_client *client, const ine_request *request, ine_queue *queue,
                                  uint64_t token, uint64_t *id, ine_error **err);

/**
 * Submits a flow (INE_FLOW_*). The verification's inputs are copied; its media in memory stay
 * borrowed until the DONE event.
 */
INE_API int32_t ine_client_run(ine_client *client, int32_t mode,
                               const ine_verification *verification, const char *session_id,
                               size_t session_id_len, ine_queue *queue, uint64_t token,
                               uint64_t *id, ine_error **err);

/**
 * Does the work of a client without a thread (INE_OPT_THREAD 0) on the calling thread, so that a
 * program that waits for its call anyway pays for no hand-over. Returns when an event has been
 * posted, after `wait_ms` (-1: no limit; a signal does not end it), or at once when nothing is in
 * flight; drain the queue then. What other threads submit, cancel, continue, feed and close
 * meanwhile is done in the same call. One thread at a time: INE_E_BUSY. Nothing happens to a
 * submission between two calls; its times go on, and CLOSED takes a call too. INE_E_CLOSED after
 * that; INE_E_STATE for a client with a thread.
 */
INE_API int32_t ine_client_drive(ine_client *client, int64_t wait_ms, ine_error **err);

/** Lets a flow go on that waits after its CREATED event (INE_OPT_PAUSE_CREATED). Idempotent. */
INE_API int32_t ine_client_continue(ine_client *client, uint64_t id, ine_error **err);
/** Feeds a verified webhook's decision to every wait for its session; copies it. */
INE_API int32_t ine_client_feed_decision(ine_client *client, const ine_decision *decision,
                                         ine_error **err);
/** Cancels a submission: its DONE event follows. Idempotent. */
INE_API int32_t ine_client_cancel(ine_client *client, uint64_t id, ine_error **err);
/** Starts closing: everything in flight is cancelled, then one CLOSED event follows on `queue`. */
INE_API int32_t ine_client_close(ine_client *client, ine_queue *queue, uint64_t token,
                                 ine_error **err);
INE_API void ine_client_free(ine_client *client);

#ifdef __cplusplus
}
#endif
#endif
