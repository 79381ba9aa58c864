/**
 * Parses a property that may be one name, several names with white space or commas between
 * them, or a list or set of names (OSGi's `String+`). Names are trimmed; items that are blank or
 * not strings are skipped.
 *
 * @example
 * ```ts
 * import { parseNames } from "./mod.ts";
 *
 * parseNames("osgi.basic, osgi.async"); // ["osgi.basic", "osgi.async"]
 * ```
 */
export function parseNames(value: unknown): readonly string[] {
  if (typeof value === "string") return splitNames(value);
  const isList = Array.isArray(value) || value instanceof Set;
  if (!isList) return [];
  const items: readonly unknown[] = [...value];
  return items.filter((item) => typeof item === "string")
    .map((item) => item.trim())
    .filter((name) => name !== "");
}

function splitNames(text: string): string[] {
  return text.split(/[\s,]+/).filter((name) => name !== "");
}
