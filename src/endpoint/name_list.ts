/**
 * Returns the names of a property that may be one name, several with spaces or commas
 * between them, or a list (OSGi's `String+`).
 */
export function parseNames(value: unknown): readonly string[] {
  if (value === undefined || value === null || value instanceof Uint8Array) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : String(value).split(/[\s,]+/);
  return list.map(String).filter((name) => name !== "");
}
