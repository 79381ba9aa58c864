/** Something that must be done by a time. */
interface Deadline {
  readonly at: number;
  readonly onLate: () => void;
}

/**
 * Deadlines of one length with one timer: under load a timer for each request costs
 * more than reading its document.
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
    this.#timer ??= setTimeout(() => this.#tick(), this.#timeoutMs);
    return deadline;
  }

  /** Takes a deadline back; without any there is no timer. */
  delete(deadline: Deadline): void {
    this.#waiting.delete(deadline);
    if (this.#waiting.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const deadline of this.#waiting) {
      if (deadline.at > now) {
        this.#timer = setTimeout(() => this.#tick(), Math.ceil(deadline.at - now));
        return;
      }
      this.#waiting.delete(deadline);
      deadline.onLate();
    }
  }
}
