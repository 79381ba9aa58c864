/**
 * Measures what `import "mod.ts"` costs beside an empty program, in alternating runs:
 * `deno task bench:import [--pairs 15] [--against FOLDER]`. With a folder it measures the
 * `mod.ts` of another checkout too.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Prints the most memory that the process has used so far, in KiB; Linux only. */
const PRINT_PEAK =
  `console.log(/VmHWM:\\s+(\\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))[1]);`;

/** A program to measure. */
interface Program {
  readonly name: string;
  readonly file: string;
  readonly config: string;
  readonly times: number[];
  readonly peaks: number[];
}

async function writeProgram(folder: string, name: string, checkout?: string): Promise<Program> {
  const file = `${folder}/${name.replace(/\W/g, "_")}.ts`;
  const line = checkout === undefined ? "" : `import "file://${checkout}/mod.ts";\n`;
  await Deno.writeTextFile(file, line + PRINT_PEAK);
  return { name, file, config: `${checkout ?? ROOT}/deno.json`, times: [], peaks: [] };
}

async function run({ file, config, times, peaks }: Program): Promise<void> {
  const startedMs = performance.now();
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", "--config", config, file],
  }).output();
  times.push(performance.now() - startedMs);
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  peaks.push(Number(new TextDecoder().decode(stdout)) / 1024);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

const { values } = parseArgs({
  options: { pairs: { type: "string", default: "15" }, against: { type: "string" } },
});
const folder = await Deno.makeTempDir({ prefix: "etcd3-import-" });
try {
  const programs = [
    await writeProgram(folder, "empty program"),
    await writeProgram(folder, "mod.ts", ROOT),
  ];
  if (values.against !== undefined) {
    programs.push(await writeProgram(folder, `mod.ts of ${values.against}`, values.against));
  }
  for (const program of programs) await run(program); // fills the caches
  for (const { times, peaks } of programs) times.length = peaks.length = 0;
  for (let pair = 0; pair < Number(values.pairs); pair++) {
    for (const program of programs) await run(program);
  }
  for (const { name, times, peaks } of programs) {
    console.log(
      `${name.padEnd(32)} ${median(times).toFixed(0).padStart(5)} ms ${
        median(peaks).toFixed(0).padStart(5)
      } MB (medians of ${times.length} runs)`,
    );
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
