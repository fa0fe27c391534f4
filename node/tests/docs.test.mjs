// docs/node.md: its programs run and print what it says, its fragments compile.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Sandbox } from 'libine/testing';
import { ROOT, sample } from './support/payload.mjs';

const require = createRequire(import.meta.url);
const folder = path.join(ROOT, 'node', 'build', 'docs');
const text = fs.readFileSync(path.join(ROOT, 'docs', 'node.md'), 'utf8');
const blocks = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, kind, code]) => ({ kind, code }));
let sandbox;

before(async () => {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'decision.json'), sample('decision_selfie_mismatch'));
  sandbox = await Sandbox.start({ decisionDelay: 20 });
});
after(() => sandbox.close());

async function run(file) {
  const { apiKey, secret } = sandbox.keys();
  const env = {
    ...process.env,
    INE_API_KEY: apiKey,
    INE_SECRET: secret,
    INE_BASE_URL: sandbox.baseUrl,
    NODE_TEST_CONTEXT: '',
  };
  const child = spawn(process.execPath, [file], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const out = { text: '', error: '' };
  child.stdout.on('data', (part) => {
    out.text += part;
  });
  child.stderr.on('data', (part) => {
    out.error += part;
  });
  return { ...out, code: await new Promise((resolve) => child.on('close', resolve)), text: out.text, error: out.error };
}

/** "..." on a line of its own stands for any lines. */
function fits(found, expected) {
  const pattern = expected
    .split('\n')
    .map((line) => (line === '...' ? '(?:.*\\n)*?' : `${line.replace(/[.*+?^$()[\]{}|\\]/g, '\\$&')}\n`))
    .join('')
    .replace(/\n$/, '');
  return new RegExp(`^${pattern}$`).test(found);
}

describe('programs', () => {
  const programs = blocks.flatMap((block, at) => (block.kind === 'js' ? [{ ...block, at }] : []));
  test('there are some', () => assert.ok(programs.length >= 6, String(programs.length)));
  for (const { code, at } of programs)
    test(code.split('\n').find((line) => !line.startsWith('import') && line) ?? String(at), async () => {
      const file = path.join(folder, `block-${at}.mjs`);
      fs.writeFileSync(file, code);
      const { code: status, text: found, error } = await run(file);
      assert.equal(status, 0, error + found);
      const next = blocks[at + 1];
      if (next?.kind === 'text') assert.ok(fits(found, next.code), `${found}\n--- and not ---\n${next.code}`);
      else assert.match(found, /# pass 1|pass 1/);
    });
});

test('fragments in TypeScript compile, strict', () => {
  const prelude = `
declare const db: {
  remember(user: string, session: string): Promise<void>;
  reconcile(vendorData: string | null): Response;
  later(session: string | null, after: number | null): Response;
  saveOnce(id: string, vendorData: string | null, verdict: object): Promise<void>;
};
`;
  const files = blocks.flatMap(({ kind, code }, at) => {
    if (kind !== 'ts') return [];
    const file = path.join(folder, `block-${at}.mts`);
    fs.writeFileSync(file, code + prelude);
    return [file];
  });
  assert.ok(files.length >= 2);
  const options = [
    '--noEmit',
    '--strict',
    '--target',
    'ES2022',
    '--lib',
    'ES2024',
    '--module',
    'Node16',
    '--types',
    'node',
  ];
  const out = spawnSync(process.execPath, [require.resolve('typescript/bin/tsc'), ...options, ...files], {
    cwd: path.join(ROOT, 'node'),
    encoding: 'utf8',
  });
  assert.equal(out.status, 0, out.stdout);
});

test('what is exported is named', () => {
  const names = Object.keys(require('libine')).filter(
    (name) => !['ForkedError', 'Session', 'Event', 'version'].includes(name),
  );
  for (const name of names) assert.ok(text.includes(name), name);
});
