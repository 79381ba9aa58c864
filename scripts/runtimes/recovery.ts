import { startEtcd } from "../etcd_process.ts";
import type { LineProcess } from "../line_process.ts";
import type { Runtime } from "../npm/tools.ts";
import { PROGRAM_FOLDER } from "./installation.ts";
import { copyPrograms, startProgram } from "./program_process.ts";
import type { Step } from "./step.ts";

/** Steps in which each runtime exports to another one, while etcd and the exporter are killed. */
export async function createRecoverySteps(
  runtimes: readonly Runtime[],
  etcd: string,
): Promise<Step[]> {
  await copyPrograms(PROGRAM_FOLDER);
  return runtimes.map((exporter, index) => {
    const consumer = runtimes[(index + 1) % runtimes.length] ?? exporter;
    return {
      name: `recovery: ${exporter.name} exports, ${consumer.name} calls`,
      run: async () => ({ passed: await testRecovery({ etcd, exporter, consumer }), failed: 0 }),
    };
  });
}

/**
 * Kills etcd, with its data and without, then the exporter, and expects that calls go on, that
 * the endpoint is found by a process that starts later, and that all programs end in order.
 *
 * @returns the number of faults that were recovered from
 */
async function testRecovery(
  { etcd: binary, exporter, consumer }: { etcd: string; exporter: Runtime; consumer: Runtime },
): Promise<number> {
  await using etcd = await startEtcd(binary);
  await using first = startProgram("exporter.ts", exporter, [etcd.endpoint, "one"]);
  await first.line("exported");
  await using caller = startProgram("consumer.ts", consumer, [etcd.endpoint, "you"]);
  await expectCalls(caller, "one");
  for (const isWiped of [false, true]) {
    await etcd.kill();
    await expectCalls(caller, "one");
    if (isWiped) await etcd.wipe();
    await etcd.start();
    await using late = startProgram("consumer.ts", consumer, [etcd.endpoint, "late", "once"]);
    await late.line("Hello late, this is one");
    expectEqual("exit code of the late consumer", await late.exit(), 0);
    await expectCalls(caller, "one");
  }
  const errors = caller.lines.filter((line) => !line.startsWith("Hello you"));
  expectEqual("failed calls while etcd was away", errors.join("\n"), "");

  await using second = startProgram("exporter.ts", exporter, [etcd.endpoint, "two"]);
  await second.line("exported");
  first.kill("SIGKILL");
  await first.exit();
  await expectCalls(caller, "two");
  second.kill("SIGTERM");
  expectEqual("exit code of the exporter", await second.exit(), 0);
  await second.line("closed");
  caller.kill("SIGINT");
  expectEqual("exit code of the consumer", await caller.exit(), 0);
  return 3;
}

/** Waits for two more calls that were answered by an exporter. */
async function expectCalls(caller: LineProcess, exporter: string): Promise<void> {
  for (let call = 0; call < 2; call++) {
    const known = caller.lines.length;
    await caller.line(`Hello you, this is ${exporter}`, undefined, known);
  }
}

function expectEqual(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`${what} is ${found} instead of ${expected}`);
}
