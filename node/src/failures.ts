/** What a transport's error means: was the request sent, or may it have been processed? (docs/faults.md) */
import { FAIL } from './constants.js';

/** How far a request had come when it failed. */
export interface Progress {
  /** There was a connection, TLS included. */
  readonly connected: boolean;
  /** Some of the request has been handed to the system. */
  readonly begun: boolean;
}

const RESOLVE = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME', 'ENODATA', 'ESERVFAIL']);
const TLS = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_|CRL_|INVALID_|EPROTO|ERR_OSSL)/;
const LIMIT = new Set(['HPE_HEADER_OVERFLOW', 'UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RES_EXCEEDED_MAX_SIZE']);
const PROTOCOL = /^(HPE_|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|UND_ERR_RESPONSE|ERR_HTTP)/;

interface SystemError {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** fetch() and AggregateError wrap what happened. */
function innermost(error: unknown): SystemError {
  let at = (error ?? {}) as SystemError;
  for (let depth = 0; depth < 5; depth++) {
    const inner = Array.isArray(at.errors) ? at.errors[0] : at.cause;
    if (inner === null || typeof inner !== 'object') break;
    at = inner as SystemError;
  }
  return at;
}

function kindOf(error: SystemError, progress: Progress): number {
  const code = typeof error.code === 'string' ? error.code : '';
  if (LIMIT.has(code)) return FAIL.LIMIT;
  if (RESOLVE.has(code) || error.syscall === 'getaddrinfo') return FAIL.RESOLVE;
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return FAIL.TIMEOUT_NOT_SENT;
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return FAIL.TIMEOUT;
  if (PROTOCOL.test(code)) return progress.connected ? FAIL.PROTOCOL : FAIL.CONNECT;
  if (error.syscall === 'connect') return FAIL.CONNECT;
  if (!progress.connected) return TLS.test(code) ? FAIL.TLS : FAIL.CONNECT;
  /* F09: the first write on a connection that the server had closed: nothing of the request has left. */
  if (error.syscall === 'write' && !progress.begun) return FAIL.CONNECT;
  return FAIL.BROKEN;
}

/** INE_FAIL_*, and the system's number for the error. */
export function failureOf(error: unknown, progress: Progress): { failure: number; own: number } {
  const inner = innermost(error);
  return { failure: kindOf(inner, progress), own: typeof inner.errno === 'number' ? Math.abs(inner.errno) : 0 };
}

/** The same for fetch and undici, which do not say how far a request had come: what is no failure to connect may
 * have been processed. */
export function failureOfOther(error: unknown): { failure: number; own: number } {
  const inner = innermost(error);
  const code = typeof inner.code === 'string' ? inner.code : '';
  const connected = !(TLS.test(code) && !/ALERT/.test(code));
  return failureOf(error, { connected, begun: true });
}
