import type { RemoteServices } from "../host/mod.ts";

/** Where a command writes to. */
export interface ShellIo {
  /** Writes text as it is, line ends included. */
  write(text: string): void;
  /** Aborted when what runs is to end: by Ctrl-C, or because the shell ends. */
  readonly signal: AbortSignal;
}

/** What a command was called with. */
export interface CommandCall {
  /** The words after the command's name, without options. */
  readonly args: readonly string[];
  /** Whether `--json` was among them. */
  readonly json: boolean;
  /** The line from the word of an index on, as it was typed. */
  rest(index: number): string;
}

/** What commands work on. */
export interface ShellContext {
  /** The host whose services are shown. */
  readonly host: RemoteServices;
  /** What `exportservice` and `importservice` use where nothing is given. */
  readonly defaults: ShellDefaults;
  /** All commands, for `help`. */
  readonly commands: readonly Command[];
  /** Ends the shell after this command. */
  quit(): void;
}

/** What can be changed by `setdefaults`. */
export interface ShellDefaults {
  /** Configuration type to export with. */
  exportConfig: string;
  /** File of endpoint descriptions. */
  edefFile: string;
}

/** A command of the shell, as data. */
export interface Command {
  /** Its name. */
  readonly name: string;
  /** Other names of it. */
  readonly aliases?: readonly string[];
  /** Its arguments, as in `[interface]`. */
  readonly usage?: string;
  /** What it does, in a line. */
  readonly summary: string;
  /** What a word of its arguments may be, for completion. */
  complete?(context: ShellContext): readonly string[];
  /**
   * Does it.
   *
   * @throws {CommandError} with what to tell who typed it.
   */
  run(call: CommandCall, io: ShellIo, context: ShellContext): void | Promise<void>;
}

/** What a command can't do, in words for who typed it. */
export class CommandError extends Error {
  /** Always `CommandError`. */
  override readonly name = "CommandError";
}

/** An argument that must be there. */
export function required(call: CommandCall, index: number, what: string): string {
  const value = call.args[index];
  if (value === undefined) throw new CommandError(`Missing ${what}`);
  return value;
}
