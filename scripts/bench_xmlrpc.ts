/**
 * Measures XML-RPC beside peers in the same run. Prints a table, then a line of JSON.
 *
 * `deno task bench:xmlrpc [codec] [growth] [load]` runs the named parts, by default all.
 * `load` needs `wrk`; with `--write-docs` it writes `docs/performance.md` and its plot.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { benchCodec } from "./xmlrpc/codec_bench.ts";
import { benchGrowth, type Growth } from "./xmlrpc/growth_bench.ts";
import { benchLoad } from "./xmlrpc/load_bench.ts";
import { formatTable, type Result } from "./xmlrpc/results.ts";
import { drawPlot } from "./performance/plot.ts";
import { formatSummary, type RatioSummary } from "./performance/ratio.ts";
import { formatReport } from "./performance/report.ts";

const results: (Result | Growth | RatioSummary)[] = [];

async function show(part: AsyncGenerator<Result>): Promise<void> {
  for await (const result of part) {
    console.log(`${formatTable(result)}\n`);
    results.push(result);
  }
}

function showGrowth(): Promise<void> {
  for (const growth of benchGrowth()) {
    const ends = [growth.points[0], growth.points.at(-1)];
    const range = ends.map((point) => `${point?.amount.toPrecision(3)} at ${point?.bytes} bytes`);
    console.log(`${growth.what}: grows with the power ${growth.exponent.toFixed(3)}`);
    console.log(`  ${range.join(", ")}\n`);
    results.push(growth);
  }
  return Promise.resolve();
}

async function showLoad(): Promise<void> {
  const summaries: RatioSummary[] = [];
  const [load = 0] = Deno.loadavg();
  for await (const summary of benchLoad()) {
    console.log(`${formatSummary(summary)}\n`);
    summaries.push(summary);
  }
  results.push(...summaries);
  if (!Deno.args.includes("--write-docs")) return;
  const date = new Date().toISOString().slice(0, 10);
  const { os, arch } = Deno.build;
  const machine =
    `${navigator.hardwareConcurrency} cores, ${os} ${arch}, Deno ${Deno.version.deno}, ` +
    `load average ${load.toFixed(1)} before the run`;
  const path = (name: string) => new URL(`../docs/${name}`, import.meta.url);
  await Deno.writeTextFile(path("performance.md"), formatReport(summaries, { date, machine }));
  await Deno.writeTextFile(path("performance.svg"), drawPlot(summaries, date));
}

const PARTS = new Map([
  ["codec", () => show(benchCodec())],
  ["growth", showGrowth],
  ["load", showLoad],
]);

try {
  const names = Deno.args.filter((name) => name !== "--write-docs");
  for (const name of names.length > 0 ? names : PARTS.keys()) {
    const part = PARTS.get(name);
    if (part === undefined) {
      throw new Error(`Cannot run the part ${name}: give ${[...PARTS.keys()].join(", ")}`);
    }
    await part();
  }
  console.log(JSON.stringify(results));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}
