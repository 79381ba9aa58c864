// The terminal of the tutorial's programs, and a logger in the form of Python's logging.

import type { Logger } from "../../mod.ts";
import { Terminal } from "../../src/shell/mod.ts";

/** Terminal of this process. */
export const terminal = new Terminal();

/** Prints a line above what is being typed. */
export const print = terminal.log;

/**
 * Creates a logger that prints `LEVEL:name:message`.
 *
 * @param isVerbose whether records of `debug` and `info` with the field `logger` are printed
 */
export function createLogger(isVerbose: boolean): Logger {
  const record = (level: string, isImportant: boolean): Logger["info"] => (message, fields) => {
    const name = fields?.logger;
    if (isImportant || (isVerbose && name !== undefined)) {
      print(`${level}:${name ?? "framework"}:${message}`);
    }
  };
  return {
    debug: record("DEBUG", false),
    info: record("INFO", false),
    warn: record("WARNING", true),
    error: record("ERROR", true),
  };
}
