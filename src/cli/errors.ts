/** Exit codes of the program. */
export const EXIT_CODES = {
  /** The command succeeded. */
  success: 0,
  /** The command failed, or found a failure. */
  failure: 1,
  /** The command line is invalid; nothing was done. */
  wrongUse: 2,
  /** The program was interrupted by SIGINT or SIGTERM before it had its result. */
  interrupted: 130,
} as const;

/** An invalid command line: the program ends with the exit code 2. */
export class UsageError extends Error {
  /** Always `UsageError`. */
  override readonly name = "UsageError";
}

/** A failure with a message for the user: the program ends with the exit code 1. */
export class CliError extends Error {
  /** Always `CliError`. */
  override readonly name = "CliError";
  /** What the user can do about it, if the message does not say. */
  readonly cure: string | undefined;

  /** Creates a failure. */
  constructor(message: string, options: ErrorOptions & { readonly cure?: string } = {}) {
    super(message, options);
    this.cure = options.cure;
  }
}
