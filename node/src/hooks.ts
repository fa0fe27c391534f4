/** Who hears of requests: methods, URL templates, numbers and ids; never bodies, header values or texts. */

/** A request that is about to be sent. */
export interface RequestInfo {
  readonly method: string;
  /** As in `/v1/sessions/{id}/decision`: no id, no query. */
  readonly template: string;
  /** From 1: the how-manieth try of this call. */
  readonly attempt: number;
  /** Bytes of the request's body. */
  readonly size: number;
  readonly sessionId: string | null;
}

/** How it ended. */
export interface ResponseInfo extends RequestInfo {
  /** HTTP status; null when no reply came. */
  readonly status: number | null;
  /** Milliseconds. */
  readonly duration: number;
  /** Bytes of the reply's body. */
  readonly received: number;
  /** Why no reply came, as in `connect`, `timeout`, `aborted`; null when one did. */
  readonly failure: string | null;
}

/** Both may be left out. */
export interface Hooks {
  /** Called before each request. What it throws becomes a warning of the process, and changes nothing. */
  onRequest?: ((info: RequestInfo) => void) | undefined;
  /** Called after each request, whatever came of it. */
  onResponse?: ((info: ResponseInfo) => void) | undefined;
}

function warn(error: unknown): void {
  process.emitWarning(`a hook of libine has thrown: ${error instanceof Error ? error.name : typeof error}`);
}

/** Something that can be waited for: a Promise, or a query of Prisma, Knex or Mongoose, which is none. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return value !== null && typeof value === 'object' && typeof (value as { then?: unknown }).then === 'function';
}

/** Calls a hook; one that throws, at once or later, must not change what happens, nor end the process. */
export function tell<T>(hook: ((info: T) => unknown) | undefined, info: T): void {
  if (hook === undefined) return;
  try {
    const told = hook(info);
    if (isThenable(told)) Promise.resolve(told).then(undefined, warn);
  } catch (error) {
    warn(error);
  }
}
