/** A reply or a webhook's body: the person and the exact bytes. Do not log it, do not pass it on. */
import { inspect } from 'node:util';
import { type Check, FIELD, KINDS, LIST } from './constants.js';
import { core, numbers, textsOf } from './core.js';
import { Kept } from './kept.js';
import { type Bytes, bytesOf, requireBits, stringOf } from './values.js';
import { type Verdict, type VerdictJson, verdictOf } from './verdict.js';

/** Lists inside a body. */
export type ListName = 'unknown_checks' | 'registries' | 'attempts' | 'images' | 'videos';

/** One item of a list: what it has. */
export interface ListItem {
  readonly name?: string;
  readonly result?: string;
  readonly reason?: string;
  readonly status?: string;
  readonly id?: string;
  readonly time?: string;
  readonly context?: string;
  /** Bytes. */
  readonly size?: number;
  readonly mimetype?: string;
  readonly url?: string;
}

/** What a decision shows of itself: ids and verdict. */
export interface DecisionJson {
  kind: string;
  decision_id: string;
  session_id: string | null;
  attempt_id: string | null;
  verdict: VerdictJson;
}

const LISTS: Readonly<Record<ListName, number>> = {
  unknown_checks: LIST.UNKNOWN_CHECKS,
  registries: LIST.REGISTRIES,
  attempts: LIST.ATTEMPTS,
  images: LIST.IMAGES,
  videos: LIST.VIDEOS,
};
const COLUMNS = ['name', 'result', 'reason', 'status', 'id', 'time', 'context', 'size', 'mimetype', 'url'] as const;
const FIELD_COUNT = 58;
const BINARY = KINDS.indexOf('BINARY');

/** A kind as events and decisions name it, as in `decision`, `ine_registry`. */
export function kindName(kind: number): string {
  return (KINDS[kind] ?? 'UNKNOWN').toLowerCase();
}

interface Fields {
  readonly texts: readonly (string | null)[];
  readonly numbers: Float64Array;
  readonly kind: number;
}

/** A body of the API, read strictly. It prints as ids and verdict only. */
export class Decision {
  readonly #body: Kept;
  #fields: Fields | null = null;

  /** @internal `binary`: a download, which has no fields. */
  constructor(body: Kept, binary = false) {
    this.#body = body;
    if (binary) this.#fields = { texts: [], numbers: new Float64Array(FIELD_COUNT).fill(Number.NaN), kind: BINARY };
  }

  /** Reads any body of the API; it says nothing about a signature. Throws an IneError (`JSON`) for what is none. */
  static read(body: Bytes): Decision {
    const decision = new Decision(Kept.own(Buffer.from(bytesOf(body, 'the body'))));
    decision.#read();
    return decision;
  }

  get #bytes(): Uint8Array {
    return this.#body.bytes();
  }

  #read(): Fields {
    if (this.#fields === null) {
      const joined = core.decisionFields(this.#bytes);
      const kind = numbers[FIELD_COUNT] as number;
      this.#fields = { texts: textsOf(joined, FIELD_COUNT), numbers: numbers.slice(0, FIELD_COUNT), kind };
    }
    return this.#fields;
  }
  #text(field: number): string | null {
    return this.#read().texts[field - 1] ?? null;
  }
  #number(field: number): number | null {
    const value = this.#read().numbers[field - 1] as number;
    return Number.isNaN(value) ? null : value;
  }
  #flag(field: number): boolean | null {
    const value = this.#number(field);
    return value === null ? null : value === 1;
  }

  /** What the body is: `decision`, `session`, `media`, `event`, ... */
  get kind(): string {
    return kindName(this.#read().kind);
  }
  /** A copy of the body, byte for byte. */
  get bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }
  /** Equal for webhook and poll: put it under a unique index. */
  get decisionId(): string {
    return core.decisionId(this.#bytes);
  }
  /** The API's own `status`, as in `success`. */
  get status(): string | null {
    return this.#text(FIELD.STATUS);
  }
  get sessionId(): string | null {
    return this.#text(FIELD.SESSION_ID);
  }
  get attemptId(): string | null {
    return this.#text(FIELD.ATTEMPT_ID);
  }
  get vendorData(): string | null {
    return this.#text(FIELD.VENDOR_DATA);
  }
  get endUserId(): string | null {
    return this.#text(FIELD.END_USER_ID);
  }
  get sessionStatus(): string | null {
    return this.#text(FIELD.SESSION_STATUS);
  }
  get code(): number | null {
    return this.#number(FIELD.CODE);
  }
  get reason(): string | null {
    return this.#text(FIELD.REASON);
  }
  get reasonCode(): number | null {
    return this.#number(FIELD.REASON_CODE);
  }
  get decisionTime(): string | null {
    return this.#text(FIELD.DECISION_TIME);
  }
  get acceptanceTime(): string | null {
    return this.#text(FIELD.ACCEPTANCE_TIME);
  }
  get submissionTime(): string | null {
    return this.#text(FIELD.SUBMISSION_TIME);
  }
  get firstName(): string | null {
    return this.#text(FIELD.FIRST_NAME);
  }
  get lastName(): string | null {
    return this.#text(FIELD.LAST_NAME);
  }
  get dateOfBirth(): string | null {
    return this.#text(FIELD.DATE_OF_BIRTH);
  }
  get gender(): string | null {
    return this.#text(FIELD.GENDER);
  }
  get nationality(): string | null {
    return this.#text(FIELD.NATIONALITY);
  }
  /** The CURP. */
  get idNumber(): string | null {
    return this.#text(FIELD.ID_NUMBER);
  }
  get yearOfBirth(): string | null {
    return this.#text(FIELD.YEAR_OF_BIRTH);
  }
  get placeOfBirth(): string | null {
    return this.#text(FIELD.PLACE_OF_BIRTH);
  }
  /** The CIC. */
  get documentNumber(): string | null {
    return this.#text(FIELD.DOCUMENT_NUMBER);
  }
  get documentType(): string | null {
    return this.#text(FIELD.DOCUMENT_TYPE);
  }
  get documentCountry(): string | null {
    return this.#text(FIELD.DOCUMENT_COUNTRY);
  }
  get documentState(): string | null {
    return this.#text(FIELD.DOCUMENT_STATE);
  }
  /** Older product: did the face match? */
  get faceMatch(): boolean | null {
    return this.#flag(FIELD.FACE_MATCH);
  }
  get faceMatchPercentage(): number | null {
    return this.#number(FIELD.FACE_MATCH_PERCENTAGE);
  }
  /** Legacy registry: is the card active? False also means not found. */
  get active(): boolean | null {
    return this.#flag(FIELD.ACTIVE);
  }
  get documentStateText(): string | null {
    return this.#text(FIELD.DOCUMENT_STATE_TEXT);
  }
  /** A bearer link for SDK and web flows: do not log it. */
  get sessionUrl(): string | null {
    return this.#text(FIELD.SESSION_URL);
  }
  get mediaId(): string | null {
    return this.#text(FIELD.MEDIA_ID);
  }
  get mediaContext(): string | null {
    return this.#text(FIELD.MEDIA_CONTEXT);
  }
  get mediaSize(): number | null {
    return this.#number(FIELD.MEDIA_SIZE);
  }
  get eventType(): string | null {
    return this.#text(FIELD.EVENT_TYPE);
  }
  get action(): string | null {
    return this.#text(FIELD.ACTION);
  }
  get feature(): string | null {
    return this.#text(FIELD.FEATURE);
  }

  /** Any value by JSON Pointer [RFC 6901], as its exact slice of the body; members that we do not know too. */
  find(pointer: string): Buffer | null {
    return core.decisionFind(this.#bytes, stringOf(pointer, 'pointer'));
  }

  /** A list inside the body. */
  items(name: ListName): ListItem[] {
    if (!Object.hasOwn(LISTS, name)) throw new TypeError(`no such list; there are ${Object.keys(LISTS).join(', ')}`);
    const facts = core.decisionList(this.#bytes, LISTS[name]);
    const out: ListItem[] = [];
    for (let at = 0; at < facts.length; at += COLUMNS.length) {
      const present = COLUMNS.map((column, i) => [column, facts[at + i]] as const).filter(([, v]) => v !== null);
      out.push(Object.fromEntries(present) as ListItem);
    }
    return out;
  }

  /** What it means. `require`: the checks that must have passed; default: the four core ones. */
  verdict(require?: readonly Check[]): Verdict {
    const bits = requireBits(require);
    return verdictOf(core.interpret(this.#bytes, bits), this.#body, bits, null);
  }

  /** Whether this one counts in place of the other, of the same session. */
  supersedes(other: Decision): boolean {
    return core.supersedes(this.#bytes, other.#bytes);
  }

  /** The body for a ticket: ids, states, codes, times and checks; all else as `[redacted]`. */
  redacted(): string {
    return core.redact(this.#bytes);
  }

  /** Ids and verdict; the person stays out. A download says its kind alone. */
  toJSON(): DecisionJson {
    if (this.#read().kind === BINARY) return { kind: this.kind } as DecisionJson;
    return {
      kind: this.kind,
      decision_id: this.decisionId,
      session_id: this.sessionId,
      attempt_id: this.attemptId,
      verdict: this.verdict().toJSON(),
    };
  }

  [inspect.custom](): string {
    const verdict = this.kind === 'decision' ? ` outcome=${this.verdict().outcome}` : '';
    return `Decision { ${this.kind} session=${this.sessionId} code=${this.code}${verdict} }`;
  }
}

/** The bytes of a decision, for the functions of this package. */
export function bodyOf(decision: Decision): Uint8Array {
  return decision.bytes;
}
