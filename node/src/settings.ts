/** Settings of a client, checked when it is made. All times are in milliseconds. */
import fs from 'node:fs';
import type { Agent } from 'node:http';
import { type Check, OPT, REPLY_SIGNATURES } from './constants.js';
import { core, type Handle, type Value } from './core.js';
import { configError } from './errors.js';
import type { Hooks } from './hooks.js';
import type { Dispatcher } from './transport-undici.js';
import { dayNumber, requireBits, type Strictness, strictBits, typeName } from './values.js';

/** Settings that the library knows; what is left out has the default of ine.h (`INE_OPT_*`), in brackets. */
export interface Settings {
  /** `https://host[:port][/path]`, from the customer portal. */
  baseUrl: string;
  /** Sent as VRF-INTEGRATION-ID; only with "flexible API keys". */
  integrationId?: string | undefined;
  /** `http://host:port` [none]. The environment is never followed. */
  proxy?: string | undefined;
  /** Path of a PEM bundle [Node's own]. */
  caFile?: string | undefined;
  /** PEM text in place of a file. */
  ca?: string | undefined;
  /** Path of a PEM client certificate, and of its key. */
  clientCert?: string | undefined;
  clientKey?: string | undefined;
  /** ms [5000] until there is a connection, TLS included. */
  connectTimeout?: number | undefined;
  /** ms [15000] for one request; uploads get 30 s and 1 s for each 256 KB. */
  callTimeout?: number | undefined;
  /** ms [600000] for a whole verification, from its start. */
  timeout?: number | undefined;
  /** Printable ASCII, 1..120. */
  userAgentSuffix?: string | undefined;
  /** [2] 0..5 repeats of what is provably safe to repeat. */
  retries?: number | undefined;
  /** Which replies must be signed [`default`: as documented]; `off` with a sandbox's key only. */
  replySignatures?: 'default' | 'require' | 'off' | undefined;
  /** [true] Sign POST /sessions too. */
  signSessions?: boolean | undefined;
  /** Checks that must have passed [the four core ones]. */
  require?: readonly Check[] | undefined;
  /** Warnings that refuse [none]. */
  strict?: readonly Strictness[] | undefined;
  /** ms [2000; 50 with a sandbox's key] until the decision is first asked for. */
  pollFirst?: number | undefined;
  /** ms [30000; 500] longest pause between two polls. */
  pollMax?: number | undefined;
  /** Bytes [1048576] of a reply; downloads may have 32 MB. */
  maxReply?: number | undefined;
  /** [false] Send images with their EXIF location and serial numbers. */
  keepMetadata?: boolean | undefined;
  /** Seed of the jitter, for tests [drawn from the system]. */
  seed?: number | undefined;
  /** YYYY-MM-DD for date checks [the system's date in UTC]. */
  today?: string | undefined;
  /** [0] New sessions a verification may make when the registry was down. */
  retryLater?: number | undefined;
  /** [true] Check before sending. */
  localChecks?: boolean | undefined;
  /** [0] Failed calls in a row after which nothing is sent for 5 s; 0: never. */
  breaker?: number | undefined;
}

/** How requests travel, and who hears of them. */
export interface TransportSettings extends Hooks {
  /** A fetch of yours in place of node:https, as in `fetch`. Its own TLS and proxy settings count. */
  fetch?: typeof globalThis.fetch | undefined;
  /** An undici Agent, Pool or Client in place of node:https. Its own TLS and proxy settings count. */
  dispatcher?: Dispatcher | undefined;
  /** An http(s).Agent of yours. Its own TLS settings count. */
  agent?: Agent | undefined;
  /** [64] Connections at once. */
  maxConnections?: number | undefined;
}

/** Everything that a client takes; only `baseUrl` is needed. */
export type ClientSettings = Settings & TransportSettings;

const TEXTS: Readonly<Record<string, number>> = {
  baseUrl: OPT.BASE_URL,
  integrationId: OPT.INTEGRATION_ID,
  proxy: OPT.PROXY,
  caFile: OPT.CA_FILE,
  ca: OPT.CA_PEM,
  clientCert: OPT.CLIENT_CERT,
  clientKey: OPT.CLIENT_KEY,
  userAgentSuffix: OPT.USER_AGENT_SUFFIX,
};
const NUMBERS: Readonly<Record<string, number>> = {
  connectTimeout: OPT.CONNECT_TIMEOUT_MS,
  callTimeout: OPT.CALL_TIMEOUT_MS,
  timeout: OPT.DEADLINE_MS,
  retries: OPT.RETRIES,
  pollFirst: OPT.POLL_FIRST_MS,
  pollMax: OPT.POLL_MAX_MS,
  maxReply: OPT.MAX_REPLY,
  seed: OPT.SEED,
  retryLater: OPT.RETRY_LATER,
  breaker: OPT.BREAKER,
};
const FLAGS: Readonly<Record<string, number>> = {
  signSessions: OPT.SIGN_SESSIONS,
  keepMetadata: OPT.KEEP_METADATA,
  localChecks: OPT.LOCAL_CHECKS,
};
const OTHERS = ['replySignatures', 'require', 'strict', 'today'];
const TRANSPORT = ['fetch', 'dispatcher', 'agent', 'maxConnections', 'onRequest', 'onResponse'];
const POLICIES: Readonly<Record<string, number>> = {
  default: REPLY_SIGNATURES.DEFAULT,
  require: REPLY_SIGNATURES.REQUIRE,
  off: REPLY_SIGNATURES.OFF,
};

function pairOf(name: string, value: unknown): [number, Value] {
  const wrong = (wanted: string): TypeError => new TypeError(`${name} must be ${wanted}, not ${typeName(value)}`);
  if (Object.hasOwn(TEXTS, name)) {
    if (typeof value !== 'string') throw wrong('a string');
    return [TEXTS[name] as number, value];
  }
  if (Object.hasOwn(NUMBERS, name)) {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong('a number');
    return [NUMBERS[name] as number, Math.trunc(value)];
  }
  if (Object.hasOwn(FLAGS, name)) {
    if (typeof value !== 'boolean') throw wrong('true or false');
    return [FLAGS[name] as number, value ? 1 : 0];
  }
  if (name === 'replySignatures') {
    if (typeof value !== 'string' || !Object.hasOwn(POLICIES, value)) throw wrong('default, require or off');
    return [OPT.REPLY_SIGNATURES, POLICIES[value]];
  }
  if (name === 'today') return [OPT.TODAY, dayNumber(value as string, name)];
  if (!Array.isArray(value)) throw wrong('a list');
  if (name === 'require') return [OPT.REQUIRE, requireBits(value as Check[])];
  return [OPT.STRICT, strictBits(value as Strictness[])];
}

/** The library's options; unknown settings and wrong types are refused. */
export function optionsOf(settings: Partial<ClientSettings>): Handle<'options'> {
  const pairs: Value[] = [];
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined || TRANSPORT.includes(name)) continue;
    if (!(name in TEXTS || name in NUMBERS || name in FLAGS || OTHERS.includes(name)))
      throw new TypeError(`there is no setting of the name ${name}`);
    pairs.push(...pairOf(name, value));
  }
  return core.optionsNew(pairs);
}

/** What TLS needs; files are read once, here. */
export interface TlsFiles {
  ca?: string;
  cert?: string;
  key?: string;
}

function readPem(path: string, field: string, what: string): string {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    throw configError(field, `${what} can not be read`);
  }
}

function needCertificate(pem: string, field: string, what: string): string {
  try {
    const { X509Certificate } = require('node:crypto') as typeof import('node:crypto');
    new X509Certificate(pem);
    return pem;
  } catch {
    throw configError(field, `${what} holds no certificate`);
  }
}

/** F52: a CA file that is missing or empty is a wrong setting, not a failed connection later. */
export function tlsFiles(settings: Settings): TlsFiles {
  const out: TlsFiles = {};
  if (settings.caFile !== undefined)
    out.ca = needCertificate(readPem(settings.caFile, 'ca_file', 'the CA file'), 'ca_file', 'the CA file');
  else if (settings.ca !== undefined) out.ca = needCertificate(settings.ca, 'ca_pem', 'the CA text');
  if (settings.clientCert !== undefined) {
    const what = 'the client certificate';
    out.cert = needCertificate(readPem(settings.clientCert, 'client_cert', what), 'client_cert', what);
    out.key = readPem(settings.clientKey ?? settings.clientCert, 'client_key', 'the client key');
  } else if (settings.clientKey !== undefined) {
    throw configError('client_key', 'the client key has no certificate beside it');
  }
  return out;
}
