/**
 * Runs every check, and stops at the first that fails. The tests come last, so that their
 * count is the last line; with `--runtimes`, it includes the tests on Node and Bun.
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

/** Runs a check; returns its exit code, and its output, which tests also show as it comes. */
async function runCheck({ args, counts = false }: Check): Promise<{ code: number; text: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: counts ? "inherit" : "piped",
  }).spawn();
  let text = "";
  const read = async (stream: ReadableStream<Uint8Array>) => {
    for await (const chunk of stream) {
      if (counts) await Deno.stdout.write(chunk);
      text += new TextDecoder().decode(chunk);
    }
  };
  await Promise.all([read(child.stdout), ...counts ? [] : [read(child.stderr)]]);
  return { code: (await child.status).code, text };
}

/** Reports the first failed check, then the counts of its tests, and ends the process. */
function fail({ name, args }: Check, code: number, counts?: string): never {
  console.error(`== ${name} failed: deno ${args.join(" ")}`);
  if (counts !== undefined) console.log(counts);
  Deno.exit(code);
}

/** Runs the checks that count no tests, two at a time. */
async function runOthers(): Promise<void> {
  const waiting = CHECKS.filter(({ counts }) => !counts);
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const { code, text } = await runCheck(check);
      console.error(`== ${check.name}\n${text}`.trimEnd());
      if (code !== 0) fail(check, code);
    }
  };
  await Promise.all([work(), work()]);
}

/** Runs the tests; returns their counts as the last line has them. */
async function runTests(): Promise<string> {
  let [passed, failed] = [0, 0];
  for (const check of CHECKS.filter(({ counts }) => counts)) {
    console.error(`== ${check.name}`);
    const { code, text } = await runCheck(check);
    const [, passedHere, failedHere] = /(\d+) passed, (\d+) failed\s*$/.exec(text) ?? [];
    passed += Number(passedHere ?? 0);
    failed += Number(failedHere ?? 0);
    if (code !== 0) fail(check, code, `${passed} passed, ${failed} failed`);
  }
  return `${passed} passed, ${failed} failed`;
}

await runOthers();
console.log(await runTests());
