// Webhooks: what is genuine, what is refused, and that nothing that arrives can do harm.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import util from 'node:util';
import { MessageChannel } from 'node:worker_threads';
import { Credentials, Event, IneError, WebhookRefused, Webhooks } from 'libine';
import { signedDelivery, signedWebhook } from 'libine/testing';
import { credentials, headersFor, KEY, oddBody, SECRET, sample, sign } from './support/payload.mjs';

const reasons = [];
const webhooks = new Webhooks([credentials], { onRefused: (reason) => reasons.push(reason) });
const body = oddBody();
const headers = headersFor(body);

function refused(heads, bytes = body, receiver = webhooks) {
  reasons.length = 0;
  assert.throws(
    () => receiver.open(heads, bytes),
    (error) =>
      error instanceof WebhookRefused &&
      error.message === 'the webhook is not genuine' &&
      error.code === 'WEBHOOK_REFUSED',
  );
  return reasons[0];
}

describe('what is genuine', () => {
  test('says everything that it holds', () => {
    const event = webhooks.open(headers, body);
    assert.ok(event instanceof Event);
    assert.equal(event.type, 'decision');
    assert.equal(event.verdict.verified, true);
    assert.equal(event.verdict.outcome, 'VERIFIED');
    assert.match(event.decisionId, /^[0-9a-f-]{36}\/.+\/9001\/.+$/);
    assert.equal(event.sessionId, event.decision.sessionId);
    assert.equal(event.attemptId, event.decision.attemptId);
    assert.equal(event.vendorData, event.decision.vendorData);
    assert.deepEqual([event.integration, event.secret], ['main', '0']);
    assert.match(event.dedupeKey, /^[0-9a-f]{64}$/);
    assert.ok(event.decision.bytes.equals(body));
    assert.equal(event.decision.find('/libineTest/score').toString(), '0.10');
    assert.equal(event.decision.find('/libineTest/nothing'), null);
  });

  test('headers of every host', () => {
    const [signature, client] = [headers['x-hmac-signature'], KEY];
    const forms = {
      object: headers,
      'mixed case': { 'X-HMAC-Signature': signature.toUpperCase(), 'X-Auth-Client': client.toUpperCase() },
      'the other family': { 'vrf-hmac-signature': signature, 'vrf-auth-client': client },
      'both families': { ...headers, 'vrf-hmac-signature': signature, 'vrf-auth-client': client },
      Headers: new Headers(headers),
      Map: new Map(Object.entries(headers)),
      pairs: Object.entries(headers),
      'flat list': Object.entries(headers).flat(),
      'lists of one': { 'x-hmac-signature': [signature], 'x-auth-client': [client] },
      'no prototype': Object.assign(Object.create(null), headers),
      'spaces around': { 'x-hmac-signature': ` ${signature} `, 'x-auth-client': client },
    };
    for (const [name, form] of Object.entries(forms))
      assert.equal(webhooks.open(form, body).verdict.verified, true, name);
  });

  test('bodies of every kind of memory', () => {
    const copy = new Uint8Array(body);
    for (const form of [copy, copy.buffer, new DataView(copy.buffer), new Uint8ClampedArray(copy.buffer)])
      assert.equal(webhooks.open(headers, form).verdict.verified, true);
    const within = new Uint8Array(body.length + 20);
    within.set(body, 7);
    assert.equal(webhooks.open(headers, within.subarray(7, 7 + body.length)).verdict.verified, true);
  });

  test('an event keeps its own bytes', () => {
    const mine = Buffer.from(body);
    const event = webhooks.open(headers, mine);
    mine.fill(0);
    event.decision.bytes.fill(0);
    assert.ok(event.decision.bytes.equals(body));
    const large = Buffer.concat([body, Buffer.alloc(100_000, 32)]);
    assert.ok(webhooks.open(headersFor(large), large).decision.bytes.equals(large));
    const many = Array.from({ length: 500 }, () => webhooks.open(headers, body));
    assert.ok(many.every((one) => one.decision.bytes.equals(body)));
    assert.equal(new Set(many.map((one) => one.dedupeKey)).size, 1);
  });

  test('several integrations, several secrets', () => {
    const other = new Credentials('5a4db0c5-0000-4000-8000-000000000002', ['new', SECRET], { label: 'other' });
    const both = new Webhooks([credentials, other]);
    const event = both.open(headersFor(body, SECRET, '5a4db0c5-0000-4000-8000-000000000002'), body);
    assert.deepEqual([event.integration, event.secret], ['other', '1']);
    assert.throws(() => new Webhooks([credentials, credentials]), IneError);
    assert.throws(() => new Webhooks([]), IneError);
    assert.throws(() => new Webhooks([{}]), TypeError);
  });

  test('what must have passed can be more', () => {
    const strict = new Webhooks(credentials, { require: ['selfie_registry_match', 'personal_number_match'] });
    const optional = sample('decision_approved_optional_not_provided');
    const { verdict } = strict.open(headersFor(optional), optional);
    assert.deepEqual(
      [verdict.verified, verdict.outcome, verdict.unmet],
      [false, 'VERIFIED', ['personal_number_match']],
    );
    assert.throws(() => new Webhooks(credentials, { require: ['no such check'] }), /no such check/);
  });

  test('the tenant can be held to it', () => {
    const event = webhooks.open(headers, body);
    assert.equal(event.expect({ sessionId: event.sessionId, vendorData: event.vendorData }), event);
    assert.throws(() => event.expect({ vendorData: 'another' }), WebhookRefused);
    assert.throws(() => event.expect({ endUserId: 'another' }), WebhookRefused);
  });

  test('every scenario of the sandbox, signed for a test', () => {
    const request = signedWebhook('lost_or_stolen', credentials, { vendorData: 'caso Ñ', now: 1_790_000_000_000 });
    assert.equal(request.headers.get('x-auth-client'), KEY);
    const one = signedDelivery('lost_or_stolen', credentials, { vendorData: 'caso Ñ', now: 1_790_000_000_000 });
    const two = signedDelivery('lost_or_stolen', credentials, { vendorData: 'caso Ñ', now: 1_790_000_000_000 });
    assert.ok(one.body.equals(two.body));
    const event = webhooks.open(one.headers, one.body);
    assert.deepEqual([event.vendorData, event.verdict.advice], ['caso Ñ', 'REFUSE_CARD']);
    assert.throws(() => signedWebhook('no such scenario', credentials), IneError);
  });
});

describe('what is refused', () => {
  const signature = headers['x-hmac-signature'];
  const client = { 'x-auth-client': KEY };
  const cases = {
    'no headers': [{}, 'NO_SIGNATURE'],
    'undefined and null': [{ 'x-hmac-signature': undefined, 'x-auth-client': null }, 'NO_SIGNATURE'],
    'an empty signature': [{ ...client, 'x-hmac-signature': '' }, 'MALFORMED_SIGNATURE'],
    'twice in a list': [{ ...client, 'x-hmac-signature': [signature, signature] }, 'SEVERAL_SIGNATURES'],
    'joined by a comma': [{ ...client, 'x-hmac-signature': `${signature}, ${signature}` }, null],
    'in another case too': [{ ...headers, 'X-Hmac-Signature': signature }, 'SEVERAL_SIGNATURES'],
    'families that differ': [{ ...headers, 'vrf-hmac-signature': sign('x') }, 'CONFLICT'],
    'the old signature': [{ ...client, 'x-signature': signature }, 'LEGACY_SIGNATURE'],
    '63 digits': [{ ...client, 'x-hmac-signature': signature.slice(1) }, 'MALFORMED_SIGNATURE'],
    'no digits': [{ ...client, 'x-hmac-signature': 'z'.repeat(64) }, null],
    'a letter beyond Latin-1 that a byte cut off would make right': [
      { ...client, 'x-hmac-signature': signature.replace(/./g, (c) => String.fromCharCode(c.charCodeAt(0) + 0x100)) },
      null,
    ],
    'lone surrogates': [{ ...client, 'x-hmac-signature': '\ud800'.repeat(64) }, null],
    'a number': [{ ...client, 'x-hmac-signature': 5 }, 'MALFORMED_SIGNATURE'],
    'an object': [{ ...client, 'x-hmac-signature': { toString: () => signature } }, 'MALFORMED_SIGNATURE'],
    'a megabyte': [{ ...client, 'x-hmac-signature': 'a'.repeat(1 << 20) }, 'MALFORMED_SIGNATURE'],
    'no key': [{ 'x-hmac-signature': signature }, 'NO_KEY'],
    'an unknown key': [{ 'x-hmac-signature': signature, 'x-auth-client': KEY.replace('1', '9') }, 'UNKNOWN_KEY'],
    'another secret': [headersFor(body, 'another'), 'WRONG_SIGNATURE'],
    'an encoding': [{ ...headers, 'content-encoding': 'gzip' }, 'ENCODED'],
    'a thousand headers': [
      Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`x-${String(i).padStart(11, '0')}`, 'a'])),
      null,
    ],
  };
  for (const [name, [heads, reason]] of Object.entries(cases))
    test(name, () => {
      const found = refused(heads);
      if (reason !== null) assert.equal(found, reason);
    });

  test('any byte of the body that is another', () => {
    for (const at of [0, 1, 50, body.length - 1]) {
      const changed = Buffer.from(body);
      changed[at] ^= 1;
      assert.equal(refused(headers, changed), 'WRONG_SIGNATURE');
    }
    assert.equal(refused(headers, Buffer.from(JSON.stringify(JSON.parse(body)))), 'WRONG_SIGNATURE');
    assert.equal(refused(headers, Buffer.alloc(0)), 'WRONG_SIGNATURE');
    assert.equal(refused(headersFor(Buffer.alloc(2 << 20)), Buffer.alloc(2 << 20)), 'TOO_LARGE');
  });

  test('the doctor says why, in two languages, and never a secret', () => {
    const reformatted = Buffer.from(JSON.stringify(JSON.parse(sample('decision_approved_all_checks'))));
    const plain = sample('decision_approved_all_checks');
    const why = webhooks.diagnose(headersFor(plain), reformatted);
    assert.equal(why.reason, 'REFORMATTED');
    assert.match(why.hint, /\w/);
    assert.notEqual(webhooks.diagnose(headersFor(plain), reformatted, 'es-MX').hint, why.hint);
    assert.equal(webhooks.diagnose(headersFor(plain, 'another'), plain).reason, 'WRONG_SIGNATURE');
    assert.equal(new Webhooks(new Credentials(KEY, `${SECRET}\n`)).diagnose(headers, body).reason, 'SECRET_SPACE');
    assert.equal(webhooks.diagnose(headers, body).reason, 'NONE');
  });
});

describe('what is a mistake of the program', () => {
  test('bodies that are no bytes say how to get them', () => {
    for (const wrong of [body.toString(), JSON.parse(body), undefined, null, 5, [1, 2], new Blob([body])]) {
      const error = (() => {
        try {
          webhooks.open(headers, wrong);
        } catch (thrown) {
          return thrown;
        }
        return null;
      })();
      assert.ok(error instanceof TypeError, util.inspect(error));
      assert.match(error.message, /bytes/);
      assert.ok(!error.message.includes('JUAN'));
    }
    assert.throws(() => webhooks.open(headers, body.toString()), /express\.raw|arrayBuffer/);
  });

  test('memory that was transferred, and memory that is shared', () => {
    const lost = new Uint8Array(body);
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(null, [lost.buffer]);
    port1.close();
    port2.close();
    assert.throws(() => webhooks.open(headers, lost.buffer), TypeError);
    assert.throws(
      () => webhooks.open(headers, lost),
      (error) => error instanceof TypeError || error instanceof WebhookRefused,
    );
    const shared = new SharedArrayBuffer(body.length);
    new Uint8Array(shared).set(body);
    for (const form of [shared, new Uint8Array(shared), Buffer.from(shared), new DataView(shared)])
      assert.throws(() => webhooks.open(headers, form), /shared/);
  });

  test('headers that are none', () => {
    for (const wrong of [undefined, null, 'x', 5, [[1]], [['a', 'b', 'c']], ['a']])
      assert.throws(() => webhooks.open(wrong, body), TypeError);
  });

  test('a genuine body that is no JSON is no refusal', () => {
    const broken = Buffer.from('{"status":');
    assert.throws(
      () => webhooks.open(headersFor(broken), broken),
      (error) => error instanceof IneError && error.code === 'JSON',
    );
    const twice = Buffer.from('{"status":"a","status":"b"}');
    assert.throws(() => webhooks.open(headersFor(twice), twice), IneError);
  });
});

test('what an event shows is ids and verdict', () => {
  const event = webhooks.open(headers, body);
  const person = [event.decision.firstName, event.decision.lastName, event.decision.idNumber].filter(Boolean);
  assert.ok(person.length > 0);
  const shown = [
    util.inspect(event, { depth: 9, showHidden: true }),
    util.inspect(event.decision, { depth: 9, showHidden: true }),
    util.inspect({ deep: [{ event }] }, { depth: 9 }),
    JSON.stringify(event),
    JSON.stringify(event.decision),
    String(event),
    util.format('%o %s', event, event.decision),
    util.inspect(webhooks, { showHidden: true }),
    util.inspect(credentials, { showHidden: true }) + JSON.stringify(credentials),
  ];
  for (const text of shown) for (const secret of [...person, SECRET, KEY]) assert.ok(!text.includes(secret), text);
  assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(event))), [
    ...['type', 'decision_id', 'session_id', 'attempt_id', 'integration', 'secret', 'verdict'],
  ]);
  assert.throws(() => {
    event.verdict.verified = true;
  }, TypeError);
});
