// 1,000 verifications at once, each with a selfie of 3 MB: is the event loop free? A sandbox in its own process answers.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { heading, libine, PACKAGE, row, testing } from './support.mjs';

export async function many(count = 1000) {
  const child = spawn(process.execPath, [path.join(PACKAGE, 'dist', 'cli.js'), 'sandbox'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  await new Promise((resolve) => {
    child.stdout.on('data', (part) => {
      if (text.includes('# portal')) return;
      text += part;
      if (text.includes('# portal')) resolve();
    });
  });
  const settings = Object.fromEntries(text.split('\n').filter((line) => line.startsWith('INE_')).map((line) => line.split('=')));
  const client = libine.Client.fromEnv({ timeout: 3_000_000, callTimeout: 600_000 }, settings);
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'libine-')), 'selfie.png');
  fs.writeFileSync(file, testing.picture(1732, 1732, 0));
  const who = (i) => ({ cic: '900100001', selfie: file, consent: true, vendorData: `case-${i}` });
  await client.verify(who(0));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const cpu = process.cpuUsage();
  const from = performance.now();
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 50);
  const before = process.memoryUsage().rss;
  delay.enable();
  const verdicts = await Promise.all(Array.from({ length: count }, (_, i) => client.verify(who(i + 1))));
  delay.disable();
  clearInterval(watch);
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  heading(`${count} verifications at once, a selfie of ${(fs.statSync(file).size / 1e6).toFixed(1)} MB each, 64 connections`);
  row('verified', verdicts.filter((v) => v.verified).length);
  row('all of it', `${seconds.toFixed(1)} s`, `${((count * fs.statSync(file).size) / 1e6 / seconds).toFixed(0)} MB/s of images`);
  row('CPU for each verification', `${((user + system) / 1000 / count).toFixed(1)} ms`);
  row('memory above the idle process, at most', `${((peak - before) / 1e6).toFixed(0)} MB`);
  const ms = (nanoseconds) => `${(nanoseconds / 1e6).toFixed(1)} ms`;
  for (const percent of [50, 90, 99, 99.9]) row(`event loop delay, ${percent} %`, ms(delay.percentile(percent)));
  row('event loop delay, at most', ms(delay.max));
  client.close();
  child.kill();
  fs.rmSync(path.dirname(file), { recursive: true });
}
