/** Webhooks: the signature first, then the body. What is not genuine is one refusal, whatever the reason. */
import { inspect } from 'node:util';
import { type Check, REASONS, type Reason } from './constants.js';
import { core, ENDS, type Handle, numbers } from './core.js';
import { Credentials, handleOf } from './credentials.js';
import { Decision, kindName } from './decision.js';
import { configError, refusedError } from './errors.js';
import { expressOf, type ExpressHandler } from './express.js';
import { fastifyOf, type FastifyPlugin } from './fastify.js';
import { answerOf, report } from './answer.js';
import { type Delivery, deliveryOf, type HeadersLike } from './headers.js';
import { tell } from './hooks.js';
import { Kept } from './kept.js';
import { lambdaOf, type LambdaHandler } from './lambda.js';
import { type Bytes, bytesOf, requireBits } from './values.js';
import { type Verdict, type VerdictJson, verdictOf } from './verdict.js';
import { webOf, type WebHandler } from './web.js';

/** What a delivery is; `decision` is the one to act on. */
export type EventType =
  | 'decision'
  | 'event'
  | 'ine_webhook'
  | 'curp_webhook'
  | 'ine_curp_webhook'
  | 'user_status'
  | 'unknown'
  | (string & {});

/** What an event shows of itself: ids and verdict. */
export interface EventJson {
  type: string;
  decision_id: string;
  session_id: string | null;
  attempt_id: string | null;
  integration: string | null;
  secret: string | null;
  verdict: VerdictJson;
}

const LIMIT = 1 << 20;
const ENGLISH = 2;
const SPANISH = 1;
/** Place of the kind among the numbers: node/native/addon.h. */
const KIND = 13;
/** Places among the joined texts: node/native/webhooks.c. */
const [SESSION, ATTEMPT, VENDOR, ID, INTEGRATION, SECRET] = [ENDS, ENDS + 1, ENDS + 2, ENDS + 3, ENDS + 4, ENDS + 5];

/**
 * A genuine delivery. It holds personal data: it prints as ids and verdict. Pass on `decisionId`, `vendorData` and
 * `verdict`; deliveries repeat, so `decisionId` belongs under a unique index.
 */
export class Event {
  readonly #receiver: Handle<'webhooks'>;
  readonly #delivery: Delivery;
  readonly #body: Kept;
  readonly #texts: string;
  readonly #kind: number;
  readonly #session: number;
  readonly #attempt: number;
  readonly #vendor: number;
  readonly #id: number;
  readonly #integration: number;
  readonly #secret: number;
  readonly #verdict: Verdict;
  #decision: Decision | null = null;

  /** @internal Reads the numbers of the last crossing. */
  constructor(receiver: Handle<'webhooks'>, delivery: Delivery, body: Uint8Array, texts: string, require: number) {
    this.#receiver = receiver;
    this.#delivery = delivery;
    this.#body = Kept.of(body);
    this.#texts = texts;
    this.#kind = numbers[KIND] as number;
    this.#session = numbers[SESSION] as number;
    this.#attempt = numbers[ATTEMPT] as number;
    this.#vendor = numbers[VENDOR] as number;
    this.#id = numbers[ID] as number;
    this.#integration = numbers[INTEGRATION] as number;
    this.#secret = numbers[SECRET] as number;
    this.#verdict = verdictOf(this.#text(0, this.#session), this.#body, require, null);
  }

  #text(from: number, end: number): string | null {
    return end < 0 ? null : this.#texts.slice(from, end);
  }

  /** `decision` is the one to act on; others as in `event`, `user_status`; `unknown`. */
  get type(): EventType {
    return kindName(this.#kind);
  }
  /** What it means. */
  get verdict(): Verdict {
    return this.#verdict;
  }
  /** The body: the person and the exact bytes. */
  get decision(): Decision {
    this.#decision ??= new Decision(this.#body);
    return this.#decision;
  }
  /** Session, attempt, code and decision time: equal for webhook and poll. */
  get decisionId(): string {
    return this.#text(Math.max(this.#vendor, this.#attempt, this.#session, 0), this.#id) ?? '';
  }
  get sessionId(): string | null {
    return this.#verdict.sessionId;
  }
  get attemptId(): string | null {
    return this.#text(Math.max(this.#session, 0), this.#attempt);
  }
  /** Your own id of the case. */
  get vendorData(): string | null {
    return this.#text(Math.max(this.#attempt, this.#session, 0), this.#vendor);
  }
  get endUserId(): string | null {
    return this.decision.endUserId;
  }
  get action(): string | null {
    return this.decision.action;
  }
  /** Label of the credentials that it came for. */
  get integration(): string | null {
    return this.#text(this.#id, this.#integration);
  }
  /** Label of the secret that fitted: `0` is the newest. */
  get secret(): string | null {
    return this.#text(Math.max(this.#integration, this.#id), this.#secret);
  }
  /** 64 hex digits, equal for the same bytes. */
  get dedupeKey(): string {
    const { signature, client, rest } = this.#delivery;
    return String(core.webhookDedupeKey(this.#receiver, this.#body.bytes(), signature, client, rest, 0));
  }

  /** Refuses a genuine delivery of another session, case or user: a WebhookRefused. */
  expect(wanted: { sessionId?: string; vendorData?: string; endUserId?: string }): this {
    for (const name of ['sessionId', 'vendorData', 'endUserId'] as const)
      if (wanted[name] !== undefined && wanted[name] !== this[name]) throw refusedError();
    return this;
  }

  /** Ids and verdict; the person and your vendorData stay out. */
  toJSON(): EventJson {
    return {
      type: this.type,
      decision_id: this.decisionId,
      session_id: this.sessionId,
      attempt_id: this.attemptId,
      integration: this.integration,
      secret: this.secret,
      verdict: this.verdict.toJSON(),
    };
  }

  [inspect.custom](): string {
    return `Event { ${this.type} session=${this.sessionId} outcome=${this.verdict.outcome} }`;
  }
}

/** Why a delivery is refused. For your own eyes: never for a reply. */
export interface Diagnosis {
  readonly reason: Reason;
  readonly hint: string | null;
}

/** Settings of a receiver. */
export interface WebhooksOptions {
  /** Checks that must have passed [the four core ones]. */
  require?: readonly Check[];
  /** Bytes [1048576]: a larger body is refused, and not read to its end. */
  limit?: number;
  /** Hears why something was refused: for a local log, never for a reply. */
  onRefused?: (reason: Reason) => void;
  /** Hears of a handler that failed (the answer is 500 then) and of a genuine body that can not be read. */
  onError?: (error: unknown) => void;
}

/** What is done with an event; it may be awaited. The answer is 200 when it returns, 500 when it throws. */
export type Handler = (event: Event) => unknown;

/** A receiver for 1..16 integrations; x-auth-client picks one. Make one and share it. */
export class Webhooks {
  /** Largest body, in bytes. */
  readonly limit: number;
  readonly #handle: Handle<'webhooks'>;
  readonly #require: number;
  readonly #options: WebhooksOptions;

  constructor(credentials: Credentials | readonly Credentials[], options: WebhooksOptions = {}) {
    const all = credentials instanceof Credentials ? [credentials] : [...credentials];
    if (all.length === 0) throw configError('credentials', 'a receiver needs the credentials of an integration');
    this.limit = options.limit ?? LIMIT;
    this.#require = requireBits(options.require);
    this.#options = options;
    this.#handle = core.webhooksNew(this.limit, all.map(handleOf));
  }

  /**
   * Verifies, reads and interprets a delivery. `headers` as the host has them (repeated ones repeated), `body` the bytes
   * as received. Throws a WebhookRefused when it is not genuine, an IneError (`JSON`, `FORM`) when a genuine body can
   * not be read, a TypeError when the body was decoded or parsed.
   */
  open(headers: HeadersLike, body: Bytes): Event {
    const view = bytesOf(body, 'the body');
    const delivery = deliveryOf(headers);
    const { signature, client, rest } = delivery;
    const texts = core.webhookOpen(this.#handle, view, signature, client, rest, this.#require);
    if (typeof texts !== 'string') this.#refuse(texts);
    return new Event(this.#handle, delivery, view, texts, this.#require);
  }

  #refuse(number: number): never {
    tell(this.#options.onRefused, REASONS[number] ?? 'UNKNOWN');
    throw refusedError();
  }

  /** Tries what usually goes wrong: a reformatted body, a trimmed secret, the other integration's secret. */
  diagnose(headers: HeadersLike, body: Bytes, language: 'en' | 'es-MX' = 'en'): Diagnosis {
    const { signature, client, rest } = deliveryOf(headers);
    const number = core.webhookDiagnose(this.#handle, bytesOf(body, 'the body'), signature, client, rest);
    const hint = core.reasonHint(number, language === 'en' ? ENGLISH : SPANISH);
    return { reason: REASONS[number] ?? 'UNKNOWN', hint };
  }

  /**
   * Opens a delivery, awaits `handler(event)` and says what to answer: 200, 401 when it was refused, 500 when the handler
   * failed or a genuine body can not be read. For a framework that is not below. Rejects only when the body is no bytes.
   */
  answer(headers: HeadersLike, body: Bytes, handler: Handler): Promise<200 | 401 | 500> {
    return answerOf(this, headers, body, handler, this.#options.onError);
  }

  /** A handler of Web requests: Next.js route handlers, Hono, Remix, Deno, Bun. */
  handler(handler: Handler): WebHandler {
    return webOf(this, handler);
  }

  /** A handler of Express 4 and 5, for `app.post(path, webhooks.express(...))`, before any body parser. */
  express(handler: Handler): ExpressHandler {
    return expressOf(this, handler, (error) => report(error, this.#options.onError));
  }

  /** A plugin of Fastify 4 and 5 with one route: `app.register(webhooks.fastify(path, ...))`. */
  fastify(path: string, handler: Handler): FastifyPlugin {
    return fastifyOf(this, path, handler);
  }

  /** A handler of AWS Lambda: API Gateway v1 and v2, function URLs, load balancers. */
  lambda(handler: Handler): LambdaHandler {
    return lambdaOf(this, handler);
  }

  [inspect.custom](): string {
    return 'Webhooks {}';
  }
}
