// Tests of an application: the vendor's API in process, offline; webhooks signed as the vendor signs them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Credentials, Webhooks } from 'libine';
import { Sandbox, signedWebhook } from 'libine/testing';

const creds = new Credentials('5a4db0c5-0000-4000-8000-000000000001', 'a secret of the tests');
const POST = new Webhooks([creds]).handler(() => {});

test('a selfie that does not match', async (t) => {
  const sandbox = await Sandbox.start();
  t.after(() => sandbox.close());
  const v = await sandbox.client().verify(sandbox.person('selfie_mismatch'));
  assert.deepEqual([v.outcome, v.rootCause], ['NOT_VERIFIED', 'selfie_registry_match']);
  assert.equal((await POST(signedWebhook('lost_or_stolen', creds))).status, 200);
});
