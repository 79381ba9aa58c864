/** An option of the command line, such as `--etcd HOST:PORT`. */
export interface CliOption {
  /** Name, without dashes. */
  readonly name: string;
  /** Name of its value in the help, such as `FILE`; without it the option is a flag. */
  readonly value?: string;
  /** Purpose, in a few words. */
  readonly summary: string;
  /** Heading that the help shows it under. @default "Options" */
  readonly group?: string;
  /** Whether it may be given more than once. @default false */
  readonly isRepeatable?: boolean;
  /** Single letter for `-v`. @default none */
  readonly short?: string;
  /** Another name, which the help does not show. @default none */
  readonly alias?: string;
  /** Values for completion: files, or the listed words. @default none */
  readonly complete?: "file" | readonly string[];
}

/** Options that every command has. */
export const COMMON_OPTIONS: readonly CliOption[] = [
  { name: "json", summary: "results as JSON; a stream has one value a line" },
  { name: "verbose", short: "v", summary: "steps and causes of failures on stderr" },
  { name: "help", short: "h", summary: "this help" },
];
