/** Finds and loads the addon, once for each environment. */
import fs from 'node:fs';
import path from 'node:path';

/** Where an addon of another place is named: for builds of your own. */
const OVERRIDE = 'LIBINE_NODE_ADDON';
const EXTERNAL =
  'If a bundler put libine into your bundle, mark it external instead: esbuild `--external:libine`, ' +
  "webpack `externals: { libine: 'commonjs libine', 'libine/testing': 'commonjs libine/testing' }`, " +
  "Next.js `serverExternalPackages: ['libine']`.";

/** As in linux-x64-glibc. A report of the process would tell glibc from musl, and costs more than all of the rest. */
function platform(): string {
  return `${process.platform}-${process.arch}${process.platform === 'linux' ? '-glibc' : ''}`;
}

/** The C library, for an error. */
function libc(): string {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  const version = report?.header?.glibcVersionRuntime;
  return version === undefined ? 'no glibc' : `glibc ${version}`;
}

function open(file: string): unknown {
  const module = { exports: {} };
  process.dlopen(module, file);
  return module.exports;
}

function why(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The addon: the override, a build in this folder, the one that travels in the package; else an error that
 * says what is missing. */
export function loadAddon(): unknown {
  const given = process.env[OVERRIDE];
  if (given) {
    try {
      return open(path.resolve(given));
    } catch (error) {
      throw new Error(`libine: ${OVERRIDE} names an addon that can not be loaded: ${why(error)}`);
    }
  }
  if (typeof __dirname === 'undefined')
    throw new Error(`libine: its addon can not be found from a bundle. ${EXTERNAL}`);
  const root = path.join(__dirname, '..');
  const local = path.join(root, 'build', 'libine.node');
  if (fs.existsSync(local)) return open(local);
  const prebuilt = path.join(root, 'prebuilds', platform(), 'libine.node');
  if (!fs.existsSync(prebuilt))
    throw new Error(
      `libine: there is no addon for ${platform()}: neither ${prebuilt} nor ${local} exists. ` +
        `From a clone, \`npm run build\` in node/ makes it. ${EXTERNAL}`,
    );
  try {
    return open(prebuilt);
  } catch (error) {
    throw new Error(`libine: the addon ${prebuilt} can not be loaded on ${libc()}: ${why(error)}`);
  }
}
