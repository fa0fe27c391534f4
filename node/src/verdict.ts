/** What a decision means. A verdict holds no personal data: pass it on, store it, log it. */
import { inspect } from 'node:util';
import {
  ADVICES,
  ANOMALIES,
  type Advice,
  type Anomaly,
  CHECKS,
  type Check,
  INPUTS,
  OUTCOMES,
  type Outcome,
  type State,
} from './constants.js';
import { core, numbers } from './core.js';

/** What became of one check. */
export interface CheckResult {
  readonly state: State;
  /** As received, as in `SELFIE_MISMATCH`. */
  readonly reason: string | null;
  /** For SKIPPED: the check that failed before. */
  readonly blockedBy: Check | null;
}

/** One sentence in each language, without personal data. */
export interface Sentence {
  readonly 'es-MX': string;
  readonly en: string;
}

/** What to tell the citizen, the support agent and the log. */
export interface Texts {
  readonly citizen: Sentence;
  readonly agent: Sentence;
  readonly log: Sentence;
}

/** The registry's own reply. */
export interface Registry {
  readonly status: string | null;
  readonly error: string | null;
  readonly timestamp: string | null;
}

/** What both kinds of verdict have. */
export interface VerdictBase {
  /** True only when the outcome is VERIFIED and every required check passed: decide by it. */
  readonly verified: boolean;
  readonly outcome: Outcome;
  /** The first failed check in cascade order; `registry` when it could not be asked; else null. */
  readonly rootCause: Check | 'registry' | null;
  readonly advice: Advice;
  /** What to correct, as API paths. */
  readonly inputs: readonly string[];
  readonly failed: readonly Check[];
  /** Required checks that did not pass. */
  readonly unmet: readonly Check[];
  /** Inputs that were sent and that no check compared, as API paths. */
  readonly unchecked: readonly string[];
  /** The set that had to pass. */
  readonly required: readonly Check[];
  /** All ten checks in cascade order. */
  readonly checks: Readonly<Record<string, CheckResult>>;
  readonly anomalies: readonly Anomaly[];
  readonly registry: Registry;
  readonly sessionId: string | null;
  readonly sessionStatus: string | null;
  /** The decision's code, as in 9001. */
  readonly sessionCode: number | null;
  readonly reasonCode: number | null;
  /** Approved, but without any INE result: is the INE step configured for this integration? */
  readonly noIneResult: boolean;
  readonly text: Texts;
  /** The JSON object of docs/output.md, the same in every language. */
  toJSON(): VerdictJson;
}

/** The person is who they say they are. */
export interface VerifiedVerdict extends VerdictBase {
  readonly verified: true;
  readonly outcome: 'VERIFIED';
  readonly rootCause: null;
}

/** Anything else: a refusal, an outage, or something that is still to come. */
export interface UnverifiedVerdict extends VerdictBase {
  readonly verified: false;
}

/** Decide by `verified`, which tells the two apart for TypeScript too. */
export type Verdict = VerifiedVerdict | UnverifiedVerdict;

/** The object of docs/output.md. */
export interface VerdictJson {
  verified: boolean;
  outcome: Outcome;
  root_cause: string | null;
  advice: Advice;
  inputs: string[];
  failed: Check[];
  unmet: Check[];
  unchecked: string[];
  checks: Record<string, { state: State; reason: string | null; blocked_by: string | null }>;
  unknown_checks: Record<string, unknown>;
  anomalies: Anomaly[];
  registry: { status: string | null; error: string | null; timestamp: string | null };
  session: { id: string | null; status: string | null; code: number | null; reason_code: number | null };
  legacy: Record<string, unknown> | null;
  text: { citizen: Sentence; agent: Sentence; log: Sentence };
}

/** Where the bytes are that a verdict was read from. */
export interface Source {
  bytes(): Uint8Array;
}

function bitsOf(names: readonly string[], bits: number): string[] {
  const out: string[] = [];
  for (let at = 0; at < 31; at++) if ((bits >> at) & 1) out.push(names[at] ?? String(at));
  return out;
}

/** A verdict over the numbers that crossed; the rest is read from its JSON when it is asked for. */
export class VerdictView implements VerdictBase {
  readonly #verified: boolean;
  readonly #outcome: number;
  readonly #rootCause: number;
  readonly #advice: number;
  readonly #failed: number;
  readonly #unmet: number;
  readonly #unchecked: number;
  readonly #inputs: number;
  readonly #anomalies: number;
  readonly #required: number;
  readonly #code: number;
  readonly #reasonCode: number;
  readonly #noIneResult: boolean;
  readonly #session: string | null;
  readonly #require: number;
  #source: Source | null;
  #json: string | null;

  /** Reads the numbers of the last crossing (node/native/results.c). `json` null: it is made of the source when asked for. */
  constructor(session: string | null, source: Source | null, require: number, json: string | null) {
    this.#verified = numbers[0] === 1;
    this.#outcome = numbers[1] as number;
    this.#rootCause = numbers[2] as number;
    this.#advice = numbers[3] as number;
    this.#failed = numbers[4] as number;
    this.#unmet = numbers[5] as number;
    this.#unchecked = numbers[6] as number;
    this.#inputs = numbers[7] as number;
    this.#anomalies = numbers[8] as number;
    this.#required = numbers[9] as number;
    this.#code = numbers[10] as number;
    this.#reasonCode = numbers[11] as number;
    this.#noIneResult = numbers[12] === 1;
    this.#session = session;
    this.#source = source;
    this.#require = require;
    this.#json = json;
  }

  get verified(): boolean {
    return this.#verified;
  }
  get outcome(): Outcome {
    return OUTCOMES[this.#outcome] ?? String(this.#outcome);
  }
  get rootCause(): Check | 'registry' | null {
    if (this.#rootCause < 0) return null;
    return this.#rootCause === 0 ? 'registry' : (CHECKS[this.#rootCause] ?? String(this.#rootCause));
  }
  get advice(): Advice {
    return ADVICES[this.#advice] ?? String(this.#advice);
  }
  get inputs(): readonly string[] {
    return bitsOf(INPUTS, this.#inputs);
  }
  get failed(): readonly Check[] {
    return bitsOf(CHECKS, this.#failed);
  }
  get unmet(): readonly Check[] {
    return bitsOf(CHECKS, this.#unmet);
  }
  get unchecked(): readonly string[] {
    return bitsOf(INPUTS, this.#unchecked);
  }
  get required(): readonly Check[] {
    return bitsOf(CHECKS, this.#required);
  }
  get anomalies(): readonly Anomaly[] {
    return bitsOf(ANOMALIES, this.#anomalies);
  }
  get checks(): Readonly<Record<string, CheckResult>> {
    const out: Record<string, CheckResult> = {};
    for (const [name, { state, reason, blocked_by: blockedBy }] of Object.entries(this.toJSON().checks))
      out[name] = { state, reason, blockedBy };
    return out;
  }
  get registry(): Registry {
    return this.toJSON().registry;
  }
  get sessionId(): string | null {
    return this.#session;
  }
  get sessionStatus(): string | null {
    return this.toJSON().session.status;
  }
  get sessionCode(): number | null {
    return Number.isNaN(this.#code) ? null : this.#code;
  }
  get reasonCode(): number | null {
    return Number.isNaN(this.#reasonCode) ? null : this.#reasonCode;
  }
  get noIneResult(): boolean {
    return this.#noIneResult;
  }
  get text(): Texts {
    return this.toJSON().text;
  }

  toJSON(): VerdictJson {
    if (this.#json === null) {
      this.#json = core.verdictJson((this.#source as Source).bytes(), this.#require);
      this.#source = null;
    }
    return JSON.parse(this.#json) as VerdictJson;
  }

  [inspect.custom](): string {
    const cause = this.rootCause === null ? '' : ` rootCause=${this.rootCause}`;
    return `Verdict { ${this.outcome}${cause} session=${this.sessionId} }`;
  }
}

/** A verdict after a crossing that brought one; see VerdictView. */
export function verdictOf(
  session: string | null,
  source: Source | null,
  require: number,
  json: string | null,
): Verdict {
  return new VerdictView(session, source, require, json) as unknown as Verdict;
}
