/**
 * Measures the npm package on Node 22, Node 24 and Bun, and the source on Deno: its size, the
 * time to import it beside an empty program, to the first result of a call, and calls per second
 * between two processes. Each figure is the best of some runs. `deno task bench:runtimes [--runs 7] [--seconds 1]`
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { parseArgs } from "node:util";
import { findEtcd } from "./etcd.ts";
import { startEtcd } from "./etcd_process.ts";
import { buildPackage } from "./npm/build.ts";
import { PROJECT } from "./npm/project.ts";
import { DENO, OTHER_RUNTIMES, type Runtime } from "./npm/tools.ts";
import { installPackage, PROGRAM_FOLDER } from "./runtimes/installation.ts";
import { copyPrograms, runProgram, startProgram } from "./runtimes/program_process.ts";

/** Figures of one runtime; times in milliseconds. */
interface Figures {
  readonly emptyMs: number;
  readonly importMs: number;
  readonly firstCallMs: number;
  readonly callsOfOne: number;
  readonly callsOfMany: number;
}

/** Callers at the same time, for the calls per second of many. */
const MANY = 32;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "7" },
    seconds: { type: "string", default: "1" },
  },
});

/** Repeats a measurement; the best is the one that other processes disturbed least. */
async function repeat(measureOnce: () => Promise<number>): Promise<number[]> {
  const results: number[] = [];
  for (let run = 0; run < Number(values.runs); run++) results.push(await measureOnce());
  return results;
}

/** Returns the shortest duration of some runs. */
async function measureMs(run: () => Promise<unknown>): Promise<number> {
  return Math.min(
    ...await repeat(async () => {
      const startedMs = performance.now();
      await run();
      return performance.now() - startedMs;
    }),
  );
}

async function measure(runtime: Runtime, etcd: string): Promise<Figures> {
  await using exporter = startProgram("exporter.ts", runtime, [etcd, "one"]);
  await exporter.line("exported");
  const load = async (callers: number) => {
    const args = [etcd, values.seconds, String(callers)];
    return Math.max(
      ...await repeat(async () => Number(await runProgram("load.ts", runtime, args))),
    );
  };
  const figures = {
    emptyMs: await measureMs(() => runProgram("empty.js", runtime, [])),
    importMs: await measureMs(() => runProgram("import.js", runtime, [])),
    firstCallMs: await measureMs(() => runProgram("first_call.ts", runtime, [etcd])),
    callsOfOne: await load(1),
    callsOfMany: await load(MANY),
  };
  exporter.kill("SIGTERM");
  await exporter.exit();
  return figures;
}

const packed = await buildPackage();
await installPackage(packed);
await copyPrograms(PROGRAM_FOLDER, {
  "empty.js": "",
  "import.js": `import ${JSON.stringify(PROJECT.name)};\n`,
});
console.log(
  `package: ${Math.round(packed.packedBytes / 1000)} kB packed, ${
    Math.round(packed.unpackedBytes / 1000)
  } kB in ${packed.files.length} files`,
);
console.log(
  `| runtime | empty program | with import | to the first result | calls/s of 1 | calls/s of ${MANY} |`,
);
await using etcd = await startEtcd(await findEtcd());
for (const runtime of [DENO, ...OTHER_RUNTIMES]) {
  const { emptyMs, importMs, firstCallMs, callsOfOne, callsOfMany } = await measure(
    runtime,
    etcd.endpoint,
  );
  const times = [emptyMs, importMs, firstCallMs].map((ms) => `${ms.toFixed(0)} ms`);
  console.log(`| ${[runtime.name, ...times, callsOfOne, callsOfMany].join(" | ")} |`);
}
