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
  const isPositive = typeof timeoutMs === "number" && timeoutMs > 0;
  if (isPositive && (timeoutMs === Infinity || timeoutMs <= MAX_TIMER_MS)) return timeoutMs;
  const given = typeof timeoutMs === "string" ? JSON.stringify(timeoutMs) : String(timeoutMs);
  throw new RangeError(
    `Cannot use ${name} ${given}: give Infinity or a positive number up to ${MAX_TIMER_MS}`,
  );
}
