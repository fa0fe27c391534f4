/** Fastify 4 and 5: a plugin, so that its raw body parser is for its own route only. */
import type { Receiver } from './answer.js';
import { ConsumedError } from './body.js';
import type { Handler } from './webhooks.js';

/** As much of an instance as is used. */
interface Instance {
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    type: string,
    options: { parseAs: 'buffer'; bodyLimit: number },
    parse: (request: unknown, body: Buffer, done: (error: null, body: Buffer) => void) => void,
  ): unknown;
  setErrorHandler(
    handle: (error: { code?: string; statusCode?: number }, request: unknown, reply: Reply) => unknown,
  ): unknown;
  addHook(name: 'onRequest', hook: (request: Received, reply: unknown, done: () => void) => void): unknown;
  post(path: string, handle: (request: Received, reply: Reply) => Promise<unknown>): unknown;
}

interface Received {
  readonly body: unknown;
  readonly raw: { readonly rawHeaders: string[]; readonly headers: Record<string, unknown> };
}

interface Reply {
  code(status: number): Reply;
  header(name: string, value: string): Reply;
  send(body?: unknown): Reply;
}

/** A plugin with one route and a body parser of its own. */
export type FastifyPlugin = (instance: any, options: unknown, done: (error?: Error) => void) => void;

const HOW =
  'Register webhooks.fastify(path, handler) as a plugin of its own, without fastify-plugin around it: ' +
  'its content type parser keeps the bytes.';

export function fastifyOf(receiver: Receiver, path: string, handler: Handler): FastifyPlugin {
  return (instance: Instance, _options, done) => {
    instance.removeAllContentTypeParsers();
    const options = { parseAs: 'buffer', bodyLimit: receiver.limit } as const;
    instance.addContentTypeParser('*', options, (_request, body, parsed) => parsed(null, body));
    /* The signature is over the bytes, whatever their sender calls them. */
    instance.addHook('onRequest', (request, _reply, next) => {
      request.raw.headers['content-type'] = 'application/octet-stream';
      next();
    });
    instance.setErrorHandler((error, _request, reply) => {
      if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return reply.code(401).send();
      throw error;
    });
    instance.post(path, async (request, reply) => {
      const body = request.body ?? Buffer.alloc(0);
      if (!(body instanceof Uint8Array)) throw new ConsumedError(HOW);
      return reply.code(await receiver.answer(request.raw.rawHeaders, body, handler)).send();
    });
    done();
  };
}
