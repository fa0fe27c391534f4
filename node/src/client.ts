/** The client: a verification from start to verdict, and each call of the API by itself. */
import { inspect } from 'node:util';
import type { Attempt, Transport } from './attempt.js';
import * as calls from './calls.js';
import { CALL, FLOW, IN, KINDS } from './constants.js';
import { core, type Handle, now, numbers } from './core.js';
import { Credentials, type Environment, handleOf } from './credentials.js';
import { bodyOf, Decision } from './decision.js';
import { Call, Engine, type OnStore } from './drive.js';
import { configError, stateError } from './errors.js';
import { Job, type Person } from './inputs.js';
import { Kept } from './kept.js';
import { type CallOptions, Limit } from './limit.js';
import type { Image } from './media.js';
import { type ClientSettings, optionsOf, type TlsFiles, tlsFiles } from './settings.js';
import type { NodeTransportOptions } from './transport-node.js';
import { type Bytes, stringOf } from './values.js';
import { type Verdict, verdictOf } from './verdict.js';
import type { Event } from './webhooks.js';

/** A session that was made. It prints as its id. */
export class Session {
  readonly id: string;
  readonly #url: string | null;
  readonly #vendorData: string | null;

  /** @internal */
  constructor(id: string, url: string | null, vendorData: string | null) {
    this.id = id;
    this.#url = url;
    this.#vendorData = vendorData;
  }

  /** A bearer link for SDK and web flows: do not log it. */
  get url(): string | null {
    return this.#url;
  }
  get vendorData(): string | null {
    return this.#vendorData;
  }

  [inspect.custom](): string {
    return `Session { ${this.id} }`;
  }
}

/** Of start() and verify(). */
export interface StartOptions extends CallOptions {
  /** Called, and awaited, before anything else happens to the session: store its id there. */
  onCreated?: ((session: Session) => unknown) | undefined;
}

const BINARY = KINDS.indexOf('BINARY');
const DEFAULT_TIMEOUT = 600_000;
const DEFAULT_CONNECT = 5000;
const DEFAULT_CONNECTIONS = 64;

/** node:https is loaded, and made, for the first request: a client costs nothing before. */
class LazyNodeTransport implements Transport {
  readonly #options: NodeTransportOptions;
  #made: Transport | null = null;
  constructor(options: NodeTransportOptions) {
    this.#options = options;
  }
  send(attempt: Attempt): Promise<void> {
    if (this.#made === null) {
      const { NodeTransport } = require('./transport-node.js') as typeof import('./transport-node.js');
      this.#made = new NodeTransport(this.#options);
    }
    return this.#made.send(attempt);
  }
  close(): void {
    this.#made?.close();
  }
}

function transportOf(settings: ClientSettings, files: TlsFiles): Transport {
  const given = [settings.fetch, settings.dispatcher, settings.agent].filter((one) => one !== undefined);
  if (given.length > 1) throw new TypeError('give one of fetch, dispatcher and agent');
  if (given.length > 0 && settings.proxy !== undefined)
    throw new TypeError('proxy is for the own transport: a fetch, dispatcher or agent of yours has its own');
  if (settings.fetch !== undefined) {
    const { FetchTransport } = require('./transport-fetch.js') as typeof import('./transport-fetch.js');
    return new FetchTransport(settings.fetch);
  }
  if (settings.dispatcher !== undefined) {
    const { UndiciTransport } = require('./transport-undici.js') as typeof import('./transport-undici.js');
    return new UndiciTransport(settings.dispatcher);
  }
  const { baseUrl, proxy, agent } = settings;
  return new LazyNodeTransport({ baseUrl, proxy, agent, tls: files });
}

/**
 * One integration. Make one and share it: it keeps connections open, and costs nothing until it is used. Every method
 * takes `signal` and `timeout` (ms), rejects with an IneError, and never blocks the event loop for long.
 */
export class Client {
  readonly credentials: Credentials;
  readonly #engine: Engine;

  constructor(credentials: Credentials, settings: ClientSettings) {
    this.credentials = credentials;
    const options = optionsOf(settings);
    stringOf(settings.baseUrl, 'baseUrl');
    this.#engine = new Engine(
      handleOf(credentials),
      options,
      transportOf(settings, tlsFiles(settings)),
      { onRequest: settings.onRequest, onResponse: settings.onResponse },
      settings.connectTimeout ?? DEFAULT_CONNECT,
      settings.timeout ?? DEFAULT_TIMEOUT,
      settings.maxConnections ?? DEFAULT_CONNECTIONS,
    );
    probe(this.#engine);
  }

  /**
   * From INE_API_KEY, INE_SECRET and INE_BASE_URL, and INE_PROXY and INE_CA_FILE if they are set; settings given here
   * win. Throws an IneError (`CONFIG`) that names what is not set.
   */
  static fromEnv(settings: Partial<ClientSettings> = {}, environment: Environment = process.env): Client {
    const credentials = Credentials.fromEnv(environment);
    const given: Partial<ClientSettings> = { ...settings };
    for (const [name, variable] of [
      ['baseUrl', 'INE_BASE_URL'],
      ['proxy', 'INE_PROXY'],
      ['caFile', 'INE_CA_FILE'],
    ] as const)
      if (given[name] === undefined && environment[variable]) given[name] = environment[variable];
    if (given.baseUrl === undefined)
      throw configError('INE_BASE_URL', 'not set: INE_BASE_URL', 'the customer portal shows it');
    return new Client(credentials, given as ClientSettings);
  }

  /**
   * Checks, makes the session, uploads, submits. The decision comes by webhook, or by wait(). Rejects with an
   * InputError before anything is sent, with an OutcomeUnknownError when the reply to the creation was lost.
   */
  async start(who: Person, options: StartOptions = {}): Promise<Session> {
    let made: Session | null = null;
    await this.#flow(
      FLOW.START,
      () => Job.of(who),
      null,
      options,
      (session) => {
        made = session;
        return options.onCreated?.(session);
      },
    );
    return made as unknown as Session;
  }

  /** start() and wait(). Not verified is a result, never an error. */
  async verify(who: Person, options: StartOptions = {}): Promise<Verdict> {
    return (await this.verifyDecision(who, options)).verdict;
  }

  /** verify(), with the decision beside it, for evidence(). */
  async verifyDecision(who: Person, options: StartOptions = {}): Promise<{ verdict: Verdict; decision: Decision }> {
    return this.#flow(
      FLOW.VERIFY,
      () => Job.of(who),
      null,
      options,
      (session) => options.onCreated?.(session),
    );
  }

  /** The decision of a session, by polling, or by a webhook that feed() brings. */
  async wait(sessionId: string, options: CallOptions = {}): Promise<Verdict> {
    return (await this.#flow(FLOW.WAIT, null, sessionId, options, null)).verdict;
  }

  /**
   * Finds out where a session stands, and goes on to its verdict. `who` is needed when the selfie has not arrived; an
   * IneError (`STATE`) says so.
   */
  async resume(sessionId: string, who?: Person, options: CallOptions = {}): Promise<Verdict> {
    const open = who === undefined ? null : () => Job.of(who);
    return (await this.#flow(FLOW.RESUME, open, sessionId, options, null)).verdict;
  }

  /** A webhook's decision ends every wait for its session. */
  feed(event: Event): void {
    this.#engine.feed(bodyOf(event.decision));
  }

  /** POST /v1/sessions */
  async createSession(who: Person, options: CallOptions = {}): Promise<Decision> {
    return this.#call(() => calls.create(who), options);
  }

  /** POST /v1/sessions/{id}/media */
  async uploadMedia(
    sessionId: string,
    image: Image,
    options: CallOptions & { context?: calls.UploadContext; timestamp?: string } = {},
  ): Promise<Decision> {
    return this.#call(() => calls.upload(sessionId, image, options.context ?? 'face', options.timestamp), options);
  }

  /** PATCH /v1/sessions/{id} */
  async submit(sessionId: string, options: CallOptions = {}): Promise<Decision> {
    return this.#bySession(CALL.SUBMIT, sessionId, options);
  }

  /** GET /v1/sessions/{id}/decision */
  async decision(sessionId: string, options: CallOptions = {}): Promise<Decision> {
    return this.#bySession(CALL.DECISION, sessionId, options);
  }

  /** GET /v1/sessions/{id}/decision/ine-registry */
  async ineRegistry(sessionId: string, options: CallOptions & { version?: string } = {}): Promise<Decision> {
    return this.#bySession(CALL.INE_REGISTRY, sessionId, options, options.version);
  }

  /** GET /v1/sessions/{id}/decision/curp-registry */
  async curpRegistry(sessionId: string, options: CallOptions & { version?: string } = {}): Promise<Decision> {
    return this.#bySession(CALL.CURP_REGISTRY, sessionId, options, options.version);
  }

  /** GET /v1/sessions/{id}/decision/combined-ine-curp-registry */
  async ineCurpRegistry(sessionId: string, options: CallOptions & { version?: string } = {}): Promise<Decision> {
    return this.#bySession(CALL.INE_CURP_REGISTRY, sessionId, options, options.version);
  }

  /** GET /v1/sessions/{id}/media */
  async mediaList(sessionId: string, options: CallOptions = {}): Promise<Decision> {
    return this.#bySession(CALL.MEDIA_LIST, sessionId, options);
  }

  /** GET /v1/sessions/{id}/attempts */
  async attempts(sessionId: string, options: CallOptions = {}): Promise<Decision> {
    return this.#bySession(CALL.ATTEMPTS, sessionId, options);
  }

  /** GET /v1/attempts/{id}/media */
  async attemptMedia(attemptId: string, options: CallOptions = {}): Promise<Decision> {
    const pairs = [IN.ATTEMPT_ID, stringOf(attemptId, 'attemptId')];
    return this.#call(() => calls.requestOf(CALL.ATTEMPT_MEDIA, pairs), options);
  }

  /** GET /v1/sessions/{id}/person */
  async person(sessionId: string, options: CallOptions = {}): Promise<Decision> {
    return this.#bySession(CALL.PERSON, sessionId, options);
  }

  /** GET /v1/sessions/{id}/watchlist-screening */
  async watchlist(sessionId: string, options: CallOptions = {}): Promise<Decision> {
    return this.#bySession(CALL.WATCHLIST, sessionId, options);
  }

  /** POST /v1/sessions/{id}/collected-data; `body` is JSON, sent as it is. */
  async collectedData(sessionId: string, body: string | Bytes, options: CallOptions = {}): Promise<Decision> {
    return this.#call(() => calls.bySession(CALL.COLLECTED_DATA, sessionId, [IN.BODY, calls.jsonBody(body)]), options);
  }

  /** GET /v1/media/{id}: the image is the decision's `bytes`. */
  async downloadMedia(mediaId: string, options: CallOptions = {}): Promise<Decision> {
    const pairs = [IN.MEDIA_ID, stringOf(mediaId, 'mediaId')];
    return this.#call(() => calls.requestOf(CALL.DOWNLOAD_MEDIA, pairs), options);
  }

  /** DELETE /v1/sessions/{id} */
  async deleteSession(sessionId: string, options: CallOptions = {}): Promise<Decision> {
    return this.#bySession(CALL.DELETE_SESSION, sessionId, options);
  }

  /** A signed call of an endpoint without a typed form: GET, POST, PATCH or DELETE of a path such as `/v1/sessions/{id}/person`. */
  async raw(method: string, path: string, call: calls.RawCall & CallOptions = {}): Promise<Decision> {
    return this.#call(() => calls.raw(method, path, call), call);
  }

  /** Cancels what is under way and closes the connections. A closed client can not be used again. */
  close(): void {
    this.#engine.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  toJSON(): { label: string } {
    return { label: this.credentials.label };
  }

  [inspect.custom](): string {
    return `Client { ${this.credentials.label || '(no label)'} }`;
  }

  #needOpen(): void {
    if (this.#engine.closed) throw stateError('the client is closed');
  }

  async #flow(
    mode: number,
    open: (() => Promise<Job>) | null,
    sessionId: string | null,
    options: CallOptions,
    onCreated: ((session: Session) => unknown) | null,
  ): Promise<{ verdict: Verdict; decision: Decision }> {
    this.#needOpen();
    const { credentials, options: settings, timeout } = this.#engine;
    const limit = new Limit(options, timeout);
    let job: Job | null = null;
    let flow: Handle<'flow'> | null = null;
    try {
      const id = sessionId === null ? null : stringOf(sessionId, 'sessionId');
      if (open !== null) job = await limit.during(open(), (late) => late.close());
      this.#needOpen();
      const vendorData = job?.vendorData ?? null;
      const onStore: OnStore = (made, url) => onCreated?.(new Session(made, url, vendorData));
      flow = core.flowNew(mode, job?.verification ?? null, id, credentials, settings, now());
      const call = new Call(this.#engine, flow, flow, job, onStore);
      await call.run(limit);
      try {
        const [session, json, body] = core.takeFlow(flow);
        return { verdict: verdictOf(session, null, 0, json), decision: new Decision(Kept.from(body)) };
      } catch (error) {
        throw call.errorOf(error);
      }
    } finally {
      limit.close();
      if (flow !== null) core.free(flow);
      await job?.close();
    }
  }

  async #call(make: () => calls.Request | Promise<calls.Request>, options: CallOptions): Promise<Decision> {
    this.#needOpen();
    const { credentials, options: settings, timeout } = this.#engine;
    const limit = new Limit(options, timeout);
    let job: Job | null = null;
    let exchange: Handle<'exchange'> | null = null;
    try {
      const made = make();
      const request = made instanceof Promise ? await limit.during(made, (late) => late.job?.close()) : made;
      job = request.job;
      this.#needOpen();
      exchange = calls.exchangeOf(request, credentials, settings);
      const call = new Call(this.#engine, exchange, null, job, null);
      await call.run(limit);
      try {
        const body = core.take(exchange);
        return new Decision(Kept.from(body), numbers[0] === BINARY);
      } catch (error) {
        throw call.errorOf(error);
      }
    } finally {
      limit.close();
      if (exchange !== null) core.free(exchange);
      await job?.close();
    }
  }

  #bySession(call: number, sessionId: string, options: CallOptions, version?: string): Promise<Decision> {
    const more = version === undefined ? [] : [IN.VERSION, version];
    return this.#call(() => calls.bySession(call, sessionId, more), options);
  }
}

/** Settings that can not work are refused when a client is made, not by its first call. */
function probe(engine: Engine): void {
  const request = calls.bySession(CALL.DECISION, '00000000-0000-4000-8000-000000000000');
  core.free(calls.exchangeOf(request, engine.credentials, engine.options));
}
