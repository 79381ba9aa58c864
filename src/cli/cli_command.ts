import type { Arguments } from "./arguments.ts";
import type { CliOption } from "./cli_option.ts";
import type { Output, ProgramIo } from "./output/mod.ts";

/** Parts of the program that a command works with. */
export interface CliContext {
  /** Options and words of the command line. */
  readonly args: Arguments;
  /** Results and messages. */
  readonly output: Output;
  /** Environment, files and the terminal. */
  readonly io: ProgramIo;
  /** Aborted by SIGINT or SIGTERM, or when the reader of the output has gone. */
  readonly signal: AbortSignal;
}

/** Word of a command line that is to be completed. */
export interface CompletionRequest {
  /** Words before it, without options and without the name of the command. */
  readonly words: readonly string[];
  /** Options before it, to connect with. */
  readonly context: CliContext;
}

/**
 * A subcommand. To add one, write a file in `commands/` that exports it, and add it to the
 * list in `commands/mod.ts`; help, completion, `--json` and exit codes follow from it.
 */
export interface CliCommand {
  /** Name. */
  readonly name: string;
  /** Words after the name, as in `INTERFACE METHOD [ARGUMENTS]`. @default none */
  readonly usage?: string;
  /** Most words after the name. @default 0 */
  readonly maxWords?: number;
  /** Fewest words after the name. @default 0 */
  readonly minWords?: number;
  /** Purpose, in a line. */
  readonly summary: string;
  /** Details, in lines of at most 78 characters. @default none */
  readonly details?: readonly string[];
  /** Options besides `--json`, `--verbose` and `--help`. @default none */
  readonly options?: readonly CliOption[];
  /** Arguments of examples, as in `endpoints --json`. @default none */
  readonly examples?: readonly string[];
  /** Whether the help and the completion omit it. @default false */
  readonly isHidden?: boolean;
  /** Returns the completions of the next word. @default none */
  complete?(request: CompletionRequest): readonly string[] | Promise<readonly string[]>;
  /**
   * Runs the command.
   *
   * @returns whether it succeeded; nothing means that it did
   * @throws {UsageError} if the arguments make no sense
   * @throws {CliError} with a message for the user; other errors are reported as well
   */
  run(context: CliContext): Promise<boolean | void>;
}
