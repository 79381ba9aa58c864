import { type Clock, hideCredentials, listHeaders, toMessage, waitFor } from "../../../util/mod.ts";
import type { EndpointDescription } from "../../../endpoint/mod.ts";
import { createCallError, type RemoteCall, type RemoteCallError } from "../../mod.ts";
import type { CreateHeaders } from "./import_options.ts";

/** Whom the headers are for, and limits of the wait for them. */
export interface HeaderLimits {
  /** Endpoint that the call is sent to; the call may have begun with an earlier description. */
  readonly endpoint: EndpointDescription;
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
 * @throws {RemoteCallError} `not-sendable` if the function throws, rejects or returns no object of
 * strings
 */
export async function addCreatedHeaders(
  call: RemoteCall,
  create: CreateHeaders,
  { endpoint, endMs, clock, ...limits }: HeaderLimits,
): Promise<RemoteCall> {
  const timeoutMs = endMs - clock.now();
  const created = await waitFor(ask(call, create, endpoint), { ...limits, clock, timeoutMs });
  const own = new Set(Object.keys(call.headers).map((name) => name.toLowerCase()));
  const others = created.filter(([name]) => !own.has(name.toLowerCase()));
  return {
    ...call,
    headers: { ...Object.fromEntries(others), ...call.headers },
    deadlineMs: endMs === Infinity ? undefined : endMs,
  };
}

async function ask(
  call: RemoteCall,
  create: CreateHeaders,
  endpoint: EndpointDescription,
): Promise<[name: string, value: string][]> {
  try {
    return listHeaders(await create(endpoint), "its result");
  } catch (cause) {
    const reason = `client.headers failed: ${hideCredentials(toMessage(cause))}`;
    throw createCallError("not-sendable", reason, call, { cause });
  }
}
