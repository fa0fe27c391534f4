// Deliveries as the vendor might write them: letters as they are and escaped, numbers with a zero behind, odd spaces.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Credentials } from 'libine';

export const ROOT = path.dirname(path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url)))));
export const KEY = '5a4db0c5-0000-4000-8000-000000000001';
export const SECRET = 'a shared secret: ñ';
export const credentials = new Credentials(KEY, SECRET, { label: 'main' });

/** A documented sample, as bytes. */
export function sample(name) {
  return fs.readFileSync(path.join(ROOT, 'tests', 'payloads', `${name}.json`));
}

/** What every re-serialisation would change, and every signature notices. */
export function oddBody(name = 'decision_approved_all_checks') {
  const text = sample(name).toString('utf8').trim();
  const odd =
    '{ "libineTest" :{"name":"MU\\u00d1OZ Ñ", "score":0.10 ,\t"big":12345678901234567890,"url":"https:\\/\\/x"},';
  return Buffer.from(`${text.replace('{', odd)} \n`);
}

export function sign(body, secret = SECRET) {
  return crypto.createHmac('sha256', secret).update(body).digest('hex');
}

export function headersFor(body, secret = SECRET, key = KEY) {
  return { 'content-type': 'application/json', 'x-auth-client': key, 'x-hmac-signature': sign(body, secret) };
}

/** Records what a handler was given. */
export function recorder() {
  const saved = [];
  const save = async (decisionId, vendorData, verdict) => {
    saved.push({ decisionId, vendorData, outcome: verdict.outcome });
  };
  return { saved, save };
}
