/** AWS Lambda: API Gateway v1 (REST) and v2 (HTTP), function URLs, application load balancers. */
import type { Receiver } from './answer.js';
import { ConsumedError } from './body.js';
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
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The exact bytes, up to one over the limit; what is no base64 although it should be has none, and is refused. */
function bytesOf(request: LambdaRequest, limit: number): Buffer {
  const body = request.body ?? '';
  if (typeof body !== 'string') throw new ConsumedError(HOW);
  if (!request.isBase64Encoded) return Buffer.from(body.slice(0, limit + 1), 'utf8');
  const most = Math.ceil((limit + 1) / 3) * 4;
  if (body.length > most) return Buffer.alloc(limit + 1);
  return body.length % 4 === 0 && BASE64.test(body) ? Buffer.from(body, 'base64') : Buffer.alloc(0);
}

/** Load balancers and API Gateway v1 have the values of a repeated header in lists. */
function headersOf(request: LambdaRequest): HeadersLike {
  const { multiValueHeaders: many, headers } = request;
  return many && Object.keys(many).length > 0 ? many : (headers ?? {});
}

export function lambdaOf(receiver: Receiver, handler: Handler): LambdaHandler {
  return async (request) => {
    if (request === null || typeof request !== 'object') throw new ConsumedError(HOW);
    const statusCode = await receiver.answer(headersOf(request), bytesOf(request, receiver.limit), handler);
    return { statusCode, body: '' };
  };
}
