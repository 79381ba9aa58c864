import { type CliOption, COMMON_OPTIONS } from "./cli_option.ts";
import type { CliCommand } from "./cli_command.ts";

/** Name of the program in messages. */
export const PROGRAM = "remote-services";

/** Formats the help of the program. */
export function formatProgramHelp(commands: readonly CliCommand[]): string {
  const rows = commands.filter(({ isHidden }) => !isHidden)
    .map(({ name, summary }): Row => [name, summary]);
  return [
    "Inspects and debugs the remote services in an etcd.",
    "",
    `Usage: ${PROGRAM} COMMAND [arguments] [options]`,
    "",
    "Commands:",
    ...formatRows(rows),
    "",
    "Options:",
    ...formatRows([...COMMON_OPTIONS.map(toRow), ["--version", "version of the program"]]),
    "",
    `"${PROGRAM} COMMAND --help" explains a command and its options.`,
    "Exit codes: 0 success, 1 failure, 2 wrong use, 130 interrupted.",
    "",
  ].join("\n");
}

/** Formats the help of a command. */
export function formatCommandHelp(command: CliCommand): string {
  const { name, usage = "", summary, details = [], examples = [] } = command;
  const options = listOptions(command);
  const groups = [...new Set(options.map(toGroup))].flatMap((group) => {
    const rows = options.filter((option) => toGroup(option) === group).map(toRow);
    return ["", `${group}:`, ...formatRows(rows)];
  });
  return [
    summary,
    "",
    `Usage: ${[PROGRAM, name, usage, "[options]"].filter((word) => word !== "").join(" ")}`,
    ...details.length === 0 ? [] : ["", ...details],
    ...groups,
    ...examples.length === 0 ? [] : ["", "Examples:"],
    ...examples.map((example) => `  ${PROGRAM} ${example}`),
    "",
  ].join("\n");
}

/** Returns the help of a command as an object, for JSON. */
export function toCommandFacts(command: CliCommand): Readonly<Record<string, unknown>> {
  const { name, usage = "", summary, details = [], examples = [] } = command;
  const options = listOptions(command).map(({ name, value, short, summary }) => ({
    name,
    value,
    short,
    summary,
  }));
  return { name, usage, summary, details: details.join("\n"), options, examples };
}

/** Returns all options of a command. */
export function listOptions({ options = [] }: CliCommand): readonly CliOption[] {
  return [...options, ...COMMON_OPTIONS];
}

type Row = readonly [name: string, text: string];

function toGroup(option: CliOption): string {
  return COMMON_OPTIONS.includes(option) ? "Common" : option.group ?? "Options";
}

function toRow({ name, value, short, summary }: CliOption): Row {
  const letter = short === undefined ? "" : `-${short}, `;
  return [`${letter}--${name}${value === undefined ? "" : ` ${value}`}`, summary];
}

function formatRows(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
}
