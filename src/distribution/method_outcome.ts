import { RemoteCallError, RemoteFault } from "./remote_call_error.ts";

/** Fault code of an error without a code of its own, as with iPOPO. */
export const GENERAL_FAULT = 1;

/** Fault code of a method that failed because a remote call within it failed. */
const NESTED_CALL_FAULT = -32_000;

/** Whether a fault code is one of the library's own, which methods may not use. */
export function isReservedFaultCode(code: number): boolean {
  return code >= -32_099 && code <= -32_000;
}

/**
 * Returns the error that a method's caller receives. A remote call that failed within the
 * method says nothing about the method itself, which has run: it becomes a fault. A fault code
 * that is the library's own becomes 1.
 */
export function toMethodError(error: unknown): unknown {
  if (error instanceof RemoteFault) {
    return isReservedFaultCode(error.faultCode)
      ? new RemoteFault(GENERAL_FAULT, error.faultString, { cause: error })
      : error;
  }
  if (!(error instanceof RemoteCallError)) return error;
  return new RemoteFault(NESTED_CALL_FAULT, error.message, { cause: error });
}

/** A result that no protocol can send. The message has advice for the method's developer. */
export class UnsendableResultError extends TypeError {
  /** Description for the caller. */
  readonly reason: string;

  /**
   * Creates an error.
   *
   * @param problem what the result is, such as `it is a Generator`
   * @param advice for the method's developer
   */
  constructor(method: string, problem: string, advice: string) {
    super(`Cannot send the result of ${method}: ${problem}; ${advice}`);
    this.reason = `The result can't be sent: ${problem}`;
  }
}

/**
 * Returns the result of a method.
 *
 * @throws {UnsendableResultError} if it is a generator or another iterator, which no protocol can send
 */
export function checkResult(result: unknown, method: string): unknown {
  if (typeof result !== "object" || result === null || !("next" in result)) return result;
  const kind = Object.prototype.toString.call(result).slice("[object ".length, -1);
  if (typeof result.next !== "function" || !/Generator$|Iterator$/.test(kind)) return result;
  const article = /^[AEIOU]/.test(kind) ? "an" : "a";
  throw new UnsendableResultError(method, `it is ${article} ${kind}`, "return an array");
}
