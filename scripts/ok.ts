/**
 * Runs every check in turn and stops at the first that fails. The tests come last, so that
 * their count is the last line.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import config from "../deno.json" with { type: "json" };

const CHECKS: [name: string, ...args: string[]][] = [
  ["layers", "run", "--allow-read", "scripts/check_layers.ts"],
  ["format", "fmt", "--check"],
  ["lint", "lint"],
  ["types", "check", "--quiet", "mod.ts", "src", "examples", "scripts", "tests"],
  ["documentation", "doc", "--lint", ...Object.values(config.exports)],
  ["generated code", "run", "-A", "scripts/generate.ts", "--check"],
  ["publish", "publish", "--dry-run", "--allow-dirty", "--quiet"],
  ["tests", "run", "-A", "scripts/test.ts"],
];

for (const [name, ...args] of CHECKS) {
  console.error(`== ${name}`);
  const { code } = await new Deno.Command(Deno.execPath(), { args, stdin: "null" }).spawn().status;
  if (code !== 0) {
    console.error(`== ${name} failed: deno ${args.join(" ")}`);
    Deno.exit(code);
  }
}
