/** Web requests: Request in, Response out. */
import type { Receiver } from './answer.js';
import { Collector, ConsumedError } from './body.js';
import type { Handler } from './webhooks.js';

/** A handler as Next.js, Hono and others take it; the further arguments are the framework's. */
export type WebHandler = (request: Request, ...rest: unknown[]) => Promise<Response>;

async function read(request: Request, limit: number): Promise<Uint8Array> {
  const collector = new Collector(limit);
  for await (const chunk of request.body ?? []) if (!collector.add(chunk as Uint8Array)) break;
  return collector.bytes();
}

export function webOf(receiver: Receiver, handler: Handler): WebHandler {
  return async (request) => {
    if (request.bodyUsed || request.body?.locked)
      throw new ConsumedError(
        'Give the request to this handler before request.json() or request.text() is called on it.',
      );
    const body = await read(request, receiver.limit);
    return new Response(null, { status: await receiver.answer(request.headers, body, handler) });
  };
}
