import { PROJECT } from "../npm/project.ts";
import { type Runtime, runTool } from "../npm/tools.ts";
import { testCommandLine } from "./command_line.ts";
import { MODULE_NAMES, PROGRAM_FOLDER } from "./installation.ts";
import type { Step } from "./step.ts";

/** Steps that import each module of the installed package and run its program. */
export function createProgramSteps(runtimes: readonly Runtime[], etcd: string): Step[] {
  return runtimes.map((runtime) => ({
    name: `modules and command line on ${runtime.name}`,
    run: async () => {
      await importModules(runtime);
      const uses = await testCommandLine(runtime, etcd);
      if (runtime.program === "bun") await compileProgram(runtime);
      return { passed: MODULE_NAMES.length + 1 + uses, failed: 0 };
    },
  }));
}

/** Imports every module as ES module, and requires the first as CommonJS does. */
async function importModules({ id, path }: Runtime): Promise<void> {
  const file = `${PROGRAM_FOLDER}/modules-${id}`;
  const names = JSON.stringify(MODULE_NAMES);
  await Deno.writeTextFile(
    `${file}.mjs`,
    `for (const name of ${names}) if (Object.keys(await import(name)).length >= 0) console.log(name);`,
  );
  const imported = await runTool(path, [`${file}.mjs`], PROGRAM_FOLDER);
  expectEqual("imported modules", imported.trim(), MODULE_NAMES.join("\n"));
  await Deno.writeTextFile(
    `${file}.cjs`,
    `console.log(typeof require(${JSON.stringify(MODULE_NAMES[0])}).remoteServices);`,
  );
  const required = await runTool(path, [`${file}.cjs`], PROGRAM_FOLDER);
  expectEqual("required module", required.trim(), "function");
}

/** Compiles the command line to a program without a runtime, and runs it. */
async function compileProgram({ path }: Runtime): Promise<void> {
  const program = `${PROGRAM_FOLDER}/compiled`;
  const source = "node_modules/@remote-services/etcd3/bin/remote-services.js";
  await runTool(path, ["build", "--compile", source, "--outfile", program], PROGRAM_FOLDER);
  const { version } = PROJECT;
  const printed = await runTool(program, ["--version"], PROGRAM_FOLDER);
  expectEqual("compiled program", printed, `remote-services ${version}\n`);
}

function expectEqual(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`The ${what}: ${found} instead of ${expected}`);
}
