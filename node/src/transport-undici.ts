/** An undici Agent, Pool or Client of the caller's; this package does not depend on undici. */
import type { Readable } from 'node:stream';
import { type Attempt, type Transport, unlessAborted } from './attempt.js';
import { FAIL } from './constants.js';
import { IneError } from './errors.js';
import { failureOfOther } from './failures.js';

/** As much of an undici Dispatcher as is used. */
export interface Dispatcher {
  request(options: any): Promise<{
    readonly statusCode: number;
    readonly headers: unknown;
    readonly body: Readable;
  }>;
}

/** Names and values in turn, out of an object of strings and lists, or of a flat list. */
function pairsOf(headers: unknown): string[] {
  if (Array.isArray(headers)) return headers.map((item) => Buffer.from(item as Uint8Array).toString('latin1'));
  const out: string[] = [];
  for (const [name, value] of Object.entries((headers ?? {}) as Record<string, string | string[]>))
    for (const one of Array.isArray(value) ? value : [value]) out.push(name, one);
  return out;
}

export class UndiciTransport implements Transport {
  readonly #dispatcher: Dispatcher;

  constructor(dispatcher: Dispatcher) {
    this.#dispatcher = dispatcher;
  }

  async send(attempt: Attempt): Promise<void> {
    const controller = new AbortController();
    let media: unknown = null;
    let late = false;
    attempt.abort = () => controller.abort();
    const timer = setTimeout(
      () => {
        late = true;
        controller.abort();
      },
      Math.max(1, attempt.timeout),
    );
    try {
      const onMedia = (error: unknown): void => {
        media = error;
      };
      await unlessAborted(controller.signal, this.#exchange(attempt, controller, onMedia));
    } catch (error) {
      controller.abort();
      if (media !== null) attempt.fail(FAIL.MEDIA, media instanceof IneError ? media.number : 0);
      else if (late) attempt.fail(attempt.begun ? FAIL.TIMEOUT : FAIL.TIMEOUT_NOT_SENT, 0);
      else {
        const { failure, own } = failureOfOther(error);
        attempt.fail(failure, own);
      }
    } finally {
      clearTimeout(timer);
      attempt.abort = null;
    }
  }

  async #exchange(attempt: Attempt, controller: AbortController, onMedia: (error: unknown) => void): Promise<void> {
    const url = new URL(attempt.url);
    const headers = [...attempt.headers];
    attempt.begun = attempt.size === 0;
    if (attempt.size > 0) headers.push('Content-Length', String(attempt.size));
    const reply = await this.#dispatcher.request({
      origin: url.origin,
      path: attempt.target,
      method: attempt.method,
      headers,
      body: attempt.size === 0 ? null : watched(attempt, onMedia),
      signal: controller.signal,
      headersTimeout: attempt.timeout,
      bodyTimeout: attempt.timeout,
      idempotent: false,
    });
    if (!attempt.head(reply.statusCode, pairsOf(reply.headers))) {
      controller.abort();
      attempt.fail(FAIL.LIMIT, 0);
      return;
    }
    for await (const bytes of reply.body) {
      if (attempt.data(bytes as Uint8Array)) continue;
      controller.abort();
      attempt.fail(FAIL.LIMIT, 0);
      return;
    }
    attempt.end();
  }

  close(): void {}
}

/** The body's chunks, asked for when there is a connection, and word of it when they fail. */
async function* watched(attempt: Attempt, onMedia: (error: unknown) => void): AsyncGenerator<Buffer> {
  try {
    yield* attempt.sent();
  } catch (error) {
    onMedia(error);
    throw error;
  }
}
