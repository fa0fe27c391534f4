// The addon: whose OpenSSL it runs on, where it is looked for, and that workers can come and go.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { buildInfo } from 'libine';
import { ROOT } from './support/payload.mjs';

const require = createRequire(import.meta.url);
const packageFolder = path.join(ROOT, 'node');
const prebuilds = path.join(packageFolder, 'prebuilds');
const addon = path.join(prebuilds, fs.readdirSync(prebuilds)[0], 'libine.node');
const LONG = Boolean(process.env.INE_LONG);

describe('the OpenSSL inside', () => {
  test('is ours at run time, in the main thread and in a worker', async () => {
    assert.equal(buildInfo().openssl_link, 'static');
    assert.equal(buildInfo().libcurl, 'none');
    const seen = await inWorker(`
      const { buildInfo } = require(${JSON.stringify(packageFolder)});
      require('node:worker_threads').parentPort.postMessage(buildInfo());`);
    assert.deepEqual(seen, buildInfo());
  });

  test('is asked of nobody else: the addon imports none of it, and shows two names', () => {
    const undefinedNames = execFileSync('nm', ['-D', '--undefined-only', addon], { encoding: 'utf8' });
    assert.ok(!/\b(EVP_|SHA256|OPENSSL_|CRYPTO_|HMAC|curl_)/.test(undefinedNames), undefinedNames);
    const shown = execFileSync('nm', ['-D', '--defined-only', addon], { encoding: 'utf8' }).trim().split('\n');
    assert.deepEqual(shown.map((line) => line.split(' ').at(-1)).sort(), [
      'napi_register_module_v1',
      'node_api_module_get_api_version_v1',
    ]);
  });

  test('stands on libc alone, stays mapped, and is hardened', () => {
    const dynamic = execFileSync('readelf', ['-d', addon], { encoding: 'utf8' });
    assert.deepEqual(
      [...dynamic.matchAll(/NEEDED.*\[(.*)\]/g)].map((match) => match[1]),
      ['libc.so.6'],
    );
    assert.match(dynamic, /NODELETE/);
    assert.match(dynamic, /BIND_NOW/);
    assert.match(execFileSync('readelf', ['-lW', addon], { encoding: 'utf8' }), /GNU_RELRO/);
  });
});

describe('where it is looked for', () => {
  const load = (folder, env = {}) =>
    spawnSync(process.execPath, ['-e', `console.log(require(${JSON.stringify(folder)}).version)`], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });

  /** A copy of the package without its addon. */
  function bare(t) {
    const folder = fs.mkdtempSync('/tmp/libine-');
    t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
    fs.cpSync(path.join(packageFolder, 'dist'), path.join(folder, 'dist'), { recursive: true });
    fs.copyFileSync(path.join(packageFolder, 'package.json'), path.join(folder, 'package.json'));
    return folder;
  }

  test('the override, the local build, the prebuild, then an error that says what is missing', (t) => {
    const folder = bare(t);
    const nothing = load(folder);
    assert.notEqual(nothing.status, 0);
    assert.match(nothing.stderr, /there is no addon for linux-\w+-\w+/);
    assert.match(nothing.stderr, /npm run build/);
    assert.match(nothing.stderr, /external/);
    assert.equal(load(folder, { LIBINE_NODE_ADDON: addon }).status, 0);
    const wrong = load(folder, { LIBINE_NODE_ADDON: '/no/such/file' });
    assert.match(wrong.stderr, /LIBINE_NODE_ADDON/);
    const inside = path.join(folder, 'prebuilds', path.basename(path.dirname(addon)));
    fs.mkdirSync(inside, { recursive: true });
    fs.writeFileSync(path.join(inside, 'libine.node'), 'no addon');
    assert.match(load(folder).stderr, /can not be loaded/);
    fs.mkdirSync(path.join(folder, 'build'));
    fs.copyFileSync(addon, path.join(folder, 'build', 'libine.node'));
    assert.equal(load(folder).status, 0);
  });

  test('once for require and import together', async () => {
    const cjs = require('libine');
    const esm = await import('libine');
    for (const name of Object.keys(cjs)) assert.equal(esm[name], cjs[name], name);
    assert.equal((await import('libine/testing')).Sandbox, require('libine/testing').Sandbox);
  });
});

/** Runs a text in a worker and gives what it posts; it ends by itself, or is terminated then. */
function inWorker(text, terminate = false) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(text, { eval: true });
    worker.once('message', async (message) => {
      if (terminate) await worker.terminate();
      resolve(message);
    });
    worker.once('error', reject);
  });
}

describe('workers', () => {
  const rounds = LONG ? 100 : 24;
  test(`${rounds} times: load, verify in the middle of things, terminate`, async () => {
    const use = `
      const { Webhooks, Credentials, interpret } = require(${JSON.stringify(packageFolder)});
      const { Sandbox, signedDelivery } = require(${JSON.stringify(path.join(packageFolder, 'dist', 'testing.js'))});
      (async () => {
        const sandbox = await Sandbox.start({ decisionDelay: 1 });
        const creds = sandbox.credentials;
        const { headers, body } = signedDelivery('approved', creds);
        const event = new Webhooks(creds).open(headers, body);
        const client = sandbox.client();
        const verdict = await client.verify(sandbox.person());
        client.verify(sandbox.person()).catch(() => {});
        require('node:worker_threads').parentPort.postMessage([event.verdict.verified, verdict.verified, interpret(body).outcome]);
      })();`;
    for (let round = 0; round < rounds; round += 4) {
      const all = await Promise.all(Array.from({ length: 4 }, () => inWorker(use, true)));
      for (const one of all) assert.deepEqual(one, [true, true, 'VERIFIED']);
    }
  });
});

test('memory does not grow with use', { skip: !LONG && 'INE_LONG is not set' }, () => {
  const text = `
    const { Webhooks } = require(${JSON.stringify(packageFolder)});
    const { Sandbox, signedDelivery } = require(${JSON.stringify(path.join(packageFolder, 'dist', 'testing.js'))});
    (async () => {
      const sandbox = await Sandbox.start({ decisionDelay: 1 });
      const client = sandbox.client({ pollFirst: 1 });
      const { headers, body } = signedDelivery('approved', sandbox.credentials);
      const webhooks = new Webhooks(sandbox.credentials);
      const use = async () => {
        for (let i = 0; i < 20000; i++) webhooks.open(headers, body).verdict.toJSON;
        for (let i = 0; i < 100; i++) await client.verify(sandbox.person());
        sandbox.set('keepBytes', 1 << 20);
        global.gc();
        await new Promise(setImmediate);
        global.gc();
        return process.memoryUsage().rss;
      };
      await use(); await use();
      const before = await use();
      for (let i = 0; i < 5; i++) await use();
      console.log((await use()) - before);
      await sandbox.close();
    })();`;
  const out = execFileSync(process.execPath, ['--expose-gc', '-e', text], { encoding: 'utf8' });
  assert.ok(Number(out) < 24 << 20, `${out} bytes`);
});
