import { toMessage, VERSION } from "../util/mod.ts";
import { findCommandIndex, parseArguments } from "./arguments.ts";
import { addBuiltinCommands, writeHelp } from "./builtin_commands.ts";
import { COMMON_OPTIONS } from "./cli_option.ts";
import type { CliCommand, CliContext } from "./cli_command.ts";
import { checkWords, findCommand } from "./command_table.ts";
import { EXIT_CODES, UsageError } from "./errors.ts";
import { findCure } from "./connection/mod.ts";
import { listOptions, PROGRAM } from "./help.ts";
import { Output, type ProgramIo } from "./output/mod.ts";

const GLOBAL_OPTIONS = [...COMMON_OPTIONS, { name: "version", summary: "version of the program" }];

/** Runs a command line and returns the exit code. Every failure is reported, none is thrown. */
export async function runProgram(
  args: readonly string[],
  io: ProgramIo,
  commands: readonly CliCommand[],
): Promise<number> {
  const output = new Output(io, findOutputOptions(args));
  try {
    return await run(args, io, { commands: addBuiltinCommands(commands), output });
  } catch (error) {
    if (io.signal.aborted) return EXIT_CODES.interrupted;
    await output.writeError(toMessage(error), findCure(error));
    await output.writeCauses(error);
    return error instanceof UsageError ? EXIT_CODES.wrongUse : EXIT_CODES.failure;
  }
}

async function run(
  args: readonly string[],
  io: ProgramIo,
  { commands, output }: { readonly commands: readonly CliCommand[]; readonly output: Output },
): Promise<number> {
  const index = findCommandIndex(args, [...GLOBAL_OPTIONS, ...commands.flatMap(listOptions)]);
  const name = args[index];
  if (name === undefined) return await runWithoutCommand(args, commands, output);
  const command = findCommand(name, commands);
  const options = listOptions(command);
  const parsed = parseArguments(args.toSpliced(index, 1), options);
  if (parsed.has("help")) {
    await writeHelp(output, commands, command);
    return EXIT_CODES.success;
  }
  checkWords(command, parsed.words);
  const context: CliContext = { args: parsed, output, io, signal: io.signal };
  return await command.run(context) === false ? EXIT_CODES.failure : EXIT_CODES.success;
}

async function runWithoutCommand(
  args: readonly string[],
  commands: readonly CliCommand[],
  output: Output,
): Promise<number> {
  const parsed = parseArguments(args, GLOBAL_OPTIONS);
  if (parsed.has("version")) {
    if (output.isJson) await output.writeJson({ name: PROGRAM, version: VERSION });
    else await output.writeLine(`${PROGRAM} ${VERSION}`);
    return EXIT_CODES.success;
  }
  if (parsed.has("help")) {
    await writeHelp(output, commands, undefined);
    return EXIT_CODES.success;
  }
  throw new UsageError(`Cannot run: the command is missing; see ${PROGRAM} --help`);
}

/** Returns the settings of the output, also if the rest of the command line is invalid. */
function findOutputOptions(args: readonly string[]) {
  const end = args.indexOf("--");
  const given = new Set(end < 0 ? args : args.slice(0, end));
  return {
    isJson: given.has("--json"),
    isVerbose: given.has("--verbose") || given.has("-v"),
  };
}
