/** API key and secrets of one integration. */
import { inspect } from 'node:util';
import { core, type Handle } from './core.js';
import { configError } from './errors.js';
import { bytesOf, stringOf } from './values.js';

/** The environment, or something like it. */
export type Environment = Readonly<Record<string, string | undefined>>;

const handles = new WeakMap<Credentials, Handle<'credentials'>>();
const keys = new WeakMap<Credentials, string>();

/**
 * Credentials of one integration. Several secrets: the first is the newest and signs, all of them verify. A secret
 * is used byte for byte: never trimmed, never decoded. Prints its label only.
 */
export class Credentials {
  /** Names the integration in results. */
  readonly label: string;

  /** `apiKey` is a UUID; `secret` a string (as UTF-8) or bytes, 1..1024 of them, or a list of them. */
  constructor(
    apiKey: string,
    secret: string | Uint8Array | readonly (string | Uint8Array)[],
    options: { label?: string } = {},
  ) {
    this.label = stringOf(options.label ?? '', 'label');
    const secrets = Array.isArray(secret) ? (secret as (string | Uint8Array)[]) : [secret as string | Uint8Array];
    if (secrets.length === 0) throw configError('secret', 'the credentials need a secret');
    const bytes = secrets.map(secretBytes);
    const made = core.credentialsNew(this.label, stringOf(apiKey, 'apiKey'), bytes);
    for (const one of bytes) if (one.copied) one.fill(0);
    handles.set(this, made);
    keys.set(this, apiKey);
  }

  /** From INE_API_KEY and INE_SECRET. */
  static fromEnv(environment: Environment = process.env): Credentials {
    const { INE_API_KEY: key, INE_SECRET: secret } = environment;
    if (!key || !secret) {
      const missing = [...(key ? [] : ['INE_API_KEY']), ...(secret ? [] : ['INE_SECRET'])];
      throw configError(missing[0] as string, `not set: ${missing.join(', ')}`);
    }
    return new Credentials(key, secret);
  }

  /** Whether a libine sandbox made the key. */
  get isSandbox(): boolean {
    return core.credentialsIsSandbox(handleOf(this));
  }

  toJSON(): { label: string } {
    return { label: this.label };
  }

  [inspect.custom](): string {
    return `Credentials { ${this.label || '(no label)'} }`;
  }
}

function secretBytes(secret: unknown): Uint8Array & { copied?: boolean } {
  if (typeof secret !== 'string') return bytesOf(secret, 'secret');
  if (!secret.isWellFormed()) throw configError('secret', 'a secret given as a string is not valid Unicode');
  return Object.assign(Buffer.from(secret, 'utf8'), { copied: true });
}

export function handleOf(credentials: unknown): Handle<'credentials'> {
  const handle = credentials instanceof Credentials ? handles.get(credentials) : undefined;
  if (handle === undefined) throw new TypeError('credentials are an instance of Credentials');
  return handle;
}

export function keyOf(credentials: Credentials): string {
  return keys.get(credentials) as string;
}
