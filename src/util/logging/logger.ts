import { toPrintable } from "./printable.ts";

/** Details of a log record, by name. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Receives log records: a level, a message that stands alone, and fields for programs that
 * filter or index. `console` is a logger. The library itself never writes to the console.
 */
export interface Logger {
  /** Records a step that helps to find a fault. */
  debug(message: string, fields?: LogFields): void;
  /** Records a milestone: connected, exported, imported. */
  info(message: string, fields?: LogFields): void;
  /** Records something that was ignored or is retried. */
  warn(message: string, fields?: LogFields): void;
  /** Records a failure that is final. */
  error(message: string, fields?: LogFields): void;
}

/** Logger that drops every record; the default of every option. */
export const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Returns the message of a thrown value. */
export function toMessage(error: unknown): string {
  try {
    return findTlsReason(error) ?? String(error instanceof Error ? error.message : error);
  } catch {
    return "a value that has no string form";
  }
}

/** Returns the reason of an error of OpenSSL; its message has lines and addresses of its source. */
function findTlsReason(error: unknown): string | undefined {
  if (!(error instanceof Error && "code" in error && "reason" in error)) return undefined;
  const { code, reason } = error;
  return typeof reason === "string" && String(code).startsWith("ERR_SSL_") ? reason : undefined;
}

/** Returns the message of a thrown value in a form that is safe in a log: short and printable. */
export function toLogMessage(error: unknown): string {
  return toPrintable(toMessage(error));
}
