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
  return error instanceof Error ? error.message : String(error);
}
