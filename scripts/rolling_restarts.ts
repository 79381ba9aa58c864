/**
 * Restarts three exporters in turn, by SIGTERM and by `close()`, while 16 callers call them
 * without a pause. Fails if a single call fails: `--restarts N` (100), `--min-calls N`, `--delay MS`
 * for methods that take time.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { parseArgs } from "node:util";
import { readResult, startCallRole } from "./calls/role_process.ts";
import { findEtcd } from "./etcd.ts";
import { freePort, startEtcd } from "./etcd_process.ts";
import type { LineProcess } from "./line_process.ts";

const { values } = parseArgs({
  options: {
    restarts: { type: "string", default: "100" },
    "min-calls": { type: "string", default: "50000" },
    exporters: { type: "string", default: "3" },
    delay: { type: "string", default: "0" },
  },
});

interface Slot {
  readonly port: string;
  exitBy: "signal" | "close";
  process: LineProcess;
}

function startExporter(etcd: string, port: string, exitBy: Slot["exitBy"]): LineProcess {
  const { delay } = values;
  const args = ["--etcd", etcd, "--port", port, "--exit-by", exitBy, "--delay", delay];
  return startCallRole("exporter", ...args);
}

async function restart(slot: Slot, etcd: string, exitBy: Slot["exitBy"]): Promise<void> {
  slot.process.kill(slot.exitBy === "signal" ? "SIGTERM" : "SIGUSR1");
  const code = await slot.process.exit();
  if (code !== 0) throw new Error(`exporter ended with ${code}: ${slot.process.lines.join("; ")}`);
  slot.exitBy = exitBy;
  slot.process = startExporter(etcd, slot.port, exitBy);
  await slot.process.line("ready");
}

await using etcd = await startEtcd(await findEtcd());
const slots: Slot[] = Array.from({ length: Number(values.exporters) }, () => {
  const port = String(freePort());
  return { port, exitBy: "signal", process: startExporter(etcd.endpoint, port, "signal") };
});
let consumer: LineProcess | undefined;
try {
  await Promise.all(slots.map(({ process }) => process.line("ready")));
  consumer = startCallRole("consumer", "--etcd", etcd.endpoint);
  await consumer.line("calling");
  const restarts = Number(values.restarts);
  for (let count = 0; count < restarts; count++) {
    const slot = slots[count % slots.length];
    if (slot === undefined) throw new RangeError("Cannot restart: give --exporters 1 or more");
    await restart(slot, etcd.endpoint, count % 2 === 0 ? "close" : "signal");
  }
  consumer.kill("SIGTERM");
  const { ok, failed, p50, p99 } = await readResult(consumer, 20_000);
  for (const line of consumer.lines.filter((line) => line.startsWith("error"))) console.log(line);
  console.log(
    `${restarts} restarts of ${slots.length} exporters: ${ok + failed} calls, ${failed} failed, ` +
      `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`,
  );
  if (failed > 0 || ok < Number(values["min-calls"])) Deno.exitCode = 1;
} finally {
  await consumer?.[Symbol.asyncDispose]();
  for (const { process } of slots) await process[Symbol.asyncDispose]();
}
