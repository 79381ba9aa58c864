import { createRefusal, toRefusal } from "../../http/mod.ts";
import { type Gate, waitFor } from "../../util/mod.ts";
import type { Authenticate } from "./auth.ts";
import { createBusyRefusal } from "./request_body.ts";

/** Settings of a {@link CallerCheck}. */
export interface CallerCheckOptions {
  /** Limits how many requests wait for the function. */
  readonly gate: Gate;
  /** Longest time that one waits, in milliseconds. */
  readonly timeoutMs: number;
  /** Receives the errors of the function. */
  readonly onError: (error: unknown) => void;
}

/**
 * Asks a function who sent a request. One that answers late or never holds a limited number of
 * requests, for a limited time.
 */
export class CallerCheck {
  readonly #authenticate: Authenticate;
  readonly #options: CallerCheckOptions;

  /** Creates the check. */
  constructor(authenticate: Authenticate, options: CallerCheckOptions) {
    this.#authenticate = authenticate;
    this.#options = options;
  }

  /**
   * Returns the principal, or the response that refuses the request; no caller is let in if
   * the function fails or is late. Never rejects.
   */
  async ask(request: Request): Promise<unknown> {
    const { gate, timeoutMs, onError } = this.#options;
    if (!gate.enter()) return createBusyRefusal();
    const createTimeoutError = () => new Error(`no answer within ${timeoutMs} ms`);
    try {
      const given = this.#authenticate(request);
      const principal = isThenable(given)
        ? await waitFor(given, { timeoutMs, createTimeoutError })
        : given;
      return principal instanceof Response ? toRefusal(principal) : principal;
    } catch (error) {
      onError(error);
      return createRefusal(500, "Internal Server Error");
    } finally {
      gate.leave();
    }
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}
