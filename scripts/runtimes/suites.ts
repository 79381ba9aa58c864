import type { Runtime } from "../npm/tools.ts";
import type { EtcdControl } from "./etcd_control.ts";
import type { Counts, Step } from "./step.ts";
import type { TestBundle } from "./test_bundle.ts";

/** Steps that run the bundled tests on each runtime. */
export function createSuiteSteps(
  runtimes: readonly Runtime[],
  bundle: TestBundle,
  context: { readonly control: EtcdControl; readonly report: (line: string) => void },
): Step[] {
  return runtimes.map((runtime) => ({
    name: `suites on ${runtime.name}, ${bundle.files.length} files`,
    run: async () => await runSuites(runtime, bundle, context),
  }));
}

async function runSuites(
  { name, path }: Runtime,
  { runner, files }: TestBundle,
  { control, report }: { control: EtcdControl; report: (line: string) => void },
): Promise<Counts> {
  const { code, stdout, stderr } = await new Deno.Command(path, {
    args: [runner, ...files],
    env: { ETCD_CONTROL: control.url, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const output = new TextDecoder().decode(stdout);
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(output) ?? [];
  if (code !== 0) report(selectFailures(output) + new TextDecoder().decode(stderr));
  if (passed === undefined || (code !== 0 && failed === "0")) {
    throw new Error(`${name} ended with code ${code}`);
  }
  return { passed: Number(passed), failed: Number(failed) };
}

/** Returns the output without the tests that passed. */
function selectFailures(output: string): string {
  return output.split("\n").filter((line) => !line.startsWith("ok ")).join("\n");
}
