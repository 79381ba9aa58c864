/**
 * Parts that every folder may use: clock, waiting, logging, backoff, limits.
 *
 * @module
 */
export type { BackoffOptions } from "./backoff.ts";
export { backoffMs, jittered } from "./backoff.ts";
export type { PeerCertificateReader } from "./runtime/mod.ts";
export {
  explainPermission,
  guardPeerCertificate,
  loadBuiltin,
  openSignalPipe,
  pollSockets,
  requestNetPermission,
  yieldTurn,
} from "./runtime/mod.ts";
export type { Clock, Timer, TimerOptions } from "./clock.ts";
export { MAX_TIMER_MS, SYSTEM_CLOCK } from "./clock.ts";
export {
  callUser,
  createRepeatLogger,
  createSafeLogger,
  hideCredentials,
  isSecretName,
  LineBudget,
  SILENT,
  toLogMessage,
  toMessage,
  toPrintable,
} from "./logging/mod.ts";
export type { Deadline, DeadlinesOptions } from "./deadlines/mod.ts";
export { type CoarseDeadline, CoarseDeadlines, DeadlineLists, Deadlines } from "./deadlines/mod.ts";
export { Gate } from "./gate.ts";
export { listHeaders } from "./header_record.ts";
export { parseExactJson, toJsonText, toOpenJsonText } from "./json_text.ts";
export { type Linked, LinkedList } from "./linked_list.ts";
export type { LogFields, Logger } from "./logging/mod.ts";
export type { OptionNames } from "./option_names.ts";
export { checkOptionNames, findNearest, pickOptions } from "./option_names.ts";
export { Subscription } from "./subscription.ts";
export { checkTimeout } from "./timeouts.ts";
export { VERSION } from "./version.ts";
export type { WaitLimits } from "./waiting.ts";
export { createBusyController, onAbort, pause, waitFor } from "./waiting.ts";
