#!/usr/bin/env node
// A verification with Node's own fetch: no library of ours at all.
//
//   examples/foreign/verify.mjs CIC SELFIE.jpg             asks for the decision until it is there
//   examples/foreign/verify.mjs CIC SELFIE.jpg --webhook   waits for it to come (sandbox only: it says where to)
//
// INE_BASE_URL, INE_API_KEY and INE_SECRET say where and who; ine-sandbox prints all three.
// Exit code: 0 approved, 1 any other outcome, 2 trouble.
import { createHmac, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const { INE_BASE_URL: base, INE_API_KEY: key, INE_SECRET: secret } = process.env;

const sign = (data) => createHmac("sha256", secret).update(data).digest("hex");

// Over the bytes as they came: whatever parses and writes them again breaks it.
function isGenuine(signature, body) {
  const right = Buffer.from(sign(body));
  const given = Buffer.from((signature ?? "").trim().toLowerCase());
  return given.length === right.length && timingSafeEqual(given, right);
}

async function call(method, path, body, signed) {
  const data = body === undefined ? undefined : JSON.stringify(body);
  const reply = await fetch(base + path, {
    method,
    body: data,
    redirect: "error",
    signal: AbortSignal.timeout(30_000),
    headers: {
      "X-AUTH-CLIENT": key,
      "X-HMAC-SIGNATURE": sign(data ?? signed),
      ...(data === undefined ? {} : { "Content-Type": "application/json" }),
    },
  });
  const answer = Buffer.from(await reply.arrayBuffer());
  if (!reply.ok) throw new Error(`${reply.status}: ${answer}`);
  if (!isGenuine(reply.headers.get("x-hmac-signature"), answer)) throw new Error("the reply's signature is not right");
  return JSON.parse(answer);
}

async function start(cic, selfie) {
  const created = await call("POST", "/v1/sessions", {
    verification: {
      vendorData: "node",
      document: { number: cic, country: "MX", type: "ID_CARD" },
      consents: [{ type: "ine", approved: true }],
    },
  });
  const { id } = created.verification;
  const content = `data:image/jpeg;base64,${selfie.toString("base64")}`;
  await call("POST", `/v1/sessions/${id}/media`, { image: { context: "face", content } });
  await call("PATCH", `/v1/sessions/${id}`, { verification: { status: "submitted" } });
  return id;
}

async function ask(id) {
  for (let i = 0; i < 60; i++) {
    const { verification } = await call("GET", `/v1/sessions/${id}/decision`, undefined, id);
    if (verification) return verification;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`no decision yet: ${id}`);
}

async function receive(cic, selfie) {
  let arrived;
  const decision = new Promise((resolve) => (arrived = resolve));
  const server = createServer(async (request, reply) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    const ok = request.headers["x-auth-client"] === key && isGenuine(request.headers["x-hmac-signature"], body);
    reply.writeHead(ok ? 200 : 401, { "Content-Length": 0, Connection: "close" }).end();
    if (ok) arrived(JSON.parse(body).verification);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  // The vendor's customer portal is where this is said otherwise.
  await fetch(`${base}/sandbox/integrations/${key}`, {
    method: "PATCH",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ decision_url: `http://127.0.0.1:${server.address().port}/` }),
  });
  const late = new Promise((_, refuse) => setTimeout(() => refuse(new Error("no webhook came")), 30_000).unref());
  try {
    await start(cic, selfie);
    return await Promise.race([decision, late]);
  } finally {
    server.close();
  }
}

const [cic, path, webhook] = process.argv.slice(2);
if (!cic || !path || !base || !key || !secret) {
  console.error("usage: verify.mjs CIC SELFIE.jpg [--webhook], with INE_BASE_URL, INE_API_KEY and INE_SECRET set");
  process.exit(2);
}
try {
  const selfie = await readFile(path);
  const decision = webhook ? await receive(cic, selfie) : await ask(await start(cic, selfie));
  console.log(decision.id, decision.status, decision.reasonCode ?? "None");
  process.exitCode = decision.status === "approved" ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
