// A client against the sandbox: verifications, each call, and how calls end early.
import assert from 'node:assert/strict';
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
  mediaDigest,
  NotFoundError,
  OutcomeUnknownError,
  Webhooks,
} from 'libine';
import { picture, Sandbox, scenarios } from 'libine/testing';

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
