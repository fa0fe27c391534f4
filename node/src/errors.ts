/** The tree of errors: the same names and codes in every language. No text here holds a personal value. */
import { CODE, type ErrorCode, type ProblemCode } from './constants.js';
import { core, type ProblemFacts } from './core.js';

/** What is wrong with an input: its API path (`document.number`), a code, what to do about it; never the value. */
export interface Problem {
  readonly field: string;
  readonly code: ProblemCode;
  readonly severity: 'error' | 'warning';
  readonly hint: string | null;
}

export function problemsOf(facts: ProblemFacts): Problem[] {
  const out: Problem[] = [];
  for (let at = 0; at < facts.length; at += 5)
    out.push({
      field: String(facts[at + 1]),
      code: String(facts[at + 2]),
      severity: facts[at + 3] ? 'error' : 'warning',
      hint: facts[at + 4] as string | null,
    });
  return out;
}

/** What is known of an error; -1 and null: not known. */
export interface ErrorFacts {
  number: number;
  code: string;
  kind: number;
  text: string;
  httpStatus: number;
  apiCode: number;
  offset: number;
  retryAfter: number;
  step: string | null;
  sent: string | null;
  retryable: boolean;
  transportCode: number;
  attempts: number;
  sessionId: string | null;
  field: string | null;
  hint: string | null;
  problems: readonly Problem[];
  json: string;
}

function known(number: number): number | null {
  return number === -1 ? null : number;
}

function textOf(facts: ErrorFacts): string {
  return [facts.text, ...facts.problems.map((p) => `${p.field}: ${p.code}`)].join('; ');
}

/** Base of all errors of libine. Its texts and members hold no personal data and no secret. */
export class IneError extends Error {
  /** The code's name, as in `CONNECT`. */
  readonly code: ErrorCode;
  /** The code's number (`INE_E_*` of ine.h). */
  readonly number: number;
  /** HTTP status of the reply. */
  readonly httpStatus: number | null;
  /** The vendor's troubleshooting code, as in 1802. */
  readonly apiCode: number | null;
  /** Byte offset in the body or input. */
  readonly offset: number | null;
  /** Milliseconds that the server asked for. */
  readonly retryAfter: number | null;
  /** Where it happened: check, create, media, submit, wait. */
  readonly step: string | null;
  /** May the server have acted? */
  readonly sent: 'no' | 'yes' | 'unknown' | null;
  /** The same call may be made again without harm. */
  readonly retryable: boolean;
  /** The transport's own code: a system error number. */
  readonly transportCode: number | null;
  /** Requests that were made. */
  readonly attempts: number | null;
  /** The session's id, once there is one. */
  readonly sessionId: string | null;
  /** API path of the input, or name of the setting. */
  readonly field: string | null;
  /** What to do about it. */
  readonly hint: string | null;
  /** Everything that was refused; only InputError has some. */
  readonly problems: readonly Problem[];
  readonly #vendorData: string | null;
  readonly #facts: ErrorFacts;

  /** @internal */
  constructor(facts: ErrorFacts, vendorData: string | null = null, cause?: unknown) {
    super(textOf(facts), cause === undefined ? undefined : { cause });
    this.#facts = facts;
    this.code = facts.code;
    this.number = facts.number;
    this.httpStatus = known(facts.httpStatus);
    this.apiCode = known(facts.apiCode);
    this.offset = known(facts.offset);
    this.retryAfter = known(facts.retryAfter);
    this.step = facts.step;
    this.sent = facts.sent as 'no' | 'yes' | 'unknown' | null;
    this.retryable = facts.retryable;
    this.transportCode = known(facts.transportCode);
    this.attempts = known(facts.attempts);
    this.sessionId = facts.sessionId;
    this.field = facts.field;
    this.hint = facts.hint;
    this.problems = facts.problems;
    this.#vendorData = vendorData;
  }

  /** The vendorData of the call: it finds the session when a reply was lost. Not printed. */
  get vendorData(): string | null {
    return this.#vendorData;
  }

  /** The object `{"error":{...}}` of docs/output.md. */
  toJSON(): { error: Record<string, unknown> } {
    return JSON.parse(this.#facts.json) as { error: Record<string, unknown> };
  }

  /** @internal */
  factsOf(): ErrorFacts {
    return this.#facts;
  }
}

/** Refused here, before anything was sent. `problems` lists all of it. */
export class InputError extends IneError {}
/** 401 or 403. */
export class AuthError extends IneError {}
/** 404. */
export class NotFoundError extends IneError {}
/** The session is in another state. */
export class ConflictError extends IneError {}
/** 429; see `retryAfter`. */
export class RateLimitError extends IneError {}
/** 5xx. */
export class ServerError extends IneError {}
/** No connection, no trusted TLS, or a broken one. */
export class TransportError extends IneError {}
/** The time given to the whole operation is over. */
export class DeadlineError extends IneError {}
/** The caller cancelled; `cause` is the signal's reason. */
export class CancelledError extends IneError {}
/** A reply whose signature, id or form is not right. */
export class ReplyError extends IneError {}
/** Not a genuine webhook. One text whatever the reason: the reason goes to `onRefused` only. */
export class WebhookRefused extends IneError {}
/** A session may or may not have been made: find it by `vendorData`. */
export class OutcomeUnknownError extends IneError {}
/** Of the tree of all languages: what needs a parent's process. Node does not fork; it is never thrown here. */
export class ForkedError extends IneError {}

type ErrorClass = new (facts: ErrorFacts, vendorData?: string | null, cause?: unknown) => IneError;

const CLASSES: readonly ErrorClass[] = [
  IneError,
  IneError,
  InputError,
  AuthError,
  NotFoundError,
  ConflictError,
  RateLimitError,
  ServerError,
  TransportError,
  DeadlineError,
  CancelledError,
  ReplyError,
  WebhookRefused,
  OutcomeUnknownError,
  ForkedError,
];
for (const [at, one] of CLASSES.entries())
  if (at > 0) Object.defineProperty(one.prototype, 'name', { value: one.name, configurable: true, writable: true });

const INPUT = 2;
const DEADLINE = 9;
const CANCELLED = 10;
const REFUSED = 12;

export function makeError(facts: ErrorFacts, vendorData: string | null = null, cause?: unknown): IneError {
  return new (CLASSES[facts.kind] ?? IneError)(facts, vendorData, cause);
}

/** What a call's own end says. */
const ENDS = {
  cancelled: { number: CODE.CANCELLED, code: 'CANCELLED', kind: CANCELLED, text: 'the caller cancelled' },
  late: { number: CODE.DEADLINE, code: 'DEADLINE', kind: DEADLINE, text: 'the deadline has passed' },
} as const;

/** How a call was ended from outside. `late`: its own time was over, and no caller's signal. */
export interface CallEnd {
  readonly ended: boolean;
  readonly late: boolean;
  readonly reason: unknown;
}

/** The same error, of a call whose vendorData is known and that may have been ended from outside. */
export function ofCall(error: IneError, vendorData: string | null, end: CallEnd): IneError {
  const facts = error.factsOf();
  /* An attempt that was given up before anything of it was sent is told to the library as one that did not connect. */
  const unsent = end.ended && facts.number === CODE.TIMEOUT && facts.sent === 'no';
  const to = facts.kind === CANCELLED && end.late ? ENDS.late : unsent ? ENDS[end.late ? 'late' : 'cancelled'] : null;
  if (to === null) return makeError(facts, vendorData, end.reason);
  const json = error.toJSON();
  const { code, text } = to;
  const name = CLASSES[to.kind]?.name;
  json.error = { ...json.error, code, class: name, message: text, retryable: false, retry_after_ms: null };
  const changed = { ...facts, ...to, retryable: false, retryAfter: -1, json: JSON.stringify(json) };
  return makeError(changed, vendorData, end.reason);
}

/** A call that was ended from outside before it began. */
export function endedError(late: boolean, cause: unknown): IneError {
  const { number, code, kind, text } = ENDS[late ? 'late' : 'cancelled'];
  return localError(number, code, kind, text, { cause });
}

/** An error that is found here and not in the library. */
export function localError(
  number: number,
  code: string,
  kind: number,
  text: string,
  more: { field?: string; hint?: string; problems?: readonly Problem[]; cause?: unknown } = {},
): IneError {
  const problems = more.problems ?? [];
  const field = more.field ?? problems[0]?.field ?? null;
  const hint = more.hint ?? problems[0]?.hint ?? null;
  const body: Record<string, unknown> = {
    code,
    field,
    http_status: null,
    retryable: false,
    sent: 'no',
    session: null,
    class: CLASSES[kind]?.name === 'IneError' ? 'Error' : CLASSES[kind]?.name,
    message: text,
    hint,
    api_code: null,
    retry_after_ms: null,
    step: kind === INPUT ? 'check' : null,
  };
  if (problems.length > 0) body.problems = problems;
  const facts: ErrorFacts = {
    number,
    code,
    kind,
    text,
    httpStatus: -1,
    apiCode: -1,
    offset: -1,
    retryAfter: -1,
    step: kind === INPUT ? 'check' : null,
    sent: 'no',
    retryable: false,
    transportCode: -1,
    attempts: -1,
    sessionId: null,
    field,
    hint,
    problems,
    json: JSON.stringify({ error: body }),
  };
  return makeError(facts, null, more.cause);
}

/** Inputs that were refused: an InputError with all of them. */
export function inputError(problems: readonly Problem[]): IneError {
  return localError(CODE.INPUT, 'INPUT', INPUT, 'the input was refused before anything was sent', { problems });
}

/** A setting that can not work. */
export function configError(field: string, text: string, hint?: string): IneError {
  return localError(CODE.CONFIG, 'CONFIG', 1, text, hint === undefined ? { field } : { field, hint });
}

export function stateError(text: string): IneError {
  return localError(CODE.CLOSED, 'CLOSED', 1, text);
}

export function refusedError(): WebhookRefused {
  return localError(CODE.WEBHOOK_REFUSED, 'WEBHOOK_REFUSED', REFUSED, 'the webhook is not genuine');
}

/** The order is that of facts_of() in node/native/raise.c. */
core.setErrorFactory(
  (
    number: number,
    code: string,
    kind: number,
    text: string,
    httpStatus: number,
    apiCode: number,
    offset: number,
    retryAfter: number,
    step: string | null,
    sent: string | null,
    retryable: number,
    transportCode: number,
    attempts: number,
    sessionId: string | null,
    field: string | null,
    hint: string | null,
    problems: ProblemFacts,
    json: string,
  ) =>
    makeError({
      number,
      code,
      kind,
      text,
      httpStatus,
      apiCode,
      offset,
      retryAfter,
      step,
      sent,
      retryable: retryable === 1,
      transportCode,
      attempts,
      sessionId,
      field,
      hint,
      problems: problemsOf(problems),
      json,
    }),
);
