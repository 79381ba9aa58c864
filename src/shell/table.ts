/**
 * Draws a table as Pelix does: centred headers, a double rule beneath them, a rule
 * after each row.
 */
export function drawTable(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = headers.map((header, column) =>
    Math.max(widthOf(header), ...rows.map((row) => widthOf(row[column] ?? "")))
  );
  const rule = (line: string) => `+${widths.map((width) => line.repeat(width + 2)).join("+")}+\n`;
  const draw = (cells: readonly string[], pad: (cell: string, width: number) => string) =>
    `|${
      widths.map((width, column) => ` ${pad(oneLine(cells[column] ?? ""), width)} `).join("|")
    }|\n`;
  return rule("-") + draw(headers, centred) + rule("=") +
    rows.map((row) => draw(row, padded) + rule("-")).join("");
}

/** A value as Pelix shows it: lists in brackets, texts in them in quotes. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(quoted).join(", ")}]`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value instanceof Set) return `{${[...value].map(quoted).join(", ")}}`;
  if (typeof value === "function") return "function";
  if (typeof value === "object" && value !== null) return JSON.stringify(value, jsonValue);
  return String(value);
}

/** What JSON can't hold, in a form that it can; for `JSON.stringify`. */
export function jsonValue(_name: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return value instanceof Uint8Array ? [...value] : value;
}

function quoted(value: unknown): string {
  if (typeof value !== "string") return shown(value);
  return value.includes("'") && !value.includes('"')
    ? `"${value}"`
    : `'${value.replaceAll("'", "\\'")}'`;
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\t]+/g, " ");
}

function widthOf(text: string): number {
  return [...oneLine(text)].length;
}

function padded(text: string, width: number): string {
  return text + " ".repeat(width - [...text].length);
}

function centred(text: string, width: number): string {
  const left = Math.floor((width - [...text].length) / 2);
  return padded(" ".repeat(left) + text, width);
}
