// Speed of the Node package beside its peers, all candidates in turn in one run. Build node/ first (npm run build).
//
//   node bench/node/bench.mjs [webhooks|media|http|start|many]
import { execFileSync } from 'node:child_process';
import { calls } from './http.mjs';
import { many } from './many.mjs';
import { media } from './media.mjs';
import { heading, KEY, libine, median, PACKAGE, row, SECRET } from './support.mjs';
import { webhooks } from './webhooks.mjs';

function start() {
  const text = `const f = performance.now(); require(${JSON.stringify(PACKAGE)}); console.log(performance.now() - f)`;
  const all = Array.from({ length: 21 }, () => Number(execFileSync(process.execPath, ['-e', text])));
  heading('start');
  row("require('libine')", `${median(all).toFixed(2)} ms`);
  const credentials = new libine.Credentials(KEY, SECRET);
  const times = Array.from({ length: 200 }, () => {
    const from = performance.now();
    new libine.Client(credentials, { baseUrl: 'https://example.com' }).close();
    return performance.now() - from;
  });
  row('new Client()', `${(median(times) * 1000).toFixed(1)} us`);
}

const all = { webhooks, media, http: calls, start, many };
const wanted = process.argv[2] ? [process.argv[2]] : Object.keys(all);
console.log(`libine ${libine.version}, Node ${process.version}, ${libine.buildInfo().openssl}`);
for (const name of wanted) await all[name]();
