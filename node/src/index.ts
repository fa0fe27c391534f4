/**
 * Identity verification against the Mexican electoral registry (INE) through Veriff's API. Not affiliated with Veriff,
 * INE or FIMPE.
 *
 * @packageDocumentation
 */
export type { RawCall, UploadContext } from './calls.js';
export { Client, Session, type StartOptions } from './client.js';
export type {
  Advice,
  Anomaly,
  Check,
  ErrorCode,
  Outcome,
  ProblemCode,
  Product,
  Reason,
  State,
  Step,
} from './constants.js';
export { Credentials, type Environment } from './credentials.js';
export { Decision, type DecisionJson, type ListItem, type ListName } from './decision.js';
export type { CallOptions } from './limit.js';
export {
  AuthError,
  CancelledError,
  ConflictError,
  DeadlineError,
  ForkedError,
  IneError,
  InputError,
  NotFoundError,
  OutcomeUnknownError,
  type Problem,
  RateLimitError,
  ReplyError,
  ServerError,
  TransportError,
  WebhookRefused,
} from './errors.js';
export type { ExpressHandler } from './express.js';
export type { FastifyPlugin } from './fastify.js';
export {
  buildInfo,
  type CheckOptions,
  type Curp,
  check,
  curp,
  type EvidenceOptions,
  evidence,
  evidenceCheck,
  interpret,
  type Mrz,
  mediaDigest,
  mrz,
  pseudonym,
  type Report,
  redact,
  registration,
} from './functions.js';
export type { HeadersLike } from './headers.js';
export type { Hooks, RequestInfo, ResponseInfo } from './hooks.js';
export type {
  Consent,
  ConsentRecord,
  IneBiometricPerson,
  IneRegistryPerson,
  MxInePerson,
  Person,
} from './inputs.js';
export type { LambdaHandler, LambdaReply, LambdaRequest } from './lambda.js';
export type { Image } from './media.js';
export type { ClientSettings, Settings, TransportSettings } from './settings.js';
export type { Dispatcher } from './transport-undici.js';
export type { Bytes, Strictness } from './values.js';
export type {
  CheckResult,
  Registry,
  Sentence,
  Texts,
  UnverifiedVerdict,
  Verdict,
  VerdictJson,
  VerifiedVerdict,
} from './verdict.js';
export type { WebHandler } from './web.js';
export {
  type Diagnosis,
  Event,
  type EventJson,
  type EventType,
  type Handler,
  Webhooks,
  type WebhooksOptions,
} from './webhooks.js';
export { version } from './version.js';
