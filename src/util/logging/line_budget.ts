import type { Clock } from "../clock.ts";

/** Time for which lines are counted. */
const WINDOW_MS = 60_000;

/**
 * Limits the lines of a log that another process can cause, each a different one.
 *
 * @example
 * ```ts
 * import { SYSTEM_CLOCK } from "../clock.ts";
 *
 * const budget = new LineBudget(SYSTEM_CLOCK, 1);
 * console.log(budget.take()); // 0
 * console.log(budget.take()); // undefined
 * ```
 */
export class LineBudget {
  readonly #clock: Clock;
  readonly #maxLines: number;
  #sinceMs = -Infinity;
  #lines = 0;
  #leftOut = 0;

  /** Creates a budget of a number of lines a minute. */
  constructor(clock: Clock, maxLines: number) {
    this.#clock = clock;
    this.#maxLines = maxLines;
  }

  /**
   * Asks for a line. Returns the number of lines that were left out since the last one, or
   * `undefined` if this one is to be left out.
   */
  take(): number | undefined {
    const nowMs = this.#clock.now();
    if (nowMs - this.#sinceMs >= WINDOW_MS) {
      this.#sinceMs = nowMs;
      this.#lines = 0;
    }
    if (this.#lines >= this.#maxLines) return void this.#leftOut++;
    this.#lines++;
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    return leftOut;
  }
}
