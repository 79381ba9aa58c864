/**
 * Attacks the HTTP server and client as hostile peers would, and prints a table:
 * `deno task adversary [part of a name]`. Needs `chromium` for one of them. Ends with code 1 if a claim does not hold.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { ATTACKS } from "./adversary/attacks.ts";
import { OUTSIDE_ATTACKS } from "./adversary/outside_attacks.ts";

const [part = ""] = Deno.args;
const all = [...ATTACKS, ...OUTSIDE_ATTACKS].filter(({ name }) => name.includes(part));
if (all.length === 0) {
  console.error(`No attack has ${JSON.stringify(part)} in its name`);
  Deno.exit(2);
}
let failed = 0;
console.log("| attack | must hold | measured | |");
console.log("| --- | --- | --- | --- |");
for (const { name, bar, run } of all) {
  const { measured, passed } = await run().catch((error) => ({
    measured: error instanceof Error ? error.message : String(error),
    passed: false,
  }));
  if (!passed) failed++;
  console.log(`| ${name} | ${bar} | ${measured} | ${passed ? "ok" : "FAILED"} |`);
}
if (failed > 0) Deno.exit(1);
