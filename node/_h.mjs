import { spawn } from 'node:child_process';
import { libine, KEY, SECRET, SESSION } from '../bench/node/support.mjs';
const child = spawn(process.execPath, ['../bench/node/http.mjs', 'serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
const port = await new Promise((r) => child.stdout.once('data', (t) => r(Number(t))));
const client = new libine.Client(new libine.Credentials(KEY, SECRET), { baseUrl: `http://127.0.0.1:${port}` });
let left = 40000; const c=process.cpuUsage();
await Promise.all(Array.from({ length: 64 }, async () => { while (left-- > 0) await client.decision(SESSION); }));
const d=process.cpuUsage(c); console.log((d.user+d.system)/40000);
client.close(); child.stdin.end();
