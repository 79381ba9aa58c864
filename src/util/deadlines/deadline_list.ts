import { type Clock, MAX_TIMER_MS, SYSTEM_CLOCK } from "../clock.ts";
import { type Linked, LinkedList } from "../linked_list.ts";
import { IdleTimer } from "./idle_timer.ts";

/** Something that must be done by a time. */
export interface Deadline extends Linked<Deadline> {
  /** Time on the list's clock. */
  readonly atMs: number;
  /** Is called when the time has passed. */
  readonly onLate: () => void;
}

/** Settings of {@link Deadlines}. */
export interface DeadlinesOptions {
  /** Clock to wait by. @default the clock of the machine */
  readonly clock?: Clock;
  /**
   * Whether the timer goes on after the last deadline was deleted. It never keeps the process
   * alive, but its owner has to close the list.
   * @default false
   */
  readonly keepsTimer?: boolean;
}

/**
 * Deadlines of one length with one timer for all. Under load a timer for each request costs
 * more than reading its document.
 *
 * @example
 * ```ts
 * const { promise, resolve } = Promise.withResolvers<string>();
 * using deadlines = new Deadlines(10);
 * deadlines.add(() => resolve("late"));
 * deadlines.delete(deadlines.add(() => resolve("not called")));
 * console.log(await promise); // late
 * ```
 */
export class Deadlines implements Disposable {
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  /** Pending deadlines, in the order in which they end. */
  readonly #pending = new LinkedList<Deadline>();
  readonly #timer: IdleTimer;

  /**
   * Creates an empty list.
   *
   * @param timeoutMs length of each deadline; `Infinity` for none
   */
  constructor(
    timeoutMs: number,
    { clock = SYSTEM_CLOCK, keepsTimer = false }: DeadlinesOptions = {},
  ) {
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
    const isNeeded = () => this.#pending.first !== undefined;
    this.#timer = new IdleTimer({ clock, keepsTimer, isNeeded });
  }

  /**
   * Calls a function when the time has passed, unless the deadline is deleted before.
   *
   * @param nowMs time on the clock of the list, for callers that know it
   */
  add(onLate: () => void, nowMs: number = this.#clock.now()): Deadline {
    const atMs = nowMs + this.#timeoutMs;
    const deadline: Deadline = { atMs, onLate, previous: undefined, next: undefined };
    this.#pending.add(deadline);
    if (!this.#timer.isRunning) this.#start(this.#timeoutMs);
    return deadline;
  }

  /** Deletes a deadline: its function is not called any more. */
  delete(deadline: Deadline): void {
    this.#pending.delete(deadline);
    this.#timer.stopIfIdle();
  }

  /** Deletes all deadlines and stops the timer. May be called more than once. */
  close(): void {
    this.#pending.clear();
    this.#timer.stop();
  }

  /** Same as {@link close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  #start(delayMs: number): void {
    // After a longer wait than a timer can make, the tick starts another one.
    const stepMs = delayMs === Infinity ? delayMs : Math.min(delayMs, MAX_TIMER_MS);
    this.#timer.start(stepMs, () => this.#tick());
  }

  #tick(): void {
    const now = this.#clock.now();
    try {
      for (let next = this.#pending.first; next; next = this.#pending.first) {
        if (next.atMs > now) return;
        this.#pending.delete(next);
        next.onLate();
      }
    } finally {
      this.#timer.stop();
      const next = this.#pending.first;
      if (next !== undefined) this.#start(Math.ceil(next.atMs - now));
    }
  }
}
