/** How long to wait between attempts. */
export interface BackoffOptions {
  /** Bound of the first delay. */
  readonly baseMs: number;
  /** Bound of every delay. */
  readonly capMs: number;
}

/**
 * The delay before a repetition, with full jitter: anything up to the base doubled
 * with each attempt, so that many clients do not return at once.
 *
 * @param attempt failures in a row, from 1
 */
export function backoffMs(
  attempt: number,
  { baseMs, capMs }: BackoffOptions,
  random: () => number = Math.random,
): number {
  return random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt - 1, 30));
}

/** A number of up to `share` more or less, so that many clients fall out of step. */
export function jittered(value: number, share: number, random: () => number = Math.random): number {
  return value * (1 + (random() * 2 - 1) * share);
}
