/** Express 4 and 5, and other hosts of (request, response, next). */
import type { Receiver } from './answer.js';
import { consumedError, readNode } from './body.js';
import type { Handler } from './webhooks.js';

/** As much of a request as is used. */
export interface NodeRequest extends AsyncIterable<unknown> {
  readonly rawHeaders: string[];
  readonly readableEnded: boolean;
  readonly body?: unknown;
}

/** As much of a response as is used. */
export interface NodeResponse {
  statusCode: number;
  end(): unknown;
}

/** `(request, response, next)`: a route of Express, or a listener of node:http. */
export type ExpressHandler = (request: any, response: any, next?: (error?: unknown) => void) => Promise<void>;

const HOW =
  'Mount this route before express.json(), or give this route express.raw({ type: "*/*" }): ' +
  'app.post(path, express.raw({ type: "*/*" }), webhooks.express(handler)).';

/** What express.raw() has collected, or what nobody has read yet. */
async function bodyOf(request: NodeRequest, limit: number): Promise<Uint8Array> {
  if (request.body instanceof Uint8Array) return request.body;
  if (!request.readableEnded) return readNode(request, limit);
  throw consumedError(HOW);
}

export function expressOf(receiver: Receiver, handler: Handler): ExpressHandler {
  return async (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void) => {
    let status: number;
    try {
      const body = await bodyOf(request, receiver.limit);
      status = await receiver.answer(request.rawHeaders, body, handler);
    } catch (error) {
      if (next === undefined) throw error;
      next(error);
      return;
    }
    response.statusCode = status;
    response.end();
  };
}
