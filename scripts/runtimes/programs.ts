import { PROJECT } from "../npm/project.ts";
import { type Runtime, runTool } from "../npm/tools.ts";
import { testCommandLine } from "./command_line.ts";
import { MODULES_OF_ALL, PROGRAM_FOLDER } from "./installation.ts";
import type { Step } from "./step.ts";

/** Steps that import each module of the installed package and run its program. */
export function createProgramSteps(runtimes: readonly Runtime[], etcd: string): Step[] {
  return runtimes.map((runtime) => ({
    name: `modules and command line on ${runtime.name}`,
    run: async () => {
      await importModules(runtime);
      const uses = await testCommandLine(runtime, etcd);
      if (runtime.program === "bun") await compileProgram(runtime);
      return { passed: 2 * MODULES_OF_ALL.length + uses, failed: 0 };
    },
  }));
}

/** Imports every module as ES module, and requires it as CommonJS does. */
async function importModules({ id, path }: Runtime): Promise<void> {
  const file = `${PROGRAM_FOLDER}/modules-${id}`;
  for (const [extension, load] of [["mjs", "await import"], ["cjs", "require"]]) {
    const program = `${file}.${extension}`;
    const names = JSON.stringify(MODULES_OF_ALL);
    await Deno.writeTextFile(
      program,
      `for (const name of ${names}) if (Object.keys(${load}(name)).length > 0) console.log(name);`,
    );
    const loaded = await runTool(path, [program], PROGRAM_FOLDER);
    expectEqual(`modules by ${load}`, loaded.trim(), MODULES_OF_ALL.join("\n"));
  }
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
