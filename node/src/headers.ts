/** Headers of any host as the library's receiver takes them: the two that always come, and what else may count. */
import { typeName } from './values.js';

/** What headers may be: Node's, a Web Headers, a Map, pairs, a flat list of names and values. */
export type HeadersLike =
  | Readonly<Record<string, unknown>>
  | Iterable<readonly [unknown, unknown]>
  | { forEach(visit: (value: string, name: string) => void): void }
  | readonly string[];

/** The headers of a delivery, sorted. */
export interface Delivery {
  signature: unknown;
  client: unknown;
  rest: unknown[] | undefined;
}

const SIGNATURE = 'x-hmac-signature';
const CLIENT = 'x-auth-client';
/** Bit for each length of a name that the library looks at; the others are skipped without a look. */
const LENGTHS =
  (1 << 'x-signature'.length) |
  (1 << CLIENT.length) |
  (1 << 'vrf-auth-client'.length) |
  (1 << SIGNATURE.length) |
  (1 << 'vrf-hmac-signature'.length);

/** Names that the library looks at. */
function counts(name: string): boolean {
  return name.length <= 31 && ((LENGTHS >> name.length) & 1) === 1;
}

/** One header; several values of one name stay several. */
function add(out: Delivery, name: string, value: unknown): void {
  if (!counts(name) || value === undefined || value === null) return;
  if (Array.isArray(value)) {
    for (const one of value) add(out, name, one ?? '');
    return;
  }
  if (name === SIGNATURE && out.signature === undefined) out.signature = value;
  else if (name === CLIENT && out.client === undefined) out.client = value;
  else if (out.rest === undefined) out.rest = [name, value];
  else out.rest.push(name, value);
}

function addPairs(out: Delivery, pairs: Iterable<unknown>): void {
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) throw wrong(pair);
    add(out, String(pair[0]), pair[1]);
  }
}

function addFlat(out: Delivery, list: readonly unknown[]): void {
  if (list.length % 2 !== 0) throw wrong(list);
  for (let at = 0; at < list.length; at += 2) add(out, String(list[at]), list[at + 1]);
}

/** Headers that are none: a mistake of the program. */
class NoHeaders extends TypeError {}
Object.defineProperty(NoHeaders.prototype, 'name', { value: 'TypeError', configurable: true, writable: true });

function wrong(value: unknown): TypeError {
  return new NoHeaders(`headers are an object, a Headers, or pairs of a name and a value, not ${typeName(value)}`);
}

/** The headers that count. What throws when it is looked at is no header: the delivery is refused without it. */
export function deliveryOf(headers: unknown): Delivery {
  const out: Delivery = { signature: undefined, client: undefined, rest: undefined };
  try {
    collect(out, headers);
    return out;
  } catch (error) {
    if (error instanceof NoHeaders) throw error;
    return { signature: undefined, client: undefined, rest: undefined };
  }
}

function collect(out: Delivery, headers: unknown): void {
  if (headers === null || typeof headers !== 'object') throw wrong(headers);
  if (Array.isArray(headers)) {
    if (typeof headers[0] === 'string') addFlat(out, headers);
    else addPairs(out, headers);
  } else if (typeof (headers as Iterable<unknown>)[Symbol.iterator] === 'function') {
    addPairs(out, headers as Iterable<unknown>);
  } else if (typeof (headers as Headers).forEach === 'function') {
    (headers as Headers).forEach((value, name) => {
      add(out, name, value);
    });
  } else {
    for (const name in headers)
      if (counts(name) && Object.hasOwn(headers, name)) add(out, name, (headers as Record<string, unknown>)[name]);
  }
}
