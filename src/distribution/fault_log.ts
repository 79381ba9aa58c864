import {
  type Clock,
  createRepeatLogger,
  type Logger,
  toMessage,
  toPrintable,
} from "../util/mod.ts";
import { UnsendableResultError } from "./method_outcome.ts";
import { readMember } from "./built_in_classes.ts";
import { RemoteFault } from "./remote_call_error.ts";

/** Logs details of a service's faults for its developer; the caller receives less. */
export class FaultLog {
  readonly #logger: Logger;
  readonly #describe: (name: string) => string;

  /**
   * Creates a log that leaves out repetitions.
   *
   * @param describe returns a method with its interface from the name that was called
   */
  constructor(logger: Logger, clock: Clock | undefined, describe: (name: string) => string) {
    this.#logger = createRepeatLogger(logger, clock);
    this.#describe = describe;
  }

  /** Logs the error of a method, or of its result. */
  logError(error: unknown, name: string): void {
    const method = this.#describe(name);
    this.#logger.warn(`${method} failed: ${toPrintable(toMessage(error))}`, { method: name });
  }

  /**
   * Logs a result that can't be sent, a fault code that is replaced, and a thrown value that is
   * neither an error nor a fault, such as `undefined`.
   *
   * @param sentCode fault code that the caller receives; `undefined` if it receives no fault
   */
  logThrown(thrown: unknown, sentCode: number | undefined, name: string): void {
    if (thrown instanceof UnsendableResultError) this.logError(thrown, name);
    const code = findCode(thrown);
    if (sentCode === undefined || sentCode === code) return;
    if (code === undefined) {
      if (!(thrown instanceof Error)) this.logError(thrown, name);
      return;
    }
    this.#logger.warn(
      `${this.#describe(name)} threw the fault code ${code}, in place of which ${sentCode} is ` +
        "sent: use a whole number of 32 bits other than 0 and -32099 to -32000",
      { method: name },
    );
  }
}

/** Returns the fault code that a method threw; `undefined` if it threw none. */
function findCode(thrown: unknown): number | undefined {
  if (thrown instanceof RemoteFault) return findCode(thrown.cause) ?? thrown.faultCode;
  if (typeof thrown !== "object" || thrown === null) return undefined;
  // The fault of a protocol, or a thrown `{ code, message }`, also by the names of XML-RPC.
  const faultCode = readMember(thrown, "faultCode");
  const found = thrown instanceof Error ? faultCode : faultCode ?? readMember(thrown, "code");
  return typeof found === "number" ? found : undefined;
}
