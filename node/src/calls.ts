/** API calls one by one: requests filled from arguments. */
import { CALL, IN, MEDIA } from './constants.js';
import { core, type Handle, now, type Value } from './core.js';
import { type Problem, inputError } from './errors.js';
import { Job } from './inputs.js';
import { type Image, isImage, notAnImage, openMedia, Unreadable, unreadable } from './media.js';
import { type Bytes, bytesOf, stringOf, typeName } from './values.js';

/** What an image shows. */
export type UploadContext = 'face' | 'document-front' | 'document-back';

const CONTEXTS: Readonly<Record<UploadContext, number>> = {
  face: MEDIA.FACE,
  'document-front': MEDIA.DOCUMENT_FRONT,
  'document-back': MEDIA.DOCUMENT_BACK,
};
const RAW: Readonly<Record<string, number>> = {
  GET: CALL.RAW_GET,
  POST: CALL.RAW_POST,
  PATCH: CALL.RAW_PATCH,
  DELETE: CALL.RAW_DELETE,
};

/** A call without a typed form. */
export interface RawCall {
  /** `{id}` in the path. */
  id?: string;
  /** Without the question mark. */
  query?: string;
  /** JSON, sent as it is. */
  body?: string | Bytes;
}

/** One API call: what it is made of. */
export interface Request {
  readonly call: number;
  readonly pairs: readonly Value[];
  /** The person of a creation, the image of an upload. */
  readonly job: Job | null;
  /** What the image shows; 0: there is none. */
  readonly context: number;
  readonly size: number;
}

export function requestOf(call: number, pairs: readonly Value[], job: Job | null = null): Request {
  return { call, pairs, job, context: 0, size: 0 };
}

/** The exchange of a request. */
export function exchangeOf(
  { call, pairs, job, context, size }: Request,
  credentials: Handle<'credentials'>,
  options: Handle<'options'>,
): Handle<'exchange'> {
  return core.exchangeNew(call, pairs, job?.verification ?? null, context, size, credentials, options, now());
}

export function bySession(call: number, sessionId: string, more: readonly Value[] = []): Request {
  return requestOf(call, [IN.SESSION_ID, stringOf(sessionId, 'sessionId'), ...more]);
}

/** A body of JSON as it is to be sent. */
export function jsonBody(body: unknown): Value {
  if (typeof body === 'string') return body;
  if (body !== null && typeof body === 'object' && !ArrayBuffer.isView(body) && !(body instanceof ArrayBuffer))
    throw new TypeError(`the body is sent as it is: give JSON as a string or bytes, not ${typeName(body)}`);
  return bytesOf(body, 'the body');
}

export async function create(who: unknown): Promise<Request> {
  const job = await Job.of(who);
  try {
    return requestOf(CALL.CREATE_SESSION, [], job);
  } catch (error) {
    await job.close();
    throw error;
  }
}

export async function upload(
  sessionId: string,
  image: Image,
  context: UploadContext,
  timestamp: string | undefined,
): Promise<Request> {
  if (!Object.hasOwn(CONTEXTS, context)) throw new TypeError(`contexts are ${Object.keys(CONTEXTS).join(', ')}`);
  if (!isImage(image)) throw inputError([notAnImage(image)]);
  const job = new Job();
  try {
    const media = await openMedia(image);
    job.media.set(CONTEXTS[context], media);
    const pairs = [IN.SESSION_ID, stringOf(sessionId, 'sessionId'), IN.MEDIA_TIMESTAMP, timestamp];
    return { call: CALL.UPLOAD_MEDIA, pairs, job, context: CONTEXTS[context], size: media.size };
  } catch (error) {
    await job.close();
    const problem: Problem | null = error instanceof Unreadable ? unreadable(error.message) : null;
    throw problem === null ? error : inputError([problem]);
  }
}

export function raw(method: string, path: string, call: RawCall): Request {
  const number = typeof method === 'string' && Object.hasOwn(RAW, method) ? RAW[method] : undefined;
  if (number === undefined) throw new TypeError(`methods are ${Object.keys(RAW).join(', ')}`);
  return requestOf(number, [
    ...[IN.PATH, stringOf(path, 'path')],
    ...[IN.SESSION_ID, call.id],
    ...[IN.QUERY, call.query],
    ...[IN.BODY, call.body === undefined ? null : jsonBody(call.body)],
  ]);
}
