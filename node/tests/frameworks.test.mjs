// The examples of examples/node, each with a genuine delivery, one that is not, and a parsed body.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import express5 from 'express';
import express4 from 'express4';
import Fastify from 'fastify';
import { Webhooks } from 'libine';
import { credentials, headersFor, KEY, oddBody, ROOT, recorder, SECRET } from './support/payload.mjs';

const body = oddBody();
const headers = headersFor(body);
const errors = [];
const webhooks = new Webhooks([credentials], { limit: 65536, onError: (error) => errors.push(error) });
/** Inside the package, so that its own name and its development dependencies are found. */
const folder = path.join(ROOT, 'node', 'build', 'examples');

before(() => {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.cpSync(path.join(ROOT, 'examples', 'node'), folder, { recursive: true });
  process.env.INE_API_KEY = KEY;
  process.env.INE_SECRET = SECRET;
});
after(() => {
  delete process.env.INE_API_KEY;
  delete process.env.INE_SECRET;
});

const example = (name) => import(pathToFileURL(path.join(folder, name)));

async function listening(handler) {
  const server = http.createServer(handler);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/webhooks/veriff`;
  return { url, close: () => (server.closeAllConnections(), new Promise((resolve) => server.close(resolve))) };
}

/** POSTs, with headers that may be repeated. */
function post(url, heads, bytes, extra = []) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', headers: heads, agent: false }, (reply) => {
      let text = '';
      reply.setEncoding('utf8');
      reply.on('data', (part) => {
        text += part;
      });
      reply.on('end', () => resolve({ status: reply.statusCode, text }));
    });
    for (const [name, values] of extra) request.setHeader(name, values);
    request.on('error', reject);
    request.end(bytes);
  });
}

/** What every host must do. */
async function behaves(url, saved) {
  assert.deepEqual(await post(url, headers, body), { status: 200, text: '' });
  assert.equal(saved.length, 1);
  assert.equal(saved[0].outcome, 'VERIFIED');
  assert.equal((await post(url, headersFor(body, 'wrong'), body)).status, 401);
  const { 'x-hmac-signature': signature, ...rest } = headers;
  assert.equal((await post(url, rest, body, [['x-hmac-signature', [signature, signature]]])).status, 401);
  assert.equal((await post(url, {}, '')).status, 401);
  assert.equal((await post(url, { ...headers, 'content-type': 'text/plain' }, body)).status, 200);
  assert.equal(saved.length, 2);
}

for (const [name, express] of [
  ['Express 5', express5],
  ['Express 4', express4],
])
  describe(name, () => {
    test('the example', async () => {
      const { saved, save } = recorder();
      const application = express();
      application.post(
        '/webhooks/veriff',
        webhooks.express(async (event) => save(event.decisionId, event.vendorData, event.verdict)),
      );
      application.use(express.json());
      const host = await listening(
        name === 'Express 5' ? (await example('express_app.mjs')).app(webhooks, save) : application,
      );
      await behaves(host.url, saved);
      const large = Buffer.alloc(1 << 20);
      const answer = await post(host.url, headersFor(large), large).catch(() => ({ status: 401 }));
      assert.equal(answer.status, 401);
      await host.close();
    });

    test('with express.raw() it takes the bytes from there', async () => {
      const { saved, save } = recorder();
      const application = express();
      application.post(
        '/webhooks/veriff',
        express.raw({ type: '*/*' }),
        webhooks.express(async (event) => save(event.decisionId, null, event.verdict)),
      );
      const host = await listening(application);
      await behaves(host.url, saved);
      await host.close();
    });

    test('behind a parser it fails, and says how to get the bytes', async () => {
      const application = express();
      const caught = [];
      application.use(express.json());
      application.post(
        '/webhooks/veriff',
        webhooks.express(() => {}),
      );
      application.use((error, _request, response, _next) => {
        caught.push(error);
        response.status(500).end();
      });
      const host = await listening(application);
      assert.equal((await post(host.url, headers, body)).status, 500);
      assert.match(caught[0].message, /express\.raw/);
      await host.close();
    });

    test('a handler that fails is 500', async () => {
      const application = express();
      application.post(
        '/webhooks/veriff',
        webhooks.express(async () => Promise.reject(new Error('full'))),
      );
      const host = await listening(application);
      errors.length = 0;
      assert.equal((await post(host.url, headers, body)).status, 500);
      assert.equal(errors[0].message, 'full');
      await host.close();
    });
  });

describe('Fastify', () => {
  async function run(application) {
    await application.listen({ port: 0, host: '127.0.0.1' });
    return `http://127.0.0.1:${application.server.address().port}/webhooks/veriff`;
  }

  test('the example', async () => {
    const { saved, save } = recorder();
    const application = (await example('fastify_app.mjs')).app(webhooks, save);
    application.post('/json', async (request) => ({ keys: Object.keys(request.body) }));
    const url = await run(application);
    await behaves(url, saved);
    assert.equal((await post(url, headersFor(Buffer.alloc(1 << 17)), Buffer.alloc(1 << 17))).status, 401);
    const other = await post(
      url.replace('/webhooks/veriff', '/json'),
      { 'content-type': 'application/json' },
      '{"a":1}',
    );
    assert.deepEqual(JSON.parse(other.text), { keys: ['a'] });
    await application.close();
  });

  test('without encapsulation a parsed body fails, and says why', async () => {
    const application = Fastify();
    const plugin = webhooks.fastify('/webhooks/veriff', () => {});
    plugin[Symbol.for('skip-override')] = true;
    application.register(async (instance) => {
      instance.addHook('preHandler', async (request) => {
        request.body = { parsed: true };
      });
      instance.register(plugin);
    });
    const answer = await post(await run(application), headers, body);
    assert.equal(answer.status, 500);
    assert.match(answer.text, /plugin of its own/);
    await application.close();
  });

  test('a handler that fails is 500', async () => {
    const application = Fastify();
    application.register(
      webhooks.fastify('/webhooks/veriff', () => {
        throw new Error('full');
      }),
    );
    assert.equal((await post(await run(application), headers, body)).status, 500);
    await application.close();
  });
});

describe('Web requests', () => {
  const request = (heads = headers, bytes = body) =>
    new Request('http://x/', { method: 'POST', headers: heads, body: bytes });

  test('a route handler', async () => {
    const { saved, save } = recorder();
    const POST = webhooks.handler(async (event) => save(event.decisionId, event.vendorData, event.verdict));
    const reply = await POST(request());
    assert.deepEqual([reply.status, await reply.text(), saved.length], [200, '', 1]);
    assert.equal((await POST(request(headersFor(body, 'x')))).status, 401);
    assert.equal((await POST(request(headersFor(Buffer.alloc(1 << 20)), Buffer.alloc(1 << 20)))).status, 401);
    assert.equal((await POST(new Request('http://x/', { method: 'POST', headers }))).status, 401);
    const twice = new Headers(headers);
    twice.append('x-hmac-signature', headers['x-hmac-signature']);
    assert.equal((await POST(request(twice))).status, 401);
    const failing = webhooks.handler(() => Promise.reject(new Error('full')));
    assert.equal((await failing(request())).status, 500);
    const broken = Buffer.from('{');
    assert.equal((await POST(request(headersFor(broken), broken))).status, 500);
  });

  test('a body that was read before fails, and says how to get it', async () => {
    const read = request();
    await read.json();
    await assert.rejects(webhooks.handler(() => {})(read), /request\.json\(\)/);
  });
});

describe('AWS Lambda', () => {
  const v2 = { version: '2.0', headers, body: body.toString(), isBase64Encoded: false };
  const many = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]));
  const deliveries = {
    'API Gateway v2, function URL': v2,
    'API Gateway v1': { headers: {}, multiValueHeaders: many, body: body.toString(), isBase64Encoded: false },
    'a load balancer': { headers, body: body.toString('base64'), isBase64Encoded: true },
    'a load balancer with lists': { multiValueHeaders: many, body: body.toString('base64'), isBase64Encoded: true },
  };

  test('the example takes each of them', async (t) => {
    const lines = [];
    t.mock.method(console, 'log', (line) => lines.push(line));
    const { handler } = await example('lambda_function.mjs');
    for (const [name, delivery] of Object.entries(deliveries))
      assert.deepEqual(await handler(delivery, {}), { statusCode: 200, body: '' }, name);
    assert.equal(lines.length, 4);
    for (const line of lines) assert.ok(!line.includes('GARCIA') && line.includes('"verdict"'));
  });

  test('what is not genuine, and what is no base64', async () => {
    const handler = webhooks.lambda(() => {});
    const status = async (delivery) => (await handler(delivery)).statusCode;
    assert.equal(await status({ ...v2, headers: headersFor(body, 'x') }), 401);
    assert.equal(await status({ ...v2, body: `${v2.body} ` }), 401);
    assert.equal(await status({ ...v2, isBase64Encoded: true }), 401);
    assert.equal(await status({}), 401);
    const twice = { ...many, 'X-HMAC-SIGNATURE': [headers['x-hmac-signature'], headers['x-hmac-signature']] };
    assert.equal(await status({ multiValueHeaders: twice, body: v2.body }), 401);
    assert.equal((await webhooks.lambda(() => Promise.reject(new Error('full')))(v2)).statusCode, 500);
  });

  test('a body that a middleware parsed fails, and says why', async () => {
    const handler = webhooks.lambda(() => {});
    await assert.rejects(handler({ ...v2, body: JSON.parse(v2.body) }), /as AWS gave it/);
    await assert.rejects(handler(null), /as AWS gave it/);
  });
});

test('any other host: answer()', async () => {
  assert.equal(await webhooks.answer(headers, body, () => {}), 200);
  assert.equal(await webhooks.answer({}, body, () => {}), 401);
  await assert.rejects(
    webhooks.answer(headers, body.toString(), () => {}),
    TypeError,
  );
  const warned = new Promise((resolve) => process.once('warning', resolve));
  const silent = new Webhooks(credentials);
  assert.equal(await silent.answer(headers, body, () => Promise.reject(new Error('JUAN'))), 500);
  const warning = await warned;
  assert.ok(warning.message.includes('onError') && !warning.message.includes('JUAN'));
});
