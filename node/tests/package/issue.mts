// The first program of a reader, as it stands in docs/node.md: it compiles and runs from the tarball.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, Credentials, IneError, InputError, OutcomeUnknownError, type Verdict, Webhooks } from 'libine';
import { Sandbox, signedWebhook } from 'libine/testing';

const user = { id: 'case-1' };
const opened: string[] = [];
const shown: string[] = [];
const saved = new Map<string, Verdict>();
const remembered: string[] = [];
const creds = new Credentials('5a4db0c5-0000-4000-8000-000000000001', 'a secret of the tests');
const openAccount = async (id: string): Promise<void> => void opened.push(id);
const show = (text: string, advice: string): void => void shown.push(text, advice);
const db = {
  saveOnce: async (id: string, _vendorData: string | null, verdict: Verdict): Promise<void> =>
    void saved.set(id, verdict),
  remember: async (_user: string, id: string): Promise<void> => void remembered.push(id),
  reconcile: (vendorData: string | null): Response => Response.json({ vendorData }, { status: 503 }),
  later: (_sessionId: string | null, after: number | null): Response => Response.json({ after }, { status: 503 }),
};

const client = Client.fromEnv();
const who = { cic: '123456789', selfie: 'selfie.jpg', consent: true, vendorData: user.id } as const;
const verdict = await client.verify(who, { signal: AbortSignal.timeout(120_000) });
if (verdict.verified) await openAccount(user.id);
else show(verdict.text.citizen['es-MX'], verdict.advice);

const webhooks = new Webhooks([creds]);
export const POST = webhooks.handler(async (event) => {
  // Request -> Response; also .lambda, express, fastify
  if (event.type === 'decision') await db.saveOnce(event.decisionId, event.vendorData, event.verdict);
});

async function begin(who: Parameters<Client['start']>[0]): Promise<Response | undefined> {
  try {
    await client.start(who, { onCreated: (s) => db.remember(user.id, s.id) });
  } catch (err) {
    if (err instanceof InputError) return Response.json(err.problems, { status: 422 });
    if (err instanceof OutcomeUnknownError) return db.reconcile(err.vendorData);
    if (err instanceof IneError && err.retryable) return db.later(err.sessionId, err.retryAfter);
    throw err;
  }
  return undefined;
}

test('a selfie that does not match', async (t) => {
  const sandbox = await Sandbox.start();
  t.after(() => sandbox.close());
  const v = await sandbox.client().verify(sandbox.person('selfie_mismatch'));
  assert.deepEqual([v.outcome, v.rootCause], ['NOT_VERIFIED', 'selfie_registry_match']);
  assert.equal((await POST(signedWebhook('lost_or_stolen', creds))).status, 200);
});

test('what the lines above did', async () => {
  assert.deepEqual([opened, shown], [['case-1'], []]);
  assert.equal(saved.size, 1);
  assert.equal(await begin(who), undefined);
  assert.match(remembered[0] ?? '', /^[0-9a-f-]{36}$/);
  const refused = await begin({ ...who, cic: '12' });
  assert.equal(refused?.status, 422);
  client.close();
});
