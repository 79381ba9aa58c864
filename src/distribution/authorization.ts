import { createRepeatLogger, type Logger, toLogMessage } from "../util/mod.ts";
import type { RemoteCall } from "./remote_call.ts";
import { createReceivedError } from "./named_call_error.ts";
import type { RemoteCallError } from "./remote_call_error.ts";

/**
 * Decides whether a call is allowed, by its principal, its endpoint with all its interfaces and
 * properties, and its method. Only `true`, or a promise of it, allows the call. A function that
 * throws or rejects denies it, and the error is logged.
 *
 * @example
 * ```ts
 * import { type Authorize, bearerAuth, remoteServices } from "@remote-services/etcd3";
 *
 * const authorize: Authorize = ({ principal, endpoint, method }) => {
 *   if (!endpoint.interfaces.includes("com.example.Store")) return false;
 *   return method === "read" || Object(principal).name === "admin";
 * };
 * await using host = await remoteServices({
 *   etcd: { endpoints: "localhost:2379" },
 *   http: { port: 0, authenticate: bearerAuth({ "s3cret": "admin" }), authorize },
 * });
 * ```
 */
export type Authorize = (call: RemoteCall) => boolean | Promise<boolean>;

/** Throws, or rejects with, `denied` if a call is not allowed. */
export type CallCheck = (call: RemoteCall) => void | Promise<void>;

/**
 * Creates the check of received calls; `undefined` if every call is allowed.
 *
 * @throws {TypeError} if `authorize` is not a function
 */
export function createCallCheck(
  authorize: Authorize | undefined,
  logger: Logger,
): CallCheck | undefined {
  if (authorize === undefined) return undefined;
  if (typeof authorize !== "function") {
    throw new TypeError("Cannot use authorize: it is not a function; give (call) => boolean");
  }
  const quiet = createRepeatLogger(logger);
  const fail = (call: RemoteCall, error: unknown): never => {
    quiet.error(`authorize failed, the call is denied: ${toLogMessage(error)}`, { error });
    throw createDeniedError(call);
  };
  return (call) => {
    let answer: unknown;
    try {
      answer = authorize(call);
    } catch (error) {
      fail(call, error);
    }
    if (typeof answer === "boolean") return requireTrue(call, answer);
    return Promise.resolve(answer).then(
      (result) => requireTrue(call, result),
      (error) => fail(call, error),
    );
  };
}

function requireTrue(call: RemoteCall, answer: unknown): void {
  if (answer !== true) throw createDeniedError(call);
}

function createDeniedError(call: RemoteCall): RemoteCallError {
  return createReceivedError("denied", "the caller may not call it", call);
}
