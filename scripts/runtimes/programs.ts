import { startEtcd } from "../etcd_process.ts";
import { LineProcess } from "../line_process.ts";
import { PROJECT } from "../npm/project.ts";
import { type Runtime, runTool } from "../npm/tools.ts";
import { MODULE_NAMES, PROGRAM_FOLDER } from "./installation.ts";
import type { Step } from "./step.ts";

/** Steps that import each module of the installed package and run its program. */
export function createProgramSteps(runtimes: readonly Runtime[], etcd: string): Step[] {
  return runtimes.map((runtime) => ({
    name: `modules and command line on ${runtime.name}`,
    run: async () => {
      await importModules(runtime);
      await listEndpoints(runtime, etcd);
      if (runtime.program === "bun") await compileProgram(runtime);
      return { passed: MODULE_NAMES.length + 2, failed: 0 };
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

/** Runs the program of the package, which is to list the endpoint of an exporter. */
async function listEndpoints({ name, path }: Runtime, binary: string): Promise<void> {
  await using etcd = await startEtcd(binary);
  const args = ["exporter.ts", etcd.endpoint, "one"];
  await using exporter = new LineProcess(`exporter on ${name}`, path, args, {
    cwd: PROGRAM_FOLDER,
  });
  await exporter.line("exported");
  const program = "node_modules/.bin/remote-services";
  const options = ["endpoints", "--etcd", etcd.endpoint, "--json"];
  const listed = await runTool(path, [program, ...options], PROGRAM_FOLDER);
  if (!listed.includes("com.example.Greeter")) {
    throw new Error(`remote-services endpoints on ${name} printed ${listed}`);
  }
  exporter.kill("SIGTERM");
  expectEqual("exit code of the exporter", await exporter.exit(), 0);
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
