// Receivers and hooks when senders and programs misbehave: nothing here may end a process or change an answer.
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import Fastify from 'fastify';
import { IneError, WebhookRefused, Webhooks } from 'libine';
import { Sandbox } from 'libine/testing';
import { credentials, headersFor, oddBody } from './support/payload.mjs';

const body = oddBody();
const headers = headersFor(body);
const webhooks = new Webhooks([credentials]);

/** What the process complains of while `act` runs. */
async function complaints(act) {
  const heard = [];
  const warn = (warning) => heard.push(warning.message);
  const reject = (reason) => heard.push(`unhandled: ${reason}`);
  process.on('warning', warn);
  process.on('unhandledRejection', reject);
  try {
    await act();
    await delay(10);
  } finally {
    process.off('warning', warn);
    process.off('unhandledRejection', reject);
  }
  return heard;
}

async function listening(listener) {
  const server = http.createServer(listener);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { port, url: `http://127.0.0.1:${port}/`, close };
}

/** Writes bytes to a port; gives what came back until the other side ended, or `more` says it is enough. */
function talk(port, text, enough = () => false) {
  return new Promise((resolve) => {
    let got = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (data) => {
      got += data.toString('latin1');
      if (enough(got)) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(got));
  });
}

describe('a plain server', () => {
  test('a sender who goes away in the middle of a body ends nothing', async () => {
    const errors = [];
    const receiver = new Webhooks([credentials], { onError: (error) => errors.push(error) });
    const server = await listening(receiver.express(() => {}));
    const heard = await complaints(async () => {
      await new Promise((resolve) => {
        const socket = net.connect(server.port, '127.0.0.1', () => {
          socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc', () => socket.destroy());
        });
        socket.on('close', resolve);
      });
      await delay(20);
      assert.equal((await fetch(server.url, { method: 'POST', headers, body })).status, 200);
    });
    await server.close();
    assert.deepEqual([heard, errors], [[], []]);
  });

  test('a body that was read before is a 500, and its reason is told', async () => {
    const errors = [];
    const receiver = new Webhooks([credentials], { onError: (error) => errors.push(error) });
    const handle = receiver.express(() => {});
    const server = await listening(async (request, response) => {
      for await (const _chunk of request);
      await handle(request, response);
    });
    assert.equal((await fetch(server.url, { method: 'POST', headers, body })).status, 500);
    await server.close();
    assert.match(errors[0].message, /read before/);
    assert.ok(errors[0] instanceof TypeError);
  });

  test('the connection of a body over the limit is closed after the 401', async () => {
    const small = new Webhooks([credentials], { limit: 1024 });
    const server = await listening(small.express(() => {}));
    const text = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n${'a'.repeat(20_000)}`;
    const got = await talk(
      server.port,
      text,
      (so_far) => so_far.includes('\r\n\r\n') && !/connection: close/i.test(so_far),
    );
    await server.close();
    assert.match(got, /^HTTP\/1\.1 401 /);
    assert.match(got, /connection: close/i);
  });
});

describe('hooks that fail', () => {
  const fail = () => {
    throw new TypeError('JUAN');
  };
  const later = async () => fail();

  for (const [how, hook] of [
    ['at once', fail],
    ['later', later],
  ])
    test(`${how}: the answers stay, and the process too`, async () => {
      const receiver = new Webhooks([credentials], { onRefused: hook, onError: hook });
      const heard = await complaints(async () => {
        assert.throws(() => receiver.open({}, body), WebhookRefused);
        assert.equal(await receiver.answer({}, body, () => {}), 401);
        assert.equal(await receiver.answer(headers, body, fail), 500);
        const broken = Buffer.from('{');
        assert.equal(await receiver.answer(headersFor(broken), broken, () => {}), 500);
      });
      assert.equal(heard.length, 4);
      for (const text of heard) assert.ok(text.includes('a hook of libine has thrown: TypeError'), text);
    });

  test('those of a client and of a sandbox', async () => {
    const heard = await complaints(async () => {
      for (const hook of [fail, later]) {
        const sandbox = await Sandbox.start({ decisionDelay: 0, onRequest: hook });
        const client = sandbox.client({ onRequest: hook, onResponse: hook });
        assert.equal((await client.verify(sandbox.person())).verified, true);
        await sandbox.close();
      }
    });
    assert.ok(heard.length > 0);
    for (const text of heard) assert.ok(text.includes('a hook of libine has thrown: TypeError'), text);
  });
});

describe('Fastify', () => {
  let app;
  before(async () => {
    app = Fastify();
    app.register(webhooks.fastify('/hook', () => {}));
    await app.listen({ port: 0, host: '127.0.0.1' });
  });
  after(() => app.close());

  test('whatever the sender calls the bytes', async () => {
    for (const type of ['foo', '/', 'application/json', 'text/plain; charset', ';', null]) {
      const all = { ...headers, 'content-type': type, 'content-length': String(body.length) };
      if (type === null) delete all['content-type'];
      const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
      const { port } = app.server.address();
      const text = `POST /hook HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines.join('')}\r\n`;
      const got = await talk(port, Buffer.concat([Buffer.from(text), body]));
      assert.match(got, /^HTTP\/1\.1 200 /, `${type}`);
    }
  });
});

describe('AWS Lambda', () => {
  test('a body of any size is refused or taken, never an error', async () => {
    const handler = webhooks.lambda(() => {});
    for (const megabytes of [1, 2, 6, 10])
      for (const isBase64Encoded of [true, false]) {
        const text = 'QUJD'.repeat((megabytes << 20) / 4);
        assert.equal((await handler({ headers, body: text, isBase64Encoded })).statusCode, 401);
      }
    const large = Buffer.concat([body, Buffer.alloc((1 << 20) - body.length, ' ')]);
    for (const [bytes, status] of [
      [large, 200],
      [Buffer.concat([large, Buffer.from(' ')]), 401],
    ]) {
      const delivery = { headers: headersFor(bytes), body: bytes.toString('base64'), isBase64Encoded: true };
      assert.equal((await handler(delivery)).statusCode, status);
      const text = { headers: headersFor(bytes), body: bytes.toString(), isBase64Encoded: false };
      assert.equal((await handler(text)).statusCode, status);
    }
    for (const odd of ['QUJDR', 'QUJD=QUJ', 'QU=D', 'QUJD\n', 'QU-_']) {
      const delivery = { headers: headersFor(Buffer.from(odd, 'base64')), body: odd, isBase64Encoded: true };
      assert.equal((await handler(delivery)).statusCode, 401, odd);
    }
  });

  test('empty lists of headers do not hide the others', async () => {
    const handler = webhooks.lambda(() => {});
    for (const multiValueHeaders of [{}, null, undefined])
      assert.equal((await handler({ headers, multiValueHeaders, body: body.toString() })).statusCode, 200);
  });
});

test('a Web request that somebody is reading says how to get it', async () => {
  const request = new Request('http://x/', { method: 'POST', headers, body });
  request.body.getReader();
  await assert.rejects(webhooks.handler(() => {})(request), /request\.json\(\)/);
});

test('headers that throw, have no end or are inherited are refused', () => {
  const cyclic = [];
  cyclic.push(cyclic);
  let deep = headers['x-hmac-signature'];
  for (let at = 0; at < 20_000; at++) deep = [deep];
  const thrower = {
    get 'x-hmac-signature'() {
      throw new Error('JUAN');
    },
  };
  const proxy = new Proxy({}, { ownKeys: () => assert.fail('no') });
  for (const odd of [
    thrower,
    proxy,
    { ...headers, 'x-hmac-signature': cyclic },
    { ...headers, 'x-hmac-signature': deep },
    Object.create(headers),
    [['x-hmac-signature', thrower]],
    [[{ toString: () => assert.fail('no') }, 'x']],
  ])
    assert.throws(() => webhooks.open(odd, body), WebhookRefused);
  assert.equal(webhooks.open(Object.assign(Object.create(null), headers), body).type, 'decision');
  assert.throws(() => webhooks.open(5, body), TypeError);
});

test('a receiver without credentials is a wrong setting', () => {
  for (const none of [[], new Set()])
    assert.throws(
      () => new Webhooks(none),
      (error) => error instanceof IneError && error.code === 'CONFIG',
    );
});
