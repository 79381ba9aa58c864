/**
 * Measures how calls are spread: two fast exporters, one that takes 200 ms and one that
 * throws, called by 16 callers without a policy; beside the same callers with the two fast
 * ones alone. Bars: at most 2 % failures and a p90 of at most 20 ms from one second on.
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

async function measure(exporters: readonly string[][]): Promise<CallResult> {
  await using etcd = await startEtcd(await findEtcd());
  const processes: LineProcess[] = exporters.map((args) =>
    startCallRole("exporter", "--etcd", etcd.endpoint, ...args)
  );
  try {
    await Promise.all(processes.map((process) => process.line("ready")));
    await using consumer = startCallRole(
      "consumer",
      "--etcd",
      etcd.endpoint,
      "--seconds",
      String(SECONDS),
    );
    return await readResult(consumer, (SECONDS + 20) * 1000);
  } finally {
    for (const process of processes) await process[Symbol.asyncDispose]();
  }
}

const floor = await measure(FAST);
const mixed = await measure(MIXED);
const share = 100 * mixed.failed / (mixed.ok + mixed.failed);
for (const [name, result] of [["fast only", floor], ["mixed", mixed]] as const) {
  console.log(
    `${name}: ${Math.round(result.ok / SECONDS)} calls/s, ${result.failed} failed, ` +
      `p50 ${result.p50.toFixed(2)} ms, p90 ${result.p90.toFixed(2)} ms, p99 ${
        result.p99.toFixed(2)
      } ms`,
  );
}
console.log(
  `mixed: ${share.toFixed(2)} % failed (bar 2 %), p90 ${mixed.p90.toFixed(2)} ms (bar 20 ms), ` +
    `${(mixed.ok / floor.ok).toFixed(2)} of the rate of the fast ones alone`,
);
if (share > 2 || mixed.p90 > 20) Deno.exitCode = 1;
