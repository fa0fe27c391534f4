/**
 * The addon as the files of this package see it. Its results cross in one go: numbers lie in one Float64Array,
 * texts come joined in one string with their ends in the same array. Both are read before the next call.
 * node/native/addon.h has the same places.
 */
import { loadAddon } from './native.js';

declare const kind: unique symbol;
/** A handle of the library: opaque. Those of exchanges, flows and verifications are numbers, and must be freed. */
export type Handle<K extends string = string> = { readonly [kind]: K };
/** What is driven: one call, or a whole verification. */
export type Drive = Handle<'flow'> | Handle<'exchange'>;
/** A value for the library; what is null or undefined is left out. */
export type Value = string | number | Uint8Array | null | undefined;
/** Ids and values in turn. */
export type Pairs = readonly Value[];
/** Input, path, problem, whether it is an error, hint; in turn. */
export type ProblemFacts = readonly (string | number | null)[];

/** The functions of the addon; each is described where it is written, in node/native. */
export interface Core {
  readonly numbers: Float64Array;
  setErrorFactory(factory: (...facts: never[]) => Error): void;
  buildInfo(): string;
  version(): string;
  name(group: number, value: number): string | null;
  free(handle: Handle): void;
  /** Where bodies are kept now: kept.ts. */
  pool(): Uint8Array;

  interpret(body: Uint8Array, require: number): string | null;
  verdictJson(body: Uint8Array, require: number): string;
  decisionFields(body: Uint8Array): string;
  decisionId(body: Uint8Array): string;
  decisionFind(body: Uint8Array, pointer: string): Buffer | null;
  decisionList(body: Uint8Array, list: number): (string | number | null)[];
  supersedes(a: Uint8Array, b: Uint8Array): boolean;

  webhooksNew(limit: number, credentials: readonly Handle<'credentials'>[]): Handle<'webhooks'>;
  webhookOpen(
    receiver: Handle<'webhooks'>,
    body: Uint8Array,
    signature: unknown,
    client: unknown,
    rest: readonly unknown[] | undefined,
    require: number,
  ): string | number;
  webhookDedupeKey(
    receiver: Handle<'webhooks'>,
    body: Uint8Array,
    signature: unknown,
    client: unknown,
    rest: readonly unknown[] | undefined,
    require: number,
  ): string | number;
  webhookDiagnose(
    receiver: Handle<'webhooks'>,
    body: Uint8Array,
    signature: unknown,
    client: unknown,
    rest: readonly unknown[] | undefined,
  ): number;
  reasonHint(reason: number, language: number): string | null;

  optionsNew(pairs: Pairs): Handle<'options'>;
  credentialsNew(label: string, apiKey: string, secrets: readonly Uint8Array[]): Handle<'credentials'>;
  credentialsIsSandbox(credentials: Handle<'credentials'>): boolean;
  verificationNew(product: number, pairs: Pairs, media: Pairs): Handle<'verification'>;
  check(product: number, pairs: Pairs, media: Pairs, options: Handle<'options'> | null): ProblemFacts;
  exchangeNew(
    call: number,
    pairs: Pairs,
    verification: Handle<'verification'> | null,
    context: number,
    size: number,
    credentials: Handle<'credentials'>,
    options: Handle<'options'>,
    now: number,
  ): Handle<'exchange'>;

  curp(text: string, options: Handle<'options'>): [number, number, ProblemFacts];
  mrz(text: string, options: Handle<'options'>): [ProblemFacts, ...(string | number | null)[]];
  registration(record: Uint8Array): ProblemFacts;
  pseudonym(pepper: Uint8Array, value: string): string;
  redact(body: Uint8Array): string;
  mediaDigest(image: Uint8Array, options: Handle<'options'>): [string, string];
  evidence(body: Uint8Array, require: number, pairs: Pairs): string;
  evidenceCheck(record: Uint8Array, body: Uint8Array): void;

  flowNew(
    mode: number,
    verification: Handle<'verification'> | null,
    sessionId: string | null,
    credentials: Handle<'credentials'>,
    options: Handle<'options'>,
    now: number,
  ): Handle<'flow'>;
  next(drive: Drive, now: number, bytes?: Uint8Array, from?: number, parts?: number): number;
  request(drive: Drive): string;
  read(drive: Drive, room: Uint8Array, at: number, bytes?: Uint8Array, from?: number): number;
  ended(drive: Drive, sending: boolean): void;
  mediaOf(drive: Drive): number;
  feedHead(drive: Drive, status: number, lines: string): number;
  feedReply(drive: Drive, status: number, lines: string, body: Uint8Array | undefined, now: number): number;
  feedBody(drive: Drive, bytes: Uint8Array): number;
  feedEnd(drive: Drive, now: number): void;
  feedFailure(drive: Drive, failure: number, own: number, now: number): void;
  feedDecision(flow: Handle<'flow'>, body: Uint8Array): boolean;
  cancel(drive: Drive): void;
  socketState(fd: number): number;
  flowState(flow: Handle<'flow'>): [number, string | null, string | null];
  take(exchange: Handle<'exchange'>): Buffer | number;
  takeFlow(flow: Handle<'flow'>): [string | null, string, Buffer | number];

  sandboxNew(seed: number): Handle<'sandbox'>;
  sandboxHandle(
    sandbox: Handle<'sandbox'>,
    method: string,
    target: string,
    lines: string,
    body: Uint8Array,
    now: number,
  ): [number, string[], Buffer];
  sandboxBaseUrl(sandbox: Handle<'sandbox'>, url: string): boolean;
  sandboxSet(sandbox: Handle<'sandbox'>, setting: number, value: number): boolean;
  sandboxIntegration(sandbox: Handle<'sandbox'>, product: number): [string, string];
  sandboxWebhookUrl(sandbox: Handle<'sandbox'>, apiKey: string, kind: string, url: string): boolean;
  sandboxDue(sandbox: Handle<'sandbox'>, now: number): [number, string, string[], Buffer] | null;
  sandboxDelivered(sandbox: Handle<'sandbox'>, number: number, status: number): void;
  sandboxWait(sandbox: Handle<'sandbox'>, now: number): number;
  scenarios(): string[];
  testingWebhook(
    scenario: string,
    vendorData: string | null,
    credentials: Handle<'credentials'>,
    now: number,
  ): [Buffer, string];
}

export const core: Core = loadAddon() as Core;
export const numbers: Float64Array = core.numbers;

/** Where the ends of joined texts begin among the numbers. */
export const ENDS = 64;

/** All of the joined texts. */
export function textsOf(joined: string, count: number): (string | null)[] {
  const out: (string | null)[] = new Array(count);
  let from = 0;
  for (let at = 0; at < count; at++) {
    const end = numbers[ENDS + at] as number;
    out[at] = end < 0 ? null : joined.slice(from, end);
    if (end >= 0) from = end;
  }
  return out;
}

/** A monotonic clock in whole milliseconds. */
export function now(): number {
  return Math.floor(performance.now());
}
