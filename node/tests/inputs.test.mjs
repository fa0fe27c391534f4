// What a client refuses before anything is sent: inputs that are wrong, missing, of the wrong kind, or not consented to.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, describe, test } from 'node:test';

import util from 'node:util';
import { Client, IneError, InputError } from 'libine';
import { picture, Sandbox } from 'libine/testing';
import { bytesOf, wire } from './support/wire.mjs';

let sandbox;
before(async () => {
  sandbox = await Sandbox.start({ decisionDelay: 10 });
});
after(() => sandbox.close());

async function failed(promise) {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof IneError, String(error?.stack ?? error));
    return error;
  }
  assert.fail('it went well');
}

describe('what is refused before anything is sent', () => {
  const nothing = (client) => {
    let sent = 0;
    return [client({ onRequest: () => sent++ }), () => sent];
  };

  test('all problems at once, none with a value', async () => {
    const [client, sent] = nothing((settings) => sandbox.client(settings));
    const error = await failed(
      client.verify({
        cic: 'GARJ000000HMCRLP00',
        consent: true,
        vendorData: 'x',
        curp: 'NO',
        selfie: Buffer.from('secret'),
      }),
    );
    assert.ok(error instanceof InputError);
    const fields = error.problems.filter((p) => p.severity === 'error').map((p) => `${p.field} ${p.code}`);
    assert.ok(fields.includes('document.number LOOKS_LIKE_CURP'), fields.join());
    assert.ok(
      fields.some((f) => f.startsWith('person.idNumber')) && fields.some((f) => f.startsWith('image.content')),
      fields.join(),
    );
    const shown = util.inspect(error, { showHidden: true }) + JSON.stringify(error) + JSON.stringify(error.problems);
    assert.ok(!shown.includes('GARJ000000HMCRLP00') && !shown.includes('secret'));
    assert.equal(sent(), 0);
  });

  test('values of a wrong type are problems too', async () => {
    const client = sandbox.client();
    const cases = {
      cic: [123456789, ['123456789'], {}, true, new Date()],
      firstName: [5, ['JUAN'], Symbol('x')],
      firstIssue: [new Date(), 20200101],
      vendorData: [{}, 1.5, Number.NaN, true],
      selfie: [5, {}, [1, 2], null, undefined, () => {}],
      consent: [
        false,
        1,
        'yes',
        null,
        undefined,
        [],
        {},
        { approved: false },
        { approved: undefined },
        { given: false },
        { time: new Date(), revoked: true },
        { textVersion: '' },
        { approved: null, time: new Date() },
        Promise.resolve(false),
        Promise.resolve(true),
        new Boolean(true),
        new Date(),
        new Map([['approved', true]]),
        Object.assign(() => {}, { approved: true }),
        Object.create({ approved: true }),
        new (class {
          approved = true;
        })(),
        { time: new Date(Number.NaN) },
        { channel: 5 },
      ],
      product: ['other', 5],
      selfi: ['typo'],
    };
    for (const [name, values] of Object.entries(cases))
      for (const value of values) {
        const error = await failed(client.verify({ ...sandbox.person(), [name]: value }));
        assert.ok(error instanceof InputError, `${name}: ${String(value)}`);
      }
    for (const who of [null, undefined, 5, 'x', []])
      assert.ok((await failed(client.verify(who))) instanceof InputError);
  });

  test('what is no consent names the field, and nothing is sent, without local checks too', async () => {
    for (const settings of [{}, { localChecks: false }])
      for (const consent of [Promise.resolve(true), {}, { time: 'now' }, { accepted: true }]) {
        const [client, sent] = nothing((hooks) => sandbox.client({ ...hooks, ...settings }));
        const error = await failed(client.verify(sandbox.person('approved', { consent })));
        assert.ok(error instanceof InputError);
        const fields = error.problems.filter((p) => p.severity === 'error').map((p) => p.field);
        assert.deepEqual([fields, sent()], [['consents'], 0]);
      }
  });

  test('lone surrogates and NUL are refused, never repaired', async () => {
    const client = sandbox.client();
    for (const firstName of ['JU\ud800AN', '\udc00', 'JU\0AN', `${'A'.repeat(600)}\ud800`]) {
      const error = await failed(client.verify({ ...sandbox.person(), firstName }));
      assert.ok(error instanceof InputError);
      assert.deepEqual(
        error.problems.filter((p) => p.code === 'ENCODING').map((p) => p.field),
        ['person.firstName'],
      );
    }
    const odd = sandbox.person('approved', { firstName: 'NU\u00d1EZ \ufffd 😀', vendorData: 'caso \ufffd Ñ' });
    const { sessionId } = await client.createSession(odd);
    assert.equal((await client.decision(sessionId)).status, 'success');
    assert.equal((await client.createSession(odd)).vendorData, 'caso \ufffd Ñ');
  });

  test('consent is true, or its record', async () => {
    const client = sandbox.client();
    for (const consent of [
      true,
      { approved: true },
      Object.assign(Object.create(null), { channel: 'web' }),
      { approved: true, time: undefined },
      { time: new Date(), textVersion: 'v1', channel: 'web' },
      { time: Date.now() },
    ])
      assert.equal((await client.verify({ ...sandbox.person(), consent })).verified, true);
  });

  test('images that can not be read', async () => {
    const client = sandbox.client();
    const folder = fs.mkdtempSync('/tmp/libine-');
    const closed = await fs.promises.open(`${folder}/x`, 'w');
    await closed.close();
    for (const selfie of [
      '/no/such/file',
      folder,
      `${folder}/x`,
      new URL('file:///no/such/file'),
      new URL('http://127.0.0.1/selfie.jpg'),
      closed,
      '/dev/null',
      new Blob([]),
      new Uint8Array(0),
    ]) {
      const error = await failed(client.verify({ ...sandbox.person(), selfie }));
      assert.ok(error instanceof InputError, String(selfie));
      assert.ok(
        error.problems.some((p) => p.field === 'image.content'),
        String(selfie),
      );
    }
    const shared = new Uint8Array(new SharedArrayBuffer(10));
    await assert.rejects(client.verify({ ...sandbox.person(), selfie: shared }), /shared/);
  });

  test('a file that is replaced, shorter or gone when its turn comes is not sent', async (t) => {
    const file = `${fs.mkdtempSync('/tmp/libine-')}/selfie.png`;
    const replace = () => {
      fs.rmSync(file);
      fs.writeFileSync(file, picture(50, 50));
    };
    const another = () => {
      fs.copyFileSync(file, `${file}.new`);
      fs.renameSync(`${file}.new`, file);
    };
    for (const spoil of [() => fs.rmSync(file), replace, another, () => fs.truncateSync(file, 1000)]) {
      fs.writeFileSync(file, picture());
      let answer = () => {};
      const server = await wire(sandbox, (_request, socket, genuine) => {
        answer = () => socket.write(bytesOf(genuine()));
        return null;
      });
      t.after(() => server.close());
      const client = new Client(sandbox.credentials, { baseUrl: server.url, maxConnections: 1 });
      const SESSION = '11111111-2222-4333-8444-555555555555';
      const first = failed(client.decision(SESSION));
      const second = failed(client.uploadMedia(SESSION, file));
      await new Promise((resolve) => setTimeout(resolve, 50));
      spoil();
      answer();
      assert.equal((await first).code, 'NOT_FOUND');
      const error = await second;
      assert.deepEqual([error.code, error.sent, server.seen.length], ['MEDIA_READ', 'no', 1]);
      client.close();
    }
  });

  test('an image that is transferred, shrinks or changes while it is sent', async () => {
    const image = picture(1500, 1500, 0);
    for (const spoil of [
      (memory) => structuredClone(memory.buffer, { transfer: [memory.buffer] }),
      (memory) => memory.fill(7, memory.length - 900_000),
    ]) {
      const memory = new Uint8Array(image);
      const client = sandbox.client({ onRequest: ({ template }) => template.endsWith('/media') && spoil(memory) });
      const error = await failed(client.verify({ ...sandbox.person(), selfie: memory }));
      assert.ok(['MEDIA_CHANGED', 'MEDIA_READ'].includes(error.code), error.code);
      assert.equal(error.sent, 'no');
    }
  });
});
