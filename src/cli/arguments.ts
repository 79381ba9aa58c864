import { parseArgs, type ParseArgsConfig } from "node:util";
import { findNearest, toPrintable } from "../util/mod.ts";
import type { CliOption } from "./cli_option.ts";
import { UsageError } from "./errors.ts";

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** Options and words of a command line after validation. */
export class Arguments {
  /** Words after the name of the command. */
  readonly words: readonly string[];
  readonly #options: ReadonlyMap<string, CliOption>;
  readonly #values: Values;

  /** Holds the values of options. */
  constructor(options: readonly CliOption[], words: readonly string[], values: Values = {}) {
    this.#options = new Map(options.map((option) => [option.name, option]));
    this.words = words;
    this.#values = values;
  }

  /** Whether a flag, or an option with a value, is given. */
  has(name: string): boolean {
    return this.getAll(name).length > 0 || this.#read(name).includes(true);
  }

  /** Returns the value of an option; the last one if it is given more than once. */
  get(name: string): string | undefined {
    return this.getAll(name).at(-1);
  }

  /** Returns every value of an option. */
  getAll(name: string): readonly string[] {
    return this.#read(name).filter((value) => typeof value === "string");
  }

  /** Returns the value of an option that is a time, in milliseconds. */
  getMs(name: string): number | undefined {
    const text = this.get(name);
    return text === undefined ? undefined : parseDuration(text, `--${name}`);
  }

  /** Returns the value of an option that is a whole number of at least 1. */
  getCount(name: string): number | undefined {
    const text = this.get(name);
    if (text === undefined) return undefined;
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
    throw new UsageError(`Cannot use --${name} ${toPrintable(text)}: give a whole number from 1`);
  }

  #read(name: string): readonly (string | boolean)[] {
    const option = this.#options.get(name);
    if (option === undefined) throw new Error(`The command has no option --${name}`);
    const names = option.alias === undefined ? [name] : [option.alias, name];
    return names.flatMap((one) => this.#values[one] ?? []);
  }
}

/**
 * Returns the index of the name of the command among arguments: the first that is neither an
 * option nor the value of one.
 *
 * @param options all options of all commands
 */
export function findCommandIndex(args: readonly string[], options: readonly CliOption[]): number {
  const { tokens } = parseArgs({
    args: [...args],
    options: toConfig(options),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  return tokens.find(({ kind }) => kind === "positional")?.index ?? -1;
}

/**
 * Parses the arguments of a command.
 *
 * @throws {UsageError} if an option is unknown, lacks its value, or is repeated
 */
export function parseArguments(args: readonly string[], options: readonly CliOption[]): Arguments {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: toConfig(options),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const byName = new Map(options.flatMap((option) => listNames(option).map((n) => [n, option])));
  const seen = new Set<CliOption>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const option = byName.get(token.name);
    if (option === undefined) throw createUnknownError(token.rawName, [...byName.keys()]);
    checkValue(option, token.rawName, token.value);
    if (!token.inlineValue && /^-./.test(token.value ?? "")) {
      throw new UsageError(
        `Cannot use ${token.value} as the value of ${token.rawName}: write ` +
          `${token.rawName}=${token.value} if it is meant`,
      );
    }
    if (option.value !== undefined && !option.isRepeatable && seen.has(option)) {
      throw new UsageError(`Cannot use ${token.rawName} twice: give it once`);
    }
    seen.add(option);
  }
  return new Arguments(options, positionals, values);
}

/**
 * Parses a time, such as `5`, `5s`, `500ms` or `1m30s`; a bare number is in seconds.
 *
 * @throws {UsageError} if it is not a time
 */
export function parseDuration(text: string, label: string): number {
  const unitMs = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
  const isValid = /^(?:\d+(?:\.\d+)?|(?:\d+(?:\.\d+)?(?:ms|h|m|s))+)$/.test(text);
  const parts = [...text.matchAll(/([\d.]+)(ms|h|m|s)?/g)];
  const ms = parts.reduce((sum, [, number = "", unit = "s"]) => {
    return sum +
      Number(number) * (Object.entries(unitMs).find(([name]) => name === unit)?.[1] ?? 1);
  }, 0);
  if (isValid && ms >= 1 && ms <= 86_400_000) return ms;
  throw new UsageError(
    `Cannot use ${label} ${toPrintable(text)}: give seconds up to 86400, or a time such as 500ms`,
  );
}

function checkValue({ value }: CliOption, rawName: string, given: string | undefined): void {
  if (value === undefined && given !== undefined) {
    throw new UsageError(`Cannot give ${rawName} a value: it is a flag`);
  }
  if (value !== undefined && (given === undefined || given === "")) {
    throw new UsageError(`Cannot use ${rawName}: its value is missing; give ${rawName} ${value}`);
  }
}

function createUnknownError(rawName: string, known: readonly string[]): UsageError {
  const nearest = findNearest(rawName.replace(/^-+/, ""), known);
  const advice = nearest === undefined ? "see --help" : `did you mean --${nearest}?`;
  return new UsageError(
    `Cannot use the option ${toPrintable(rawName)}: there is no such option; ${advice}`,
  );
}

function listNames({ name, alias }: CliOption): string[] {
  return alias === undefined ? [name] : [name, alias];
}

function toConfig(options: readonly CliOption[]): NonNullable<ParseArgsConfig["options"]> {
  const entries = options.flatMap((option) =>
    listNames(option).map((name) => [name, {
      type: option.value === undefined ? "boolean" as const : "string" as const,
      multiple: true,
      ...(option.short === undefined || name !== option.name ? {} : { short: option.short }),
    }])
  );
  return Object.fromEntries(entries);
}
