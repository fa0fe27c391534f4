// npx libine: what it prints, and with which code it ends.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Client, interpret } from 'libine';
import { picture } from 'libine/testing';
import { headersFor, KEY, ROOT, SECRET, sample } from './support/payload.mjs';

const cli = path.join(ROOT, 'node', 'dist', 'cli.js');
const payload = (name) => path.join(ROOT, 'tests', 'payloads', `${name}.json`);

function run(args, { input, env = {} } = {}) {
  const out = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', input, env: { ...process.env, ...env } });
  return { code: out.status, out: out.stdout, err: out.stderr };
}

test('explain draws the cascade, and ends with the outcome', () => {
  const { code, out } = run(['explain', payload('decision_selfie_mismatch')]);
  assert.equal(code, 1);
  assert.match(out, /✓ consent_obtained/);
  assert.match(out, /✗ selfie_registry_match .*FAILED \(SELFIE_MISMATCH\) {2}<- root cause/);
  assert.match(out, /↷ not_reported_lost_or_stolen .*because of selfie_registry_match/);
  assert.match(out, /NOT_VERIFIED {2}advice: NEW_SELFIE/);
  assert.notEqual(run(['explain', payload('decision_selfie_mismatch'), '--lang', 'es']).out, out);
  for (const [name, expected] of [
    ['decision_approved_all_checks', 0],
    ['decision_registry_unavailable', 3],
    ['mx_ine_all_fields_excerpt', 5],
  ])
    assert.equal(run(['explain', payload(name)]).code, expected, name);
  const json = run(['explain', '-', '--json'], { input: sample('decision_lost_or_stolen') });
  assert.deepEqual(JSON.parse(json.out), interpret(sample('decision_lost_or_stolen')).toJSON());
});

test('what can not be explained', () => {
  assert.equal(run(['explain', '/no/such/file']).code, 2);
  assert.equal(run(['explain']).code, 2);
  assert.equal(run(['explain', '-', '--lang', 'fr']).code, 2);
  const { code, out, err } = run(['explain', '-', '--json'], { input: 'no json' });
  assert.deepEqual([code, JSON.parse(out).error.code], [4, 'JSON']);
  assert.match(err, /^libine: /);
});

test('check lists every problem', () => {
  const file = `${fs.mkdtempSync('/tmp/libine-')}/selfie.png`;
  fs.writeFileSync(file, picture());
  const good = ['--cic', '123456789', '--selfie', file, '--consent', '--vendor-data', 'case-1'];
  assert.deepEqual(run(['check', ...good]), { code: 0, out: 'ok\n', err: '' });
  const bad = run(['check', '--cic', '1234567890', '--json']);
  assert.equal(bad.code, 2);
  assert.ok(JSON.parse(bad.out).problems.some((p) => p.code === 'LOOKS_LIKE_MRZ' || p.field === 'document.number'));
  assert.ok(!bad.out.includes('1234567890'));
  assert.equal(run(['check', ...good, '--curp', 'GARJ000000HMCRLP00', '--strict', 'all']).code, 2);
  assert.equal(run(['check', '--nonsense']).code, 2);
});

test('doctor names versions and settings, and why a webhook is refused', () => {
  const folder = fs.mkdtempSync('/tmp/libine-');
  const body = sample('decision_approved_all_checks');
  const head = Object.entries(headersFor(body)).map(([name, value]) => `${name}: ${value}\r\n`);
  fs.writeFileSync(`${folder}/body`, JSON.stringify(JSON.parse(body)));
  fs.writeFileSync(`${folder}/genuine`, body);
  fs.writeFileSync(`${folder}/head`, head.join(''));
  const env = { INE_API_KEY: KEY, INE_SECRET: SECRET };
  const plain = run(['doctor', '--json'], { env: { INE_API_KEY: '', INE_SECRET: '' } });
  assert.deepEqual(
    [plain.code, JSON.parse(plain.out).openssl_link, JSON.parse(plain.out).INE_API_KEY],
    [0, 'static', 'not set'],
  );
  const webhook = ['doctor', '--headers', `${folder}/head`, '--body'];
  const found = run([...webhook, `${folder}/body`], { env });
  assert.equal(found.code, 4);
  assert.match(found.out, /webhook +REFORMATTED: /);
  assert.ok(!found.out.includes(SECRET));
  assert.equal(run([...webhook, `${folder}/genuine`], { env }).code, 0);
  assert.equal(run([...webhook, `${folder}/body`], { env: { INE_API_KEY: '', INE_SECRET: '' } }).code, 2);
});

test('sandbox answers until it is told to end', async () => {
  const child = spawn(process.execPath, [cli, 'sandbox', '--seed', '5'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8');
  await new Promise((resolve) => {
    child.stdout.on('data', (part) => {
      text += part;
      if (text.includes('# portal:')) resolve();
    });
  });
  const settings = Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.startsWith('INE_'))
      .map((line) => line.split('=')),
  );
  const client = Client.fromEnv({}, settings);
  const v = await client.verify({ cic: '900100001', selfie: picture(), consent: true, vendorData: 'case-1' });
  assert.equal(v.verified, true);
  client.close();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  assert.equal(await ended, 0);
  assert.match(text, /POST \/v1\/sessions 201/);
  assert.equal(run(['sandbox', '--port', 'x']).code, 2);
});

test('help, version and nonsense', () => {
  assert.match(run(['--help']).out, /usage: libine/);
  assert.match(run(['--version']).out, /^\d+\.\d+\.\d+\n$/);
  assert.equal(run([]).code, 2);
  assert.equal(run(['nonsense']).code, 2);
  assert.equal(run(['toString']).code, 2);
});
