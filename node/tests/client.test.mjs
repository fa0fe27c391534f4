// A client against the sandbox: verifications, each call, what is refused, and how calls end early.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import util from 'node:util';
import {
  CancelledError,
  Client,
  ConflictError,
  DeadlineError,
  evidence,
  evidenceCheck,
  IneError,
  InputError,
  mediaDigest,
  NotFoundError,
  OutcomeUnknownError,
  Webhooks,
} from 'libine';
import { picture, Sandbox, scenarios } from 'libine/testing';
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

describe('a verification', () => {
  const expected = {
    approved: ['VERIFIED', null, 'NONE'],
    approved_optional_not_provided: ['VERIFIED', null, 'NONE'],
    consent_declined: ['CONSENT_MISSING', 'consent_obtained', 'ASK_CONSENT'],
    person_not_found: ['NOT_VERIFIED', 'person_registered', 'CORRECT_INPUT'],
    selfie_mismatch: ['NOT_VERIFIED', 'selfie_registry_match', 'NEW_SELFIE'],
    lost_or_stolen: ['NOT_VERIFIED', 'not_reported_lost_or_stolen', 'REFUSE_CARD'],
    registry_unavailable: ['RETRY_LATER', 'registry', 'RETRY_NEW_SESSION'],
    malformed_curp: ['INPUT_ERROR', 'person_registered', 'CORRECT_INPUT'],
    first_name_mismatch: ['NOT_VERIFIED', 'first_name_match', 'CORRECT_INPUT'],
  };
  for (const [name, outcome] of Object.entries(expected))
    test(name, async () => {
      const v = await sandbox.client().verify(sandbox.person(name));
      assert.deepEqual([v.outcome, v.rootCause, v.advice], outcome);
      assert.equal(v.verified, outcome[0] === 'VERIFIED');
    });

  test('the session is stored before anything else happens to it', async () => {
    const order = [];
    const client = sandbox.client({ onRequest: ({ template }) => order.push(template) });
    const who = sandbox.person();
    const session = await client.start(who, {
      onCreated: async (made) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        order.push('stored');
        for (const customInspect of [true, false])
          assert.ok(!util.inspect(made, { showHidden: true, customInspect }).includes(made.url));
        assert.ok(JSON.stringify(made) === JSON.stringify({ id: made.id }));
        assert.equal(JSON.stringify(made), JSON.stringify({ id: made.id }));
        assert.deepEqual([made.vendorData, made.url.startsWith(sandbox.baseUrl)], [who.vendorData, true]);
      },
    });
    assert.deepEqual(order, ['/v1/sessions', 'stored', '/v1/sessions/{id}/media', '/v1/sessions/{id}']);
    const verdict = await client.wait(session.id);
    assert.deepEqual([verdict.verified, verdict.sessionId], [true, session.id]);
    assert.equal((await client.resume(session.id)).verified, true);
  });

  test('what onCreated throws ends it, as it is', async () => {
    const heard = [];
    const client = sandbox.client({ onRequest: ({ template }) => heard.push(template) });
    const full = new Error('full');
    await assert.rejects(
      client.start(sandbox.person(), { onCreated: () => Promise.reject(full) }),
      (error) => error === full,
    );
    await assert.rejects(
      client.start(sandbox.person(), {
        onCreated() {
          throw full;
        },
      }),
      (error) => error === full,
    );
    assert.deepEqual(heard, ['/v1/sessions', '/v1/sessions']);
  });

  test('one that was interrupted goes on, and says when it needs the selfie', async () => {
    const client = sandbox.client();
    const who = sandbox.person();
    const { sessionId } = await client.createSession(who);
    const missing = await failed(client.resume(sessionId));
    assert.deepEqual([missing.code, missing.sessionId], ['STATE', sessionId]);
    assert.match(missing.hint, /selfie/);
    assert.equal((await client.resume(sessionId, who)).verified, true);
  });

  test('a webhook ends a wait', async (t) => {
    const slow = await Sandbox.start({ decisionDelay: 60_000 });
    t.after(() => slow.close());
    const receiver = new Webhooks(slow.credentials);
    const client = slow.client({ pollFirst: 30_000 });
    const { id } = await client.start(slow.person());
    const waiting = client.wait(id);
    const other = client.wait(id, { signal: AbortSignal.timeout(5000) });
    setTimeout(() => slow.set('clock', 120_000), 5);
    const feeding = delay(30).then(async () => {
      const decision = await client.decision(id);
      const bytes = decision.bytes;
      const { createHmac } = await import('node:crypto');
      const { apiKey, secret } = slow.keys();
      const signature = createHmac('sha256', secret).update(bytes).digest('hex');
      client.feed(receiver.open({ 'x-auth-client': apiKey, 'x-hmac-signature': signature }, bytes));
    });
    await feeding;
    assert.deepEqual([(await waiting).verified, (await other).verified], [true, true]);
  });

  test('the sandbox delivers its webhooks', async (t) => {
    const http = await import('node:http');
    const events = [];
    const webhooks = new Webhooks(sandbox.credentials);
    const server = http.createServer(webhooks.express((event) => events.push(event)));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const mine = await Sandbox.start({ decisionDelay: 1 });
    t.after(() => mine.close());
    mine.deliverTo(`http://127.0.0.1:${server.address().port}/hook`);
    const { id } = await mine.client().start(mine.person('selfie_mismatch'));
    for (let i = 0; i < 400 && events.length === 0; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.deepEqual([events[0]?.sessionId, events[0]?.verdict.rootCause], [id, 'selfie_registry_match']);
    assert.throws(() => mine.deliverTo('ftp://x'), TypeError);
  });

  test('evidence without personal data, that fits its body', async () => {
    const who = sandbox.person();
    const { verdict, decision } = await sandbox.client().verifyDecision(who);
    const { given, sent } = mediaDigest(who.selfie);
    const consent = { time: new Date(0), textVersion: 'v3', channel: 'web' };
    const record = evidence(decision, { source: 'poll', receivedAt: 1, selfieGiven: given, selfieSent: sent, consent });
    assert.equal(JSON.parse(record).verdict.outcome, verdict.outcome);
    for (const secret of ['JUAN', 'GARCIA', 'GARJ000000HMCRLP00']) assert.ok(!record.includes(secret));
    evidenceCheck(record, decision.bytes);
    assert.throws(() => evidenceCheck(record, Buffer.concat([decision.bytes, Buffer.from(' ')])), IneError);
    assert.throws(() => evidence({}), TypeError);
  });
});

describe('each call by itself', () => {
  test('create, upload, submit, decision, media, attempts, person, raw, delete', async () => {
    const client = sandbox.client();
    const who = sandbox.person();
    const made = await client.createSession(who);
    const id = made.sessionId;
    assert.deepEqual([made.kind, made.vendorData, made.sessionStatus], ['session', who.vendorData, 'created']);
    const image = await client.uploadMedia(id, who.selfie, { timestamp: '2026-01-02T03:04:05.000Z' });
    assert.deepEqual([image.kind, image.mediaContext], ['media', 'face']);
    const data = '{"providerName":"x","network":{"ip":{"addressV4":"127.0.0.1"}},"device":{"fingerprint":"x"}}';
    assert.equal((await client.collectedData(id, data)).status, 'success');
    assert.equal((await client.submit(id)).status, 'success');
    assert.ok((await failed(client.submit(id))) instanceof ConflictError);
    await client.wait(id);
    const decision = await client.decision(id);
    assert.deepEqual([decision.kind, decision.code, decision.verdict().verified], ['decision', 9001, true]);
    assert.equal(decision.supersedes(decision), false);
    const list = await client.mediaList(id);
    assert.equal(list.items('images')[0].context, 'face');
    const attempts = await client.attempts(id);
    const attempt = attempts.items('attempts')[0].id;
    assert.equal((await client.attemptMedia(attempt)).kind, 'media_list');
    assert.ok((await client.person(id)).bytes.length > 2);
    assert.ok((await failed(client.watchlist(id))) instanceof NotFoundError);
    const download = await client.downloadMedia(image.mediaId);
    assert.deepEqual([download.kind, download.bytes.length > 100, download.status], ['binary', true, null]);
    assert.equal(
      util.inspect(download) + JSON.stringify(download),
      'Decision { binary session=null code=null }{"kind":"binary"}',
    );
    const raw = await client.raw('GET', '/v1/sessions/{id}/decision', { id });
    assert.ok(raw.bytes.equals((await client.decision(id)).bytes));
    const gone = await client
      .raw('POST', '/v1/sessions/{id}/collected-data', { id, body: '{}' })
      .catch((error) => error);
    assert.ok(gone instanceof ConflictError);
    assert.equal((await client.deleteSession(id)).status, 'success');
    assert.ok(decision.redacted().includes('[redacted]') && !decision.redacted().includes('JUAN'));
  });

  test('the older products', async () => {
    const { baseUrl } = sandbox;
    const registry = new Client(sandbox.credentialsFor('ine_registry'), { baseUrl });
    const who = { ...sandbox.person(), product: 'ine_registry', documentFront: picture() };
    const { id } = await registry.start(who);
    await registry.wait(id).catch(() => {});
    for (const version of [undefined, '1.0.0']) {
      const card = await registry.ineRegistry(id, { version });
      assert.deepEqual([card.kind, card.active], ['ine_registry', true]);
      assert.equal(card.verdict().outcome, 'CARD_ACTIVE');
      assert.equal(card.verdict().verified, false);
    }
    registry.close();
    const biometric = new Client(sandbox.credentialsFor('ine_biometric'), { baseUrl });
    const v = await biometric.verify({
      ...sandbox.person(),
      product: 'ine_biometric',
      documentFront: picture(),
      documentBack: picture(),
    });
    assert.equal(v.verified, true);
    biometric.close();
  });

  test('arguments that can not be', async () => {
    const client = sandbox.client();
    for (const bad of ['x', '../../admin', '', `${'1'.repeat(36)}`, '11111111-2222-4333-8444-555555555555?a=b'])
      assert.ok((await failed(client.decision(bad))) instanceof IneError, bad);
    for (const call of [
      () => client.decision(5),
      () => client.wait(undefined),
      () => client.raw('PUT', '/v1/x'),
      () => client.raw('GET', 5),
      () => client.raw('POST', '/v1/x', { body: { parsed: true } }),
      () => client.collectedData('11111111-2222-4333-8444-555555555555', { parsed: true }),
      () => client.uploadMedia('11111111-2222-4333-8444-555555555555', picture(), { context: 'selfie' }),
      () => client.decision('11111111-2222-4333-8444-555555555555', { timeout: -1 }),
    ])
      await assert.rejects(call(), TypeError, String(call));
    await assert.rejects(client.wait('11111111-2222-4333-8444-555555555555', { timeout: 1e9 }), RangeError);
  });
});

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

describe('ending early', () => {
  const SESSION = '11111111-2222-4333-8444-555555555555';

  test('a signal that is aborted already sends nothing', async () => {
    let sent = 0;
    const client = sandbox.client({ onRequest: () => sent++ });
    const error = await failed(client.verify(sandbox.person(), { signal: AbortSignal.abort('why') }));
    assert.ok(error instanceof CancelledError);
    assert.deepEqual([sent, error.cause, error.sent], [0, 'why', 'no']);
    assert.ok((await failed(client.decision(SESSION, { signal: AbortSignal.abort() }))) instanceof CancelledError);
  });

  test('at every point of a verification, and a create without a connection is not sent', async (t) => {
    const slow = await Sandbox.start({ decisionDelay: 60_000 });
    t.after(() => slow.close());
    for (const [at, kinds] of [
      ['/v1/sessions', [CancelledError]],
      ['/v1/sessions/{id}/media', [CancelledError, OutcomeUnknownError]],
      ['/v1/sessions/{id}', [CancelledError]],
      ['/v1/sessions/{id}/decision', [CancelledError]],
    ]) {
      const controller = new AbortController();
      const client = slow.client({
        onRequest: ({ template }) => template === at && queueMicrotask(() => controller.abort()),
      });
      const error = await failed(client.verify(slow.person(), { signal: controller.signal }));
      assert.ok(
        kinds.some((kind) => error instanceof kind),
        `${at}: ${error.name}`,
      );
      assert.ok(error.sessionId !== null || (at === '/v1/sessions' && error.sent === 'no'));
    }
    const controller = new AbortController();
    const client = slow.client();
    const { id } = await client.start(slow.person());
    const from = performance.now();
    setTimeout(() => controller.abort(), 80);
    assert.ok((await failed(client.wait(id, { signal: controller.signal }))) instanceof CancelledError);
    assert.ok(performance.now() - from < 5000);
  });

  test('while the program stores the session', async () => {
    const controller = new AbortController();
    const client = sandbox.client();
    const never = new Promise(() => {});
    const starting = client.start(sandbox.person(), {
      signal: controller.signal,
      onCreated: () => {
        setTimeout(() => controller.abort(), 5);
        return never;
      },
    });
    const error = await failed(starting);
    assert.ok(error instanceof CancelledError);
    assert.match(error.sessionId, /^[0-9a-f-]{36}$/);
  });

  test('its own time, and a signal with a time, are deadlines', async (t) => {
    const slow = await Sandbox.start({ decisionDelay: 60_000 });
    t.after(() => slow.close());
    const client = slow.client();
    const { id } = await client.start(slow.person());
    for (const options of [{ timeout: 40 }, { signal: AbortSignal.timeout(40) }]) {
      const error = await failed(client.wait(id, options));
      assert.ok(error instanceof DeadlineError);
      assert.deepEqual([error.code, error.toJSON().error.code, error.sessionId], ['DEADLINE', 'DEADLINE', id]);
    }
    const brief = slow.client({ timeout: 300 });
    assert.ok((await failed(brief.wait(id))) instanceof DeadlineError);
  });

  test('closing cancels what is under way, and what waits in line', async (t) => {
    const slow = await Sandbox.start({ decisionDelay: 60_000 });
    t.after(() => slow.close());
    const client = slow.client({ maxConnections: 1 });
    const { id } = await client.start(slow.person());
    const waits = Array.from({ length: 5 }, () => failed(client.wait(id)));
    setTimeout(() => client.close(), 30);
    for (const error of await Promise.all(waits)) assert.ok(error instanceof CancelledError);
    const error = await failed(client.decision(SESSION));
    assert.equal(error.code, 'CLOSED');
  });

  test('fifty in line for one connection each have their turn', async () => {
    const client = sandbox.client({ maxConnections: 1 });
    const verdicts = await Promise.all(Array.from({ length: 50 }, () => client.verify(sandbox.person())));
    assert.ok(verdicts.every((v) => v.verified));
  });
});

test('the list of scenarios', () => {
  assert.ok(Object.keys(scenarios()).includes('technical_issues'));
  assert.throws(() => sandbox.person('no such scenario'), TypeError);
});
