/** Formats a number of things, such as `1 endpoint` or `2 endpoints`. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
