/** What callers give, looked at before it goes on: each refusal names what is wrong, never a value. */
import { CHECKS, type Check, STRICT } from './constants.js';

/** Bytes of a body or an image in memory. */
export type Bytes = Uint8Array | ArrayBuffer | DataView;

function typeError(text: string): TypeError {
  return Object.assign(new TypeError(text), { code: 'ERR_INVALID_ARG_TYPE' });
}

/** How a value is called in an error: its type, never what it holds. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return `an object of ${value.constructor?.name ?? 'no class'}`;
  return typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`;
}

const RAW_BODY =
  'take it before it is parsed (Express: express.raw({ type: "*/*" }) on this route; Fastify: a content type ' +
  'parser with parseAs "buffer"; Next.js and other Web handlers: await request.arrayBuffer())';

function isShared(buffer: ArrayBufferLike): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;
}

/** A view of the bytes of `what`; nothing is copied. */
export function bytesOf(value: unknown, what: string): Uint8Array {
  if (value instanceof Uint8Array) {
    if (isShared(value.buffer)) throw sharedError(what);
    return value;
  }
  if (ArrayBuffer.isView(value)) {
    if (isShared(value.buffer)) throw sharedError(what);
    return new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength);
  }
  if (value instanceof ArrayBuffer) {
    try {
      return new Uint8Array(value);
    } catch {
      throw typeError(`${what}: the memory of these bytes was transferred (detached)`);
    }
  }
  if (isShared(value as ArrayBuffer)) throw sharedError(what);
  throw notBytes(value, what);
}

function sharedError(what: string): TypeError {
  return typeError(`${what}: shared memory can change while it is read; give a copy of it`);
}

function notBytes(value: unknown, what: string): TypeError {
  if (typeof value === 'string')
    return typeError(
      `${what} must be the bytes as received, not a string: decoding loses what was signed; ${RAW_BODY}`,
    );
  if (value !== null && typeof value === 'object' && !isBlobLike(value))
    return typeError(`${what} must be the bytes as received, not a parsed object: ${RAW_BODY}`);
  return typeError(`${what} must be bytes (a Buffer, Uint8Array or ArrayBuffer), not ${typeName(value)}`);
}

function isBlobLike(value: object): boolean {
  return typeof (value as { arrayBuffer?: unknown }).arrayBuffer === 'function';
}

/** A string, or a TypeError that names it. */
export function stringOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw typeError(`${what} must be a string, not ${typeName(value)}`);
}

/** A set of checks as bits; 0 takes the library's default. */
export function requireBits(checks: readonly Check[] | undefined): number {
  let bits = 0;
  for (const check of checks ?? []) {
    const at = CHECKS.indexOf(check);
    if (at < 1) throw typeError(`no such check; there are ${CHECKS.slice(1).join(', ')}`);
    bits |= 1 << at;
  }
  return bits;
}

/** Warnings that refuse. */
export type Strictness =
  | 'curp-mask'
  | 'curp-digit'
  | 'curp-date'
  | 'curp-state'
  | 'age'
  | 'image'
  | 'consistency'
  | 'all';

const STRICTNESS: Readonly<Record<Strictness, number>> = {
  'curp-mask': STRICT.CURP_MASK,
  'curp-digit': STRICT.CURP_DIGIT,
  'curp-date': STRICT.CURP_DATE,
  'curp-state': STRICT.CURP_STATE,
  age: STRICT.AGE,
  image: STRICT.IMAGE,
  consistency: STRICT.CONSISTENCY,
  all: Object.values(STRICT).reduce((all, bit) => all | bit, 0),
};

export function strictBits(names: readonly Strictness[] | undefined): number {
  let bits = 0;
  for (const name of names ?? []) {
    const bit = Object.hasOwn(STRICTNESS, name) ? STRICTNESS[name] : undefined;
    if (bit === undefined) throw typeError(`no such strictness; there are ${Object.keys(STRICTNESS).join(', ')}`);
    bits |= bit;
  }
  return bits;
}

/** YYYY-MM-DD as the library's number. */
export function dayNumber(day: string, what: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(stringOf(day, what))) throw typeError(`${what} must be YYYY-MM-DD`);
  return Number(day.replaceAll('-', ''));
}

/** YYYYMMDD as YYYY-MM-DD; null for 0. */
export function dayText(number: number): string | null {
  if (!number) return null;
  const text = String(number).padStart(8, '0');
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}

/** A moment as milliseconds since 1970. */
export function momentOf(moment: Date | number, what: string): number {
  const at = moment instanceof Date ? moment.getTime() : moment;
  if (typeof at !== 'number' || !Number.isFinite(at)) throw typeError(`${what} must be a valid Date or milliseconds`);
  return Math.trunc(at);
}
