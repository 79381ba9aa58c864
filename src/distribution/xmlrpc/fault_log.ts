import { createRepeatLogger, type Logger, toMessage, toPrintable } from "../../util/mod.ts";
import type { Clock } from "../../util/mod.ts";
import { XmlRpcFault } from "../../xmlrpc/mod.ts";
import { RemoteFault, UnsendableResultError } from "../mod.ts";

/** Logs what the developer of a service should know about its faults; the caller reads less. */
export class FaultLog {
  readonly #logger: Logger;
  readonly #describe: (fullName: string) => string;

  /**
   * Creates a log that repeats nothing.
   *
   * @param describe returns the name of a method from the one that was called
   */
  constructor(logger: Logger, clock: Clock | undefined, describe: (fullName: string) => string) {
    this.#logger = createRepeatLogger(logger, clock);
    this.#describe = describe;
  }

  /** Logs the error of a method, or of its result. */
  logError(error: unknown, fullName: string): void {
    const method = this.#describe(fullName);
    this.#logger.warn(`${method} failed: ${toPrintable(toMessage(error))}`, { method: fullName });
  }

  /** Logs a result that can't be sent, and a fault code that is replaced. */
  logThrown(thrown: unknown, answer: unknown, fullName: string): void {
    if (thrown instanceof UnsendableResultError) this.logError(thrown, fullName);
    const code = findCode(thrown);
    if (code === undefined || !(answer instanceof XmlRpcFault) || answer.faultCode === code) return;
    const method = this.#describe(fullName);
    this.#logger.warn(
      `${method} threw the fault code ${code}, in place of which ${answer.faultCode} is sent: use ` +
        "a whole number of 32 bits other than 0 and -32099 to -32000",
      { method: fullName },
    );
  }
}

/** Returns the fault code that a method threw; `undefined` if it threw none. */
function findCode(thrown: unknown): number | undefined {
  if (thrown instanceof RemoteFault) return findCode(thrown.cause) ?? thrown.faultCode;
  if (thrown instanceof XmlRpcFault) return thrown.faultCode;
  const isPlain = typeof thrown === "object" && thrown !== null && !(thrown instanceof Error);
  return isPlain && "code" in thrown && typeof thrown.code === "number" ? thrown.code : undefined;
}
