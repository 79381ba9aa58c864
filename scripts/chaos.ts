/**
 * Runs five nodes under random faults. Fails unless every view is correct at the end.
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
  console.error("Cannot run: give --seed a whole number and --minutes a positive number");
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
    `correct at the end: ${report.operations} operations, ${report.faults} faults, ` +
      `${report.endpoints} endpoints, all synced ${
        (report.recoveryMs / 1000).toFixed(1)
      } s after the last fault`,
  );
} catch (error) {
  console.error(`failed with --seed ${seed}: ${error instanceof Error ? error.stack : error}`);
  Deno.exit(1);
}
