// Settings of a client and credentials: what can not work is refused when they are made.
import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import { after, before, describe, test } from 'node:test';
import util from 'node:util';
import { Client, Credentials, IneError } from 'libine';
import { Sandbox } from 'libine/testing';

let sandbox;
before(async () => {
  sandbox = await Sandbox.start({ decisionDelay: 0 });
});
after(() => sandbox.close());

describe('settings', () => {
  const { env } = process;
  const good = {
    INE_API_KEY: '5a4db0c5-0000-4000-8000-000000000001',
    INE_SECRET: 'x',
    INE_BASE_URL: 'https://example.com',
  };

  test('from the environment, and from nowhere else', () => {
    assert.ok(Client.fromEnv({}, good) instanceof Client);
    for (const name of Object.keys(good))
      assert.throws(
        () => Client.fromEnv({}, { ...good, [name]: undefined }),
        (error) => error instanceof IneError && error.code === 'CONFIG' && error.field === name,
      );
    assert.throws(
      () => Client.fromEnv({}, { ...good, INE_CA_FILE: '/no/such/file' }),
      (error) => error.code === 'CONFIG',
    );
    assert.throws(() => Client.fromEnv({}, { ...good, INE_PROXY: 'no proxy' }), IneError);
    assert.equal(env.INE_API_KEY, undefined);
  });

  test('what can not work is refused when the client is made', () => {
    const make = (settings) => () => new Client(sandbox.credentials, { baseUrl: sandbox.baseUrl, ...settings });
    const real = new Credentials('12345678-1234-4234-8234-123456789012', 'x');
    for (const settings of [
      { baseUrl: 'ftp://x' },
      { baseUrl: 'https://user:pass@x' },
      { baseUrl: '' },
      { retries: 9 },
      { userAgentSuffix: 'a\r\nX: y' },
      { integrationId: '\u00d1' },
    ])
      assert.throws(make(settings), IneError, JSON.stringify(settings));
    for (const settings of [
      { baseUrl: 5 },
      { retries: '2' },
      { retries: Number.NaN },
      { keepMetadata: 1 },
      { require: ['x'] },
      { strict: ['x'] },
      { replySignatures: 'no' },
      { today: 'now' },
      { tiemout: 5 },
      { proxy: 5 },
      { toString: [] },
      { constructor: [] },
      { maxConnections: 0 },
      { maxConnections: -1 },
      { maxConnections: Number.NaN },
      { maxConnections: 1.5 },
      { maxConnections: '2' },
      { fetch: 5 },
      { dispatcher: {} },
      { dispatcher: null },
      { agent: {} },
      { agent: new https.Agent() },
      { baseUrl: 'https://127.0.0.1:1', agent: new http.Agent() },
      { onRequest: 5 },
      { onResponse: {} },
    ])
      assert.throws(make(settings), TypeError, util.inspect(settings));
    assert.throws(make({ timeout: Number.NaN }), /timeout must be a finite number$/);
    assert.throws(make({ proxy: 'https://127.0.0.1:1' }), { code: 'CONFIG', field: 'proxy' });
    make({ agent: new http.Agent(), maxConnections: 1 })().close();
    make({ baseUrl: 'https://127.0.0.1:1', agent: new https.Agent() })().close();
    assert.throws(() => new Client(real, { baseUrl: 'http://example.com' }), IneError);
    assert.throws(() => new Client(real, { baseUrl: 'https://example.com', replySignatures: 'off' }), IneError);
    assert.throws(() => new Client({}, { baseUrl: 'https://example.com' }), TypeError);
  });

  test('secrets are bytes, 1..1024 of them', () => {
    const key = good.INE_API_KEY;
    for (const secret of ['', 'x'.repeat(1025), Buffer.alloc(8), [], '\ud800'])
      assert.throws(() => new Credentials(key, secret), IneError, util.inspect(secret));
    for (const secret of [5, undefined, {}, [5]]) assert.throws(() => new Credentials(key, secret), TypeError);
    assert.throws(() => new Credentials('not a UUID', 'x'), IneError);
    assert.throws(() => new Credentials(5, 'x'), TypeError);
    const secret = Buffer.from('kept as it is');
    const one = new Credentials(key, [secret, ' old\n'], { label: 'main' });
    assert.equal(secret.toString(), 'kept as it is');
    assert.deepEqual(
      [one.label, one.isSandbox, JSON.stringify(one), util.inspect(one)],
      ['main', true, '{"label":"main"}', 'Credentials { main }'],
    );
  });

  test('a hook that throws changes nothing', async () => {
    const warnings = [];
    const listen = (warning) => warnings.push(warning.message);
    process.on('warning', listen);
    const client = sandbox.client({
      onRequest() {
        throw new TypeError('JUAN');
      },
    });
    assert.equal((await client.verify(sandbox.person())).verified, true);
    await new Promise(setImmediate);
    process.off('warning', listen);
    assert.ok(warnings.length > 0 && warnings.every((text) => text.includes('hook') && !text.includes('JUAN')));
  });

  test('checks that must have passed', async () => {
    const client = sandbox.client({ require: ['consent_obtained', 'personal_number_match'] });
    const { curp, ...who } = sandbox.person('approved_optional_not_provided');
    const v = await client.verify({ ...who, curp: undefined });
    assert.deepEqual([typeof curp, v.verified, v.unmet], ['string', false, ['personal_number_match']]);
    assert.deepEqual(v.required, ['consent_obtained', 'personal_number_match']);
  });
});
