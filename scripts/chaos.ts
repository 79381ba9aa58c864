/**
 * Runs five nodes under random faults and fails unless all is right in the end.
 *
 *   deno task chaos [--seed N] [--minutes M]
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { parseArgs } from "node:util";
import { runChaos } from "../tests/support/chaos.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    minutes: { type: "string", default: "1" },
    verbose: { type: "boolean", default: false },
  },
});
const [seed, minutes] = [Number(values.seed), Number(values.minutes)];
if (!Number.isInteger(seed) || !(minutes > 0)) {
  console.error("Give --seed a whole number and --minutes a positive one");
  Deno.exit(1);
}
console.log(`seed ${seed}, ${minutes} min`);
try {
  const report = await runChaos({
    seed,
    seconds: minutes * 60,
    log: (line) => values.verbose && console.log(`  ${line}`),
  });
  console.log(
    `right in the end: ${report.operations} operations, ${report.faults} faults, ` +
      `${report.endpoints} endpoints, all synced ${
        (report.recoveryMs / 1000).toFixed(1)
      } s after the last fault`,
  );
} catch (error) {
  console.error(`wrong with --seed ${seed}: ${error instanceof Error ? error.stack : error}`);
  Deno.exit(1);
}
