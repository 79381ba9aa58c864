import { type Clock, toMessage, waitFor } from "../../util/mod.ts";
import { createCallError, type RemoteCall, type RemoteCallError } from "../mod.ts";
import type { CreateHeaders } from "./import_options.ts";

/** Limits of the wait for headers. */
export interface HeaderLimits {
  /** When the call ends, on the clock. */
  readonly endMs: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  /** Creates the error if the time is over. */
  readonly createTimeoutError: () => RemoteCallError;
  /** Source of time. */
  readonly clock: Clock;
}

/**
 * Returns a call with the headers that a function of the user returns for its endpoint. The
 * call's own headers replace those of the same name.
 *
 * @throws {RemoteCallError} `not-sendable` if the function throws, rejects or returns no object
 */
export async function addCreatedHeaders(
  call: RemoteCall,
  create: CreateHeaders,
  { endMs, clock, ...limits }: HeaderLimits,
): Promise<RemoteCall> {
  const timeoutMs = endMs - clock.now();
  const created = await waitFor(ask(call, create), { ...limits, clock, timeoutMs });
  const own = new Set(Object.keys(call.headers).map((name) => name.toLowerCase()));
  const others = Object.entries(created).filter(([name, value]) =>
    value !== undefined && !own.has(name.toLowerCase())
  );
  return {
    ...call,
    headers: { ...Object.fromEntries(others), ...call.headers },
    deadlineMs: endMs === Infinity ? undefined : endMs,
  };
}

async function ask(call: RemoteCall, create: CreateHeaders) {
  try {
    const headers: unknown = await create(call.endpoint);
    if (typeof headers === "object" && headers !== null) return headers;
    throw new TypeError("it returned no object");
  } catch (cause) {
    const reason = `client.headers failed: ${toMessage(cause)}`;
    throw createCallError("not-sendable", reason, call, { cause });
  }
}
