// What a call costs above node:http itself: CPU of this process for each request, one at a time and 64 at once.
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { heading, KEY, libine, median, row, SECRET, SESSION, sample } from './support.mjs';

const DECISION = Buffer.from(JSON.stringify(JSON.parse(sample('decision_approved_all_checks'))).replace(/"id":"[0-9a-f-]{36}"/, `"id":"${SESSION}"`));

/** The server's own process answers each request with the same signed decision. */
function serve() {
  const signature = createHmac('sha256', SECRET).update(DECISION).digest('hex');
  const headers = ['Content-Type', 'application/json', 'Content-Length', String(DECISION.length), 'X-AUTH-CLIENT', KEY, 'X-HMAC-SIGNATURE', signature];
  const server = http.createServer({ keepAliveTimeout: 60_000 }, (_request, response) => {
    response.writeHead(200, headers);
    response.end(DECISION);
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
  process.stdin.resume().on('end', () => process.exit(0));
}

function bare(agent, port) {
  const path = `/v1/sessions/${SESSION}/decision`;
  const headers = ['Host', `127.0.0.1:${port}`, 'Accept', 'application/json', 'Accept-Encoding', 'identity', 'User-Agent', 'libine/0.1.0', 'X-AUTH-CLIENT', KEY];
  return () =>
    new Promise((resolve, reject) => {
      const signature = createHmac('sha256', SECRET).update(SESSION).digest('hex');
      const request = http.request({ agent, host: '127.0.0.1', port, path, headers: [...headers, 'X-HMAC-SIGNATURE', signature] }, (reply) => {
        const chunks = [];
        reply.on('data', (chunk) => chunks.push(chunk));
        reply.on('end', () => resolve(Buffer.concat(chunks)));
      });
      request.setTimeout(15_000);
      request.on('error', reject);
      request.end();
    });
}

/** With what every program does to a reply: the signature and JSON.parse. */
function byHand(agent, port) {
  const send = bare(agent, port);
  return async () => {
    const body = await send();
    createHmac('sha256', SECRET).update(body).digest('hex');
    return JSON.parse(body.toString());
  };
}

async function cost(call, requests, atOnce) {
  const from = process.cpuUsage();
  let left = requests;
  const worker = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const { user, system } = process.cpuUsage(from);
  return (user + system) / requests;
}

export async function calls() {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const port = await new Promise((resolve) => child.stdout.once('data', (text) => resolve(Number(text))));
  const agent = new http.Agent({ keepAlive: true, maxFreeSockets: 256 });
  const client = new libine.Client(new libine.Credentials(KEY, SECRET), { baseUrl: `http://127.0.0.1:${port}` });
  const candidates = {
    'node:http alone, signed': bare(agent, port),
    'node:http, signature and JSON of the reply by hand': byHand(agent, port),
    'libine: decision()': () => client.decision(SESSION),
    'libine: decision().verdict()': async () => (await client.decision(SESSION)).verdict().verified,
  };
  for (const atOnce of [1, 64]) {
    const times = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
    for (const call of Object.values(candidates)) await cost(call, 2000, atOnce);
    for (let round = 0; round < 11; round++)
      for (const [name, call] of Object.entries(candidates)) times[name].push(await cost(call, 1500, atOnce));
    heading(`a call over HTTP, ${atOnce} at once: CPU of this process`);
    const least = median(times['node:http alone, signed']);
    for (const [name, all] of Object.entries(times))
      row(name, `${median(all).toFixed(1)} us`, `${((median(all) / least - 1) * 100).toFixed(1)} % above node:http`);
  }
  client.close();
  agent.destroy();
  child.stdin.end();
}

if (process.argv[2] === 'serve') serve();
