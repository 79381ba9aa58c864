/**
 * Loggers: their contract, what they may print, and how often.
 *
 * @module
 */
export { hideCredentials } from "./hidden_credentials.ts";
export { LineBudget } from "./line_budget.ts";
export { type LogFields, type Logger, SILENT, toLogMessage, toMessage } from "./logger.ts";
export { toPrintable } from "./printable.ts";
export { createRepeatLogger } from "./repeat_logger.ts";
export { isSecretName } from "./secret_names.ts";
export { callUser, createSafeLogger } from "./user_callback.ts";
