// A sandbox, a receiver of its webhooks, the command line and a browser; and what every test ends with.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

const { chromium } = createRequire(join(process.env.PORTAL_MODULES, "package.json"))("playwright-core");
const ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const JPEG = Buffer.from("ffd8ffe000104a46494600010100000100010000ffd9", "hex");

export async function receiver() {
  const got = [];
  const state = { status: 200, answer: "taken" };
  const server = createServer(async (request, reply) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    got.push({ headers: request.headers, body: Buffer.concat(chunks) });
    reply.writeHead(state.status).end(state.answer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { got, state, url: `http://127.0.0.1:${server.address().port}/webhook`, close: () => server.close() };
}

// Ends with this process: its standard input is ours.
export async function sandbox(...options) {
  const child = spawn(process.env.INE_SANDBOX, ["--json", "--exit-with-stdin", "--seed", "11", ...options],
    { stdio: ["pipe", "pipe", "inherit"] });
  let line = "";
  for await (const chunk of child.stdout) {
    line += chunk;
    if (line.includes("\n")) break;
  }
  const ready = JSON.parse(line);
  return {
    ...ready,
    process: child,
    get: async (path) => (await fetch(ready.base_url + path)).json(),
    post: (path, body) => fetch(ready.base_url + path,
      { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      return (await ended)[0];
    },
  };
}

export async function browser() {
  const folder = mkdtempSync(join(tmpdir(), "ine-portal-"));
  const context = await chromium.launchPersistentContext(folder,
    { executablePath: "/usr/bin/chromium", headless: true, args: ARGUMENTS, viewport: { width: 1280, height: 900 } });
  return { context, folder, close: async () => { await context.close(); rmSync(folder, { recursive: true, force: true }); } };
}

// A page that remembers every error, message and request of its own.
export async function open(context, at, path = "/portal") {
  const page = await context.newPage();
  const trouble = [];
  page.setDefaultTimeout(20000);
  page.on("pageerror", (error) => trouble.push(`error: ${error.message}`));
  page.on("console", (message) => trouble.push(`console ${message.type()}: ${message.text()}`));
  page.on("dialog", (dialog) => { trouble.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => {
    if (!request.url().startsWith(at.base_url) && !request.url().startsWith("data:")) trouble.push(`foreign: ${request.url()}`);
  });
  page.trouble = trouble;
  await page.goto(at.base_url + path);
  return page;
}

// `ine verify` as a person types it; answers with its exit code and verdict.
export async function verify(at, cic, extra = [], selfie = JPEG) {
  const folder = mkdtempSync(join(tmpdir(), "ine-portal-selfie-"));
  const file = join(folder, "selfie.jpg");
  writeFileSync(file, selfie);
  const child = spawn(process.env.INE, ["verify", "--cic", cic, "--selfie", file, "--consent", "--json", ...extra], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, INE_BASE_URL: at.base_url, INE_API_KEY: at.api_key, INE_SECRET: at.secret },
  });
  let out = "", err = "";
  child.stdout.on("data", (chunk) => { out += chunk; });
  child.stderr.on("data", (chunk) => { err += chunk; });
  const [code] = await once(child, "close");
  rmSync(folder, { recursive: true, force: true });
  if (!out.startsWith("{")) throw new Error(`ine verify: exit ${code}: ${out}${err}`);
  return { code, verdict: JSON.parse(out) };
}
export const selfieOf = (marker) => Buffer.concat([JPEG.subarray(0, -2), Buffer.from(marker), JPEG.subarray(-2)]);
