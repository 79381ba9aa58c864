/**
 * Where a part of the library reports what it can't tell by a result or an error.
 * The library itself never writes to the console; `console` fits this interface.
 */
export interface Logger {
  /** Steps that matter to who looks for a fault. */
  debug(message: string): void;
  /** Milestones: connected, exported, imported. */
  info(message: string): void;
  /** Something was ignored, or is retried. */
  warn(message: string): void;
  /** Something failed for good. */
  error(message: string): void;
}

/** The default {@link Logger}: it drops everything. */
export const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** What an unknown thrown value says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
