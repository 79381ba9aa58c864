/**
 * Starts the processes of `call_roles.ts`.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { LineProcess } from "../line_process.ts";

/** Counts and latencies of a consumer. */
export interface CallResult {
  readonly ok: number;
  readonly failed: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** Starts a role as a process. */
export function startCallRole(
  role: "exporter" | "consumer" | "bare",
  ...args: string[]
): LineProcess {
  const script = fileURLToPath(new URL("call_roles.ts", import.meta.url));
  return new LineProcess(role, Deno.execPath(), ["run", "-A", "--quiet", script, role, ...args]);
}

/** Waits for the result of a consumer; prints the errors that it saw. */
export async function readResult(consumer: LineProcess, timeoutMs: number): Promise<CallResult> {
  const line = await consumer.line("result ", timeoutMs);
  return JSON.parse(line.slice("result ".length));
}
