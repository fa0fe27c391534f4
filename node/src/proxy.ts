/** A proxy of the settings: CONNECT for https, absolute URLs for http. The environment names none. */
import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';

/** Why a proxy made no tunnel: nothing of the request was sent. */
export class ProxyError extends Error {
  readonly code = 'ERR_PROXY';
  /** HTTP status of the proxy's answer. */
  readonly errno: number;
  constructor(status: number) {
    super('the proxy made no tunnel');
    this.errno = status;
  }
}

type Connected = (error: Error | null, socket: Duplex) => void;

/** Node's own type has no socket for a failure, and needs none. */
const NONE = undefined as unknown as Duplex;

/** The request that opens a tunnel, as long as it is under way: who gives up the connection gives it up too. */
export interface Opening {
  request: http.ClientRequest | null;
}

/** Connections to an https server through the proxy. */
export class TunnelAgent extends https.Agent {
  readonly #proxy: URL;
  readonly #secureContext: tls.SecureContext;
  readonly #openings = new Set<http.ClientRequest>();

  /** `secureContext`: how to trust a proxy that speaks TLS. */
  constructor(proxy: string, secureContext: tls.SecureContext, options: https.AgentOptions) {
    super(options);
    this.#proxy = new URL(proxy);
    this.#secureContext = secureContext;
  }

  /** Node takes the socket from the callback when none is returned. */
  override createConnection(
    options: http.ClientRequestArgs & { opening?: Opening },
    connected: Connected = () => {},
  ): undefined {
    const host = options.host ?? 'localhost';
    const request = this.#request(`${host.includes(':') ? `[${host}]` : host}:${options.port ?? 443}`);
    const opening = options.opening ?? { request: null };
    opening.request = request;
    this.#openings.add(request);
    const end = (error: Error | null, socket: Duplex): void => {
      this.#openings.delete(request);
      opening.request = null;
      connected(error, socket);
    };
    request.once('connect', (reply, socket, rest) => {
      if (reply.statusCode === 200 && rest.length === 0) {
        end(null, tls.connect({ ...(options as tls.ConnectionOptions), socket }));
        return;
      }
      socket.destroy();
      end(new ProxyError(reply.statusCode ?? 0), NONE);
    });
    request.once('response', (reply) => {
      reply.destroy();
      end(new ProxyError(reply.statusCode ?? 0), NONE);
    });
    request.once('error', (error) => end(error, NONE));
    request.end();
    return undefined;
  }

  #request(authority: string): http.ClientRequest {
    const secure = this.#proxy.protocol === 'https:';
    const options = {
      host: this.#proxy.hostname.replace(/^\[|\]$/g, ''),
      port: this.#proxy.port || (secure ? 443 : 80),
      method: 'CONNECT',
      path: authority,
      headers: { Host: authority },
      agent: false,
    };
    if (!secure) return http.request(options);
    const trust = { rejectUnauthorized: true, secureContext: this.#secureContext };
    return https.request(Object.assign(options, trust));
  }

  override destroy(): void {
    for (const request of this.#openings) request.destroy();
    super.destroy();
  }
}
