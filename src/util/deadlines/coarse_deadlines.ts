import { SYSTEM_CLOCK } from "../clock.ts";
import { type Linked, LinkedList } from "../linked_list.ts";
import type { DeadlinesOptions } from "./deadline_list.ts";
import { IdleTimer } from "./idle_timer.ts";

/** Number of rounds of the timer that a deadline lasts at least. */
const ROUNDS = 4;

/** Something that must be done by about a time. */
export interface CoarseDeadline<T> extends Linked<T> {
  /** Round in which it is late; the list sets it. */
  lateRound: number;
  /** Is called when the time has passed. */
  onLate(): void;
}

/**
 * Deadlines of one length that come and go with each request, and may be late by a quarter of their
 * length. A timer counts rounds, so that none of them looks at the clock, which on Deno costs as
 * much as reading a small document (measured 0.15 to 0.3 µs). The items are linked to each other,
 * so that a deadline is no object of its own.
 *
 * @example
 * ```ts
 * class Wait implements CoarseDeadline<Wait> {
 *   lateRound = 0;
 *   previous: Wait | undefined = undefined;
 *   next: Wait | undefined = undefined;
 *   readonly #ended = Promise.withResolvers<string>();
 *   readonly ended = this.#ended.promise;
 *   onLate(): void {
 *     this.#ended.resolve("late");
 *   }
 * }
 *
 * using deadlines = new CoarseDeadlines<Wait>(10);
 * const wait = new Wait();
 * deadlines.add(wait);
 * console.log(await wait.ended); // late
 * ```
 */
export class CoarseDeadlines<T extends CoarseDeadline<T>> implements Disposable {
  readonly #roundMs: number;
  readonly #pending = new LinkedList<T>();
  readonly #timer: IdleTimer;
  #round = 0;

  /**
   * Creates an empty list.
   *
   * @param timeoutMs least length of each deadline; `Infinity` for none
   */
  constructor(
    timeoutMs: number,
    { clock = SYSTEM_CLOCK, keepsTimer = false }: DeadlinesOptions = {},
  ) {
    this.#roundMs = timeoutMs / ROUNDS;
    const isNeeded = () => this.#pending.first !== undefined;
    this.#timer = new IdleTimer({ clock, keepsTimer, isNeeded });
  }

  /** Calls `onLate` of an item when the time has passed, unless it is deleted before. */
  add(item: T): void {
    item.lateRound = this.#round + ROUNDS + 1; // one more, since this round has begun before
    this.#pending.add(item);
    if (!this.#timer.isRunning) this.#start();
  }

  /** Deletes an item: it is not late any more. */
  delete(item: T): void {
    this.#pending.delete(item);
    this.#timer.stopIfIdle();
  }

  /** Deletes all items and stops the timer. May be called more than once. */
  close(): void {
    this.#pending.clear();
    this.#timer.stop();
  }

  /** Same as {@link close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  #start(): void {
    this.#timer.start(this.#roundMs, () => this.#endRound());
  }

  #endRound(): void {
    this.#round++;
    try {
      for (let next = this.#pending.first; next; next = this.#pending.first) {
        if (next.lateRound > this.#round) return;
        this.#pending.delete(next);
        next.onLate();
      }
    } finally {
      this.#timer.stop();
      if (this.#pending.first !== undefined) this.#start();
    }
  }
}
