import { hideCredentials, toOpenJsonText } from "../util/mod.ts";

/** Draws a table as Pelix does: centred headers, a double rule under them, a rule per row. */
export function drawTable(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = headers.map((header, column) =>
    Math.max(countColumns(header), ...rows.map((row) => countColumns(row[column] ?? "")))
  );
  const drawRule = (line: string) =>
    `+${widths.map((width) => line.repeat(width + 2)).join("+")}+\n`;
  const drawRow = (cells: readonly string[], pad: (cell: string, width: number) => string) => {
    const padded = widths.map((width, column) => pad(joinLines(cells[column] ?? ""), width));
    return `| ${padded.join(" | ")} |\n`;
  };
  return drawRule("-") + drawRow(headers, centre) + drawRule("=") +
    rows.map((row) => drawRow(row, padEnd) + drawRule("-")).join("");
}

/** Formats a value as Pelix does: lists in brackets, strings in them in quotes. */
export function formatValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(quote).join(", ")}]`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value instanceof Set) return `{${[...value].map(quote).join(", ")}}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "?" : value.toISOString();
  if (typeof value === "function") return "function";
  if (typeof value === "object" && value !== null) return toOpenJsonText(value);
  return hideCredentials(String(value));
}

function quote(value: unknown): string {
  if (typeof value !== "string") return formatValue(value);
  const text = hideCredentials(value);
  return text.includes("'") && !text.includes('"')
    ? `"${text}"`
    : `'${text.replaceAll("'", "\\'")}'`;
}

function joinLines(text: string): string {
  return text.replace(/[\r\n\t]+/g, " ");
}

function countColumns(text: string): number {
  return [...joinLines(text)].length;
}

function padEnd(text: string, width: number): string {
  return text + " ".repeat(width - [...text].length);
}

function centre(text: string, width: number): string {
  const left = Math.floor((width - [...text].length) / 2);
  return padEnd(" ".repeat(left) + text, width);
}
