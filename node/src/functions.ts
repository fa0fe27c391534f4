/** What needs no client: checks, interpretation, documents, evidence. */
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { type Check, EVIDENCE, MRZ } from './constants.js';
import { core, type ProblemFacts, type Value } from './core.js';
import { bodyOf, Decision } from './decision.js';
import { type Problem, problemsOf } from './errors.js';
import { allProblems, type ConsentRecord, Inputs, type Person } from './inputs.js';
import { type Image, unreadable } from './media.js';
import { optionsOf } from './settings.js';
import { type Bytes, bytesOf, dayText, momentOf, requireBits, type Strictness, stringOf } from './values.js';
import { type Verdict, verdictOf } from './verdict.js';

/** Every problem at once. `ok`: nothing of it stops a verification. */
export interface Report {
  readonly ok: boolean;
  readonly problems: readonly Problem[];
}

function reportOf(problems: readonly Problem[]): Report {
  return { ok: !problems.some((problem) => problem.severity === 'error'), problems };
}

function reportFrom(facts: ProblemFacts): Report {
  return reportOf(problemsOf(facts));
}

/** How strict local checks are. */
export interface CheckOptions {
  /** Warnings that refuse. */
  strict?: readonly Strictness[];
  /** YYYY-MM-DD for date checks [the system's date in UTC]. */
  today?: string;
}

/** Bytes of an image for one check; a path is read here. */
function imageBytes(image: Image, problems: Problem[]): Value {
  if (typeof image === 'string' || image instanceof URL) {
    try {
      return fs.readFileSync(image instanceof URL ? fileURLToPath(image) : image);
    } catch {
      problems.push(unreadable('the image file can not be read'));
      return null;
    }
  }
  if (ArrayBuffer.isView(image) || image instanceof ArrayBuffer) return bytesOf(image, 'the image');
  if (image instanceof Blob) return image.size;
  return fs.fstatSync(image.fd).size;
}

/**
 * Finds every problem of an input and sends nothing; the same problems refuse a verification. An image's content is
 * looked at when it is bytes or a path, a Blob's and an open file's when a verification starts.
 */
export function check(
  who: Partial<Omit<Person, 'product'>> & { product?: string },
  options: CheckOptions = {},
): Report {
  const inputs = new Inputs(who);
  const media: Value[] = [];
  for (const [context, image] of inputs.images) media.push(context, imageBytes(image, inputs.problems));
  return reportOf(allProblems(inputs, media, optionsOf(options)));
}

/**
 * What a body means: the bytes of a decision, a webhook or a reply. It says nothing about a signature.
 * `require`: the checks that must have passed [the four core ones]. Throws an IneError (`JSON`) for what is no JSON.
 */
export function interpret(body: Bytes, options: { require?: readonly Check[] } = {}): Verdict {
  const bytes = Buffer.from(bytesOf(body, 'the body'));
  const bits = requireBits(options.require);
  return verdictOf(core.interpret(bytes, bits), { bytes: () => bytes }, bits, null);
}

/** A CURP that was looked at. */
export interface Curp extends Report {
  /** YYYY-MM-DD; null when the date does not exist. */
  readonly birth: string | null;
  /** H, M or X. */
  readonly sex: string | null;
}

/** Checks a CURP by itself. */
export function curp(text: string, options: CheckOptions = {}): Curp {
  const [birth, sex, problems] = core.curp(stringOf(text, 'curp'), optionsOf(options));
  return { ...reportFrom(problems), birth: dayText(birth), sex: sex ? String.fromCharCode(sex) : null };
}

/** The back of an INE card. Personal data: do not log it. */
export interface Mrz extends Report {
  readonly cic: string | null;
  /** The 13 digits at the end of line 1. */
  readonly number: string | null;
  /** Identificador del ciudadano. */
  readonly citizenId: string | null;
  readonly emission: string | null;
  /** YYYY-MM-DD. */
  readonly birth: string | null;
  readonly expiry: string | null;
  readonly sex: string | null;
  readonly surnames: string | null;
  readonly given: string | null;
}

/** Reads the back of a card: one to three lines of 30 characters [ICAO 9303-5]. */
export function mrz(text: string, options: Pick<CheckOptions, 'today'> = {}): Mrz {
  const facts = core.mrz(stringOf(text, 'mrz'), optionsOf(options));
  const textOf = (field: number): string | null => (facts[field] ?? null) as string | null;
  const dayOf = (field: number): string | null => (typeof facts[field] === 'number' ? dayText(facts[field]) : null);
  const out: Mrz = {
    ...reportFrom(facts[0]),
    cic: textOf(MRZ.CIC),
    number: textOf(MRZ.NUMBER),
    citizenId: textOf(MRZ.CITIZEN_ID),
    emission: textOf(MRZ.EMISSION),
    birth: dayOf(MRZ.BIRTH),
    expiry: dayOf(MRZ.EXPIRY),
    sex: textOf(MRZ.SEX),
    surnames: textOf(MRZ.SURNAMES),
    given: textOf(MRZ.GIVEN),
  };
  const shown = `Mrz { ok: ${out.ok} }`;
  return Object.defineProperty(out, inspect.custom, { value: () => shown, enumerable: false });
}

/** Checks the record that an institution gives to the vendor once, so that it can reach INE: a JSON object. */
export function registration(record: Bytes | string): Report {
  const bytes = typeof record === 'string' ? Buffer.from(record) : bytesOf(record, 'the record');
  return reportFrom(core.registration(bytes));
}

/** 32 hex digits that stand for a CIC or CURP in logs, under a pepper of your own of 32..64 bytes, never the secret. */
export function pseudonym(value: string, pepper: Bytes): string {
  return core.pseudonym(bytesOf(pepper, 'the pepper'), stringOf(value, 'value'));
}

/** A body that is safe to put into a ticket: ids, states, codes, times and checks; all else as `[redacted]`. */
export function redact(body: Bytes): string {
  return core.redact(bytesOf(body, 'the body'));
}

/** SHA-256 of an image as given, and as a client would send it: without its location and serial numbers. */
export function mediaDigest(image: Bytes, options: { keepMetadata?: boolean } = {}): { given: string; sent: string } {
  const [given, sent] = core.mediaDigest(bytesOf(image, 'the image'), optionsOf(options));
  return { given, sent };
}

/** What an auditor's record may hold beside the decision; all of it may be left out. */
export interface EvidenceOptions {
  readonly receivedAt?: Date | number;
  readonly source?: 'poll' | 'webhook' | 'file';
  /** Label of the credentials. */
  readonly integration?: string | null;
  /** Label of the secret that fitted. */
  readonly secret?: string | null;
  /** SHA-256 of the selfie, 64 hex digits: mediaDigest(). */
  readonly selfieGiven?: string;
  readonly selfieSent?: string;
  readonly consent?: ConsentRecord;
  /** Checks that had to pass [the four core ones]. */
  readonly require?: readonly Check[];
}

/** An auditor's record of a decision as JSON text (docs/output.md), without personal data. */
export function evidence(decision: Decision, options: EvidenceOptions = {}): string {
  if (!(decision instanceof Decision))
    throw new TypeError('evidence() takes a Decision: event.decision, or one of a call');
  const { consent } = options;
  const moment = (value: Date | number | undefined, what: string): Value =>
    value === undefined ? null : momentOf(value, what);
  const pairs: Value[] = [
    ...[EVIDENCE.RECEIVED_AT, moment(options.receivedAt, 'receivedAt')],
    ...[EVIDENCE.SOURCE, options.source ?? null],
    ...[EVIDENCE.INTEGRATION, options.integration ?? null],
    ...[EVIDENCE.SECRET, options.secret ?? null],
    ...[EVIDENCE.SELFIE_GIVEN, options.selfieGiven ?? null],
    ...[EVIDENCE.SELFIE_SENT, options.selfieSent ?? null],
    ...[EVIDENCE.CONSENT_TIME, moment(consent?.time, 'consent.time')],
    ...[EVIDENCE.CONSENT_VERSION, consent?.textVersion ?? null],
    ...[EVIDENCE.CONSENT_CHANNEL, consent?.channel ?? null],
  ];
  return core.evidence(bodyOf(decision), requireBits(options.require), pairs);
}

/** Does a record belong to a body, and does its verdict follow from it? Throws an IneError when not. */
export function evidenceCheck(record: Bytes | string, body: Bytes): void {
  const bytes = typeof record === 'string' ? Buffer.from(record) : bytesOf(record, 'the record');
  core.evidenceCheck(bytes, bytesOf(body, 'the body'));
}

/** Versions of the library and of its OpenSSL as seen at run time; `openssl_link=static`: our own, not Node's. */
export function buildInfo(): Record<string, string> {
  const lines = core.buildInfo().split('\n').filter(Boolean);
  return Object.fromEntries(lines.map((line) => line.split('=', 2) as [string, string]));
}
