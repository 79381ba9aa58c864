import type { Logger } from "../../util/mod.ts";
import type { Output } from "./output.ts";

/**
 * Creates a logger that writes to the standard error: warnings and their end always, the rest if
 * verbose.
 */
export function createLogger(output: Output): Logger {
  return {
    debug: (message) => void output.writeStep(message),
    info: (message, fields) => {
      void (fields?.isRecovery === true ? output.writeNote(message) : output.writeStep(message));
    },
    warn: (message) => void output.writeNote(message),
    error: (message) => void output.writeNote(message),
  };
}
