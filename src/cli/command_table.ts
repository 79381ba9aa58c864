import { findNearest, toPrintable } from "../util/mod.ts";
import type { CliCommand } from "./cli_command.ts";
import { UsageError } from "./errors.ts";
import { PROGRAM } from "./help.ts";

/**
 * Returns the command of a name.
 *
 * @throws {UsageError} with the nearest name
 */
export function findCommand(name: string, commands: readonly CliCommand[]): CliCommand {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = commands.filter(({ isHidden }) => !isHidden).map((command) => command.name);
  const nearest = findNearest(name, names);
  const advice = nearest === undefined ? `see ${PROGRAM} --help` : `did you mean ${nearest}?`;
  throw new UsageError(`Cannot run ${toPrintable(name)}: there is no such command; ${advice}`);
}

/** @throws {UsageError} if a command has too few words, or too many */
export function checkWords(command: CliCommand, words: readonly string[]): void {
  const { name, usage = "", minWords = 0, maxWords = 0 } = command;
  const advice = `give ${[PROGRAM, name, usage].join(" ").trimEnd()}`;
  const extra = words[maxWords];
  if (words.length < minWords) {
    throw new UsageError(`Cannot run ${name}: an argument is missing; ${advice}`);
  }
  if (extra === undefined) return;
  throw new UsageError(
    `Cannot run ${name}: ${toPrintable(extra)} is one argument too many; ${advice}`,
  );
}
