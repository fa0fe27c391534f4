/** The raw body of Node requests and Web requests, with a limit; and what to say when somebody has taken it. */

/** A body that is no longer there as bytes: a mistake of the program, not of the sender. */
export class ConsumedError extends TypeError {
  readonly code = 'ERR_INVALID_STATE';
  constructor(how: string) {
    super(`libine: the body of this webhook was read before: the signature is over its bytes. ${how}`);
  }
}
Object.defineProperty(ConsumedError.prototype, 'name', { value: 'TypeError', configurable: true, writable: true });

/** Collects chunks up to one byte over the limit, which is enough to be refused. */
export class Collector {
  readonly #chunks: Uint8Array[] = [];
  #size = 0;
  constructor(readonly limit: number) {}

  /** False: it is too large, read no further. */
  add(chunk: Uint8Array): boolean {
    const room = this.limit + 1 - this.#size;
    this.#chunks.push(chunk.byteLength > room ? chunk.subarray(0, room) : chunk);
    this.#size += Math.min(chunk.byteLength, room);
    return this.#size <= this.limit;
  }

  bytes(): Buffer {
    return this.#chunks.length === 1 ? Buffer.from(this.#chunks[0] as Uint8Array) : Buffer.concat(this.#chunks);
  }
}

/** The bytes of a Node request that nobody has read. */
export async function readNode(request: AsyncIterable<unknown>, limit: number): Promise<Buffer> {
  const collector = new Collector(limit);
  for await (const chunk of request) if (!collector.add(chunk as Uint8Array)) break;
  return collector.bytes();
}
