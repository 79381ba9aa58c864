/**
 * Measures how calls are spread: two fast exporters, one that takes 200 ms and one that
 * throws, called by 16 callers without a policy; beside the same callers with the two fast
 * ones alone, and beside bare XML-RPC clients of these. Bars: at most 2 % failures and a p90 of at most 20 ms from one second on.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { type CallResult, readResult, startCallRole } from "./calls/role_process.ts";
import { findEtcd } from "./etcd.ts";
import { startEtcd } from "./etcd_process.ts";
import type { LineProcess } from "./line_process.ts";

const SECONDS = 8;
const FAST: readonly string[][] = [[], []];
const MIXED: readonly string[][] = [...FAST, ["--delay", "200"], ["--behaviour", "throw"]];

/** Starts exporters, and a consumer that calls them for some seconds. */
async function measure(
  exporters: readonly string[][],
  consumerRole: "consumer" | "bare" = "consumer",
): Promise<CallResult> {
  await using etcd = await startEtcd(await findEtcd());
  const processes: LineProcess[] = exporters.map((args) =>
    startCallRole("exporter", "--etcd", etcd.endpoint, ...args)
  );
  try {
    const lines = await Promise.all(processes.map((process) => process.line("ready ")));
    const targets = lines.flatMap((line) => ["--target", line.slice("ready ".length)]);
    const args = consumerRole === "bare" ? targets : ["--etcd", etcd.endpoint];
    await using consumer = startCallRole(consumerRole, ...args, "--seconds", String(SECONDS));
    return await readResult(consumer, (SECONDS + 20) * 1000);
  } finally {
    for (const process of processes) await process[Symbol.asyncDispose]();
  }
}

const bare = await measure(FAST, "bare");
const fast = await measure(FAST);
const mixed = await measure(MIXED);
const share = 100 * mixed.failed / (mixed.ok + mixed.failed);
const results = [["bare clients", bare], ["fast only", fast], ["mixed", mixed]] as const;
for (const [name, { ok, failed, p50, p90, p99 }] of results) {
  const [median, high, highest] = [p50, p90, p99].map((latency) => latency.toFixed(2));
  console.log(
    `${name}: ${Math.round(ok / SECONDS)} calls/s, ${failed} failed, ` +
      `p50 ${median} ms, p90 ${high} ms, p99 ${highest} ms`,
  );
}
console.log(
  `mixed: ${share.toFixed(2)} % failed (bar 2 %), p90 ${mixed.p90.toFixed(2)} ms (bar 20 ms), ` +
    `${(mixed.ok / bare.ok).toFixed(2)} of the rate of bare clients of the fast ones`,
);
if (share > 2 || mixed.p90 > 20) Deno.exitCode = 1;
