const UNITS = [
  { seconds: 86_400, name: "d" },
  { seconds: 3600, name: "h" },
  { seconds: 60, name: "m" },
  { seconds: 1, name: "s" },
] as const;

/** Formats a time in its two largest units, such as `3h 5m`; `-` if it is unknown. */
export function formatAge(ageMs: number | undefined): string {
  if (ageMs === undefined) return "-";
  if (ageMs < 0) return `in ${formatAge(-ageMs)}`;
  const seconds = Math.floor(ageMs / 1000);
  const first = UNITS.findIndex((unit) => seconds >= unit.seconds);
  const [large, small] = UNITS.slice(first < 0 ? -1 : first);
  if (large === undefined) return "0s";
  const rest = Math.floor(seconds % large.seconds / (small?.seconds ?? 1));
  const tail = small === undefined || rest === 0 ? "" : ` ${rest}${small.name}`;
  return `${Math.floor(seconds / large.seconds)}${large.name}${tail}`;
}
