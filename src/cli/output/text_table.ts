import { hideCredentials, toPrintable } from "../../util/mod.ts";

/** Content of a cell, alone or with a function that adds a style to it. */
export type Cell = string | { readonly text: string; readonly paint: (text: string) => string };

/** Draws rows under headers, in columns that are two spaces apart. */
export function drawColumns(headers: readonly Cell[], rows: readonly (readonly Cell[])[]) {
  const lines = [headers, ...rows].map((row) => row.map(toPart));
  const widths = headers.map((_, column) =>
    lines.reduce((most, line) => Math.max(most, line[column]?.width ?? 0), 0)
  );
  return lines.map((line) =>
    line.map(({ text, width, paint }, column) => {
      const isLast = column === line.length - 1;
      return paint(text) + (isLast ? "" : " ".repeat((widths[column] ?? 0) - width));
    }).join("  ").trimEnd() + "\n"
  ).join("");
}

/**
 * Returns a received string in a form that is safe on a terminal: control and bidirectional
 * characters are escaped, and URLs lose their user names and passwords.
 */
export function toSafeText(text: string): string {
  return toPrintable(hideCredentials(text), Infinity);
}

function toPart(cell: Cell) {
  const { text, paint } = typeof cell === "string" ? { text: cell, paint: String } : cell;
  const safe = toSafeText(text);
  return { text: safe, width: [...safe].length, paint };
}
