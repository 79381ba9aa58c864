import type { Logger } from "../util/mod.ts";
import type { Output } from "./output.ts";

/** Creates a logger that writes to the standard error: warnings always, the rest if verbose. */
export function createLogger(output: Output): Logger {
  return {
    debug: (message) => void output.writeStep(message),
    info: (message) => void output.writeStep(message),
    warn: (message) => void output.writeNote(message),
    error: (message) => void output.writeNote(message),
  };
}
