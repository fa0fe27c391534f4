// generated from abi/ine.abi.json by bindings/gen/ine_gen.py; do not edit

export const CODE = {
  ARGUMENT: -101, MEMORY: -102, STATE: -103, LIMIT: -104, CLOSED: -105, BUSY: -106, UNSUPPORTED: -107, INTERNAL: -108,
  FORKED: -109, CONFIG: -110, INPUT: -201, MEDIA_READ: -202, MEDIA_CHANGED: -203, JSON: -301, FORM: -302,
  UNSIGNED: -401, SIGNATURE: -402, MISMATCH: -403, AUTH: -501, NOT_FOUND: -502, CONFLICT: -503, RATE_LIMIT: -504,
  SERVER: -505, REJECTED: -506, REDIRECT: -507, CONSENT: -508, RESOLVE: -601, CONNECT: -602, TLS: -603, TRANSPORT: -604,
  PROTOCOL: -605, TIMEOUT: -606, DEADLINE: -701, CANCELLED: -702, OUTCOME_UNKNOWN: -801, WEBHOOK_REFUSED: -901,
} as const;

export const CLASS = {
  NONE: 0, ERROR: 1, INPUT: 2, AUTH: 3, NOT_FOUND: 4, CONFLICT: 5, RATE_LIMIT: 6, SERVER: 7, TRANSPORT: 8, DEADLINE: 9,
  CANCELLED: 10, REPLY: 11, WEBHOOK_REFUSED: 12, OUTCOME_UNKNOWN: 13, FORKED: 14,
} as const;

export const OPT = {
  BASE_URL: 1, INTEGRATION_ID: 2, PROXY: 3, CA_FILE: 4, CA_PEM: 5, CLIENT_CERT: 6, CLIENT_KEY: 7, CONNECT_TIMEOUT_MS: 8,
  CALL_TIMEOUT_MS: 9, DEADLINE_MS: 10, USER_AGENT_SUFFIX: 11, RETRIES: 12, REPLY_SIGNATURES: 13, SIGN_SESSIONS: 14,
  REQUIRE: 15, STRICT: 16, POLL_FIRST_MS: 17, POLL_MAX_MS: 18, MAX_REPLY: 19, PAUSE_CREATED: 20, PROGRESS: 21,
  KEEP_METADATA: 22, SEED: 23, TODAY: 24, RETRY_LATER: 25, LOCAL_CHECKS: 26, BREAKER: 27, ATTEMPTS: 28, THREAD: 29,
} as const;

export const REPLY_SIGNATURES = {
  DEFAULT: 0, REQUIRE: 1, OFF: 2,
} as const;

export const STRICT = {
  CURP_MASK: 1, CURP_DIGIT: 2, CURP_DATE: 4, CURP_STATE: 8, AGE: 16, IMAGE: 32, CONSISTENCY: 64,
} as const;

export const CALL = {
  CREATE_SESSION: 1, UPLOAD_MEDIA: 2, SUBMIT: 3, DECISION: 4, INE_REGISTRY: 5, MEDIA_LIST: 6, ATTEMPTS: 7,
  COLLECTED_DATA: 8, DELETE_SESSION: 9, DOWNLOAD_MEDIA: 10, ATTEMPT_MEDIA: 11, PERSON: 12, CURP_REGISTRY: 13,
  INE_CURP_REGISTRY: 14, WATCHLIST: 15, RAW_GET: 16, RAW_POST: 17, RAW_PATCH: 18, RAW_DELETE: 19,
} as const;

export const PRODUCT = {
  MX_INE: 1, INE_BIOMETRIC: 2, INE_REGISTRY: 3,
} as const;

export const IN = {
  CIC: 1, CURP: 2, FIRST_NAME: 3, LAST_NAME: 4, SECOND_LAST_NAME: 5, FIRST_ISSUE: 6, VALID_FROM: 7, DOCUMENT_COUNTRY: 8,
  DOCUMENT_TYPE: 9, VENDOR_DATA: 10, END_USER_ID: 11, CALLBACK: 12, CONSENT: 13, CONSENT_TIME: 14,
  CONSENT_TEXT_VERSION: 15, CONSENT_CHANNEL: 16, SESSION_ID: 17, PATH: 18, QUERY: 19, BODY: 20, MEDIA_CONTEXT: 21,
  MEDIA_TIMESTAMP: 22, VERSION: 23, MEDIA_ID: 24, ATTEMPT_ID: 25, DATE_OF_BIRTH: 26, GENDER: 27, SELFIE: 28, MRZ: 29,
} as const;

export const MEDIA = {
  FACE: 1, DOCUMENT_FRONT: 2, DOCUMENT_BACK: 3,
} as const;

export const FIELD = {
  STATUS: 1, SESSION_ID: 2, ATTEMPT_ID: 3, VENDOR_DATA: 4, END_USER_ID: 5, SESSION_STATUS: 6, CODE: 7, REASON: 8,
  REASON_CODE: 9, DECISION_TIME: 10, ACCEPTANCE_TIME: 11, SUBMISSION_TIME: 12, FIRST_NAME: 13, LAST_NAME: 14,
  DATE_OF_BIRTH: 15, GENDER: 16, NATIONALITY: 17, ID_NUMBER: 18, YEAR_OF_BIRTH: 19, PLACE_OF_BIRTH: 20,
  DOCUMENT_NUMBER: 21, DOCUMENT_TYPE: 22, DOCUMENT_COUNTRY: 23, DOCUMENT_STATE: 24, INE_STATUS: 25, INE_ERROR_CODE: 26,
  INE_ERROR_MESSAGE: 27, INE_TIMESTAMP: 28, IP: 29, FACE_MATCH: 30, FACE_MATCH_PERCENTAGE: 31, FACE_RESPONSE_STATUS: 32,
  ACTIVE: 33, DOCUMENT_STATE_TEXT: 34, SESSION_URL: 35, SESSION_HOST: 36, SESSION_TOKEN: 37, MEDIA_ID: 38,
  MEDIA_NAME: 39, MEDIA_CONTEXT: 40, MEDIA_SIZE: 41, MEDIA_MIMETYPE: 42, MEDIA_URL: 43, API_CODE: 44, API_MESSAGE: 45,
  EVENT_TYPE: 46, ACTION: 47, FEATURE: 48, VERSION: 49, TIME: 50, VERIFICATION: 51, MX_INE: 52, VALIDATIONS: 53,
  INE_ERROR: 54, FACE_RESULT: 55, COMMENTS: 56, DATA_STATUS: 57, DATA_CODE: 58, CHECK_RESULT: 100, CHECK_REASON: 120,
  CHECK_ENTRY: 140,
} as const;

export const LIST = {
  UNKNOWN_CHECKS: 1, REGISTRIES: 2, ATTEMPTS: 3, IMAGES: 4, VIDEOS: 5,
} as const;

export const WANT = {
  SEND: 1, MEDIA: 2, RECV: 3, WAIT: 4, STORE: 5, DONE: 6,
} as const;

export const FAIL = {
  RESOLVE: 1, CONNECT: 2, TLS: 3, BROKEN: 4, TIMEOUT: 5, TIMEOUT_NOT_SENT: 6, PROTOCOL: 7, LIMIT: 8, MEDIA: 9,
} as const;

export const FLOW = {
  START: 1, WAIT: 2, VERIFY: 3, RESUME: 4,
} as const;

export const STEP = {
  NONE: 0, CHECK: 1, CREATE: 2, MEDIA: 3, SUBMIT: 4, WAIT: 5, DONE: 6,
} as const;

export const EVIDENCE = {
  RECEIVED_AT: 1, SOURCE: 2, INTEGRATION: 3, SECRET: 4, SELFIE_GIVEN: 5, SELFIE_SENT: 6, CONSENT_TIME: 7,
  CONSENT_VERSION: 8, CONSENT_CHANNEL: 9,
} as const;

export const MRZ = {
  CIC: 1, NUMBER: 2, CITIZEN_ID: 3, EMISSION: 4, BIRTH: 5, EXPIRY: 6, SEX: 7, SURNAMES: 8, GIVEN: 9,
} as const;

export const CHECKS: readonly string[] = [
  '', 'consent_obtained', 'person_registered', 'selfie_registry_match', 'not_reported_lost_or_stolen',
  'first_name_match', 'father_last_name_match', 'mother_last_name_match', 'personal_number_match',
  'registration_year_match', 'issue_year_match',
];
/** A check, in cascade order [V-2026-06]. Values that this version does not list may come. */
export type Check =
  | 'consent_obtained' | 'person_registered' | 'selfie_registry_match' | 'not_reported_lost_or_stolen'
  | 'first_name_match' | 'father_last_name_match' | 'mother_last_name_match' | 'personal_number_match'
  | 'registration_year_match' | 'issue_year_match'
  | (string & {});

export const STATES: readonly string[] = [
  'ABSENT', 'UNRECOGNISED', 'PASSED', 'INCONCLUSIVE', 'FAILED', 'SKIPPED', 'NO_INPUT',
];
/** What became of a check (docs/verdict.md). */
export type State =
  | 'ABSENT' | 'UNRECOGNISED' | 'PASSED' | 'INCONCLUSIVE' | 'FAILED' | 'SKIPPED' | 'NO_INPUT'
  | (string & {});

export const OUTCOMES: readonly string[] = [
  'UNKNOWN', 'PENDING', 'RESUBMIT', 'EXPIRED', 'ABANDONED', 'REVIEW', 'VERIFIED', 'APPROVED_WITH_EXCEPTIONS',
  'CONSENT_MISSING', 'INPUT_ERROR', 'NOT_VERIFIED', 'RETRY_LATER', 'CARD_ACTIVE', 'CARD_NOT_ACTIVE',
];
/** What a decision means (docs/verdict.md). Decide by `verified`. */
export type Outcome =
  | 'UNKNOWN' | 'PENDING' | 'RESUBMIT' | 'EXPIRED' | 'ABANDONED' | 'REVIEW' | 'VERIFIED' | 'APPROVED_WITH_EXCEPTIONS'
  | 'CONSENT_MISSING' | 'INPUT_ERROR' | 'NOT_VERIFIED' | 'RETRY_LATER' | 'CARD_ACTIVE' | 'CARD_NOT_ACTIVE'
  | (string & {});

export const ADVICES: readonly string[] = [
  'NONE', 'WAIT', 'RESUBMIT', 'RETRY_NEW_SESSION', 'MANUAL_REVIEW', 'ASK_CONSENT', 'CORRECT_INPUT', 'NEW_SELFIE',
  'REFUSE_CARD',
];
/** What to do next. */
export type Advice =
  | 'NONE' | 'WAIT' | 'RESUBMIT' | 'RETRY_NEW_SESSION' | 'MANUAL_REVIEW' | 'ASK_CONSENT' | 'CORRECT_INPUT'
  | 'NEW_SELFIE' | 'REFUSE_CARD'
  | (string & {});

export const ANOMALIES: readonly string[] = [
  'NA_WITHOUT_UPSTREAM_FAILURE', 'SUCCESS_AFTER_FAILURE', 'APPROVED_WITH_FAILED_CORE', 'STATUS_CODE_MISMATCH',
  'REASON_CODE_MISMATCH', 'REGISTRY_STATUS_MISMATCH', 'UNKNOWN_CHECK', 'UNKNOWN_RESULT', 'UNKNOWN_REASON', 'MIXED_CASE',
  'VALIDATIONS_WITH_ERROR', 'FACE_PERCENT_MISMATCH',
];
/** What a reader should know of; it never changes the outcome. */
export type Anomaly =
  | 'NA_WITHOUT_UPSTREAM_FAILURE' | 'SUCCESS_AFTER_FAILURE' | 'APPROVED_WITH_FAILED_CORE' | 'STATUS_CODE_MISMATCH'
  | 'REASON_CODE_MISMATCH' | 'REGISTRY_STATUS_MISMATCH' | 'UNKNOWN_CHECK' | 'UNKNOWN_RESULT' | 'UNKNOWN_REASON'
  | 'MIXED_CASE' | 'VALIDATIONS_WITH_ERROR' | 'FACE_PERCENT_MISMATCH'
  | (string & {});

export const KINDS: readonly string[] = [
  'UNKNOWN', 'DECISION', 'SESSION', 'MEDIA', 'ERROR', 'INE_REGISTRY', 'MEDIA_LIST', 'ATTEMPTS', 'EVENT', 'INE_WEBHOOK',
  'CURP_WEBHOOK', 'INE_CURP_WEBHOOK', 'USER_STATUS', 'BINARY', 'COLLECTED_DATA',
];

export const REASONS: readonly string[] = [
  'NONE', 'NO_SIGNATURE', 'SEVERAL_SIGNATURES', 'CONFLICT', 'LEGACY_SIGNATURE', 'MALFORMED_SIGNATURE', 'NO_KEY',
  'UNKNOWN_KEY', 'WRONG_SIGNATURE', 'TOO_LARGE', 'ENCODED', 'UNEXPECTED', 'TRAILING_NEWLINE', 'MISSING_NEWLINE',
  'REFORMATTED', 'LINE_ENDS', 'BOM', 'SECRET_SPACE', 'SECRET_IS_KEY', 'SECRET_DECODED', 'OTHER_INTEGRATION',
  'SIGNED_ID', 'LEGACY_SCHEME',
];
/** Why a delivery was refused: for the receiver's own eyes, never for a reply. */
export type Reason =
  | 'NONE' | 'NO_SIGNATURE' | 'SEVERAL_SIGNATURES' | 'CONFLICT' | 'LEGACY_SIGNATURE' | 'MALFORMED_SIGNATURE' | 'NO_KEY'
  | 'UNKNOWN_KEY' | 'WRONG_SIGNATURE' | 'TOO_LARGE' | 'ENCODED' | 'UNEXPECTED' | 'TRAILING_NEWLINE' | 'MISSING_NEWLINE'
  | 'REFORMATTED' | 'LINE_ENDS' | 'BOM' | 'SECRET_SPACE' | 'SECRET_IS_KEY' | 'SECRET_DECODED' | 'OTHER_INTEGRATION'
  | 'SIGNED_ID' | 'LEGACY_SCHEME'
  | (string & {});

export const INPUTS: readonly string[] = [
  '', 'document.number', 'person.idNumber', 'person.firstName', 'person.lastName', 'person.secondLastName',
  'document.firstIssue', 'document.validFrom', 'document.country', 'document.type', 'vendorData', 'endUserId',
  'callback', 'consents', 'consent.time', 'consent.textVersion', 'consent.channel', 'sessionId', 'path', 'query',
  'body', 'image.context', 'image.timestamp', 'version', 'mediaId', 'attemptId', 'person.dateOfBirth', 'person.gender',
  'image.content', 'mrz',
];

export const PROBLEMS: readonly string[] = [
  '', 'REQUIRED', 'FORMAT', 'LENGTH', 'CHARACTERS', 'ENCODING', 'DATE', 'FUTURE', 'UNDER_AGE', 'STATE', 'CHECK_DIGIT',
  'LOOKS_LIKE_CURP', 'LOOKS_LIKE_OCR', 'LOOKS_LIKE_MRZ', 'LOOKS_LIKE_CIC', 'LOOKS_LIKE_VOTER_KEY', 'CONSENT', 'VALUE',
  'UNREADABLE', 'EMPTY', 'NOT_AN_IMAGE', 'TOO_LARGE', 'PDF', 'DAMAGED', 'DIMENSIONS', 'METADATA', 'PERSONAL_DATA',
  'INCONSISTENT', 'WORD', 'PLACEHOLDER', 'MASK', 'URL', 'UNUSED', 'EXPIRED',
];
/** What is wrong with an input. */
export type ProblemCode =
  | 'REQUIRED' | 'FORMAT' | 'LENGTH' | 'CHARACTERS' | 'ENCODING' | 'DATE' | 'FUTURE' | 'UNDER_AGE' | 'STATE'
  | 'CHECK_DIGIT' | 'LOOKS_LIKE_CURP' | 'LOOKS_LIKE_OCR' | 'LOOKS_LIKE_MRZ' | 'LOOKS_LIKE_CIC' | 'LOOKS_LIKE_VOTER_KEY'
  | 'CONSENT' | 'VALUE' | 'UNREADABLE' | 'EMPTY' | 'NOT_AN_IMAGE' | 'TOO_LARGE' | 'PDF' | 'DAMAGED' | 'DIMENSIONS'
  | 'METADATA' | 'PERSONAL_DATA' | 'INCONSISTENT' | 'WORD' | 'PLACEHOLDER' | 'MASK' | 'URL' | 'UNUSED' | 'EXPIRED'
  | (string & {});

export const STEPS: readonly string[] = [
  'none', 'check', 'create', 'media', 'submit', 'wait', 'done',
];
/** Steps of a verification. */
export type Step =
  | 'none' | 'check' | 'create' | 'media' | 'submit' | 'wait' | 'done'
  | (string & {});

export const PRODUCTS: readonly string[] = [
  '', 'mx_ine', 'ine_biometric', 'ine_registry',
];
/** Products: the current one, and two older forms. */
export type Product =
  | 'mx_ine' | 'ine_biometric' | 'ine_registry'
  | (string & {});

export const CONTEXTS: readonly string[] = [
  '', 'face', 'document-front', 'document-back',
];
/** What an image shows. */
export type MediaContext =
  | 'face' | 'document-front' | 'document-back'
  | (string & {});

/** The name of an `INE_E_*` code: the same in every language (docs/output.md). */
export type ErrorCode =
  | 'ARGUMENT' | 'MEMORY' | 'STATE' | 'LIMIT' | 'CLOSED' | 'BUSY' | 'UNSUPPORTED' | 'INTERNAL' | 'FORKED' | 'CONFIG'
  | 'INPUT' | 'MEDIA_READ' | 'MEDIA_CHANGED' | 'JSON' | 'FORM' | 'UNSIGNED' | 'SIGNATURE' | 'MISMATCH' | 'AUTH'
  | 'NOT_FOUND' | 'CONFLICT' | 'RATE_LIMIT' | 'SERVER' | 'REJECTED' | 'REDIRECT' | 'CONSENT' | 'RESOLVE' | 'CONNECT'
  | 'TLS' | 'TRANSPORT' | 'PROTOCOL' | 'TIMEOUT' | 'DEADLINE' | 'CANCELLED' | 'OUTCOME_UNKNOWN' | 'WEBHOOK_REFUSED'
  | (string & {});
