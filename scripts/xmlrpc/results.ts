/** Measured operation beside its peers. */
export interface Result {
  readonly what: string;
  readonly sample: string;
  /** Seconds of one operation, by peer; `ours` is one of them. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Time of each peer divided by ours, median over the rounds. */
  readonly ratios: Readonly<Record<string, number>>;
}

/** Returns the value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/**
 * Compares peers round by round, so that a slow moment of the machine affects all of them.
 *
 * @param rounds for each round, the seconds of each peer
 */
export function compare(
  what: string,
  sample: string,
  rounds: readonly ReadonlyMap<string, number>[],
): Result {
  const names = [...rounds[0]?.keys() ?? []];
  const of = (name: string) => rounds.map((round) => round.get(name) ?? NaN);
  const ratio = (name: string) =>
    median(rounds.map((round) => (round.get(name) ?? NaN) / (round.get("ours") ?? NaN)));
  return {
    what,
    sample,
    seconds: Object.fromEntries(names.map((name) => [name, median(of(name))])),
    ratios: Object.fromEntries(names.map((name) => [name, ratio(name)])),
  };
}

/** Formats a time with a unit. */
export function formatTime(seconds: number): string {
  if (seconds < 1e-3) return `${(seconds * 1e6).toPrecision(3)} us`;
  return seconds < 1 ? `${(seconds * 1e3).toPrecision(3)} ms` : `${seconds.toPrecision(3)} s`;
}

/** Formats a line for each peer: its time, and the ratio to ours. */
export function formatTable({ what, sample, seconds, ratios }: Result): string {
  const lines = Object.entries(seconds).map(([name, value]) =>
    `  ${name.padEnd(22)}${formatTime(value).padStart(10)}${
      `${(ratios[name] ?? NaN).toFixed(2)} x`.padStart(12)
    }`
  );
  return [`${what}, ${sample}`, ...lines].join("\n");
}
