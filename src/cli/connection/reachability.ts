import { probeEndpoint } from "../../distribution/xmlrpc/mod.ts";
import type { EndpointDescription } from "../../endpoint/mod.ts";
import { HostRules, HttpClient } from "../../http/mod.ts";
import { SYSTEM_CLOCK, toMessage } from "../../util/mod.ts";
import type { CliContext } from "../cli_command.ts";
import { Progress } from "../output/mod.ts";
import type { CallSettings } from "./call_settings.ts";

/** Whether an endpoint answers. */
export type Reach =
  | { readonly isReached: true; readonly latencyMs: number }
  | { readonly isReached: false; readonly error: string };

/** Settings of {@link reachEndpoints}. */
export interface ReachOptions {
  /** Settings of the requests. */
  readonly calls: CallSettings;
  /** Longest wait for each endpoint. */
  readonly timeoutMs: number;
}

/** Requests under way at once. */
const PARALLEL = 32;

/** Asks every endpoint for an answer, with a progress bar; returns the results in their order. */
export async function reachEndpoints(
  { io, signal }: CliContext,
  endpoints: readonly EndpointDescription[],
  { calls, timeoutMs }: ReachOptions,
): Promise<readonly Reach[]> {
  await using http = new HttpClient(calls.tls === undefined ? {} : { tls: calls.tls });
  using progress = new Progress(io.stderr, "Asking endpoints");
  const { headers } = calls;
  const allowHosts = calls.allowHosts === undefined
    ? undefined
    : new HostRules(calls.allowHosts, "--allow-host");
  const results: Reach[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    for (let index = next++; index < endpoints.length; index = next++) {
      const endpoint = endpoints[index];
      if (endpoint === undefined) return;
      results[index] = await reach(endpoint, { http, headers, allowHosts, timeoutMs, signal });
      progress.show(++done, endpoints.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, endpoints.length) }, work));
  return results;
}

async function reach(
  endpoint: EndpointDescription,
  options: Parameters<typeof probeEndpoint>[1],
): Promise<Reach> {
  const startedMs = SYSTEM_CLOCK.now();
  try {
    await probeEndpoint(endpoint, options);
    return { isReached: true, latencyMs: SYSTEM_CLOCK.now() - startedMs };
  } catch (error) {
    options.signal?.throwIfAborted();
    return { isReached: false, error: toMessage(error) };
  }
}

/** Formats a latency, such as `1.3 ms`. */
export function formatLatency(latencyMs: number): string {
  return latencyMs < 100 ? `${latencyMs.toFixed(1)} ms` : `${Math.round(latencyMs)} ms`;
}

/** Returns the members that a result adds to the facts of an endpoint. */
export function toReachFacts(reach: Reach): Readonly<Record<string, unknown>> {
  return reach.isReached
    ? { reachable: true, latencyMs: Math.round(reach.latencyMs * 10) / 10 }
    : { reachable: false, error: reach.error };
}
