/** AWS Lambda: API Gateway v1 (REST) and v2 (HTTP), function URLs, application load balancers. */
import type { Receiver } from './answer.js';
import { consumedError } from './body.js';
import type { HeadersLike } from './headers.js';
import type { Handler } from './webhooks.js';

/** As much of a Lambda event as is used. */
export interface LambdaRequest {
  readonly headers?: Readonly<Record<string, unknown>> | null | undefined;
  readonly multiValueHeaders?: Readonly<Record<string, unknown>> | null | undefined;
  readonly body?: unknown;
  readonly isBase64Encoded?: boolean | undefined;
}

/** What Lambda is answered: 200, 401 or 500, without a body. */
export interface LambdaReply {
  readonly statusCode: number;
  readonly body: string;
}

/** The handler that Lambda calls; the context is not used. */
export type LambdaHandler = (request: LambdaRequest, context?: unknown) => Promise<LambdaReply>;

const HOW = 'Hand the event over as AWS gave it: no middleware (Middy, Powertools) may parse its body first.';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The exact bytes; what is no base64 although it should be has none, and is refused. */
function bytesOf(request: LambdaRequest): Buffer {
  const body = request.body ?? '';
  if (typeof body !== 'string') throw consumedError(HOW);
  if (!request.isBase64Encoded) return Buffer.from(body, 'utf8');
  return BASE64.test(body) ? Buffer.from(body, 'base64') : Buffer.alloc(0);
}

/** Load balancers and API Gateway v1 have the values of a repeated header in lists. */
function headersOf(request: LambdaRequest): HeadersLike {
  return request.multiValueHeaders ?? request.headers ?? {};
}

export function lambdaOf(receiver: Receiver, handler: Handler): LambdaHandler {
  return async (request) => {
    if (request === null || typeof request !== 'object') throw consumedError(HOW);
    const statusCode = await receiver.answer(headersOf(request), bytesOf(request), handler);
    return { statusCode, body: '' };
  };
}
