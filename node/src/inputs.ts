/** Who is to be verified: what the caller gives, as the library takes it. */
import { IN, INPUTS, MEDIA, PRODUCT, type ProblemCode } from './constants.js';
import { core, type Handle, type Value } from './core.js';
import { inputError, type Problem, problemsOf } from './errors.js';
import { type Image, isImage, type Media, notAnImage, openMedia, Unreadable, unreadable } from './media.js';
import { momentOf, typeName } from './values.js';

/** What may be known of a consent. */
interface ConsentFacts {
  readonly approved?: true;
  readonly time?: Date | number;
  /** Version of the text that was agreed to. */
  readonly textVersion?: string;
  /** As in `web`, `branch`. */
  readonly channel?: string;
}

type AtLeastOne<T> = { [K in keyof T]-?: T & Required<Pick<T, K>> }[keyof T];

/** A consent that was given: when, to which text, where; at least one of them. Kept for evidence(), never sent. */
export type ConsentRecord = AtLeastOne<ConsentFacts>;

/** The person's consent to the check with INE: `true`, or its record; never a boolean of unknown value. */
export type Consent = true | ConsentRecord;

/** What may be said of a person and a card; it is compared with the registry, or kept. */
interface Details {
  /** Your own id of the case: a lost reply is reconciled by it. Nothing personal. */
  readonly vendorData: string | number | bigint;
  readonly consent: Consent;
  readonly curp?: string | undefined;
  readonly firstName?: string | undefined;
  /** The father's last name. */
  readonly lastName?: string | undefined;
  /** The mother's last name. */
  readonly secondLastName?: string | undefined;
  /** YYYY-MM-DD; the year is compared. */
  readonly firstIssue?: string | undefined;
  readonly validFrom?: string | undefined;
  /** YYYY-MM-DD; compared with the CURP, not sent for mx_ine. */
  readonly dateOfBirth?: string | undefined;
  readonly gender?: 'M' | 'F' | undefined;
  readonly endUserId?: string | undefined;
  readonly callback?: string | undefined;
  readonly documentCountry?: string | undefined;
  readonly documentType?: string | undefined;
}

/** The current product: CIC, consent and a selfie. */
export interface MxInePerson extends Details {
  readonly product?: 'mx_ine' | undefined;
  /** 9 digits, as a string: a number loses leading zeros. */
  readonly cic: string;
  readonly selfie: Image;
}

/** The older biometric product: the selfie and the card's images. */
export interface IneBiometricPerson extends Details {
  readonly product: 'ine_biometric';
  readonly cic?: string | undefined;
  readonly selfie: Image;
  readonly documentFront: Image;
  readonly documentBack?: Image | undefined;
}

/** The legacy registry check: no face is compared. */
export interface IneRegistryPerson extends Details {
  readonly product: 'ine_registry';
  readonly cic?: string | undefined;
  readonly selfie?: Image | undefined;
  readonly documentFront?: Image | undefined;
  readonly documentBack?: Image | undefined;
}

/** What a verification takes. */
export type Person = MxInePerson | IneBiometricPerson | IneRegistryPerson;

const TEXTS: Readonly<Record<string, number>> = {
  cic: IN.CIC,
  curp: IN.CURP,
  firstName: IN.FIRST_NAME,
  lastName: IN.LAST_NAME,
  secondLastName: IN.SECOND_LAST_NAME,
  firstIssue: IN.FIRST_ISSUE,
  validFrom: IN.VALID_FROM,
  dateOfBirth: IN.DATE_OF_BIRTH,
  gender: IN.GENDER,
  endUserId: IN.END_USER_ID,
  callback: IN.CALLBACK,
  documentCountry: IN.DOCUMENT_COUNTRY,
  documentType: IN.DOCUMENT_TYPE,
};
const IMAGES: Readonly<Record<string, number>> = {
  selfie: MEDIA.FACE,
  documentFront: MEDIA.DOCUMENT_FRONT,
  documentBack: MEDIA.DOCUMENT_BACK,
};
const PRODUCTS: Readonly<Record<string, number>> = {
  mx_ine: PRODUCT.MX_INE,
  ine_biometric: PRODUCT.INE_BIOMETRIC,
  ine_registry: PRODUCT.INE_REGISTRY,
};
const CONSENTS = INPUTS[IN.CONSENT] as string;
const CONSENT_TEXTS: Readonly<Record<string, number>> = {
  textVersion: IN.CONSENT_TEXT_VERSION,
  channel: IN.CONSENT_CHANNEL,
};
const HINTS: Readonly<Record<string, string>> = {
  cic: 'the CIC is a string of 9 digits: a number loses leading zeros',
  firstIssue: 'a string YYYY-MM-DD: a Date has a time zone, a card has none',
};

/** An object of names and values and nothing else: no Promise, Map, Date or Boolean, and nothing inherited. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** What was given, sorted: ids and values for the library, images, and what is of a wrong type. */
export class Inputs {
  product: number = PRODUCT.MX_INE;
  readonly pairs: Value[] = [];
  readonly images = new Map<number, Image>();
  readonly problems: Problem[] = [];
  vendorData: string | null = null;
  /** There is no consent: the library says so among its problems; without local checks too nothing is sent. */
  refused = false;

  constructor(who: unknown) {
    if (who === null || typeof who !== 'object') {
      this.#problem('person', 'REQUIRED', `a person is an object, not ${typeName(who)}`);
      return;
    }
    for (const [name, value] of Object.entries(who)) if (value !== undefined && value !== null) this.#take(name, value);
  }

  #problem(field: string, code: ProblemCode, hint: string): void {
    this.problems.push({ field, code, severity: 'error', hint });
  }

  #take(name: string, value: unknown): void {
    if (Object.hasOwn(TEXTS, name)) this.#text(name, value);
    else if (Object.hasOwn(IMAGES, name)) this.#image(name, value);
    else if (name === 'vendorData') this.#vendorData(value);
    else if (name === 'consent') this.#consent(value);
    else if (name === 'product') this.#product(value);
    else this.#problem(/^\w{1,40}$/.test(name) ? name : 'unknown', 'UNUSED', 'there is no input of this name');
  }

  #text(name: string, value: unknown): void {
    const id = TEXTS[name] as number;
    if (typeof value === 'string') {
      this.pairs.push(id, value);
      return;
    }
    const day = value instanceof Date ? HINTS.firstIssue : undefined;
    this.#problem(INPUTS[id] as string, 'FORMAT', HINTS[name] ?? day ?? `a string, not ${typeName(value)}`);
  }

  #image(name: string, value: unknown): void {
    if (isImage(value)) this.images.set(IMAGES[name] as number, value);
    else this.problems.push(notAnImage(value));
  }

  #vendorData(value: unknown): void {
    if (typeof value === 'string' || typeof value === 'bigint' || Number.isSafeInteger(value)) {
      this.vendorData = String(value);
      this.pairs.push(IN.VENDOR_DATA, this.vendorData);
    } else {
      this.#problem(INPUTS[IN.VENDOR_DATA] as string, 'FORMAT', `a string or an integer, not ${typeName(value)}`);
    }
  }

  #product(value: unknown): void {
    const known = typeof value === 'string' && Object.hasOwn(PRODUCTS, value) ? PRODUCTS[value] : undefined;
    if (known === undefined) this.#problem('product', 'VALUE', `one of ${Object.keys(PRODUCTS).join(', ')}`);
    else this.product = known;
  }

  /** Anything but `true` or a record that says something is no consent: a Promise that was not awaited is not. */
  #consent(value: unknown): void {
    if (value === true) {
      this.pairs.push(IN.CONSENT, 1);
      return;
    }
    const facts = isPlain(value) ? Object.entries(value).filter(([, fact]) => fact !== undefined) : [];
    if (facts.length === 0 || facts.some(([name, fact]) => name === 'approved' && fact !== true)) {
      this.pairs.push(IN.CONSENT, 0);
      this.refused = true;
      return;
    }
    this.pairs.push(IN.CONSENT, 1);
    for (const [name, fact] of facts) this.#consentFact(name, fact);
  }

  #consentFact(name: string, fact: unknown): void {
    const id = Object.hasOwn(CONSENT_TEXTS, name) ? CONSENT_TEXTS[name] : undefined;
    if (name === 'time') {
      try {
        this.pairs.push(IN.CONSENT_TIME, momentOf(fact as Date, 'consent.time'));
      } catch {
        this.#problem(CONSENTS, 'DATE', 'time is a valid Date, or milliseconds since 1970');
      }
    } else if (id === undefined) {
      if (name !== 'approved')
        this.#problem(CONSENTS, 'UNUSED', 'a record has approved, time, textVersion and channel');
    } else if (typeof fact === 'string' && fact !== '') {
      this.pairs.push(id, fact);
    } else {
      this.#problem(CONSENTS, 'FORMAT', `${name} is a string, and not empty`);
    }
  }
}

/** One verification's inputs inside the library, and the images that feed it. */
export class Job {
  readonly media = new Map<number, Media>();
  verification: Handle<'verification'> | null = null;
  vendorData: string | null = null;

  /** Opens the images; what is wrong with the input's types is an InputError with all that the library finds. */
  static async of(who: unknown): Promise<Job> {
    const inputs = new Inputs(who);
    const job = new Job();
    job.vendorData = inputs.vendorData;
    try {
      for (const [context, image] of inputs.images) await job.#open(context, image, inputs.problems);
      const sizes: Value[] = [];
      for (const [context, media] of job.media) sizes.push(context, media.size);
      if (inputs.refused || inputs.problems.length > 0) throw inputError(allProblems(inputs, sizes));
      job.verification = core.verificationNew(inputs.product, inputs.pairs, sizes);
      return job;
    } catch (error) {
      await job.close();
      throw error;
    }
  }

  async #open(context: number, image: Image, problems: Problem[]): Promise<void> {
    try {
      this.media.set(context, await openMedia(image));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      problems.push(unreadable(error.message));
    }
  }

  /** Nothing is read for a while. */
  rest(): void {
    for (const media of this.media.values()) media.rest();
  }

  /** Nothing of the caller's is looked at afterwards. */
  async close(): Promise<void> {
    if (this.verification !== null) core.free(this.verification);
    this.verification = null;
    for (const media of this.media.values()) await media.close();
    this.media.clear();
  }
}

/**
 * What is of a wrong type, and what the library finds in the rest, in the library's order: where it misses a value that
 * was of a wrong type, that is said in its place.
 */
export function allProblems(
  inputs: Inputs,
  media: readonly Value[],
  options: Handle<'options'> | null = null,
): Problem[] {
  const left = new Set(inputs.problems);
  const fields = new Set(inputs.problems.map((problem) => problem.field));
  const out: Problem[] = [];
  for (const problem of problemsOf(core.check(inputs.product, inputs.pairs, media, options))) {
    if (!fields.has(problem.field)) out.push(problem);
    for (const ours of left) if (ours.field === problem.field && left.delete(ours)) out.push(ours);
  }
  return [...out, ...left];
}
