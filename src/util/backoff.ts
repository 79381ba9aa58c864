import { SYSTEM_CLOCK } from "./clock.ts";

/** Bounds of the delays between attempts. */
export interface BackoffOptions {
  /** Upper bound of the first delay, in milliseconds. */
  readonly baseMs: number;
  /** Upper bound of every delay, in milliseconds. */
  readonly capMs: number;
}

/**
 * Returns the delay before the next attempt in milliseconds, with full jitter: a random part
 * of a bound that doubles with each attempt, so that many clients do not return at once.
 *
 * @param attempt number of failures in a row, from 1
 * @param random source of numbers from 0 to 1; `() => 1` for no jitter
 * @example
 * ```ts
 * const bounds = { baseMs: 250, capMs: 10_000 };
 * console.log([1, 2, 3].map((attempt) => backoffMs(attempt, bounds, () => 1)).join(" ")); // 250 500 1000
 * ```
 */
export function backoffMs(
  attempt: number,
  { baseMs, capMs }: BackoffOptions,
  random: () => number = SYSTEM_CLOCK.random,
): number {
  return random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt - 1, 30));
}

/**
 * Returns a value changed at random by up to `share` of it, so that many clients that start
 * together fall out of step.
 *
 * @param share largest change, such as 0.2 for a fifth
 * @example
 * ```ts
 * const delayMs = jittered(1000, 0.2);
 * console.log(delayMs >= 800 && delayMs <= 1200); // true
 * ```
 */
export function jittered(
  value: number,
  share: number,
  random: () => number = SYSTEM_CLOCK.random,
): number {
  return value * (1 + (random() * 2 - 1) * share);
}
