/** A fetch of the caller's. What is sent and what a reply is worth stays the library's. */
import { type Attempt, type Transport, unlessAborted } from './attempt.js';
import { FAIL } from './constants.js';
import { IneError } from './errors.js';
import { failureOfOther } from './failures.js';

type Fetch = typeof globalThis.fetch;
type Init = RequestInit & { duplex?: 'half' };

/** What ended an attempt before its reply: the clock, or the image. */
interface Stop {
  failure: number;
  own: number;
}

/** The body's chunks, asked for when there is a connection; an image that fails ends the request. */
function bodyOf(attempt: Attempt, stop: (why: Stop) => void): NonNullable<RequestInit['body']> | null {
  if (attempt.size === 0) {
    attempt.begun = true;
    return null;
  }
  const chunks = attempt.sent();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await chunks.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          stop({ failure: FAIL.MEDIA, own: error instanceof IneError ? error.number : 0 });
          controller.error(error);
        }
      },
    },
    { highWaterMark: 0 },
  );
}

function pairsOf(headers: Headers): string[] {
  const out: string[] = [];
  for (const [name, value] of headers) out.push(name, value);
  return out;
}

/** fetch() has undone a compression that nobody asked for: the header says so, and the body does not count. */
function isEncoded(headers: Headers): boolean {
  const encoding = headers.get('content-encoding');
  return encoding !== null && encoding.toLowerCase() !== 'identity';
}

async function receive(attempt: Attempt, reply: Response, abort: () => void): Promise<void> {
  if (!attempt.head(reply.status, pairsOf(reply.headers))) {
    abort();
    attempt.fail(FAIL.LIMIT, 0);
    return;
  }
  if (reply.body !== null && isEncoded(reply.headers)) {
    abort();
    attempt.fail(FAIL.PROTOCOL, 0);
    return;
  }
  for await (const bytes of reply.body ?? []) {
    if (attempt.data(bytes as Uint8Array)) continue;
    abort();
    attempt.fail(FAIL.LIMIT, 0);
    return;
  }
  attempt.end();
}

export class FetchTransport implements Transport {
  readonly #fetch: Fetch;

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  async send(attempt: Attempt): Promise<void> {
    const controller = new AbortController();
    let stopped: Stop | null = null;
    const stop = (why: Stop): void => {
      stopped ??= why;
      controller.abort();
    };
    attempt.abort = () => controller.abort();
    const late = (): void => stop({ failure: attempt.begun ? FAIL.TIMEOUT : FAIL.TIMEOUT_NOT_SENT, own: 0 });
    const timer = setTimeout(late, Math.max(1, attempt.timeout));
    try {
      await unlessAborted(controller.signal, this.#exchange(attempt, stop, controller));
    } catch (error) {
      const why = (stopped as Stop | null) ?? failureOfOther(error);
      attempt.fail(why.failure, why.own);
    } finally {
      clearTimeout(timer);
      attempt.abort = null;
    }
  }

  async #exchange(attempt: Attempt, stop: (why: Stop) => void, controller: AbortController): Promise<void> {
    const fetch = this.#fetch;
    const reply = await fetch(attempt.url, this.#init(attempt, stop, controller.signal));
    await receive(attempt, reply, () => controller.abort());
  }

  #init(attempt: Attempt, stop: (why: Stop) => void, signal: AbortSignal): Init {
    const headers: [string, string][] = [];
    for (let at = 0; at < attempt.headers.length; at += 2)
      headers.push([attempt.headers[at] as string, attempt.headers[at + 1] as string]);
    const body = bodyOf(attempt, stop);
    if (attempt.size > 0) headers.push(['Content-Length', String(attempt.size)]);
    const init: Init = { method: attempt.method, headers, redirect: 'manual', signal };
    if (body !== null) Object.assign(init, { body, duplex: 'half' });
    return init;
  }

  close(): void {}
}
