// A Next.js route handler (app/webhooks/veriff/route.ts). next.config: serverExternalPackages: ['libine'].
import { Credentials, Webhooks } from 'libine';
import { save } from '../../../store.js';

export const runtime = 'nodejs';

const webhooks = new Webhooks([Credentials.fromEnv()]);

export const POST = webhooks.handler(async (event) => {
  if (event.type === 'decision') await save(event.decisionId, event.vendorData, event.verdict.toJSON());
});
