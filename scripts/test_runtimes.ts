/**
 * Builds the npm package and tests it on Node 22, Node 24 and Bun, which are installed into the
 * cache: `deno task test:runtimes [--only node22]`. The last line is `N passed, N failed`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { parseArgs } from "node:util";
import { findEtcd } from "./etcd.ts";
import { buildPackage } from "./npm/build.ts";
import { DENO, OTHER_RUNTIMES, type Runtime } from "./npm/tools.ts";
import { createBundlerSteps } from "./runtimes/bundlers.ts";
import { EtcdControl } from "./runtimes/etcd_control.ts";
import { installPackage } from "./runtimes/installation.ts";
import { createMcpSteps } from "./runtimes/mcp_server.ts";
import { createNewcomerSteps } from "./runtimes/newcomer.ts";
import { createProgramSteps } from "./runtimes/programs.ts";
import { createRecoverySteps } from "./runtimes/recovery.ts";
import { runSteps } from "./runtimes/step.ts";
import { createSuiteSteps } from "./runtimes/suites.ts";
import { bundleTests } from "./runtimes/test_bundle.ts";
import { createTypeSteps } from "./runtimes/type_checks.ts";

/** Returns the runtimes that the arguments choose: all others, or one. */
function chooseRuntimes(): readonly Runtime[] {
  const { values: { only } } = parseArgs({ options: { only: { type: "string" } } });
  const chosen = OTHER_RUNTIMES.filter(({ id }) => only === undefined || id === only);
  if (chosen.length > 0) return chosen;
  const names = OTHER_RUNTIMES.map(({ id }) => id).join(", ");
  throw new Error(`Cannot test ${only}: give one of ${names}`);
}

const report = (line: string) => console.log(line);

async function testAll(): Promise<number> {
  const others = chooseRuntimes();
  const runtimes = [DENO, ...others];
  const etcd = await findEtcd();
  const packed = await buildPackage();
  report(`built ${packed.path}, ${Math.round(packed.packedBytes / 1000)} kB`);
  await installPackage(packed);
  await using control = new EtcdControl(etcd);
  const steps = [
    ...createSuiteSteps(others, await bundleTests(), { control, report }),
    ...await createNewcomerSteps(runtimes, etcd, packed),
    ...await createRecoverySteps(runtimes, etcd),
    ...createProgramSteps(others, etcd),
    ...await createMcpSteps(others, etcd),
    ...await createBundlerSteps(others),
    ...createTypeSteps(),
  ];
  const { passed, failed } = await runSteps(steps, { atOnce: 3, report });
  report(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

try {
  Deno.exit(await testAll());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}
