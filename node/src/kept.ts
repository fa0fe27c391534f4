/** Bodies that the last crossing has kept, in memory that several share (node/native/pool.c). */
import { core, ENDS, numbers } from './core.js';

/** Places among the numbers: where the body was kept, and how many pools there have been. */
const KEPT = ENDS - 2;
const POOLS = ENDS - 1;

let pools = 0;
let pool: Uint8Array = new Uint8Array(0);

function currentPool(): Uint8Array {
  if (numbers[POOLS] !== pools) {
    pools = numbers[POOLS] as number;
    pool = core.pool();
  }
  return pool;
}

/** A body that nobody else changes. */
export class Kept {
  readonly #memory: Uint8Array;
  readonly #at: number;
  readonly #length: number;

  private constructor(memory: Uint8Array, at: number, length: number) {
    this.#memory = memory;
    this.#at = at;
    this.#length = length;
  }

  /** The caller's bytes, which have just crossed: out of the pool, or as a copy of its own. */
  static of(body: Uint8Array): Kept {
    const at = numbers[KEPT] as number;
    return at < 0 ? Kept.own(Buffer.from(body)) : new Kept(currentPool(), at, body.byteLength);
  }

  /** What a crossing gave: bytes, or how many lie in the pool. */
  static from(body: Uint8Array | number): Kept {
    return typeof body === 'number' ? new Kept(currentPool(), numbers[KEPT] as number, body) : Kept.own(body);
  }

  /** Bytes that are nobody else's. */
  static own(body: Uint8Array): Kept {
    return new Kept(body, 0, body.byteLength);
  }

  /** A view: to read, not to give away. */
  bytes(): Uint8Array {
    return this.#memory.subarray(this.#at, this.#at + this.#length);
  }
}
