import type { ServiceReference } from "../../framework/mod.ts";
import { toOpenJsonText } from "../../util/mod.ts";
import { CommandError, type ShellContext, type ShellIo } from "../command.ts";
import { drawTable, formatValue } from "../table.ts";

/** Writes rows as a table, or as JSON if that is asked for. */
export function writeRows(
  io: ShellIo,
  json: boolean,
  columns: Readonly<Record<string, string>>,
  rows: readonly Readonly<Record<string, unknown>>[],
): void {
  if (json) return writeJson(io, rows);
  const keys = Object.keys(columns);
  const cells = rows.map((row) => keys.map((key) => formatCell(row[key])));
  io.write(drawTable(Object.values(columns), cells));
}

/** Writes a value as JSON. */
export function writeJson(io: ShellIo, value: unknown): void {
  io.write(`${toOpenJsonText(value, 2)}\n`);
}

/** Writes lines. */
export function writeLines(io: ShellIo, lines: readonly string[]): void {
  io.write(lines.map((line) => `${line}\n`).join(""));
}

/** Formats a reference as Pelix does. */
export function formatReference({ id, owner, interfaces }: ServiceReference): string {
  return `ServiceReference(ID=${id}, Bundle=${owner.id}, Specs=${formatValue(interfaces)})`;
}

/** Formats a bundle as Pelix does. */
export function formatBundle({ id, name }: { readonly id: number; readonly name: string }): string {
  return `Bundle(ID=${id}, Name=${name})`;
}

/** Returns the service with an id that was typed. */
export function findService({ host }: ShellContext, id: string): ServiceReference {
  const found = host.framework.registry.getReferences().find((one) => String(one.id) === id);
  if (found === undefined) throw new CommandError(`No service has the ID ${id}: see sl`);
  return found;
}

/** Returns the ids of all services, for completion. */
export function listServiceIds({ host }: ShellContext): readonly string[] {
  return host.framework.registry.getReferences().map(({ id }) => String(id));
}

/** Returns the names of all interfaces, for completion. */
export function listInterfaces({ host }: ShellContext): readonly string[] {
  const references = host.framework.registry.getReferences();
  return [...new Set(references.flatMap(({ interfaces }) => interfaces))];
}

function formatCell(value: unknown): string {
  return value === undefined ? "" : formatValue(value);
}
