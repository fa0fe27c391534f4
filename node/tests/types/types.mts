// What the types promise: tsc --strict is the test. Each @ts-expect-error must be one.
import express from 'express';
import type { RequestListener } from 'node:http';
import Fastify from 'fastify';
import {
  check,
  Client,
  type Consent,
  Credentials,
  type Event,
  IneError,
  InputError,
  type Outcome,
  type Person,
  type UnverifiedVerdict,
  type Verdict,
  type VerifiedVerdict,
  Webhooks,
} from 'libine';
import { Sandbox, signedWebhook } from 'libine/testing';
import { Agent } from 'undici';

declare const verdict: Verdict;
declare const event: Event;
declare const client: Client;

// `verified` tells the two apart.
if (verdict.verified) {
  const yes: VerifiedVerdict = verdict;
  const outcome: 'VERIFIED' = verdict.outcome;
  const cause: null = verdict.rootCause;
  void [yes, outcome, cause];
} else {
  const no: UnverifiedVerdict = verdict;
  const cause: string | null = verdict.rootCause;
  void [no, cause];
}
// @ts-expect-error a verdict does not change
verdict.verified = true;
// @ts-expect-error nor do its lists
verdict.failed.push('consent_obtained');

// Names are open to values that this version does not know, and complete themselves in an editor.
const outcome: Outcome = 'SOMETHING_NEW';
const known: Outcome = 'NOT_VERIFIED';
const texts: string = verdict.text.citizen['es-MX'] + verdict.text.agent.en;
// @ts-expect-error there are two languages
verdict.text.citizen.fr;
void [outcome, known, texts];

// Consent is true or a record, never a boolean.
const agreed: Consent = true;
const record: Consent = { time: new Date(), textVersion: 'v1', channel: 'web' };
declare const ticked: boolean;
// @ts-expect-error a boolean may be false
const perhaps: Consent = ticked;
// @ts-expect-error consent that was not given is none
const refused: Consent = { approved: false };
// @ts-expect-error a record says something
const empty: Consent = {};
// @ts-expect-error the answer of a database that nobody has awaited
const pending: Consent = Promise.resolve(true);
declare const asked: Promise<boolean>;
// @ts-expect-error nor of another
const unasked: Consent = asked;
// @ts-expect-error a record has known members only
const other: Consent = { time: 1, revoked: false };
const dated: Consent = { time: 1 };
const ticket: Consent = { approved: true };
void [agreed, record, perhaps, refused, empty, pending, unasked, other, dated, ticket];

const who = { cic: '123456789', selfie: 'selfie.jpg', consent: true, vendorData: 17 } as const;
const person: Person = who;
// @ts-expect-error a CIC is a string: a number loses its zeros
const wrong: Person = { ...who, cic: 123456789 };
// @ts-expect-error the selfie is missing
const faceless: Person = { cic: '123456789', consent: true, vendorData: 'x' };
const card: Person = { product: 'ine_registry', consent: true, vendorData: 'x' };
void [person, wrong, faceless, card, check({ cic: '1' })];

// Errors are one tree.
try {
  await client.verify(who, {
    signal: AbortSignal.timeout(1000),
    timeout: 1000,
    onCreated: (session) => session.id.length,
  });
} catch (error) {
  if (error instanceof InputError)
    for (const { field, code, severity, hint } of error.problems) void [field, code, severity, hint];
  else if (error instanceof IneError) {
    const after: number | null = error.retryAfter;
    const sent: 'no' | 'yes' | 'unknown' | null = error.sent;
    void [after, sent, error.toJSON().error];
  }
}

// Transports of the caller's.
const credentials = new Credentials('key', ['new', Buffer.from('old')], { label: 'main' });
const baseUrl = 'https://example.com';
void [
  () => new Client(credentials, { baseUrl, fetch }),
  () => new Client(credentials, { baseUrl, dispatcher: new Agent() }),
  () => new Client(credentials, { baseUrl, onResponse: ({ status, duration }) => void [status, duration] }),
  // @ts-expect-error there is no such setting
  () => new Client(credentials, { baseUrl, tiemout: 5 }),
  // @ts-expect-error a base URL is needed
  () => new Client(credentials, {}),
];

// Frameworks take what they are given.
const webhooks = new Webhooks([credentials], { require: ['consent_obtained'], onRefused: (reason) => reason.length });
const app = express();
app.post(
  '/hook',
  webhooks.express((one) => one.decisionId),
);
Fastify().register(webhooks.fastify('/hook', async (one) => void one.verdict));
const route: (request: Request) => Promise<Response> = webhooks.handler((one) => one.type);
const listener: RequestListener = webhooks.express(() => {});
const lambda: (event: { body?: string }) => Promise<{ statusCode: number; body: string }> = webhooks.lambda(() => {});
void [route, listener, lambda, event.expect({ vendorData: 'x' }).decision.find('/a')];
// @ts-expect-error a body is bytes
webhooks.open({}, 'text');
// @ts-expect-error a parsed body is none
webhooks.open({}, { parsed: true });

// Tests of one's own.
await using sandbox = await Sandbox.start({ decisionDelay: 1 });
const own: Verdict = await sandbox.client().verify(sandbox.person('selfie_mismatch', { vendorData: 'x' }));
const request: Request = signedWebhook('lost_or_stolen', credentials, { vendorData: 'x' });
void [own, request];
