/**
 * Measures XML-RPC beside peers in the same run. Prints a table, then a line of JSON.
 *
 * `deno task bench:xmlrpc [codec] [growth] [load]` runs the named parts, by default all.
 * `load` needs `wrk`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { benchCodec } from "./xmlrpc/codec_bench.ts";
import { benchGrowth, type Growth } from "./xmlrpc/growth_bench.ts";
import { benchLoad } from "./xmlrpc/load_bench.ts";
import { formatTable, type Result } from "./xmlrpc/results.ts";

const results: (Result | Growth)[] = [];

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

const PARTS = new Map([
  ["codec", () => show(benchCodec())],
  ["growth", showGrowth],
  ["load", () => show(benchLoad())],
]);

try {
  for (const name of Deno.args.length > 0 ? Deno.args : PARTS.keys()) {
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
