/**
 * Parts that every folder may use: clock, waiting, logging, backoff, limits.
 *
 * @module
 */
export type { BackoffOptions } from "./backoff.ts";
export { backoffMs, jittered } from "./backoff.ts";
export { loadBuiltin } from "./builtins.ts";
export type { Clock, Timer, TimerOptions } from "./clock.ts";
export { MAX_TIMER_MS, SYSTEM_CLOCK } from "./clock.ts";
export { hideCredentials } from "./hidden_credentials.ts";
export type { Deadline, DeadlinesOptions } from "./deadline_list.ts";
export { Deadlines } from "./deadline_list.ts";
export { DeadlineLists } from "./deadline_lists.ts";
export { pollSockets, yieldTurn } from "./event_loop.ts";
export { Gate } from "./gate.ts";
export { parseExactJson, toJsonText } from "./json_text.ts";
export { LineBudget } from "./line_budget.ts";
export { type Linked, LinkedList } from "./linked_list.ts";
export type { LogFields, Logger } from "./logger.ts";
export { SILENT, toLogMessage, toMessage } from "./logger.ts";
export type { OptionNames } from "./option_names.ts";
export { checkOptionNames, findNearest, pickOptions } from "./option_names.ts";
export { explainPermission, requestNetPermission } from "./permissions.ts";
export { toPrintable } from "./printable.ts";
export { isSecretName } from "./secret_names.ts";
export { createRepeatLogger } from "./repeat_logger.ts";
export { openSignalPipe } from "./signal_pipe.ts";
export { Subscription } from "./subscription.ts";
export { checkTimeout } from "./timeouts.ts";
export { callUser, createSafeLogger } from "./user_callback.ts";
export type { WaitLimits } from "./waiting.ts";
export { createBusyController, onAbort, pause, waitFor } from "./waiting.ts";
