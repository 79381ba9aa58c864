/**
 * Runs every check in turn and stops at the first that fails. The tests come last, so that
 * their count is the last line; with `--runtimes`, it includes the tests on Node and Bun.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import config from "../deno.json" with { type: "json" };

/** A check: what it runs, and whether it counts tests in its last line. */
interface Check {
  readonly name: string;
  readonly args: readonly string[];
  readonly counts?: boolean;
}

const RUNTIMES: Check = {
  name: "Node and Bun",
  args: ["run", "-A", "scripts/test_runtimes.ts"],
  counts: true,
};

/** Scripts that run in a browser: their types are those of the DOM. */
const PAGE_SCRIPTS = Array.from(Deno.readDirSync("src/web/page"), ({ name }) => name)
  .filter((name) => name.endsWith(".js"))
  .map((name) => `src/web/page/${name}`);

const CHECKS: readonly Check[] = [
  { name: "layers", args: ["run", "--allow-read", "scripts/check_layers.ts"] },
  { name: "format", args: ["fmt", "--check"] },
  { name: "lint", args: ["lint"] },
  { name: "types", args: ["check", "--quiet", "mod.ts", "src", "examples", "scripts", "tests"] },
  {
    name: "types of the page",
    args: ["check", "--quiet", "--config", "scripts/page/check.json", ...PAGE_SCRIPTS],
  },
  { name: "documentation", args: ["doc", "--lint", "--quiet", ...Object.values(config.exports)] },
  { name: "generated code", args: ["run", "-A", "scripts/generate.ts", "--check"] },
  { name: "publish", args: ["publish", "--dry-run", "--allow-dirty", "--quiet"] },
  ...Deno.args.includes("--runtimes") ? [RUNTIMES] : [],
  { name: "tests", args: ["run", "-A", "scripts/test.ts"], counts: true },
];

/** Runs a check, passes its output on, and returns its exit code and the output if it counts. */
async function runCheck({ args, counts = false }: Check): Promise<{ code: number; text: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdin: "null",
    stdout: counts ? "piped" : "inherit",
    stderr: "inherit",
  }).spawn();
  let text = "";
  if (counts) {
    for await (const chunk of child.stdout) {
      await Deno.stdout.write(chunk);
      text += new TextDecoder().decode(chunk);
    }
  }
  return { code: (await child.status).code, text };
}

let [passed, failed] = [0, 0];
for (const check of CHECKS) {
  console.error(`== ${check.name}`);
  const { code, text } = await runCheck(check);
  const [, passedHere, failedHere] = /(\d+) passed, (\d+) failed\s*$/.exec(text) ?? [];
  passed += Number(passedHere ?? 0);
  failed += Number(failedHere ?? 0);
  if (code !== 0) {
    console.error(`== ${check.name} failed: deno ${check.args.join(" ")}`);
    if (check.counts) console.log(`${passed} passed, ${failed} failed`);
    Deno.exit(code);
  }
}
console.log(`${passed} passed, ${failed} failed`);
