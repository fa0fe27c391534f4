// A webhook from bytes to a verdict, beside what a program writes by hand: createHmac, JSON.parse, zod.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { heading, interleaved, KEY, libine, row, SECRET, sample, z } from './support.mjs';

const SAMPLES = ['approved_all_checks', 'consent_declined', 'person_not_found', 'selfie_mismatch', 'lost_or_stolen', 'registry_unavailable'];

const entry = z.object({ result: z.string(), reason: z.string().nullable() }).nullish();
const schema = z.looseObject({
  status: z.string(),
  verification: z.looseObject({
    id: z.string(),
    attemptId: z.string().nullish(),
    vendorData: z.string().nullish(),
    status: z.string(),
    code: z.number(),
    reason: z.string().nullish(),
    reasonCode: z.number().nullish(),
    decisionTime: z.string().nullish(),
    acceptanceTime: z.string().nullish(),
    person: z.looseObject({ firstName: z.string().nullish(), lastName: z.string().nullish(), idNumber: z.string().nullish() }).nullish(),
    document: z.looseObject({ number: z.string().nullish(), type: z.string().nullish(), country: z.string().nullish() }).nullish(),
    registryValidations: z
      .looseObject({
        MX_INE: z.looseObject({
          status: z.string(),
          validations: z
            .looseObject({
              consent_obtained: entry,
              person_registered: entry,
              selfie_registry_match: entry,
              not_reported_lost_or_stolen: entry,
              first_name_match: entry,
              father_last_name_match: entry,
              mother_last_name_match: entry,
              personal_number_match: entry,
              registration_year_match: entry,
              issue_year_match: entry,
            })
            .nullish(),
        }),
      })
      .nullish(),
  }),
});

function deliver(body) {
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  const headers = {
    host: 'example.com',
    'user-agent': 'veriff',
    accept: '*/*',
    'content-type': 'application/json',
    'content-length': String(body.length),
    'x-auth-client': KEY,
    'x-hmac-signature': signature,
    connection: 'close',
  };
  return { headers, body };
}

function byHand({ headers, body }) {
  const given = Buffer.from(headers['x-hmac-signature'], 'hex');
  const right = createHmac('sha256', SECRET).update(body).digest();
  if (given.length !== right.length || !timingSafeEqual(given, right)) throw new Error('refused');
  return JSON.parse(body.toString());
}

const good = (decision) => decision.verification.status === 'approved' && decision.verification.code === 9001;

/** 50 KB of members that nobody knows. */
function big(body) {
  const more = Array.from({ length: 500 }, (_, i) => ({ id: i, text: `n\u00e9 "${i}" \\u00d1`, list: [i, true, null, 1.5], deep: { a: { b: 'c'.repeat(20) } } }));
  return Buffer.from(JSON.stringify({ extra: more, ...JSON.parse(body) }));
}

const compact = (name) => Buffer.from(JSON.stringify(JSON.parse(sample(`decision_${name}`))));

export function webhooks() {
  const webhooks = new libine.Webhooks([new libine.Credentials(KEY, SECRET)]);
  const sets = {
    compact: [compact('approved_all_checks')],
    pretty: [Buffer.from(JSON.stringify(JSON.parse(sample('decision_approved_all_checks')), null, 2))],
    mixed: SAMPLES.map(compact),
    'with 50 KB of unknown members': [big(compact('approved_all_checks'))],
  };
  let sink;
  for (const [name, bodies] of Object.entries(sets)) {
    const all = bodies.map(deliver);
    const one = (i) => all[i % all.length];
    const batch = bodies[0].length > 10_000 ? 60 : 1200;
    const found = interleaved(
      {
        'libine: open, the verdict': (i) => {
          const { headers, body } = one(i);
          sink = webhooks.open(headers, body).verdict.verified;
        },
        'libine: open, what a handler reads': (i) => {
          const { headers, body } = one(i);
          const event = webhooks.open(headers, body);
          const { verified, outcome, rootCause, advice } = event.verdict;
          sink = [event.type, event.decisionId, event.vendorData, event.sessionId, verified, outcome, rootCause, advice];
        },
        'libine: open, and the verdict as JSON text': (i) => {
          const { headers, body } = one(i);
          sink = JSON.stringify(webhooks.open(headers, body).verdict);
        },
        'createHmac + JSON.parse': (i) => {
          sink = good(byHand(one(i)));
        },
        'createHmac + JSON.parse + zod': (i) => {
          sink = good(schema.parse(byHand(one(i))));
        },
      },
      41,
      batch,
    );
    const ours = found['libine: open, the verdict'];
    heading(`webhook, ${name}: ${Math.round(bodies.reduce((sum, body) => sum + body.length, 0) / bodies.length)} bytes`);
    for (const [what, us] of Object.entries(found)) row(what, `${us.toFixed(2)} us`, `${(us / ours).toFixed(2)} x`);
  }
  return sink;
}
