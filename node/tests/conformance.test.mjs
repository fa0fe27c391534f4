// The scenarios that every language runs (bindings/conformance): the same requests to the byte, the same results.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { Client, Credentials, IneError, interpret, Webhooks, WebhookRefused } from 'libine';
import { ROOT } from './support/payload.mjs';

const folder = path.join(ROOT, 'bindings', 'conformance');
const scenarios = (name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/** What a transport throws for a failure of the list. */
const FAILURES = {
  resolve: { code: 'ENOTFOUND', syscall: 'getaddrinfo' },
  connect: { code: 'ECONNREFUSED', syscall: 'connect' },
  tls: { code: 'CERT_HAS_EXPIRED' },
  broken: { code: 'ECONNRESET', syscall: 'read' },
  timeout: { code: 'UND_ERR_BODY_TIMEOUT' },
  timeout_not_sent: { code: 'UND_ERR_CONNECT_TIMEOUT' },
  protocol: { code: 'HPE_INVALID_CONSTANT' },
  limit: { code: 'HPE_HEADER_OVERFLOW' },
};

async function textOf(body) {
  if (body === null || body === undefined) return null;
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  const chunks = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** A transport that answers from a script and holds each request against it. */
function scripted(exchange) {
  const left = [...exchange];
  const problems = [];
  return {
    left,
    problems,
    async request({ method, path: target, headers, body }) {
      const step = left.shift();
      if (step === undefined) {
        problems.push(`one request too many: ${method} ${target}`);
        throw Object.assign(new Error('too many'), FAILURES.connect);
      }
      const sent = { method, target, headers: {}, body: await textOf(body) };
      for (let at = 0; at < headers.length; at += 2) {
        const name = headers[at].toLowerCase();
        if (name !== 'content-length') sent.headers[name] = headers[at + 1];
      }
      try {
        assert.deepEqual(sent, step.request);
      } catch (error) {
        problems.push(error.message);
      }
      if (step.failure !== undefined) throw Object.assign(new Error(step.failure), FAILURES[step.failure]);
      const { status, headers: pairs, body: text } = step.reply;
      const flat = pairs.flat().map((item) => Buffer.from(item, 'latin1'));
      return { statusCode: status, headers: flat, body: Readable.from(text ? [Buffer.from(text)] : []) };
    },
  };
}

const SETTINGS = {
  poll_first_ms: 'pollFirst',
  poll_max_ms: 'pollMax',
  call_timeout_ms: 'callTimeout',
  deadline_ms: 'timeout',
};
const POLICIES = ['default', 'require', 'off'];
const CHECKS = Object.keys(interpret(Buffer.from('{}')).checks);

function settingsOf(settings) {
  const out = {};
  for (const [name, value] of Object.entries(settings)) {
    const mine = SETTINGS[name] ?? camel(name);
    if (name === 'today') out.today = String(value).replace(/(....)(..)(..)/, '$1-$2-$3');
    else if (name === 'reply_signatures') out.replySignatures = typeof value === 'number' ? POLICIES[value] : value;
    else if (name === 'require')
      out.require = Array.isArray(value) ? value : CHECKS.filter((_, at) => (value >> (at + 1)) & 1);
    else if (['sign_sessions', 'local_checks', 'keep_metadata'].includes(name)) out[mine] = Boolean(value);
    else out[mine] = value;
  }
  return out;
}

const imageOf = (value) =>
  value && typeof value === 'object' && 'base64' in value ? Buffer.from(value.base64, 'base64') : value;

function whoOf(who) {
  if (who === undefined) return undefined;
  return Object.fromEntries(Object.entries(who).map(([name, value]) => [camel(name), imageOf(value)]));
}

const RAW = { raw_get: 'GET', raw_post: 'POST', raw_patch: 'PATCH', raw_delete: 'DELETE' };
const BY_OTHER_ID = { download_media: 'media_id', attempt_media: 'attempt_id' };

async function run(client, call) {
  const who = whoOf(call.who);
  const { session_id: id, version, context, timestamp } = call;
  switch (call.do) {
    case 'verify':
      return { verdict: await client.verify(who) };
    case 'start':
      return { session: await client.start(who) };
    case 'wait':
      return { verdict: await client.wait(id) };
    case 'resume':
      return { verdict: await client.resume(id, who) };
    case 'create_session':
      return { decision: await client.createSession(who) };
    case 'upload_media':
      return { decision: await client.uploadMedia(id, imageOf(call.image), { context, timestamp }) };
    case 'collected_data':
      return { decision: await client.collectedData(id, call.body) };
    default:
  }
  if (call.do in RAW) {
    const { path: template, query, body } = call;
    return { decision: await client.raw(RAW[call.do], template, { id, query, body }) };
  }
  const which = BY_OTHER_ID[call.do];
  return { decision: await client[camel(call.do)](which ? call[which] : id, { version }) };
}

function holdError(error, expected) {
  assert.ok(error instanceof IneError, String(error?.stack));
  const found = error.toJSON().error;
  for (const [name, value] of Object.entries(expected)) {
    if (name === 'problems')
      assert.deepEqual(
        found.problems.map(({ field, code, severity }) => ({ field, code, severity })),
        value,
      );
    else assert.deepEqual(found[name], value, name);
  }
}

describe('calls', { concurrency: true }, () => {
  for (const { name, credentials, settings, call, exchange, result } of scenarios('calls.json'))
    test(name, async () => {
      const script = scripted(exchange);
      const client = new Client(new Credentials(credentials.api_key, credentials.secrets), {
        ...settingsOf(settings),
        dispatcher: script,
      });
      let outcome;
      try {
        outcome = await run(client, call);
      } catch (error) {
        outcome = { error };
      }
      assert.deepEqual(script.problems, []);
      if (result.error) holdError(outcome.error, result.error);
      else if (outcome.error) throw outcome.error;
      else if (result.decision) {
        assert.equal(outcome.decision.kind, result.decision.kind.toLowerCase());
        assert.equal(outcome.decision.bytes.toString(), result.decision.bytes);
      } else if (outcome.session) assert.equal(outcome.session.id, result.verdict.session.id);
      else assert.deepEqual(outcome.verdict.toJSON(), result.verdict);
      assert.equal(script.left.length, 0, 'requests that were not made');
      client.close();
    });
});

describe('webhooks', () => {
  for (const { name, credentials, headers, body, result } of scenarios('webhooks.json'))
    test(name, () => {
      const reasons = [];
      const all = credentials.map((one) => new Credentials(one.api_key, one.secrets, { label: one.label }));
      const webhooks = new Webhooks(all, { onRefused: (reason) => reasons.push(reason) });
      const open = () => webhooks.open(headers, Buffer.from(body));
      if (result.refused) {
        assert.throws(open, WebhookRefused);
        assert.deepEqual(reasons, [result.refused]);
      } else if (result.error) {
        assert.throws(open, (error) => error instanceof IneError && error.code === result.error.code);
      } else {
        const event = open();
        const { type, decisionId, vendorData, integration, secret, verdict } = event;
        assert.deepEqual(
          {
            type: type.toUpperCase(),
            decision_id: decisionId,
            vendor_data: vendorData,
            integration,
            secret,
            outcome: verdict.outcome,
          },
          result.event,
        );
      }
    });
});

describe('bodies', () => {
  for (const { name, file, body, require: checks, result } of scenarios('bodies.json'))
    test(name, () => {
      const bytes = file ? fs.readFileSync(path.join(ROOT, file)) : Buffer.from(body);
      const read = () => interpret(bytes, checks ? { require: checks } : {});
      if (result.error) assert.throws(read, (error) => error instanceof IneError && error.code === result.error.code);
      else assert.deepEqual(read().toJSON(), result.verdict);
    });
});
