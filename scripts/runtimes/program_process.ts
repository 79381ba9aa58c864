import { LineProcess } from "../line_process.ts";
import { ROOT } from "../npm/project.ts";
import { type Runtime, runTool } from "../npm/tools.ts";
import { PROGRAM_FOLDER } from "./installation.ts";

const SOURCE = `${ROOT}/tests/runtimes/programs`;

/** Copies the programs to where the package is installed, with others that are given as strings. */
export async function copyPrograms(
  folder: string,
  others: Readonly<Record<string, string>> = {},
): Promise<void> {
  for await (const { name } of Deno.readDir(SOURCE)) {
    await Deno.copyFile(`${SOURCE}/${name}`, `${folder}/${name}`);
  }
  for (const [name, text] of Object.entries(others)) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
}

/** Returns the arguments that run a program: on Deno with the source, elsewhere the package. */
function createArguments(program: string, { id }: Runtime, args: readonly string[]): string[] {
  const file = `${PROGRAM_FOLDER}/${program}`;
  if (id !== "deno") return [file, ...args];
  const config = `--config=${ROOT}/deno.json`;
  return ["run", "-A", "--quiet", "--no-check", "--node-modules-dir=none", config, file, ...args];
}

/** Starts one of the programs. */
export function startProgram(
  program: string,
  runtime: Runtime,
  args: readonly string[],
): LineProcess {
  return new LineProcess(
    `${program} on ${runtime.name}`,
    runtime.path,
    createArguments(program, runtime, args),
    { cwd: PROGRAM_FOLDER },
  );
}

/** Runs one of the programs to its end, and returns what it prints. */
export async function runProgram(
  program: string,
  runtime: Runtime,
  args: readonly string[],
): Promise<string> {
  return await runTool(runtime.path, createArguments(program, runtime, args), PROGRAM_FOLDER);
}
