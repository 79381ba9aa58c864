/** An offset of a text as people find it: line and column from 1. */
export function positionOf(
  text: string,
  offset: number,
): { readonly offset: number; readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { offset, line, column: offset - before.lastIndexOf("\n") };
}
