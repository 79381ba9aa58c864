import { type Logger, toLogMessage } from "./logger.ts";
import { boundFields, boundMessage } from "./log_values.ts";

/**
 * Calls a function of the user and logs what it throws, also what its promise rejects
 * with. Resolves when the promise is settled; never rejects.
 *
 * @param what names the callback in the log, such as `A listener for endpoints`
 * @example
 * ```ts
 * const logger = { ...console, error: (message: string) => console.log(message) };
 * await callUser("The listener", logger, () => Promise.reject(new Error("no such file")));
 * // logs "The listener failed: no such file"
 * ```
 */
export async function callUser(
  what: string,
  logger: Logger,
  callback: () => unknown,
): Promise<void> {
  try {
    await callback();
  } catch (error) {
    logFailure(what, logger, error);
  }
}

/**
 * Returns a logger whose records never throw and never reject, whatever the given one does.
 * Messages and fields are bounded, their control characters escaped, and credentials in URLs
 * left out: they may quote what other processes sent.
 */
export function createSafeLogger(logger: Logger): Logger {
  const record = (level: keyof Logger): Logger[keyof Logger] => (message, fields) => {
    try {
      const safe = boundMessage(message);
      const result: unknown = fields === undefined
        ? logger[level](safe)
        : logger[level](safe, boundFields(fields));
      if (result instanceof Promise) result.catch(() => {});
    } catch {
      // A logger that fails has nowhere to report it.
    }
  };
  return {
    debug: record("debug"),
    info: record("info"),
    warn: record("warn"),
    error: record("error"),
  };
}

function logFailure(what: string, logger: Logger, error: unknown): void {
  createSafeLogger(logger).error(`${what} failed: ${toLogMessage(error)}`, { error });
}
