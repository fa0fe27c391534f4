// Builds the package from a clone: the addon with CMake, the TypeScript, and what travels beside them.
//
//   node scripts/build.mjs [native|ts]      both without an argument
//
// LIBINE_BUILD: where CMake works [build/node/native of the clone]; LIBINE_OUT: the addon's file [in prebuilds/];
// LIBINE_SANITIZE: as in address,undefined.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const node = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const root = path.dirname(node);
const require = createRequire(import.meta.url);
const build = process.env.LIBINE_BUILD ?? path.join(root, 'build', 'node', 'native');

function run(command, args, options = {}) {
  execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], cwd: node, ...options });
}

function libc() {
  return process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
}

function platform() {
  return `${process.platform}-${process.arch}${process.platform === 'linux' ? `-${libc()}` : ''}`;
}

function native() {
  const headers = path.join(path.dirname(require.resolve('node-api-headers/package.json')), 'include');
  const sanitize = process.env.LIBINE_SANITIZE ?? '';
  const settings = {
    INE_CURL: 'OFF',
    INE_TOOLS: 'OFF',
    INE_TESTS: 'OFF',
    INE_NODE: 'ON',
    OPENSSL_USE_STATIC_LIBS: 'ON',
    LIBINE_NODE_HEADERS: headers,
    INE_SANITIZE: sanitize,
    CMAKE_INTERPROCEDURAL_OPTIMIZATION: sanitize === '' ? 'ON' : 'OFF',
  };
  const definitions = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
  run('cmake', ['-S', root, '-B', build, '-G', 'Ninja', '--log-level=ERROR', ...definitions]);
  run('cmake', ['--build', build, '--target', 'ine_node', '-j2', '--', '--quiet']);
  const addon = process.env.LIBINE_OUT ?? path.join(node, 'prebuilds', platform(), 'libine.node');
  fs.mkdirSync(path.dirname(addon), { recursive: true });
  /* A file that is loaded somewhere is replaced, not written into. */
  fs.rmSync(addon, { force: true });
  const made = path.join(build, 'node', 'libine.node');
  if (sanitize === '') run('strip', ['-o', addon, made]);
  else fs.copyFileSync(made, addon);
}

function ts() {
  fs.rmSync(path.join(node, 'dist'), { recursive: true, force: true });
  run(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', node]);
  oneFile();
  fs.chmodSync(path.join(node, 'dist', 'cli.js'), 0o755);
  fs.copyFileSync(path.join(root, 'LICENSE'), path.join(node, 'LICENSE'));
}

const ENTRIES = ['index', 'testing', 'cli'];

/**
 * The JavaScript of the package in one file, dist/all.js, whose parts are run when they are first needed: loading forty
 * small ones takes longer than all that they do. The entries hand out its parts, so that each exists once, for require()
 * and import alike. The types stay as they are.
 */
function oneFile() {
  const dist = path.join(node, 'dist');
  const parts = ENTRIES.map((name) => `  get ${name}() {\n    return require('./${name}.js');\n  },\n`);
  require('esbuild').buildSync({
    stdin: { contents: `module.exports = {\n${parts.join('')}};\n`, resolveDir: dist },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    legalComments: 'none',
    outfile: path.join(dist, 'all.js'),
  });
  const names = Object.fromEntries(
    ['index', 'testing'].map((name) => [name, Object.keys(require(path.join(dist, `${name}.js`)))]),
  );
  for (const file of fs.readdirSync(dist))
    if (/\.m?js$/.test(file) && file !== 'all.js') fs.rmSync(path.join(dist, file));
  for (const [name, exported] of Object.entries(names)) {
    fs.writeFileSync(path.join(dist, `${name}.js`), `'use strict';\nmodule.exports = require('./all.js').${name};\n`);
    const list = exported.join(', ');
    fs.writeFileSync(
      path.join(dist, `${name}.mjs`),
      `import all from './all.js';\nexport const { ${list} } = all.${name};\n`,
    );
  }
  fs.writeFileSync(path.join(dist, 'cli.js'), "#!/usr/bin/env node\n'use strict';\nvoid require('./all.js').cli;\n");
}

/** What is inside beside our own code: the OpenSSL that the addon says it runs on. */
function sbom() {
  const { version } = JSON.parse(fs.readFileSync(path.join(node, 'package.json'), 'utf8'));
  const { buildInfo } = require(path.join(node, 'dist', 'index.js'));
  const openssl = buildInfo().openssl.split(' ')[1];
  const debian = debianVersion();
  const purl = debian === null ? `pkg:generic/openssl@${openssl}` : `pkg:deb/debian/openssl@${debian}?distro=bookworm`;
  const component = { type: 'library', name: 'libine', version, purl: `pkg:npm/libine@${version}` };
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component },
    components: [
      { type: 'library', name: 'openssl', version: openssl, purl, licenses: [{ license: { id: 'Apache-2.0' } }] },
    ],
  };
  fs.writeFileSync(path.join(node, 'sbom.cdx.json'), `${JSON.stringify(bom, null, 1)}\n`);
}

const DPKG_FORMAT = ['$', '{Version}'].join('');

/** The version of the distribution's package that libcrypto.a came from. */
function debianVersion() {
  try {
    const out = execFileSync('dpkg-query', ['-W', '-f', DPKG_FORMAT, 'libssl-dev'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return out.toString().trim() || null;
  } catch {
    return null;
  }
}

const what = process.argv[2];
if (what === undefined || what === 'native') native();
if (what === undefined || what === 'ts') ts();
if (what === undefined) sbom();
