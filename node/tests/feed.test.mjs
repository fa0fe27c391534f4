// What the caller gives to a verification under way: a webhook that overtakes it, a query that is no Promise.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import v8 from 'node:v8';
import vm from 'node:vm';
import { Client, Decision, interpret, Webhooks } from 'libine';
import { Sandbox, signedDelivery } from 'libine/testing';
import { bytesOf, wire } from './support/wire.mjs';

v8.setFlagsFromString('--expose-gc');
const gc = vm.runInNewContext('gc');

let sandbox;
before(async () => {
  sandbox = await Sandbox.start({ decisionDelay: 0 });
});
after(() => sandbox.close());

/** Takes what memory there is to be had, and gives it back. */
function stir() {
  gc();
  const all = [];
  for (let i = 0; i < 4000; i++) all.push(Buffer.from('Z'.repeat(1500)));
}

test('a decision that comes before the reply to the submission is kept as it came', async () => {
  let one;
  let patches = 0;
  const server = await wire(sandbox, (request, socket, answer) => {
    const out = bytesOf(answer());
    if (request.method !== 'PATCH' || ++patches > 1) return out;
    setTimeout(() => socket.write(out), 300);
    return null;
  });
  const webhooks = new Webhooks([sandbox.credentials]);
  const receiver = http.createServer(webhooks.express((event) => one.feed(event)));
  await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  sandbox.deliverTo(`http://127.0.0.1:${receiver.address().port}/`);
  one = new Client(sandbox.credentials, { baseUrl: server.url, seed: 3, pollFirst: 3000 });
  const timer = setInterval(stir, 20);
  try {
    const verdict = await one.verify(sandbox.person('selfie_mismatch'));
    assert.deepEqual([verdict.outcome, verdict.rootCause], ['NOT_VERIFIED', 'selfie_registry_match']);
    assert.equal(verdict.toJSON().session.code, 9102);
  } finally {
    clearInterval(timer);
    one.close();
    receiver.closeAllConnections();
    receiver.close();
    await server.close();
  }
});

test('onCreated may return a query that runs when it is waited for', async () => {
  const steps = [];
  const query = {
    // biome-ignore lint/suspicious/noThenProperty: this is what such a query looks like
    then(resolve) {
      setTimeout(() => {
        steps.push('stored');
        resolve();
      }, 30);
    },
  };
  const one = sandbox.client({ onRequest: ({ template }) => steps.push(template) });
  await one.start(sandbox.person(), { onCreated: () => query });
  assert.deepEqual(steps.slice(0, 3), ['/v1/sessions', 'stored', '/v1/sessions/{id}/media']);
});

test('what only looks like bytes opens nothing, whatever was read before', () => {
  const webhooks = new Webhooks([sandbox.credentials]);
  Decision.read(Buffer.from('{}')).kind;
  assert.equal(interpret(signedDelivery('approved', sandbox.credentials).body).verified, true);
  const fake = Object.create(Uint8Array.prototype, { buffer: { value: new ArrayBuffer(1) }, byteLength: { value: 0 } });
  assert.throws(() => webhooks.open({}, fake), TypeError);
});
