// Starts in the request, finishes in the webhook: what a web application does.
import { Client, IneError, InputError, OutcomeUnknownError, Webhooks, type MxInePerson, type Webhooks as Receiver } from 'libine';
import { Credentials } from 'libine';

/** What the application keeps: two tables. */
export interface Store {
  remember(user: string, sessionId: string): Promise<void>;
  saveOnce(decisionId: string, user: string | null, verdict: object): Promise<void>;
  reconcile(user: string | null): Promise<void>;
  later(sessionId: string | null, milliseconds: number | null): Promise<void>;
}

/** The answer to a form: 202 when a verification runs. */
export async function begin(client: Client, db: Store, user: string, who: MxInePerson): Promise<Response> {
  try {
    await client.start({ ...who, vendorData: user }, { onCreated: (session) => db.remember(user, session.id) });
    return new Response(null, { status: 202 });
  } catch (error) {
    if (error instanceof InputError) return Response.json(error.problems, { status: 422 });
    if (error instanceof OutcomeUnknownError) await db.reconcile(error.vendorData);
    else if (error instanceof IneError && error.retryable) await db.later(error.sessionId, error.retryAfter);
    else throw error;
    return new Response(null, { status: 503 });
  }
}

/** The route that the customer portal has as the webhook's address. */
export function finish(credentials: Credentials, db: Store): ReturnType<Receiver['handler']> {
  return new Webhooks([credentials]).handler(async (event) => {
    if (event.type === 'decision') await db.saveOnce(event.decisionId, event.vendorData, event.verdict.toJSON());
  });
}
