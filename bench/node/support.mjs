// What the benchmarks share: the package, its peers, and rounds that time all candidates in turn.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
export const PACKAGE = path.join(ROOT, 'node');
const require = createRequire(path.join(PACKAGE, 'package.json'));
export const libine = require('./dist/index.js');
export const testing = require('./dist/testing.js');
export const { z } = require('zod');

export const KEY = '5a4db0c5-0000-4000-8000-000000000001';
export const SECRET = '4f5d0a1c-2b3e-4d6f-8a9b-0c1d2e3f4a5b';
export const SESSION = '11111111-2222-4333-8444-555555555555';

export function sample(name) {
  return fs.readFileSync(path.join(ROOT, 'tests', 'payloads', `${name}.json`));
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** CPU time of this process so far, in microseconds: what other programs do meanwhile does not count. */
export function cpu() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** CPU time of each candidate in every round, `batch` calls at a time: the median in microseconds. */
export function interleaved(candidates, rounds, batch) {
  const times = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
  for (const run of Object.values(candidates)) for (let i = 0; i < batch; i++) run(i);
  for (let round = 0; round < rounds; round++)
    for (const [name, run] of Object.entries(candidates)) {
      const from = cpu();
      for (let i = 0; i < batch; i++) run(i);
      times[name].push((cpu() - from) / batch);
    }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

/** The same for what is awaited. */
export async function interleavedAsync(candidates, rounds, batch) {
  const times = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
  for (const run of Object.values(candidates)) await run();
  for (let round = 0; round < rounds; round++)
    for (const [name, run] of Object.entries(candidates)) {
      const from = cpu();
      for (let i = 0; i < batch; i++) await run();
      times[name].push((cpu() - from) / batch);
    }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

export function heading(text) {
  console.log(`\n${text}`);
}

export function row(name, value, note = '') {
  console.log(`  ${name.padEnd(52)} ${String(value).padStart(12)}  ${note}`);
}
