/**
 * Builds the npm package and tests it on Node 22, Node 24 and Bun, which are installed into the
 * cache: `deno task test:runtimes`. The last line is `N passed, N failed`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { findEtcd } from "./etcd.ts";
import { buildPackage } from "./npm/build.ts";
import { EtcdControl } from "./runtimes/etcd_control.ts";
import { installPackage } from "./runtimes/installation.ts";
import { createNewcomerSteps } from "./runtimes/newcomer.ts";
import { createProgramSteps } from "./runtimes/programs.ts";
import { createRecoverySteps } from "./runtimes/recovery.ts";
import { runSteps } from "./runtimes/step.ts";
import { createSuiteSteps } from "./runtimes/suites.ts";
import { bundleTests } from "./runtimes/test_bundle.ts";
import { createTypeSteps } from "./runtimes/type_checks.ts";

const report = (line: string) => console.log(line);

async function testAll(): Promise<number> {
  const etcd = await findEtcd();
  const packed = await buildPackage();
  report(`built ${packed.path}, ${Math.round(packed.packedBytes / 1000)} kB`);
  await installPackage(packed);
  await using control = new EtcdControl(etcd);
  const steps = [
    ...createSuiteSteps(await bundleTests(), control, report),
    ...await createNewcomerSteps(etcd, packed),
    ...await createRecoverySteps(etcd),
    ...createProgramSteps(etcd),
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
