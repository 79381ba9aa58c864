import { Arguments, findCommandIndex, parseArguments } from "./arguments.ts";
import { type CliOption, COMMON_OPTIONS } from "./cli_option.ts";
import type { CliCommand, CliContext } from "./cli_command.ts";
import { listOptions } from "./help.ts";
import type { ProgramIo } from "./output/mod.ts";

/** Answer that asks the shell to complete the name of a file. */
const FILES = ":file";
/** Longest wait for etcd: the user is waiting at the keyboard. */
const TIMEOUT = "2s";

/**
 * Words that need no quoting on a command line. Names come from other processes: the shell would
 * run a `$(command)` in one.
 */
const SAFE_WORD = /^[\p{L}\p{N}_.:/@+=,%-]+$/u;

/** Returns the completions of the last word; the words are those after the program. */
export async function completeWords(
  words: readonly string[],
  context: CliContext,
  commands: readonly CliCommand[],
): Promise<readonly string[]> {
  const before = words.slice(0, -1);
  const word = words.at(-1) ?? "";
  const candidates = await findCandidates(before, word, { context, commands });
  return candidates.filter((one) => one === FILES || (one.startsWith(word) && SAFE_WORD.test(one)));
}

interface Program {
  readonly context: CliContext;
  readonly commands: readonly CliCommand[];
}

async function findCandidates(
  before: readonly string[],
  word: string,
  { context, commands }: Program,
): Promise<readonly string[]> {
  const visible = commands.filter(({ isHidden }) => !isHidden);
  const index = findCommandIndex(before, [...COMMON_OPTIONS, ...visible.flatMap(listOptions)]);
  const command = visible.find(({ name }) => name === before[index]);
  const options = command === undefined
    ? [...COMMON_OPTIONS, { name: "version", summary: "" }]
    : listOptions(command);
  const value = completeValue(before, word, options);
  if (value !== undefined) return value;
  if (word.startsWith("-")) return options.map(({ name }) => `--${name}`);
  if (command === undefined) return index < 0 ? visible.map(({ name }) => name) : [];
  const args = parseLeniently(before.toSpliced(index, 1), options);
  const io = limitTime(context.io);
  const request = { words: args.words, context: { ...context, args, io } };
  return await command.complete?.(request) ?? [];
}

/** Returns the values of the option that the word belongs to; `undefined` if it has none. */
function completeValue(
  before: readonly string[],
  word: string,
  options: readonly CliOption[],
): readonly string[] | undefined {
  const [, inline] = /^--([^=]+)=/.exec(word) ?? [];
  const [, separate] = /^--([^=]+)$/.exec(before.at(-1) ?? "") ?? [];
  const name = inline ?? separate;
  const option = options.find((one) => one.name === name && one.value !== undefined);
  if (option === undefined) return undefined;
  if (option.complete === "file") return [FILES];
  return (option.complete ?? []).map((one) => inline === undefined ? one : `--${name}=${one}`);
}

function parseLeniently(args: readonly string[], options: readonly CliOption[]): Arguments {
  try {
    return parseArguments(args, options);
  } catch {
    return new Arguments(options, []); // the line is not finished
  }
}

function limitTime(io: ProgramIo): ProgramIo {
  const { stdout, stderr, signal } = io;
  return {
    stdout,
    stderr,
    signal,
    getEnv: (name) => io.getEnv(name) ?? (name === "ETCDCTL_COMMAND_TIMEOUT" ? TIMEOUT : undefined),
    readFile: (path) => io.readFile(path),
  };
}
