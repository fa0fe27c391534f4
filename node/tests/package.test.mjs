// The tarball in an empty project: its files, its types, its examples, on this Node and on a newer one; bundlers.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Sandbox } from 'libine/testing';
import { ROOT } from './support/payload.mjs';

const require = createRequire(import.meta.url);
const node = path.join(ROOT, 'node');
const work = path.join(ROOT, 'build', 'node', 'package');
const project = path.join(work, 'project');
const tsc = require.resolve('typescript/bin/tsc');
const newer = process.env.LIBINE_NEWER_NODE;
let sandbox;
let tarball;
let files;

function run(command, args, options = {}) {
  const out = spawnSync(command, args, {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, ...settings() },
    ...options,
  });
  return { code: out.status, out: out.stdout, err: out.stderr };
}

/** The sandbox of this process answers the programs that are run. */
function settings() {
  const { apiKey, secret } = sandbox.keys();
  return { INE_API_KEY: apiKey, INE_SECRET: secret, INE_BASE_URL: sandbox.baseUrl, NODE_TEST_CONTEXT: '' };
}

/** The same, without blocking the sandbox. */
async function program(executable, args) {
  const { spawn } = await import('node:child_process');
  const child = spawn(executable, args, {
    cwd: project,
    env: { ...process.env, ...settings() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (part) => {
    out += part;
  });
  child.stderr.on('data', (part) => {
    err += part;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, out, err };
}

before(async () => {
  sandbox = await Sandbox.start({ decisionDelay: 1 });
  fs.rmSync(work, { recursive: true, force: true });
  fs.mkdirSync(project, { recursive: true });
  const npm = { cwd: node, encoding: 'utf8' };
  const packed = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', work], npm),
  );
  tarball = path.join(work, packed[0].filename);
  files = packed[0].files.map((file) => file.path);
  fs.writeFileSync(path.join(project, 'package.json'), '{"name":"empty","private":true,"type":"module"}\n');
  const quiet = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  execFileSync('npm', ['install', ...quiet, tarball], { ...npm, cwd: project });
  fs.writeFileSync(path.join(project, 'selfie.jpg'), sandbox.person().selfie);
  fs.cpSync(path.join(node, 'tests', 'package'), project, { recursive: true });
  fs.cpSync(path.join(ROOT, 'examples', 'node'), path.join(project, 'examples'), { recursive: true });
});
after(() => sandbox.close());

describe('what travels', () => {
  test('everything that is needed, and nothing else', () => {
    assert.ok(files.some((file) => /^prebuilds\/linux-\w+-\w+\/libine\.node$/.test(file)));
    for (const file of [
      'dist/index.js',
      'dist/index.mjs',
      'dist/index.d.ts',
      'dist/index.d.mts',
      'dist/testing.mjs',
      'dist/cli.js',
      'sbom.cdx.json',
      'LICENSE',
      'README.md',
      'package.json',
    ])
      assert.ok(files.includes(file), file);
    assert.deepEqual(
      files.filter(
        (file) =>
          !/^(dist\/[\w-]+\.(d\.)?m?[jt]s|prebuilds\/.*|testing\.(js|d\.ts)|sbom\.cdx\.json|LICENSE|README\.md|package\.json)$/.test(
            file,
          ),
      ),
      [],
    );
    const size = fs.statSync(tarball).size;
    assert.ok(size < 6 << 20, `${size} bytes`);
  });

  test('no dependency, no install script, and what is inside is named', () => {
    const installed = path.join(project, 'node_modules');
    assert.deepEqual(
      fs.readdirSync(installed).filter((name) => !name.startsWith('.')),
      ['libine'],
    );
    const manifest = JSON.parse(fs.readFileSync(path.join(installed, 'libine', 'package.json'), 'utf8'));
    assert.equal(manifest.gypfile, false);
    assert.equal(manifest.engines.node, '>=20');
    for (const script of ['install', 'preinstall', 'postinstall', 'prepare'])
      assert.equal(manifest.scripts[script], undefined);
    assert.equal(manifest.dependencies, undefined);
    const bom = JSON.parse(fs.readFileSync(path.join(installed, 'libine', 'sbom.cdx.json'), 'utf8'));
    assert.deepEqual(
      bom.components.map((part) => part.name),
      ['openssl'],
    );
  });

  test('attw and publint find nothing', () => {
    const attw = path.join(path.dirname(require.resolve('@arethetypeswrong/cli/package.json')), 'dist', 'index.js');
    const types = run(process.execPath, [attw, tarball, '--no-emoji', '--no-color']);
    assert.equal(types.code, 0, types.out + types.err);
    const lint = run(process.execPath, [
      path.join(path.dirname(require.resolve('publint')), '..', 'src', 'cli.js'),
      'run',
      tarball,
      '--strict',
    ]);
    assert.equal(lint.code, 0, lint.out + lint.err);
    assert.match(lint.out, /All good/);
  });
});

const versions = [['this Node', process.execPath], ...(newer ? [['a newer Node', newer]] : [])];
for (const [name, executable] of versions)
  describe(name, () => {
    test('CommonJS and ESM', async () => {
      const cjs = await program(executable, ['plain.cjs']);
      assert.match(cjs.out, /^\d+\.\d+\.\d+ NOT_VERIFIED selfie_registry_match UNKNOWN\n$/, cjs.err);
      const esm = await program(executable, ['plain.mjs']);
      assert.deepEqual([esm.out, esm.err], ['VERIFIED\n', '']);
    });

    test('the first program in TypeScript, strict', async () => {
      const options = [
        '--target',
        'ES2022',
        '--lib',
        'ES2024',
        '--module',
        'Node16',
        '--moduleResolution',
        'Node16',
        '--strict',
        '--exactOptionalPropertyTypes',
        '--noUncheckedIndexedAccess',
        '--types',
        'node',
        '--typeRoots',
        path.join(node, 'node_modules', '@types'),
      ];
      const compiled = run(process.execPath, [
        tsc,
        ...options,
        '--outDir',
        'out',
        'issue.mts',
        'examples/start_and_wait.ts',
        'examples/next_app/app/webhooks/veriff/route.ts',
      ]);
      assert.equal(compiled.code, 0, compiled.out);
      const ran = await program(executable, ['out/issue.mjs']);
      assert.equal(ran.code, 0, ran.out + ran.err);
      assert.match(ran.out, /# pass 2|pass 2/);
      const route = `
        import { Credentials } from 'libine';
        import { signedWebhook } from 'libine/testing';
        import { POST } from './out/examples/next_app/app/webhooks/veriff/route.js';
        import { saved } from './out/examples/next_app/store.js';
        const request = () => signedWebhook('approved', Credentials.fromEnv(), { now: 0 });
        console.log((await POST(request())).status, (await POST(request())).status, saved.size);`;
      fs.writeFileSync(path.join(project, 'route.mjs'), route);
      assert.equal((await program(executable, ['route.mjs'])).out, '200 200 1\n');
    });

    test('the examples that stand alone', async () => {
      const verified = await program(executable, ['examples/verify.mjs', '900100001', 'selfie.jpg', 'case-9']);
      assert.equal(verified.code, 0, verified.err);
      assert.match(verified.out, /^VERIFIED NONE\n/);
      const refused = await program(executable, ['examples/verify.mjs', '9', 'selfie.jpg', 'case-9']);
      assert.equal(refused.code, 2);
      assert.match(refused.err, /document\.number LENGTH/);
      const tests = await program(executable, ['--test', 'examples/own_tests.test.mjs']);
      assert.equal(tests.code, 0, tests.out + tests.err);
      const cli = await program(executable, ['node_modules/.bin/libine', 'doctor']);
      assert.match(cli.out, /openssl_link +static/);
    });

    test("its OpenSSL is not Node's, in the main thread and in a worker", async () => {
      const text =
        "const { buildInfo } = require('libine'); const w = require('node:worker_threads'); if (w.isMainThread) new w.Worker(__filename); console.log(buildInfo().openssl_link);";
      fs.writeFileSync(path.join(project, 'whose.cjs'), text);
      assert.equal((await program(executable, ['whose.cjs'])).out, 'static\nstatic\n');
    });
  });

test('a newer Node is among them', { skip: newer ? false : 'LIBINE_NEWER_NODE is not set' }, () => {
  const [own, other] = [process.version, execFileSync(newer, ['-v'], { encoding: 'utf8' }).trim()].map((v) =>
    Number(v.slice(1).split('.')[0]),
  );
  assert.ok(other > own, `${other} and ${own}`);
});

describe('bundlers', () => {
  const EXTERNAL = /mark it external.*esbuild.*webpack.*serverExternalPackages/s;
  const bundle = path.join(work, 'project', 'bundle');

  test('esbuild: external it runs, inside it says what to mark external', async () => {
    const esbuild = require('esbuild');
    for (const [format, file] of [
      ['esm', 'out.mjs'],
      ['cjs', 'out.cjs'],
    ]) {
      const entry = path.join(project, format === 'esm' ? 'plain.mjs' : 'plain.cjs');
      const options = { entryPoints: [entry], bundle: true, platform: 'node', format, logLevel: 'silent' };
      await esbuild.build({ ...options, external: ['libine', 'libine/testing'], outfile: path.join(bundle, file) });
      const good = await program(process.execPath, [path.join(bundle, file)]);
      assert.match(good.out, /VERIFIED/, good.err);
      const inside = path.join(bundle, `inside-${file}`);
      await esbuild.build({ ...options, outfile: inside });
      const bad = await program(process.execPath, [inside]);
      assert.notEqual(bad.code, 0);
      assert.match(bad.err, format === 'cjs' ? EXTERNAL : /mark it external|Dynamic require/);
    }
  });

  test('webpack: external it runs, inside it says what to mark external', async () => {
    const webpack = require('webpack');
    const build = (externals, filename) =>
      new Promise((resolve, reject) => {
        const options = {
          mode: 'production',
          target: 'node',
          entry: path.join(project, 'plain.cjs'),
          output: { path: bundle, filename },
          externals,
          optimization: { minimize: false },
          performance: false,
        };
        webpack(options, (error, stats) =>
          error || stats.hasErrors() ? reject(error ?? new Error(stats.toString())) : resolve(),
        );
      });
    await build({ libine: 'commonjs libine', 'libine/testing': 'commonjs libine/testing' }, 'webpack.cjs');
    const good = await program(process.execPath, [path.join(bundle, 'webpack.cjs')]);
    assert.match(good.out, /NOT_VERIFIED/, good.err);
    await build({}, 'webpack-inside.cjs');
    const bad = await program(process.execPath, [path.join(bundle, 'webpack-inside.cjs')]);
    assert.notEqual(bad.code, 0);
    assert.match(bad.err, EXTERNAL);
  });
});
