import type { LogFields, Logger } from "../../util/mod.ts";
import { createLogger, type Output } from "../output/mod.ts";
import type { Connection } from "./connection.ts";
import { findCodeCure } from "./etcd_cures.ts";
import { describeRight } from "./registry_rights.ts";

/** Settings of {@link createConnectionLogger}. */
export interface ConnectionLoggerOptions extends Pick<Connection, "etcd" | "topKey"> {
  /** Whether the command only reads the registry. @default true */
  readonly isObserver?: boolean;
}

/**
 * Creates the logger of a command that stays connected: one that waits for etcd does not fail, so
 * that the cure of what it waits for is written with the warning.
 */
export function createConnectionLogger(
  output: Output,
  options: ConnectionLoggerOptions,
): Logger {
  const logger = createLogger(output);
  return {
    ...logger,
    warn(message, fields = {}) {
      logger.warn(message, fields);
      for (const line of listCures(fields, options)) void output.writeNote(line);
    },
  };
}

function listCures(
  { code, reason }: LogFields,
  { etcd, topKey, isObserver = true }: ConnectionLoggerOptions,
): readonly string[] {
  if (code === "permission-denied") {
    const { action, grant } = describeRight(topKey, isObserver ? "read" : "readwrite");
    return [`This client may not ${action}`, `cure: ${grant}`];
  }
  if (code === "unauthenticated" && etcd.auth !== undefined) return []; // a token that expired
  const cure = typeof code === "string" ? findCodeCure(code, `${reason}`) : undefined;
  return cure === undefined ? [] : [`cure: ${cure}`];
}
