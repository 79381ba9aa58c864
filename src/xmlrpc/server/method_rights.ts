import { XmlRpcFault } from "../codec/mod.ts";
import type { CallContext } from "./call_context.ts";

/**
 * Decides whether a caller may call a method, also one of `system.`. Only `true`, or a promise
 * of it, allows the call; a function that throws or rejects denies it.
 */
export type AuthorizeMethod = (call: CallContext) => boolean | Promise<boolean>;

/** Fault code of a call that is not allowed; that of remote services too. */
const DENIED_CODE = -32_003;

/** Fault of a call that is not allowed. */
export class DeniedFault extends XmlRpcFault {
  /** Creates the fault. */
  constructor(methodName: string) {
    super(DENIED_CODE, `Cannot call ${methodName}: the caller may not call it`);
  }
}

/** Refuses the calls that a function does not allow. */
export class MethodRights {
  readonly #authorize: AuthorizeMethod;
  readonly #onError: (error: unknown) => void;

  /**
   * Creates the check.
   *
   * @param onError receives the errors of the function
   */
  constructor(authorize: AuthorizeMethod, onError: (error: unknown) => void) {
    if (typeof authorize !== "function") {
      throw new TypeError("Cannot use authorize: it is not a function; give (call) => boolean");
    }
    this.#authorize = authorize;
    this.#onError = onError;
  }

  /**
   * Asks whether a call is allowed.
   *
   * @throws {DeniedFault} if it is not; the promise rejects with it
   */
  check(call: CallContext): void | Promise<void> {
    let answer: unknown;
    try {
      answer = this.#authorize(call);
    } catch (error) {
      this.#fail(call, error);
    }
    if (typeof answer === "boolean") return requireTrue(call, answer);
    return Promise.resolve(answer).then(
      (result) => requireTrue(call, result),
      (error) => this.#fail(call, error),
    );
  }

  #fail({ methodName }: CallContext, error: unknown): never {
    this.#onError(error);
    throw new DeniedFault(methodName);
  }
}

function requireTrue({ methodName }: CallContext, answer: unknown): void {
  if (answer !== true) throw new DeniedFault(methodName);
}
