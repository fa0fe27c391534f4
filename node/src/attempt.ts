/** One request of the library's: what a transport carries, and where it puts the reply. */
import { FAIL, WANT } from './constants.js';
import { core, type Drive, now, numbers, textsOf } from './core.js';
import type { Media, Window } from './media.js';

/** Bytes of a body that are read at a time. */
const CHUNK = 65536;
const PARTS = 3;
const SCHEME = 8; // "https://": a path begins behind it

const LIMIT_NAMES: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(FAIL).map(([name, number]) => [number, name.toLowerCase()]),
);

/** What the library asks for while it signs or sends an image. */
export interface MediaSource {
  media(context: number): Media;
}

/** Lets the event loop go on. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** One request: what is to be sent, and where the reply goes. */
export class Attempt {
  readonly method: string;
  readonly url: string;
  readonly template: string;
  /** Names and values in turn; Host, Content-Length and connection headers are the transport's. */
  readonly headers: string[];
  /** Bytes of the body. */
  readonly size: number;
  /** The body holds an image: it comes in chunks. */
  readonly streamed: boolean;
  /** Milliseconds that it may take, from `sentAt` on. */
  readonly timeout: number;
  readonly connectTimeout: number;
  readonly sentAt: number;
  /** How the transport gives up; it feeds nothing after that. */
  abort: (() => void) | null = null;
  aborted = false;
  /** Some of it may have left: a transport that can not tell says so before it begins. */
  begun = false;

  status: number | null = null;
  received = 0;
  failure: string | null = null;
  #over = false;

  readonly #drive: Drive;
  readonly #source: MediaSource;

  constructor(drive: Drive, source: MediaSource, connectTimeout: number) {
    const joined = core.request(drive);
    const count = numbers[0] as number;
    this.size = numbers[1] as number;
    this.timeout = numbers[2] as number;
    this.streamed = numbers[3] === 1;
    const texts = textsOf(joined, PARTS + 2 * count) as string[];
    [this.method, this.url, this.template] = texts as [string, string, string];
    this.headers = texts.slice(PARTS);
    this.connectTimeout = connectTimeout;
    this.sentAt = performance.now();
    this.#drive = drive;
    this.#source = source;
  }

  /** It is over, or given up: nothing is fed any more. */
  get closed(): boolean {
    return this.aborted || this.#over;
  }

  /** Path and query. */
  get target(): string {
    return this.url.slice(this.url.indexOf('/', SCHEME));
  }

  /** The whole body, when it holds no image. */
  body(): Buffer {
    const out = Buffer.allocUnsafe(this.size);
    core.read(this.#drive, out, 0);
    return out;
  }

  /**
   * The body in chunks. Each is the receiver's, or with `reuse` only until it asks for the next one. Ends early when the
   * attempt was given up.
   */
  async *chunks(reuse = false): AsyncGenerator<Buffer, void, undefined> {
    let room = Buffer.allocUnsafeSlow(Math.min(CHUNK, this.size));
    let filled = 0;
    let window: Window = { bytes: room.subarray(0, 0), from: 0 };
    for (;;) {
      if (this.closed) return;
      filled = core.read(this.#drive, room, filled, window.bytes, window.from);
      const want = numbers[2] as number;
      const offset = numbers[0] as number;
      if (filled === room.byteLength || (want === WANT.RECV && filled > 0)) {
        yield room.subarray(0, filled);
        if (!reuse) room = Buffer.allocUnsafeSlow(CHUNK);
        filled = 0;
      }
      if (want === WANT.RECV) return;
      if (want === WANT.MEDIA) window = await this.#window(offset);
    }
  }

  /**
   * The body, for a transport that does not say when it is connected. A fetch takes one chunk before it is, so the last
   * byte comes alone: until it is asked for, the request has not left as a whole.
   */
  async *sent(): AsyncGenerator<Buffer, void, undefined> {
    if (this.streamed) {
      this.begun = true;
      yield* this.chunks();
      return;
    }
    if (this.closed) return;
    const body = this.body();
    yield body.subarray(0, -1);
    if (this.closed) return;
    this.begun = true;
    yield body.subarray(-1);
  }

  /** The part of the image that is asked for; one that ended early is said to have. */
  async #window(offset: number): Promise<Window> {
    const window = await this.#source.media(core.mediaOf(this.#drive)).window(offset);
    if (window.bytes.byteLength === 0 && !this.closed) core.ended(this.#drive, true);
    return window;
  }

  /** Status and headers (names and values in turn) of the final header block; false: give up. */
  head(status: number, headers: readonly string[]): boolean {
    if (this.closed) return false;
    this.status = status;
    return core.feedHead(this.#drive, status, headers.join('\n')) === 0;
  }

  /** A reply that came whole; false: it is too large. */
  reply(status: number, headers: readonly string[], body: Uint8Array | undefined): boolean {
    if (this.closed) return true;
    this.status = status;
    this.received += body?.byteLength ?? 0;
    this.#over = core.feedReply(this.#drive, status, headers.join('\n'), body, now()) === 0;
    return this.#over;
  }

  /** Bytes of the reply's body; false: it is too long, give up. */
  data(bytes: Uint8Array): boolean {
    if (this.closed) return false;
    this.received += bytes.byteLength;
    return core.feedBody(this.#drive, bytes) === 0;
  }

  /** The reply ended cleanly. */
  end(): void {
    if (this.closed) return;
    this.#over = true;
    core.feedEnd(this.#drive, now());
  }

  /** It failed: INE_FAIL_*, and the transport's own number. */
  fail(failure: number, own: number): void {
    if (this.closed) return;
    this.#over = true;
    this.failure = LIMIT_NAMES[failure] ?? String(failure);
    core.feedFailure(this.#drive, failure, own, now());
  }

  /** Given up by the caller: nothing is fed any more. True: nothing of it was sent. */
  drop(): boolean {
    if (this.aborted) return false;
    this.aborted = true;
    this.failure = 'aborted';
    this.abort?.();
    return !this.begun && !this.#over;
  }
}

/** Rejects as soon as a signal is aborted: what was begun with it may hear of that much later. */
export function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
}

/** A way to carry requests. send() ends when the reply or a failure has been fed, or the attempt was dropped. */
export interface Transport {
  send(attempt: Attempt): Promise<void>;
  close(): void;
}
