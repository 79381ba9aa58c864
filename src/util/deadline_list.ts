/** Something that must be done by a time. */
interface Deadline {
  readonly at: number;
  readonly onLate: () => void;
}

/** The longest time that a timer can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Deadlines of one length, also an infinite one, with one timer: under load a timer
 * for each request costs more than reading its document.
 */
export class Deadlines {
  readonly #timeoutMs: number;
  /** In the order in which they end. */
  readonly #waiting = new Set<Deadline>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Calls a function when the time has passed, unless it is deleted before. */
  add(onLate: () => void): Deadline {
    const deadline = { at: performance.now() + this.#timeoutMs, onLate };
    this.#waiting.add(deadline);
    if (this.#timer === undefined) this.#wait(this.#timeoutMs);
    return deadline;
  }

  /** Takes a deadline back; without any there is no timer. */
  delete(deadline: Deadline): void {
    this.#waiting.delete(deadline);
    if (this.#waiting.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(ms: number): void {
    if (ms === Infinity) return;
    this.#timer = setTimeout(() => this.#tick(), Math.min(ms, MAX_TIMER_MS));
  }

  #tick(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const deadline of this.#waiting) {
      if (deadline.at > now) {
        // Who was late may have added another, and so a timer.
        if (this.#timer === undefined) this.#wait(Math.ceil(deadline.at - now));
        return;
      }
      this.#waiting.delete(deadline);
      deadline.onLate();
    }
  }
}
