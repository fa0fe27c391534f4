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

/** The request that opens a tunnel. */
function openTunnel(proxy: URL, authority: string): http.ClientRequest {
  const request = proxy.protocol === 'https:' ? https.request : http.request;
  return request({
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
    method: 'CONNECT',
    path: authority,
    headers: { Host: authority },
    agent: false,
  });
}

/** Connections to an https server through the proxy. */
export class TunnelAgent extends https.Agent {
  readonly #proxy: URL;

  constructor(proxy: string, options: https.AgentOptions) {
    super(options);
    this.#proxy = new URL(proxy);
  }

  /** Node takes the socket from the callback when none is returned. */
  override createConnection(options: http.ClientRequestArgs, connected: Connected = () => {}): undefined {
    const host = options.host ?? 'localhost';
    const request = openTunnel(this.#proxy, `${host.includes(':') ? `[${host}]` : host}:${options.port ?? 443}`);
    request.once('connect', (reply, socket, rest) => {
      if (reply.statusCode !== 200 || rest.length > 0) {
        socket.destroy();
        connected(new ProxyError(reply.statusCode ?? 0), NONE);
        return;
      }
      connected(null, tls.connect({ ...(options as tls.ConnectionOptions), socket }));
    });
    request.once('response', (reply) => {
      reply.destroy();
      connected(new ProxyError(reply.statusCode ?? 0), NONE);
    });
    request.once('error', (error) => connected(error, NONE));
    request.end();
    return undefined;
  }
}
