/** Express 4 and 5, and other hosts of (request, response, next). */
import type { Receiver } from './answer.js';
import { ConsumedError, readNode } from './body.js';
import type { Handler } from './webhooks.js';

/** As much of a request as is used. */
export interface NodeRequest extends AsyncIterable<unknown> {
  readonly httpVersionMajor?: number;
  readonly rawHeaders: string[];
  readonly readableEnded: boolean;
  readonly body?: unknown;
}

/** As much of a response as is used. */
export interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(): unknown;
  destroy(): unknown;
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
  throw new ConsumedError(HOW);
}

export function expressOf(receiver: Receiver, handler: Handler, report: (error: unknown) => void): ExpressHandler {
  return async (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void) => {
    try {
      const body = await bodyOf(request, receiver.limit);
      /* The rest of it is not read: the next request on this connection would begin in the middle of it. */
      if (body.byteLength > receiver.limit && request.httpVersionMajor === 1) response.setHeader('Connection', 'close');
      response.statusCode = await receiver.answer(request.rawHeaders, body, handler);
      response.end();
    } catch (error) {
      if (next !== undefined) next(error);
      else fail(error, response, report);
    }
  };
}

/** A host without next() has nobody to hand an error to: a sender who went away must not end its process. */
function fail(error: unknown, response: NodeResponse, report: (error: unknown) => void): void {
  if (!(error instanceof ConsumedError)) {
    response.destroy();
    return;
  }
  report(error);
  response.statusCode = 500;
  response.end();
}
