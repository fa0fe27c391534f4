/**
 * For your own tests: signed webhooks, and the vendor's API in process, offline, on a port of the loopback address. The
 * sandbox takes its knowledge from the vendor's pages; docs/sandbox.md says what it answers.
 *
 * @packageDocumentation
 */
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { Client } from './client.js';
import { core, type Handle } from './core.js';
import { Credentials, handleOf, keyOf } from './credentials.js';
import { tell } from './hooks.js';
import type { MxInePerson } from './inputs.js';
import { picture } from './picture.js';
import type { ClientSettings } from './settings.js';

export { picture } from './picture.js';

/** Products that a sandbox plays. */
export type SandboxProduct = 'mx_ine' | 'ine_biometric' | 'ine_registry';

const PRODUCTS: readonly SandboxProduct[] = ['mx_ine', 'ine_biometric', 'ine_registry'];
/** Times in ms; keepBytes; unlisted: 1, a CIC that is not known is a person who matches. */
const SETTINGS = { decisionDelay: 0, keepBytes: 1, unlisted: 2, clock: 3, retry: 4, giveUp: 5 } as const;
const BODY_MAX = 27 << 20;
const DELIVERY_MS = 5000;

/** Of a sandbox. */
export interface SandboxOptions {
  /** Equal seeds and equal calls give equal replies [1]. */
  seed?: number;
  /** ms from submission to decision [150]. */
  decisionDelay?: number;
  /** [0] any that is free. */
  port?: number;
  /** https with this certificate and key, PEM. */
  tls?: { key: string | Buffer; cert: string | Buffer };
  /** Hears of each request: method, path, status. */
  onRequest?: (line: string) => void;
}

function productNumber(product: string): number {
  const number = PRODUCTS.indexOf(product as SandboxProduct);
  if (number < 0) throw new TypeError(`products are ${PRODUCTS.join(', ')}`);
  return number;
}

/** Name, CIC and description of each scenario. */
function table(): { name: string; cic: string; about: string }[] {
  const flat = core.scenarios();
  const out = [];
  for (let at = 0; at < flat.length; at += 3)
    out.push({ name: flat[at] as string, cic: flat[at + 1] as string, about: flat[at + 2] as string });
  return out;
}

/** Names of the scenarios, and what happens in each. */
export function scenarios(): Record<string, string> {
  return Object.fromEntries(table().map(({ name, about }) => [name, about]));
}

/** Of a signed webhook. */
export interface SignedWebhookOptions {
  vendorData?: string;
  /** Wall-clock time in ms [now]: equal arguments give equal bytes. */
  now?: number;
  /** Of the Request [http://localhost/webhooks/veriff]. */
  url?: string;
}

/** Headers and body of a webhook: the decision of a scenario, signed with the newest secret of the credentials. The
 * person in it is the vendor's documented placeholder. */
export function signedDelivery(
  scenario: string,
  credentials: Credentials,
  options: SignedWebhookOptions = {},
): { headers: Record<string, string>; body: Buffer } {
  const moment = options.now ?? Date.now();
  const [body, signature] = core.testingWebhook(scenario, options.vendorData ?? null, handleOf(credentials), moment);
  return {
    headers: {
      'content-type': 'application/json',
      'x-auth-client': keyOf(credentials),
      'x-hmac-signature': signature,
    },
    body,
  };
}

/** The same as a Web Request, for a route handler. */
export function signedWebhook(scenario: string, credentials: Credentials, options: SignedWebhookOptions = {}): Request {
  const { headers, body } = signedDelivery(scenario, credentials, options);
  return new Request(options.url ?? 'http://localhost/webhooks/veriff', { method: 'POST', headers, body });
}

/** The vendor's API on a port of 127.0.0.1, in this process. */
export class Sandbox {
  readonly port: number;
  readonly baseUrl: string;
  readonly #sandbox: Handle<'sandbox'>;
  readonly #server: http.Server;
  readonly #clients: Client[] = [];
  #timer: NodeJS.Timeout | undefined;
  #delivering = false;
  #closed = false;
  #cases = 0;
  #picture: Buffer | undefined;

  private constructor(sandbox: Handle<'sandbox'>, server: http.Server, secure: boolean) {
    this.#sandbox = sandbox;
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    this.baseUrl = `${secure ? 'https' : 'http'}://127.0.0.1:${this.port}`;
    core.sandboxBaseUrl(sandbox, this.baseUrl);
  }

  /** Starts one; close() ends it. */
  static async start(options: SandboxOptions = {}): Promise<Sandbox> {
    const handle = core.sandboxNew(options.seed ?? 1);
    let sandbox: Sandbox | undefined;
    const serve = (request: http.IncomingMessage, response: http.ServerResponse): void => {
      if (sandbox !== undefined) void sandbox.#serve(request, response, options.onRequest);
    };
    const server = options.tls === undefined ? http.createServer(serve) : https.createServer(options.tls, serve);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port ?? 0, '127.0.0.1', 1024, resolve);
    });
    sandbox = new Sandbox(handle, server, options.tls !== undefined);
    if (options.decisionDelay !== undefined) sandbox.set('decisionDelay', options.decisionDelay);
    return sandbox;
  }

  /** A setting of the whole sandbox. */
  set(name: keyof typeof SETTINGS, value: number): void {
    if (!Object.hasOwn(SETTINGS, name) || !core.sandboxSet(this.#sandbox, SETTINGS[name], value))
      throw new TypeError(`${name} can not be set to that; there are ${Object.keys(SETTINGS).join(', ')}`);
  }

  /** API key and secret of an integration of this sandbox. */
  keys(product: SandboxProduct = 'mx_ine'): { apiKey: string; secret: string } {
    const [apiKey, secret] = core.sandboxIntegration(this.#sandbox, productNumber(product));
    return { apiKey, secret };
  }

  get credentials(): Credentials {
    return this.credentialsFor('mx_ine');
  }

  credentialsFor(product: SandboxProduct, label = 'sandbox'): Credentials {
    const { apiKey, secret } = this.keys(product);
    return new Credentials(apiKey, secret, { label });
  }

  /** A client of this sandbox; it is closed with it. */
  client(settings: Partial<ClientSettings> = {}): Client {
    const client = new Client(this.credentials, { baseUrl: this.baseUrl, ...settings });
    this.#clients.push(client);
    return client;
  }

  /** What to give to verify() for a scenario: the vendor's placeholder, the scenario's CIC, a drawn picture. */
  person(scenario = 'approved', changes: Partial<MxInePerson> = {}): MxInePerson {
    const found = table().find(({ name }) => name === scenario);
    if (found === undefined) throw new TypeError(`scenarios are ${Object.keys(scenarios()).join(', ')}`);
    this.#picture ??= picture();
    this.#cases++;
    return {
      cic: found.cic,
      selfie: this.#picture,
      consent: true,
      vendorData: `case-${this.#cases}`,
      firstName: 'JUAN',
      lastName: 'GARCIA',
      secondLastName: 'LOPEZ',
      curp: 'GARJ000000HMCRLP00',
      firstIssue: '2018-06-15',
      validFrom: '2020-03-10',
      ...changes,
    };
  }

  /** One request without a network. */
  request(
    method: string,
    target: string,
    headers: Readonly<Record<string, string>> = {},
    body: Uint8Array | string = '',
  ): { status: number; headers: string[]; body: Buffer } {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    return this.#handle(method, target, Object.entries(headers).flat(), bytes);
  }

  /** Webhooks go to an http URL of this machine: decisions, events (`event`), or the legacy ones (`ine`). */
  deliverTo(url: string, options: { kind?: 'decision' | 'event' | 'ine'; product?: SandboxProduct } = {}): void {
    const { apiKey } = this.keys(options.product);
    if (!url.startsWith('http://')) throw new TypeError('webhooks of a sandbox go to an http URL');
    if (!core.sandboxWebhookUrl(this.#sandbox, apiKey, options.kind ?? 'decision', url))
      throw new TypeError('the sandbox does not take this URL: http on this machine');
    this.#schedule();
  }

  /** Ends it: its clients, its connections, its port. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const client of this.#clients) client.close();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
    core.free(this.#sandbox);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  [inspect.custom](): string {
    return `Sandbox { ${this.baseUrl} }`;
  }

  #handle(
    method: string,
    target: string,
    headers: readonly string[],
    body: Uint8Array,
  ): { status: number; headers: string[]; body: Buffer } {
    const lines = headers.join('\n');
    const [status, out, reply] = core.sandboxHandle(this.#sandbox, method, target, lines, body, Date.now());
    this.#schedule();
    return { status, headers: out, body: reply };
  }

  async #serve(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    onRequest: ((line: string) => void) | undefined,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of request) {
        size += (chunk as Buffer).byteLength;
        if (size > BODY_MAX) throw new Error('too large');
        chunks.push(chunk as Buffer);
      }
    } catch {
      response.destroy();
      return;
    }
    if (this.#closed) return;
    const target = request.url ?? '/';
    const reply = this.#handle(request.method ?? 'GET', target, request.rawHeaders, Buffer.concat(chunks));
    tell(onRequest, `${request.method} ${target.split('?')[0]} ${reply.status}`);
    response.writeHead(reply.status, [...reply.headers, 'Content-Length', String(reply.body.byteLength)]);
    response.end(reply.body);
  }

  /** Wakes when a webhook is due. */
  #schedule(): void {
    if (this.#closed || this.#delivering) return;
    const wait = core.sandboxWait(this.#sandbox, Date.now());
    clearTimeout(this.#timer);
    this.#timer = wait < 0 ? undefined : setTimeout(() => void this.#deliver(), Math.min(wait, 2 ** 31 - 1));
  }

  async #deliver(): Promise<void> {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      for (;;) {
        if (this.#closed) return;
        const due = core.sandboxDue(this.#sandbox, Date.now());
        if (due === null) break;
        const [number, url, headers, body] = due;
        const status = await post(url, headers, body);
        if (!this.#closed) core.sandboxDelivered(this.#sandbox, number, status);
      }
    } finally {
      this.#delivering = false;
    }
    this.#schedule();
  }
}

/** The receiver's status; 0 when it did not answer. */
function post(url: string, headers: string[], body: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const { host } = new URL(url);
    const all = ['Host', host, ...headers, 'Content-Length', String(body.byteLength)];
    const options = { method: 'POST', agent: false, headers: all as unknown as http.OutgoingHttpHeaders };
    const request = http.request(url, options, (reply) => {
      reply.resume();
      reply.on('end', () => resolve(reply.statusCode ?? 0));
      reply.on('error', () => resolve(0));
    });
    request.setTimeout(DELIVERY_MS, () => request.destroy());
    request.on('error', () => resolve(0));
    request.end(body);
  });
}
