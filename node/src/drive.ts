/** Drives one call or one verification of the library over a transport, until it is done or cancelled. */
import { Attempt, type MediaSource, type Transport, turn } from './attempt.js';
import { FAIL, WANT } from './constants.js';
import { core, type Drive, type Handle, now, numbers } from './core.js';
import { IneError, ofCall, stateError } from './errors.js';
import { type Hooks, isThenable, type RequestInfo, tell } from './hooks.js';
import type { Job } from './inputs.js';
import type { Limit } from './limit.js';
import type { Media, Window } from './media.js';

/** Parts of an image that are signed in a row before others have their turn. */
const TURN = 32;

/** Calls that may be signing, sending or receiving at once; the others wait in line. */
class Slots {
  readonly #waiting = new Set<() => void>();
  #free: number;
  constructor(count: number) {
    this.#free = count;
  }
  /** True when there was one at once; else `then` is called with one. */
  take(then: () => void): boolean {
    if (this.#free === 0) {
      this.#waiting.add(then);
      return false;
    }
    this.#free--;
    return true;
  }
  /** No longer waits in line. */
  leave(then: () => void): void {
    this.#waiting.delete(then);
  }
  give(): void {
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      next();
      return;
    }
    this.#free++;
  }
}

/** What all calls of a client share. */
export class Engine {
  readonly calls = new Set<Call>();
  readonly slots: Slots;
  closed = false;

  constructor(
    readonly credentials: Handle<'credentials'>,
    readonly options: Handle<'options'>,
    readonly transport: Transport,
    readonly hooks: Hooks,
    readonly connectTimeout: number,
    readonly timeout: number,
    maxConnections: number,
  ) {
    this.slots = new Slots(maxConnections);
  }

  /** A webhook's decision ends every wait for its session. */
  feed(body: Uint8Array): void {
    for (const call of this.calls) call.feed(body);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const call of this.calls) call.cancel(stateError('the client was closed'), false);
    this.transport.close();
  }
}

/** What is called when a session has been made. */
export type OnStore = (id: string, url: string | null) => unknown;

/** One call, or one verification, under way. */
export class Call implements MediaSource {
  readonly #engine: Engine;
  readonly #drive: Drive;
  readonly #flow: Handle<'flow'> | null;
  readonly #job: Job | null;
  readonly #onStore: OnStore | null;
  #cancelled = false;
  #late = false;
  #reason: unknown = undefined;
  #wake: (() => void) | null = null;
  #attempt: Attempt | null = null;
  #unsent = false;
  #ahead = 0;
  #number = 0;
  #slot = false;
  #last = { call: '', status: 0, attempt: 0 };

  constructor(engine: Engine, drive: Drive, flow: Handle<'flow'> | null, job: Job | null, onStore: OnStore | null) {
    this.#engine = engine;
    this.#drive = drive;
    this.#flow = flow;
    this.#job = job;
    this.#onStore = onStore;
  }

  media(context: number): Media {
    const all = this.#job?.media;
    const media = all?.get(context) ?? (all?.size === 1 ? [...all.values()][0] : undefined);
    if (media === undefined) throw new Error('libine: an image is asked for that was not given');
    return media;
  }

  /** Ends the call as soon as can be; `late`: its own time is over. */
  cancel(reason: unknown, late: boolean): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#reason = reason;
    this.#late = late;
    this.#unsent = this.#interrupt();
  }

  /** Gives up what is under way. True: a request was, and nothing of it was sent. */
  #interrupt(): boolean {
    const unsent = this.#attempt === null ? this.#ahead === WANT.SEND : this.#attempt.drop();
    this.#wake?.();
    return unsent;
  }

  /** A decision ends a wait, be it a pause or a poll; whatever else is under way goes on. */
  feed(body: Uint8Array): void {
    if (this.#flow === null || this.#cancelled || !core.feedDecision(this.#flow, body)) return;
    const before = this.#ahead;
    this.#want(core.next(this.#flow, now()));
    if (this.#ahead === WANT.DONE) this.#interrupt();
    else if (this.#ahead !== WANT.SEND) this.#ahead = before;
  }

  /** Runs it to its end; take() then has the result. */
  async run(limit: Limit): Promise<void> {
    limit.onEnd = () => this.cancel(limit.reason, limit.late);
    this.#engine.calls.add(this);
    try {
      if (limit.ended) this.cancel(limit.reason, limit.late);
      await this.#loop();
    } finally {
      this.#engine.calls.delete(this);
      limit.onEnd = null;
    }
  }

  async #loop(): Promise<void> {
    try {
      while (await this.#step());
    } finally {
      this.#giveSlot();
    }
  }

  /** False at the end. */
  async #step(): Promise<boolean> {
    if (!this.#slot && !this.#cancelled) await this.#takeSlot();
    if (this.#cancelled) {
      if (this.#unsent) core.feedFailure(this.#drive, FAIL.TIMEOUT_NOT_SENT, 0, now());
      core.cancel(this.#drive);
      return false;
    }
    if (this.#ahead === 0) this.#want(core.next(this.#drive, now()));
    const want = this.#ahead;
    const a = this.#number;
    this.#ahead = 0;
    if (want === WANT.SEND) await this.#send();
    else if (want === WANT.MEDIA) await this.#feedMedia(a);
    else if (want === WANT.WAIT) await this.#pause(a);
    else if (want === WANT.STORE) await this.#store();
    else if (want === WANT.RECV) core.feedFailure(this.#drive, FAIL.BROKEN, 0, now());
    else return false;
    return true;
  }

  /** What is to be done next, and its number. */
  #want(want: number): void {
    this.#ahead = want;
    this.#number = numbers[0] as number;
  }

  /** A promise that a cancelled call, or one that was fed, waits for no longer: then it has not been resolved. */
  #interruptible<T>(
    start: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void,
  ): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const forget = (): void => {
        if (this.#wake === wake) this.#wake = null;
      };
      const stop = start(
        (value) => {
          forget();
          resolve(value);
        },
        (error) => {
          forget();
          reject(error);
        },
      );
      const wake = (): void => {
        forget();
        stop();
        resolve(undefined);
      };
      this.#wake = wake;
    });
  }

  async #takeSlot(): Promise<void> {
    const { slots } = this.#engine;
    let then: () => void = () => {};
    const line = this.#interruptible<true>((resolve) => {
      then = () => resolve(true);
      return () => slots.leave(then);
    });
    if (slots.take(then)) then();
    this.#slot = (await line) === true;
  }

  #giveSlot(): void {
    if (this.#slot) this.#engine.slots.give();
    this.#slot = false;
  }

  async #pause(ms: number): Promise<void> {
    this.#giveSlot();
    this.#job?.rest();
    await this.#interruptible<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      return () => clearTimeout(timer);
    });
  }

  #unlessCancelled<T>(promise: Promise<T>): Promise<T | undefined> {
    return this.#interruptible<T>((resolve, reject) => {
      promise.then(resolve, reject);
      return () => {};
    });
  }

  async #store(): Promise<void> {
    this.#giveSlot();
    const [, id, url] = core.flowState(this.#flow as Handle<'flow'>);
    const stored = this.#onStore?.(id as string, url);
    /* Queries of Prisma, Knex or Mongoose are no Promise, and run when somebody waits for them. */
    if (isThenable(stored)) await this.#unlessCancelled(Promise.resolve(stored));
  }

  /** Lets the library look at an image, or sign it, as far as the part at hand goes; others have their turn between. */
  async #feedMedia(offset: number): Promise<void> {
    const part = this.media(core.mediaOf(this.#drive)).window(offset);
    const window = part instanceof Promise ? await this.#unlessCancelled<Window>(part) : part;
    if (window === undefined || this.#cancelled) return;
    if (window.bytes.byteLength === 0) {
      core.ended(this.#drive, false);
      return;
    }
    this.#want(core.next(this.#drive, now(), window.bytes, window.from, TURN));
    if (!(part instanceof Promise)) await turn();
  }

  async #send(): Promise<void> {
    const attempt = new Attempt(this.#drive, this, this.#engine.connectTimeout);
    const { transport, hooks } = this.#engine;
    this.#attempt = attempt;
    if (hooks.onRequest === undefined && hooks.onResponse === undefined) await transport.send(attempt);
    else await this.#sendHeard(attempt, transport, hooks);
    this.#attempt = null;
  }

  async #sendHeard(attempt: Attempt, transport: Transport, hooks: Hooks): Promise<void> {
    const info = this.#info(attempt);
    tell(hooks.onRequest, info);
    const from = performance.now();
    if (!attempt.aborted) await transport.send(attempt);
    const { status, received, failure } = attempt;
    this.#last = { call: info.method + info.template, status: status ?? 0, attempt: info.attempt };
    tell(hooks.onResponse, { ...info, status, duration: performance.now() - from, received, failure });
  }

  /** The same call again, after one that did not succeed, is its next attempt. */
  #info(attempt: Attempt): RequestInfo {
    const { call, status } = this.#last;
    const again = call === attempt.method + attempt.template && !(status >= 200 && status < 300);
    return {
      method: attempt.method,
      template: attempt.template,
      attempt: again ? this.#last.attempt + 1 : 1,
      size: attempt.size,
      sessionId: this.#flow === null ? null : core.flowState(this.#flow)[1],
    };
  }

  /** What take() throws, as the error of this call. */
  errorOf(error: unknown): unknown {
    if (!(error instanceof IneError)) return error;
    const end = { ended: this.#cancelled, late: this.#late, reason: this.#reason };
    return ofCall(error, this.#job?.vendorData ?? null, end);
  }
}
