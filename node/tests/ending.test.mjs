// How calls end early: what was sent by then, time that is held at every wait, and webhooks that end waits only.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { getEventListeners } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { CancelledError, Client, DeadlineError, IneError, InputError, OutcomeUnknownError, Webhooks } from 'libine';
import { picture, Sandbox, signedDelivery } from 'libine/testing';
import { Agent } from 'undici';
import { bytesOf, wire } from './support/wire.mjs';

let sandbox;
let folder;
before(async () => {
  sandbox = await Sandbox.start({ decisionDelay: 0 });
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'libine-'));
});
after(async () => {
  fs.rmSync(folder, { recursive: true });
  await sandbox.close();
});

const TOO_MANY = 'HTTP/1.1 429 X\r\nRetry-After: 0\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
const SESSION = '11111111-2222-4333-8444-555555555555';
const TRANSPORTS = {
  node: () => ({}),
  fetch: () => ({ fetch: globalThis.fetch }),
  undici: () => ({ dispatcher: new Agent() }),
};

async function failed(promise) {
  const error = await promise.then(
    () => assert.fail('it went well'),
    (reason) => reason,
  );
  assert.ok(error instanceof IneError, String(error?.stack));
  return error;
}

/** A genuine event of a session. */
function eventOf(id, body) {
  const bytes = Buffer.from(
    body ?? JSON.stringify({ id, attemptId: id, feature: 'selfid', code: 7001, action: 'started' }),
  );
  const { apiKey, secret } = sandbox.keys();
  const signature = crypto.createHmac('sha256', secret).update(bytes).digest('hex');
  return new Webhooks([sandbox.credentials]).open({ 'x-auth-client': apiKey, 'x-hmac-signature': signature }, bytes);
}

/** A genuine decision of a session. */
function decisionOf(id) {
  const { body } = signedDelivery('approved', sandbox.credentials);
  const text = JSON.parse(body.toString());
  text.verification.id = id;
  return eventOf(id, JSON.stringify(text));
}

/** A server in front of the sandbox that does something when a request of a kind has come, and answers later. */
async function slow(method, ending, act, then = 40) {
  const seen = [];
  const server = await wire(sandbox, (request, socket, answer) => {
    const out = bytesOf(answer());
    seen.push(`${request.method} ${request.target.split('/').slice(3).join('/') || 'create'}`);
    if (request.method !== method || !request.target.endsWith(ending)) return out;
    act(request.target.split('/')[3]);
    setTimeout(() => socket.write(out), then);
    return null;
  });
  return { server, seen };
}

describe('a webhook ends a wait, and nothing else', () => {
  for (const [step, method, ending] of [
    ['an upload', 'POST', '/media'],
    ['the submission', 'PATCH', ''],
  ])
    for (const [what, make] of [
      ['an event', eventOf],
      ['a decision', decisionOf],
    ])
      test(`${what} during ${step} breaks nothing off`, async () => {
        let client;
        const failures = [];
        const { server, seen } = await slow(method, ending, (id) => client.feed(make(id)));
        client = new Client(sandbox.credentials, {
          baseUrl: server.url,
          onResponse: ({ failure }) => failures.push(failure),
        });
        const verdict = await client.verify(sandbox.person());
        client.close();
        await server.close();
        assert.equal(verdict.verified, true);
        assert.deepEqual([...new Set(failures)], [null]);
        assert.equal(seen.filter((line) => line.startsWith(method) && line !== 'POST create').length, 1, seen.join());
      });

  test('what comes while the session is stored leaves the storing alone', async () => {
    for (const make of [eventOf, decisionOf]) {
      const sent = [];
      const client = sandbox.client({ onRequest: ({ template }) => sent.push(template) });
      const onCreated = async ({ id }) => {
        client.feed(make(id));
        await delay(20);
        throw new Error('the database is down');
      };
      await assert.rejects(client.verify(sandbox.person(), { onCreated }), /database is down/);
      assert.deepEqual(sent, ['/v1/sessions']);
    }
  });

  test('a poll goes on after an event, and ends with a decision', async () => {
    for (const [make, ended] of [
      [eventOf, [null]],
      [decisionOf, ['aborted']],
    ]) {
      let client;
      const failures = [];
      const { id } = await sandbox.client().start(sandbox.person());
      await delay(5);
      const { server, seen } = await slow('GET', '/decision', () => client.feed(make(id)));
      client = new Client(sandbox.credentials, {
        baseUrl: server.url,
        onResponse: ({ failure }) => failures.push(failure),
      });
      assert.equal((await client.wait(id)).verified, true);
      assert.deepEqual([failures, seen.length], [ended, 1]);
      client.close();
      await server.close();
    }
  });

  test('a pause ends with a decision, also for those who wait in line', async () => {
    const later = await Sandbox.start({ decisionDelay: 60_000, seed: 5 });
    const client = new Client(sandbox.credentials, { baseUrl: sandbox.baseUrl, maxConnections: 1 });
    const { id } = await client.start(sandbox.person());
    const waits = [later.client(), later.client({ maxConnections: 1 })].map((one) => one.start(later.person()));
    const ids = (await Promise.all(waits)).map((session) => session.id);
    const one = later.client({ pollFirst: 30_000, timeout: 60_000 });
    const waiting = ids.map((each) => one.wait(each));
    await delay(50);
    const { apiKey, secret } = later.keys();
    for (const each of ids) {
      const text = JSON.parse(signedDelivery('approved', later.credentials).body.toString());
      text.verification.id = each;
      const bytes = Buffer.from(JSON.stringify(text));
      const signature = crypto.createHmac('sha256', secret).update(bytes).digest('hex');
      one.feed(new Webhooks(later.credentials).open({ 'x-auth-client': apiKey, 'x-hmac-signature': signature }, bytes));
    }
    for (const verdict of await Promise.all(waiting)) assert.equal(verdict.verified, true);
    assert.equal((await client.wait(id)).verified, true);
    client.close();
    await later.close();
  });
});

describe('before there is a connection', () => {
  for (const [name, make] of Object.entries(TRANSPORTS))
    test(`${name}: a call that is ended was not sent`, async () => {
      const silent = net.createServer((socket) => socket.on('error', () => {}).resume());
      const sockets = new Set();
      silent.on('connection', (socket) => sockets.add(socket));
      await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const baseUrl = `https://127.0.0.1:${silent.address().port}`;
      for (const retries of [0, 2]) {
        const client = new Client(sandbox.credentials, { baseUrl, retries, ...make() });
        const controller = new AbortController();
        const aborted = failed(client.start(sandbox.person(), { signal: controller.signal }));
        const late = failed(client.start(sandbox.person(), { signal: AbortSignal.timeout(60) }));
        const timed = failed(client.createSession(sandbox.person(), { timeout: 60 }));
        const closed = failed(client.createSession(sandbox.person()));
        await delay(60);
        controller.abort('enough');
        const error = await aborted;
        assert.ok(error instanceof CancelledError, `${error}`);
        assert.deepEqual([error.sent, error.retryable, error.cause], ['no', false, 'enough']);
        const shown = error.toJSON().error;
        assert.deepEqual([shown.code, shown.class, shown.sent], ['CANCELLED', 'CancelledError', 'no']);
        for (const one of [await late, await timed]) {
          assert.ok(one instanceof DeadlineError, `${one}`);
          assert.equal(one.sent, 'no');
        }
        client.close();
        assert.deepEqual([(await closed).code, (await closed).sent], ['CANCELLED', 'no']);
      }
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => silent.close(resolve));
    });

  for (const [name, make] of Object.entries(TRANSPORTS))
    test(`${name}: a creation that has arrived is unknown`, async () => {
      const controller = new AbortController();
      const server = await wire(sandbox, () => {
        setImmediate(() => controller.abort());
        return null;
      });
      const client = new Client(sandbox.credentials, { baseUrl: server.url, ...make() });
      const error = await failed(client.start(sandbox.person(), { signal: controller.signal }));
      assert.ok(error instanceof OutcomeUnknownError, `${error}`);
      assert.deepEqual([error.sent, server.seen.length], ['unknown', 1]);
      client.close();
      await server.close();
    });

  test('a hook that aborts: the request is not sent', async () => {
    for (const make of Object.values(TRANSPORTS)) {
      const server = await wire(sandbox, (_request, _socket, answer) => bytesOf(answer()));
      const controller = new AbortController();
      const client = new Client(sandbox.credentials, {
        baseUrl: server.url,
        onRequest: () => controller.abort(),
        ...make(),
      });
      const error = await failed(client.start(sandbox.person(), { signal: controller.signal }));
      assert.deepEqual([error.code, error.sent, server.seen.length], ['CANCELLED', 'no', 0]);
      client.close();
      await server.close();
    }
  });
});

describe('time', () => {
  const hanging = {
    fd: 3,
    stat: async () => ({ isFile: () => true, size: 10_000 }),
    read: () => new Promise(() => {}),
  };
  const stuck = { ...hanging, stat: () => new Promise(() => {}) };

  test("the client's own is held while the program stores the session", async () => {
    const client = sandbox.client({ timeout: 400 });
    const error = await failed(client.start(sandbox.person(), { onCreated: () => new Promise(() => {}) }));
    assert.ok(error instanceof DeadlineError, `${error}`);
    assert.match(error.sessionId, /^[0-9a-f-]{36}$/);
  });

  test('it is held, and a signal heard, while an image is opened or read', async () => {
    const client = sandbox.client({ timeout: 400 });
    for (const selfie of [hanging, stuck]) {
      const person = sandbox.person('approved', { selfie });
      for (const call of [(o) => client.start(person, o), (o) => client.uploadMedia(SESSION, selfie, o)]) {
        assert.ok((await failed(call({}))) instanceof DeadlineError);
        assert.ok((await failed(call({ timeout: 20 }))) instanceof DeadlineError);
        const error = await failed(call({ signal: AbortSignal.timeout(20) }));
        assert.ok(error instanceof DeadlineError);
        const controller = new AbortController();
        setTimeout(() => controller.abort(), 20);
        assert.ok((await failed(call({ signal: controller.signal }))) instanceof CancelledError);
      }
    }
  });

  test('options that are none leave no timer behind', async () => {
    const client = sandbox.client();
    const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    for (const options of [{ signal: {}, timeout: 5000 }, { signal: 5 }, { timeout: Number.NaN }, { timeout: '5' }])
      await assert.rejects(client.decision(SESSION, options), TypeError);
    await assert.rejects(client.decision(SESSION, { timeout: 1e9 }), RangeError);
    assert.equal(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length, before);
    await assert.rejects(client.decision(SESSION, { signal: null }), { code: 'NOT_FOUND' });
  });

  test('a signal that many calls share has one listener, then none', async () => {
    const warnings = [];
    const warn = (warning) => warnings.push(warning.name);
    process.on('warning', warn);
    const controller = new AbortController();
    const { signal } = controller;
    const client = sandbox.client();
    const calls = Array.from({ length: 30 }, () => client.verify(sandbox.person(), { signal }));
    assert.equal(getEventListeners(signal, 'abort').length, 1);
    await Promise.all(calls);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
    const ended = Array.from({ length: 30 }, () => failed(client.verify(sandbox.person(), { signal })));
    setImmediate(() => controller.abort());
    for (const error of await Promise.all(ended)) assert.ok(['no', 'unknown'].includes(error.sent));
    await delay(5);
    process.off('warning', warn);
    assert.deepEqual(warnings, []);
  });
});

test('an image that can not be read while it is signed is MEDIA_READ, and names the session', async () => {
  const file = path.join(folder, 'selfie.png');
  const image = picture(900, 900, 0);
  const client = sandbox.client();
  for (const spoil of ['handle', 'blob']) {
    fs.writeFileSync(file, image);
    const handle = await fs.promises.open(file);
    const selfie = spoil === 'handle' ? handle : await fs.openAsBlob(file);
    const onCreated = () => (spoil === 'handle' ? handle.close() : fs.appendFileSync(file, 'x'));
    const error = await failed(client.verify(sandbox.person('approved', { selfie }), { onCreated }));
    assert.ok(error instanceof InputError);
    assert.deepEqual([error.code, error.step, error.sent], ['MEDIA_READ', 'media', 'no'], spoil);
    assert.match(error.sessionId, /^[0-9a-f-]{36}$/);
    if (spoil === 'blob') await handle.close();
  }
  const gone = await fs.openAsBlob(file);
  fs.appendFileSync(file, 'x');
  assert.equal((await failed(client.verify(sandbox.person('approved', { selfie: gone })))).code, 'MEDIA_READ');
});

describe('a reply that comes before the image has gone out', () => {
  for (const [name, make] of Object.entries(TRANSPORTS))
    test(`${name}: a source that was slow does not feed the next attempt`, async () => {
      const image = picture(900, 900, 0);
      let uploading = false;
      let uploads = 0;
      const selfie = {
        fd: 99,
        stat: async () => ({ isFile: () => true, size: image.length }),
        read: async (room, at, length, from) => {
          if (uploading && from > 300_000) await delay(150);
          return { bytesRead: image.copy(room, at, from, Math.min(from + length, image.length)) };
        },
      };
      const onHead = ({ method, target }, socket) => {
        if (method !== 'POST' || !target.endsWith('/media')) return false;
        if (socket.refused) return true;
        uploading = true;
        if (uploads++ > 0) return false;
        socket.refused = true;
        setTimeout(() => socket.end(TOO_MANY), 30);
        return true;
      };
      const server = await wire(sandbox, (_request, _socket, answer) => bytesOf(answer()), { onHead });
      const client = new Client(sandbox.credentials, { baseUrl: server.url, ...make() });
      const verdict = await client.verify(sandbox.person('approved', { selfie }));
      client.close();
      await server.close();
      assert.equal(verdict.verified, true);
      assert.ok(uploads >= 2);
    });
});
