/** node:https with a keep-alive agent: redirects off, sizes capped, nothing added but framing. */
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { type Attempt, type Transport, turn } from './attempt.js';
import { FAIL } from './constants.js';
import { core } from './core.js';
import { IneError } from './errors.js';
import { failureOf } from './failures.js';
import { TunnelAgent } from './proxy.js';
import type { TlsFiles } from './settings.js';

/** 64 KiB of headers; the library's own limit, 100 of them, is judged there. */
const HEADER_BYTES = 65536;
/** Names and values of an honest reply are fewer. */
const HEADERS = 64;

export interface NodeTransportOptions {
  readonly baseUrl: string;
  readonly proxy: string | undefined;
  readonly agent: http.Agent | undefined;
  readonly tls: TlsFiles;
}

/** When a connection was last used. */
const FREED = Symbol('freed');
type KeptSocket = Socket & { [FREED]?: number; readonly _handle?: { readonly fd?: unknown } | null };
/** ms in which no honest server closes a connection that it has said to keep. */
const FRESH = 2;

/** One request under way. */
class Sending {
  #connected = false;
  #begun = false;
  #written: (() => void) | null = null;
  #replied = false;
  #settled = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly attempt: Attempt,
    readonly request: http.ClientRequest,
    readonly resolve: () => void,
  ) {
    attempt.abort = () => this.#settle(() => {});
    request.on('error', (error) => this.#failed(error));
    request.on('response', (reply) => this.#reply(reply));
    request.on('upgrade', (_reply, socket) => {
      socket.destroy();
      this.#settle(() => attempt.fail(FAIL.PROTOCOL, 0));
    });
    if (request.reusedSocket) this.#connectedNow();
    else this.#connecting();
  }

  #connecting(): void {
    this.#timer = setTimeout(
      () => this.#settle(() => this.attempt.fail(FAIL.TIMEOUT_NOT_SENT, 0)),
      Math.min(this.attempt.connectTimeout, this.attempt.timeout),
    );
    this.request.on('socket', (socket: Socket & { secureConnecting?: boolean; encrypted?: boolean }) => {
      if (this.#settled) return;
      if (socket.connecting || socket.secureConnecting)
        socket.once(socket.encrypted ? 'secureConnect' : 'connect', () => this.#connectedNow());
      else this.#connectedNow();
    });
  }

  #connectedNow(): void {
    if (this.#settled) return;
    this.#connected = true;
    this.attempt.begun = true;
    clearTimeout(this.#timer);
    const left = this.attempt.timeout - (performance.now() - this.attempt.sentAt);
    this.#timer = setTimeout(() => this.#late(), Math.max(1, left));
  }

  /** What was not sent completely can not have been processed (F14). */
  #late(): void {
    this.#settle(() => this.attempt.fail(this.request.writableFinished ? FAIL.TIMEOUT : FAIL.TIMEOUT_NOT_SENT, 0));
  }

  /** Ends it, once; the connection stays only after a whole reply to a whole request. */
  #settle(feed: () => void, keep = false): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.attempt.abort = null;
    feed();
    const socket = this.request.socket as KeptSocket | null;
    if (keep && socket !== null) socket[FREED] = performance.now();
    else this.request.destroy();
    this.#written?.();
    this.resolve();
  }

  #failed(error: unknown): void {
    /* F11: the reply counts, unless it is itself what is wrong. What is left of it comes, or its end. */
    if (this.#replied && !/^HPE_/.test(String((error as { code?: unknown }).code))) return;
    const { failure, own } = failureOf(error, {
      connected: this.#connected,
      begun: this.#begun || this.request.writableFinished,
    });
    this.#settle(() => this.attempt.fail(failure, own));
  }

  #reply(reply: http.IncomingMessage): void {
    if (this.#settled) {
      reply.destroy();
      return;
    }
    this.#replied = true;
    this.#written?.();
    const status = reply.statusCode ?? 0;
    /* A reply in one piece, which most are, crosses in one go; a header block that is too large at once. */
    let first: Buffer | undefined;
    let flowing = false;
    const flow = (): boolean => {
      flowing = true;
      return this.attempt.head(status, reply.rawHeaders) && (first === undefined || this.attempt.data(first));
    };
    const tooLarge = (): void => this.#settle(() => this.attempt.fail(FAIL.LIMIT, 0));
    if (reply.rawHeaders.length > HEADERS && !flow()) {
      tooLarge();
      return;
    }
    reply.on('data', (bytes: Buffer) => {
      if (this.#settled) return;
      if (!flowing && first === undefined) first = bytes;
      else if ((!flowing && !flow()) || !this.attempt.data(bytes)) tooLarge();
    });
    reply.on('end', () => {
      const keep = this.request.writableFinished && reply.complete;
      if (flowing) this.#settle(() => this.attempt.end(), keep);
      else
        this.#settle(() => {
          if (!this.attempt.reply(status, reply.rawHeaders, first)) this.attempt.fail(FAIL.LIMIT, 0);
        }, keep);
    });
    reply.on('error', (error) => this.#broken(error));
    reply.on('close', () => this.#broken(undefined));
  }

  #broken(error: unknown): void {
    const { failure, own } = failureOf(error, { connected: true, begun: true });
    this.#settle(() => this.attempt.fail(failure, own));
  }

  /** The image goes out as fast as the connection takes it, and no faster: one chunk of it is in memory. */
  async pump(): Promise<void> {
    try {
      for await (const chunk of this.attempt.chunks(true)) {
        if (this.#settled || this.#replied) return;
        await this.#write(chunk);
      }
      if (!this.#settled && !this.#replied) this.request.end();
    } catch (error) {
      const own = error instanceof IneError ? error.number : 0;
      this.#settle(() => this.attempt.fail(FAIL.MEDIA, own));
    }
  }

  /** Until the system has taken it, or it does not matter any more. */
  #write(chunk: Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.#written = resolve;
      this.request.write(chunk, () => {
        this.#begun = true;
        resolve();
      });
    });
  }
}

/** Which certificates are trusted: those of the settings, else the ones that Node brings; never the environment's. */
function secureContext(files: TlsFiles): tls.SecureContext {
  return tls.createSecureContext({
    ca: files.ca ?? [...tls.rootCertificates],
    cert: files.cert,
    key: files.key,
    minVersion: 'TLSv1.2',
  });
}

const ENDED = 0;
const SILENT = 1;
const UNKNOWN = -1;

/** What the system says of a connection. */
function stateOf(socket: KeptSocket): number {
  if (socket.destroyed) return ENDED;
  if (performance.now() - (socket[FREED] ?? 0) < FRESH) return SILENT;
  const fd = socket._handle?.fd;
  return typeof fd === 'number' ? core.socketState(fd) : UNKNOWN;
}

/**
 * F09: a connection that the server has closed between two calls is not used again. The loop hears of its end when it
 * has its turn, the system knows at once. False: it can not be told without that turn.
 */
function dropEnded(agent: http.Agent): boolean {
  for (const name in agent.freeSockets) {
    const sockets = agent.freeSockets[name] as KeptSocket[];
    while (sockets.length > 0) {
      const last = sockets[sockets.length - 1] as KeptSocket;
      const state = stateOf(last);
      if (state === SILENT) break;
      if (state !== ENDED) return false;
      sockets.pop();
      last.destroy();
    }
  }
  return true;
}

export class NodeTransport implements Transport {
  readonly #options: NodeTransportOptions;
  readonly #base: URL;
  readonly #secure: boolean;
  readonly #hostHeader: string;
  readonly #proxy: URL | null;
  #agent: http.Agent | null = null;

  constructor(options: NodeTransportOptions) {
    this.#options = options;
    this.#base = new URL(options.baseUrl);
    this.#secure = this.#base.protocol === 'https:';
    this.#hostHeader = this.#base.host;
    this.#proxy = options.proxy === undefined ? null : new URL(options.proxy);
  }

  /** Made for the first request: a client costs nothing before. */
  #makeAgent(): http.Agent {
    const { agent, proxy, tls: files } = this.#options;
    if (agent !== undefined) return agent;
    const keep = { keepAlive: true, maxFreeSockets: 256 };
    if (!this.#secure) return new http.Agent(keep);
    const secure = { ...keep, rejectUnauthorized: true, ALPNProtocols: ['http/1.1'] };
    const options = Object.assign(secure, { secureContext: secureContext(files) });
    return proxy === undefined ? new https.Agent(options) : new TunnelAgent(proxy, options);
  }

  #headers(attempt: Attempt): string[] {
    const headers = ['Host', this.#hostHeader, ...attempt.headers];
    if (attempt.size > 0 || attempt.method === 'POST' || attempt.method === 'PATCH')
      headers.push('Content-Length', String(attempt.size));
    return headers;
  }

  #open(attempt: Attempt): http.ClientRequest {
    this.#agent ??= this.#makeAgent();
    const through = this.#secure ? null : this.#proxy;
    const to = through ?? this.#base;
    const options = {
      agent: this.#agent,
      host: to.hostname.replace(/^\[|\]$/g, ''),
      port: to.port || (to.protocol === 'https:' ? 443 : 80),
      method: attempt.method,
      path: through === null ? attempt.target : attempt.url,
      headers: this.#headers(attempt) as unknown as http.OutgoingHttpHeaders,
      maxHeaderSize: HEADER_BYTES,
      insecureHTTPParser: false,
    };
    const request = this.#secure ? https.request(options) : http.request(options);
    request.maxHeadersCount = 0;
    return request;
  }

  async send(attempt: Attempt): Promise<void> {
    if (this.#agent !== null && !dropEnded(this.#agent)) await turn();
    if (attempt.aborted) return;
    await this.#send(attempt);
  }

  #send(attempt: Attempt): Promise<void> {
    return new Promise((resolve) => {
      const sending = new Sending(attempt, this.#open(attempt), resolve);
      if (attempt.streamed) void sending.pump();
      else if (attempt.size > 0) sending.request.end(attempt.body());
      else sending.request.end();
    });
  }

  close(): void {
    if (this.#options.agent === undefined) this.#agent?.destroy();
  }
}
