/** What ends a call from outside: its caller's signal, and its time. */
import { endedError } from './errors.js';

/** How one call may be ended by its caller. All times in milliseconds. */
export interface CallOptions {
  /** Cancels the call: within milliseconds, whatever it is doing. */
  signal?: AbortSignal | undefined;
  /** ms for the whole call, at most the client's own. */
  timeout?: number | undefined;
}

/** The library ends a call at its deadline by itself, and knows more of it: it goes first. */
const GRACE = 20;

/** One listener for each signal, however many calls it is given to. */
const heard = new WeakMap<AbortSignal, { limits: Set<Limit>; listener: () => void }>();

function listen(signal: AbortSignal, limit: Limit): void {
  let at = heard.get(signal);
  if (at === undefined) {
    const limits = new Set<Limit>();
    const listener = (): void => {
      heard.delete(signal);
      for (const one of limits) one.end(signal.reason, isTimeout(signal.reason));
    };
    signal.addEventListener('abort', listener, { once: true });
    at = { limits, listener };
    heard.set(signal, at);
  }
  at.limits.add(limit);
}

function forget(signal: AbortSignal, limit: Limit): void {
  const at = heard.get(signal);
  if (at === undefined || !at.limits.delete(limit) || at.limits.size > 0) return;
  signal.removeEventListener('abort', at.listener);
  heard.delete(signal);
}

function isTimeout(reason: unknown): boolean {
  return (reason as { name?: unknown } | undefined)?.name === 'TimeoutError';
}

function signalOf(options: CallOptions): AbortSignal | null {
  const signal: unknown = options.signal ?? null;
  if (signal === null) return null;
  const { aborted, addEventListener } = signal as { aborted?: unknown; addEventListener?: unknown };
  if (typeof aborted !== 'boolean' || typeof addEventListener !== 'function')
    throw new TypeError('signal is an AbortSignal');
  return signal as AbortSignal;
}

function timeoutOf(options: CallOptions, most: number): number {
  const { timeout } = options;
  if (timeout === undefined) return most + GRACE;
  if (typeof timeout !== 'number' || !(timeout > 0)) throw new TypeError('timeout is a number of milliseconds over 0');
  if (timeout > most) throw new RangeError(`timeout is over the client's own of ${most} ms; give it to the client`);
  return timeout;
}

/** The signal and the time of one call, from its start on; close() when it is over. */
export class Limit {
  readonly #signal: AbortSignal | null;
  readonly #timer: NodeJS.Timeout;
  #ended = false;
  reason: unknown = undefined;
  /** Its time is over, and no signal has ended it. */
  late = false;
  /** Hears of the end, at most once. */
  onEnd: (() => void) | null = null;

  /** `most`: what a call may take at the longest. Throws a TypeError for options that are none. */
  constructor(options: CallOptions, most: number) {
    const timeout = timeoutOf(options, most);
    this.#signal = signalOf(options);
    this.#timer = setTimeout(() => this.end(undefined, true), timeout);
    if (this.#signal === null) return;
    if (this.#signal.aborted) this.end(this.#signal.reason, isTimeout(this.#signal.reason));
    else listen(this.#signal, this);
  }

  get ended(): boolean {
    return this.#ended;
  }

  end(reason: unknown, late: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    this.reason = reason;
    this.late = late;
    this.onEnd?.();
  }

  /** What is made before anything is sent; what comes after the end is given to `discard`. */
  during<T>(making: Promise<T>, discard: (late: T) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.onEnd = null;
        making.then(discard, () => {});
        reject(endedError(this.late, this.reason));
      };
      if (this.#ended) {
        stop();
        return;
      }
      this.onEnd = stop;
      making.then(
        (made) => {
          if (this.onEnd !== stop) return;
          this.onEnd = null;
          resolve(made);
        },
        (error) => {
          if (this.onEnd === stop) this.onEnd = null;
          reject(error);
        },
      );
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.onEnd = null;
    if (this.#signal !== null) forget(this.#signal, this);
  }
}
