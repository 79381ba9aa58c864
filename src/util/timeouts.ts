import { MAX_TIMER_MS } from "./clock.ts";

/**
 * Returns a valid time-out in milliseconds; `Infinity` means none.
 *
 * @throws {RangeError} if it is not positive or beyond {@link MAX_TIMER_MS}
 * @example
 * ```ts
 * console.log(checkTimeout(30_000)); // 30000
 * ```
 */
export function checkTimeout(timeoutMs: number, name = "timeoutMs"): number {
  if (timeoutMs === Infinity || (timeoutMs > 0 && timeoutMs <= MAX_TIMER_MS)) return timeoutMs;
  throw new RangeError(
    `Cannot use ${name} ${timeoutMs}: give Infinity or a positive number up to ${MAX_TIMER_MS}`,
  );
}
