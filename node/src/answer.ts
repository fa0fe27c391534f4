/** What a receiver answers: 200 when the handler returned, 401 when the delivery was refused, 500 when the handler
 * failed or a genuine body can not be read, and nothing else. */
import { ConsumedError } from './body.js';
import { IneError, WebhookRefused } from './errors.js';
import type { HeadersLike } from './headers.js';
import { tell } from './hooks.js';
import type { Bytes } from './values.js';
import type { Event, Handler } from './webhooks.js';

/** What the framework handlers need of a receiver. */
export interface Receiver {
  readonly limit: number;
  answer(headers: HeadersLike, body: Bytes, handler: Handler): Promise<200 | 401 | 500>;
}

/** Tells why the answer is 500. */
export function report(error: unknown, onError: ((error: unknown) => void) | undefined): void {
  if (onError !== undefined) {
    tell(onError, error);
    return;
  }
  let what = 'the handler failed';
  if (error instanceof IneError) what = `a genuine webhook can not be read: ${error.code}`;
  else if (error instanceof ConsumedError) what = error.message;
  process.emitWarning(`a webhook was answered with 500: ${what}; give Webhooks an onError`, 'LibineWarning');
}

export async function answerOf(
  receiver: { open(headers: HeadersLike, body: Bytes): Event },
  headers: HeadersLike,
  body: Bytes,
  handler: Handler,
  onError: ((error: unknown) => void) | undefined,
): Promise<200 | 401 | 500> {
  let event: Event;
  try {
    event = receiver.open(headers, body);
  } catch (error) {
    if (error instanceof WebhookRefused) return 401;
    if (!(error instanceof IneError)) throw error;
    report(error, onError);
    return 500;
  }
  try {
    await handler(event);
    return 200;
  } catch (error) {
    report(error, onError);
    return 500;
  }
}
