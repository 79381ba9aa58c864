import { RemoteCallError, type RemoteCallErrorCode } from "../distribution/mod.ts";

/**
 * Reason that a call failed, as statistics and traces name it: the code of its
 * {@link RemoteCallError}; `aborted` if its caller ended it; `_OTHER` for errors of other kinds.
 */
export type CallErrorType = RemoteCallErrorCode | "aborted" | "_OTHER";

/** Stands for names that are not listed on their own. */
export const OTHER = "_OTHER";

const CODES: ReadonlySet<string> = new Set<RemoteCallErrorCode>([
  "fault",
  "no-such-method",
  "wrong-service",
  "denied",
  "overloaded",
  "closed",
  "unreachable",
  "interrupted",
  "timeout",
  "endpoint-gone",
  "not-allowed",
  "invalid-reply",
  "not-sendable",
]);

/**
 * Returns the reason that a call failed. What a method throws, and what an interceptor of the
 * server throws besides refusals, reaches the caller as a fault.
 *
 * @param signal the signal of an outgoing call; `undefined` for an incoming one
 */
export function findErrorType(
  error: unknown,
  { direction, signal }: {
    readonly direction: "outgoing" | "incoming";
    readonly signal?: AbortSignal | undefined;
  },
): CallErrorType {
  if (error instanceof RemoteCallError) return CODES.has(error.code) ? error.code : OTHER;
  if (direction === "incoming") return "fault";
  return signal?.aborted === true ? "aborted" : OTHER;
}
